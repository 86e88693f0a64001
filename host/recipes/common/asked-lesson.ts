// A lesson whose samples are spikes in time, whose labels come at a fixed step, and whose outputs send their sums when
// they are asked.

import type { EventList } from '../../machine/event-list.ts';
import type { Network } from '../../network/network.ts';
import type { Act, Alignment, Lesson, Readout, Task } from '../recipe.ts';
import type { Encoder } from './encoder.ts';
import { PHASE_PARTS } from './phase-parts.ts';
import { halvingBefore, slowerBy } from './rate-drops.ts';

/** What a recipe adds to such a lesson. */
export interface AskedLessonParts {
  readonly network: () => Network;
  readonly encoder: Encoder;
  readonly readout: Readout;
  readonly steps: number;
  readonly testSteps: number;
  /** Step in which neurons are told that a sample starts; 0 if it is not given. */
  readonly startStep?: number;
  /** Steps in which the last input, which is always on, spikes; 0 alone if they are not given, none if there is no such input. */
  readonly biasSteps?: readonly number[];
  /** What else is told when steps become half as large for the `halving`-th time. */
  readonly fillSlower?: (events: EventList, halving: number) => void;
  /** Steps in which the label of a training sample comes, and in which a test sample's outputs are asked. */
  readonly labelStep: number;
  readonly askStep: number;
  /** Of the input, and what its neurons see: the image, if no height and width are given. */
  readonly projection: string;
  readonly field?: { readonly height: number; readonly width: number };
  readonly alignments: readonly Alignment[];
  /** The first is the input, a port. */
  readonly layers: Lesson['layers'];
}

export class AskedLesson implements Lesson {
  readonly beforeTest: readonly Act[] = [{ presentation: 'deploy' }];
  readonly phaseParts = PHASE_PARTS;
  readonly readout: Readout;
  readonly stepsPerTrainingSample: number;
  readonly stepsPerTestSample: number;
  readonly alignments: readonly Alignment[];
  readonly receptiveFields: Lesson['receptiveFields'];
  readonly layers: Lesson['layers'];
  readonly #parts: AskedLessonParts;
  readonly #task: Task;
  readonly #rateDrops: readonly number[];
  #network: Network | undefined;

  /** @param rateDrops shares of the training after which steps become half as large */
  constructor(task: Task, rateDrops: readonly number[], parts: AskedLessonParts) {
    this.#parts = parts;
    this.#task = task;
    this.#rateDrops = rateDrops;
    this.readout = parts.readout;
    this.stepsPerTrainingSample = parts.steps;
    this.stepsPerTestSample = parts.testSteps;
    this.alignments = parts.alignments;
    const { height, width } = parts.field ?? task;
    this.receptiveFields = { projection: parts.projection, height, width };
    this.layers = parts.layers;
  }

  /** Made when it is asked for: evaluation threads have the image of it. */
  get network(): Network {
    this.#network ??= this.#parts.network();
    return this.#network;
  }

  before(n: number): readonly Act[] {
    const halving = halvingBefore(n, this.#rateDrops, this.#task);
    if (halving === 0) return [];
    const { fillSlower } = this.#parts;
    const presentation = slowerBy(halving);
    return [fillSlower ? { presentation, fill: (events) => fillSlower(events, halving) } : { presentation }];
  }

  /** Starts a sample, with the input that is always on; gives the number of the first input. */
  #start(events: EventList): number {
    const { startStep = 0, biasSteps = [0], layers } = this.#parts;
    const { first, size } = events.port(layers[0]!.populations[0]!);
    events.push(startStep, events.port('start').first);
    for (const step of biasSteps) events.push(step, first + size - 1);
    return first;
  }

  train(events: EventList, sample: Uint8Array, label: number, n: number): string {
    this.#parts.encoder.encodeForTraining(events, this.#start(events), sample, n);
    events.push(this.#parts.labelStep, events.port('label').first + label);
    return 'train';
  }

  test(events: EventList, sample: Uint8Array): string {
    this.#parts.encoder.encode(events, this.#start(events), sample);
    events.push(this.#parts.askStep, events.port('ask').first);
    return 'test';
  }
}
