// What the machine code of a learning rule depends on: its products with all values that their registers can have,
// the format of a block's synapses, and from both the widths that the arithmetic needs.

import type { BlockImage, ChipImage, ProductImage } from '../../image/image.ts';
import { droppedBits } from '../block-map.ts';
import { gridMin } from '../load-image.ts';
import { hasWideFactors } from '../load-rule.ts';

/** What a schedule can change of a product. */
export interface Coefficient {
  readonly mantissa: number;
  readonly down: number;
  readonly up: number;
}

export interface ProductShape {
  /** Place in the rule. */
  readonly index: number;
  readonly target: ProductImage['target'];
  readonly gate: ProductImage['gate'];
  readonly factors: ProductImage['factors'];
  /** More than one if schedules change it: read from the record then. */
  readonly coefficients: readonly Coefficient[];
}

/** Two blocks of one shape share a function. */
export interface RuleShape {
  readonly products: readonly ProductShape[];
  /** The accumulator saturates once, after the sum. */
  readonly once: boolean;
  /** w, d and t are factors of nine bits. */
  readonly wideFactors: boolean;
  readonly epochSteps: number;
  readonly signMode: BlockImage['signMode'];
  readonly bits: number;
  readonly dropped: number;
  /** Least weight in grid steps: what a stored 0 means. */
  readonly least: number;
  /** Weights end before their format does. [HW 3.3] */
  readonly limited: boolean;
  /** Only some columns have a synapse. */
  readonly partial: boolean;
  /** Columns in the last sixteen, 0 if they are sixteen or `partial` says which there are. */
  readonly ragged: number;
  /** Column 0 is an odd element of the population: pairs that share a random word do not begin with it. */
  readonly odd: boolean;
  readonly hasDelays: boolean;
  readonly hasTags: boolean;
}

/** All values that schedules write to the products of a core's rule, by place in the rule. */
function scheduled(image: ChipImage, core: number, rule: number): readonly Coefficient[][] {
  const lists = image.cores[core]!.rules[rule]!.products.map((): Coefficient[] => []);
  for (const { entries } of image.presentations) {
    for (const entry of entries)
      if (entry.kind === 'product' && entry.core === core && entry.rule === rule)
        lists[entry.index]!.push(entry.product);
  }
  return lists;
}

/** True if a weight limit leaves less than the format stores. */
function isLimited(block: BlockImage): boolean {
  const least = gridMin(block);
  const step = 2 ** droppedBits(block);
  return block.weightMin > least * step || block.weightMax < (least + 2 ** block.bits - 1) * step;
}

/** Products of targets that the block does not store are left out. */
export function ruleShape(image: ChipImage, core: number, block: BlockImage): RuleShape {
  const { rules, epochSteps } = image.cores[core]!;
  const written = scheduled(image, core, block.rule);
  const hasDelays = block.delays !== null;
  const isStored = { w: true, d: hasDelays, t: block.usesTags };
  const products = rules[block.rule]!.products.map((product, index): ProductShape => {
    const { target, gate, factors } = product;
    const coefficients = [product, ...written[index]!].map(({ mantissa, down, up }) => ({
      mantissa,
      down,
      up,
    }));
    const different = new Map(coefficients.map((c) => [`${c.mantissa} ${c.down} ${c.up}`, c]));
    return { index, target, gate, factors, coefficients: [...different.values()] };
  });
  return {
    products: products.filter(({ target }) => isStored[target]),
    once: image.semantics.ruleSaturation === 'once',
    wideFactors: hasWideFactors(image),
    epochSteps,
    signMode: block.signMode,
    bits: block.bits,
    dropped: droppedBits(block),
    least: gridMin(block),
    limited: isLimited(block),
    partial: block.weights === null,
    ragged: block.weights === null ? 0 : block.columns % 16,
    odd: block.columnElement % 2 === 1,
    hasDelays,
    hasTags: block.usesTags,
  };
}

/** A factor of a product as the code takes it. */
export interface FactorPlan {
  readonly variable: string;
  readonly constant: number;
  readonly sign: boolean;
  /** V + C saturates to -limit - 1 .. limit; 0 if it cannot reach that. */
  readonly limit: number;
  /** Greatest magnitude. */
  readonly bound: number;
}

/**
 * How a product becomes (s · c >> down) << up, s being its scalar, c the factors that differ by column:
 * - `shared`: there is no c; one number for all columns, or for those whose target fired
 * - `halves`: s << (D - down + up) times c, then >> D, all in 16 bits, with or without a sign
 * - `split`: ((s >> down) << up) · c + (((s mod 2^down) << (D - down)) · c >> D) << up, the same where s · c does not
 *   fit 16 bits but the result does
 * - `words`: 32 bits
 */
export type ProductForm = 'shared' | 'halves' | 'split' | 'words';

export interface ProductPlan extends ProductShape {
  /** Factors that are the same for a row, and those that differ by column. */
  readonly scalars: readonly FactorPlan[];
  readonly columns: readonly FactorPlan[];
  /** 0 where the target did not fire. */
  readonly masked: boolean;
  readonly form: ProductForm;
  /** `halves` whose value is never negative and fits 16 bits without a sign before the right shift. */
  readonly unsigned: boolean;
  /** D: the greatest right shift. */
  readonly down: number;
  /** The left shift, or null if it must be read. */
  readonly up: number | null;
  /** Greatest magnitude of s, as `words` shifts it. */
  readonly scalarBound: number;
  /** Greatest magnitude of c, and of the value. */
  readonly columnBound: number;
  readonly bound: number;
}

const HALF_MAX = 32767;
const TRACE_MAX = 127;
const WORD_LIMIT = 2 ** 31;

/** Least and greatest value of a variable. */
function rangeOf({ variable }: { readonly variable: string }): readonly [number, number] {
  if (variable === 'x0' || variable === 'y0' || variable === 'r0') return [0, 1];
  if (variable === 'w' || variable === 't') return [-256, 255];
  if (variable === 'd') return [0, 63];
  return variable === 'r1' ? [-TRACE_MAX, TRACE_MAX] : [0, TRACE_MAX];
}

function planFactor(shape: RuleShape, factor: ProductImage['factors'][number]): FactorPlan {
  const { variable, constant, sign } = factor;
  if (sign) return { ...factor, limit: 0, bound: 1 };
  const isSynaptic = variable === 'w' || variable === 'd' || variable === 't';
  const width = !isSynaptic ? 7 : shape.wideFactors ? 9 : variable === 'd' ? 6 : 8;
  const limit = 2 ** width - 1;
  const isBit = variable === 'x0' || variable === 'y0' || variable === 'r0';
  const [low, high] = rangeOf(factor).map((value) => value + (isBit ? 0 : constant)) as [number, number];
  const kept = [low, high].map((value) => Math.min(limit, Math.max(-limit - 1, value)));
  const saturates = low < -limit - 1 || high > limit;
  return { ...factor, limit: saturates ? limit : 0, bound: Math.max(...kept.map(Math.abs)) };
}

function planProduct(shape: RuleShape, product: ProductShape): ProductPlan {
  const { gate, factors, coefficients } = product;
  const isStored = { w: true, d: shape.hasDelays, t: shape.hasTags };
  const isColumn = ({ variable }: FactorPlan): boolean =>
    /^y[123]$/.test(variable) ||
    (gate === 'y0' && /^x[12]$/.test(variable)) ||
    ((variable === 'w' || variable === 'd' || variable === 't') && isStored[variable]);
  const plans = factors.map((factor) => planFactor(shape, factor));
  const columns = plans.filter(isColumn);
  const scalars = plans.filter((plan) => !isColumn(plan) && plan.variable !== 'y0');
  const boundOf = (list: readonly FactorPlan[]): number => list.reduce((all, { bound }) => all * bound, 1);
  const columnBound = boundOf(columns);
  const rowBound = boundOf(scalars);
  const down = Math.max(...coefficients.map((c) => c.down));
  const most = (of: (c: Coefficient) => number): number => Math.max(...coefficients.map(of));
  const bound = most(
    (c) => Math.ceil((Math.abs(c.mantissa) * rowBound * columnBound) / 2 ** c.down) * 2 ** c.up,
  );
  const isSplit = columns.length > 0 && columnBound <= HALF_MAX && bound <= HALF_MAX;
  const joined = most((c) => Math.abs(c.mantissa) * rowBound * 2 ** (down - c.down + c.up)) * columnBound;
  const isPositive =
    coefficients.every(({ mantissa }) => mantissa >= 0) &&
    plans.every(({ variable, constant, sign }) => /^[xy]|^r0/.test(variable) && constant === 0 && !sign);
  const unsigned = isPositive && joined > HALF_MAX && joined <= 2 * HALF_MAX + 1;
  const form =
    columns.length === 0
      ? 'shared'
      : isSplit && (joined <= HALF_MAX || unsigned) && coefficients.every((c) => c.down === 0 || c.up === 0)
        ? 'halves'
        : isSplit && columnBound * 2 ** down <= HALF_MAX + 1
          ? 'split'
          : 'words';
  return {
    ...product,
    scalars,
    columns,
    masked: gate === 'y0' || plans.some(({ variable }) => variable === 'y0'),
    form,
    unsigned,
    down,
    up: coefficients.every(({ up }) => up === coefficients[0]!.up) ? coefficients[0]!.up : null,
    scalarBound: most((c) => Math.abs(c.mantissa) * rowBound * 2 ** (down - c.down)),
    columnBound,
    bound,
  };
}

export interface RulePlan {
  readonly shape: RuleShape;
  readonly products: readonly ProductPlan[];
}

/**
 * Null if some value may not fit 32 bits: such a rule is left to the interpreter, as is one that stores nothing, and one
 * whose weights have a limit, as the code ends them where their format does.
 */
export function planRule(shape: RuleShape): RulePlan | null {
  if (shape.products.length === 0 || shape.limited) return null;
  const products = shape.products.map((product) => planProduct(shape, product));
  const fits = products.every(
    ({ form, scalarBound, columnBound, bound }) =>
      bound < WORD_LIMIT && (form !== 'words' || scalarBound * columnBound < WORD_LIMIT),
  );
  const sums = (['w', 'd', 't'] as const).map((target) =>
    products.reduce((sum, plan) => sum + (plan.target === target ? plan.bound : 0), HALF_MAX + 1),
  );
  if (!fits || (shape.once && sums.some((sum) => sum >= WORD_LIMIT))) return null;
  return { shape, products };
}
