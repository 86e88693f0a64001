// The steps of a sample, of a frame of sleep, and of a test sample, counted from 0. A spike fired in step s acts
// on its targets in step s + 1 + delay.

import type { Settings } from './settings.ts';

/** When things act in a training sample. The learning epoch of the hidden and output weights is the sample. */
export interface Timeline {
  /** Hidden neurons have integrated; outputs are read against the high level, somas are cleared. */
  readonly readHigh: number;
  /** Outputs are read against the low level; somas are cleared again. */
  readonly readLow: number;
  /** Error neurons P and M fire; somas fire once more if their dendrite's drive is above a level. */
  readonly error: number;
  /** First and second evaluation of the apical compartments. */
  readonly firstSlot: number;
  readonly secondSlot: number;
  /** Forced post spikes: the sign of the change is in their distance from the epoch's end (2 or 0 steps). */
  readonly firstForce: number;
  readonly secondForce: number;
  readonly steps: number;
}

export function timeline({ forwardSteps }: Settings): Timeline {
  const t = forwardSteps;
  return {
    readHigh: t + 1,
    readLow: t + 2,
    error: t + 3,
    firstSlot: t + 5,
    secondSlot: t + 7,
    firstForce: t + 6,
    secondForce: t + 8,
    steps: t + 9,
  };
}

/**
 * A frame of sleep: one hidden neuron is made to fire, the outputs answer, and its feedback weights take the sign
 * of the answer. Injection in step 0.
 */
export const FRAME = {
  open: 1, // outputs take their offset; the neuron fires
  dreamAgain: 2, // injected once more, for the second flag
  readNegative: 2, // answers not above -level
  readPositive: 3, // answers above +level
  error: 4, // P = negative, M = positive answer
  firstFlag: 5, // the apical compartment fires with the first relay spikes
  reward: 5, // the first of the two learning epochs is rewarded
  empty: 6, // outputs are emptied
  secondFlag: 7, // the apical compartment fires with the second relay spikes
  steps: 10,
} as const;

/** Steps of a test sample: forward, then a ramp on which the outputs fire one level after the other. */
export function testSteps({ forwardSteps, rampLevels }: Settings): number {
  return forwardSteps + rampLevels + 2;
}

/** Padding before a sleep of n frames, so that it lasts a multiple of a sample and learning epochs stay aligned. */
export function sleepPadding(sample: number, frames: number, wakeSteps: number): number {
  const rest = (frames * FRAME.steps + wakeSteps) % sample;
  return rest === 0 ? sample : sample - rest;
}
