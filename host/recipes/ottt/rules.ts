// Learning rules of the recipe. In every epoch pre factor × third factor is either a weight change or goes to the tag, which
// gives the weight its sum once a sample. Errors have no sign: y2 is "more", y3 "less".

import { type Settings, TAG_PLACES } from './settings.ts';

export interface Rule {
  readonly name: string;
  /** Binary places by which the product is divided. */
  readonly places: number;
  /** A trace, or that the axon spiked in the epoch. */
  readonly pre: 'x1' | 'x0';
  /** Of a sample. */
  readonly epochs: number;
}

export function rulesOf({ hiddenStep, outputStep, frames }: Settings): readonly Rule[] {
  return [
    { name: 'hidden', places: hiddenStep, pre: 'x1', epochs: frames },
    { name: 'output', places: outputStep, pre: 'x1', epochs: frames },
    { name: 'feedback', places: outputStep, pre: 'x0', epochs: 2 * frames },
  ];
}

const products = (places: number, pre: Rule['pre']): string =>
  `2^${-places}*u0*${pre}*y2 - 2^${-places}*u0*${pre}*y3`;

/** The line that says how fast weights learn, the steps halved so many times. */
export function weightLine({ update }: Settings, { places, pre, epochs }: Rule, halvings: number): string {
  if (update === 'frame') return `dw = ${products(places + halvings, pre)}`;
  return `dw = 2^${-TAG_PLACES - halvings}*u${Math.log2(epochs)}*t`;
}

/** What the last epoch of a sample adds stays in the tag until the end of the next sample. */
export function tagLines({ update }: Settings, { places, pre, epochs }: Rule): string[] {
  if (update === 'frame') return [];
  return [`dt = ${products(places - TAG_PLACES, pre)} - 1*u${Math.log2(epochs)}*t`];
}
