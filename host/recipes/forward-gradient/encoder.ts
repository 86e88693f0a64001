// Coordinates as payloads of a population with tuning curves: every input spikes once, with what its curve says. Sensors
// have two channels each, one a sign.

import type { EventList } from '../../machine/event-list.ts';
import type { FunctionTask } from '../function-recipe.ts';
import type { Settings } from './settings.ts';

/** Payload of an input in the middle of its tuning curve, and of the constant input, the last one. */
const FULL = 64;

/** Tuned inputs, and hidden neurons: a grid over all coordinates, the first coordinate slowest. */
export function gridSize({ grid }: Settings, { coordinates }: FunctionTask): number {
  return grid ** coordinates;
}

export class Encoder {
  readonly #settings: Settings;
  readonly #task: FunctionTask;

  constructor(settings: Settings, task: FunctionTask) {
    this.#settings = settings;
    this.#task = task;
  }

  /** Pushes the spikes of a point in step 0; a payload of 0 is no spike. */
  push(events: EventList, inputs: Float64Array): void {
    const { grid } = this.#settings;
    const { sensors, coordinates } = this.#task;
    const { first, size } = events.port('input');
    for (let i = 0; i < size - 1; i++) {
      let share = 1;
      let rest = i;
      for (let c = coordinates - 1; c >= 0; c--) {
        share *= this.#tuned(inputs[sensors + c]! * (grid - 1) - (rest % grid));
        rest = Math.floor(rest / grid);
      }
      const payload = Math.round(FULL * share);
      if (payload > 0) events.push(0, first + i, payload);
    }
    events.push(0, first + size - 1, FULL);
    if (sensors > 0) this.#pushSensors(events, inputs);
  }

  /** Values above 0 on one channel of a sensor, below 0 on the other. */
  #pushSensors(events: EventList, inputs: Float64Array): void {
    const { sensors } = this.#task;
    const { first } = events.port('sensors');
    for (let s = 0; s < sensors; s++) {
      const payload = Math.round(FULL * inputs[s]!);
      if (payload !== 0) events.push(0, first + (payload > 0 ? s : sensors + s), Math.abs(payload));
    }
  }

  /** A triangle of height 1 over the distance on the grid. */
  #tuned(distance: number): number {
    return Math.max(0, 1 - Math.abs(distance) / this.#settings.width);
  }
}
