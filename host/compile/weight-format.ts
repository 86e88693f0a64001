// Weight grids: which mantissas a synapse format can hold, and what a stored weight adds. [HW 3.1], [HW 3.2]

import type { Chip } from '../chip/schema.ts';
import type { Semantics } from '../chip/semantics.ts';
import type { SignMode, SynapseParameters } from '../network/network.ts';

export interface WeightGrid {
  /** Low mantissa bits that are not stored; mantissas are multiples of 2^droppedBits. */
  readonly droppedBits: number;
  /** Least and greatest mantissa. */
  readonly min: number;
  readonly max: number;
}

/** The grid of a format on the chip. A mixed weight spends one bit on its sign, so its step is twice as large. */
export function storedGrid(signMode: SignMode, bits: number): WeightGrid {
  const droppedBits = 8 - bits + (signMode === 'mixed' ? 1 : 0);
  const step = 2 ** droppedBits;
  const max = Math.floor(255 / step) * step;
  if (signMode === 'mixed') return { droppedBits, min: 0 - Math.floor(256 / step) * step, max };
  return signMode === 'excitatory' ? { droppedBits, min: 0, max } : { droppedBits, min: 0 - max, max: 0 };
}

/** The grid of a format as the semantics have it. */
export function weightGrid({ semantics }: Chip, signMode: SignMode, bits: number): WeightGrid {
  const grid = storedGrid(signMode, bits);
  if (semantics.weightRange === 'symmetric') {
    const most = signMode === 'inhibitory' ? -grid.min : grid.max;
    return { ...grid, min: 0 - most, max: most };
  }
  if (signMode === 'inhibitory' && semantics.inhibitoryMinimum === 'twosComplement') {
    const step = 2 ** grid.droppedBits;
    return { ...grid, min: 0 - Math.floor(256 / step) * step };
  }
  return grid;
}

/** Half to even. */
export function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  if (rest !== 0.5) return Math.round(x);
  return floor % 2 === 0 ? floor : floor + 1;
}

/** The mantissa as stored, not yet within the range of its grid. [C5] */
export function onGrid(
  rounding: Semantics['weightRounding'],
  { droppedBits }: WeightGrid,
  signMode: SignMode,
  mantissa: number,
): number {
  const step = 2 ** droppedBits;
  if (rounding === 'nearestEven') return roundHalfEven(mantissa / step) * step;
  // Inhibitory weights are magnitudes: their floor is toward zero.
  if (rounding === 'towardZero' || signMode === 'inhibitory') return Math.trunc(mantissa / step) * step;
  return Math.floor(mantissa / step) * step;
}

/** Greatest finished weight by magnitude, in accumulator units. */
export function weightLimit(chip: Chip): number {
  return Math.floor(chip.synapse.effectiveWeightMax / 2 ** chip.synapse.weightShift);
}

/** Weight in accumulator units (64 units of u): mantissa · 2^exponent, floored [C5], [C6]. */
export function accumulatorUnits(synapse: SynapseParameters, mantissa: number): number {
  return Math.floor(mantissa * 2 ** synapse.exponent);
}

/** A stored weight in accumulator units, as the semantics round it, within the chip's limit. */
export function finishedWeight(chip: Chip, synapse: SynapseParameters, mantissa: number): number {
  const { exponentRounding } = chip.semantics;
  const grid = weightGrid(chip, synapse.signMode, synapse.bits);
  const shift = grid.droppedBits + synapse.exponent;
  const limit = weightLimit(chip);
  if (exponentRounding === 'floor' || shift >= 0) {
    return Math.min(Math.max(accumulatorUnits(synapse, mantissa), -limit), limit);
  }
  // nengo-loihi rounds what is left after the shift, puts it back in steps of the grid, and shifts.
  const step = 2 ** grid.droppedBits;
  const most = grid.max / step;
  const rounded = roundHalfEven((mantissa / step) * 2 ** shift) / 2 ** shift;
  return Math.trunc(Math.min(Math.max(rounded, -most), most)) >> -shift;
}
