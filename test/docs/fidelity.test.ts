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
  })
  .parse(parse(readFileSync(join(root, 'docs/fidelity.yaml'), 'utf8')));

const options = table.implemented.flatMap((row) => row.options ?? []);

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

  it('is what the page shows', () => {
    const { status, stderr } = spawnSync(process.execPath, ['scripts/fidelity.mjs', '--check'], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });
});
