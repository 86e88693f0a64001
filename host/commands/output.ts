// Where a command's machine-readable result goes.

import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Legality } from '../compile/legality.ts';
import { UserError } from '../errors.ts';
import { writeFileAtomically } from '../report/write.ts';

/**
 * Looks, before long work begins, whether a result could be written in the end.
 * @throws UserError if the file's folder does not exist
 */
export function checkJsonPlace(file: string | undefined): void {
  if (file === undefined || file === '-') return;
  if (statSync(dirname(file), { throwIfNoEntry: false })?.isDirectory() === true) return;
  throw new UserError(`cannot write ${file}: its folder does not exist`, {
    code: 'cannot-write',
    path: '--json',
  });
}

/** Writes a result as JSON to a file, or to standard output for `-`. Returns true if it did. */
export function writeJson(file: string | undefined, result: unknown): boolean {
  if (file === undefined) return false;
  const text = `${JSON.stringify(result, null, 2)}\n`;
  if (file === '-') {
    process.stdout.write(text);
    return true;
  }
  writeFileAtomically(file, text);
  return true;
}

/** Extensions and assumptions, as the ends of several commands say them; empty if there are none. */
export function sayLegality({ extensions, assumptions }: Legality): string {
  const list = (title: string, items: readonly string[]): string =>
    items.length === 0 ? '' : `\n${title}:\n${items.map((text) => `  ${text}`).join('\n')}\n`;
  return list('extensions that no documented chip has', extensions) + list('assumptions', assumptions);
}

/** Rows as aligned columns; the first row is the heading. Numbers are right-aligned. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  const isNumber = (column: number): boolean =>
    rows.slice(1).every((row) => /^[\d.\s/%-]*$/.test(row[column] ?? ''));
  const numeric = widths.map((_, column) => isNumber(column));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => (numeric[i] ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd();
  return `${rows.map(line).join('\n')}\n`;
}
