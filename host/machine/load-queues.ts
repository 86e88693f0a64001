// Queues that several blocks share, and references: which row of which queue a source's spikes go to. Of the whole network, or
// of the cores of one thread.

import type { ChipImage, RouteTable, SourceImage } from '../image/image.ts';
import type { BundleMap, SpanMap } from './block-map.ts';
import { accumulatorOf, type MemoryMap } from './memory-map.ts';
import type { RecordWriter } from './record-writer.ts';
import { rowsReached } from './sources.ts';
import { listWeight } from './synapse-lists.ts';

/** Items by the place of their source in a list; those of other sources are under -1. */
export function bySource<T extends { readonly from: SourceImage }>(
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

/** Bundles and spans, and the cores whose rows the references name. */
export interface Queues {
  readonly bundles: readonly BundleMap[];
  readonly spans: readonly SpanMap[];
  readonly owns: (core: number) => boolean;
}

/** The reward channels and wide blocks that the sources of a list reach beside rows, by the source's place in it. */
export interface FurtherTargets {
  readonly rewards: ReadonlyMap<number, readonly ChipImage['rewards'][number][]>;
  readonly notes: ReadonlyMap<number, readonly ChipImage['postNotes'][number][]>;
}

export class QueueLoader {
  readonly #image: ChipImage;
  readonly #map: MemoryMap;
  readonly #writer: RecordWriter;
  readonly #queues: Queues;
  /** Bundle record by the record of its first block; 0 for its other blocks, which need no reference. */
  readonly #bundleOf = new Map<number, number>();
  /** Span by the record of each of its blocks. */
  readonly #spanOf = new Map<number, SpanMap>();

  constructor(image: ChipImage, map: MemoryMap, writer: RecordWriter, queues: Queues) {
    this.#image = image;
    this.#map = map;
    this.#writer = writer;
    this.#queues = queues;
  }

  load(): void {
    for (const bundle of this.#queues.bundles) this.#loadBundle(bundle);
    for (const span of this.#queues.spans) this.#loadSpan(span);
  }

  #loadBundle({ record, queue, queueCapacity, columnStride, members, memberRecords }: BundleMap): void {
    const { layout } = this.#writer;
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

  #loadSpan(span: SpanMap): void {
    const { layout } = this.#writer;
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
   * Writes the references of the source at `index` of a table, which has the number `source` over all tables. Returns the
   * address behind the last one.
   */
  refer(address: number, table: RouteTable, index: number, source: number, further: FurtherTargets): number {
    const { layout } = this.#writer;
    const { owns } = this.#queues;
    let next = address;
    const write = (record: number, row: number, axon: number, flags: number): void => {
      this.#writer.record(next, {
        REFERENCE_BLOCK: record | flags,
        REFERENCE_ROW: row,
        REFERENCE_AXON: axon,
      });
      next += layout.REFERENCE_STRIDE;
    };
    const spans = new Set<SpanMap>();
    for (const { core, block, row, isMessage, axonNumber, axon } of rowsReached(this.#image, table, index)) {
      if (!owns(core)) continue;
      const map = this.#map.cores[core]!;
      const place = map.blocks[block]!;
      const span = this.#spanOf.get(place.record);
      if (span !== undefined) {
        spans.add(span);
        continue;
      }
      const bundle = this.#bundleOf.get(place.record);
      if (bundle !== undefined) {
        if (bundle !== 0) write(bundle, row * place.columnStride, 0, 0);
        continue;
      }
      const learning = isMessage && axon.profile >= 0 ? axonNumber - map.firstLearningAxon : -1;
      const first = (isMessage ? layout.REFERENCE_MESSAGE : 0) | (learning >= 0 ? layout.REFERENCE_NOTES : 0);
      const [at, flags] =
        place.wide === null
          ? [place.rows[row]! - place.weights, first]
          : [row, first | layout.REFERENCE_PAYLOAD];
      write(place.record, at, Math.max(0, learning), flags);
    }
    for (const span of spans) write(span.record, span.offsets.get(source)!, 0, 0);
    for (const { core, block, column } of further.notes.get(index) ?? []) {
      if (owns(core)) write(this.#map.cores[core]!.blocks[block]!.record, column, 0, layout.REFERENCE_POST);
    }
    for (const core of (further.rewards.get(index) ?? []).flatMap(({ cores }) => cores)) {
      if (owns(core)) write(this.#map.cores[core]!.rewardBlock, 0, 0, layout.REFERENCE_MESSAGE);
    }
    return next;
  }
}
