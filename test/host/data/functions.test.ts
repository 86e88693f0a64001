// Functions to learn: solvers against known solutions, losses that are least at the truth.

import { describe, expect, it } from 'vitest';
import { solveBurgers, VISCOSITY } from '../../../host/data/functions/burgers.ts';
import { PROBLEM_NAMES, problemNamed } from '../../../host/data/functions/load.ts';
import { relativeL2 } from '../../../host/data/functions/problem.ts';

/** u(x, t) for u(x, 0) = -sin πx by Cole and Hopf, the integrals by the trapezoidal rule over a wide range. */
function coleHopf(x: number, t: number): number {
  const nu = VISCOSITY;
  const reach = 12 * Math.sqrt(4 * nu * t);
  const n = 4000;
  let above = 0;
  let below = 0;
  for (let i = 0; i <= n; i++) {
    const eta = -reach + (2 * reach * i) / n;
    const weight =
      Math.exp(-Math.cos(Math.PI * (x - eta)) / (2 * Math.PI * nu)) * Math.exp(-(eta ** 2) / (4 * nu * t));
    above += Math.sin(Math.PI * (x - eta)) * weight;
    below += weight;
  }
  return -above / below;
}

describe('the solver for Burgers’ equation', () => {
  const errorOf = (cells: number, steps: number): number => {
    const end = solveBurgers(cells, steps).at(-1)!;
    const exact = end.map((_, i) => coleHopf(-1 + (2 * (i + 1)) / cells, 1));
    return relativeL2(end, exact);
  };

  it('agrees with the solution by Cole and Hopf', () => {
    expect(errorOf(400, 2000)).toBeLessThan(1e-4);
  });

  it('is of second order', () => {
    expect(errorOf(50, 250) / errorOf(100, 500)).toBeCloseTo(4, 0);
  });
});

describe.each(PROBLEM_NAMES)('function %s', (name) => {
  const problem = problemNamed(name)!;
  const { train, validation, test, batch, sensors, coordinates, amplitude } = problem;

  it('has points within its ranges, in whole batches', () => {
    expect(train.count % batch).toBe(0);
    for (const { count, inputs, truth } of [train, validation, test]) {
      expect(inputs).toHaveLength(count * (sensors + coordinates));
      expect(truth).toHaveLength(count);
      expect(Math.max(...truth.map(Math.abs))).toBeLessThanOrEqual(amplitude);
      const least = (i: number): number => (i % (sensors + coordinates) < sensors ? -1 : 0);
      expect(inputs.every((value, i) => value >= least(i) && value <= 1)).toBe(true);
    }
  });

  it('is chosen by other points than it is learned or tested at', () => {
    const width = sensors + coordinates;
    const [learned, chosen, tested] = [train, validation, test].map(
      ({ count, inputs }) =>
        new Set(Array.from({ length: count }, (_, p) => inputs.subarray(p * width, (p + 1) * width).join())),
    );
    for (const point of chosen!) expect(learned!.has(point) || tested!.has(point)).toBe(false);
  });

  it('has less loss at the truth than near it', () => {
    const truth = train.truth.subarray(0, batch);
    for (const factor of [0.9, 1.1]) {
      const near = truth.map((value) => factor * value);
      expect(problem.loss(truth, 0)).toBeLessThan(problem.loss(near, 0));
    }
  });
});
