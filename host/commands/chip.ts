// `seamount chip`: the shipped chips, every number of one with its source, and a check of a file.

import { listChips, loadChip } from '../chip/load.ts';
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
