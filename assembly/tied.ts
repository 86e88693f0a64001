// Tied synapses, an extension that no chip has: all synapses of a group on one core have one weight. Each lies in its own
// row, where spikes read it and the rule changes it as if it were alone. At the end of the epoch the group's weight takes
// the sum of these changes, within the range of the format, and every synapse of the group takes that weight.

import {
  BLOCK_DROPPED_BITS,
  BLOCK_GRID_MIN,
  BLOCK_LIVE,
  BLOCK_TIED_COUNT,
  BLOCK_TIED_KEPT,
  BLOCK_TIED_PLACES,
  BLOCK_TIED_STARTS,
  BLOCK_WEIGHT_MAX,
  BLOCK_WEIGHT_MIN,
  BLOCK_WEIGHTS,
  CORE_PLASTIC_BLOCK_COUNT,
  CORE_PLASTIC_BLOCKS,
} from './layout';
import { countClips } from './microcode';

/** True if the rule of a block with tied synapses may run in this epoch. */
function isConcerned(block: usize): bool {
  return load<u32>(block, BLOCK_TIED_COUNT) != 0 && load<u64>(block, BLOCK_LIVE) != 0;
}

/** Keeps the weight of every group of a core as it is before the rules run; before that the synapses of a group are equal. */
export function keepTied(core: usize): void {
  let place: usize = load<u32>(core, CORE_PLASTIC_BLOCKS);
  const end = place + ((<usize>load<u32>(core, CORE_PLASTIC_BLOCK_COUNT)) << 2);
  for (; place < end; place += 4) {
    const block: usize = load<u32>(place);
    if (!isConcerned(block)) continue;
    const weights: usize = load<u32>(block, BLOCK_WEIGHTS);
    const starts: usize = load<u32>(block, BLOCK_TIED_STARTS);
    const places: usize = load<u32>(block, BLOCK_TIED_PLACES);
    const kept: usize = load<u32>(block, BLOCK_TIED_KEPT);
    const count = load<u32>(block, BLOCK_TIED_COUNT);
    for (let group: usize = 0; group < count; group++) {
      const first: usize = load<u32>(starts + (group << 2));
      store<u8>(kept + group, load<u8>(weights + load<u32>(places + (first << 2))));
    }
  }
}

/** Joins the synapses of one group, listed from `first` to `end`. Returns false if their weight met its range. */
function joinGroup(weights: usize, first: usize, end: usize, before: i32, low: i32, high: i32): bool {
  let sum: i32 = 0;
  let differing: i32 = 0;
  for (let place = first; place < end; place += 4) {
    const change = <i32>load<u8>(weights + load<u32>(place)) - before;
    sum += change;
    differing |= change;
  }
  if (differing == 0) return true;
  const weight = min(max(before + sum, low), high);
  for (let place = first; place < end; place += 4) store<u8>(weights + load<u32>(place), <u8>weight);
  return weight == before + sum;
}

function joinBlock(block: usize): void {
  const weights: usize = load<u32>(block, BLOCK_WEIGHTS);
  const starts: usize = load<u32>(block, BLOCK_TIED_STARTS);
  const places: usize = load<u32>(block, BLOCK_TIED_PLACES);
  const kept: usize = load<u32>(block, BLOCK_TIED_KEPT);
  const count = load<u32>(block, BLOCK_TIED_COUNT);
  const dropped = load<i32>(block, BLOCK_DROPPED_BITS);
  const least = load<i32>(block, BLOCK_GRID_MIN);
  const low = (load<i32>(block, BLOCK_WEIGHT_MIN) >> dropped) - least;
  const high = (load<i32>(block, BLOCK_WEIGHT_MAX) >> dropped) - least;
  let clips: u32 = 0;
  for (let group: usize = 0; group < count; group++) {
    const first = places + ((<usize>load<u32>(starts + (group << 2))) << 2);
    const end = places + ((<usize>load<u32>(starts + (group << 2), 4)) << 2);
    if (!joinGroup(weights, first, end, load<u8>(kept + group), low, high)) clips++;
  }
  countClips(clips);
}

/** Gives the synapses of every group of a core one weight again, after the rules have run. */
export function joinTied(core: usize): void {
  let place: usize = load<u32>(core, CORE_PLASTIC_BLOCKS);
  const end = place + ((<usize>load<u32>(core, CORE_PLASTIC_BLOCK_COUNT)) << 2);
  for (; place < end; place += 4) {
    const block: usize = load<u32>(place);
    if (isConcerned(block)) joinBlock(block);
  }
}
