// HW 4.1 and 4.2: when the products of a rule are evaluated, and what each factor reads.

import { describe, expect, it } from 'vitest';
import { learn, learned, PairMachine } from '../support/learning-pair.ts';
import { BUILDS, column } from '../support/small-network.ts';

const FLAT = { impulse: 16, tau: Infinity };

describe.each(BUILDS)('HW 4.2 gates, %s build', (build) => {
  const base = { build, steps: 8, weight: 100 };

  it('x0: in epochs with a pre spike', () => {
    const w = learn({ ...base, rule: ['dw = x0'], pre: [2, 5], post: [3] });
    expect(column(w)).toEqual([100, 101, 101, 101, 102, 102, 102, 102]);
  });

  it('y0: in epochs with a post spike', () => {
    const w = learn({ ...base, rule: ['dw = y0'], pre: [2], post: [3, 6] });
    expect(column(w)).toEqual([100, 100, 101, 101, 101, 102, 102, 102]);
  });

  it.each([
    [0, [1, 2, 3, 4, 5, 6, 7, 8]],
    [1, [2, 4, 6, 8]],
    [2, [4, 8]],
    [3, [8]],
  ])('u%i: in every 2^k-th epoch', (k, epochs) => {
    const w = column(learn({ ...base, rule: [`dw = u${k}`] }));
    const changed = w.flatMap((x, i) => (x === (w[i - 1] ?? 100) ? [] : [i + 1]));
    expect(changed).toEqual(epochs);
  });

  it('the first of x0 and y0 is the gate, the other a factor of 0 or 1', () => {
    for (const rule of ['dw = x0*y0', 'dw = y0*x0']) {
      const w = learn({ ...base, rule: [rule], pre: [2, 4], post: [3, 4] });
      expect(column(w)).toEqual([100, 100, 100, 101, 101, 101, 101, 101]);
    }
  });

  it('the gate decides when traces are read: at the pre spike, at the post spike, at the end', () => {
    const traces = { x1: { impulse: 100, tau: 4 }, postTraces: { y1: { impulse: 100, tau: 4 } } };
    const epoch = { ...base, ...traces, epochSteps: 8, weight: 0, pre: [3], post: [6] };
    // At the pre spike there was no post spike yet: y1 = 0.
    expect(learned({ ...epoch, rule: ['dw = x0*y1'] })).toEqual([0]);
    // 3 steps after the pre spike, 100 exp(-3/4) = 47.2; each of the three roundings moves it by less than 1.
    const atPost = learned({ ...epoch, rule: ['dw = y0*x1'] })[0]!;
    expect(Math.abs(atPost - 100 * Math.exp(-3 / 4))).toBeLessThan(3);
    // The own spike's impulse is included.
    expect(learned({ ...epoch, rule: ['dw = x0*x1'] })).toEqual([100]);
    expect(learned({ ...epoch, rule: ['dw = y0*y1'] })).toEqual([100]);
    const atEnd = learned({ ...epoch, rule: ['dw = u0*x1'] })[0]!;
    expect(Math.abs(atEnd - 100 * Math.exp(-5 / 4))).toBeLessThan(5);
  });

  it('changes the synapses of the right rows and columns only', () => {
    const pair = {
      ...base,
      rows: 3,
      columns: 70,
      rule: ['dw = x0*y0'],
      pre: [[2], [3], [2]],
      post: Array.from({ length: 70 }, (_, c) => (c % 3 === 0 ? [2] : c === 64 ? [3] : [])),
      steps: 3,
    };
    const expected = Array.from({ length: 3 * 70 }, (_, i) => {
      const [row, c] = [Math.floor(i / 70), i % 70];
      const together = (c % 3 === 0 && row !== 1) || (c === 64 && row === 1);
      return together ? 101 : 100;
    });
    expect(learned(pair)).toEqual(expected);
  });
});

describe.each(BUILDS)('HW 4.1 factors, %s build', (build) => {
  const base = { build, steps: 3, weight: 100, pre: [2], post: [3] };
  const traces = { x1: FLAT, x2: { impulse: 5, tau: Infinity } };
  const postTraces = {
    y1: { impulse: 7, tau: Infinity },
    y2: { impulse: 11, tau: Infinity },
    y3: { impulse: 13, tau: Infinity },
  };

  it.each([
    ['dw = u0*x0', 1],
    ['dw = u0*y0', 1],
    ['dw = u0*x1', 16],
    ['dw = u0*x2', 5],
    ['dw = u0*y1', 7],
    ['dw = u0*y2', 11],
    ['dw = u0*y3', 13],
    ['dw = -u0*y3', -13],
    ['dw = 2^-2*u0*w', 25],
    ['dw = 2^-1*u0*(w-60)', 20],
    ['dw = 2^-1*u0*(60-w)', -20],
    ['dw = 5*u0*sgn(w)', 5],
    ['dw = 5*u0*sgn(w-100)', 0],
    ['dw = 5*u0*sgn(w-102)', -5],
    ['dw = 5*u0*sgn(t-2)', -5],
    ['dw = 3*u0 + 2*u0 - 7*u0', -2],
    ['dw = 2^-4*u0*x1*y3', 13 / 4],
  ])('%s changes w by %d', (rule, change) => {
    // Tags have to be changed by some line to be read; this one leaves them 0.
    const lines = rule.includes('t') ? [rule, 'dt = u0*x0*y0*t'] : [rule];
    const after = learned({ ...base, ...traces, postTraces, rule: lines, epochSteps: 3 })[0]!;
    const whole = Number.isInteger(change);
    if (whole) expect(after - 100).toBe(change);
    else expect([Math.floor(change), Math.ceil(change)]).toContain(after - 100);
  });

  it('reads r0 and r1', () => {
    const rewarded = {
      ...base,
      epochSteps: 3,
      coreClass: { reward: { impulse: 9, tau: Infinity } },
      reward: [1, 3],
    };
    expect(learned({ ...rewarded, rule: ['dw = u0*r0'] })).toEqual([101]);
    expect(learned({ ...rewarded, rule: ['dw = u0*r1'] })).toEqual([118]);
    expect(learned({ ...rewarded, rule: ['dw = u0*r0'], reward: [] })).toEqual([100]);
  });

  it('reads the delay of the synapse, one for all or one each', () => {
    const synapse = { signMode: 'excitatory', bits: 8, exponent: 0 } as const;
    const read = (delay: number | Uint8Array) =>
      learned({ ...base, columns: 2, rule: ['dw = u0*d'], epochSteps: 3, synapse: { ...synapse, delay } });
    expect(read(Uint8Array.of(3, 9))).toEqual([103, 109]);
    expect(read(9)).toEqual([109, 109]);
    expect(
      learned({ ...base, rule: ['dw = 4*u0*sgn(d-5)'], epochSteps: 3, synapse: { ...synapse, delay: 9 } }),
    ).toEqual([104]);
  });

  it('all targets see w, d and t as they were before the epoch', () => {
    // Each step: w += t, t += 10.
    const w = learn({ build, steps: 5, rule: ['dt = 5*u0 + 5*u0', 'dw = u0*t'] });
    expect(column(w)).toEqual([0, 10, 30, 60, 100]);
    const swapped = learn({ build, steps: 5, rule: ['dw = u0*t', 'dt = 5*u0 + 5*u0'] });
    expect(swapped).toEqual(w);
  });

  it('a delay that a rule changes moves the arrival of spikes', () => {
    const machine = new PairMachine({
      build,
      steps: 30,
      rule: ['dd = 3*u0*x0'],
      epochSteps: 8,
      weight: 10,
      pre: [4, 12, 20],
      synapse: { signMode: 'excitatory', bits: 8, exponent: 0, delay: 2 },
    });
    machine.watch('post', 'u');
    machine.advance(30);
    const arrivals = machine.recorded('post', 'u').flatMap(([u], t) => (u === 0 ? [] : [t + 1]));
    // Delay 2, then 5 after the first epoch, then 6: rings of 8 end at D - 2.
    expect(arrivals).toEqual([4 + 1 + 2, 12 + 1 + 5, 20 + 1 + 6]);
  });

  it('does nothing while learning is off', () => {
    expect(learned({ ...base, rule: ['dw = u0'], coreClass: { learning: false } })).toEqual([100]);
    const w = learn({
      ...base,
      steps: 6,
      rule: ['dw = u0'],
      entries: [
        { step: 3, kind: 'learning', coreClass: 'core', on: false },
        { step: 5, kind: 'learning', coreClass: 'core', on: true },
      ],
    });
    expect(column(w)).toEqual([101, 102, 102, 102, 103, 104]);
  });

  it('a schedule can change coefficients', () => {
    const w = learn({
      ...base,
      steps: 4,
      rule: ['dw = 2*u0'],
      entries: [{ step: 3, kind: 'rule', rule: 'rule', line: 'dw = -5*u0' }],
    });
    expect(column(w)).toEqual([102, 104, 99, 94]);
  });
});
