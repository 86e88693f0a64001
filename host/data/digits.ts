// The embedded dataset: 28x28 grey images of handwritten digits, drawn by this program from a seed, so that
// nothing need be downloaded. Made to be hard for a linear readout (the place, slant, size and structure of a
// digit vary) and easy for a small hidden layer; the tests hold it to that.

import { createHash } from 'node:crypto';
import { UserError } from '../errors.ts';
import { CounterHash, isUint32, Stream, type StreamId } from './counter-hash.ts';
import type { Dataset, ImageSet } from './dataset.ts';
import { DIGIT_GLYPHS } from './digit-glyphs.ts';
import { writeGlyph } from './handwriting.ts';
import { InkCanvas } from './ink-canvas.ts';

/** How many images to draw, and from which seed. */
export interface DigitsOptions {
  /** Training images, 1..1,000,000. Default 12,000. */
  readonly trainCount?: number;
  /** Test images, 1..1,000,000. Default 2,000. */
  readonly testCount?: number;
  /** uint32. Default 1. */
  readonly seed?: number;
}

/** Raised whenever the same options would give other bytes. */
export const DIGITS_VERSION = 1;

/** The embedded dataset's name for people. */
export const DIGITS_TITLE = 'Digits (drawn by program)';

const SIDE = 28;
const CLASSES = DIGIT_GLYPHS.length;
const COUNT_MAX = 1_000_000;

/** Full ink varies by pen; grey 0..255. */
const INK_MIN = 170;
const INK_MAX = 255;
/** Specks: stray pixels an image, 0..this many, anywhere, never darker than SPECK_GREY_MAX. */
const SPECKS_MAX = 5;
const SPECK_GREY_MIN = 30;
const SPECK_GREY_MAX = 150;

/** Each ten consecutive images hold every class once, in random order: any prefix is balanced. */
function drawLabels(count: number, seed: number, stream: StreamId): Uint8Array {
  const labels = new Uint8Array(Math.ceil(count / CLASSES) * CLASSES);
  for (let start = 0; start < labels.length; start += CLASSES) {
    const random = new CounterHash(seed, stream, start / CLASSES);
    for (let i = 0; i < CLASSES; i++) {
      // Fisher-Yates from the inside out: item i goes to a random place among the first i + 1.
      const at = random.below(i + 1);
      labels[start + i] = labels[start + at]!;
      labels[start + at] = i;
    }
  }
  return labels.slice(0, count);
}

function drawImage(image: Uint8Array, canvas: InkCanvas, digit: number, random: CounterHash): void {
  const variants = DIGIT_GLYPHS[digit]!;
  writeGlyph(canvas, variants[random.below(variants.length)]!, random);
  const ink = random.between(INK_MIN, INK_MAX);
  const { coverage } = canvas;
  for (let i = 0; i < image.length; i++) image[i] = Math.floor(coverage[i]! * ink + 0.5);
  for (let specks = random.below(SPECKS_MAX + 1); specks > 0; specks--) {
    const at = random.below(image.length);
    const grey = Math.floor(random.between(SPECK_GREY_MIN, SPECK_GREY_MAX));
    image[at] = Math.max(image[at]!, grey);
  }
}

function drawSet(count: number, seed: number, imageStream: StreamId, labelStream: StreamId): ImageSet {
  const size = SIDE * SIDE;
  const images = new Uint8Array(count * size);
  const labels = drawLabels(count, seed, labelStream);
  const canvas = new InkCanvas(SIDE);
  for (let i = 0; i < count; i++) {
    const image = images.subarray(i * size, (i + 1) * size);
    drawImage(image, canvas, labels[i]!, new CounterHash(seed, imageStream, i));
  }
  return { images, labels, count, height: SIDE, width: SIDE };
}

function digest(chunks: readonly Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const chunk of chunks) hash.update(chunk);
  return hash.digest('hex');
}

function checkInteger(key: 'trainCount' | 'testCount', value: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= COUNT_MAX) return;
  throw new UserError(`digits: ${key} must be an integer in 1..${COUNT_MAX}, got ${value}`, {
    code: 'bad-count',
    path: key,
    got: value,
    limit: COUNT_MAX,
  });
}

/**
 * Draws the embedded dataset `digits`: 28x28 grey images of the digits 0..9, every class equally often.
 * Image i of a set depends on (seed, set, i) alone: a smaller count gives a prefix of the larger set, and the
 * bytes are the same on every machine. Training and test images come from separate random streams.
 * @throws UserError if a count or the seed is out of range.
 */
export function generateDigits(options: DigitsOptions = {}): Dataset {
  const { trainCount = 12_000, testCount = 2_000, seed = 1 } = options;
  checkInteger('trainCount', trainCount);
  checkInteger('testCount', testCount);
  if (!isUint32(seed)) {
    throw new UserError(`digits: seed must be an integer in 0..4294967295, got ${seed}`, {
      code: 'bad-seed',
      path: 'seed',
      got: seed,
      limit: 0xffffffff,
    });
  }
  const train = drawSet(trainCount, seed, Stream.trainImage, Stream.trainLabel);
  const test = drawSet(testCount, seed, Stream.testImage, Stream.testLabel);
  return {
    name: 'digits',
    title: DIGITS_TITLE,
    synthetic: true,
    classes: DIGIT_GLYPHS.map((_, digit) => String(digit)),
    train,
    test,
    sources: [
      {
        name: `digits generator version ${DIGITS_VERSION}, seed ${seed}, ${trainCount} training and ${testCount} test images`,
        sha256: digest([train.images, train.labels, test.images, test.labels]),
      },
    ],
  };
}
