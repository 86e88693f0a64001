// A learning rule as data: a sum of products for each of w, d and t, z ← z + Σ m·2^e · gate · Π (V + C) [HW 4.2].

/** What a rule changes: weight, delay or tag of a synapse. */
export const RULE_TARGETS = ['w', 'd', 't'] as const;
export type RuleTarget = (typeof RULE_TARGETS)[number];

/** Variables that a product can read, besides the gates u0..u9. [HW 4.1] */
export const RULE_VARIABLES = ['x0', 'x1', 'x2', 'y0', 'y1', 'y2', 'y3', 'r0', 'r1', 'w', 'd', 't'] as const;
export type RuleVariable = (typeof RULE_VARIABLES)[number];

/** One factor: V + C, or sgn(V + C). */
export interface Factor {
  readonly variable: RuleVariable;
  /** C; 0 unless the variable is w, d or t. */
  readonly constant: number;
  readonly sign: boolean;
}

/**
 * What decides when a product is evaluated and at which moment its traces are read: at the pre spike (x0), at
 * the post spike (y0), or at the end of every 2^k-th epoch (u).
 */
export type Gate =
  | { readonly kind: 'x0' }
  | { readonly kind: 'y0' }
  | { readonly kind: 'u'; readonly k: number };

export interface Product {
  readonly gate: Gate;
  /** Signed mantissa, -8..7. */
  readonly mantissa: number;
  /** Exponent, -7..8. */
  readonly exponent: number;
  /** The plain numbers multiplied, and the powers of two, as they are written. */
  readonly written: { readonly mantissa: number; readonly exponent: number };
  /** Without the gate. */
  readonly factors: readonly Factor[];
  /** As written. */
  readonly text: string;
}

export interface RuleSum {
  readonly target: RuleTarget;
  readonly products: readonly Product[];
  /** As written, `dw = …` included. */
  readonly text: string;
}

/** `x0`, `y0` or `u3`. */
export function gateName(gate: Gate): string {
  return gate.kind === 'u' ? `u${gate.k}` : gate.kind;
}
