// OTTT, online training through time (after Xiao, Meng, Zhang, He and Lin, NeurIPS 2022, arXiv 2210.04195): in every step an
// error comes back through space alone, and what memory learning needs is a trace of each axon. Written for chips with neuron
// programs; what differs from the paper is in docs/recipes/ottt.md.

import type { EventList } from '../../machine/event-list.ts';
import type { Network } from '../../network/network.ts';
import { answerReadout } from '../common/answer.ts';
import { PHASE_PARTS } from '../common/phase-parts.ts';
import { halvingBefore, slowerBy } from '../common/rate-drops.ts';
import { RateEncoder } from '../common/rate-encoder.ts';
import type { Act, Alignment, Lesson, Recipe, Task } from '../recipe.ts';
import { otttNetwork, testSteps, trainSteps } from './network.ts';
import { SETTING_NAMES, type Settings, settingsSchema } from './settings.ts';
import { ANSWER, FRAME, INPUT } from './timeline.ts';

class OtttLesson implements Lesson {
  readonly beforeTest: readonly Act[] = [{ presentation: 'deploy' }];
  readonly readout = answerReadout('sum', 'sums of the leaky outputs over all frames');
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
  readonly #encoder: RateEncoder;
  #network: Network | undefined;

  constructor(settings: Settings, task: Task) {
    this.#settings = settings;
    this.#task = task;
    this.#encoder = new RateEncoder(settings, FRAME, task.seed);
    this.stepsPerTrainingSample = trainSteps(settings);
    this.stepsPerTestSample = testSteps(settings);
    this.receptiveFields = { projection: 'W1', height: task.height, width: task.width };
  }

  /** Made when it is asked for: evaluation threads have the image of it. */
  get network(): Network {
    this.#network ??= otttNetwork(this.#settings, this.#task);
    return this.#network;
  }

  before(n: number): readonly Act[] {
    const halving = halvingBefore(n, this.#settings.rateDrops, this.#task);
    return halving === 0 ? [] : [{ presentation: slowerBy(halving) }];
  }

  /** Starts a sample, and in every frame the input that is always on; gives the number of the first input. */
  #start(events: EventList): number {
    const { first, size } = events.port('image');
    events.push(INPUT, events.port('start').first);
    for (let frame = 0; frame < this.#settings.frames; frame++)
      events.push(frame * FRAME + INPUT, first + size - 1);
    return first;
  }

  train(events: EventList, image: Uint8Array, label: number, n: number): string {
    this.#encoder.encodeForTraining(events, this.#start(events), image, n);
    events.push(INPUT, events.port('label').first + label);
    return 'train';
  }

  test(events: EventList, image: Uint8Array): string {
    this.#encoder.encode(events, this.#start(events), image);
    events.push(this.stepsPerTestSample - ANSWER, events.port('ask').first);
    return 'test';
  }
}

export const ottt: Recipe<Settings> = {
  name: 'ottt',
  title: 'OTTT',
  about:
    'Online training through time: in every step errors come back through space, and traces of the axons are all the memory ' +
    'that learning has; after Xiao et al. 2022 (arXiv 2210.04195), for chips with neuron programs.',
  settings: settingsSchema,
  settingNames: SETTING_NAMES,
  tuned: {},
  epochs: 1,
  create: (settings, task) => new OtttLesson(settings, task),
};
