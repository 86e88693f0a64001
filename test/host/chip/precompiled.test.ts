import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { shippedChipDir } from '../../../host/chip/chip-file.ts';
import { loadChip, precompileChips } from '../../../host/chip/load.ts';
import { readPrecompiled } from '../../../host/chip/precompiled.ts';

const folder = mkdtempSync(join(tmpdir(), 'seamount-chips-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
precompileChips(folder);

const shipped = readdirSync(shippedChipDir()).filter((file) => file.endsWith('.yaml'));

describe('precompiled chips', () => {
  it('are the shipped ones, with every number and where it came from', () => {
    expect(shipped).toContain('loihi1-davies.yaml');
    for (const file of shipped) {
      const chip = readPrecompiled(folder, join(shippedChipDir(), file));
      expect(chip).toEqual(loadChip(join(shippedChipDir(), file)));
    }
  });

  it('do not count once a file has changed, even one that is extended', () => {
    const changed = join(folder, 'changed');
    mkdirSync(changed);
    for (const file of shipped) copyFileSync(join(shippedChipDir(), file), join(changed, file));
    const child = join(changed, 'loihi1-davies.yaml');
    expect(readPrecompiled(folder, child)).toBeDefined();
    writeFileSync(join(changed, 'loihi1.yaml'), '\n', { flag: 'a' });
    expect(readPrecompiled(folder, child)).toBeUndefined();
  });

  it('do not count if other code has made them, or half of one is there', () => {
    const path = join(shippedChipDir(), 'loihi1.yaml');
    const place = join(folder, 'loihi1.json');
    const whole = readFileSync(place, 'utf8');
    writeFileSync(place, whole.replace(/"code":"./, '"code":"-'));
    expect(readPrecompiled(folder, path)).toBeUndefined();
    writeFileSync(place, whole.slice(0, 1000));
    expect(readPrecompiled(folder, path)).toBeUndefined();
  });
});
