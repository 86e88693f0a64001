// The steps of a sample, counted from 0. A spike fired in step s acts on its targets in step s + 1. Layer n is one step
// behind layer n - 1. Errors take two steps a layer on their way down: in the first a neuron says "more", in the second
// "less".

import type { Settings } from './settings.ts';

export interface Timeline {
  /** Last step in which each layer integrates, from below. */
  readonly last: readonly number[];
  /** Outputs have their sums, know the label, and send what should be more. */
  readonly error: number;
  /** Step in which "more" reaches the error neurons of each layer, from below; "less" comes one step later. */
  readonly more: readonly number[];
  readonly steps: number;
  /** Of a test sample. */
  readonly testSteps: number;
}

/** @param layers layers of neurons; `learning` of them, the upper ones, learn */
export function timeline({ steps, credit }: Settings, layers: number, learning: number): Timeline {
  const error = steps + layers;
  const depth = (layer: number): number => (credit === 'dalton' ? layers - 1 - layer : 0);
  const more = Array.from({ length: layers }, (_, layer) => error + 1 + 2 * depth(layer));
  // The lowest error neurons answer in the step of "less", and one later; then their own layer hears it.
  const slowest = Math.max(...more.slice(layers - learning));
  return {
    last: Array.from({ length: layers }, (_, layer) => steps + layer),
    error,
    more,
    steps: slowest + 4,
    testSteps: error + 2,
  };
}
