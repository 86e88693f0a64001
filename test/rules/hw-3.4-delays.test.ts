// HW 3.4: delays of 0 to 62 steps, one for all synapses of a projection or one each, and the pool of dendritic
// accumulators that pays for them. Conflict C20: a spike of step t arrives at t + 1 + d.

import { describe, expect, it } from 'vitest';
import type { SynapseParameters } from '../../host/network/network.ts';
import { userErrorOf } from '../support/errors.ts';
import { BUILDS, compileSmall, run, SILENT, type SmallNetwork } from '../support/small-network.ts';

const DELAYS = Array.from({ length: 63 }, (_, d) => d);
const DENSE: SynapseParameters = { signMode: 'excitatory', bits: 8, exponent: 0 };
/** Exponents that drop stored bits are kept as lists of finished weights. */
const LISTED: SynapseParameters = { signMode: 'excitatory', bits: 8, exponent: -1 };

function delayed(size: number, synapse: SynapseParameters, weight = 10): SmallNetwork {
  return {
    ports: [{ name: 'in', size: 1 }],
    populations: [{ name: 'cells', size, compartment: SILENT }],
    projections: [
      { name: 'synapses', from: 'in', to: 'cells', connection: { kind: 'uniform', weight }, synapse },
    ],
  };
}

describe.each(BUILDS)('HW 3.4 delays, %s build', (build) => {
  it.each([
    ['dense rows', DENSE, 640],
    ['lists', LISTED, 320],
  ])('of each synapse of its own: %s', (_, synapse, weight) => {
    const { probes } = run(delayed(63, { ...synapse, delay: Uint8Array.from(DELAYS) }), {
      build,
      steps: 70,
      spikes: {
        in: [
          [1, 0],
          [4, 0],
        ],
      },
      watch: [['cells', 'u']],
    });
    for (const d of DELAYS) {
      const arrivals = probes['cells u']!.flatMap((row, t) => (row[d] === 0 ? [] : [[t + 1, row[d]]]));
      expect(arrivals, `delay ${d}`).toEqual([
        [2 + d, weight],
        [5 + d, weight],
      ]);
    }
  });

  it.each([
    ['dense rows', DENSE, 640],
    ['lists', LISTED, 320],
  ])('of a whole projection: %s', (_, synapse, weight) => {
    for (const delay of [0, 1, 6, 7, 14, 15, 30, 31, 62]) {
      const { probes } = run(delayed(2, { ...synapse, delay }), {
        build,
        steps: 70,
        spikes: {
          in: [
            [1, 0],
            [2, 0],
          ],
        },
        watch: [['cells', 'u']],
      });
      const arrivals = probes['cells u']!.flatMap((row, t) => (row[0] === 0 ? [] : [[t + 1, row]]));
      expect(arrivals, `delay ${delay}`).toEqual([
        [2 + delay, [weight, weight]],
        [3 + delay, [weight, weight]],
      ]);
    }
  });

  it('of one-to-one synapses are the diagonal of the table', () => {
    const { probes } = run(
      {
        ports: [{ name: 'in', size: 3 }],
        populations: [{ name: 'cells', size: 3, compartment: SILENT }],
        projections: [
          {
            name: 'synapses',
            from: 'in',
            to: 'cells',
            connection: { kind: 'one-to-one', weight: 10 },
            synapse: { ...DENSE, delay: Uint8Array.from([4, 9, 9, 9, 2, 9, 9, 9, 0]) },
          },
        ],
      },
      {
        build,
        steps: 8,
        spikes: {
          in: [
            [1, 0],
            [1, 1],
            [1, 2],
          ],
        },
        watch: [['cells', 'u']],
      },
    );
    const arrivals = [0, 1, 2].map((i) => probes['cells u']!.findIndex((row) => row[i] !== 0) + 1);
    expect(arrivals).toEqual([6, 4, 2]);
  });

  it('let weights of different steps meet in one accumulator', () => {
    const { probes } = run(
      {
        ports: [{ name: 'in', size: 4 }],
        populations: [{ name: 'cells', size: 1, compartment: SILENT }],
        projections: [
          {
            name: 'synapses',
            from: 'in',
            to: 'cells',
            connection: { kind: 'all', weights: Int16Array.of(1, 2, 4, 8) },
            synapse: { ...DENSE, delay: Uint8Array.of(3, 2, 1, 0) },
          },
        ],
      },
      {
        build,
        steps: 6,
        spikes: {
          in: [
            [1, 0],
            [2, 1],
            [3, 2],
            [4, 3],
          ],
        },
        watch: [['cells', 'u']],
      },
    );
    expect(probes['cells u']).toEqual([[0], [0], [0], [0], [15 * 64], [0]]);
  });
});

describe('HW 3.4 the accumulator pool', () => {
  const onOneCore = (size: number, delay: number): SmallNetwork => ({
    ...delayed(size, { ...DENSE, bits: 1, delay }, 128),
    coreClasses: [{ name: 'core', cores: 1 }],
  });

  it.each([
    [0, 8, 1024],
    [6, 8, 1024],
    [7, 16, 512],
    [14, 16, 512],
    [15, 32, 256],
    [30, 32, 256],
    [31, 64, 128],
    [62, 64, 128],
  ])(
    'a delay of %i takes rings of %i, so that %i compartments fit a core and one more does not',
    (delay, ring, most) => {
      const { image } = compileSmall(onOneCore(most, delay));
      expect(image.cores[0]!.accumulators).toBe(ring);
      const error = userErrorOf(() => compileSmall(onOneCore(most + 1, delay)));
      expect(error.details.code).toBe('does-not-fit');
      const [resource, used, limit] =
        ring === 8 ? ['compartments', most + 1, 1024] : ['dendritic accumulators', ring * (most + 1), 8192];
      expect(error.message).toContain(`${resource} ${used} exceeds ${limit}; 1 more core would fit it`);
      expect(error.details).toMatchObject({ got: used, limit });
    },
  );

  it('refuses a delay of 63', () => {
    const { details } = userErrorOf(() => compileSmall(delayed(1, { ...DENSE, delay: 63 })));
    expect(details).toMatchObject({ path: 'projection "synapses"', got: 63, limit: [0, 62] });
    const each = Uint8Array.of(0, 63);
    expect(userErrorOf(() => compileSmall(delayed(2, { ...DENSE, delay: each }))).details).toMatchObject({
      got: 63,
    });
  });

  it('is taken by the longest delay into the core', () => {
    const { image } = compileSmall(delayed(2, { ...DENSE, delay: Uint8Array.of(0, 20) }));
    expect(image.cores[0]!.accumulators).toBe(32);
  });
});
