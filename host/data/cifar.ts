// CIFAR-10 in its binary version: records of a label and three planes of 32 x 32 bytes, red, green and blue. The planes stay
// below each other: what sees images sees one that is three times as high.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { UserError } from '../errors.ts';
import type { Dataset, DatasetSource, ImageSet } from './dataset.ts';

const SIDE = 32;
const PLANES = 3;
const PIXELS = PLANES * SIDE * SIDE;
const NAMES = 'batches.meta.txt';
const BATCHES = { train: /^data_batch_\d+\.bin(\.gz)?$/, test: /^test_batch\w*\.bin(\.gz)?$/ } as const;

function batches(folder: string, part: keyof typeof BATCHES): string[] {
  return readdirSync(folder)
    .filter((name) => BATCHES[part].test(name))
    .sort()
    .map((name) => join(folder, name));
}

/** True for a folder with names of classes and batches of both kinds. */
export function holdsCifar(folder: string): boolean {
  return (
    existsSync(join(folder, NAMES)) &&
    batches(folder, 'train').length > 0 &&
    batches(folder, 'test').length > 0
  );
}

/** @throws UserError naming the file */
function readBatch(file: string, classes: number) {
  const stored = readFileSync(file);
  const refuse = (message: string): never => {
    throw new UserError(message, { code: 'bad-cifar', file });
  };
  let bytes: Buffer = stored;
  try {
    if (file.endsWith('.gz')) bytes = gunzipSync(stored);
  } catch (error) {
    refuse(`cannot be decompressed: ${(error as Error).message}`);
  }
  const count = bytes.length / (1 + PIXELS);
  if (!Number.isInteger(count) || count === 0)
    refuse(`has ${bytes.length} bytes, not a whole number of records of ${1 + PIXELS}`);
  const images = new Uint8Array(count * PIXELS);
  const labels = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const at = i * (1 + PIXELS);
    labels[i] = bytes[at]!;
    if (labels[i]! >= classes) refuse(`record ${i} is of class ${labels[i]}; ${NAMES} names ${classes}`);
    images.set(bytes.subarray(at + 1, at + 1 + PIXELS), i * PIXELS);
  }
  const source: DatasetSource = {
    name: basename(file),
    sha256: createHash('sha256').update(stored).digest('hex'),
  };
  return { images, labels, source };
}

function readSet(files: readonly string[], classes: number) {
  const read = files.map((file) => readBatch(file, classes));
  const labels = Buffer.concat(read.map((batch) => batch.labels));
  const set: ImageSet = {
    images: Buffer.concat(read.map((batch) => batch.images)),
    labels,
    count: labels.length,
    height: PLANES * SIDE,
    width: SIDE,
    planes: PLANES,
  };
  return { set, sources: read.map(({ source }) => source) };
}

/**
 * Reads all batches of a folder.
 * @throws UserError if a file is damaged
 */
export function loadCifar(folder: string): Dataset {
  const classes = readFileSync(join(folder, NAMES), 'utf8')
    .split(/\s+/)
    .filter((name) => name !== '');
  const train = readSet(batches(folder, 'train'), classes.length);
  const test = readSet(batches(folder, 'test'), classes.length);
  return {
    name: basename(folder),
    title: `CIFAR-10, ${train.set.count} and ${test.set.count} images`,
    synthetic: false,
    classes,
    train: train.set,
    test: test.set,
    sources: [...train.sources, ...test.sources],
  };
}
