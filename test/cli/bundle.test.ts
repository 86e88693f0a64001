// The bundle of the command line: it does what its modules do, and counts only while they are what it was made of.

import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { loadBundle } from '../../host/bundle.ts';
import { temporaryFolder } from '../support/command-line.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const DIST = join(ROOT, 'dist');
const NETWORK = join(ROOT, 'examples/pair-stdp.yaml');

function node(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return { status, stdout, stderr };
}

function imports(file: string, then: string): string[] {
  return ['-e', `import('${pathToFileURL(file).href}').then(${then})`];
}

it('is none for the sources', () => {
  expect(loadBundle()).toBeUndefined();
});

describe.skipIf(!existsSync(join(DIST, 'bundle')))('the bundle', () => {
  it.each([
    ['run', NETWORK, '--steps', '20'],
    ['run', NETWORK, '--steps', 'many'],
    ['run', 'biograd'],
    ['lint', 'biograd'],
    ['chip', 'show', 'loihi2'],
    ['conformance', 'nothing'],
  ])('does what its modules do: %s %s', (...args) => {
    const modules = imports(
      join(DIST, 'host/command-line.js'),
      "(module) => module.commandLine(['', '', ...process.argv.slice(1)])",
    );
    const expected = node(...modules, '--', ...args);
    expect(expected.stdout + expected.stderr).not.toBe('');
    expect(node(join(DIST, 'host/cli.js'), ...args)).toEqual(expected);
  });

  describe('in a folder of its own', () => {
    const folder = temporaryFolder();
    const loaded = (): string =>
      node(
        ...imports(join(folder, 'host/bundle.js'), '(module) => console.log(typeof module.loadBundle())'),
      ).stdout.trim();

    beforeEach(() => {
      cpSync(join(ROOT, 'package.json'), join(folder, 'package.json'));
      for (const part of ['.tsbuildinfo', 'host/bundle.js', 'bundle'])
        cpSync(join(DIST, part), join(folder, part), { recursive: true });
      cpSync(join(folder, '.tsbuildinfo'), join(folder, 'bundle/modules.tsbuildinfo'));
    });

    it('is loaded', () => {
      expect(loaded()).toBe('object');
    });

    it('does not count once other modules were built', () => {
      appendFileSync(join(folder, '.tsbuildinfo'), ' ');
      expect(loaded()).toBe('undefined');
    });

    it.each(['seamount.cjs', 'modules.tsbuildinfo'])('does not count without its %s', (name) => {
      rmSync(join(folder, 'bundle', name));
      expect(loaded()).toBe('undefined');
    });

    it('does without byte code, or with some that V8 refuses', () => {
      const byteCode = join(folder, 'bundle/seamount.v8');
      writeFileSync(byteCode, 'of another version');
      expect(loaded()).toBe('object');
      rmSync(byteCode);
      expect(loaded()).toBe('object');
    });
  });
});
