// Synapses: what each holds, and the weight that it adds to a dendritic accumulator. [HW 3]

import type { BlockImage, CoreImage } from '../image/image.ts';
import { sat, shift } from './arithmetic.ts';

/** Accumulators and currents count in units of the least weight: the lowest six bits are always 0. */
const WEIGHT_SHIFT = 6;
const EFFECTIVE_WEIGHT_MAX = 2097088n; // 2^21 - 64

/** The three synaptic variables, and the target. */
export interface Synapse {
  readonly column: number;
  /** Mantissa, on the grid of its format. */
  w: bigint;
  /** Delay in steps. */
  d: bigint;
  /** Tag. */
  t: bigint;
}

/** Low mantissa bits that a format does not store: a mixed weight spends one more on its sign. [HW 3.1] */
export function droppedBits(block: BlockImage): number {
  return 8 - block.bits + (block.signMode === 'mixed' ? 1 : 0);
}

/** The synapses of a block, by row. A block of a matrix has all columns in every row, a sparse one those it lists. */
export function synapsesOf(block: BlockImage): Synapse[][] {
  const { weights, targets, mantissas, rowStart, delays, columns } = block;
  return Array.from(block.rowElements, (_, row) => {
    const of = (column: number, mantissa: number, delay: number): Synapse => ({
      column,
      w: BigInt(mantissa),
      d: BigInt(delay),
      t: 0n,
    });
    const delayAt = (at: number): number => (delays === null ? block.delay : delays[at]!);
    if (weights === null) {
      const synapses: Synapse[] = [];
      for (let i = rowStart![row]!; i < rowStart![row + 1]!; i++)
        synapses.push(of(targets![i]!, mantissas![i]!, delayAt(i)));
      return synapses;
    }
    return Array.from({ length: columns }, (_, column) => {
      const at = row * columns + column;
      return of(column, weights[at]!, delayAt(at));
    });
  });
}

/** True if its synapses are stored with a target each. [HW 1.3] */
export function isSparse(block: BlockImage): boolean {
  return block.weights === null;
}

/** (mantissa · 2^exponent truncated to an integer) · 64, per synapse (C6), floored (C5). [HW 3.2] */
export function effectiveWeight(block: BlockImage, mantissa: bigint): bigint {
  const weight = shift(mantissa, block.exponent) << BigInt(WEIGHT_SHIFT);
  return sat(weight, -EFFECTIVE_WEIGHT_MAX, EFFECTIVE_WEIGHT_MAX);
}

/** The rings of dendritic accumulators of a core. [HW 3.4] */
export class Accumulators {
  readonly #slots: bigint[][];

  constructor(core: CoreImage, compartments: number) {
    this.#slots = Array.from({ length: core.accumulators }, () => new Array<bigint>(compartments).fill(0n));
  }

  #slot(time: number): bigint[] {
    return this.#slots[time % this.#slots.length]!;
  }

  /** Adds a weight that is due at a step. */
  add(time: number, compartment: number, weight: bigint): void {
    const slot = this.#slot(time);
    slot[compartment] = slot[compartment]! + weight;
  }

  /** What is due at a step, which is then 0. */
  take(time: number, compartment: number): bigint {
    const slot = this.#slot(time);
    const sum = slot[compartment]!;
    slot[compartment] = 0n;
    return sum;
  }

  /** [slot][compartment], slot = step modulo the ring's length. */
  values(): number[] {
    const values: number[] = [];
    for (const slot of this.#slots) for (const sum of slot) values.push(Number(sum));
    return values;
  }
}
