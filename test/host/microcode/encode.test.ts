// HW 4.1, 4.2, 4.5: operand ranges, both sides of each, and the shifts of a product.

import { describe, expect, it } from 'vitest';
import type { Chip } from '../../../host/chip/schema.ts';
import { encodeRule } from '../../../host/microcode/encode.ts';
import { parseRule } from '../../../host/microcode/parse.ts';
import { chipWith } from '../../support/chips.ts';
import { userErrorOf } from '../../support/errors.ts';

const encode = (text: string, chip: Chip = chipWith()) => encodeRule(chip, 'rule', parseRule('rule', text));

describe('HW 4.5 shifts (C10)', () => {
  // Net shift: exponent + 7 - max(0, widths + margin - 15).
  it.each([
    ['dw = x0', 7, 0, 7],
    ['dw = 2^-3*x0*x1', 4, 0, 4],
    ['dw = x0*x1*y1', 5, 3, 7],
    ['dw = x0*x1*x2*y1', -2, 10, 7],
    ['dw = 2^-6*u0*w', 1, 0, 1],
    ['dw = x0*x1*w', 4, 5, 7],
    ['dw = x0*x1*d', 6, 5, 7],
    ['dw = x0*x1*t', 4, 5, 7],
    ['dw = x0*x1*y0*r0*sgn(w)', 7, 0, 7],
    ['dw = x0*r1*y1', 5, 3, 7],
  ])('%s: by %i in one shift, or down by %i and up by %i (Lava)', (text, net, down, up) => {
    const [nengo] = encode(text);
    expect([nengo!.down, nengo!.up]).toEqual([Math.max(0, -net), Math.max(0, net)]);
    const [lava] = encode(text, chipWith({ semantics: { ruleDownscale: 'sumPlus4' } }));
    expect([lava!.down, lava!.up]).toEqual([down, up]);
  });
});

describe('HW 4.2 operand ranges', () => {
  const refused = (text: string, chip?: Chip) => userErrorOf(() => encode(text, chip));

  it.each([
    ['the exponent', 'dw = 2^-7*x0', 'dw = 2^-8*x0', -8, [-7, 8]],
    ['the exponent', 'dw = 7*2^8*x0', 'dw = 7*2^9*x0', 9, [-7, 8]],
    ['the decimation k of u<k>', 'dw = u9', 'dw = u10', 10, [0, 9]],
    ['the constant of d', 'dw = x0*(d+127)', 'dw = x0*(d+128)', 128, [-128, 127]],
    ['the constant of d', 'dw = x0*(d-128)', 'dw = x0*(d-129)', -129, [-128, 127]],
    ['the number of factors', `dw = x0${'*y0'.repeat(8)}`, `dw = x0${'*y0'.repeat(9)}`, 9, [0, 8]],
    ['the width of the factors', 'dw = u0*x1*y1*y2', 'dw = u0*x1*y1*y2*y3', 32, [0, 31]],
  ])('%s', (what, fits, beyond, got, limit) => {
    expect(() => encode(fits)).not.toThrow();
    const error = refused(beyond);
    expect(error.message).toBe(
      `rule: ${what} of "${beyond.slice(5)}" is ${got}; the chip has ${limit.join('..')}`.replace(
        / of d of/,
        ' of d of',
      ),
    );
    expect(error.details).toMatchObject({ code: 'rule-range', got, limit });
  });

  it('constants added to w and t are even, as the chip stores half of them', () => {
    expect(() => encode('dw = x0*(w+2)*(t-4)')).not.toThrow();
    for (const variable of ['w', 't'])
      expect(refused(`dw = x0*(${variable}+3)`).message).toBe(
        `rule: in "x0*(${variable}+3)" the constant 3 of ${variable} is odd, and the chip stores half of it [HW 4.1]`,
      );
  });

  it('traces that the chip does not have do not exist', () => {
    const poor = chipWith({ learning: { preTraces: 1, postTraces: 2 } });
    expect(() => encode('dw = x0*x1*y2', poor)).not.toThrow();
    expect(refused('dw = x0*x2', poor).message).toContain('x2 does not exist');
    expect(refused('dw = x0*y3', poor).message).toContain('y3 does not exist');
  });
});
