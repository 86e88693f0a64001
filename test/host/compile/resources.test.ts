// HW 1.2, 1.3: every resource of a core: what just fits compiles, one more is refused with place, use and limit.

import { describe, expect, it } from 'vitest';
import { loadChip } from '../../../host/chip/load.ts';
import { listWords } from '../../../host/compile/synapse-memory.ts';
import type { Projection } from '../../../host/network/network.ts';
import { chipWith } from '../../support/chips.ts';
import { userErrorOf } from '../../support/errors.ts';
import { compileSmall, EXACT, SILENT, type SmallNetwork } from '../../support/small-network.ts';

const { chip: LOIHI1 } = loadChip('loihi1');

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

function into(name: string, from: string, to = 'cells', more: Partial<Projection> = {}): Projection {
  return { name, from, to, connection: { kind: 'uniform', weight: 0 }, synapse: EXACT, ...more };
}

/** All on one core, as the numbers of the whole core are wanted. */
function oneCore(network: SmallNetwork): SmallNetwork {
  return { ...network, coreClasses: [{ name: 'core', cores: 1 }] };
}

interface Case {
  readonly resource: string;
  readonly limit: number;
  readonly says: string;
  /** A network that uses n of the resource. */
  readonly using: (n: number) => SmallNetwork;
}

const CASES: readonly Case[] = [
  {
    resource: 'compartments',
    limit: 1024,
    says: 'compartments 1025 exceeds 1024; 1 more core would fit it',
    using: (n) => oneCore({ populations: [{ name: 'cells', size: n, compartment: SILENT }] }),
  },
  {
    resource: 'inputAxons',
    limit: 4096,
    says: 'input axon entries 4097 exceeds 4096; no number of cores would fit it',
    using: (n) => ({
      ports: [{ name: 'in', size: n }],
      populations: [{ name: 'cells', size: 1, compartment: SILENT }],
      projections: [into('in', 'in')],
    }),
  },
  {
    resource: 'compartmentProfiles',
    limit: 32,
    says: 'compartment profiles 33 exceeds 32; no number of cores would fit it',
    using: (n) => ({
      populations: range(n).map((i) => ({ name: `p${i}`, size: 1, compartment: { ...SILENT, decayU: i } })),
    }),
  },
  {
    resource: 'thresholdProfiles',
    limit: 8,
    says: 'threshold profiles 9 exceeds 8; no number of cores would fit it',
    using: (n) => ({
      populations: range(n).map((i) => ({
        name: `p${i}`,
        size: 1,
        compartment: { ...SILENT, threshold: i },
      })),
    }),
  },
  {
    resource: 'synapseFormats',
    limit: 15,
    says: 'synapse formats 16 exceeds 15; no number of cores would fit it',
    using: (n) => ({
      ports: [{ name: 'in', size: 1 }],
      populations: [{ name: 'cells', size: 1, compartment: SILENT }],
      projections: range(n).map((i) =>
        into(`s${i}`, 'in', 'cells', { synapse: { signMode: 'mixed', bits: 8, exponent: (i % 16) - 8 } }),
      ),
    }),
  },
  {
    resource: 'preTraceProfiles',
    limit: 3,
    says: 'pre-trace profiles 4 exceeds 3; no number of cores would fit it',
    using: (n) => ({
      ports: range(n).map((i) => ({ name: `in${i}`, size: 1 })),
      rules: { rule: ['dw = x0*x1'] },
      populations: [{ name: 'cells', size: 1, compartment: SILENT }],
      projections: range(n).map((i) =>
        into(`s${i}`, `in${i}`, 'cells', {
          connection: { kind: 'all', weights: Int16Array.of(0) },
          rule: 'rule',
          preTraces: { x1: { impulse: i + 1, tau: 1 } },
        }),
      ),
    }),
  },
];

describe.each(CASES)('HW 1.2 $resource', ({ resource, limit, says, using }) => {
  it('fits to the limit', () => {
    const { cores } = compileSmall(using(limit));
    expect(cores).toHaveLength(1);
    expect(cores[0]!.use.find((item) => item.resource === resource)).toEqual({
      resource,
      used: limit,
      limit,
    });
  });

  it('is refused beyond it', () => {
    const error = userErrorOf(() => compileSmall(using(limit + 1)));
    expect(error.message).toBe(`core 0 (core class "core"): ${says}`);
    expect(error.details).toMatchObject({
      code: 'does-not-fit',
      got: limit + 1,
      limit,
      path: 'core class "core"',
    });
  });
});

describe('HW 1.2 learning axons', () => {
  const learning = (size: number): SmallNetwork => ({
    ports: [{ name: 'in', size }],
    rules: { rule: ['dw = x0'] },
    populations: [{ name: 'cells', size: 1, compartment: SILENT }],
    projections: [
      into('in', 'in', 'cells', { connection: { kind: 'all', weights: new Int16Array(size) }, rule: 'rule' }),
    ],
  });

  it('take two entries: 2,048 fit, 2,049 do not', () => {
    expect(() => compileSmall(learning(2048))).not.toThrow();
    expect(userErrorOf(() => compileSmall(learning(2049))).details).toMatchObject({ got: 4098, limit: 4096 });
  });
});

describe('HW 1.2 output axons', () => {
  const fanOut = (targets: number, cores?: number): SmallNetwork => ({
    coreClasses: [
      { name: 'core', ...(cores === undefined ? {} : { cores }) },
      ...range(targets).map((i) => ({ name: `t${i}` })),
    ],
    populations: [
      { name: 'cells', size: 1024, compartment: SILENT },
      ...range(targets).map((i) => ({ name: `t${i}`, size: 1, coreClass: `t${i}`, compartment: SILENT })),
    ],
    projections: range(targets).map((i) => into(`s${i}`, 'cells', `t${i}`)),
  });

  it('four destinations of 1,024 compartments fill the table, five do not fit on one core', () => {
    const { cores } = compileSmall(fanOut(4));
    expect(cores[0]!.use).toContainEqual({ resource: 'outputAxons', used: 4096, limit: 4096 });
    const error = userErrorOf(() => compileSmall(fanOut(5, 1)));
    expect(error.message).toBe(
      'core 0 (core class "core"): output axon slots 5120 exceeds 4096; 1 more core would fit it',
    );
    expect(error.details).toMatchObject({
      code: 'does-not-fit',
      path: 'core class "core"',
      got: 5120,
      limit: 4096,
      hint: 'give core class "core" cores: 2',
    });
  });

  it('what is too much for the tables of a class takes more cores if their number is open', () => {
    const { cores } = compileSmall(fanOut(9));
    const slots = cores.map(({ use }) => use.find(({ resource }) => resource === 'outputAxons')!.used);
    expect(slots.slice(0, 3)).toEqual([341 * 9, 341 * 9, 342 * 9]);
    expect(cores.filter(({ coreClass }) => coreClass === 'core')).toHaveLength(3);
  });

  it('a network whose compartments reach more cores than a table has slots is refused', () => {
    const one = { topology: { chips: 33 }, core: { outputAxons: 3 } };
    const error = userErrorOf(() => compileSmall(fanOut(4), chipWith(one)));
    expect(error.message).toContain('no number of cores would fit it');
  });
});

describe('HW 1.2 cores', () => {
  const cores = (n: number): SmallNetwork => ({
    coreClasses: [{ name: 'core', cores: n }],
    populations: [{ name: 'cells', size: n, compartment: SILENT }],
  });

  it('a chip has 128', () => {
    expect(compileSmall(cores(128)).image.cores).toHaveLength(128);
    const error = userErrorOf(() => compileSmall(cores(129)));
    expect(error.message).toBe('the network needs 129 cores (129 for "core"); chip loihi1 has 128');
    expect(error.details).toMatchObject({ code: 'does-not-fit', got: 129, limit: 128 });
  });

  it('two chips have 256', () => {
    const { chips, image } = compileSmall(cores(129), chipWith({ topology: { chips: 2 } }));
    expect(chips).toBe(2);
    expect(image.cores[128]!.place).toEqual({ chip: 1, x: 0, y: 0 });
  });

  it('a population is split over as few as hold it, as evenly as possible', () => {
    const { image } = compileSmall({ populations: [{ name: 'cells', size: 2500, compartment: SILENT }] });
    expect(image.populations[0]!.slices.map(({ element, count }) => [element, count])).toEqual([
      [0, 833],
      [833, 833],
      [1666, 834],
    ]);
  });
});

describe('HW 1.3 synapse memory', () => {
  const part = (targets: number, compression: 'dense' | 'sparse', weightBits: number, delayBits: number) => ({
    targets,
    packing: { compression, skipBits: 0 },
    weightBits,
    delayBits,
    tagBits: 0,
  });
  const nxtf = (
    n: number,
    weightBits: number,
    compression: 'dense' | 'sparse',
    delayBits: number,
    indexBits: number,
  ) => listWords(LOIHI1, [part(n, compression, weightBits, delayBits)], 2 ** indexBits);

  it.each([
    [60, 8, 'dense', 0, 6, 8],
    [60, 4, 'dense', 0, 6, 5],
    [60, 1, 'dense', 0, 6, 2],
    [60, 8, 'dense', 3, 6, 11],
    [60, 8, 'sparse', 0, 8, 16],
    [60, 8, 'sparse', 0, 10, 18],
    [10, 8, 'sparse', 0, 10, 4],
    [1, 8, 'sparse', 0, 10, 1],
  ] as const)(
    '%i synapses of %i bits, %s, %i bits of delay, %i of index: %i words',
    (n, bits, kind, delay, index, words) => {
      expect(nxtf(n, bits, kind, delay, index)).toBe(words);
    },
  );

  it('begins a new entry after 60 synapses', () => {
    // Two entries of 4 + 6 + 6 bits and 61 weights of 8 bits: 520 bits.
    expect(nxtf(61, 8, 'dense', 0, 6)).toBe(9);
  });

  it('rounds every entry up and leaves the base index out under the quick bound (C2)', () => {
    const nengo = chipWith({ core: { synapseEntry: { ...LOIHI1.core.synapseEntry, packing: 'nengo' } } });
    expect(listWords(nengo, [part(61, 'dense', 8, 0)], 64)).toBe(Math.ceil(490 / 64) + Math.ceil(18 / 64));
  });

  it('just fits, and one word more is refused', () => {
    const network = oneCore({
      ports: [{ name: 'in', size: 100 }],
      populations: [{ name: 'cells', size: 60, compartment: SILENT }],
      projections: [into('in', 'in')],
    });
    // 100 axons of 60 synapses of 8 bits, dense, on a core with 60 compartments: 8 words each.
    expect(() => compileSmall(network, chipWith({ core: { synapseMemoryWords: 800 } }))).not.toThrow();
    const error = userErrorOf(() => compileSmall(network, chipWith({ core: { synapseMemoryWords: 799 } })));
    expect(error.message).toBe(
      'core 0 (core class "core"): synapse memory 6.3 KiB exceeds 6.2 KiB; 1 more core would fit it',
    );
    expect(error.details).toMatchObject({ got: 800, limit: 799 });
  });
});
