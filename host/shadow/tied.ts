// Tied synapses in float: after an epoch those of a group have one weight again, changed by all that the rule changed in
// each of them.

import type { TiedImage } from '../image/image.ts';

/** Least and greatest weight that a rule leaves. */
export interface WeightRange {
  readonly low: number;
  readonly high: number;
}

export class TiedWeights {
  readonly #tied: TiedImage;
  readonly #w: Float64Array;
  readonly #range: WeightRange;
  /** Weight of each group before the rule runs. */
  readonly #kept: Float64Array;

  /** @param w of all synapses of the block */
  constructor(tied: TiedImage, w: Float64Array, range: WeightRange) {
    this.#tied = tied;
    this.#w = w;
    this.#range = range;
    this.#kept = new Float64Array(tied.starts.length - 1);
  }

  /** To be called before the rows of an epoch learn. */
  keep(): void {
    const { starts, places } = this.#tied;
    for (let group = 0; group < this.#kept.length; group++)
      this.#kept[group] = this.#w[places[starts[group]!]!]!;
  }

  /** To be called when they have. */
  join(): void {
    const { starts, places } = this.#tied;
    const { low, high } = this.#range;
    this.#kept.forEach((before, group) => {
      const members = places.subarray(starts[group], starts[group + 1]);
      const weight = members.reduce((sum, at) => sum + this.#w[at]! - before, before);
      for (const at of members) this.#w[at] = Math.min(Math.max(weight, low), high);
    });
  }
}
