// HW 1.3, HW 5: lists that several sources share, and the axons that lead to them: what they cost, what is refused, and
// that the spikes do what they do without sharing.

import { describe, expect, it } from 'vitest';
import type { Chip } from '../../host/chip/schema.ts';
import type { Connection, Convolution, Projection, Sharing } from '../../host/network/network.ts';
import { chipWith } from '../support/chips.ts';
import { userErrorOf } from '../support/errors.ts';
import { BUILDS, compileSmall, EXACT, run, SILENT, type SmallNetwork } from '../support/small-network.ts';

/** 2 channels of 6 x 6 to 4 channels of 4 x 4. */
const CONVOLUTION: Convolution = {
  channels: 4,
  kernel: [3, 3],
  stride: [1, 1],
  padding: [0, 0],
  dilation: [1, 1],
  groups: 1,
  weights: Int16Array.from({ length: 4 * 2 * 9 }, (_, i) => 2 * (i + 1)),
};
const CONNECTION: Connection = { kind: 'convolution', shape: [2, 6, 6], convolution: CONVOLUTION };
const SOURCES = 72;
const CELLS = 64;
/** One axon for the two channels of an input. */
const BY_PLACE = { atoms: 2, stride: 36 };

function network(sharing?: Sharing, more: Partial<Projection> = {}, cores = 1): SmallNetwork {
  return {
    coreClasses: [{ name: 'core', cores }],
    ports: [{ name: 'in', size: SOURCES }],
    populations: [{ name: 'cells', size: CELLS, compartment: SILENT }],
    projections: [
      {
        name: 's',
        from: 'in',
        to: 'cells',
        connection: CONNECTION,
        synapse: EXACT,
        ...(sharing === undefined ? {} : { sharing }),
        ...more,
      },
    ],
  };
}

function used(setup: SmallNetwork, chip?: Chip): Record<string, number> {
  const { cores } = compileSmall(setup, chip);
  return Object.fromEntries(cores[0]!.use.map(({ resource, used: n }) => [resource, n]));
}

describe('HW 1.3 shared lists', () => {
  it('are stored once for all sources whose lists differ by a shift', () => {
    const { image } = compileSmall(network({ axons: 'discrete' }));
    const { shared, rowStart, rowElements } = image.cores[0]!.blocks[0]!;
    expect(rowElements).toHaveLength(SOURCES);
    // Along an axis of 6 places the 3 taps of a kernel reach 1, 2, 3, 3, 2 and 1 outputs, those at the two ends others.
    expect(rowStart).toHaveLength(1 + 2 * 5 * 5);
    expect(new Set(shared!.list).size).toBe(50);
    // The two places in the middle have the same list, one column apart.
    const at = (y: number, x: number): number => 6 * y + x;
    expect(shared!.list[at(2, 3)]).toBe(shared!.list[at(2, 2)]);
    expect(shared!.base[at(2, 3)]! - shared!.base[at(2, 2)]!).toBe(1);
  });

  it('take less memory, in which an index is as wide as their targets are apart', () => {
    const [alone, shared] = [used(network()), used(network({ axons: 'discrete' }))];
    expect(shared.synapseMemory!).toBeLessThan(alone.synapseMemory!);
    expect([alone.inputAxons, shared.inputAxons]).toEqual([72, 72]);
  });

  it('cost one list if one weight goes from all to all', () => {
    const connection = { kind: 'uniform', weight: 4 } as const;
    const { rowStart, weights, shared } = compileSmall(network({ axons: 'discrete' }, { connection })).image
      .cores[0]!.blocks[0]!;
    expect([rowStart, weights!.length, new Set(shared!.list).size]).toEqual([null, CELLS, 1]);
    // 60 and 4 weights of 8 bits, two headers of 16 bits.
    expect(used(network({ axons: 'discrete' }, { connection })).synapseMemory).toBe(9);
  });

  it('have the multiplier and the offset of indices that make these smallest', () => {
    // Every fourth target from 3 on, up to 1,023: 256 indices of 8 bits instead of 10.
    const targets = Uint32Array.from({ length: 8 }, (_, i) => 3 + 4 * 36 * i);
    const connection: Connection = {
      kind: 'sparse',
      rowStart: Uint32Array.of(0, 8),
      targets,
      weights: new Int16Array(8).fill(2),
    };
    const setup = (sharing?: Sharing): SmallNetwork => ({
      ...network(sharing, { connection, synapse: { ...EXACT, compression: 'sparse' } }),
      ports: [{ name: 'in', size: 1 }],
      populations: [{ name: 'cells', size: 1024, compartment: SILENT }],
    });
    expect(used(setup()).synapseMemory).toBe(Math.ceil((10 + 8 * (8 + 10)) / 64));
    // 144 apart is 16 times 9: seven steps of 9 need 6 bits.
    expect(used(setup({ axons: 'discrete' })).synapseMemory).toBe(Math.floor((10 + 8 * (8 + 6)) / 64) + 1);
    const short = chipWith({ synapse: { targetStrideMax: 1 } });
    expect(used(setup({ axons: 'discrete' }), short).synapseMemory).toBe(Math.ceil((10 + 8 * (8 + 10)) / 64));
  });
});

describe('HW 5 population axons', () => {
  it('take one entry for all their atoms, whose lists are as long as the longest', () => {
    const discrete = used(network({ axons: 'discrete' }));
    const pop32 = used(network({ axons: 'pop32', ...BY_PLACE }));
    expect([discrete.inputAxons, pop32.inputAxons]).toEqual([72, 36]);
    expect(pop32.synapseMemory).toBe(discrete.synapseMemory);
    // An atom without synapses is padded too.
    const connection: Connection = {
      kind: 'sparse',
      rowStart: Uint32Array.of(0, 60, 60),
      targets: Uint32Array.from({ length: 60 }, (_, i) => i),
      weights: new Int16Array(60).fill(2),
    };
    const pair = (sharing: Sharing): SmallNetwork => ({
      ...network(sharing, { connection }),
      ports: [{ name: 'in', size: 2 }],
    });
    expect(used(pair({ axons: 'discrete' })).synapseMemory).toBe(8);
    expect(used(pair({ axons: 'pop32', atoms: 2 })).synapseMemory).toBe(16);
  });

  it('of the short form have bases that are multiples of 4, so fewer lists are alike', () => {
    const lists = (sharing: Sharing): number =>
      new Set(compileSmall(network(sharing)).image.cores[0]!.blocks[0]!.shared!.list).size;
    expect(lists({ axons: 'pop32', ...BY_PLACE })).toBe(50);
    expect(lists({ axons: 'pop16', ...BY_PLACE })).toBe(60);
    const { base } = compileSmall(network({ axons: 'pop16', ...BY_PLACE })).image.cores[0]!.blocks[0]!
      .shared!;
    expect([...base].every((each) => each % 4 === 0)).toBe(true);
  });

  it.each([
    ['discrete', 72],
    ['pop16', 72],
    ['pop32', 144],
  ] as const)('of a population: %s takes %d output slots', (axons, slots) => {
    const {
      ports: _,
      populations,
      ...rest
    } = network(axons === 'discrete' ? { axons } : { axons, ...BY_PLACE });
    const source = { name: 'in', size: SOURCES, coreClass: 'source', compartment: SILENT };
    const { cores } = compileSmall({
      ...rest,
      coreClasses: [{ name: 'core' }, { name: 'source' }],
      populations: [...populations, source],
    });
    expect(cores[1]!.use.find(({ resource }) => resource === 'outputAxons')!.used).toBe(slots);
  });

  const WRONG: readonly (readonly [string, () => SmallNetwork, RegExp])[] = [
    [
      'more atoms than their bits tell apart',
      () => ({
        ...network({ axons: 'pop16', atoms: 33 }, { connection: { kind: 'uniform', weight: 2 } }),
        ports: [{ name: 'in', size: 66 }],
      }),
      /"s": the number of pop16 atoms is 33; the chip has 1\.\.32/,
    ],
    [
      'atoms that do not divide the sources',
      () => network({ axons: 'pop32', atoms: 5 }),
      /axons of 5 atoms, 1 apart, do not divide 72 sources/,
    ],
    [
      'discrete axons with atoms',
      () => network({ axons: 'discrete', atoms: 2 }),
      /discrete axons have one source each/,
    ],
    [
      'a rule',
      () => ({
        ...network({ axons: 'discrete' }, { connection: { kind: 'uniform', weight: 2 }, rule: 'rule' }),
        rules: { rule: ['dw = x0'] },
      }),
      /shares its lists, so a change of one synapse would change others/,
    ],
    [
      'other axons than a second projection on their way',
      () => {
        const setup = network({ axons: 'pop32', ...BY_PLACE });
        return {
          ...setup,
          projections: [...setup.projections!, ...network(undefined, { name: 't' }).projections!],
        };
      },
      /projections "s" and "t" go from "in" to one core, and so through the same axons/,
    ],
    [
      'more short axons than their number can tell apart',
      () => ({
        ...network({ axons: 'pop16', atoms: 2 }, { connection: { kind: 'uniform', weight: 2 } }),
        ports: [{ name: 'in', size: 2050 }],
      }),
      /core 0: 1025 pop16 axons exceed 1024, what their number of 10 bits can tell apart/,
    ],
  ];
  it.each(WRONG)('with %s are refused', (_, setup, message) => {
    expect(userErrorOf(() => compileSmall(setup())).message).toMatch(message);
  });
});

describe.each(BUILDS)('HW 5 shared lists, %s build', (build) => {
  const record = (sharing: Sharing | undefined, cores: number, more: Partial<Projection> = {}) => {
    const spikes = { in: Array.from({ length: SOURCES }, (_, i) => [1 + (i % 7), i] as const) };
    const { small, probes } = run(network(sharing, more, cores), {
      build,
      steps: 9,
      spikes,
      watch: [['cells', 'u']],
    });
    const { synapticOps, synapticOpsConv } = small.counts();
    return { u: probes['cells u'], synapticOps, synapticOpsConv };
  };

  it.each([1, 3])('do what lists of their own do, and count as convolutional, on %d cores', (cores) => {
    const alone = record(undefined, cores);
    expect(alone.u!.flat().some((u) => u !== 0)).toBe(true);
    expect(alone.synapticOpsConv).toBe(0n);
    for (const sharing of [
      { axons: 'discrete' },
      { axons: 'pop16', ...BY_PLACE },
      { axons: 'pop32', ...BY_PLACE },
      { axons: 'pop32', atoms: 9, stride: 2 },
    ] as const) {
      const shared = record(sharing, cores);
      expect(shared.u).toEqual(alone.u);
      expect([shared.synapticOps, shared.synapticOpsConv]).toEqual([alone.synapticOps, alone.synapticOps]);
    }
  });

  it('may belong to a matrix, a one-to-one connection or synapses with delays', () => {
    const delay = Uint8Array.from({ length: SOURCES * CELLS }, (_, i) => i % 4);
    for (const connection of [
      { kind: 'uniform', weight: 6 },
      { kind: 'all', weights: Int16Array.from({ length: SOURCES * CELLS }, (_, i) => 2 * (i % 64)) },
    ] as const)
      for (const synapse of [EXACT, { ...EXACT, delay }]) {
        const more = { connection, synapse };
        expect(record({ axons: 'pop32', atoms: 8 }, 2, more).u).toEqual(record(undefined, 2, more).u);
      }
  });
});
