// Named sets of settings, each chosen on a 50,000/10,000 split of the MNIST training set and frozen: what came out is
// in docs/recipes.

export const PRESET_NAMES = ['quick', 'accurate'] as const;
export type PresetName = (typeof PRESET_NAMES)[number];

/** What differs from the defaults. */
export const PRESETS: Readonly<Record<PresetName, Readonly<Record<string, unknown>>>> = {
  /** For 3 epochs: the defaults. */
  quick: {},
  /** For 12 epochs or more. */
  accurate: {
    hidden: 512,
    feedback: 'copies',
    hiddenNoise: 5,
    activityCost: 2,
    inputDropout: 32,
    errorHigh: 2500,
    errorLow: 424,
    outputScale: 2,
    rampStep: 176,
    rateDrops: [0.467, 0.667, 0.833],
  },
};
