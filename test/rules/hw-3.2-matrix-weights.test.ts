// HW 3.2 and 1.3: weights of a matrix whose exponent drops stored bits. They learn, have delays of their own and
// are counted like any other matrix; a learned weight beyond the largest effective one counts as that.

import { describe, expect, it } from 'vitest';
import { PairMachine } from '../support/learning-pair.ts';
import { readState } from '../support/machine-state.ts';
import { effectiveWeight } from '../support/reference.ts';
import { BUILDS, run, SILENT } from '../support/small-network.ts';

const MIXED = { signMode: 'mixed', bits: 8 } as const;

describe.each(BUILDS)('HW 3.2 weights of a matrix, %s build', (build) => {
  it('floors a learned weight at a negative exponent when it is read', () => {
    const machine = new PairMachine({
      build,
      rule: ['dw = -5*2^1*x0'],
      weight: -100,
      synapse: { ...MIXED, exponent: -3 },
      pre: [1, 2],
      steps: 3,
    }).advance(3);
    expect(machine.weights('plastic')).toEqual([-120]);
    // The spike of step 2 met the weight of step 1: -110 · 2^-3 is floored to -14 units.
    expect(effectiveWeight('mixed', 8, -3, -110)).toBe(-14 * 64);
    expect(readState(machine.machine, 0, 'current')).toEqual([-14 * 64]);
  });

  it('counts operations on a matrix as dense at every exponent, and delays them one by one', () => {
    for (const exponent of [-8, -4, -2, 0, 7]) {
      const { small } = run(
        {
          ports: [{ name: 'in', size: 1 }],
          populations: [{ name: 'cells', size: 3, compartment: SILENT }],
          projections: [
            {
              name: 'synapses',
              from: 'in',
              to: 'cells',
              connection: { kind: 'all', weights: Int16Array.of(100, -100, 64) },
              synapse: { ...MIXED, exponent, delay: Uint8Array.of(0, 1, 0) },
            },
          ],
        },
        { build, steps: 2, spikes: { in: [[1, 0]] } },
      );
      const { synapticOpsDense, synapticOpsSparse } = small.counts();
      expect([synapticOpsDense, synapticOpsSparse]).toEqual([3n, 0n]);
      const due = (mantissa: number) => effectiveWeight('mixed', 8, exponent, mantissa);
      expect(readState(small.machine, 0, 'current')).toEqual([due(100), 0, due(64)]);
      expect(readState(small.step().machine, 0, 'current')).toEqual([0, due(-100), 0]);
    }
  });

  it('limits a weight that was learned to -256 at exponent 7 to -(2^21 - 64)', () => {
    const machine = new PairMachine({
      build,
      rule: ['dw = -8*x0'],
      weight: -254,
      synapse: { ...MIXED, exponent: 7 },
      pre: [1, 2],
      steps: 3,
    }).advance(3);
    expect(machine.weights('plastic')).toEqual([-256]);
    expect(readState(machine.machine, 0, 'current')).toEqual([-2097088]);
  });
});
