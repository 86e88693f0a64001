// What a path holds that can be checked: golden vectors and other recorded files, and nBP sets.

import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { UserError } from '../errors.ts';
import { nbpSetsIn } from './nbp-set.ts';

/** A JSON file, or an nBP set: what a folder holds that begins with the set's name. */
export type Found =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'nbp'; readonly folder: string; readonly set: string };

/** Lists vectors, and is none. */
const INDEX = 'INDEX.json';
/** Sets whose names begin otherwise are not nBP sets. */
const NBP_SET = /^seed/;

function walk(folder: string): Found[] {
  const sets = nbpSetsIn(folder).filter((set) => NBP_SET.test(set));
  const found: Found[] = sets.map((set) => ({ kind: 'nbp', folder, set }));
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    const isFolder = entry.isDirectory() || (entry.isSymbolicLink() && statSync(path).isDirectory());
    if (isFolder) found.push(...walk(path));
    // The JSON files of a folder with nBP sets belong to them.
    else if (sets.length === 0 && entry.name.endsWith('.json') && entry.name !== INDEX)
      found.push({ kind: 'file', path });
  }
  return found;
}

/**
 * Everything under the paths, in the order of their names.
 * @throws UserError if a path does not exist
 */
export function findChecks(paths: readonly string[]): Found[] {
  return paths.flatMap((path): Found[] => {
    if (!existsSync(path)) {
      throw new UserError(`${path} does not exist`, { code: 'no-such-file', path });
    }
    if (statSync(path).isDirectory()) return walk(path);
    return basename(path) === INDEX ? [] : [{ kind: 'file', path }];
  });
}
