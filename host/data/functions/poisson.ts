// Poisson's equation -u'' = f on 0..1 with u = 0 at both ends, learned from its residual alone: the true values are for
// tests only.

import { middles, type Problem, pointsOn } from './problem.ts';

const INTERVALS = 16;
/** Second differences are taken over twice the distance of the points, which halves twice what noise does to them. */
const REACH = 2;
const BOUNDARY_WEIGHT = 0.1;
const TEST = 200;
const VALIDATION = 80;

const truth = (x: number): number => Math.sin(Math.PI * x);
const source = (x: number): number => Math.PI ** 2 * Math.sin(Math.PI * x);

/** Mean square of h²(-u'' - f), the derivative by central differences, and of u at the ends. */
function residualLoss(values: Float64Array): number {
  const h = REACH / INTERVALS;
  let sum = 0;
  for (let i = REACH; i <= INTERVALS - REACH; i++) {
    const second = values[i - REACH]! - 2 * values[i]! + values[i + REACH]!;
    sum += (second + h ** 2 * source(i / INTERVALS)) ** 2;
  }
  const ends = values[0]! ** 2 + values[INTERVALS]! ** 2;
  return sum / (INTERVALS - 2 * REACH + 1) + BOUNDARY_WEIGHT * ends;
}

const title = 'Poisson’s equation in one dimension';

export const poisson: Problem = {
  name: 'poisson',
  title,
  sensors: 0,
  coordinates: 1,
  amplitude: 1,
  batch: INTERVALS + 1,
  train: pointsOn(
    Float64Array.from({ length: INTERVALS + 1 }, (_, i) => i / INTERVALS),
    truth,
  ),
  validation: pointsOn(middles(VALIDATION), truth),
  test: pointsOn(middles(TEST), truth),
  lossText:
    'the mean square of the residual by finite differences at 17 points, and of the values at the ends',
  loss: residualLoss,
  cuts: [{ title, first: 0, count: TEST, over: 0, axis: 'x' }],
};
