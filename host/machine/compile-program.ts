// A neuron program as a WebAssembly function over one strip of compartments: the same bits as the interpreter of
// assembly/program.ts, four compartments at a time with their state words and temporaries in locals.
//
//   (first, bytes, slot, time) → instructions executed behind the first branch
//   first: byte offset of the strip in the group's columns; bytes: 4 per compartment, whole lanes; slot: byte
//   offset of this step's accumulators

import type { NeuronProgramImage } from '../image/image.ts';
import type { Mnemonic } from '../program/instructions.ts';
import type { Operand } from '../program/program.ts';
import type { Layout } from './core-module.ts';
import { runFrom } from './load-program.ts';
import type { CoreMap, GroupMap, ProgramMap } from './memory-map.ts';
import { Code, type LocalType, type VectorName, type WasmFunction } from './wasm-code.ts';

/** Instructions that have no vector form, and so leave their program to the interpreter. */
const INTERPRETED: readonly Mnemonic[] = ['clz', 'look', 'rand', 'y1', 'y2', 'y3'];
const SHIFTED: readonly Mnemonic[] = ['shl', 'shr', 'shz', 'mul', 'mulz', 'mulm'];

const BINARY: Partial<Record<Mnemonic, VectorName>> = {
  add: 'add',
  sub: 'sub',
  and: 'and',
  or: 'or',
  xor: 'xor',
  min: 'min',
  max: 'max',
};
const COMPARE: Partial<Record<Mnemonic, VectorName>> = {
  eq: 'eq',
  ne: 'ne',
  lt: 'lt',
  le: 'le',
  gt: 'gt',
  ge: 'ge',
};
const UNARY: Partial<Record<Mnemonic, VectorName>> = { not: 'not', neg: 'neg', abs: 'abs' };

/** True if every instruction has a vector form; shifts have one if their distance is one for all. */
export function isCompilable(program: NeuronProgramImage): boolean {
  const isShared = (operand: Operand | undefined): boolean =>
    operand?.kind === 'constant' ||
    (operand?.kind === 'parameter' && program.parameters[operand.index]!.values.length === 1);
  return program.instructions.every(
    ({ op, sources }) => !INTERPRETED.includes(op) && (!SHIFTED.includes(op) || isShared(sources.at(-1))),
  );
}

const FIRST = 0;
const BYTES = 1;
const SLOT = 2;
const TIME = 3;
const PARAMETERS = 4;
const AT = 4; // offset in the strip
const COLUMN = 5; // offset in the group's columns
const PORT = 6; // offset in the accumulators
const EXECUTED = 7;
const WORDS = 4;
const LOST = PARAMETERS + WORDS;
const FIRED = LOST + 1;
const POSTED = LOST + 2;
const TIMES = LOST + 3;
const X = LOST + 4;
const Y = LOST + 5;
const SIGN = LOST + 6;
const MASKS = LOST + 7;

class ProgramCompiler {
  readonly #program: NeuronProgramImage;
  readonly #core: CoreMap;
  readonly #group: GroupMap;
  readonly #map: ProgramMap;
  readonly #layout: Layout;
  readonly #scratch: number;
  readonly #code = new Code();
  #depth = 0;

  constructor(
    program: NeuronProgramImage,
    core: CoreMap,
    group: GroupMap,
    map: ProgramMap,
    layout: Layout,
    scratch: number,
  ) {
    this.#program = program;
    this.#core = core;
    this.#group = group;
    this.#map = map;
    this.#layout = layout;
    this.#scratch = scratch;
  }

  compile(): WasmFunction {
    const { state, temporaries, instructions } = this.#program;
    const code = this.#code;
    code.get(TIME).vector('splat').set(TIMES).plain('loop');
    code.get(AT).get(FIRST).plain('i32Add').set(COLUMN);
    code.get(COLUMN).get(SLOT).plain('i32Add').set(PORT);
    code.get(AT).load(this.#row(this.#layout.STRIP_MASKS)).set(MASKS);
    code.words(0).set(FIRED).words(0).set(POSTED);
    state.forEach((_, i) => {
      code
        .get(COLUMN)
        .load(this.#map.state + i * this.#map.columnBytes)
        .set(this.#state(i));
    });
    instructions.forEach((_, i) => {
      this.#instruction(i);
    });
    state.forEach((_, i) => {
      code
        .get(COLUMN)
        .get(this.#state(i))
        .store(this.#map.state + i * this.#map.columnBytes);
    });
    code.get(AT).get(FIRED).store(this.#row(this.#layout.STRIP_FIRED));
    code.get(AT).get(POSTED).store(this.#row(this.#layout.STRIP_POSTED));
    code.get(AT).i32(16).plain('i32Add').set(AT);
    code.get(AT).get(BYTES).plain('i32LtU').again().plain('end');
    code.get(LOST).vector('anyTrue').plain('if');
    code
      .i32(0)
      .i32(1)
      .storeWord(this.#map.record + this.#layout.NEURON_OVERFLOWED)
      .plain('end');
    code.get(EXECUTED);
    const vectors = MASKS - LOST + this.#layout.STRIP_DEPTH_MAX + 1 + state.length + temporaries;
    const locals = [
      ...new Array<LocalType>(WORDS).fill('word'),
      ...new Array<LocalType>(vectors).fill('vector'),
    ];
    return { parameters: PARAMETERS, locals, code };
  }

  #row(index: number): number {
    return this.#scratch + index * this.#layout.STRIP * 4;
  }

  #mask(): number {
    return MASKS + this.#depth;
  }

  #state(index: number): number {
    return MASKS + this.#layout.STRIP_DEPTH_MAX + 1 + index;
  }

  #temporary(index: number): number {
    return this.#state(this.#program.state.length) + index;
  }

  /** Pushes the four words of an operand. */
  #operand(operand: Operand | undefined): Code {
    const code = this.#code;
    const map = this.#map;
    switch (operand?.kind) {
      case 'state':
        return code.get(this.#state(operand.index));
      case 'temporary':
        return code.get(this.#temporary(operand.index));
      case 'parameter': {
        const address = map.parameters[operand.index]!;
        const own = this.#program.parameters[operand.index]!.values.length > 1;
        return own ? code.get(COLUMN).load(address) : code.loadSplat(address);
      }
      case 'port': {
        const further = map.furtherPorts + (operand.index - 1) * map.columnBytes;
        const offset = operand.index === 0 ? this.#group.first * 4 : further;
        return code.get(PORT).load(this.#core.accumulators + offset);
      }
      case 'constant':
        return code.words(operand.value);
      case 'time':
        return code.get(TIMES);
      case 'index':
        return code.get(COLUMN).load(map.index);
      default:
        throw new Error('an operand that has no value');
    }
  }

  /** Pushes a shift distance; vector shifts take it modulo the width of a word by themselves. */
  #distance(operand: Operand | undefined): Code {
    if (operand?.kind === 'constant') return this.#code.i32(operand.value);
    if (operand?.kind !== 'parameter') throw new Error('a shift distance that is not shared');
    return this.#code.loadWord(this.#map.parameters[operand.index]!);
  }

  /** Adds the compartments of the present mask times the instructions of a run. */
  #count(run: number): void {
    if (run === 0) return;
    const code = this.#code.get(this.#mask()).vector('bitmask').plain('i32Popcnt');
    code.i32(run).plain('i32Mul').get(EXECUTED).plain('i32Add').set(EXECUTED);
  }

  #instruction(at: number): void {
    const { op, destination, sources } = this.#program.instructions[at]!;
    const code = this.#code;
    const run = runFrom(this.#program.instructions, at + 1);
    if (op === 'if') {
      this.#operand(sources[0]).words(0).vector('ne').get(this.#mask()).vector('and');
      this.#depth++;
      code.set(this.#mask()).get(this.#mask()).vector('anyTrue').plain('if');
      this.#count(run);
    } else if (op === 'else') {
      code
        .plain('end')
        .get(this.#mask() - 1)
        .get(this.#mask())
        .vector('andnot')
        .set(this.#mask());
      code.get(this.#mask()).vector('anyTrue').plain('if');
      this.#count(run);
    } else if (op === 'end') {
      code.plain('end');
      this.#depth--;
      this.#count(run);
    } else if (op === 'send') this.#send(sources[0]);
    else if (op === 'post') code.get(POSTED).get(this.#mask()).vector('or').set(POSTED);
    else {
      this.#compute(op, sources);
      this.#assign(op, destination, sources);
    }
  }

  #send(payload: Operand | undefined): void {
    const { payloads } = this.#core;
    const code = this.#code.get(FIRED).get(this.#mask()).vector('or').set(FIRED);
    if (payloads === 0) return;
    const place = payloads + this.#group.first * 4;
    code.get(COLUMN);
    this.#operand(payload).get(COLUMN).load(place).get(this.#mask()).vector('bitselect').store(place);
  }

  /** Stores what is on the stack: cut to the width of a word, and only where the mask is set. */
  #assign(op: Mnemonic, destination: Operand | null, sources: readonly Operand[]): void {
    const code = this.#code;
    if (destination?.kind !== 'state' && destination?.kind !== 'temporary')
      throw new Error(`"${op}" has no destination`);
    const isState = destination.kind === 'state';
    const local = isState ? this.#state(destination.index) : this.#temporary(destination.index);
    let width = isState ? this.#program.state[destination.index]!.width : 32;
    const bits = sources.at(-1);
    if (op === 'wrap' && bits?.kind === 'constant') width = Math.min(width, bits.value);
    if (width < 32) {
      code
        .set(X)
        .get(X)
        .i32(32 - width)
        .vector('shl')
        .i32(32 - width)
        .vector('shrS')
        .set(Y);
      if (op !== 'wrap')
        code.get(X).get(Y).vector('xor').get(this.#mask()).vector('and').get(LOST).vector('or').set(LOST);
      code.get(Y);
    } else if (this.#depth === 0) {
      code.set(local);
      return;
    }
    code.get(local).get(this.#mask()).vector('bitselect').set(local);
  }

  /** Pushes the result of an arithmetic instruction. */
  #compute(op: Mnemonic, sources: readonly Operand[]): void {
    const [a, b, c] = sources;
    const code = this.#code;
    const binary = BINARY[op];
    const compare = COMPARE[op];
    const unary = UNARY[op];
    if (binary !== undefined) {
      this.#operand(a);
      this.#operand(b).vector(binary);
    } else if (compare !== undefined) {
      this.#operand(a);
      this.#operand(b).vector(compare).i32(31).vector('shrU');
    } else if (unary !== undefined) this.#operand(a).vector(unary);
    else if (op === 'mov' || op === 'wrap') this.#operand(a);
    else if (op === 'sgn') {
      this.#operand(a).set(X).get(X).i32(31).vector('shrS');
      code.get(X).vector('neg').i32(31).vector('shrU', 'or');
    } else if (op === 'clip') {
      this.#operand(a);
      this.#operand(b).vector('max');
      this.#operand(c).vector('min');
    } else if (op === 'sel') {
      this.#operand(b);
      this.#operand(c);
      this.#operand(a).words(0).vector('ne', 'bitselect');
    } else if (op === 'shl' || op === 'shr') {
      this.#operand(a);
      this.#distance(b).vector(op === 'shl' ? 'shl' : 'shrS');
    } else if (op === 'shz') this.#shiftTowardZero(a, b);
    else if (op === 'mulm') this.#multiplyMagnitude(a, b, c);
    else this.#multiply(op, a, b, c);
  }

  /** (a + (2^n - 1 where a is negative)) >> n */
  #shiftTowardZero(a: Operand | undefined, n: Operand | undefined): void {
    const code = this.#operand(a).set(X).get(X);
    code.get(X).i32(31).vector('shrS').words(1);
    this.#distance(n).vector('shl').words(1).vector('sub', 'and', 'add');
    this.#distance(n).vector('shrS');
  }

  #multiply(op: Mnemonic, a: Operand | undefined, b: Operand | undefined, n: Operand | undefined): void {
    const code = this.#code;
    this.#operand(a).set(X);
    this.#operand(b).set(Y);
    for (const half of ['productLow', 'productHigh'] as const) {
      code.get(X).get(Y).vector(half);
      if (op === 'mulz') {
        code.set(SIGN).get(SIGN);
        code.get(SIGN).i32(63).vector('shrS64').longs(1n);
        this.#distance(n).vector('shl64').longs(1n).vector('sub64', 'and', 'add64');
      }
      this.#distance(n).vector('shrS64');
    }
    code.shuffle([0, 2, 4, 6]);
  }

  /** sgn(a) · floor(|a| · b / 2^n): |a| is unsigned, so where b is negative |a| · 2^32 is too much. */
  #multiplyMagnitude(a: Operand | undefined, b: Operand | undefined, n: Operand | undefined): void {
    const code = this.#code;
    this.#operand(a).set(X).get(X).i32(31).vector('shrS').set(SIGN);
    code.get(X).vector('abs').set(X);
    this.#operand(b).set(Y);
    for (const { half, places } of [
      { half: 'productLowU', places: [0, 4, 1, 5] },
      { half: 'productHighU', places: [2, 6, 3, 7] },
    ] as const) {
      code.get(X).get(Y).vector(half);
      code.words(0).get(X).get(Y).i32(31).vector('shrS', 'and').shuffle(places).vector('sub64');
      this.#distance(n).vector('shrS64');
    }
    code.shuffle([0, 2, 4, 6]).get(SIGN).vector('xor').get(SIGN).vector('sub');
  }
}

/** @param scratch first row of the interpreter's working memory, where masks come from and spikes go */
export function compileProgram(
  program: NeuronProgramImage,
  core: CoreMap,
  group: GroupMap,
  map: ProgramMap,
  layout: Layout,
  scratch: number,
): WasmFunction {
  return new ProgramCompiler(program, core, group, map, layout, scratch).compile();
}
