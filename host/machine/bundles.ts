// Bundles: where sources reach row after row of the same dense blocks, one list of a step's spikes serves all of
// these blocks, however many cores they lie on. What is irregular keeps a reference for every row and block.

import type { BlockImage, ChipImage } from '../image/image.ts';
import { forEachReached } from './sources.ts';

export interface BundleMember {
  readonly core: number;
  readonly block: number;
  /** True if the rows are the first ones of their axons: each is a message to the core. */
  readonly isMessage: boolean;
  /** The core's axon of row 0, the others follow; -1 if they do not learn. */
  readonly axon: number;
}

/** Its first member stands for all in the routes. */
export interface Bundle {
  readonly rows: number;
  readonly columnStride: number;
  readonly members: readonly BundleMember[];
}

/** What reaches the rows of one block. */
interface Incoming {
  readonly core: number;
  readonly block: number;
  readonly columnStride: number;
  /** Number of the source of each row; -1 if there is none. */
  readonly sources: Int32Array;
  isMessage: boolean;
  axon: number;
  isRegular: boolean;
  /** Rows that have a source. */
  reached: number;
}

function mayShare(block: BlockImage): boolean {
  return (
    block.weights !== null && block.wide === null && block.shared === null && block.rowElements.length > 0
  );
}

function same(a: Int32Array, b: Int32Array): boolean {
  return a.length === b.length && a.every((source, row) => source === b[row]);
}

/** @param columnStride bytes from one row of a dense block to the next */
export function findBundles(image: ChipImage, columnStride: (block: BlockImage) => number): Bundle[] {
  const incoming = image.cores.map(({ blocks }, core) =>
    blocks.map((block, b): Incoming | null =>
      mayShare(block)
        ? {
            core,
            block: b,
            columnStride: columnStride(block),
            sources: new Int32Array(block.rowElements.length).fill(-1),
            isMessage: false,
            axon: -1,
            isRegular: true,
            reached: 0,
          }
        : null,
    ),
  );
  forEachReached(image, (source, { core, block, row, isMessage, axonNumber, axon: { profile } }) => {
    const entry = incoming[core]![block]!;
    if (entry === null) return;
    const axon = isMessage && profile >= 0 ? axonNumber - row : -1;
    if (entry.reached++ === 0) {
      entry.isMessage = isMessage;
      entry.axon = axon;
    }
    if (entry.sources[row]! >= 0 || entry.isMessage !== isMessage || entry.axon !== axon)
      entry.isRegular = false;
    entry.sources[row] = source;
  });
  const found = new Map<
    string,
    (Omit<Bundle, 'members'> & { sources: Int32Array; members: BundleMember[] })[]
  >();
  for (const entry of incoming.flat()) {
    if (entry === null || !entry.isRegular || entry.reached < entry.sources.length) continue;
    const { sources, core, block, isMessage, axon } = entry;
    const key = `${entry.columnStride} ${sources.length} ${sources[0]}`;
    const alike = found.get(key) ?? [];
    found.set(key, alike);
    const member = { core, block, isMessage, axon };
    const bundle = alike.find((each) => same(each.sources, sources));
    if (bundle === undefined)
      alike.push({ sources, rows: sources.length, columnStride: entry.columnStride, members: [member] });
    else bundle.members.push(member);
  }
  return [...found.values()]
    .flat()
    .map(({ rows, columnStride, members }) => ({ rows, columnStride, members }));
}
