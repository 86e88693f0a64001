// The fidelity page says what tests say: every row has tests that exist, every option of the semantics has a row,
// every file of rule tests is named, and the page is made from the table as it is.

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { loadChip } from '../../host/chip/load.ts';
import { SEMANTICS } from '../../host/chip/semantics.ts';
import { packageFolder } from '../../host/versions.ts';

const root = packageFolder();
const hw = z.string().regex(/^\d+(\.\d+)?$/);
const tag = z.string().regex(/^[PESRDA](, [PESRDA])*$/);

const table = z
  .strictObject({
    implemented: z.array(
      z.strictObject({
        hw,
        what: z.string(),
        tag,
        options: z.array(z.string()).optional(),
        tests: z.array(z.string()).min(1),
      }),
    ),
    notImplemented: z.array(z.strictObject({ hw, what: z.string() })),
    conflicts: z.array(
      z.union([
        z.strictObject({ conflict: z.string(), about: z.string(), nothing: z.string() }),
        z.strictObject({
          conflict: z.string(),
          about: z.string(),
          options: z.array(z.string()).min(1),
          tests: z.array(z.string()).min(1),
        }),
      ]),
    ),
  })
  .parse(parse(readFileSync(join(root, 'docs/fidelity.yaml'), 'utf8')));

const decided = table.conflicts.flatMap((row) => ('options' in row ? [row] : []));
const options = [
  ...table.implemented.flatMap((row) => row.options ?? []),
  ...decided.flatMap((row) => row.options),
];

describe('the fidelity table', () => {
  it('names tests that exist, and all rule tests', () => {
    const named = table.implemented.flatMap(({ tests }) => tests);
    for (const file of named) expect(existsSync(join(root, file)), file).toBe(true);
    for (const file of readdirSync(join(root, 'test/rules'))) expect(named).toContain(`test/rules/${file}`);
  });

  it('has a row for every option of the semantics', () => {
    for (const name of Object.keys(SEMANTICS)) expect(options).toContain(`semantics.${name}`);
  });

  it('names options that a chip has', () => {
    const { chip } = loadChip('loihi1');
    const settingAt = (path: string): unknown =>
      path
        .split('.')
        .reduce<unknown>((part, key) => (part as Record<string, unknown> | undefined)?.[key], chip);
    for (const option of options) expect(settingAt(option), option).toBeDefined();
  });

  it('has every conflict of the hardware reference, with tests that exist', () => {
    const all = Array.from({ length: 22 }, (_, i) => `C${i + 1}`);
    expect(table.conflicts.map(({ conflict }) => conflict)).toEqual(all);
    for (const { tests } of decided)
      for (const file of tests) expect(existsSync(join(root, file)), file).toBe(true);
  });

  it('has every option under the conflict that it decides', () => {
    for (const [name, { conflict }] of Object.entries(SEMANTICS)) {
      if (!conflict.startsWith('C')) continue;
      const row = decided.find((each) => each.conflict === conflict);
      expect(row?.options, name).toContain(`semantics.${name}`);
    }
  });

  it('has a test for each choice of every option', () => {
    const folder = join(root, 'test/rules');
    const texts = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
    for (const [name, { values }] of Object.entries(SEMANTICS)) {
      const about = texts.filter((text) => text.includes(name)).join('\n');
      for (const value of values) expect(about.includes(`'${value}'`), `${name} ${value}`).toBe(true);
    }
  });

  it('is what the page shows', () => {
    const { status, stderr } = spawnSync(process.execPath, ['scripts/fidelity.mjs', '--check'], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });
});
