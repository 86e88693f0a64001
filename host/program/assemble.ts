// The assembler: from the text of a neuron program to its instructions. One statement per line: declarations
// (port, state, param, temp, const, table) before their use, then instructions; `repeat n … end` writes its
// lines n times.

import { didYouMean } from '../errors.ts';
import { Cursor } from './cursor.ts';
import { INSTRUCTIONS, isMnemonic, MNEMONICS, type Mnemonic, specOf } from './instructions.ts';
import { type Line, linesOf, programError, type Token } from './lexer.ts';
import type { Instruction, NeuronProgram, Operand, Parameter, StateWord, Table } from './program.ts';

const DECLARATIONS = ['port', 'state', 'param', 'temp', 'const', 'table'] as const;
type Declaration = (typeof DECLARATIONS)[number];

const WIDTH_MAX = 32;
const REPEATS_MAX = 64;
/** Open conditions at one place; a limit of the interpreter. */
const DEPTH_MAX = 8;
const BUILT_IN: Readonly<Record<string, Operand>> = { time: { kind: 'time' }, index: { kind: 'index' } };

function isDeclaration(name: string): name is Declaration {
  return (DECLARATIONS as readonly string[]).includes(name);
}

/** An `if` that is not closed yet. */
interface Condition {
  readonly line: Line;
  /** Temporaries that were written before it. */
  readonly before: ReadonlySet<number>;
  /** Temporaries that were written by the end of its first part; null before `else`. */
  first: ReadonlySet<number> | null;
}

class Assembler {
  readonly #name: string;
  readonly #lines: readonly Line[];
  readonly #names = new Map<string, Operand>(Object.entries(BUILT_IN));
  readonly #ports: string[] = [];
  readonly #state: StateWord[] = [];
  readonly #parameters: Parameter[] = [];
  readonly #temporaries: string[] = [];
  readonly #tables: Table[] = [];
  readonly #instructions: Instruction[] = [];
  readonly #conditions: Condition[] = [];
  /** Temporaries that hold something at the present line, whatever the conditions were. */
  #written: Set<number> = new Set();
  #next = 0;

  constructor(name: string, source: string) {
    this.#name = name;
    this.#lines = linesOf(name, source);
  }

  assemble(): NeuronProgram {
    while (this.#next < this.#lines.length)
      this.#statement(new Cursor(this.#name, this.#lines[this.#next++]!));
    const open = this.#conditions.at(-1);
    if (open !== undefined) {
      throw programError(this.#name, open.line, open.line.tokens[0]!.at, '"if" is not closed by "end"');
    }
    return {
      name: this.#name,
      ports: this.#ports,
      state: this.#state,
      parameters: this.#parameters,
      temporaries: this.#temporaries,
      tables: this.#tables,
      instructions: this.#instructions,
    };
  }

  #statement(cursor: Cursor): void {
    const word = cursor.name('a declaration or an instruction');
    if (isDeclaration(word.text)) {
      if (this.#instructions.length > 0) cursor.fail('declarations come before the first instruction', word);
      this.#declare(cursor, word.text);
    } else if (word.text === 'repeat') this.#repeat(cursor, word);
    else if (isMnemonic(word.text)) this.#instruction(cursor, word, word.text);
    else {
      const known = [...MNEMONICS, ...DECLARATIONS, 'repeat'];
      cursor.fail(`unknown instruction "${word.text}"${didYouMean(word.text, known)}`, word);
    }
  }

  /** A name that nothing has yet. */
  #fresh(cursor: Cursor): string {
    const token = cursor.name('a name');
    const { text } = token;
    if (this.#names.has(text)) cursor.fail(`"${text}" exists already`, token);
    if (isMnemonic(text) || isDeclaration(text) || text === 'repeat')
      cursor.fail(`"${text}" is a word of the language`, token);
    return text;
  }

  #define(cursor: Cursor, operand: Operand): string {
    const name = this.#fresh(cursor);
    this.#names.set(name, operand);
    return name;
  }

  #declare(cursor: Cursor, kind: Declaration): void {
    if (kind === 'const') {
      const name = this.#fresh(cursor);
      cursor.expect('=');
      this.#names.set(name, { kind: 'constant', value: this.#constant(cursor) });
      cursor.expectEnd();
    } else if (kind === 'table') {
      const name = this.#define(cursor, { kind: 'table', index: this.#tables.length });
      cursor.expect('=');
      this.#tables.push({ name, values: cursor.list(() => this.#constant(cursor)) });
    } else if (kind === 'port') {
      cursor.list(() => {
        this.#ports.push(this.#define(cursor, { kind, index: this.#ports.length }));
      });
    } else if (kind === 'temp') {
      cursor.list(() => {
        const operand = { kind: 'temporary', index: this.#temporaries.length } as const;
        this.#temporaries.push(this.#define(cursor, operand));
      });
    } else if (kind === 'param') {
      cursor.list(() => {
        const name = this.#define(cursor, { kind: 'parameter', index: this.#parameters.length });
        this.#parameters.push({ name, ...this.#width(cursor, true) });
      });
    } else {
      cursor.list(() => {
        const name = this.#define(cursor, { kind: 'state', index: this.#state.length });
        const { width } = this.#width(cursor, false);
        this.#state.push({ name, width, initial: this.#initial(cursor) });
      });
    }
  }

  /** `:24`, signed, or for a parameter `:u5`, unsigned. */
  #width(cursor: Cursor, unsignedAllowed: boolean): { width: number; signed: boolean } {
    cursor.expect(':');
    const { token } = cursor;
    const unsigned = /^u(\d+)$/.exec(token.text);
    if (token.kind !== 'name' || unsigned === null)
      return { width: cursor.whole('a width in bits', 1, WIDTH_MAX), signed: true };
    const width = Number(unsigned[1]);
    if (!unsignedAllowed) cursor.fail('a state word has a sign', token, `write ":${width + 1}"`);
    if (width < 1 || width >= WIDTH_MAX)
      cursor.fail(`an unsigned width is ${width}; possible is 1..${WIDTH_MAX - 1}`, token);
    cursor.take();
    return { width, signed: false };
  }

  #initial(cursor: Cursor): Operand {
    if (!cursor.accept('=')) return { kind: 'constant', value: 0 };
    const { token } = cursor;
    const named = token.kind === 'name' ? this.#names.get(token.text) : undefined;
    if (named?.kind === 'parameter') {
      cursor.take();
      return named;
    }
    return { kind: 'constant', value: this.#constant(cursor) };
  }

  #constant(cursor: Cursor): number {
    return cursor.constant((token) => {
      const operand = this.#lookUp(cursor, token, 'constant');
      return operand.kind === 'constant'
        ? operand.value
        : cursor.fail(`"${token.text}" is not a constant`, token);
    });
  }

  #lookUp(cursor: Cursor, token: Token, wanted: string): Operand {
    const operand = this.#names.get(token.text);
    if (operand !== undefined) return operand;
    return cursor.fail(
      `no ${wanted} is named "${token.text}"${didYouMean(token.text, [...this.#names.keys()])}`,
      token,
    );
  }

  /** Copies the lines up to the matching `end` by reading them several times. */
  #repeat(cursor: Cursor, word: Token): void {
    const times = cursor.whole('the number of repetitions', 1, REPEATS_MAX);
    cursor.expectEnd();
    const start = this.#next;
    const depth = this.#conditions.length;
    for (let i = 0; i < times; i++) {
      this.#next = start;
      for (;;) {
        const line = this.#lines[this.#next];
        if (line === undefined) cursor.fail('"repeat" is not closed by "end"', word);
        this.#next++;
        if (line.tokens[0]!.text === 'end' && this.#conditions.length === depth) break;
        this.#statement(new Cursor(this.#name, line));
      }
    }
  }

  #instruction(cursor: Cursor, word: Token, op: Mnemonic): void {
    const { places, form } = specOf(op);
    let destination: Operand | null = null;
    const sources: Operand[] = [];
    const wrongCount = (): never => cursor.fail(`"${op}" is written "${form}", found ${cursor.found()}`);
    places.forEach((place, i) => {
      if (i > 0 && !cursor.accept(',')) wrongCount();
      if (cursor.atEnd) wrongCount();
      if (place === 'destination') destination = this.#destination(cursor);
      else if (place === 'table') sources.push(this.#table(cursor));
      else if (place === 'number')
        sources.push({ kind: 'constant', value: cursor.whole('the number of bits', 1, WIDTH_MAX - 1) });
      else sources.push(this.#source(cursor));
    });
    const { optional } = specOf(op);
    if (optional !== undefined) {
      const given = places.length === 0 ? !cursor.atEnd : cursor.accept(',');
      sources.push(given ? this.#source(cursor) : { kind: 'constant', value: optional });
    }
    if (!cursor.atEnd) wrongCount();
    this.#checkShift(cursor, op, sources);
    this.#instructions.push({ op, destination, sources, line: cursor.line.number });
    this.#follow(cursor, word, op, destination);
  }

  /** Shift distances that are written as numbers must be ones. */
  #checkShift(cursor: Cursor, op: Mnemonic, sources: readonly Operand[]): void {
    const last = sources.at(-1);
    if (last?.kind !== 'constant') return;
    const most = op.startsWith('mul') ? 63 : op.startsWith('sh') ? 31 : undefined;
    if (most !== undefined && (last.value < 0 || last.value > most)) {
      const token = cursor.line.tokens.at(-2)!;
      cursor.fail(`a shift by ${last.value}; possible is 0..${most}`, token);
    }
  }

  /** Keeps track of open conditions and of what has been written. */
  #follow(cursor: Cursor, word: Token, op: Mnemonic, destination: Operand | null): void {
    if (destination?.kind === 'temporary') this.#written.add(destination.index);
    if (op === 'if') {
      if (this.#conditions.length === DEPTH_MAX)
        cursor.fail(`more than ${DEPTH_MAX} conditions are open`, word);
      this.#conditions.push({ line: cursor.line, before: new Set(this.#written), first: null });
    } else if (op === 'else') {
      const open = this.#conditions.at(-1);
      if (open === undefined || open.first !== null) cursor.fail('"else" without "if"', word);
      open.first = this.#written;
      this.#written = new Set(open.before);
    } else if (op === 'end') {
      const open = this.#conditions.pop();
      if (open === undefined) cursor.fail('"end" without "if" or "repeat"', word);
      const { before, first } = open;
      this.#written = new Set([...this.#written].filter((i) => (first ?? before).has(i)));
    }
  }

  #destination(cursor: Cursor): Operand {
    const token = cursor.name('a state word or a temporary');
    const operand = this.#lookUp(cursor, token, 'state word or temporary');
    if (operand.kind === 'state' || operand.kind === 'temporary') return operand;
    return cursor.fail(`"${token.text}" cannot be written: it is ${describe(operand)}`, token);
  }

  #source(cursor: Cursor): Operand {
    const { token } = cursor;
    if (token.kind !== 'name') return { kind: 'constant', value: this.#constant(cursor) };
    const operand = this.#lookUp(cursor, token, 'port, state word, parameter, temporary or constant');
    if (operand.kind === 'constant') return { kind: 'constant', value: this.#constant(cursor) };
    cursor.take();
    if (operand.kind === 'table')
      cursor.fail(`"${token.text}" is a table`, token, `read it by "${INSTRUCTIONS.look.form}"`);
    if (operand.kind === 'temporary' && !this.#written.has(operand.index)) {
      cursor.fail(
        `"${token.text}" is read where it may not have been written`,
        token,
        'a temporary holds nothing at the start of a step; what must last is a state word',
      );
    }
    return operand;
  }

  #table(cursor: Cursor): Operand {
    const token = cursor.name('a table');
    const operand = this.#lookUp(cursor, token, 'table');
    return operand.kind === 'table' ? operand : cursor.fail(`"${token.text}" is ${describe(operand)}`, token);
  }
}

function describe({ kind }: Operand): string {
  if (kind === 'time') return 'the number of the step';
  if (kind === 'index') return 'the number of the compartment';
  return kind === 'state' ? 'a state word' : `a ${kind}`;
}

const assembled = new Map<string, NeuronProgram>();

/**
 * Assembles a program; the same text is assembled once.
 * @param name for messages
 * @throws UserError with the line and a caret under the place
 */
export function assemble(name: string, source: string): NeuronProgram {
  const key = `${name}\n${source}`;
  let program = assembled.get(key);
  if (program === undefined) {
    program = new Assembler(name, source).assemble();
    assembled.set(key, program);
  }
  return program;
}
