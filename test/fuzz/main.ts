// npm run fuzz: a long run. Prints progress and totals; a failing case is shrunk and kept as a regression.

import { parseArgs } from 'node:util';
import { batchCases, checkCase, saveRegression, shrinkBatch, type Totals } from './campaign.ts';
import { Coverage, shortfalls } from './coverage.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    batches: { type: 'string' },
    coverage: { type: 'boolean', default: false },
  },
});
const first = Number(values.seed);
const end = values.batches === undefined ? Infinity : first + Number(values.batches);
const deadline = Date.now() + Number(values.minutes) * 60_000;
const totals: Totals = { cases: 0, compartmentSteps: 0, synapseVisits: 0 };
const coverage = new Coverage();
const million = (n: number): string => `${(n / 1e6).toFixed(2)} million`;

function progress(seed: number): void {
  process.stdout.write(
    `seeds ${first}..${seed}: ${totals.cases} cases, ${million(totals.compartmentSteps)} compartment-steps, ` +
      `${million(totals.synapseVisits)} synaptic updates, no difference; go on with --seed ${seed + 1}\n`,
  );
}

/** Runs the batch of a seed; false if something differed. */
function runBatch(seed: number): boolean {
  try {
    for (const fuzz of batchCases(seed)) checkCase(fuzz, totals, coverage);
    return true;
  } catch (error) {
    process.stdout.write(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}\n`);
    const regression = shrinkBatch(seed);
    if (regression !== undefined)
      process.stdout.write(`shrunk: ${regression.found}\nkept as ${saveRegression(regression)}\n`);
    return false;
  }
}

let seed = first;
let reported = Date.now();
let passed = true;
for (; passed && seed < end && (seed === first || Date.now() < deadline); seed++) {
  passed = runBatch(seed);
  if (passed && seed + 1 < end && Date.now() - reported > 30_000) {
    progress(seed);
    reported = Date.now();
  }
}
if (passed) {
  progress(seed - 1);
  if (values.coverage) process.stdout.write(`${coverage.table()}\n`);
  for (const line of shortfalls(coverage)) process.stdout.write(`not reached often enough: ${line}\n`);
} else process.exitCode = 1;
