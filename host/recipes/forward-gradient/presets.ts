// Frozen settings and the epochs they are for, by the name of the problem; how they were chosen:
// docs/recipes/forward-gradient.md

import type { Tuned } from '../function-recipe.ts';
import type { Settings } from './settings.ts';

const COMMON = {
  threshold: 128,
  start: 140,
  hiddenStep: 4,
  hiddenRate: 0.1,
} satisfies Partial<Settings>;

interface Preset extends Tuned {
  readonly settings: Partial<Settings>;
}

export const PRESETS = {
  sin: {
    epochs: 30,
    settings: {
      ...COMMON,
      perturb: 'global',
      grid: 25,
      width: 5,
      scale: 36_000,
      outputStep: 8,
      rate: 13_000,
      rateEnd: 0.02,
    },
  },
  jumps: {
    epochs: 10,
    settings: {
      ...COMMON,
      perturb: 'output',
      grid: 49,
      width: 1,
      scale: 9000,
      outputStep: 8,
      rate: 3800,
      rateEnd: 0.01,
    },
  },
  poisson: {
    epochs: 40,
    settings: {
      ...COMMON,
      perturb: 'output',
      grid: 17,
      width: 7,
      scale: 24_000,
      outputStep: 8,
      rate: 11_000,
      rateEnd: 0.03,
    },
  },
  antiderivative: {
    epochs: 16,
    settings: {
      ...COMMON,
      perturb: 'output',
      grid: 5,
      width: 1,
      scale: 120_000,
      outputStep: 14,
      rate: 84_000,
      rateEnd: 0.1,
    },
  },
  burgers: {
    epochs: 20,
    settings: {
      ...COMMON,
      perturb: 'output',
      grid: 15,
      width: 3,
      scale: 54_000,
      outputStep: 8,
      rate: 22_000,
      rateEnd: 0.01,
    },
  },
} satisfies Readonly<Record<string, Preset>>;
