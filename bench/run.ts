// Runs the benchmarks, prints a table, and writes `bench/results.json` under the working directory's `runs` folder
// or the file given as argument.

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { generateDigits } from '../host/data/digits.ts';
import { listDatasets, loadDataset } from '../host/data/load.ts';
import type { BenchResult } from './bench.ts';
import { fullChipBenchmark } from './full-chip.ts';
import { meshBenchmark } from './mesh.ts';
import { ruleBenchmarks } from './rule-bench.ts';
import { timingBenchmark } from './timing.ts';
import { trainingBenchmark } from './training.ts';

const data = listDatasets().some(({ name, format }) => name === 'mnist' && format === 'idx')
  ? loadDataset('mnist')
  : generateDigits();
const results: BenchResult[] = [
  trainingBenchmark(data, 128),
  timingBenchmark(data, 500),
  meshBenchmark(),
  fullChipBenchmark(),
  ...(await ruleBenchmarks()),
];

for (const { benchmark, unit, rates, ratio } of results) {
  process.stdout.write(`${benchmark}\n`);
  for (const [name, rate] of Object.entries(rates))
    process.stdout.write(`  ${name.padEnd(14)} ${Math.round(rate)} ${unit}\n`);
  process.stdout.write(`  ratio          ${ratio.toFixed(2)}\n`);
}
const file = resolve(process.argv[2] ?? 'runs/bench.json');
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
process.stdout.write(`${file}\n`);
