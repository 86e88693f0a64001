// Settings of the recipe. A level is a grid step of a mixed 8-bit weight, mantissa 2. Lists are by layer, from below; the
// last entry holds for all further layers.

import { z } from 'zod';
import { withPreset } from '../common/preset.ts';
import { inputCredit, inputDropout, latencySteps, pixelMin } from '../common/settings.ts';
import { ARCHITECTURE_NAMES, type ArchitectureName } from './architecture.ts';
import { PRESET_NAMES, PRESETS } from './presets.ts';

/** What the error of a layer comes from: the layer above, by copies of its weights, or a readout of its own. */
export const CREDITS = ['dalton', 'v-tfr'] as const;
/** What becomes of the kernels of convolutions. */
export const KERNELS = ['unshared', 'tied', 'frozen'] as const;
/** How samples become spikes. */
export const INPUTS = ['latency', 'events'] as const;
export const SURROGATES = ['fired', 'triangle', 'sigmoid'] as const;
export type Surrogate = (typeof SURROGATES)[number];

const perLayer = (item: z.ZodNumber, ...values: number[]) => z.array(item).min(1).max(16).default(values);

const fileSchema = z
  .strictObject({
    preset: z.enum(PRESET_NAMES).default('quick').describe('A set of settings; those given beside it win.'),
    architecture: z
      .enum(ARCHITECTURE_NAMES as [ArchitectureName, ...ArchitectureName[]])
      .default('dense')
      .describe('A1 to A5 of the paper, or dense layers alone (256 neurons, if no sizes are given).'),
    narrower: z.int().min(1).max(64).default(1).describe('Divides the channels of convolutions.'),
    dense: z
      .array(z.int().min(1).max(8192))
      .max(8)
      .default([])
      .describe("Sizes of the dense layers; none = the architecture's."),
    credit: z
      .enum(CREDITS)
      .default('dalton')
      .describe('Errors of a layer: from the layer above (dalton), or from a readout of its own (v-tfr).'),
    kernels: z
      .enum(KERNELS)
      .default('unshared')
      .describe(
        'Kernels of convolutions: learned by every place on its own, by all places together (an extension), or fixed random.',
      ),
    surrogate: z
      .enum(SURROGATES)
      .default('triangle')
      .describe(
        'Derivative of a neuron that fired: 1, or the sum of a triangle or a fast sigmoid around the threshold.',
      ),
    input: z
      .enum(INPUTS)
      .default('latency')
      .describe(
        'Images as a spike a pixel, the brighter the earlier; or rasters of events, a column a step.',
      ),
    crop: z.int().min(0).max(100).default(0).describe('Pixels left out at every border of a raster.'),
    steps: z.int().min(1).max(40).default(12).describe('Steps in which a layer integrates.'),
    latencySteps: latencySteps(9, 40),
    pixelMin: pixelMin(16),
    inputDropout: inputDropout(16),
    inputCredit,
    thresholds: perLayer(z.int().min(1).max(60_000), 600, 800).describe('Levels.'),
    init: perLayer(z.int().min(1).max(127), 20, 60).describe('Weights start uniform in ± this many levels.'),
    readoutInit: perLayer(z.int().min(1).max(127), 127).describe(
      'The same for the fixed readout of a layer.',
    ),
    target: z
      .int()
      .min(0)
      .max(100_000)
      .default(4200)
      .describe('Levels that the output of the label should exceed.'),
    margin: z
      .int()
      .min(-100_000)
      .max(100_000)
      .default(840)
      .describe('Levels below 0 that the outputs of other classes should stay; if negative, above.'),
    errorMin: z
      .int()
      .min(1)
      .max(100_000)
      .default(840)
      .describe('Levels by which an output must miss to be an error.'),
    errorScale: perLayer(z.int().min(1).max(60_000), 127, 100).describe(
      'Levels of feedback × derivative, which is 1 in the mean of a busy neuron, that always get an answer.',
    ),
    stepExponent: perLayer(z.int().min(2).max(7), 4, 5).describe('a: weights change by 8/2^a levels.'),
    rateDrops: z
      .array(z.number().min(0).max(1))
      .max(4)
      .default([0.4, 0.75])
      .describe('Shares of the training after which learning becomes half as fast.'),
  })
  .refine((s) => s.latencySteps <= s.steps, { message: 'must not exceed steps', path: ['latencySteps'] })
  .refine((s) => s.inputCredit === 'flag' || s.input === 'latency', {
    message: 'is for images: of events every spike counts',
    path: ['inputCredit'],
  });

export const SETTING_NAMES = Object.keys(fileSchema.shape);

export const settingsSchema = z.preprocess((given) => withPreset(PRESETS, given), fileSchema);

/** All settings, filled in. */
export type Settings = z.infer<typeof settingsSchema>;

/** The entry of a list by layer. */
export const ofLayer = (list: readonly number[], layer: number): number =>
  list[Math.min(layer, list.length - 1)]!;
