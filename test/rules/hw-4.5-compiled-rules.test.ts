// HW 4.5: the function that is generated for a rule, the interpreter and the model leave the same weights, delays,
// tags, traces and counters.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SEMANTICS, type Semantics } from '../../host/chip/semantics.ts';
import type { BlockImage, ChipImage } from '../../host/image/image.ts';
import {
  type ProductForm,
  planRule,
  type RulePlan,
  ruleShape,
} from '../../host/machine/codegen/rule-shape.ts';
import { fuzzCase } from '../fuzz/arbitrary.ts';
import { compareCase, differenceText, type Way } from '../fuzz/differ.ts';
import type { FuzzCase } from '../fuzz/fuzz-case.ts';
import { pairNetwork } from '../support/learning-pair.ts';
import { compileSmall } from '../support/small-network.ts';

const WAYS: readonly Way[] = [
  { build: 'release', rules: 'compiled' },
  { build: 'release', rules: 'interpreted' },
];

const DEFAULTS = Object.fromEntries(
  Object.entries(SEMANTICS).map(([name, { default: value }]) => [name, value]),
) as unknown as Semantics;

/**
 * Everything learns, with the chip's own kernels and not with those of the models' options; rows end at, before and behind
 * the ends of vectors and tiles.
 */
const learning: fc.Arbitrary<FuzzCase> = fc
  .tuple(
    fuzzCase,
    fc.array(fc.constantFrom(1, 7, 15, 16, 17, 32, 63, 64, 65, 128), { minLength: 1, maxLength: 3 }),
  )
  .map(([fuzz, sizes]) => ({
    ...fuzz,
    sizes,
    coreClasses: fuzz.coreClasses.map((coreClass) => ({ ...coreClass, learning: true })),
    semantics: {
      ...DEFAULTS,
      ruleSaturation: fuzz.semantics.ruleSaturation,
      ruleDownscale: fuzz.semantics.ruleDownscale === 'sumPlus4' ? 'sumPlus4' : 'sumPlus3',
      weightRead: fuzz.semantics.weightRead,
    },
    populations: fuzz.populations
      .slice(0, 4)
      .map((population) => ({ ...population, program: null, columns: null, ternary: false, start: null })),
    projections: fuzz.projections.slice(0, 5).map((projection, i) => ({
      ...projection,
      kind: projection.kind === 'sparse' ? 'sparse' : 'all',
      rule: projection.rule ?? i,
      own: null,
      graded: false,
      sumBits: null,
      tapped: false,
    })),
    steps: Math.min(fuzz.steps, 16),
  }));

function plasticPlans(image: ChipImage): (RulePlan | null)[] {
  return image.cores.flatMap(({ blocks }, core) =>
    blocks
      .filter(({ rule }: BlockImage) => rule >= 0)
      .map((block) => planRule(ruleShape(image, core, block))),
  );
}

describe('HW 4.5 generated rules', () => {
  it('agree with the interpreter and the model on random rules, traces and weights', () => {
    const forms = new Map<ProductForm | 'interpreted' | 'read', number>();
    const note = (form: ProductForm | 'interpreted' | 'read'): void => {
      forms.set(form, (forms.get(form) ?? 0) + 1);
    };
    const property = fc.property(learning, (fuzz) => {
      const { built, difference } = compareCase(fuzz, WAYS);
      if (difference !== undefined) throw new Error(differenceText(difference));
      for (const plan of plasticPlans(built.compiled.image)) {
        if (plan === null) note('interpreted');
        for (const { form, coefficients } of plan?.products ?? []) {
          note(form);
          if (coefficients.length > 1) note('read');
        }
      }
    });
    fc.assert(property, { seed: 4, numRuns: 30 });
    // Every form occurs, and coefficients that a schedule changes.
    for (const form of ['shared', 'halves', 'split', 'words', 'read'] as const)
      expect(forms.get(form) ?? 0, form).toBeGreaterThan(2);
  });

  it('work in 16 bits as long as the ranges of the factors do', () => {
    const plan = (rule: string): RulePlan => {
      const trace = { impulse: 1, tau: 10 };
      const network = pairNetwork({
        build: 'release',
        rule: [rule],
        x1: trace,
        x2: trace,
        postTraces: { y1: trace, y2: trace },
        steps: 1,
      });
      return plasticPlans(compileSmall(network).image)[0]!;
    };
    const formOf = (rule: string): ProductForm => plan(rule).products[0]!.form;
    expect(formOf('dw = 2^-2*x0*y1')).toBe('halves');
    expect(formOf('dw = 2^-6*u0*x1*y1')).toBe('halves');
    expect(formOf('dw = 3*2^-7*u0*x1*y1')).toBe('halves'); // up to 48,387, never negative
    expect(formOf('dw = -3*2^-7*u0*x1*y1')).toBe('split');
    expect(formOf('dw = 2^4*u0*x1*y1')).toBe('words');
    expect(formOf('dw = 2^-3*y0*x0')).toBe('shared');
  });
});
