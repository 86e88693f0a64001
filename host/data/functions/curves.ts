// Functions of one variable: a smooth one and one with jumps.

import { meanSquareLoss, middles, type Problem, pointsOn } from './problem.ts';

const TEST = 200;
const VALIDATION = 80;

function curve(name: string, title: string, points: number, truth: (x: number) => number): Problem {
  const train = pointsOn(middles(points), truth);
  return {
    name,
    title,
    sensors: 0,
    coordinates: 1,
    amplitude: 1,
    batch: points,
    train,
    validation: pointsOn(middles(VALIDATION), truth),
    test: pointsOn(middles(TEST), truth),
    lossText: `the mean square of the error at ${points} points`,
    loss: meanSquareLoss(train),
    cuts: [{ title, first: 0, count: TEST, over: 0, axis: 'x' }],
  };
}

export const sin = curve('sin', 'sin 2πx', 32, (x) => Math.sin(2 * Math.PI * x));

/** Jumps at 0.3 and 0.7; level, oscillating and falling pieces. */
export const jumps = curve('jumps', 'a function with two jumps', 64, (x) => {
  if (x < 0.3) return -0.6;
  return x < 0.7 ? 0.5 + 0.3 * Math.sin(5 * Math.PI * x) : 0.2 - x;
});
