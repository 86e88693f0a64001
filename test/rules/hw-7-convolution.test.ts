// HW 7: convolutions whose kernels the chip stores once and expands itself (how is not public, U8).

import { describe, expect, it } from 'vitest';
import { loadChip } from '../../host/chip/load.ts';
import type { Chip } from '../../host/chip/schema.ts';
import { energyByUnit, energyProfile } from '../../host/energy/energy.ts';
import type { Convolution, LayerShape, Projection } from '../../host/network/network.ts';
import { chipWith } from '../support/chips.ts';
import { userErrorOf } from '../support/errors.ts';
import {
  BUILDS,
  compileSmall,
  EXACT,
  EXCITATORY,
  run,
  SILENT,
  type SmallNetwork,
} from '../support/small-network.ts';

const { chip: LOIHI2 } = loadChip('loihi2');
const { chip: LOIHI1 } = loadChip('loihi1');
/** Loihi 2 without its kernels: the same convolution as lists. */
const LISTS: Chip = {
  ...LOIHI2,
  synapse: { ...LOIHI2.synapse, compressions: ['dense', 'sparse', 'runLength'] },
};

const PLAIN: Convolution = {
  channels: 3,
  kernel: [3, 2],
  stride: [1, 1],
  padding: [0, 0],
  dilation: [1, 1],
  groups: 1,
  weights: Int16Array.from({ length: 3 * 2 * 6 }, (_, i) => 2 * ((i * 7) % 40)),
};

interface Case {
  readonly name: string;
  readonly shape: LayerShape;
  readonly convolution: Convolution;
  readonly cells: number;
}

const CASES: readonly Case[] = [
  { name: 'a plain one', shape: [2, 5, 6], convolution: PLAIN, cells: 3 * 3 * 5 },
  {
    name: 'with stride, padding and dilation',
    shape: [2, 5, 6],
    convolution: { ...PLAIN, stride: [2, 1], padding: [2, 1], dilation: [1, 3] },
    cells: 3 * 4 * 5,
  },
  {
    name: 'in groups',
    shape: [4, 5, 6],
    convolution: { ...PLAIN, channels: 4, groups: 2, weights: new Int16Array(4 * 2 * 6).fill(6) },
    cells: 4 * 3 * 5,
  },
];

function network(
  { shape, convolution, cells }: Case,
  cores: number,
  more: Partial<Projection> = {},
): SmallNetwork {
  return {
    coreClasses: [{ name: 'core', cores }],
    ports: [{ name: 'in', size: shape[0] * shape[1] * shape[2] }],
    populations: [{ name: 'cells', size: cells, compartment: SILENT }],
    projections: [
      {
        name: 's',
        from: 'in',
        to: 'cells',
        connection: { kind: 'convolution', shape, convolution },
        synapse: EXACT,
        ...more,
      },
    ],
  };
}

function used(setup: SmallNetwork, chip: Chip, core = 0): { words: number; axons: number } {
  const { use } = compileSmall(setup, chip).cores[core]!;
  const of = (name: string): number => use.find(({ resource }) => resource === name)!.used;
  return { words: of('synapseMemory'), axons: of('inputAxons') };
}

describe('HW 7 convolution kernels', () => {
  it('are stored by a chip that has them, and lists by one that has not', () => {
    const block = (chip: Chip, more: Partial<Projection> = {}) =>
      compileSmall(network(CASES[0]!, 1, more), chip).image.cores[0]!.blocks[0]!;
    expect(block(LOIHI2)).toMatchObject({ compression: 'convolution', operation: 'conv', rowStart: null });
    expect(block(LOIHI2).convolution!.weights).toEqual(PLAIN.weights);
    expect(block(LOIHI1)).toMatchObject({ convolution: null, weights: null });
    expect(block(LOIHI2, { synapse: { ...EXACT, compression: 'sparse' } })).toMatchObject({
      compression: 'sparse',
      operation: 'sparse',
      convolution: null,
    });
    // Shared lists are another way to the same end.
    expect(block(LOIHI2, { sharing: { axons: 'discrete' } })).toMatchObject({ convolution: null });
  });

  it('are refused by name on loihi1', () => {
    const setup = network(CASES[0]!, 1, { synapse: { ...EXACT, compression: 'convolution' } });
    expect(() => compileSmall(setup, LOIHI2)).not.toThrow();
    expect(userErrorOf(() => compileSmall(setup, LOIHI1)).message).toBe(
      'projection "s": the compression is convolution; the chip has dense, sparse, runLength',
    );
    const uniform = { ...setup.projections![0]!, connection: { kind: 'uniform', weight: 2 } } as const;
    expect(userErrorOf(() => compileSmall({ ...setup, projections: [uniform] }, LOIHI2)).message).toMatch(
      /cannot have the compression convolution: is no convolution/,
    );
  });

  it('take memory once for all sources: those of the output channels that a core has', () => {
    // For each of two inputs, three entries of 4 + 6 + 6 bits and six weights of 8.
    expect(used(network(CASES[0]!, 1), LOIHI2)).toEqual({ words: 2 * 4, axons: 60 });
    expect(used(network(CASES[0]!, 1), LISTS).words).toBeGreaterThan(60);
    // Each core has one channel.
    for (const core of [0, 1, 2]) expect(used(network(CASES[0]!, 3), LOIHI2, core).words).toBe(2 * 2);
    // Two outputs for each of two inputs in each of two groups.
    expect(used(network(CASES[2]!, 1), LOIHI2).words).toBe(4 * 3);
  });

  it('must fit sizes and channels', () => {
    const wrong = (more: Partial<Convolution>, shape: LayerShape = [2, 5, 6]) =>
      userErrorOf(() =>
        compileSmall(network({ ...CASES[0]!, shape, convolution: { ...PLAIN, ...more } }, 1), LOIHI2),
      ).message;
    expect(wrong({ stride: [1, 2] })).toMatch(/makes a layer of 3 x 3 x 3, and there are 45 targets/);
    expect(wrong({ groups: 2 })).toMatch(/2 groups do not divide 2 and 3 channels/);
    expect(wrong({ weights: new Int16Array(35) })).toMatch(/has 35 weights, kernels of 36 are needed/);
    expect(wrong({ padding: [-1, 0] })).toMatch(/cannot pad -1 and 0 elements/);
    expect(wrong({ dilation: [0, 1] })).toMatch(/positive integers/);
  });

  it('cannot learn and have one delay', () => {
    const setup = network(CASES[0]!, 1, { rule: 'rule' });
    expect(
      userErrorOf(() => compileSmall({ ...setup, rules: { rule: ['dw = x0'] } }, LOIHI2)).message,
    ).toMatch(/share kernels, so a change of one would change others/);
    const delay = new Uint8Array(60 * 45);
    expect(
      userErrorOf(() => compileSmall(network(CASES[0]!, 1, { synapse: { ...EXACT, delay } }), LOIHI2))
        .message,
    ).toMatch(/has one delay for all its synapses/);
  });
});

describe.each(BUILDS)('HW 7 convolutions, %s build', (build) => {
  const record = (item: Case, chip: Chip, cores: number, more: Partial<Projection> = {}) => {
    const size = item.shape[0] * item.shape[1] * item.shape[2];
    const spikes = { in: Array.from({ length: size }, (_, i) => [1 + (i % 5), i] as const) };
    const { small, probes } = run(network(item, cores, more), {
      build,
      chip,
      steps: 8,
      spikes,
      watch: [['cells', 'u']],
    });
    return { u: probes['cells u']!, counts: small.counts() };
  };

  it.each(CASES)('$name does what its lists do, on any number of cores', (item) => {
    const lists = record(item, LISTS, 1);
    expect(lists.u.flat().some((u) => u !== 0)).toBe(true);
    for (const cores of [1, 2, 5]) expect(record(item, LOIHI2, cores).u).toEqual(lists.u);
    const synapse = { ...EXACT, delay: 2 };
    expect(record(item, LOIHI2, 2, { synapse }).u).toEqual(record(item, LISTS, 2, { synapse }).u);
  });

  it('counts an operation for every place of a kernel, those of weight 0 included, at their own energy', () => {
    const { counts } = record(CASES[0]!, LOIHI2, 2);
    const operations = BigInt(3 * 3 * 5 * 2 * 6);
    expect([counts.synapticOps, counts.synapticOpsConv]).toEqual([operations, operations]);
    const zeros = PLAIN.weights.filter((weight) => weight === 0).length;
    expect(record(CASES[0]!, LISTS, 2).counts.synapticOps).toBe(operations - BigInt(zeros * 3 * 5));
    const profile = energyProfile(LOIHI2, LOIHI2.energy.defaultProfile);
    expect(energyByUnit(profile, counts).synapse.value).toBeCloseTo(Number(operations) * 24e-12, 18);
  });

  it('takes payloads', () => {
    const exact = record(CASES[1]!, LOIHI2, 2, { graded: true });
    expect(exact.u).toEqual(record(CASES[1]!, LISTS, 1).u);
    expect(exact.counts.synapticOpsConv).toBe(record(CASES[1]!, LOIHI2, 2).counts.synapticOpsConv);
  });

  it('drops bits as its format does', () => {
    const synapse = { ...EXCITATORY, bits: 4, exponent: -3 };
    const chip = chipWith({ synapse: { compressions: ['convolution'] } });
    expect(record(CASES[0]!, chip, 1, { synapse }).u).toEqual(record(CASES[0]!, LOIHI1, 1, { synapse }).u);
  });
});
