// The peers are measured by Python programs, which cannot be run here: their packages are not installed. What they share
// with Seamount can be: the hash that makes the networks, and that every package is pinned.

import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mix32 } from '../../host/mix32.ts';

const PEERS = join(import.meta.dirname, '../../bench/peers');
const PYTHON = ['python3', 'python'].find((command) =>
  spawnSync(command, ['--version'], { encoding: 'utf8' }).stdout?.startsWith('Python 3.'),
);
if (PYTHON === undefined) console.warn('NOT TESTED: the hash of bench/peers, as there is no Python 3 here');

describe('the hash of the peers', () => {
  it.skipIf(PYTHON === undefined)('has the bits of host/mix32.ts', () => {
    const keys = [
      0,
      1,
      0x7fff_ffff,
      0x8000_0000,
      0xffff_ffff,
      // One of each table of the workloads.
      ...[0x1000_0000, 0x1800_0000, 0x2000_0000, 0x3000_0000, 0x4000_0000, 0x5100_0000].map(
        (key) => key + 12_345,
      ),
      ...Array.from({ length: 1000 }, (_, i) => (i * 0x9e37_79b9) >>> 0),
    ];
    const program =
      'import json, sys; from mix32 import mix32; print(json.dumps([mix32(x) for x in json.load(sys.stdin)]))';
    const { stdout, stderr } = spawnSync(PYTHON!, ['-c', program], {
      cwd: PEERS,
      encoding: 'utf8',
      input: JSON.stringify(keys),
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
    });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual(keys.map(mix32));
  });
});

describe('the requirements of the peers', () => {
  const files = readdirSync(join(PEERS, 'requirements'));

  it('are one file for each script', () => {
    const scripts = readdirSync(PEERS).filter((file) => file.endsWith('_peer.py'));
    expect(scripts.map((file) => file.replace('_peer.py', '.txt')).sort()).toEqual(files.sort());
  });

  it.each(files)('%s pins one exact version of each package', (file) => {
    const lines = readFileSync(join(PEERS, 'requirements', file), 'utf8')
      .trimEnd()
      .split('\n');
    for (const line of lines) expect(line).toMatch(/^[A-Za-z0-9._-]+==\d+(\.\d+)*$/);
    expect(new Set(lines.map((line) => line.split('==')[0])).size).toBe(lines.length);
  });
});
