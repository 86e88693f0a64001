// Writes what threads need into linear memory: their chip records, the queues, routes and schedules of their cores, and the
// places where cores tell each other what they send.

import type { ChipImage, RouteTable, SourceImage } from '../image/image.ts';
import type { Layout } from './core-module.ts';
import { bySource, QueueLoader } from './load-queues.ts';
import { ScheduleLoader } from './load-schedules.ts';
import type { MemoryMap } from './memory-map.ts';
import { RecordWriter } from './record-writer.ts';
import { owns, type ShardMap, type TeamMap } from './shard-map.ts';

export class ShardLoader {
  readonly #image: ChipImage;
  readonly #map: MemoryMap;
  readonly #team: TeamMap;
  readonly #layout: Layout;
  readonly #writer: RecordWriter;
  readonly #words: Int32Array;

  constructor(image: ChipImage, map: MemoryMap, team: TeamMap, layout: Layout, memory: ArrayBufferLike) {
    this.#image = image;
    this.#map = map;
    this.#team = team;
    this.#layout = layout;
    this.#writer = new RecordWriter(layout, memory);
    this.#words = new Int32Array(memory);
  }

  /** The image itself must have been loaded. */
  load(): void {
    const { record, shards, shares, shareMaps, arrivals, sums } = this.#team;
    this.#writer.record(record, {
      TEAM_SHARDS: shards[0]!.record,
      TEAM_SHARD_COUNT: shards.length,
      TEAM_CHIP: this.#map.chip,
      TEAM_SHARES: shares,
      TEAM_ARRIVALS: arrivals,
      TEAM_SUMS: sums,
    });
    for (const share of shareMaps.flat())
      this.#writer.record(share.record, { SHARE_SPIKES: share.spikes, SHARE_PAYLOADS: share.payloads });
    shards.forEach((shard, i) => {
      this.#loadShard(shard, i);
    });
  }

  #loadShard(shard: ShardMap, index: number): void {
    const owned = (core: number): boolean => owns(shard, core);
    this.#writer.record(shard.record, {
      SHARD_TEAM: this.#team.record,
      SHARD_INDEX: index,
      SHARD_CHIP: shard.chip,
      SHARD_PROGRAMS: shard.programs[0]!.record,
      SHARD_ROUTES: shard.routeTable,
    });
    const { chip } = this.#map;
    this.#words.copyWithin(shard.chip >> 2, chip >> 2, (chip + this.#layout.CHIP_STRIDE) >> 2);
    this.#writer.record(shard.chip, {
      CHIP_CORES: this.#map.cores[shard.first]!.record,
      CHIP_CORE_COUNT: shard.end - shard.first,
      CHIP_PORT_ROUTES: shard.portRoutes,
      CHIP_PENDING: shard.pending,
      CHIP_PROBES: shard.probes,
      CHIP_PROBE_COUNT: 0,
    });
    new ScheduleLoader(this.#image, this.#map, this.#writer).load(shard.programs, owned);
    this.#loadRoutes(shard, owned);
  }

  /** Routes name only the rows on the shard's cores; messages and hops are counted where the spikes come from. */
  #loadRoutes(shard: ShardMap, owned: (core: number) => boolean): void {
    const { cores, portRoutes } = this.#image;
    const { bundles, spans } = shard;
    const queues = new QueueLoader(this.#image, this.#map, this.#writer, { bundles, spans, owns: owned });
    queues.load();
    let next = shard.references;
    let number = 0;
    const load = (
      table: RouteTable,
      routes: number,
      stride: number,
      places: readonly number[] | null,
      sourceIndex: (from: SourceImage) => number,
    ): boolean => {
      const before = next;
      const further = {
        rewards: bySource(this.#image.rewards, sourceIndex),
        notes: bySource(this.#image.postNotes, sourceIndex),
      };
      for (let source = 0; source + 1 < table.start.length; source++) {
        const first = next;
        next = queues.refer(first, table, source, number++, further);
        this.#writer.record(routes + (places === null ? source : places[source]!) * stride, {
          ROUTE_REFERENCES: first,
          ROUTE_COUNT: (next - first) / this.#layout.REFERENCE_STRIDE,
        });
      }
      return next > before;
    };
    cores.forEach((core, c) => {
      const { groups } = this.#map.cores[c]!;
      const places = core.groups.flatMap(({ count }, g) =>
        Array.from({ length: count }, (_, k) => groups[g]!.first + k),
      );
      const here = (from: SourceImage): number =>
        from.kind === 'compartment' && from.core === c ? from.compartment : -1;
      const reaches = load(core.routes, shard.routes[c]!, this.#layout.SHARD_ROUTE_STRIDE, places, here);
      this.#writer.word(shard.routeTable + 4 * c, reaches ? shard.routes[c]! : 0);
    });
    const ofPort = (from: SourceImage): number => (from.kind === 'port' ? from.element : -1);
    load(portRoutes, shard.portRoutes, this.#layout.ROUTE_STRIDE, null, ofPort);
  }
}
