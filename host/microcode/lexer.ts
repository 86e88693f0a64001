// Tokens of the rule syntax users know from Lava: `dw = 2^-4*x1*y0 - 2^-5*x0*y1`.

import { UserError } from '../errors.ts';

export interface Token {
  readonly kind: 'number' | 'name' | 'symbol' | 'end';
  readonly text: string;
  /** 0-based offset in the rule. */
  readonly at: number;
}

/** The error at a place of a rule: the message, the rule, and a caret under the place. */
export function ruleError(rule: string, text: string, at: number, message: string, hint?: string): UserError {
  const caret = `${' '.repeat(at)}^`;
  return new UserError(`${rule}: ${message}\n  ${text}\n  ${caret}`, {
    code: 'bad-rule',
    path: rule,
    column: at + 1,
    ...(hint === undefined ? {} : { hint }),
  });
}

/** Splits a rule into tokens; the last one is `end`. */
export function tokenize(rule: string, text: string): Token[] {
  const pattern = /\s*(?:(\d+(?:\.\d+)?)|([A-Za-z_]\w*)|([-+*^()=]))/y;
  const tokens: Token[] = [];
  let position = 0;
  while (text.slice(position).trim() !== '') {
    pattern.lastIndex = position;
    const match = pattern.exec(text);
    if (match === null) {
      const at = position + (text.slice(position).length - text.slice(position).trimStart().length);
      throw ruleError(rule, text, at, `unexpected character "${text[at]}"`);
    }
    const word = match[1] ?? match[2] ?? match[3] ?? '';
    const kind = match[1] !== undefined ? 'number' : match[2] !== undefined ? 'name' : 'symbol';
    tokens.push({ kind, text: word, at: pattern.lastIndex - word.length });
    position = pattern.lastIndex;
  }
  tokens.push({ kind: 'end', text: 'the end of the rule', at: text.length });
  return tokens;
}
