// Operand ranges of the chip, and the shifts that a product's factors cost. [HW 4.1], [HW 4.2], [HW 4.5]

import type { Chip } from '../chip/schema.ts';
import { UserError } from '../errors.ts';
import type { WideProductImage } from '../image/image.ts';
import type { Factor, Product, RuleSum } from './rule.ts';

/** A product as the learning engine stores it. */
export interface EncodedProduct extends Product {
  /** Right shift of the product before the left shift. */
  readonly down: number;
  /** Left shift: the exponent plus the seven fraction bits of the accumulator. */
  readonly up: number;
}

/** Fraction bits of the rule accumulator. */
const FRACTION_BITS = 7;
/** The interpreter multiplies in 32 bits. */
const PRODUCT_BITS_MAX = 31;
/** Factors of a product that the core's records hold. */
const FACTORS_MAX = 8;

/** Magnitude bits of w, d and t in Lava's applier. */
const WIDE_BITS = 9;

/** Magnitude bits of a factor: those of the variable, or Lava's. [HW 4.5], C10 */
function factorBits(chip: Chip, factor: Factor): number {
  if (factor.sign) return 1;
  const wide = chip.semantics.ruleDownscale === 'sumPlus4';
  switch (factor.variable) {
    case 'x0':
    case 'y0':
    case 'r0':
      return 1;
    case 'r1':
      return chip.learning.reward - 1;
    case 'w':
    case 't':
      return wide ? WIDE_BITS : chip.synapse.tag;
    case 'd':
      return wide ? WIDE_BITS : 6;
    default:
      return chip.learning.trace;
  }
}

function checkRange(
  rule: string,
  product: Product,
  what: string,
  got: number,
  low: number,
  high: number,
): void {
  if (got >= low && got <= high) return;
  throw new UserError(`${rule}: ${what} of "${product.text}" is ${got}; the chip has ${low}..${high}`, {
    code: 'rule-range',
    path: rule,
    got,
    limit: [low, high],
  });
}

/**
 * Checks a product against the chip and works out its shifts.
 * @param rule name of the rule, for messages
 * @throws UserError if an operand is out of the chip's range
 */
export function encodeProduct(chip: Chip, rule: string, product: Product): EncodedProduct {
  const { learning, semantics } = chip;
  const half = 2 ** (learning.ruleMantissa - 1);
  if (product.mantissa < -half || product.mantissa >= half) {
    throw new UserError(
      `${rule}: the coefficient of "${product.text}" needs a mantissa of ${product.mantissa}; the chip has ${-half}..${half - 1}`,
      {
        code: 'rule-range',
        path: rule,
        got: product.mantissa,
        limit: [-half, half - 1],
        hint: 'write it as two products whose coefficients fit',
      },
    );
  }
  checkRange(
    rule,
    product,
    'the exponent',
    product.exponent,
    learning.ruleExponentMin,
    learning.ruleExponentMax,
  );
  if (product.gate.kind === 'u') {
    checkRange(rule, product, 'the decimation k of u<k>', product.gate.k, 0, learning.decimationMax);
  }
  checkRange(rule, product, 'the number of factors', product.factors.length, 0, FACTORS_MAX);
  const constantMax = 2 ** (learning.constant - 1) - 1;
  let bits = 0; // the gate has no width: two traces under it lose 2 bits (3 in Lava) [HW 4.5]
  for (const factor of product.factors) {
    checkFactor(chip, rule, product, factor, constantMax);
    bits += factorBits(chip, factor);
  }
  checkRange(rule, product, 'the width of the factors', bits + learning.ruleMantissa, 0, PRODUCT_BITS_MAX);
  const overflow = (margin: number) => Math.max(0, bits + margin - learning.accumulator);
  if (semantics.ruleDownscale === 'sumPlus4') {
    return { ...product, down: overflow(4), up: product.exponent + FRACTION_BITS };
  }
  const net = product.exponent + FRACTION_BITS - overflow(3);
  return { ...product, down: Math.max(0, -net), up: Math.max(0, net) };
}

function checkFactor(chip: Chip, rule: string, product: Product, factor: Factor, constantMax: number): void {
  const { variable, constant } = factor;
  const index = Number(variable.slice(1));
  if (variable.startsWith('x') && index > chip.learning.preTraces) refuse(`${variable} does not exist`);
  if (variable.startsWith('y') && index > chip.learning.postTraces) refuse(`${variable} does not exist`);
  checkRange(rule, product, `the constant of ${variable}`, constant, -constantMax - 1, constantMax);
  // The constants added to w and t are stored halved. [HW 4.1]
  if ((variable === 'w' || variable === 't') && constant % 2 !== 0) {
    refuse(`the constant ${constant} of ${variable} is odd, and the chip stores half of it`);
  }
  function refuse(reason: string): never {
    throw new UserError(`${rule}: in "${product.text}" ${reason} [HW 4.1]`, {
      code: 'rule-range',
      path: rule,
    });
  }
}

/** Checks and encodes all products of a rule. */
export function encodeRule(chip: Chip, rule: string, sum: RuleSum): EncodedProduct[] {
  return sum.products.map((product) => encodeProduct(chip, rule, product));
}

/** Halves a large even mantissa, as Lava does with what is written. */
function writtenCoefficient({ written }: Product): { mantissa: number; exponent: number } {
  let { mantissa, exponent } = written;
  while (Math.abs(mantissa) > 7 && mantissa % 2 === 0 && exponent < 8) {
    mantissa /= 2;
    exponent++;
  }
  return { mantissa, exponent };
}

/**
 * Encodes all products of a rule for wide synapses, which hold any mantissa and any constant.
 * @throws UserError if a product has too many factors
 */
export function encodeWideRule(chip: Chip, rule: string, sum: RuleSum): WideProductImage[] {
  const { ruleDownscale, ruleCoefficient } = chip.semantics;
  return sum.products.map((product) => {
    checkRange(rule, product, 'the number of factors', product.factors.length, 0, FACTORS_MAX);
    const { mantissa, exponent } = ruleCoefficient === 'asWritten' ? writtenCoefficient(product) : product;
    const bits = product.factors.reduce((all, factor) => all + factorBits(chip, factor), 0);
    const overflow = (margin: number) => Math.max(0, bits + margin - chip.learning.accumulator);
    const net = exponent + FRACTION_BITS - overflow(3);
    const scaling =
      ruleDownscale === 'none'
        ? { down: 0, up: exponent }
        : ruleDownscale === 'sumPlus4'
          ? { down: overflow(4), up: exponent + FRACTION_BITS }
          : { down: Math.max(0, -net), up: Math.max(0, net) };
    return {
      target: sum.target,
      gate: product.gate.kind,
      decimation: product.gate.kind === 'u' ? product.gate.k : 0,
      mantissa,
      ...scaling,
      factors: product.factors.map((factor) => ({
        ...factor,
        width: ruleDownscale === 'none' ? 0 : factorBits(chip, factor),
      })),
    };
  });
}
