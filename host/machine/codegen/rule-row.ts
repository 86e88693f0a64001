// What a learning rule's function works out before it visits columns: once, where its block's tables are; for every row
// the scalars of the products, where the columns are, and which groups of them to visit.

import type { Layout } from '../core-module.ts';
import {
  AXON,
  BLOCK,
  CORE,
  END,
  FIRST,
  GROUP,
  HALF_MAX,
  HALVES,
  INDEX,
  isPost,
  isPre,
  multipliesHalves,
  type RuleFrame,
  traceColumn,
  traceIndex,
} from './rule-frame.ts';
import type { Coefficient, FactorPlan, ProductPlan, RuleShape } from './rule-shape.ts';
import type { Code, VectorName } from './wasm-code.ts';

export class RuleRow {
  readonly #frame: RuleFrame;
  readonly #code: Code;
  readonly #shape: RuleShape;
  readonly #products: readonly ProductPlan[];
  readonly #layout: Layout;

  constructor(frame: RuleFrame) {
    this.#frame = frame;
    this.#code = frame.code;
    this.#shape = frame.plan.shape;
    this.#products = frame.plan.products;
    this.#layout = frame.layout;
  }

  /** What is the same for all rows. */
  beginBlock(): void {
    const code = this.#code;
    const layout = this.#layout;
    code.get(BLOCK).word(layout.BLOCK_LIVE);
    this.#frame.hold('live', 'word');
    code.get(BLOCK).word(layout.BLOCK_PRODUCTS).i32(layout.PRODUCT_STRIDE).plain('i32Mul');
    code.get(CORE).word(layout.CORE_PRODUCTS).plain('i32Add');
    this.#frame.hold('products', 'word');
    code.get(CORE).word(layout.CORE_POST_STRIDE);
    this.#frame.hold('stride', 'word');
    if (this.#products.some(({ masked }) => masked)) {
      code.get(CORE).word(layout.CORE_POST_TIME).get(BLOCK).word(layout.BLOCK_TARGET).plain('i32Add');
      this.#frame.hold('at y0', 'word');
    }
    this.#postColumns((gate) => gate !== 'x0');
  }

  /** Leaves the innermost block if the row has nothing to do. */
  beginRow(): void {
    this.#scalars();
    this.#columns();
    this.#lookForTags();
    this.#listGroups();
    this.#splats();
  }

  /** What is the same for the row: s of every product. Leaves the block if all are 0. */
  #scalars(): void {
    const code = this.#code;
    const layout = this.#layout;
    code.get(CORE).word(layout.CORE_PRE_TIME).get(AXON).plain('i32Add').byteU(0);
    this.#frame.hold('spike', 'word');
    const live = this.#frame.get('live');
    for (const plan of this.#products) {
      this.#coefficient(plan, 'mantissa');
      code.get(live).i32(plan.index).plain('i32ShrU').i32(1).plain('i32And', 'i32Mul');
      if (plan.gate === 'x0') code.get(this.#frame.get('spike')).i32(0).plain('i32Ne', 'i32Mul');
      for (const factor of plan.scalars) {
        this.#rowFactor(plan, factor);
        code.plain('i32Mul');
      }
      this.#frame.hold(`s ${plan.index}`, 'word');
    }
    this.#products.forEach(({ index }, i) => {
      code.get(this.#frame.get(`s ${index}`));
      if (i > 0) code.plain('i32Or');
    });
    code.plain('i32Eqz').leave();
  }

  /** Pushes a number of a product: from its record if schedules change it. */
  #coefficient({ index, coefficients }: ProductPlan, name: keyof Coefficient): Code {
    const code = this.#code;
    const layout = this.#layout;
    if (coefficients.every((other) => other[name] === coefficients[0]![name]))
      return code.i32(coefficients[0]![name]);
    const place = index * layout.PRODUCT_STRIDE;
    code.get(this.#frame.get('products'));
    if (name === 'mantissa') return code.byteS(place + layout.PRODUCT_MANTISSA);
    return code.byteU(place + (name === 'down' ? layout.PRODUCT_DOWN : layout.PRODUCT_UP));
  }

  #rowFactor({ gate }: ProductPlan, factor: FactorPlan): void {
    const { variable, constant, sign, limit } = factor;
    const code = this.#code;
    const layout = this.#layout;
    if (variable === 'x0') code.get(this.#frame.get('spike')).i32(0).plain('i32Ne');
    else if (variable === 'r0') code.get(CORE).word(layout.CORE_REWARD_COUNT).i32(0).plain('i32Ne');
    else if (isPre(factor)) {
      code.get(CORE).word(layout.CORE_X_HISTORY);
      if (gate === 'x0') code.get(this.#frame.get('spike'));
      else code.get(CORE).word(layout.CORE_EPOCH_STEPS);
      code.plain('i32Add').byteU(traceIndex(factor) * layout.HISTORY_STEPS);
      this.#offset(constant, limit);
    } else if (variable === 'r1') {
      code.get(CORE).word(layout.CORE_REWARD_TRACE);
      this.#offset(constant, limit);
    } else {
      // d or t where the block has none: they are 0.
      const kept = limit === 0 ? constant : Math.min(limit, Math.max(-limit - 1, constant));
      code.i32(sign ? Math.sign(constant) : kept);
    }
  }

  /** sat(x + constant) of the word on the stack. */
  #offset(constant: number, limit: number): void {
    if (constant !== 0) this.#code.i32(constant).plain('i32Add');
    if (limit !== 0) this.#saturate(limit);
  }

  /** The word on the stack, at most `limit` and at least -limit - 1. */
  #saturate(limit: number): void {
    const code = this.#code;
    const word = this.#frame.scratchWord;
    for (const [bound, comparison] of [
      [limit, 'i32LtS'],
      [-limit - 1, 'i32GtS'],
    ] as const)
      code.set(word).get(word).i32(bound).get(word).i32(bound).plain(comparison, 'select');
  }

  /** Where the row and the columns of its targets are. */
  #columns(): void {
    const code = this.#code;
    const layout = this.#layout;
    code.get(INDEX).get(BLOCK).word(layout.BLOCK_COLUMN_STRIDE).plain('i32Mul');
    const offset = this.#frame.hold('offset', 'word');
    code.get(BLOCK).word(layout.BLOCK_WEIGHTS).get(offset).plain('i32Add');
    this.#frame.hold('at w', 'word');
    if (this.#shape.hasDelays) {
      code.get(BLOCK).word(layout.BLOCK_DELAYS).get(offset).plain('i32Add');
      this.#frame.hold('at d', 'word');
    }
    if (this.#shape.hasTags) {
      code.get(BLOCK).word(layout.BLOCK_TAGS).get(offset).i32(1).plain('i32Shl', 'i32Add');
      this.#frame.hold('at t', 'word');
    }
    if (this.#shape.partial) {
      code.get(BLOCK).word(layout.BLOCK_EXISTS).get(offset).plain('i32Add');
      this.#frame.hold('at exists', 'word');
    }
    this.#postColumns((gate) => gate === 'x0');
    for (const { columns } of this.#products) {
      for (const factor of columns) if (isPre(factor)) this.#preTables(factor);
    }
  }

  /** Leaves the innermost block if all products that act have the tag as a factor, and no tag of the row is other than 0. */
  #lookForTags(): void {
    const hasTag = ({ columns }: ProductPlan): boolean =>
      columns.some(({ variable, constant }) => variable === 't' && constant === 0);
    if (!this.#products.some(hasTag)) return;
    const code = this.#code;
    const { scratchWord, scratchVector, at } = this.#frame;
    code.i32(0);
    for (const plan of this.#products)
      if (!hasTag(plan)) code.get(this.#frame.get(`s ${plan.index}`)).plain('i32Or');
    code.set(scratchWord).get(scratchWord).plain('i32Eqz', 'if');
    code.words(0).set(scratchVector).i32(0).set(at).plain('loop');
    for (const half of HALVES) {
      code
        .get(this.#frame.get('at t'))
        .get(at)
        .i32(1)
        .plain('i32Shl', 'i32Add')
        .load(GROUP * half);
      code.get(scratchVector).vector('or').set(scratchVector);
    }
    code.get(at).i32(GROUP).plain('i32Add').set(at);
    code.get(at).get(BLOCK).word(this.#layout.BLOCK_COLUMNS).plain('i32LtU').again().plain('end');
    code.get(scratchVector).vector('anyTrue').set(scratchWord).plain('end');
    code.get(scratchWord).plain('i32Eqz').leave();
  }

  /** Where the post traces are that products of some gates read. */
  #postColumns(is: (gate: ProductPlan['gate']) => boolean): void {
    for (const plan of this.#products.filter(({ gate }) => is(gate))) {
      for (const factor of plan.columns) if (isPost(factor)) this.#postColumn(plan, factor);
    }
  }

  /** A post trace is read at the pre spike, at the post spike, or at the end of the epoch. [HW 4.2] */
  #postColumn(plan: ProductPlan, factor: FactorPlan): void {
    const code = this.#code;
    const layout = this.#layout;
    const { gate } = plan;
    const trace = traceIndex(factor);
    const stride = this.#frame.get('stride');
    const tables = { x0: 'CORE_POST_HISTORY', y0: 'CORE_POST_OWN', u: 'CORE_POST_TRACE' } as const;
    code.get(CORE).word(layout[tables[gate]]).get(BLOCK).word(layout.BLOCK_TARGET).plain('i32Add');
    code.i32(trace);
    if (gate === 'x0') {
      // Row (step - 1) · 3 + trace of the history; without a pre spike the product is 0 whatever it reads.
      const spike = this.#frame.get('spike');
      code.get(spike).get(spike).i32(0).plain('i32Ne', 'i32Sub').i32(3).plain('i32Mul', 'i32Add');
    }
    code.get(stride).plain('i32Mul', 'i32Add');
    this.#frame.hold(`at ${traceColumn(plan, factor)}`, 'word');
  }

  /** The course of a pre trace through the epoch, to be looked up by the step of each post spike. */
  #preTables(factor: FactorPlan): void {
    const layout = this.#layout;
    for (let i = 0; i <= this.#shape.epochSteps; i += GROUP) {
      this.#code
        .get(CORE)
        .word(layout.CORE_X_HISTORY)
        .load(traceIndex(factor) * layout.HISTORY_STEPS + i);
      this.#frame.hold(`course of ${factor.variable} from ${i}`, 'vector');
    }
  }

  /**
   * Goes to the first group of columns, behind FIRST, in which some product can be other than 0: a target fired, or a
   * trace is not 0. The block's list of these groups is made by the first row of an epoch that needs it; with a
   * product gated by x0 it depends on the step of the pre spike. Leaves the innermost block if there is none.
   */
  #listGroups(): void {
    const code = this.#code;
    const layout = this.#layout;
    const [at, next] = [this.#frame.at, this.#frame.next];
    const depends = this.#products.some(({ gate }) => gate === 'x0');
    code.get(BLOCK).word(layout.BLOCK_GROUPS);
    const list = this.#frame.hold('list', 'word');
    if (depends) code.get(this.#frame.get('spike')).i32(1).plain('i32Add');
    else code.i32(1);
    const version = this.#frame.hold('version', 'word');
    code.get(list).word(0).get(version).plain('i32Ne', 'if');
    code.get(list).get(version).storeWord(0);
    this.#liveMasks();
    code.i32(0).set(at).get(list).set(next).plain('loop');
    code.get(next).get(at).storeWord(4).get(next);
    this.#lookForWork();
    code.i32(2).plain('i32Shl', 'i32Add').set(next);
    code.get(at).i32(GROUP).plain('i32Add').set(at);
    code.get(at).get(BLOCK).word(layout.BLOCK_COLUMNS).plain('i32LtU').again().plain('end');
    code.get(next).i32(-1).storeWord(4).plain('end');
    code.get(list).set(next).plain('loop');
    code.get(next).i32(4).plain('i32Add').set(next).get(next).word(0).set(at);
    code.get(at).get(FIRST).plain('i32LtU').again().plain('end');
    code.get(at).get(END).plain('i32LtU', 'i32Eqz').leave();
    code.get(next);
    this.#frame.hold('begin', 'word');
  }

  /** Columns that tell where a product can be other than 0, and the products; null if one can be anywhere. */
  #witnesses(): ReadonlyMap<string, readonly ProductPlan[]> | null {
    const witnesses = new Map<string, ProductPlan[]>();
    for (const plan of this.#products) {
      const trace = plan.columns.find((factor) => isPost(factor) && factor.constant === 0);
      if (!plan.masked && trace === undefined) return null;
      const name = plan.masked ? 'y0' : traceColumn(plan, trace!);
      witnesses.set(name, [...(witnesses.get(name) ?? []), plan]);
    }
    return witnesses;
  }

  /** All ones for every witness of a product that acts in this epoch, and with this pre spike. */
  #liveMasks(): void {
    const code = this.#code;
    for (const [name, plans] of this.#witnesses() ?? []) {
      code.i32(0);
      for (const { index, gate } of plans) {
        code.get(this.#frame.get('live')).i32(index).plain('i32ShrU').i32(1).plain('i32And');
        if (gate === 'x0') code.get(this.#frame.get('spike')).i32(0).plain('i32Ne', 'i32And');
        code.plain('i32Or');
      }
      code.set(this.#frame.scratchWord).i32(0).get(this.#frame.scratchWord).plain('i32Sub').vector('splat');
      this.#frame.hold(`lives ${name}`, 'vector');
    }
  }

  /** Pushes 1 if any product can be other than 0 in the group, else 0. */
  #lookForWork(): void {
    const code = this.#code;
    const witnesses = this.#witnesses();
    if (witnesses === null) code.i32(1);
    else {
      [...witnesses.keys()].forEach((name, i) => {
        code
          .get(this.#frame.get(`at ${name}`))
          .get(this.#frame.at)
          .plain('i32Add')
          .load(0);
        code.get(this.#frame.get(`lives ${name}`)).vector('and');
        if (i > 0) code.vector('or');
      });
      code.vector('anyTrue');
    }
  }

  /** The scalars as vectors, as the form of each product wants them. */
  #splats(): void {
    const code = this.#code;
    for (const plan of this.#products) {
      const { index, form, down, up } = plan;
      const s = this.#frame.get(`s ${index}`);
      const hold = (name: string, splat: VectorName): void => {
        code.vector(splat);
        this.#frame.hold(`${name} ${index}`, 'vector');
      };
      // s << (D - down), and the power of two that is left.
      const aligned = (): void => {
        code.get(s);
        if (plan.coefficients.length === 1) return;
        code.i32(down);
        this.#coefficient(plan, 'down').plain('i32Sub', 'i32Shl');
      };
      const power = (splat: VectorName): void => {
        if (up !== null) return;
        code.i32(1);
        this.#coefficient(plan, 'up').plain('i32Shl');
        hold('power', splat);
      };
      const whole = (): void => {
        code.get(s);
        this.#coefficient(plan, 'down').plain('i32ShrS');
        this.#coefficient(plan, 'up').plain('i32Shl');
      };
      if (form === 'shared') {
        whole();
        if (!this.#frame.isWide(plan.target)) this.#saturate(HALF_MAX);
        hold('value', this.#frame.isWide(plan.target) ? 'splat' : 'splat16');
      } else if (form === 'halves') {
        aligned();
        this.#coefficient(plan, 'up').plain('i32Shl');
        hold('factor', 'splat16');
      } else if (form === 'split') {
        whole();
        hold('factor', 'splat16');
        if (down > 0) {
          code.get(s).i32(1);
          this.#coefficient(plan, 'down').plain('i32Shl').i32(1).plain('i32Sub', 'i32And').i32(down);
          this.#coefficient(plan, 'down').plain('i32Sub', 'i32Shl');
          hold('rest', 'splat16');
          power('splat16');
        }
      } else {
        aligned();
        if (multipliesHalves(plan)) code.i32(0xffff).plain('i32And');
        hold('factor', 'splat');
        power('splat');
      }
    }
  }
}
