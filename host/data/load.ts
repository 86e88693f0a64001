// From the name after `--data` to a dataset. `digits` is made on the spot; any other name is a folder, looked
// for as a path, then in $SEAMOUNT_DATA, then in ../shared/data. Folders hold files under their standard names.

import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, isAbsolute, join, resolve } from 'node:path';
import { didYouMean, UserError } from '../errors.ts';
import { holdsCifar, loadCifar } from './cifar.ts';
import { holdsCueAccumulation, loadCueAccumulation } from './cue-accumulation.ts';
import type { Dataset, ImageSet } from './dataset.ts';
import { DIGITS_TITLE, generateDigits } from './digits.ts';
import { readIdxPair } from './idx.ts';
import { holdsNmnist, loadNmnist } from './nmnist-rasters.ts';

/** Where to look; the process's own environment and working directory by default. */
export interface LoadOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

/** A dataset that `loadDataset` would find, not yet read. */
export interface DatasetEntry {
  readonly name: string;
  readonly title: string;
  /** `unknown`: the folder holds no files of a format that is read. */
  readonly format: 'generated' | 'idx' | 'cifar' | 'cues' | 'events' | 'unknown';
  /** Absolute; not there for a generated set. */
  readonly folder?: string;
}

/** The data set that needs no files. */
export const EMBEDDED = 'digits';
const DATA_VARIABLE = 'SEAMOUNT_DATA';
const DEFAULT_ROOT = join('..', 'shared', 'data');

/** Names people know, by folder name; classes are the numbers unless given. */
const KNOWN: ReadonlyMap<string, { readonly title: string; readonly classes?: readonly string[] }> = new Map([
  ['mnist', { title: 'MNIST' }],
  [
    'fashion-mnist',
    {
      title: 'Fashion-MNIST',
      classes: [
        'T-shirt/top',
        'Trouser',
        'Pullover',
        'Dress',
        'Coat',
        'Sandal',
        'Shirt',
        'Sneaker',
        'Bag',
        'Ankle boot',
      ],
    },
  ],
]);

/** The four files of an IDX dataset: stem and the part that tells images from labels. */
const IDX_FILES = {
  trainImages: ['train-images', 'idx3-ubyte'],
  trainLabels: ['train-labels', 'idx1-ubyte'],
  testImages: ['t10k-images', 'idx3-ubyte'],
  testLabels: ['t10k-labels', 'idx1-ubyte'],
} as const;

type IdxFile = keyof typeof IDX_FILES;

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** The folders that hold datasets, in the order they are searched. */
function dataRoots({ env = process.env, cwd = process.cwd() }: LoadOptions): string[] {
  const named = env[DATA_VARIABLE];
  const roots = [resolve(cwd, DEFAULT_ROOT)];
  if (named !== undefined && named !== '') roots.unshift(resolve(cwd, named));
  return roots;
}

/** The path of one of the four files; plain before gzip, `-` before `.`. */
function findIdxFile(folder: string, file: IdxFile): string | undefined {
  const [stem, kind] = IDX_FILES[file];
  return [`${stem}-${kind}`, `${stem}-${kind}.gz`, `${stem}.${kind}`, `${stem}.${kind}.gz`]
    .map((name) => join(folder, name))
    .find((path) => existsSync(path));
}

function missingIdxFiles(folder: string): string[] {
  return (Object.keys(IDX_FILES) as IdxFile[])
    .filter((file) => findIdxFile(folder, file) === undefined)
    .map((file) => IDX_FILES[file].join('-'));
}

function findFolder(name: string, options: LoadOptions): string {
  const { env = process.env, cwd = process.cwd() } = options;
  if (name !== '' && isFolder(resolve(cwd, name))) return resolve(cwd, name);
  const roots = dataRoots(options);
  const isName = name !== '' && !isAbsolute(name);
  const found = isName ? roots.map((root) => join(root, name)).find(isFolder) : undefined;
  if (found !== undefined) return found;

  const variable = `$${DATA_VARIABLE}/${name}`;
  const first = env[DATA_VARIABLE] ? `${variable} (${join(roots[0]!, name)})` : `${variable} (not set)`;
  const second = join(roots.at(-1)!, name);
  const known = listDatasets(options).map((entry) => entry.name);
  const tried = isName ? `tried ${first} and ${DEFAULT_ROOT}/${name} (${second})` : 'no such folder';
  throw new UserError(`no dataset "${name}": ${tried}${didYouMean(name, known)}`, {
    code: 'unknown-dataset',
    path: name,
    got: name,
    limit: known,
    hint: `use "${EMBEDDED}", which needs no files, or give a folder that holds the files`,
  });
}

/** The names of classes 0..max label, over both sets. */
function classNames(folderName: string, sets: readonly ImageSet[]): readonly string[] {
  let count = 0;
  for (const { labels } of sets) for (const label of labels) if (label >= count) count = label + 1;
  const known = KNOWN.get(folderName)?.classes;
  if (known !== undefined && count <= known.length) return known;
  return Array.from({ length: count }, (_, label) => String(label));
}

function loadIdxFolder(folder: string): Dataset {
  const missing = missingIdxFiles(folder);
  if (missing.length > 0) {
    const found = readdirSync(folder).slice(0, 8).join(', ');
    throw new UserError(`not a complete IDX dataset: missing ${missing.join(', ')} (plain or .gz)`, {
      code: 'missing-file',
      file: folder,
      got: found === '' ? 'an empty folder' : found,
      limit: missing,
      hint: `the folder holds: ${found === '' ? 'nothing' : found}`,
    });
  }
  const path = (file: IdxFile): string => findIdxFile(folder, file)!;
  const train = readIdxPair(path('trainImages'), path('trainLabels'));
  const test = readIdxPair(path('testImages'), path('testLabels'));
  if (train.set.height !== test.set.height || train.set.width !== test.set.width) {
    const size = ({ height, width }: ImageSet): string => `${height} x ${width}`;
    throw new UserError(
      `test images are ${size(test.set)}, but ${path('trainImages')} holds images of ${size(train.set)}`,
      {
        code: 'size-mismatch',
        file: path('testImages'),
        got: [test.set.height, test.set.width],
        limit: [train.set.height, train.set.width],
      },
    );
  }
  const name = basename(folder);
  return {
    name,
    title: KNOWN.get(name)?.title ?? name,
    synthetic: false,
    classes: classNames(name, [train.set, test.set]),
    train: train.set,
    test: test.set,
    sources: [...train.sources, ...test.sources],
  };
}

function formatOf(folder: string): DatasetEntry['format'] {
  if (missingIdxFiles(folder).length === 0) return 'idx';
  if (holdsCifar(folder)) return 'cifar';
  if (holdsCueAccumulation(folder)) return 'cues';
  return holdsNmnist(folder) ? 'events' : 'unknown';
}

/**
 * Loads a dataset: `digits` (generated, 12,000 + 2,000 images, seed 1), or a folder of IDX files, of the cue
 * accumulation task or of N-MNIST, given as a path or as a name in $SEAMOUNT_DATA or in ../shared/data under the
 * working directory.
 * @throws UserError if there is no such dataset, a file of it is missing, or a file is damaged.
 */
export function loadDataset(name: string, options: LoadOptions = {}): Dataset {
  if (name === EMBEDDED) return generateDigits();
  const folder = findFolder(name, options);
  if (holdsCifar(folder)) return loadCifar(folder);
  if (holdsCueAccumulation(folder)) return loadCueAccumulation(folder);
  return holdsNmnist(folder) ? loadNmnist(folder) : loadIdxFolder(folder);
}

/** The embedded dataset and every folder in the places searched, sorted by name within a place. */
export function listDatasets(options: LoadOptions = {}): DatasetEntry[] {
  const entries: DatasetEntry[] = [{ name: EMBEDDED, title: DIGITS_TITLE, format: 'generated' }];
  for (const root of dataRoots(options)) {
    if (!isFolder(root)) continue;
    for (const name of readdirSync(root).sort()) {
      const folder = join(root, name);
      // The first of a name is the one that loadDataset takes.
      if (!isFolder(folder) || entries.some((entry) => entry.name === name)) continue;
      const format = formatOf(folder);
      entries.push({ name, title: KNOWN.get(name)?.title ?? name, format, folder });
    }
  }
  return entries;
}

/**
 * Splits a set into its first `trainCount` images and the rest, such as 50,000 and 10,000 of MNIST.
 * Both parts are views of the same memory; nothing is copied.
 * @throws UserError unless trainCount is an integer in 1..count-1.
 */
export function splitTrain(
  set: ImageSet,
  trainCount: number,
): { readonly train: ImageSet; readonly validation: ImageSet } {
  const { count, height, width, planes } = set;
  if (!Number.isInteger(trainCount) || trainCount < 1 || trainCount >= count) {
    throw new UserError(
      `cannot split ${count} images at ${trainCount}: the training part must hold 1..${count - 1}`,
      {
        code: 'bad-split',
        got: trainCount,
        limit: count - 1,
      },
    );
  }
  const part = (from: number, to: number): ImageSet => ({
    images: set.images.subarray(from * height * width, to * height * width),
    labels: set.labels.subarray(from, to),
    count: to - from,
    height,
    width,
    ...(planes === undefined ? {} : { planes }),
  });
  return { train: part(0, trainCount), validation: part(trainCount, count) };
}
