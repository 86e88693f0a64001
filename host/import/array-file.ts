// Arrays that a network file refers to: `.npy`, or one of the arrays of a `.npz`, beside it.

import { existsSync } from 'node:fs';
import { dirname, extname, resolve } from 'node:path';
import { type NpyArray, readNpy, readNpz } from '../data/npz.ts';
import { didYouMean, UserError } from '../errors.ts';

/** A `.npy`, or an archive and the name of an array in it. */
export type ArrayReference = string | { readonly file: string; readonly array: string };

export interface IntegerArray {
  readonly shape: readonly number[];
  readonly values: NpyArray['data'];
}

export class ArrayFiles {
  readonly #folder: string;
  readonly #archives = new Map<string, Map<string, NpyArray>>();

  /** @param file that refers to arrays; their paths are relative to its folder */
  constructor(file: string) {
    this.#folder = dirname(file);
  }

  #refuse(name: string, message: string, got?: unknown): never {
    throw new UserError(`${name}: ${message}`, {
      code: 'bad-array',
      path: name,
      ...(got === undefined ? {} : { got }),
    });
  }

  #read<T>(name: string, kind: string, read: (file: string) => T): T {
    const file = resolve(this.#folder, name);
    if (extname(name).toLowerCase() !== kind) this.#refuse(name, `is no ${kind} file`);
    if (!existsSync(file)) this.#refuse(name, `there is no such file in ${this.#folder}`);
    try {
      return read(file);
    } catch (error) {
      return this.#refuse(name, error instanceof Error ? error.message : String(error));
    }
  }

  /** Names of the arrays of an archive. */
  names(file: string): readonly string[] {
    return [...this.#archive(file).keys()];
  }

  #archive(file: string): Map<string, NpyArray> {
    let archive = this.#archives.get(file);
    if (archive === undefined) {
      archive = this.#read(file, '.npz', readNpz);
      this.#archives.set(file, archive);
    }
    return archive;
  }

  #array(reference: ArrayReference): NpyArray {
    if (typeof reference === 'string') return this.#read(reference, '.npy', readNpy);
    const { file, array } = reference;
    const found = this.#archive(file).get(array);
    if (found !== undefined) return found;
    const names = this.names(file);
    return this.#refuse(
      file,
      `has no array "${array}"${didYouMean(array, names)}; it has ${names.join(', ') || 'none'}`,
    );
  }

  /**
   * Reads an array of integers.
   * @throws UserError if it is not there or damaged, has other dimensions, or a value that is no integer of low..high
   */
  integers(reference: ArrayReference, dimensions: number, low: number, high: number): IntegerArray {
    const name = typeof reference === 'string' ? reference : `${reference.file}, array "${reference.array}"`;
    const { shape, data } = this.#array(reference);
    if (shape.length !== dimensions)
      this.#refuse(name, `has ${shape.length} dimensions, ${dimensions} are needed`, shape);
    const wrong = data.findIndex((value) => !Number.isInteger(value) || value < low || value > high);
    if (wrong >= 0)
      this.#refuse(name, `holds ${data[wrong]}; integers from ${low} to ${high} are needed`, data[wrong]);
    return { shape, values: data };
  }
}
