// Where the records and tables of wide blocks, wires and the tape of random numbers lie.

import type { BlockImage, ChipImage, WideBlockImage, WireImage } from '../image/image.ts';
import type { RandomTape } from '../network/network.ts';
import type { Arena } from './arena.ts';
import type { BlockMap } from './block-map.ts';
import type { Layout } from './core-module.ts';

/** The parts of a wide block. */
export interface WideMap {
  readonly history: number;
  /** Steps that the history holds: a power of two. */
  readonly historySteps: number;
  readonly sums: number;
  /** Delays that occur are below this. */
  readonly delaysLength: number;
  readonly rowSynapses: number;
  readonly spans: number;
  readonly tap: number;
  readonly plastic: PlasticMap | null;
}

export interface PlasticMap {
  readonly record: number;
  readonly products: number;
  readonly preTrace: number;
  readonly postTrace: number;
  readonly preTime: number;
  readonly postTime: number;
  readonly preHistory: number;
  readonly postHistory: number;
  readonly delivered: number;
  readonly traces: number;
  readonly tags: number;
  readonly delays: number;
  readonly exists: number;
  readonly postPending: number;
  readonly preDecisions: number;
  readonly postDecisions: number;
  readonly weightDecisions: number;
}

/** Address of every list of a tape. */
export type TapeMap = { readonly record: number } & { readonly [List in keyof RandomTape]: number };

/** Wires that a group's spikes take, in the order of the image. */
export function wiresFrom(image: ChipImage, core: number, group: number): WireImage[] {
  return image.wires.filter(
    ({ from }) => from.kind === 'group' && from.core === core && from.group === group,
  );
}

function mapPlastic(
  arena: Arena,
  layout: Layout,
  block: BlockImage,
  { plastic }: WideBlockImage,
): PlasticMap | null {
  if (plastic === null) return null;
  const rows = block.rowElements.length;
  const { columns } = block;
  const steps = plastic.epochSteps + 1;
  return {
    record: arena.take(layout.PLASTIC_STRIDE),
    products: arena.take(plastic.products.length * layout.WIDE_PRODUCT_STRIDE),
    preTrace: arena.take(2 * rows * 4),
    postTrace: arena.take(3 * columns * 4),
    preTime: arena.take(rows * 4),
    postTime: arena.take(columns * 4),
    preHistory: arena.take(2 * steps * rows * 4),
    postHistory: arena.take(3 * steps * columns * 4),
    delivered: plastic.hasThirdFactors ? arena.take(3 * columns * 4) : 0,
    traces: arena.take(5 * layout.WIDE_TRACE_STRIDE),
    tags: arena.take(rows * columns * 4),
    delays: arena.take(rows * columns * 4),
    exists: plastic.exists === null ? 0 : arena.take(rows * columns),
    postPending: arena.take(columns),
    preDecisions: arena.take(2 * rows * 4),
    postDecisions: arena.take(3 * columns * 4),
    weightDecisions: arena.take(rows * columns * 4),
  };
}

/** Lays out a wide block; `accumulators`: slots of the ring of its core. */
export function mapWideBlock(
  arena: Arena,
  layout: Layout,
  block: BlockImage,
  wide: WideBlockImage,
  record: number,
  accumulators: number,
): BlockMap {
  const rows = block.rowElements.length;
  const rowBytes = block.columns * 4;
  const weights = arena.take(rows * rowBytes);
  const longest = block.delays === null ? 0 : block.delays.reduce((a, b) => Math.max(a, b), 0);
  const historySteps = 2 ** Math.ceil(Math.log2(block.delay + longest + 2));
  return {
    record,
    weights,
    rows: Uint32Array.from({ length: rows }, (_, row) => weights + row * rowBytes),
    columnStride: block.columns,
    queue: 0,
    queueCapacity: 0,
    delays: block.delays === null ? 0 : arena.take(rows * block.columns),
    tags: 0,
    rowOfAxon: 0,
    rowIndex: 0,
    function: 0,
    groups: 0,
    lists: null,
    partial: null,
    exists: 0,
    rowSynapses: 0,
    tied: 0,
    wide: {
      history: arena.take(historySteps * rows * 4),
      historySteps,
      sums: arena.take((longest + 1) * block.columns * 8),
      delaysLength: longest + 1,
      rowSynapses: wide.rowSynapses === null ? 0 : arena.take(rows * 4),
      spans: wide.rowSynapses === null || wide.plastic !== null ? 0 : arena.take(rows * 8),
      tap: wide.tapped ? arena.take(accumulators * rowBytes) : 0,
      plastic: mapPlastic(arena, layout, block, wide),
    },
  };
}

export function mapTape(arena: Arena, layout: Layout, tape: RandomTape): TapeMap {
  return {
    record: arena.take(layout.TAPE_STRIDE),
    preDecay: arena.take(tape.preDecay.length * 8),
    preImpulse: arena.take(tape.preImpulse.length * 4),
    postDecay: arena.take(tape.postDecay.length * 8),
    postImpulse: arena.take(tape.postImpulse.length * 4),
    postAgain: arena.take(tape.postAgain.length * 4),
    weight: arena.take(tape.weight.length * 8),
  };
}
