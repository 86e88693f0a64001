// Rules of many products: a core looks at up to 64 of one rule together. [HW 4.2], U4

import { describe, expect, it } from 'vitest';
import { userErrorOf } from '../support/errors.ts';
import { learned } from '../support/learning-pair.ts';
import { BUILDS } from '../support/small-network.ts';

/** n products that add 1 each. */
function rule(n: number): string[] {
  return [`dw = ${Array.from({ length: n }, () => '1*x0').join(' + ')}`];
}

describe.each(BUILDS)('HW 4.2 many products, %s build', (build) => {
  it.each([31, 32, 33, 64])('adds up %i of them', (n) => {
    expect(learned({ build, rule: rule(n), pre: [1], steps: 1 })).toEqual([n]);
  });
});

describe('HW 4.2 too many products', () => {
  it('are refused with their number', () => {
    const error = userErrorOf(() => learned({ build: 'release', rule: rule(65), steps: 1 }));
    expect(error.message).toContain('has 65 products; a core holds 64');
    expect(error.details).toMatchObject({ code: 'rule-range', got: 65, limit: 64 });
  });
});
