// Burgers' equation u_t + u u_x = ν u_xx on x in -1..1, with u = -sin πx at the start and 0 at both ends, by a solver of
// ours: Crank-Nicolson for the diffusion, a second-order Adams-Bashforth step for the flux ½u².

import { meanSquareLoss, middles, type PointSet, type Problem } from './problem.ts';

export const VISCOSITY = 0.1;
const CELLS = 400;
const STEPS = 2000;
/** x and t as the network sees them are within 0..1. */
const END = 1;

/** Solves a·x[i-1] + b·x[i] + a·x[i+1] = d[i], x 0 beyond both ends; `d` is overwritten with x. */
function solveTridiagonal(a: number, b: number, d: Float64Array): void {
  const upper = new Float64Array(d.length);
  upper[0] = a / b;
  d[0]! /= b;
  for (let i = 1; i < d.length; i++) {
    const pivot = b - a * upper[i - 1]!;
    upper[i] = a / pivot;
    d[i] = (d[i]! - a * d[i - 1]!) / pivot;
  }
  for (let i = d.length - 2; i >= 0; i--) d[i]! -= upper[i]! * d[i + 1]!;
}

/** (½u²)_x at inner points by central differences. */
function fluxSlope(u: Float64Array, dx: number): Float64Array {
  return u.map((_, i) => ((u[i + 1] ?? 0) ** 2 - (u[i - 1] ?? 0) ** 2) / (4 * dx));
}

/**
 * Solutions at inner points x = -1 + 2(i + 1)/cells.
 * @returns [steps + 1][cells - 1]
 */
export function solveBurgers(cells: number, steps: number, viscosity = VISCOSITY): Float64Array[] {
  const dx = 2 / cells;
  const dt = END / steps;
  const r = (viscosity * dt) / (2 * dx ** 2);
  let u = Float64Array.from({ length: cells - 1 }, (_, i) => -Math.sin(Math.PI * (-1 + (i + 1) * dx)));
  const solution = [u];
  let before: Float64Array | undefined;
  for (let step = 0; step < steps; step++) {
    const slope = fluxSlope(u, dx);
    const earlier = before ?? slope;
    const next = u.map((value, i) => {
      const diffusion = r * ((u[i - 1] ?? 0) - 2 * value + (u[i + 1] ?? 0));
      return value + diffusion - dt * (1.5 * slope[i]! - 0.5 * earlier[i]!);
    });
    solveTridiagonal(-r, 1 + 2 * r, next);
    before = slope;
    u = next;
    solution.push(u);
  }
  return solution;
}

/** Points at the given x and t, both within 0..1, t slowest; values by linear interpolation in x. */
function pointSet(solution: readonly Float64Array[], xs: Float64Array, ts: Float64Array): PointSet {
  const count = xs.length * ts.length;
  const inputs = new Float64Array(2 * count);
  const truth = new Float64Array(count);
  ts.forEach((t, j) => {
    const u = solution[Math.round(t * STEPS)]!;
    xs.forEach((x, i) => {
      const place = j * xs.length + i;
      inputs.set([x, t], 2 * place);
      const at = x * CELLS - 1;
      const left = Math.floor(at);
      truth[place] = (u[left] ?? 0) * (1 - at + left) + (u[left + 1] ?? 0) * (at - left);
    });
  });
  return { count, inputs, truth };
}

/** Interleaved, so that every batch is spread over space and time. */
function spread({ count, inputs, truth }: PointSet, batch: number): PointSet {
  const batches = count / batch;
  const order = Array.from({ length: count }, (_, i) => (i % batch) * batches + Math.floor(i / batch));
  return {
    count,
    inputs: Float64Array.from({ length: 2 * count }, (_, i) => inputs[2 * order[i >> 1]! + (i & 1)]!),
    truth: Float64Array.from(order, (from) => truth[from]!),
  };
}

const BATCH = 32;
const TEST_X = 64;
const TEST_T = 10;
const VALIDATION_X = 24;
const VALIDATION_T = 5;

/** `count` times from the start to the end. */
function timesOf(count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, j) => j / (count - 1));
}

export function burgers(): Problem {
  const solution = solveBurgers(CELLS, STEPS);
  // The state at the start is given with the equation, so it is among the training points.
  const train = spread(pointSet(solution, middles(16), timesOf(8)), BATCH);
  const times = timesOf(TEST_T);
  return {
    name: 'burgers',
    title: 'Burgers’ equation',
    sensors: 0,
    coordinates: 2,
    amplitude: 1,
    batch: BATCH,
    train,
    validation: pointSet(solution, middles(VALIDATION_X), middles(VALIDATION_T)),
    test: pointSet(solution, middles(TEST_X), times),
    lossText: `the mean square of the error at ${BATCH} of ${train.count} points of the reference solution`,
    loss: meanSquareLoss(train),
    cuts: [0, 4, 9].map((j) => ({
      title: `Burgers’ equation at t = ${times[j]!.toFixed(2)}`,
      first: j * TEST_X,
      count: TEST_X,
      over: 0,
      axis: '(x + 1) / 2',
    })),
  };
}
