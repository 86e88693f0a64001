// How a coefficient is drawn: from its interval, with the shape that the class of its source deserves.
// docs/uncertainty.md

import type { ProvenanceClass } from '../chip/source-comment.ts';

/** A number with its interval and class, all of one unit. */
export interface Uncertain {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly class: ProvenanceClass;
}

/** Draws that a figure's percentiles are taken from. */
export const DRAWS = 1000;

/** Inverse of the cumulative triangular distribution from `low` to `high` with its peak at `peak`. */
function triangular(share: number, low: number, peak: number, high: number): number {
  const width = high - low;
  if (width === 0) return low;
  return share * width < peak - low
    ? low + Math.sqrt(share * width * (peak - low))
    : high - Math.sqrt((1 - share) * width * (high - peak));
}

/**
 * The quantile of a coefficient. On a scale of ratios, since intervals are factors: a guess is uniform, anything else
 * is most likely near its value. An interval from 0 has no ratios; it is drawn on a linear scale around its value.
 * @param share 0 .. 1
 */
export function quantile({ value, low, high, class: kind }: Uncertain, share: number): number {
  if (low <= 0) return triangular(share, low, value, high);
  const [bottom, top] = [Math.log(low), Math.log(high)];
  const drawn =
    kind === 'guess' ? bottom + share * (top - bottom) : triangular(share, bottom, Math.log(value), top);
  return Math.exp(drawn);
}
