// HW 5: a spike is sent once per destination core, whatever it meets there; hops are first along x, then along y.

import { describe, expect, it } from 'vitest';
import type { Chip } from '../../host/chip/schema.ts';
import { measureCores } from '../../host/measure/measure.ts';
import { chipWith } from '../support/chips.ts';
import {
  BUILDS,
  compileSmall,
  EXACT,
  SILENT,
  SmallMachine,
  type SmallNetwork,
} from '../support/small-network.ts';

/** One core a tile, two tiles a row, four a chip, two chips. */
const SMALL_CHIP = chipWith({ topology: { tilesX: 2, tilesY: 2, coresPerTile: 1, chips: 2 } });

/** Population i is alone on core i. Every population fires each step; `edges` are projections between them. */
function onCores(cores: number, edges: readonly (readonly [number, number])[], size = 2): SmallNetwork {
  const names = Array.from({ length: cores }, (_, i) => `p${i}`);
  return {
    coreClasses: names.map((name) => ({ name })),
    populations: names.map((name) => ({
      name,
      size,
      coreClass: name,
      compartment: { decayU: 4095, decayV: 4095, threshold: 0, bias: { mantissa: 1, exponent: 6 } },
    })),
    projections: edges.map(([from, to], i) => ({
      name: `e${i}`,
      from: names[from]!,
      to: names[to]!,
      connection: { kind: 'uniform', weight: 0 },
      synapse: EXACT,
    })),
  };
}

function countsOf(network: SmallNetwork, build: (typeof BUILDS)[number], chip: Chip = SMALL_CHIP) {
  const { image } = compileSmall(network, chip);
  const small = new SmallMachine(image, build).step();
  return { total: small.counts(), cores: measureCores(small.machine) };
}

describe.each(BUILDS)('HW 5 messages, %s build', (build) => {
  it('go to every destination core once, the own one included', () => {
    // p0 reaches core 0 once, core 1 by two projections, core 3 by one.
    const { total, cores } = countsOf(
      onCores(4, [
        [0, 0],
        [0, 1],
        [0, 1],
        [0, 3],
      ]),
      build,
    );
    expect(total.spikes).toBe(8n);
    expect(total.messages).toBe(2n * 3n);
    expect(cores.map(({ messages }) => messages)).toEqual([6n, 0n, 0n, 0n]);
    expect(cores.map(({ inputAxonEvents }) => inputAxonEvents)).toEqual([2n, 2n, 0n, 2n]);
    expect(total.synapticOps).toBe(2n * (2n + 2n + 2n + 2n));
  });

  it('are not sent by compartments without targets', () => {
    expect(countsOf(onCores(2, []), build).total).toMatchObject({ spikes: 4n, messages: 0n });
  });

  it.each([
    [0, 0, { messagesWithinTile: 1n, meshHopsEastWest: 0n, meshHopsNorthSouth: 0n, interChipHops: 0n }],
    [0, 1, { messagesWithinTile: 0n, meshHopsEastWest: 1n, meshHopsNorthSouth: 0n, interChipHops: 0n }],
    [3, 1, { messagesWithinTile: 0n, meshHopsEastWest: 0n, meshHopsNorthSouth: 1n, interChipHops: 0n }],
    [2, 1, { messagesWithinTile: 0n, meshHopsEastWest: 1n, meshHopsNorthSouth: 1n, interChipHops: 0n }],
    [0, 4, { messagesWithinTile: 0n, meshHopsEastWest: 0n, meshHopsNorthSouth: 0n, interChipHops: 1n }],
    [5, 2, { messagesWithinTile: 0n, meshHopsEastWest: 1n, meshHopsNorthSouth: 1n, interChipHops: 1n }],
  ])('from core %i to core %i make these hops', (from, to, hops) => {
    const { total } = countsOf(onCores(6, [[from, to]], 1), build);
    expect(total).toMatchObject({ messages: 1n, ...hops });
  });

  it('cross the 8 x 4 mesh of four cores a tile', () => {
    // Core 127 is in tile (7, 3), core 3 in tile (0, 0) with core 0.
    const network = onCores(
      128,
      [
        [0, 127],
        [0, 3],
      ],
      1,
    );
    const { total } = countsOf(network, build, chipWith());
    expect(total).toMatchObject({
      messages: 2n,
      messagesWithinTile: 1n,
      meshHopsEastWest: 7n,
      meshHopsNorthSouth: 3n,
    });
  });

  it('arrive: as many input axon events as messages and injected spikes', () => {
    const network = onCores(
      3,
      [
        [0, 1],
        [0, 2],
        [1, 1],
        [2, 0],
      ],
      3,
    );
    const { image } = compileSmall(
      {
        ...network,
        ports: [{ name: 'in', size: 4 }],
        projections: [
          ...network.projections!,
          { name: 'in', from: 'in', to: 'p2', connection: { kind: 'uniform', weight: 0 }, synapse: EXACT },
        ],
      },
      SMALL_CHIP,
    );
    const small = new SmallMachine(image, build).steps(5, (t) => ({ in: [t % 4, (t + 1) % 4] }));
    const { messages, injectedSpikes, inputAxonEvents, spikes } = small.counts();
    expect(spikes).toBe(5n * 9n);
    expect(messages).toBe(5n * (6n + 3n + 3n));
    expect(injectedSpikes).toBe(10n);
    expect(inputAxonEvents).toBe(messages + injectedSpikes);
  });

  it('to a reward axon are messages of their own, beside those to synapses of the core', () => {
    const network = onCores(2, [[0, 1]], 1);
    const { image } = compileSmall({ ...network, rewards: [{ from: 'p0', coreClass: 'p1' }] }, SMALL_CHIP);
    const small = new SmallMachine(image, build).step();
    expect(small.counts()).toMatchObject({
      messages: 2n,
      inputAxonEvents: 2n,
      meshHopsEastWest: 2n,
      rewardSpikes: 1n,
    });
  });
});

describe('HW 5 output axons', () => {
  it('take a slot per compartment and destination core, one more to another chip', () => {
    const used = (edges: readonly (readonly [number, number])[]) =>
      compileSmall(onCores(6, edges, 3), SMALL_CHIP).cores[0]!.use.find(
        ({ resource }) => resource === 'outputAxons',
      )!.used;
    expect(used([])).toBe(0);
    expect(
      used([
        [0, 0],
        [0, 1],
        [0, 1],
      ]),
    ).toBe(6);
    expect(
      used([
        [0, 1],
        [0, 4],
      ]),
    ).toBe(9);
    expect(
      used([
        [0, 4],
        [0, 5],
      ]),
    ).toBe(12);
  });
});

describe.each(BUILDS)('HW 5 sparse and dense lists, %s build', (build) => {
  it('count their synaptic operations apart', () => {
    const { image } = compileSmall({
      ports: [{ name: 'in', size: 5 }],
      populations: [{ name: 'cells', size: 5, compartment: SILENT }],
      projections: [
        {
          name: 'dense',
          from: 'in',
          to: 'cells',
          connection: { kind: 'uniform', weight: 2 },
          synapse: EXACT,
        },
        {
          name: 'sparse',
          from: 'in',
          to: 'cells',
          connection: { kind: 'one-to-one', weight: 2 },
          synapse: EXACT,
        },
      ],
    });
    const small = new SmallMachine(image, build)
      .step({ in: [0, 3] })
      .watch('cells', 'u')
      .step();
    expect(small.counts()).toMatchObject({
      synapticOpsDense: 10n,
      synapticOpsSparse: 2n,
      synapticOps: 12n,
      injectedSpikes: 2n,
    });
    expect(small.read('cells', 'u')).toEqual([6 * 64, 4 * 64, 4 * 64, 6 * 64, 4 * 64]);
  });
});
