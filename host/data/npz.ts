// NumPy's .npz: a zip of .npy files, each a short header (a Python dictionary) and raw values. Little-endian,
// C order; what else NumPy can write is refused by name.

import { readFileSync } from 'node:fs';
import { unzipSync } from 'fflate';
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

/** Values of an array, in C order. */
export type NpyData = InstanceType<(typeof ELEMENTS)[keyof typeof ELEMENTS]>;

export interface NpyArray {
  readonly shape: readonly number[];
  readonly data: NpyData;
}

const MAGIC = [0x93, ...Buffer.from('NUMPY', 'latin1')];

function refuse(file: string, name: string, message: string): never {
  throw new UserError(`array "${name}" ${message}`, { code: 'bad-npz', file, path: name });
}

function isElementType(descr: string): descr is keyof typeof ELEMENTS {
  return Object.hasOwn(ELEMENTS, descr);
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
  if (!isElementType(descr)) refuse(file, name, `has elements of type ${descr}, which is not read`);
  const sizes = shape
    .split(',')
    .filter((text) => text.trim() !== '')
    .map(Number);
  if (/'fortran_order':\s*True/.test(header) && sizes.length > 1) refuse(file, name, 'is in Fortran order');
  const Elements = ELEMENTS[descr];
  const count = sizes.reduce((product, n) => product * n, 1);
  const first = start + length;
  const size = count * Elements.BYTES_PER_ELEMENT;
  if (bytes.length - first < size) refuse(file, name, `is cut off: ${bytes.length - first} of ${size} bytes`);
  // A copy: the values need not be aligned in the archive.
  return { shape: sizes, data: new Elements(bytes.slice(first, first + size).buffer) };
}

/**
 * Reads a .npz: its arrays by name.
 * @throws UserError if the file is missing or damaged
 */
export function readNpz(file: string): Map<string, NpyArray> {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch {
    throw new UserError('cannot be read', { code: 'no-file', file });
  }
  let entries: Record<string, Uint8Array>;
  try {
    entries = unzipSync(bytes);
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
