// A learning rule as a WebAssembly function over rows of a block: the same bits as the interpreter of
// assembly/microcode.ts, sixteen columns at a time as two vectors of eight 16-bit lanes. The accumulator of a rule is
// 15 bits and a sign, so its saturating sum is one instruction of such lanes; products leave 16 bits only where the
// ranges of their factors do.
//
//   (chip, core, block, row, axon, first column, end) → weights changed | weights clipped << 16
//   (chip, core, block, NO_ROW, notes, end of notes, end) → the same over the rows of a list of axons, which have fewer
//     than 2^16 columns together

import type { Layout } from '../core-module.ts';
import { RuleColumns, UNPACK_SIGNED } from './rule-columns.ts';
import {
  AXON,
  BLOCK,
  END,
  FIRST,
  FRACTION_BITS,
  GROUP,
  HALVES,
  type Half,
  INDEX,
  NO_ROW,
  PARAMETERS,
  RuleFrame,
  type Target,
} from './rule-frame.ts';
import { RuleRandom } from './rule-random.ts';
import { RuleRow } from './rule-row.ts';
import type { RulePlan, RuleShape } from './rule-shape.ts';
import type { Code, WasmFunction } from './wasm-code.ts';

class RuleCompiler {
  readonly #frame: RuleFrame;
  readonly #code: Code;
  readonly #shape: RuleShape;
  readonly #columns: RuleColumns;
  readonly #random: RuleRandom;
  readonly #targets: readonly Target[];
  /** The next of the list of axons, and the list's end. */
  readonly #note: number;
  readonly #lastNote: number;
  /** Columns visited; weights that stayed what they were; weights that were clipped, by lane. */
  readonly #visited: number;
  readonly #kept: number;
  readonly #clipped: number;

  constructor(frame: RuleFrame) {
    const { shape, products } = frame.plan;
    this.#frame = frame;
    this.#code = frame.code;
    this.#shape = shape;
    this.#columns = new RuleColumns(frame);
    this.#random = new RuleRandom(frame);
    this.#targets = (['w', 'd', 't'] as const).filter((z) => products.some(({ target }) => target === z));
    this.#note = frame.local('word');
    this.#lastNote = frame.local('word');
    this.#visited = frame.local('word');
    this.#kept = frame.local('word');
    this.#clipped = frame.local('vector');
  }

  compile(): WasmFunction {
    const { at, next, locals } = this.#frame;
    const code = this.#code;
    const row = new RuleRow(this.#frame);
    this.#beginList();
    row.beginBlock();
    this.#random.blockKey();
    code.plain('loop');
    this.#takeNote();
    code.plain('block').get(INDEX).i32(NO_ROW).plain('i32Eq').leave();
    row.beginRow();
    this.#random.rowKeys(this.#targets);
    // No branch in the loop: what is constant in it stays outside.
    code.plain('loop');
    this.#findSynapses();
    for (const target of this.#targets) this.#learn(target);
    code.get(next).i32(4).plain('i32Add').set(next).get(next).word(0).set(at);
    code.get(at).get(END).plain('i32LtU').again().plain('end');
    this.#visit();
    code.plain('end');
    code.get(this.#note).get(this.#lastNote).plain('i32LtU').again().plain('end');
    this.#counts();
    return { parameters: PARAMETERS, locals, code };
  }

  /** A row alone is a list of nothing, which is gone through once. */
  #beginList(): void {
    const code = this.#code;
    code.get(INDEX).i32(NO_ROW).plain('i32Eq', 'if');
    code.get(AXON).set(this.#note).get(FIRST).set(this.#lastNote).i32(0).set(FIRST).plain('end');
  }

  /** The row of the next axon of the list, if there is a list. */
  #takeNote(): void {
    const code = this.#code;
    code.get(this.#lastNote).plain('if').get(this.#note).halfU(0).set(AXON);
    code.get(BLOCK).word(this.#frame.layout.BLOCK_ROW_OF_AXON).get(AXON).i32(1).plain('i32Shl', 'i32Add');
    code.halfU(0).set(INDEX).get(this.#note).i32(2).plain('i32Add').set(this.#note).plain('end');
  }

  /** Counts sixteen columns per word of the list of groups that was gone through. */
  #visit(): void {
    const code = this.#code;
    code.get(this.#frame.next).get(this.#frame.get('begin')).plain('i32Sub').i32(2).plain('i32Shl');
    code.get(this.#visited).plain('i32Add').set(this.#visited);
  }

  /** Where there is no synapse, as behind the last column, the sums stay what they were. */
  #findSynapses(): void {
    const { ragged, partial } = this.#shape;
    const code = this.#code;
    if (partial) {
      const exists = this.#columns.bytes('exists');
      for (const half of HALVES) {
        code.get(exists).vector(UNPACK_SIGNED[half]);
        this.#frame.hold(`real ${half}`, 'vector');
      }
    }
    if (ragged === 0) return;
    for (const half of HALVES) {
      code.get(END).get(this.#frame.at).plain('i32Sub').i32(GROUP).plain('i32LtU').plain('if');
      const real = Array.from({ length: 8 }, (_, i) => (8 * half + i < ragged ? 255 : 0));
      code.byteList(real.flatMap((byte) => [byte, byte]));
      this.#frame.hold(`real ${half}`, 'vector');
      code.plain('else').words(-1);
      this.#frame.hold(`real ${half}`, 'vector');
      code.plain('end');
    }
  }

  /**
   * Pushes sums rounded stochastically to a multiple of 2^shift, shifted right: the magnitude goes up if r < its rest,
   * r being as many random bits (C11). With u = 2^shift - 1 that is (sum + u - r) >> shift for a sum of 0 or more and
   * (sum + r) >> shift for the others; u - r is r with its bits inverted. A sum that goes up beyond 16 bits saturates
   * to the greatest number of steps that the range has, and is counted as clipped by `#clip`.
   */
  #round(target: Target, half: Half, shift: number, sign: RuleShape['signMode']): void {
    const code = this.#code;
    let sum = this.#columns.sum(target, half);
    if (sign !== 'mixed') {
      code
        .get(sum)
        .words(0)
        .vector(sign === 'excitatory' ? 'max16' : 'min16');
      sum = this.#frame.hold(`signed ${target} ${half}`, 'vector');
    }
    code.get(this.#random.halves(target, half));
    if (sign === 'excitatory') code.vector('not');
    else if (sign === 'mixed') code.get(sum).words(-1).vector('gt16', 'xor');
    code.i32(16 - shift).vector('shrU16');
    const added = this.#frame.hold(`added ${target} ${half}`, 'vector');
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
      this.#frame.hold(`steps ${half}`, 'vector');
    }
    code.get(this.#frame.get('steps 0')).get(this.#frame.get('steps 1'));
    if (signMode === 'mixed') code.vector('narrow8').byteList(this.#columns.leastBytes);
    code.vector(signMode === 'mixed' ? 'sub8' : 'narrow8U');
    const after = this.#frame.hold('after w', 'vector');
    code.get(this.#frame.get('at w')).get(this.#frame.at).plain('i32Add').get(after).store(0);
    code.get(after).get(this.#columns.bytes('w')).vector('eq8', 'bitmask8').plain('i32Popcnt');
    code.get(this.#kept).plain('i32Add').set(this.#kept);
  }

  #learnDelays(): void {
    const code = this.#code;
    for (const half of HALVES) {
      this.#round('d', half, FRACTION_BITS, 'excitatory');
      code.get(BLOCK).word(this.#frame.layout.BLOCK_DELAY_MAX).vector('splat16', 'min16');
      this.#frame.hold(`delays ${half}`, 'vector');
    }
    code.get(this.#frame.get('at d')).get(this.#frame.at).plain('i32Add');
    code.get(this.#frame.get('delays 0')).get(this.#frame.get('delays 1')).vector('narrow8U').store(0);
  }

  #learnTags(): void {
    const code = this.#code;
    for (const half of HALVES) {
      code.get(this.#frame.get('at t')).get(this.#frame.at).i32(1).plain('i32Shl', 'i32Add');
      this.#round('t', half, FRACTION_BITS, 'mixed');
      code.store(16 * half);
    }
  }

  #counts(): void {
    const code = this.#code;
    const sums = this.#frame.scratchVector;
    code.get(this.#clipped).vector('sumPairs').set(sums);
    for (const lane of [0, 1, 2, 3]) {
      code.get(sums).wordOf(lane);
      if (lane > 0) code.plain('i32Add');
    }
    code.i32(16).plain('i32Shl');
    if (this.#targets.includes('w')) code.get(this.#visited).get(this.#kept).plain('i32Sub', 'i32Or');
  }
}

export function compileRule(plan: RulePlan, layout: Layout): WasmFunction {
  return new RuleCompiler(new RuleFrame(plan, layout)).compile();
}
