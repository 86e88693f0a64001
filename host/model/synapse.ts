// Synapses: what each holds, and the weight that it adds to a dendritic accumulator. [HW 3]

import type { BlockImage, ConvolutionImage, CoreImage } from '../image/image.ts';
import { sat, shift, wrap } from './arithmetic.ts';

const EFFECTIVE_WEIGHT_MAX = 32767n; // 2^21 - 64, in units of 64
/** Magnitude bits of an accumulator as every executor has it; the chip's own inputs stay far below. */
const ACCUMULATOR_BITS = 31;

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

/**
 * The synapses of a block, by row: all columns of a row of a matrix, those that a list names, or the outputs that a kernel
 * reaches. Rows that share a list have synapses of their own here.
 */
export function synapsesOf(block: BlockImage): Synapse[][] {
  const { weights, targets, mantissas, rowStart, delays, columns, shared, convolution } = block;
  const of = (column: number, mantissa: number, delay: number): Synapse => ({
    column,
    w: BigInt(mantissa),
    d: BigInt(delay),
    t: 0n,
  });
  if (convolution !== null) return convolved(block, convolution, of);
  const delayAt = (at: number): number => (delays === null ? block.delay : delays[at]!);
  return Array.from(block.rowElements, (_, row) => {
    const list = shared === null ? row : shared.list[row]!;
    const base = shared === null ? 0 : shared.base[row]!;
    if (weights === null) {
      const synapses: Synapse[] = [];
      for (let i = rowStart![list]!; i < rowStart![list + 1]!; i++)
        synapses.push(of(base + targets![i]!, mantissas![i]!, delayAt(i)));
      return synapses;
    }
    return Array.from({ length: columns }, (_, column) => {
      const at = list * columns + column;
      return of(base + column, weights[at]!, delayAt(at));
    });
  });
}

/** The synapses of a convolution: every output looks for the inputs that its kernel covers. [HW 7] */
function convolved(
  block: BlockImage,
  { from, to, kernel, stride, padding, dilation, groups, firstChannel, weights }: ConvolutionImage,
  of: (column: number, mantissa: number, delay: number) => Synapse,
): Synapse[][] {
  const bySource = new Map<number, Synapse[]>();
  const [inputs, outputs] = [from[0] / groups, to[0] / groups];
  for (let column = 0; column < block.columns; column++) {
    const element = block.columnElement + column;
    const x = element % to[2];
    const y = Math.floor(element / to[2]) % to[1];
    const channel = Math.floor(element / (to[1] * to[2]));
    for (let input = 0; input < inputs; input++) {
      const fromChannel = Math.floor(channel / outputs) * inputs + input;
      for (let ky = 0; ky < kernel[0]; ky++) {
        for (let kx = 0; kx < kernel[1]; kx++) {
          const [fromY, fromX] = [
            y * stride[0] - padding[0] + ky * dilation[0],
            x * stride[1] - padding[1] + kx * dilation[1],
          ];
          if (fromY < 0 || fromY >= from[1] || fromX < 0 || fromX >= from[2]) continue;
          const source = (fromChannel * from[1] + fromY) * from[2] + fromX;
          const place = ((channel - firstChannel) * inputs + input) * kernel[0] * kernel[1];
          const synapses = bySource.get(source) ?? [];
          synapses.push(of(column, weights[place + ky * kernel[1] + kx]!, block.delay));
          bySource.set(source, synapses);
        }
      }
    }
  }
  return Array.from(block.rowElements, (element) => bySource.get(element) ?? []);
}

/** mantissa · 2^exponent in units of 64, per synapse (C6), floored (C5). [HW 3.2] */
export function effectiveWeight(block: BlockImage, mantissa: bigint): bigint {
  return sat(shift(mantissa, block.exponent), -EFFECTIVE_WEIGHT_MAX, EFFECTIVE_WEIGHT_MAX);
}

/** The rings of dendritic accumulators of a core, one for every compartment. [HW 3.4] */
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
    slot[compartment] = wrap(slot[compartment]! + weight, ACCUMULATOR_BITS);
  }

  /** What is due at a step, which is then 0. */
  take(time: number, compartment: number): bigint {
    const slot = this.#slot(time);
    const sum = slot[compartment]!;
    slot[compartment] = 0n;
    return sum;
  }

  /** [slot][compartment] of `count` compartments, slot = step modulo the ring's length. */
  values(first: number, count: number): number[] {
    return this.#slots.flatMap((slot) => slot.slice(first, first + count).map(Number));
  }
}
