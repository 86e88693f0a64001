// Rasters of events as spikes: each place with an event spikes once. Images are recorded by a camera first.

import { CounterHash, Stream } from '../../data/counter-hash.ts';
import { CAMERA_SIDE, RASTER_COLUMNS, RASTER_ROWS, rasterRow } from '../../data/event-raster.ts';
import { SaccadeCamera } from '../../data/saccade-camera.ts';
import type { EventList } from '../../machine/event-list.ts';
import type { Encoder } from '../common/encoder.ts';

/** The inputs of a raster's rows: one for each of the `side` x `side` pixels in the middle, -1 for the others. */
function inputsOfRows(side: number): Int32Array {
  const margin = Math.floor((CAMERA_SIDE - side) / 2);
  const inputs = new Int32Array(RASTER_ROWS).fill(-1);
  for (let input = 0; input < 2 * side * side; input++) {
    const [polarity, pixel] = [Math.floor(input / (side * side)), input % (side * side)];
    inputs[rasterRow(polarity, margin + Math.floor(pixel / side), margin + (pixel % side))] = input;
  }
  return inputs;
}

/** Samples are rasters; in training a share of the spikes is left out. */
export class RasterEncoder implements Encoder {
  readonly #inputs: Int32Array;
  /** A raster in whole words: most of them are 0. */
  readonly #words = new Int32Array(Math.ceil((RASTER_ROWS * RASTER_COLUMNS) / 4));
  readonly #bytes = new Uint8Array(this.#words.buffer);
  readonly #dropout: number;
  readonly #seed: number;

  /** @param dropout in 1/256 */
  constructor(side: number, dropout: number, seed: number) {
    this.#inputs = inputsOfRows(side);
    this.#dropout = dropout;
    this.#seed = seed;
  }

  #push(events: EventList, first: number, raster: Uint8Array, dropout: number, n: number): void {
    const draws = new CounterHash(this.#seed, Stream.inputDropout, n);
    const words = this.#words;
    const bytes = this.#bytes;
    bytes.set(raster);
    for (let word = 0; word < words.length; word++) {
      if (words[word] === 0) continue;
      for (let place = 4 * word; place < 4 * word + 4; place++) {
        if (bytes[place] === 0) continue;
        const row = Math.floor(place / RASTER_COLUMNS);
        const input = this.#inputs[row]!;
        if (input < 0) continue;
        if (dropout === 0 || draws.next() >>> 24 >= dropout)
          events.push(place - row * RASTER_COLUMNS, first + input);
      }
    }
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
