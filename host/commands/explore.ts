// `seamount explore`: runs a sweep or a search over settings of a recipe, and shows its points.

import { availableParallelism } from 'node:os';
import { basename, extname, join, resolve } from 'node:path';
import { loadDataset } from '../data/load.ts';
import { UserError } from '../errors.ts';
import { runSweep, type SweepOutcome } from '../explore/run-sweep.ts';
import { readSweep } from '../explore/sweep-file.ts';
import { Progress } from '../training/progress.ts';
import { watchInterrupt } from './interrupt.ts';
import { checkJsonPlace, table, writeJson } from './output.ts';

export interface ExploreOptions {
  readonly engine: string;
  readonly threads?: number;
  readonly out?: string;
  readonly json?: string;
}

/** Points that are shown; all are in the JSON. */
const SHOWN = 20;

function render({ entries }: SweepOutcome): string {
  const names = [...new Set(entries.flatMap(({ values }) => Object.keys(values)))];
  const rows = entries
    .slice(0, SHOWN)
    .map(({ values, accuracy, spikes }) => [
      `${(100 * accuracy).toFixed(2)} %`,
      spikes.toFixed(0),
      ...names.map((name) => JSON.stringify(values[name])),
    ]);
  const rest = entries.length > SHOWN ? `and ${entries.length - SHOWN} more\n` : '';
  return table([['kept out', 'spikes', ...names], ...rows]) + rest;
}

/** Returns `interrupted` if the user stopped the sweep. */
export async function explore(file: string, options: ExploreOptions): Promise<'done' | 'interrupted'> {
  checkJsonPlace(options.json);
  if (options.engine !== 'local') {
    throw new UserError(`engine "${options.engine}" is not there; sweeps run on local threads`, {
      code: 'unknown-engine',
      path: '--engine',
      got: options.engine,
      limit: ['local'],
    });
  }
  const sweep = readSweep(file);
  const dataset = loadDataset(sweep.data);
  const folder = resolve(options.out ?? join('runs', basename(file, extname(file))));
  const progress = new Progress(process.stderr);
  const watch = watchInterrupt(progress, 'stopping after the trials under way; the same command goes on');
  try {
    const outcome = await runSweep(sweep, dataset, {
      folder,
      threads: options.threads ?? availableParallelism(),
      say: (line) => progress.say(line),
      interrupted: watch.interrupted,
    });
    if (!outcome.finished) return 'interrupted';
    const { entries, generations } = outcome;
    writeJson(join(folder, 'sweep.json'), { sweep, entries, generations });
    writeJson(options.json, { sweep, entries, generations });
    if (options.json !== '-') process.stdout.write(`${render(outcome)}\nsweep folder: ${folder}\n`);
    return 'done';
  } finally {
    watch.end();
  }
}
