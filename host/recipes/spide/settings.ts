// Settings of the recipe; the defaults were chosen on a split of MNIST's training set (docs/recipes/spide.md). A level is a grid step of a mixed 8-bit weight, mantissa 2.

import { z } from 'zod';
import * as common from '../common/settings.ts';
import { LEAST_EXPONENT } from '../common/signed-rule.ts';
import { timeline } from './timeline.ts';

/** Steps of a learning epoch. [HW 4.3] */
const EPOCH_MAX = 63;

const fileSchema = z
  .strictObject({
    neurons: z.int().min(1).max(4096).default(200).describe('Neurons, all connected with each other.'),
    forwardSteps: z.int().min(2).max(60).default(20).describe('Steps of phase one.'),
    turns: z.int().min(1).max(28).default(16).describe('Turns of phase two, two steps each.'),
    pixelMin: common.pixelMin(64),
    latencySteps: common.latencySteps(1, 60),
    inputDropout: common.inputDropout(16),
    threshold: z.int().min(1).max(10_000).default(300).describe('Levels.'),
    inputInit: common.initialWeights('Input weights', 20),
    recurrentInit: common.initialWeights('Recurrent weights', 10),
    outputInit: common.initialWeights('Output weights', 12),
    recurrentLimit: z
      .int()
      .min(0)
      .max(127)
      .default(127)
      .describe('Recurrent weights stay within ± this many levels: strong ones have no equilibrium.'),
    errorHigh: common.errorHigh(2500),
    errorLow: common.errorLow(424),
    errorPlaces: z
      .int()
      .min(1)
      .max(16)
      .default(11)
      .describe('An error of 2^errorPlaces half levels is always a spike, a lesser one by chance.'),
    errorGain: z
      .int()
      .min(1)
      .max(127)
      .default(4)
      .describe('Factor of what the outputs send to error neurons; the solution is as much larger.'),
    sumPlaces: z
      .int()
      .min(1)
      .max(7)
      .default(3)
      .describe('A sum of 2^sumPlaces spikes of an error neuron is always a change, a lesser one by chance.'),
    traceImpulse: z
      .int()
      .min(1)
      .max(127)
      .default(32)
      .describe('Trace of an axon that tells of a spike in every step of phase one.'),
    traceSteps: z
      .number()
      .min(1)
      .max(8)
      .default(4)
      .describe('Time constant of that trace: it fades from a whole rate to one spike within phase two.'),
    inputStep: z
      .int()
      .min(0)
      .max(LEAST_EXPONENT)
      .default(2)
      .describe('Input weights change by 2^(1 - inputStep) levels.'),
    recurrentStep: z
      .int()
      .min(0)
      .max(LEAST_EXPONENT)
      .default(5)
      .describe(
        'Binary places by which the trace is divided for two steps of a recurrent weight, and of its copy.',
      ),
    outputStep: z
      .int()
      .min(0)
      .max(LEAST_EXPONENT)
      .default(2)
      .describe('The same for output weights and their copies.'),
    rateDrops: common.rateDrops(0.5, 0.8),
  })
  .refine((s) => timeline(s).steps <= EPOCH_MAX, {
    message: `with forwardSteps make a sample longer than a learning epoch can be, ${EPOCH_MAX} steps`,
    path: ['turns'],
  })
  .refine((s) => s.latencySteps <= s.forwardSteps, {
    message: 'must not exceed forwardSteps',
    path: ['latencySteps'],
  })
  .refine(
    (s) => Math.max(s.inputStep, s.recurrentStep, s.outputStep) + s.rateDrops.length <= LEAST_EXPONENT,
    {
      message: `with the steps exceed the ${LEAST_EXPONENT} binary places of a rule`,
      path: ['rateDrops'],
    },
  );

export const settingsSchema = fileSchema;
export type Settings = z.infer<typeof settingsSchema>;
export const SETTING_NAMES = Object.keys(fileSchema.shape);
