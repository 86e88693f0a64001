// The steps of a sample, counted from 0. A spike fired in step s acts on its targets in step s + 1. Layer n is one step
// behind layer n - 1. Errors go down layer by layer, then all layers learn at once. Both take two rounds: first speak the
// neurons that should fire more, then those that should fire less, with a step for each number that counts.

import type { Settings } from './settings.ts';

export interface Timeline {
  /** By layer from below, the outputs last: neurons know their desires and begin to tell of their errors, if anybody is below. */
  readonly say: readonly number[];
  /** First step in which neurons with a desire tell how much they fired: those that should fire more. */
  readonly more: number;
  /** First step of those that should fire less. */
  readonly less: number;
  readonly steps: number;
  /** Of a test sample. */
  readonly testSteps: number;
}

export function timeline({ steps, hidden, errorLevels, spikeLevels }: Settings): Timeline {
  const layers = hidden.length;
  const judge = steps + layers;
  const say = Array.from({ length: layers + 1 }, (_, l) => judge + 2 * errorLevels.length * (layers - l));
  // The lowest layer has nobody to tell of its errors.
  const more = say[0]!;
  const less = more + spikeLevels.length;
  return {
    say,
    more,
    less,
    // What is said in the last step arrives one step later, and so does the answer of a test.
    steps: less + spikeLevels.length + 1,
    testSteps: judge + 2,
  };
}
