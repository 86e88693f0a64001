// Tied synapses in linear memory: which bytes of a block's rows share one weight.

import type { BlockImage, CoreImage, TiedImage } from '../image/image.ts';
import type { BlockMap } from './block-map.ts';
import type { RecordWriter } from './record-writer.ts';

/** Bytes of a block's groups: where each begins, their places, and a weight of each while the rule runs. */
export function tiedBytes({ tied }: BlockImage): number {
  return tied === null ? 0 : 4 * (tied.starts.length + tied.places.length) + tied.starts.length - 1;
}

/** What an epoch visits to join the tied synapses of a core: each of them, and each weight that they share. */
export function tiedVisits({ blocks }: CoreImage): number {
  return blocks.reduce(
    (sum, { tied }) => sum + (tied === null ? 0 : tied.places.length + tied.starts.length - 1),
    0,
  );
}

/** Bytes from the first row to each of the listed synapses. */
function offsetsOf(
  { columns, rowElements }: BlockImage,
  place: BlockMap,
  { places }: TiedImage,
): Uint32Array {
  const { partial, columnStride } = place;
  if (partial === null) return places.map((at) => Math.floor(at / columns) * columnStride + (at % columns));
  const rowOf = new Uint32Array(partial.targets.length);
  rowElements.forEach((_, row) => {
    rowOf.fill(row, partial.rowStart[row]!, partial.rowStart[row + 1]!);
  });
  return places.map((at) => rowOf[at]! * columnStride + partial.targets[at]!);
}

/** Writes the groups of a block, if it has any. */
export function loadTied(block: BlockImage, place: BlockMap, writer: RecordWriter, words: Int32Array): void {
  const { tied } = block;
  if (tied === null) return;
  const places = place.tied + 4 * tied.starts.length;
  words.set(tied.starts, place.tied >> 2);
  words.set(offsetsOf(block, place, tied), places >> 2);
  writer.record(place.record, {
    BLOCK_TIED_COUNT: tied.starts.length - 1,
    BLOCK_TIED_STARTS: place.tied,
    BLOCK_TIED_PLACES: places,
    BLOCK_TIED_KEPT: places + 4 * tied.places.length,
  });
}
