// Rate code: every pixel is an integrate-and-fire neuron that its grey value drives, frame after frame. Their voltages
// start at different values, drawn once, so that pixels of one grey value do not spike all at the same time.

import { CounterHash, Stream } from '../../data/counter-hash.ts';
import type { EventList } from '../../machine/event-list.ts';

export interface RateCode {
  /** Frames of a sample. */
  readonly frames: number;
  /** Least grey value that makes a pixel spike. */
  readonly pixelMin: number;
  /** Spikes that a white pixel makes in a frame. */
  readonly inputRate: number;
  /** Spikes left out in training, in 1/256. */
  readonly inputDropout: number;
}

export class RateEncoder {
  readonly #code: RateCode;
  readonly #frameSteps: number;
  readonly #seed: number;
  /** Of each pixel, 0 to 1. */
  #start = new Float64Array(0);

  /** @param frameSteps steps of a frame; it is shown in the first of them */
  constructor(code: RateCode, frameSteps: number, seed: number) {
    this.#code = code;
    this.#frameSteps = frameSteps;
    this.#seed = seed;
  }

  /** Pushes the spikes of an image; element numbers start at `first`. */
  encode(events: EventList, first: number, image: Uint8Array): void {
    this.#push(events, first, image, undefined);
  }

  /** The same with a share of the spikes left out, keyed by the number of the presentation. */
  encodeForTraining(events: EventList, first: number, image: Uint8Array, presentation: number): void {
    this.#push(events, first, image, new CounterHash(this.#seed, Stream.inputDropout, presentation));
  }

  #push(events: EventList, first: number, image: Uint8Array, draws: CounterHash | undefined): void {
    const { frames, pixelMin, inputRate, inputDropout } = this.#code;
    if (this.#start.length !== image.length) {
      const random = new CounterHash(this.#seed, Stream.inputPhase, 0);
      this.#start = Float64Array.from(image, () => random.between(0, 1));
    }
    for (let pixel = 0; pixel < image.length; pixel++) {
      if (image[pixel]! < pixelMin) continue;
      const drive = (image[pixel]! * inputRate) / 255;
      let v = this.#start[pixel]!;
      for (let frame = 0; frame < frames; frame++) {
        v += drive;
        if (v < 1) continue;
        v -= 1;
        if (draws !== undefined && draws.next() >>> 24 < inputDropout) continue;
        events.push(frame * this.#frameSteps, first + pixel);
      }
    }
  }
}
