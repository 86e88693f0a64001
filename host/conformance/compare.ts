// Compares what was recorded of a vector with what it expects, and says where the two differ first.

import { ConformanceError } from './conformance-error.ts';
import type { Recording } from './replay.ts';
import { expectedRows, flatRow, type Vector } from './vector.ts';

/** A value that differs. */
export interface Difference {
  /** From 1; null for what does not change. */
  readonly step: number | null;
  /** e.g. `nrn.v[3]` or `c0.weights[2][5]`. */
  readonly place: string;
  readonly expected: number;
  readonly got: number;
}

/** `[i]`, or `[post][pre]` of a flat index. */
export function indexText(shape: readonly number[], index: number): string {
  const places: number[] = [];
  let rest = index;
  for (const length of [...shape].reverse()) {
    places.unshift(rest % length);
    rest = Math.floor(rest / length);
  }
  return places.map((place) => `[${place}]`).join('');
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, length) => size * length, 1);
}

function firstOf(
  recording: Recording,
  expected: readonly Int32Array[],
  hasSteps: boolean,
): Difference | undefined {
  for (const [row, wanted] of expected.entries()) {
    const got = recording.rows[row];
    const index = wanted.findIndex((value, i) => value !== got?.[i]);
    if (index < 0) continue;
    return {
      step: hasSteps ? row + 1 : null,
      place: `${recording.name}${indexText(recording.shape, index)}`,
      expected: wanted[index]!,
      got: got?.[index] ?? Number.NaN,
    };
  }
  return undefined;
}

/** The first difference in time; among those of one step, in the order of the file. Undefined if there is none. */
export function firstDifference(vector: Vector, recordings: readonly Recording[]): Difference | undefined {
  let first: Difference | undefined;
  for (const recording of recordings) {
    const { id, variable, name, shape } = recording;
    const data = vector.expected[id]?.[variable];
    if (data === undefined) throw new ConformanceError(`is malformed: nothing is expected of ${name}`);
    const constant = variable === 'weights_effective';
    const expected = constant
      ? [flatRow(name, data, sizeOf(shape))]
      : expectedRows(name, data, vector.steps, sizeOf(shape));
    const difference = firstOf(recording, expected, !constant);
    if (difference === undefined) continue;
    if (first === undefined || (difference.step ?? 0) < (first.step ?? 0)) first = difference;
  }
  return first;
}

/** The line of a difference, without the vector's name. */
export function describeDifference({ step, place, expected, got }: Difference): string {
  const when = step === null ? 'before step 1' : `step ${step}`;
  return `${when}, ${place}: expected ${expected}, got ${got}`;
}
