// HW 2.5: compartments that push on the stack and pop from it, leaf first. A popped value counts as true when it
// is positive, and v is pushed as stored at the end of the step (U2).

import { describe, expect, it } from 'vitest';
import type { CompartmentParameters, Join } from '../../host/network/network.ts';
import { chipWith } from '../support/chips.ts';
import { decay, wrap } from '../support/reference.ts';
import { BUILDS, column, EXACT, firingSteps, type RunOptions, run } from '../support/small-network.ts';

/** Forgets u and v at once, with dmOffset 1. */
const FORGETFUL = { decayU: 4095, decayV: 4095, threshold: 131071 };
const chip = chipWith({ compartment: { dmOffset: 1 } });
/** More than one register of four and one word of eight compartments. */
const SIZE = 19;

interface Tree {
  readonly children: readonly Partial<CompartmentParameters>[];
  readonly root?: Partial<CompartmentParameters>;
  readonly operation: Join['operation'];
  readonly push?: Join['push'];
  /** Mantissas of port spikes at step 1, per child. */
  readonly weights?: readonly number[];
}

const bias = (mantissa: number) => ({ bias: { mantissa, exponent: 6 } });

function runTree(tree: Tree, options: RunOptions) {
  const names = tree.children.map((_, i) => `child ${i}`);
  const weights = tree.weights ?? [];
  return run(
    {
      ports: [{ name: 'in', size: 1 }],
      populations: [
        ...tree.children.map((compartment, i) => ({
          name: names[i]!,
          size: SIZE,
          compartment: { ...FORGETFUL, ...compartment },
        })),
        {
          name: 'root',
          size: SIZE,
          compartment: { ...FORGETFUL, ...tree.root },
          join: {
            operation: tree.operation,
            children: names,
            ...(tree.push === undefined ? {} : { push: tree.push }),
          },
        },
      ],
      projections: weights.map((weight, i) => ({
        name: `into ${i}`,
        from: 'in',
        to: names[i]!,
        connection: { kind: 'uniform', weight },
        synapse: EXACT,
      })),
    },
    options,
  ).probes;
}

describe.each(BUILDS)('HW 2.5 what a child pushes, %s build', (build) => {
  /** v of the root, which forgets, in the first step: what it popped. */
  const popped = (
    child: Partial<CompartmentParameters>,
    joinPush: 'afterReset' | 'beforeReset' = 'afterReset',
  ) => {
    const options = {
      build,
      chip: chipWith({ compartment: { dmOffset: 1 }, semantics: { joinPush } }),
      steps: 2,
    };
    const probes = runTree({ children: [child], operation: 'add' }, { ...options, watch: [['root', 'v']] });
    // The same in every compartment and step: the child's value is of the same step, not of the one before.
    expect(new Set(probes['root v']!.flat()).size).toBe(1);
    return probes['root v']![0]![0];
  };

  it('threshold operation 2 passes v on only while it is above the threshold, without a spike', () => {
    expect(popped({ ...bias(100), threshold: 99, thresholdOp: 'pass' })).toBe(6400);
    expect(popped({ ...bias(100), threshold: 100, thresholdOp: 'pass' })).toBe(0);
    expect(popped({ ...bias(-100), threshold: 0, thresholdOp: 'pass' })).toBe(0);
  });

  it('threshold operation 3 holds v at the threshold, without a spike', () => {
    expect(popped({ ...bias(100), threshold: 60, thresholdOp: 'saturate' })).toBe(3840);
    expect(popped({ ...bias(100), threshold: 200, thresholdOp: 'saturate' })).toBe(6400);
    expect(popped({ ...bias(-100), threshold: 60, thresholdOp: 'saturate' })).toBe(-6400);
  });

  it('threshold operation 0 pushes v after the reset, or before it as an option', () => {
    expect(popped({ ...bias(100), threshold: 200 })).toBe(6400);
    expect(popped({ ...bias(100), threshold: 60 })).toBe(0);
    expect(popped({ ...bias(100), threshold: 60 }, 'beforeReset')).toBe(6400);
  });

  it.each(['gt', 'ge'] as const)(
    'threshold operation 3 holds the threshold itself under spike test %s',
    (spikeTest) => {
      const probes = runTree(
        { children: [{ ...bias(100), threshold: 60, thresholdOp: 'saturate' }], operation: 'add' },
        {
          build,
          chip: chipWith({ compartment: { dmOffset: 1 }, semantics: { spikeTest } }),
          steps: 1,
          watch: [['root', 'v']],
        },
      );
      expect(column(probes['root v'])).toEqual([3840]);
    },
  );

  it('can be u instead of v', () => {
    const probes = runTree(
      { children: [{ ...bias(7), decayU: 2047 }], operation: 'add', push: 'u', weights: [100] },
      { build, chip, steps: 4, spikes: { in: [[1, 0]] }, watch: [['root', 'v']] },
    );
    expect(column(probes['root v'])).toEqual([0, 6400, 3200, 1600]);
  });
});

describe.each(BUILDS)('HW 2.5 joins, %s build', (build) => {
  const rootOf = (tree: Tree, steps = 3) =>
    runTree(tree, {
      build,
      chip,
      steps,
      watch: [
        ['root', 'v'],
        ['root', 'spikes'],
      ],
    });
  const quiet = (mantissa: number) => ({ ...bias(mantissa), threshold: 131071 });

  it('ADD adds one or two popped values to u + bias', () => {
    expect(rootOf({ children: [quiet(5)], root: bias(3), operation: 'add' })['root v']![0]![0]).toBe(8 * 64);
    const two = rootOf({ children: [quiet(5), quiet(-20)], root: bias(3), operation: 'add' });
    expect(two['root v']![0]).toEqual(Array(SIZE).fill(-12 * 64));
  });

  it('ADD wraps at 23 bits + sign', () => {
    const big = {
      bias: { mantissa: 4095, exponent: 7 },
      decayV: 0,
      threshold: 131071,
      thresholdOp: 'pass' as const,
    };
    const steps = 17;
    const probes = runTree(
      {
        children: [
          { ...big, threshold: 0 },
          { ...big, threshold: 0 },
        ],
        operation: 'add',
      },
      {
        build,
        chip: chipWith({ compartment: { dmOffset: 0 } }),
        steps,
        watch: [
          ['child 0', 'v'],
          ['root', 'u'],
          ['root', 'spikes'],
        ],
      },
    );
    // Twice v passes 2^23 in step 9; from then on the sum is negative and the root stays silent.
    const sums = probes['child 0 v']!.map((row) => wrap(2 * row[0]!, 23));
    let v = 0;
    const fired = sums.flatMap((sum, i) => {
      v = Math.max(decay(v, 4095) + sum, -8388607);
      if (v <= 131071 * 64) return [];
      v = 0;
      return [i + 1];
    });
    expect(sums.some((sum) => sum < 0)).toBe(true);
    expect(firingSteps(probes['root spikes'])).toEqual(fired);
  });

  it('OR fires when a child pushed a positive value, whatever the own v', () => {
    const fires = (children: number[], own = 0) =>
      firingSteps(
        rootOf({ children: children.map(quiet), root: { ...bias(own), threshold: 10 }, operation: 'or' })[
          'root spikes'
        ],
      );
    expect(fires([1])).toEqual([1, 2, 3]);
    expect(fires([0])).toEqual([]);
    expect(fires([-1])).toEqual([]);
    expect(fires([0, 1])).toEqual([1, 2, 3]);
    expect(fires([-1, 0], 11)).toEqual([1, 2, 3]);
  });

  it('OR does not fire in the refractory period', () => {
    const tree: Tree = { children: [quiet(1)], root: { threshold: 10, refractory: 3 }, operation: 'or' };
    expect(firingSteps(rootOf(tree, 8)['root spikes'])).toEqual([1, 4, 7]);
  });

  it('AND fires above the own threshold only while every child pushes a positive value', () => {
    const fires = (children: number[], own: number) =>
      firingSteps(
        rootOf({ children: children.map(quiet), root: { ...bias(own), threshold: 10 }, operation: 'and' })[
          'root spikes'
        ],
      );
    expect(fires([1], 11)).toEqual([1, 2, 3]);
    expect(fires([1], 10)).toEqual([]);
    expect(fires([0], 11)).toEqual([]);
    expect(fires([1, 1], 11)).toEqual([1, 2, 3]);
    expect(fires([1, 0], 11)).toEqual([]);
    expect(fires([0, 1], 11)).toEqual([]);
  });

  it('PASS lets u + bias through only while a child pushes a positive value', () => {
    const v = (children: number[]) =>
      rootOf({ children: children.map(quiet), root: bias(3), operation: 'pass' })['root v']![0]![0];
    expect(v([1])).toBe(192);
    expect(v([0])).toBe(0);
    expect(v([-1, 0])).toBe(0);
    expect(v([0, 1])).toBe(192);
  });

  it('joins element by element', () => {
    const names = ['child', 'root'];
    const { probes } = run(
      {
        ports: [{ name: 'in', size: SIZE }],
        populations: names.map((name) => ({
          name,
          size: SIZE,
          compartment: FORGETFUL,
          ...(name === 'root' ? { join: { operation: 'add' as const, children: ['child'] } } : {}),
        })),
        projections: [
          {
            name: 'into',
            from: 'in',
            to: 'child',
            connection: { kind: 'one-to-one', weight: 2 },
            synapse: EXACT,
          },
        ],
      },
      {
        build,
        chip,
        steps: 2,
        spikes: {
          in: [
            [1, 3],
            [1, 17],
          ],
        },
        watch: [['root', 'v']],
      },
    );
    const expected = Array(SIZE).fill(0);
    expected[3] = 128;
    expected[17] = 128;
    expect(probes['root v']![1]).toEqual(expected);
  });
});

describe.each(BUILDS)('HW 2.5 public programs, %s build', (build) => {
  it('subtracts the threshold: a passing dendrite, an OR soma and an inhibitory synapse back (NxTF)', () => {
    const threshold = 200;
    const { probes } = run(
      {
        populations: [
          {
            name: 'dendrite',
            size: 1,
            compartment: {
              decayU: 4095,
              decayV: 0,
              threshold,
              thresholdOp: 'pass',
              bias: { mantissa: 77, exponent: 6 },
            },
          },
          {
            name: 'soma',
            size: 1,
            compartment: { ...FORGETFUL },
            join: { operation: 'or', children: ['dendrite'] },
          },
        ],
        projections: [
          {
            name: 'reset',
            from: 'soma',
            to: 'dendrite',
            connection: { kind: 'one-to-one', weight: -threshold },
            synapse: EXACT,
          },
        ],
      },
      {
        build,
        steps: 60,
        watch: [
          ['dendrite', 'v'],
          ['soma', 'spikes'],
        ],
      },
    );
    let v = 0;
    let fired = false;
    const expected = Array.from({ length: 60 }, () => {
      v += 77 * 64 - (fired ? threshold * 64 : 0);
      fired = v > threshold * 64;
      return { v, fired: fired ? 1 : 0 };
    });
    expect(column(probes['dendrite v'])).toEqual(expected.map((step) => step.v));
    expect(column(probes['soma spikes'])).toEqual(expected.map((step) => step.fired));
    expect(expected.filter((step) => step.fired).length).toBe(Math.floor((60 * 77) / 200));
  });

  it('adapts: an auxiliary compartment that the spikes inhibit lowers v of the main one (LSNN)', () => {
    const { probes } = run(
      {
        populations: [
          { name: 'auxiliary', size: 1, compartment: { decayU: 4095, decayV: 400, threshold: 131071 } },
          {
            name: 'main',
            size: 1,
            compartment: { decayU: 4095, decayV: 300, threshold: 100, bias: { mantissa: 60, exponent: 6 } },
            join: { operation: 'add', children: ['auxiliary'] },
          },
        ],
        projections: [
          {
            name: 'adaptation',
            from: 'main',
            to: 'auxiliary',
            connection: { kind: 'one-to-one', weight: -40 },
            synapse: EXACT,
          },
        ],
      },
      {
        build,
        steps: 80,
        watch: [
          ['auxiliary', 'v'],
          ['main', 'v'],
          ['main', 'spikes'],
        ],
      },
    );
    let auxiliary = 0;
    let main = 0;
    let fired = false;
    const expected = Array.from({ length: 80 }, () => {
      auxiliary = decay(auxiliary, 400) - (fired ? 40 * 64 : 0);
      main = decay(main, 300) + 60 * 64 + auxiliary;
      fired = main > 100 * 64;
      if (fired) main = 0;
      return { auxiliary, main, fired: fired ? 1 : 0 };
    });
    expect(column(probes['auxiliary v'])).toEqual(expected.map((step) => step.auxiliary));
    expect(column(probes['main v'])).toEqual(expected.map((step) => step.main));
    expect(column(probes['main spikes'])).toEqual(expected.map((step) => step.fired));
    // It adapts: the last interval between spikes is longer than the first.
    const times = firingSteps(probes['main spikes']);
    expect(times.at(-1)! - times.at(-2)!).toBeGreaterThan(times[1]! - times[0]!);
  });
});
