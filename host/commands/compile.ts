// `seamount compile`: maps a network to a chip and prints what it takes.

import { loadChip } from '../chip/load.ts';
import { compile } from '../compile/compile.ts';
import { resourceName, showAmount } from '../compile/resource-use.ts';
import { sayLegality, table, writeJson } from './output.ts';
import { findSubject, type SubjectOptions } from './subject.ts';

export interface CompileOptions extends SubjectOptions {
  readonly chip: string;
  readonly json?: string;
}

export async function compileSubject(name: string, options: CompileOptions): Promise<void> {
  const { chip } = loadChip(options.chip);
  const { title, network } = await findSubject(name, options);
  const { cores, quantization, legality, chips } = compile(network, chip);
  const rounded = quantization.filter((line) => line.rounded > 0);
  if (
    writeJson(options.json, { network: network.name, chip: chip.name, chips, cores, quantization, legality })
  )
    return;
  const resources = cores[0]?.use.map(({ resource }) => resource) ?? [];
  const rows = [
    ['core', 'class', ...resources.map(resourceName)],
    ...cores.map(({ core, coreClass, use }) => [
      String(core),
      coreClass,
      ...use.map(
        ({ resource, used, limit }) => `${showAmount(resource, used)}/${showAmount(resource, limit)}`,
      ),
    ]),
  ];
  process.stdout.write(
    `${title} on ${chip.title}: ${cores.length} core${cores.length === 1 ? '' : 's'} of ${chips} chip${chips === 1 ? '' : 's'}\n\n`,
  );
  // One row per resource: a core's resources do not fit in the width of a terminal.
  const columns = rows[0]!.map((_, i) => rows.map((row) => row[i]!));
  process.stdout.write(table(columns));
  process.stdout.write(
    rounded.length === 0
      ? '\nevery weight is on its grid\n'
      : `\n${rounded.map((line) => `${line.projection}: ${line.rounded} of ${line.synapses} weights rounded, by ${line.worst} at most`).join('\n')}\n`,
  );
  process.stdout.write(sayLegality(legality));
}
