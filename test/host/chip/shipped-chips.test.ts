import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { barrierTime } from '../../../host/chip/barrier.ts';
import { shippedChipDir } from '../../../host/chip/chip-file.ts';
import { ENERGY_COEFFICIENT_NAMES } from '../../../host/chip/energy-profile.ts';
import { listChips, loadChip } from '../../../host/chip/load.ts';
import { SEMANTICS } from '../../../host/chip/semantics.ts';
import { shippedText } from './chip-fixture.ts';

const SHIPPED = ['loihi1', 'loihi1-davies', 'loihi1-idle-skip', 'loihi2'];

/** Dotted paths of all numbers in a chip; a coefficient and a list count once. */
function numberPaths(value: unknown, path: readonly string[] = []): string[] {
  if (typeof value === 'number') return [path.join('.')];
  if (Array.isArray(value)) {
    if (path.join('.') === 'timing.barrier') return value.map((point) => `timing.barrier.${point.tiles}`);
    return value.some((item) => typeof item === 'number') ? [path.join('.')] : [];
  }
  if (typeof value !== 'object' || value === null) return [];
  const parts = path.filter((part) => part !== 'coefficients');
  if ('source' in value) return [parts.join('.')];
  return Object.entries(value).flatMap(([key, child]) => numberPaths(child, [...parts, key]));
}

describe.each(SHIPPED)('the shipped chip %s', (name) => {
  const { chip, provenance, files } = loadChip(name);

  it('has the name of its file, a title and a status', () => {
    expect(chip.name).toBe(name);
    expect(chip.title).not.toBe('');
    expect(chip.status).not.toBe('');
    expect(files[0]).toEqual({ name: `${name}.yaml`, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  it('has a unit and a source for every number', () => {
    const paths = numberPaths(chip);
    expect(paths.length).toBeGreaterThan(90);
    for (const path of paths) {
      expect(provenance.get(path), path).toMatchObject({
        unit: expect.stringMatching(/./),
        written: expect.stringMatching(/./),
        source: expect.stringMatching(/\[(P|E|S|2|R|D|A)\]|Lava-DL/),
        file: expect.stringMatching(/^chip-config\//),
      });
    }
  });

  it('points at the line that has the value', () => {
    for (const [path, { file, line, column, written }] of provenance) {
      if (written === undefined) continue;
      const text = shippedText(file.replace(/^chip-config\/|\.yaml$/g, '')).split('\n')[line - 1] ?? '';
      const [number = ''] = written.split(' ');
      const place = text.slice(column - 1);
      // A map in block form begins with its value.
      expect(
        place.startsWith(written) || place.startsWith('{ value:') || place.startsWith('value:'),
        path,
      ).toBe(true);
      expect(place, path).toContain(number);
    }
  });

  it('has a default profile, and null for what a profile does not model', () => {
    const profile = chip.energy.profiles[chip.energy.defaultProfile];
    expect(Object.keys(profile?.coefficients ?? {}).sort()).toEqual([...ENERGY_COEFFICIENT_NAMES].sort());
    expect(profile?.coefficients.interChipHop).toBeNull();
  });

  it('has intervals that hold their values', () => {
    for (const [path, { value, low, high }] of provenance) {
      if (typeof value !== 'number') continue;
      expect(low ?? value, path).toBeLessThanOrEqual(value);
      expect(high ?? value, path).toBeGreaterThanOrEqual(value);
    }
  });

  it('states class and interval of every time, energy and power, and none of them in vain', () => {
    const uncertain = [...provenance].filter(
      ([path, { unit, value }]) =>
        ['s', 'J', 'W'].includes(unit ?? '') &&
        value !== null &&
        !/quantum|sampleOverhead|embeddedStep/.test(path),
    );
    expect(uncertain.length).toBeGreaterThan(25);
    for (const [path, { class: kind, low, high, file, line }] of uncertain) {
      expect(['measured', 'fitted', 'circuit-simulation', 'guess'], path).toContain(kind);
      expect(high!, path).toBeGreaterThan(low!);
      const lines = shippedText(file.replace(/^chip-config\/|\.yaml$/g, ''))
        .split('\n')
        .slice(line - 1);
      expect(lines.slice(0, 4).join('\n'), path).toMatch(/\bhigh: /);
    }
  });

  it('holds every service time as a whole number of quanta', () => {
    const { quantum } = chip.timing;
    const times = [...provenance].filter(([path, { unit }]) => path.startsWith('timing.') && unit === 's');
    expect(times.length).toBeGreaterThan(20);
    for (const [path, { value }] of times) {
      const quanta = Number(value) / quantum;
      expect(Math.abs(quanta - Math.round(quanta)), path).toBeLessThan(1e-6);
    }
  });

  it('names every option of the semantics, with its default', () => {
    for (const [option, { default: value }] of Object.entries(SEMANTICS)) {
      expect(provenance.get(`semantics.${option}`)?.value, option).toBe(value);
    }
  });

  it('cannot be changed by a program', () => {
    const frozen = (value: unknown): boolean =>
      typeof value !== 'object' ||
      value === null ||
      (Object.isFrozen(value) && Object.values(value).every(frozen));
    expect(frozen(chip)).toBe(true);
  });
});

describe('loihi1', () => {
  const { chip, provenance } = loadChip('loihi1');

  it('has the published limits and the fitted constants [HW 1.2, 6.2]', () => {
    expect(chip.core.compartments).toBe(1024);
    expect(chip.core.synapseMemoryWords * chip.core.synapseWord).toBe(16384 * 64);
    expect(chip.core.accumulatorsPerCompartment).toEqual([8, 16, 32, 64]);
    expect(chip.synapse.effectiveWeightMax).toBe(2 ** 21 - 64);
    expect(chip.timing.quantum).toBe(1e-10);
    expect(chip.timing.axonIn).toBe(16e-9);
    expect(chip.area.core).toBe(0.41e-6);
    expect(chip.energy.profiles['sana-fe']?.coefficients.synapticOpDense).toEqual({
      value: 35.5e-12,
      low: 23.6e-12,
      high: 44e-12,
      class: 'fitted',
      source: expect.stringContaining('[HW 6.2]'),
    });
    expect(chip.energy.profiles.davies2018?.coefficients.compartmentActive?.value).toBe(81e-12);
    expect(chip.energy.profiles.davies2018?.coefficients.message).toBeNull();
  });

  it('says of a guess that it is one, and how far off it may be', () => {
    const guess = chip.energy.profiles['sana-fe']?.coefficients.managementWrite;
    expect(guess).toMatchObject({ value: 1e-9, low: 0, high: 1e-8, class: 'guess' });
    expect(chip.energy.profiles['sana-fe']?.coefficients.traceUpdate?.source).toContain('unknown');
    expect(provenance.get('timing.managementWrite')).toMatchObject({
      class: 'guess',
      low: 20e-9,
      high: 1.7e-6,
    });
  });

  it('has static power apart from the profiles, with the range between boards (C12)', () => {
    expect(chip.energy.staticPower).toMatchObject({ value: 0.104, low: 0.0297, class: 'measured' });
    expect(chip.energy.embeddedPower?.value).toBe(0.066);
  });

  it('interpolates the barrier between the measured numbers of tiles [HW 6.2]', () => {
    const { barrier } = chip.timing;
    expect(barrierTime(barrier, 0)).toBe(0.6e-6);
    expect(barrierTime(barrier, 1)).toBe(0.6e-6);
    expect(barrierTime(barrier, 3)).toBeCloseTo(1.2e-6, 15);
    expect(barrierTime(barrier, 29)).toBe(1.8e-6);
    expect(barrierTime(barrier, 32)).toBe(1.8e-6);
    expect(() => barrierTime([], 1)).toThrow(RangeError);
  });
});

describe('the variants of loihi1', () => {
  it('replace the barrier table whole: loihi1-davies is linear from 113 to 465 ns [HW 6.1]', () => {
    const { chip } = loadChip('loihi1-davies');
    expect(chip.timing.barrier).toEqual([
      { tiles: 1, time: 113e-9 },
      { tiles: 32, time: 465e-9 },
    ]);
    expect(barrierTime(chip.timing.barrier, 2) - barrierTime(chip.timing.barrier, 1)).toBeCloseTo(
      11.35e-9,
      11,
    );
    expect(chip.energy.defaultProfile).toBe('davies2018');
  });

  it('differ in the learning engine only: loihi1-idle-skip', () => {
    const { chip } = loadChip('loihi1-idle-skip');
    const base = loadChip('loihi1').chip;
    expect(chip.learning).toEqual({ ...base.learning, visits: 'activeAxons', skipEpochWithoutError: true });
    expect(chip.status).toContain('Not a documented chip');
    expect({ ...chip, learning: null, name: '', title: '', status: '', extends: '' }).toEqual({
      ...base,
      learning: null,
      name: '',
      title: '',
      status: '',
      extends: '',
    });
  });
});

describe('loihi2', () => {
  const { chip } = loadChip('loihi2');

  it('presents no energy per operation as anything but a guess (U10)', () => {
    expect(Object.keys(chip.energy.profiles)).toEqual(['loihi1-constants-guess']);
    for (const profile of Object.values(chip.energy.profiles)) {
      for (const [name, coefficient] of Object.entries(profile.coefficients)) {
        if (coefficient !== null) expect(coefficient.class, name).toBe('guess');
      }
    }
    expect(chip.energy.embeddedPower).toBeNull();
  });

  it('has the public features [HW 7]', () => {
    expect(chip.core.compartments).toBe(8192);
    expect(chip.topology.embeddedProcessors).toBe(6);
    expect(chip.routing.spikePayload).toBe(32);
    expect(chip.learning).toMatchObject({
      thirdFactor: 'compartment',
      postTracesFromProgram: true,
      gradedSpikes: true,
    });
  });
});

describe('the list of chips', () => {
  it('has every YAML file of the folder', () => {
    const files = readdirSync(shippedChipDir()).filter((file) => file.endsWith('.yaml'));
    expect(files.map((file) => file.replace('.yaml', '')).sort()).toEqual(SHIPPED);
    expect(listChips().map((chip) => chip.name)).toEqual(SHIPPED);
  });

  it('says what a chip extends and from which file it comes', () => {
    expect(listChips()[1]).toMatchObject({ extends: 'loihi1', file: 'chip-config/loihi1-davies.yaml' });
    expect(listChips()[0]?.extends).toBeNull();
  });
});

describe('the example of a chip', () => {
  it('is valid, and differs from loihi1 in the size of a core alone', () => {
    const { chip } = loadChip('examples/half-core.yaml');
    const { chip: loihi1 } = loadChip('loihi1');
    const { compartments, synapseMemoryWords, ...core } = chip.core;
    const { compartments: _, synapseMemoryWords: __, ...loihi1Core } = loihi1.core;
    expect([compartments, synapseMemoryWords]).toEqual([512, 8192]);
    expect(core).toEqual(loihi1Core);
    expect(chip.energy).toEqual(loihi1.energy);
  });
});
