// Routes: what a spike of each compartment and port element reaches, the messages and hops it takes, and how long
// each of a compartment's messages is under way.

import type { ChipImage, CoreImage, RouteTable, SourceImage } from '../image/image.ts';
import { bySource, QueueLoader } from './load-queues.ts';
import type { MemoryMap } from './memory-map.ts';
import type { RecordWriter } from './record-writer.ts';

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
  readonly #queues: QueueLoader;
  /** Number of the source that is next, over all tables. */
  #source = 0;

  constructor(image: ChipImage, map: MemoryMap, writer: RecordWriter) {
    this.#image = image;
    this.#map = map;
    this.#writer = writer;
    const { bundles, spans } = map;
    this.#queues = new QueueLoader(image, map, writer, { bundles, spans, owns: () => true });
  }

  load(): void {
    this.#queues.load();
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
    const further = {
      rewards: bySource(this.#image.rewards, sourceIndex),
      notes: bySource(this.#image.postNotes, sourceIndex),
    };
    let next = references;
    let nextWays = ways;
    for (let source = 0; source + 1 < table.start.length; source++) {
      const first = next;
      const reached: number[] = []; // one message each
      for (let i = table.start[source]!; i < table.start[source + 1]!; i++) reached.push(table.core[i]!);
      // Reward axons are axons of their own. [HW 4.6]
      for (const { cores } of further.rewards.get(source) ?? []) reached.push(...cores);
      next = this.#queues.refer(first, table, source, this.#source++, further);
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
