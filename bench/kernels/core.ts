// The core as it is, with loops around single kernels, so that a benchmark's calls from the host are no part of its time.

import { activeCompartments, overflowed, updateGroup } from '../../assembly/compartment';
import { BLOCK_QUEUE, BLOCK_QUEUED, CHIP_TIME, GROUP_TOUCHED, HISTORY_STEPS } from '../../assembly/layout';
import { changedSynapses, clippedWeights, runCompiled } from '../../assembly/microcode';
import { executedInstructions, programOverflowed, runProgram } from '../../assembly/program';
import { flushQueue } from '../../assembly/synapse';

export * from '../../assembly/index';

/** Epochs after which the weights begin anew, or they would all end at a limit. */
const RESET_EPOCHS: u32 = 32;

/** Adds `queued` rows to the accumulators, `times` times: from `lists` of as many places each, in turn. */
export function repeatFlush(
  chip: usize,
  block: usize,
  lists: usize,
  listCount: u32,
  queued: u32,
  times: u32,
): void {
  const queue = load<u32>(block, BLOCK_QUEUE);
  for (let i: u32 = 0; i < times; i++) {
    store<u32>(block, <u32>(lists + ((<usize>((i % listCount) * queued)) << 2)), BLOCK_QUEUE);
    store<u32>(block, queued, BLOCK_QUEUED);
    flushQueue(chip, block, 0);
  }
  store<u32>(block, queue, BLOCK_QUEUE);
}

/** Updates a group so many times, each as in a step in which it gets input; returns its active compartments of all times, and overflows << 48. */
export function repeatUpdate(chip: usize, core: usize, group: usize, times: u32): u64 {
  let active: u64 = 0;
  let overflows: u64 = 0;
  for (let i: u32 = 0; i < times; i++) {
    store<u64>(group, <u64>-1, GROUP_TOUCHED);
    updateGroup(chip, core, group);
    active += activeCompartments;
    if (overflowed) overflows++;
  }
  return active | (overflows << 48);
}

/** The same for a group that runs a program; returns the instructions executed, and overflows. */
export function repeatProgram(chip: usize, core: usize, group: usize, times: u32): u64 {
  let executed: u64 = 0;
  let overflows: u64 = 0;
  for (let i: u32 = 0; i < times; i++) {
    runProgram(chip, core, group);
    executed += executedInstructions;
    if (programOverflowed) overflows++;
  }
  return executed | (overflows << 48);
}

/**
 * Lets a block learn in so many epochs by its rule's own function. `history`: where a row's x1 is at the end of an epoch;
 * `traces`: u8 [row][2] what is put there and at its x2; `start`: the weights to begin with.
 */
export function repeatLearn(
  chip: usize,
  core: usize,
  block: usize,
  rows: u32,
  columns: u32,
  history: usize,
  traces: usize,
  weights: usize,
  start: usize,
  turns: u32,
): void {
  for (let i: u32 = 0; i < turns; i++) {
    const time = load<u32>(chip, CHIP_TIME);
    if (time % RESET_EPOCHS == 0) memory.copy(weights, start, rows * columns);
    store<u32>(chip, time + 1, CHIP_TIME);
    for (let row: u32 = 0; row < rows; row++) {
      store<u8>(history, load<u8>(traces + (row << 1)));
      store<u8>(history + HISTORY_STEPS, load<u8>(traces + (row << 1), 1));
      runCompiled(chip, core, block, row, row, 0, columns);
    }
  }
}

/** Weights that rules have changed so far. */
export function changedSoFar(): u32 {
  return changedSynapses;
}

/** Weights that they have clipped. */
export function clippedSoFar(): u32 {
  return clippedWeights;
}
