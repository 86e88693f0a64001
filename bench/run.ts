// Runs the benchmarks, prints one table, and writes it as JSON: to `runs/bench.json` under the working directory, or to
// the file that is named. `seamount bench` is this program.

import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { table } from '../host/commands/output.ts';
import type { Dataset } from '../host/data/dataset.ts';
import { generateDigits } from '../host/data/digits.ts';
import { listDatasets, loadDataset } from '../host/data/load.ts';
import { didYouMean, UserError } from '../host/errors.ts';
import { versions } from '../host/versions.ts';
import { isMet, type Row, ratioRow } from './bench.ts';
import { growthRows, memoryRows } from './chip-bench.ts';
import { compartmentRows } from './compartment-bench.ts';
import { epochRows } from './epoch.ts';
import { fullChipBenchmark } from './full-chip.ts';
import { meshBenchmark } from './mesh.ts';
import { hasCompiler } from './native.ts';
import { workloadRows } from './network-speed.ts';
import { programRows } from './program-bench.ts';
import { ruleRows } from './rule-bench.ts';
import { startupRows } from './startup.ts';
import { denseRows, sparseRows } from './synapse-bench.ts';
import { threadRows } from './threads.ts';
import { timingBenchmark } from './timing.ts';
import { trainingBenchmark, trainingRows } from './training.ts';

interface Benchmark {
  readonly name: string;
  readonly says: string;
  readonly rows: () => Promise<readonly Row[]> | readonly Row[];
}

function data(): Dataset {
  const hasMnist = listDatasets().some(({ name, format }) => name === 'mnist' && format === 'idx');
  return hasMnist ? loadDataset('mnist') : generateDigits();
}

/** A ratio that is watched and has no bar. */
const WATCHED = { bar: null, stretch: null };

/** Everything there is, in the order of the table. */
const BENCHMARKS: readonly Benchmark[] = [
  { name: 'dense', says: 'dense rows to accumulators, against C', rows: denseRows },
  { name: 'sparse', says: 'sparse lists to accumulators, against C', rows: sparseRows },
  { name: 'compartments', says: 'the update of compartments, against C', rows: compartmentRows },
  { name: 'learning', says: 'a learning rule, against a kernel by hand and C', rows: ruleRows },
  { name: 'program', says: 'a neuron program, against a kernel by hand', rows: programRows },
  { name: 'growth', says: 'cost of an operation from 1 to 4,096 cores, against C', rows: growthRows },
  { name: 'memory', says: 'memory of a full chip', rows: memoryRows },
  { name: 'startup', says: 'the command line to the end of its first step', rows: startupRows },
  { name: 'networks', says: 'workloads ff and rec, and an almost idle chip', rows: workloadRows },
  { name: 'threads', says: 'a large network on two threads against one, in wall time', rows: threadRows },
  {
    name: 'training',
    says: 'training biograd at a setting that learns well, and against plain loops that do the same',
    rows: () => [
      ...trainingRows(data()),
      ratioRow(trainingBenchmark(data(), 128), { what: 'training biograd / plain loops', ...WATCHED }),
    ],
  },
  { name: 'epoch', says: 'an epoch of MNIST through the command line, on all threads', rows: epochRows },
  {
    name: 'timing',
    says: 'training with time by formula, against functional',
    rows: () => [
      ratioRow(timingBenchmark(data(), 500), { what: 'functional / time by formula', ...WATCHED }),
    ],
  },
  {
    name: 'mesh',
    says: 'the mesh alone, at three loads',
    rows: () => [ratioRow(meshBenchmark(), { what: 'mesh, half load / chip delays', ...WATCHED })],
  },
  {
    name: 'cycle',
    says: 'time in cycles on a full chip',
    rows: () => [
      ratioRow(fullChipBenchmark(), { what: 'time in cycles, full chip / wanted', bar: 1, stretch: null }),
    ],
  },
];

function chosen(names: readonly string[]): readonly Benchmark[] {
  const all = BENCHMARKS.map(({ name }) => name);
  for (const name of names) {
    if (!all.includes(name))
      throw new UserError(`no benchmark is named "${name}"${didYouMean(name, all)}`, {
        code: 'unknown-benchmark',
        got: name,
        hint: `there are ${all.join(', ')}`,
      });
  }
  return names.length === 0 ? BENCHMARKS : BENCHMARKS.filter(({ name }) => names.includes(name));
}

/** 1.02, 62.5 k, 305 M: three digits. */
function short(value: number): string {
  const digits = (scale: number): number => Number((value / scale).toPrecision(3));
  if (value >= 1e9) return `${digits(1e9)} G`;
  if (value >= 1e6) return `${digits(1e6)} M`;
  if (value >= 1e4) return `${digits(1e3)} k`;
  return `${digits(1)}`;
}

function limit(row: Row, value: number | null): string {
  return value === null ? '' : `${row.better === 'more' ? '≥' : '≤'} ${short(value)}`;
}

function verdict(row: Row): string {
  if (row.skipped !== undefined) return `SKIPPED: ${row.skipped}`;
  if (isMet(row, row.stretch) === true) return 'met, stretch too';
  const met = isMet(row, row.bar);
  return met === null ? '' : met ? 'met' : 'NOT MET';
}

function lines(rows: readonly Row[]): string {
  return table([
    ['what', 'figure', 'bar', 'stretch', 'met', 'sides'],
    ...rows.map((row) => [
      row.what,
      row.figure === null ? '-' : `${short(row.figure)} ${row.unit}`,
      limit(row, row.bar),
      limit(row, row.stretch),
      verdict(row),
      Object.entries(row.rates ?? {})
        .map(([name, value]) => `${name} ${short(value)}`)
        .join(', ')
        .concat(row.rateUnit === undefined ? '' : ` ${row.rateUnit}`),
    ]),
  ]);
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { list: { type: 'boolean' }, check: { type: 'boolean' }, json: { type: 'string' } },
  });
  const benchmarks = chosen(positionals);
  if (values.list === true) {
    process.stdout.write(
      table([['benchmark', 'measures'], ...benchmarks.map(({ name, says }) => [name, says])]),
    );
    return;
  }
  if (!hasCompiler()) process.stderr.write('there is no gcc here: every comparison with C is SKIPPED\n');
  const rows: Row[] = [];
  for (const { name, rows: measure } of benchmarks) {
    process.stderr.write(`${name} …\n`);
    rows.push(...(await measure()));
  }
  const file = values.json ?? 'runs/bench.json';
  const [cpu] = cpus();
  const met = rows.map((row) => ({ ...row, met: isMet(row, row.bar), stretchMet: isMet(row, row.stretch) }));
  const text = `${JSON.stringify({ schema: 'seamount.bench/1', versions: versions(), cpu: cpu?.model ?? null, rows: met }, null, 2)}\n`;
  if (file === '-') process.stdout.write(text);
  else {
    process.stdout.write(lines(rows));
    mkdirSync(dirname(resolve(file)), { recursive: true });
    writeFileSync(file, text);
    process.stderr.write(`${resolve(file)}\n`);
  }
  if (values.check === true && met.some((row) => row.met === false)) process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  const isUser = error instanceof UserError;
  process.stderr.write(
    `seamount: ${isUser ? error.toString() : error instanceof Error ? error.stack : error}\n`,
  );
  // Native kernels that still wait for work must not keep this process alive.
  process.exit(isUser ? 2 : 70);
}
