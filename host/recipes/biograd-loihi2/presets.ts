// Named sets of settings of the recipes for images and for events, each chosen on a split of the training set of its data
// (of MNIST 50,000/10,000) and frozen: what came out is in docs/recipes.

export const PRESET_NAMES = ['quick', 'accurate', 'deep', 'reset-free'] as const;
export type PresetName = (typeof PRESET_NAMES)[number];

/** What differs from the defaults. */
export const PRESETS: Readonly<Record<PresetName, Readonly<Record<string, unknown>>>> = {
  /** The defaults. */
  quick: {},
  /** For 12 epochs or more: moved images, of which nothing is left out, and wider margins. */
  accurate: { inputShift: 1, inputDropout: 0, errorHigh: 4500, errorLow: 1000, errorShift: 11 },
  /** Two hidden layers, 5 epochs or more: an activity cost; the images and margins of `accurate`. */
  deep: {
    hidden: 256,
    secondHidden: 256,
    activityCost: 4,
    hiddenStep: 3,
    inputShift: 1,
    inputDropout: 0,
    errorHigh: 4500,
    errorLow: 1000,
    errorShift: 11,
  },
  /** Sums decay and are never cleared; they are smaller, and so are the levels that they are compared with. */
  'reset-free': { hidden: 128, decay: 480, hiddenThreshold: 300, errorHigh: 1800, errorLow: 300 },
};

export const EVENT_PRESET_NAMES = ['recordings', 'camera'] as const;
export type EventPresetName = (typeof EVENT_PRESET_NAMES)[number];

/** The same for events. */
export const EVENT_PRESETS: Readonly<Record<EventPresetName, Readonly<Record<string, unknown>>>> = {
  /** Of N-MNIST, as few as there are: the defaults. */
  recordings: {},
  /** Images that are seen by the camera, 60,000 of them twice: short learning epochs, small steps, wide margins. */
  camera: {
    hidden: 256,
    inputShift: 0,
    inputDropout: 0,
    epochSteps: 5,
    errorHigh: 4500,
    errorLow: 1000,
    errorShift: 10,
    hiddenStep: 5,
    outputStep: 0,
    rateDrops: [0.5, 0.8],
  },
};
