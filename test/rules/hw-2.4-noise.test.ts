// HW 2.4: compartment noise: range, scale and target (A.11), and the statistics of the draws.

import { describe, expect, it } from 'vitest';
import type { CoreClass } from '../../host/network/network.ts';
import { BUILDS, compileSmall, run, SmallMachine } from '../support/small-network.ts';
import {
  chiSquare,
  chiSquareBound,
  correlation,
  correlationBound,
  mean,
  meanBound,
} from '../support/statistics.ts';

type Noise = NonNullable<CoreClass['noise']>;

const SIZE = 50;

function noisy(noise: Noise, seed = 1, enabled = true) {
  return {
    seed,
    coreClasses: [{ name: 'core', noise }],
    populations: [
      {
        name: 'cells',
        size: SIZE,
        // Forgets u and v, so that both are this step's noise alone; passes on nothing and never fires.
        compartment: { decayU: 4095, decayV: 0, threshold: 131071, noise: enabled },
      },
    ],
  };
}

/** Noise at the dendrite is u of the step, since u forgets everything. */
function draws(
  noise: Noise,
  steps: number,
  build: (typeof BUILDS)[number] = 'release',
  seed = 1,
): number[][] {
  const { probes } = run(noisy(noise, seed), { build, steps, watch: [['cells', 'u']] });
  return probes['cells u']!;
}

describe.each(BUILDS)('HW 2.4 noise, %s build', (build) => {
  it.each([
    [7, 0, -127, 127, 1],
    [7, 2, 1, 255, 1],
    [10, 0, -1016, 1016, 8],
    [13, 2, 64, 16320, 64],
  ])(
    'with exponent %i and offset %i is %i..%i in steps of %i (A.11)',
    (exponent, mantissaOffset, low, high, step) => {
      const values = draws({ exponent, mantissaOffset, target: 'dendrite' }, 200, build).flat();
      expect(Math.min(...values)).toBe(low);
      expect(Math.max(...values)).toBe(high);
      expect(values.every((x) => (x - low) % step === 0)).toBe(true);
    },
  );

  it('truncates toward zero below exponent 7', () => {
    const wide = draws({ exponent: 7, mantissaOffset: 0, target: 'dendrite' }, 20, build).flat();
    const narrow = draws({ exponent: 4, mantissaOffset: 0, target: 'dendrite' }, 20, build).flat();
    expect(narrow).toEqual(wide.map((r) => Math.trunc(r / 8) + 0));
  });

  it('goes to v alone when the target is the membrane', () => {
    const noise = { exponent: 10, mantissaOffset: 0 } as const;
    const dendrite = draws({ ...noise, target: 'dendrite' }, 20, build);
    const { probes } = run(noisy({ ...noise, target: 'membrane' }), {
      build,
      steps: 20,
      watch: [
        ['cells', 'u'],
        ['cells', 'v'],
      ],
    });
    expect(probes['cells u']!.flat().every((u) => u === 0)).toBe(true);
    const sums = Array<number>(SIZE).fill(0);
    dendrite.forEach((row, t) => {
      row.forEach((r, i) => {
        sums[i]! += r;
      });
      expect(probes['cells v']![t]).toEqual(sums);
    });
  });

  it('is drawn once per enabled compartment and step, and not at all for the others', () => {
    const noise: Noise = { exponent: 7, mantissaOffset: 0, target: 'dendrite' };
    const on = run(noisy(noise), { build, steps: 9 });
    const off = run(noisy(noise, 1, false), { build, steps: 9, watch: [['cells', 'u']] });
    expect(on.small.counts().randomDraws).toBe(BigInt(9 * SIZE));
    expect(off.small.counts().randomDraws).toBe(0n);
    expect(off.probes['cells u']!.flat().every((u) => u === 0)).toBe(true);
  });
});

describe('HW 2.4 noise statistics', () => {
  const STEPS = 4000;
  const noise: Noise = { exponent: 7, mantissaOffset: 0, target: 'dendrite' };
  const rows = draws(noise, STEPS);
  const values = rows.flat();

  it('is uniform over the 255 levels of -127..127', () => {
    const counts = Array<number>(255).fill(0);
    for (const r of values) counts[r + 127]!++;
    expect(chiSquare(counts)).toBeLessThan(chiSquareBound(254));
    const deviation = Math.sqrt((255 ** 2 - 1) / 12);
    expect(Math.abs(mean(values))).toBeLessThan(meanBound(deviation, values.length));
  });

  it('is independent from step to step and between neighbours', () => {
    const one = rows.map((row) => row[0]!);
    const other = rows.map((row) => row[1]!);
    expect(Math.abs(correlation(one.slice(1), one.slice(0, -1)))).toBeLessThan(correlationBound(STEPS - 1));
    expect(Math.abs(correlation(one, other))).toBeLessThan(correlationBound(STEPS));
  });

  it('is the same for the same seed and another for another', () => {
    expect(draws(noise, 20)).toEqual(rows.slice(0, 20));
    const other = draws(noise, STEPS, 'release', 2).flat();
    expect(Math.abs(correlation(values, other))).toBeLessThan(correlationBound(values.length));
  });

  it('differs between populations of one core', () => {
    const { image } = compileSmall({
      coreClasses: [{ name: 'core', noise }],
      populations: ['a', 'b'].map((name) => ({
        name,
        size: SIZE,
        compartment: { decayU: 4095, decayV: 0, threshold: 131071, noise: true },
      })),
    });
    const small = new SmallMachine(image, 'release').watch('a', 'u').watch('b', 'u').steps(400);
    const [a, b] = ['a', 'b'].map((name) => small.recorded(name, 'u').flat());
    expect(Math.abs(correlation(a!, b!))).toBeLessThan(correlationBound(a!.length));
  });
});
