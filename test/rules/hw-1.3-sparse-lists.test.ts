// HW 1.3: synapse lists with a target each, as sparse connections make them; and the bias of each compartment
// [HW 2.1].

import { describe, expect, it } from 'vitest';
import type { Projection, SparseConnection } from '../../host/network/network.ts';
import { userErrorOf } from '../support/errors.ts';
import { BUILDS, compileSmall, EXACT, SILENT, SmallMachine, sparse } from '../support/small-network.ts';

/** Source 1 has no synapse; source 2 has more than one word of four entries holds. */
const SYNAPSES = [
  [0, 3, 10],
  [0, 5, -20],
  [2, 0, 2],
  [2, 1, 4],
  [2, 2, 6],
  [2, 3, 8],
  [2, 6, 12],
] as const;

function network(cores: number, more: Partial<Projection['synapse']> = {}) {
  return {
    coreClasses: [{ name: 'core', cores }],
    ports: [{ name: 'in', size: 3 }],
    populations: [{ name: 'cells', size: 7, compartment: SILENT }],
    projections: [
      {
        name: 's',
        from: 'in',
        to: 'cells',
        connection: sparse(3, SYNAPSES),
        synapse: { ...EXACT, compression: 'sparse', ...more },
      } satisfies Projection,
    ],
  };
}

describe.each(BUILDS)('HW 1.3 sparse lists, %s build', (build) => {
  it.each([1, 2, 7])('reach their targets on %d cores, and nothing else', (cores) => {
    const small = new SmallMachine(compileSmall(network(cores)).image, build).watch('cells', 'u');
    small.steps(4, (step) => ({ in: step === 1 ? [0, 1, 2] : step === 2 ? [2, 2] : [] }));
    const u = (...weights: number[]) => weights.map((weight) => weight * 64);
    expect(small.recorded('cells', 'u')).toEqual([
      u(0, 0, 0, 0, 0, 0, 0),
      u(2, 4, 6, 18, 0, -20, 12),
      u(4, 8, 12, 16, 0, 0, 24),
      u(0, 0, 0, 0, 0, 0, 0),
    ]);
    const { synapticOps, synapticOpsSparse } = small.counts();
    expect([synapticOps, synapticOpsSparse]).toEqual([17n, 17n]);
  });

  it.each([1, 3])('have a delay for each synapse, in the order of the list, on %d cores', (cores) => {
    const delay = Uint8Array.of(0, 3, 1, 0, 2, 5, 0);
    const small = new SmallMachine(compileSmall(network(cores, { delay })).image, build).watch('cells', 'u');
    small.steps(7, (step) => ({ in: step === 1 ? [0, 2] : [] }));
    const arrivals = small
      .recorded('cells', 'u')
      .flatMap((row, step) => [...row].flatMap((u, cell) => (u === 0 ? [] : [[cell, step - 1, u / 64]])));
    const expected = SYNAPSES.map(([, target, weight], i) => [target, delay[i]!, weight]);
    const sorted = (rows: number[][]) => rows.map((row) => row.join(' ')).sort();
    expect(sorted(arrivals)).toEqual(sorted(expected));
  });

  it('give each compartment its own bias [HW 2.1]', () => {
    const mantissas = Int16Array.of(0, 1, -3, 4095, -4096, 7, 0);
    const bias = { mantissa: mantissas, exponent: 6 };
    const populations = [{ name: 'cells', size: 7, compartment: { ...SILENT, bias } }];
    for (const cores of [1, 2]) {
      const { image } = compileSmall({ coreClasses: [{ name: 'core', cores }], populations });
      const small = new SmallMachine(image, build).watch('cells', 'v').step();
      expect(small.recorded('cells', 'v')).toEqual([[...mantissas].map((mantissa) => mantissa * 64)]);
      expect(small.counts().compartmentUpdatesActive).toBe(5n);
    }
  });
});

describe('HW 1.3 sparse lists', () => {
  it('take memory and input axons by the synapses that end on a core', () => {
    const of = (cores: number, resource: string) =>
      compileSmall(network(cores)).cores.map(
        ({ use }) => use.find((item) => item.resource === resource)!.used,
      );
    // Entries of 4 + 6 bits, synapses of 8 + 6: 38 bits in one word, 80 in two.
    expect(of(1, 'synapseMemory')).toEqual([3]);
    expect(of(1, 'inputAxons')).toEqual([2]);
    // Compartments 0 to 2 hear source 2 alone.
    expect(of(2, 'inputAxons')).toEqual([1, 2]);
    expect(of(2, 'synapseMemory')).toEqual([1, 2]);
  });

  const WRONG: readonly (readonly [string, Partial<SparseConnection>, RegExp])[] = [
    ['rows for other sources', { rowStart: Uint32Array.of(0, 7) }, /rows for 1 of 3 sources/],
    [
      'rows that end elsewhere',
      { rowStart: Uint32Array.of(0, 2, 2, 6) },
      /7 targets, 7 weights and rows for 6/,
    ],
    ['a row that ends before it starts', { rowStart: Uint32Array.of(0, 2, 1, 7) }, /row 1 ends before/],
    [
      'a target that is not there',
      { targets: Uint32Array.of(3, 7, 0, 1, 2, 3, 6) },
      /row 0 has the target 7 of 7/,
    ],
    ['a target twice', { targets: Uint32Array.of(3, 3, 0, 1, 2, 3, 6) }, /target 3 after 3/],
  ];
  it.each(WRONG)('with %s are refused', (_, wrong, message) => {
    const { projections, ...rest } = network(1);
    const connection = { ...sparse(3, SYNAPSES), ...wrong };
    const error = userErrorOf(() =>
      compileSmall({ ...rest, projections: [{ ...projections[0]!, connection }] }),
    );
    expect(error.message).toMatch(message);
  });

  it('with another number of delays than synapses, or biases than compartments, are refused', () => {
    expect(userErrorOf(() => compileSmall(network(1, { delay: new Uint8Array(21) }))).message).toMatch(
      /21 delays, 7 are needed/,
    );
    const bias = { mantissa: Int16Array.of(1, 2), exponent: 0 };
    const populations = [{ name: 'cells', size: 7, compartment: { ...SILENT, bias } }];
    expect(userErrorOf(() => compileSmall({ populations })).message).toMatch(/2 biases for 7 compartments/);
  });
});
