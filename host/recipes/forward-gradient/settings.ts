// Settings of the recipe.

import { z } from 'zod';

const fileSchema = z.strictObject({
  perturb: z
    .enum(['global', 'layers', 'output'])
    .default('global')
    .describe('All weights at once, one layer a trial in turn, or those of the output alone.'),
  grid: z.int().min(3).max(64).default(13).describe('Tuned inputs, and hidden neurons, along a coordinate.'),
  width: z
    .number()
    .min(1)
    .max(8)
    .default(3)
    .describe('Half width of a tuning curve, in distances on the grid.'),
  steps: z.int().min(4).max(256).default(32).describe('In which hidden neurons fire.'),
  threshold: z.int().min(1).max(100_000).default(128).describe('Of hidden neurons, in weight units.'),
  start: z
    .int()
    .min(0)
    .max(254)
    .default(100)
    .describe('Weight of a hidden neuron to its own input at the start.'),
  scale: z
    .int()
    .min(64)
    .max(4_000_000)
    .default(12_000)
    .describe('Sum of output weights × spikes that stands for the full scale.'),
  hiddenStep: z
    .int()
    .min(2)
    .max(14)
    .default(4)
    .describe('Perturbation of hidden weights, in units of the weight; even.'),
  outputStep: z.int().min(2).max(14).default(4).describe('The same of output weights.'),
  rate: z
    .number()
    .positive()
    .default(300)
    .describe('Output weights change by rate × (loss with the pattern - loss against it), at the start.'),
  hiddenRate: z
    .number()
    .min(0)
    .default(0.5)
    .describe('The rate of hidden weights, in rates of output weights.'),
  rateEnd: z.number().positive().max(1).default(0.1).describe('Share of the rate that is left at the end.'),
});

export const settingsSchema = fileSchema.refine(
  ({ hiddenStep, outputStep }) => hiddenStep % 2 === 0 && outputStep % 2 === 0,
  { message: 'perturbations are even: weights lie on a grid of 2', path: ['hiddenStep'] },
);
export type Settings = z.infer<typeof settingsSchema>;
export const SETTING_NAMES = Object.keys(fileSchema.shape);
