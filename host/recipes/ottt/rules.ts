// Learning rules of the recipe. In every epoch pre factor × error is either a weight change or goes to the tag. A tag gives
// the weight its sum when a neuron's y1 is not 0: in the last epoch of a sample. So all products have one decimation exponent,
// as a chip wants it [HW 4.2].

import { signedRule } from '../common/signed-rule.ts';
import { type Settings, TAG_PLACES } from './settings.ts';

/** With this y1 the engine gives just the tag: three bits of the product are lost. [HW 4.5] */
export const GIVE = 8;

export interface Rule {
  readonly name: string;
  /** Binary places by which the product is divided. */
  readonly places: number;
  /** A trace, or that the axon spiked in the epoch. */
  readonly pre: 'x1' | 'x0';
}

export function rulesOf({ hiddenStep, outputStep }: Settings): readonly Rule[] {
  return [
    { name: 'hidden', places: hiddenStep, pre: 'x1' },
    { name: 'output', places: outputStep, pre: 'x1' },
    { name: 'feedback', places: outputStep, pre: 'x0' },
  ];
}

const errorLine = (places: number, pre: Rule['pre']): string => signedRule(places).replaceAll('x0', pre);

/** The line that says how fast weights learn, the steps halved so many times. */
export const weightLine = ({ update }: Settings, { places, pre }: Rule, halvings: number): string =>
  update === 'frame' ? errorLine(places + halvings, pre) : `dw = 2^${-TAG_PLACES - halvings}*u0*t*y1`;

/** What the last epoch of a sample adds stays in the tag until the end of the next sample. */
export const tagLines = ({ update }: Settings, { places, pre }: Rule): string[] =>
  update === 'frame' ? [] : [`${errorLine(places - TAG_PLACES, pre).replace('dw', 'dt')} - 1*u0*t*y1`];
