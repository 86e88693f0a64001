// The steps of a sample, of a test sample and of the preludes that start the gate chains, counted from 0. A spike
// fired in step p acts on its targets in step p + 1 + delay; gate k fires in step k - 1 and so acts in step k.

/** A training sample. */
export const TRAIN = {
  steps: 12,
  image: 0,
  label: 2,
  /** The output errors are known. */
  error: 4,
  /** Reward: what fires together now is strengthened, first at the output weights, then at the hidden ones. */
  outputReward: 5,
  hiddenReward: 7,
  /** Without reward: the same with the opposite errors, which weaken. */
  outputDepression: 9,
  hiddenDepression: 11,
  /** Injection that makes the first gate fire in the last step of the prelude. */
  chainStart: 10,
} as const;

/** A test sample; the inference network has gates 0 to 3. */
export const TEST = { steps: 4, image: 0, chainStart: 2 } as const;
