// Settings of the recipe. Levels are grid steps of a mixed 8-bit weight: 1 level = mantissa 2 = 128 units of v.
// The defaults were chosen on a 50,000/10,000 split of the MNIST training set and frozen; see docs/recipes.

import * as z from 'zod';
import { withPreset } from '../common/preset.ts';
import { inputDropout, inputShift, latencySteps, pixelMin } from '../common/settings.ts';
import { PRESET_NAMES, PRESETS } from './presets.ts';

/** Where the feedback weights come from. */
export const FEEDBACK_SOURCES = ['sleep', 'copies', 'random'] as const;
export type FeedbackSource = (typeof FEEDBACK_SOURCES)[number];

/** What copies are before the first sample. */
export const COPIES_STARTS = ['equal', 'random'] as const;

/** Beyond an exponent of 7 impulses are halved; more steps and drops would leave nothing of them. */
const STEP_MAX = 9;
const RATE_DROPS_MAX = 4;

/** 1000 levels, the lowest of the ramp, are a whole number of units up to here. */
const OUTPUT_SCALE_MAX = 3;

const steps = z.int().min(1).max(62);

const fileSchema = z
  .strictObject({
    preset: z.enum(PRESET_NAMES).default('quick').describe('A set of settings; those given beside it win.'),
    hidden: z.int().min(1).max(100_000).default(256).describe('Hidden neurons.'),
    feedback: z
      .enum(FEEDBACK_SOURCES)
      .default('sleep')
      .describe(
        'Source of the feedback weights: aligned in sleep, exact copies trained by the same rule, or fixed random.',
      ),
    forwardSteps: steps
      .default(11)
      .describe('Steps in which the hidden neurons integrate; odd, so that a sample has an even length.'),
    latencySteps: latencySteps(9, 62),
    pixelMin: pixelMin(16),
    inputDropout: inputDropout(16),
    inputShift,
    hiddenThreshold: z.int().min(1).max(10_000).default(600).describe('Levels.'),
    activeLevel: z
      .int()
      .min(0)
      .max(10_000)
      .default(48)
      .describe('Drive, in levels, from which a hidden neuron takes part in learning.'),
    errorHigh: z
      .int()
      .min(0)
      .max(8000)
      .default(1792)
      .describe('The label is an error unless its output exceeds this many levels.'),
    errorLow: z
      .int()
      .min(-4000)
      .max(8000)
      .default(320)
      .describe('Another class is an error if its output exceeds this many levels.'),
    hiddenNoise: z
      .exactOptional(z.int().min(0).max(6))
      .describe(
        'Exponent k: the chance of a hidden error rises over 2^(k + 1) levels of feedback. Default by feedback.',
      ),
    activityCost: z
      .exactOptional(z.int().min(0).max(60))
      .describe(
        'Levels of feedback that a neuron must get beyond the noise to be pushed up. Default by feedback.',
      ),
    hiddenStep: z
      .int()
      .min(2)
      .max(STEP_MAX)
      .default(6)
      .describe('a: a hidden weight changes by about 65/2^a levels.'),
    outputStep: z
      .int()
      .min(2)
      .max(STEP_MAX)
      .default(4)
      .describe('a: an output weight changes by about 65/2^a levels; copies by 64/2^a, but at least one.'),
    rateDrops: z
      .array(z.number().min(0).max(1))
      .max(RATE_DROPS_MAX)
      .default([0.4, 0.75])
      .describe('Shares of the training after which the steps are halved.'),
    hiddenInit: z
      .int()
      .min(0)
      .max(127)
      .default(20)
      .describe('Initial hidden weights are uniform in ± this many levels.'),
    outputInit: z.int().min(0).max(127).default(12).describe('The same for the output weights.'),
    feedbackInit: z.int().min(0).max(127).default(40).describe('The same for random feedback weights.'),
    sleepLevel: z
      .int()
      .min(0)
      .max(120)
      .default(8)
      .describe('Answers beyond ± this many levels align a feedback weight in sleep.'),
    sleepEvery: z.int().min(1).default(4000).describe('Samples between two sleeps, at most.'),
    sleepFirst: z
      .int()
      .min(1)
      .default(64)
      .describe('Samples before the second sleep; the distance doubles from there.'),
    sleepNeurons: z
      .exactOptional(z.int().min(0))
      .describe(
        'Hidden neurons that dream in a sleep, the next ones in the next; 0 = no sleep. Default all.',
      ),
    copiesStart: z
      .enum(COPIES_STARTS)
      .default('equal')
      .describe('Copies at the start: equal to the output weights, or drawn like them but on their own.'),
    outputScale: z
      .int()
      .min(0)
      .max(OUTPUT_SCALE_MAX)
      .default(0)
      .describe(
        'Halvings of what an output weight adds: sums beyond 14,930 levels, times 2 for each, set off O.',
      ),
    rampLevels: z.int().min(2).max(40).default(32).describe('Readout steps of a test sample.'),
    rampStep: z.int().min(1).max(1000).default(175).describe('Levels per readout step.'),
    hiddenCores: z
      .int()
      .min(0)
      .max(4096)
      .default(0)
      .describe('Cores for the hidden layer; 0 = as few as fit.'),
  })
  .refine((s) => s.forwardSteps % 2 === 1, { message: 'must be odd', path: ['forwardSteps'] })
  .refine((s) => s.latencySteps <= s.forwardSteps, {
    message: 'must not exceed forwardSteps',
    path: ['latencySteps'],
  })
  .refine((s) => s.sleepNeurons === undefined || s.sleepNeurons <= s.hidden, {
    message: 'must not exceed hidden',
    path: ['sleepNeurons'],
  })
  .refine((s) => s.forwardSteps + 9 <= 63, {
    message: 'must leave room for the error phase: a sample has at most 63 steps',
    path: ['forwardSteps'],
  });

/** Levels that O is read against; they must be whole units there. */
const OUTPUT_LEVELS = ['errorHigh', 'errorLow', 'sleepLevel', 'rampStep'] as const;

export const SETTING_NAMES = Object.keys(fileSchema.shape);

/** The noise and the cost that suit the size of the feedback weights. */
const BY_FEEDBACK: Record<FeedbackSource, { readonly hiddenNoise: number; readonly activityCost: number }> = {
  sleep: { hiddenNoise: 4, activityCost: 4 },
  copies: { hiddenNoise: 6, activityCost: 3 },
  random: { hiddenNoise: 5, activityCost: 4 },
};

const checkedSchema = fileSchema.superRefine((settings, context) => {
  const multiple = 2 ** settings.outputScale;
  for (const path of OUTPUT_LEVELS)
    if (settings[path] % multiple !== 0)
      context.addIssue({
        code: 'custom',
        path: [path],
        message: `must be a multiple of ${multiple} (outputScale)`,
      });
});

export const settingsSchema = z
  .preprocess((given) => withPreset(PRESETS, given), checkedSchema)
  .transform((settings) => ({
    ...BY_FEEDBACK[settings.feedback],
    ...settings,
  }));

/** All settings, filled in. */
export type Settings = z.infer<typeof settingsSchema>;
