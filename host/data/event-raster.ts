// Recordings of an event camera as rasters: one row for each polarity and pixel, one column for each stretch of time. What
// sees images sees them too.

import type { EventStream } from './event-stream.ts';

/** N-MNIST's camera: pixels on a side, and the longest of its recordings. */
export const CAMERA_SIDE = 34;
export const RECORDING_MS = 340;
/** Of a column. */
export const RASTER_MS = 10;
export const RASTER_ROWS = 2 * CAMERA_SIDE * CAMERA_SIDE;
export const RASTER_COLUMNS = RECORDING_MS / RASTER_MS;

/** Row of a pixel: those where it gets darker come first. */
export const rasterRow = (polarity: number, y: number, x: number): number =>
  (polarity * CAMERA_SIDE + y) * CAMERA_SIDE + x;

/**
 * Counts the events of a recording into a raster, up to 255 in each place. Events beyond its edges are left out, and those
 * beyond its end, of which N-MNIST has none.
 * @param raster uint8, [row][column]
 */
export function fillRaster(raster: Uint8Array, { count, x, y, polarity, time }: EventStream): void {
  raster.fill(0);
  for (let i = 0; i < count; i++) {
    const column = Math.floor(time[i]! / (1000 * RASTER_MS));
    if (column >= RASTER_COLUMNS || x[i]! >= CAMERA_SIDE || y[i]! >= CAMERA_SIDE) continue;
    const at = rasterRow(polarity[i]!, y[i]!, x[i]!) * RASTER_COLUMNS + column;
    if (raster[at]! < 255) raster[at]!++;
  }
}
