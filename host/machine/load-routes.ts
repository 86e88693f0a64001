// Routes: what a spike of each compartment and port element reaches, and the messages and hops it takes.

import type { ChipImage, CoreImage, RouteTable, SourceImage } from '../image/image.ts';
import type { MemoryMap } from './memory-map.ts';
import type { RecordWriter } from './record-writer.ts';

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

export class RouteLoader {
  readonly #image: ChipImage;
  readonly #map: MemoryMap;
  readonly #writer: RecordWriter;

  constructor(image: ChipImage, map: MemoryMap, writer: RecordWriter) {
    this.#image = image;
    this.#map = map;
    this.#writer = writer;
  }

  load(): void {
    this.#image.cores.forEach((core, c) => {
      const map = this.#map.cores[c]!;
      // Routes follow the padded order of compartments, the image's table the unpadded one.
      const padded = core.groups.flatMap((group, g) =>
        Array.from({ length: group.count }, (_, k) => map.groups[g]!.first + k),
      );
      const here = (from: SourceImage): number =>
        from.kind === 'compartment' && from.core === c ? from.compartment : -1;
      this.#routeTable(core.routes, map.routes, map.references, padded, core, here);
    });
    const ofPort = (from: SourceImage): number => (from.kind === 'port' ? from.element : -1);
    this.#routeTable(
      this.#image.portRoutes,
      this.#map.portRoutes,
      this.#map.portReferences,
      null,
      null,
      ofPort,
    );
  }

  /**
   * Route and reference records of a list of sources; `home` is the core they are on, null for ports. `sourceIndex` is
   * the place of a source in the list, -1 if it is not there.
   */
  #routeTable(
    table: RouteTable,
    routes: number,
    references: number,
    places: readonly number[] | null,
    home: CoreImage | null,
    sourceIndex: (from: SourceImage) => number,
  ): void {
    const { layout } = this.#writer;
    const rewards = bySource(this.#image.rewards, sourceIndex);
    const notes = bySource(this.#image.postNotes, sourceIndex);
    let next = references;
    const refer = (block: number, row: number, axon: number, flags: number): void => {
      this.#writer.record(next, { REFERENCE_BLOCK: block | flags, REFERENCE_ROW: row, REFERENCE_AXON: axon });
      next += layout.REFERENCE_STRIDE;
    };
    for (let source = 0; source + 1 < table.start.length; source++) {
      const first = next;
      const reached: number[] = []; // one message each
      for (let i = table.start[source]!; i < table.start[source + 1]!; i++) {
        const to = table.core[i]!;
        reached.push(to);
        const map = this.#map.cores[to]!;
        const axon = this.#image.cores[to]!.axons[table.axon[i]!]!;
        const learning = axon.profile >= 0 ? table.axon[i]! - map.firstLearningAxon : -1;
        for (let k = 0; k < axon.rows.length; k += 2) {
          const place = map.blocks[axon.rows[k]!]!;
          const first = k > 0 ? 0 : layout.REFERENCE_MESSAGE | (learning >= 0 ? layout.REFERENCE_NOTES : 0);
          const row = axon.rows[k + 1]!;
          const [at, flags] =
            place.wide === null ? [place.rows[row]!, first] : [row, first | layout.REFERENCE_PAYLOAD];
          refer(place.record, at, Math.max(0, learning), flags);
        }
      }
      for (const { core, block, column } of notes.get(source) ?? []) {
        refer(this.#map.cores[core]!.blocks[block]!.record, column, 0, layout.REFERENCE_POST);
      }
      for (const to of (rewards.get(source) ?? []).flatMap((reward) => reward.cores)) {
        reached.push(to); // reward axons are axons of their own [HW 4.6]
        refer(this.#map.cores[to]!.rewardBlock, 0, 0, layout.REFERENCE_MESSAGE);
      }
      const hops = this.#hops(home, reached);
      this.#writer.record(routes + (places === null ? source : places[source]!) * layout.ROUTE_STRIDE, {
        ROUTE_REFERENCES: first,
        ROUTE_COUNT: (next - first) / layout.REFERENCE_STRIDE,
        ROUTE_MESSAGES: reached.length,
        ROUTE_MESSAGES_WITHIN_TILE: hops.withinTile,
        ROUTE_HOPS_EAST_WEST: hops.eastWest,
        ROUTE_HOPS_NORTH_SOUTH: hops.northSouth,
        ROUTE_HOPS_INTER_CHIP: hops.interChip,
      });
    }
  }

  /** Hops of one message to each reached core, first along x, then along y. [HW 5] */
  #hops(
    home: CoreImage | null,
    reached: readonly number[],
  ): { withinTile: number; eastWest: number; northSouth: number; interChip: number } {
    const sum = { withinTile: 0, eastWest: 0, northSouth: 0, interChip: 0 };
    if (home === null) return sum;
    for (const to of reached) {
      const place = this.#image.cores[to]!.place;
      const eastWest = Math.abs(place.x - home.place.x);
      const northSouth = Math.abs(place.y - home.place.y);
      const interChip = Math.abs(place.chip - home.place.chip);
      if (eastWest + northSouth + interChip === 0) sum.withinTile++;
      sum.eastWest += eastWest;
      sum.northSouth += northSouth;
      sum.interChip += interChip;
    }
    return sum;
  }
}
