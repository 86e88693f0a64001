// Settings of the two recipes. Levels are grid steps of a mixed 8-bit weight: 1 level = mantissa 2.

import { z } from 'zod';
import { CAMERA_SIDE } from '../../data/event-raster.ts';
import { withPreset } from '../common/preset.ts';
import {
  errorHigh,
  errorLow,
  inputDropout,
  inputShift,
  latencySteps,
  pixelMin,
  rateDrops,
} from '../common/settings.ts';
import { LEAST_EXPONENT } from '../common/signed-rule.ts';
import { EVENT_PRESET_NAMES, EVENT_PRESETS, PRESET_NAMES, PRESETS } from './presets.ts';

const common = {
  hidden: z.int().min(1).max(8192).describe('Hidden neurons.'),
  hiddenThreshold: z.int().min(1).max(10_000).describe('Levels.'),
  inputDropout: inputDropout(32),
  inputShift,
  errorHigh: errorHigh(2500),
  errorLow: errorLow(424),
  errorShift: z
    .int()
    .min(0)
    .max(15)
    .describe('Binary places by which an error, in halves of a level, is divided before it is sent.'),
  errorMost: z.int().min(1).max(31).default(4).describe('Greatest error that is sent.'),
  feedbackShift: z
    .int()
    .min(0)
    .max(15)
    .default(4)
    .describe('Binary places by which the sum of error × feedback weight, in halves of a level, is divided.'),
  hiddenMost: z.int().min(1).max(127).default(31).describe('Greatest hidden error.'),
  activityCost: z
    .int()
    .min(0)
    .max(255)
    .default(0)
    .describe(
      'Halves of a level of feedback for each of its spikes that a neuron must get to be made to fire more.',
    ),
  hiddenStep: z
    .int()
    .min(0)
    .max(LEAST_EXPONENT)
    .default(4)
    .describe(
      'Binary places by which hidden error × input, in halves of a level, is divided for a weight step.',
    ),
  outputStep: z
    .int()
    .min(0)
    .max(4)
    .default(1)
    .describe('An output weight, and its copy, changes by 2^outputStep levels for each unit of the error.'),
  rateDrops: rateDrops(0.467, 0.667, 0.833),
  hiddenInit: z.int().min(0).max(127).describe('Initial hidden weights are uniform in ± this many levels.'),
  outputInit: z.int().min(0).max(127).default(12).describe('The same for the output weights.'),
  feedbackInit: z
    .int()
    .min(0)
    .max(127)
    .default(12)
    .describe('The same for the feedback weights, which start with draws of their own.'),
  hiddenCores: z.int().min(0).max(128).default(0).describe('Cores for the hidden layer; 0 = as few as fit.'),
};

const commonSchema = z.strictObject(common);
export type CommonSettings = z.infer<typeof commonSchema>;

const placesFit = (s: CommonSettings): boolean => s.hiddenStep + s.rateDrops.length <= LEAST_EXPONENT;
const PLACES = {
  message: `with its halvings exceeds the ${LEAST_EXPONENT} binary places of a rule`,
  path: ['hiddenStep'],
};

const imageFields = {
  preset: z.enum(PRESET_NAMES).default('quick').describe('A set of settings; those given beside it win.'),
  ...common,
  hidden: common.hidden.default(512),
  hiddenThreshold: common.hiddenThreshold.default(600),
  errorShift: common.errorShift.default(10),
  hiddenInit: common.hiddenInit.default(20),
  forwardSteps: z
    .int()
    .min(1)
    .max(39)
    .default(11)
    .describe('Steps in which the hidden neurons integrate; odd, so that a sample has an even length.'),
  latencySteps: latencySteps(9, 39),
  pixelMin: pixelMin(16),
  secondHidden: z
    .int()
    .min(0)
    .max(8192)
    .default(0)
    .describe('Neurons of a second hidden layer; 0 = there is none.'),
  secondThreshold: common.hiddenThreshold.default(300),
  secondInit: common.hiddenInit.default(20),
  secondFeedback: common.feedbackInit
    .default(40)
    .describe('Levels within which the fixed random feedback weights of the first of two layers are.'),
  decay: z
    .int()
    .min(0)
    .max(4095)
    .default(0)
    .describe(
      'What sums lose in a step, in 1/4096, instead of being cleared before each sample; 0: they are cleared.',
    ),
};

const imageFileSchema = z
  .strictObject(imageFields)
  .refine((s) => s.forwardSteps % 2 === 1, { message: 'must be odd', path: ['forwardSteps'] })
  .refine((s) => s.latencySteps <= s.forwardSteps, {
    message: 'must not exceed forwardSteps',
    path: ['latencySteps'],
  })
  .refine((s) => s.decay === 0 || s.activityCost === 0, {
    message: 'needs neurons that are reset: decay=0',
    path: ['activityCost'],
  })
  .refine(placesFit, PLACES);

export const imageSchema = z.preprocess((given) => withPreset(PRESETS, given), imageFileSchema);

export type ImageSettings = z.infer<typeof imageSchema>;
export const IMAGE_SETTING_NAMES = Object.keys(imageFields);

const eventFields = {
  preset: z
    .enum(EVENT_PRESET_NAMES)
    .default('recordings')
    .describe('A set of settings; those given beside it win.'),
  ...common,
  hidden: common.hidden.default(128),
  hiddenThreshold: common.hiddenThreshold.default(100),
  inputShift: inputShift.default(1),
  errorShift: common.errorShift.default(9),
  hiddenInit: common.hiddenInit.default(10),
  side: z
    .int()
    .min(1)
    .max(CAMERA_SIDE)
    .default(30)
    .describe(
      'Pixels on a side, from the middle of the camera; an axon that learns takes two entries of 4,096.',
    ),
  keep: z
    .int()
    .min(0)
    .max(4096)
    .default(3600)
    .describe('What a hidden neuron keeps of its voltage in a step, in 1/4096.'),
  traceImpulse: z.int().min(1).max(127).default(16).describe('What an event adds to the trace of its axon.'),
  traceSteps: z.number().min(0.5).max(1000).default(8).describe('Time constant of that trace.'),
  epochSteps: z.int().min(2).max(30).default(10).describe('Learning epoch of the hidden weights.'),
  tagStep: z
    .int()
    .min(0)
    .max(LEAST_EXPONENT)
    .default(2)
    .describe('Binary places by which trace × spikes of an epoch is divided for a step of the tag.'),
};

const eventFileSchema = z.strictObject(eventFields).refine(placesFit, PLACES);

export const eventSchema = z.preprocess((given) => withPreset(EVENT_PRESETS, given), eventFileSchema);

export type EventSettings = z.infer<typeof eventSchema>;
export const EVENT_SETTING_NAMES = Object.keys(eventFields);
