// Products of learning rules as the core reads them, and what a core must keep for its rules.

import type { ChipImage, CoreImage, ProductImage } from '../image/image.ts';
import type { Layout, LayoutName } from './core-module.ts';

/** Codes of factors, and of their signs. */
export const FACTOR_NAMES: Record<string, LayoutName> = {
  x0: 'FACTOR_X0',
  x1: 'FACTOR_X1',
  x2: 'FACTOR_X2',
  y0: 'FACTOR_Y0',
  y1: 'FACTOR_Y1',
  y2: 'FACTOR_Y2',
  y3: 'FACTOR_Y3',
  r0: 'FACTOR_R0',
  r1: 'FACTOR_R1',
  w: 'FACTOR_WEIGHT',
  d: 'FACTOR_DELAY',
  t: 'FACTOR_TAG',
};
export const SIGN_FACTOR_NAMES: Record<string, LayoutName> = {
  w: 'FACTOR_SIGN_WEIGHT',
  d: 'FACTOR_SIGN_DELAY',
  t: 'FACTOR_SIGN_TAG',
};
export const TARGETS = { w: 'TARGET_WEIGHT', d: 'TARGET_DELAY', t: 'TARGET_TAG' } as const;
export const GATES = { x0: 'GATE_X0', y0: 'GATE_Y0', u: 'GATE_EPOCH' } as const;

/** Traces that products read: bits of x1, x2, y1, y2, y3, as in CORE_USED_TRACES. */
export function tracesRead(
  products: readonly { readonly factors: readonly { readonly variable: string }[] }[],
): number {
  const names = products.flatMap(({ factors }) => factors.map(({ variable }) => variable));
  return ['x1', 'x2', 'y1', 'y2', 'y3'].reduce(
    (bits, name, i) => bits | (names.includes(name) ? 1 << i : 0),
    0,
  );
}

/** True if some product can act on a synapse whose axon has neither a spike in the epoch nor a pre trace. */
export function actsOnAllRows(core: CoreImage): boolean {
  return core.rules.some(({ products }) =>
    products.some(
      ({ gate, factors }) =>
        gate !== 'x0' && !factors.some(({ variable }) => ['x0', 'x1', 'x2'].includes(variable)),
    ),
  );
}

/**
 * True if a product changes the weights of all synapses of a row whose targets fired by the same amount: nothing
 * but y0 differs by synapse. With gate y0 a pre trace differs too, since it is read at the post spike.
 */
function isUniform({ target, gate, factors }: ProductImage): boolean {
  const rowFactors = ['x0', 'r0', 'r1', ...(gate === 'y0' ? [] : ['x1', 'x2'])];
  const others = factors.filter(({ variable }) => variable !== 'y0');
  return (
    target === 'w' &&
    (gate === 'y0' || others.length < factors.length) &&
    others.every(({ variable, sign }) => rowFactors.includes(variable) && !sign)
  );
}

/** True if w, d and t are factors of nine bits: PRODUCT_WIDE. [HW 4.5] */
export function hasWideFactors({ semantics }: ChipImage): boolean {
  return semantics.ruleDownscale === 'sumPlus4';
}

/** The bytes of a product record; `wide` as PRODUCT_WIDE says. */
export function productBytes(layout: Layout, product: ProductImage, wide: boolean): Uint8Array {
  const bytes = new Uint8Array(layout.PRODUCT_STRIDE);
  bytes[layout.PRODUCT_TARGET] = layout[TARGETS[product.target]];
  bytes[layout.PRODUCT_GATE] = layout[GATES[product.gate]];
  bytes[layout.PRODUCT_DECIMATION] = product.decimation;
  bytes[layout.PRODUCT_MANTISSA] = product.mantissa;
  bytes[layout.PRODUCT_DOWN] = product.down;
  bytes[layout.PRODUCT_UP] = product.up;
  bytes[layout.PRODUCT_WIDE] = wide ? 1 : 0;
  bytes[layout.PRODUCT_UNIFORM] = isUniform(product) ? 1 : 0;
  bytes[layout.PRODUCT_FACTOR_COUNT] = product.factors.length;
  product.factors.forEach(({ variable, constant, sign }, i) => {
    const name = (sign ? SIGN_FACTOR_NAMES : FACTOR_NAMES)[variable];
    if (name === undefined) throw new Error(`no factor code for ${sign ? `sgn(${variable})` : variable}`);
    bytes[layout.PRODUCT_FACTORS + 2 * i] = layout[name];
    bytes[layout.PRODUCT_FACTORS + 2 * i + 1] = constant;
  });
  return bytes;
}
