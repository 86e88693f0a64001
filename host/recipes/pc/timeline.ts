// The steps of a sample, counted from 0. A spike fired in step s acts on its targets in step s + 1. While values and errors
// relax they take turns of two steps: in the first an error or a rate may become one larger, in the second one smaller.

/** The settings that lengths depend on. */
export interface Lengths {
  readonly steps: number;
  readonly rateMost: number;
  readonly turns: number;
  readonly rateLevels: readonly number[];
  readonly errorMost: number;
}

export interface Timeline {
  /** Predictions are sent. */
  readonly predict: number;
  /** Outputs know their sums and the label, and begin to send their errors. */
  readonly judge: number;
  /** Values have come to rest and tell their errors. */
  readonly tell: number;
  /** First step in which rates and errors are said once more, to learn from. */
  readonly learn: number;
  readonly steps: number;
  /** Of a test sample. */
  readonly testSteps: number;
}

export function timeline({ steps, rateMost, turns, rateLevels, errorMost }: Lengths): Timeline {
  const predict = steps;
  // A prediction arrives, and a rate grows by 1 in a step.
  const judge = predict + rateMost + 1;
  const tell = judge + 2 * turns + 1;
  const learn = tell + 1;
  return {
    predict,
    judge,
    tell,
    learn,
    // In the last step the engine is at rest already.
    steps: learn + Math.max(rateLevels.length, 2 * errorMost) + 1,
    testSteps: judge + 2,
  };
}
