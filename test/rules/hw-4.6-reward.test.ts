// HW 4.6: reward spikes on reserved axons, and the reward trace r1 that all rules of a core read. r0 and r1 are
// updated at the end of the epoch, before the rules (U6).

import { describe, expect, it } from 'vitest';
import { learn } from '../support/learning-pair.ts';
import {
  BUILDS,
  column,
  compileSmall,
  EXACT,
  EXCITATORY,
  SILENT,
  SmallMachine,
} from '../support/small-network.ts';
import { frequencyBound } from '../support/statistics.ts';

describe.each(BUILDS)('HW 4.6 reward trace, %s build', (build) => {
  const pair = { build, rule: ['dw = u0*r1'], columns: 2 };

  it('with time constant 0 and impulse 1 is the number of reward spikes of the epoch', () => {
    const w = learn({
      ...pair,
      coreClass: { reward: { impulse: 1, tau: 0 } },
      epochSteps: 4,
      reward: [1, 2, 4, 6],
      steps: 12,
    });
    expect(column(w, 1)).toEqual([0, 0, 0, 3, 3, 3, 3, 4, 4, 4, 4, 4]);
  });

  it('without decay sums up and saturates at 127', () => {
    const w = learn({
      ...pair,
      coreClass: { reward: { impulse: 50, tau: Infinity } },
      reward: [1, 2, 3],
      steps: 4,
    });
    expect(column(w)).toEqual([50, 150, 255, 255]);
    const low = learn({
      ...pair,
      rule: ['dw = 2^-1*u0*r1'],
      coreClass: { reward: { impulse: 100, tau: Infinity } },
      reward: [1, 2],
      steps: 2,
    });
    expect(column(low)[0]).toBe(50);
    expect([113, 114]).toContain(column(low)[1]); // + 127 / 2
  });

  it('r0 tells whether there was a reward spike in the epoch', () => {
    const w = learn({
      ...pair,
      rule: ['dw = u0*r0'],
      coreClass: { reward: { impulse: 1, tau: 0 } },
      epochSteps: 2,
      reward: [1, 2, 6],
      steps: 8,
    });
    expect(column(w)).toEqual([0, 1, 1, 1, 1, 2, 2, 2]);
  });

  it('gates what x0 and y0 would change', () => {
    const w = learn({
      ...pair,
      rule: ['dw = x0*y0*r1'],
      coreClass: { reward: { impulse: 5, tau: 0 } },
      pre: [2, 3, 4],
      post: [2, 4],
      reward: [3, 4],
      steps: 4,
    });
    expect(column(w)).toEqual([0, 0, 0, 5]);
  });

  it('comes to all cores of the class, and from a compartment as well as from a port', () => {
    const plastic = (to: string) => ({
      name: `into ${to}`,
      from: 'pre',
      to,
      connection: { kind: 'all' as const, weights: Int16Array.of(0, 0) },
      synapse: EXCITATORY,
      rule: 'rule',
    });
    const { image } = compileSmall({
      coreClasses: [
        { name: 'core', cores: 2, reward: { impulse: 3, tau: 0 } },
        { name: 'other', reward: { impulse: 3, tau: 0 } },
        { name: 'source' },
      ],
      ports: [
        { name: 'pre', size: 1 },
        { name: 'drive', size: 1 },
      ],
      rules: { rule: ['dw = u0*r1'] },
      populations: [
        { name: 'a', size: 2, compartment: { decayU: 4095, decayV: 0, threshold: 131071 } },
        {
          name: 'b',
          size: 2,
          coreClass: 'other',
          compartment: { decayU: 4095, decayV: 0, threshold: 131071 },
        },
        {
          name: 'critic',
          size: 1,
          coreClass: 'source',
          compartment: { decayU: 4095, decayV: 0, threshold: 10 },
        },
      ],
      projections: [
        plastic('a'),
        plastic('b'),
        {
          name: 'drive',
          from: 'drive',
          to: 'critic',
          connection: { kind: 'uniform', weight: 20 },
          synapse: EXACT,
        },
      ],
      rewards: [
        { from: 'critic', coreClass: 'core' },
        { from: 'drive', coreClass: 'other' },
      ],
    });
    const small = new SmallMachine(image, build).step({ drive: [0] });
    expect([small.weights('into a'), small.weights('into b')]).toEqual([
      [0, 0],
      [3, 3],
    ]);
    small.step(); // the critic fires now
    expect([small.weights('into a'), small.weights('into b')]).toEqual([
      [3, 3],
      [3, 3],
    ]);
    expect(small.counts().rewardSpikes).toBe(3n); // one to "other", one to each of the two cores of "core"
  });
});

describe('HW 4.6 reward trace, statistics', () => {
  it('decays with stochastic rounding like a post trace (A.8)', () => {
    // Independent channels: a core class each. w follows r1: w - w/2 - w/2 + r1.
    const classes = Array.from({ length: 120 }, (_, i) => `c${i}`);
    const decayed = [1, 2, 3].flatMap((seed) => {
      const { image } = compileSmall({
        seed,
        coreClasses: classes.map((name) => ({ name, reward: { impulse: 64, tau: 10 } })),
        ports: [
          { name: 'pre', size: 1 },
          { name: 'reward', size: 1 },
        ],
        rules: { rule: ['dw = u0*r1 - 2^-1*u0*w - 2^-1*u0*w'] },
        populations: classes.map((name) => ({ name, size: 1, coreClass: name, compartment: SILENT })),
        projections: classes.map((name) => ({
          name,
          from: 'pre',
          to: name,
          connection: { kind: 'all', weights: Int16Array.of(0) },
          synapse: EXCITATORY,
          rule: 'rule',
        })),
        rewards: classes.map((coreClass) => ({ from: 'reward', coreClass })),
      });
      const small = new SmallMachine(image, 'release').step({ reward: [0] }).step();
      return classes.flatMap((name) => small.weights(name));
    });
    expect(new Set(decayed)).toEqual(new Set([57, 58]));
    const up = decayed.filter((r) => r === 58).length / decayed.length;
    expect(Math.abs(up - 0.91)).toBeLessThan(frequencyBound(0.91, decayed.length));
  });

  it('adds the fraction of its impulse with that probability, spike by spike', () => {
    const steps = 2000;
    const everyStep = Array.from({ length: steps }, (_, i) => i + 1);
    const impulses = column(
      learn({
        build: 'release',
        rule: ['dw = u0*r1 - 2^-1*u0*w - 2^-1*u0*w'],
        coreClass: { reward: { impulse: 2.25, tau: 0 } },
        reward: everyStep,
        steps,
      }),
    );
    expect(new Set(impulses)).toEqual(new Set([2, 3]));
    const up = impulses.filter((r) => r === 3).length / steps;
    expect(Math.abs(up - 0.25)).toBeLessThan(frequencyBound(0.25, steps));
  });
});
