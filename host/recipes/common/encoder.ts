// What turns samples into input spikes, and samples that are moved before that.

import { CounterHash, Stream } from '../../data/counter-hash.ts';
import type { EventList } from '../../machine/event-list.ts';

/** Pushes the spikes of a sample; element numbers start at `first`. */
export interface Encoder {
  readonly encode: (events: EventList, first: number, sample: Uint8Array) => void;
  /** `n`: number of the presentation. */
  readonly encodeForTraining: (events: EventList, first: number, sample: Uint8Array, n: number) => void;
}

/** How the pixels of a sample lie: planes of rows of pixels, each of so many bytes. */
export interface SampleShape {
  readonly planes: number;
  readonly height: number;
  readonly width: number;
  readonly pixelBytes: number;
}

/** In training a sample is moved first; what leaves the picture is lost, what comes in is dark. */
class ShiftingEncoder implements Encoder {
  readonly #encoder: Encoder;
  readonly #shape: SampleShape;
  readonly #reach: number;
  readonly #seed: number;
  readonly #moved: Uint8Array;

  constructor(encoder: Encoder, shape: SampleShape, reach: number, seed: number) {
    this.#encoder = encoder;
    this.#shape = shape;
    this.#reach = reach;
    this.#seed = seed;
    this.#moved = new Uint8Array(shape.planes * shape.height * shape.width * shape.pixelBytes);
  }

  #move(sample: Uint8Array, down: number, right: number): Uint8Array {
    const { planes, height, pixelBytes } = this.#shape;
    const rowBytes = this.#shape.width * pixelBytes;
    const moved = this.#moved.fill(0);
    const [from, to] = [Math.max(0, -right) * pixelBytes, rowBytes - Math.max(0, right) * pixelBytes];
    for (let plane = 0; plane < planes; plane++)
      for (let y = Math.max(0, down); y < height + Math.min(0, down); y++) {
        const row = (plane * height + y) * rowBytes;
        const source = row - down * rowBytes;
        moved.set(sample.subarray(source + from, source + to), row + from + right * pixelBytes);
      }
    return moved;
  }

  encode(events: EventList, first: number, sample: Uint8Array): void {
    this.#encoder.encode(events, first, sample);
  }

  encodeForTraining(events: EventList, first: number, sample: Uint8Array, n: number): void {
    const random = new CounterHash(this.#seed, Stream.inputShift, n);
    const draw = (): number => random.below(2 * this.#reach + 1) - this.#reach;
    this.#encoder.encodeForTraining(events, first, this.#move(sample, draw(), draw()), n);
  }
}

/** The encoder that moves each training sample by up to `reach` pixels, at random, in both directions. */
export const shifting = (encoder: Encoder, shape: SampleShape, reach: number, seed: number): Encoder =>
  reach === 0 ? encoder : new ShiftingEncoder(encoder, shape, reach, seed);
