// What is presented when: the same for images and for events, but for the encoder.

import type { EventList } from '../../machine/event-list.ts';
import type { Network } from '../../network/network.ts';
import type { Encoder } from '../common/encoder.ts';
import { PHASE_PARTS } from '../common/phase-parts.ts';
import { halvingBefore, slowerBy } from '../common/rate-drops.ts';
import type { Act, Alignment, Lesson, Readout, Task } from '../recipe.ts';
import { ANSWER, bioGradLoihi2Network, type HiddenLayer, leastSteps } from './network.ts';
import type { CommonSettings } from './settings.ts';

export class BioGradLoihi2Lesson implements Lesson {
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
  readonly layers;
  readonly #settings: CommonSettings;
  readonly #task: Task;
  readonly #encoder: Encoder;

  /** @param shape height and width of what the hidden neurons see; the last input, beyond it, is always on */
  constructor(
    settings: CommonSettings,
    task: Task,
    layer: HiddenLayer,
    encoder: Encoder,
    shape: { readonly height: number; readonly width: number },
  ) {
    this.#settings = settings;
    this.#task = task;
    this.#encoder = encoder;
    const least = leastSteps(layer.forwardSteps, task.classes);
    // A sample is a whole number of learning epochs, and of turns of the outputs.
    const unit = layer.epochSteps % 2 === 0 ? layer.epochSteps : 2 * layer.epochSteps;
    this.stepsPerTrainingSample = Math.ceil(least / unit) * unit;
    // What decays needs the same pause after a test sample.
    this.stepsPerTestSample =
      layer.keep === undefined ? layer.forwardSteps + ANSWER : this.stepsPerTrainingSample;
    this.network = bioGradLoihi2Network(settings, task, layer, {
      train: this.stepsPerTrainingSample,
      test: this.stepsPerTestSample,
    });
    this.receptiveFields = { projection: 'W1', ...shape };
    const isDeep = layer.second !== undefined;
    this.layers = [
      { name: 'input', populations: ['input'] },
      { name: 'hidden', populations: ['soma'] },
      ...(isDeep ? [{ name: 'second hidden', populations: ['soma 2'] }] : []),
      { name: 'output', populations: ['output'] },
      { name: 'feedback', populations: isDeep ? ['apical', 'apical 1'] : ['apical'] },
    ];
  }

  before(n: number): readonly Act[] {
    const halving = halvingBefore(n, this.#settings.rateDrops, this.#task);
    return halving === 0 ? [] : [{ presentation: slowerBy(halving) }];
  }

  /** Starts the neurons' counters and the input that is always on; gives the number of the first input. */
  #start(events: EventList): number {
    const { first, size } = events.port('input');
    events.push(0, events.port('start').first);
    events.push(0, first + size - 1);
    return first;
  }

  train(events: EventList, sample: Uint8Array, label: number, n: number): string {
    this.#encoder.encodeForTraining(events, this.#start(events), sample, n);
    events.push(0, events.port('label').first + label);
    return 'train';
  }

  test(events: EventList, sample: Uint8Array): string {
    this.#encoder.encode(events, this.#start(events), sample);
    events.push(this.stepsPerTestSample - ANSWER, events.port('ask').first);
    return 'test';
  }
}
