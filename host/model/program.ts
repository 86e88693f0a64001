// Neuron programs, one compartment and one instruction after the other. [HW 7]
//
// Assumed (U7): the instruction set, its 32-bit words, its roundings, and what counts as an executed instruction.

import type { GroupImage, NeuronProgramImage } from '../image/image.ts';
import { magnitude, sat, sgn, shift, shiftMagnitude, wrap } from './arithmetic.ts';

type Instruction = NeuronProgramImage['instructions'][number];
type Operand = Instruction['sources'][number];

/** Magnitude bits of a word. */
const WORD_BITS = 31;
const TRACE_MAX = 127n;

function truth(condition: boolean): bigint {
  return condition ? 1n : 0n;
}

/** The low five bits of a shift distance; of a product's, which has 64 bits, the low six. */
function distance(n: bigint, bits: number): number {
  return Number(BigInt.asUintN(bits, n));
}

/** What each arithmetic instruction makes of its sources, before the result is cut to a word. */
const RESULTS: Readonly<Record<string, (a: bigint, b: bigint, c: bigint) => bigint>> = {
  mov: (a) => a,
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  neg: (a) => -a,
  mul: (a, b, n) => shift(a * b, -distance(n, 6)),
  mulz: (a, b, n) => shiftMagnitude(a * b, -distance(n, 6)),
  mulm: (a, b, n) => sgn(a) * shift(magnitude(a) * b, -distance(n, 6)),
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
  not: (a) => ~a,
  eq: (a, b) => truth(a === b),
  ne: (a, b) => truth(a !== b),
  lt: (a, b) => truth(a < b),
  le: (a, b) => truth(a <= b),
  gt: (a, b) => truth(a > b),
  ge: (a, b) => truth(a >= b),
  shl: (a, n) => shift(a, distance(n, 5)),
  shr: (a, n) => shift(a, -distance(n, 5)),
  shz: (a, n) => shiftMagnitude(a, -distance(n, 5)),
  abs: (a) => magnitude(a),
  sgn: (a) => sgn(a),
  min: (a, b) => (a < b ? a : b),
  max: (a, b) => (a > b ? a : b),
  clip: (a, b, c) => {
    const atLeast = a > b ? a : b;
    return atLeast < c ? atLeast : c;
  },
  wrap: (a, n) => wrap(a, Number(n) - 1),
  sel: (a, b, c) => (a !== 0n ? b : c),
  clz: (a) => BigInt(32 - (a === 0n ? 0 : BigInt.asUintN(32, a).toString(2).length)),
};

/** What a compartment's program finds in a step. */
export interface ProgramInput {
  /** What has arrived at each port, in units of the weights. */
  readonly ports: readonly bigint[];
  readonly time: number;
  /** 32 random bits of an instruction, by its place in the program. */
  readonly random: (instruction: number) => number;
}

/** What it leaves, besides its state words. */
export interface ProgramOutcome {
  /** Payload of the spike; undefined = none. */
  readonly sent: bigint | undefined;
  readonly posted: boolean;
  /** y1, y2, y3 where it wrote them. */
  readonly traces: readonly (number | undefined)[];
  readonly executed: number;
  readonly drawn: number;
  readonly overflowed: boolean;
}

/** State words of compartment `i` of a group before the first step, and after a reset. */
export function initialWords({ state }: NeuronProgramImage, i: number): bigint[] {
  return state.map(({ initial }) => BigInt(initial.length === 1 ? initial[0]! : initial[i]!));
}

export function hasPost({ instructions }: NeuronProgramImage): boolean {
  return instructions.some(({ op }) => op === 'post');
}

/** Runs the program of compartment `i` of a group once; `words` are its state words. */
export function runProgram(
  program: NeuronProgramImage,
  group: GroupImage,
  i: number,
  words: bigint[],
  input: ProgramInput,
): ProgramOutcome {
  const temporaries = new Array<bigint>(program.temporaries).fill(0n);
  const traces: (number | undefined)[] = [undefined, undefined, undefined];
  const open: { readonly outer: boolean; readonly taken: boolean }[] = [];
  let running = true;
  let sent: bigint | undefined;
  let posted = false;
  let executed = 0;
  let drawn = 0;
  let overflowed = false;

  const operandValue = (operand: Operand): bigint => {
    switch (operand.kind) {
      case 'constant':
        return BigInt(operand.value);
      case 'time':
        return wrap(BigInt(input.time), WORD_BITS);
      case 'index':
        return BigInt(group.element + i);
      case 'state':
        return words[operand.index]!;
      case 'temporary':
        return temporaries[operand.index]!;
      case 'port':
        return input.ports[operand.index]!;
      case 'parameter': {
        const { values } = program.parameters[operand.index]!;
        return wrap(BigInt(values.length === 1 ? values[0]! : values[i]!), WORD_BITS);
      }
      case 'table':
        throw new Error('a table has no single value');
    }
  };

  const resultOf = ({ op, sources }: Instruction, at: number): bigint => {
    if (op === 'rand') {
      drawn++;
      const bits = Number(operandValue(sources[0]!));
      return BigInt(input.random(at)) >> BigInt(32 - bits);
    }
    if (op === 'look') {
      const [list, index] = sources;
      if (list?.kind !== 'table') throw new Error('"look" without a table');
      const table = program.tables[list.index]!;
      const length = BigInt(table.length);
      const place = operandValue(index!) % length;
      return BigInt(table[Number(place < 0n ? place + length : place)]!);
    }
    const [a = 0n, b = 0n, c = 0n] = sources.map(operandValue);
    const result = RESULTS[op];
    if (result === undefined) throw new Error(`the model has no instruction "${op}"`);
    return result(a, b, c);
  };

  program.instructions.forEach((instruction, at) => {
    const { op, destination, sources } = instruction;
    if (op === 'end') {
      running = open.pop()!.outer;
      return;
    }
    if (running) executed++;
    if (op === 'if') {
      const taken = running && operandValue(sources[0]!) !== 0n;
      open.push({ outer: running, taken });
      running = taken;
    } else if (op === 'else') {
      // Whoever comes here from the first part has executed the jump over the second.
      const { outer, taken } = open.at(-1)!;
      running = outer && !taken;
    } else if (running) {
      if (op === 'send') sent = operandValue(sources[0]!);
      else if (op === 'post') posted = true;
      else if (op === 'y1' || op === 'y2' || op === 'y3')
        traces[Number(op[1]) - 1] = Number(sat(operandValue(sources[0]!), 0n, TRACE_MAX));
      else {
        const word = wrap(resultOf(instruction, at), WORD_BITS);
        if (destination?.kind === 'temporary') temporaries[destination.index] = word;
        else if (destination?.kind === 'state') {
          const kept = wrap(word, program.state[destination.index]!.width - 1);
          // "wrap" is asked to lose bits.
          if (kept !== word && op !== 'wrap') overflowed = true;
          words[destination.index] = kept;
        }
      }
    }
  });
  return { sent, posted, traces, executed, drawn, overflowed };
}
