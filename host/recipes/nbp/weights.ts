// The two matrices that everything starts from, and the copies of the second one that carry the error back.

import { CounterHash, Stream } from '../../data/counter-hash.ts';
import type { Settings } from './settings.ts';

export interface Weights {
  /** Mantissas [input][hidden], even. */
  readonly w1: Int16Array;
  /** Mantissas [hidden][output], even. */
  readonly w2: Int16Array;
}

/** Sizes of the three layers. */
export interface Layers {
  readonly inputs: number;
  readonly hidden: number;
  readonly outputs: number;
}

function normalWeights(
  seed: number,
  matrix: number,
  rows: number,
  columns: number,
  { weightScale, weightClip }: Settings,
): Int16Array {
  const random = new CounterHash(seed, Stream.initialWeight, matrix);
  const deviation = Math.sqrt(2 / (rows + columns)) * weightScale;
  return Int16Array.from({ length: rows * columns }, () => {
    const value = Math.min(weightClip, Math.max(-weightClip, random.normal() * deviation));
    return 2 * Math.trunc(value / 2);
  });
}

/** Normal deviates scaled by the fans, clipped, their magnitude rounded down to even. */
export function initialWeights(layers: Layers, settings: Settings, seed: number): Weights {
  const { inputs, hidden, outputs } = layers;
  return {
    w1: normalWeights(seed, 0, inputs, hidden, settings),
    w2: normalWeights(seed, 1, hidden, outputs, settings),
  };
}

/** `sign` times the transposed matrix, which is [rows][columns] itself; 256 has no mantissa and becomes 254. */
export function transposed(matrix: Int16Array, rows: number, columns: number, sign: 1 | -1): Int16Array {
  return Int16Array.from({ length: matrix.length }, (_, i) =>
    Math.min(254, sign * matrix[(i % rows) * columns + Math.floor(i / rows)]!),
  );
}
