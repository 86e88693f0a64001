// The N-MNIST recordings of SLAYER's selection as a dataset of rasters.

import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Dataset, ImageSet } from './dataset.ts';
import { fillRaster, RASTER_COLUMNS, RASTER_ROWS } from './event-raster.ts';
import { readNmnist } from './nmnist.ts';

const ARCHIVE = 'NMNISTsmall.tar.gz';
const LISTS = { train: 'train1K.txt', test: 'test100.txt' } as const;
const DIGITS = 10;

/** True for a folder that holds the archive. */
export function holdsNmnist(folder: string): boolean {
  return existsSync(join(folder, ARCHIVE));
}

function readSet(archive: string, list: string): ImageSet {
  const samples = readNmnist(archive, list);
  const size = RASTER_ROWS * RASTER_COLUMNS;
  const images = new Uint8Array(samples.length * size);
  samples.forEach(({ events }, i) => {
    fillRaster(images.subarray(i * size, (i + 1) * size), events);
  });
  return {
    images,
    labels: Uint8Array.from(samples, ({ label }) => label),
    count: samples.length,
    height: RASTER_ROWS,
    width: RASTER_COLUMNS,
  };
}

/**
 * Reads training and test recordings.
 * @throws UserError if a file is damaged
 */
export function loadNmnist(folder: string): Dataset {
  const archive = join(folder, ARCHIVE);
  return {
    name: basename(folder),
    title: 'N-MNIST, 1,000 and 100 recordings',
    synthetic: false,
    classes: Array.from({ length: DIGITS }, (_, digit) => String(digit)),
    train: readSet(archive, LISTS.train),
    test: readSet(archive, LISTS.test),
    sources: [{ name: ARCHIVE, sha256: createHash('sha256').update(readFileSync(archive)).digest('hex') }],
  };
}
