// HDF5 files, read whole into plain values. The library reports a file of another kind only on request, and its
// integers of 64 bits are bigints.

import { readFileSync, statSync } from 'node:fs';
import { UserError } from '../errors.ts';

/** A group: its members by name. */
export interface Hdf5Group {
  readonly [name: string]: Hdf5Group | Hdf5Dataset;
}

/** Numbers in C order, or texts; a scalar has an empty shape. */
export interface Hdf5Dataset {
  readonly shape: readonly number[];
  readonly values: readonly number[] | readonly string[];
}

const SIGNATURE = Buffer.from('\x89HDF\r\n\x1a\n', 'latin1');
const LFS_POINTER = 'version https://git-lfs';

export function isDataset(item: Hdf5Group | Hdf5Dataset | undefined): item is Hdf5Dataset {
  return item !== undefined && Array.isArray(item.values) && Array.isArray(item.shape);
}

/** A scalar, a typed array or a list, as a list of numbers or texts. */
function valuesOf(value: unknown): Hdf5Dataset['values'] {
  const list = ArrayBuffer.isView(value)
    ? Array.from(value as unknown as ArrayLike<unknown>)
    : Array.isArray(value)
      ? (value as unknown[])
      : [value];
  const texts = list.filter((each) => typeof each === 'string');
  return texts.length > 0 ? texts : list.map(Number);
}

/** Refuses by name what the library would only fail on. */
function checkSignature(file: string): void {
  let start: Buffer;
  try {
    if (statSync(file).isDirectory()) throw new Error('it is a folder');
    start = readFileSync(file).subarray(0, 64);
  } catch (error) {
    throw new UserError(`cannot read ${file}: ${(error as Error).message}`, {
      code: 'unreadable',
      path: file,
    });
  }
  if (start.subarray(0, LFS_POINTER.length).toString('latin1') === LFS_POINTER) {
    throw new UserError('is a Git LFS pointer, not the file itself; git lfs pull would fetch it', {
      code: 'lfs-pointer',
      file,
    });
  }
  if (!start.subarray(0, SIGNATURE.length).equals(SIGNATURE))
    throw new UserError('is no HDF5 file', { code: 'bad-hdf5', file });
}

/**
 * Reads a file.
 * @throws UserError if it is not there, not HDF5, damaged or holds what cannot be read
 */
export async function readHdf5(file: string): Promise<Hdf5Group> {
  checkSignature(file);
  // Loaded when it is needed: it is by far the largest library.
  const h5wasm = await import('h5wasm/node');
  (await h5wasm.ready).activate_throwing_error_handler();
  const damaged = (error: unknown): UserError =>
    new UserError(`cannot be read as HDF5: ${String((error as Error).message ?? error).split('\n')[0]}`, {
      code: 'bad-hdf5',
      file,
    });
  const plain = (group: InstanceType<typeof h5wasm.Group>): Hdf5Group =>
    Object.fromEntries(
      group.keys().flatMap((key): [string, Hdf5Group | Hdf5Dataset][] => {
        const item = group.get(key);
        if (item instanceof h5wasm.Group) return [[key, plain(item)]];
        if (!(item instanceof h5wasm.Dataset)) return [];
        return [[key, { shape: item.shape ?? [], values: valuesOf(item.value) }]];
      }),
    );
  let opened: InstanceType<typeof h5wasm.File>;
  try {
    opened = new h5wasm.File(file, 'r');
  } catch (error) {
    throw damaged(error);
  }
  try {
    return plain(opened);
  } catch (error) {
    throw damaged(error);
  } finally {
    opened.close();
  }
}
