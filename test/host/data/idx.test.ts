import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { parseIdxImages, parseIdxLabels, readIdxPair } from '../../../host/data/idx.ts';
import { UserError } from '../../../host/errors.ts';
import { idxImages, idxLabels } from './idx-bytes.ts';

const folder = mkdtempSync(join(tmpdir(), 'seamount-idx-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function put(bytes: Uint8Array): string {
  const file = join(folder, `file-${files++}`);
  writeFileSync(file, bytes);
  return file;
}

const PIXELS = Uint8Array.from({ length: 3 * 2 * 4 }, (_, i) => i * 10);
const LABELS = Uint8Array.of(7, 0, 255);
const IMAGES_FILE = put(idxImages(PIXELS, 3, 2, 4));
const LABELS_FILE = put(idxLabels(LABELS));

/** The error that reading this pair of files gives. */
function refusal(imagesFile: string, labelsFile: string = LABELS_FILE): UserError {
  try {
    readIdxPair(imagesFile, labelsFile);
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    const refused = error as UserError;
    expect(refused.details.file).toBeDefined();
    expect(refused.message).not.toContain('\n');
    return refused;
  }
  throw new Error('nothing was refused');
}

describe('IDX files', () => {
  it.each(['plain', 'gzip'] as const)('reads back what was written, %s', (kind) => {
    const pack = (bytes: Uint8Array): Uint8Array => (kind === 'gzip' ? gzipSync(bytes) : bytes);
    const { set } = readIdxPair(put(pack(idxImages(PIXELS, 3, 2, 4))), put(pack(idxLabels(LABELS))));
    expect(set).toEqual({ images: PIXELS, labels: LABELS, count: 3, height: 2, width: 4 });
  });

  it('names both files in the sources, with the hash of the stored bytes', () => {
    const labelsFile = put(gzipSync(Uint8Array.from(idxLabels(LABELS))));
    const { sources } = readIdxPair(IMAGES_FILE, labelsFile);
    expect(sources.map(({ name }) => join(folder, name))).toEqual([IMAGES_FILE, labelsFile]);
    expect(sources[0]?.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(sources[1]?.sha256).not.toBe(readIdxPair(IMAGES_FILE, LABELS_FILE).sources[1]?.sha256);
  });

  it('copies the data, so that the file buffer can be freed or changed', () => {
    const bytes = idxLabels(LABELS);
    const labels = parseIdxLabels(bytes, 'labels');
    bytes.fill(9);
    expect(labels).toEqual(LABELS);
  });
});

describe('a malformed IDX file is refused', () => {
  it('when it does not exist', () => {
    const file = join(folder, 'nowhere');
    expect(refusal(file).details).toMatchObject({ code: 'missing-file', file });
    expect(refusal(join(IMAGES_FILE, 'below')).details.code).toBe('missing-file');
  });

  it('when it is a directory', () => {
    const file = join(folder, 'a-directory');
    mkdirSync(file);
    expect(refusal(file).message).toContain('directory');
    expect(refusal(file).details.code).toBe('not-a-file');
  });

  it('when it is a git-LFS pointer', () => {
    const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9912422\n';
    const error = refusal(put(new TextEncoder().encode(pointer)));
    expect(error.details).toMatchObject({
      code: 'lfs-pointer',
      hint: expect.stringContaining('git lfs pull'),
    });
  });

  it.each([
    ['cut off', (packed: Uint8Array) => packed.subarray(0, packed.length - 12)],
    ['only a gzip magic', (packed: Uint8Array) => packed.subarray(0, 2)],
    [
      'damaged',
      (packed: Uint8Array) => packed.map((byte, i) => (i === packed.length - 6 ? byte ^ 0xff : byte)),
    ],
    ['followed by something else', (packed: Uint8Array) => Uint8Array.of(...packed, 1, 2, 3, 4, 5, 6, 7, 8)],
  ])('when its gzip data is %s', (_, spoil) => {
    const error = refusal(put(spoil(gzipSync(idxImages(PIXELS, 3, 2, 4)))));
    expect(error.details.code).toBe('bad-gzip');
    expect(error.message).toContain('gzip');
  });

  it.each([0, 3, 4, 15])('when %i bytes are too few for the header', (size) => {
    const error = refusal(put(idxImages(PIXELS, 3, 2, 4).subarray(0, size)));
    expect(error.details).toMatchObject({ code: 'short-header', got: size, limit: 16 });
  });

  it('when a label header is cut off', () => {
    const error = refusal(IMAGES_FILE, put(idxLabels(LABELS).subarray(0, 7)));
    expect(error.details).toMatchObject({ code: 'short-header', got: 7, limit: 8 });
  });

  it('when it holds labels where images are expected, and the other way round', () => {
    const labels = refusal(LABELS_FILE, LABELS_FILE);
    expect(labels.message).toBe('this is an IDX label file (magic 2049), expected images (magic 2051)');
    expect(labels.details).toMatchObject({ code: 'wrong-magic', got: 2049, limit: 2051, file: LABELS_FILE });
    const images = refusal(IMAGES_FILE, IMAGES_FILE);
    expect(images.message).toBe('this is an IDX image file (magic 2051), expected labels (magic 2049)');
    expect(images.details).toMatchObject({ code: 'wrong-magic', got: 2051, limit: 2049, file: IMAGES_FILE });
  });

  it('when it is something else altogether', () => {
    const error = refusal(put(new TextEncoder().encode('PK\u0003\u0004 a zip archive, say')));
    expect(error.message).toBe('not an IDX file (magic 0x504b0304), expected images (magic 2051)');
    const floats = refusal(put(Uint8Array.of(0, 0, 0x0d, 3, ...new Uint8Array(20))));
    expect(floats.message).toContain('another element type or rank (magic 0x00000d03)');
  });

  it('when its data is truncated', () => {
    const whole = idxImages(PIXELS, 3, 2, 4);
    const images = refusal(put(whole.subarray(0, whole.length - 1)));
    expect(images.details).toMatchObject({ code: 'truncated', got: 39, limit: 40 });
    expect(images.message).toContain('expected 40 bytes');
    expect(images.message).toContain('found 39');
    expect(refusal(IMAGES_FILE, put(idxLabels(LABELS).subarray(0, 10))).details).toMatchObject({
      code: 'truncated',
      got: 10,
      limit: 11,
    });
  });

  it('when the unpacked data of a gzip file is truncated', () => {
    const whole = idxImages(PIXELS, 3, 2, 4);
    expect(refusal(put(gzipSync(whole.subarray(0, 39)))).details.code).toBe('truncated');
  });

  it('when bytes follow its data', () => {
    const error = refusal(put(Uint8Array.of(...idxImages(PIXELS, 3, 2, 4), 0, 0)));
    expect(error.details).toMatchObject({ code: 'trailing-bytes', got: 42, limit: 40 });
    expect(error.message).toContain('2 trailing bytes');
    const labels = refusal(IMAGES_FILE, put(Uint8Array.of(...idxLabels(LABELS), 0)));
    expect(labels.details.code).toBe('trailing-bytes');
  });

  it('when it holds nothing', () => {
    expect(refusal(put(idxImages(new Uint8Array(0), 0, 28, 28))).details.code).toBe('zero-count');
    expect(refusal(IMAGES_FILE, put(idxLabels(new Uint8Array(0)))).details.code).toBe('zero-count');
  });

  it.each([
    [0, 28],
    [28, 0],
    [4097, 1],
    [28, 0xffffffff],
  ])('when its images are %i x %i pixels', (height, width) => {
    const error = refusal(put(idxImages(new Uint8Array(0), 1, height, width)));
    expect(error.details).toMatchObject({ code: 'bad-dimensions', got: [height, width], limit: 4096 });
  });

  it('but not when an edge is exactly at the limit', () => {
    expect(parseIdxImages(idxImages(new Uint8Array(4096), 1, 4096, 1), 'tall').height).toBe(4096);
  });

  it('when a count is absurd, before any memory is taken for it', () => {
    const error = refusal(put(idxImages(PIXELS, 0xffffffff, 28, 28)));
    expect(error.details.code).toBe('truncated');
  });

  it('when images and labels differ in count, naming both files and both counts', () => {
    const four = put(idxLabels(Uint8Array.of(1, 2, 3, 4)));
    const error = refusal(IMAGES_FILE, four);
    expect(error.details).toMatchObject({ code: 'count-mismatch', file: IMAGES_FILE, got: 4, limit: 3 });
    expect(error.message).toBe(`holds 3 images, but ${four} holds 4 labels`);
    expect(String(error)).toContain(IMAGES_FILE);
  });
});
