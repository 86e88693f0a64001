// Settings of the recipe. Levels are grid steps of a mixed 8-bit weight: 1 level = mantissa 2.

import { z } from 'zod';
import { withPreset } from '../common/preset.ts';
import * as common from '../common/settings.ts';
import { LEAST_EXPONENT } from '../common/signed-rule.ts';
import { G_ENTRIES, G_MAX, G_SHAPES } from './g.ts';
import { PRESET_NAMES, PRESETS } from './presets.ts';

/** How the error reaches hidden layers. */
const FEEDBACK_PATHS = ['direct', 'layered'] as const;

const LAYERS_MAX = 3;
/** Binary places by which the step of a time trace is smaller than that of the flag. */
export const TIME_PLACES = 2;

const step = z.int().min(-1).max(LEAST_EXPONENT);
const range = z.int().min(0).max(127);
const threshold = z.int().min(1).max(20_000);

const fileSchema = z
  .strictObject({
    preset: z.enum(PRESET_NAMES).default('deep').describe('A set of settings; those given beside it win.'),
    hidden: z
      .array(z.int().min(1).max(10_000))
      .min(1)
      .max(LAYERS_MAX)
      .default([256, 256])
      .describe('Neurons of the hidden layers.'),
    feedback: z
      .enum(FEEDBACK_PATHS)
      .default('direct')
      .describe(
        'Path of the error over fixed random weights: to every layer at once, or from layer to layer.',
      ),
    relayShift: z
      .int()
      .min(1)
      .max(20)
      .default(12)
      .describe('Binary places by which error × g is divided on its way to the layer before (layered only).'),
    g: z.enum(G_SHAPES).default('box').describe('The function in the place of the derivative.'),
    gTable: z
      .array(z.int().min(-G_MAX).max(G_MAX))
      .length(G_ENTRIES)
      .optional()
      .describe('Its values, in place of a shape.'),
    gWidth: z.number().min(0.05).max(8).default(1).describe('Width of an entry of its table, in thresholds.'),
    forwardSteps: z.int().min(1).max(50).default(10).describe('Steps in which a layer integrates.'),
    latencySteps: common.latencySteps(8, 50),
    pixelMin: common.pixelMin(16),
    inputCredit: common.inputCredit,
    inputDropout: common.inputDropout(16),
    inputThreshold: threshold.default(600).describe('Levels; of the first hidden layer.'),
    hiddenThreshold: threshold.default(300).describe('Levels; of the further ones.'),
    inputKeep: z
      .int()
      .min(0)
      .max(4096)
      .default(4096)
      .describe('What a step leaves of a current of the first hidden layer, in 1/4096.'),
    hiddenKeep: z.int().min(0).max(4096).default(0).describe('The same in the further ones.'),
    errorHigh: common.errorHigh(4000),
    errorLow: common.errorLow(-1200),
    errorShift: z.int().min(0).max(12).default(6).describe('Binary places by which an error is divided.'),
    feedbackRange: range.default(40).describe('Feedback weights are uniform in ± this many levels.'),
    learnShift: z
      .int()
      .min(0)
      .max(20)
      .default(9)
      .describe('Binary places by which feedback × g is divided in a neuron.'),
    activityCost: z
      .int()
      .min(0)
      .max(1000)
      .default(40)
      .describe('Levels of feedback for each of its spikes that a neuron must get to be pushed up.'),
    hiddenStep: step
      .default(5)
      .describe(
        'k: a hidden weight changes by what its neuron learns from, divided by 2^(k + 1), in levels.',
      ),
    outputStep: step.default(5).describe('The same of the output weights.'),
    rateDrops: common.rateDrops(0.5, 0.8),
    inputInit: common.initialWeights('Weights of the first hidden layer', 20),
    hiddenInit: common.initialWeights('Those of the further ones', 20),
    outputInit: common.initialWeights('Those of the output', 12),
  })
  .refine((s) => s.latencySteps <= s.forwardSteps, {
    message: 'must not exceed forwardSteps',
    path: ['latencySteps'],
  })
  .refine((s) => s.errorLow < s.errorHigh, { message: 'must be below errorHigh', path: ['errorLow'] })
  .refine(
    (s) => s.inputCredit === 'flag' || s.hiddenStep + TIME_PLACES + s.rateDrops.length <= LEAST_EXPONENT,
    {
      message: `must leave room for inputCredit: hiddenStep ends at ${LEAST_EXPONENT - TIME_PLACES}`,
      path: ['hiddenStep'],
    },
  )
  .refine((s) => Math.max(s.hiddenStep, s.outputStep) + s.rateDrops.length <= LEAST_EXPONENT, {
    message: `must leave room for the drops: hiddenStep and outputStep end at ${LEAST_EXPONENT}`,
    path: ['rateDrops'],
  });

export const SETTING_NAMES = Object.keys(fileSchema.shape);

export const settingsSchema = z.preprocess((given) => withPreset(PRESETS, given), fileSchema);

/** All settings, filled in. */
export type Settings = z.infer<typeof settingsSchema>;
