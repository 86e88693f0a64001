// The barrier's tree: a binary tree of the tiles in use. At each level every second tile tells its neighbour of that level
// that all below it are done; the message goes over the mesh's hops, and every tile on the way takes a time of its own. [HW 6.1]

import type { CycleTimingImage } from '../image/image.ts';
import type { Tile } from './cycle-map.ts';

export interface BarrierTree {
  /** Quanta from a tile's being done until the root knows, by tile. */
  readonly up: readonly number[];
  /** Quanta from the root's decision until the last tile knows. */
  readonly down: number;
}

/** The tree of a list of tiles, whose first one is the root. */
export function barrierTree(timing: CycleTimingImage, tiles: readonly Tile[]): BarrierTree {
  const edge = (from: Tile, to: Tile): number =>
    from.chip === to.chip
      ? Math.abs(from.x - to.x) * timing.hopEastWest + Math.abs(from.y - to.y) * timing.hopNorthSouth
      : timing.barrierChip;
  const up = tiles.map((_, i) => {
    let time = 0;
    let at = i;
    for (let span = 1; span < tiles.length; span *= 2) {
      // A tile whose partner of this level does not exist waits for nobody.
      const to = at & ~span;
      if (to === at && at + span >= tiles.length) continue;
      if (to !== at) time += edge(tiles[at]!, tiles[to]!);
      time += timing.barrierNode;
      at = to;
    }
    return time;
  });
  return { up, down: timing.barrierLocal + Math.max(...up) };
}
