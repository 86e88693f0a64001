// How time is told: not at all, by the formulas of [HW 6.4], or by simulating every unit and router to the time quantum.
// Spikes and weights do not depend on it.

import { UserError } from '../errors.ts';

export const TIMING_MODES = ['functional', 'analytic', 'cycle'] as const;
export type TimingMode = (typeof TIMING_MODES)[number];

/** @throws UserError if there is no such mode */
export function timingMode(mode: string): TimingMode {
  const known = TIMING_MODES.find((item) => item === mode);
  if (known !== undefined) return known;
  throw new UserError(`timing mode "${mode}" does not exist; use ${TIMING_MODES.join(', ')}`, {
    code: 'unknown-timing',
    path: '--timing',
  });
}
