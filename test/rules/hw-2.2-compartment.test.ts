// HW 2.2: the order and the arithmetic of a compartment update, against the worked traces of the reference
// (appendix A), which public models of the chip produced.

import { describe, expect, it } from 'vitest';
import { BUILDS, runPopulation } from '../support/one-population.ts';

const column = (rows: number[][] | undefined, i = 0): (number | undefined)[] =>
  (rows ?? []).map((row) => row[i]);

describe.each(BUILDS)('HW 2.2 compartment, %s build', (build) => {
  const decaying = { decayU: 1024, decayV: 128, threshold: 200 };

  it('decays current and voltage toward zero and fires above the threshold (A.1)', () => {
    const { u, v, spikes } = runPopulation({
      build,
      compartment: decaying,
      weight: 100,
      arrivals: [2, 5],
      steps: 8,
      probes: ['u', 'v', 'spikes'],
    });
    expect(column(u)).toEqual([0, 6400, 4798, 3597, 9096, 6819, 5112, 3832]);
    expect(column(v)).toEqual([0, 6400, 10998, 0, 9096, 0, 5112, 8784]);
    expect(column(spikes)).toEqual([0, 0, 0, 1, 0, 1, 0, 0]);
  });

  it('mirrors a negative weight: magnitudes are floored for both signs (A.1)', () => {
    const { u, v } = runPopulation({
      build,
      compartment: decaying,
      weight: -100,
      arrivals: [2, 5],
      steps: 8,
      probes: ['u', 'v'],
    });
    expect(column(u)).toEqual([0, -6400, -4798, -3597, -9096, -6819, -5112, -3832]);
    expect(column(v)).toEqual([0, -6400, -10998, -14251, -22901, -29004, -33209, -36003]);
  });

  it('compares the threshold strictly and holds v at 0 for refractory - 1 steps (A.2)', () => {
    const compartment = { decayU: 4095, decayV: 0, bias: { mantissa: 100, exponent: 6 } };
    const fires = (threshold: number, refractory: number): number[] => {
      const { spikes } = runPopulation({
        build,
        compartment: { ...compartment, threshold, refractory },
        steps: 10,
        probes: ['spikes'],
      });
      return column(spikes).flatMap((fired, i) => (fired === 1 ? [i + 1] : []));
    };
    expect(fires(300, 1)).toEqual([4, 8]);
    expect(fires(150, 1)).toEqual([2, 4, 6, 8, 10]);
    expect(fires(150, 3)).toEqual([2, 6, 10]);
  });
});
