// aDFA: deep spiking layers that learn from the output's error over fixed random weights and from a freely chosen function
// in the place of the derivative; after Zhang et al. 2024 (arXiv 2409.07776), a reconstruction. docs/recipes/adfa.md

import type { EventList } from '../../machine/event-list.ts';
import type { Network } from '../../network/network.ts';
import { LatencyEncoder } from '../common/latency-encoder.ts';
import { PHASE_PARTS } from '../common/phase-parts.ts';
import { halvingBefore, slowerBy } from '../common/rate-drops.ts';
import type { Act, Lesson, Readout, Recipe, Task } from '../recipe.ts';
import { adfaNetwork, layerName } from './network.ts';
import { SETTING_NAMES, type Settings, settingsSchema } from './settings.ts';
import { timeline } from './timeline.ts';

class AdfaLesson implements Lesson {
  readonly beforeTest: readonly Act[] = [{ presentation: 'deploy' }];
  readonly readout: Readout = {
    name: 'sum',
    population: 'answer',
    variable: 'u',
    description: 'sums of the outputs, sent as payloads when they are asked',
  };
  readonly stepsPerTrainingSample: number;
  readonly stepsPerTestSample: number;
  readonly phaseParts = PHASE_PARTS;
  readonly alignments = [];
  readonly receptiveFields;
  readonly layers;
  readonly #settings: Settings;
  readonly #task: Task;
  readonly #encoder: LatencyEncoder;
  readonly #errorStep: number;
  #network: Network | undefined;
  #ports: { image: number; label: number; start: number; ask: number } | undefined;

  constructor(settings: Settings, task: Task) {
    this.#settings = settings;
    this.#task = task;
    this.#encoder = new LatencyEncoder(settings, task.seed);
    const { error, steps } = timeline(settings);
    this.#errorStep = error;
    this.stepsPerTrainingSample = steps;
    this.stepsPerTestSample = steps;
    this.receptiveFields = { projection: 'W1', height: task.height, width: task.width };
    this.layers = [
      { name: 'input', populations: ['image'] },
      ...settings.hidden.map((_, layer) => ({
        name: layerName(layer + 1),
        populations: [layerName(layer + 1)],
      })),
      { name: 'output', populations: ['output'] },
    ];
  }

  /** Made when it is asked for: evaluation threads have the image of it. */
  get network(): Network {
    this.#network ??= adfaNetwork(this.#settings, this.#task);
    return this.#network;
  }

  before(n: number): readonly Act[] {
    const halving = halvingBefore(n, this.#settings.rateDrops, this.#task);
    return halving === 0 ? [] : [{ presentation: slowerBy(halving) }];
  }

  /** Starts a sample, with the input that is always on. */
  #start(events: EventList, image: Uint8Array) {
    this.#ports ??= {
      image: events.port('image').first,
      label: events.port('label').first,
      start: events.port('start').first,
      ask: events.port('ask').first,
    };
    events.push(0, this.#ports.start);
    events.push(0, this.#ports.image + image.length);
    return this.#ports;
  }

  train(events: EventList, image: Uint8Array, label: number, n: number): string {
    const ports = this.#start(events, image);
    this.#encoder.encodeForTraining(events, ports.image, image, n);
    events.push(this.#errorStep - 1, ports.label + label);
    return 'train';
  }

  test(events: EventList, image: Uint8Array): string {
    const ports = this.#start(events, image);
    this.#encoder.encode(events, ports.image, image);
    events.push(this.#errorStep - 2, ports.ask);
    return 'test';
  }
}

export const adfa: Recipe<Settings> = {
  name: 'adfa',
  title: 'aDFA',
  about:
    'Spiking layers that learn from the error of the output over fixed random weights, with a freely chosen function in the ' +
    'place of the derivative; after Zhang et al. 2024 (arXiv 2409.07776), a reconstruction for Loihi 2.',
  settings: settingsSchema,
  settingNames: SETTING_NAMES,
  tuned: { 'fashion-mnist': { preset: 'deep-fashion' } },
  epochs: 5,
  create: (settings, task) => new AdfaLesson(settings, task),
};
