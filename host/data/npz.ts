// NumPy's .npz: a zip of .npy files, each a short header (a Python dictionary) and raw values. Little-endian,
// C order; what else NumPy can write is refused by name.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { UserError } from '../errors.ts';

const ELEMENTS = {
  '|b1': Uint8Array,
  '|u1': Uint8Array,
  '|i1': Int8Array,
  '<u2': Uint16Array,
  '<i2': Int16Array,
  '<u4': Uint32Array,
  '<i4': Int32Array,
  '<f4': Float32Array,
  '<f8': Float64Array,
} as const;

/** Integers of 64 bits, read as numbers. */
const LONG = { '<i8': BigInt64Array, '<u8': BigUint64Array } as const;

/** Values of an array, in C order. */
export type NpyData = InstanceType<(typeof ELEMENTS)[keyof typeof ELEMENTS]>;

export interface NpyArray {
  readonly shape: readonly number[];
  readonly data: NpyData;
}

/** What packs and unpacks archives. Most processes see none, and it builds tables when it is loaded. */
function zip(): typeof import('fflate') {
  return createRequire(import.meta.url)('fflate');
}

const MAGIC = [0x93, ...Buffer.from('NUMPY', 'latin1')];

function refuse(file: string, name: string, message: string): never {
  throw new UserError(`array "${name}" ${message}`, { code: 'bad-npz', file, path: name });
}

function isElementType(descr: string): descr is keyof typeof ELEMENTS {
  return Object.hasOwn(ELEMENTS, descr);
}

function isLongType(descr: string): descr is keyof typeof LONG {
  return Object.hasOwn(LONG, descr);
}

/**
 * Reads one .npy.
 * @param file and `name` for messages
 * @throws UserError if it is damaged or of a kind that is not read
 */
export function decodeNpy(bytes: Uint8Array, file: string, name: string): NpyArray {
  if (bytes.length < 12 || MAGIC.some((byte, i) => bytes[i] !== byte)) refuse(file, name, 'is no .npy file');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [start, length] =
    bytes[6] === 1 ? [10, view.getUint16(8, true)] : ([12, view.getUint32(8, true)] as const);
  const header = Buffer.from(bytes.subarray(start, start + length)).toString('latin1');
  const descr = /'descr':\s*'([^']*)'/.exec(header)?.[1];
  const shape = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1];
  if (descr === undefined || shape === undefined) refuse(file, name, 'has a header that cannot be read');
  if (!isElementType(descr) && !isLongType(descr))
    refuse(file, name, `has elements of type ${descr}, which is not read`);
  const sizes = shape
    .split(',')
    .filter((text) => text.trim() !== '')
    .map(Number);
  if (/'fortran_order':\s*True/.test(header) && sizes.length > 1) refuse(file, name, 'is in Fortran order');
  const Elements = isLongType(descr) ? LONG[descr] : ELEMENTS[descr];
  const count = sizes.reduce((product, n) => product * n, 1);
  const first = start + length;
  const size = count * Elements.BYTES_PER_ELEMENT;
  if (bytes.length - first < size) refuse(file, name, `is cut off: ${bytes.length - first} of ${size} bytes`);
  // A copy: the values need not be aligned in the archive.
  const data = new Elements(bytes.slice(first, first + size).buffer);
  if (!(data instanceof BigInt64Array || data instanceof BigUint64Array)) return { shape: sizes, data };
  if (data.some((value) => !Number.isSafeInteger(Number(value))))
    refuse(file, name, 'holds integers beyond 2^53');
  return { shape: sizes, data: Float64Array.from(data, Number) };
}

function readBytes(file: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(file)); // a Buffer's slices are no copies
  } catch {
    throw new UserError('cannot be read', { code: 'no-file', file });
  }
}

/**
 * Reads a .npy.
 * @throws UserError if the file is missing or damaged
 */
export function readNpy(file: string): NpyArray {
  return decodeNpy(readBytes(file), file, basename(file, '.npy'));
}

/** The bytes of a .npy. */
export function encodeNpy({ shape, data }: NpyArray): Uint8Array {
  const descr = Object.entries(ELEMENTS).findLast(([, Elements]) => data instanceof Elements)![0];
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${sizes}), }`;
  // Magic, version and length take ten bytes; the values start at a multiple of 64.
  const padded = `${text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11)}\n`;
  const head = new Uint8Array([...MAGIC, 1, 0, padded.length & 255, padded.length >> 8]);
  const values = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return new Uint8Array(Buffer.concat([head, Buffer.from(padded, 'latin1'), values]));
}

/** The bytes of a .npz: arrays by name. The same arrays give the same bytes. */
export function encodeNpz(arrays: ReadonlyMap<string, NpyArray>): Uint8Array {
  const entries = Object.fromEntries([...arrays].map(([name, array]) => [`${name}.npy`, encodeNpy(array)]));
  return zip().zipSync(entries, { level: 6, mtime: new Date(1980, 0, 1) });
}

/**
 * Reads a .npz: its arrays by name.
 * @throws UserError if the file is missing or damaged
 */
export function readNpz(file: string): Map<string, NpyArray> {
  const bytes = readBytes(file);
  let entries: Record<string, Uint8Array>;
  try {
    entries = zip().unzipSync(bytes);
  } catch (error) {
    throw new UserError(`is no .npz file: ${error instanceof Error ? error.message : String(error)}`, {
      code: 'bad-npz',
      file,
    });
  }
  return new Map(
    Object.entries(entries).map(([entry, content]) => {
      const name = entry.replace(/\.npy$/, '');
      return [name, decodeNpy(content, file, name)] as const;
    }),
  );
}
