// Start-up of the command line: the whole life of a process that runs one step of a tiny network and prints the result.

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { packageFolder } from '../host/versions.ts';
import type { Row, Target } from './bench.ts';

const RUNS = 15;

const TARGET: Target = {
  what: 'start-up, a tiny network to the end of its first step',
  bar: 0.4,
  stretch: 0.2,
};

/** CPU time of a process with all of its threads, as the shell's `times` says it of its children. */
function cpuSecondsOf(args: readonly string[]): number {
  const script = '"$@" >/dev/null && times';
  const said = execFileSync('/bin/sh', ['-c', script, 'sh', process.execPath, ...args], { encoding: 'utf8' });
  const children = said.trim().split('\n').at(-1)!;
  return [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + 60 * Number(minutes) + Number(seconds),
    0,
  );
}

/** The least of several runs, in turns: whatever else the machine does only adds to a run. */
export function startupRows(): Row[] {
  const folder = packageFolder();
  const network = join(folder, 'examples/pair-stdp.yaml');
  const run = [join(folder, 'dist/host/cli.js'), 'run', network, '--steps', '1', '--timing', 'functional'];
  const rounds = Array.from({ length: RUNS }, () => ({
    seamount: cpuSecondsOf(run),
    node: cpuSecondsOf(['-e', '0']),
  }));
  const seamount = Math.min(...rounds.map((round) => round.seamount));
  const node = Math.min(...rounds.map((round) => round.node));
  return [
    {
      ...TARGET,
      figure: seamount,
      unit: 's',
      better: 'less',
      rates: { seamount, 'node that does nothing': node },
      rateUnit: 's of CPU time',
    },
  ];
}
