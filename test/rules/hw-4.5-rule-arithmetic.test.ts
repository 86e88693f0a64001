// HW 4.5: the arithmetic of a rule: widths, down-scale (C10), saturation, the grid and the stochastic rounding (C11).

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chipWith } from '../support/chips.ts';
import { learn, learned, type Pair, PairMachine } from '../support/learning-pair.ts';
import {
  accumulate,
  droppedBits,
  productValue,
  type ReferenceProduct,
  rounding,
  type SignMode,
  stored,
} from '../support/reference.ts';
import { BUILDS, column } from '../support/small-network.ts';
import { frequencyBound } from '../support/statistics.ts';

const LAVA = chipWith({ semantics: { ruleDownscale: 'sumPlus4' } });
const constant = (impulse: number) => ({ impulse, tau: Infinity });

/** Weights of many synapses after one epoch with x1 and y1 at their values. */
function oneEpoch(rule: string, x1: number, y1: number, weight: number, pair: Partial<Pair> = {}): number[] {
  return learned({
    build: 'release',
    rule: [rule],
    rows: 20,
    columns: 200,
    epochSteps: 2,
    x1: constant(x1),
    postTraces: { y1: constant(y1) },
    pre: [2],
    post: [2],
    weight,
    steps: 2,
    ...pair,
  });
}

/** The two neighbours of an expected value on the grid, and how often the upper one. */
function expectRounded(weights: readonly number[], value: number, grid = 1): void {
  const low = Math.floor(value / grid) * grid;
  const p = (value - low) / grid;
  expect(
    weights.every((w) => w === low || (w === low + grid && p > 0)),
    `${value}: ${[...new Set(weights)]}`,
  ).toBe(true);
  const up = weights.filter((w) => w === low + grid).length / weights.length;
  expect(Math.abs(up - p)).toBeLessThanOrEqual(frequencyBound(p, weights.length));
}

describe('HW 4.5 accumulator before rounding, Lava down-scale (A.6)', () => {
  it.each([
    ['dw = 2^-2*y0*x1', 40, 1, 50, 60],
    ['dw = 2^-4*y0*x1', 41, 1, 50, 52.5625],
    ['dw = -2^-4*x0*y1', 1, 41, 50, 47.4375],
    ['dw = 2^-4*u0*x1*y1', 40, 30, 50, 59.375],
    ['dw = -2^-4*u0*x1*y1', 41, 30, 50, 40.375],
    ['dw = -2^-6*u0*w', 1, 1, 100, 98.4375],
    ['dw = 2^-6*y0*x1*w', 64, 1, 100, 103.125],
    ['dw = 2^8*y0*x1', 127, 1, 0, 255],
  ])('%s, x1 = %i, y1 = %i: w goes from %i to %d', (rule, x1, y1, weight, value) => {
    expectRounded(oneEpoch(rule, x1, y1, weight, { chip: LAVA }), value);
  });
});

describe('HW 4.5 two-factor product, nengo form (A.7)', () => {
  const mixed = { synapse: { signMode: 'mixed', bits: 8, exponent: 0 } } as const;
  it.each([
    ['dw = 2^-4*u0*x1*y1', 40, 30, 68.75],
    ['dw = -2^-4*u0*x1*y1', 40, 30, 31.25],
    ['dw = 2^-7*u0*x1*y1', 127, 127, 81.5],
  ])('%s, x1 = %i, y1 = %i: 50 becomes %d on the grid of 2', (rule, x1, y1, value) => {
    expectRounded(oneEpoch(rule, x1, y1, 50, mixed), value, 2);
  });

  it('the same product moves w half as far under the Lava down-scale', () => {
    expectRounded(oneEpoch('dw = 2^-4*u0*x1*y1', 40, 30, 50, { ...mixed, chip: LAVA }), 59.375, 2);
  });
});

describe('HW 4.5 nBP rule (A.10)', () => {
  const nbp = (pre: number[], post: number[], reward: number[]) =>
    learned({
      build: 'release',
      rule: ['dw = 4*y0*x0*r1 - 2*y0*x0'],
      coreClass: { reward: { impulse: 1, tau: 0 } },
      synapse: { signMode: 'mixed', bits: 8, exponent: 0 },
      weight: 100,
      pre,
      post,
      reward,
      steps: 2,
    });

  it('w = 100 becomes 98 without reward, 102 with, and stays without a pre or post spike', () => {
    expect(nbp([2], [2], [])).toEqual([98]);
    expect(nbp([2], [2], [2])).toEqual([102]);
    expect(nbp([], [2], [2])).toEqual([100]);
    expect(nbp([2], [], [2])).toEqual([100]);
  });
});

interface Factor {
  readonly text: string;
  readonly variable: string;
  readonly constant?: number;
  readonly sign?: boolean;
}

const FACTORS: readonly Factor[] = [
  { text: 'x1', variable: 'x1' },
  { text: 'x2', variable: 'x2' },
  { text: 'y1', variable: 'y1' },
  { text: 'y2', variable: 'y2' },
  { text: 'y3', variable: 'y3' },
  { text: 'x0', variable: 'x0' },
  { text: 'y0', variable: 'y0' },
  { text: 'w', variable: 'w' },
  { text: '(w+126)', variable: 'w', constant: 126 },
  { text: '(w-128)', variable: 'w', constant: -128 },
  { text: 'sgn(w-20)', variable: 'w', constant: -20, sign: true },
  { text: 'd', variable: 'd' },
  { text: '(d-17)', variable: 'd', constant: -17 },
  { text: 'sgn(d-3)', variable: 'd', constant: -3, sign: true },
];

describe.each(BUILDS)('HW 4.5 random rules, %s build', (build) => {
  const product = fc.record({
    mantissa: fc.constantFrom(-7, -5, -3, -1, 1, 3, 5, 7),
    exponent: fc.integer({ min: -7, max: 0 }),
    factors: fc.array(fc.constantFrom(...FACTORS), { maxLength: 3 }),
  });
  const trace = fc.integer({ min: 1, max: 127 }); // an impulse of 0 is refused
  const situation = fc.record({
    products: fc.array(product, { minLength: 1, maxLength: 3 }),
    traces: fc.record({ x1: trace, x2: trace, y1: trace, y2: trace, y3: trace }),
    mantissas: fc.array(fc.integer({ min: -256, max: 255 }), { minLength: 6, maxLength: 6 }),
    delays: fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 6, maxLength: 6 }),
    signMode: fc.constantFrom<SignMode>('mixed', 'excitatory', 'inhibitory'),
    bits: fc.constantFrom(1, 2, 3, 4, 5, 6, 8),
    downscale: fc.constantFrom('sumPlus3', 'sumPlus4'),
    saturation: fc.constantFrom('perProduct', 'once'),
    seed: fc.nat(1000),
  });

  it('give one of the two neighbours of the plain sum on the grid, within the range of the format', () => {
    const property = fc.property(situation, (s) => {
      const { traces, signMode, bits } = s;
      const lines = s.products.map(({ mantissa, exponent, factors }) =>
        [
          `${mantissa < 0 ? '- ' : '+ '}${Math.abs(mantissa)}*2^${exponent}*u0`,
          ...factors.map(({ text }) => text),
        ].join('*'),
      );
      const start = s.mantissas.map((m) => {
        const limited =
          signMode === 'mixed' ? m : signMode === 'excitatory' ? Math.abs(m) % 256 : -(Math.abs(m) % 256);
        return stored(signMode, bits, limited);
      });
      const weights = learned({
        build,
        seed: s.seed,
        chip: chipWith({ semantics: { ruleDownscale: s.downscale, ruleSaturation: s.saturation } }),
        // x0 and y0 cannot come first, or they would be the gate; a delay line keeps d readable.
        rule: [`dw = ${lines.join(' ')}`, 'dd = u9*d'],
        epochSteps: 2,
        columns: 6,
        x1: constant(traces.x1),
        x2: constant(traces.x2),
        postTraces: { y1: constant(traces.y1), y2: constant(traces.y2), y3: constant(traces.y3) },
        synapse: { signMode, bits, exponent: 0, delay: Uint8Array.from(s.delays) },
        weight: start,
        pre: [2],
        post: [2],
        steps: 2,
      });
      const grid = 2 ** droppedBits(signMode, bits);
      const low = signMode === 'mixed' ? -256 : signMode === 'inhibitory' ? grid - 256 : 0;
      const high = signMode === 'inhibitory' ? 0 : 256 - grid;
      start.forEach((w, i) => {
        const values = { ...traces, x0: 1, y0: 1, w, d: s.delays[i]! };
        const products = s.products.map(({ mantissa, exponent, factors }): bigint => {
          const reference: ReferenceProduct = { mantissa, exponent, factors };
          return productValue(reference, values, s.downscale);
        });
        let sum = accumulate(w, products, s.saturation);
        if (signMode === 'excitatory' && sum < 0n) sum = 0n;
        if (signMode === 'inhibitory' && sum > 0n) sum = 0n;
        const { down, up } = rounding(sum, grid);
        const allowed = [down, up].map((x) => Math.min(Math.max(x, low), high));
        expect(allowed, `${lines.join(' ')} at ${JSON.stringify(values)}`).toContain(weights[i]);
      });
    });
    fc.assert(property, { numRuns: build === 'release' ? 120 : 40, seed: 45 });
  });
});

describe.each(BUILDS)('HW 4.5 saturation, %s build', (build) => {
  const two = (saturation: 'perProduct' | 'once', rule: string, weight = 50) =>
    oneEpoch(rule, 127, 127, weight, {
      build,
      rows: 1,
      columns: 1,
      chip: chipWith({ semantics: { ruleSaturation: saturation } }),
    })[0];

  it('of the accumulator after every product, or once after the sum', () => {
    // The first product reaches 32767, the second takes 32768 off it; -1/128 is 0 for an excitatory weight.
    expect(two('perProduct', 'dw = 2^8*u0*x1 - 2^8*u0*x1')).toBe(0);
    expect(two('once', 'dw = 2^8*u0*x1 - 2^8*u0*x1')).toBe(50);
  });

  it('of sums of many large products', () => {
    const large = '7*2^6*u0*x1*y1';
    expect(two('perProduct', `dw = ${[large, large, large].join(' + ')}`)).toBe(255);
    expect(two('once', `dw = ${[large, large].join(' + ')}`)).toBe(255);
    expect(two('once', `dw = ${large} - ${large}`)).toBe(50);
  });

  it('of weights at the ends of their ranges, counted as clips', () => {
    const end = (signMode: SignMode, sign: string, weight: number, bits = 8) => {
      const machine = new PairMachine({
        build,
        rule: [`dw = ${sign}7*2^4*u0`],
        synapse: { signMode, bits, exponent: 0 },
        weight,
        steps: 5,
      }).advance(5);
      return { w: machine.weights('plastic')[0], clipped: machine.counts().weightClips > 0n };
    };
    const at = (w: number) => ({ w, clipped: true });
    expect(end('excitatory', '', 100)).toEqual(at(255));
    expect(end('mixed', '', 100)).toEqual(at(254));
    // The accumulator's own end, -2^15 / 128, is the least mixed weight: nothing is clipped.
    expect(end('mixed', '-', -100)).toEqual({ w: -256, clipped: false });
    expect(end('inhibitory', '-', -100)).toEqual(at(-255));
    expect(end('mixed', '', 100, 4)).toEqual(at(224));
    expect(end('excitatory', '', 100, 4)).toEqual(at(240));
  });

  it('at 0 of weights that may not change their sign', () => {
    for (const [signMode, weight, rule] of [
      ['excitatory', 5, 'dw = -7*u0'],
      ['inhibitory', -5, 'dw = 7*u0'],
    ] as const) {
      const w = learned({
        build,
        rule: [rule],
        synapse: { signMode, bits: 8, exponent: 0 },
        weight,
        steps: 3,
      });
      expect(w.map(Math.abs)).toEqual([0]);
    }
  });

  it('of tags at -256 and 255', () => {
    // The tag moves by 224 an epoch; w shows it one epoch later, a quarter of it.
    const show = (sign: string) =>
      column(
        learn({
          build,
          rule: [`dt = ${sign}7*2^5*u0`, 'dw = 2^-2*u0*t - 2^-1*u0*w - 2^-1*u0*w'],
          synapse: { signMode: 'mixed', bits: 8, exponent: 0 },
          steps: 4,
        }),
      );
    expect(show('')).toEqual([0, 56, expect.closeTo(63.75, -0.5), expect.closeTo(63.75, -0.5)]);
    expect(show('-')).toEqual([0, -56, -64, -64]);
  });

  it('of delays at 0 and at D - 2', () => {
    const d = (rule: string, delay: number) => {
      const machine = new PairMachine({
        build,
        rule: [rule, 'dw = u0*d - 2^-1*u0*w - 2^-1*u0*w'],
        synapse: { signMode: 'excitatory', bits: 8, exponent: 0, delay },
        steps: 5,
      }).advance(5);
      return machine.weights('plastic')[0];
    };
    expect(d('dd = 5*u0', 3)).toBe(6);
    expect(d('dd = 5*u0', 7)).toBe(14);
    expect(d('dd = -5*u0', 7)).toBe(0);
  });
});

describe('HW 4.5 stochastic rounding', () => {
  it('rounds the magnitude of negative weights', () => {
    const mixed = { synapse: { signMode: 'mixed', bits: 8, exponent: 0 } } as const;
    // -50 - 1/2: 25.25 grid steps of magnitude.
    const weights = oneEpoch('dw = -2^-1*u0*x1', 1, 1, -50, mixed);
    expect(new Set(weights)).toEqual(new Set([-50, -52]));
    const away = weights.filter((w) => w === -52).length / weights.length;
    expect(Math.abs(away - 0.25)).toBeLessThan(frequencyBound(0.25, weights.length));
  });

  it.each([
    [8, 1],
    [5, 8],
    [1, 128],
  ])('reaches the whole grid with %i bits: steps of %i, however small the change', (bits, grid) => {
    const synapse = { signMode: 'excitatory', bits, exponent: 0 } as const;
    expectRounded(
      oneEpoch('dw = u0*x1', 3, 1, 128, { synapse, rows: 200 }),
      128 + (bits === 1 ? 0 : 3),
      grid,
    );
    if (bits === 1) expectRounded(oneEpoch('dw = u0*x1', 3, 1, 0, { synapse, rows: 200 }), 3, grid);
  });

  it('leaves a weight alone that no product changes', () => {
    const synapse = { signMode: 'mixed', bits: 4, exponent: 0 } as const;
    expect(new Set(oneEpoch('dw = u0*x1 - u0*x1', 3, 1, 96, { synapse }))).toEqual(new Set([96]));
  });

  it('of tags is to whole numbers', () => {
    // t becomes 0 or 1 with p = 1/4; then w shows it.
    const weights = oneEpoch('', 0, 0, 0, { rule: ['dt = 2^-2*u0', 'dw = u0*t'], epochSteps: 1, steps: 2 });
    expectRounded(weights, 0.25);
  });
});
