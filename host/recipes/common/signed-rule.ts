// What recipes share whose neurons write their own third factors: y2 for more, y3 for less.

import type { SynapseParameters } from '../../network/network.ts';
import type { Task } from '../recipe.ts';

/** A grid step of such a weight, a level, is two units. */
export const PLASTIC: SynapseParameters = { signMode: 'mixed', bits: 8, exponent: 0 };

/** The engine's smallest exponent is -7 [HW 4.2]. */
export const LEAST_EXPONENT = 7;

/** Weights whose axon fired in the epoch change by (y2 - y3) / 2^k units. */
export const signedRule = (k: number): string => `dw = 2^${-k}*u0*x0*y2 - 2^${-k}*u0*x0*y3`;

/** The presentation that halves the steps for the `halvings`-th time. */
export const slowerBy = (halvings: number): string => `slower by 2^${halvings}`;

/** Which halving is due before training sample `n`; 0 = none. `drops` are shares of the training. */
export function halvingBefore(drops: readonly number[], task: Task, n: number): number {
  return drops.findLastIndex((share) => Math.round(share * task.trainingPresentations) === n && n > 0) + 1;
}
