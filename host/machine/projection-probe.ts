// What a probe of a projection records of one of its blocks: where the values lie in the core, and what they mean.

import type { BlockImage, CoreImage } from '../image/image.ts';
import { type BlockMap, droppedBits } from './block-map.ts';
import { gridMin } from './load-image.ts';
import type { CoreMap } from './memory-map.ts';

/** What a probe of a projection records; its output only if it is tapped. */
export type ProjectionProbeKind = 'output' | 'weights' | 'tags' | 'delays' | 'x1' | 'x2' | 'y1' | 'y2' | 'y3';

/** A stretch of the core's memory that is recorded in every step, and the values in it. */
export interface ProbedBlock {
  /** Address of the first byte, or of the block's record for its output; 0 if it has no such variable. */
  readonly source: number;
  readonly bytes: number;
  /** Bytes of a value: unsigned, signed or signed. */
  readonly width: 1 | 2 | 4;
  /** Of each value: its place in the whole variable, and its byte in the stretch. */
  readonly places: Uint32Array;
  readonly offsets: Uint32Array;
  /** value = (stored + least) · grid */
  readonly least: number;
  readonly grid: number;
}

type Axis = 'from' | 'to' | 'synapse';

/** Whether a variable has a value for every source, every target or every synapse. */
export function axisOf(kind: ProjectionProbeKind): Axis {
  if (kind.startsWith('x')) return 'from';
  return kind.startsWith('y') || kind === 'output' ? 'to' : 'synapse';
}

/** Places of a block's values in the whole variable, row by row. */
function placesOf(block: BlockImage, axis: Axis, columns: number): Uint32Array {
  const targets = Uint32Array.from({ length: block.columns }, (_, i) => block.columnElement + i);
  if (axis === 'from') return Uint32Array.from(block.rowElements);
  if (axis === 'to') return targets;
  const places = new Uint32Array(block.rowElements.length * block.columns);
  block.rowElements.forEach((from, row) => {
    targets.forEach((to, column) => {
      places[row * block.columns + column] = from * columns + to;
    });
  });
  return places;
}

function wideSource(kind: ProjectionProbeKind, { record, weights, wide }: BlockMap, values: number): number {
  if (kind === 'output') return wide!.tap === 0 ? 0 : record;
  if (kind === 'weights') return weights;
  const { plastic } = wide!;
  if (plastic === null) return 0;
  if (kind === 'tags') return plastic.tags;
  if (kind === 'delays') return plastic.delays;
  const first = kind.startsWith('x') ? plastic.preTrace : plastic.postTrace;
  return first + (Number(kind.slice(1)) - 1) * values * 4;
}

/** Traces of a core: those of the block's axons, or of its targets. */
function traceBlock(
  kind: ProjectionProbeKind,
  block: BlockImage,
  place: BlockMap,
  map: CoreMap,
  rowOfAxon: (axon: number) => number,
): Pick<ProbedBlock, 'source' | 'bytes' | 'offsets'> {
  const trace = Number(kind.slice(1)) - 1;
  if (kind.startsWith('y')) {
    const first = map.groups[block.group]!.first + block.firstTarget;
    return {
      source: place.rowOfAxon === 0 ? 0 : map.postTrace + trace * map.postStride + first,
      bytes: block.columns,
      offsets: Uint32Array.from({ length: block.columns }, (_, i) => i),
    };
  }
  const offsets = new Uint32Array(block.rowElements.length);
  for (let axon = 0; axon < map.learningAxons; axon++)
    if (rowOfAxon(axon) < offsets.length) offsets[rowOfAxon(axon)] = axon;
  return {
    source: place.rowOfAxon === 0 ? 0 : map.preTrace + trace * map.preStride,
    bytes: map.learningAxons,
    offsets,
  };
}

/**
 * Where a block keeps a variable.
 * @param columns targets of the whole projection
 * @param rowOfAxon row of the block for each of the core's learning axons
 */
export function probedBlock(
  kind: ProjectionProbeKind,
  core: CoreImage,
  map: CoreMap,
  index: number,
  columns: number,
  rowOfAxon: (place: BlockMap, axon: number) => number,
): ProbedBlock {
  const block = core.blocks[index]!;
  const place = map.blocks[index]!;
  const axis = axisOf(kind);
  const places = placesOf(block, axis, columns);
  const plain = { places, least: 0, grid: 1 };
  if (place.wide !== null) {
    const offsets = places.map((_, i) => 4 * i);
    const source = wideSource(kind, place, places.length);
    return { ...plain, source, bytes: places.length * 4, width: 4, offsets };
  }
  if (axis !== 'synapse') {
    if (kind === 'output') return { ...plain, source: 0, bytes: 0, width: 4, offsets: places };
    return { ...plain, width: 1, ...traceBlock(kind, block, place, map, (axon) => rowOfAxon(place, axon)) };
  }
  const width = kind === 'tags' ? 2 : 1;
  const offsets = places.map((_, i) => {
    const row = Math.floor(i / block.columns);
    return width * (row * place.columnStride + i - row * block.columns);
  });
  const bytes = width * block.rowElements.length * place.columnStride;
  const source =
    place.lists === null
      ? { weights: place.weights, tags: place.tags, delays: place.delays }[
          kind as 'weights' | 'tags' | 'delays'
        ]
      : 0;
  if (kind !== 'weights') return { ...plain, source, bytes, width, offsets };
  return { ...plain, source, bytes, width, offsets, least: gridMin(block), grid: 2 ** droppedBits(block) };
}
