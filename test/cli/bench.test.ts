// `seamount bench`: what it says and writes. How fast anything is, is no test.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run, temporaryFolder } from '../support/command-line.ts';

const folder = temporaryFolder();

describe('seamount bench', () => {
  it('names the benchmarks', async () => {
    const { code, stdout } = await run(['bench', '--list'], folder);
    expect(code).toBe(0);
    for (const name of ['dense', 'sparse', 'compartments', 'learning', 'program', 'growth', 'startup'])
      expect(stdout).toMatch(new RegExp(`^${name} `, 'm'));
  });

  it('prints rows with figure and bar, and writes them', async () => {
    const { code, stdout } = await run(['bench', 'memory', '--json', 'bench.json'], folder);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^what +figure +bar +stretch +met/);
    expect(stdout).toMatch(/full chip of 128 cores +[\d.]+ MiB +≤ 64 +≤ 40/);
    const { schema, rows } = JSON.parse(readFileSync(join(folder, 'bench.json'), 'utf8'));
    expect(schema).toBe('seamount.bench/1');
    expect(rows).toHaveLength(1);
    // 128 cores with 122 KiB of weights each: no less, whatever it is stored in.
    expect(rows[0].figure).toBeGreaterThan((128 * 122) / 1024);
    expect(rows[0]).toMatchObject({ unit: 'MiB', bar: 64, better: 'less' });
  });

  it('gives nothing but JSON on standard output if asked', async () => {
    const { code, stdout } = await run(['bench', 'memory', '--json', '-'], folder);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).rows[0].met).toBe(JSON.parse(stdout).rows[0].figure <= 64);
  });

  it('says loudly what is skipped without a compiler', async () => {
    const { code, stdout, stderr } = await run(
      ['bench', 'sparse', 'growth', '--json', 'skipped.json'],
      folder,
      {
        PATH: folder,
      },
    );
    expect(code).toBe(0);
    expect(stderr).toMatch(/no gcc here/);
    expect(stdout.match(/SKIPPED: no gcc/g)).toHaveLength(2);
    const { rows } = JSON.parse(readFileSync(join(folder, 'skipped.json'), 'utf8'));
    expect(rows[0]).toMatchObject({ figure: null, met: null, skipped: 'no gcc' });
  });

  it('refuses a benchmark that there is not', async () => {
    const { code, stderr } = await run(['bench', 'denze'], folder);
    expect(code).toBe(2);
    expect(stderr).toMatch(/no benchmark is named "denze"; did you mean "dense"\?/);
  });
});
