// HW 1.3: how synapse lists are packed: what each packing costs, which one the compiler takes, and that none of them
// changes what the chip does but for the counter and time of its operations [HW 6.2].

import { describe, expect, it } from 'vitest';
import { listWords } from '../../host/compile/synapse-memory.ts';
import type { Compression, Projection, SparseConnection } from '../../host/network/network.ts';
import { chipWith } from '../support/chips.ts';
import { userErrorOf } from '../support/errors.ts';
import {
  BUILDS,
  compileSmall,
  EXACT,
  run,
  SILENT,
  SmallMachine,
  type SmallNetwork,
} from '../support/small-network.ts';

const CHIP = chipWith();

/** Lists of these targets, one per source; weights 2, 4, 6 … */
function lists(...rows: readonly (readonly number[])[]): SparseConnection {
  const targets = Uint32Array.from(rows.flat());
  let end = 0;
  return {
    kind: 'sparse',
    rowStart: Uint32Array.of(0, ...rows.map((row) => (end += row.length))),
    targets,
    weights: Int16Array.from(targets, (_, i) => 2 * ((i % 100) + 1)),
  };
}

function network(
  connection: Projection['connection'],
  sources: number,
  cells: number,
  more: Partial<Projection['synapse']> = {},
): SmallNetwork {
  return {
    coreClasses: [{ name: 'core', cores: 1 }],
    ports: [{ name: 'in', size: sources }],
    populations: [{ name: 'cells', size: cells, compartment: SILENT }],
    projections: [{ name: 's', from: 'in', to: 'cells', connection, synapse: { ...EXACT, ...more } }],
  };
}

function wordsOf(setup: SmallNetwork): number {
  const { cores } = compileSmall(setup);
  return cores[0]!.use.find(({ resource }) => resource === 'synapseMemory')!.used;
}

const range = (n: number, step = 1, first = 0): number[] =>
  Array.from({ length: n }, (_, i) => first + i * step);

describe('HW 1.3 run-length lists', () => {
  const words = (targets: readonly number[], skipBits: number, index: number): number =>
    listWords(
      CHIP,
      [
        {
          targets: Uint32Array.from(targets),
          packing: { compression: 'runLength', skipBits },
          weightBits: 8,
          delayBits: 0,
          tagBits: 0,
        },
      ],
      2 ** index,
    );

  it('hold a base an entry and a distance each: 60 x 8 bits, skip 3, index 8 are 678 bits', () => {
    expect(words(range(60, 7), 3, 8)).toBe(11);
  });

  it.each([2, 3, 4, 5])(
    'with %d bits reach distances that these can hold, and begin a new entry beyond',
    (bits) => {
      const most = 2 ** bits - 1;
      // 4 + 6 + 8 bits an entry, 8 + bits a synapse.
      const whole = 18 + 20 * (8 + bits);
      expect(words(range(20, most), bits, 8)).toBe(Math.floor(whole / 64) + 1);
      const split = 20 * (18 + 8 + bits);
      expect(words(range(20, most + 1), bits, 8)).toBe(Math.ceil(split / 64));
    },
  );

  it('begin a new entry after 60 synapses', () => {
    // 18 + 60 x 10 and 18 + 10 bits.
    expect(words(range(61), 2, 8)).toBe(Math.ceil((18 + 600 + 18 + 10) / 64));
  });
});

describe('HW 1.3 the packing of a format', () => {
  const packingOf = (setup: SmallNetwork): Compression =>
    compileSmall(setup).image.cores[0]!.blocks[0]!.compression;

  it.each([
    ['all targets', range(40), 'dense'],
    ['stretches of targets', [...range(8), ...range(8, 1, 20)], 'dense'],
    ['every second target', range(20, 2), 'runLength'],
    ['targets far apart', range(8, 40), 'sparse'],
    ['one target', [17], 'sparse'],
  ] as const)('is the cheapest: %s', (_, targets, compression) => {
    const setup = (named?: Compression) =>
      network(lists(targets), 1, 320, named === undefined ? {} : { compression: named });
    expect(packingOf(setup())).toBe(compression);
    const all = (['dense', 'sparse', 'runLength'] as const).map((named) => wordsOf(setup(named)));
    expect(wordsOf(setup())).toBe(Math.min(...all));
  });

  it('is dense for a matrix', () => {
    expect(packingOf(network({ kind: 'uniform', weight: 2 }, 3, 5))).toBe('dense');
  });

  it('is the one that the network names', () => {
    for (const compression of ['dense', 'sparse', 'runLength'] as const) {
      expect(packingOf(network(lists([0, 9]), 1, 10, { compression }))).toBe(compression);
      expect(packingOf(network({ kind: 'uniform', weight: 2 }, 1, 10, { compression }))).toBe(compression);
    }
  });

  it('is one for all projections of a format', () => {
    const { projections, ports, ...rest } = network(lists(range(20, 2)), 1, 300);
    const [first] = projections!;
    const second = { ...first!, name: 't', from: 'other', connection: lists([0, 100, 290]) };
    const setup = { ...rest, ports: [...ports!, { name: 'other', size: 1 }], projections: [first!, second] };
    const { image, cores } = compileSmall(setup);
    expect(image.cores[0]!.blocks.map(({ compression }) => compression)).toEqual(['runLength', 'runLength']);
    expect(cores[0]!.use.find(({ resource }) => resource === 'synapseFormats')!.used).toBe(1);
  });

  it('must be one that the chip has', () => {
    const error = userErrorOf(() =>
      compileSmall(
        network(lists([0]), 1, 1, { compression: 'runLength' }),
        chipWith({ synapse: { compressions: ['dense', 'sparse'] } }),
      ),
    );
    expect(error.message).toBe('projection "s": the compression is runLength; the chip has dense, sparse');
    const none = userErrorOf(() => compileSmall(network(lists([0]), 1, 1, { compression: 'convolution' })));
    expect(none.message).toContain('the compression is convolution; the chip has dense, sparse, runLength');
  });
});

/** Receiving is what takes time. */
const IDLE_COMPARTMENTS = chipWith({ timing: { compartmentAccess: 0, compartmentUpdate: 0 } });

describe.each(BUILDS)('HW 1.3 packings, %s build', (build) => {
  const ROWS = lists([0, 1, 2, 9], [], range(70), [3, 60]);
  const delay = Uint8Array.from(ROWS.targets, (target) => target % 5);
  const record = (compression: Compression, more: Partial<Projection['synapse']>) => {
    const spikes = {
      in: [
        [1, 0],
        [1, 2],
        [2, 3],
        [3, 2],
        [3, 1],
      ],
    } as const;
    const watch = [['cells', 'u']] as const;
    const { small, probes } = run(network(ROWS, 4, 70, { compression, ...more }), {
      build,
      chip: IDLE_COMPARTMENTS,
      steps: 9,
      spikes,
      watch,
    });
    const { synapticOps, synapticOpsDense, synapticOpsSparse } = small.counts();
    const { spikingS } = small.machine.times()[0]!;
    return { u: probes['cells u'], synapticOps, synapticOpsDense, synapticOpsSparse, spikingS };
  };

  it.each([{}, { delay }])(
    'give the same bits, and run-length operations count as sparse ones (%o)',
    (more) => {
      const [dense, sparse, runLength] = (['dense', 'sparse', 'runLength'] as const).map((each) =>
        record(each, more),
      );
      expect(dense!.u!.flat().some((u) => u !== 0)).toBe(true);
      expect(sparse!.u).toEqual(dense!.u);
      expect(runLength).toEqual(sparse);
      expect([dense!.synapticOpsDense, dense!.synapticOpsSparse]).toEqual([146n, 0n]);
      expect([sparse!.synapticOpsDense, sparse!.synapticOpsSparse]).toEqual([0n, 146n]);
      // 4.7 instead of 3.8 ns an operation.
      expect(sparse!.spikingS - dense!.spikingS).toBeCloseTo(146 * 0.9e-9, 13);
    },
  );

  it('let a matrix learn as it would otherwise', () => {
    const weights = (compression: Compression): number[] => {
      const connection = { kind: 'all', weights: Int16Array.of(10, 20, 30, 40) } as const;
      const setup = network(connection, 2, 2, { compression });
      const projections = setup.projections!.map((item) => ({ ...item, rule: 'rule' }));
      const { image } = compileSmall({ ...setup, rules: { rule: ['dw = 4*x0'] }, projections });
      return new SmallMachine(image, build)
        .step({ in: [1] })
        .step({ in: [0, 1] })
        .weights('s');
    };
    expect(weights('runLength')).toEqual([14, 24, 38, 48]);
    expect(weights('sparse')).toEqual(weights('dense'));
  });
});
