// `seamount report` as a user meets it, and the `report.json` that a training run leaves.

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readReport } from '../../../host/report/read.ts';
import type { Report } from '../../../host/report/report.ts';
import { type Ended, run, temporaryFolder } from '../../support/command-line.ts';
import { userErrorOf } from '../../support/errors.ts';
import { byId, parseHtml, textOf } from '../../support/html.ts';
import { contract } from './contract.ts';
import { fixtureReport } from './fixture.ts';

/** A run folder with this `report.json`. */
function runFolder(parent: string, name: string, report: unknown): string {
  const folder = join(parent, name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'report.json'), typeof report === 'string' ? report : JSON.stringify(report));
  return folder;
}

/** A value after its way through JSON, where -0 is 0. */
function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** The fixture as JSON, without the fields at these paths. */
function without(...paths: readonly string[]): unknown {
  const report = asJson(fixtureReport()) as Record<string, Record<string, unknown>>;
  for (const path of paths) {
    const [section, field] = path.split('.');
    if (field === undefined) delete report[section!];
    else delete report[section!]![field];
  }
  return report;
}

/** What is wrong, as a user is told: one message, no stack, and nothing written. */
function expectRefusal({ code, stdout, stderr }: Ended, naming: string, cwd: string): void {
  expect(stderr).toContain(naming);
  expect(stderr.match(/^seamount: /gm)).toHaveLength(1);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(stdout).toBe('');
  expect(code).toBe(2);
  expect(readdirSync(cwd).filter((file) => file.endsWith('.html'))).toEqual([]);
}

describe('contract of report.json', () => {
  it('holds for the fixture and for its way through a file', () => {
    contract.parse(asJson(fixtureReport()));
    const folder = runFolder(temporaryFolder(), 'run', fixtureReport());
    contract.parse(asJson(readReport(folder)));
    expect(readReport(folder)).toEqual(asJson(fixtureReport()));
  });

  it('holds for a run, whose page and JSON output agree with it', async () => {
    const cwd = temporaryFolder();
    const size = ['--samples', '200', '--test', '100', '--epochs', '2', '--set', 'hidden=32'];
    const { code, stdout, stderr } = await run(
      ['train', 'biograd', ...size, '--seed', '7', '--out', 'run', '--json', '-'],
      cwd,
    );
    expect(code, stderr).toBe(0);
    const report = JSON.parse(readFileSync(join(cwd, 'run', 'report.json'), 'utf8')) as Report;
    expect(JSON.parse(stdout)).toEqual(report);
    contract.parse(report);
    expect(report).toMatchObject({ seed: 7, samples: { train: 200, test: 100, epochs: 2, presented: 400 } });
    expect(report.data.synthetic).toBe(true);
    expect(report.accuracy.perEpoch).toHaveLength(2);

    // Sums of parts: units, phases and the whole run are the same energy, told apart in three ways.
    const { byUnitJ, byPhaseJ, perTrainingSampleJ, dynamicJ, byVisits, byProfileJ, profile } = report.energy;
    const sum = (parts: object) => Object.values(parts).reduce((a: number, b: number) => a + b, 0);
    for (const joules of [sum(byUnitJ), sum(byPhaseJ), dynamicJ / 400, byProfileJ[profile]!])
      expect(joules / perTrainingSampleJ.value).toBeCloseTo(1, 9);
    for (const row of byVisits) expect(row.byProfileJ[profile]).toBe(row.perTrainingSampleJ);
    const parts = Object.values(report.time.byPhaseS!).flatMap((phase) => Object.values(phase));
    expect(parts.reduce((a, b) => a + b, 0) / report.time.perTrainingSampleS!).toBeCloseTo(1, 9);
    const statics = report.time.perTrainingSampleS! * 400 * report.mapping.chips;
    expect(report.energy.staticJ! / (statics * report.energy.staticPowerW!.value)).toBeCloseTo(1, 9);
    expect(report.time.coefficients.map(({ name }) => name)).toContain('learningVisit');

    const page = readFileSync(join(cwd, 'run', 'report.html'), 'utf8');
    expect(textOf(parseHtml(page))).toContain('synthetic');
    const again = await run(['report', 'run'], cwd);
    expect(again.code, again.stderr).toBe(0);
    expect(readFileSync(join(cwd, 'report.html'), 'utf8')).toBe(page);
  });

  it('holds without chip time: what was not modelled is null', async () => {
    const cwd = temporaryFolder();
    const size = ['--samples', '50', '--test', '20', '--epochs', '1', '--set', 'hidden=32'];
    const { code, stderr } = await run(
      ['train', 'biograd', ...size, '--timing', 'functional', '--out', 'run'],
      cwd,
    );
    expect(code, stderr).toBe(0);
    const report = JSON.parse(readFileSync(join(cwd, 'run', 'report.json'), 'utf8')) as Report;
    contract.parse(report);
    const { perTrainingSampleS, perTestSampleS, perStepS } = report.time;
    expect([perTrainingSampleS, perTestSampleS, perStepS, report.energy.staticJ]).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });
});

describe('seamount report', () => {
  it('renders one run, and compares several', async () => {
    const cwd = temporaryFolder();
    runFolder(cwd, 'a', fixtureReport());
    runFolder(cwd, 'b', fixtureReport({ seed: 2 }));
    const one = await run(['report', 'a', '--out', 'one.html'], cwd);
    expect([one.code, one.stdout.trim()]).toEqual([0, join(cwd, 'one.html')]);
    expect(textOf(parseHtml(readFileSync(join(cwd, 'one.html'), 'utf8')))).toContain('run report');
    const two = await run(['report', 'a', 'b', '--json', '-'], cwd);
    expect(two.code).toBe(0);
    const even = { share: 0.5, low: 0.5, high: 0.5 };
    expect(JSON.parse(two.stdout)).toEqual(
      asJson([
        { ...fixtureReport(), lessEnergyThan: [null, even] },
        { ...fixtureReport({ seed: 2 }), lessEnergyThan: [even, null] },
      ]),
    );
    const page = parseHtml(readFileSync(join(cwd, 'comparison.html'), 'utf8'));
    expect(textOf(byId(page, 'seeds'))).toContain('2 (1, 2)');
  });

  it('refuses what is not a finished run, naming it', async () => {
    const cwd = temporaryFolder();
    runFolder(cwd, 'good', fixtureReport());
    mkdirSync(join(cwd, 'empty'));
    mkdirSync(join(cwd, 'unfinished'));
    writeFileSync(join(cwd, 'unfinished', 'run.yaml'), 'request: {}\n');
    mkdirSync(join(cwd, 'folder', 'report.json'), { recursive: true });
    runFolder(cwd, 'corrupt', '{"schema": "seamount.report/1", ');
    runFolder(cwd, 'other', { schema: 'seamount.report/2' });
    runFolder(cwd, 'list', []);
    runFolder(cwd, 'wrong', { ...fixtureReport(), hostStateReads: 'none' });
    const refused = [
      ['missing', 'missing'],
      ['empty', 'not a run folder'],
      ['unfinished', 'seamount train --resume unfinished'],
      ['folder', 'folder/report.json: report.json cannot be read'],
      ['corrupt', 'corrupt/report.json: report.json is not JSON'],
      ['other', 'other/report.json: schema'],
      ['list', 'list/report.json'],
      ['wrong', 'wrong/report.json: hostStateReads'],
    ] as const;
    for (const [folder, naming] of refused) {
      expectRefusal(await run(['report', folder], cwd), naming, cwd);
    }
    expectRefusal(await run(['report', 'good', 'missing'], cwd), 'missing', cwd);
  });

  it('takes what a report lacks as unknown', async () => {
    const cwd = temporaryFolder();
    const lacking = without(
      'layers',
      'receptiveFields',
      'emulator',
      'legality',
      'energy.byVisits',
      'time.byPhaseS',
      'accuracy.ties',
      'counts.perPhase',
      'data.synthetic',
    );
    const bare = { schema: 'seamount.report/1', energy: { perTrainingSampleJ: { value: null } } };
    for (const [name, report] of [
      ['lacking', lacking],
      ['bare', bare],
    ] as const) {
      runFolder(cwd, name, report);
      const { code, stderr } = await run(['report', name, '--out', `${name}.html`], cwd);
      expect(code, stderr).toBe(0);
      const text = readFileSync(join(cwd, `${name}.html`), 'utf8');
      expect(text).not.toMatch(/NaN|undefined|\bnull\b/);
      expect(textOf(parseHtml(text))).toContain('unknown whether synthetic');
    }
    const both = await run(['report', 'lacking', 'bare'], cwd);
    expect(both.code, both.stderr).toBe(0);
    expect(readFileSync(join(cwd, 'comparison.html'), 'utf8')).not.toMatch(/NaN|undefined|\bnull\b/);
  });

  it('says which path it cannot write to', async () => {
    const cwd = temporaryFolder();
    runFolder(cwd, 'a', fixtureReport());
    expectRefusal(await run(['report', 'a', '--out', 'none/x.html'], cwd), 'none/x.html', cwd);
    expect(existsSync(join(cwd, 'none'))).toBe(false);
  });
});

describe('reading a report', () => {
  it('keeps an unknown number apart from 0: it is NaN, never null, which a sum would take as 0', () => {
    const folder = runFolder(
      temporaryFolder(),
      'run',
      without('accuracy.test', 'energy.byUnitJ', 'energy.staticJ'),
    );
    const { accuracy, energy } = readReport(folder);
    expect(accuracy.test).toBeNaN();
    expect(Object.values(energy.byUnitJ).every(Number.isNaN)).toBe(true);
    expect(energy.staticJ).toBeNull();
  });

  it('names the field that is not what it should be', () => {
    const folder = runFolder(temporaryFolder(), 'run', { ...fixtureReport(), mapping: { chips: [] } });
    const { details, message } = userErrorOf(() => readReport(folder));
    expect(details).toMatchObject({ code: 'bad-report', file: join(folder, 'report.json') });
    expect(message).toMatch(/^mapping\.chips: /);
  });
});
