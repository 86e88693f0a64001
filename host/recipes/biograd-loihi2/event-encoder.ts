// Rasters of events as spikes: each place with an event spikes once. Images are recorded by a camera first.

import { CounterHash, Stream } from '../../data/counter-hash.ts';
import { CAMERA_SIDE, RASTER_COLUMNS, RASTER_ROWS, rasterRow } from '../../data/event-raster.ts';
import { SaccadeCamera } from '../../data/saccade-camera.ts';
import type { EventList } from '../../machine/event-list.ts';
import type { Encoder } from '../common/encoder.ts';

/** Rows of the raster that belong to the `side` x `side` pixels in the middle, in the order of the inputs. */
function middleRows(side: number): Int32Array {
  const margin = Math.floor((CAMERA_SIDE - side) / 2);
  return Int32Array.from({ length: 2 * side * side }, (_, input) => {
    const [polarity, pixel] = [Math.floor(input / (side * side)), input % (side * side)];
    return rasterRow(polarity, margin + Math.floor(pixel / side), margin + (pixel % side));
  });
}

/** Samples are rasters; in training a share of the spikes is left out. */
export class RasterEncoder implements Encoder {
  readonly #rows: Int32Array;
  readonly #dropout: number;
  readonly #seed: number;

  /** @param dropout in 1/256 */
  constructor(side: number, dropout: number, seed: number) {
    this.#rows = middleRows(side);
    this.#dropout = dropout;
    this.#seed = seed;
  }

  #push(events: EventList, first: number, raster: Uint8Array, dropout: number, n: number): void {
    const draws = new CounterHash(this.#seed, Stream.inputDropout, n);
    this.#rows.forEach((row, input) => {
      for (let column = 0; column < RASTER_COLUMNS; column++) {
        if (raster[row * RASTER_COLUMNS + column] === 0) continue;
        if (dropout === 0 || draws.next() >>> 24 >= dropout) events.push(column, first + input);
      }
    });
  }

  encode(events: EventList, first: number, raster: Uint8Array): void {
    this.#push(events, first, raster, 0, 0);
  }

  encodeForTraining(events: EventList, first: number, raster: Uint8Array, n: number): void {
    this.#push(events, first, raster, this.#dropout, n);
  }
}

/** Samples are images; a test image is recorded under a number that no training presentation has. */
export class CameraEncoder implements Encoder {
  readonly #camera: SaccadeCamera;
  readonly #rasters: RasterEncoder;
  readonly #raster = new Uint8Array(RASTER_ROWS * RASTER_COLUMNS);

  /** Of images of that height and width; the rest as {@link RasterEncoder}. */
  constructor(height: number, width: number, side: number, dropout: number, seed: number) {
    this.#camera = new SaccadeCamera(height, width, seed);
    this.#rasters = new RasterEncoder(side, dropout, seed);
  }

  encode(events: EventList, first: number, image: Uint8Array): void {
    this.#camera.record(this.#raster, image, 0xffffffff);
    this.#rasters.encode(events, first, this.#raster);
  }

  encodeForTraining(events: EventList, first: number, image: Uint8Array, n: number): void {
    this.#camera.record(this.#raster, image, n);
    this.#rasters.encodeForTraining(events, first, this.#raster, n);
  }
}
