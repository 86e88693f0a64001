// The rule language: what it means, and errors with a caret under the place.

import { describe, expect, it } from 'vitest';
import { parseRule } from '../../../host/microcode/parse.ts';
import { gateName } from '../../../host/microcode/rule.ts';
import { userErrorOf } from '../../support/errors.ts';

/** A short form: target, then gate, m, e and factors of each product. */
function meaning(text: string) {
  const { target, products } = parseRule('rule', text);
  return [
    target,
    ...products.map(({ gate, mantissa, exponent, factors }) => [
      gateName(gate),
      mantissa * 2 ** exponent,
      ...factors.map(({ variable, constant, sign }) => {
        const shifted = constant === 0 ? variable : `${variable}${constant > 0 ? '+' : ''}${constant}`;
        return sign ? `sgn(${shifted})` : shifted;
      }),
    ]),
  ];
}

describe('HW 4.2 rules', () => {
  it.each([
    ['dw = 2^-4*x1*y0 - 2^-5*x0*y1', ['w', ['y0', 1 / 16, 'x1'], ['x0', -1 / 32, 'y1']]],
    ['dt=-x0', ['t', ['x0', -1]]],
    ['dd = + u3 * 4', ['d', ['u3', 4]]],
    ['dw = 3*0.5*u0*x1*2^2', ['w', ['u0', 6, 'x1']]],
    ['dw = 4*y0*x0*r1 - 2*y0*x0', ['w', ['y0', 4, 'x0', 'r1'], ['y0', -2, 'x0']]],
    ['dw = x0*y0*x0', ['w', ['x0', 1, 'y0', 'x0']]],
    ['dw = u0*(w+2)*sgn(t)*sgn(d-3)', ['w', ['u0', 1, 'w+2', 'sgn(t)', 'sgn(d-3)']]],
    ['dw = u0*(254-w)', ['w', ['u0', -1, 'w-254']]],
    ['dw = u0*sgn(0-w)', ['w', ['u0', -1, 'sgn(w)']]],
    ['dw = y1*x2*y2*y3*r0*y0', ['w', ['y0', 1, 'y1', 'x2', 'y2', 'y3', 'r0']]],
    ['dw = 56*x0', ['w', ['x0', 56]]],
    ['dw = 4^2*x0', ['w', ['x0', 16]]],
  ])('%s', (text, expected) => {
    expect(meaning(text)).toEqual(expected);
  });

  it('keep their mantissa in -8..7 with the exponent as near to 0 as it can be', () => {
    const coefficient = (text: string) => {
      const [product] = parseRule('rule', text).products;
      return [product!.mantissa, product!.exponent];
    };
    expect(coefficient('dw = 4*x0')).toEqual([4, 0]);
    expect(coefficient('dw = -8*x0')).toEqual([-8, 0]);
    expect(coefficient('dw = 8*x0')).toEqual([4, 1]);
    expect(coefficient('dw = 6*2^-3*x0')).toEqual([3, -2]);
    expect(coefficient('dw = 0.125*x0')).toEqual([1, -3]);
  });
});

describe('HW 4.2 errors', () => {
  it.each([
    ['w = x0', 'a rule begins with "dw =", "dd =" or "dt =", found "w"', 1],
    ['dx = x0', 'a rule begins with "dw =", "dd =" or "dt =", found "dx"', 1],
    ['dw x0', 'expected "=", found "x0"', 4],
    ['dw = ', 'expected a factor, found the end of the rule', 6],
    ['dw = x0 *', 'expected a factor, found the end of the rule', 10],
    ['dw = x0 y0', 'expected "+", "-", "*" or the end, found "y0"', 9],
    ['dw = x0*x3', 'unknown variable "x3"; did you mean "x0"?', 9],
    ['dw = x0 & y0', 'unexpected character "&"', 9],
    ['dw = 2*x1*y1', 'product "2*x1*y1" has no gate', 6],
    ['dw = x0*u1', '"u1" must be the first gate of its product', 9],
    ['dw = x0*(x1+3)', 'a constant can be added to w, d and t only, not to x1 [HW 4.1]', 10],
    ['dw = x0*sgn(y1)', 'sgn() takes w, d or t, not y1 [HW 4.1]', 13],
    ['dw = x0*(w+1.5)', 'expected a whole number, found "1.5"', 12],
    ['dw = x0*(w+2', 'expected ")", found the end of the rule', 13],
    ['dw = 0.1*x0', '0.1 is not a whole number times a power of two', 6],
    ['dw = 9*x0', 'the coefficient of "9*x0" needs a mantissa of 9; the chip has -8..7', 6],
    ['dw = 0*x0', 'product "0*x0" is always 0', 6],
    ['dw = 3^-1*x0', 'a negative power needs a power of two as base', 6],
    ['dw = 2^x0', 'expected a whole exponent, found "x0"', 8],
  ])('%s', (text, message, column) => {
    const error = userErrorOf(() => parseRule('rule "r"', text));
    expect(error.message).toBe(`rule "r": ${message}\n  ${text}\n  ${' '.repeat(column - 1)}^`);
    expect(error.details).toMatchObject({ code: 'bad-rule', path: 'rule "r"', column });
  });
});
