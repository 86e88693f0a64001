// e-prop (after Bellec et al., Nature Communications 11, 3625, 2020): a recurrent network of adaptive neurons learns on
// line, from eligibility traces at its synapses and an error that is broadcast over random weights. Settings and what is
// left out: docs/classics.md

import type { EventList } from '../../machine/event-list.ts';
import { answerReadout } from '../common/asked-network.ts';
import { halvingBefore, slowerBy } from '../common/rate-drops.ts';
import type { Act, Lesson, Recipe, SamplePart, Task } from '../recipe.ts';
import { epropNetwork, type Steps, stepsOf } from './network.ts';
import { SETTING_NAMES, type Settings, settingsSchema } from './settings.ts';

const PHASE_PARTS: Readonly<Record<string, SamplePart>> = {
  forward: 'forward',
  learning: 'learning',
  management: 'management',
};

class EpropLesson implements Lesson {
  readonly network;
  readonly beforeTest: readonly Act[] = [{ presentation: 'deploy' }];
  readonly readout = answerReadout('sum', 'sum of the readouts over the recall period');
  readonly stepsPerTrainingSample: number;
  readonly stepsPerTestSample: number;
  readonly phaseParts = PHASE_PARTS;
  readonly alignments = [];
  readonly receptiveFields;
  readonly layers = [
    { name: 'input', populations: ['input'] },
    { name: 'hidden', populations: ['hidden'] },
  ];
  readonly #settings: Settings;
  readonly #task: Task;
  readonly #steps: Steps;

  constructor(settings: Settings, task: Task) {
    this.#settings = settings;
    this.#task = task;
    this.#steps = stepsOf(settings, task);
    this.network = epropNetwork(settings, task);
    this.stepsPerTrainingSample = this.#steps.all;
    this.stepsPerTestSample = this.#steps.all;
    this.receptiveFields = { projection: 'W in', height: task.height, width: 1 };
  }

  before(n: number): readonly Act[] {
    const halving = halvingBefore(n, this.#settings.rateDrops, this.#task);
    return halving === 0 ? [] : [{ presentation: slowerBy(halving) }];
  }

  /** Spikes of a raster, one at most in a step. */
  #input(events: EventList, raster: Uint8Array): void {
    const { first } = events.port('input');
    const { height, width } = this.#task;
    const { stepMs } = this.#settings;
    for (let step = 0; step < this.#steps.all; step++) {
      for (let neuron = 0; neuron < height; neuron++) {
        const start = neuron * width + step * stepMs;
        const end = Math.min(start + stepMs, (neuron + 1) * width);
        if (raster.subarray(start, end).some((value) => value !== 0)) events.push(step, first + neuron);
      }
    }
  }

  train(events: EventList, raster: Uint8Array, label: number): string {
    this.#input(events, raster);
    for (let step = this.#steps.recall; step < this.#steps.all; step++)
      events.push(step, events.port('label').first + label);
    return 'train';
  }

  test(events: EventList, raster: Uint8Array): string {
    this.#input(events, raster);
    for (let step = this.#steps.recall; step < this.#steps.all - 2; step++)
      events.push(step, events.port('ask').first);
    return 'test';
  }
}

export const eprop: Recipe<Settings> = {
  name: 'eprop',
  title: 'e-prop',
  about:
    'A recurrent network of adaptive neurons that learns on line from eligibility traces and a broadcast error; after ' +
    'Bellec et al. 2020, with tags as slow eligibility.',
  settings: settingsSchema,
  settingNames: SETTING_NAMES,
  tuned: {},
  epochs: 28,
  create: (settings, task) => new EpropLesson(settings, task),
};
