// `seamount conformance`: replays golden vectors; one line per failing one, then the counts.

import { runConformance } from '../conformance/conformance.ts';
import type { Check } from '../conformance/replayers.ts';
import { writeJson } from './output.ts';

export interface ConformanceOptions {
  readonly json?: string;
}

/** Returns true if everything passed. */
export function conformance(paths: readonly string[], options: ConformanceOptions): boolean {
  const isQuiet = options.json === '-';
  const checks: Check[] = [];
  for (const check of runConformance(paths)) {
    checks.push(check);
    if (check.failure !== null && !isQuiet) process.stdout.write(`${check.name}: ${check.failure}\n`);
  }
  const failed = checks.filter(({ failure }) => failure !== null).length;
  const passed = checks.length - failed;
  writeJson(options.json, { passed, failed, checks });
  if (!isQuiet) process.stdout.write(`${passed} passed, ${failed} failed\n`);
  return failed === 0;
}
