// Named sets of settings, each chosen on a split of the training set and frozen: what came out is in docs/recipes.

export const PRESET_NAMES = ['quick'] as const;
export type PresetName = (typeof PRESET_NAMES)[number];

/** What differs from the defaults. */
export const PRESETS: Readonly<Record<PresetName, Readonly<Record<string, unknown>>>> = {
  quick: { dense: [256] },
};
