// An event camera that looks at an image while it makes three saccades, as N-MNIST was recorded (Orchard et al. 2015): the
// image moves over the pixels along a triangle, and a pixel reports whenever the logarithm of the light that it sees has
// risen or fallen by its threshold since its last report.
//
// What it does not model: the time between two events of a pixel at least, and the order of events within a column of the
// raster. N-MNIST's camera looked at a screen; nothing of the screen is modelled.

import { CounterHash, Stream } from './counter-hash.ts';
import { CAMERA_SIDE, RASTER_COLUMNS, RASTER_MS, rasterRow } from './event-raster.ts';

/** Corners of the way, in pixels from its middle, as [y, x]; it starts and ends at the first. */
const CORNERS = [
  [-2.5, -2.5],
  [2.5, 0],
  [-2.5, 2.5],
] as const;
const SACCADE_MS = 105;
/** Of movement in a saccade; it rests for the others. */
const MOVING_MS = 90;
const STEP_MS = 5;
/** Light of a pixel without ink; full ink adds 1. Ink on a screen is never quite dark. */
const DARK = 0.1;
/** Change of the logarithm that a pixel reports, and the deviation of single pixels from it. */
const THRESHOLD = 0.35;
const THRESHOLD_SPREAD = 0.03;
/** Events that nothing caused, for each pixel and second. */
const NOISE_HZ = 0.3;

const PIXELS = CAMERA_SIDE * CAMERA_SIDE;
const STEPS = (CORNERS.length * SACCADE_MS) / STEP_MS;

/** Where the image is after `ms`, from its middle: [y, x]. It speeds up and slows down like a half wave. */
function positionAt(ms: number): readonly [number, number] {
  const saccade = Math.min(CORNERS.length - 1, Math.floor(ms / SACCADE_MS));
  const moved = Math.min(1, (ms - saccade * SACCADE_MS) / MOVING_MS);
  const share = (1 - Math.cos(Math.PI * moved)) / 2;
  const [fromY, fromX] = CORNERS[saccade]!;
  const [toY, toX] = CORNERS[(saccade + 1) % CORNERS.length]!;
  return [fromY + share * (toY - fromY), fromX + share * (toX - fromX)];
}

/** The camera of a run: its pixels differ from those of another, and no recording is like another. */
export class SaccadeCamera {
  readonly #seed: number;
  readonly #height: number;
  readonly #width: number;
  readonly #threshold: Float64Array;
  readonly #logarithms = Float64Array.from({ length: 256 }, (_, grey) => Math.log(DARK + grey / 255));
  readonly #reported = new Float64Array(PIXELS);

  /** Height and width of the images, in pixels of the camera. */
  constructor(height: number, width: number, seed: number) {
    this.#height = height;
    this.#width = width;
    this.#seed = seed;
    const random = new CounterHash(seed, Stream.cameraPixel, 0);
    this.#threshold = Float64Array.from({ length: PIXELS }, () => {
      return THRESHOLD + THRESHOLD_SPREAD * random.normal();
    });
  }

  /**
   * Logarithm of the light at each pixel, the image moved by (y, x): between its four nearest image pixels, which is how a
   * pixel of the camera sees edges that pass.
   */
  #look(image: Uint8Array, y: number, x: number, visit: (pixel: number, light: number) => void): void {
    const height = this.#height;
    const width = this.#width;
    const top = (CAMERA_SIDE - height) / 2 + y;
    const left = (CAMERA_SIDE - width) / 2 + x;
    const at = (row: number, column: number): number => {
      const isInside = row >= 0 && row < height && column >= 0 && column < width;
      return this.#logarithms[isInside ? image[row * width + column]! : 0]!;
    };
    for (let row = 0; row < CAMERA_SIDE; row++) {
      const imageRow = Math.floor(row - top);
      const down = row - top - imageRow;
      for (let column = 0; column < CAMERA_SIDE; column++) {
        const imageColumn = Math.floor(column - left);
        const right = column - left - imageColumn;
        const upper = at(imageRow, imageColumn) * (1 - right) + at(imageRow, imageColumn + 1) * right;
        const lower = at(imageRow + 1, imageColumn) * (1 - right) + at(imageRow + 1, imageColumn + 1) * right;
        visit(row * CAMERA_SIDE + column, upper * (1 - down) + lower * down);
      }
    }
  }

  /**
   * Records an image.
   * @param raster uint8, [row][column] as in event-raster.ts: events in each place
   * @param recording number of the recording; uint32
   */
  record(raster: Uint8Array, image: Uint8Array, recording: number): void {
    raster.fill(0);
    const reported = this.#reported;
    const [startY, startX] = positionAt(0);
    this.#look(image, startY, startX, (pixel, light) => {
      reported[pixel] = light;
    });
    for (let step = 1; step <= STEPS; step++) {
      const ms = step * STEP_MS;
      // What happens up to the end of a column belongs to it.
      const column = Math.ceil(ms / RASTER_MS) - 1;
      const [y, x] = positionAt(ms);
      this.#look(image, y, x, (pixel, light) => {
        const change = light - reported[pixel]!;
        const threshold = this.#threshold[pixel]!;
        const events = Math.floor(Math.abs(change) / threshold);
        if (events === 0) return;
        reported[pixel] = reported[pixel]! + Math.sign(change) * events * threshold;
        const at =
          rasterRow(change > 0 ? 1 : 0, Math.floor(pixel / CAMERA_SIDE), pixel % CAMERA_SIDE) *
            RASTER_COLUMNS +
          column;
        raster[at] = Math.min(255, raster[at]! + events);
      });
    }
    this.#addNoise(raster, recording);
  }

  #addNoise(raster: Uint8Array, recording: number): void {
    const random = new CounterHash(this.#seed, Stream.cameraNoise, recording);
    const columns = (STEPS * STEP_MS) / RASTER_MS;
    const mean = (PIXELS * NOISE_HZ * STEPS * STEP_MS) / 1000;
    const events = Math.max(0, Math.round(mean + Math.sqrt(mean) * random.normal()));
    for (let i = 0; i < events; i++) {
      const at = random.below(2 * PIXELS) * RASTER_COLUMNS + random.below(Math.floor(columns));
      if (raster[at]! < 255) raster[at]!++;
    }
  }
}
