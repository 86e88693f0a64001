// Arithmetic instructions of neuron programs as vector code: the result is left on the stack.

import type { Mnemonic } from '../../program/instructions.ts';
import type { Operand } from '../../program/program.ts';
import { type ProgramFrame, SIGN, X, Y } from './program-frame.ts';
import { contains, productRange, type Range, WORD } from './program-range.ts';
import type { Code, VectorName } from './wasm-code.ts';

const SHIFTED: readonly Mnemonic[] = ['shl', 'shr', 'shz', 'mul', 'mulz', 'mulm'];

const BINARY: Partial<Record<Mnemonic, VectorName>> = {
  add: 'add',
  sub: 'sub',
  and: 'and',
  or: 'or',
  xor: 'xor',
  min: 'min',
  max: 'max',
};
const COMPARE: Partial<Record<Mnemonic, VectorName>> = {
  eq: 'eq',
  ne: 'ne',
  lt: 'lt',
  le: 'le',
  gt: 'gt',
  ge: 'ge',
};
const UNARY: Partial<Record<Mnemonic, VectorName>> = { not: 'not', neg: 'neg', abs: 'abs' };

/** True of instructions whose last operand is a distance, which must be one for all compartments. */
export const isShift = (op: Mnemonic): boolean => SHIFTED.includes(op);

/** True of instructions whose result is all ones or 0 on the stack, and 1 or 0 where it is kept. */
export const isComparison = (op: Mnemonic): boolean => COMPARE[op] !== undefined;

export class ProgramArithmetic {
  readonly #frame: ProgramFrame;

  constructor(frame: ProgramFrame) {
    this.#frame = frame;
  }

  get #code(): Code {
    return this.#frame.code;
  }

  /** Pushes the result of an arithmetic instruction. */
  push(op: Mnemonic, sources: readonly Operand[], ranges: readonly Range[]): void {
    const [a, b, c] = sources;
    const code = this.#code;
    const binary = BINARY[op];
    const compare = COMPARE[op];
    const unary = UNARY[op];
    if (binary !== undefined) {
      this.#frame.operand(a);
      this.#frame.operand(b).vector(binary);
    } else if (compare !== undefined) {
      this.#frame.operand(a);
      this.#frame.operand(b).vector(compare); // all ones, not yet 1
    } else if (unary !== undefined) this.#frame.operand(a).vector(unary);
    else if (op === 'mov' || op === 'wrap') this.#frame.operand(a);
    else if (op === 'sgn') {
      this.#frame.operand(a).set(X).get(X).i32(31).vector('shrS');
      code.get(X).vector('neg').i32(31).vector('shrU', 'or');
    } else if (op === 'clip') {
      this.#frame.operand(a);
      this.#frame.operand(b).vector('max');
      this.#frame.operand(c).vector('min');
    } else if (op === 'sel') this.#select(a, b, c);
    else if (op === 'shl' || op === 'shr') {
      this.#frame
        .operand(a)
        .i32(this.#frame.distance(b))
        .vector(op === 'shl' ? 'shl' : 'shrS');
    } else if (op === 'shz') {
      this.#frame.operand(a);
      this.#shiftTowardZero(this.#frame.distance(b) & 31);
    } else this.#multiply(op, sources, ranges);
  }

  #select(condition: Operand | undefined, a: Operand | undefined, b: Operand | undefined): void {
    if (this.#frame.shared(a) === 0) {
      this.#frame.operand(b);
      this.#frame.truth(condition).vector('andnot');
    } else if (this.#frame.shared(b) === 0) {
      this.#frame.operand(a);
      this.#frame.truth(condition).vector('and');
    } else {
      this.#frame.operand(a);
      this.#frame.operand(b);
      this.#frame.truth(condition).vector('bitselect');
    }
  }

  /** Pushes 2^n - 1 where x is negative, else 0. */
  #carry(n: number): void {
    this.#code.get(X).i32(31).vector('shrS');
    this.#code.i32(32 - n).vector('shrU');
  }

  /** (x + (2^n - 1 where x is negative)) >> n, of what is on the stack. */
  #shiftTowardZero(n: number): void {
    if (n === 0) return;
    const code = this.#code.set(X).get(X);
    this.#carry(n);
    code.vector('add').i32(n).vector('shrS');
  }

  /** A product by the shortest way that holds it. */
  #multiply(op: Mnemonic, [a, b, c]: readonly Operand[], [x = WORD, y = WORD]: readonly Range[]): void {
    const code = this.#code;
    const n = this.#frame.distance(c) & 63;
    const isFloored = op === 'mul';
    // With a negative b the magnitude is rounded up.
    const isPlain = op !== 'mulm' || y.low >= 0;
    const most = 2 ** n - 1;
    if (n === 0 || (n < 32 && isPlain && contains(WORD, productRange(x, y)))) {
      this.#frame.operand(a);
      this.#frame.operand(b).vector('mul');
      if (isFloored) code.i32(n).vector('shrS');
      else this.#shiftTowardZero(n);
    } else if (n < 32 && y.low >= 0 && most * y.high + most < 2 ** 32) {
      // a = 2^n high + low: high b + (low b >> n), where the second product and what rounds it fit 32 bits.
      this.#frame.operand(a).set(X).get(X).i32(n).vector('shrS');
      this.#frame.operand(b).vector('mul').get(X).words(most).vector('and');
      this.#frame.operand(b).vector('mul');
      if (!isFloored) {
        this.#carry(n);
        code.vector('add');
      }
      code.i32(n).vector('shrU', 'add');
    } else if (op === 'mulm') this.#multiplyMagnitude(a, b, n);
    else this.#multiplyLong(op, a, b, n);
  }

  #multiplyLong(op: Mnemonic, a: Operand | undefined, b: Operand | undefined, n: number): void {
    const code = this.#code;
    this.#frame.operand(a).set(X);
    this.#frame.operand(b).set(Y);
    for (const half of ['productLow', 'productHigh'] as const) {
      code.get(X).get(Y).vector(half);
      if (op === 'mulz') {
        code.set(SIGN).get(SIGN).get(SIGN).i32(63).vector('shrS64');
        code.longs((1n << BigInt(n)) - 1n).vector('and', 'add64');
      }
      code.i32(n).vector('shrS64');
    }
    code.shuffle([0, 2, 4, 6]);
  }

  /** sgn(a) · floor(|a| · b / 2^n): |a| is unsigned, so where b is negative |a| · 2^32 is too much. */
  #multiplyMagnitude(a: Operand | undefined, b: Operand | undefined, n: number): void {
    const code = this.#code;
    this.#frame.operand(a).set(X).get(X).i32(31).vector('shrS').set(SIGN);
    code.get(X).vector('abs').set(X);
    this.#frame.operand(b).set(Y);
    for (const { half, places } of [
      { half: 'productLowU', places: [0, 4, 1, 5] },
      { half: 'productHighU', places: [2, 6, 3, 7] },
    ] as const) {
      code.get(X).get(Y).vector(half);
      code.words(0).get(X).get(Y).i32(31).vector('shrS', 'and').shuffle(places).vector('sub64');
      code.i32(n).vector('shrS64');
    }
    code.shuffle([0, 2, 4, 6]).get(SIGN).vector('xor').get(SIGN).vector('sub');
  }
}
