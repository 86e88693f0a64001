// HW 3.3: the fields of a synapse format that are known by name only. Assumed here: a weight limit bounds what a rule
// leaves, ignored delays are kept but not followed, and a box takes its weight away again after the delay.

import { describe, expect, it } from 'vitest';
import type { Projection } from '../../host/network/network.ts';
import { chipWith } from '../support/chips.ts';
import { userErrorOf } from '../support/errors.ts';
import {
  BUILDS,
  column,
  compileSmall,
  EXACT,
  run,
  SILENT,
  SmallMachine,
  type SmallNetwork,
} from '../support/small-network.ts';

function network(synapse: Partial<Projection['synapse']>, more: Partial<Projection> = {}): SmallNetwork {
  return {
    ports: [{ name: 'in', size: 1 }],
    populations: [{ name: 'cells', size: 2, compartment: SILENT }],
    projections: [
      {
        name: 's',
        from: 'in',
        to: 'cells',
        connection: { kind: 'all', weights: Int16Array.of(10, -20) },
        synapse: { ...EXACT, ...synapse },
        ...more,
      },
    ],
  };
}

describe.each(BUILDS)('HW 3.3 weight limits, %s build', (build) => {
  const learned = (weightLimit: number | undefined, line: string, steps: number): number[] => {
    const limit = weightLimit === undefined ? {} : { weightLimit };
    const setup = { ...network(limit, { rule: 'rule' }), rules: { rule: [line] } };
    const small = new SmallMachine(compileSmall(setup).image, build);
    return small.steps(steps, () => ({ in: [0] })).weights('s');
  };

  it('bound what a rule leaves, on both sides, by a mantissa on the grid', () => {
    expect(learned(undefined, 'dw = 6*x0', 8)).toEqual([58, 28]);
    expect(learned(40, 'dw = 6*x0', 8)).toEqual([40, 28]);
    // 41 is between two weights.
    expect(learned(41, 'dw = 6*x0', 8)).toEqual([40, 28]);
    expect(learned(40, 'dw = -6*x0', 8)).toEqual([-38, -40]);
  });

  it('are counted where weights meet them', () => {
    const setup = { ...network({ weightLimit: 20 }, { rule: 'rule' }), rules: { rule: ['dw = 6*2^1*x0'] } };
    const small = new SmallMachine(compileSmall(setup, chipWith()).image, build);
    expect(small.step({ in: [0] }).counts().weightClips).toBe(1n);
  });
});

describe.each(BUILDS)('HW 3.3 ignored delays, %s build', (build) => {
  const arrivals = (synapse: Partial<Projection['synapse']>): (number | undefined)[] => {
    const { probes } = run(network(synapse), {
      build,
      steps: 6,
      spikes: { in: [[1, 0]] },
      watch: [['cells', 'u']],
    });
    return column(probes['cells u']).map((u) => u! / 64);
  };

  it.each([3, Uint8Array.of(3, 1)])('let spikes arrive at once (delay %o)', (delay) => {
    expect(arrivals({ delay })).toEqual([0, 0, 0, 0, 10, 0]);
    expect(arrivals({ delay, ignoreDelays: true })).toEqual([0, 10, 0, 0, 0, 0]);
  });

  it('leave d to the rules, up to the end of its field, and need no accumulators', () => {
    const setup = {
      ...network({ delay: 5, ignoreDelays: true }, { rule: 'rule' }),
      rules: { rule: ['dd = 7*x0', 'dw = 2*x0*sgn(d - 20)'] },
    };
    const { image, cores } = compileSmall(setup);
    expect(image.cores[0]!.accumulators).toBe(8);
    expect(cores[0]!.use.find(({ resource }) => resource === 'dendriticAccumulators')!.used).toBe(16);
    const small = new SmallMachine(image, build).watch('cells', 'u');
    // d: 5, 12, 19, 26 … 63; it is below 20 three times.
    small.steps(12, () => ({ in: [0] }));
    expect(small.weights('s')[0]).toBe(10 - 3 * 2 + 9 * 2);
    // A spike reads its weight before the learning of its step.
    expect(column(small.recorded('cells', 'u')).map((u) => u! / 64)).toEqual([
      0, 10, 8, 6, 4, 6, 8, 10, 12, 14, 16, 18,
    ]);
  });
});

describe.each(BUILDS)('HW 3.3 boxes, %s build', (build) => {
  /** A current that keeps what it has, but for one part in 4,096. */
  const HELD = { ...SILENT, decayU: 0 };
  const course = (synapse: Partial<Projection['synapse']>, more: Partial<Projection> = {}) => {
    const setup = network({ box: true, ...synapse }, more);
    const populations = [{ name: 'cells', size: 2, compartment: HELD }];
    const coreClasses = [{ name: 'core', dsOffset: 0 as const }];
    const { probes, small } = run(
      { ...setup, coreClasses, populations },
      {
        build,
        steps: 8,
        spikes: {
          in: [
            [1, 0],
            [3, 0],
          ],
        },
        watch: [['cells', 'u']],
      },
    );
    return { u: (i: number) => column(probes['cells u'], i).map((u) => u! / 64), counts: small.counts() };
  };

  it('hold a current for as many steps as their delay', () => {
    const { u, counts } = course({ delay: 3 });
    expect(u(0)).toEqual([0, 10, 10, 20, 10, 10, 0, 0]);
    expect(u(1)).toEqual([0, -20, -20, -40, -20, -20, 0, 0]);
    expect(counts.synapticOps).toBe(4n); // one each, though each adds twice
  });

  it('may have a delay for each synapse, in a matrix or a list; without one they add nothing', () => {
    const delay = Uint8Array.of(1, 0);
    expect(course({ delay }).u(0)).toEqual([0, 10, 0, 10, 0, 0, 0, 0]);
    expect(course({ delay }).u(1)).toEqual(new Array(8).fill(0));
    const connection = {
      kind: 'sparse',
      rowStart: Uint32Array.of(0, 1),
      targets: Uint32Array.of(1),
      weights: Int16Array.of(6),
    } as const;
    expect(course({ delay: Uint8Array.of(2) }, { connection }).u(1)).toEqual([0, 6, 6, 6, 6, 0, 0, 0]);
    expect(course({ delay: 2 }, { connection }).u(1)).toEqual([0, 6, 6, 6, 6, 0, 0, 0]);
  });
});

describe('HW 3.3 fields', () => {
  it.each([
    [network({ weightLimit: 257 }), /the weight limit is 257; the chip has 0\.\.256/],
    [network({ weightLimit: 15 }), /a weight mantissa is -20; its weight limit leaves -15\.\.15/],
    [network({ box: true, ignoreDelays: true }), /boxes that end after delays, and ignores delays/],
  ])('that contradict each other or the weights are refused', (setup, message) => {
    expect(userErrorOf(() => compileSmall(setup)).message).toMatch(message);
  });

  it("that only the chip's own synapses have are refused of those with payloads", () => {
    const chip = { ...chipWith(), routing: { ...chipWith().routing, spikePayload: 24 } };
    const setup = network({ box: true }, { graded: true });
    expect(userErrorOf(() => compileSmall(setup, chip)).message).toMatch(
      /box is of the chip's own synapses, not of those with payloads/,
    );
  });

  it.each(BUILDS)('a projection with one weight for all learns as a matrix does, %s build', (build) => {
    const weights = (connection: Projection['connection']): number[] => {
      const setup = {
        ...network({}, { connection, rule: 'rule' }),
        rules: { rule: ['dw = 2^-1*x0*w + 4*x0'] },
      };
      return new SmallMachine(compileSmall(setup).image, build).steps(3, () => ({ in: [0] })).weights('s');
    };
    expect(weights({ kind: 'uniform', weight: 12 })).toEqual(
      weights({ kind: 'all', weights: Int16Array.of(12, 12) }),
    );
    expect(weights({ kind: 'uniform', weight: 12 })[0]).toBeGreaterThan(12);
  });
});
