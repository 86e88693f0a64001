// What a result depends on besides its inputs: versions of the program, of Node, and of the built core.

import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The package's folder, from the sources as well as from `dist/`. */
export function packageFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('the package folder was not found');
    folder = parent;
  }
  return folder;
}

/** `seamount`, `node`, and `core`: the start of the core's SHA-256. */
export function versions(): Record<string, string> {
  const folder = packageFolder();
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  const core = createHash('sha256')
    .update(readFileSync(join(folder, 'build', 'core.wasm')))
    .digest('hex');
  return { seamount: version, node: process.versions.node, core: core.slice(0, 16) };
}
