// BioGrad with what Loihi 2 adds: neurons that are programs, errors of several bits as payload of spikes, third factors of
// each neuron in y2 and y3. See docs/recipes/biograd.md

import type { EventList } from '../../machine/event-list.ts';
import type { Network } from '../../network/network.ts';
import { LatencyEncoder } from '../biograd/encoder.ts';
import type { Act, Alignment, Lesson, Readout, Recipe, SamplePart, Task } from '../recipe.ts';
import { askStep, bioGradLoihi2Network, slowerBy, testSteps, trainingSteps } from './network.ts';
import { SETTING_NAMES, type Settings, settingsSchema } from './settings.ts';

const PHASE_PARTS: Readonly<Record<string, SamplePart>> = {
  forward: 'forward',
  error: 'error',
  learning: 'learning',
  management: 'management',
  inference: 'forward',
};

class BioGradLoihi2Lesson implements Lesson {
  readonly network: Network;
  readonly beforeTest: readonly Act[] = [{ presentation: 'deploy' }];
  readonly readout: Readout = {
    name: 'sum',
    population: 'answer',
    variable: 'u',
    description: 'payload of the spike with which each output answers, its sum',
  };
  readonly stepsPerTrainingSample: number;
  readonly stepsPerTestSample: number;
  readonly phaseParts = PHASE_PARTS;
  readonly alignments: readonly Alignment[] = [{ name: 'B', forward: 'W2', feedback: 'B', sign: 1 }];
  readonly receptiveFields;
  readonly layers = [
    { name: 'input', populations: ['image'] },
    { name: 'hidden', populations: ['soma'] },
    { name: 'output', populations: ['output'] },
    { name: 'feedback', populations: ['apical'] },
  ];
  readonly #settings: Settings;
  readonly #task: Task;
  readonly #encoder: LatencyEncoder;

  constructor(settings: Settings, task: Task) {
    this.#settings = settings;
    this.#task = task;
    this.#encoder = new LatencyEncoder(settings, task.seed);
    this.network = bioGradLoihi2Network(settings, task);
    this.stepsPerTrainingSample = trainingSteps(settings, task);
    this.stepsPerTestSample = testSteps(settings);
    this.receptiveFields = { projection: 'W1', height: task.height, width: task.width };
  }

  before(n: number): readonly Act[] {
    const { rateDrops } = this.#settings;
    const drop = rateDrops.findLastIndex(
      (share) => Math.round(share * this.#task.trainingPresentations) === n && n > 0,
    );
    return drop < 0 ? [] : [{ presentation: slowerBy(drop + 1) }];
  }

  /** Starts the neurons' counters; the last input is always on. */
  #start(events: EventList, image: Uint8Array): number {
    const { first } = events.port('image');
    events.push(0, events.port('start').first);
    events.push(0, first + image.length);
    return first;
  }

  train(events: EventList, image: Uint8Array, label: number, n: number): string {
    this.#encoder.encodeForTraining(events, this.#start(events, image), image, n);
    events.push(0, events.port('label').first + label);
    return 'train';
  }

  test(events: EventList, image: Uint8Array): string {
    this.#encoder.encode(events, this.#start(events, image), image);
    events.push(askStep(this.#settings), events.port('ask').first);
    return 'test';
  }
}

export const biogradLoihi2: Recipe<Settings> = {
  name: 'biograd-loihi2',
  title: 'BioGrad for Loihi 2',
  about:
    'BioGrad with neuron programs, errors of several bits in the payload of spikes, and third factors of each neuron; ' +
    'after Tang et al. 2021 (arXiv 2110.14092), a reconstruction for Loihi 2.',
  settings: settingsSchema,
  settingNames: SETTING_NAMES,
  tuned: {},
  epochs: 12,
  create: (settings, task) => new BioGradLoihi2Lesson(settings, task),
};
