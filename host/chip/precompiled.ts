// Shipped chips as `npm run build` has already read and checked them. Reading one from YAML is a third of the start-up of
// the command line. A chip that was read by other code, or from files of another content, does not count.

import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageFolder } from '../versions.ts';
import { shippedChipDir } from './chip-file.ts';
import type { LoadedChip } from './load.ts';

/** What a file holds: a loaded chip, and the hash of the code that has loaded it. */
interface Precompiled extends Omit<LoadedChip, 'provenance'> {
  readonly code: string;
  readonly provenance: readonly (readonly [string, unknown])[];
}

export function precompiledFolder(): string {
  return join(packageFolder(), 'build', 'chips');
}

/** SHA-256 of the modules of this folder, as they are executed. */
function codeHash(): string {
  const here = fileURLToPath(import.meta.url);
  const hash = createHash('sha256');
  for (const file of readdirSync(dirname(here)).sort())
    if (extname(file) === extname(here) && !file.endsWith('.d.ts'))
      hash.update(readFileSync(join(dirname(here), file)));
  return hash.digest('hex');
}

function placeOf(folder: string, path: string): string {
  return join(folder, `${basename(path, extname(path))}.json`);
}

/** @param path of the chip's file; those that it extends lie beside it */
export function writePrecompiled(folder: string, path: string, loaded: LoadedChip): void {
  const provenance = [...loaded.provenance];
  const content: Precompiled = { code: codeHash(), ...loaded, provenance };
  mkdirSync(folder, { recursive: true });
  writeFileSync(placeOf(folder, path), JSON.stringify(content));
}

function read(file: string): Precompiled | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Precompiled;
  } catch {
    return undefined; // not there, or not whole: the chip is read from its own file
  }
}

/** The chip of a file if it was precompiled by this code from these contents. */
export function readPrecompiled(folder: string, path: string): LoadedChip | undefined {
  const found = read(placeOf(folder, path));
  if (found === undefined || found.code !== codeHash()) return undefined;
  const { chip, files } = found;
  const isSame = files.every(({ name, sha256 }) => {
    const bytes = readFileSync(join(dirname(path), name));
    return createHash('sha256').update(bytes).digest('hex') === sha256;
  });
  return isSame
    ? { chip, files, provenance: new Map(found.provenance) as LoadedChip['provenance'] }
    : undefined;
}

/** The chip of a file if it is one of the shipped ones and was precompiled. */
export function shippedChip(path: string): LoadedChip | undefined {
  const isShipped = dirname(path) === realpathSync(shippedChipDir());
  return isShipped ? readPrecompiled(precompiledFolder(), path) : undefined;
}
