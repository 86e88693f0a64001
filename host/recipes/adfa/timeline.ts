// The steps of a sample, counted from 0. A spike fired in step s acts on its targets in step s + 1 + delay.

import type { Settings } from './settings.ts';

export interface Timeline {
  /** Outputs compare their sums and send errors, or are asked for them. */
  readonly error: number;
  /** By hidden layer: it makes of the error what it learns from. */
  readonly learn: readonly number[];
  readonly steps: number;
}

export function timeline({ forwardSteps, hidden, feedback }: Settings): Timeline {
  const error = forwardSteps + hidden.length + 1;
  const learn = hidden.map((_, layer) => (feedback === 'direct' ? error + 1 : error + hidden.length - layer));
  return { error, learn, steps: Math.max(...learn) + 1 };
}
