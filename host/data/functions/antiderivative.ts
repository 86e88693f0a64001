// The antiderivative as an operator: from values of u at sensors and a place y to the integral of u from 0 to y.

import { CounterHash, Stream } from '../counter-hash.ts';
import { meanSquareLoss, type PointSet, type Problem } from './problem.ts';

const SENSORS = 20;
const TRAIN_FUNCTIONS = 100;
const TEST_FUNCTIONS = 50;
const VALIDATION_FUNCTIONS = 50;
/** Places of a function that are training points, and test points. */
const TRAIN_PLACES = 8;
const TEST_PLACES = 20;
const FUNCTIONS_PER_BATCH = 10;
const MODES = 4;
const SEED = 1;

/** u(x) = Σ a cos kπx, |u| <= 1, and its integral from 0. */
class RandomFunction {
  readonly #amplitudes: Float64Array;

  constructor(index: number) {
    const random = new CounterHash(SEED, Stream.trainImage, index);
    const drawn = Float64Array.from({ length: MODES }, (_, k) => random.between(-1, 1) / (1 + k / 2));
    const sum = drawn.reduce((all, a) => all + Math.abs(a), 0);
    const scale = random.between(0.5, 1) / sum;
    this.#amplitudes = drawn.map((a) => a * scale);
  }

  at(x: number): number {
    return this.#amplitudes.reduce((sum, a, k) => sum + a * Math.cos(k * Math.PI * x), 0);
  }

  integral(y: number): number {
    return this.#amplitudes.reduce(
      (sum, a, k) => sum + (k === 0 ? a * y : (a * Math.sin(k * Math.PI * y)) / (k * Math.PI)),
      0,
    );
  }
}

/** Points of `functions` functions, function slowest. */
function pointSet(first: number, functions: number, places: number): PointSet {
  const width = SENSORS + 1;
  const count = functions * places;
  const inputs = new Float64Array(count * width);
  const truth = new Float64Array(count);
  for (let f = 0; f < functions; f++) {
    const u = new RandomFunction(first + f);
    for (let p = 0; p < places; p++) {
      const point = f * places + p;
      // Test places lie elsewhere than those of training.
      const y = places === TRAIN_PLACES ? (p + 0.5) / places : p / (places - 1);
      for (let s = 0; s < SENSORS; s++) inputs[point * width + s] = u.at(s / (SENSORS - 1));
      inputs[point * width + SENSORS] = y;
      truth[point] = u.integral(y);
    }
  }
  return { count, inputs, truth };
}

export function antiderivative(): Problem {
  const train = pointSet(0, TRAIN_FUNCTIONS, TRAIN_PLACES);
  const batch = FUNCTIONS_PER_BATCH * TRAIN_PLACES;
  return {
    name: 'antiderivative',
    title: 'the antiderivative operator',
    sensors: SENSORS,
    coordinates: 1,
    amplitude: 1,
    batch,
    train,
    validation: pointSet(TRAIN_FUNCTIONS + TEST_FUNCTIONS, VALIDATION_FUNCTIONS, TEST_PLACES),
    test: pointSet(TRAIN_FUNCTIONS, TEST_FUNCTIONS, TEST_PLACES),
    lossText: `the mean square of the error at ${batch} of ${train.count} points, ${TRAIN_PLACES} places of ${FUNCTIONS_PER_BATCH} functions`,
    loss: meanSquareLoss(train),
    cuts: [0, 1, 2].map((f) => ({
      title: `Antiderivative of test function ${f + 1}`,
      first: f * TEST_PLACES,
      count: TEST_PLACES,
      over: SENSORS,
      axis: 'y',
    })),
  };
}
