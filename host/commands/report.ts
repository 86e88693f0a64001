// `seamount report`: renders one run folder, or compares several, as HTML.

import { resolve } from 'node:path';
import { renderComparison } from '../report/compare.ts';
import { renderHtml } from '../report/html.ts';
import { readReport } from '../report/read.ts';
import { writeFileAtomically } from '../report/write.ts';
import { writeJson } from './output.ts';

export interface ReportOptions {
  readonly out?: string;
  readonly json?: string;
}

export async function report(runs: readonly string[], options: ReportOptions): Promise<void> {
  const reports = runs.map(readReport);
  const html = reports.length === 1 ? await renderHtml(reports[0]!) : await renderComparison(reports);
  const file = resolve(options.out ?? (reports.length === 1 ? 'report.html' : 'comparison.html'));
  writeFileAtomically(file, html);
  if (!writeJson(options.json, reports)) process.stdout.write(`${file}\n`);
}
