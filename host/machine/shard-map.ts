// Where the records and tables of threads lie. They come last in memory, so that everything else lies where it does on one
// thread, and a snapshot fits any number of threads.

import type { ChipImage } from '../image/image.ts';
import type { Arena } from './arena.ts';
import { type BundleMap, mapSpan, QUEUE_SPARE, type SpanMap } from './block-map.ts';
import type { Layout } from './core-module.ts';
import type { CoreMap, MemoryMap } from './memory-map.ts';
import type { CoreRange } from './sharding.ts';
import { SharedQueues } from './shared-queues.ts';

/** Room for what a thread says of its failure. */
export const FAILURE_BYTES = 256;

export interface ShardMap extends CoreRange {
  readonly record: number;
  readonly chip: number;
  readonly pending: number;
  /** The parts of the network's bundles and spans that lie on the shard's cores. */
  readonly bundles: readonly BundleMap[];
  readonly spans: readonly SpanMap[];
  /** Address by core of the network of its compartments' routes. */
  readonly routeTable: number;
  readonly routes: readonly number[];
  readonly references: number;
  readonly portRoutes: number;
  readonly programs: readonly { readonly record: number; readonly entries: number }[];
  /** Working memory of neuron programs. */
  readonly programScratch: number;
  readonly probes: number;
}

/** Where a core tells all threads what it sends. */
interface ShareMap {
  readonly record: number;
  readonly spikes: number;
  readonly payloads: number;
}

export interface TeamMap {
  readonly record: number;
  readonly shards: readonly ShardMap[];
  readonly shares: number;
  /** [step of the ring][core] */
  readonly shareMaps: readonly (readonly ShareMap[])[];
  readonly arrivals: number;
  readonly sums: number;
  readonly failure: number;
}

export interface ShardOptions {
  readonly scratchBytes: number;
  readonly probeCount: number;
}

type Base = Pick<MemoryMap, 'cores' | 'bundles' | 'spans' | 'programScratch' | 'probes'>;

/** True if a shard has the core. */
export function owns({ first, end }: CoreRange, core: number): boolean {
  return core >= first && core < end;
}

/** The members of the network's bundles that lie on a shard's cores. */
function bundleParts(arena: Arena, layout: Layout, base: Base, range: CoreRange): BundleMap[] {
  return base.bundles.flatMap((bundle) => {
    const members = bundle.members.filter(({ core }) => owns(range, core));
    if (members.length === 0) return [];
    const queueCapacity = bundle.rows + QUEUE_SPARE;
    return [
      {
        ...bundle,
        members,
        record: arena.take(layout.BUNDLE_STRIDE),
        queue: arena.take(queueCapacity * 4),
        queueCapacity,
        memberRecords: arena.take(members.length * layout.MEMBER_STRIDE),
      },
    ];
  });
}

/** The same of spans: each source's list goes as far as the shard's cores do. */
function spanParts(arena: Arena, layout: Layout, base: Base, range: CoreRange): SpanMap[] {
  return base.spans.flatMap(({ members: all, rows: lists }) => {
    const first = all.findIndex(({ core }) => owns(range, core));
    if (first < 0) return [];
    const members = all.filter(({ core }) => owns(range, core));
    const end = first + members.length;
    const rows = new Map(
      [...lists]
        .map(([source, list]) => {
          const part = { rows: list.rows.slice(first, end), isMessage: list.isMessage.slice(first, end) };
          return [source, part] as const;
        })
        .filter(([, part]) => part.rows.some((row) => row >= 0)),
    );
    return rows.size === 0 ? [] : [mapSpan(arena, layout, { members, rows }, base.cores)];
  });
}

function mapShard(
  arena: Arena,
  layout: Layout,
  image: ChipImage,
  base: Base,
  range: CoreRange,
  index: number,
  record: number,
  { scratchBytes, probeCount }: ShardOptions,
): ShardMap {
  const chip = arena.take(layout.CHIP_STRIDE);
  const bundles = bundleParts(arena, layout, base, range);
  const spans = spanParts(arena, layout, base, range);
  const shared = new SharedQueues(bundles, spans);
  const further = image.rewards.reduce((sum, { cores }) => sum + cores.length, 0) + image.postNotes.length;
  const references = [...image.cores.map(({ routes }) => routes), image.portRoutes].reduce(
    (sum, table) => sum + shared.countReferences(image, table, 0, (core) => owns(range, core)),
    further,
  );
  const blocks = base.cores
    .slice(range.first, range.end)
    .reduce((sum, core) => sum + core.blocks.length, bundles.length + spans.length);
  const portElements = image.ports.reduce((sum, { size }) => sum + size, 0);
  const programRecords = arena.take(image.presentations.length * layout.PROGRAM_STRIDE);
  return {
    ...range,
    record,
    chip,
    pending: arena.take(blocks * 4),
    bundles,
    spans,
    routeTable: arena.take(image.cores.length * 4),
    routes: base.cores.map(({ padded }) => arena.take(padded * layout.SHARD_ROUTE_STRIDE)),
    references: arena.take(references * layout.REFERENCE_STRIDE),
    portRoutes: arena.take(Math.max(1, portElements) * layout.ROUTE_STRIDE),
    programs: image.presentations.map(({ entries }, p) => ({
      record: programRecords + p * layout.PROGRAM_STRIDE,
      entries: arena.take(Math.max(1, entries.length) * layout.ENTRY_STRIDE),
    })),
    // The first shard has what one thread would have.
    programScratch: index === 0 ? base.programScratch : arena.take(scratchBytes),
    probes: index === 0 ? base.probes : arena.take(probeCount * layout.PROBE_STRIDE),
  };
}

function mapShare(arena: Arena, record: number, { padded, payloads }: CoreMap): ShareMap {
  return {
    record,
    spikes: arena.take(padded * 2),
    payloads: payloads === 0 ? 0 : arena.take(padded * 4),
  };
}

/** Lays out what threads need, behind everything else. */
export function mapTeam(
  arena: Arena,
  layout: Layout,
  image: ChipImage,
  base: Base,
  ranges: readonly CoreRange[],
  options: ShardOptions,
): TeamMap {
  const steps = layout.RING_STEPS;
  const record = arena.take(layout.TEAM_STRIDE);
  const shardRecords = arena.take(ranges.length * layout.SHARD_STRIDE);
  const shards = ranges.map((range, i) =>
    mapShard(arena, layout, image, base, range, i, shardRecords + i * layout.SHARD_STRIDE, options),
  );
  const shares = arena.take(steps * base.cores.length * layout.SHARE_STRIDE);
  const shareMaps = Array.from({ length: steps }, (_, step) =>
    base.cores.map((core, c) =>
      mapShare(arena, shares + (step * base.cores.length + c) * layout.SHARE_STRIDE, core),
    ),
  );
  return {
    record,
    shards,
    shares,
    shareMaps,
    arrivals: arena.take(steps * ranges.length * base.cores.length * layout.CORE_STRIDE),
    sums: arena.take(steps * ranges.length * layout.SUM_STRIDE),
    failure: arena.take(FAILURE_BYTES),
  };
}
