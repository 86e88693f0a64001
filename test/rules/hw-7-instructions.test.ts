// Every instruction of neuron programs against a plain formula in bigint, on the edges of 32 bits. [HW 7], U7

import { describe, expect, it } from 'vitest';
import { MNEMONICS, type Mnemonic } from '../../host/program/instructions.ts';
import { ProgramMachine } from '../support/program-machine.ts';
import { BUILDS } from '../support/small-network.ts';

const MIN = -(2 ** 31);
const MAX = 2 ** 31 - 1;
const EDGES = [
  0,
  1,
  -1,
  2,
  -2,
  3,
  5,
  -7,
  64,
  4095,
  -4096,
  65535,
  65536,
  2 ** 23,
  -(2 ** 23),
  123456789,
  MAX - 1,
  MAX,
  MIN,
  MIN + 1,
];

const pairs = EDGES.flatMap((a) => EDGES.map((b) => [a, b] as const));
const A = pairs.map(([a]) => a);
const B = pairs.map(([, b]) => b);

const word = (x: bigint): number => Number(BigInt.asIntN(32, x));
const magnitude = (x: bigint): bigint => (x < 0n ? -x : x);
/** Toward zero, as bigint division is. */
const towardZero = (x: bigint, n: bigint): bigint => x / 2n ** n;
const sign = (x: bigint): bigint => (x > 0n ? 1n : x < 0n ? -1n : 0n);

/** d = f(a, b, n). */
const FORMULAS: Partial<Record<Mnemonic, (a: bigint, b: bigint, n: bigint) => bigint>> = {
  mov: (a) => a,
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  neg: (a) => -a,
  mul: (a, b, n) => (a * b) >> n,
  mulz: (a, b, n) => towardZero(a * b, n),
  mulm: (a, b, n) => sign(a) * ((magnitude(a) * b) >> n),
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
  not: (a) => ~a,
  eq: (a, b) => (a === b ? 1n : 0n),
  ne: (a, b) => (a !== b ? 1n : 0n),
  lt: (a, b) => (a < b ? 1n : 0n),
  le: (a, b) => (a <= b ? 1n : 0n),
  gt: (a, b) => (a > b ? 1n : 0n),
  ge: (a, b) => (a >= b ? 1n : 0n),
  shl: (a, _, n) => a << (n & 31n),
  shr: (a, _, n) => a >> (n & 31n),
  shz: (a, _, n) => towardZero(a, n & 31n),
  abs: (a) => magnitude(a),
  sgn: (a) => sign(a),
  min: (a, b) => (a < b ? a : b),
  max: (a, b) => (a > b ? a : b),
  clz: (a) => BigInt(Math.clz32(Number(a))),
};

const BINARY: readonly Mnemonic[] = [
  'add',
  'sub',
  'and',
  'or',
  'xor',
  'eq',
  'ne',
  'lt',
  'le',
  'gt',
  'ge',
  'min',
  'max',
];
const UNARY: readonly Mnemonic[] = ['mov', 'neg', 'not', 'abs', 'sgn', 'clz'];
const PRODUCTS: readonly Mnemonic[] = ['mul', 'mulz', 'mulm'];
const SHIFTS: readonly Mnemonic[] = ['shl', 'shr', 'shz'];

/** Runs one instruction on all pairs of edges; `n` is one number for all or one for each. */
function run(build: (typeof BUILDS)[number], line: string, n: number | number[] = 0, head = ''): number[] {
  const text = `param a:32, b:32, n:u6\nstate d:32\n${head}\n${line}`;
  const machine = new ProgramMachine(
    { populations: [{ name: 'cells', size: A.length, program: { text, parameters: { a: A, b: B, n } } }] },
    build,
  ).watch('cells', 'state d');
  return machine.step().recorded('cells', 'state d')[0]!;
}

function expected(op: Mnemonic, n: number | number[]): number[] {
  const formula = FORMULAS[op]!;
  return A.map((a, i) => word(formula(BigInt(a), BigInt(B[i]!), BigInt(typeof n === 'number' ? n : n[i]!))));
}

const distances = A.map((_, i) => (i * 7) % 64);

describe.each(BUILDS)('HW 7 neuron programs, %s build', (build) => {
  it.each(UNARY)('%s is its formula for every edge', (op) => {
    expect(run(build, `${op} d, a`)).toEqual(expected(op, 0));
  });

  it.each(BINARY)('%s is its formula for every pair of edges', (op) => {
    expect(run(build, `${op} d, a, b`)).toEqual(expected(op, 0));
  });

  it.each(SHIFTS)('%s is its formula for distances of one and of every compartment', (op) => {
    for (const n of [0, 1, 6, 31]) expect(run(build, `${op} d, a, ${n}`)).toEqual(expected(op, n));
    for (const n of [0, 13, 31, 35]) expect(run(build, `${op} d, a, n`, n)).toEqual(expected(op, n));
    expect(run(build, `${op} d, a, n`, distances)).toEqual(expected(op, distances));
  });

  it.each(PRODUCTS)('%s multiplies to 64 bits before it shifts', (op) => {
    expect(run(build, `${op} d, a, b`)).toEqual(expected(op, 0));
    for (const n of [0, 1, 12, 31, 32, 47, 63]) {
      expect(run(build, `${op} d, a, b, ${n}`)).toEqual(expected(op, n));
      expect(run(build, `${op} d, a, b, n`, n)).toEqual(expected(op, n));
    }
    expect(run(build, `${op} d, a, b, n`, distances)).toEqual(expected(op, distances));
  });

  it('clip keeps within two bounds, the upper one last', () => {
    const clip = (x: number, low: number, high: number): number => Math.min(Math.max(x, low), high);
    expect(run(build, 'clip d, a, -100, b')).toEqual(A.map((a, i) => clip(a, -100, B[i]!)));
    expect(run(build, 'clip d, a, b, 100')).toEqual(A.map((a, i) => clip(a, B[i]!, 100)));
  });

  it('sel takes the second where the first is not 0', () => {
    expect(run(build, 'sel d, a, b, 17')).toEqual(A.map((a, i) => (a !== 0 ? B[i]! : 17)));
  });

  it('wrap keeps the low bits, the highest of them the sign', () => {
    for (const bits of [1, 8, 22, 31])
      expect(run(build, `wrap d, a, ${bits}`)).toEqual(A.map((a) => Number(BigInt.asIntN(bits, BigInt(a)))));
  });

  it('look takes the index modulo the length, downward too', () => {
    const table = [10, -20, 30, 40, 50];
    const at = (i: number): number => table[((i % 5) + 5) % 5]!;
    expect(run(build, 'look d, T, a', 0, `table T = ${table.join(', ')}`)).toEqual(A.map(at));
  });

  it('index and time are the place in the population and the number of the step', () => {
    const text = 'state d:32, t:32\nmov d, index\nmov t, time';
    const machine = new ProgramMachine(
      { populations: [{ name: 'cells', size: 300, program: { text } }] },
      build,
    ).watch('cells', 'state d', 'state t');
    machine.step().step();
    expect(machine.recorded('cells', 'state d')[1]).toEqual(Array.from({ length: 300 }, (_, i) => i));
    expect(machine.recorded('cells', 'state t').map((row) => row[299])).toEqual([1, 2]);
  });

  it('a condition holds for its compartments only, else for the others, and both nest', () => {
    const lines = [
      'if a',
      '  gt c, b, 0',
      '  if c',
      '    add d, d, 1',
      '  else',
      '    add d, d, 2',
      '    mov c, 5',
      '  end',
      '  add d, d, c',
      'else',
      '  mov d, -9',
      'end',
      'shl d, d, 1',
    ];
    const got = run(build, lines.join('\n'), 0, 'temp c');
    expect(got).toEqual(A.map((a, i) => 2 * (a === 0 ? -9 : B[i]! > 0 ? 1 + 1 : 2 + 5)));
  });

  it('a state word keeps the bits of its width, and what it loses counts as an overflow', () => {
    const text = 'param a:32\nstate d:8\nmov d, a';
    const machine = new ProgramMachine(
      { populations: [{ name: 'cells', size: A.length, program: { text, parameters: { a: A } } }] },
      build,
    ).watch('cells', 'state d');
    machine.step();
    expect(machine.recorded('cells', 'state d')[0]).toEqual(
      A.map((a) => Number(BigInt.asIntN(8, BigInt(a)))),
    );
    expect(machine.counts().overflows).toBe(1n);
  });

  it('padding compartments neither overflow nor count', () => {
    const text = 'param a:8\nstate d:8\nadd d, d, a';
    const machine = new ProgramMachine(
      { populations: [{ name: 'cells', size: 5, program: { text, parameters: { a: [0, 0, 0, 0, 0] } } }] },
      build,
    );
    for (let t = 0; t < 200; t++) machine.step();
    expect(machine.counts().overflows).toBe(0n);
    expect(machine.counts().programInstructions).toBe(1000n);
  });
});

it('every instruction has a test: those without a formula are tested by name', () => {
  const named: readonly Mnemonic[] = ['clip', 'sel', 'wrap', 'look', 'if', 'else', 'end'];
  const elsewhere: readonly Mnemonic[] = ['rand', 'send', 'post', 'y1', 'y2', 'y3'];
  const tested = [...UNARY, ...BINARY, ...SHIFTS, ...PRODUCTS, ...named, ...elsewhere];
  expect(tested.toSorted()).toEqual(MNEMONICS.toSorted());
});
