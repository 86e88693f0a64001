// Writes the neuron program of a group into linear memory: operands become addresses, conditions the numbers of
// the instructions they jump to.

import type { GroupImage, NeuronProgramImage } from '../image/image.ts';
import type { Mnemonic } from '../program/instructions.ts';
import type { Operand } from '../program/program.ts';
import type { LayoutName } from './core-module.ts';
import type { CoreMap, GroupMap, ProgramMap } from './memory-map.ts';
import type { RecordWriter } from './record-writer.ts';

/** y1, y2 and y3 are one instruction with a number. */
function opcodeName(op: Mnemonic): LayoutName {
  if (op === 'y1' || op === 'y2' || op === 'y3') return 'OPCODE_TRACE';
  return `OPCODE_${op.toUpperCase()}` as LayoutName;
}

/** For every if, else and end: where the next else or end of its condition is. */
function matches(instructions: readonly { readonly op: Mnemonic }[]): Int32Array {
  const jumps = new Int32Array(instructions.length).fill(-1);
  const open: number[] = [];
  instructions.forEach(({ op }, i) => {
    if (op === 'else' || op === 'end') jumps[open.pop()!] = i;
    if (op === 'if' || op === 'else') open.push(i);
  });
  return jumps;
}

/**
 * Instructions executed in one go from `from` on: up to the next condition, it included, as is the jump over
 * the second part that ends a first one.
 */
export function runFrom(instructions: readonly { readonly op: Mnemonic }[], from: number): number {
  let run = 0;
  for (let i = from; i < instructions.length; i++) {
    const { op } = instructions[i]!;
    if (op === 'end') break;
    run++;
    if (op === 'if' || op === 'else') break;
  }
  return run;
}

/** Loads one group's program; addresses come from the map, field offsets from the layout. */
export class ProgramLoader {
  readonly #group: GroupImage;
  readonly #program: NeuronProgramImage;
  readonly #core: CoreMap;
  readonly #place: GroupMap;
  readonly #map: ProgramMap;
  readonly #writer: RecordWriter;
  readonly #scratch: number;
  readonly #words: Int32Array;

  constructor(
    group: GroupImage,
    program: NeuronProgramImage,
    core: CoreMap,
    place: GroupMap,
    map: ProgramMap,
    writer: RecordWriter,
    scratch: number,
    words: Int32Array,
  ) {
    this.#group = group;
    this.#program = program;
    this.#core = core;
    this.#place = place;
    this.#map = map;
    this.#writer = writer;
    this.#scratch = scratch;
    this.#words = words;
  }

  /** @param key of its random numbers */
  load(key: number): void {
    const map = this.#map;
    const { state, parameters, tables, instructions, ports } = this.#program;
    this.#writer.record(map.record, {
      NEURON_INSTRUCTIONS: map.instructions,
      NEURON_INSTRUCTION_COUNT: instructions.length,
      NEURON_LEADING: runFrom(instructions, 0),
      NEURON_SCRATCH: this.#scratch,
      NEURON_FUNCTION: map.function,
      NEURON_COLUMN_BYTES: map.columnBytes,
      NEURON_PORTS: ports,
      NEURON_FURTHER_PORTS: map.furtherPorts,
      NEURON_POST_BITS: map.postBits,
      NEURON_KEY: key,
      NEURON_STATE: map.state,
      NEURON_STATE_INITIAL: map.initial,
      NEURON_STATE_WORDS: state.length,
    });
    const { count, element } = this.#group;
    state.forEach(({ initial }, i) => {
      for (const column of [map.state, map.initial])
        this.#values(column + i * map.columnBytes, initial, count);
    });
    parameters.forEach(({ values }, i) => {
      this.#values(map.parameters[i]!, values, values.length === 1 ? 4 : count);
    });
    tables.forEach((table, i) => {
      this.#words.set(table, map.tables[i]! >> 2);
    });
    for (const [value, address] of map.constants) this.#values(address, Int32Array.of(value), 4);
    for (let i = 0; i < count; i++) this.#words[(map.index >> 2) + i] = element + i;
    this.#loadInstructions();
  }

  /** One value `count` times, or as many values. */
  #values(address: number, values: Int32Array, count: number): void {
    for (let i = 0; i < count; i++) this.#words[(address >> 2) + i] = values[values.length === 1 ? 0 : i]!;
  }

  #loadInstructions(): void {
    const { layout } = this.#writer;
    const { instructions, state } = this.#program;
    const jumps = matches(instructions);
    const widthShift = 8 * layout.INSTRUCTION_WIDTH;
    instructions.forEach(({ op, destination, sources }, i) => {
      const width = destination?.kind === 'state' ? state[destination.index]!.width : 32;
      const first = sources[0];
      const fields = {
        INSTRUCTION_OPCODE: layout[opcodeName(op)] | (width << widthShift),
        INSTRUCTION_DESTINATION: destination === null ? 0 : this.#operand(destination),
        INSTRUCTION_A: first === undefined ? 0 : this.#operand(first),
        INSTRUCTION_B: sources[1] === undefined ? 0 : this.#operand(sources[1]),
        INSTRUCTION_C: sources[2] === undefined ? 0 : this.#operand(sources[2]),
        INSTRUCTION_JUMP: jumps[i]!,
        INSTRUCTION_RUN: op === 'if' || op === 'else' || op === 'end' ? runFrom(instructions, i + 1) : 0,
      };
      if (op === 'y1' || op === 'y2' || op === 'y3') fields.INSTRUCTION_DESTINATION = Number(op[1]) - 1;
      if (op === 'wrap' || op === 'rand') {
        const bits = sources.at(-1)!;
        if (bits.kind !== 'constant') throw new Error(`"${op}" has no number of bits`);
        fields.INSTRUCTION_JUMP = op === 'rand' ? i : bits.value;
        if (op === 'rand') fields.INSTRUCTION_A = bits.value;
        else fields.INSTRUCTION_OPCODE = layout.OPCODE_WRAP | (Math.min(width, bits.value) << widthShift);
      }
      if (op === 'look') {
        // The core's order is index, table.
        fields.INSTRUCTION_A = this.#operand(sources[1]!);
        fields.INSTRUCTION_B = this.#operand(first!);
        fields.INSTRUCTION_JUMP = first!.kind === 'table' ? this.#program.tables[first!.index]!.length : 0;
      }
      this.#writer.record(this.#map.instructions + i * layout.INSTRUCTION_STRIDE, fields);
    });
  }

  /** The address of an operand, and how it moves. */
  #operand(operand: Operand): number {
    const map = this.#map;
    const { OPERAND_COLUMN, OPERAND_STRIPS, OPERAND_SLOTS, STRIP, STRIP_TEMPORARIES, NEURON_TIME } =
      this.#writer.layout;
    switch (operand.kind) {
      case 'state':
        return (map.state + operand.index * map.columnBytes) | OPERAND_COLUMN | OPERAND_STRIPS;
      case 'parameter': {
        const own = this.#program.parameters[operand.index]!.values.length > 1;
        return map.parameters[operand.index]! | (own ? OPERAND_COLUMN | OPERAND_STRIPS : 0);
      }
      case 'port': {
        const offset =
          operand.index === 0
            ? this.#place.first * 4
            : map.furtherPorts + (operand.index - 1) * map.columnBytes;
        return (this.#core.accumulators + offset) | OPERAND_COLUMN | OPERAND_STRIPS | OPERAND_SLOTS;
      }
      case 'temporary':
        return (this.#scratch + (STRIP_TEMPORARIES + operand.index) * STRIP * 4) | OPERAND_COLUMN;
      case 'table':
        return map.tables[operand.index]!;
      case 'constant':
        return map.constants.get(operand.value)!;
      case 'time':
        return map.record + NEURON_TIME;
      case 'index':
        return map.index | OPERAND_COLUMN | OPERAND_STRIPS;
    }
  }
}
