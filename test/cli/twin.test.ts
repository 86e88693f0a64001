// The full-precision twin from the command line: the same job without a chip, and a report that says so.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Report } from '../../host/report/report.ts';
import { type Ended, run, temporaryFolder } from '../support/command-line.ts';

const folder = temporaryFolder();
const SHORT = ['--samples', '300', '--epochs', '1', '--test', '100', '--set', 'hidden=32'];
const out = join(folder, 'twin');

describe('seamount train --precision float', () => {
  let ended: Ended;
  let report: Report;
  beforeAll(async () => {
    const twin = ['train', 'biograd', ...SHORT, '--precision', 'float', '--out', out, '--json', 'twin.json'];
    ended = await run(twin, folder);
    report = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')) as Report;
  }, 120_000);

  it('writes a run folder whose report has accuracy, and no counts, time, energy or mapping', () => {
    expect(ended.stderr).not.toMatch(/fault/);
    expect(ended.code).toBe(0);
    expect(report).toMatchObject({
      schema: 'seamount.report/1',
      precision: 'float',
      counts: null,
      time: null,
      energy: null,
      mapping: null,
      hostWeightWrites: 0,
      hostStateReads: 0,
      samples: { train: 300, test: 100, presented: 300 },
    });
    expect(report.chip).toMatchObject({ name: 'loihi1', status: 'full-precision twin, no chip does this' });
    expect(report.legality.extensions?.join()).toContain('full precision');
    expect(report.accuracy.test).toBeGreaterThan(0);
    expect(report.accuracy.perEpoch).toEqual([report.accuracy.test]);
    expect(JSON.parse(readFileSync(join(folder, 'twin.json'), 'utf8'))).toEqual(report);
    const asked = parse(readFileSync(join(out, 'run.yaml'), 'utf8')) as { request: object };
    expect(asked.request).toMatchObject({ recipe: 'biograd', precision: 'float' });
  });

  it('says on the page and in the terminal that it is a twin, and names no joule and no second', () => {
    const page = readFileSync(join(out, 'report.html'), 'utf8');
    expect(page).toContain('full-precision twin, no chip does this');
    expect(page).not.toContain('Energy per training sample');
    expect(ended.stdout).toMatch(/full-precision twin/);
    expect(ended.stdout).not.toMatch(/Energy per training sample|Time per training sample/);
  });

  it('gives its report again when it is resumed, and stands beside the chip in a comparison', async () => {
    const again = await run(['train', '--resume', out, '--json', '-'], folder);
    expect(JSON.parse(again.stdout)).toEqual(report);
    const chip = join(folder, 'chip');
    expect((await run(['train', 'biograd', ...SHORT, '--out', chip], folder)).code).toBe(0);
    const compared = await run(['report', chip, out, '--out', 'both.html'], folder);
    expect(compared.code).toBe(0);
    expect(readFileSync(join(folder, 'both.html'), 'utf8')).toMatch(/precision[\s\S]*float/);
  }, 60_000);

  it('refuses a precision that does not exist, and a network that it cannot run, before anything is written', async () => {
    const unknown = await run(['train', 'biograd', '--precision', 'double', '--out', 'none'], folder);
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain('precision "double" does not exist; use chip or float');
    writeFileSync(
      join(folder, 'late.yaml'),
      'name: late\nextends: loihi1\ntitle: Late\nstatus: a test\nsemantics:\n  weightRead: late\n',
    );
    const late = [
      'train',
      'biograd',
      ...SHORT,
      '--chip',
      'late.yaml',
      '--precision',
      'float',
      '--out',
      'none',
    ];
    const refused = await run(late, folder);
    expect(refused.stderr).toContain('semantics.weightRead late: a full-precision twin does not have that');
    expect(refused.stderr).not.toMatch(/\n {4}at /);
    expect(refused.code).toBe(2);
    expect(existsSync(join(folder, 'none'))).toBe(false);
  });
});
