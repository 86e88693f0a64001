// A neuron program as data: what the assembler makes of its text, in the terms of the instruction set.

import type { Mnemonic } from './instructions.ts';

/** What an instruction reads or writes; numbers are places in the program's lists. */
export type Operand =
  | {
      readonly kind: 'state' | 'parameter' | 'port' | 'temporary' | 'table';
      readonly index: number;
    }
  | { readonly kind: 'constant'; readonly value: number }
  /** The number of the time step, from 1. */
  | { readonly kind: 'time' }
  /** The compartment's place in its population, from 0. */
  | { readonly kind: 'index' };

export interface Instruction {
  readonly op: Mnemonic;
  readonly destination: Operand | null;
  readonly sources: readonly Operand[];
  /** Line of the text, from 1. */
  readonly line: number;
}

/** A state word: signed, `width` bits with the sign; what is written to it wraps. */
export interface StateWord {
  readonly name: string;
  readonly width: number;
  /** Value before the first step: a constant or a parameter. */
  readonly initial: Operand;
}

/** A value that the network gives, one for all compartments or one for each. */
export interface Parameter {
  readonly name: string;
  /** With the sign, if it has one. */
  readonly width: number;
  readonly signed: boolean;
}

export interface Table {
  readonly name: string;
  readonly values: readonly number[];
}

export interface NeuronProgram {
  readonly name: string;
  /** Input ports: dendritic accumulators of one compartment. */
  readonly ports: readonly string[];
  readonly state: readonly StateWord[];
  readonly parameters: readonly Parameter[];
  readonly temporaries: readonly string[];
  readonly tables: readonly Table[];
  /** `if`, `else` and `end` are balanced; `end` closes the nearest open `if`. */
  readonly instructions: readonly Instruction[];
}

/** Instructions that take room in a core: all but the closing `end`. */
export function lengthOf(program: NeuronProgram): number {
  return program.instructions.filter(({ op }) => op !== 'end').length;
}

/** Bytes of neuron memory that a compartment takes: its state words, and parameters that it has for itself. */
export function bytesPerCompartment(program: NeuronProgram, ownParameters: ReadonlySet<string>): number {
  const bits = [...program.state, ...program.parameters.filter(({ name }) => ownParameters.has(name))];
  return bits.reduce((sum, { width }) => sum + Math.ceil(width / 8), 0);
}

/** Values that a parameter can hold. */
export function rangeOf({ width, signed }: Parameter): { readonly min: number; readonly max: number } {
  return signed ? { min: -(2 ** (width - 1)), max: 2 ** (width - 1) - 1 } : { min: 0, max: 2 ** width - 1 };
}

/** Post traces that a program writes: 1 to 3. */
export function writtenTraces(program: NeuronProgram): ReadonlySet<number> {
  return new Set(
    program.instructions.flatMap(({ op }) =>
      op === 'y1' || op === 'y2' || op === 'y3' ? [Number(op[1])] : [],
    ),
  );
}

/** True if some spike carries something else than 1. */
export function sendsPayload(instructions: readonly Pick<Instruction, 'op' | 'sources'>[]): boolean {
  return instructions.some(
    ({ op, sources }) => op === 'send' && !(sources[0]?.kind === 'constant' && sources[0].value === 1),
  );
}
