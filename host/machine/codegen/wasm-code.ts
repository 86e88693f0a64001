// A WebAssembly module byte by byte, as much of it as neuron programs and learning rules need: functions of i32
// parameters on an imported memory.

const SECTION = { type: 1, import: 2, function: 3, export: 7, code: 10 } as const;
const I32 = 0x7f;
const V128 = 0x7b;
const EMPTY_BLOCK = 0x40;

/** Unsigned LEB128. */
function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value >>> 0;
  do {
    const low = rest & 127;
    rest >>>= 7;
    bytes.push(rest === 0 ? low : low | 128);
  } while (rest !== 0);
  return bytes;
}

/** Signed LEB128. */
function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value | 0;
  for (;;) {
    const low = rest & 127;
    rest >>= 7;
    if ((rest === 0 && (low & 64) === 0) || (rest === -1 && (low & 64) !== 0)) return [...bytes, low];
    bytes.push(low | 128);
  }
}

const PLAIN = {
  block: [0x02, EMPTY_BLOCK],
  if: [0x04, EMPTY_BLOCK],
  else: [0x05],
  loop: [0x03, EMPTY_BLOCK],
  end: [0x0b],
  return: [0x0f],
  select: [0x1b],
  i32Eqz: [0x45],
  i32Eq: [0x46],
  i32Ne: [0x47],
  i32LtS: [0x48],
  i32LtU: [0x49],
  i32GtS: [0x4a],
  i32Popcnt: [0x69],
  i32Add: [0x6a],
  i32Sub: [0x6b],
  i32Mul: [0x6c],
  i32And: [0x71],
  i32Or: [0x72],
  i32Xor: [0x73],
  i32Shl: [0x74],
  i32ShrS: [0x75],
  i32ShrU: [0x76],
} as const;

/**
 * Numbers of vector instructions behind their prefix. Lanes are words, or as many bits as the name ends with;
 * `lowBytesU` and its like widen the lower or upper half of the lanes, `narrow8` and its like put two vectors into one.
 */
const VECTOR = {
  swizzle: 14,
  splat8: 15,
  splat16: 16,
  splat: 17,
  eq8: 35,
  ne8: 36,
  gt16: 49,
  not: 77,
  and: 78,
  andnot: 79,
  or: 80,
  xor: 81,
  bitselect: 82,
  anyTrue: 83,
  bitmask8: 100,
  narrow8: 101,
  narrow8U: 102,
  sub8: 113,
  sumPairs: 126,
  neg16: 129,
  narrow16: 133,
  lowBytesS: 135,
  highBytesS: 136,
  lowBytesU: 137,
  highBytesU: 138,
  shl16: 139,
  shrS16: 140,
  shrU16: 141,
  add16: 142,
  addSat16: 143,
  sub16: 145,
  mul16: 149,
  min16: 150,
  max16: 152,
  lowHalvesS: 167,
  highHalvesS: 168,
  mul: 181,
  dot: 186,
  eq: 55,
  ne: 56,
  lt: 57,
  gt: 59,
  le: 61,
  ge: 63,
  abs: 160,
  neg: 161,
  bitmask: 164,
  shl: 171,
  shrS: 172,
  shrU: 173,
  add: 174,
  sub: 177,
  min: 182,
  max: 184,
  shl64: 203,
  shrS64: 204,
  add64: 206,
  sub64: 209,
  productLow: 220,
  productHigh: 221,
  productLowU: 222,
  productHighU: 223,
} as const;

export type PlainName = keyof typeof PLAIN;
export type VectorName = keyof typeof VECTOR;

/** The body of one function; every method appends an instruction. */
export class Code {
  readonly #bytes: number[] = [];

  get bytes(): readonly number[] {
    return this.#bytes;
  }

  #push(...bytes: readonly number[]): this {
    this.#bytes.push(...bytes);
    return this;
  }

  plain(...names: readonly PlainName[]): this {
    for (const name of names) this.#push(...PLAIN[name]);
    return this;
  }

  vector(...names: readonly VectorName[]): this {
    for (const name of names) this.#push(0xfd, ...unsigned(VECTOR[name]));
    return this;
  }

  get(local: number): this {
    return this.#push(0x20, ...unsigned(local));
  }

  set(local: number): this {
    return this.#push(0x21, ...unsigned(local));
  }

  i32(value: number): this {
    return this.#push(0x41, ...signed(value));
  }

  /** Four equal words. */
  words(value: number): this {
    const word = [0, 8, 16, 24].map((shift) => (value >>> shift) & 255);
    return this.#push(0xfd, 12, ...word, ...word, ...word, ...word);
  }

  /** Two equal long words. */
  longs(value: bigint): this {
    const long = [0n, 8n, 16n, 24n, 32n, 40n, 48n, 56n].map((shift) => Number((value >> shift) & 255n));
    return this.#push(0xfd, 12, ...long, ...long);
  }

  /** Eight equal halves of words. */
  halves(value: number): this {
    return this.words((value & 0xffff) | (value << 16));
  }

  /** Sixteen bytes. */
  byteList(bytes: readonly number[]): this {
    return this.#push(0xfd, 12, ...bytes);
  }

  /** Words of two vectors, numbered 0 to 7. */
  shuffle(places: readonly [number, number, number, number]): this {
    return this.shuffleBytes(places.flatMap((word) => [0, 1, 2, 3].map((byte) => 4 * word + byte)));
  }

  /** Bytes of two vectors, numbered 0 to 31. */
  shuffleBytes(places: readonly number[]): this {
    return this.#push(0xfd, 13, ...places);
  }

  /** A word of the vector on the stack. */
  wordOf(lane: number): this {
    return this.#push(0xfd, 27, lane);
  }

  /** A vector at the address on the stack plus `offset`. */
  load(offset: number): this {
    return this.#push(0xfd, 0, 0, ...unsigned(offset));
  }

  /** Eight bytes at such an address, unsigned, as halves of words. */
  loadBytes(offset: number): this {
    return this.#push(0xfd, 2, 0, ...unsigned(offset));
  }

  /** The word at an address, four times. */
  loadSplat(address: number): this {
    return this.i32(0).#push(0xfd, 9, 0, ...unsigned(address));
  }

  /** The word at an address. */
  loadWord(address: number): this {
    return this.i32(0).word(address);
  }

  /** The word at the address on the stack plus `offset`. */
  word(offset: number): this {
    return this.#push(0x28, 0, ...unsigned(offset));
  }

  /** The same for a byte, signed or not. */
  byteS(offset: number): this {
    return this.#push(0x2c, 0, ...unsigned(offset));
  }

  byteU(offset: number): this {
    return this.#push(0x2d, 0, ...unsigned(offset));
  }

  store(offset: number): this {
    return this.#push(0xfd, 11, 0, ...unsigned(offset));
  }

  storeWord(offset: number): this {
    return this.#push(0x36, 0, ...unsigned(offset));
  }

  /** The same for a half of a word, unsigned. */
  halfU(offset: number): this {
    return this.#push(0x2f, 0, ...unsigned(offset));
  }

  /** Back to the beginning of the innermost loop, if the number on the stack is not 0. */
  again(): this {
    return this.#push(0x0d, 0);
  }

  /** To the end of the innermost block, if the number on the stack is not 0. */
  leave(): this {
    return this.#push(0x0d, 0);
  }
}

export type LocalType = 'word' | 'vector';

/** A function of i32 parameters with one i32 result. */
export interface WasmFunction {
  readonly parameters: number;
  /** Types of the locals behind the parameters. */
  readonly locals: readonly LocalType[];
  readonly code: Code;
}

function list(items: readonly (readonly number[])[]): number[] {
  return [...unsigned(items.length), ...items.flat()];
}

function sized(bytes: readonly number[]): number[] {
  return [...unsigned(bytes.length), ...bytes];
}

function text(value: string): number[] {
  return sized([...new TextEncoder().encode(value)]);
}

/** Limits of an imported memory: from one page on, and up to what the core addresses if threads share it. */
const MEMORY_LIMITS = { own: [0, 1], shared: [3, 1, ...unsigned(2 ** 15)] } as const;

/** A module with the memory `env.memory`; its functions are exported as `0`, `1`, … */
export function moduleBytes(
  functions: readonly WasmFunction[],
  memory: keyof typeof MEMORY_LIMITS,
): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ parameters }) => [
    0x60,
    ...list(Array.from({ length: parameters }, () => [I32])),
    ...list([[I32]]),
  ]);
  const bodies = functions.map(({ locals, code }) =>
    sized([...list(locals.map((type) => [1, type === 'word' ? I32 : V128])), ...code.bytes, 0x0b]),
  );
  const section = (id: number, content: readonly number[]): number[] => [id, ...sized(content)];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(SECTION.type, list(types)),
    ...section(SECTION.import, list([[...text('env'), ...text('memory'), 2, ...MEMORY_LIMITS[memory]]])),
    ...section(SECTION.function, list(functions.map((_, i) => unsigned(i)))),
    ...section(SECTION.export, list(functions.map((_, i) => [...text(`${i}`), 0, ...unsigned(i)]))),
    ...section(SECTION.code, list(bodies)),
  ]);
}
