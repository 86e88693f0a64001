// The sums of products of eight columns at a time, in the lanes that their ranges need.

import {
  FRACTION_BITS,
  GROUP,
  HALF_MAX,
  HALVES,
  type Half,
  isPost,
  isPre,
  multipliesHalves,
  type RuleFrame,
  type Target,
  traceColumn,
} from './rule-frame.ts';
import type { FactorPlan, ProductPlan, RuleShape } from './rule-shape.ts';
import type { Code } from './wasm-code.ts';

/** One product of eight columns: a vector of halves, or two of words. */
type Lanes = { readonly narrow: number } | { readonly wide: readonly [number, number] };

const WIDEN = ['lowHalvesS', 'highHalvesS'] as const;
const UNPACK = ['lowBytesU', 'highBytesU'] as const;
export const UNPACK_SIGNED = ['lowBytesS', 'highBytesS'] as const;

/** A factor that can lose its mask as bytes: the trace itself. */
function isPlainTrace(factor: FactorPlan): boolean {
  return (isPost(factor) || isPre(factor)) && factor.constant === 0;
}

export class RuleColumns {
  readonly #frame: RuleFrame;
  readonly #code: Code;
  readonly #shape: RuleShape;
  readonly #products: readonly ProductPlan[];

  constructor(frame: RuleFrame) {
    this.#frame = frame;
    this.#code = frame.code;
    this.#shape = frame.plan.shape;
    this.#products = frame.plan.products;
  }

  /** Sixteen bytes of a column. */
  bytes(name: string): number {
    return this.#frame.vector(`bytes ${name}`, () => {
      this.#code
        .get(this.#frame.get(`at ${name}`))
        .get(this.#frame.at)
        .plain('i32Add')
        .load(0);
    });
  }

  /** All ones where the target fired. */
  #firedBytes(): number {
    return this.#frame.vector('fired', () => {
      this.#code.get(this.bytes('y0')).words(0).vector('ne8');
    });
  }

  #fired(half: Half): number {
    return this.#frame.vector(`fired ${half}`, () => {
      this.#code.get(this.#firedBytes()).vector(UNPACK_SIGNED[half]);
    });
  }

  /** A trace as bytes: a post trace, or x1 or x2 at each post spike. */
  #traceBytes(plan: ProductPlan, factor: FactorPlan): number {
    const column = traceColumn(plan, factor);
    if (isPost(factor)) return this.bytes(column);
    return this.#frame.vector(`bytes ${column}`, () => {
      const code = this.#code;
      for (let i = 0; i <= this.#shape.epochSteps; i += GROUP) {
        // Places outside of a table give 0.
        code.get(this.#frame.get(`course of ${factor.variable} from ${i}`)).get(this.bytes('y0'));
        if (i > 0) code.byteList(new Array<number>(GROUP).fill(i)).vector('sub8');
        code.vector('swizzle');
        if (i > 0) code.vector('or');
      }
    });
  }

  /** Stored weights as signed bytes. */
  #centredBytes(): number {
    return this.#frame.vector('bytes w centred', () => {
      this.#code.get(this.bytes('w')).byteList(this.leastBytes).vector('sub8');
    });
  }

  get leastBytes(): number[] {
    return new Array<number>(GROUP).fill(this.#shape.least & 255);
  }

  /** A variable of a synapse as it was before the epoch, << 7: where its accumulator begins. */
  #begin(target: Target, half: Half): number {
    return this.#frame.vector(`begin ${target} ${half}`, () => {
      const { dropped, least } = this.#shape;
      const code = this.#code;
      const shift = FRACTION_BITS + dropped;
      if (target === 't') {
        code
          .get(this.#frame.get('at t'))
          .get(this.#frame.at)
          .i32(1)
          .plain('i32Shl', 'i32Add')
          .load(16 * half);
        code.i32(FRACTION_BITS).vector('shl16');
      } else if (target === 'd') {
        code.get(this.bytes('d')).vector(UNPACK[half]).i32(FRACTION_BITS).vector('shl16');
      } else if (shift === 8) {
        // A byte in the upper half of its lane is the byte << 8.
        code.words(0).get(this.#centredBytes());
        code.shuffleBytes(Array.from({ length: 16 }, (_, i) => (i >> 1) + 8 * half + (i & 1 ? 16 : 0)));
      } else {
        code.get(this.bytes('w')).vector(UNPACK[half]).i32(shift).vector('shl16');
        if (least !== 0) code.halves(least << shift).vector('add16');
      }
    });
  }

  /** sat(V + C) or sgn(V + C) of eight columns; 0 where the target did not fire, if `masked`. */
  #factor(plan: ProductPlan, factor: FactorPlan, half: Half, masked: boolean): number {
    const { variable, constant, sign, limit } = factor;
    const column = isPost(factor) || isPre(factor) ? traceColumn(plan, factor) : variable;
    return this.#frame.vector(`${column} ${constant} ${sign} ${masked} ${half}`, () => {
      const code = this.#code;
      const x = this.#frame.scratchVector;
      if (isPost(factor) && !masked) {
        code
          .get(this.#frame.get(`at ${column}`))
          .get(this.#frame.at)
          .plain('i32Add')
          .loadBytes(8 * half);
      } else if (isPost(factor) || isPre(factor)) {
        code.get(this.#traceBytes(plan, factor));
        if (masked && isPlainTrace(factor)) code.get(this.#firedBytes()).vector('and');
        code.vector(UNPACK[half]);
      } else
        code
          .get(this.#begin(variable as Target, half))
          .i32(FRACTION_BITS)
          .vector('shrS16');
      if (constant !== 0) code.halves(constant).vector('add16');
      if (limit !== 0)
        code
          .halves(limit)
          .vector('min16')
          .halves(-limit - 1)
          .vector('max16');
      if (sign) {
        code.set(x).get(x).i32(15).vector('shrS16');
        code.get(x).vector('neg16').i32(15).vector('shrU16', 'or');
      }
      if (masked && !isPlainTrace(factor)) code.get(this.#fired(half)).vector('and');
    });
  }

  /** The factors of a product that differ by column, multiplied. */
  #columnProduct(plan: ProductPlan, half: Half): Lanes {
    const { columns, columnBound, masked, index } = plan;
    const code = this.#code;
    const bearer = columns.find(isPlainTrace) ?? columns[0];
    const factors = columns.map((factor) => this.#factor(plan, factor, half, masked && factor === bearer));
    if (factors.length === 1) return { narrow: factors[0]! };
    if (columnBound <= HALF_MAX) {
      factors.forEach((factor, i) => {
        code.get(factor);
        if (i > 0) code.vector('mul16');
      });
      return { narrow: this.#frame.hold(`c ${index} ${half}`, 'vector') };
    }
    const [low, high] = HALVES.map((part) => {
      factors.forEach((factor, i) => {
        code.get(factor).vector(WIDEN[part]);
        if (i > 0) code.vector('mul');
      });
      return this.#frame.hold(`c ${index} ${half} ${part}`, 'vector');
    });
    return { wide: [low!, high!] };
  }

  /** Pushes a part of some lanes as words. */
  #pushWords(lanes: Lanes, part: Half): void {
    if ('wide' in lanes) this.#code.get(lanes.wide[part]);
    else this.#code.get(lanes.narrow).vector(WIDEN[part]);
  }

  /** The value of a product for eight columns, as its form says. */
  #value(plan: ProductPlan, half: Half): Lanes {
    const { index, form, down, up, masked, target, unsigned } = plan;
    const code = this.#code;
    const name = `p ${index} ${half}`;
    if (form === 'shared') {
      const value = this.#frame.get(`value ${index}`);
      if (this.#frame.isWide(target)) {
        const [low, high] = HALVES.map((part) => {
          code.get(value);
          if (masked) code.get(this.#fired(half)).vector(WIDEN[part], 'and');
          return this.#frame.hold(`${name} ${part}`, 'vector');
        });
        return { wide: [low!, high!] };
      }
      if (!masked) return { narrow: value };
      code.get(value).get(this.#fired(half)).vector('and');
      return { narrow: this.#frame.hold(name, 'vector') };
    }
    const lanes = this.#columnProduct(plan, half);
    const factor = this.#frame.get(`factor ${index}`);
    if (form === 'words') {
      const [low, high] = HALVES.map((part) => {
        this.#pushWords(lanes, part);
        code.get(factor).vector(multipliesHalves(plan) ? 'dot' : 'mul');
        if (down > 0) code.i32(down).vector('shrS');
        if (up === null) code.get(this.#frame.get(`power ${index}`)).vector('mul');
        else if (up > 0) code.i32(up).vector('shl');
        return this.#frame.hold(`${name} ${part}`, 'vector');
      });
      return { wide: [low!, high!] };
    }
    if ('wide' in lanes) throw new Error('a product of halves whose factors are words');
    const c = lanes.narrow;
    code.get(c).get(factor).vector('mul16');
    if (form === 'halves' && down > 0) code.i32(down).vector(unsigned ? 'shrU16' : 'shrS16');
    if (form === 'split' && down > 0) {
      code
        .get(c)
        .get(this.#frame.get(`rest ${index}`))
        .vector('mul16')
        .i32(down)
        .vector('shrS16');
      if (up === null) code.get(this.#frame.get(`power ${index}`)).vector('mul16');
      else if (up > 0) code.i32(up).vector('shl16');
      code.vector('add16');
    }
    return { narrow: this.#frame.hold(name, 'vector') };
  }

  /** Pushes the value of a product, saturated to 16 bits. */
  #pushSaturated(plan: ProductPlan, half: Half): void {
    const lanes = this.#value(plan, half);
    if ('narrow' in lanes) this.#code.get(lanes.narrow);
    else this.#code.get(lanes.wide[0]).get(lanes.wide[1]).vector('narrow16');
  }

  /** The accumulator of a target after all products, for eight columns. */
  sum(target: Target, half: Half): number {
    const code = this.#code;
    const begin = this.#begin(target, half);
    const products = this.#products.filter((plan) => plan.target === target);
    if (this.#frame.isWide(target)) {
      const values = products.map((plan) => this.#value(plan, half));
      for (const part of HALVES) {
        code.get(begin).vector(WIDEN[part]);
        for (const lanes of values) {
          this.#pushWords(lanes, part);
          code.vector('add');
        }
      }
      code.vector('narrow16');
    } else if (this.#shape.once) {
      code.get(begin);
      products.forEach((plan, i) => {
        this.#pushSaturated(plan, half);
        if (i > 0) code.vector('add16');
      });
      code.vector('addSat16');
    } else {
      code.get(begin);
      for (const plan of products) {
        this.#pushSaturated(plan, half);
        code.vector('addSat16');
      }
    }
    if (this.#shape.ragged !== 0 || this.#shape.partial)
      code
        .get(begin)
        .get(this.#frame.get(`real ${half}`))
        .vector('bitselect');
    return this.#frame.hold(`sum ${target} ${half}`, 'vector');
  }
}
