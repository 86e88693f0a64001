// The camera against what it is said to do, and rasters against the recordings that they are made from.

import { describe, expect, it } from 'vitest';
import {
  CAMERA_SIDE,
  fillRaster,
  RASTER_COLUMNS,
  RASTER_ROWS,
  rasterRow,
} from '../../../host/data/event-raster.ts';
import { SaccadeCamera } from '../../../host/data/saccade-camera.ts';

const SIDE = 28;
const NOISE_PER_RECORDING = 34 * 34 * 0.3 * 0.315;

/** A square of ink in the middle. */
const square = Uint8Array.from({ length: SIDE * SIDE }, (_, i) => {
  const [y, x] = [Math.floor(i / SIDE), i % SIDE];
  return y >= 10 && y < 18 && x >= 10 && x < 18 ? 255 : 0;
});

function record(image: Uint8Array, seed = 1, recording = 0): Uint8Array {
  const raster = new Uint8Array(RASTER_ROWS * RASTER_COLUMNS);
  new SaccadeCamera(SIDE, SIDE, seed).record(raster, image, recording);
  return raster;
}

/** Events of a polarity, in columns first..last, of pixels that `where` takes. */
function count(
  raster: Uint8Array,
  polarity: number,
  where: (y: number, x: number) => boolean,
  [first, last] = [0, RASTER_COLUMNS - 1],
): number {
  let events = 0;
  for (let y = 0; y < CAMERA_SIDE; y++)
    for (let x = 0; x < CAMERA_SIDE; x++)
      for (let column = first!; column <= last! && where(y, x); column++)
        events += raster[rasterRow(polarity, y, x) * RASTER_COLUMNS + column]!;
  return events;
}

describe('the saccade camera', () => {
  it('sees nothing but noise in an empty image', () => {
    const events = record(new Uint8Array(SIDE * SIDE)).reduce((sum, each) => sum + each, 0);
    expect(Math.abs(events - NOISE_PER_RECORDING)).toBeLessThan(6 * Math.sqrt(NOISE_PER_RECORDING));
  });

  it('sees the leading edge get brighter and the trailing one darker', () => {
    const raster = record(square);
    // In the first saccade the image moves down, and to the right by half of that: 10 of its columns of 10 ms.
    const lower = (y: number): boolean => y > 17;
    const upper = (y: number): boolean => y < 16;
    const first: [number, number] = [0, 9];
    expect(count(raster, 1, lower, first)).toBeGreaterThan(4 * count(raster, 0, lower, first));
    expect(count(raster, 0, upper, first)).toBeGreaterThan(4 * count(raster, 1, upper, first));
  });

  it('reports as much up as down at each pixel, since the image comes back', () => {
    const raster = record(square);
    let worst = 0;
    for (let y = 0; y < CAMERA_SIDE; y++)
      for (let x = 0; x < CAMERA_SIDE; x++) {
        const here = (row: number, column: number): boolean => row === y && column === x;
        worst = Math.max(worst, Math.abs(count(raster, 1, here) - count(raster, 0, here)));
      }
    // The last change may stay below the threshold; noise adds its own.
    expect(worst).toBeLessThanOrEqual(3);
  });

  it('rests at the corners', () => {
    const events = (column: number): number =>
      count(record(square), 0, () => true, [column, column]) +
      count(record(square), 1, () => true, [column, column]);
    expect(events(4)).toBeGreaterThan(10 * Math.max(1, events(9)));
  });

  it('is a function of seed and recording', () => {
    expect(record(square, 1, 5)).toEqual(record(square, 1, 5));
    expect(record(square, 1, 5)).not.toEqual(record(square, 1, 6));
    expect(record(square, 1, 5)).not.toEqual(record(square, 2, 5));
  });
});

describe('a raster', () => {
  it('counts events by polarity, pixel and 10 ms, and leaves out what lies beyond', () => {
    const raster = new Uint8Array(RASTER_ROWS * RASTER_COLUMNS).fill(9);
    fillRaster(raster, {
      count: 6,
      x: Uint16Array.of(3, 3, 3, 33, 34, 5),
      y: Uint16Array.of(2, 2, 2, 33, 0, 5),
      polarity: Uint8Array.of(1, 1, 0, 0, 0, 1),
      time: Uint32Array.of(10_000, 19_999, 20_000, 339_999, 0, 340_000),
      origin: 0,
    });
    const at = (polarity: number, y: number, x: number, column: number): number =>
      raster[rasterRow(polarity, y, x) * RASTER_COLUMNS + column]!;
    expect(at(1, 2, 3, 1)).toBe(2);
    expect(at(0, 2, 3, 2)).toBe(1);
    expect(at(0, 33, 33, 33)).toBe(1);
    expect(raster.reduce((sum, each) => sum + each, 0)).toBe(4);
  });
});
