// Tied synapses, which no chip has: after a learning epoch those of a group on one core have one weight again.

import type { BlockImage } from '../image/image.ts';
import { sat } from './arithmetic.ts';
import { weightLimits } from './rule.ts';
import type { Synapse } from './synapse.ts';

/** The synapses of each group of a block. */
export function groupsOf({ tied }: BlockImage, rows: readonly (readonly Synapse[])[]): Synapse[][] {
  if (tied === null) return [];
  const synapses = rows.flat();
  return Array.from({ length: tied.starts.length - 1 }, (_, group) =>
    Array.from(tied.places.subarray(tied.starts[group], tied.starts[group + 1]), (at) => synapses[at]!),
  );
}

/**
 * The weight of a group changes by the sum of what each of its synapses changed.
 * @param before weights of the synapses before the epoch
 * @returns true if the sum was out of the range of the block's weights
 */
export function join(block: BlockImage, group: readonly Synapse[], before: readonly bigint[]): boolean {
  const change = group.reduce((sum, { w }, i) => sum + w - before[i]!, 0n);
  const { low, high } = weightLimits(block);
  const wanted = before[0]! + change;
  const weight = sat(wanted, low, high);
  for (const synapse of group) synapse.w = weight;
  return weight !== wanted;
}
