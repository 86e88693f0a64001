// Finding and reading chip files: by name among the shipped ones and in folders of the user's, or by path.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { didYouMean, UserError } from '../errors.ts';

const SHIPPED_FOLDER = 'chip-config';

export interface ChipFile {
  /** Absolute, links resolved: the identity of the file. */
  readonly path: string;
  /** For messages and provenance: relative where that is shorter, never a build machine's folder. */
  readonly label: string;
  readonly text: string;
  /** Of the bytes, hexadecimal. */
  readonly sha256: string;
}

/**
 * The folder of the shipped chips: the nearest `chip-config` above this module, which is found from the sources
 * and from the build alike.
 */
export function shippedChipDir(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const candidate = join(folder, SHIPPED_FOLDER);
    if (existsSync(candidate)) return candidate;
    const parent = dirname(folder);
    // Our own installation is incomplete, which is no fault of the user's input.
    if (parent === folder) throw new Error(`no folder ${SHIPPED_FOLDER} above the chip loader`);
    folder = parent;
  }
}

/** Whether a reference is a path rather than the name of a chip. */
function isPath(reference: string): boolean {
  return /[\\/]/.test(reference) || /\.ya?ml$/i.test(reference);
}

function folders(chipDirs: readonly string[]): string[] {
  return [...chipDirs, shippedChipDir()];
}

/** Names of all chips in the given folders and the shipped one, sorted, each once. */
export function chipNames(chipDirs: readonly string[] = []): string[] {
  const names = folders(chipDirs).flatMap((folder) => {
    if (!existsSync(folder)) return [];
    return readdirSync(folder).filter((file) => /\.ya?ml$/i.test(file));
  });
  return [...new Set(names.map((file) => file.replace(/\.ya?ml$/i, '')))].sort();
}

function labelOf(path: string): string {
  if (dirname(path) === realpathSync(shippedChipDir())) return `${SHIPPED_FOLDER}/${basename(path)}`;
  const fromHere = relative(process.cwd(), path);
  return fromHere.startsWith('..') || isAbsolute(fromHere) ? path : fromHere;
}

/**
 * Finds a chip file.
 *
 * @param reference a name, looked for in `chipDirs` and then among the shipped chips, or a path
 * @param from folder that a relative path starts from
 * @throws UserError if there is none
 */
export function findChipFile(reference: string, chipDirs: readonly string[], from: string): string {
  if (isPath(reference)) {
    const path = resolve(from, reference);
    if (existsSync(path)) return realpathSync(path);
    throw new UserError(`there is no chip file ${reference}`, { code: 'chip-not-found', got: reference });
  }
  for (const folder of folders(chipDirs)) {
    for (const extension of ['.yaml', '.yml']) {
      const path = join(folder, `${reference}${extension}`);
      if (existsSync(path)) return realpathSync(path);
    }
  }
  const names = chipNames(chipDirs);
  throw new UserError(`there is no chip "${reference}"${didYouMean(reference, names)}`, {
    code: 'chip-not-found',
    got: reference,
    limit: names,
    hint: `chips: ${names.join(', ')}; a file is given with its .yaml`,
  });
}

/**
 * Reads a chip file.
 *
 * @param path absolute
 * @throws UserError if it cannot be read as text
 */
export function readChipFile(path: string): ChipFile {
  const label = labelOf(path);
  try {
    const bytes = readFileSync(path);
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return { path, label, text, sha256: createHash('sha256').update(bytes).digest('hex') };
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(path, label) : String(error);
    throw new UserError(`cannot read the chip file: ${reason}`, { code: 'unreadable', file: label });
  }
}
