// Named sets of settings, each chosen on a 50,000/10,000 split of the training set of MNIST or Fashion-MNIST and frozen:
// what came out is in docs/recipes.

export const PRESET_NAMES = ['quick', 'quick-fashion', 'accurate', 'small', 'accurate-fashion'] as const;
export type PresetName = (typeof PRESET_NAMES)[number];

/** What long training needs, whatever the size. */
const LONG = {
  feedback: 'copies',
  outputScale: 2,
  rampStep: 176,
  rateDrops: [0.467, 0.667, 0.833],
} as const;

/** What differs from the defaults. */
export const PRESETS: Readonly<Record<PresetName, Readonly<Record<string, unknown>>>> = {
  /** For 3 epochs: the defaults. */
  quick: {},
  'quick-fashion': { hiddenStep: 7, outputStep: 5 },
  /** For 12 epochs or more. */
  accurate: {
    ...LONG,
    hidden: 512,
    hiddenNoise: 5,
    activityCost: 2,
    inputDropout: 32,
    errorHigh: 2500,
    errorLow: 424,
  },
  /** For 20 epochs or more. */
  small: {
    ...LONG,
    hidden: 100,
    hiddenNoise: 6,
    activityCost: 0,
    inputDropout: 16,
    errorHigh: 1200,
    errorLow: 200,
  },
  /** For 10 epochs or more. */
  'accurate-fashion': {
    ...LONG,
    hidden: 512,
    hiddenThreshold: 2400,
    hiddenNoise: 6,
    activityCost: 2,
    inputDropout: 0,
    errorHigh: 2500,
    errorLow: 424,
    hiddenStep: 8,
    outputStep: 5,
  },
};
