// Routes: what a spike of each compartment and port element reaches, the messages and hops it takes, and how long
// each of a compartment's messages is under way.

import type { ChipImage, CoreImage, RouteTable, SourceImage } from '../image/image.ts';
import type { SpanMap } from './block-map.ts';
import { accumulatorOf, type MemoryMap } from './memory-map.ts';
import type { RecordWriter } from './record-writer.ts';
import { rowsReached } from './sources.ts';
import { listWeight } from './synapse-lists.ts';

/** Items by the place of their source in a list; those of other sources are under -1. */
function bySource<T extends { readonly from: SourceImage }>(
  items: readonly T[],
  sourceIndex: (from: SourceImage) => number,
): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const item of items) {
    const index = sourceIndex(item.from);
    const group = groups.get(index);
    if (group === undefined) groups.set(index, [item]);
    else group.push(item);
  }
  return groups;
}

/** Moves of one message from core to core, first along x, then along y. [HW 5] */
interface Hops {
  readonly eastWest: number;
  readonly northSouth: number;
  readonly interChip: number;
}

function hopsBetween(from: CoreImage, to: CoreImage): Hops {
  return {
    eastWest: Math.abs(to.place.x - from.place.x),
    northSouth: Math.abs(to.place.y - from.place.y),
    interChip: Math.abs(to.place.chip - from.place.chip),
  };
}

export class RouteLoader {
  readonly #image: ChipImage;
  readonly #map: MemoryMap;
  readonly #writer: RecordWriter;
  /** Bundle record by the record of its first block; 0 for its other blocks, which need no reference. */
  readonly #bundleOf = new Map<number, number>();
  /** Span by the record of each of its blocks. */
  readonly #spanOf = new Map<number, SpanMap>();
  /** Number of the source that is next, over all tables. */
  #source = 0;

  constructor(image: ChipImage, map: MemoryMap, writer: RecordWriter) {
    this.#image = image;
    this.#map = map;
    this.#writer = writer;
  }

  load(): void {
    this.#loadBundles();
    this.#loadSpans();
    this.#image.cores.forEach((core, c) => {
      const map = this.#map.cores[c]!;
      // Routes follow the padded order of compartments, the image's table the unpadded one.
      const padded = core.groups.flatMap((group, g) =>
        Array.from({ length: group.count }, (_, k) => map.groups[g]!.first + k),
      );
      const here = (from: SourceImage): number =>
        from.kind === 'compartment' && from.core === c ? from.compartment : -1;
      this.#routeTable(core.routes, map.routes, map.references, map.ways, padded, core, here);
    });
    const ofPort = (from: SourceImage): number => (from.kind === 'port' ? from.element : -1);
    this.#routeTable(
      this.#image.portRoutes,
      this.#map.portRoutes,
      this.#map.portReferences,
      0,
      null,
      null,
      ofPort,
    );
  }

  #loadBundles(): void {
    const { layout } = this.#writer;
    for (const { record, queue, queueCapacity, columnStride, members, memberRecords } of this.#map.bundles) {
      this.#writer.record(record, {
        BLOCK_KIND: layout.BLOCK_KIND_BUNDLE,
        BLOCK_QUEUE: queue,
        BLOCK_QUEUE_CAPACITY: queueCapacity,
        BUNDLE_MEMBERS: memberRecords,
        BUNDLE_MEMBER_COUNT: members.length,
        BUNDLE_ROW_BYTES: columnStride,
      });
      members.forEach(({ core, block, isMessage, axon }, i) => {
        const { blocks, firstLearningAxon } = this.#map.cores[core]!;
        this.#writer.record(memberRecords + i * layout.MEMBER_STRIDE, {
          MEMBER_BLOCK: blocks[block]!.record,
          MEMBER_MESSAGE: isMessage ? 1 : 0,
          MEMBER_AXON: axon < 0 ? -1 : axon - firstLearningAxon,
        });
        this.#bundleOf.set(blocks[block]!.record, i === 0 ? record : 0);
      });
    }
  }

  #loadSpans(): void {
    const { layout } = this.#writer;
    for (const span of this.#map.spans) {
      const first = span.members[0]!;
      const { ignoresDelays, delay } = this.#image.cores[first.core]!.blocks[first.block]!;
      this.#writer.record(span.record, {
        BLOCK_KIND: layout.BLOCK_KIND_SPAN,
        BLOCK_CORE: this.#map.cores[first.core]!.record,
        BLOCK_WEIGHTS: span.weights,
        BLOCK_DELAY: ignoresDelays ? 0 : delay,
        BLOCK_QUEUE: span.queue,
        BLOCK_QUEUE_CAPACITY: span.queueCapacity,
        SPAN_MEMBERS: span.memberRecords,
        SPAN_MEMBER_COUNT: span.members.length,
        SPAN_TALLY_BYTES: span.tallyBytes,
        SPAN_SUMS: span.sums,
      });
      span.members.forEach(({ core, block }, m) => {
        const { record } = this.#map.cores[core]!.blocks[block]!;
        this.#writer.word(span.memberRecords + 4 * m, record);
        this.#spanOf.set(record, span);
      });
      for (const source of span.rows.keys()) this.#spanRow(span, source);
    }
  }

  /** The tally and the list of one source. */
  #spanRow(span: SpanMap, source: number): void {
    const { TALLY_SYNAPSE_BITS } = this.#writer.layout;
    const { rows, isMessage } = span.rows.get(source)!;
    const tally = span.weights + span.offsets.get(source)!;
    const list = tally + span.tallyBytes;
    const origin = this.#map.cores[span.members[0]!.core]!.accumulators;
    let synapses = 0;
    span.members.forEach(({ core, block }, m) => {
      const row = rows[m]!;
      if (row < 0) return;
      const map = this.#map.cores[core]!;
      const image = this.#image.cores[core]!.blocks[block]!;
      const { rowStart, targets, mantissas } = map.blocks[block]!.lists!;
      const target =
        (map.accumulators - origin) / 4 +
        accumulatorOf(map.groups[image.group]!, image.port) +
        image.firstTarget;
      const [start, end] = [rowStart[row]!, rowStart[row + 1]!];
      for (let i = start; i < end; i++, synapses++) {
        const weight = listWeight(mantissas[i]!, image.exponent);
        this.#writer.word(list + 4 + 4 * synapses, (weight & 0xffff) | ((target + targets[i]!) << 16));
      }
      this.#writer.word(tally + 4 * m, (end - start) | (isMessage[m]! ? 1 << TALLY_SYNAPSE_BITS : 0));
    });
    this.#writer.word(list, synapses);
  }

  /**
   * Route and reference records, and the ways, of a list of sources; `home` is the core they are on, null for ports,
   * which have no ways. `sourceIndex` is the place of a source in the list, -1 if it is not there.
   */
  #routeTable(
    table: RouteTable,
    routes: number,
    references: number,
    ways: number,
    places: readonly number[] | null,
    home: CoreImage | null,
    sourceIndex: (from: SourceImage) => number,
  ): void {
    const { layout } = this.#writer;
    const rewards = bySource(this.#image.rewards, sourceIndex);
    const notes = bySource(this.#image.postNotes, sourceIndex);
    let next = references;
    let nextWays = ways;
    const refer = (block: number, row: number, axon: number, flags: number): void => {
      this.#writer.record(next, { REFERENCE_BLOCK: block | flags, REFERENCE_ROW: row, REFERENCE_AXON: axon });
      next += layout.REFERENCE_STRIDE;
    };
    for (let source = 0; source + 1 < table.start.length; source++) {
      const first = next;
      const reached: number[] = []; // one message each
      for (let i = table.start[source]!; i < table.start[source + 1]!; i++) reached.push(table.core[i]!);
      const spans = new Set<SpanMap>();
      for (const { core, block, row, isMessage, axonNumber, axon } of rowsReached(
        this.#image,
        table,
        source,
      )) {
        const map = this.#map.cores[core]!;
        const place = map.blocks[block]!;
        const span = this.#spanOf.get(place.record);
        if (span !== undefined) {
          spans.add(span);
          continue;
        }
        const bundle = this.#bundleOf.get(place.record);
        if (bundle !== undefined) {
          if (bundle !== 0) refer(bundle, row * place.columnStride, 0, 0);
          continue;
        }
        const learning = isMessage && axon.profile >= 0 ? axonNumber - map.firstLearningAxon : -1;
        const first =
          (isMessage ? layout.REFERENCE_MESSAGE : 0) | (learning >= 0 ? layout.REFERENCE_NOTES : 0);
        const [at, flags] =
          place.wide === null
            ? [place.rows[row]! - place.weights, first]
            : [row, first | layout.REFERENCE_PAYLOAD];
        refer(place.record, at, Math.max(0, learning), flags);
      }
      for (const span of spans) refer(span.record, span.offsets.get(this.#source)!, 0, 0);
      this.#source++;
      for (const { core, block, column } of notes.get(source) ?? []) {
        refer(this.#map.cores[core]!.blocks[block]!.record, column, 0, layout.REFERENCE_POST);
      }
      for (const to of (rewards.get(source) ?? []).flatMap((reward) => reward.cores)) {
        reached.push(to); // reward axons are axons of their own [HW 4.6]
        refer(this.#map.cores[to]!.rewardBlock, 0, 0, layout.REFERENCE_MESSAGE);
      }
      const hops = home === null ? [] : reached.map((to) => hopsBetween(home, this.#image.cores[to]!));
      const sum = (kind: keyof Hops): number => hops.reduce((all, one) => all + one[kind], 0);
      const isWithinTile = (one: Hops): boolean => one.eastWest + one.northSouth + one.interChip === 0;
      this.#writer.record(routes + (places === null ? source : places[source]!) * layout.ROUTE_STRIDE, {
        ROUTE_REFERENCES: first,
        ROUTE_COUNT: (next - first) / layout.REFERENCE_STRIDE,
        ROUTE_MESSAGES: reached.length,
        ROUTE_MESSAGES_WITHIN_TILE: hops.filter(isWithinTile).length,
        ROUTE_HOPS_EAST_WEST: sum('eastWest'),
        ROUTE_HOPS_NORTH_SOUTH: sum('northSouth'),
        ROUTE_HOPS_INTER_CHIP: sum('interChip'),
        ROUTE_WAYS: nextWays,
      });
      if (home !== null) nextWays = this.#ways(nextWays, source, reached, hops);
    }
  }

  /** Ways of one compartment. Returns the address behind them. */
  #ways(ways: number, rank: number, reached: readonly number[], hops: readonly Hops[]): number {
    const { layout } = this.#writer;
    const { hopEastWest, hopNorthSouth, linkBuffer } = this.#image.timing;
    this.#writer.record(ways, { WAYS_RANK: rank });
    hops.forEach(({ eastWest, northSouth, interChip }, i) => {
      this.#writer.record(ways + layout.WAYS_HEADER + i * layout.WAY_STRIDE, {
        WAY_CORE: this.#map.cores[reached[i]!]!.record,
        WAY_LATENCY: eastWest * hopEastWest + northSouth * hopNorthSouth,
        WAY_CAPACITY: (eastWest + northSouth + interChip + 1) * linkBuffer,
      });
    });
    return ways + layout.WAYS_HEADER + hops.length * layout.WAY_STRIDE;
  }
}
