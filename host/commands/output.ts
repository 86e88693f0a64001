// Where a command's machine-readable result goes.

import { writeFileSync } from 'node:fs';
import { UserError } from '../errors.ts';

/** Writes a result as JSON to a file, or to standard output for `-`. Returns true if it did. */
export function writeJson(file: string | undefined, result: unknown): boolean {
  if (file === undefined) return false;
  const text = `${JSON.stringify(result, null, 2)}\n`;
  if (file === '-') {
    process.stdout.write(text);
    return true;
  }
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new UserError(`cannot write ${file}: ${(error as Error).message}`, {
      code: 'cannot-write',
      path: '--json',
    });
  }
  return true;
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
