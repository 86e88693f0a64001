// The arithmetic of a learning rule on one synapse. All three sums see w, d and t as they were before. [HW 4.2],
// [HW 4.5]

import type { BlockImage, ChipImage, ProductImage } from '../image/image.ts';
import { magnitude, sat, sgn } from './arithmetic.ts';
import { subkey, word } from './random.ts';
import { droppedBits, type Synapse } from './synapse.ts';

const FRACTION_BITS = 7; // the accumulator counts in 1/128
const ACCUMULATOR_MIN = -(2n ** 15n);
const ACCUMULATOR_MAX = 2n ** 15n - 1n;
const TAG_MIN = -256n;
const TAG_MAX = 255n;

/** Magnitude bits of a factor V + C; Lava gives w, d and t nine (C10). */
function widthOf(semantics: ChipImage['semantics'], variable: string): bigint {
  if (variable === 'x0' || variable === 'y0' || variable === 'r0') return 1n;
  if (variable !== 'w' && variable !== 'd' && variable !== 't') return 7n;
  if (semantics.ruleDownscale === 'sumPlus4') return 9n;
  return variable === 'd' ? 6n : 8n;
}

/** Place of a target in random keys. */
const TARGETS = { w: 0, d: 1, t: 2 } as const;

/** What the products of one synapse read, besides its own variables. */
export interface Epoch {
  readonly steps: number;
  /** Number of the epoch, from 1. */
  readonly number: number;
  /** tx, ty: 0 = no spike. */
  readonly preStep: number;
  readonly postStep: number;
  /** [trace][step] of x1, x2 and of y1, y2, y3; 0 is the epoch's start. */
  readonly pre: readonly (readonly number[])[];
  readonly post: readonly (readonly number[])[];
  readonly r0: boolean;
  readonly r1: number;
}

/** The step at which a product reads traces, or undefined if it is not evaluated in this epoch. */
function readStep({ gate, decimation }: ProductImage, epoch: Epoch): number | undefined {
  if (gate === 'x0') return epoch.preStep > 0 ? epoch.preStep : undefined;
  if (gate === 'y0') return epoch.postStep > 0 ? epoch.postStep : undefined;
  return epoch.number % 2 ** decimation === 0 ? epoch.steps : undefined;
}

function variableOf(name: string, synapse: Synapse, epoch: Epoch, step: number): bigint {
  const index = Number(name.slice(1));
  if (name === 'w' || name === 'd' || name === 't') return synapse[name];
  if (name === 'x0') return epoch.preStep > 0 ? 1n : 0n;
  if (name === 'y0') return epoch.postStep > 0 ? 1n : 0n;
  if (name === 'r0') return epoch.r0 ? 1n : 0n;
  if (name === 'r1') return BigInt(epoch.r1);
  const traces = name.startsWith('x') ? epoch.pre : epoch.post;
  return BigInt(traces[index - 1]![step]!);
}

/** m · Π (V + C), scaled to 1/128. */
function productValue(
  semantics: ChipImage['semantics'],
  product: ProductImage,
  synapse: Synapse,
  epoch: Epoch,
  step: number,
): bigint {
  let p = BigInt(product.mantissa);
  for (const { variable, constant, sign } of product.factors) {
    const sum = variableOf(variable, synapse, epoch, step) + BigInt(constant);
    const limit = 2n ** widthOf(semantics, variable);
    p *= sign ? sgn(sum) : sat(sum, -limit, limit - 1n);
  }
  return (p >> BigInt(product.down)) << BigInt(product.up);
}

interface Sum {
  readonly value: bigint;
  readonly saturated: boolean;
}

function limited(x: bigint): bigint {
  return sat(x, ACCUMULATOR_MIN, ACCUMULATOR_MAX);
}

/** The accumulator of a target: z · 128 plus the products that are due. */
function accumulate(
  semantics: ChipImage['semantics'],
  products: readonly ProductImage[],
  target: ProductImage['target'],
  synapse: Synapse,
  epoch: Epoch,
): Sum {
  let value = synapse[target] << BigInt(FRACTION_BITS);
  let exact = value;
  for (const product of products) {
    if (product.target !== target) continue;
    const step = readStep(product, epoch);
    if (step === undefined) continue;
    const p = productValue(semantics, product, synapse, epoch, step);
    exact += p;
    value = semantics.ruleSaturation === 'once' ? value + p : limited(value + limited(p));
  }
  value = limited(value);
  return { value, saturated: value !== exact };
}

/** Stochastic rounding to a multiple of 2^grid, the magnitude rounded up with the probability of the rest (C11). */
function toGrid(sum: bigint, grid: number, random16: number): bigint {
  const bits = FRACTION_BITS + grid;
  const steps = magnitude(sum) >> BigInt(bits);
  const rest = BigInt.asUintN(bits, magnitude(sum));
  const up = BigInt(random16 >> (16 - bits)) < rest ? 1n : 0n;
  return sgn(sum) * ((steps + up) << BigInt(grid));
}

/** 16 random bits of a synapse in this epoch. */
function random16(rowKey: number, target: ProductImage['target'], column: number): number {
  const bits = word(subkey(rowKey, TARGETS[target]), column >> 1);
  return column % 2 === 0 ? bits & 0xffff : bits >>> 16;
}

/** Least and greatest mantissa of a format, and what its limit leaves of them. [HW 3.1], [HW 3.3] */
export function weightLimits(block: BlockImage): { low: bigint; high: bigint } {
  const step = 2n ** BigInt(droppedBits(block));
  const [low, high] = {
    mixed: [-256n, 256n - step],
    excitatory: [0n, 256n - step],
    inhibitory: [step - 256n, 0n],
  }[block.signMode] as [bigint, bigint];
  return { low: sat(BigInt(block.weightMin), low, high), high: sat(BigInt(block.weightMax), low, high) };
}

export interface SynapseUpdate {
  readonly changed: boolean;
  readonly clipped: boolean;
  readonly saturated: boolean;
}

/** What the sign mode leaves of a weight's accumulator. */
function signed(sum: bigint, mode: BlockImage['signMode']): bigint {
  if (mode === 'excitatory') return sat(sum, 0n, ACCUMULATOR_MAX);
  return mode === 'inhibitory' ? sat(sum, ACCUMULATOR_MIN, 0n) : sum;
}

/**
 * Applies a rule to one synapse; a variable that is no product's target keeps its value.
 * @param rowKey random key of its row in this epoch
 * @param delayMax what the ring of accumulators allows
 */
export function applyRule(
  semantics: ChipImage['semantics'],
  products: readonly ProductImage[],
  block: BlockImage,
  synapse: Synapse,
  epoch: Epoch,
  rowKey: number,
  delayMax: number,
): SynapseUpdate {
  const column = block.columnElement + synapse.column;
  const before = { ...synapse };
  const isTarget = { w: false, d: false, t: false };
  for (const { target } of products) isTarget[target] = true;
  let clipped = false;
  let saturated = false;
  if (isTarget.w) {
    const sum = accumulate(semantics, products, 'w', before, epoch);
    const bits = random16(rowKey, 'w', column);
    const w = toGrid(signed(sum.value, block.signMode), droppedBits(block), bits);
    const { low, high } = weightLimits(block);
    synapse.w = sat(w, low, high);
    clipped = synapse.w !== w;
    saturated ||= sum.saturated;
  }
  if (isTarget.d) {
    const sum = accumulate(semantics, products, 'd', before, epoch);
    const d = toGrid(sat(sum.value, 0n, ACCUMULATOR_MAX), 0, random16(rowKey, 'd', column));
    synapse.d = sat(d, 0n, BigInt(delayMax));
    saturated ||= sum.saturated;
  }
  if (isTarget.t) {
    const sum = accumulate(semantics, products, 't', before, epoch);
    synapse.t = sat(toGrid(sum.value, 0, random16(rowKey, 't', column)), TAG_MIN, TAG_MAX);
    saturated ||= sum.saturated;
  }
  return { changed: synapse.w !== before.w, clipped, saturated };
}
