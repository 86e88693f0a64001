// DALTON (after Gaurav, Do, Doan and Yi, IEEE TETC 13(3), 2024, doi 10.1109/TETC.2024.3440932): every layer learns from a
// local readout whose weights and surrogate derivative are those of the layer above. Written for chips with neuron programs;
// what differs from the paper is in docs/recipes/dalton.md.

import type { EventList } from '../../machine/event-list.ts';
import type { Network } from '../../network/network.ts';
import { answerReadout } from '../common/asked-network.ts';
import { LatencyEncoder } from '../common/latency-encoder.ts';
import { PHASE_PARTS } from '../common/phase-parts.ts';
import { halvingBefore, slowerBy } from '../common/rate-drops.ts';
import type { Act, Alignment, Lesson, Recipe, Task } from '../recipe.ts';
import { cameraSide, daltonNetwork, type Plan, planOf, slowedNeurons } from './network.ts';
import { SETTING_NAMES, type Settings, settingsSchema } from './settings.ts';

class DaltonLesson implements Lesson {
  readonly beforeTest: readonly Act[] = [{ presentation: 'deploy' }];
  readonly readout = answerReadout('sum', 'sums of the fixed readout of the last layer');
  readonly stepsPerTrainingSample: number;
  readonly stepsPerTestSample: number;
  readonly phaseParts = PHASE_PARTS;
  readonly alignments: readonly Alignment[];
  readonly receptiveFields;
  readonly layers;
  readonly #settings: Settings;
  readonly #task: Task;
  readonly #plan: Plan;
  readonly #encoder: LatencyEncoder;
  #network: Network | undefined;

  constructor(settings: Settings, task: Task) {
    this.#settings = settings;
    this.#task = task;
    this.#plan = planOf(settings, task);
    this.#encoder = new LatencyEncoder(settings, task.seed);
    const { layers, first, timeline } = this.#plan;
    this.stepsPerTrainingSample = timeline.steps;
    this.stepsPerTestSample = timeline.testSteps;
    const [planes, height, width] = layers[first]!.from;
    this.receptiveFields = { projection: `W ${first + 1}`, height: planes * height, width };
    this.layers = [
      { name: 'input', populations: ['image'] },
      ...layers.map(({ name }, l) => ({ name, populations: [`soma ${l + 1}`] })),
    ];
    const copied = settings.credit === 'dalton' ? layers.slice(first, -1).map((_, i) => first + i) : [];
    this.alignments = copied.map((l) => ({
      name: `copy of W ${l + 2}`,
      forward: `W ${l + 2}`,
      feedback: `copy of W ${l + 2}`,
      sign: 1,
    }));
  }

  /** Made when it is asked for: evaluation threads have the image of it. */
  get network(): Network {
    this.#network ??= daltonNetwork(this.#settings, this.#task);
    return this.#network;
  }

  before(n: number): readonly Act[] {
    const halving = halvingBefore(n, this.#settings.rateDrops, this.#task);
    if (halving === 0) return [];
    const slowed = slowedNeurons(this.#settings, this.#plan, halving);
    const fill = (events: EventList): void => {
      for (const layer of slowed) events.push(0, events.port('slower').first + layer);
    };
    return [{ presentation: slowerBy(halving), fill }];
  }

  #begin(events: EventList): number {
    const { first, size } = events.port('image');
    events.push(0, events.port('start').first);
    if (this.#plan.first === 0) events.push(0, first + size - 1); // always on
    return first;
  }

  /** A spike wherever there was an event, as many columns as there are steps. */
  #raster(events: EventList, first: number, raster: Uint8Array): void {
    const { height, width } = this.#task;
    const { crop } = this.#settings;
    const side = cameraSide(height);
    const steps = Math.min(width, this.#settings.steps);
    let element = first;
    for (let row = 0; row < height; row++) {
      const [y, x] = [Math.floor(row / side) % side, row % side];
      if (Math.min(y, x) < crop || Math.max(y, x) >= side - crop) continue;
      for (let step = 0; step < steps; step++)
        if (raster[row * width + step]! > 0) events.push(step, element);
      element++;
    }
  }

  train(events: EventList, image: Uint8Array, label: number, n: number): string {
    const first = this.#begin(events);
    if (this.#settings.input === 'events') this.#raster(events, first, image);
    else this.#encoder.encodeForTraining(events, first, image, n);
    events.push(this.#plan.timeline.error - 1, events.port('label').first + label);
    return 'train';
  }

  test(events: EventList, image: Uint8Array): string {
    const first = this.#begin(events);
    if (this.#settings.input === 'events') this.#raster(events, first, image);
    else this.#encoder.encode(events, first, image);
    events.push(this.#plan.timeline.error - 1, events.port('ask').first);
    return 'test';
  }
}

export const dalton: Recipe<Settings> = {
  name: 'dalton',
  title: 'DALTON',
  about:
    'Layers that learn from local readouts with the weights and the surrogate derivative of the layer above; after ' +
    'Gaurav et al. 2024 (doi 10.1109/TETC.2024.3440932), for chips with neuron programs.',
  settings: settingsSchema,
  settingNames: SETTING_NAMES,
  tuned: { 'n-mnist': { preset: 'events' }, 'cifar-10': { preset: 'colours' } },
  epochs: 3,
  create: (settings, task) => new DaltonLesson(settings, task),
};
