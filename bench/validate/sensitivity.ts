// What each timing parameter is worth: doubled alone, how much longer a step takes. The image stays the same but for
// its times, so spikes and weights do too.

import { type LoadedChip, loadChip } from '../../host/chip/load.ts';
import { compile } from '../../host/compile/compile.ts';
import type { Dataset } from '../../host/data/dataset.ts';
import type { CycleTimingImage, TimingImage } from '../../host/image/image.ts';
import { Machine } from '../../host/machine/machine.ts';
import type { TimingMode } from '../../host/machine/timing-mode.ts';
import { measure, totalTimeS } from '../../host/measure/measure.ts';
import { findRecipe } from '../../host/recipes/registry.ts';
import { Pupil } from '../pupil.ts';
import { NBP_EMBEDDED_STEP_S, type NbpNetworks } from './nbp.ts';

/** Times of an image, and where a chip file says them. */
const PARAMETERS = {
  compartmentAccess: 'timing.compartmentAccess',
  compartmentUpdate: 'timing.compartmentUpdate',
  spikeOut: 'timing.spikeOut',
  axonOut: 'timing.axonOut',
  axonIn: 'timing.axonIn',
  hopEastWest: 'timing.hopEastWest',
  hopNorthSouth: 'timing.hopNorthSouth',
  linkBuffer: 'timing.linkBuffer',
  synapticOpDense: 'timing.synapticOpDense',
  synapticOpSparse: 'timing.synapticOpSparse',
  learningVisit: 'timing.learningVisit',
  managementWrite: 'timing.managementWrite',
  barrier: 'timing.barrier.29',
  embeddedStep: 'timing.embeddedStep',
} as const satisfies Partial<Record<keyof TimingImage, string>>;
type Parameter = keyof typeof PARAMETERS;

export interface SensitivityRow {
  readonly parameter: string;
  /** Published, fitted, assumed … as the chip file says it. */
  readonly status: string;
  readonly isAssumed: boolean;
  /** Change of the mean step time, as a fraction, by workload. */
  readonly change: Readonly<Record<string, number>>;
}

/** Mean step time of a workload with some times. */
export type StepTime = (timing: TimingImage) => number;

export interface Workload {
  readonly name: string;
  readonly timing: TimingImage;
  readonly stepS: StepTime;
  /** The same in mode `cycle`, over fewer samples. */
  readonly cycleStepS?: StepTime;
}

const NBP_SAMPLES = 20;
const BIOGRAD_SAMPLES = 50;
const CYCLE_SAMPLES = 1;

/** nBP on the chip, with the constant of its embedded processors. */
export function nbpWorkloads(networks: NbpNetworks): Workload[] {
  const withProcessors = (timing: TimingImage): TimingImage => ({
    ...timing,
    embeddedStep: Math.round(NBP_EMBEDDED_STEP_S / timing.quantumS),
  });
  return [
    {
      name: 'nBP training',
      timing: withProcessors(networks.training.timing),
      stepS: (timing) => networks.train(NBP_SAMPLES, timing).stepS.whole,
      cycleStepS: (timing) => networks.train(CYCLE_SAMPLES, timing, 'cycle').stepS.whole,
    },
    {
      name: 'nBP inference',
      timing: withProcessors(networks.inference.timing),
      stepS: (timing) => networks.infer(NBP_SAMPLES, timing).stepS.whole,
    },
  ];
}

/** BioGrad training, the chip alone. */
export function biogradWorkload(data: Dataset): Workload {
  const recipe = findRecipe('biograd');
  const { height, width, count } = data.train;
  const task = { height, width, classes: data.classes.length, seed: 1, trainingPresentations: count };
  const lesson = recipe.create(recipe.resolve(data.name, {}), task);
  const { image } = compile(lesson.network, loadChip('loihi1').chip);
  const stepTime = (timing: TimingImage, mode: TimingMode, samples: number): number => {
    const machine = new Machine({ ...image, timing }, { timing: mode });
    const pupil = new Pupil(lesson, data, image, (presentation, events) =>
      machine.present(presentation, events),
    );
    pupil.learn(samples);
    return totalTimeS(measure(machine)) / machine.steps;
  };
  return {
    name: `BioGrad training, ${data.name}`,
    timing: image.timing,
    stepS: (timing) => stepTime(timing, 'analytic', BIOGRAD_SAMPLES),
    cycleStepS: (timing) => stepTime(timing, 'cycle', CYCLE_SAMPLES),
  };
}

function statusOf({ provenance }: LoadedChip, path: string): { status: string; isAssumed: boolean } {
  const { class: kind, source } = provenance.get(path) ?? {};
  const tag = /^\[(\w+)\]/.exec(source ?? '')?.[1];
  const status = kind ?? (tag === 'E' ? 'public emulator' : (tag ?? 'unknown'));
  return { status, isAssumed: kind === 'guess' || tag === 'A' };
}

/** Doubles one parameter after the other. */
export function sensitivity(workloads: readonly Workload[]): SensitivityRow[] {
  const loaded = loadChip('loihi1');
  const bases = workloads.map(({ timing, stepS }) => stepS(timing));
  return (Object.keys(PARAMETERS) as Parameter[]).map((parameter) => ({
    parameter,
    ...statusOf(loaded, PARAMETERS[parameter]),
    change: Object.fromEntries(
      workloads.map(({ name, timing, stepS }, i) => [
        name,
        stepS({ ...timing, [parameter]: 2 * timing[parameter] }) / bases[i]! - 1,
      ]),
    ),
  }));
}

/** What only mode `cycle` knows and what is not a count of units; nearly all of it is assumed. */
const CYCLE_PARAMETERS = [
  'outputAxonInterval',
  'outputAxonQueue',
  'interfaceQueue',
  'inputAxonInterval',
  'inputAxonQueue',
  'synapseQueue',
  'synapseWord',
  'dendriteQueue',
  'learningWord',
  'injection',
  'flitPeriod',
  'bufferFlits',
  'barrierLocal',
  'barrierNode',
] as const satisfies readonly (keyof CycleTimingImage)[];

const LATENCIES: { readonly [Key in keyof CycleTimingImage]?: 'axonOut' | 'axonIn' } = {
  outputAxonInterval: 'axonOut',
  inputAxonInterval: 'axonIn',
};

/** Doubles the parameters of mode `cycle`, one after the other. */
export function cycleSensitivity(
  workloads: readonly Workload[],
): Pick<SensitivityRow, 'parameter' | 'change'>[] {
  const told = workloads.flatMap(({ name, timing, cycleStepS }) =>
    cycleStepS === undefined ? [] : [{ name, timing, cycleStepS }],
  );
  const bases = told.map(({ timing, cycleStepS }) => cycleStepS(timing));
  return CYCLE_PARAMETERS.map((parameter) => ({
    parameter,
    change: Object.fromEntries(
      told.map(({ name, timing, cycleStepS }, i) => {
        const cycle = { ...timing.cycle, [parameter]: 2 * timing.cycle[parameter] };
        // An interval is no longer than the latency of its unit: both are doubled.
        const latency = LATENCIES[parameter];
        const doubled = latency === undefined ? {} : { [latency]: 2 * timing[latency] };
        return [name, cycleStepS({ ...timing, ...doubled, cycle }) / bases[i]! - 1];
      }),
    ),
  }));
}
