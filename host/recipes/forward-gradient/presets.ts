// Frozen settings, by the name of the problem. Chosen with an integer model of the algorithm and seeds other than those of the
// results; by which error: docs/recipes/forward-gradient.md

import type { Settings } from './settings.ts';

const COMMON = {
  threshold: 128,
  start: 140,
  hiddenStep: 4,
  outputStep: 8,
  hiddenRate: 0.1,
} satisfies Partial<Settings>;

export const PRESETS = {
  sin: { ...COMMON, grid: 25, width: 7, scale: 36_000, rate: 8000, rateEnd: 0.01 },
  jumps: { ...COMMON, grid: 33, width: 3, scale: 18_000, rate: 4000, rateEnd: 0.01 },
  poisson: { ...COMMON, grid: 17, width: 5, scale: 27_000, rate: 20_000, rateEnd: 0.03 },
  antiderivative: {
    ...COMMON,
    perturb: 'output',
    grid: 7,
    width: 2,
    scale: 80_000,
    rate: 30_000,
    rateEnd: 0.03,
  },
  burgers: { ...COMMON, grid: 9, width: 2, scale: 24_000, rate: 8000, rateEnd: 0.01 },
} satisfies Readonly<Record<string, Partial<Settings>>>;
