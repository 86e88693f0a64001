// Settings of the recipe. A level is a grid step of a mixed 8-bit weight, mantissa 2. Lists by layer are from below; the
// last entry holds for all further layers.

import { z } from 'zod';
import * as common from '../common/settings.ts';
import { LEAST_EXPONENT } from '../common/signed-rule.ts';

const LAYERS_MAX = 4;

const perLayer = (item: z.ZodNumber, ...values: number[]) =>
  z.array(item).min(1).max(LAYERS_MAX).default(values);

const fields = {
  hidden: z
    .array(z.int().min(1).max(8192))
    .min(1)
    .max(LAYERS_MAX)
    .default([512, 128])
    .describe('Neurons of the hidden layers.'),
  steps: z.int().min(2).max(40).default(12).describe('Steps in which a layer integrates.'),
  latencySteps: common.latencySteps(9, 40),
  pixelMin: common.pixelMin(16),
  inputDropout: common.inputDropout(16),
  thresholds: perLayer(z.int().min(1).max(60_000), 600, 300).describe('Levels.'),
  init: perLayer(z.int().min(1).max(127), 20, 40).describe('Weights start uniform in ± this many levels.'),
  outputThreshold: z.int().min(1).max(60_000).default(300).describe('Levels.'),
  outputInit: z.int().min(1).max(127).default(40).describe('The same as init for the outputs.'),
  margin: z
    .int()
    .min(0)
    .max(40)
    .default(4)
    .describe('Spikes by which the output of the label may stay below the number of steps.'),
  outputDeadZone: z
    .int()
    .min(0)
    .max(40)
    .default(2)
    .describe('Spikes by which an output may be wrong without a desire.'),
  outputCountMin: z
    .int()
    .min(0)
    .max(40)
    .default(1)
    .describe('Spikes with which an output learns if it has fired fewer; 0: a silent output does not learn.'),
  hiddenDeadZone: perLayer(z.int().min(0).max(60_000), 60, 20).describe(
    'Levels of the sum of weights × error spikes beyond which a hidden neuron has a desire.',
  ),
  hiddenNoise: perLayer(z.int().min(0).max(60_000), 60, 20).describe(
    'Levels within which noise moves that bound.',
  ),
  errorLevels: z
    .array(z.int().min(1).max(40))
    .min(1)
    .max(4)
    .default([1])
    .describe(
      'Errors, in spikes, from which a neuron with a desire sends one spike more to the layer below.',
    ),
  spikeLevels: z
    .array(z.int().min(1).max(40))
    .min(1)
    .max(7)
    .default([1])
    .describe('Numbers of its spikes from which a post neuron learns one time more.'),
  stepExponent: perLayer(z.int().min(2).max(LEAST_EXPONENT), 3).describe(
    'a: for each of these, weights change by 8/2^a levels.',
  ),
  outputStep: z.int().min(2).max(LEAST_EXPONENT).default(4).describe('The same for the outputs.'),
  rateDrops: common.rateDrops(0.5, 0.7, 0.85),
};

export const SETTING_NAMES = Object.keys(fields);

export const settingsSchema = z
  .strictObject(fields)
  .refine((s) => s.latencySteps <= s.steps, { message: 'must not exceed steps', path: ['latencySteps'] })
  .refine((s) => s.margin < s.steps, { message: 'must be less than steps', path: ['margin'] })
  .refine((s) => Math.max(s.outputStep, ...s.stepExponent) + s.rateDrops.length <= LEAST_EXPONENT, {
    message: `must leave room for the drops: stepExponent and outputStep end at ${LEAST_EXPONENT}`,
    path: ['rateDrops'],
  });

/** All settings, filled in. */
export type Settings = z.infer<typeof settingsSchema>;

/** The entry of a list by layer. */
export const ofLayer = (list: readonly number[], layer: number): number =>
  list[Math.min(layer, list.length - 1)]!;
