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

interface Life {
  /** Of all of the process's threads. */
  readonly cpuS: number;
  /** From start to end by the clock. */
  readonly wallS: number;
}

/** A process from its start to its end; its CPU time is what the shell's `times` says of its children. */
function lifeOf(args: readonly string[]): Life {
  const script = '"$@" >/dev/null && times';
  const start = performance.now();
  const said = execFileSync('/bin/sh', ['-c', script, 'sh', process.execPath, ...args], { encoding: 'utf8' });
  const wallS = (performance.now() - start) / 1000;
  const children = said.trim().split('\n').at(-1)!;
  const cpuS = [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + 60 * Number(minutes) + Number(seconds),
    0,
  );
  return { cpuS, wallS };
}

/** The least of several runs, in turns: whatever else the machine does only adds to a run. */
export function startupRows(): Row[] {
  const folder = packageFolder();
  const network = join(folder, 'examples/pair-stdp.yaml');
  const run = [join(folder, 'dist/host/cli.js'), 'run', network, '--steps', '1', '--timing', 'functional'];
  const rounds = Array.from({ length: RUNS }, () => ({
    seamount: lifeOf(run),
    node: lifeOf(['-e', '0']),
  }));
  const least = (pick: (round: (typeof rounds)[number]) => number): number => Math.min(...rounds.map(pick));
  const seamount = least((round) => round.seamount.cpuS);
  return [
    {
      ...TARGET,
      figure: seamount,
      unit: 's',
      better: 'less',
      rates: {
        seamount,
        'by the clock': least((round) => round.seamount.wallS),
        'node that does nothing': least((round) => round.node.cpuS),
        'that by the clock': least((round) => round.node.wallS),
      },
      rateUnit: 's',
    },
  ];
}
