// Weights at the start of training: a function of seed and matrix alone.

import { CounterHash, Stream } from '../../data/counter-hash.ts';
import type { Task } from '../recipe.ts';

/** Weights of one matrix, uniform in ± levels, as mantissas of a mixed 8-bit synapse: a level is two units. */
export function uniformWeights(task: Task, matrix: number, count: number, levels: number): Int16Array {
  const random = new CounterHash(task.seed, Stream.initialWeight, matrix);
  const weights = new Int16Array(count);
  for (let i = 0; i < count; i++) weights[i] = 2 * (random.below(2 * levels + 1) - levels);
  return weights;
}
