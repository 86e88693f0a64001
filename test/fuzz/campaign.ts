// A campaign: batches of random cases, one seed each, until something differs or the time is over.

import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { fuzzCase } from './arbitrary.ts';
import type { Coverage } from './coverage.ts';
import { compareCase, differenceText, type Way } from './differ.ts';
import type { FuzzCase } from './fuzz-case.ts';

/**
 * Rules and programs are compiled in the release build and interpreted in the others; once in it as well. What can be divided
 * runs on several threads, too.
 */
export const BUILDS: readonly Way[] = [
  { build: 'release' },
  { build: 'release', rules: 'interpreted', programs: 'interpreted' },
  { build: 'release', threads: 3 },
  { build: 'scalar' },
  { build: 'debug' },
];
/** Cases of a batch. A seed always gives the same cases, as long as the generators stay as they are. */
export const BATCH_CASES = 25;
export const REGRESSIONS = join(import.meta.dirname, 'regressions');

/** A case that once failed, as kept in `regressions`. */
export interface Regression {
  /** What differed. */
  readonly found: string;
  readonly case: FuzzCase;
}

export interface Totals {
  cases: number;
  compartmentSteps: number;
  /** Plastic synapses that learning epochs visited. */
  synapseVisits: number;
}

/** Runs one case on every build, adds it to the totals, and throws if a build differs from the model. */
export function checkCase(fuzz: FuzzCase, totals: Totals, coverage?: Coverage): void {
  const { built, model, difference } = compareCase(fuzz, BUILDS);
  if (difference !== undefined) throw new Error(differenceText(difference));
  totals.cases++;
  totals.compartmentSteps += model.statistics.compartmentUpdates;
  totals.synapseVisits += model.statistics.synapseVisits;
  coverage?.add(built, model);
}

/** Cases of a batch that are run once more with {@link forgetful} compartments. */
const FORGETFUL_CASES = 3;

/**
 * The same case with weak noise on compartments of the fixed model that keep nothing of it to the next step. Chance gives such
 * compartments hardly ever, and the core does not draw for them what nobody sees.
 */
function forgetful(fuzz: FuzzCase): FuzzCase {
  return {
    ...fuzz,
    coreClasses: fuzz.coreClasses.map((item) => ({
      ...item,
      noise: { exponent: 7, mantissaOffset: 0, target: 'dendrite' },
    })),
    populations: fuzz.populations.map((population) => ({
      ...population,
      decayU: 4095,
      decayV: 4095,
      threshold: Math.max(200, population.threshold),
      bias: null,
      refractory: 1,
      noise: true,
      thresholdOp: 'spike',
      children: [],
      program: null,
      columns: null,
      start: null,
    })),
  };
}

/** The cases of a batch. */
export function batchCases(seed: number): FuzzCase[] {
  const cases = fc.sample(fuzzCase, { seed, numRuns: BATCH_CASES });
  return [...cases, ...cases.slice(0, FORGETFUL_CASES).map(forgetful)];
}

/** Shrinks the failure of a batch: the smallest case that fast-check finds, and what it says. */
export function shrinkBatch(seed: number): Regression | undefined {
  const totals: Totals = { cases: 0, compartmentSteps: 0, synapseVisits: 0 };
  const property = fc.property(fuzzCase, (fuzz) => {
    checkCase(fuzz, totals);
  });
  const { counterexample, errorInstance } = fc.check(property, { seed, numRuns: BATCH_CASES });
  if (counterexample === null) return undefined;
  return {
    found: errorInstance instanceof Error ? errorInstance.message : String(errorInstance),
    case: counterexample[0],
  };
}

/** Keeps a failing case; gives its file. */
export function saveRegression(regression: Regression): string {
  const text = `${JSON.stringify(regression, null, 2)}\n`;
  const name = createHash('sha256').update(JSON.stringify(regression.case)).digest('hex').slice(0, 8);
  mkdirSync(REGRESSIONS, { recursive: true });
  const file = join(REGRESSIONS, `${name}.json`);
  writeFileSync(file, text);
  return file;
}

/** All kept cases by file name. */
export function loadRegressions(): { readonly name: string; readonly regression: Regression }[] {
  return readdirSync(REGRESSIONS)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => ({
      name,
      regression: JSON.parse(readFileSync(join(REGRESSIONS, name), 'utf8')) as Regression,
    }));
}
