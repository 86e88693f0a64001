// Time of the barrier that ends a step, as a function of the tiles that take part [HW 6.1, 6.2]. Linear between the
// points of the table and constant outside them: an assumption, no source interpolates [A].

import * as z from 'zod';
import { measure, TABLES } from './field.ts';

export interface BarrierPoint {
  readonly tiles: number;
  /** Seconds. */
  readonly time: number;
}

/** In a file a map from the number of tiles to the time; here points in ascending order of tiles. */
export const barrierSchema = z
  .record(z.string().regex(/^[1-9][0-9]{0,8}$/), measure('s', 'Barrier time at this number of mapped tiles.'))
  .refine((table) => Object.keys(table).length > 0, { message: 'must have at least one point' })
  .transform((table): readonly BarrierPoint[] => {
    const points = Object.entries(table).map(([tiles, time]) =>
      Object.freeze({ tiles: Number(tiles), time }),
    );
    return Object.freeze(points.sort((a, b) => a.tiles - b.tiles));
  })
  .describe('Barrier time by number of mapped tiles: a map from tiles to a time.');
TABLES.add(barrierSchema, { isTable: true });

/**
 * Seconds that the barrier takes.
 *
 * @param points ascending in tiles, at least one
 * @param tiles mapped tiles, 0 or more
 * @throws RangeError if there is no point
 */
export function barrierTime(points: readonly BarrierPoint[], tiles: number): number {
  const after = points.findIndex((point) => point.tiles >= tiles);
  const upper = points[after] ?? points.at(-1);
  if (upper === undefined) throw new RangeError('a barrier table has at least one point');
  const lower = after > 0 ? points[after - 1] : undefined;
  if (lower === undefined) return upper.time;
  const share = (tiles - lower.tiles) / (upper.tiles - lower.tiles);
  return lower.time + share * (upper.time - lower.time);
}
