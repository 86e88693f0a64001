import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CLASS_FACTORS } from '../../../host/chip/class-interval.ts';
import { loadChip } from '../../../host/chip/load.ts';
import { UserError } from '../../../host/errors.ts';
import { CHILD, folderOf, loadChild, loadText, placeOf, shippedText, userErrorOf } from './chip-fixture.ts';

/** The error of loihi1 with sections laid over it, and the text that was loaded. */
function childError(sections: string) {
  const text = CHILD + sections;
  return { text, error: userErrorOf(() => loadText(text)) };
}

describe('an unknown key', () => {
  it('is refused with its line and column and the key that was meant', () => {
    const { text, error } = childError('core:\n  comparments: 8 compartments # [A] test\n');
    expect(error.message).toBe('unknown key "comparments" in core; did you mean "compartments"?');
    expect(error.details).toMatchObject({
      code: 'unknown-key',
      path: 'core.comparments',
      got: 'comparments',
      ...placeOf(text, 'comparments'),
    });
    expect(error.toString()).toMatch(/mine\.yaml:6:3: unknown key "comparments" in core; did you mean/);
  });

  it.each([
    ['tining: {}\n', 'unknown key "tining"; did you mean "timing"?'],
    ['energy:\n  profiles:\n    x:\n      mesage: 1 pJ # [A]\n', 'unknown key "mesage" in energy.profiles.x'],
    ['semantics:\n  spikeTst: gt\n', 'did you mean "spikeTest"?'],
    ['timing:\n  axonIn: { value: 1, unit: ns, sorce: "[A]" }\n', 'did you mean "source"?'],
    ['core:\n  toString: 1 step # [A]\n', 'unknown key "toString" in core'],
    ['__proto__:\n  polluted: 1 step # [A]\n', 'unknown key "__proto__"'],
    ['energy:\n  profiles:\n    __proto__:\n      title: x\n', 'cannot be a key of energy.profiles'],
    ['timing:\n  barrier:\n    two: 1 us # [A]\n', '"two" cannot be a key of timing.barrier'],
    ['? [a]\n: 1\n', 'a key that is not a name'],
  ])('is refused at every level: %j', (sections, message) => {
    expect(childError(sections).error.message).toContain(message);
  });
});

describe('a quantity', () => {
  it.each([
    [
      'timing:\n  axonIn: 16 # [A]\n',
      'missing-unit',
      'timing.axonIn is "16" without a unit; expected a time',
      '16',
    ],
    [
      'timing:\n  axonIn: 16 pJ # [A]\n',
      'wrong-unit',
      'timing.axonIn is "16 pJ", an energy; expected a time',
      '16 pJ',
    ],
    ['core:\n  compartments: 8 cores # [A]\n', 'wrong-unit', 'expected a number of compartments', '8 cores'],
    ['timing:\n  axonIn: 16 nss # [A]\n', 'unknown-unit', 'unknown unit "nss"', '16 nss'],
    ['timing:\n  axonIn: fast # [A]\n', 'bad-number', 'not a number with a unit', 'fast'],
    ['timing:\n  axonIn: true # [A]\n', 'bad-number', 'not a number with a unit', 'true'],
    ['timing:\n  axonIn: # [A]\n', 'missing-value', 'timing.axonIn has no value', undefined],
    [
      'timing:\n  axonIn: 1, 2 ns # [A]\n',
      'bad-number',
      'is 2 numbers (1 ns, 2 ns); expected one',
      '1, 2 ns',
    ],
    ['synapse:\n  weightBits: [1, 2] # [A]\n', 'bad-number', 'in one text with one unit', '[1, 2]'],
    ['timing:\n  axonIn: { value: 1, source: x }\n', 'missing-unit', 'timing.axonIn has no unit', '{ value'],
    ['timing:\n  axonIn: { unit: ns, source: x }\n', 'bad-number', 'timing.axonIn needs a value', '{ unit'],
    ['timing:\n  axonIn: { value: "1", unit: ns, source: x }\n', 'bad-number', 'needs a value', '"1"'],
    ['timing:\n  axonIn: { value: .inf, unit: ns, source: x }\n', 'bad-number', 'needs a value', '.inf'],
    ['timing:\n  axonIn: { value: 1, unit: pJ, source: x }\n', 'wrong-unit', 'expected a time', 'pJ'],
    [
      'timing:\n  axonIn: { value: 1, unit: ns, low: 2, source: x }\n',
      'bad-interval',
      'axonIn.low must',
      '2, source',
    ],
    [
      'timing:\n  axonIn: { value: 1, unit: ns, high: 0, source: x }\n',
      'bad-interval',
      'axonIn.high must',
      '0, source',
    ],
    [
      'timing:\n  axonIn: { value: 1, unit: ns, class: gues, source: x }\n',
      'bad-class',
      'mean "guess"?',
      'gues,',
    ],
    [
      'timing:\n  axonIn: { value: 1, value: 2, unit: ns, source: x }\n',
      'duplicate-key',
      'key "value"',
      'value: 2',
    ],
    ['timing: 3 ns\n', 'not-a-map', 'timing must be a map', '3 ns'],
    ['timing:\n  axonIn: &a 3 ns # [A]\n  axonOut: *a\n', 'alias', 'timing.axonOut is an alias', '*a'],
  ])('is refused where it stands: %j', (sections, code, message, piece) => {
    const { text, error } = childError(sections);
    expect(error.details.code).toBe(code);
    expect(error.message).toContain(message);
    if (piece !== undefined) expect(error.details).toMatchObject(placeOf(text, piece));
  });
});

describe('a source', () => {
  it('is demanded of every number, with the way to add one', () => {
    const { text, error } = childError('timing:\n  axonIn: 16 ns\n');
    expect(error.details).toMatchObject({
      code: 'missing-source',
      path: 'timing.axonIn',
      ...placeOf(text, '16 ns'),
    });
    expect(error.message).toContain('timing.axonIn has no source; say where the number comes from');
    expect(error.message).toContain('under a source: key');
    expect(childError('timing:\n  axonIn: 16 ns #  \n').error.details.code).toBe('missing-source');
    expect(childError('timing:\n  axonIn: { value: 16, unit: ns }\n').error.details.code).toBe(
      'missing-source',
    );
    expect(childError('timing:\n  axonIn: { value: 16, unit: ns, source: "" }\n').error.details.code).toBe(
      'missing-source',
    );
  });

  it.each([
    ['a comment behind', 'timing:\n  axonIn: 16 ns # [A] here\n'],
    ['a comment behind, in two lines', 'timing:\n  axonIn: 16 ns # [A]\n                # here\n'],
    ['a comment above', 'timing:\n  # [A] here\n  axonIn: 16 ns\n'],
    ['a comment above, in two lines', 'timing:\n  axonOut: 1 ns # [A]\n  # [A]\n  # here\n  axonIn: 16 ns\n'],
    ['a source key', 'timing:\n  axonIn: { value: 16, unit: ns, source: "[A] here" }\n'],
    ['a comment behind a map', 'timing:\n  axonIn: { value: 16, unit: ns } # [A] here\n'],
    ['a comment behind the key of a map', 'timing:\n  axonIn: # [A] here\n    value: 16\n    unit: ns\n'],
    ['a comment behind the enclosing map', 'timing: { axonIn: 16 ns } # [A] here\n'],
    ['a quoted text', 'timing:\n  axonIn: "16 ns" # [A] here\n'],
    ['lines that end in CR LF', 'timing:\r\n  axonIn: 16 ns # [A] here\r\n'],
  ])('can be %s', (_, sections) => {
    const { provenance } = loadChild(sections);
    expect(provenance.get('timing.axonIn')).toMatchObject({
      value: 16e-9,
      source: '[A] here',
      class: 'guess',
    });
  });

  it('is not the comment of another number', () => {
    expect(childError('timing:\n  axonIn: 16 ns\n  axonOut: 1 ns # [A]\n').error.details.path).toBe(
      'timing.axonIn',
    );
    const continued = 'timing:\n  axonOut: 1 ns # [A]\n                # more\n  axonIn: 16 ns\n';
    expect(childError(continued).error.details.path).toBe('timing.axonIn');
    const parted = 'timing:\n  # [A] about the section\n\n  axonIn: 16 ns\n';
    expect(childError(parted).error.details.path).toBe('timing.axonIn');
  });

  it('gives the class by its first tag, unless the class is stated', () => {
    const classOf = (value: string) =>
      loadChild(`timing:\n  axonIn: ${value}\n`).provenance.get('timing.axonIn')?.class;
    expect(classOf('1 ns # [P] x [A]')).toBe('published');
    expect(classOf('1 ns # [D]')).toBe('derived');
    expect(classOf('1 ns # [E]')).toBe('fitted');
    expect(classOf('1 ns # [S]')).toBe('guess');
    expect(classOf('1 ns # my own')).toBe('guess');
    expect(classOf('{ value: 1, unit: ns, class: measured, source: "[P]" }')).toBe('measured');
    expect(loadChild('').provenance.get('compartment.current')?.class).toBeUndefined();
  });
});

describe('the interval of a time, an energy or a power', () => {
  const intervalOf = (value: string) => {
    const { low, high } = loadChild(`timing:\n  axonIn: ${value}\n`).provenance.get('timing.axonIn')!;
    return [low, high];
  };

  it('is that of its class unless the file states one', () => {
    for (const [kind, factor] of Object.entries(CLASS_FACTORS)) {
      const [low, high] = intervalOf(`{ value: 12, unit: ns, class: ${kind}, source: x }`);
      expect(low, kind).toBeCloseTo(12e-9 / factor, 15);
      expect(high, kind).toBeCloseTo(12e-9 * factor, 15);
    }
    expect(intervalOf('{ value: 12, unit: ns, low: 1, high: 20, source: x }')).toEqual([1e-9, 20e-9]);
  });

  it('ends at the value on a side that the file leaves open when it states the other', () => {
    expect(intervalOf('{ value: 12, unit: ns, low: 1, source: x }')).toEqual([1e-9, 12e-9]);
    expect(intervalOf('{ value: 12, unit: ns, high: 20, source: x }')).toEqual([12e-9, 20e-9]);
  });

  it('is none around a coefficient that is switched off', () => {
    expect(intervalOf('0 ns # [A] ideal')).toEqual([0, 0]);
  });

  it('is none of a width, a count or a choice', () => {
    const { provenance } = loadChild('');
    for (const path of ['timing.quantum', 'timing.sampleOverhead', 'compartment.current', 'area.core'])
      expect(provenance.get(path), path).not.toHaveProperty('low');
  });
});

describe('broken YAML', () => {
  it('is refused with line and column', () => {
    const { text, error } = childError('core: [1\ntiming: 2\n');
    expect(error.details).toMatchObject({ code: 'yaml', ...placeOf(text, '\ntiming'), line: 6, column: 1 });
    expect(error.message).toMatch(/^not valid YAML: /);
  });

  it.each(['a: b: c\n', '\tname: x\n', 'a: 1\n---\nb: 2\n', 'a: "1\n', '{', '\u0000'])(
    'is refused: %j',
    (text) => {
      expect(userErrorOf(() => loadText(text)).details.line).toBeGreaterThan(0);
    },
  );

  it('has no duplicate keys, whatever their type', () => {
    const { text, error } = childError('timing:\n  axonIn: 1 ns # [A]\n  axonIn: 2 ns # [A]\n');
    expect(error.message).toBe('duplicate key "axonIn" in timing');
    expect(error.details).toMatchObject(placeOf(text, 'axonIn: 2'));
    expect(childError('timing:\n  barrier: { 1: 1 ns, "1": 2 ns } # [A]\n').error.details.code).toBe(
      'duplicate-key',
    );
    expect(childError('name: twice\n').error.message).toBe('duplicate key "name" in a chip');
  });

  it('is not the same as an empty, a missing or an unreadable file', () => {
    expect(userErrorOf(() => loadText('')).details.code).toBe('empty');
    expect(userErrorOf(() => loadText('- 1\n')).details.code).toBe('not-a-map');
    expect(userErrorOf(() => loadText('just words\n')).details.code).toBe('not-a-map');
    expect(userErrorOf(() => loadChip('nowhere/mine.yaml')).details.code).toBe('chip-not-found');
    const folder = folderOf({});
    mkdirSync(join(folder, 'folder.yaml'));
    writeFileSync(join(folder, 'binary.yaml'), Uint8Array.of(0xff, 0xfe, 0x00));
    expect(userErrorOf(() => loadChip(join(folder, 'folder.yaml'))).details.code).toBe('unreadable');
    expect(userErrorOf(() => loadChip(join(folder, 'binary.yaml'))).details.code).toBe('unreadable');
  });

  it('an unknown name is answered with the nearest chip', () => {
    const error = userErrorOf(() => loadChip('loihi-1'));
    expect(error.message).toBe('there is no chip "loihi-1"; did you mean "loihi1"?');
    expect(error.details.hint).toContain('loihi2');
  });
});

describe('several problems', () => {
  it('are reported together, one line each, the first as data', () => {
    const { error } = childError(
      'core:\n  comparments: 8 compartments # [A]\n  synapseWord: 4 bits # [A]\ntiming:\n  axonIn: 16\nbogus: 1\n',
    );
    const lines = error.toString().split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(/mine\.yaml:6:3: unknown key "comparments"/);
    expect(lines[1]).toMatch(/mine\.yaml:9:11: timing.axonIn is "16" without a unit/);
    expect(lines[2]).toMatch(/mine\.yaml:10:1: unknown key "bogus"/);
    expect(lines[3]).toMatch(/mine\.yaml:7:16: core.synapseWord is 4 bits; the minimum is 8 bits/);
    expect(error.details).toMatchObject({ line: 6, column: 3, code: 'unknown-key' });
  });

  it('are not reported twice: the key that was meant is not missing as well', () => {
    const text = shippedText('loihi1').replace('  axonIn:', '  axonInn:');
    expect(userErrorOf(() => loadText(text)).message).toBe(
      'unknown key "axonInn" in timing; did you mean "axonIn"?',
    );
  });
});

describe('a missing key', () => {
  it('is reported with its section', () => {
    const text = shippedText('loihi1').replace(/^ {2}spikeOut:.*\n/m, '');
    const error = userErrorOf(() => loadText(text));
    expect(error.message).toBe('missing key "spikeOut" in timing');
    expect(error.details).toMatchObject({
      code: 'missing-key',
      path: 'timing.spikeOut',
      ...placeOf(text, 'timing:'),
    });
  });

  it('is reported for a whole section', () => {
    const error = userErrorOf(() => loadText('name: mine\ntitle: x\nstatus: y\n'));
    expect(error.message.split('\n')[0]).toBe('missing key "generation"');
    expect(error.message).toContain('missing key "timing"');
    expect(error.message).not.toContain('semantics');
  });

  it('is not inherited where it describes the file itself', () => {
    const error = userErrorOf(() => loadText('extends: loihi1\n'));
    expect(error.message).toContain('missing key "name"');
    expect(error.message).toContain('missing key "title"');
    expect(error.message).toContain('missing key "status"');
  });
});

describe('nonsense in a file', () => {
  const text = shippedText('loihi1');

  it('ends in a user error with a place or in a chip, never in a fault', () => {
    const piece = fc.constantFrom(
      '#',
      ':',
      '- ',
      '{',
      '}',
      '[',
      '"',
      '\n',
      '  ',
      '&a ',
      '*a',
      '!!x ',
      '? ',
      '|',
      '<<: ',
      '',
    );
    fc.assert(
      fc.property(fc.nat(text.length), fc.nat(40), piece, (at, length, inserted) => {
        const mutated = text.slice(0, at) + inserted + text.slice(at + length);
        try {
          loadText(mutated);
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
          if (error instanceof UserError) expect(error.toString()).toMatch(/:\d+:\d+: /);
        }
      }),
      { numRuns: 200 },
    );
  });
});
