// Settings of the recipe; the defaults were chosen on a split of MNIST's training set (docs/recipes/ottt.md). A level is a grid step of a mixed 8-bit weight, mantissa 2.

import { z } from 'zod';
import * as common from '../common/settings.ts';
import { LEAST_EXPONENT } from '../common/signed-rule.ts';

/** When weights change: at the end of every frame (the paper's variant O) or once a sample (A). */
export const UPDATES = ['frame', 'sample'] as const;
export type Update = (typeof UPDATES)[number];

/** Binary places by which the tags of variant A are finer than weights. */
export const TAG_PLACES = 3;

const fileSchema = z
  .strictObject({
    hidden: z.int().min(1).max(8192).default(256).describe('Hidden neurons.'),
    frames: z
      .int()
      .min(1)
      .max(64)
      .default(6)
      .describe('Frames of a sample: steps of the rule, each with an error and a learning epoch.'),
    firstError: z
      .int()
      .min(0)
      .max(63)
      .default(1)
      .describe('The first frame that has an error; until then traces forget the last sample.'),
    update: z
      .enum(UPDATES)
      .default('frame')
      .describe('Weights change in every frame (variant O), or tags do and weights once a sample (A).'),
    leak: z
      .number()
      .min(0)
      .max(1)
      .default(0.5)
      .describe('What voltages, outputs and traces keep from frame to frame.'),
    inputRate: z.number().min(0.01).max(1).default(0.5).describe('Spikes of a white pixel in a frame.'),
    pixelMin: common.pixelMin(16),
    inputDropout: common.inputDropout(16),
    threshold: z.int().min(1).max(10_000).default(200).describe('Levels.'),
    surrogateWidth: z
      .number()
      .min(0.1)
      .max(10)
      .default(2)
      .describe('Half the width of the derivative, a triangle around the threshold, in thresholds.'),
    hiddenInit: common.initialWeights('Hidden weights', 20),
    outputInit: common.initialWeights('Output weights', 12),
    errorHigh: common.errorHigh(800),
    errorLow: common.errorLow(100),
    errorPlaces: z
      .int()
      .min(1)
      .max(16)
      .default(9)
      .describe('An error of 2^errorPlaces half levels is always a spike, a lesser one by chance.'),
    feedbackPlaces: z
      .int()
      .min(1)
      .max(16)
      .default(8)
      .describe('Binary places by which feedback, in half levels, × derivative is divided.'),
    hiddenMost: z.int().min(1).max(127).default(31).describe('Greatest hidden error.'),
    traceImpulse: z.int().min(1).max(127).default(16).describe('What a spike adds to the trace of its axon.'),
    hiddenStep: z
      .int()
      .min(0)
      .max(LEAST_EXPONENT)
      .default(3)
      .describe('Binary places by which trace × hidden error is divided for eight of a weight step.'),
    outputStep: z
      .int()
      .min(0)
      .max(LEAST_EXPONENT)
      .default(5)
      .describe(
        'Binary places by which the trace is divided for two steps of an output weight, and of its copy.',
      ),
    rateDrops: common.rateDrops(0.5, 0.8),
  })
  .refine((s) => s.firstError < s.frames, { message: 'must be below frames', path: ['firstError'] })
  .refine((s) => Math.max(s.hiddenStep, s.outputStep, TAG_PLACES) + s.rateDrops.length <= LEAST_EXPONENT, {
    message: `with the steps exceed the ${LEAST_EXPONENT} binary places of a rule`,
    path: ['rateDrops'],
  });

export const settingsSchema = fileSchema;
export type Settings = z.infer<typeof settingsSchema>;
export const SETTING_NAMES = Object.keys(fileSchema.shape);
