// Named sets of settings, each chosen on a 50,000/10,000 split of the MNIST training set and frozen: what came out is
// in docs/recipes.

export const PRESET_NAMES = ['quick', 'accurate', 'small'] as const;
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
};
