// `seamount chip`: the shipped chips, every number of one with its source, a check of a file, and chips from files of
// other programs.

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { listChips, loadChip } from '../chip/load.ts';
import { UserError } from '../errors.ts';
import { importSanaFeChip } from '../import/sana-fe-chip.ts';
import { writeFileAtomically } from '../report/write.ts';
import { table, writeJson } from './output.ts';

export interface ChipOptions {
  readonly json?: string;
}

export function chipList(options: ChipOptions): void {
  const chips = listChips();
  if (writeJson(options.json, chips)) return;
  process.stdout.write(table([['name', 'what it is'], ...chips.map(({ name, title }) => [name, title])]));
}

export function chipShow(name: string, options: ChipOptions): void {
  const { chip, provenance, files } = loadChip(name);
  if (writeJson(options.json, { chip, provenance: Object.fromEntries(provenance), files })) return;
  process.stdout.write(`${chip.title}\n${chip.status}\n\n`);
  const rows = [...provenance].map(([path, { value, written, class: kind, source }]) => [
    path,
    written ?? String(value),
    kind ?? '',
    source ?? '',
  ]);
  process.stdout.write(table([['number', 'value', 'class', 'source'], ...rows]));
}

export function chipCheck(file: string): void {
  const { chip, provenance } = loadChip(file);
  process.stdout.write(`${chip.name}: ${provenance.size} numbers, each with unit and source\n`);
}

export interface ImportOptions extends ChipOptions {
  readonly out?: string;
}

export function chipImport(file: string, options: ImportOptions): void {
  const { name, text, notes } = importSanaFeChip(file);
  if (options.out === '-') process.stdout.write(text);
  else {
    const place = options.out ?? `${name}.yaml`;
    if (options.out === undefined && existsSync(place)) {
      throw new UserError(`${place} exists; name another file with --out`, { code: 'exists', path: '--out' });
    }
    writeFileAtomically(resolve(place), text);
    loadChip(resolve(place));
    if (!writeJson(options.json, { name, file: resolve(place), notes })) process.stdout.write(`${place}\n`);
  }
  for (const note of notes) process.stderr.write(`${note}\n`);
}
