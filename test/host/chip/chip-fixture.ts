// Chip files for the tests of this folder: written to a temporary folder, loaded, and the error caught.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import { shippedChipDir } from '../../../host/chip/chip-file.ts';
import { type LoadedChip, loadChip } from '../../../host/chip/load.ts';
import { UserError } from '../../../host/errors.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** The text of a shipped chip. */
export function shippedText(name: string): string {
  return readFileSync(join(shippedChipDir(), `${name}.yaml`), 'utf8');
}

/** The top of a file that extends a chip. */
export const CHILD = `name: mine
title: A test
status: Made for a test.
extends: loihi1
`;

/** Writes files to a new folder; returns it. */
export function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'seamount-chip-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** Loads a chip from a text. */
export function loadText(text: string): LoadedChip {
  return loadChip(join(folderOf({ 'mine.yaml': text }), 'mine.yaml'));
}

/** Loads loihi1 with sections laid over it. */
export function loadChild(sections: string): LoadedChip {
  return loadText(CHILD + sections);
}

/** The user error that an action ends in. */
export function userErrorOf(action: () => unknown): UserError {
  try {
    action();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('there was no error');
}

/** The 1-based line and column of a piece of text. */
export function placeOf(text: string, piece: string): { line: number; column: number } {
  const offset = text.indexOf(piece);
  if (offset < 0) throw new Error(`no "${piece}" in the text`);
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
