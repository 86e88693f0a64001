// The instruction set of neuron programs: one row per mnemonic, read by the assembler, the image loader and the
// documentation's test. Public is only what a Loihi 2 program can do, not how it is written or encoded [HW 7];
// `status` says which of the two stands behind a row (U7).

/** What stands at a place behind a mnemonic. */
export type Place =
  /** A state word or a temporary that the instruction writes. */
  | 'destination'
  /** Any readable name, or a number. */
  | 'source'
  /** A table. */
  | 'table'
  /** A number in the text. */
  | 'number';

export interface InstructionSpec {
  /** Places that must be there. */
  readonly places: readonly Place[];
  /** Value of a last source that may be left out. */
  readonly optional?: number;
  /** As written, with the letters that `says` uses. */
  readonly form: string;
  readonly says: string;
  /** `public`: a program can do this [HW 7]; `assumed`: an emulator assumption (U7). */
  readonly status: 'public' | 'assumed';
}

const D = 'destination';
const S = 'source';

export const INSTRUCTIONS = {
  mov: { places: [D, S], form: 'mov d, a', says: 'd = a', status: 'public' },
  add: { places: [D, S, S], form: 'add d, a, b', says: 'd = a + b', status: 'public' },
  sub: { places: [D, S, S], form: 'sub d, a, b', says: 'd = a - b', status: 'public' },
  neg: { places: [D, S], form: 'neg d, a', says: 'd = -a', status: 'public' },
  mul: {
    places: [D, S, S],
    optional: 0,
    form: 'mul d, a, b, n',
    says: 'd = floor(a · b / 2^n); the product has 64 bits; n is 0 if left out',
    status: 'public',
  },
  mulz: {
    places: [D, S, S],
    optional: 0,
    form: 'mulz d, a, b, n',
    says: 'd = a · b / 2^n, rounded toward zero',
    status: 'assumed',
  },
  mulm: {
    places: [D, S, S],
    optional: 0,
    form: 'mulm d, a, b, n',
    says: 'd = sgn(a) · floor(|a| · b / 2^n): the decay of a by a factor b, as [HW 2.2]',
    status: 'assumed',
  },
  and: { places: [D, S, S], form: 'and d, a, b', says: 'd = a & b, bit by bit', status: 'public' },
  or: { places: [D, S, S], form: 'or d, a, b', says: 'd = a | b', status: 'public' },
  xor: { places: [D, S, S], form: 'xor d, a, b', says: 'd = a ^ b', status: 'public' },
  not: { places: [D, S], form: 'not d, a', says: 'd = ~a', status: 'public' },
  eq: { places: [D, S, S], form: 'eq d, a, b', says: 'd = 1 if a = b, else 0', status: 'public' },
  ne: { places: [D, S, S], form: 'ne d, a, b', says: 'd = 1 if a ≠ b, else 0', status: 'public' },
  lt: { places: [D, S, S], form: 'lt d, a, b', says: 'd = 1 if a < b, else 0', status: 'public' },
  le: { places: [D, S, S], form: 'le d, a, b', says: 'd = 1 if a ≤ b, else 0', status: 'public' },
  gt: { places: [D, S, S], form: 'gt d, a, b', says: 'd = 1 if a > b, else 0', status: 'public' },
  ge: { places: [D, S, S], form: 'ge d, a, b', says: 'd = 1 if a ≥ b, else 0', status: 'public' },
  shl: {
    places: [D, S, S],
    form: 'shl d, a, n',
    says: 'd = a · 2^n; of n the low five bits count, here and below',
    status: 'assumed',
  },
  shr: { places: [D, S, S], form: 'shr d, a, n', says: 'd = floor(a / 2^n)', status: 'assumed' },
  shz: {
    places: [D, S, S],
    form: 'shz d, a, n',
    says: 'd = a / 2^n, rounded toward zero',
    status: 'assumed',
  },
  abs: { places: [D, S], form: 'abs d, a', says: 'd = |a|', status: 'assumed' },
  sgn: { places: [D, S], form: 'sgn d, a', says: 'd = -1, 0 or 1, as a < 0, = 0 or > 0', status: 'assumed' },
  min: { places: [D, S, S], form: 'min d, a, b', says: 'd = the lesser of a and b', status: 'assumed' },
  max: { places: [D, S, S], form: 'max d, a, b', says: 'd = the greater of a and b', status: 'assumed' },
  clip: {
    places: [D, S, S, S],
    form: 'clip d, a, b, c',
    says: 'd = min(max(a, b), c): a within b..c',
    status: 'assumed',
  },
  wrap: {
    places: [D, S, 'number'],
    form: 'wrap d, a, n',
    says: 'd = the low n bits of a, the highest of them the sign',
    status: 'assumed',
  },
  sel: { places: [D, S, S, S], form: 'sel d, a, b, c', says: 'd = b if a ≠ 0, else c', status: 'assumed' },
  clz: {
    places: [D, S],
    form: 'clz d, a',
    says: 'd = number of zeros before the first one of the 32 bits of a',
    status: 'assumed',
  },
  look: {
    places: [D, 'table', S],
    form: 'look d, T, a',
    says: 'd = element a modulo the length of table T; element -1 is the last',
    status: 'assumed',
  },
  rand: { places: [D, 'number'], form: 'rand d, n', says: 'd = n random bits, 0..2^n - 1', status: 'public' },
  if: {
    places: [S],
    form: 'if a … else … end',
    says: 'what follows, up to else or end, only where a ≠ 0; else is optional',
    status: 'public',
  },
  else: { places: [], form: 'else', says: 'what follows, up to end, only where a was 0', status: 'public' },
  end: { places: [], form: 'end', says: 'closes if; not an instruction of its own', status: 'public' },
  send: {
    places: [],
    optional: 1,
    form: 'send a',
    says: 'a spike with payload a, or 1 if a is left out; of several in one step the last counts',
    status: 'public',
  },
  post: {
    places: [],
    form: 'post',
    says: 'a post spike for the synapses that end here; in a program that has it, send makes none',
    status: 'assumed',
  },
  y1: { places: [S], form: 'y1 a', says: 'post trace y1 = a within 0..127', status: 'public' },
  y2: { places: [S], form: 'y2 a', says: 'post trace y2 = a within 0..127', status: 'public' },
  y3: { places: [S], form: 'y3 a', says: 'post trace y3 = a within 0..127', status: 'public' },
} as const satisfies Record<string, InstructionSpec>;

export type Mnemonic = keyof typeof INSTRUCTIONS;

export const MNEMONICS = Object.keys(INSTRUCTIONS) as readonly Mnemonic[];

export function isMnemonic(name: string): name is Mnemonic {
  return Object.hasOwn(INSTRUCTIONS, name);
}

export function specOf(mnemonic: Mnemonic): InstructionSpec {
  return INSTRUCTIONS[mnemonic];
}
