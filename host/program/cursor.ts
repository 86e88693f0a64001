// Reads the tokens of one line: names, numbers, lists.

import { type Line, programError, type Token } from './lexer.ts';

const INT32_MIN = -(2 ** 31);
const INT32_MAX = 2 ** 31 - 1;

export class Cursor {
  readonly line: Line;
  readonly #program: string;
  #next = 0;

  constructor(program: string, line: Line) {
    this.#program = program;
    this.line = line;
  }

  get token(): Token {
    return this.line.tokens[this.#next]!;
  }

  get atEnd(): boolean {
    return this.token.kind === 'end';
  }

  fail(message: string, token: Token = this.token, hint?: string): never {
    throw programError(this.#program, this.line, token.at, message, hint);
  }

  /** The present token as messages name it. */
  found(): string {
    return this.atEnd ? this.token.text : `"${this.token.text}"`;
  }

  take(): Token {
    const { token } = this;
    if (!this.atEnd) this.#next++;
    return token;
  }

  accept(symbol: string): boolean {
    if (this.token.kind !== 'symbol' || this.token.text !== symbol) return false;
    this.#next++;
    return true;
  }

  expect(symbol: string): void {
    if (!this.accept(symbol)) this.fail(`expected "${symbol}", found ${this.found()}`);
  }

  name(what: string): Token {
    if (this.token.kind !== 'name') this.fail(`expected ${what}, found ${this.found()}`);
    return this.take();
  }

  expectEnd(): void {
    if (!this.atEnd) this.fail(`expected the end of the line, found ${this.found()}`);
  }

  /** A whole number from `min` to `max`, written as one. */
  whole(what: string, min: number, max: number): number {
    const { token } = this;
    const value = Number(token.text);
    if (token.kind !== 'number') this.fail(`expected ${what}, found ${this.found()}`);
    if (value < min || value > max) this.fail(`${what} is ${token.text}; possible is ${min}..${max}`);
    this.take();
    return value;
  }

  /** Sums of numbers, powers and names of constants, e.g. `2^23 - 1`, within 32 bits. */
  constant(named: (token: Token) => number): number {
    const first = this.token;
    let sign = this.accept('-') ? -1 : 1;
    let sum = 0;
    for (;;) {
      sum += sign * this.#power(named);
      if (this.accept('+')) sign = 1;
      else if (this.accept('-')) sign = -1;
      else break;
    }
    if (sum < INT32_MIN || sum > INT32_MAX) this.fail(`${sum} does not fit in 32 bits`, first);
    return sum;
  }

  #power(named: (token: Token) => number): number {
    const { token } = this;
    if (token.kind !== 'number' && token.kind !== 'name')
      this.fail(`expected a number, found ${this.found()}`);
    this.take();
    const base = token.kind === 'number' ? Number(token.text) : named(token);
    if (!this.accept('^')) return base;
    return base ** this.whole('an exponent', 0, 31);
  }

  /** One or more items with commas between them, to the end of the line. */
  list<T>(item: () => T): T[] {
    const items = [item()];
    while (this.accept(',')) items.push(item());
    this.expectEnd();
    return items;
  }
}
