import { describe, expect, it } from 'vitest';
import {
  optionsSchema,
  PRESET_NAMES,
  PRESETS,
  SEMANTICS,
  semanticsSchema,
} from '../../../host/chip/semantics.ts';
import { userErrorOf } from '../../support/errors.ts';
import { loadChild } from './chip-fixture.ts';

describe('the table of semantics', () => {
  it('has one row per option of the schema, with its conflict and a sentence', () => {
    expect(Object.keys(SEMANTICS).sort()).toEqual(Object.keys(optionsSchema.shape).sort());
    for (const [name, option] of Object.entries(SEMANTICS)) {
      expect(option.values, name).toContain(option.default);
      expect(option.conflict, name).toMatch(/^(C\d+|U\d+|HW \d+\.\d+)$/);
      expect(option.says, name).toMatch(/\.$/);
    }
  });

  it('gives its defaults to a chip that names no option', () => {
    const defaults = Object.fromEntries(
      Object.entries(SEMANTICS).map(([name, option]) => [name, option.default]),
    );
    expect(semanticsSchema.parse({})).toEqual(defaults);
  });

  it('accepts every value it names', () => {
    for (const [name, { values }] of Object.entries(SEMANTICS)) {
      for (const value of values) {
        expect(loadChild(`semantics:\n  ${name}: ${value}\n`).chip.semantics).toMatchObject({
          [name]: value,
        });
      }
    }
  });

  it.each(PRESET_NAMES)('has preset %s, which names every option and values that there are', (name) => {
    const preset = PRESETS[name];
    expect(Object.keys(preset).sort()).toEqual(Object.keys(SEMANTICS).sort());
    expect(optionsSchema.parse(preset)).toEqual(preset);
  });

  it('bundles the defaults as hardware', () => {
    expect(PRESETS.hardware).toEqual(semanticsSchema.parse({}));
  });

  it('lets a preset replace what is inherited, and an option beside it the preset', () => {
    const { chip, provenance } = loadChild('semantics:\n  preset: lava\n  spikeTest: ge\n');
    expect(chip.semantics).toEqual({ ...PRESETS.lava, spikeTest: 'ge' });
    expect(provenance.get('semantics.exponentPlace')).toMatchObject({
      value: 'sum',
      line: expect.any(Number),
    });
  });

  it('refuses a preset that there is not', () => {
    const error = userErrorOf(() => loadChild('semantics:\n  preset: lave\n'));
    expect(error.message).toMatch(/semantics\.preset is "lave"; must be one of .*did you mean "lava"/);
  });
});
