// Which options of the semantics can change anything in a network: the others need no mention in its report.

import { SEMANTICS, type SemanticsName } from '../chip/semantics.ts';
import { parseRule } from '../microcode/parse.ts';
import type { Network, TraceParameters } from '../network/network.ts';
import { delayOf } from './incoming.ts';

/** Parts that options are about. */
interface Parts {
  readonly compartments: boolean;
  readonly biases: boolean;
  readonly noise: boolean;
  readonly joins: boolean;
  readonly weights: boolean;
  readonly delays: boolean;
  readonly learning: boolean;
  readonly learnedDelays: boolean;
  readonly traces: boolean;
  readonly decimation: boolean;
  readonly reward: boolean;
  readonly pauses: boolean;
}

type Part = keyof Parts;

/** What an option needs to matter. */
const NEEDS: Readonly<Record<SemanticsName, Part>> = {
  currentDecay: 'compartments',
  currentDecayTime: 'compartments',
  currentOverflow: 'compartments',
  inputOverflow: 'compartments',
  biasOverflow: 'biases',
  voltageLimits: 'compartments',
  refractory: 'compartments',
  inputScale: 'compartments',
  weightRounding: 'weights',
  weightRange: 'weights',
  weightWidths: 'weights',
  inhibitoryMinimum: 'weights',
  exponentPlace: 'weights',
  exponentRounding: 'weights',
  delays: 'delays',
  weightRead: 'learning',
  traceDecay: 'traces',
  traceImpulse: 'traces',
  ruleSpikes: 'learning',
  epochCount: 'decimation',
  ruleCoefficient: 'learning',
  ruleDownscale: 'learning',
  ruleSaturation: 'learning',
  ruleLimit: 'learning',
  ruleUnit: 'learning',
  ruleRange: 'learning',
  ruleRounding: 'learning',
  impulseFraction: 'traces',
  spikeTest: 'compartments',
  secondSpike: 'traces',
  secondSpikeFraction: 'traces',
  learnedDelay: 'learnedDelays',
  random: 'learning',
  randomShare: 'learning',
  randomTime: 'learning',
  noiseExponent: 'noise',
  noiseRange: 'noise',
  activityPhase: 'compartments',
  pausedTraces: 'pauses',
  rewardTime: 'reward',
  joinPush: 'joins',
};

function partsOf(network: Network): Parts {
  const { populations, projections, coreClasses, presentations } = network;
  const plastic = projections.filter(({ rule }) => rule !== undefined);
  const sums = network.rules
    .filter(({ name }) => plastic.some(({ rule }) => rule === name))
    .flatMap(({ name, lines }) => lines.map((line) => parseRule(`rule "${name}"`, line, 'any')));
  const native = populations.filter(({ program }) => program === undefined);
  const learning = plastic.length > 0;
  const switchesOff = presentations.some(({ entries }) =>
    entries.some((entry) => entry.kind === 'learning' && !entry.on),
  );
  return {
    compartments: native.length > 0,
    biases: native.some(({ compartment }) => compartment?.bias !== undefined),
    noise: native.some(({ compartment }) => compartment?.noise === true),
    joins: populations.some(({ join }) => join !== undefined),
    weights: projections.length > 0,
    delays: projections.some((projection) => delayOf(projection) > 0),
    learning,
    learnedDelays: sums.some(({ target }) => target === 'd'),
    traces: learning && usedTraces(network).length > 0,
    decimation: sums.some(({ products }) => products.some(({ gate }) => gate.kind === 'u' && gate.k > 0)),
    reward: learning && coreClasses.some(({ reward }) => reward !== undefined),
    pauses: learning && (switchesOff || coreClasses.some((each) => each.learning === false)),
  };
}

/** Parameters of all traces of synapses that learn. */
export function usedTraces({ projections, populations, coreClasses }: Network): TraceParameters[] {
  const plastic = projections.filter(({ rule }) => rule !== undefined);
  const post = populations.filter(({ name }) => plastic.some(({ to }) => to === name));
  return [
    ...plastic.flatMap(({ preTraces, own }) => [
      ...Object.values(preTraces ?? {}),
      ...Object.values(own?.postTraces ?? {}),
    ]),
    ...post.flatMap(({ postTraces }) => Object.values(postTraces ?? {})),
    ...coreClasses.flatMap(({ reward }) => (reward === undefined ? [] : [reward])),
  ];
}

/** Options that can change something in the network. */
export function usedOptions(network: Network): ReadonlySet<SemanticsName> {
  const parts = partsOf(network);
  const names = Object.keys(SEMANTICS) as SemanticsName[];
  return new Set(names.filter((name) => parts[NEEDS[name]]));
}
