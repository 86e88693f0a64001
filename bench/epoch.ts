// A whole epoch as a user runs it: the command line reads MNIST, trains 60,000 samples on one thread while another one
// evaluates, answers the 10,000 test samples on both, and writes the run folder.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listDatasets } from '../host/data/load.ts';
import type { Report } from '../host/report/report.ts';
import { packageFolder } from '../host/versions.ts';
import { type Row, skippedRow } from './bench.ts';
import { LESSONS, settingTexts } from './lessons.ts';

/** The kernel's unit of CPU time. */
const TICKS_PER_S = 100;

/** CPU seconds of a process, or of the children that another one has waited for; 0 where the kernel does not tell. */
function cpuOf(pid: number | 'self', fields: readonly [number, number]): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const values = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields.reduce((sum, field) => sum + Number(values[field]), 0) / TICKS_PER_S;
  } catch {
    return 0;
  }
}

/** Places behind the process's name: user and system time, its own and that of its children. */
const OWN = [11, 12] as const;
const CHILDREN = [13, 14] as const;

/** What the command says when it begins with a part of its work. */
const PARTS = [
  ['start, data, compilation', /samples/],
  ['training, evaluation beside it', /^evaluating/],
] as const;
const LAST_PART = 'evaluation, report';

interface Spent {
  readonly wallS: number;
  /** CPU seconds of all threads, by part. */
  readonly cpuS: Readonly<Record<string, number>>;
}

/** Follows a command to its end. */
async function follow(child: ChildProcess): Promise<Spent> {
  const begin = performance.now();
  const before = cpuOf('self', CHILDREN);
  const cpuS: Record<string, number> = {};
  let ended = 0;
  let part = 0;
  let said = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    for (; part < PARTS.length; part++) {
      const [name, end] = PARTS[part]!;
      if (!said.split('\n').some((line) => end.test(line))) return;
      const now = cpuOf(child.pid!, OWN);
      cpuS[name] = now - ended;
      ended = now;
    }
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  });
  if (code !== 0) throw new Error(`the command ended with ${code}:\n${said}`);
  const all = cpuOf('self', CHILDREN) - before;
  return { wallS: (performance.now() - begin) / 1000, cpuS: { ...cpuS, [LAST_PART]: all - ended, all } };
}

/** Trains one epoch through the command line. */
export async function epochRows(): Promise<readonly Row[]> {
  const { settings, reaches } = LESSONS.epoch;
  const target = {
    what: `an epoch of biograd, MNIST, 784-${settings.hidden}-10 (${reaches}), wall time`,
    bar: 10,
    stretch: 4,
  };
  if (!listDatasets().some(({ name, format }) => name === 'mnist' && format === 'idx'))
    return [{ ...skippedRow(target, 'there is no MNIST here'), better: 'less' }];
  const folder = mkdtempSync(join(tmpdir(), 'seamount-epoch-'));
  try {
    const child = spawn(
      process.execPath,
      [
        join(packageFolder(), 'dist/host/cli.js'),
        ...['train', 'biograd', '--data', 'mnist', '--epochs', '1'],
        ...settingTexts(settings).flatMap((text) => ['--set', text]),
        ...['--out', join(folder, 'run'), '--json', join(folder, 'report.json')],
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    const { wallS, cpuS } = await follow(child);
    const { accuracy } = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as Report;
    return [
      {
        ...target,
        figure: wallS,
        unit: 's',
        better: 'less',
        rates: cpuS,
        rateUnit: 'CPU s',
      },
      {
        what: 'accuracy after this epoch',
        figure: 100 * accuracy.test,
        unit: '%',
        bar: null,
        stretch: null,
        better: 'more',
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
