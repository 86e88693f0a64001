import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listChips, loadChip } from '../../../host/chip/load.ts';
import { CHILD, folderOf, loadChild, placeOf, userErrorOf } from './chip-fixture.ts';

function file(name: string, parent: string, sections = ''): string {
  return `name: ${name}\ntitle: T ${name}\nstatus: S ${name}\nextends: ${parent}\n${sections}`;
}

describe('a chip that extends another', () => {
  it('merges maps at every depth and keeps what it does not name', () => {
    const base = loadChip('loihi1').chip;
    const { chip } = loadChild('compartment:\n  noise:\n    exponentMax: 9 powers of two # [A]\n');
    expect(chip.compartment).toEqual({
      ...base.compartment,
      noise: { ...base.compartment.noise, exponentMax: 9 },
    });
    expect(chip.core).toEqual(base.core);
    expect(chip.name).toBe('mine');
    expect(chip.extends).toBe('loihi1');
  });

  it('replaces lists and whole quantities', () => {
    const { chip, provenance } = loadChild(
      'synapse:\n  weightBits: 8 bits # [A]\nenergy:\n  staticPower: 1 W # mine\n  profiles:\n    sana-fe:\n      spike: null\n',
    );
    expect(chip.synapse.weightBits).toEqual([8]);
    // Neither the interval nor the class of the parent's value may stay behind.
    const { low, high, ...rest } = chip.energy.staticPower!;
    expect(rest).toEqual({ value: 1, class: 'guess', source: 'mine' });
    expect([low, high]).toEqual([1 / 3, 3]);
    expect(provenance.get('energy.staticPower')).toMatchObject({ low, high });
    expect(chip.energy.profiles['sana-fe']?.coefficients.spike).toBeNull();
    expect(chip.energy.profiles['sana-fe']?.coefficients.message?.value).toBe(111e-12);
  });

  it('replaces a table of points whole', () => {
    const { chip, provenance } = loadChild('timing:\n  barrier: { 10: 3 us, 2: 1 us } # [A]\n');
    expect(chip.timing.barrier).toEqual([
      { tiles: 2, time: 1e-6 },
      { tiles: 10, time: 3e-6 },
    ]);
    expect([...provenance.keys()].filter((path) => path.startsWith('timing.barrier.'))).toHaveLength(2);
  });

  it('adds a profile beside the inherited ones', () => {
    const { chip } = loadChild('energy:\n  profiles:\n    mine:\n      spike: 1 pJ # [A]\n');
    expect(Object.keys(chip.energy.profiles).sort()).toEqual(['davies2018', 'mine', 'sana-fe']);
    expect(chip.energy.profiles.mine?.coefficients.message).toBeNull();
  });

  it('follows a chain, and says of each value which file it is from', () => {
    const folder = folderOf({
      'a.yaml': file('a', 'sub/b.yaml', 'timing:\n  axonIn: 1 ns # [A] a\n'),
      'sub/b.yaml': file('b', './c.yml', 'timing:\n  axonIn: 2 ns # [A] b\n  axonOut: 2 ns # [A] b\n'),
      'sub/c.yml': file('c', 'loihi1', 'timing:\n  axonOut: 3 ns # [A] c\n  spikeOut: 3 ns # [A] c\n'),
    });
    const { chip, provenance, files } = loadChip(join(folder, 'a.yaml'));
    expect([chip.timing.axonIn, chip.timing.axonOut, chip.timing.spikeOut]).toEqual([1e-9, 2e-9, 3e-9]);
    expect(chip.title).toBe('T a');
    expect(files.map(({ name }) => name)).toEqual(['a.yaml', 'b.yaml', 'c.yml', 'loihi1.yaml']);
    expect(new Set(files.map(({ sha256 }) => sha256)).size).toBe(4);
    expect(provenance.get('timing.axonOut')).toMatchObject({
      file: join(folder, 'sub/b.yaml'),
      line: 7,
      column: 12,
    });
    expect(provenance.get('timing.axonIn')?.file).toBe(join(folder, 'a.yaml'));
    expect(provenance.get('core.compartments')?.file).toBe('chip-config/loihi1.yaml');
  });

  it('is refused if it leads back to itself', () => {
    const folder = folderOf({
      'a.yaml': file('a', './b.yaml'),
      'b.yaml': file('b', './c.yaml'),
      'c.yaml': file('c', './b.yaml'),
      'own.yaml': file('own', './own.yaml'),
    });
    const error = userErrorOf(() => loadChip(join(folder, 'a.yaml')));
    expect(error.message).toMatch(/^extends goes in a circle: \S*b\.yaml → \S*c\.yaml → \S*b\.yaml$/);
    expect(error.details).toMatchObject({
      code: 'extends-cycle',
      file: join(folder, 'c.yaml'),
      line: 4,
      column: 10,
    });
    expect(userErrorOf(() => loadChip(join(folder, 'own.yaml'))).details.code).toBe('extends-cycle');
  });

  it('is refused if its parent does not exist, at the place that names it', () => {
    const text = CHILD.replace('loihi1', 'lohii1');
    const error = userErrorOf(() => loadChip(join(folderOf({ 'a.yaml': text }), 'a.yaml')));
    expect(error.message).toBe('there is no chip "lohii1"; did you mean "loihi1"?');
    expect(error.details).toMatchObject({ path: 'extends', ...placeOf(text, 'lohii1') });
  });

  it('reports a problem of its parent with the file of the parent', () => {
    const folder = folderOf({
      'a.yaml': file('a', './b.yaml'),
      'b.yaml': file('b', 'loihi1', 'core:\n  coers: 1\n'),
    });
    const error = userErrorOf(() => loadChip(join(folder, 'a.yaml')));
    expect(error.details).toMatchObject({ file: join(folder, 'b.yaml'), line: 6, column: 3 });
  });
});

describe('a folder of chips', () => {
  it('is searched before the shipped chips, and listed with them', () => {
    const folder = folderOf({ 'mine.yaml': CHILD, 'loihi2.yaml': file('loihi2', 'loihi1') });
    const options = { chipDirs: [folder, join(folder, 'absent')] };
    expect(loadChip('mine', options).chip.name).toBe('mine');
    expect(loadChip('loihi2', options).chip.core.compartments).toBe(1024);
    expect(loadChip('loihi2').chip.core.compartments).toBe(8192);
    expect(listChips(options).map(({ name }) => name)).toContain('mine');
    expect(userErrorOf(() => loadChip('mine')).details.code).toBe('chip-not-found');
  });
});

describe('null in the place of a map', () => {
  it('removes an inherited profile, but not the one that gives the value', () => {
    const removed = 'energy:\n  profiles:\n    davies2018: null\n';
    expect(Object.keys(loadChild(removed).chip.energy.profiles)).toEqual(['sana-fe']);
    const without = () => loadChild('energy:\n  profiles:\n    sana-fe: null\n');
    expect(userErrorOf(without).message).toContain('is not the name of a profile');
  });
});
