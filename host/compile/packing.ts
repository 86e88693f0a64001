// How the synapse lists of a format are packed: as the network says, or as takes the fewest bits. [HW 1.3]
//
// The distance that a run-length synapse holds is taken to be that from the target before, and a base stands in front
// of every entry, as in NxTF's encoder.

import type { Chip } from '../chip/schema.ts';
import type { Compression, Projection } from '../network/network.ts';
import { hasLists, type Incoming, sparseRow } from './incoming.ts';

export interface Packing {
  readonly compression: Compression;
  /** Width of the distance field of run-length synapses, else 0. */
  readonly skipBits: number;
}

/** Ascending targets of a list; a number stands for as many that follow each other. */
export type Targets = number | Uint32Array;

export interface RepeatedList {
  readonly targets: Targets;
  readonly times: number;
}

/** Width of a compartment index on a core with n compartments: 6 to 12 bits. */
export function indexBits(compartments: number): number {
  return Math.min(12, Math.max(6, Math.ceil(Math.log2(Math.max(2, compartments)))));
}

/** The greatest distance between two targets of one entry. */
function reach({ compression, skipBits }: Packing): number {
  if (compression === 'sparse') return Number.POSITIVE_INFINITY;
  return compression === 'runLength' ? 2 ** skipBits - 1 : 1;
}

/** Calls `visit` with the number of synapses of each entry of a list. */
function forEachEntry(
  packing: Packing,
  targets: Targets,
  synapsesMax: number,
  visit: (synapses: number) => void,
): void {
  const farthest = reach(packing);
  const count = typeof targets === 'number' ? targets : targets.length;
  let first = 0;
  for (let i = 1; i <= count; i++) {
    const goesOn =
      i < count &&
      i - first < synapsesMax &&
      (typeof targets === 'number' || targets[i]! - targets[i - 1]! <= farthest);
    if (goesOn) continue;
    visit(i - first);
    first = i;
  }
}

/** Synapses of each entry of a list. */
export function entrySizes(packing: Packing, targets: Targets, synapsesMax: number): number[] {
  const sizes: number[] = [];
  forEachEntry(packing, targets, synapsesMax, (synapses) => sizes.push(synapses));
  return sizes;
}

/** Bits of a synapse that say where it ends. */
export function targetBits({ compression, skipBits }: Packing, index: number): number {
  if (compression === 'sparse') return index;
  return compression === 'runLength' ? skipBits : 0;
}

/** Bits of lists that say which synapses they have: what packings differ in. */
function overhead(chip: Chip, packing: Packing, lists: Iterable<RepeatedList>, index: number): number {
  const { formatId, count, synapsesMax } = chip.core.synapseEntry;
  const header = formatId + count + (packing.compression === 'sparse' ? 0 : index);
  const each = targetBits(packing, index);
  let bits = 0;
  for (const { targets, times } of lists) {
    forEachEntry(packing, targets, synapsesMax, (synapses) => {
      bits += times * (header + synapses * each);
    });
  }
  return bits;
}

/** The packings that a projection may have; the first of those that cost the same is taken. */
function candidates(chip: Chip, { connection, synapse }: Projection): Packing[] {
  const { compressions, skipBits } = chip.synapse;
  if (connection.kind === 'convolution') return [{ compression: 'convolution', skipBits: 0 }];
  const isMatrix = connection.kind === 'all' || connection.kind === 'uniform';
  const order: readonly Compression[] = isMatrix
    ? ['dense', 'sparse', 'runLength']
    : ['sparse', 'dense', 'runLength'];
  return (synapse.compression === undefined ? order : [synapse.compression])
    .filter((compression) => compressions.includes(compression))
    .flatMap((compression) =>
      (compression === 'runLength' ? skipBits : [0]).map((bits) => ({ compression, skipBits: bits })),
    );
}

/** The cheapest packing of lists. */
export function choosePacking(
  chip: Chip,
  projection: Projection,
  lists: () => Iterable<RepeatedList>,
  index: number,
): Packing {
  const [first, ...others] = candidates(chip, projection);
  if (first === undefined)
    throw new Error(`chip ${chip.name} has no packing for projection "${projection.name}"`);
  if (others.length === 0) return first;
  let best = first;
  let least = overhead(chip, first, lists(), index);
  for (const packing of others) {
    const bits = overhead(chip, packing, lists(), index);
    if (bits >= least) continue;
    best = packing;
    least = bits;
  }
  return best;
}

/** Lists of the sources of a projection that end in a slice. */
function* listsInto({ projection, slice, first, end }: Incoming): Generator<RepeatedList> {
  const { connection } = projection;
  if (connection.kind !== 'sparse') {
    yield { targets: connection.kind === 'one-to-one' ? 1 : slice.count, times: end - first };
    return;
  }
  for (let row = first; row < end; row++) {
    const { start, end: last } = sparseRow(connection, row, slice);
    if (last > start) yield { targets: connection.targets.subarray(start, last), times: 1 };
  }
}

/**
 * What makes two projections need two synapse formats on one core. Delays do not: synapses that share a format
 * share the width of its delay field, which must hold the longest. [HW 1.3]
 */
export function formatKey({ name, synapse, rule, connection, sharing }: Projection): string {
  const { signMode, bits, exponent, compression, weightLimit, ignoreDelays, box } = synapse;
  const kind = hasLists(connection) || connection.kind === 'one-to-one' ? 'lists' : 'matrix';
  return JSON.stringify([
    signMode,
    bits,
    exponent,
    rule ?? null,
    connection.kind === 'convolution' ? 'convolution' : (compression ?? kind),
    [weightLimit ?? null, ignoreDelays ?? false, box ?? false],
    // Offset and stride of the targets belong to the format.
    sharing === undefined ? null : name,
  ]);
}

/** The packing of every format of a core but those of shared lists, by key. */
export function packingsOf(
  chip: Chip,
  items: readonly Incoming[],
  compartments: number,
): ReadonlyMap<string, Packing> {
  const index = indexBits(compartments);
  const byFormat = new Map<string, Incoming[]>();
  for (const item of items) {
    if (item.projection.sharing !== undefined) continue;
    const key = formatKey(item.projection);
    const members = byFormat.get(key);
    if (members === undefined) byFormat.set(key, [item]);
    else members.push(item);
  }
  return new Map(
    [...byFormat].map(([key, members]) => {
      function* lists(): Generator<RepeatedList> {
        for (const item of members) yield* listsInto(item);
      }
      return [key, choosePacking(chip, members[0]!.projection, lists, index)];
    }),
  );
}
