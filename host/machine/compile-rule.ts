// A learning rule as a WebAssembly function over one row of a block: the same bits as the interpreter of
// assembly/microcode.ts, sixteen columns at a time as two vectors of eight 16-bit lanes. The accumulator of a rule is
// 15 bits and a sign, so its saturating sum is one instruction of such lanes; products leave 16 bits only where the
// ranges of their factors do.
//
//   (chip, core, block, row, axon, first column, end) → weights changed | weights clipped << 16

import type { ProductImage } from '../image/image.ts';
import type { Layout } from './core-module.ts';
import { TARGETS } from './load-rule.ts';
import type { Coefficient, FactorPlan, ProductPlan, RulePlan, RuleShape } from './rule-shape.ts';
import { Code, type LocalType, type VectorName, type WasmFunction } from './wasm-code.ts';

type Target = ProductImage['target'];

const CHIP = 0;
const CORE = 1;
const BLOCK = 2;
const INDEX = 3;
const AXON = 4;
const FIRST = 5;
const END = 6;
const PARAMETERS = 7;

const FRACTION_BITS = 7;
const HALF_MAX = 32767;
/** Columns of one turn of the loop. */
const GROUP = 16;
const HALVES = [0, 1] as const;
type Half = (typeof HALVES)[number];

// The numbers of assembly/random.ts.
const GOLDEN = 0x9e3779b9;
const MIX_FIRST = 0x85ebca6b;
const MIX_SECOND = 0xc2b2ae35;

/** What the products of a half of the columns add up to, or one product: a vector of halves, or two of words. */
type Lanes = { readonly narrow: number } | { readonly wide: readonly [number, number] };

const WIDEN = ['lowHalvesS', 'highHalvesS'] as const;
const UNPACK = ['lowBytesU', 'highBytesU'] as const;
const UNPACK_SIGNED = ['lowBytesS', 'highBytesS'] as const;

function isPre({ variable }: FactorPlan): boolean {
  return variable === 'x1' || variable === 'x2';
}

function isPost({ variable }: FactorPlan): boolean {
  return variable === 'y1' || variable === 'y2' || variable === 'y3';
}

/** Place of a trace among its kind. */
function traceIndex({ variable }: FactorPlan): number {
  return Number(variable.slice(1)) - 1;
}

/** Name of the column that a product reads a trace from. */
function traceColumn(plan: ProductPlan, factor: FactorPlan): string {
  return `${plan.gate} ${factor.variable}`;
}

/** A factor that can lose its mask as bytes: the trace itself. */
function isPlainTrace(factor: FactorPlan): boolean {
  return (isPost(factor) || isPre(factor)) && factor.constant === 0;
}

class RuleCompiler {
  readonly #shape: RuleShape;
  readonly #products: readonly ProductPlan[];
  readonly #targets: readonly Target[];
  readonly #layout: Layout;
  readonly #code = new Code();
  readonly #locals: LocalType[] = [];
  /** Locals by what they hold: addresses and splats of the row, vectors of the running columns. */
  readonly #held = new Map<string, number>();
  readonly #scratchWord: number;
  readonly #scratchVector: number;
  /** First column of the running group; address of its place in the block's list. */
  readonly #at: number;
  readonly #next: number;
  /** Weights that stayed what they were; weights that were clipped, by lane. */
  readonly #kept: number;
  readonly #clipped: number;

  constructor({ shape, products }: RulePlan, layout: Layout) {
    this.#shape = shape;
    this.#products = products;
    this.#targets = (['w', 'd', 't'] as const).filter((z) => products.some(({ target }) => target === z));
    this.#layout = layout;
    this.#scratchWord = this.#local('word');
    this.#scratchVector = this.#local('vector');
    this.#at = this.#local('word');
    this.#next = this.#local('word');
    this.#kept = this.#local('word');
    this.#clipped = this.#local('vector');
  }

  compile(): WasmFunction {
    const code = this.#code;
    this.#scalars();
    this.#columns();
    this.#listGroups();
    this.#splats();
    this.#randomKeys();
    code.plain('loop');
    this.#maskRagged();
    for (const target of this.#targets) this.#learn(target);
    code.get(this.#next).i32(4).plain('i32Add').set(this.#next).get(this.#next).word(0).set(this.#at);
    code.get(this.#at).get(END).plain('i32LtU').again().plain('end');
    this.#counts();
    return { parameters: PARAMETERS, locals: this.#locals, code };
  }

  #local(type: LocalType): number {
    return PARAMETERS + this.#locals.push(type) - 1;
  }

  #get(name: string): number {
    const local = this.#held.get(name);
    if (local === undefined) throw new Error(`no local holds "${name}"`);
    return local;
  }

  /** Sets the local of a name to what is on the stack. */
  #hold(name: string, type: LocalType): number {
    const local = this.#held.get(name) ?? this.#local(type);
    this.#held.set(name, local);
    this.#code.set(local);
    return local;
  }

  /** The vector of a name; `push` computes it the first time. */
  #vector(name: string, push: () => void): number {
    const local = this.#held.get(name);
    if (local !== undefined) return local;
    push();
    return this.#hold(name, 'vector');
  }

  // ---- The row --------------------------------------------------------------------------------------------------

  /** What is the same for the row: s of every product. Returns from the function if all are 0. */
  #scalars(): void {
    const code = this.#code;
    const layout = this.#layout;
    code.get(CORE).word(layout.CORE_PRE_TIME).get(AXON).plain('i32Add').byteU(0);
    this.#hold('spike', 'word');
    code.get(BLOCK).word(layout.BLOCK_LIVE);
    const live = this.#hold('live', 'word');
    code.get(BLOCK).word(layout.BLOCK_PRODUCTS).i32(layout.PRODUCT_STRIDE).plain('i32Mul');
    code.get(CORE).word(layout.CORE_PRODUCTS).plain('i32Add');
    this.#hold('products', 'word');
    for (const plan of this.#products) {
      this.#coefficient(plan, 'mantissa');
      code.get(live).i32(plan.index).plain('i32ShrU').i32(1).plain('i32And', 'i32Mul');
      if (plan.gate === 'x0') code.get(this.#get('spike')).i32(0).plain('i32Ne', 'i32Mul');
      for (const factor of plan.scalars) {
        this.#rowFactor(plan, factor);
        code.plain('i32Mul');
      }
      this.#hold(`s ${plan.index}`, 'word');
    }
    this.#products.forEach(({ index }, i) => {
      code.get(this.#get(`s ${index}`));
      if (i > 0) code.plain('i32Or');
    });
    code.plain('i32Eqz', 'if').i32(0).plain('return', 'end');
  }

  /** Pushes a number of a product: from its record if schedules change it. */
  #coefficient({ index, coefficients }: ProductPlan, name: keyof Coefficient): Code {
    const code = this.#code;
    const layout = this.#layout;
    if (coefficients.every((other) => other[name] === coefficients[0]![name]))
      return code.i32(coefficients[0]![name]);
    const place = index * layout.PRODUCT_STRIDE;
    code.get(this.#get('products'));
    if (name === 'mantissa') return code.byteS(place + layout.PRODUCT_MANTISSA);
    return code.byteU(place + (name === 'down' ? layout.PRODUCT_DOWN : layout.PRODUCT_UP));
  }

  #rowFactor({ gate }: ProductPlan, factor: FactorPlan): void {
    const { variable, constant, sign, limit } = factor;
    const code = this.#code;
    const layout = this.#layout;
    if (variable === 'x0') code.get(this.#get('spike')).i32(0).plain('i32Ne');
    else if (variable === 'r0') code.get(CORE).word(layout.CORE_REWARD_COUNT).i32(0).plain('i32Ne');
    else if (isPre(factor)) {
      code.get(CORE).word(layout.CORE_X_HISTORY);
      if (gate === 'x0') code.get(this.#get('spike'));
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
    const word = this.#scratchWord;
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
    const offset = this.#hold('offset', 'word');
    code.get(BLOCK).word(layout.BLOCK_WEIGHTS).get(offset).plain('i32Add');
    this.#hold('at w', 'word');
    if (this.#shape.hasDelays) {
      code.get(BLOCK).word(layout.BLOCK_DELAYS).get(offset).plain('i32Add');
      this.#hold('at d', 'word');
    }
    if (this.#shape.hasTags) {
      code.get(BLOCK).word(layout.BLOCK_TAGS).get(offset).i32(1).plain('i32Shl', 'i32Add');
      this.#hold('at t', 'word');
    }
    code.get(CORE).word(layout.CORE_POST_STRIDE);
    this.#hold('stride', 'word');
    if (this.#products.some(({ masked }) => masked)) {
      code.get(CORE).word(layout.CORE_POST_TIME).get(BLOCK).word(layout.BLOCK_TARGET).plain('i32Add');
      this.#hold('at y0', 'word');
    }
    for (const plan of this.#products) {
      for (const factor of plan.columns) {
        if (isPost(factor)) this.#postColumn(plan, factor);
        else if (isPre(factor)) this.#preTables(factor);
      }
    }
  }

  /** A post trace is read at the pre spike, at the post spike, or at the end of the epoch. [HW 4.2] */
  #postColumn(plan: ProductPlan, factor: FactorPlan): void {
    const code = this.#code;
    const layout = this.#layout;
    const { gate } = plan;
    const trace = traceIndex(factor);
    const stride = this.#get('stride');
    const tables = { x0: 'CORE_POST_HISTORY', y0: 'CORE_POST_OWN', u: 'CORE_POST_TRACE' } as const;
    code.get(CORE).word(layout[tables[gate]]).get(BLOCK).word(layout.BLOCK_TARGET).plain('i32Add');
    code.i32(trace);
    if (gate === 'x0') {
      // Row (step - 1) · 3 + trace of the history; without a pre spike the product is 0 whatever it reads.
      const spike = this.#get('spike');
      code.get(spike).get(spike).i32(0).plain('i32Ne', 'i32Sub').i32(3).plain('i32Mul', 'i32Add');
    }
    code.get(stride).plain('i32Mul', 'i32Add');
    this.#hold(`at ${traceColumn(plan, factor)}`, 'word');
  }

  /** The course of a pre trace through the epoch, to be looked up by the step of each post spike. */
  #preTables(factor: FactorPlan): void {
    const layout = this.#layout;
    for (let i = 0; i <= this.#shape.epochSteps; i += GROUP) {
      this.#code
        .get(CORE)
        .word(layout.CORE_X_HISTORY)
        .load(traceIndex(factor) * layout.HISTORY_STEPS + i);
      this.#hold(`course of ${factor.variable} from ${i}`, 'vector');
    }
  }

  /**
   * Goes to the first group of columns, behind FIRST, in which some product can be other than 0: a target fired, or a
   * trace is not 0. The block's list of these groups is made by the first row of an epoch that needs it; with a
   * product gated by x0 it depends on the step of the pre spike. Returns from the function if there is none.
   */
  #listGroups(): void {
    const code = this.#code;
    const layout = this.#layout;
    const [at, next] = [this.#at, this.#next];
    const depends = this.#products.some(({ gate }) => gate === 'x0');
    code.get(BLOCK).word(layout.BLOCK_GROUPS);
    const list = this.#hold('list', 'word');
    if (depends) code.get(this.#get('spike')).i32(1).plain('i32Add');
    else code.i32(1);
    const version = this.#hold('version', 'word');
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
    code.get(at).get(END).plain('i32LtU', 'i32Eqz', 'if').i32(0).plain('return', 'end');
    code.get(next);
    this.#hold('begin', 'word');
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
        code.get(this.#get('live')).i32(index).plain('i32ShrU').i32(1).plain('i32And');
        if (gate === 'x0') code.get(this.#get('spike')).i32(0).plain('i32Ne', 'i32And');
        code.plain('i32Or');
      }
      code.set(this.#scratchWord).i32(0).get(this.#scratchWord).plain('i32Sub').vector('splat');
      this.#hold(`lives ${name}`, 'vector');
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
          .get(this.#get(`at ${name}`))
          .get(this.#at)
          .plain('i32Add')
          .load(0);
        code.get(this.#get(`lives ${name}`)).vector('and');
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
      const s = this.#get(`s ${index}`);
      const hold = (name: string, splat: VectorName): void => {
        code.vector(splat);
        this.#hold(`${name} ${index}`, 'vector');
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
        if (!this.#isWide(plan.target)) this.#saturate(HALF_MAX);
        hold('value', this.#isWide(plan.target) ? 'splat' : 'splat16');
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
        if (this.#multipliesHalves(plan)) code.i32(0xffff).plain('i32And');
        hold('factor', 'splat');
        power('splat');
      }
    }
  }

  /** True if a product of words is one of halves: the dot product with (s, 0). */
  #multipliesHalves({ scalarBound, columnBound }: ProductPlan): boolean {
    return scalarBound <= HALF_MAX && columnBound <= HALF_MAX;
  }

  /** True if a sum that saturates once may leave 16 bits on the way. */
  #isWide(target: Target): boolean {
    const sum = this.#products.reduce((all, plan) => all + (plan.target === target ? plan.bound : 0), 0);
    return this.#shape.once && sum > HALF_MAX;
  }

  // ---- Random numbers: assembly/random.ts -----------------------------------------------------------------------

  #mixWord(): void {
    const code = this.#code;
    const x = this.#scratchWord;
    const fold = (distance: number): void => {
      code.set(x).get(x).get(x).i32(distance).plain('i32ShrU', 'i32Xor');
    };
    fold(16);
    code.i32(MIX_FIRST).plain('i32Mul');
    fold(13);
    code.i32(MIX_SECOND).plain('i32Mul');
    fold(16);
  }

  /** Pushes the key of `key` and the coordinate that `push` pushes. */
  #deriveKey(key: number, push: () => void): void {
    const code = this.#code;
    push();
    code.i32(GOLDEN).plain('i32Add');
    this.#mixWord();
    code.get(key).i32(6).plain('i32Shl', 'i32Add').get(key).plain('i32Xor');
    this.#mixWord();
  }

  /** What the words of column 0 begin with, per target; two columns share a word. */
  #randomKeys(): void {
    const code = this.#code;
    const layout = this.#layout;
    code.get(BLOCK).word(layout.BLOCK_KEY);
    const key = this.#hold('key', 'word');
    this.#deriveKey(key, () => code.get(CHIP).word(layout.CHIP_TIME));
    this.#hold('key', 'word');
    this.#deriveKey(key, () => {
      code.get(BLOCK).word(layout.BLOCK_ROW_INDEX).get(INDEX).i32(2).plain('i32Shl', 'i32Add').word(0);
    });
    this.#hold('key', 'word');
    for (const target of this.#targets) {
      this.#deriveKey(key, () => code.i32(layout[TARGETS[target]]));
      code.get(BLOCK).word(layout.BLOCK_COLUMN_BASE).i32(1).plain('i32ShrU');
      code.i32(GOLDEN).plain('i32Mul', 'i32Add');
      this.#hold(`key ${target}`, 'word');
    }
  }

  #wordBytes(word: number): number[] {
    return [0, 8, 16, 24].map((shift) => (word >>> shift) & 255);
  }

  /** Pushes words 4 n to 4 n + 3 behind the counter. */
  #randomWords(target: Target, n: number): void {
    const code = this.#code;
    const x = this.#scratchVector;
    const fold = (distance: number): void => {
      code.set(x).get(x).get(x).i32(distance).vector('shrU', 'xor');
    };
    const counter = this.#vector(`counter ${target}`, () => {
      code.get(this.#at).i32(1).plain('i32ShrU').i32(GOLDEN).plain('i32Mul').get(this.#get(`key ${target}`)).plain('i32Add');
      code.vector('splat');
      code.byteList([0, 1, 2, 3].flatMap((i) => this.#wordBytes(Math.imul(i, GOLDEN)))).vector('add');
    });
    code.get(counter);
    if (n > 0) code.words(Math.imul(4 * n, GOLDEN)).vector('add');
    fold(16);
    code.words(MIX_FIRST).vector('mul');
    fold(13);
    code.words(MIX_SECOND).vector('mul');
    fold(16);
  }

  /** 16 random bits per column: the halves of the words, lower ones first. */
  #randomHalves(target: Target, half: Half): number {
    const words = (n: number): number =>
      this.#vector(`random ${target} ${n}`, () => {
        this.#randomWords(target, n);
      });
    if (!this.#shape.odd) return words(half);
    const next = words(half + 1);
    return this.#vector(`random ${target} from the middle ${half}`, () => {
      this.#code
        .get(words(half))
        .get(next)
        .shuffleBytes(Array.from({ length: 16 }, (_, i) => i + 2));
    });
  }

  // ---- Sixteen columns ------------------------------------------------------------------------------------------

  /** Behind the last column the sums stay what they were. */
  #maskRagged(): void {
    const { ragged } = this.#shape;
    if (ragged === 0) return;
    const code = this.#code;
    for (const half of HALVES) {
      code.get(END).get(this.#at).plain('i32Sub').i32(GROUP).plain('i32LtU').plain('if');
      const real = Array.from({ length: 8 }, (_, i) => (8 * half + i < ragged ? 255 : 0));
      code.byteList(real.flatMap((byte) => [byte, byte]));
      this.#hold(`real ${half}`, 'vector');
      code.plain('else').words(-1);
      this.#hold(`real ${half}`, 'vector');
      code.plain('end');
    }
  }

  /** Sixteen bytes of a column. */
  #bytes(name: string): number {
    return this.#vector(`bytes ${name}`, () => {
      this.#code
        .get(this.#get(`at ${name}`))
        .get(this.#at)
        .plain('i32Add')
        .load(0);
    });
  }

  /** All ones where the target fired. */
  #firedBytes(): number {
    return this.#vector('fired', () => {
      this.#code.get(this.#bytes('y0')).words(0).vector('ne8');
    });
  }

  #fired(half: Half): number {
    return this.#vector(`fired ${half}`, () => {
      this.#code.get(this.#firedBytes()).vector(UNPACK_SIGNED[half]);
    });
  }

  /** A trace as bytes: a post trace, or x1 or x2 at each post spike. */
  #traceBytes(plan: ProductPlan, factor: FactorPlan): number {
    const column = traceColumn(plan, factor);
    if (isPost(factor)) return this.#bytes(column);
    return this.#vector(`bytes ${column}`, () => {
      const code = this.#code;
      for (let i = 0; i <= this.#shape.epochSteps; i += GROUP) {
        // Places outside of a table give 0.
        code.get(this.#get(`course of ${factor.variable} from ${i}`)).get(this.#bytes('y0'));
        if (i > 0) code.byteList(new Array<number>(GROUP).fill(i)).vector('sub8');
        code.vector('swizzle');
        if (i > 0) code.vector('or');
      }
    });
  }

  /** Stored weights as signed bytes. */
  #centredBytes(): number {
    return this.#vector('bytes w centred', () => {
      this.#code.get(this.#bytes('w')).byteList(this.#leastBytes).vector('sub8');
    });
  }

  get #leastBytes(): number[] {
    return new Array<number>(GROUP).fill(this.#shape.least & 255);
  }

  /** A variable of a synapse as it was before the epoch, << 7: where its accumulator begins. */
  #begin(target: Target, half: Half): number {
    return this.#vector(`begin ${target} ${half}`, () => {
      const { dropped, least } = this.#shape;
      const code = this.#code;
      const shift = FRACTION_BITS + dropped;
      if (target === 't') {
        code
          .get(this.#get('at t'))
          .get(this.#at)
          .i32(1)
          .plain('i32Shl', 'i32Add')
          .load(16 * half);
        code.i32(FRACTION_BITS).vector('shl16');
      } else if (target === 'd') {
        code.get(this.#bytes('d')).vector(UNPACK[half]).i32(FRACTION_BITS).vector('shl16');
      } else if (shift === 8) {
        // A byte in the upper half of its lane is the byte << 8.
        code.words(0).get(this.#centredBytes());
        code.shuffleBytes(Array.from({ length: 16 }, (_, i) => (i >> 1) + 8 * half + (i & 1 ? 16 : 0)));
      } else {
        code.get(this.#bytes('w')).vector(UNPACK[half]).i32(shift).vector('shl16');
        if (least !== 0) code.halves(least << shift).vector('add16');
      }
    });
  }

  /** sat(V + C) or sgn(V + C) of eight columns; 0 where the target did not fire, if `masked`. */
  #factor(plan: ProductPlan, factor: FactorPlan, half: Half, masked: boolean): number {
    const { variable, constant, sign, limit } = factor;
    const column = isPost(factor) || isPre(factor) ? traceColumn(plan, factor) : variable;
    return this.#vector(`${column} ${constant} ${sign} ${masked} ${half}`, () => {
      const code = this.#code;
      const x = this.#scratchVector;
      if (isPost(factor) && !masked) {
        code
          .get(this.#get(`at ${column}`))
          .get(this.#at)
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
      return { narrow: this.#hold(`c ${index} ${half}`, 'vector') };
    }
    const [low, high] = HALVES.map((part) => {
      factors.forEach((factor, i) => {
        code.get(factor).vector(WIDEN[part]);
        if (i > 0) code.vector('mul');
      });
      return this.#hold(`c ${index} ${half} ${part}`, 'vector');
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
      const value = this.#get(`value ${index}`);
      if (this.#isWide(target)) {
        const [low, high] = HALVES.map((part) => {
          code.get(value);
          if (masked) code.get(this.#fired(half)).vector(WIDEN[part], 'and');
          return this.#hold(`${name} ${part}`, 'vector');
        });
        return { wide: [low!, high!] };
      }
      if (!masked) return { narrow: value };
      code.get(value).get(this.#fired(half)).vector('and');
      return { narrow: this.#hold(name, 'vector') };
    }
    const lanes = this.#columnProduct(plan, half);
    const factor = this.#get(`factor ${index}`);
    if (form === 'words') {
      const [low, high] = HALVES.map((part) => {
        this.#pushWords(lanes, part);
        code.get(factor).vector(this.#multipliesHalves(plan) ? 'dot' : 'mul');
        if (down > 0) code.i32(down).vector('shrS');
        if (up === null) code.get(this.#get(`power ${index}`)).vector('mul');
        else if (up > 0) code.i32(up).vector('shl');
        return this.#hold(`${name} ${part}`, 'vector');
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
        .get(this.#get(`rest ${index}`))
        .vector('mul16')
        .i32(down)
        .vector('shrS16');
      if (up === null) code.get(this.#get(`power ${index}`)).vector('mul16');
      else if (up > 0) code.i32(up).vector('shl16');
      code.vector('add16');
    }
    return { narrow: this.#hold(name, 'vector') };
  }

  /** Pushes the value of a product, saturated to 16 bits. */
  #pushSaturated(plan: ProductPlan, half: Half): void {
    const lanes = this.#value(plan, half);
    if ('narrow' in lanes) this.#code.get(lanes.narrow);
    else this.#code.get(lanes.wide[0]).get(lanes.wide[1]).vector('narrow16');
  }

  /** The accumulator of a target after all products, for eight columns. */
  #sum(target: Target, half: Half): number {
    const code = this.#code;
    const begin = this.#begin(target, half);
    const products = this.#products.filter((plan) => plan.target === target);
    if (this.#isWide(target)) {
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
    if (this.#shape.ragged !== 0)
      code
        .get(begin)
        .get(this.#get(`real ${half}`))
        .vector('bitselect');
    return this.#hold(`sum ${target} ${half}`, 'vector');
  }

  /**
   * Pushes sums rounded stochastically to a multiple of 2^shift, shifted right: the magnitude goes up if r < its rest,
   * r being as many random bits (C11). With u = 2^shift - 1 that is (sum + u - r) >> shift for a sum of 0 or more and
   * (sum + r) >> shift for the others; u - r is r with its bits inverted. A sum that goes up beyond 16 bits saturates
   * to the greatest number of steps that the range has, and is counted as clipped by `#clip`.
   */
  #round(target: Target, half: Half, shift: number, sign: RuleShape['signMode']): void {
    const code = this.#code;
    let sum = this.#sum(target, half);
    if (sign !== 'mixed') {
      code
        .get(sum)
        .words(0)
        .vector(sign === 'excitatory' ? 'max16' : 'min16');
      sum = this.#hold(`signed ${target} ${half}`, 'vector');
    }
    code.get(this.#randomHalves(target, half));
    if (sign === 'excitatory') code.vector('not');
    else if (sign === 'mixed') code.get(sum).words(-1).vector('gt16', 'xor');
    code.i32(16 - shift).vector('shrU16');
    const added = this.#hold(`added ${target} ${half}`, 'vector');
    if (target === 'w') this.#clip(sum, added, sign, shift);
    code
      .get(sum)
      .get(added)
      .vector(sign === 'inhibitory' ? 'add16' : 'addSat16');
    if (sign === 'inhibitory') code.halves(this.#shape.least << shift).vector('max16');
    code.i32(shift).vector('shrS16');
  }

  /** Counts the lanes of a sum that leave the range: only upwards, or below an inhibitory weight's least value. */
  #clip(sum: number, added: number, sign: RuleShape['signMode'], shift: number): void {
    const code = this.#code;
    const clipped = this.#clipped;
    code.get(clipped);
    if (sign === 'inhibitory') code.halves(this.#shape.least << shift);
    else code.get(sum);
    code.get(sum).get(added).vector('add16', 'gt16', 'sub16').set(clipped);
  }

  /** Rounds and stores a target of sixteen columns. */
  #learn(target: Target): void {
    if (target === 'w') this.#learnWeights();
    else if (target === 'd') this.#learnDelays();
    else this.#learnTags();
  }

  #learnWeights(): void {
    const { signMode, dropped, least } = this.#shape;
    const code = this.#code;
    const shift = FRACTION_BITS + dropped;
    for (const half of HALVES) {
      this.#round('w', half, shift, signMode);
      if (signMode === 'inhibitory') code.halves(least).vector('sub16');
      this.#hold(`steps ${half}`, 'vector');
    }
    code.get(this.#get('steps 0')).get(this.#get('steps 1'));
    if (signMode === 'mixed') code.vector('narrow8').byteList(this.#leastBytes);
    code.vector(signMode === 'mixed' ? 'sub8' : 'narrow8U');
    const after = this.#hold('after w', 'vector');
    code.get(this.#get('at w')).get(this.#at).plain('i32Add').get(after).store(0);
    code.get(after).get(this.#bytes('w')).vector('eq8', 'bitmask8').plain('i32Popcnt');
    code.get(this.#kept).plain('i32Add').set(this.#kept);
  }

  #learnDelays(): void {
    const code = this.#code;
    for (const half of HALVES) {
      this.#round('d', half, FRACTION_BITS, 'excitatory');
      code.get(BLOCK).word(this.#layout.BLOCK_DELAY_MAX).vector('splat16', 'min16');
      this.#hold(`delays ${half}`, 'vector');
    }
    code.get(this.#get('at d')).get(this.#at).plain('i32Add');
    code.get(this.#get('delays 0')).get(this.#get('delays 1')).vector('narrow8U').store(0);
  }

  #learnTags(): void {
    const code = this.#code;
    for (const half of HALVES) {
      code.get(this.#get('at t')).get(this.#at).i32(1).plain('i32Shl', 'i32Add');
      this.#round('t', half, FRACTION_BITS, 'mixed');
      code.store(16 * half);
    }
  }

  #counts(): void {
    const code = this.#code;
    const sums = this.#scratchVector;
    code.get(this.#clipped).vector('sumPairs').set(sums);
    for (const lane of [0, 1, 2, 3]) {
      code.get(sums).wordOf(lane);
      if (lane > 0) code.plain('i32Add');
    }
    code.i32(16).plain('i32Shl');
    // Sixteen columns per word of the list, less those that kept their weight.
    if (this.#targets.includes('w'))
      code.get(this.#next).get(this.#get('begin')).plain('i32Sub').i32(2).plain('i32Shl');
    else code.i32(0);
    code.get(this.#kept).plain('i32Sub', 'i32Or');
  }
}

export function compileRule(plan: RulePlan, layout: Layout): WasmFunction {
  return new RuleCompiler(plan, layout).compile();
}
