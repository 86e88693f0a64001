// Settings of the recipe. Levels are grid steps of a mixed 8-bit weight: 1 level = mantissa 2.

import { z } from 'zod';

const fileSchema = z
  .strictObject({
    hidden: z.int().min(1).max(8192).default(512).describe('Hidden neurons.'),
    forwardSteps: z
      .int()
      .min(1)
      .max(39)
      .default(11)
      .describe('Steps in which the hidden neurons integrate; odd, so that a sample has an even length.'),
    latencySteps: z
      .int()
      .min(1)
      .max(39)
      .default(9)
      .describe('Steps over which the input spikes are spread; a bright pixel comes first.'),
    pixelMin: z.int().min(1).max(255).default(16).describe('Least grey value that makes a pixel spike.'),
    inputDropout: z
      .int()
      .min(0)
      .max(255)
      .default(32)
      .describe('Input spikes left out in training, in 1/256.'),
    hiddenThreshold: z.int().min(1).max(10_000).default(600).describe('Levels.'),
    errorHigh: z
      .int()
      .min(0)
      .max(100_000)
      .default(2500)
      .describe('Levels above which the output of the label is no error.'),
    errorLow: z
      .int()
      .min(-100_000)
      .max(100_000)
      .default(424)
      .describe('Levels below which another output is no error.'),
    errorShift: z
      .int()
      .min(0)
      .max(15)
      .default(10)
      .describe('Binary places by which an error, in halves of a level, is divided before it is sent.'),
    errorMost: z.int().min(1).max(31).default(4).describe('Greatest error that is sent.'),
    feedbackShift: z
      .int()
      .min(0)
      .max(15)
      .default(4)
      .describe('Binary places by which the sum of error × feedback weight is divided.'),
    hiddenMost: z
      .int()
      .min(1)
      .max(127)
      .default(31)
      .describe(
        'Greatest hidden error; a hidden weight changes by half a level for each 2^hiddenStep of it.',
      ),
    hiddenStep: z.int().min(0).max(7).default(4).describe('Binary places of a hidden step.'),
    outputStep: z
      .int()
      .min(0)
      .max(4)
      .default(1)
      .describe('An output weight, and its copy, changes by 2^outputStep levels for each unit of the error.'),
    rateDrops: z
      .array(z.number().min(0).max(1))
      .max(7)
      .default([0.467, 0.667, 0.833])
      .describe('Shares of the training after which the steps are halved.'),
    hiddenInit: z
      .int()
      .min(0)
      .max(127)
      .default(20)
      .describe('Initial hidden weights are uniform in ± this many levels.'),
    outputInit: z.int().min(0).max(127).default(12).describe('The same for the output weights.'),
    feedbackInit: z
      .int()
      .min(0)
      .max(127)
      .default(12)
      .describe('The same for the feedback weights, which start with draws of their own.'),
    hiddenCores: z
      .int()
      .min(0)
      .max(128)
      .default(0)
      .describe('Cores for the hidden layer; 0 = as few as fit.'),
  })
  .refine((s) => s.forwardSteps % 2 === 1, { message: 'must be odd', path: ['forwardSteps'] })
  .refine((s) => s.latencySteps <= s.forwardSteps, {
    message: 'must not exceed forwardSteps',
    path: ['latencySteps'],
  })
  .refine((s) => s.hiddenStep + s.rateDrops.length <= 7, {
    message: 'with its halvings exceeds the 7 binary places of a rule',
    path: ['hiddenStep'],
  });

export const settingsSchema = fileSchema;
export type Settings = z.infer<typeof settingsSchema>;
export const SETTING_NAMES = Object.keys(fileSchema.shape);
