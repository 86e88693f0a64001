// The units a chip file may use: physical ones with SI prefixes, and counted things by name. A field has one
// base unit; the dimension of what was written is checked against it.

interface PhysicalUnit {
  /** With its article, for messages. */
  readonly says: string;
  readonly example: string;
  /** Spellings of the base unit, the first one is written out. */
  readonly symbols: readonly string[];
  /** 2 for an area: mm^2 is (10^-3 m)^2. */
  readonly prefixPower: number;
  /** Prefixes that make sense here, e.g. no millibits. */
  readonly prefixes: readonly string[];
}

const ALL_PREFIXES = ['', 'a', 'f', 'p', 'n', 'u', 'µ', 'μ', 'm', 'k', 'M', 'G'];
const STORAGE_PREFIXES = ['', 'k', 'M', 'G', 'Ki', 'Mi', 'Gi'];

const PHYSICAL = {
  s: { says: 'a time', example: '6.0 ns', symbols: ['s'], prefixPower: 1, prefixes: ALL_PREFIXES },
  J: { says: 'an energy', example: '35.5 pJ', symbols: ['J'], prefixPower: 1, prefixes: ALL_PREFIXES },
  W: { says: 'a power', example: '104 mW', symbols: ['W'], prefixPower: 1, prefixes: ALL_PREFIXES },
  'm^2': {
    says: 'an area',
    example: '60 mm^2',
    symbols: ['m^2', 'm²'],
    prefixPower: 2,
    prefixes: ['', 'n', 'u', 'µ', 'μ', 'm'],
  },
  bit: {
    says: 'a number of bits',
    example: '12 bits',
    symbols: ['bits', 'bit'],
    prefixPower: 1,
    prefixes: STORAGE_PREFIXES,
  },
  byte: {
    says: 'a size in bytes',
    example: '208 KiB',
    symbols: ['bytes', 'byte', 'B'],
    prefixPower: 1,
    prefixes: STORAGE_PREFIXES,
  },
} as const satisfies Record<string, PhysicalUnit>;

/** Plural → singular. Both are accepted, the plural is written. */
const COUNTED = {
  accumulators: 'accumulator',
  axons: 'axon',
  chips: 'chip',
  compartments: 'compartment',
  cores: 'core',
  'current units': 'current unit',
  entries: 'entry',
  fabrics: 'fabric',
  flits: 'flit',
  formats: 'format',
  instructions: 'instruction',
  levels: 'level',
  messages: 'message',
  ports: 'port',
  'powers of two': 'power of two',
  processors: 'processor',
  products: 'product',
  profiles: 'profile',
  registers: 'register',
  slots: 'slot',
  steps: 'step',
  synapses: 'synapse',
  tiles: 'tile',
  traces: 'trace',
  words: 'word',
} as const satisfies Record<string, string>;

/** Decimal exponent of each SI prefix. */
const DECIMAL: Readonly<Record<string, number>> = {
  '': 0,
  a: -18,
  f: -15,
  p: -12,
  n: -9,
  u: -6,
  µ: -6, // U+00B5, the micro sign
  μ: -6, // U+03BC, the Greek letter
  m: -3,
  k: 3,
  M: 6,
  G: 9,
};
const BINARY: Readonly<Record<string, number>> = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30 };

export type PhysicalUnitName = keyof typeof PHYSICAL;
export type CountedUnitName = keyof typeof COUNTED;
/** The unit of a field in the loaded chip: SI, bits or bytes, or the plural of what is counted. */
export type Unit = PhysicalUnitName | CountedUnitName;

/** What a written unit means: a number × 10^exponent × factor in the base unit. */
export interface UnitMeaning {
  readonly base: Unit;
  readonly exponent: number;
  /** A power of two, so that multiplying is exact. */
  readonly factor: number;
}

export function isPhysical(unit: Unit): unit is PhysicalUnitName {
  return Object.hasOwn(PHYSICAL, unit);
}

/** Every unit name, base units first. */
export function unitNames(): Unit[] {
  return [...(Object.keys(PHYSICAL) as Unit[]), ...(Object.keys(COUNTED) as Unit[])];
}

/** Spellings of a unit as people write them, for messages, did-you-mean and the editor schema. */
export function spellings(unit: Unit): string[] {
  if (!isPhysical(unit)) return [unit, COUNTED[unit]];
  const { prefixes, symbols } = PHYSICAL[unit];
  return symbols.flatMap((symbol) => prefixes.map((prefix) => `${prefix}${symbol}`));
}

/** `an energy, such as 35.5 pJ` or `a number of steps, such as 4 steps`. */
export function describeUnit(unit: Unit): string {
  if (!isPhysical(unit)) return `a number of ${unit}, such as "4 ${unit}"`;
  return `${PHYSICAL[unit].says}, such as "${PHYSICAL[unit].example}"`;
}

/** The dimension alone: `a time`, `a number of steps`. */
export function dimensionOf(unit: Unit): string {
  return isPhysical(unit) ? PHYSICAL[unit].says : `a number of ${unit}`;
}

function meaningIn(base: PhysicalUnitName, written: string): UnitMeaning | undefined {
  const { symbols, prefixPower, prefixes }: PhysicalUnit = PHYSICAL[base];
  for (const symbol of symbols) {
    if (!written.endsWith(symbol)) continue;
    const prefix = written.slice(0, -symbol.length);
    if (!prefixes.includes(prefix)) continue;
    return {
      base,
      exponent: (DECIMAL[prefix] ?? 0) * prefixPower,
      factor: BINARY[prefix] ?? 1,
    };
  }
  return undefined;
}

/** What a unit as written (`pJ`, `KiB`, `compartment`) means, or undefined if it is not known. */
export function meaningOf(written: string): UnitMeaning | undefined {
  for (const base of Object.keys(PHYSICAL) as PhysicalUnitName[]) {
    const meaning = meaningIn(base, written);
    if (meaning !== undefined) return meaning;
  }
  for (const [plural, singular] of Object.entries(COUNTED)) {
    if (written === plural || written === singular) {
      return { base: plural as CountedUnitName, exponent: 0, factor: 1 };
    }
  }
  return undefined;
}

/** How the unit is written behind a number other than 1; SI symbols have no plural. */
export function plural(unit: Unit): string {
  return unit === 'bit' || unit === 'byte' ? `${unit}s` : unit;
}

/** The singular of a counted thing, the symbol of a physical unit. */
export function singular(unit: Unit): string {
  return isPhysical(unit) ? unit : COUNTED[unit];
}
