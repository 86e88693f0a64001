// The options that the model follows. A new one is added here and in the file of its noun; an image that asks for
// anything else is refused, so that no option is compared by accident. [HW 9]

import type { ChipImage } from '../image/image.ts';

type Semantics = ChipImage['semantics'];

/**
 * Values by option. Those of traceDecay and currentDecay only show in the image's decay factors, those of the formats of
 * weights in its weights, those of noiseExponent in its exponents.
 */
export const MODELLED: { readonly [Name in keyof Semantics]: readonly Semantics[Name][] } = {
  currentDecay: ['offset', 'asGiven'],
  currentDecayTime: ['first'],
  currentOverflow: ['wrap'],
  inputOverflow: ['wrap'],
  biasOverflow: ['wrap'],
  voltageLimits: ['registers'],
  refractory: ['includesSpike'],
  inputScale: ['shifted'],
  weightRounding: ['floor', 'nearestEven', 'towardZero'],
  weightRange: ['stored', 'symmetric'],
  weightWidths: ['chip'],
  inhibitoryMinimum: ['magnitude'],
  exponentPlace: ['synapse'],
  exponentRounding: ['floor'],
  delays: ['perSynapse', 'perProjection', 'none'],
  traceImpulse: ['afterDecay'],
  ruleSpikes: ['sameStep'],
  epochCount: ['fromOne'],
  ruleCoefficient: ['normalized'],
  ruleLimit: ['twosComplement'],
  ruleUnit: ['grid'],
  ruleRange: ['format'],
  ruleRounding: ['magnitude'],
  impulseFraction: ['of128'],
  secondSpikeFraction: ['random'],
  learnedDelay: ['delays'],
  randomShare: ['perValue'],
  randomTime: ['asUsed'],
  weightRead: ['early', 'late'],
  traceDecay: ['exponential', 'linear'],
  ruleDownscale: ['sumPlus3', 'sumPlus4'],
  ruleSaturation: ['perProduct', 'once'],
  spikeTest: ['gt', 'ge'],
  secondSpike: ['add', 'drop'],
  random: ['counter'],
  noiseExponent: ['formula', 'register'],
  noiseRange: ['symmetric', 'upTo128', 'signBit'],
  activityPhase: ['idle', 'inactive'],
  pausedTraces: ['kept', 'decay'],
  rewardTime: ['epochEnd', 'spike'],
  joinPush: ['afterReset', 'beforeReset'],
};

/** @throws Error naming the option or the part of the image that the model does not have */
export function requireModelled({ semantics, cores, wires, tape }: ChipImage): void {
  const isWide =
    wires.length > 0 ||
    tape !== null ||
    cores.some(
      ({ groups, blocks }) =>
        groups.some(({ wide, start }) => wide !== null || Object.keys(start).length > 0) ||
        blocks.some(({ wide }) => wide !== null),
    );
  if (cores.some(({ groups }) => groups.some(({ program }) => program !== null)))
    throw new Error('the model has no neuron programs');
  if (isWide) throw new Error('the model has no wide compartments and synapses');
  if (cores.some(({ groups }) => groups.some(({ program }) => program !== null)))
    throw new Error('the model has no neuron programs');
  for (const [name, value] of Object.entries(semantics)) {
    const values: readonly string[] = Object.entries(MODELLED).find(([option]) => option === name)?.[1] ?? [];
    if (!values.includes(value)) throw new Error(`the model does not know ${name}: ${value}`);
  }
}
