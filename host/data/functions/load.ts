// Problems by name, and the hash that tells whether two runs saw the same one.

import { createHash } from 'node:crypto';
import type { DatasetSource } from '../dataset.ts';
import { jumps, sin } from './curves.ts';
import type { Problem } from './problem.ts';

export const PROBLEMS: readonly Problem[] = [sin, jumps];

/** A problem as the run folder cites it. */
export function sourceOf({ name, train, test }: Problem): DatasetSource {
  const hash = createHash('sha256');
  for (const { inputs, truth } of [train, test]) {
    // Rounded, since the last bits of sines may differ between engines.
    for (const values of [inputs, truth]) hash.update(Float32Array.from(values));
  }
  return { name: `function ${name}, computed`, sha256: hash.digest('hex') };
}
