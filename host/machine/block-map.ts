// Where the synapses of a core lie in linear memory: rows of bytes, lists, queues of rows that have arrived, and what several
// blocks share.

import type { BlockImage } from '../image/image.ts';
import { type Arena, roundUp } from './arena.ts';
import type { Bundle } from './bundles.ts';
import type { Layout } from './core-module.ts';
import type { Span } from './spans.ts';
import { type SynapseLists, synapseLists } from './synapse-lists.ts';
import { mapWideBlock, type WideMap } from './wide-map.ts';

/** Rows that a block's queue holds beyond one per row, for axons that get several messages in a step. */
export const QUEUE_SPARE = 16;
/** Columns of a row that is narrower than a tile are padded to a multiple of this: one vector. */
export const ROW_PADDING = 16;

/** Where the parts of a block lie; a wide block has further ones. */
export interface BlockMap {
  readonly record: number;
  readonly weights: number;
  /** Address of each row; none if they lie in a span. */
  readonly rows: Uint32Array;
  readonly columnStride: number;
  readonly queue: number;
  readonly queueCapacity: number;
  readonly delays: number;
  readonly tags: number;
  readonly rowOfAxon: number;
  readonly rowIndex: number;
  /** Plastic: word that names the compiled function of its rule in the core's table, and the list that it makes of
   * columns to visit; neither is part of the state. */
  function: number;
  groups: number;
  /** Lists of finished weights; null for rows of bytes. */
  readonly lists: SynapseLists | null;
  /** Lists that learn, which lie in rows of bytes: the synapses that there are; null if every column has one. */
  readonly partial: SynapseLists | null;
  /** Of such rows: 255 where there is a synapse, and how many each row has; not part of the state, 0 for others. */
  exists: number;
  rowSynapses: number;
  /** Of tied synapses: where each group begins, their places, and a byte of scratch per group; not part of the state. */
  tied: number;
  readonly wide: WideMap | null;
}

/** A bundle, its queue, and the records of its blocks. */
export interface BundleMap extends Bundle {
  readonly record: number;
  readonly queue: number;
  readonly queueCapacity: number;
  readonly memberRecords: number;
}

/** A span, its queue, and its rows: for each source a tally and a list. */
export interface SpanMap extends Span {
  readonly record: number;
  readonly queue: number;
  readonly queueCapacity: number;
  readonly memberRecords: number;
  readonly tallyBytes: number;
  readonly sums: number;
  readonly weights: number;
  /** Bytes from `weights` to each source's row. */
  readonly offsets: ReadonlyMap<number, number>;
}

/** Synapses of a row of a block. */
export function rowLength({ wide, columns }: BlockImage, { lists, partial }: BlockMap, row: number): number {
  const synapses = lists ?? partial;
  if (synapses !== null) return synapses.rowStart[row + 1]! - synapses.rowStart[row]!;
  return wide?.rowSynapses?.[row] ?? columns;
}

/** Low mantissa bits that a format does not store. [HW 3.1] */
export function droppedBits(block: BlockImage): number {
  return 8 - block.bits + (block.signMode === 'mixed' ? 1 : 0);
}

/** Bytes from one row of a dense block to the next. */
export function columnStrideOf(block: BlockImage, layout: Layout): number {
  // Narrow rows are not padded to a whole tile: they would only fill the cache.
  return roundUp(block.columns, block.columns < layout.TILE ? ROW_PADDING : layout.TILE);
}

/** Where each row of bytes starts, and the end. */
function denseOffsets(rows: number, columnStride: number): Uint32Array {
  return Uint32Array.from({ length: rows + 1 }, (_, row) => row * columnStride);
}

/** The same for lists: a word for the length, and words of entries up to the next multiple of four. */
function listOffsets(rowStart: Uint32Array): Uint32Array {
  const offsets = new Uint32Array(rowStart.length);
  for (let row = 0; row + 1 < rowStart.length; row++)
    offsets[row + 1] = offsets[row]! + 4 + 4 * roundUp(rowStart[row + 1]! - rowStart[row]!, 4);
  return offsets;
}

export function mapBlock(
  arena: Arena,
  layout: Layout,
  block: BlockImage,
  record: number,
  learningAxons: number,
  accumulators: number,
  isBundled: boolean,
  isSpanned: boolean,
): BlockMap {
  const rowCount = block.rowElements.length;
  if (block.wide !== null) return mapWideBlock(arena, layout, block, block.wide, record, accumulators);
  const columnStride = columnStrideOf(block, layout);
  const synapses = block.weights === null ? synapseLists(block) : null;
  const plastic = block.rule >= 0;
  // A rule works on rows with a place for every column, also where few of them are synapses.
  const lists = plastic ? null : synapses;
  // Rows of a matrix that are the same lie in one place.
  const stored = block.weights === null ? rowCount : block.weights.length / block.columns;
  const offsets = lists === null ? denseOffsets(stored, columnStride) : listOffsets(lists.rowStart);
  const bytes = isSpanned ? 0 : offsets[stored]!;
  const place = (row: number): number => (lists === null ? (block.shared?.list[row] ?? row) : row);
  const hasDelays = block.delays !== null || block.box;
  const weights = isSpanned ? 0 : arena.take(bytes + layout.TILE);
  const queueCapacity = isBundled || isSpanned ? 0 : rowCount + QUEUE_SPARE;
  return {
    record,
    weights,
    rows: Uint32Array.from({ length: isSpanned ? 0 : rowCount }, (_, row) => weights + offsets[place(row)]!),
    columnStride,
    queue: arena.take(queueCapacity * 4),
    queueCapacity,
    delays: hasDelays ? arena.take(lists === null ? bytes : bytes / 4) : 0,
    tags: block.usesTags ? arena.take(rowCount * columnStride * 2) : 0,
    rowOfAxon: plastic ? arena.take(learningAxons * 2) : 0,
    rowIndex: plastic ? arena.take(rowCount * 4) : 0,
    function: 0,
    groups: 0,
    lists,
    partial: plastic ? synapses : null,
    exists: 0,
    rowSynapses: 0,
    tied: 0,
    wide: null,
  };
}

export function mapSpan(
  arena: Arena,
  layout: Layout,
  span: Span,
  cores: readonly { readonly blocks: readonly BlockMap[] }[],
): SpanMap {
  const tallyBytes = roundUp(span.members.length, 4) * 4;
  const queueCapacity = span.rows.size + QUEUE_SPARE;
  const lists = span.members.map(({ core, block }) => cores[core]!.blocks[block]!.lists!);
  const offsets = new Map<number, number>();
  let bytes = 0;
  for (const [source, { rows }] of span.rows) {
    offsets.set(source, bytes);
    let synapses = 0;
    rows.forEach((row, m) => {
      if (row >= 0) synapses += lists[m]!.rowStart[row + 1]! - lists[m]!.rowStart[row]!;
    });
    bytes += tallyBytes + 4 + 4 * roundUp(synapses, 4);
  }
  return {
    ...span,
    record: arena.take(layout.SPAN_STRIDE),
    queue: arena.take(queueCapacity * 4),
    queueCapacity,
    memberRecords: arena.take(span.members.length * 4),
    tallyBytes,
    sums: arena.take(tallyBytes),
    weights: arena.take(bytes),
    offsets,
  };
}
