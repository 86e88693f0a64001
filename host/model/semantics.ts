// The options that the model follows. A new one is added here and in the file of its noun; an image that asks for
// anything else is refused, so that no option is compared by accident. [HW 9]

import type { ChipImage } from '../image/image.ts';

type Semantics = ChipImage['semantics'];

/** Values by option. Those of traceDecay only show in the image's decay factors. */
export const MODELLED: { readonly [Name in keyof Semantics]: readonly Semantics[Name][] } = {
  weightRead: ['early', 'late'],
  traceDecay: ['exponential', 'linear'],
  ruleDownscale: ['sumPlus3', 'sumPlus4'],
  ruleSaturation: ['perProduct', 'once'],
  spikeTest: ['gt', 'ge'],
  secondSpike: ['add', 'drop'],
  random: ['counter'],
  joinPush: ['afterReset', 'beforeReset'],
};

/** @throws Error naming the option that the model does not have */
export function requireModelled(semantics: Semantics): void {
  for (const [name, value] of Object.entries(semantics)) {
    const values: readonly string[] = Object.entries(MODELLED).find(([option]) => option === name)?.[1] ?? [];
    if (!values.includes(value)) throw new Error(`the model does not know ${name}: ${value}`);
  }
}
