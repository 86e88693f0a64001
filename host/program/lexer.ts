// Tokens of a neuron program, line by line: names, numbers, symbols; a semicolon starts a comment.

import { UserError } from '../errors.ts';

export interface Token {
  readonly kind: 'name' | 'number' | 'symbol' | 'end';
  readonly text: string;
  /** 0-based offset in the line. */
  readonly at: number;
}

/** A line that is not empty. The last token is `end`. */
export interface Line {
  /** From 1. */
  readonly number: number;
  readonly text: string;
  readonly tokens: readonly Token[];
}

/** The error at a place of a program: the message, the line, and a caret under the place. */
export function programError(
  program: string,
  line: Line | { readonly number: number; readonly text: string },
  at: number,
  message: string,
  hint?: string,
): UserError {
  const margin = `${line.number} | `;
  const caret = `${' '.repeat(margin.length + at)}^`;
  return new UserError(
    `program "${program}", line ${line.number}: ${message}\n  ${margin}${line.text}\n  ${caret}`,
    {
      code: 'bad-program',
      path: `program "${program}"`,
      line: line.number,
      column: at + 1,
      ...(hint === undefined ? {} : { hint }),
    },
  );
}

const TOKEN = /\s*(?:(0x[0-9a-fA-F]+|\d+)|([A-Za-z_]\w*)|([-+^,:=]))/y;

function tokenize(program: string, number: number, text: string): Line {
  const code = text.replace(/;.*$/, '').trimEnd();
  const tokens: Token[] = [];
  let position = 0;
  while (position < code.length) {
    TOKEN.lastIndex = position;
    const match = TOKEN.exec(code);
    if (match === null) {
      const at = position + code.slice(position).search(/\S/);
      throw programError(program, { number, text }, at, `unexpected character "${code[at]}"`);
    }
    const word = match[1] ?? match[2] ?? match[3] ?? '';
    const kind = match[1] !== undefined ? 'number' : match[2] !== undefined ? 'name' : 'symbol';
    tokens.push({ kind, text: word, at: TOKEN.lastIndex - word.length });
    position = TOKEN.lastIndex;
  }
  tokens.push({ kind: 'end', text: 'the end of the line', at: code.length });
  return { number, text, tokens };
}

/**
 * Splits a program into its lines that are not empty.
 * @param program its name, for messages
 * @throws UserError at a character that no token begins with
 */
export function linesOf(program: string, source: string): Line[] {
  return source
    .split('\n')
    .map((text, i) => tokenize(program, i + 1, text.replace(/\r$/, '')))
    .filter(({ tokens }) => tokens.length > 1);
}
