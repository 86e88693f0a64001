// The steps of a sample, counted from 0; a spike of one step acts on its targets in the next. Input spikes come in step 0.

/** Steps of phase one, turns of phase two. */
export interface Lengths {
  readonly forwardSteps: number;
  readonly turns: number;
}

export interface Timeline {
  /** Somas integrate and fire from step 1 to this one: phase one. */
  readonly settled: number;
  /** Outputs compare their sums with the label and send what should be more; what should be less one step later. */
  readonly error: number;
  /** Error neurons take their first turn of phase two; a turn is two steps, one for spikes of each sign. */
  readonly turns: number;
  /** They say what should be more, and one step later what should be less: to the somas, and to each other. */
  readonly learn: number;
  readonly steps: number;
  /** Of a test sample. */
  readonly testSteps: number;
}

/** Steps of a turn. */
export const TURN = 2;
/** From the step in which outputs are asked to the arrival of what they answer. */
export const ANSWER = 3;

export function timeline({ forwardSteps, turns }: Lengths): Timeline {
  const settled = forwardSteps;
  const error = settled + 1;
  const first = error + 2;
  const learn = first + TURN * turns;
  return { settled, error, turns: first, learn, steps: learn + 3, testSteps: error + ANSWER };
}
