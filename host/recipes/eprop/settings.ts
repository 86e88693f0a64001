// Settings of the recipe, chosen on the training samples of the cue accumulation task.

import * as z from 'zod';
import * as common from '../common/settings.ts';
import { LEAST_EXPONENT } from '../common/signed-rule.ts';

const step = z.int().min(0).max(LEAST_EXPONENT);

const fileSchema = z.strictObject({
  neurons: z.int().min(1).max(1024).default(100).describe('Recurrent neurons, all with adaptive thresholds.'),
  stepMs: z
    .int()
    .min(1)
    .max(50)
    .default(5)
    .describe('Milliseconds of a time step; spikes of a step are one.'),
  recallMs: z
    .int()
    .min(1)
    .max(100_000)
    .default(2100)
    .describe('Start of the period in which the answer is taught and read.'),
  threshold: z
    .int()
    .min(1)
    .max(100_000)
    .default(80)
    .describe('Of a recurrent neuron at rest, in weight units.'),
  adaptation: z
    .int()
    .min(0)
    .max(10_000)
    .default(20)
    .describe('Rise of the threshold by a spike, in weight units.'),
  inputRange: z.int().min(1).max(127).default(60).describe('Input weights at the start are within ± this.'),
  recurrentRange: z
    .int()
    .min(0)
    .max(127)
    .default(10)
    .describe('Recurrent weights at the start are within ± this.'),
  feedbackRange: z.int().min(1).max(127).default(4).describe('Feedback weights are within ± this.'),
  target: z
    .int()
    .min(1)
    .max(10_000)
    .default(300)
    .describe('What the readout of the right class is taught; of the other, minus this.'),
  errorShift: z.int().min(0).max(15).default(7).describe('Binary places by which an error is divided.'),
  learnShift: z
    .int()
    .min(0)
    .max(15)
    .default(4)
    .describe('Binary places by which error × derivative is divided in a neuron.'),
  hiddenStep: step.default(5).describe('Binary places by which a hidden step is divided.'),
  outputStep: step.default(5).describe('Binary places by which an output step is divided.'),
  rateDrops: common.rateDrops(0.5, 0.75),
});

export const settingsSchema = fileSchema.refine(
  (s) => Math.max(s.hiddenStep, s.outputStep) + s.rateDrops.length <= LEAST_EXPONENT,
  {
    message: `must leave room for the drops: hiddenStep and outputStep end at ${LEAST_EXPONENT}`,
    path: ['rateDrops'],
  },
);
export type Settings = z.infer<typeof settingsSchema>;
export const SETTING_NAMES = Object.keys(fileSchema.shape);
