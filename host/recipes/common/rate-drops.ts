// Learning that becomes half as fast at given shares of the training, each time by a presentation.

import type { Task } from '../recipe.ts';

/** The presentation that halves the steps for the `halvings`-th time. */
export const slowerBy = (halvings: number): string => `slower by 2^${halvings}`;

/** Which halving is due before training sample `n`, from 1; 0 = none. Of several the last. */
export function halvingBefore(
  n: number,
  rateDrops: readonly number[],
  { trainingPresentations }: Task,
): number {
  if (n === 0) return 0;
  return rateDrops.findLastIndex((share) => Math.round(share * trainingPresentations) === n) + 1;
}
