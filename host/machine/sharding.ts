// How a network is divided between threads: each has a shard, a run of neighbouring cores.

import { UserError } from '../errors.ts';
import type { BlockImage, ChipImage, CoreImage } from '../image/image.ts';
import type { TimingMode } from './timing-mode.ts';

/** The cores of one thread. */
export interface CoreRange {
  readonly first: number;
  /** The one behind the last. */
  readonly end: number;
}

/** Why a network can only run on one thread; null if it can be divided. */
export function whyOneThread(image: ChipImage, timing: TimingMode): string | null {
  if (image.cores.length < 2) return 'the network is on one core, and a core is never divided';
  if (timing === 'cycle') return 'timing mode cycle simulates one mesh for all cores';
  if (image.semantics.weightRead === 'late')
    return 'with semantics.weightRead late, spikes wait in the queues of the whole network';
  if (image.wires.length > 0 || image.ports.some(({ values }) => values))
    return 'its wires carry values from core to core within a step';
  return null;
}

/** @throws UserError if the network cannot be divided */
export function checkThreads(image: ChipImage, timing: TimingMode, threads: number): void {
  const why = threads > 1 ? whyOneThread(image, timing) : null;
  if (why === null) return;
  throw new UserError(`${threads} threads: ${why}`, {
    code: 'one-thread',
    path: '--threads',
    got: threads,
    limit: 1,
  });
}

/**
 * Nanoseconds that a step may take on a core, as far as can be told before it runs: a compartment takes about one, a
 * synapse a fraction of what an operation takes, since few sources spike.
 */
function workOf({ groups, blocks }: CoreImage): number {
  const synapses = ({ rowElements, columns, weights, rowStart }: BlockImage): number =>
    weights !== null ? (rowElements.length * columns) / 512 : (rowStart?.at(-1) ?? rowElements.length) / 32;
  return (
    groups.reduce((sum, { count }) => sum + count, 0) +
    blocks.reduce((sum, block) => sum + synapses(block), 0)
  );
}

/** The same for all cores, in seconds. */
export function estimatedStepS({ cores }: ChipImage): number {
  return cores.reduce((sum, core) => sum + workOf(core), 0) * 1e-9;
}

/** At most `threads` runs of cores, with about as much work each. */
export function divideCores({ cores }: ChipImage, threads: number): CoreRange[] {
  const count = Math.min(threads, cores.length);
  const work = cores.map(workOf);
  const all = work.reduce((sum, each) => sum + each, 0);
  const ranges: CoreRange[] = [];
  let first = 0;
  let done = 0;
  for (let shard = 0; shard < count; shard++) {
    const last = cores.length - (count - shard - 1); // every later shard needs a core
    const goal = (all * (shard + 1)) / count;
    let end = first + 1;
    done += work[first]!;
    while (end < last && (shard === count - 1 || done + work[end]! / 2 <= goal)) done += work[end++]!;
    ranges.push({ first, end });
    first = end;
  }
  return ranges;
}
