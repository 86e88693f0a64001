// What a neuron program's function has in its locals: state words, temporaries, the masks of open conditions, and the
// ranges of values. Operands are pushed from here.

import type { GroupImage, NeuronProgramImage } from '../../image/image.ts';
import type { Mnemonic } from '../../program/instructions.ts';
import type { Operand } from '../../program/program.ts';
import type { Layout } from '../core-module.ts';
import type { CoreMap, GroupMap, ProgramMap } from '../memory-map.ts';
import { type Range, rangeOf, rangeOfBits, union, WORD } from './program-range.ts';
import { Code, type LocalType, type WasmFunction } from './wasm-code.ts';

/** A group that runs a program. */
export type CompiledGroup = Pick<GroupImage, 'count'> & { readonly program: NeuronProgramImage };

export const FIRST = 0;
export const BYTES = 1;
export const SLOT = 2;
export const TIME = 3;
const PARAMETERS = 4;
export const AT = 4; // offset in the strip
export const COLUMN = 5; // offset in the group's columns
export const PORT = 6; // offset in the accumulators
export const PLACE = 7; // of traces
export const KEY = 8; // of the random numbers of this step
export const MIXED = 9;
const WORDS = 6;
export const LOST = PARAMETERS + WORDS;
export const FIRED = LOST + 1;
export const POSTED = LOST + 2;
export const TIMES = LOST + 3;
export const PAYLOAD = LOST + 4;
export const X = LOST + 5;
export const Y = LOST + 6;
export const SIGN = LOST + 7;
export const TRACED = LOST + 8; // who has written traces
export const DRAWN = LOST + 9; // random numbers, counted down
export const MASKS = LOST + 10;

export class ProgramFrame {
  readonly code = new Code();
  readonly program: NeuronProgramImage;
  readonly core: CoreMap;
  readonly group: GroupMap;
  readonly map: ProgramMap;
  readonly layout: Layout;
  /** All four compartments of every vector exist: outside of conditions there is no mask. */
  readonly whole: boolean;
  /** By local; a temporary that is not here may hold anything. */
  readonly ranges = new Map<number, Range>();
  /** Temporaries that hold a comparison, and the local that has it as a mask. */
  readonly comparisons = new Map<number, number>();
  readonly #scratch: number;
  #locals: number;
  #depth = 0;

  /** @param scratch first row of the interpreter's working memory, where masks come from and spikes go */
  constructor(
    { program, count }: CompiledGroup,
    core: CoreMap,
    group: GroupMap,
    map: ProgramMap,
    layout: Layout,
    scratch: number,
  ) {
    this.program = program;
    this.core = core;
    this.group = group;
    this.map = map;
    this.layout = layout;
    this.#scratch = scratch;
    this.whole = count % 4 === 0;
    this.#locals = this.temporary(program.temporaries);
    program.state.forEach(({ width, initial }, i) => {
      this.ranges.set(this.state(i), union(rangeOfBits(width), rangeOf(initial)));
    });
  }

  has(...ops: readonly Mnemonic[]): boolean {
    return this.program.instructions.some(({ op }) => ops.includes(op));
  }

  /** A vector of its own. */
  newLocal(): number {
    return this.#locals++;
  }

  /** The function whose body is the code so far. */
  function(): WasmFunction {
    const locals = [
      ...new Array<LocalType>(WORDS).fill('word'),
      ...new Array<LocalType>(this.#locals - LOST).fill('vector'),
    ];
    return { parameters: PARAMETERS, locals, code: this.code };
  }

  /** Address of a row of the interpreter's working memory. */
  row(index: number): number {
    return this.#scratch + index * this.layout.STRIP * 4;
  }

  /** True outside of conditions. */
  get unconditional(): boolean {
    return this.#depth === 0;
  }

  /** True where every compartment executes. */
  get unmasked(): boolean {
    return this.whole && this.unconditional;
  }

  /** The local with the mask of the innermost open condition. */
  mask(): number {
    return MASKS + this.#depth;
  }

  /** A condition opens: its mask is the local `mask()` from now on. */
  enter(): void {
    this.#depth++;
  }

  leave(): void {
    this.#depth--;
  }

  state(index: number): number {
    return MASKS + this.layout.STRIP_DEPTH_MAX + 1 + index;
  }

  temporary(index: number): number {
    return this.state(this.program.state.length) + index;
  }

  /** The values of a parameter that all compartments share. */
  shared(operand: Operand | undefined): number | undefined {
    if (operand?.kind === 'constant') return operand.value;
    if (operand?.kind !== 'parameter') return undefined;
    const { values } = this.program.parameters[operand.index]!;
    return values.length === 1 ? values[0]! : undefined;
  }

  range(operand: Operand | undefined): Range {
    switch (operand?.kind) {
      case 'state':
        return this.ranges.get(this.state(operand.index)) ?? WORD;
      case 'temporary':
        return this.ranges.get(this.temporary(operand.index)) ?? WORD;
      case 'parameter': {
        const { values } = this.program.parameters[operand.index]!;
        const range = rangeOf(values);
        // The column goes on with 0 to a whole vector.
        return this.whole || values.length === 1 ? range : union(range, rangeOf([0]));
      }
      case 'constant':
        return rangeOf([operand.value]);
      default:
        return WORD;
    }
  }

  /** Pushes the four words of an operand. */
  operand(operand: Operand | undefined): Code {
    const code = this.code;
    const map = this.map;
    const shared = this.shared(operand);
    if (shared !== undefined) return code.words(shared);
    switch (operand?.kind) {
      case 'state':
        return code.get(this.state(operand.index));
      case 'temporary':
        return code.get(this.temporary(operand.index));
      case 'parameter':
        return code.get(COLUMN).load(map.parameters[operand.index]!);
      case 'port': {
        const further = map.furtherPorts + (operand.index - 1) * map.columnBytes;
        const offset = operand.index === 0 ? this.group.first * 4 : further;
        return code.get(PORT).load(this.core.accumulators + offset);
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
  truth(operand: Operand | undefined): Code {
    const comparison =
      operand?.kind === 'temporary' ? this.comparisons.get(this.temporary(operand.index)) : undefined;
    if (comparison !== undefined) return this.code.get(comparison);
    return this.operand(operand).words(0).vector('ne');
  }

  /** A shift distance; vector shifts take it modulo the width of a word by themselves. */
  distance(operand: Operand | undefined): number {
    const distance = this.shared(operand);
    if (distance === undefined) throw new Error('a shift distance that is not shared');
    return distance;
  }

  /** Pushes the mask of those that execute. */
  present(): Code {
    return this.unmasked ? this.code.words(-1) : this.code.get(this.mask());
  }

  /** Pushes how many compartments a local has counted down. */
  pushCount(local: number): Code {
    for (const lane of [0, 1, 2, 3]) {
      this.code.get(local).wordOf(lane);
      if (lane > 0) this.code.plain('i32Add');
    }
    return this.code;
  }
}
