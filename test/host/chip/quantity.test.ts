import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatQuantity, parseQuantity, quantityPattern } from '../../../host/chip/quantity.ts';
import { type Unit, unitNames } from '../../../host/chip/units.ts';

const PREFIXES = { a: -18, f: -15, p: -12, n: -9, u: -6, µ: -6, m: -3, '': 0, k: 3, M: 6, G: 9 };

function parsedValue(text: string, unit: Unit): number {
  const parsed = parseQuantity(text, unit);
  if ('problem' in parsed) throw new Error(parsed.problem);
  expect(parsed.values).toHaveLength(1);
  return parsed.values[0] ?? Number.NaN;
}

function problemOf(text: string, unit: Unit): string {
  const parsed = parseQuantity(text, unit);
  return 'problem' in parsed ? `${parsed.code}: ${parsed.problem}` : 'no problem';
}

describe('parsing a quantity', () => {
  it('gives the double nearest to the decimal text, for every SI prefix', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -(10 ** 9), max: 10 ** 9 }),
        fc.integer({ min: 0, max: 9 }),
        fc.constantFrom(...Object.entries(PREFIXES)),
        fc.constantFrom<Unit>('s', 'J', 'W'),
        (digits, decimals, [prefix, exponent], unit) => {
          const literal = (digits / 10 ** decimals).toFixed(decimals);
          expect(parsedValue(`${literal} ${prefix}${unit}`, unit)).toBe(Number(`${literal}e${exponent}`));
        },
      ),
    );
  });

  it('gives back every number that was formatted', () => {
    const real = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(real, fc.constantFrom(...unitNames()), (value, unit) => {
        // A zero has no sign here.
        expect(parsedValue(formatQuantity(value, unit), unit)).toBe(value === 0 ? 0 : value);
      }),
      { numRuns: 2000 },
    );
  });

  it('writes the short form that the editor schema accepts', () => {
    const real = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(real, fc.constantFrom(...unitNames()), (value, unit) => {
        expect(formatQuantity(value, unit)).toMatch(new RegExp(quantityPattern(unit)));
      }),
    );
  });

  it.each<[string, Unit, number]>([
    ['35.5 pJ', 'J', 35.5e-12],
    ['35.5pJ', 'J', 35.5e-12],
    ['1.0e-9 J', 'J', 1e-9],
    ['1.0e-9 kJ', 'J', 1e-6],
    ['-3E2 mW', 'W', -0.3],
    ['0.6 us', 's', 0.6e-6],
    ['0.6 μs', 's', 0.6e-6],
    ['0.41 mm^2', 'm^2', 0.41e-6],
    ['60 mm²', 'm^2', 60e-6],
    ['208 KiB', 'byte', 212_992],
    ['33 Mbyte', 'byte', 33e6],
    ['33 MB', 'bit', 264e6],
    ['64 bits', 'bit', 64],
    ['8 byte', 'bit', 64],
    ['64 bits', 'byte', 8],
    ['1024 compartments', 'compartments', 1024],
    ['1 compartment', 'compartments', 1],
    ['-8 powers of two', 'powers of two', -8],
    ['0 registers', 'registers', 0],
  ])('reads %s in %s as %d', (text, unit, value) => {
    expect(parsedValue(text, unit)).toBe(value);
  });

  it('reads a list with one unit', () => {
    expect(parseQuantity('8, 16,32 , 64 accumulators', 'accumulators')).toEqual({ values: [8, 16, 32, 64] });
  });

  it('formats with the prefix a person would choose', () => {
    expect(formatQuantity(35.5e-12, 'J')).toBe('35.5 pJ');
    expect(formatQuantity(0.104, 'W')).toBe('104 mW');
    expect(formatQuantity(6e-5, 'm^2')).toBe('60 mm^2');
    expect(formatQuantity(212_992, 'byte')).toBe('208 KiB');
    expect(formatQuantity(1, 'steps')).toBe('1 step');
    expect(formatQuantity(0, 'J')).toBe('0 J');
  });
});

describe('refusing a quantity', () => {
  it('names the dimension it got and the one it expected', () => {
    expect(problemOf('69.3 ns', 'J')).toBe(
      'wrong-unit: is "69.3 ns", a time; expected an energy, such as "35.5 pJ"',
    );
    expect(problemOf('4 cores', 'tiles')).toContain('expected a number of tiles');
  });

  it('asks for the unit of a bare number', () => {
    expect(problemOf('1024', 'compartments')).toContain('write "1024 compartments"');
    expect(problemOf('1', 'steps')).toContain('write "1 step"');
    expect(problemOf('3.5', 'J')).toContain('expected an energy');
  });

  it('suggests the unit that was meant', () => {
    expect(problemOf('12 comparments', 'compartments')).toContain('did you mean "compartments"?');
  });

  it('does not choose between 1000 and 1024 for KB', () => {
    expect(problemOf('208 KB', 'byte')).toContain('write KiB (powers of 1024) or kbyte (powers of 1000)');
  });

  it.each(['', 'J', 'pJ 3', '0x10 J', '1_000 J', '1e J', '--3 J', '.inf J', 'NaN J', '3,, 4 J', '1e999 J'])(
    'refuses %j',
    (text) => {
      expect(problemOf(text, 'J')).not.toBe('no problem');
    },
  );

  it('has no millibits, no centiseconds and no kilosteps', () => {
    expect(problemOf('8 mbit', 'bit')).toContain('unknown-unit');
    expect(problemOf('8 cs', 's')).toContain('unknown-unit');
    expect(problemOf('8 ksteps', 'steps')).toContain('unknown-unit');
  });
});
