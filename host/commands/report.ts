// `seamount report`: renders one run folder, or compares several, as HTML.

import { resolve } from 'node:path';
import { renderComparison } from '../report/compare.ts';
import { contests } from '../report/contestants.ts';
import { renderHtml } from '../report/html.ts';
import { readReport, storedReport } from '../report/read.ts';
import type { Report } from '../report/report.ts';
import { writeFileAtomically } from '../report/write.ts';
import { writeJson } from './output.ts';

export interface ReportOptions {
  readonly out?: string;
  readonly json?: string;
}

/** The reports, each with the share of draws in which it takes less energy than each of the others. */
function withContests(reports: readonly Report[]): readonly object[] {
  if (reports.length < 2) return reports.map(storedReport);
  const shares = contests(reports);
  return reports.map((report, i) => ({ ...storedReport(report), lessEnergyThan: shares[i]! }));
}

export async function report(runs: readonly string[], options: ReportOptions): Promise<void> {
  const reports = runs.map(readReport);
  const html = reports.length === 1 ? await renderHtml(reports[0]!) : await renderComparison(reports);
  const file = resolve(options.out ?? (reports.length === 1 ? 'report.html' : 'comparison.html'));
  writeFileAtomically(file, html);
  if (!writeJson(options.json, withContests(reports))) process.stdout.write(`${file}\n`);
}
