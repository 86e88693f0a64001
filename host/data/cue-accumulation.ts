// The cue accumulation task of ReckOn, as text: the first line is the number of samples; then lines of neuron and time in
// ms, a line of -2 and the class, and a line of -1 and the length that ends a sample. Read as rasters of one row a neuron
// and one column a millisecond, so that recipes see them as they see images.

import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { UserError } from '../errors.ts';
import type { Dataset, DatasetSource, ImageSet } from './dataset.ts';

const FILES = { train: 'dataset_cueAcc_train.dat', test: 'dataset_cueAcc_test.dat' } as const;
const NEURONS = 40;
const LENGTH_MS = 2250;
const LABEL = -2;
const END = -1;

/** True for a folder that holds both files. */
export function holdsCueAccumulation(folder: string): boolean {
  return Object.values(FILES).every((name) => existsSync(join(folder, name)));
}

/** @throws UserError naming the line */
function readSet(file: string): { readonly set: ImageSet; readonly source: DatasetSource } {
  const bytes = readFileSync(file);
  const lines = bytes.toString('latin1').trimEnd().split(/\r?\n/);
  const refuse = (line: number, message: string): never => {
    throw new UserError(`line ${line}: ${message}`, { code: 'bad-samples', file, line });
  };
  const count = Number(lines[0]);
  if (!Number.isInteger(count) || count < 1) refuse(1, `"${lines[0]}" is no number of samples`);
  const images = new Uint8Array(count * NEURONS * LENGTH_MS);
  const labels = new Uint8Array(count);
  let sample = 0;
  let label = -1;
  lines.slice(1).forEach((text, i) => {
    const line = i + 2;
    const [neuron, value] = text.split(',').map(Number);
    if (!Number.isInteger(neuron) || !Number.isInteger(value)) refuse(line, `"${text}" is not two numbers`);
    if (sample === count) refuse(line, `comes after the last of ${count} samples`);
    if (neuron === LABEL) {
      if (value! < 0 || value! > 1) refuse(line, `class ${value}; there are 0 and 1`);
      label = value!;
    } else if (neuron === END) {
      if (label < 0) refuse(line, 'the sample ends without a class');
      labels[sample++] = label;
      label = -1;
    } else {
      if (neuron! < 0 || neuron! >= NEURONS || value! < 0 || value! >= LENGTH_MS)
        refuse(line, `neuron ${neuron} at ${value} ms; there are ${NEURONS}, and ${LENGTH_MS} ms`);
      images[(sample * NEURONS + neuron!) * LENGTH_MS + value!] = 255;
    }
  });
  if (sample !== count) refuse(lines.length, `ends after ${sample} of ${count} samples`);
  return {
    set: { images, labels, count, height: NEURONS, width: LENGTH_MS },
    source: { name: basename(file), sha256: createHash('sha256').update(bytes).digest('hex') },
  };
}

/**
 * Reads training and test samples.
 * @throws UserError if a file is damaged
 */
export function loadCueAccumulation(folder: string): Dataset {
  const train = readSet(join(folder, FILES.train));
  const test = readSet(join(folder, FILES.test));
  return {
    name: basename(folder),
    title: 'Cue accumulation (ReckOn)',
    synthetic: true,
    classes: ['0', '1'],
    train: train.set,
    test: test.set,
    sources: [train.source, test.source],
  };
}
