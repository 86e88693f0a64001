// What the parts of a learning rule's function share: its parameters, and locals by the name of what they hold.

import type { ProductImage } from '../../image/image.ts';
import type { Layout } from '../core-module.ts';
import type { FactorPlan, ProductPlan, RulePlan } from './rule-shape.ts';
import { Code, type LocalType } from './wasm-code.ts';

export type Target = ProductImage['target'];

export const CHIP = 0;
export const CORE = 1;
export const BLOCK = 2;
export const INDEX = 3;
export const AXON = 4;
export const FIRST = 5;
export const END = 6;
export const PARAMETERS = 7;
/** Index of no row. */
export const NO_ROW = 0xffff;

export const FRACTION_BITS = 7;
export const HALF_MAX = 32767;
/** Columns of one turn of the loop, and its two vectors of eight. */
export const GROUP = 16;
export const HALVES = [0, 1] as const;
export type Half = (typeof HALVES)[number];

export function isPre({ variable }: FactorPlan): boolean {
  return variable === 'x1' || variable === 'x2';
}

export function isPost({ variable }: FactorPlan): boolean {
  return variable === 'y1' || variable === 'y2' || variable === 'y3';
}

/** Place of a trace among its kind. */
export function traceIndex({ variable }: FactorPlan): number {
  return Number(variable.slice(1)) - 1;
}

/** Name of the column that a product reads a trace from. */
export function traceColumn(plan: ProductPlan, factor: FactorPlan): string {
  return `${plan.gate} ${factor.variable}`;
}

/** True if a product of words is one of halves: the dot product with (s, 0). */
export function multipliesHalves({ scalarBound, columnBound }: ProductPlan): boolean {
  return scalarBound <= HALF_MAX && columnBound <= HALF_MAX;
}

export class RuleFrame {
  readonly plan: RulePlan;
  readonly layout: Layout;
  readonly code = new Code();
  readonly locals: LocalType[] = [];
  readonly scratchWord = this.local('word');
  readonly scratchVector = this.local('vector');
  /** First column of the running group; address of its place in the block's list. */
  readonly at = this.local('word');
  readonly next = this.local('word');
  readonly #held = new Map<string, number>();

  constructor(plan: RulePlan, layout: Layout) {
    this.plan = plan;
    this.layout = layout;
  }

  local(type: LocalType): number {
    return PARAMETERS + this.locals.push(type) - 1;
  }

  get(name: string): number {
    const local = this.#held.get(name);
    if (local === undefined) throw new Error(`no local holds "${name}"`);
    return local;
  }

  /** Sets the local of a name to what is on the stack. */
  hold(name: string, type: LocalType): number {
    const local = this.#held.get(name) ?? this.local(type);
    this.#held.set(name, local);
    this.code.set(local);
    return local;
  }

  /** The vector of a name; `push` computes it the first time. */
  vector(name: string, push: () => void): number {
    const local = this.#held.get(name);
    if (local !== undefined) return local;
    push();
    return this.hold(name, 'vector');
  }

  /** True if a sum that saturates once may leave 16 bits on the way. */
  isWide(target: Target): boolean {
    const { shape, products } = this.plan;
    const sum = products.reduce((all, plan) => all + (plan.target === target ? plan.bound : 0), 0);
    return shape.once && sum > HALF_MAX;
  }
}
