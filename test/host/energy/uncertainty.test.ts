// Draws of coefficients: their distribution, what they share, and what follows from them, against figures by hand.

import { describe, expect, it } from 'vitest';
import { loadChip } from '../../../host/chip/load.ts';
import { contest, drawContestant } from '../../../host/energy/contest.ts';
import { DRAWS, quantile, type Uncertain } from '../../../host/energy/distribution.ts';
import { shares, type UncertainProfile, worldsOf } from '../../../host/energy/draws.ts';
import {
  choiceWorlds,
  EnergyWorlds,
  percentiles,
  shareLess,
  tornado,
} from '../../../host/energy/uncertainty.ts';
import { unknownsOf } from '../../../host/energy/unknowns.ts';
import { COUNTER_NAMES, type CounterName } from '../../../host/measure/counters.ts';

const FITTED: Uncertain = { value: 2, low: 1, high: 4, class: 'fitted' };
const GUESS: Uncertain = { value: 4, low: 1, high: 4, class: 'guess' };

function counts(of: Partial<Record<CounterName, number>>): Record<CounterName, number> {
  const all = Object.fromEntries(COUNTER_NAMES.map((name) => [name, of[name] ?? 0]));
  return all as Record<CounterName, number>;
}

describe('a coefficient', () => {
  it('lies in its interval, at the ends of it with the ends of the share', () => {
    for (const kind of ['measured', 'fitted', 'circuit-simulation', 'guess'] as const) {
      expect(quantile({ ...FITTED, class: kind }, 0)).toBeCloseTo(1, 12);
      expect(quantile({ ...FITTED, class: kind }, 1)).toBeCloseTo(4, 12);
    }
  });

  it('is triangular on the scale of ratios: half of it below a value in the middle, an eighth below half way', () => {
    expect(quantile(FITTED, 0.5)).toBeCloseTo(2, 12);
    // The first half of a triangle that rises to the middle: a quarter of that half lies below its half.
    expect(quantile(FITTED, 0.125)).toBeCloseTo(2 ** 0.5, 12);
    expect(quantile(FITTED, 0.875)).toBeCloseTo(2 ** 1.5, 12);
  });

  it('is uniform on that scale if it is a guess, wherever its value is', () => {
    for (const share of [0.25, 0.5, 0.75]) expect(quantile(GUESS, share)).toBeCloseTo(4 ** share, 12);
  });

  it('is triangular about its value on a linear scale if it may be 0', () => {
    const open: Uncertain = { value: 0, low: 0, high: 10, class: 'guess' };
    // Falls from its peak at 0: below x lie 1 - (1 - x/10)^2.
    expect(quantile(open, 0.75)).toBeCloseTo(5, 12);
    expect(quantile({ value: 3, low: 3, high: 3, class: 'fitted' }, 0.3)).toBeCloseTo(3, 12);
    expect(quantile({ value: 0, low: 0, high: 0, class: 'guess' }, 0.3)).toBe(0);
  });
});

describe('the draws', () => {
  it('cover every thousandth of a distribution once, in an order of their own', () => {
    const [a, b] = [shares('a'), shares('b')];
    const strata = Array.from({ length: DRAWS }, (_, i) => (i + 0.5) / DRAWS);
    expect([...a].sort((x, y) => x - y)).toEqual(strata);
    expect([...b].sort((x, y) => x - y)).toEqual(strata);
    const covariance = a.reduce((sum, x, i) => sum + (x - 0.5) * (b[i]! - 0.5), 0) / DRAWS;
    // Of uniform variance 1/12; the correlation of random orders has a deviation of 0.03.
    expect(Math.abs(covariance * 12)).toBeLessThan(0.1);
  });

  it('are the same in every run of the program', () => {
    expect([...shares('synapseVisit').slice(0, 4)]).toMatchInlineSnapshot(`
      [
        0.6855,
        0.3125,
        0.5335,
        0.8065,
      ]
    `);
  });

  it('give one value to a coefficient that two profiles or chips share, and another to one that differs', () => {
    const loihi1 = loadChip('loihi1').chip.energy.profiles;
    const davies = loihi1.davies2018!.coefficients;
    const sanaFe = loihi1['sana-fe']!.coefficients;
    const worlds = (profile: typeof davies, name: 'synapseVisit' | 'synapticOpDense') =>
      worldsOf(name, profile[name]!);
    expect(worlds(davies, 'synapseVisit')).toEqual(worlds(sanaFe, 'synapseVisit'));
    expect(worlds(davies, 'synapticOpDense')).not.toEqual(worlds(sanaFe, 'synapticOpDense'));
  });

  it('are only drawn for a coefficient that a profile has', () => {
    const profile = {
      spike: null,
      message: { value: 1e-12, low: 1e-12, high: 1e-12, class: 'fitted' },
    } as const;
    const one = new EnergyWorlds(profile).dynamic(counts({ spikes: 5, messages: 7 }), 'synapseVisits');
    expect(one[0]).toBeCloseTo(7e-12, 20);
  });
});

describe('an energy', () => {
  const profile: UncertainProfile = {
    spike: { value: 2e-12, low: 1e-12, high: 4e-12, class: 'fitted' },
    synapticOpDense: { value: 10e-12, low: 5e-12, high: 20e-12, class: 'fitted' },
    synapseVisit: { value: 100e-12, low: 50e-12, high: 200e-12, class: 'circuit-simulation' },
    message: null,
  };
  const events = counts({
    spikes: 1000,
    synapticOpsDense: 400,
    messages: 7,
    synapseVisits: 90,
    synapseVisitsAllPlastic: 90,
    synapseVisitsActiveAxons: 10,
  });

  it('has the percentiles of its one coefficient times its events', () => {
    const worlds = new EnergyWorlds(profile).dynamic(events, 'synapseVisits', 10, ['spikeOut']);
    const { p5, p50, p95 } = percentiles(worlds);
    // Quantiles of the strata, of which the percentiles take the one that begins there.
    for (const [found, share] of [
      [p5, 0.0505],
      [p50, 0.5005],
      [p95, 0.9505],
    ] as const)
      expect(found / (100 * quantile(profile.spike!, share))).toBeCloseTo(1, 9);
  });

  it('is the sum of its units in every world, and surer than its parts together', () => {
    const worlds = new EnergyWorlds(profile);
    const all = worlds.dynamic(events, 'synapseVisits');
    const units = (['spikeOut', 'synapse', 'learning'] as const).map((unit) =>
      worlds.dynamic(events, 'synapseVisits', 1, [unit]),
    );
    all.forEach((joules, i) => {
      expect(joules).toBeCloseTo(
        units.reduce((sum, unit) => sum + unit[i]!, 0),
        20,
      );
    });
    const width = (of: Float64Array) => percentiles(of).p95 - percentiles(of).p5;
    expect(width(all)).toBeLessThan(units.reduce((sum, unit) => sum + width(unit), 0));
    expect(width(all)).toBeGreaterThan(Math.max(...units.map(width)));
  });

  it('moves with every coefficient by its events, and with the choices between their ends', () => {
    const other: UncertainProfile = { spike: { value: 1e-12, low: 1e-12, high: 1e-12, class: 'fitted' } };
    const choices = {
      profiles: { a: profile, b: other },
      readings: {
        allPlastic: 'synapseVisitsAllPlastic' as const,
        activeAxons: 'synapseVisitsActiveAxons' as const,
      },
    };
    // 1000 · 2 + 400 · 10 + 90 · 100 = 15 nJ, in two parts.
    const rows = tornado(choices, 'a', 'synapseVisits', events, 2);
    expect(rows.map(({ name }) => name)).toEqual([
      'profile',
      'synapseVisit',
      'learning visits',
      'synapticOpDense',
      'spike',
    ]);
    const near = ([low, high]: readonly [number, number], row: number) => {
      expect(rows[row]!.lowJ).toBeCloseTo(low * 1e-9, 15);
      expect(rows[row]!.highJ).toBeCloseTo(high * 1e-9, 15);
    };
    near([0.5, 7.5], 0);
    near([7.5 - 2.25, 7.5 + 4.5], 1);
    near([7.5 - 4, 7.5], 2);
    near([7.5 - 1, 7.5 + 2], 3);
    near([7.5 - 0.5, 7.5 + 1], 4);
    expect(rows[0]).toMatchObject({ kind: 'profile', class: null, lowAt: 'b', highAt: 'a' });
    expect(rows[1]).toMatchObject({ kind: 'coefficient', class: 'circuit-simulation', lowAt: 50e-12 });
    expect(rows[2]).toMatchObject({ lowAt: 'activeAxons', highAt: 'allPlastic' });
  });

  it('takes each choice in its share of the draws if they are drawn as well', () => {
    const exact = (value: number): UncertainProfile => ({
      synapseVisit: { value, low: value, high: value, class: 'fitted' },
    });
    const worlds = choiceWorlds(
      {
        profiles: { one: exact(1), two: exact(2) },
        readings: { all: 'synapseVisitsAllPlastic', active: 'synapseVisitsActiveAxons' },
      },
      events,
      1,
    );
    const shareOf = (joules: number) => worlds.filter((x) => Math.abs(x - joules) < 1e-9).length / DRAWS;
    // Half of the draws for a profile, half for a reading; the two are in no relation.
    for (const joules of [90, 10, 180, 20]) expect(Math.abs(shareOf(joules) - 0.25)).toBeLessThan(0.05);
    expect(shareOf(90) + shareOf(10)).toBeCloseTo(0.5, 12);
  });
});

describe('two runs', () => {
  const uncertain = (value: number): Uncertain => ({
    value,
    low: value / 2,
    high: value * 2,
    class: 'fitted',
  });
  const runOf = (spikes: number, coefficient: number, others: UncertainProfile = {}) =>
    drawContestant({
      choices: {
        profiles: { a: { spike: uncertain(coefficient) }, b: { spike: uncertain(1), ...others } },
        readings: { all: 'synapseVisitsAllPlastic', active: 'synapseVisitsActiveAxons' },
      },
      profile: 'a',
      visits: 'synapseVisits',
      counts: counts({ spikes, synapseVisitsAllPlastic: spikes }),
    });

  it('are told apart by their counts alone where they share the coefficients', () => {
    // A tenth less, while the coefficient may be off by a factor of two: yet less in every world.
    expect(contest(runOf(90, 3), runOf(100, 3))).toEqual({ share: 1, low: 1, high: 1 });
    expect(contest(runOf(100, 3), runOf(90, 3)).share).toBe(0);
    expect(contest(runOf(100, 3), runOf(100, 3)).share).toBe(0.5);
  });

  it('are told apart only as far as their own coefficients allow where these differ', () => {
    const { share, low, high } = contest(runOf(100, 3), runOf(100, 3.3));
    expect(share).toBeGreaterThan(0.55);
    expect(share).toBeLessThan(0.75);
    // In profile b they share the coefficient, and are equal.
    expect([low, high]).toEqual([0.5, share]);
  });

  it('count a tie half', () => {
    expect(shareLess(worldsOf('x', FITTED), worldsOf('x', FITTED))).toBe(0.5);
  });
});

describe('what is unknown', () => {
  it('is said of Loihi 2 first: no public energy of an operation (U10)', () => {
    const { chip } = loadChip('loihi2');
    const [first, ...others] = unknownsOf(chip);
    expect(first).toContain('No public per-operation energy exists for Loihi 2');
    expect(others.join(' ')).toContain('embedded processors is not known');
    expect(others.join(' ')).not.toContain('input and output');
  });

  it('is, of Loihi 1, what learning visits and costs, and input and output', () => {
    const text = unknownsOf(loadChip('loihi1').chip).join(' ');
    expect(text).not.toContain('Loihi 2');
    expect(text).toContain('U11');
    expect(text).toContain('input and output');
  });
});
