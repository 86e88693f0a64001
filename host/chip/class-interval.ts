// How far a number may be from the truth where its file does not say: by the class of its source. docs/uncertainty.md

import type { ProvenanceClass } from './source-comment.ts';

/**
 * A value of the class lies within value / factor .. value · factor.
 *
 * measured: two runs of one network on one board differ by a fifth in static power [HW 6.3]. fitted: SANA-FE's authors
 * report energies within 12 % and latencies within 25 % of the chip, for sums of which a term can be farther off [HW
 * 6.2]. circuit-simulation: what was simulated as 23.6 pJ was fitted to chips as 35.5 pJ (C15); a published or derived
 * number that does not say how it was obtained is held for one of these. guess: half an order of magnitude.
 */
export const CLASS_FACTORS: Readonly<Record<ProvenanceClass, number>> = {
  measured: 1.1,
  fitted: 1.25,
  'circuit-simulation': 1.5,
  published: 1.5,
  derived: 1.5,
  guess: 3,
};

/** A number whose source does not say how it was obtained. */
export const UNTOLD: ProvenanceClass = 'guess';

/** The interval of a class around a value. None around 0, which is a coefficient that was switched off. */
export function classInterval(
  kind: ProvenanceClass,
  value: number,
): { readonly low: number; readonly high: number } {
  return { low: value / CLASS_FACTORS[kind], high: value * CLASS_FACTORS[kind] };
}
