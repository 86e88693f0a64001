// HW 4.5: a rule that saturates once, after the whole sum, adds its products exactly, however large they are.

import { describe, expect, it } from 'vitest';
import { chipWith } from '../support/chips.ts';
import { learned } from '../support/learning-pair.ts';
import { BUILDS } from '../support/small-network.ts';

const ONCE = chipWith({ semantics: { ruleSaturation: 'once' } });
const FULL = { impulse: 127, tau: Number.POSITIVE_INFINITY };

/** The weight after an epoch in which both sides fire with full traces. */
function weightAfter(build: (typeof BUILDS)[number], products: readonly string[], weight = 100): number[] {
  const rule = `dw = ${products.join(' ')}`;
  return learned({
    build,
    chip: ONCE,
    rule: [rule],
    epochSteps: 3,
    weight,
    x1: FULL,
    x2: FULL,
    postTraces: { y1: FULL },
    pre: [2],
    post: [2],
    steps: 3,
  });
}

describe.each(BUILDS)('HW 4.5 sums that saturate once, %s build', (build) => {
  it.each([
    ['of post traces', '7*2^8*u0*x1*y1'],
    ['of factors that a row shares', '7*2^8*x0*y0*x1*x2'],
  ])('keep their sign beyond 32 bits: products %s', (_, product) => {
    expect(weightAfter(build, [`+ ${product}`, `+ ${product}`, `+ ${product}`])).toEqual([255]);
    expect(weightAfter(build, [`- ${product}`, `- ${product}`, `- ${product}`])).toEqual([0]);
  });

  it('lose nothing when large products cancel', () => {
    const large = '7*2^8*u0*x1*y1';
    const products = ['+', '+', '+', '-', '-', '-'].map((sign) => `${sign} ${large}`);
    expect(weightAfter(build, [...products, '+ 5*u0'])).toEqual([105]);
  });
});
