// HW 4.1 and 4.2: every factor, with constants and signs, under every gate, for every target; and how often each u<k>
// comes.

import { describe, expect, it } from 'vitest';
import type { RuleTarget } from '../../host/microcode/rule.ts';
import { type Pair, PairMachine } from '../support/learning-pair.ts';
import { BUILDS, EXCITATORY } from '../support/small-network.ts';

const flat = (impulse: number) => ({ impulse, tau: Infinity });
const KINDS = { w: 'weights', d: 'delays', t: 'tags' } as const;
/** What each variable is when the product is evaluated. */
const START = { w: 100, d: 16, t: 20 } as const;

/** Factors with a coefficient, and what they come to: w 100, d 16, t 20, traces and r1 as below, flags 1. */
const TERMS: readonly (readonly [coefficient: string, factor: string, change: number])[] = [
  ['3', 'x0', 3],
  ['2^-2', 'x1', 4],
  ['2^-2', 'x2', 2],
  ['3', 'y0', 3],
  ['2^-2', 'y1', 3],
  ['2^-2', 'y2', 5],
  ['2^-2', 'y3', 6],
  ['3', 'r0', 3],
  ['2^-2', 'r1', 7],
  ['2^-2', 'w', 25],
  ['2^-2', '(w+20)', 30],
  ['2^-2', '(w-60)', 10],
  ['2^-2', '(60-w)', -10],
  ['2^-2', 'd', 4],
  ['2^-2', '(d+4)', 5],
  ['2^-2', '(d-40)', -6],
  ['2^-2', '(20-d)', 1],
  ['2^-2', 't', 5],
  ['2^-2', '(t+4)', 6],
  ['2^-2', '(t-40)', -5],
  ['2^-2', '(40-t)', 5],
  ['3', 'sgn(w)', 3],
  ['3', 'sgn(w-100)', 0],
  ['3', 'sgn(w-102)', -3],
  ['3', 'sgn(102-w)', 3],
  ['3', 'sgn(d)', 3],
  ['3', 'sgn(d-16)', 0],
  ['3', 'sgn(d-17)', -3],
  ['3', 'sgn(17-d)', 3],
  ['3', 'sgn(t)', 3],
  ['3', 'sgn(t-20)', 0],
  ['3', 'sgn(t-22)', -3],
  ['3', 'sgn(22-t)', 3],
  ['5', '1', 5],
  ['-2*2^1', '1', -4],
];

/** Spikes of all kinds come in step 16 alone, and so does u4; u3 makes the tag 20 in step 8, and adds as much in 16. */
const STEPS = 16;
const SET_TAG = '5*2^2*u3';
const SITUATION: Omit<Pair, 'rule' | 'build'> = {
  weight: START.w,
  synapse: { ...EXCITATORY, delay: START.d, ignoreDelays: true }, // or d would end at 14
  x1: flat(16),
  x2: flat(8),
  postTraces: { y1: flat(12), y2: flat(20), y3: flat(24) },
  coreClass: { reward: flat(28) },
  pre: [STEPS],
  post: [STEPS],
  reward: [STEPS],
  steps: STEPS,
};

const TARGETS: readonly RuleTarget[] = ['w', 'd', 't'];

/** A variable of the only synapse after every step. */
function course(pair: Pair, target: RuleTarget): number[] {
  const machine = new PairMachine(pair);
  const probe = machine.machine.probes.addOnProjection('plastic', KINDS[target], pair.steps);
  machine.advance(pair.steps);
  return machine.machine.probes.drainProjection(probe).map((values) => values[0]!);
}

describe.each(BUILDS)('HW 4.1 factors, %s build', (build) => {
  for (const target of TARGETS) {
    it.each(['x0', 'y0', 'u4'])(`of d${target} = %s * a factor`, (gate) => {
      for (const [coefficient, factor, change] of TERMS) {
        const line = `d${target} = ${coefficient}*${gate}*${factor}`;
        const rule = target === 't' ? [`${line} + ${SET_TAG}`] : [line, `dt = ${SET_TAG}`];
        const values = course({ ...SITUATION, build, rule }, target);
        const added = target === 't' ? 20 : 0;
        expect([values[STEPS - 2], values[STEPS - 1]], line).toEqual([
          START[target],
          START[target] + change + added,
        ]);
      }
    });
  }

  it.each(Array.from({ length: 10 }, (_, k) => k))(
    'u%i comes every 2^k-th epoch, whatever it changes',
    (k) => {
      const epochs = 2 ** (k + 1) + 1;
      for (const target of TARGETS) {
        const { synapse, coreClass } = SITUATION;
        const rule = [`d${target} = 3*u${k}`];
        const values = course(
          { build, synapse: synapse!, coreClass: coreClass!, rule, steps: epochs },
          target,
        );
        const start = target === 'd' ? START.d : 0;
        const changed = values.flatMap((z, i) => (z === (values[i - 1] ?? start) ? [] : [i + 1]));
        expect(changed, rule[0]).toEqual(k === 0 ? [1, 2, 3] : [2 ** k, 2 ** (k + 1)]);
        expect(values.at(-1)).toBe(start + 3 * changed.length);
      }
    },
  );
});
