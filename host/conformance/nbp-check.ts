// Checks of a recorded nBP set: each has a name and, if it failed, the first difference.

import type { NpyData } from '../data/npz.ts';

/** One comparison with the record. */
export interface Check {
  readonly name: string;
  /** The first difference; null if there is none. */
  readonly failure: string | null;
}

/** A place in an array of this shape, `[3][17]`. */
function place(shape: readonly number[], at: number): string {
  let rest = at;
  const indices = [...shape].reverse().map((size) => {
    const index = rest % size;
    rest = Math.floor(rest / size);
    return `[${index}]`;
  });
  return indices.reverse().join('');
}

/** Compares what was computed with a recorded array. */
export function compareArray(
  name: string,
  got: ArrayLike<number>,
  { shape, data }: { readonly shape: readonly number[]; readonly data: ArrayLike<number> },
): Check {
  if (got.length !== data.length) {
    return { name, failure: `has ${got.length} values; recorded are ${data.length}` };
  }
  let first = -1;
  let different = 0;
  for (let i = 0; i < got.length; i++) {
    if (got[i] === data[i]) continue;
    if (first < 0) first = i;
    different++;
  }
  if (first < 0) return { name, failure: null };
  return {
    name,
    failure: `${place(shape, first)} is ${got[first]}, recorded ${data[first]}; ${different} of ${got.length} differ`,
  };
}

/** Compares one number. */
export function compareNumber(name: string, got: number | bigint, recorded: number): Check {
  return { name, failure: Number(got) === recorded ? null : `is ${got}, recorded ${recorded}` };
}

/** A check that could not be made. */
export function failed(name: string, failure: string): Check {
  return { name, failure };
}

/** A copy as 16-bit integers, what weights are stored as. */
export function asWeights(data: NpyData): Int16Array {
  return Int16Array.from(data);
}
