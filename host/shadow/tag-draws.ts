// Tags that are draws. A rule that asks a tag for its sign gets one of few answers, and how often each of them comes is
// what the random rounding of the tag decides: without it a tag of ½ would always be above 0. So these tags stay whole
// numbers, rounded as the chip does with the same random numbers, but without a width. [HW 4.5], C11

import type { BlockImage, ProductImage } from '../image/image.ts';
import { deriveKey, randomWord, streamKey } from '../image/random-keys.ts';

/** Number of the variable t in the keys of random rounding. */
const TAG = 2;
const UNIT = 2 ** 16;

/** True if a rule takes the sign of its tags. */
export function drawsTags(products: readonly ProductImage[]): boolean {
  return products.some(({ factors }) => factors.some(({ variable, sign }) => sign && variable === 't'));
}

/** Random rounding of the tags of a block. */
export class TagDraws {
  readonly #image: BlockImage;
  readonly #key: number;

  constructor(seed: number, image: BlockImage) {
    this.#image = image;
    this.#key = streamKey(seed, 'rule', image.projection);
  }

  /** What a row's random words are told by in the step that ends an epoch. */
  rowKey(row: number, time: number): number {
    return deriveKey(deriveKey(deriveKey(this.#key, time), this.#image.rowElements[row]!), TAG);
  }

  /** A tag whose magnitude is rounded up with the probability of its fraction. */
  rounded(tag: number, rowKey: number, column: number): number {
    const element = this.#image.columnElement + column;
    const word = randomWord(rowKey, element >> 1);
    const bits = element % 2 === 0 ? word & 0xffff : word >>> 16;
    const size = Math.abs(tag);
    const whole = Math.floor(size);
    return Math.sign(tag) * (bits / UNIT < size - whole ? whole + 1 : whole);
  }
}
