// The steps of a sample, counted from 0. A spike fired in step s acts on its targets in step s + 1 + delay.

import type { Settings } from './settings.ts';

export interface Timeline {
  /** Outputs compare their sums and send errors, or are asked for them. */
  readonly error: number;
  /** All hidden layers make of the error what they learn from, at once. */
  readonly learn: number;
  readonly steps: number;
}

export function timeline({ forwardSteps, hidden }: Settings): Timeline {
  const error = forwardSteps + hidden.length + 1;
  return { error, learn: error + 1, steps: error + 2 };
}
