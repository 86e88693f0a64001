// The arithmetic of the hardware reference, written down once more as plainly as possible: one line of code
// per line of the document, in bigint where a product could lose bits. Nothing here knows the emulator.

/** Two's complement with n bits + sign. [HW 0.2] */
export function wrap(x: number, bits: number): number {
  return Number(BigInt.asIntN(bits + 1, BigInt(x)));
}

/** sgn(x) · (|x| · (4096 - δ) >> 12). [HW 2.2] */
export function decay(x: number, effective: number): number {
  const magnitude = Number((BigInt(Math.abs(x)) * BigInt(4096 - effective)) >> 12n);
  return x < 0 ? 0 - magnitude : magnitude;
}

export interface CompartmentReference {
  readonly effectiveDecayU: number;
  readonly effectiveDecayV: number;
  /** Mantissa << 6. */
  readonly threshold: number;
  readonly bias?: number;
  readonly refractory?: number;
  readonly vMin?: number;
  readonly vMax?: number;
  readonly spikeTest?: 'gt' | 'ge';
}

export interface CompartmentState {
  u: number;
  v: number;
  wait: number;
}

/** One update, in the order of [HW 2.2]; true if the compartment fires. */
export function update(state: CompartmentState, parameters: CompartmentReference, input: number): boolean {
  const { effectiveDecayU, effectiveDecayV, threshold, bias = 0, refractory = 1 } = parameters;
  const q = wrap(input, 21);
  state.u = wrap(decay(state.u, effectiveDecayU) + q, 23);
  const t = wrap(state.u + bias, 23);
  const v = decay(state.v, effectiveDecayV) + t;
  state.v = Math.min(Math.max(v, parameters.vMin ?? -8388607), parameters.vMax ?? 8388607);
  if (state.wait > 0) state.v = 0;
  const fires = parameters.spikeTest === 'ge' ? state.v >= threshold : state.v > threshold;
  if (fires) {
    state.v = 0;
    state.wait = refractory;
  }
  state.wait = Math.max(state.wait - 1, 0);
  return fires;
}

export type SignMode = 'mixed' | 'excitatory' | 'inhibitory';

/** Low mantissa bits that are not stored. [HW 3.1] */
export function droppedBits(mode: SignMode, bits: number): number {
  return mode === 'mixed' ? 8 - bits + 1 : 8 - bits;
}

/** The stored mantissa: floor for mixed weights, magnitude floored for inhibitory ones. [HW 3.1], C5 */
export function stored(mode: SignMode, bits: number, mantissa: number): number {
  const step = 2 ** droppedBits(mode, bits);
  const floored = Math.floor((mode === 'inhibitory' ? -mantissa : mantissa) / step) * step;
  return mode === 'inhibitory' ? 0 - floored : floored;
}

/** ((mantissa on the grid · 2^exponent) floored) · 64. [HW 3.2], C6 */
export function effectiveWeight(mode: SignMode, bits: number, exponent: number, mantissa: number): number {
  return Math.floor(stored(mode, bits, mantissa) * 2 ** exponent) * 64;
}

export interface ReferenceFactor {
  readonly variable: string;
  readonly constant?: number;
  readonly sign?: boolean;
}

export interface ReferenceProduct {
  readonly mantissa: number;
  readonly exponent: number;
  readonly factors: readonly ReferenceFactor[];
}

/** Widths of factors: nengo's magnitudes under sumPlus3, Lava's under sumPlus4. [HW 4.5] */
function width(variable: string, downscale: 'sumPlus3' | 'sumPlus4', sign: boolean): number {
  if (sign || ['x0', 'y0', 'r0'].includes(variable)) return 1;
  if (variable === 'w' || variable === 't') return downscale === 'sumPlus3' ? 8 : 9;
  if (variable === 'd') return downscale === 'sumPlus3' ? 6 : 9;
  return 7;
}

/** One product in units of 1/128, scaled as the engine does. [HW 4.5] */
export function productValue(
  product: ReferenceProduct,
  values: Readonly<Record<string, number>>,
  downscale: 'sumPlus3' | 'sumPlus4' = 'sumPlus3',
): bigint {
  let p = BigInt(product.mantissa);
  let bits = 0;
  for (const { variable, constant = 0, sign = false } of product.factors) {
    const n = width(variable, downscale, sign);
    const shifted = values[variable]! + constant;
    const limited = Math.min(Math.max(shifted, -(2 ** n)), 2 ** n - 1);
    p *= BigInt(sign ? Math.sign(shifted) : limited);
    bits += n;
  }
  if (downscale === 'sumPlus4') {
    const down = Math.max(0, bits + 4 - 15);
    return (p >> BigInt(down)) << BigInt(product.exponent + 7);
  }
  const shift = product.exponent + 7 - Math.max(0, bits + 3 - 15);
  return shift >= 0 ? p << BigInt(shift) : p >> BigInt(-shift);
}

const saturated = (x: bigint): bigint => (x > 32767n ? 32767n : x < -32768n ? -32768n : x);

/** The accumulator of a sum of products, in 1/128. [HW 4.5] */
export function accumulate(
  before: number,
  products: readonly bigint[],
  saturation: 'perProduct' | 'once' = 'perProduct',
): bigint {
  const start = BigInt(before) << 7n;
  if (saturation === 'once') return saturated(products.reduce((sum, p) => sum + p, start));
  return products.reduce((sum, p) => saturated(sum + saturated(p)), start);
}

/** What a stochastic rounding of an accumulator to a multiple of `grid` can give. C11 */
export interface Rounding {
  /** Toward zero, and away from it. */
  readonly down: number;
  readonly up: number;
  /** Probability of `up`, 0 if there is nothing to round. */
  readonly probability: number;
}

export function rounding(accumulator: bigint, grid: number): Rounding {
  const sign = accumulator < 0n ? -1 : 1;
  const magnitude = accumulator < 0n ? -accumulator : accumulator;
  const unit = 128n * BigInt(grid);
  const steps = Number(magnitude / unit);
  const rest = Number(magnitude % unit);
  const down = sign * steps * grid + 0;
  return {
    down: down === 0 ? 0 : down,
    up: rest === 0 ? (down === 0 ? 0 : down) : sign * (steps + 1) * grid,
    probability: rest / Number(unit),
  };
}
