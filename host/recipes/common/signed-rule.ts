// What recipes share whose neurons write their own third factors: y2 for more, y3 for less.

import type { SynapseParameters } from '../../network/network.ts';

/** A grid step of such a weight, a level, is two units. */
export const PLASTIC: SynapseParameters = { signMode: 'mixed', bits: 8, exponent: 0 };

/** The engine's smallest exponent is -7 [HW 4.2]. */
export const LEAST_EXPONENT = 7;

/** Weights whose axon fired in the epoch change by (y2 - y3) / 2^k units. */
export const signedRule = (k: number): string => `dw = 2^${-k}*u0*x0*y2 - 2^${-k}*u0*x0*y3`;

/**
 * The same with less for an input that came late, and so added to the drive of its targets for a shorter time: what is left of
 * its trace at the end of the epoch is taken from the flag. A product of two traces loses two binary places [HW 4.5], so
 * 2^(2 + places) of x1 are worth the flag.
 * @param places by which the step of the trace is smaller
 */
export function timedRule(k: number, places: number): string {
  const late = k + places;
  return `dw = 2^${-k}*u0*x0*y2 - 2^${-late}*u0*x1*y2 - 2^${-k}*u0*x0*y3 + 2^${-late}*u0*x1*y3`;
}
