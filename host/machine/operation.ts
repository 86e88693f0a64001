// What a block's synaptic operations are counted as, and how long one takes. [HW 6.2]

import type { BlockImage, TimingImage } from '../image/image.ts';
import type { Layout } from './core-module.ts';

const COUNTERS = {
  dense: 'COUNTER_SYNAPTIC_OPS_DENSE',
  sparse: 'COUNTER_SYNAPTIC_OPS_SPARSE',
  conv: 'COUNTER_SYNAPTIC_OPS_CONV',
} as const;
const TIMES = { dense: 'synapticOpDense', sparse: 'synapticOpSparse', conv: 'synapticOpConv' } as const;

/** Quanta of an operation. */
export function operationTime(timing: TimingImage, { operation }: BlockImage): number {
  return timing[TIMES[operation]];
}

/** Fields of the record of a block. */
export function operationFields(layout: Layout, timing: TimingImage, block: BlockImage) {
  return {
    BLOCK_OPERATION_COUNTER: layout[COUNTERS[block.operation]],
    BLOCK_OPERATION_TIME: operationTime(timing, block),
  };
}
