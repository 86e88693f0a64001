// Synapses alone: rows of a block added to the accumulators by the core's own function, counters included, against C. The
// matrix stays in the L2 cache.

import { loadChip } from '../host/chip/load.ts';
import { compile } from '../host/compile/compile.ts';
import type { ChipImage } from '../host/image/image.ts';
import { mix32 } from '../host/mix32.ts';
import { NetworkBuilder } from '../host/network/builder.ts';
import type { Connection } from '../host/network/network.ts';
import { alternate, type BenchResult, type Row, ratioRow, skippedRow, type Target, timed } from './bench.ts';
import { hasCompiler, NativeProgram, NO_COMPILER } from './native.ts';
import { hash, Workbench } from './workbench.ts';

/** Lists of rows that take turns, so that no branch predictor learns them. */
const LISTS = 64;
/** Turns after which both sides must have the same sums. */
const CHECKED = 3 * LISTS + 1;

const DENSE = { rows: 112, columns: 1024 };
const SPARSE = { rows: 256, columns: 1024, fan: 96 };

function image(rows: number, columns: number, connection: Connection): ChipImage {
  const net = new NetworkBuilder('synapses', 1)
    .phase('forward')
    .phase('learning')
    .phase('management')
    .coreClass({ name: 'core' })
    .port({ name: 'pre', size: rows })
    .population({
      name: 'post',
      size: columns,
      coreClass: 'core',
      compartment: { decayU: 4095, decayV: 4095, threshold: 131071 },
    })
    .project({
      name: 'synapses',
      from: 'pre',
      to: 'post',
      connection,
      synapse: { signMode: 'mixed', bits: 8, exponent: 0 },
    })
    .presentation('step', 1);
  return compile(net.build(), loadChip('loihi1').chip).image;
}

/** Bytes of 0..255 as mixed weights of 8 bits: even, from -256 on. */
function weightOf(byte: number): number {
  return 2 * (byte - 128);
}

function denseImage(): ChipImage {
  const { rows, columns } = DENSE;
  const weights = Int16Array.from({ length: rows * columns }, (_, i) => weightOf(mix32(i) & 255));
  return image(rows, columns, { kind: 'all', weights });
}

/** Every row has one target in each of `fan` equal parts of the columns. */
function sparseImage(): ChipImage {
  const { rows, columns, fan } = SPARSE;
  const spread = Math.floor(columns / fan);
  const draws = Uint32Array.from({ length: rows * fan }, (_, i) => mix32(i));
  return image(rows, columns, {
    kind: 'sparse',
    rowStart: Uint32Array.from({ length: rows + 1 }, (_, row) => row * fan),
    targets: Uint32Array.from(draws, (draw, i) => (i % fan) * spread + (draw % spread)),
    weights: Int16Array.from(draws, (draw) => weightOf(draw >>> 24)),
  });
}

/** One block on a core, with lists of `queued` rows each. */
class Rows {
  readonly #bench: Workbench;
  readonly #queued: number;

  constructor(bench: Workbench, queued: number) {
    this.#bench = bench;
    this.#queued = queued;
    const { rows, weights } = bench.map.cores[0]!.blocks[0]!;
    for (let i = 0; i < LISTS * queued; i++)
      bench.words[bench.spare / 4 + i] = rows[(mix32(i) >>> 0) % rows.length]! - weights;
  }

  turn(turns: number): void {
    const { map, spare, loops } = this.#bench;
    loops.repeatFlush(map.chip, map.cores[0]!.blocks[0]!.record, spare, LISTS, this.#queued, turns);
  }

  /** Hash of the accumulators after so many turns from 0. */
  hashAfter(turns: number, columns: number): number {
    const { map, bytes } = this.#bench;
    const { accumulators } = map.cores[0]!;
    const sums = bytes.subarray(accumulators, accumulators + 4 * columns);
    sums.fill(0);
    this.turn(turns);
    return hash(0, sums);
  }
}

async function against(
  what: string,
  program: string,
  args: readonly number[],
  rows: Rows,
  columns: number,
  units: number,
): Promise<BenchResult> {
  const native = new NativeProgram(program, args);
  const own = rows.hashAfter(CHECKED, columns);
  const other = (await native.run(CHECKED)).numbers[0];
  if (own !== other) throw new Error(`${what}: the two sides disagree (${own}, ${other})`);
  const result = await alternate(what, 'synaptic operations/s', [
    { name: 'core', units, run: (turns) => timed(() => rows.turn(turns)) },
    { name: 'C', units, run: async (turns) => (await native.run(turns)).seconds },
  ]);
  native.end();
  return result;
}

const DENSE_TARGETS = [64, 6].map((queued) => ({
  queued,
  target: {
    what: `dense accumulate, ${queued} spikes, int32 sums / C`,
    bar: 0.7,
    stretch: 1,
  } satisfies Target,
}));

export async function denseRows(): Promise<Row[]> {
  if (!hasCompiler()) return DENSE_TARGETS.map(({ target }) => skippedRow(target, NO_COMPILER));
  const { rows, columns } = DENSE;
  const bench = await Workbench.open(denseImage(), LISTS * 64);
  const { layout } = bench.core;
  const record = bench.map.cores[0]!.blocks[0]!.record;
  const least = bench.words[(record + layout.BLOCK_GRID_MIN) >> 2]!;
  const shift = bench.words[(record + layout.BLOCK_SHIFT) >> 2]!;
  const results: Row[] = [];
  for (const { queued, target } of DENSE_TARGETS) {
    const args = [rows, columns, queued, LISTS, least, shift];
    const units = queued * columns;
    const result = await against(target.what, 'dense', args, new Rows(bench, queued), columns, units);
    results.push(ratioRow(result, target));
  }
  return results;
}

const SPARSE_TARGET: Target = { what: 'sparse lists / C', bar: 0.65, stretch: 0.9 };

export async function sparseRows(): Promise<Row[]> {
  if (!hasCompiler()) return [skippedRow(SPARSE_TARGET, NO_COMPILER)];
  const { rows, columns, fan } = SPARSE;
  const queued = 16;
  const bench = await Workbench.open(sparseImage(), LISTS * queued);
  const args = [rows, columns, fan, queued, LISTS];
  const side = new Rows(bench, queued);
  return [
    ratioRow(await against(SPARSE_TARGET.what, 'sparse', args, side, columns, queued * fan), SPARSE_TARGET),
  ];
}
