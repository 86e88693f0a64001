// `seamount compile`: maps a network to a chip and prints what it takes.

import { openChip } from '../chip/open.ts';
import { type CoreUtilization, compile } from '../compile/compile.ts';
import { type ResourceUse, resourceName, showAmount } from '../compile/resource-use.ts';
import { sayLegality, table, writeJson } from './output.ts';
import { findSubject, type SubjectOptions } from './subject.ts';

export interface CompileOptions extends SubjectOptions {
  readonly chip: string;
  readonly json?: string;
  /** What every single core uses. */
  readonly cores?: boolean;
}

function ofLimit({ resource, used, limit }: ResourceUse): string {
  return `${showAmount(resource, used)}/${showAmount(resource, limit)}`;
}

/** One row a resource: the core that uses most of it, and the mean over the cores. */
function summary(cores: readonly CoreUtilization[]): string[][] {
  const rows = cores[0]!.use.map(({ resource }, i) => {
    const uses = cores.map(({ use }) => use[i]!);
    const most = uses.reduce((a, b) => (b.used > a.used ? b : a));
    const mean = uses.reduce((sum, { used }) => sum + used, 0) / uses.length;
    return [
      resourceName(resource),
      ofLimit(most),
      `${((100 * most.used) / most.limit).toFixed(1)} %`,
      showAmount(resource, +mean.toFixed(1)),
      String(uses.indexOf(most)),
    ];
  });
  return [['resource', 'most/limit', 'share', 'mean', 'on core'], ...rows];
}

/** One row a core. */
function byCore(cores: readonly CoreUtilization[]): string[][] {
  return [
    ['core', 'class', ...cores[0]!.use.map(({ resource }) => resourceName(resource))],
    ...cores.map(({ core, coreClass, use }) => [String(core), coreClass, ...use.map(ofLimit)]),
  ];
}

export async function compileSubject(name: string, options: CompileOptions): Promise<void> {
  const { chip } = await openChip(options.chip);
  const { title, network } = await findSubject(name, options);
  const { cores, quantization, legality, chips } = compile(network, chip);
  const rounded = quantization.filter((line) => line.rounded > 0);
  if (
    writeJson(options.json, { network: network.name, chip: chip.name, chips, cores, quantization, legality })
  )
    return;
  process.stdout.write(
    `${title} on ${chip.title}: ${cores.length} core${cores.length === 1 ? '' : 's'} of ${chips} chip${chips === 1 ? '' : 's'}\n\n${table(summary(cores))}`,
  );
  if (options.cores === true) process.stdout.write(`\n${table(byCore(cores))}`);
  process.stdout.write(
    rounded.length === 0
      ? '\nevery weight is on its grid\n'
      : `\n${rounded.map((line) => `${line.projection}: ${line.rounded} of ${line.synapses} weights rounded, by ${line.worst} at most`).join('\n')}\n`,
  );
  process.stdout.write(sayLegality(legality));
}
