import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { generateDigits } from '../../../host/data/digits.ts';
import { listDatasets, loadDataset, splitTrain } from '../../../host/data/load.ts';
import { UserError } from '../../../host/errors.ts';
import { idxImages, idxLabels } from './idx-bytes.ts';

const place = mkdtempSync(join(tmpdir(), 'seamount-data-'));
afterAll(() => rmSync(place, { recursive: true }));

// place/work is the working directory, place/shared/data the folder beside it, place/named the variable's.
const cwd = join(place, 'work');
const shared = join(place, 'shared', 'data');
const named = join(place, 'named');
const env = { SEAMOUNT_DATA: named };
for (const folder of [cwd, shared, named]) mkdirSync(folder, { recursive: true });

const STANDARD = [
  'train-images-idx3-ubyte',
  'train-labels-idx1-ubyte',
  't10k-images-idx3-ubyte',
  't10k-labels-idx1-ubyte',
] as const;

interface Tiny {
  readonly rename?: (name: string) => string;
  readonly pack?: (bytes: Uint8Array) => Uint8Array;
  readonly except?: string;
  readonly testWidth?: number;
  readonly trainLabels?: readonly number[];
}

/** A dataset of three 2x2 training images and one test image; the first pixel is `mark`. */
function makeTiny(folder: string, mark: number, options: Tiny = {}): void {
  const { rename = (name) => name, pack = (bytes) => bytes, except, testWidth = 2 } = options;
  const pixels = new Uint8Array(12).fill(mark, 0, 1);
  const contents = [
    idxImages(pixels, 3, 2, 2),
    idxLabels(Uint8Array.from(options.trainLabels ?? [0, 1, 2])),
    idxImages(new Uint8Array(2 * testWidth), 1, 2, testWidth),
    idxLabels(Uint8Array.of(1)),
  ];
  mkdirSync(folder, { recursive: true });
  STANDARD.forEach((name, i) => {
    if (name !== except) writeFileSync(join(folder, rename(name)), pack(contents[i]!));
  });
}

function refusal(load: () => unknown): UserError {
  try {
    load();
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return error as UserError;
  }
  throw new Error('nothing was refused');
}

makeTiny(join(shared, 'mnist'), 1);
makeTiny(join(shared, 'both'), 2);
makeTiny(join(named, 'both'), 3);
makeTiny(join(named, 'fashion-mnist'), 4);
makeTiny(join(cwd, 'here'), 5);
makeTiny(join(shared, 'half'), 6, { except: 't10k-labels-idx1-ubyte' });
mkdirSync(join(shared, 'spikes'));

describe('a dataset is found', () => {
  it('embedded, under the name digits, without any file', () => {
    const digits = loadDataset('digits', { env: {}, cwd: join(place, 'nowhere') });
    expect(digits.train.count).toBe(12_000);
    expect(digits.sources).toEqual(generateDigits().sources);
  });

  it('in the folder named by the variable', () => {
    expect(loadDataset('fashion-mnist', { env, cwd }).train.images[0]).toBe(4);
  });

  it('in ../shared/data under the working directory, with or without the variable', () => {
    expect(loadDataset('mnist', { env, cwd }).train.images[0]).toBe(1);
    expect(loadDataset('mnist', { env: {}, cwd }).train.images[0]).toBe(1);
    expect(loadDataset('mnist', { env: { SEAMOUNT_DATA: '' }, cwd }).train.images[0]).toBe(1);
  });

  it('in the variable before ../shared/data', () => {
    expect(loadDataset('both', { env, cwd }).train.images[0]).toBe(3);
    expect(loadDataset('both', { env: {}, cwd }).train.images[0]).toBe(2);
  });

  it('as a path, relative or absolute', () => {
    expect(loadDataset('here', { env, cwd }).train.images[0]).toBe(5);
    expect(loadDataset('./here', { env, cwd }).train.images[0]).toBe(5);
    expect(loadDataset(join(cwd, 'here'), { env, cwd }).name).toBe('here');
    expect(loadDataset('../named/both/', { env: {}, cwd }).name).toBe('both');
  });
});

describe('a dataset that is not there', () => {
  it('is refused naming both places and the nearest name', () => {
    const error = refusal(() => loadDataset('mnits', { env, cwd }));
    expect(error.message).toContain(`$SEAMOUNT_DATA/mnits (${join(named, 'mnits')})`);
    expect(error.message).toContain(`../shared/data/mnits (${join(shared, 'mnits')})`);
    expect(error.message).toContain('did you mean "mnist"?');
    expect(error.details).toMatchObject({ code: 'unknown-dataset', got: 'mnits' });
  });

  it('is refused saying that the variable is not set', () => {
    expect(refusal(() => loadDataset('cifar', { env: {}, cwd })).message).toContain('(not set)');
  });

  it('is refused with the embedded name if that is near, even where no folder exists', () => {
    const lost = join(place, 'nowhere', 'at-all');
    expect(refusal(() => loadDataset('digit', { env: {}, cwd: lost })).message).toContain('"digits"');
  });

  it('is refused if the name is a path to nothing, or empty', () => {
    expect(refusal(() => loadDataset(join(place, 'no'), { env, cwd })).message).toContain('no such folder');
    expect(refusal(() => loadDataset('', { env, cwd })).details.code).toBe('unknown-dataset');
  });
});

describe('a folder of IDX files', () => {
  it('takes its title and classes from what is known of its name', () => {
    const mnist = loadDataset('mnist', { env, cwd });
    expect([mnist.name, mnist.title, mnist.synthetic]).toEqual(['mnist', 'MNIST', false]);
    expect(mnist.classes).toEqual(['0', '1', '2']);
    const fashion = loadDataset('fashion-mnist', { env, cwd });
    expect(fashion.title).toBe('Fashion-MNIST');
    expect(fashion.classes).toHaveLength(10);
    expect(fashion.classes[9]).toBe('Ankle boot');
    expect(loadDataset('here', { env, cwd }).title).toBe('here');
  });

  it('has as many classes as its largest label says, up to 256', () => {
    const folder = join(place, 'many');
    makeTiny(folder, 0, { trainLabels: [255, 0, 1] });
    expect(loadDataset(folder).classes).toHaveLength(256);
  });

  it.each([
    ['gzipped', { rename: (name: string) => `${name}.gz`, pack: gzipSync }],
    ['named with a dot', { rename: (name: string) => name.replace('-idx', '.idx') }],
    ['both', { rename: (name: string) => `${name.replace('-idx', '.idx')}.gz`, pack: gzipSync }],
    ['unpacked without losing .gz', { rename: (name: string) => `${name}.gz` }],
  ])('may have its files %s', (kind, options) => {
    const folder = join(place, `variant-${kind}`);
    makeTiny(folder, 8, options);
    const { train, test, sources } = loadDataset(folder);
    expect([train.images[0], train.count, test.count]).toEqual([8, 3, 1]);
    expect(sources.map(({ name }) => name)).toEqual(STANDARD.map(options.rename));
  });

  it('is refused naming the missing files', () => {
    const half = refusal(() => loadDataset('half', { env, cwd }));
    expect(half.message).toContain('missing t10k-labels-idx1-ubyte (');
    expect(half.details).toMatchObject({ code: 'missing-file', file: join(shared, 'half') });
    const none = refusal(() => loadDataset('spikes', { env, cwd }));
    for (const name of STANDARD) expect(none.message).toContain(name);
  });

  it('is refused if training and test images differ in size', () => {
    const folder = join(place, 'sizes');
    makeTiny(folder, 0, { testWidth: 3 });
    const error = refusal(() => loadDataset(folder));
    expect(error.details).toMatchObject({ code: 'size-mismatch', got: [2, 3], limit: [2, 2] });
  });
});

describe('the list of datasets', () => {
  it('is the embedded one and the folders found, each name once', () => {
    const entries = listDatasets({ env, cwd });
    expect(entries.map(({ name, format }) => `${name} ${format}`)).toEqual([
      'digits generated',
      'both idx',
      'fashion-mnist idx',
      'half unknown',
      'mnist idx',
      'spikes unknown',
    ]);
    expect(entries[1]?.folder).toBe(join(named, 'both'));
    expect(entries[4]).toEqual({
      name: 'mnist',
      title: 'MNIST',
      format: 'idx',
      folder: join(shared, 'mnist'),
    });
  });

  it('is the embedded one alone where there is no folder', () => {
    expect(listDatasets({ env: {}, cwd: join(place, 'nowhere', 'at-all') })).toHaveLength(1);
  });
});

describe('a training set split in two', () => {
  const { train: set } = generateDigits({ trainCount: 10, testCount: 1 });

  it('is its first images and the rest, in the same memory', () => {
    const { train, validation } = splitTrain(set, 7);
    expect([train.count, validation.count]).toEqual([7, 3]);
    expect([...train.labels, ...validation.labels]).toEqual([...set.labels]);
    expect(train.images).toEqual(set.images.subarray(0, 7 * 784));
    expect(validation.images).toEqual(set.images.subarray(7 * 784));
    expect(validation.images.buffer).toBe(set.images.buffer);
  });

  it('can be split again', () => {
    const { validation } = splitTrain(splitTrain(set, 8).train, 5);
    expect(validation.labels).toEqual(set.labels.subarray(5, 8));
  });

  it.each([0, 10, 11, -1, 2.5, Number.NaN])('is refused at %d of 10', (trainCount) => {
    expect(refusal(() => splitTrain(set, trainCount)).details).toMatchObject({ code: 'bad-split', limit: 9 });
  });
});
