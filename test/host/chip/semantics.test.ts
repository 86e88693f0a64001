import { describe, expect, it } from 'vitest';
import { SEMANTICS, semanticsSchema } from '../../../host/chip/semantics.ts';
import { loadChild } from './chip-fixture.ts';

describe('the table of semantics', () => {
  it('has one row per option of the schema, with its conflict and a sentence', () => {
    expect(Object.keys(SEMANTICS).sort()).toEqual(Object.keys(semanticsSchema.unwrap().shape).sort());
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
});
