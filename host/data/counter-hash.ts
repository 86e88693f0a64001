// Random numbers that are a pure function of (seed, stream, index, draw number). No state is carried from one
// image or epoch to the next, so any image can be made alone and every machine and browser gets the same
// bits: 32-bit integer multiplication and shifts only.

import { mix32 } from '../mix32.ts';

/** What a random sequence is for. Two purposes of a run never share a stream, even with the same seed and index. */
export const Stream = {
  trainImage: 1,
  testImage: 2,
  trainLabel: 3,
  testLabel: 4,
  shuffle: 5,
  initialWeight: 6,
  inputDropout: 7,
  rewardRounding: 8,
  search: 9,
  cameraPixel: 10,
  cameraNoise: 11,
  inputPhase: 12,
  /** As the phases of rate codes: an encoder that moves samples and has such phases would need one of its own. */
  inputShift: 12,
} as const;

export type StreamId = (typeof Stream)[keyof typeof Stream];

const GOLDEN = 0x9e3779b9; // 2^32 / golden ratio: consecutive counters land far apart
const TWO_POW_MINUS_32 = 1 / 4294967296;

/** True for what a seed or an index may be: an integer in 0..2^32-1. */
export function isUint32(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 0xffffffff;
}

/** The draws of one (seed, stream, index), numbered from 0. The draw number is its only state. */
export class CounterHash {
  readonly #low: number;
  readonly #high: number;
  #draw = 0;

  /** seed: uint32; index: uint32, the image or the epoch. */
  constructor(seed: number, stream: StreamId, index: number) {
    const streamKey = mix32(mix32(seed + GOLDEN) ^ Math.imul(stream, GOLDEN));
    // Two key words: with one, some pairs of images would see the same draws, only shifted.
    this.#low = mix32(streamKey + index);
    this.#high = mix32(mix32(index ^ GOLDEN) + streamKey);
  }

  /** The next draw: uint32. */
  next(): number {
    return mix32(mix32(this.#low + Math.imul(this.#draw++, GOLDEN)) ^ this.#high);
  }

  /** The next `count` draws, into the first of `words`. */
  fill(words: Uint32Array, count: number): void {
    const low = this.#low | 0;
    const high = this.#high | 0;
    const first = this.#draw;
    for (let i = 0; i < count; i++) words[i] = mix32(mix32(low + Math.imul(first + i, GOLDEN)) ^ high);
    this.#draw = first + count;
  }

  /** Uniform in [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * (this.next() * TWO_POW_MINUS_32);
  }

  /** Integer in 0..count-1; the bias is below count / 2^32. */
  below(count: number): number {
    return Math.floor(this.next() * TWO_POW_MINUS_32 * count);
  }

  /** Bell-shaped in (-reach, reach), mean 0: the mean of three uniform draws, standard deviation reach / 3. */
  bell(reach: number): number {
    const sum = this.next() + this.next() + this.next();
    return reach * (sum * (TWO_POW_MINUS_32 * 2 * (1 / 3)) - 1);
  }

  /** Nearly normal, mean 0 and standard deviation 1: the sum of twelve uniform draws, so within ±6. */
  normal(): number {
    let sum = 0;
    for (let i = 0; i < 12; i++) sum += this.next();
    return sum * TWO_POW_MINUS_32 - 6;
  }
}
