// Predictive coding: values and predictions relax together, then every weight learns from the error and the rate at its two
// ends; after Wang et al. 2022 (PC-SNN, arXiv 2211.15386), a reconstruction. docs/recipes/pc.md

import type { EventList } from '../../machine/event-list.ts';
import type { Network } from '../../network/network.ts';
import { answerReadout } from '../common/answer.ts';
import { LatencyEncoder } from '../common/latency-encoder.ts';
import { PHASE_PARTS } from '../common/phase-parts.ts';
import { halvingBefore, slowerBy } from '../common/rate-drops.ts';
import type { Act, Alignment, Lesson, Recipe, Task } from '../recipe.ts';
import { predictiveCodingNetwork } from './network.ts';
import { SETTING_NAMES, type Settings, settingsSchema } from './settings.ts';
import { timeline } from './timeline.ts';

class PredictiveCodingLesson implements Lesson {
  readonly beforeTest: readonly Act[] = [{ presentation: 'deploy' }];
  readonly readout = answerReadout('sum', 'sums of the outputs, which are what they predict');
  readonly stepsPerTrainingSample: number;
  readonly stepsPerTestSample: number;
  readonly phaseParts = PHASE_PARTS;
  readonly alignments: readonly Alignment[] = [{ name: 'B', forward: 'W2', feedback: 'B', sign: 1 }];
  readonly receptiveFields;
  readonly layers = [
    { name: 'input', populations: ['image'] },
    { name: 'predictions', populations: ['prediction'] },
    { name: 'values', populations: ['value'] },
    { name: 'output', populations: ['output'] },
  ];
  readonly #settings: Settings;
  readonly #task: Task;
  readonly #encoder: LatencyEncoder;
  readonly #judge: number;
  #network: Network | undefined;

  constructor(settings: Settings, task: Task) {
    this.#settings = settings;
    this.#task = task;
    this.#encoder = new LatencyEncoder(settings, task.seed);
    const { judge, steps, testSteps } = timeline(settings);
    this.#judge = judge;
    this.stepsPerTrainingSample = steps;
    this.stepsPerTestSample = testSteps;
    this.receptiveFields = { projection: 'W1', height: task.height, width: task.width };
  }

  /** Made when it is asked for: evaluation threads have the image of it. */
  get network(): Network {
    this.#network ??= predictiveCodingNetwork(this.#settings, this.#task);
    return this.#network;
  }

  before(n: number): readonly Act[] {
    const halving = halvingBefore(n, this.#settings.rateDrops, this.#task);
    return halving === 0 ? [] : [{ presentation: slowerBy(halving) }];
  }

  /** Starts a sample, with the input that is always on; gives the number of the first input. */
  #start(events: EventList): number {
    const { first, size } = events.port('image');
    events.push(0, events.port('start').first);
    events.push(0, first + size - 1);
    return first;
  }

  train(events: EventList, image: Uint8Array, label: number, n: number): string {
    this.#encoder.encodeForTraining(events, this.#start(events), image, n);
    events.push(this.#judge - 1, events.port('label').first + label);
    return 'train';
  }

  test(events: EventList, image: Uint8Array): string {
    this.#encoder.encode(events, this.#start(events), image);
    events.push(this.#judge - 1, events.port('ask').first);
    return 'test';
  }
}

export const pc: Recipe<Settings> = {
  name: 'pc',
  title: 'Predictive coding',
  about:
    'Values relax between what the image predicts and what the outputs should be, then weights learn from error × rate; after ' +
    'Wang et al. 2022 (PC-SNN, arXiv 2211.15386), a reconstruction for chips with neuron programs.',
  settings: settingsSchema,
  settingNames: SETTING_NAMES,
  tuned: {},
  epochs: 2,
  create: (settings, task) => new PredictiveCodingLesson(settings, task),
};
