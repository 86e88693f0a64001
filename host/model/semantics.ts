// The options that the model follows. A new one is added here and in the file of its noun; an image that asks for
// anything else is refused, so that no option is compared by accident. [HW 9]

import type { ChipImage } from '../image/image.ts';

type Semantics = ChipImage['semantics'];

/**
 * Values by option. Those of the decays of traces, of the formats of weights, of coefficients and of fractions only show
 * in the image's factors, weights, products and impulses, those of noiseExponent in its exponents.
 */
export const MODELLED: { readonly [Name in keyof Semantics]: readonly Semantics[Name][] } = {
  currentDecay: ['offset', 'asGiven'],
  currentDecayTime: ['first', 'last'],
  currentOverflow: ['wrap', 'foldOnce', 'none'],
  inputOverflow: ['wrap', 'none'],
  biasOverflow: ['wrap', 'none'],
  voltageLimits: ['registers', 'none'],
  refractory: ['includesSpike', 'wholeSteps', 'none'],
  inputScale: ['shifted', 'unscaled'],
  weightRounding: ['floor', 'nearestEven', 'towardZero'],
  weightRange: ['stored', 'symmetric'],
  weightWidths: ['chip', 'any'],
  inhibitoryMinimum: ['magnitude', 'twosComplement'],
  exponentPlace: ['synapse', 'sum'],
  exponentRounding: ['floor', 'nearestEven'],
  delays: ['perSynapse', 'perProjection', 'none'],
  traceImpulse: ['afterDecay', 'beforeDecay'],
  ruleSpikes: ['sameStep', 'onArrival'],
  epochCount: ['fromOne', 'fromZero'],
  ruleCoefficient: ['normalized', 'asWritten'],
  ruleLimit: ['twosComplement', 'oneBelow'],
  ruleUnit: ['grid', 'one'],
  ruleRange: ['format', 'eightBits'],
  ruleRounding: ['magnitude', 'floor', 'awayFromZero'],
  impulseFraction: ['of128', 'of256'],
  secondSpikeFraction: ['random', 'up'],
  learnedDelay: ['delays', 'inert'],
  randomShare: ['perValue', 'perStep'],
  randomTime: ['asUsed', 'beforeSpikes'],
  weightRead: ['early', 'late'],
  traceDecay: ['exponential', 'linear', 'everySecondStep'],
  ruleDownscale: ['sumPlus3', 'sumPlus4', 'none'],
  ruleSaturation: ['perProduct', 'once'],
  spikeTest: ['gt', 'ge'],
  secondSpike: ['add', 'drop'],
  random: ['counter', 'constant', 'tape'],
  noiseExponent: ['formula', 'register'],
  noiseRange: ['symmetric', 'upTo128', 'signBit'],
  activityPhase: ['idle', 'inactive'],
  pausedTraces: ['kept', 'decay'],
  rewardTime: ['epochEnd', 'spike'],
  joinPush: ['afterReset', 'beforeReset'],
};

/** @throws Error naming the option that the model does not have */
export function requireModelled({ semantics }: ChipImage): void {
  for (const [name, value] of Object.entries(semantics)) {
    const values: readonly string[] = Object.entries(MODELLED).find(([option]) => option === name)?.[1] ?? [];
    if (!values.includes(value)) throw new Error(`the model does not know ${name}: ${value}`);
  }
}
