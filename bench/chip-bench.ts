// Whole chips: how the time of a synaptic operation grows from one core to 4,096, and how much memory a full chip takes.

import { loadChip } from '../host/chip/load.ts';
import { compile } from '../host/compile/compile.ts';
import type { ChipImage, CoreImage } from '../host/image/image.ts';
import { Machine } from '../host/machine/machine.ts';
import { mix32 } from '../host/mix32.ts';
import { NetworkBuilder } from '../host/network/builder.ts';
import { alternate, type BenchResult, type Row, skippedRow, type Target, timed } from './bench.ts';
import { hasCompiler, NativeProgram, NO_COMPILER } from './native.ts';
import { hash, Workbench } from './workbench.ts';

const ROWS = 112;
const COLUMNS = 1024;
/** Rows that arrive at each core in each step. */
const QUEUED = 16;
/** Lists of rows that take turns. */
const LISTS = 64;
const CHIP_CORES = 128;
const CORES = 4096;
/** Never reached, so that both sides have the same to do in each step. */
const THRESHOLD = 131071;

/** One core of 1,024 compartments with a matrix of `rows` axons from a port; the images of more are copies of it. */
function oneCore(rows: number, steps: number): ChipImage {
  const weights = Int16Array.from({ length: rows * COLUMNS }, (_, i) => 2 * ((mix32(i) & 255) - 128));
  const net = new NetworkBuilder('core', 1)
    .phase('forward')
    .phase('learning')
    .phase('management')
    .coreClass({ name: 'core' })
    .port({ name: 'in', size: rows })
    .population({
      name: 'cells',
      size: COLUMNS,
      coreClass: 'core',
      compartment: { decayU: 4095, decayV: 4095, threshold: THRESHOLD },
    })
    .project({
      name: 'synapses',
      from: 'in',
      to: 'cells',
      connection: { kind: 'all', weights },
      synapse: { signMode: 'mixed', bits: 8, exponent: 0 },
    })
    .presentation('steps', steps);
  return compile(net.build(), loadChip('loihi1').chip).image;
}

/** So many cores that are all like the one of `image`, and get the same input. */
function copies(image: ChipImage, count: number): ChipImage {
  const core = image.cores[0]!;
  const cores = Array.from({ length: count }, (_, index): CoreImage => {
    const chip = Math.floor(index / CHIP_CORES);
    return { ...core, index, place: { ...core.place, chip } };
  });
  const { start, axon } = image.portRoutes;
  const length = axon.length * count;
  return {
    ...image,
    cores,
    portRoutes: {
      start: start.map((place) => place * count),
      core: Uint32Array.from({ length }, (_, i) => i % count),
      axon: Uint32Array.from({ length }, (_, i) => axon[Math.floor(i / count)]!),
    },
  };
}

/** Rows of every step: one of each of `QUEUED` equal parts, so that none comes twice. */
function rowOf(place: number): number {
  const part = Math.floor(ROWS / QUEUED);
  return (place % QUEUED) * part + ((mix32(place) >>> 0) % part);
}

/** Cores on which presentations of `steps` steps are run: whole steps of the engine. */
class Cores {
  readonly #bench: Workbench;
  readonly #steps: number;
  readonly count: number;

  private constructor(bench: Workbench, steps: number) {
    this.#bench = bench;
    this.#steps = steps;
    this.count = bench.image.cores.length;
    const list = bench.spare / 4;
    for (let step = 0; step <= steps; step++) bench.words[list + step] = step * QUEUED;
    for (let i = 0; i < steps * QUEUED; i++) bench.words[list + steps + 1 + i] = rowOf(i % (LISTS * QUEUED));
  }

  static async open(count: number, steps: number): Promise<Cores> {
    const image = copies(oneCore(ROWS, steps), count);
    return new Cores(await Workbench.open(image, 1 + steps * (QUEUED + 1)), steps);
  }

  run(presentations: number): void {
    const { core, map, spare } = this.#bench;
    for (let i = 0; i < presentations; i++) core.present(map.chip, map.programs[0]!.record, spare);
  }

  /** Hash of the first core's v. */
  get hash(): number {
    const { bytes, map } = this.#bench;
    const { voltage } = map.cores[0]!;
    return hash(0, bytes.subarray(voltage, voltage + 4 * COLUMNS));
  }

  /** Synaptic operations of a presentation. */
  get operations(): number {
    return this.#steps * this.count * QUEUED * COLUMNS;
  }

  /** What the native side is started with. */
  get nativeArguments(): number[] {
    const { words, map, core } = this.#bench;
    const { blocks, groups } = map.cores[0]!;
    const word = (record: number, place: number): number => words[(record + place) >> 2]!;
    const { BLOCK_GRID_MIN, BLOCK_SHIFT, GROUP_KEEP_U, GROUP_KEEP_V, GROUP_THRESHOLD } = core.layout;
    const block = blocks[0]!.record;
    const group = groups[0]!.record;
    return [
      ...[this.count, ROWS, COLUMNS, QUEUED, LISTS, word(block, BLOCK_GRID_MIN), word(block, BLOCK_SHIFT)],
      ...[word(group, GROUP_KEEP_U), word(group, GROUP_KEEP_V), word(group, GROUP_THRESHOLD)],
    ];
  }

  get steps(): number {
    return this.#steps;
  }
}

/** Synaptic operations per second of the core and of C on so many cores. */
async function speeds(count: number, steps: number): Promise<BenchResult> {
  const cores = await Cores.open(count, steps);
  const native = new NativeProgram('growth', cores.nativeArguments);
  cores.run(1);
  if (cores.hash !== (await native.run(steps)).numbers[0])
    throw new Error(`${count} cores: the two sides disagree`);
  const units = cores.operations;
  const result = await alternate(
    `${count} cores`,
    'synaptic operations/s',
    [
      { name: 'core', units, run: (turns) => timed(() => cores.run(turns)) },
      {
        name: 'C',
        units,
        run: async (turns) => (await native.run(turns * steps)).seconds,
      },
    ],
    count > 1,
  );
  native.end();
  return result;
}

const GROWTH: Target = {
  what: 'cost growth of a synaptic operation, 1 to 4,096 cores / growth in C',
  bar: 1.2,
  stretch: 1,
};

export async function growthRows(): Promise<Row[]> {
  if (!hasCompiler()) return [skippedRow(GROWTH, NO_COMPILER)];
  const one = await speeds(1, 2 * LISTS);
  const many = await speeds(CORES, 2);
  const growth = (name: string): number => one.rates[name]! / many.rates[name]!;
  return [
    {
      ...GROWTH,
      figure: one.ratio / many.ratio,
      unit: 'x',
      better: 'less',
      rates: { core: growth('core'), C: growth('C') },
      rateUnit: 'x the time of one core',
    },
  ];
}

/** Rows of 1,024 synapses of 8 bits that fill a core's synapse memory. */
const FULL_ROWS = 122;

const MEMORY: Target = { what: 'linear memory of a full chip of 128 cores', bar: 64, stretch: 40 };

export function memoryRows(): Row[] {
  const machine = new Machine(copies(oneCore(FULL_ROWS, 1), CHIP_CORES), { timing: 'analytic' });
  return [{ ...MEMORY, figure: machine.memoryBytes / 2 ** 20, unit: 'MiB', better: 'less' }];
}
