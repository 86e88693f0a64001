// The synapses of one block in float: what each holds, and the weight that it adds, which nothing floors or limits.
// [HW 3]

import type { BlockImage } from '../image/image.ts';
import { convolutionRows } from './convolution.ts';
import type { Store } from './store.ts';

/** A ring of dendritic accumulators of one group: [slot][compartment]. [HW 3.4] */
export interface Ring {
  readonly slots: number;
  readonly count: number;
  readonly sums: Float64Array;
}

export class Synapses {
  readonly image: BlockImage;
  readonly rows: number;
  /** Mantissas, unrounded: a weight adds mantissa · 2^exponent. */
  readonly w: Float64Array;
  /** Delays in steps; null if all have the block's. */
  readonly d: Float64Array | null;
  /** Tags; null if no rule uses them. */
  readonly t: Float64Array | null;
  /** Synapses of a row: `count` of them from `start` on, at the columns base + target, or base, base + 1 … */
  readonly start: Uint32Array;
  readonly count: Uint32Array;
  readonly base: Int32Array;
  readonly targets: Uint32Array | null;
  readonly #ring: Ring;
  readonly #scale: number;
  readonly #isGraded: boolean;

  constructor(store: Store, image: BlockImage, ring: Ring) {
    this.image = image;
    this.#ring = ring;
    const { wide } = image;
    this.#scale = 2 ** (wide === null ? image.exponent : wide.synapseShift + wide.sumShift);
    this.#isGraded = wide?.graded ?? false;
    this.rows = image.rowElements.length;
    const lists = listsOf(image);
    const { shared, columns } = image;
    const list = (row: number): number => shared?.list[row] ?? row;
    this.targets = lists.targets;
    this.start = Uint32Array.from({ length: this.rows }, (_, row) =>
      lists.targets === null ? list(row) * columns : lists.rowStart[list(row)]!,
    );
    this.count = Uint32Array.from({ length: this.rows }, (_, row) =>
      lists.targets === null ? columns : lists.rowStart[list(row) + 1]! - lists.rowStart[list(row)]!,
    );
    this.base = Int32Array.from({ length: this.rows }, (_, row) => shared?.base[row] ?? 0);
    const learns = image.rule >= 0;
    const { length } = lists.mantissas;
    const kept = (values: ArrayLike<number>): Float64Array =>
      learns ? store.column(length, values) : Float64Array.from(values);
    this.w = kept(lists.mantissas);
    this.d = lists.delays === null ? null : kept(lists.delays);
    this.t = image.usesTags ? store.column(length) : null;
  }

  /** True if a row has a synapse at every column, in order. */
  get isDense(): boolean {
    return this.targets === null;
  }

  /**
   * Adds the weights of a row for a spike of step `time`, which act from the next step on.
   * @param payload what the spike carries, which graded synapses multiply by
   */
  deliver(row: number, time: number, payload: number): void {
    const { image, w, d, targets } = this;
    const { slots, count: width, sums } = this.#ring;
    const scale = this.#isGraded ? this.#scale * payload : this.#scale;
    const start = this.start[row]!;
    const count = this.count[row]!;
    const first = image.firstTarget + this.base[row]!;
    const slot = (delay: number): number => ((time + 1 + delay) % slots) * width + first;
    if (d === null && !image.box) {
      const at = slot(image.ignoresDelays ? 0 : image.delay);
      if (targets === null) for (let i = 0; i < count; i++) sums[at + i]! += w[start + i]! * scale;
      else for (let i = start; i < start + count; i++) sums[at + targets[i]!]! += w[i]! * scale;
      return;
    }
    for (let i = 0; i < count; i++) {
      const column = targets === null ? i : targets[start + i]!;
      const weight = w[start + i]! * scale;
      // Steps are whole: a learned delay acts rounded.
      const delay = d === null ? image.delay : Math.round(d[start + i]!);
      if (image.box) sums[slot(0) + column]! += weight; // it begins at once and ends after the delay
      sums[slot(image.ignoresDelays ? 0 : delay) + column]! += image.box ? -weight : weight;
    }
  }
}

interface Lists {
  readonly mantissas: ArrayLike<number>;
  /** Null: all have the block's. */
  readonly delays: ArrayLike<number> | null;
  /** Null: every list has all columns. */
  readonly targets: Uint32Array | null;
  readonly rowStart: Uint32Array;
}

function listsOf(image: BlockImage): Lists {
  const { convolution, wide, weights, delays } = image;
  if (wide !== null) return withoutZeros(image, wide.weights);
  if (convolution !== null) return { ...convolutionRows(image, convolution), delays };
  if (weights !== null) return { mantissas: weights, targets: null, rowStart: new Uint32Array(0), delays };
  return { mantissas: image.mantissas!, targets: image.targets!, rowStart: image.rowStart!, delays };
}

/** Wide blocks hold a 0 where there is no synapse, too; those that do not learn can leave it out. */
function withoutZeros({ columns, delays, rowElements }: BlockImage, weights: Int32Array): Lists {
  const rowStart = new Uint32Array(rowElements.length + 1);
  const places: number[] = [];
  weights.forEach((weight, at) => {
    if (weight !== 0) places.push(at);
    if (at % columns === columns - 1) rowStart[Math.floor(at / columns) + 1] = places.length;
  });
  return {
    mantissas: places.map((at) => weights[at]!),
    targets: Uint32Array.from(places, (at) => at % columns),
    rowStart,
    delays: delays === null ? null : places.map((at) => delays[at]!),
  };
}
