// SPIDE (after Xiao, Meng, Zhang, Wang and Lin, Neural Networks 161, 2023, arXiv 2302.00232): the rates of a recurrent network
// settle, and in a second phase ternary neurons solve the equation of the implicit gradient. Written for chips with neuron
// programs; what differs from the paper is in docs/recipes/spide.md.

import type { EventList } from '../../machine/event-list.ts';
import type { Network } from '../../network/network.ts';
import { answerReadout } from '../common/answer.ts';
import { LatencyEncoder } from '../common/latency-encoder.ts';
import { PHASE_PARTS } from '../common/phase-parts.ts';
import { halvingBefore, slowerBy } from '../common/rate-drops.ts';
import type { Act, Alignment, Lesson, Recipe, Task } from '../recipe.ts';
import { spideNetwork } from './network.ts';
import { SETTING_NAMES, type Settings, settingsSchema } from './settings.ts';
import { ANSWER, timeline } from './timeline.ts';

class SpideLesson implements Lesson {
  readonly beforeTest: readonly Act[] = [{ presentation: 'deploy' }];
  readonly readout = answerReadout('sum', 'sums of the outputs over phase one');
  readonly stepsPerTrainingSample: number;
  readonly stepsPerTestSample: number;
  readonly phaseParts = PHASE_PARTS;
  readonly alignments: readonly Alignment[] = [
    { name: 'copy of F', forward: 'F', feedback: 'copy of F', sign: 1 },
    { name: 'copy of O', forward: 'O', feedback: 'copy of O', sign: 1 },
  ];
  readonly receptiveFields;
  readonly layers = [
    { name: 'input', populations: ['image'] },
    { name: 'recurrent', populations: ['soma'] },
    { name: 'output', populations: ['output'] },
    { name: 'error', populations: ['error'] },
  ];
  readonly #settings: Settings;
  readonly #task: Task;
  readonly #encoder: LatencyEncoder;
  #network: Network | undefined;

  constructor(settings: Settings, task: Task) {
    this.#settings = settings;
    this.#task = task;
    this.#encoder = new LatencyEncoder(settings, task.seed);
    const { steps, testSteps } = timeline(settings);
    this.stepsPerTrainingSample = steps;
    this.stepsPerTestSample = testSteps;
    this.receptiveFields = { projection: 'W', height: task.height, width: task.width };
  }

  /** Made when it is asked for: evaluation threads have the image of it. */
  get network(): Network {
    this.#network ??= spideNetwork(this.#settings, this.#task);
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
    events.push(0, events.port('label').first + label);
    return 'train';
  }

  test(events: EventList, image: Uint8Array): string {
    this.#encoder.encode(events, this.#start(events), image);
    events.push(this.stepsPerTestSample - ANSWER, events.port('ask').first);
    return 'test';
  }
}

export const spide: Recipe<Settings> = {
  name: 'spide',
  title: 'SPIDE',
  about:
    'A recurrent network whose rates settle, and ternary neurons that solve the equation of the implicit gradient; after ' +
    'Xiao et al. 2023 (arXiv 2302.00232), for chips with neuron programs.',
  settings: settingsSchema,
  settingNames: SETTING_NAMES,
  tuned: {},
  epochs: 2,
  create: (settings, task) => new SpideLesson(settings, task),
};
