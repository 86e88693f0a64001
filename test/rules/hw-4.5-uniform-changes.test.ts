// HW 4.5: rules that add one number to all weights of a row whose targets fired take a short cut through the stored
// bytes. It must end where the products, one after the other, end: at the limits of the accumulator and of the range.

import { describe, expect, it } from 'vitest';
import type { Chip } from '../../host/chip/schema.ts';
import { chipWith } from '../support/chips.ts';
import {
  BUILDS,
  compileSmall,
  EXACT,
  KICK,
  KICK_WEIGHT,
  KICKED,
  SmallMachine,
} from '../support/small-network.ts';

type Saturation = Chip['semantics']['ruleSaturation'];

/** All weights of the grid. */
const WEIGHTS = Int16Array.from({ length: 256 }, (_, i) => 2 * i - 256);
const LIMIT = 32767;
const sat = (x: number): number => Math.min(LIMIT, Math.max(-LIMIT - 1, x));

/** What the two products make of a weight: the accumulator in 1/128, then the grid of two; both ways to round. */
function after(weight: number, products: readonly number[], saturation: Saturation): number[] {
  const keep = saturation === 'perProduct' ? sat : (x: number) => x;
  const sum = sat(products.reduce((total, product) => keep(total + 128 * product), 128 * weight));
  return [Math.floor(sum / 256), Math.ceil(sum / 256)].map((steps) =>
    Math.min(254, Math.max(-256, 2 * steps)),
  );
}

interface Outcome {
  readonly weights: readonly number[];
  readonly changed: bigint;
  readonly counted: bigint;
}

/** One epoch: the source fires, and every target but each third. */
function learn(
  build: (typeof BUILDS)[number],
  rule: string,
  saturation: Saturation,
  rewarded: boolean,
  weights: Int16Array = WEIGHTS,
): Outcome {
  const size = weights.length;
  const { image } = compileSmall(
    {
      coreClasses: [{ name: 'core', reward: { impulse: 1, tau: 0 } }],
      ports: [
        { name: 'in', size: 1 },
        { name: 'kick', size },
        { name: 'reward', size: 1 },
      ],
      rules: { rule: [rule] },
      populations: [{ name: 'post', size, compartment: KICKED }],
      projections: [
        {
          name: 'w',
          from: 'in',
          to: 'post',
          connection: { kind: 'all', weights },
          synapse: EXACT,
          rule: 'rule',
        },
        {
          name: 'k',
          from: 'kick',
          to: 'post',
          connection: { kind: 'one-to-one', weight: KICK_WEIGHT },
          synapse: { ...KICK, bits: 8 },
        },
      ],
      rewards: [{ from: 'reward', coreClass: 'core' }],
    },
    chipWith({ semantics: { ruleSaturation: saturation } }),
  );
  const small = new SmallMachine(image, build);
  const kicked = [...weights.keys()].filter((i) => i % 3 !== 0);
  small.step({ kick: kicked }).step({ in: [0], ...(rewarded ? { reward: [0] } : {}) });
  return {
    weights: small.weights('w'),
    changed: small.machine.weights.changed('w'),
    counted: small.counts().synapticUpdates,
  };
}

const RULES = [
  { rule: 'dw = 4*y0*x0*r1 - 2*y0*x0', rewarded: [4, -2], plain: [-2] },
  { rule: 'dw = -2*y0*x0 + 4*y0*x0*r1', rewarded: [-2, 4], plain: [-2] },
  { rule: 'dw = 2^6*x0*y0*r0 - 2^5*x0*y0', rewarded: [64, -32], plain: [-32] },
] as const;

describe.each(BUILDS)('HW 4.5 uniform changes, %s build', (build) => {
  describe.each(['perProduct', 'once'] as const)('accumulator saturates %s', (saturation) => {
    it.each(RULES)('every weight ends where the products lead it: $rule', ({ rule, rewarded, plain }) => {
      for (const [reward, products] of [
        [true, rewarded],
        [false, plain],
      ] as const) {
        const { weights, changed, counted } = learn(build, rule, saturation, reward);
        WEIGHTS.forEach((weight, i) => {
          if (i % 3 === 0) expect(weights[i]).toBe(weight);
          else expect(after(weight, products, saturation)).toContain(weights[i]);
        });
        const different = weights.filter((weight, i) => weight !== WEIGHTS[i]).length;
        expect([changed, counted]).toEqual([BigInt(different), BigInt(different)]);
      }
    });
  });

  it.each([1, 6, 15, 16, 17, 63, 64, 65, 130])(
    'leaves nothing out and nothing over in rows of %i',
    (size) => {
      const weights = Int16Array.from({ length: size }, (_, i) => 2 * (i % 50));
      const { weights: learned } = learn(build, RULES[0].rule, 'perProduct', true, weights);
      expect(learned).toEqual([...weights].map((weight, i) => (i % 3 === 0 ? weight : weight + 2)));
    },
  );
});
