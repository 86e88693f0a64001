// Desire backpropagation (after Gerlinghoff, Luo, Goh and Wong 2023, arXiv 2211.05412): every neuron learns from whether it
// should have fired more, less, or as it did. What differs from the paper is in docs/recipes/desire.md

import type { EventList } from '../../machine/event-list.ts';
import type { Network } from '../../network/network.ts';
import { answerReadout } from '../common/answer.ts';
import { LatencyEncoder } from '../common/latency-encoder.ts';
import { PHASE_PARTS } from '../common/phase-parts.ts';
import { halvingBefore, slowerBy } from '../common/rate-drops.ts';
import type { Act, Alignment, Lesson, Recipe, Task } from '../recipe.ts';
import { copyName, desireNetwork, layerName, weightsName } from './network.ts';
import { SETTING_NAMES, type Settings, settingsSchema } from './settings.ts';
import { timeline } from './timeline.ts';

class DesireLesson implements Lesson {
  readonly beforeTest: readonly Act[] = [{ presentation: 'deploy' }];
  readonly readout = answerReadout('sum', 'sums of the outputs, the spikes they would fire and what is left');
  readonly stepsPerTrainingSample: number;
  readonly stepsPerTestSample: number;
  readonly phaseParts = PHASE_PARTS;
  readonly alignments: readonly Alignment[];
  readonly receptiveFields;
  readonly layers;
  readonly #settings: Settings;
  readonly #task: Task;
  readonly #encoder: LatencyEncoder;
  readonly #judge: number;
  #network: Network | undefined;

  constructor(settings: Settings, task: Task) {
    this.#settings = settings;
    this.#task = task;
    this.#encoder = new LatencyEncoder(settings, task.seed);
    const { say, steps, testSteps } = timeline(settings);
    this.#judge = say.at(-1)!;
    this.stepsPerTrainingSample = steps;
    this.stepsPerTestSample = testSteps;
    this.receptiveFields = { projection: weightsName(0), height: task.height, width: task.width };
    this.layers = [
      { name: 'input', populations: ['image'] },
      ...settings.hidden.map((_, l) => ({ name: layerName(l), populations: [`soma ${l + 1}`] })),
      { name: 'output', populations: ['output'] },
      { name: 'desires', populations: settings.hidden.map((_, l) => `desire ${l + 1}`) },
    ];
    this.alignments = settings.hidden.map((_, l) => ({
      name: copyName(l + 1),
      forward: weightsName(l + 1),
      feedback: copyName(l + 1),
      sign: 1,
    }));
  }

  /** Made when it is asked for: evaluation threads have the image of it. */
  get network(): Network {
    this.#network ??= desireNetwork(this.#settings, this.#task);
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

export const desire: Recipe<Settings> = {
  name: 'desire',
  title: 'Desire backpropagation',
  about:
    'Layers whose neurons learn from a ternary desire (fire more, less, or as before) that copies of the weights take down; ' +
    'after Gerlinghoff et al. 2023 (arXiv 2211.05412), for chips with neuron programs.',
  settings: settingsSchema,
  settingNames: SETTING_NAMES,
  tuned: {},
  epochs: 5,
  create: (settings, task) => new DesireLesson(settings, task),
};
