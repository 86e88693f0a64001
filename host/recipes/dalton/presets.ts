// Named sets of settings, each chosen on a split of the training set and frozen: what came out is in docs/recipes.

export const PRESET_NAMES = ['quick', 'accurate', 'accurate-fashion', 'deep', 'events', 'colours'] as const;
export type PresetName = (typeof PRESET_NAMES)[number];

/** What differs from the defaults. */
export const PRESETS: Readonly<Record<PresetName, Readonly<Record<string, unknown>>>> = {
  quick: {},
  /** For 10 epochs or more. */
  accurate: {
    surrogate: 'fired',
    dense: [1024],
    inputDropout: 24,
    target: 8000,
    margin: 1600,
    errorMin: 1600,
    rateDrops: [0.4, 0.65, 0.85],
  },
  /** For 12 epochs or more of Fashion-MNIST. */
  'accurate-fashion': {
    surrogate: 'triangle',
    dense: [512],
    pixelMin: 4,
    inputCredit: 'time',
    inputDropout: 0,
    thresholds: [800],
    target: 3000,
    margin: 600,
    errorMin: 600,
    stepExponent: [5],
    rateDrops: [0.4, 0.65, 0.85],
  },
  /** For 10 epochs of rasters of N-MNIST: a column of 10 ms is a step. 30 x 30 pixels of two polarities are as many as a core can learn from. */
  events: {
    input: 'events',
    crop: 2,
    steps: 34,
    surrogate: 'fired',
    dense: [128],
    thresholds: [300],
    target: 3000,
    margin: 600,
    errorMin: 600,
  },
  /** Two dense layers. Other classes are errors only above a level: a layer that fell silent would otherwise be right. */
  deep: {
    dense: [256, 64],
    thresholds: [600, 800],
    init: [20, 60],
    readoutInit: [63, 127],
    target: 3000,
    margin: -400,
    errorMin: 400,
    errorScale: [200, 100],
  },
  /** For CIFAR-10: fixed kernels of A1 at half its width, and a layer that learns what their edges mean. */
  colours: {
    architecture: 'A1',
    narrower: 2,
    kernels: 'frozen',
    dense: [256],
    inputDropout: 0,
    thresholds: [300, 200],
    init: [127, 40],
    target: 3000,
    margin: -400,
    errorMin: 600,
    errorScale: [127],
    stepExponent: [6],
  },
};
