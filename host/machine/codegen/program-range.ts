// What values the words of a neuron program can have: least and greatest, from the widths of the state, the values of the
// parameters and what each instruction makes of its sources. What may leave 32 bits may be anything.

import type { Mnemonic } from '../../program/instructions.ts';

export interface Range {
  readonly low: number;
  readonly high: number;
}

/** Any word. */
export const WORD: Range = { low: -(2 ** 31), high: 2 ** 31 - 1 };

/** Signed numbers of so many bits, the sign included. */
export function rangeOfBits(bits: number): Range {
  return { low: -(2 ** (bits - 1)), high: 2 ** (bits - 1) - 1 };
}

export function rangeOf(values: ArrayLike<number>): Range {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    low = Math.min(low, values[i]!);
    high = Math.max(high, values[i]!);
  }
  return { low, high };
}

export function union(a: Range, b: Range): Range {
  return { low: Math.min(a.low, b.low), high: Math.max(a.high, b.high) };
}

export function contains(outer: Range, { low, high }: Range): boolean {
  return low >= outer.low && high <= outer.high;
}

/** The greatest magnitude. */
export function magnitude({ low, high }: Range): number {
  return Math.max(Math.abs(low), Math.abs(high));
}

/** A range if it stays within a word. */
function wrapping(low: number, high: number): Range {
  const range = { low, high };
  return contains(WORD, range) ? range : WORD;
}

/** Bits that hold every value of a range, the sign included. */
function bitsOf({ low, high }: Range): number {
  let bits = 1;
  while (!contains(rangeOfBits(bits), { low, high })) bits++;
  return bits;
}

/** Products before their shift; exact, or beyond any word. */
export function productRange(a: Range, b: Range): Range {
  return rangeOf([a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high]);
}

function multiplied(op: Mnemonic, a: Range, b: Range, down: number): Range {
  const { low, high } = productRange(a, b);
  if (Math.max(-low, high) > Number.MAX_SAFE_INTEGER) return WORD;
  const scale = 2 ** down;
  if (op === 'mul') return wrapping(Math.floor(low / scale), Math.floor(high / scale));
  // Toward zero, or with a negative b away from it.
  const [least, most] = [low / scale, high / scale];
  if (op === 'mulz' || b.low >= 0) return wrapping(Math.trunc(least), Math.trunc(most));
  const size = Math.ceil(Math.max(-least, most));
  return wrapping(-size, size);
}

function shifted(op: Mnemonic, { low, high }: Range, by: number): Range {
  const scale = 2 ** by;
  if (op === 'shl') return wrapping(low * scale, high * scale);
  const round = op === 'shr' ? Math.floor : Math.trunc;
  return { low: round(low / scale), high: round(high / scale) };
}

/**
 * What an instruction with a destination leaves in it before it is cut to a width.
 *
 * @param by the distance of a shift, or how many bits are drawn
 */
export function resultRange(op: Mnemonic, sources: readonly Range[], by: number): Range {
  const [a = WORD, b = WORD, c = WORD] = sources;
  switch (op) {
    case 'mov':
    case 'wrap':
      return a;
    case 'not':
      return { low: -1 - a.high, high: -1 - a.low };
    case 'neg':
      return wrapping(-a.high, -a.low);
    case 'abs':
      return wrapping(
        a.low <= 0 && a.high >= 0 ? 0 : Math.min(Math.abs(a.low), Math.abs(a.high)),
        magnitude(a),
      );
    case 'sgn':
      return { low: -1, high: 1 };
    case 'add':
      return wrapping(a.low + b.low, a.high + b.high);
    case 'sub':
      return wrapping(a.low - b.high, a.high - b.low);
    case 'and':
      if (a.low >= 0 && b.low >= 0) return { low: 0, high: Math.min(a.high, b.high) };
      return rangeOfBits(Math.max(bitsOf(a), bitsOf(b)));
    case 'or':
    case 'xor':
      return rangeOfBits(Math.max(bitsOf(a), bitsOf(b)));
    case 'min':
      return { low: Math.min(a.low, b.low), high: Math.min(a.high, b.high) };
    case 'max':
      return { low: Math.max(a.low, b.low), high: Math.max(a.high, b.high) };
    case 'clip':
      return {
        low: Math.min(Math.max(a.low, b.low), c.low),
        high: Math.min(Math.max(a.high, b.high), c.high),
      };
    case 'sel':
      return union(b, c);
    case 'eq':
    case 'ne':
    case 'lt':
    case 'le':
    case 'gt':
    case 'ge':
      return { low: 0, high: 1 };
    case 'rand':
      return wrapping(0, 2 ** by - 1);
    case 'shl':
    case 'shr':
    case 'shz':
      return shifted(op, a, by);
    case 'mul':
    case 'mulz':
    case 'mulm':
      return multiplied(op, a, b, by);
    default:
      return WORD;
  }
}
