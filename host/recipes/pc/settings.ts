// Settings of the recipe. A level is a grid step of a mixed 8-bit weight, mantissa 2.

import { z } from 'zod';
import * as common from '../common/settings.ts';
import { LEAST_EXPONENT } from '../common/signed-rule.ts';
import { timeline } from './timeline.ts';

/** Steps of a learning epoch [HW 4.3]. */
const EPOCH_MAX = 63;

const step = z.int().min(0).max(LEAST_EXPONENT);
const range = z.int().min(0).max(127);

const fields = {
  hidden: z.int().min(1).max(8192).default(256).describe('Hidden units: a value and a prediction each.'),
  steps: z.int().min(2).max(30).default(10).describe('Steps in which predictions add up.'),
  latencySteps: common.latencySteps(9, 30),
  pixelMin: common.pixelMin(16),
  inputDropout: common.inputDropout(16),
  rateStep: z
    .int()
    .min(1)
    .max(60_000)
    .default(600)
    .describe('Levels of a value that are one spike of its rate.'),
  rateMost: z.int().min(1).max(20).default(8).describe('Greatest rate, in spikes.'),
  turns: z.int().min(1).max(20).default(8).describe('Turns in which values and errors relax.'),
  relaxShift: z
    .int()
    .min(0)
    .max(6)
    .default(1)
    .describe('Binary places: a value goes this share of the way to its rest in a turn.'),
  feedbackGain: z
    .int()
    .min(1)
    .max(4096)
    .default(32)
    .describe('Pull of the errors of the outputs on a value against its own, in 1/16.'),
  errorHigh: z
    .int()
    .min(0)
    .max(100_000)
    .default(1500)
    .describe('Levels: the value of the output of the label is at least this.'),
  errorLow: z
    .int()
    .min(-100_000)
    .max(100_000)
    .default(250)
    .describe('Levels: the value of another output is at most this.'),
  errorShift: z
    .int()
    .min(0)
    .max(15)
    .default(10)
    .describe('Binary places by which an error of an output, in halves of a level, is divided into spikes.'),
  errorMost: z.int().min(1).max(8).default(4).describe('Greatest error of an output, in spikes.'),
  hiddenShift: z
    .int()
    .min(0)
    .max(15)
    .default(4)
    .describe('Binary places by which an error of a value, in halves of a level, is divided.'),
  hiddenMost: range.min(1).default(31).describe('Greatest error of a value that is told.'),
  rateLevels: z
    .array(z.int().min(1).max(20))
    .min(1)
    .max(7)
    .default([1, 3, 5])
    .describe('Rates from which an output learns one time more.'),
  hiddenStep: step
    .default(3)
    .describe('k: a hidden weight changes by the error of its value, divided by 2^(k + 1), in levels.'),
  outputStep: step
    .default(2)
    .describe('The same of the output weights, for 8 times the error and each of the rateLevels.'),
  rateDrops: common.rateDrops(0.5, 0.7, 0.85),
  hiddenInit: common.initialWeights('Hidden weights', 20),
  outputInit: common.initialWeights('Output weights', 20),
};

export const SETTING_NAMES = Object.keys(fields);

export const settingsSchema = z
  .strictObject(fields)
  .refine((s) => s.latencySteps <= s.steps, { message: 'must not exceed steps', path: ['latencySteps'] })
  .refine((s) => Math.max(s.hiddenStep, s.outputStep) + s.rateDrops.length <= LEAST_EXPONENT, {
    message: `must leave room for the drops: hiddenStep and outputStep end at ${LEAST_EXPONENT}`,
    path: ['rateDrops'],
  })
  .refine((s) => timeline(s).steps <= EPOCH_MAX, {
    message: `makes a sample longer than a learning epoch, ${EPOCH_MAX} steps`,
    path: ['turns'],
  });

/** All settings, filled in. */
export type Settings = z.infer<typeof settingsSchema>;
