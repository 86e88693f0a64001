// Numbers that a case names by a seed: they stay the same when anything else of the case changes.

import type { SeededCase } from './fuzz-case.ts';

export function pick<T>(list: readonly T[], index: number): T {
  return list[index % list.length]!;
}

/** uint32 number i of a seed. */
export function hash(seed: number, i: number): number {
  let h = Math.imul(seed ^ Math.imul(i + 1, 0x27d4eb2f), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 15), 0xc2b2ae35);
  return (h ^ (h >>> 13)) >>> 0;
}

/** An integer from `low` to `high`, in the style of a seeded list. */
export function valueAt({ seed, style }: SeededCase, i: number, low: number, high: number): number {
  const random = hash(seed, i);
  if (style === 'extreme')
    return random % 3 === 0 ? low : random % 3 === 1 ? high : Math.min(Math.max(0, low), high);
  if (style === 'strong') return random % 8 === 0 ? low : high;
  const even = low + (random % (high - low + 1));
  return style === 'small' ? Math.trunc(Math.min(Math.max(even / 16, low), high)) : even;
}

export function valuesOf(
  list: SeededCase,
  salt: number,
  count: number,
  low: number,
  high: number,
): Int32Array {
  const salted = { ...list, seed: list.seed + salt };
  return Int32Array.from({ length: count }, (_, i) => valueAt(salted, i, low, high));
}
