// What recipes share whose neurons write their own third factors: y2 for more, y3 for less.

import type { SynapseParameters } from '../../network/network.ts';

/** A grid step of such a weight, a level, is two units. */
export const PLASTIC: SynapseParameters = { signMode: 'mixed', bits: 8, exponent: 0 };

/** The engine's smallest exponent is -7 [HW 4.2]. */
export const LEAST_EXPONENT = 7;

/** Weights whose axon fired in the epoch change by (y2 - y3) / 2^k units. */
export const signedRule = (k: number): string => `dw = 2^${-k}*u0*x0*y2 - 2^${-k}*u0*x0*y3`;
