// Reader of IDX, the format of MNIST and its relatives: a big-endian header (magic, count, and for images
// height and width) and then one unsigned byte a value. Files may be gzipped, whatever their name says.
// The rules are those of the MNIST page (LeCun, Cortes, Burges); everything that breaks them is refused,
// because a shifted or shortened file would train without complaint and be wrong.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { UserError, type UserErrorDetails } from '../errors.ts';
import type { DatasetSource, ImageSet } from './dataset.ts';

/** An IDX image file in memory. */
export interface IdxImages {
  /** uint8, [count][height * width], row-major. */
  readonly images: Uint8Array;
  readonly count: number;
  readonly height: number;
  readonly width: number;
}

// magic:  0x00 0x00 | type: 0x08 = uint8 | number of dimensions
const IMAGE_MAGIC = 0x0803; // 2051
const LABEL_MAGIC = 0x0801; // 2049
const IMAGE_HEADER_SIZE = 16;
const LABEL_HEADER_SIZE = 8;

/** Pixels along an edge; a larger figure is a damaged header. */
const EDGE_MAX = 4096;
/** Bytes after unpacking; the largest IDX set in use (EMNIST by class, 698 k images) needs 0.55 GB. */
const UNPACKED_SIZE_MAX = 2 ** 30;

function refuse(file: string, code: string, message: string, more: Partial<UserErrorDetails> = {}): never {
  throw new UserError(message, { code, file, ...more });
}

function readStored(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code;
    if (reason === 'ENOENT' || reason === 'ENOTDIR') refuse(file, 'missing-file', 'no such file');
    if (reason === 'EISDIR') refuse(file, 'not-a-file', 'is a directory, expected an IDX file');
    return refuse(file, 'unreadable-file', `cannot be read (${reason ?? String(error)})`, { got: reason });
  }
}

function unpack(stored: Uint8Array, file: string): Uint8Array {
  if (stored[0] !== 0x1f || stored[1] !== 0x8b) return stored;
  try {
    return gunzipSync(stored, { maxOutputLength: UNPACKED_SIZE_MAX });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') {
      refuse(file, 'too-large', `unpacks to more than the limit of ${UNPACKED_SIZE_MAX} bytes`, {
        limit: UNPACKED_SIZE_MAX,
      });
    }
    return refuse(file, 'bad-gzip', `cannot be unpacked: the gzip data is damaged or cut off (${message})`, {
      got: message,
    });
  }
}

function describeMagic(magic: number): string {
  if (magic === IMAGE_MAGIC) return 'this is an IDX image file (magic 2051)';
  if (magic === LABEL_MAGIC) return 'this is an IDX label file (magic 2049)';
  const hex = `0x${magic.toString(16).padStart(8, '0')}`;
  // Two zero bytes, then type and dimensions: IDX, but not of bytes or not of this rank.
  const isIdx = magic > 0 && magic <= 0xffff;
  return isIdx
    ? `this is an IDX file of another element type or rank (magic ${hex})`
    : `not an IDX file (magic ${hex})`;
}

/** Checks the magic and that the header is whole; returns a view of the bytes. */
function checkHeader(bytes: Uint8Array, file: string, magic: number, headerSize: number): DataView {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = String.fromCharCode(...bytes.subarray(0, 40));
  if (start.startsWith('version https://git-lfs')) {
    refuse(file, 'lfs-pointer', 'is a git-LFS pointer, not the data itself', {
      hint: 'fetch the data with "git lfs pull"',
    });
  }
  const kind = magic === IMAGE_MAGIC ? 'images' : 'labels';
  if (bytes.length >= 4 && view.getUint32(0) !== magic) {
    const got = view.getUint32(0);
    refuse(file, 'wrong-magic', `${describeMagic(got)}, expected ${kind} (magic ${magic})`, {
      got,
      limit: magic,
    });
  }
  if (bytes.length < headerSize) {
    refuse(
      file,
      'short-header',
      `${bytes.length} bytes are too short for the ${headerSize}-byte header of IDX ${kind}`,
      {
        got: bytes.length,
        limit: headerSize,
      },
    );
  }
  if (view.getUint32(4) === 0) {
    refuse(file, 'zero-count', `holds no ${kind}: the header gives a count of 0, at least 1 is needed`, {
      got: 0,
      limit: 1,
    });
  }
  return view;
}

/** Refuses data that is shorter or longer than the header promises. */
function checkSize(bytes: Uint8Array, file: string, expected: number, what: string): void {
  if (bytes.length === expected) return;
  const isShort = bytes.length < expected;
  const found = isShort
    ? `found ${bytes.length}: the data is cut off`
    : `found ${bytes.length}: ${bytes.length - expected} trailing bytes`;
  refuse(
    file,
    isShort ? 'truncated' : 'trailing-bytes',
    `expected ${expected} bytes (header and ${what}), ${found}`,
    {
      got: bytes.length,
      limit: expected,
    },
  );
}

/**
 * Reads the bytes of an IDX image file (magic 2051), already unpacked. The result is a copy.
 * @param file named in errors only.
 * @throws UserError if the header is not that of images, an edge is not in 1..4096, or the size does not fit.
 */
export function parseIdxImages(bytes: Uint8Array, file: string): IdxImages {
  const view = checkHeader(bytes, file, IMAGE_MAGIC, IMAGE_HEADER_SIZE);
  const count = view.getUint32(4);
  const height = view.getUint32(8);
  const width = view.getUint32(12);
  if (Math.min(height, width) < 1 || Math.max(height, width) > EDGE_MAX) {
    refuse(
      file,
      'bad-dimensions',
      `images of ${height} x ${width} pixels: each edge must be in 1..${EDGE_MAX}`,
      {
        got: [height, width],
        limit: EDGE_MAX,
      },
    );
  }
  const expected = IMAGE_HEADER_SIZE + count * height * width;
  checkSize(bytes, file, expected, `${count} images of ${height} x ${width}`);
  return { images: new Uint8Array(bytes.subarray(IMAGE_HEADER_SIZE)), count, height, width };
}

/**
 * Reads the bytes of an IDX label file (magic 2049), already unpacked: uint8, [count]. The result is a copy.
 * @param file named in errors only.
 * @throws UserError if the header is not that of labels or the size does not fit.
 */
export function parseIdxLabels(bytes: Uint8Array, file: string): Uint8Array {
  const view = checkHeader(bytes, file, LABEL_MAGIC, LABEL_HEADER_SIZE);
  const count = view.getUint32(4);
  checkSize(bytes, file, LABEL_HEADER_SIZE + count, `${count} labels`);
  return new Uint8Array(bytes.subarray(LABEL_HEADER_SIZE));
}

function sourceOf(stored: Uint8Array, file: string): DatasetSource {
  return { name: basename(file), sha256: createHash('sha256').update(stored).digest('hex') };
}

/**
 * Reads an image file and the label file that belongs to it, each plain or gzipped.
 * `sources` gives the hash of both files as stored, images first.
 * @throws UserError if a file is missing, damaged, not IDX, or the two differ in count.
 */
export function readIdxPair(
  imagesFile: string,
  labelsFile: string,
): { readonly set: ImageSet; readonly sources: readonly DatasetSource[] } {
  const storedImages = readStored(imagesFile);
  const storedLabels = readStored(labelsFile);
  const { images, count, height, width } = parseIdxImages(unpack(storedImages, imagesFile), imagesFile);
  const labels = parseIdxLabels(unpack(storedLabels, labelsFile), labelsFile);
  if (labels.length !== count) {
    refuse(
      imagesFile,
      'count-mismatch',
      `holds ${count} images, but ${labelsFile} holds ${labels.length} labels`,
      { got: labels.length, limit: count },
    );
  }
  return {
    set: { images, labels, count, height, width },
    sources: [sourceOf(storedImages, imagesFile), sourceOf(storedLabels, labelsFile)],
  };
}
