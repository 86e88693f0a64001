// Numbers with units as people write them, "35.5 pJ" or "8, 16, 32, 64 accumulators", to numbers in the base unit
// and back. Decimal prefixes move the decimal point of the text, so "35.5 pJ" is exactly the double 35.5e-12.

import { didYouMean } from '../errors.ts';
import {
  describeUnit,
  dimensionOf,
  isPhysical,
  meaningOf,
  plural,
  singular,
  spellings,
  type Unit,
  unitNames,
} from './units.ts';

const NUMBER = String.raw`[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?`;
const WHOLE_NUMBER = new RegExp(`^${NUMBER}$`);
const QUANTITY = new RegExp(`^(${NUMBER}(?:\\s*,\\s*${NUMBER})*)\\s*(.*)$`, 's');

/** What is wrong with a quantity as written. */
export interface QuantityProblem {
  readonly code: 'bad-number' | 'missing-unit' | 'wrong-unit' | 'unknown-unit';
  /** Continues a sentence that begins with the name of the field. */
  readonly problem: string;
}

export interface ParsedQuantity {
  /** In the base unit that was asked for; one value for a plain quantity. */
  readonly values: readonly number[];
}

/** Number of a decimal literal × 10^exponent, correctly rounded, because only the text is moved. */
function shifted(literal: string, exponent: number): number {
  const [mantissa = '', own = '0'] = literal.toLowerCase().split('e');
  return Number(`${mantissa}e${Number(own) + exponent}`);
}

/** Converts decimal literals with one written unit to the unit of the field. */
export function convertQuantity(
  literals: readonly string[],
  written: string,
  unit: Unit,
): ParsedQuantity | QuantityProblem {
  const meaning = meaningOf(written);
  if (meaning === undefined) {
    const hint = /^[KMG]B$/.test(written)
      ? `; write ${written[0]}iB (powers of 1024) or ${written[0]?.replace('K', 'k')}byte (powers of 1000)`
      : didYouMean(written, [...spellings(unit), ...unitNames()]);
    return {
      code: 'unknown-unit',
      problem: `has the unknown unit "${written}"; expected ${describeUnit(unit)}${hint}`,
    };
  }
  let { factor } = meaning;
  if (meaning.base !== unit) {
    if (meaning.base === 'byte' && unit === 'bit') factor *= 8;
    else if (meaning.base === 'bit' && unit === 'byte') factor /= 8;
    else {
      const got = `${literals.join(', ')} ${written}`;
      return {
        code: 'wrong-unit',
        problem: `is "${got}", ${dimensionOf(meaning.base)}; expected ${describeUnit(unit)}`,
      };
    }
  }
  const values = literals.map((literal) => shifted(literal, meaning.exponent) * factor);
  if (!values.every(Number.isFinite)) {
    return { code: 'bad-number', problem: `is "${literals.join(', ')}", too large for a number` };
  }
  return { values };
}

/**
 * Parses a number, or a comma-separated list of numbers, followed by one unit.
 *
 * @param text e.g. `35.5 pJ`, `-8 powers of two`, `8, 16, 32, 64 accumulators`
 * @param unit the base unit of the field; the values come back in it
 */
export function parseQuantity(text: string, unit: Unit): ParsedQuantity | QuantityProblem {
  const match = QUANTITY.exec(text.trim());
  if (match === null) {
    return {
      code: 'bad-number',
      problem: `is "${text}", not a number with a unit; expected ${describeUnit(unit)}`,
    };
  }
  const numbers = match[1] ?? '';
  const written = match[2] ?? '';
  if (written === '') {
    const hint = isPhysical(unit)
      ? `expected ${describeUnit(unit)}`
      : `write "${numbers} ${numbers === '1' ? singular(unit) : unit}"`;
    return { code: 'missing-unit', problem: `is "${numbers}" without a unit; ${hint}` };
  }
  return convertQuantity(
    numbers.split(',').map((literal) => literal.trim()),
    written,
    unit,
  );
}

/** Whether a text is one decimal number (no hexadecimal, no digit separators, no infinity). */
export function isNumberLiteral(text: string): boolean {
  return WHOLE_NUMBER.test(text);
}

/** A regular expression for the short form with this unit, for editors. */
export function quantityPattern(unit: Unit): string {
  const escaped = spellings(unit).map((spelling) => spelling.replace(/[\^.]/g, String.raw`\$&`));
  return `^${NUMBER}(\\s*,\\s*${NUMBER})*\\s*(${escaped.join('|')})$`;
}

const ENGINEERING: Readonly<Record<number, string>> = {
  [-18]: 'a',
  [-15]: 'f',
  [-12]: 'p',
  [-9]: 'n',
  [-6]: 'u',
  [-3]: 'm',
  0: '',
  3: 'k',
  6: 'M',
  9: 'G',
};

/** Digits `d.ddd` × 10^point as a plain decimal, without going through a rounded product. */
function plainDecimal(digits: string, point: number): string {
  if (point >= digits.length) return digits.padEnd(point, '0');
  if (point > 0) return `${digits.slice(0, point)}.${digits.slice(point)}`;
  return `0.${'0'.repeat(-point)}${digits}`;
}

/**
 * Writes a value in the base unit so that {@link parseQuantity} gives the same double back.
 *
 * @param value finite, in the base unit
 */
export function formatQuantity(value: number, unit: Unit): string {
  if (unit === 'byte' && value !== 0 && value % 2 ** 10 === 0) {
    return value % 2 ** 20 === 0 ? `${value / 2 ** 20} MiB` : `${value / 2 ** 10} KiB`;
  }
  const isPrefixed = isPhysical(unit) && unit !== 'bit' && unit !== 'byte';
  const [mantissa = '', exponentText = '0'] = Math.abs(value).toExponential().split('e');
  const exponent = Number(exponentText);
  if (!isPrefixed || value === 0 || exponent < -21 || exponent > 12) {
    return `${value} ${value === 1 ? singular(unit) : plural(unit)}`;
  }
  const digits = mantissa.replace('.', '');
  const sign = value < 0 ? '-' : '';
  // The prefix of an area is squared: mm^2 is 10^-6 m^2.
  if (unit === 'm^2') return `${sign}${plainDecimal(digits, exponent + 7)} mm^2`;
  const step = Math.min(9, Math.max(-18, Math.floor(exponent / 3) * 3));
  return `${sign}${plainDecimal(digits, exponent - step + 1)} ${ENGINEERING[step] ?? ''}${unit}`;
}
