// Parser of one learning rule. All plain numbers of a product are multiplied into m·2^e; the first of x0, y0
// and u<k> that is written is the gate, a later x0 or y0 is an ordinary factor of 0 or 1 [HW 4.2].

import { didYouMean } from '../errors.ts';
import { ruleError, type Token, tokenize } from './lexer.ts';
import {
  type Factor,
  type Gate,
  type Product,
  RULE_TARGETS,
  RULE_VARIABLES,
  type RuleSum,
  type RuleTarget,
  type RuleVariable,
} from './rule.ts';

/** Variables that may carry a constant. */
const WITH_CONSTANT: readonly string[] = ['w', 'd', 't'];

/** Binary places of a number; every double has some, so a decimal fraction is told by having too many. */
const FRACTION_BITS_MAX = 16;

function isVariable(name: string): name is RuleVariable {
  return (RULE_VARIABLES as readonly string[]).includes(name);
}

function isTarget(name: string): name is RuleTarget {
  return (RULE_TARGETS as readonly string[]).includes(name);
}

/** A dyadic number m·2^e; m is an odd integer or 0. */
interface Dyadic {
  readonly mantissa: number;
  readonly exponent: number;
}

/** What the numbers of a product multiply to, and the same with powers of two kept apart from plain numbers. */
interface Coefficient {
  readonly value: Dyadic;
  readonly written: Dyadic;
}

function scale(a: Coefficient, b: Coefficient): Coefficient {
  return { value: multiply(a.value, b.value), written: multiply(a.written, b.written) };
}

function plain(mantissa: number): Coefficient {
  return { value: { mantissa, exponent: 0 }, written: { mantissa, exponent: 0 } };
}

function multiply(a: Dyadic, b: Dyadic): Dyadic {
  return { mantissa: a.mantissa * b.mantissa, exponent: a.exponent + b.exponent };
}

/** Mantissas of -8..7 and constants beside w, d and t, as the chip stores them, or any. */
export type Operands = 'chip' | 'any';

class Parser {
  readonly #rule: string;
  readonly #text: string;
  readonly #tokens: readonly Token[];
  readonly #operands: Operands;
  #next = 0;

  constructor(rule: string, text: string, operands: Operands) {
    this.#rule = rule;
    this.#text = text;
    this.#operands = operands;
    this.#tokens = tokenize(rule, text);
  }

  get #token(): Token {
    return this.#tokens[this.#next]!;
  }

  #fail(message: string, token: Token = this.#token, hint?: string): never {
    throw ruleError(this.#rule, this.#text, token.at, message, hint);
  }

  #accept(symbol: string): boolean {
    if (this.#token.kind !== 'symbol' || this.#token.text !== symbol) return false;
    this.#next++;
    return true;
  }

  #expect(symbol: string): void {
    if (!this.#accept(symbol)) this.#fail(`expected "${symbol}", found ${this.#found()}`);
  }

  #found(): string {
    return this.#token.kind === 'end' ? this.#token.text : `"${this.#token.text}"`;
  }

  sum(): RuleSum {
    const target = this.#token;
    const name = target.text.slice(1);
    if (target.kind !== 'name' || !target.text.startsWith('d') || !isTarget(name)) {
      this.#fail(`a rule begins with "dw =", "dd =" or "dt =", found ${this.#found()}`);
    }
    this.#next++;
    this.#expect('=');
    const products: Product[] = [];
    let sign = this.#accept('-') ? -1 : 1;
    if (sign === 1) this.#accept('+');
    for (;;) {
      products.push(this.#product(sign));
      if (this.#accept('+')) sign = 1;
      else if (this.#accept('-')) sign = -1;
      else break;
    }
    if (this.#token.kind !== 'end') this.#fail(`expected "+", "-", "*" or the end, found ${this.#found()}`);
    return { target: name, products, text: this.#text };
  }

  #product(sign: number): Product {
    const first = this.#token;
    let coefficient = plain(sign);
    let gate: Gate | undefined;
    const factors: Factor[] = [];
    do {
      if (this.#operands === 'any' && this.#accept('-')) coefficient = scale(coefficient, plain(-1));
      const token = this.#token;
      if (token.kind === 'number') coefficient = scale(coefficient, this.#number());
      else if (this.#opensNumber()) coefficient = scale(coefficient, this.#parenthesized());
      else if (token.kind === 'name' && /^u\d+$/.test(token.text)) {
        this.#next++;
        if (gate !== undefined) this.#fail(`"${token.text}" must be the first gate of its product`, token);
        gate = { kind: 'u', k: Number(token.text.slice(1)) };
      } else if (gate === undefined && (token.text === 'x0' || token.text === 'y0')) {
        this.#next++;
        gate = { kind: token.text };
      } else {
        const { factor, negated } = this.#factor();
        if (negated) coefficient = scale(coefficient, plain(-1));
        factors.push(factor);
      }
    } while (this.#accept('*'));
    const last = this.#tokens[this.#next - 1]!;
    const text = this.#text.slice(first.at, last.at + last.text.length);
    if (gate === undefined) {
      this.#fail(
        `product "${text}" has no gate`,
        first,
        'every product needs one of x0, y0 or u<k>, which decides when it is evaluated [HW 4.2]',
      );
    }
    if (coefficient.value.mantissa === 0) this.#fail(`product "${text}" is always 0`, first);
    const { mantissa, exponent } = normalize(coefficient.value);
    if (this.#operands === 'chip' && (mantissa < -8 || mantissa > 7)) {
      this.#fail(
        `the coefficient of "${text}" needs a mantissa of ${mantissa}; the chip has -8..7`,
        first,
        'write it as two products whose coefficients fit',
      );
    }
    return { gate, mantissa, exponent, written: coefficient.written, factors, text };
  }

  /** A number or 2^n (any base that is a power of two). */
  #number(): Coefficient {
    const token = this.#token;
    this.#next++;
    const base = this.#dyadic(Number(token.text), token);
    const number = Number(token.text);
    if (!this.#accept('^')) {
      return { value: base, written: Number.isInteger(number) ? plain(number).written : base };
    }
    const negative = this.#accept('-');
    const power = this.#token;
    if (power.kind !== 'number' || !/^\d+$/.test(power.text)) {
      this.#fail(`expected a whole exponent, found ${this.#found()}`);
    }
    this.#next++;
    const exponent = (negative ? -1 : 1) * Number(power.text);
    if (base.mantissa !== 1 && exponent < 0)
      this.#fail('a negative power needs a power of two as base', token);
    const value = { mantissa: base.mantissa ** Math.abs(exponent), exponent: base.exponent * exponent };
    return { value, written: value };
  }

  /** True at a number in parentheses, (2) or (-2); (255-w) is a factor. */
  #opensNumber(): boolean {
    const at = (offset: number): string | undefined => this.#tokens[this.#next + offset]?.text;
    const kind = (offset: number): Token['kind'] | undefined => this.#tokens[this.#next + offset]?.kind;
    if (at(0) !== '(') return false;
    const number = at(1) === '-' || at(1) === '+' ? 2 : 1;
    return kind(number) === 'number' && (at(number + 1) === ')' || at(number + 1) === '^');
  }

  #parenthesized(): Coefficient {
    this.#expect('(');
    const sign = this.#accept('-') ? -1 : 1;
    if (sign === 1) this.#accept('+');
    const number = this.#number();
    this.#expect(')');
    return scale(number, plain(sign));
  }

  #dyadic(value: number, token: Token): Dyadic {
    let mantissa = value;
    let exponent = 0;
    while (!Number.isInteger(mantissa) && exponent > -FRACTION_BITS_MAX) {
      mantissa *= 2;
      exponent--;
    }
    if (!Number.isInteger(mantissa)) {
      this.#fail(`${token.text} is not a whole number times a power of two`, token);
    }
    while (mantissa !== 0 && mantissa % 2 === 0) {
      mantissa /= 2;
      exponent++;
    }
    return { mantissa, exponent };
  }

  /** V, (V + C), (C - V), sgn(V), sgn(V + C). */
  #factor(): { factor: Factor; negated: boolean } {
    const token = this.#token;
    if (token.kind === 'name' && token.text === 'sgn') {
      this.#next++;
      this.#expect('(');
      const inside = this.#token;
      const { variable, constant, negated } = this.#shifted();
      if (this.#operands === 'chip' && !WITH_CONSTANT.includes(variable)) {
        this.#fail(`sgn() takes w, d or t, not ${variable} [HW 4.1]`, inside);
      }
      this.#expect(')');
      return { factor: { variable, constant, sign: true }, negated };
    }
    if (this.#accept('(')) {
      const { variable, constant, negated } = this.#shifted();
      this.#expect(')');
      return { factor: { variable, constant, sign: false }, negated };
    }
    return { factor: { variable: this.#variable(), constant: 0, sign: false }, negated: false };
  }

  #variable(): RuleVariable {
    const token = this.#token;
    if (token.kind !== 'name') this.#fail(`expected a factor, found ${this.#found()}`);
    if (!isVariable(token.text)) {
      const near = didYouMean(token.text, RULE_VARIABLES);
      if (this.#tokens[this.#next + 1]?.text === '(') {
        this.#fail(
          `"${token.text}" is no function of the chip; it has sgn() of w, d and t [HW 4.1]`,
          token,
          'a rule is a sum of products; what is rounded away is not carried over from one variable to another',
        );
      }
      this.#fail(
        `unknown variable "${token.text}"${near}`,
        token,
        'a rule reads what its own synapse has at hand: x0 x1 x2 of its axon, y0 y1 y2 y3 of its compartment, r0 r1 of its core, and its w d t; the weight of another synapse or the state of another compartment reaches it only as spikes [HW 4.1]',
      );
    }
    this.#next++;
    return token.text;
  }

  #shifted(): { variable: RuleVariable; constant: number; negated: boolean } {
    if (this.#token.kind === 'number') {
      const number = this.#whole();
      this.#expect('-');
      const token = this.#token;
      const variable = this.#variable();
      this.#checkConstant(variable, token);
      return { variable, constant: number === 0 ? 0 : -number, negated: true };
    }
    const token = this.#token;
    const variable = this.#variable();
    const sign = this.#accept('+') ? 1 : this.#accept('-') ? -1 : 0;
    if (sign === 0) return { variable, constant: 0, negated: false };
    this.#checkConstant(variable, token);
    return { variable, constant: sign * this.#whole(), negated: false };
  }

  #whole(): number {
    const token = this.#token;
    if (token.kind !== 'number' || !/^\d+$/.test(token.text)) {
      this.#fail(`expected a whole number, found ${this.#found()}`);
    }
    this.#next++;
    return Number(token.text);
  }

  #checkConstant(variable: RuleVariable, token: Token): void {
    if (this.#operands === 'chip' && !WITH_CONSTANT.includes(variable)) {
      this.#fail(
        `a constant can be added to w, d and t only, not to ${variable} [HW 4.1]`,
        token,
        'write a difference as two products: y0*x1 - y0*w',
      );
    }
  }
}

/** m·2^e with e as near to 0 as a mantissa in -8..7 allows; whether the chip can hold either is its own affair. */
function normalize(coefficient: Dyadic): Dyadic {
  let { mantissa, exponent } = coefficient;
  while (mantissa % 2 === 0) {
    mantissa /= 2;
    exponent++;
  }
  while (exponent > 0 && mantissa * 2 >= -8 && mantissa * 2 <= 7) {
    mantissa *= 2;
    exponent--;
  }
  return { mantissa, exponent };
}

/**
 * Parses one rule, e.g. `dw = 2^-4*x1*y0 - 2^-5*x0*y1`.
 * @param rule name of the rule, for messages
 * @param operands `any` allows what a model can write and the chip cannot hold
 * @throws UserError with a caret under the place
 */
export function parseRule(rule: string, text: string, operands: Operands = 'chip'): RuleSum {
  return new Parser(rule, text, operands).sum();
}
