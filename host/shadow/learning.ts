// The learning of one block in float: sums of products, of which nothing is cut to a width or rounded. A product is a
// number of its row times one of its column times what it reads of the synapse, so whatever has a 0 is passed over.
// [HW 4.2], [HW 4.5]

import type { ProductImage, RuleImage } from '../image/image.ts';
import type { Store } from './store.ts';
import type { Synapses } from './synapses.ts';
import type { TagDraws } from './tag-draws.ts';
import type { WeightRange } from './tied.ts';
import type { RewardTrace, TraceSet } from './traces.ts';

type Target = ProductImage['target'];
type Factor = ProductImage['factors'][number];

const FRACTION_BITS = 7;

/** The written coefficient with the scale that the engine gives a product of so many factors. [HW 4.5] */
function coefficientOf({ mantissa, down, up }: ProductImage): number {
  return mantissa * 2 ** (up - down - FRACTION_BITS);
}

function factorValue({ constant, sign }: Factor, value: number): number {
  return sign ? Math.sign(value + constant) : value + constant;
}

/** The products of a rule on one core; a schedule can write their coefficients. */
export class Rule {
  readonly products: readonly ProductImage[];
  readonly coefficients: Float64Array;

  constructor(store: Store, { products }: RuleImage) {
    this.products = products;
    this.coefficients = store.column(products.length, products.map(coefficientOf));
  }

  replace(index: number, product: ProductImage): void {
    this.coefficients[index] = coefficientOf(product);
  }
}

/** The epoch that ends. */
export interface Epoch {
  readonly steps: number;
  /** From 1. */
  readonly number: number;
  /** Its last step, of all time steps. */
  readonly time: number;
  readonly reward: RewardTrace;
}

/** Post factors of a product multiplied, [column], and the columns at which they are not 0. */
interface Columns {
  readonly values: Float64Array;
  readonly active: Int32Array;
  activeCount: number;
  /** Epoch that they were worked out for. */
  epoch: Epoch | undefined;
}

/** A product with its factors sorted by where they are read. */
interface Part {
  readonly product: ProductImage;
  readonly index: number;
  readonly delta: Float64Array;
  readonly pre: readonly Factor[];
  readonly post: readonly Factor[];
  readonly reward: readonly Factor[];
  readonly own: readonly { readonly factor: Factor; readonly values: Float64Array }[];
  /** By the step at which traces are read; place 0: each column at its own post spike. */
  readonly columns: (Columns | undefined)[];
}

const EACH_OWN = 0;

export class Learning {
  readonly #synapses: Synapses;
  readonly #rule: Rule;
  readonly #post: TraceSet;
  readonly #first: number;
  readonly #parts: readonly Part[];
  readonly #deltas: Readonly<Partial<Record<Target, Float64Array>>>;
  readonly #range: WeightRange;
  readonly #delayMax: number;
  readonly #tagDraws: TagDraws | null;

  /**
   * @param delayMax what the ring of accumulators allows
   * @param tagDraws null if tags are real numbers
   */
  constructor(
    synapses: Synapses,
    rule: Rule,
    post: TraceSet,
    range: WeightRange,
    delayMax: number,
    tagDraws: TagDraws | null,
  ) {
    this.#synapses = synapses;
    this.#rule = rule;
    this.#post = post;
    this.#first = synapses.image.firstTarget;
    this.#range = range;
    this.#delayMax = delayMax;
    this.#tagDraws = tagDraws;
    const longest = synapses.count.reduce((most, count) => Math.max(most, count), 0);
    const targets = new Set(rule.products.map(({ target }) => target));
    this.#deltas = Object.fromEntries([...targets].map((target) => [target, new Float64Array(longest)]));
    this.#parts = rule.products.map((product, index) => {
      const { factors } = product;
      return {
        product,
        index,
        delta: this.#deltas[product.target]!,
        pre: factors.filter(({ variable }) => variable.startsWith('x')),
        post: factors.filter(({ variable }) => variable.startsWith('y')),
        reward: factors.filter(({ variable }) => variable.startsWith('r')),
        own: factors
          .filter(({ variable }) => /^[wdt]$/.test(variable))
          .map((factor) => ({ factor, values: this.#variable(factor.variable as Target) })),
        columns: [],
      };
    });
  }

  #variable(name: Target): Float64Array {
    const { w, d, t } = this.#synapses;
    return { w, d, t }[name]!;
  }

  #product(factors: readonly Factor[], traces: TraceSet, element: number, step: number): number {
    let product = 1;
    for (const factor of factors) {
      const index = Number(factor.variable.slice(1));
      const value =
        index === 0 ? (traces.spikeStep[element]! > 0 ? 1 : 0) : traces.at(index - 1, element, step);
      product *= factorValue(factor, value);
    }
    return product;
  }

  #columns({ columns, post }: Part, step: number, epoch: Epoch): Columns {
    const { columns: count } = this.#synapses.image;
    columns[step] ??= {
      values: new Float64Array(count),
      active: new Int32Array(count),
      activeCount: 0,
      epoch: undefined,
    };
    const found = columns[step];
    if (found.epoch === epoch) return found;
    found.epoch = epoch;
    found.activeCount = 0;
    for (let column = 0; column < count; column++) {
      const element = this.#first + column;
      const spike = this.#post.spikeStep[element]!;
      const value =
        step !== EACH_OWN
          ? this.#product(post, this.#post, element, step)
          : spike > 0
            ? this.#product(post, this.#post, element, spike)
            : 0;
      found.values[column] = value;
      if (value !== 0) found.active[found.activeCount++] = column;
    }
    return found;
  }

  /** Applies the rule to a row whose axon has these traces. */
  learn(row: number, pre: TraceSet, axon: number, epoch: Epoch): void {
    let isTouched = false;
    for (const part of this.#parts) if (this.#add(part, row, pre, axon, epoch)) isTouched = true;
    if (isTouched) this.#apply(row, epoch);
  }

  /** Adds what a product says to the deltas of the row. True if it says anything. */
  #add(part: Part, row: number, pre: TraceSet, axon: number, epoch: Epoch): boolean {
    const { gate, decimation } = part.product;
    if (gate === 'u' && epoch.number % 2 ** decimation !== 0) return false;
    let scale = this.#rule.coefficients[part.index]!;
    for (const factor of part.reward) {
      const value = factor.variable === 'r0' ? (epoch.reward.isSpike ? 1 : 0) : epoch.reward.value;
      scale *= factorValue(factor, value);
    }
    if (scale === 0) return false;
    if (gate === 'y0') return this.#addAtPosts(part, row, pre, axon, epoch, scale);
    const step = gate === 'u' ? epoch.steps : pre.spikeStep[axon]!;
    if (step === 0) return false;
    scale *= this.#product(part.pre, pre, axon, step);
    if (scale === 0) return false;
    const { values, active, activeCount } = this.#columns(part, step, epoch);
    if (activeCount === 0) return false;
    const { delta, own } = part;
    const { start, count, targets } = this.#synapses;
    const first = start[row]!;
    if (targets === null) {
      for (let k = 0; k < activeCount; k++) {
        const column = active[k]!;
        delta[column]! += scale * values[column]! * (own.length === 0 ? 1 : ownValue(part, first + column));
      }
    } else {
      for (let i = 0; i < count[row]!; i++)
        delta[i]! += scale * values[targets[first + i]!]! * ownValue(part, first + i);
    }
    return true;
  }

  /** A product that is evaluated at each column's post spike. */
  #addAtPosts(part: Part, row: number, pre: TraceSet, axon: number, epoch: Epoch, scale: number): boolean {
    const { values, active, activeCount } = this.#columns(part, EACH_OWN, epoch);
    if (activeCount === 0) return false;
    const { start, count, targets } = this.#synapses;
    const first = start[row]!;
    const add = (i: number, column: number): void => {
      const value = values[column]!;
      if (value === 0) return;
      const step = this.#post.spikeStep[this.#first + column]!;
      part.delta[i]! += scale * value * this.#product(part.pre, pre, axon, step) * ownValue(part, first + i);
    };
    if (targets === null) for (let k = 0; k < activeCount; k++) add(active[k]!, active[k]!);
    else for (let i = 0; i < count[row]!; i++) add(i, targets[first + i]!);
    return true;
  }

  /** All sums saw w, d and t as they were before. */
  #apply(row: number, { time }: Epoch): void {
    const { w, d, t, start, count, targets } = this.#synapses;
    const first = start[row]!;
    const length = count[row]!;
    const { w: dw, d: dd, t: dt } = this.#deltas;
    if (dw !== undefined) {
      const { low, high } = this.#range;
      for (let i = 0; i < length; i++) {
        const change = dw[i]!;
        if (change === 0) continue;
        w[first + i] = Math.min(Math.max(w[first + i]! + change, low), high);
        dw[i] = 0;
      }
    }
    if (dd !== undefined) {
      for (let i = 0; i < length; i++) {
        d![first + i] = Math.min(Math.max(d![first + i]! + dd[i]!, 0), this.#delayMax);
        dd[i] = 0;
      }
    }
    if (dt !== undefined) {
      const draws = this.#tagDraws;
      const key = draws?.rowKey(row, time) ?? 0;
      for (let i = 0; i < length; i++) {
        const tag = t![first + i]! + dt[i]!;
        t![first + i] = draws?.rounded(tag, key, targets === null ? i : targets[first + i]!) ?? tag;
        dt[i] = 0;
      }
    }
  }
}

/** What a product reads of its synapse. */
function ownValue({ own }: Part, at: number): number {
  let product = 1;
  for (const { factor, values } of own) product *= factorValue(factor, values[at]!);
  return product;
}
