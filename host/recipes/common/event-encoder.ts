// Rasters of events as spikes: each place with an event spikes once. Images are recorded by a camera first.

import { CounterHash, Stream } from '../../data/counter-hash.ts';
import { CAMERA_SIDE, RASTER_COLUMNS, RASTER_ROWS } from '../../data/event-raster.ts';
import { SaccadeCamera } from '../../data/saccade-camera.ts';
import type { EventList } from '../../machine/event-list.ts';
import type { Encoder } from './encoder.ts';

/** Rows of a raster are the pixels of a square camera for each of two polarities, row by row; columns are steps. */
export interface RasterShape {
  readonly cameraSide: number;
  readonly columns: number;
}

/** The rasters that recordings are made into, and what the camera that images go through sees. */
const RECORDED: RasterShape = { cameraSide: CAMERA_SIDE, columns: RASTER_COLUMNS };

/** How rasters become spikes. */
export interface RasterCode {
  /** The pixels in the middle that are inputs, on a side. */
  readonly side: number;
  /** Columns that are presented; all, if it is not given. */
  readonly steps?: number;
  /** Spikes left out in training, in 1/256. */
  readonly dropout: number;
}

/** The inputs of a raster's rows, -1 for pixels that are none. */
function inputsOfRows(cameraSide: number, side: number): Int32Array {
  const margin = Math.floor((cameraSide - side) / 2);
  const inputs = new Int32Array(2 * cameraSide * cameraSide).fill(-1);
  for (let input = 0; input < 2 * side * side; input++) {
    const [polarity, pixel] = [Math.floor(input / (side * side)), input % (side * side)];
    const [y, x] = [margin + Math.floor(pixel / side), margin + (pixel % side)];
    inputs[(polarity * cameraSide + y) * cameraSide + x] = input;
  }
  return inputs;
}

/** Samples are rasters; in training a share of the spikes is left out. */
export class RasterEncoder implements Encoder {
  readonly #inputs: Int32Array;
  readonly #columns: number;
  readonly #steps: number;
  /** A raster in whole words: most of them are 0. */
  readonly #words: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #dropout: number;
  readonly #seed: number;

  constructor({ side, steps, dropout }: RasterCode, seed: number, { cameraSide, columns } = RECORDED) {
    this.#inputs = inputsOfRows(cameraSide, side);
    this.#columns = columns;
    this.#steps = Math.min(columns, steps ?? columns);
    this.#words = new Int32Array(Math.ceil((this.#inputs.length * columns) / 4));
    this.#bytes = new Uint8Array(this.#words.buffer);
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
        const row = Math.floor(place / this.#columns);
        const step = place - row * this.#columns;
        const input = this.#inputs[row]!;
        if (input < 0 || step >= this.#steps) continue;
        if (dropout === 0 || draws.next() >>> 24 >= dropout) events.push(step, first + input);
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

  /** Of images of that height and width. */
  constructor(height: number, width: number, code: RasterCode, seed: number) {
    this.#camera = new SaccadeCamera(height, width, seed);
    this.#rasters = new RasterEncoder(code, seed);
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
