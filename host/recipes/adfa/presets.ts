// Named sets of settings, each chosen on a 50,000/10,000 split of the training set of MNIST or Fashion-MNIST and frozen:
// what came out is in docs/recipes.

export const PRESET_NAMES = ['deep', 'deep-fashion', 'three'] as const;
export type PresetName = (typeof PRESET_NAMES)[number];

/** What differs from the defaults. */
export const PRESETS: Readonly<Record<PresetName, Readonly<Record<string, unknown>>>> = {
  /** Two hidden layers: the defaults. */
  deep: {},
  'deep-fashion': {
    pixelMin: 4,
    inputCredit: 'time',
    inputThreshold: 3000,
    hiddenThreshold: 600,
    inputDropout: 0,
    errorShift: 7,
    learnShift: 11,
    hiddenStep: 3,
  },
  three: { hidden: [256, 256, 256] },
};
