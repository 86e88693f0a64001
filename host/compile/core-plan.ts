// A core before it has a place on the chip.

import type { ResourceUse } from './resource-use.ts';

/** A stretch of a population on one core. */
export interface Slice {
  readonly population: string;
  readonly element: number;
  readonly count: number;
}

/** A core's class, its slices (children before parents) and what they take of its resources. */
export interface CorePlan {
  readonly coreClass: string;
  readonly slices: readonly Slice[];
  readonly use: readonly ResourceUse[];
}
