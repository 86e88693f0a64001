// Named sets of settings of the recipe for images, each chosen on a 50,000/10,000 split of the training set of MNIST and
// frozen: what came out is in docs/recipes.

export const PRESET_NAMES = ['quick', 'accurate'] as const;
export type PresetName = (typeof PRESET_NAMES)[number];

/** What differs from the defaults. */
export const PRESETS: Readonly<Record<PresetName, Readonly<Record<string, unknown>>>> = {
  /** The defaults. */
  quick: {},
  /** For 12 epochs or more: moved images, of which nothing is left out, and wider margins. */
  accurate: { inputShift: 1, inputDropout: 0, errorHigh: 4500, errorLow: 1000, errorShift: 11 },
};
