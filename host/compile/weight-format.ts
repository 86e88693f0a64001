// Weight grids: which mantissas a synapse format can hold. [HW 3.1]

import type { SignMode, SynapseParameters } from '../network/network.ts';

export interface WeightGrid {
  /** Low mantissa bits that are not stored; mantissas are multiples of 2^droppedBits. */
  readonly droppedBits: number;
  /** Least and greatest mantissa. */
  readonly min: number;
  readonly max: number;
}

/** The grid of a format. A mixed weight spends one bit on its sign, so its step is twice as large. */
export function weightGrid(signMode: SignMode, bits: number): WeightGrid {
  const droppedBits = 8 - bits + (signMode === 'mixed' ? 1 : 0);
  const step = 2 ** droppedBits;
  if (signMode === 'mixed') return { droppedBits, min: -256, max: 256 - step };
  const max = 256 - step;
  return signMode === 'excitatory' ? { droppedBits, min: 0, max } : { droppedBits, min: -max, max: 0 };
}

/** The mantissa as stored: low bits dropped by an arithmetic shift, inhibitory magnitudes floored [C5]. */
export function onGrid(grid: WeightGrid, signMode: SignMode, mantissa: number): number {
  const { droppedBits } = grid;
  if (signMode === 'inhibitory') return -((-mantissa >> droppedBits) << droppedBits);
  return (mantissa >> droppedBits) << droppedBits;
}

/** Weight in accumulator units (64 units of u): mantissa · 2^exponent, floored [C5], [C6]. */
export function accumulatorUnits(synapse: SynapseParameters, mantissa: number): number {
  return Math.floor(mantissa * 2 ** synapse.exponent);
}
