// A neuron program as a WebAssembly function over one strip of compartments: the same bits as the interpreter of
// assembly/program.ts, four compartments at a time with their state words and temporaries in locals. Shared parameters
// are constants of the code. From the ranges of all values it follows where nothing is lost by the width of a state word
// and where a product fits 32 bits; a comparison stays a mask for those that ask it; short conditions are not branches.
//
//   (first, bytes, slot, time) → instructions executed behind the first branch
//   first: byte offset of the strip in the group's columns; bytes: 4 per compartment, whole lanes; slot: byte
//   offset of this step's accumulators

import type { NeuronProgramImage } from '../../image/image.ts';
import type { Mnemonic } from '../../program/instructions.ts';
import type { Operand } from '../../program/program.ts';
import type { Layout } from '../core-module.ts';
import { runFrom } from '../load-program.ts';
import type { CoreMap, GroupMap, ProgramMap } from '../memory-map.ts';
import { isComparison, isShift, ProgramArithmetic } from './program-arithmetic.ts';
import { ProgramDraws } from './program-draws.ts';
import {
  AT,
  BYTES,
  COLUMN,
  type CompiledGroup,
  FIRED,
  FIRST,
  LOST,
  MASKS,
  PAYLOAD,
  PLACE,
  PORT,
  POSTED,
  ProgramFrame,
  SLOT,
  TIME,
  TIMES,
  TRACED,
  X,
  Y,
} from './program-frame.ts';
import { contains, type Range, rangeOfBits, resultRange, union, WORD } from './program-range.ts';
import type { Code, WasmFunction } from './wasm-code.ts';

/** Instructions that have no vector form, and so leave their program to the interpreter. */
const INTERPRETED: readonly Mnemonic[] = ['clz', 'look'];

/** True if every instruction has a vector form; shifts have one if their distance is one for all. */
export function isCompilable(program: NeuronProgramImage): boolean {
  const isShared = (operand: Operand | undefined): boolean =>
    operand?.kind === 'constant' ||
    (operand?.kind === 'parameter' && program.parameters[operand.index]!.values.length === 1);
  return program.instructions.every(
    ({ op, sources }) => !INTERPRETED.includes(op) && (!isShift(op) || isShared(sources.at(-1))),
  );
}

/** Instructions up to which the part of a condition is executed by all, as no branch can be predicted. */
const SHORT_PART = 8;

const TRACE_MAX = 127;

class ProgramCompiler {
  readonly #frame: ProgramFrame;
  readonly #arithmetic: ProgramArithmetic;
  readonly #draws: ProgramDraws;
  /** Locals that count executing compartments by how many instructions they execute. */
  readonly #runs = new Map<number, number>();
  /** Instructions that all compartments execute behind a condition. */
  #common = 0;
  /** Some instruction before this one sends. */
  #sends = false;
  /** Open conditions: whether each is a branch. */
  readonly #branches: boolean[] = [];

  constructor(frame: ProgramFrame) {
    this.#frame = frame;
    this.#arithmetic = new ProgramArithmetic(frame);
    this.#draws = new ProgramDraws(frame);
  }

  get #code(): Code {
    return this.#frame.code;
  }

  compile(): WasmFunction {
    const { code, core, group, map, layout, program, whole } = this.#frame;
    const { state, instructions } = program;
    const { STRIP_MASKS, STRIP_FIRED, STRIP_POSTED, NEURON_OVERFLOWED, CORE_POST_LIVE } = layout;
    const { payloads } = core;
    this.#draws.deriveKeys();
    code.get(TIME).vector('splat').set(TIMES).plain('loop');
    code.get(AT).get(FIRST).plain('i32Add').set(COLUMN);
    code.get(COLUMN).get(SLOT).plain('i32Add').set(PORT);
    if (!whole) code.get(AT).load(this.#frame.row(STRIP_MASKS)).set(MASKS);
    for (const local of [FIRED, POSTED, PAYLOAD]) code.words(0).set(local);
    state.forEach((_, i) => {
      code
        .get(COLUMN)
        .load(map.state + i * map.columnBytes)
        .set(this.#frame.state(i));
    });
    instructions.forEach((_, i) => {
      this.#instruction(i);
    });
    state.forEach((_, i) => {
      code
        .get(COLUMN)
        .get(this.#frame.state(i))
        .store(map.state + i * map.columnBytes);
    });
    if (this.#frame.has('send')) code.get(AT).get(FIRED).store(this.#frame.row(STRIP_FIRED));
    if (this.#frame.has('send') && payloads !== 0)
      code
        .get(COLUMN)
        .get(PAYLOAD)
        .store(payloads + group.first * 4);
    if (this.#frame.has('post')) code.get(AT).get(POSTED).store(this.#frame.row(STRIP_POSTED));
    code.get(AT).i32(16).plain('i32Add').set(AT);
    code.get(AT).get(BYTES).plain('i32LtU').again().plain('end');
    this.#noteAny(LOST, map.record + NEURON_OVERFLOWED);
    // So that the epoch looks at the traces.
    if (this.#frame.has('y1', 'y2', 'y3')) this.#noteAny(TRACED, core.record + CORE_POST_LIVE);
    this.#draws.count();
    this.#countAll();
    return this.#frame.function();
  }

  /** Sets a word of the memory to 1 if a local is not 0. */
  #noteAny(local: number, address: number): void {
    this.#code.get(local).vector('anyTrue').plain('if').i32(0).i32(1).storeWord(address).plain('end');
  }

  /** Counts that the compartments of the present mask execute the instructions of a run. */
  #count(run: number): void {
    if (run === 0) return;
    if (this.#frame.unmasked) {
      this.#common += run;
      return;
    }
    let local = this.#runs.get(run);
    if (local === undefined) {
      local = this.#frame.newLocal();
      this.#runs.set(run, local);
    }
    this.#code.get(local).get(this.#frame.mask()).vector('sub').set(local);
  }

  /** Pushes the instructions that were counted. */
  #countAll(): void {
    this.#code.get(BYTES).i32(2).plain('i32ShrU').i32(this.#common).plain('i32Mul');
    for (const [run, local] of this.#runs) {
      this.#frame.pushCount(local).i32(run).plain('i32Mul', 'i32Add');
    }
  }

  /** True if the part of a condition that begins at `from` is short and has no conditions of its own. */
  #isShort(from: number): boolean {
    const { instructions } = this.#frame.program;
    for (let at = from; at < from + SHORT_PART; at++) {
      const { op } = instructions[at]!;
      if (op === 'end' || op === 'else') return true;
      if (op === 'if' || op === 'mul' || op === 'mulz' || op === 'mulm') return false;
    }
    return false;
  }

  #instruction(at: number): void {
    const { op, destination, sources } = this.#frame.program.instructions[at]!;
    const code = this.#code;
    const run = runFrom(this.#frame.program.instructions, at + 1);
    if (op === 'if') {
      this.#frame.truth(sources[0]);
      if (!this.#frame.unmasked) code.get(this.#frame.mask()).vector('and');
      this.#open(at, run);
    } else if (op === 'else') {
      this.#close();
      if (this.#frame.unmasked) code.get(this.#frame.mask() + 1).vector('not');
      else
        code
          .get(this.#frame.mask())
          .get(this.#frame.mask() + 1)
          .vector('andnot');
      this.#open(at, run);
    } else if (op === 'end') {
      this.#close();
      this.#count(run);
    } else if (op === 'send') this.#send(sources[0]);
    else if (op === 'post') {
      code.get(POSTED);
      this.#frame.present().vector('or').set(POSTED);
    } else if (op === 'y1' || op === 'y2' || op === 'y3') this.#writeTrace(Number(op[1]) - 1, sources[0]);
    else {
      const ranges = sources.map((source) => this.#frame.range(source));
      if (op === 'rand') this.#draws.push(at, this.#bits(op, sources));
      else this.#arithmetic.push(op, sources, ranges);
      this.#assign(op, destination, sources, ranges);
    }
  }

  /** Begins a part of a condition whose mask is on the stack. */
  #open(at: number, run: number): void {
    const branches = !this.#isShort(at + 1);
    this.#branches.push(branches);
    this.#frame.enter();
    const code = this.#code.set(this.#frame.mask());
    if (branches) code.get(this.#frame.mask()).vector('anyTrue').plain('if');
    this.#count(run);
  }

  #close(): void {
    this.#frame.leave();
    if (this.#branches.pop()) this.#code.plain('end');
  }

  #send(payload: Operand | undefined): void {
    const isFirst = !this.#sends;
    this.#sends = true;
    this.#frame.present();
    if (!isFirst) this.#code.get(FIRED).vector('or');
    this.#code.set(FIRED);
    if (this.#frame.core.payloads === 0) return;
    this.#frame.operand(payload);
    if (isFirst) this.#frame.present().vector('and').set(PAYLOAD);
    else {
      this.#code.get(PAYLOAD);
      this.#frame.present().vector('bitselect').set(PAYLOAD);
    }
  }

  /** A byte for each compartment, 0..127; the others keep theirs. */
  #writeTrace(trace: number, source: Operand | undefined): void {
    const code = this.#code;
    const { postTrace, postStride } = this.#frame.core;
    const traces = postTrace + trace * postStride + this.#frame.group.first;
    const { low, high } = this.#frame.range(source);
    this.#frame.operand(source);
    if (low < 0) code.words(0).vector('max');
    if (high > TRACE_MAX) code.words(TRACE_MAX).vector('min');
    code.set(X).get(COLUMN).i32(2).plain('i32ShrU').set(PLACE).get(PLACE);
    if (this.#frame.unmasked) this.#bytes(X);
    else {
      code.get(PLACE).word(traces);
      this.#bytes(X).get(PLACE).word(traces).plain('i32Xor');
      this.#bytes(this.#frame.mask()).plain('i32And', 'i32Xor');
    }
    code.storeWord(traces).get(TRACED);
    this.#frame.present().vector('or').set(TRACED);
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
    const local = isState ? this.#frame.state(destination.index) : this.#frame.temporary(destination.index);
    const own = isState ? this.#frame.program.state[destination.index]!.width : 32;
    const width = op === 'wrap' ? Math.min(own, this.#frame.distance(sources.at(-1))) : own;
    const range = resultRange(op, ranges, this.#bits(op, sources));
    const kept = rangeOfBits(width);
    const fits = contains(kept, range);
    // The interpreter, too, leaves the places behind the last compartment to themselves only in narrower words.
    const everywhere = this.#frame.unmasked || (this.#frame.unconditional && width === 32);
    const isMask = isComparison(op);
    this.#frame.comparisons.delete(local);
    if (isMask) {
      if (everywhere && !isState) {
        const mask = this.#frame.newLocal();
        this.#frame.comparisons.set(local, mask);
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
        if (!this.#frame.unmasked) code.get(this.#frame.mask()).vector('and');
        code.get(LOST).vector('or').set(LOST);
      }
      code.get(Y);
    }
    const result = fits ? range : kept;
    const before = this.#frame.ranges.get(local) ?? WORD;
    if (everywhere) code.set(local);
    else code.get(local).get(this.#frame.mask()).vector('bitselect').set(local);
    this.#frame.ranges.set(local, everywhere ? result : union(before, result));
  }

  /** The distance of a shift, as the instruction takes it, or how many bits are drawn. */
  #bits(op: Mnemonic, sources: readonly Operand[]): number {
    if (op === 'rand') return this.#frame.distance(sources[0]);
    if (!isShift(op)) return 0;
    return this.#frame.distance(sources.at(-1)) & (op.startsWith('mul') ? 63 : 31);
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
  return new ProgramCompiler(new ProgramFrame(group, core, place, map, layout, scratch)).compile();
}
