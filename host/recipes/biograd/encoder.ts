// Latency code: every pixel that is bright enough spikes once, the brighter the earlier.

import { CounterHash, Stream } from '../../data/counter-hash.ts';
import type { EventList } from '../../machine/event-list.ts';
import type { Settings } from './settings.ts';

export class LatencyEncoder {
  /** Step of the spike by grey value, -1 = none. */
  readonly #step: Int8Array;
  readonly #dropout: number;
  readonly #seed: number;

  constructor({ pixelMin, latencySteps, inputDropout }: Settings, seed: number) {
    this.#step = Int8Array.from({ length: 256 }, (_, grey) =>
      grey < pixelMin ? -1 : Math.floor(((255 - grey) * latencySteps) / (256 - pixelMin)),
    );
    this.#dropout = inputDropout;
    this.#seed = seed;
  }

  /** Pushes the spikes of an image; element numbers start at `first`. */
  encode(events: EventList, first: number, image: Uint8Array): void {
    const steps = this.#step;
    for (let pixel = 0; pixel < image.length; pixel++) {
      const step = steps[image[pixel]!]!;
      if (step >= 0) events.push(step, first + pixel);
    }
  }

  /** The same with a share of the spikes left out, keyed by the number of the presentation. */
  encodeForTraining(events: EventList, first: number, image: Uint8Array, presentation: number): void {
    if (this.#dropout === 0) {
      this.encode(events, first, image);
      return;
    }
    const random = new CounterHash(this.#seed, Stream.inputDropout, presentation);
    const steps = this.#step;
    for (let pixel = 0; pixel < image.length; pixel++) {
      const step = steps[image[pixel]!]!;
      if (step >= 0 && random.next() >>> 24 >= this.#dropout) events.push(step, first + pixel);
    }
  }
}
