// `seamount chip import` as a user calls it: an architecture of SANA-FE becomes a chip that other commands take.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { run, temporaryFolder } from '../support/command-line.ts';

const ARCHITECTURE = fileURLToPath(
  new URL('../host/import/fixtures/small-architecture.yaml', import.meta.url),
);
const EXAMPLE = fileURLToPath(new URL('../../examples/pair-stdp.yaml', import.meta.url));
const folder = temporaryFolder();

describe('seamount chip import', () => {
  it('writes a chip that can be checked and compiled for, once', async () => {
    const written = await run(['chip', 'import', ARCHITECTURE], folder);
    expect({ code: written.code, stdout: written.stdout }).toEqual({
      code: 0,
      stdout: 'two-by-three.yaml\n',
    });
    expect(written.stderr).not.toBe(''); // what has no place in a chip file is said
    const file = join(folder, 'two-by-three.yaml');
    const text = readFileSync(file, 'utf8');

    const checked = await run(['chip', 'check', file], folder);
    expect({ code: checked.code, stderr: checked.stderr }).toEqual({ code: 0, stderr: '' });
    expect(checked.stdout).toMatch(/^two-by-three: \d+ numbers, each with unit and source\n$/);
    const compiled = await run(['compile', EXAMPLE, '--chip', file, '--json', '-'], folder);
    expect({ code: compiled.code, chip: JSON.parse(compiled.stdout).chip }).toEqual({
      code: 0,
      chip: 'two-by-three',
    });

    const again = await run(['chip', 'import', ARCHITECTURE], folder);
    expect({ code: again.code, stdout: again.stdout }).toEqual({ code: 2, stdout: '' });
    expect(again.stderr).toMatch(/two-by-three\.yaml exists; name another file with --out/);
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  it('refuses a file that is no architecture', async () => {
    const { code, stdout, stderr } = await run(['chip', 'import', EXAMPLE, '--out', 'none.yaml'], folder);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('pair-stdp.yaml');
    expect(stderr).not.toMatch(/\n {4}at /);
  });
});
