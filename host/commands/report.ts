// `seamount report`: renders one run folder, or compares several, as HTML.

import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UserError } from '../errors.ts';
import { renderComparison } from '../report/compare.ts';
import { renderHtml } from '../report/html.ts';
import type { Report } from '../report/report.ts';
import { writeFileAtomically } from '../report/write.ts';
import { writeJson } from './output.ts';

export interface ReportOptions {
  readonly out?: string;
  readonly json?: string;
}

function readReport(run: string): Report {
  const file = join(run, 'report.json');
  if (!existsSync(file)) {
    const hint = existsSync(join(run, 'run.yaml'))
      ? `it is not finished: seamount train --resume ${run}`
      : 'it is not a run folder';
    throw new UserError(`${run} has no report.json`, { code: 'no-report', path: run, hint });
  }
  const report = JSON.parse(readFileSync(file, 'utf8')) as Report;
  if (report.schema !== 'seamount.report/1') {
    throw new UserError(`schema "${String(report.schema)}" is not seamount.report/1`, {
      code: 'bad-report',
      file,
    });
  }
  return report;
}

export async function report(runs: readonly string[], options: ReportOptions): Promise<void> {
  const reports = runs.map(readReport);
  const html = reports.length === 1 ? await renderHtml(reports[0]!) : await renderComparison(reports);
  const file = resolve(options.out ?? (reports.length === 1 ? 'report.html' : 'comparison.html'));
  writeFileAtomically(file, html);
  if (!writeJson(options.json, reports)) process.stdout.write(`${file}\n`);
}
