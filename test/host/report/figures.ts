// Reads figures back from a page: the inverse of the program's formats.

const PREFIXES: Readonly<Record<string, number>> = {
  a: 1e-18,
  f: 1e-15,
  p: 1e-12,
  n: 1e-9,
  µ: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
};

/** `27.3 µJ` → 27.3e-6 */
export function readSi(text: string, unit: string): number {
  const match = new RegExp(`(−?[\\d.]+) ([afpnµmkMG]?)${unit}(?![a-zA-Z])`).exec(text);
  if (match === null) throw new Error(`"${text}" has no value in ${unit}`);
  return Number(match[1]!.replace('−', '-')) * PREFIXES[match[2]!]!;
}

/** `97.65 %` → 0.9765 */
export function readPercent(text: string): number {
  const match = /(−?[\d.]+) %/.exec(text);
  if (match === null) throw new Error(`"${text}" has no percentage`);
  // A division by 100 may miss the nearest fraction by a bit.
  return Number((Number(match[1]!.replace('−', '-')) / 100).toPrecision(12));
}

/** `1 048 576` → 1048576 */
export function readCount(text: string): number {
  if (!/^−?[\d. ]+$/.test(text)) throw new Error(`"${text}" is not a count`);
  return Number(text.replaceAll(' ', '').replace('−', '-'));
}

/** Largest error of three significant digits, as a fraction of the value. */
export const THREE_DIGITS = 0.005;
/** The same for four. */
export const FOUR_DIGITS = 0.0005;

/** True if a figure read back is the value as far as its digits go. */
export function agrees(read: number, value: number, digits: number): boolean {
  return value === 0 ? read === 0 : Math.abs(read / value - 1) <= digits;
}
