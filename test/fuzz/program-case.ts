// A random neuron program as plain data, and the text that it stands for. Operands name what there is modulo how much
// there is; a temporary that may hold nothing yet is read as its number instead, so that every case assembles.

import { type InstructionSpec, type Mnemonic, specOf } from '../../host/program/instructions.ts';

export interface OperandCase {
  readonly kind: 'state' | 'temporary' | 'port' | 'parameter' | 'constant' | 'time' | 'index';
  readonly value: number;
}

/** All but those that open and close conditions. */
export type PlainMnemonic = Exclude<Mnemonic, 'if' | 'else' | 'end'>;

export interface InstructionCase {
  readonly op: PlainMnemonic;
  /** A temporary if odd, else a state word. */
  readonly destination: number;
  readonly operands: readonly [OperandCase, OperandCase, OperandCase];
  /** Bits of `wrap` and `rand`, and shift distances. */
  readonly bits: number;
}

export interface ConditionCase {
  readonly op: 'if';
  readonly condition: OperandCase;
  readonly first: readonly StatementCase[];
  /** null: no `else`. */
  readonly second: readonly StatementCase[] | null;
}

export type StatementCase = InstructionCase | ConditionCase;

export interface ParameterCase {
  readonly seed: number;
  /** Bits; unsigned ones have a u. */
  readonly width: number;
  readonly signed: boolean;
  /** A value for every compartment. */
  readonly each: boolean;
}

export interface ProgramCase {
  readonly ports: number;
  /** Widths of the state words. */
  readonly state: readonly number[];
  /** Start values: of the program, one for each compartment, or those of a parameter. */
  readonly initial: 'none' | 'each' | 'parameter';
  readonly parameters: readonly ParameterCase[];
  readonly temporaries: number;
  readonly tables: readonly (readonly number[])[];
  /** Only what can be compiled. */
  readonly plain: boolean;
  readonly statements: readonly StatementCase[];
}

/** Instructions that keep a program from being compiled. */
const INTERPRETED: readonly PlainMnemonic[] = ['clz', 'look'];
const DEPTH_MAX = 6;

/** Highest distance of a shift, or undefined if the instruction is none. */
function distanceOf(op: PlainMnemonic): number | undefined {
  if (op === 'mul' || op === 'mulz' || op === 'mulm') return 63;
  return op === 'shl' || op === 'shr' || op === 'shz' ? 31 : undefined;
}

class TextBuilder {
  readonly #program: ProgramCase;
  readonly #lines: string[] = [];
  #written = new Set<number>();

  constructor(program: ProgramCase) {
    this.#program = program;
  }

  text(): string {
    const { ports, state, parameters, temporaries, tables, initial, statements } = this.#program;
    const names = (letter: string, count: number): string[] =>
      Array.from({ length: count }, (_, i) => `${letter}${i}`);
    this.#lines.push(`port ${names('in', ports).join(', ')}`);
    parameters.forEach(({ width, signed }, i) => {
      this.#lines.push(`param p${i}:${signed ? '' : 'u'}${width}`);
    });
    state.forEach((width, i) => {
      const start =
        initial === 'parameter' && parameters.length > 0
          ? ` = p${i % parameters.length}`
          : i > 0
            ? ` = -${i % 2}`
            : '';
      this.#lines.push(`state s${i}:${width}${start}`);
    });
    if (temporaries > 0) this.#lines.push(`temp ${names('t', temporaries).join(', ')}`);
    tables.forEach((table, i) => {
      this.#lines.push(`table T${i} = ${table.join(', ')}`);
    });
    this.#statements(statements, 0);
    return `${this.#lines.join('\n')}\n`;
  }

  #statements(statements: readonly StatementCase[], depth: number): void {
    for (const statement of statements) {
      if (statement.op === 'if') {
        if (depth < DEPTH_MAX) this.#condition(statement, depth);
      } else this.#instruction(statement);
    }
  }

  #condition(statement: ConditionCase, depth: number): void {
    const before = new Set(this.#written);
    this.#lines.push(`if ${this.#source(statement.condition)}`);
    this.#statements(statement.first, depth + 1);
    const afterFirst = this.#written;
    this.#written = new Set(before);
    if (statement.second !== null) {
      this.#lines.push('else');
      this.#statements(statement.second, depth + 1);
    }
    this.#written = new Set([...this.#written].filter((i) => afterFirst.has(i)));
    this.#lines.push('end');
  }

  #instruction(statement: InstructionCase): void {
    const { plain, tables } = this.#program;
    let { op } = statement;
    if (plain && INTERPRETED.includes(op)) op = 'mov';
    if (op === 'look' && tables.length === 0) op = 'mov';
    const { places, optional }: InstructionSpec = specOf(op);
    const parts: string[] = [];
    let next = 0;
    const source = (): string => this.#source(statement.operands[next++ % 3]!);
    const written: number[] = [];
    for (const place of places) {
      if (place === 'destination') parts.push(this.#destination(statement.destination, written));
      else if (place === 'table') parts.push(`T${statement.destination % tables.length}`);
      else if (place === 'number') parts.push(String(1 + (statement.bits % 31)));
      else parts.push(source());
    }
    const distance = distanceOf(op);
    if (distance !== undefined) {
      if (optional === undefined) parts.pop();
      parts.push(this.#distance(statement, distance));
    } else if (optional !== undefined && statement.bits % 4 > 0) parts.push(source());
    this.#lines.push(`${op} ${parts.join(', ')}`.trim());
    for (const temporary of written) this.#written.add(temporary);
  }

  /** A number, or any operand: a distance that can differ by compartment leaves the program to the interpreter. */
  #distance({ bits, operands }: InstructionCase, most: number): string {
    const operand = this.#source(operands[2]);
    const isNumber = /^-?\d/.test(operand);
    return this.#program.plain || isNumber || bits % 4 > 0 ? String(bits % (most + 1)) : operand;
  }

  #destination(number: number, written: number[]): string {
    const { state, temporaries } = this.#program;
    if ((number % 2 === 1 || state.length === 0) && temporaries > 0) {
      const temporary = (number >> 1) % temporaries;
      written.push(temporary);
      return `t${temporary}`;
    }
    return `s${(number >> 1) % state.length}`;
  }

  #source({ kind, value }: OperandCase): string {
    const { state, ports, parameters, temporaries } = this.#program;
    if (kind === 'time' || kind === 'index') return kind;
    if (kind === 'state' && state.length > 0) return `s${Math.abs(value) % state.length}`;
    if (kind === 'port') return `in${Math.abs(value) % ports}`;
    if (kind === 'parameter' && parameters.length > 0) return `p${Math.abs(value) % parameters.length}`;
    if (kind === 'temporary' && temporaries > 0) {
      const temporary = Math.abs(value) % temporaries;
      if (this.#written.has(temporary)) return `t${temporary}`;
    }
    return String(value);
  }
}

export function programText(program: ProgramCase): string {
  return new TextBuilder(program).text();
}

/** Values of a parameter, one or `count`; `random`: uint32 number i of a seed. */
export function parameterValues(
  { seed, width, signed, each }: ParameterCase,
  count: number,
  random: (seed: number, i: number) => number,
): number | number[] {
  const value = (i: number): number => {
    const bits = random(seed, i);
    // A third at the ends of the range.
    const end = random(seed + 1, i) % 6;
    const unsigned = end === 0 ? 0 : end === 1 ? 2 ** width - 1 : bits % 2 ** width;
    return signed ? unsigned - 2 ** (width - 1) : unsigned;
  };
  return each ? Array.from({ length: count }, (_, i) => value(i)) : value(0);
}
