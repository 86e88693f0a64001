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
/** Dark around the image, on each side of what the camera sees: as far as the image moves, and a pixel between two. */
const AROUND = 4;
const PADDED_SIDE = CAMERA_SIDE + 2 * AROUND;

/** Where the image is after `ms`, from its middle: [y, x]. It speeds up and slows down like a half wave. */
function positionAt(ms: number): readonly [number, number] {
  const saccade = Math.min(CORNERS.length - 1, Math.floor(ms / SACCADE_MS));
  const moved = Math.min(1, (ms - saccade * SACCADE_MS) / MOVING_MS);
  const share = (1 - Math.cos(Math.PI * moved)) / 2;
  const [fromY, fromX] = CORNERS[saccade]!;
  const [toY, toX] = CORNERS[(saccade + 1) % CORNERS.length]!;
  return [fromY + share * (toY - fromY), fromX + share * (toX - fromX)];
}

/** Where each line of the camera's pixels looks: between a line of the padded image and the next, `share` of the way. */
interface Lines {
  readonly lines: Int32Array;
  readonly shares: Float64Array;
}

/** Of lines whose image has `size` of them and is moved by `moved`. */
function linesAt(size: number, moved: number): Lines {
  const first = (CAMERA_SIDE - size) / 2 + moved;
  const at = Float64Array.from({ length: CAMERA_SIDE }, (_, line) => line - first);
  const padding = paddingOf(size);
  return {
    lines: Int32Array.from(at, (place) => Math.floor(place) + padding),
    shares: at.map((place) => place - Math.floor(place)),
  };
}

/** Lines of the padded image before those of the image. */
const paddingOf = (size: number): number => Math.floor((CAMERA_SIDE - size) / 2) + AROUND;

/** A moment at which the image has moved. */
interface Look {
  readonly column: number;
  readonly rows: Lines;
  readonly columns: Lines;
}

/** The camera of a run: its pixels differ from those of another, and no recording is like another. */
export class SaccadeCamera {
  readonly #seed: number;
  readonly #height: number;
  readonly #width: number;
  readonly #threshold: Float64Array;
  readonly #logarithms = Float64Array.from({ length: 256 }, (_, grey) => Math.log(DARK + grey / 255));
  readonly #padded = new Float64Array(PADDED_SIDE * PADDED_SIDE);
  /** Light between the columns of the padded image, one row for each of its. */
  readonly #between = new Float64Array(PADDED_SIDE * CAMERA_SIDE);
  readonly #light = new Float64Array(PIXELS);
  readonly #reported = new Float64Array(PIXELS);
  readonly #start: Look;
  readonly #looks: readonly Look[];

  /** Height and width of the images, in pixels of the camera. */
  constructor(height: number, width: number, seed: number) {
    this.#seed = seed;
    this.#height = height;
    this.#width = width;
    const random = new CounterHash(seed, Stream.cameraPixel, 0);
    this.#threshold = Float64Array.from({ length: PIXELS }, () => {
      return THRESHOLD + THRESHOLD_SPREAD * random.normal();
    });
    const lookAt = (ms: number): Look => {
      const [y, x] = positionAt(ms);
      // What happens up to the end of a column belongs to it.
      const column = Math.ceil(ms / RASTER_MS) - 1;
      return { column, rows: linesAt(height, y), columns: linesAt(width, x) };
    };
    this.#start = lookAt(0);
    const isMoving = (ms: number): boolean => (ms - STEP_MS) % SACCADE_MS < MOVING_MS;
    this.#looks = Array.from({ length: STEPS }, (_, step) => (step + 1) * STEP_MS)
      .filter(isMoving)
      .map(lookAt);
  }

  /** The logarithms of an image's light, dark around it. */
  #pad(image: Uint8Array): void {
    const [height, width] = [this.#height, this.#width];
    this.#padded.fill(this.#logarithms[0]!);
    const first = paddingOf(height) * PADDED_SIDE + paddingOf(width);
    for (let row = 0; row < height; row++) {
      const to = first + row * PADDED_SIDE;
      for (let column = 0; column < width; column++)
        this.#padded[to + column] = this.#logarithms[image[row * width + column]!]!;
    }
  }

  /**
   * Logarithm of the light at each pixel: between its four nearest image pixels, which is how a pixel of the camera sees
   * edges that pass.
   */
  #look({ rows, columns }: Look): void {
    const [padded, between, light] = [this.#padded, this.#between, this.#light];
    const top = rows.lines[0]!;
    const bottom = rows.lines[CAMERA_SIDE - 1]! + 1;
    for (let row = top; row <= bottom; row++) {
      const from = row * PADDED_SIDE;
      const to = row * CAMERA_SIDE;
      for (let column = 0; column < CAMERA_SIDE; column++) {
        const left = from + columns.lines[column]!;
        const right = columns.shares[column]!;
        between[to + column] = padded[left]! * (1 - right) + padded[left + 1]! * right;
      }
    }
    for (let row = 0; row < CAMERA_SIDE; row++) {
      const upper = rows.lines[row]! * CAMERA_SIDE;
      const lower = upper + CAMERA_SIDE;
      const down = rows.shares[row]!;
      const to = row * CAMERA_SIDE;
      for (let column = 0; column < CAMERA_SIDE; column++)
        light[to + column] = between[upper + column]! * (1 - down) + between[lower + column]! * down;
    }
  }

  /**
   * Records an image.
   * @param raster uint8, [row][column] as in event-raster.ts: events in each place
   * @param recording number of the recording; uint32
   */
  record(raster: Uint8Array, image: Uint8Array, recording: number): void {
    raster.fill(0);
    const [light, reported, thresholds] = [this.#light, this.#reported, this.#threshold];
    this.#pad(image);
    this.#look(this.#start);
    reported.set(light);
    for (const look of this.#looks) {
      this.#look(look);
      for (let pixel = 0; pixel < PIXELS; pixel++) {
        const change = light[pixel]! - reported[pixel]!;
        const threshold = thresholds[pixel]!;
        if (Math.abs(change) < threshold) continue;
        const events = Math.floor(Math.abs(change) / threshold);
        reported[pixel] = reported[pixel]! + Math.sign(change) * events * threshold;
        const at = rasterRow(change > 0 ? 1 : 0, 0, pixel) * RASTER_COLUMNS + look.column;
        raster[at] = Math.min(255, raster[at]! + events);
      }
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
