// HW 4.3: learning epochs: when they end, which spike counts, and what an earlier spike of the same epoch does (C7).
// The worked traces of A.5 have no decay and no fraction, so they hold to the bit.

import { describe, expect, it } from 'vitest';
import { chipWith } from '../support/chips.ts';
import { userErrorOf } from '../support/errors.ts';
import { learn, learned, type Pair, PairMachine, pairNetwork } from '../support/learning-pair.ts';
import { BUILDS, column, compileSmall } from '../support/small-network.ts';

const TRACE = { impulse: 16, tau: Infinity };
const STDP = {
  rule: ['dw = 2^-2*x1*y0 - 2^-2*y1*x0'],
  x1: TRACE,
  postTraces: { y1: TRACE },
  weight: 100,
};

describe.each(BUILDS)('HW 4.3 worked traces of STDP, %s build', (build) => {
  it('epochs of four steps: the last spike sets the time, earlier ones add their impulse first (A.5)', () => {
    const machine = new PairMachine({
      ...STDP,
      build,
      epochSteps: 4,
      pre: [2, 5, 7],
      post: [4, 7],
      steps: 8,
    });
    machine.watch('post', 'y1');
    const w = Array.from({ length: 8 }, () => machine.advance().weights('plastic')[0]);
    expect(w).toEqual([100, 100, 100, 104, 104, 104, 104, 108]);
    expect(column(machine.recorded('post', 'y1'))).toEqual([0, 0, 0, 16, 16, 16, 16, 32]);
  });

  it('the order within an epoch decides the sign (A.5)', () => {
    const w = learn({ ...STDP, build, epochSteps: 4, pre: [2, 7], post: [4, 6], steps: 8 });
    expect(column(w)).toEqual([100, 100, 100, 104, 104, 104, 104, 100]);
  });

  it('coincident spikes see each other: +8 - 8 with epochs of one step (A.5)', () => {
    const w = learn({ ...STDP, build, pre: [2, 5], post: [4, 5], steps: 5 });
    expect(column(w)).toEqual([100, 100, 100, 104, 104]);
  });
});

describe.each(BUILDS)('HW 4.3 epochs, %s build', (build) => {
  it.each([1, 2, 7, 63])('of %i steps end at their multiples', (epochSteps) => {
    const steps = 2 * epochSteps + 1;
    const w = column(learn({ build, rule: ['dw = u0'], epochSteps, steps }));
    expect(w).toEqual(Array.from({ length: steps }, (_, i) => Math.floor((i + 1) / epochSteps)));
  });

  it('include the spikes of their last step and forget those of earlier epochs', () => {
    const w = learn({ build, rule: ['dw = x0*y0'], epochSteps: 3, pre: [3, 4, 9], post: [3, 8], steps: 9 });
    expect(column(w)).toEqual([0, 0, 1, 1, 1, 1, 1, 1, 2]);
  });

  it('are counted by core', () => {
    const machine = new PairMachine({ build, rule: ['dw = u0'], epochSteps: 4, steps: 12 }).advance(11);
    expect(machine.counts().learningEpochs).toBe(2n);
    expect(machine.advance().counts().learningEpochs).toBe(3n);
  });

  describe.each([
    ['add', 32],
    ['drop', 16],
  ] as const)('a second spike of an epoch: %s (C7)', (secondSpike, trace) => {
    const chip = chipWith({ semantics: { secondSpike } });
    const pair: Omit<Pair, 'rule'> = {
      build,
      chip,
      x1: TRACE,
      postTraces: { y1: TRACE },
      epochSteps: 4,
      steps: 4,
    };

    it(`leaves a trace of ${trace}`, () => {
      expect(learned({ ...pair, rule: ['dw = u0*x1'], pre: [2, 3] })).toEqual([trace]);
      expect(learned({ ...pair, rule: ['dw = u0*y1'], post: [2, 3] })).toEqual([trace]);
    });

    it('takes the time of the last spike', () => {
      expect(learned({ ...pair, rule: ['dw = x0*y1'], pre: [2, 4], post: [3] })).toEqual([16]);
      expect(learned({ ...pair, rule: ['dw = y0*x1'], pre: [3], post: [2, 4] })).toEqual([16]);
    });

    it('is one spike to x0 and y0', () => {
      expect(learned({ ...pair, rule: ['dw = 5*x0 + 7*y0'], pre: [1, 2, 3, 4], post: [2, 3, 4] })).toEqual([
        12,
      ]);
    });
  });

  it('what came before learning was switched off is not taken for a spike of the epoch in which it is on again', () => {
    const off = { kind: 'learning', coreClass: 'core', on: false } as const;
    const w = learn({
      build,
      rule: ['dw = x0 + 2*y0 + 4*u0*r0'],
      epochSteps: 4,
      coreClass: { reward: { impulse: 1, tau: 0 } },
      pre: [2],
      post: [2],
      reward: [2, 6],
      entries: [
        { ...off, step: 3 },
        { ...off, on: true, step: 9 },
      ],
      steps: 12,
    });
    expect(column(w)).toEqual(Array(12).fill(0));
  });
});

describe('HW 4.3 limits', () => {
  it.each([0, 64, 1.5])('refuses epochs of %d steps', (epochSteps) => {
    const pair: Pair = { build: 'release', rule: ['dw = u0'], epochSteps, steps: 1 };
    const error = userErrorOf(() => compileSmall(pairNetwork(pair)));
    expect(error.message).toBe(
      `core class "core": the learning epoch is ${epochSteps}; the chip has 1..63 steps`,
    );
  });
});
