// A neuron program as a WebAssembly function over one strip of compartments: the same bits as the interpreter of
// assembly/program.ts, four compartments at a time with their state words and temporaries in locals. Shared parameters
// are constants of the code. From the ranges of all values it follows where nothing is lost by the width of a state word
// and where a product fits 32 bits; a comparison stays a mask for those that ask it; short conditions are not branches.
//
//   (first, bytes, slot, time) → instructions executed behind the first branch
//   first: byte offset of the strip in the group's columns; bytes: 4 per compartment, whole lanes; slot: byte
//   offset of this step's accumulators

import type { GroupImage, NeuronProgramImage } from '../image/image.ts';
import type { Mnemonic } from '../program/instructions.ts';
import type { Operand } from '../program/program.ts';
import type { Layout } from './core-module.ts';
import { runFrom } from './load-program.ts';
import type { CoreMap, GroupMap, ProgramMap } from './memory-map.ts';
import {
  contains,
  productRange,
  type Range,
  rangeOf,
  rangeOfBits,
  resultRange,
  union,
  WORD,
} from './program-range.ts';
import { deriveKey, GOLDEN, mixWords } from './random-code.ts';
import { Code, type LocalType, type VectorName, type WasmFunction } from './wasm-code.ts';

/** Instructions that have no vector form, and so leave their program to the interpreter. */
const INTERPRETED: readonly Mnemonic[] = ['clz', 'look'];
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

/** A group that runs a program. */
export type CompiledGroup = Pick<GroupImage, 'count'> & { readonly program: NeuronProgramImage };

/** True if every instruction has a vector form; shifts have one if their distance is one for all. */
export function isCompilable(program: NeuronProgramImage): boolean {
  const isShared = (operand: Operand | undefined): boolean =>
    operand?.kind === 'constant' ||
    (operand?.kind === 'parameter' && program.parameters[operand.index]!.values.length === 1);
  return program.instructions.every(
    ({ op, sources }) => !INTERPRETED.includes(op) && (!SHIFTED.includes(op) || isShared(sources.at(-1))),
  );
}

/** Instructions up to which the part of a condition is executed by all, as no branch can be predicted. */
const SHORT_PART = 8;

const FIRST = 0;
const BYTES = 1;
const SLOT = 2;
const TIME = 3;
const PARAMETERS = 4;
const AT = 4; // offset in the strip
const COLUMN = 5; // offset in the group's columns
const PORT = 6; // offset in the accumulators
const PLACE = 7; // of traces
const KEY = 8; // of the random numbers of this step
const MIXED = 9;
const WORDS = 6;
const LOST = PARAMETERS + WORDS;
const FIRED = LOST + 1;
const POSTED = LOST + 2;
const TIMES = LOST + 3;
const PAYLOAD = LOST + 4;
const X = LOST + 5;
const Y = LOST + 6;
const SIGN = LOST + 7;
const TRACED = LOST + 8; // who has written traces
const DRAWN = LOST + 9; // random numbers, counted down
const MASKS = LOST + 10;

const TRACE_MAX = 127;

class ProgramCompiler {
  readonly #program: NeuronProgramImage;
  readonly #core: CoreMap;
  readonly #group: GroupMap;
  readonly #map: ProgramMap;
  readonly #layout: Layout;
  readonly #scratch: number;
  readonly #code = new Code();
  /** All four compartments of every vector exist: outside of conditions there is no mask. */
  readonly #whole: boolean;
  /** By local; a temporary that is not here may hold anything. */
  readonly #ranges = new Map<number, Range>();
  /** Temporaries that hold a comparison, and the local that has it as a mask. */
  readonly #comparisons = new Map<number, number>();
  /** Locals that count executing compartments by how many instructions they execute. */
  readonly #runs = new Map<number, number>();
  /** Keys of the random numbers, by instruction. */
  readonly #keys = new Map<number, number>();
  /** Random numbers that all compartments draw. */
  #commonDraws = 0;
  /** Instructions that all compartments execute behind a condition. */
  #common = 0;
  /** Some instruction before this one sends. */
  #sends = false;
  #locals: number;
  /** Open conditions: whether each is a branch. */
  readonly #branches: boolean[] = [];

  constructor(
    { program, count }: CompiledGroup,
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
    this.#whole = count % 4 === 0;
    this.#locals = this.#temporary(program.temporaries);
    program.state.forEach(({ width, initial }, i) => {
      this.#ranges.set(this.#state(i), union(rangeOfBits(width), rangeOf(initial)));
    });
  }

  compile(): WasmFunction {
    const { state, instructions } = this.#program;
    const { STRIP_MASKS, STRIP_FIRED, STRIP_POSTED, NEURON_OVERFLOWED, CORE_POST_LIVE } = this.#layout;
    const { payloads } = this.#core;
    const code = this.#code;
    this.#deriveKeys();
    code.get(TIME).vector('splat').set(TIMES).plain('loop');
    code.get(AT).get(FIRST).plain('i32Add').set(COLUMN);
    code.get(COLUMN).get(SLOT).plain('i32Add').set(PORT);
    if (!this.#whole) code.get(AT).load(this.#row(STRIP_MASKS)).set(MASKS);
    for (const local of [FIRED, POSTED, PAYLOAD]) code.words(0).set(local);
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
    if (this.#has('send')) code.get(AT).get(FIRED).store(this.#row(STRIP_FIRED));
    if (this.#has('send') && payloads !== 0)
      code
        .get(COLUMN)
        .get(PAYLOAD)
        .store(payloads + this.#group.first * 4);
    if (this.#has('post')) code.get(AT).get(POSTED).store(this.#row(STRIP_POSTED));
    code.get(AT).i32(16).plain('i32Add').set(AT);
    code.get(AT).get(BYTES).plain('i32LtU').again().plain('end');
    this.#noteAny(LOST, this.#map.record + NEURON_OVERFLOWED);
    // So that the epoch looks at the traces.
    if (this.#has('y1', 'y2', 'y3')) this.#noteAny(TRACED, this.#core.record + CORE_POST_LIVE);
    this.#countDraws();
    this.#countAll();
    const locals = [
      ...new Array<LocalType>(WORDS).fill('word'),
      ...new Array<LocalType>(this.#locals - LOST).fill('vector'),
    ];
    return { parameters: PARAMETERS, locals, code };
  }

  #has(...ops: readonly Mnemonic[]): boolean {
    return this.#program.instructions.some(({ op }) => ops.includes(op));
  }

  /** Sets a word of the memory to 1 if a local is not 0. */
  #noteAny(local: number, address: number): void {
    this.#code.get(local).vector('anyTrue').plain('if').i32(0).i32(1).storeWord(address).plain('end');
  }

  #row(index: number): number {
    return this.#scratch + index * this.#layout.STRIP * 4;
  }

  get #depth(): number {
    return this.#branches.length;
  }

  /** True where every compartment executes. */
  get #unmasked(): boolean {
    return this.#whole && this.#depth === 0;
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

  /** The values of a parameter that all compartments share. */
  #shared(operand: Operand | undefined): number | undefined {
    if (operand?.kind === 'constant') return operand.value;
    if (operand?.kind !== 'parameter') return undefined;
    const { values } = this.#program.parameters[operand.index]!;
    return values.length === 1 ? values[0]! : undefined;
  }

  #range(operand: Operand | undefined): Range {
    switch (operand?.kind) {
      case 'state':
        return this.#ranges.get(this.#state(operand.index)) ?? WORD;
      case 'temporary':
        return this.#ranges.get(this.#temporary(operand.index)) ?? WORD;
      case 'parameter': {
        const { values } = this.#program.parameters[operand.index]!;
        const range = rangeOf(values);
        // The column goes on with 0 to a whole vector.
        return this.#whole || values.length === 1 ? range : union(range, rangeOf([0]));
      }
      case 'constant':
        return rangeOf([operand.value]);
      default:
        return WORD;
    }
  }

  /** Pushes the four words of an operand. */
  #operand(operand: Operand | undefined): Code {
    const code = this.#code;
    const map = this.#map;
    const shared = this.#shared(operand);
    if (shared !== undefined) return code.words(shared);
    switch (operand?.kind) {
      case 'state':
        return code.get(this.#state(operand.index));
      case 'temporary':
        return code.get(this.#temporary(operand.index));
      case 'parameter':
        return code.get(COLUMN).load(map.parameters[operand.index]!);
      case 'port': {
        const further = map.furtherPorts + (operand.index - 1) * map.columnBytes;
        const offset = operand.index === 0 ? this.#group.first * 4 : further;
        return code.get(PORT).load(this.#core.accumulators + offset);
      }
      case 'time':
        return code.get(TIMES);
      case 'index':
        return code.get(COLUMN).load(map.index);
      default:
        throw new Error('an operand that has no value');
    }
  }

  /** Pushes all ones where an operand is not 0. */
  #truth(operand: Operand | undefined): Code {
    const comparison =
      operand?.kind === 'temporary' ? this.#comparisons.get(this.#temporary(operand.index)) : undefined;
    if (comparison !== undefined) return this.#code.get(comparison);
    return this.#operand(operand).words(0).vector('ne');
  }

  /** A shift distance; vector shifts take it modulo the width of a word by themselves. */
  #distance(operand: Operand | undefined): number {
    const distance = this.#shared(operand);
    if (distance === undefined) throw new Error('a shift distance that is not shared');
    return distance;
  }

  /** Counts that the compartments of the present mask execute the instructions of a run. */
  #count(run: number): void {
    if (run === 0) return;
    if (this.#unmasked) {
      this.#common += run;
      return;
    }
    let local = this.#runs.get(run);
    if (local === undefined) {
      local = this.#locals++;
      this.#runs.set(run, local);
    }
    this.#code.get(local).get(this.#mask()).vector('sub').set(local);
  }

  /** Pushes the instructions that were counted. */
  #countAll(): void {
    this.#code.get(BYTES).i32(2).plain('i32ShrU').i32(this.#common).plain('i32Mul');
    for (const [run, local] of this.#runs) {
      this.#counted(local).i32(run).plain('i32Mul', 'i32Add');
    }
  }

  /** Pushes how many compartments a local has counted down. */
  #counted(local: number): Code {
    for (const lane of [0, 1, 2, 3]) {
      this.#code.get(local).wordOf(lane);
      if (lane > 0) this.#code.plain('i32Add');
    }
    return this.#code;
  }

  /** True if the part of a condition that begins at `from` is short and has no conditions of its own. */
  #isShort(from: number): boolean {
    const { instructions } = this.#program;
    for (let at = from; at < from + SHORT_PART; at++) {
      const { op } = instructions[at]!;
      if (op === 'end' || op === 'else') return true;
      if (op === 'if' || op === 'mul' || op === 'mulz' || op === 'mulm') return false;
    }
    return false;
  }

  #instruction(at: number): void {
    const { op, destination, sources } = this.#program.instructions[at]!;
    const code = this.#code;
    const run = runFrom(this.#program.instructions, at + 1);
    if (op === 'if') {
      this.#truth(sources[0]);
      if (!this.#unmasked) code.get(this.#mask()).vector('and');
      this.#open(at, run);
    } else if (op === 'else') {
      this.#close();
      if (this.#unmasked) code.get(this.#mask() + 1).vector('not');
      else
        code
          .get(this.#mask())
          .get(this.#mask() + 1)
          .vector('andnot');
      this.#open(at, run);
    } else if (op === 'end') {
      this.#close();
      this.#count(run);
    } else if (op === 'send') this.#send(sources[0]);
    else if (op === 'post') {
      code.get(POSTED);
      this.#present().vector('or').set(POSTED);
    } else if (op === 'y1' || op === 'y2' || op === 'y3') this.#writeTrace(Number(op[1]) - 1, sources[0]);
    else {
      const ranges = sources.map((source) => this.#range(source));
      if (op === 'rand') this.#draw(at, this.#bits(op, sources));
      else this.#compute(op, sources, ranges);
      this.#assign(op, destination, sources, ranges);
    }
  }

  /** Begins a part of a condition whose mask is on the stack. */
  #open(at: number, run: number): void {
    const branches = !this.#isShort(at + 1);
    this.#branches.push(branches);
    const code = this.#code.set(this.#mask());
    if (branches) code.get(this.#mask()).vector('anyTrue').plain('if');
    this.#count(run);
  }

  #close(): void {
    if (this.#branches.pop()) this.#code.plain('end');
  }

  /** Pushes the mask of those that execute. */
  #present(): Code {
    return this.#unmasked ? this.#code.words(-1) : this.#code.get(this.#mask());
  }

  #send(payload: Operand | undefined): void {
    const isFirst = !this.#sends;
    this.#sends = true;
    this.#present();
    if (!isFirst) this.#code.get(FIRED).vector('or');
    this.#code.set(FIRED);
    if (this.#core.payloads === 0) return;
    this.#operand(payload);
    if (isFirst) this.#present().vector('and').set(PAYLOAD);
    else {
      this.#code.get(PAYLOAD);
      this.#present().vector('bitselect').set(PAYLOAD);
    }
  }

  /** A byte for each compartment, 0..127; the others keep theirs. */
  #writeTrace(trace: number, source: Operand | undefined): void {
    const code = this.#code;
    const { postTrace, postStride } = this.#core;
    const traces = postTrace + trace * postStride + this.#group.first;
    const { low, high } = this.#range(source);
    this.#operand(source);
    if (low < 0) code.words(0).vector('max');
    if (high > TRACE_MAX) code.words(TRACE_MAX).vector('min');
    code.set(X).get(COLUMN).i32(2).plain('i32ShrU').set(PLACE).get(PLACE);
    if (this.#unmasked) this.#bytes(X);
    else {
      code.get(PLACE).word(traces);
      this.#bytes(X).get(PLACE).word(traces).plain('i32Xor');
      this.#bytes(this.#mask()).plain('i32And', 'i32Xor');
    }
    code.storeWord(traces).get(TRACED);
    this.#present().vector('or').set(TRACED);
  }

  /** Pushes the low bytes of the four words of a local as a word. */
  #bytes(local: number): Code {
    const lowest = [0, 4, 8, 12];
    return this.#code
      .get(local)
      .get(local)
      .shuffleBytes([...lowest, ...lowest, ...lowest, ...lowest])
      .wordOf(0);
  }

  /** The keys of the random numbers of this step, one for each instruction that draws. */
  #deriveKeys(): void {
    const code = this.#code;
    if (!this.#has('rand')) return;
    code.loadWord(this.#map.record + this.#layout.NEURON_KEY).set(KEY);
    deriveKey(code, KEY, MIXED, () => code.get(TIME));
    code.set(KEY);
    this.#program.instructions.forEach(({ op }, at) => {
      if (op !== 'rand') return;
      const key = this.#locals++;
      this.#keys.set(at, key);
      deriveKey(code, KEY, MIXED, () => code.i32(at));
      code.vector('splat').set(key);
    });
  }

  /** Pushes random bits: a number per instruction and compartment, the same wherever the compartment lies (U1). */
  #draw(at: number, bits: number): void {
    const code = this.#code.get(COLUMN).load(this.#map.index);
    code.words(GOLDEN).vector('mul').get(this.#keys.get(at)!).vector('add');
    mixWords(code, X);
    if (bits < 32) code.i32(32 - bits).vector('shrU');
    if (this.#unmasked) this.#commonDraws++;
    else code.get(DRAWN).get(this.#mask()).vector('sub').set(DRAWN);
  }

  /** Leaves the number of draws where the core finds it. */
  #countDraws(): void {
    if (!this.#has('rand')) return;
    const code = this.#code.i32(0);
    this.#counted(DRAWN).get(BYTES).i32(2).plain('i32ShrU').i32(this.#commonDraws).plain('i32Mul', 'i32Add');
    code.storeWord(this.#map.record + this.#layout.NEURON_DRAWN);
  }

  /** Stores what is on the stack: cut to the width of a word, and only where the mask is set. */
  #assign(
    op: Mnemonic,
    destination: Operand | null,
    sources: readonly Operand[],
    ranges: readonly Range[],
  ): void {
    const code = this.#code;
    if (destination?.kind !== 'state' && destination?.kind !== 'temporary')
      throw new Error(`"${op}" has no destination`);
    const isState = destination.kind === 'state';
    const local = isState ? this.#state(destination.index) : this.#temporary(destination.index);
    const own = isState ? this.#program.state[destination.index]!.width : 32;
    const width = op === 'wrap' ? Math.min(own, this.#distance(sources.at(-1))) : own;
    const range = resultRange(op, ranges, this.#bits(op, sources));
    const kept = rangeOfBits(width);
    const fits = contains(kept, range);
    // The interpreter, too, leaves the places behind the last compartment to themselves only in narrower words.
    const everywhere = this.#unmasked || (this.#depth === 0 && width === 32);
    const isMask = COMPARE[op] !== undefined;
    this.#comparisons.delete(local);
    if (isMask) {
      if (everywhere && !isState) {
        const mask = this.#locals++;
        this.#comparisons.set(local, mask);
        code.set(mask).get(mask);
      }
      code.i32(31).vector('shrU');
    }
    if (!fits) {
      code
        .set(X)
        .get(X)
        .i32(32 - width)
        .vector('shl')
        .i32(32 - width)
        .vector('shrS')
        .set(Y);
      if (op !== 'wrap') {
        code.get(X).get(Y).vector('xor');
        if (!this.#unmasked) code.get(this.#mask()).vector('and');
        code.get(LOST).vector('or').set(LOST);
      }
      code.get(Y);
    }
    const result = fits ? range : kept;
    const before = this.#ranges.get(local) ?? WORD;
    if (everywhere) code.set(local);
    else code.get(local).get(this.#mask()).vector('bitselect').set(local);
    this.#ranges.set(local, everywhere ? result : union(before, result));
  }

  /** The distance of a shift, as the instruction takes it, or how many bits are drawn. */
  #bits(op: Mnemonic, sources: readonly Operand[]): number {
    if (op === 'rand') return this.#distance(sources[0]);
    if (!SHIFTED.includes(op)) return 0;
    return this.#distance(sources.at(-1)) & (op.startsWith('mul') ? 63 : 31);
  }

  /** Pushes the result of an arithmetic instruction. */
  #compute(op: Mnemonic, sources: readonly Operand[], ranges: readonly Range[]): void {
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
      this.#operand(b).vector(compare); // all ones, not yet 1
    } else if (unary !== undefined) this.#operand(a).vector(unary);
    else if (op === 'mov' || op === 'wrap') this.#operand(a);
    else if (op === 'sgn') {
      this.#operand(a).set(X).get(X).i32(31).vector('shrS');
      code.get(X).vector('neg').i32(31).vector('shrU', 'or');
    } else if (op === 'clip') {
      this.#operand(a);
      this.#operand(b).vector('max');
      this.#operand(c).vector('min');
    } else if (op === 'sel') this.#select(a, b, c);
    else if (op === 'shl' || op === 'shr') {
      this.#operand(a)
        .i32(this.#distance(b))
        .vector(op === 'shl' ? 'shl' : 'shrS');
    } else if (op === 'shz') {
      this.#operand(a);
      this.#shiftTowardZero(this.#distance(b) & 31);
    } else this.#multiply(op, sources, ranges);
  }

  #select(condition: Operand | undefined, a: Operand | undefined, b: Operand | undefined): void {
    if (this.#shared(a) === 0) {
      this.#operand(b);
      this.#truth(condition).vector('andnot');
    } else if (this.#shared(b) === 0) {
      this.#operand(a);
      this.#truth(condition).vector('and');
    } else {
      this.#operand(a);
      this.#operand(b);
      this.#truth(condition).vector('bitselect');
    }
  }

  /** Pushes 2^n - 1 where x is negative, else 0. */
  #carry(n: number): void {
    this.#code.get(X).i32(31).vector('shrS');
    this.#code.i32(32 - n).vector('shrU');
  }

  /** (x + (2^n - 1 where x is negative)) >> n, of what is on the stack. */
  #shiftTowardZero(n: number): void {
    if (n === 0) return;
    const code = this.#code.set(X).get(X);
    this.#carry(n);
    code.vector('add').i32(n).vector('shrS');
  }

  /** A product by the shortest way that holds it. */
  #multiply(op: Mnemonic, [a, b, c]: readonly Operand[], [x = WORD, y = WORD]: readonly Range[]): void {
    const code = this.#code;
    const n = this.#distance(c) & 63;
    const isFloored = op === 'mul';
    // With a negative b the magnitude is rounded up.
    const isPlain = op !== 'mulm' || y.low >= 0;
    const most = 2 ** n - 1;
    if (n === 0 || (n < 32 && isPlain && contains(WORD, productRange(x, y)))) {
      this.#operand(a);
      this.#operand(b).vector('mul');
      if (isFloored) code.i32(n).vector('shrS');
      else this.#shiftTowardZero(n);
    } else if (n < 32 && y.low >= 0 && most * y.high + most < 2 ** 32) {
      // a = 2^n high + low: high b + (low b >> n), where the second product and what rounds it fit 32 bits.
      this.#operand(a).set(X).get(X).i32(n).vector('shrS');
      this.#operand(b).vector('mul').get(X).words(most).vector('and');
      this.#operand(b).vector('mul');
      if (!isFloored) {
        this.#carry(n);
        code.vector('add');
      }
      code.i32(n).vector('shrU', 'add');
    } else if (op === 'mulm') this.#multiplyMagnitude(a, b, n);
    else this.#multiplyLong(op, a, b, n);
  }

  #multiplyLong(op: Mnemonic, a: Operand | undefined, b: Operand | undefined, n: number): void {
    const code = this.#code;
    this.#operand(a).set(X);
    this.#operand(b).set(Y);
    for (const half of ['productLow', 'productHigh'] as const) {
      code.get(X).get(Y).vector(half);
      if (op === 'mulz') {
        code.set(SIGN).get(SIGN).get(SIGN).i32(63).vector('shrS64');
        code.longs((1n << BigInt(n)) - 1n).vector('and', 'add64');
      }
      code.i32(n).vector('shrS64');
    }
    code.shuffle([0, 2, 4, 6]);
  }

  /** sgn(a) · floor(|a| · b / 2^n): |a| is unsigned, so where b is negative |a| · 2^32 is too much. */
  #multiplyMagnitude(a: Operand | undefined, b: Operand | undefined, n: number): void {
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
      code.i32(n).vector('shrS64');
    }
    code.shuffle([0, 2, 4, 6]).get(SIGN).vector('xor').get(SIGN).vector('sub');
  }
}

/** @param scratch first row of the interpreter's working memory, where masks come from and spikes go */
export function compileProgram(
  group: CompiledGroup,
  core: CoreMap,
  place: GroupMap,
  map: ProgramMap,
  layout: Layout,
  scratch: number,
): WasmFunction {
  return new ProgramCompiler(group, core, place, map, layout, scratch).compile();
}
