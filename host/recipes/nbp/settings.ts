// Settings of the recipe. The defaults are those of the network that was measured on the chip.

import * as z from 'zod';

/** Where populations lie: as in the published program, or on as few cores as hold them. Spikes do not depend on it. */
export const PLACEMENTS = ['published', 'packed'] as const;

export const settingsSchema = z.strictObject({
  hidden: z.int().min(1).max(10_000).default(400).describe('Hidden neurons.'),
  crop: z.int().min(0).max(1000).default(4).describe('Pixels cut off at every side of an image.'),
  pixelMin: z.int().min(1).max(255).default(129).describe('Least grey value that makes a pixel spike.'),
  weightScale: z
    .int()
    .min(1)
    .max(100_000)
    .default(1024)
    .describe('Initial weights: a deviation of the square root of 2 / (fan-in + fan-out), times this.'),
  weightClip: z.int().min(0).max(254).default(240).describe('Greatest initial weight.'),
  placement: z
    .enum(PLACEMENTS)
    .default('published')
    .describe('Cores as in the published program, or as few as hold the network.'),
});

/** All settings, filled in. */
export type Settings = z.infer<typeof settingsSchema>;

export const SETTING_NAMES = Object.keys(settingsSchema.shape);
