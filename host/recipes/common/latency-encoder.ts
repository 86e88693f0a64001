// Latency code: every pixel that is bright enough spikes once, the brighter the earlier.

import { CounterHash, Stream } from '../../data/counter-hash.ts';
import type { EventList } from '../../machine/event-list.ts';

export interface LatencyCode {
  /** Least grey value that makes a pixel spike. */
  readonly pixelMin: number;
  /** Steps over which the spikes are spread. */
  readonly latencySteps: number;
  /** Spikes left out in training, in 1/256. */
  readonly inputDropout: number;
}

export class LatencyEncoder {
  /** Step of the spike by grey value, -1 = none. */
  readonly #step: Int8Array;
  /** 1 by grey value if there is a spike. */
  readonly #isBright: Uint8Array;
  readonly #dropout: number;
  readonly #seed: number;
  /** The bright pixels of the present image, a draw for each, and what is pushed of them. */
  #pixels = new Int32Array(0);
  #draws = new Uint32Array(0);
  #steps = new Int32Array(0);
  #elements = new Uint32Array(0);

  constructor({ pixelMin, latencySteps, inputDropout }: LatencyCode, seed: number) {
    this.#step = Int8Array.from({ length: 256 }, (_, grey) =>
      grey < pixelMin ? -1 : Math.floor(((255 - grey) * latencySteps) / (256 - pixelMin)),
    );
    this.#isBright = Uint8Array.from(this.#step, (step) => (step < 0 ? 0 : 1));
    this.#dropout = inputDropout;
    this.#seed = seed;
  }

  /**
   * Lists the bright pixels of an image. Four black ones (a grey value of 0 never spikes) are passed over at once; the
   * others without a branch, since where ink begins and ends cannot be foreseen.
   */
  #listPixels(image: Uint8Array): number {
    const { length } = image;
    if (this.#pixels.length <= length) this.#makeRoom(2 * length);
    const pixels = this.#pixels;
    const isBright = this.#isBright;
    const isAligned = image.byteOffset % 4 === 0;
    const words = new Int32Array(image.buffer, isAligned ? image.byteOffset : 0, isAligned ? length >> 2 : 0);
    let count = 0;
    for (let word = 0; word < words.length; word++) {
      if (words[word] === 0) continue;
      const first = word << 2;
      for (let pixel = first; pixel < first + 4; pixel++) {
        pixels[count] = pixel;
        count += isBright[image[pixel]!]!;
      }
    }
    for (let pixel = words.length << 2; pixel < length; pixel++) {
      pixels[count] = pixel;
      count += isBright[image[pixel]!]!;
    }
    return count;
  }

  #makeRoom(pixels: number): void {
    this.#pixels = new Int32Array(pixels);
    this.#draws = new Uint32Array(pixels);
    this.#steps = new Int32Array(pixels);
    this.#elements = new Uint32Array(pixels);
  }

  /** Pushes the spikes of an image; element numbers start at `first`. */
  encode(events: EventList, first: number, image: Uint8Array): void {
    this.#push(events, first, image, this.#listPixels(image), 0);
  }

  /** The same with a share of the spikes left out, keyed by the number of the presentation. */
  encodeForTraining(events: EventList, first: number, image: Uint8Array, presentation: number): void {
    const count = this.#listPixels(image);
    if (this.#dropout > 0)
      new CounterHash(this.#seed, Stream.inputDropout, presentation).fill(this.#draws, count);
    this.#push(events, first, image, count, this.#dropout);
  }

  /** Pushes the spikes of the listed pixels whose draws, in 1/256, reach `dropout`. */
  #push(events: EventList, first: number, image: Uint8Array, count: number, dropout: number): void {
    const pixels = this.#pixels;
    const draws = this.#draws;
    const steps = this.#steps;
    const elements = this.#elements;
    const stepOf = this.#step;
    let spikes = 0;
    for (let i = 0; i < count; i++) {
      const pixel = pixels[i]!;
      steps[spikes] = stepOf[image[pixel]!]!;
      elements[spikes] = first + pixel;
      spikes += draws[i]! >>> 24 >= dropout ? 1 : 0;
    }
    events.pushAll(steps, elements, spikes);
  }
}
