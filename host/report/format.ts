// Numbers as people read them: SI prefixes, few digits, and `unknown` for what is not known, never 0.

/** What stands for a value that is not known. */
export const UNKNOWN = 'unknown';

/** JSON turns NaN into null, so both may arrive where a number is declared. */
export type Maybe = number | null | undefined;

const NO_BREAK = '\u00a0';
const THIN = '\u202f';
const MINUS = '\u2212';

const PREFIXES: ReadonlyMap<number, string> = new Map([
  [-18, 'a'],
  [-15, 'f'],
  [-12, 'p'],
  [-9, 'n'],
  [-6, 'µ'],
  [-3, 'm'],
  [0, ''],
  [3, 'k'],
  [6, 'M'],
  [9, 'G'],
  [12, 'T'],
  [15, 'P'],
]);
const SMALLEST = -18;
const LARGEST = 15;

export function isKnown(value: Maybe): value is number {
  return typeof value === 'number' && !Number.isNaN(value);
}

function signed(value: number, magnitude: string): string {
  return value < 0 ? `${MINUS}${magnitude}` : magnitude;
}

/** Digits and prefixed unit, apart, so that a range can share the unit. */
function siParts(value: number, unit: string, digits: number): { number: string; unit: string } {
  const magnitude = Math.abs(value);
  if (magnitude === 0) return { number: '0', unit };
  if (magnitude === Infinity) return { number: signed(value, '∞'), unit };
  // Rounding may carry into the next power of ten (999.9 → 1.00 k), so the exponent is taken after it.
  const exponent = Number(magnitude.toExponential(digits - 1).split('e')[1]);
  const power = Math.floor(exponent / 3) * 3;
  if (power < SMALLEST || power > LARGEST) {
    return { number: signed(value, magnitude.toExponential(digits - 1)), unit };
  }
  // The decimal exponent is moved in the text: dividing by 1e-6 would round a second time.
  const [mantissa] = magnitude.toExponential(digits - 1).split('e');
  const shifted = Number(`${mantissa}e${exponent - power}`).toFixed(
    Math.max(0, digits - 1 - (exponent - power)),
  );
  return { number: signed(value, shifted), unit: `${PREFIXES.get(power)}${unit}` };
}

/**
 * `26.4 µJ`: three or four significant digits and an SI prefix.
 * @param unit may be empty: `42.1 M`
 * @param digits significant digits, 1..6
 */
export function formatSi(value: Maybe, unit: string, digits = 3): string {
  if (!isKnown(value)) return UNKNOWN;
  const parts = siParts(value, unit, digits);
  return parts.unit === '' ? parts.number : `${parts.number}${NO_BREAK}${parts.unit}`;
}

/** `9.87 – 31.2 µJ`; both ends have their unit if the prefixes differ. */
export function formatRange(low: Maybe, high: Maybe, unit: string, digits = 3): string {
  if (!isKnown(low) && !isKnown(high)) return UNKNOWN;
  if (!isKnown(low) || !isKnown(high))
    return `${formatSi(low, unit, digits)} – ${formatSi(high, unit, digits)}`;
  const from = siParts(low, unit, digits);
  const to = siParts(high, unit, digits);
  const isShared = from.unit === to.unit || low === 0;
  const first = isShared ? from.number : formatSi(low, unit, digits);
  return `${first}${NO_BREAK}–${NO_BREAK}${formatSi(high, unit, digits)}`;
}

/**
 * `97.31 %`
 * @param fraction 0..1
 */
export function formatPercent(fraction: Maybe, decimals = 1): string {
  if (!isKnown(fraction)) return UNKNOWN;
  return `${signed(fraction, Math.abs(fraction * 100).toFixed(decimals))}${NO_BREAK}%`;
}

/**
 * A part of a whole: `80.6 %`, and `< 0.1 %` for what is not nothing.
 * @param fraction 0..1
 */
export function formatShare(fraction: Maybe): string {
  if (!isKnown(fraction)) return UNKNOWN;
  if (fraction === 0) return `0${NO_BREAK}%`;
  return fraction > 0 && fraction < 0.0005 ? `<${NO_BREAK}0.1${NO_BREAK}%` : formatPercent(fraction);
}

/**
 * `+0.96 pp`: a difference of two fractions in percentage points.
 * @param isSize true for a size, which has no sign
 */
export function formatPoints(difference: Maybe, isSize = false): string {
  if (!isKnown(difference)) return UNKNOWN;
  const digits = Math.abs(difference * 100).toFixed(2);
  const plus = isSize || difference === 0 ? '' : '+';
  return `${difference < 0 ? MINUS : plus}${digits}${NO_BREAK}pp`;
}

/** `96.94 % ± 0.03 pp` */
export function formatAccuracy(mean: number, deviation: number): string {
  return formatPlusMinus(
    mean,
    deviation,
    (value) => formatPercent(value, 2),
    (value) => formatPoints(value, true),
  );
}

/**
 * `33.5° ± 0.3°`; without the second part if the deviation is not known.
 * @param format of both, unless the deviation has its own
 */
export function formatPlusMinus(
  mean: number,
  deviation: number,
  format: (value: number) => string,
  formatDeviation: (value: number) => string = format,
): string {
  return isKnown(deviation) && isKnown(mean)
    ? `${format(mean)}${NO_BREAK}±${NO_BREAK}${formatDeviation(deviation)}`
    : format(mean);
}

function grouped(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, THIN);
}

/** `1 048 576`, `12.35`: integers in full, others with four significant digits. Groups are parted by thin spaces. */
export function formatCount(value: Maybe): string {
  if (!isKnown(value)) return UNKNOWN;
  const magnitude = Math.abs(value);
  if (magnitude === Infinity) return signed(value, '∞');
  if (magnitude >= 1e21) return signed(value, magnitude.toExponential(3));
  if (Number.isInteger(value)) return signed(value, grouped(magnitude.toFixed(0)));
  const rounded = magnitude >= 1000 ? Math.round(magnitude) : Number(magnitude.toPrecision(4));
  return signed(value, rounded >= 1000 ? grouped(rounded.toFixed(0)) : `${rounded}`);
}

/** `45.2 s`, `12 min 5 s`, `3 h 20 min`: how long people wait. */
export function formatDuration(seconds: Maybe): string {
  if (!isKnown(seconds)) return UNKNOWN;
  if (!(seconds >= 59.95) || seconds === Infinity) return formatSi(seconds, 's');
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}${NO_BREAK}min ${whole % 60}${NO_BREAK}s`;
  const rounded = Math.round(seconds / 60);
  return `${formatCount(Math.floor(rounded / 60))}${NO_BREAK}h ${rounded % 60}${NO_BREAK}min`;
}

/** `89.4°` */
export function formatDegrees(degrees: Maybe): string {
  return isKnown(degrees) ? `${signed(degrees, Math.abs(degrees).toFixed(1))}°` : UNKNOWN;
}

/** A seed: digits that can be copied. */
export function formatSeed(seed: Maybe): string {
  return isKnown(seed) ? String(seed) : UNKNOWN;
}

/** A setting as it is written in a file: strings bare, anything else as JSON. */
export function formatSetting(value: unknown): string {
  if (value === undefined) return '–';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
