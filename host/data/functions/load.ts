// Problems by name, and the hash that tells whether two runs saw the same one.

import { createHash } from 'node:crypto';
import type { DatasetSource } from '../dataset.ts';
import { antiderivative } from './antiderivative.ts';
import { burgers } from './burgers.ts';
import { jumps, sin } from './curves.ts';
import { poisson } from './poisson.ts';
import type { Problem } from './problem.ts';

/** Made when they are asked for: some are solved numerically. */
const PROBLEMS: Readonly<Record<string, () => Problem>> = {
  sin: () => sin,
  jumps: () => jumps,
  poisson: () => poisson,
  antiderivative,
  burgers,
};

export const PROBLEM_NAMES: readonly string[] = Object.keys(PROBLEMS);

/** Undefined if there is none of this name. */
export function problemNamed(name: string): Problem | undefined {
  return Object.hasOwn(PROBLEMS, name) ? PROBLEMS[name]!() : undefined;
}

/** A problem as the run folder cites it. */
export function sourceOf({ name, train, test }: Problem): DatasetSource {
  const hash = createHash('sha256');
  for (const { inputs, truth } of [train, test]) {
    // Rounded, since the last bits of sines may differ between engines.
    for (const values of [inputs, truth]) hash.update(Float32Array.from(values));
  }
  return { name: `function ${name}, computed`, sha256: hash.digest('hex') };
}
