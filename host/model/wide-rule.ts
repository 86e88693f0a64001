// The arithmetic of a learning rule on a synapse that learns with traces of its own, with every option on which
// public models differ: scaling, limits, rounding. [HW 4.2], [HW 4.5], C10, C11
//
// A rule whose products are not scaled is that of models in floating point, and is computed so.

import type { BlockImage, ChipImage, PlasticImage, WideProductImage } from '../image/image.ts';
import { magnitude, sat, sgn, shift } from './arithmetic.ts';

const FRACTION_BITS = 7; // the accumulator counts in 1/128
const ACCUMULATOR_MAX = 2n ** 15n - 1n;
const DELAY_MAX = 255n;
const TAG_MAX = 255n;

type Target = WideProductImage['target'];

/** A synapse before the epoch, and what its rule reads besides. */
export interface WideEpoch {
  readonly steps: number;
  /** Number of the epoch as u<k> counts it. */
  readonly number: number;
  readonly w: bigint;
  readonly d: bigint;
  readonly t: bigint;
  /** tx, ty: 0 = no spike. */
  readonly preStep: number;
  readonly postStep: number;
  /** [trace][step] of x1, x2 and of y1, y2, y3; 0 is the epoch's start. */
  readonly pre: readonly (readonly number[])[];
  readonly post: readonly (readonly number[])[];
}

/** The step at which a product reads traces, or undefined if its gate is closed. */
function readStep({ gate, decimation }: WideProductImage, epoch: WideEpoch): number | undefined {
  if (gate === 'x0') return epoch.preStep > 0 ? epoch.preStep : undefined;
  if (gate === 'y0') return epoch.postStep > 0 ? epoch.postStep : undefined;
  return epoch.number % 2 ** decimation === 0 ? epoch.steps : undefined;
}

function variableOf(name: string, epoch: WideEpoch, step: number): bigint {
  if (name === 'w' || name === 'd' || name === 't') return epoch[name];
  if (name === 'x0') return epoch.preStep > 0 ? 1n : 0n;
  if (name === 'y0') return epoch.postStep > 0 ? 1n : 0n;
  const course = (name.startsWith('x') ? epoch.pre : epoch.post)[Number(name.slice(1)) - 1];
  if (course === undefined) throw new Error(`no synapse has a "${name}" of its own`);
  return BigInt(course[step]!);
}

/** m · Π (V + C), each factor within its width if it has one. */
function multiplied({ mantissa, factors }: WideProductImage, epoch: WideEpoch, step: number): bigint {
  return factors.reduce((product, { variable, constant, sign, width }) => {
    const sum = variableOf(variable, epoch, step) + BigInt(constant);
    if (sign) return product * sgn(sum);
    const limit = 2n ** BigInt(width);
    return product * (width === 0 ? sum : sat(sum, -limit, limit - 1n));
  }, BigInt(mantissa));
}

/** The rules of one block. */
export class WideRule {
  readonly #semantics: ChipImage['semantics'];
  readonly #plastic: PlasticImage;
  readonly #signMode: BlockImage['signMode'];

  constructor(semantics: ChipImage['semantics'], plastic: PlasticImage, signMode: BlockImage['signMode']) {
    this.#semantics = semantics;
    this.#plastic = plastic;
    this.#signMode = signMode;
  }

  changes(target: Target): boolean {
    return this.#plastic.products.some((product) => product.target === target);
  }

  /** The change of a variable in floating point, as the rule is written. */
  #change(target: Target, epoch: WideEpoch): number {
    let change = 0;
    for (const product of this.#plastic.products) {
      const step = product.target === target ? readStep(product, epoch) : undefined;
      if (step !== undefined) change += Number(multiplied(product, epoch, step)) * 2 ** product.up;
    }
    return change;
  }

  /** The accumulator of a target: z · 128 plus the products that are due. */
  #accumulator(target: Target, epoch: WideEpoch): bigint {
    const { ruleLimit, ruleSaturation } = this.#semantics;
    const low = ruleLimit === 'oneBelow' ? -ACCUMULATOR_MAX - 2n : -ACCUMULATOR_MAX - 1n;
    const limited = (x: bigint): bigint => sat(x, low, ACCUMULATOR_MAX);
    let sum = epoch[target] << BigInt(FRACTION_BITS);
    for (const product of this.#plastic.products) {
      const step = product.target === target ? readStep(product, epoch) : undefined;
      if (step === undefined) continue;
      const p = shift(shift(multiplied(product, epoch, step), -product.down), product.up);
      sum = ruleSaturation === 'once' ? sum + p : limited(sum + limited(p));
    }
    return ruleSaturation === 'once' ? limited(sum) : sum;
  }

  /** What the sign of a variable leaves of its accumulator. */
  #signed(target: Target, sum: bigint): bigint {
    const isPositive = target === 'd' || (target === 'w' && this.#signMode === 'excitatory');
    const isNegative = target === 'w' && this.#signMode === 'inhibitory';
    if ((isPositive && sum < 0n) || (isNegative && sum > 0n)) return 0n;
    return sum;
  }

  #grid(target: Target): number {
    return target === 'w' ? this.#plastic.grid : 0;
  }

  /** Stochastic rounding of 1/128ths to the grid, of the magnitude or up from the floor (C11). */
  #rounded(target: Target, sum: bigint, random: number): bigint {
    const grid = this.#grid(target);
    const bits = FRACTION_BITS + grid;
    const isFloored = this.#semantics.ruleRounding === 'floor';
    const size = isFloored ? sum : magnitude(sum);
    const rest = Number(BigInt.asUintN(bits, size)) / 2 ** bits;
    const rounded = (shift(size, -bits) + (random < rest ? 1n : 0n)) << BigInt(grid);
    return isFloored ? rounded : sgn(sum) * rounded;
  }

  /** Whether a change away from zero takes one more step of the grid. */
  #takesStep(target: Target, change: number, random: number): boolean {
    const size = BigInt(Math.ceil(Math.abs(change)));
    const grid = this.#grid(target);
    return random < Number(BigInt.asUintN(grid, size)) / 2 ** grid;
  }

  /**
   * The step of the grid that rounding will add to the weight's change, decided from what there was before the spikes
   * of the step: 1, 0 or -1. `epoch` is one without spikes.
   */
  decideWeight(epoch: WideEpoch, random: number): bigint {
    const change = this.#change('w', epoch);
    if (!this.#takesStep('w', change, random)) return 0n;
    return change < 0 ? -1n : 1n;
  }

  /** The new value of a variable, and whether it met its limits. `decided`: the step that was decided before. */
  evaluate(
    target: Target,
    epoch: WideEpoch,
    random: number,
    decided?: bigint,
  ): { readonly value: bigint; readonly clipped: boolean } {
    const unranged = this.#unranged(target, epoch, random, decided);
    const value = this.#ranged(target, unranged);
    return { value, clipped: value !== unranged };
  }

  #unranged(target: Target, epoch: WideEpoch, random: number, decided: bigint | undefined): bigint {
    const { ruleDownscale, ruleRounding } = this.#semantics;
    if (ruleDownscale !== 'none')
      return this.#rounded(target, this.#signed(target, this.#accumulator(target, epoch)), random);
    const change = this.#change(target, epoch);
    if (ruleRounding === 'awayFromZero') {
      const direction = change < 0 ? -1n : 1n;
      const steps = shift(BigInt(Math.ceil(Math.abs(change))), -this.#grid(target));
      const further = decided ?? (this.#takesStep(target, change, random) ? direction : 0n);
      return epoch[target] + ((direction * steps + further) << BigInt(this.#grid(target)));
    }
    const sum = BigInt(Math.floor((Number(epoch[target]) + change) * 2 ** FRACTION_BITS));
    return this.#rounded(target, this.#signed(target, sum), random);
  }

  #ranged(target: Target, value: bigint): bigint {
    if (target === 'd') return sat(value, 0n, DELAY_MAX);
    if (target === 't') return sat(value, this.#semantics.ruleLimit === 'oneBelow' ? -257n : -256n, TAG_MAX);
    return sat(value, BigInt(this.#plastic.weightMin), BigInt(this.#plastic.weightMax));
  }
}
