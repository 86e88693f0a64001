// Functions to learn: points, the true values there, and the loss of a guess at the points. Everything is computed from
// formulas or by a solver of ours, so the same bits come out everywhere and no file is needed.

/** Points and the true values there. */
export interface PointSet {
  readonly count: number;
  /** [count][sensors + coordinates]; coordinates are within 0..1, sensors within -1..1. */
  readonly inputs: Float64Array;
  /** [count] */
  readonly truth: Float64Array;
}

/** What a plot shows: test points in order, over one of their coordinates. */
export interface Cut {
  readonly title: string;
  /** Test points, first to last. */
  readonly first: number;
  readonly count: number;
  /** Place of the coordinate in the inputs, and its name. */
  readonly over: number;
  readonly axis: string;
}

export interface Problem {
  readonly name: string;
  readonly title: string;
  /** Values of an input function that come before the coordinates; 0 but for operators. */
  readonly sensors: number;
  readonly coordinates: number;
  /** Largest magnitude of the true values, rounded up: an output's full scale. */
  readonly amplitude: number;
  /** Training points come in batches of this many; a trial sees one batch. */
  readonly batch: number;
  readonly train: PointSet;
  /** For the choice of settings: neither training points nor test points. */
  readonly validation: PointSet;
  readonly test: PointSet;
  /** In words, for the report: what the host computes from the answers. */
  readonly lossText: string;
  /** Loss of the values at the points of a batch, the first of them training point `first`. */
  readonly loss: (values: Float64Array, first: number) => number;
  readonly cuts: readonly Cut[];
}

/** ‖values - truth‖ / ‖truth‖ in L2. */
export function relativeL2(values: Float64Array, truth: Float64Array): number {
  let error = 0;
  let norm = 0;
  for (let i = 0; i < truth.length; i++) {
    error += (values[i]! - truth[i]!) ** 2;
    norm += truth[i]! ** 2;
  }
  return Math.sqrt(error / norm);
}

/** The mean square of the error, for problems whose truth is known at the training points. */
export function meanSquareLoss({ truth }: PointSet): Problem['loss'] {
  return (values, first) => {
    let sum = 0;
    for (let i = 0; i < values.length; i++) sum += (values[i]! - truth[first + i]!) ** 2;
    return sum / values.length;
  };
}

/** Middles of `count` equal parts of 0..1. */
export function middles(count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => (i + 0.5) / count);
}

/** Points of one coordinate. */
export function pointsOn(inputs: Float64Array, truth: (x: number) => number): PointSet {
  return { count: inputs.length, inputs, truth: inputs.map(truth) };
}
