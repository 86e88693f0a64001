// nBP (Renner et al., Nature Communications 15:9691, 2024): back-propagation that runs on the chip alone. Gates
// lead the same neurons through forward, error and learning phases, twelve steps a sample. Roles, phases and what
// was compared with what are in docs/recipes/nbp.md.

import { UserError } from '../../errors.ts';
import type { EventList } from '../../machine/event-list.ts';
import type { Act, Alignment, Deployment, Lesson, Readout, Recipe, SamplePart, Task } from '../recipe.ts';
import { Binarizer } from './images.ts';
import { inferenceNetwork } from './inference-network.ts';
import { SETTING_NAMES, type Settings, settingsSchema } from './settings.ts';
import { TEST, TRAIN } from './timeline.ts';
import { MATRICES, trainingNetwork } from './training-network.ts';
import { initialWeights, type Weights } from './weights.ts';

/** Potentiation and depression are the steps in which neurons fire again so that the rule finds their spikes. */
const PHASE_PARTS: Readonly<Record<string, SamplePart>> = {
  start: 'forward',
  forward: 'forward',
  error: 'error',
  potentiation: 'learning',
  depression: 'learning',
  learning: 'learning',
  management: 'management',
  inference: 'forward',
};

/** Fills the event list of a prelude: the chain of gates starts, and then goes round for ever. */
export function startChain(step: number): (events: EventList) => void {
  return (events) => events.push(step, events.port('in_g').first);
}

export class NbpLesson implements Lesson {
  readonly network;
  readonly deployment: Deployment;
  readonly beforeTest: readonly Act[] = [{ presentation: 'prelude', fill: startChain(TEST.chainStart) }];
  readonly readout: Readout = {
    name: 'spikes',
    population: 'o',
    variable: 'spikeCounts',
    description: 'the output spikes of a sample',
  };
  readonly otherReadouts: readonly Readout[] = [
    { name: 'sums', population: 'o', variable: 'u', description: 'the sums that the outputs receive' },
  ];
  readonly stepsPerTrainingSample = TRAIN.steps;
  readonly stepsPerTestSample = TEST.steps;
  readonly phaseParts = PHASE_PARTS;
  readonly alignments: readonly Alignment[] = [
    { name: 'W2T', forward: MATRICES.W2[0], feedback: MATRICES.W2T, sign: 1 },
    { name: '-W2T', forward: MATRICES.W2[0], feedback: MATRICES.minusW2T, sign: -1 },
  ];
  readonly receptiveFields;
  readonly layers = [
    { name: 'input', populations: ['x'] },
    { name: 'hidden', populations: ['h1'] },
    { name: 'output', populations: ['o'] },
  ];
  readonly #binarizer: Binarizer;

  /** @param weights to start from; default: drawn from the task's seed */
  constructor(settings: Settings, task: Task, weights?: Weights) {
    this.#binarizer = new Binarizer(task, settings);
    const { inputs, height, width } = this.#binarizer;
    if (inputs === 0) {
      throw new UserError(
        `setting crop = ${settings.crop} of recipe nbp: nothing is left of ${task.height} x ${task.width} pixels`,
        { code: 'bad-setting', path: 'crop', got: settings.crop },
      );
    }
    const layers = { inputs, hidden: settings.hidden, outputs: task.classes };
    const start = weights ?? initialWeights(layers, settings, task.seed);
    this.network = trainingNetwork(layers, settings, start, task.seed);
    this.deployment = {
      network: inferenceNetwork(layers, settings, start, task.seed),
      weights: { 'x -> h1': MATRICES.W1[0], 'h1 -> o': MATRICES.W2[0] },
    };
    this.receptiveFields = { projection: MATRICES.W1[0], height, width };
  }

  before(n: number): readonly Act[] {
    return n === 0 ? [{ presentation: 'prelude', fill: startChain(TRAIN.chainStart) }] : [];
  }

  train(events: EventList, image: Uint8Array, label: number): string {
    const input = events.port('input').first;
    const reward = events.port('reward').first;
    this.#binarizer.active(image, (i) => events.push(TRAIN.image, input + i));
    events.push(TRAIN.label, events.port('in_tgt').first + label);
    events.push(TRAIN.outputReward, reward);
    events.push(TRAIN.hiddenReward, reward);
    return 'train';
  }

  test(events: EventList, image: Uint8Array): string {
    const input = events.port('input').first;
    this.#binarizer.active(image, (i) => events.push(TEST.image, input + i));
    return 'test';
  }
}

export const nbp: Recipe<Settings> = {
  name: 'nbp',
  title: 'nBP',
  about:
    'Back-propagation on the chip alone, with gates that route signals and synapses that learn where spikes ' +
    'coincide; the network that Renner et al. 2024 (doi 10.1038/s41467-024-53827-9) measured on Loihi.',
  settings: settingsSchema,
  settingNames: SETTING_NAMES,
  tuned: {},
  epochs: 60,
  create: (settings, task) => new NbpLesson(settings, task),
};
