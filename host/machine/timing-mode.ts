// How time is told: not at all, or by the formulas of [HW 6.4]. Spikes and weights do not depend on it.

import { UserError } from '../errors.ts';

const TIMING_MODES = ['functional', 'analytic'] as const;
export type TimingMode = (typeof TIMING_MODES)[number];

/** @throws UserError if there is no such mode */
export function timingMode(mode: string): TimingMode {
  const known = TIMING_MODES.find((item) => item === mode);
  if (known !== undefined) return known;
  const reason = mode === 'cycle' ? 'is not there yet' : 'does not exist';
  throw new UserError(`timing mode "${mode}" ${reason}; use ${TIMING_MODES.join(' or ')}`, {
    code: 'unknown-timing',
    path: '--timing',
  });
}
