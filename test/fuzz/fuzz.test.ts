// A short campaign: seeds that never change, whose cases must reach nearly every corner, and one that is new in every
// run and printed.

import { describe, expect, it } from 'vitest';
import { batchCases, checkCase, type Totals } from './campaign.ts';
import { Coverage, REQUIRED, REQUIRED_SHORT, shortfalls } from './coverage.ts';

const FIXED_SEEDS = [4, 5, 15];

function noTotals(): Totals {
  return { cases: 0, compartmentSteps: 0, synapseVisits: 0 };
}

describe('random chips, networks and schedules', () => {
  it('agree with the model on every register, counter and time, and reach every corner', () => {
    const totals = noTotals();
    const coverage = new Coverage();
    for (const seed of FIXED_SEEDS) for (const fuzz of batchCases(seed)) checkCase(fuzz, totals, coverage);
    expect(totals.compartmentSteps).toBeGreaterThan(50_000);
    expect(totals.synapseVisits).toBeGreaterThan(50_000);
    expect(shortfalls(coverage, REQUIRED_SHORT)).toEqual([]);
  });

  it('would be told from cases that reach nothing', () => {
    expect(shortfalls(new Coverage())).toHaveLength(Object.keys(REQUIRED).length);
  });

  it('agree with the model on cases that no run has seen', () => {
    const seed = Math.floor(Date.now() / 1000) % 2 ** 31;
    process.stdout.write(
      `fuzz seed of this run: ${seed}; again with npm run fuzz -- --seed ${seed} --batches 1\n`,
    );
    for (const fuzz of batchCases(seed).slice(0, 10)) checkCase(fuzz, noTotals());
  });
});
