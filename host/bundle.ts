// The command line as one script, which `npm run build` makes of the modules beside it (scripts/bundle.mjs), with the byte code
// that V8 has made of it: without resolving, reading and compiling some hundred modules a short command takes a third of
// the time. A bundle of other modules than those that are there does not count; byte code that another V8 has made, or one
// with other options, is refused by V8 and made anew.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';

export interface Bundle {
  readonly commandLine: typeof import('./command-line.ts').commandLine;
  /** V8's code for what has been called so far. */
  readonly byteCode: () => Uint8Array;
}

function place(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}

export const BUNDLE_FILES = {
  script: place('../bundle/seamount.cjs'),
  byteCode: place('../bundle/seamount.v8'),
  /** The compiler's notes on the modules, which hold a hash of each, as they were when the script was made. */
  notes: place('../bundle/modules.tsbuildinfo'),
} as const;

/** The same notes as they are now. */
export const COMPILER_NOTES = place('../.tsbuildinfo');

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** The bundle, if there is one and it is of the modules that are there. */
export function loadBundle(): Bundle | undefined {
  const source = readIfThere(BUNDLE_FILES.script);
  const notes = readIfThere(COMPILER_NOTES);
  if (source === undefined || notes === undefined) return undefined;
  if (readIfThere(BUNDLE_FILES.notes)?.equals(notes) !== true) return undefined;
  const cachedData = readIfThere(BUNDLE_FILES.byteCode);
  const script = new Script(source.toString('latin1'), {
    filename: BUNDLE_FILES.script,
    ...(cachedData === undefined ? {} : { cachedData }),
  });
  const module = { exports: {} as Pick<Bundle, 'commandLine'> };
  const require = createRequire(BUNDLE_FILES.script);
  const importPackage = (name: string): Promise<unknown> => import(name);
  script.runInThisContext()(module, require, importPackage, dirname(BUNDLE_FILES.script));
  return { commandLine: module.exports.commandLine, byteCode: () => script.createCachedData() };
}
