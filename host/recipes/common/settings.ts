// Settings that several recipes have, with the same meaning. A level is a grid step of a mixed 8-bit weight, mantissa 2.

import { z } from 'zod';
import { LEAST_EXPONENT } from './signed-rule.ts';

export const pixelMin = (grey: number) =>
  z.int().min(1).max(255).default(grey).describe('Least grey value that makes a pixel spike.');

export const inputDropout = (share: number) =>
  z.int().min(0).max(255).default(share).describe('Input spikes left out in training, in 1/256.');

export const inputShift = z
  .int()
  .min(0)
  .max(4)
  .default(0)
  .describe('Pixels by which the encoder moves a training sample at most, at random.');

export const inputCredit = z
  .enum(['flag', 'time'])
  .default('flag')
  .describe(
    'What an input spike counts for in learning: the same at any time, or the more the earlier it is.',
  );

/** @param most steps that a sample has for its input */
export const latencySteps = (steps: number, most: number) =>
  z
    .int()
    .min(1)
    .max(most)
    .default(steps)
    .describe('Steps over which the input spikes are spread; a bright pixel comes first.');

export const errorHigh = (levels: number) =>
  z
    .int()
    .min(0)
    .max(100_000)
    .default(levels)
    .describe('Levels above which the output of the label is no error.');

export const errorLow = (levels: number) =>
  z
    .int()
    .min(-100_000)
    .max(100_000)
    .default(levels)
    .describe('Levels below which another output is no error.');

/** @param what the weights, as a sentence begins */
export const initialWeights = (what: string, levels: number) =>
  z.int().min(0).max(127).default(levels).describe(`${what} start uniform in ± this many levels.`);

export const rateDrops = (...shares: number[]) =>
  z
    .array(z.number().min(0).max(1))
    .max(LEAST_EXPONENT)
    .default(shares)
    .describe('Shares of the training after which learning becomes half as fast.');
