// Synapses of a wide block: signed 32-bit weights, messages with a payload, and the weight exponent applied to
// every synapse or to the sum of a step's spikes (C6), as the block says. Rows that received messages are kept by
// step, so that a weight can be read when the spike arrives or when the target integrates (C22).

import { Counters } from './count';
import { Fixed } from './fixed';
import {
  BLOCK_ACCUMULATOR,
  BLOCK_BINARY,
  BLOCK_COLUMNS,
  BLOCK_CORE,
  BLOCK_DELAY,
  BLOCK_DELAYS,
  BLOCK_DELAYS_LENGTH,
  BLOCK_GROUP,
  BLOCK_OPERATION_COUNTER,
  BLOCK_OPERATION_TIME,
  BLOCK_PLASTIC,
  BLOCK_RECEIVED,
  BLOCK_ROW_SYNAPSES,
  BLOCK_ROWS,
  BLOCK_SPANS,
  BLOCK_SUM_BITS,
  BLOCK_SUM_SHIFT,
  BLOCK_SUMS,
  BLOCK_SYNAPSE_LIMIT,
  BLOCK_SYNAPSE_SHIFT,
  BLOCK_TAP,
  BLOCK_WEIGHTS,
  CHIP_PHASE,
  CHIP_TIME,
  CORE_ACCUMULATORS,
  CORE_LEARN_ON,
  CORE_RECEIVE_TIME,
  CORE_SLOT_MASK,
  CORE_SLOT_STRIDE,
} from './layout';
import { Touched } from './synapse';
import { historyOf } from './wide-history';
import { noteWidePre } from './wide-trace';

class Weights {
  /** A weight as it is added: with its exponent, within its limit. Shifts floor. */
  @inline static effective(weight: i32, shift: i32, limit: i32): i64 {
    const shifted: i64 = shift >= 0 ? (<i64>weight) << shift : <i64>weight >> -shift;
    if (limit == 0) return shifted;
    return shifted > limit ? limit : shifted < -limit ? -limit : shifted;
  }

  /** A sum as it is delivered. */
  @inline static total(sum: i64, shift: i32, bits: i32): i32 {
    const shifted = shift >= 0 ? sum << shift : sum >> -shift;
    return <i32>(bits == 0 ? shifted : Fixed.wrapLong(shifted, bits));
  }
}

/** A message for one row of a block, in this step. */
export function receiveMessage(chip: usize, block: usize, row: u32, payload: i32): void {
  const place = historyOf(block, load<u32>(chip, CHIP_TIME)) + (row << 2);
  const value = load<u32>(block, BLOCK_BINARY) != 0 ? 1 : payload;
  store<i32>(place, load<i32>(place) + value);
  store<u32>(block, load<u32>(block, BLOCK_RECEIVED) + 1, BLOCK_RECEIVED);
  const plastic: usize = load<u32>(block, BLOCK_PLASTIC);
  if (plastic == 0 || value == 0) return; // a graded 0 is like no spike
  if (load<u32>(<usize>load<u32>(block, BLOCK_CORE), CORE_LEARN_ON) != 0)
    noteWidePre(chip, plastic, load<u32>(block, BLOCK_ROWS), row, payload);
}

/** Forgets the oldest step of the history: its place is the present step's. */
export function openWide(chip: usize, block: usize): void {
  memory.fill(historyOf(block, load<u32>(chip, CHIP_TIME)), 0, load<u32>(block, BLOCK_ROWS) << 2);
  store<u32>(block, 0, BLOCK_RECEIVED);
}

/** Delivers the sums of one delay, each to the slot of step `arrival`, and leaves them 0. */
function deliverSums(block: usize, sums: usize, arrival: u32): void {
  const core: usize = load<u32>(block, BLOCK_CORE);
  const columns = load<u32>(block, BLOCK_COLUMNS);
  const slot = arrival & load<u32>(core, CORE_SLOT_MASK);
  const acc: usize =
    load<u32>(core, CORE_ACCUMULATORS) +
    slot * load<u32>(core, CORE_SLOT_STRIDE) +
    (load<u32>(block, BLOCK_ACCUMULATOR) << 2);
  // Compartments of the chip itself are skipped unless their slot is marked.
  const group: usize = load<u32>(block, BLOCK_GROUP);
  Touched.mark(core, group, (<u64>1) << slot);
  const taps: usize = load<u32>(block, BLOCK_TAP);
  const tap = taps + ((slot * columns) << 2);
  const shift = load<i32>(block, BLOCK_SUM_SHIFT);
  const bits = load<i32>(block, BLOCK_SUM_BITS);
  for (let column: usize = 0; column < columns; column++) {
    const sum = load<i64>(sums + (column << 3));
    if (sum == 0) continue;
    store<i64>(sums + (column << 3), 0);
    const total = Weights.total(sum, shift, bits);
    const place = acc + (column << 2);
    store<i32>(place, load<i32>(place) + total);
    if (taps != 0) store<i32>(tap + (column << 2), load<i32>(tap + (column << 2)) + total);
  }
}

/** Synapses of a row: places of the matrix that the network has a synapse for. */
function synapsesOf(block: usize, row: u32): u32 {
  const counts: usize = load<u32>(block, BLOCK_ROW_SYNAPSES);
  return counts == 0 ? load<u32>(block, BLOCK_COLUMNS) : load<u32>(counts + (row << 2));
}

function countOps(chip: usize, block: usize, operations: u32): void {
  if (operations == 0) return;
  const core: usize = load<u32>(block, BLOCK_CORE);
  Counters.add(core, load<u32>(chip, CHIP_PHASE), load<u32>(block, BLOCK_OPERATION_COUNTER), operations);
  const time = operations * load<u32>(block, BLOCK_OPERATION_TIME);
  store<u32>(core, load<u32>(core, CORE_RECEIVE_TIME) + time, CORE_RECEIVE_TIME);
}

/** Adds one row, times its payload, to the sums; synapses with delays of their own each to their delay's. */
function addRow(block: usize, row: u32, payload: i32): void {
  const columns = load<u32>(block, BLOCK_COLUMNS);
  const weights = <usize>load<u32>(block, BLOCK_WEIGHTS) + ((row * columns) << 2);
  const delays: usize = load<u32>(block, BLOCK_DELAYS);
  const sums: usize = load<u32>(block, BLOCK_SUMS);
  const shift = load<i32>(block, BLOCK_SYNAPSE_SHIFT);
  const limit = load<i32>(block, BLOCK_SYNAPSE_LIMIT);
  const spans: usize = load<u32>(block, BLOCK_SPANS);
  const first: u32 = spans == 0 ? 0 : load<u32>(spans + (row << 3));
  const end = spans == 0 ? columns : load<u32>(spans + (row << 3), 4);
  for (let column = first; column < end; column++) {
    const delay = delays == 0 ? 0 : <u32>load<u8>(delays + row * columns + column);
    const place = sums + ((<usize>(delay * columns + column)) << 3);
    const weight = load<i32>(weights + (column << 2));
    store<i64>(place, load<i64>(place) + Weights.effective(weight, shift, limit) * payload);
  }
}

/** Early reading: the rows that received messages in this step, with the weights as they are now. */
export function flushWide(chip: usize, block: usize): void {
  if (load<u32>(block, BLOCK_RECEIVED) == 0) return;
  const time = load<u32>(chip, CHIP_TIME);
  const rows = load<u32>(block, BLOCK_ROWS);
  const history = historyOf(block, time);
  let operations: u32 = 0;
  for (let row: u32 = 0; row < rows; row++) {
    const payload = load<i32>(history + (row << 2));
    if (payload == 0) continue;
    operations += synapsesOf(block, row);
    addRow(block, row, payload);
  }
  countOps(chip, block, operations);
  const length = load<u32>(block, BLOCK_DELAYS_LENGTH);
  const bytes = load<u32>(block, BLOCK_COLUMNS) << 3;
  const arrival = time + 1 + load<u32>(block, BLOCK_DELAY);
  for (let delay: u32 = 0; delay < length; delay++)
    deliverSums(block, <usize>load<u32>(block, BLOCK_SUMS) + delay * bytes, arrival + delay);
}

/** Late reading: the spikes that arrive in this step, with the weights that the last step's learning left. */
export function flushWideLate(chip: usize, block: usize): void {
  const time = load<u32>(chip, CHIP_TIME);
  const rows = load<u32>(block, BLOCK_ROWS);
  const columns = load<u32>(block, BLOCK_COLUMNS);
  const length = load<u32>(block, BLOCK_DELAYS_LENGTH);
  const delays: usize = load<u32>(block, BLOCK_DELAYS);
  const sums: usize = load<u32>(block, BLOCK_SUMS);
  const shift = load<i32>(block, BLOCK_SYNAPSE_SHIFT);
  const limit = load<i32>(block, BLOCK_SYNAPSE_LIMIT);
  let operations: u32 = 0;
  for (let delay: u32 = 0; delay < length; delay++) {
    const back: u32 = 1 + load<u32>(block, BLOCK_DELAY) + delay;
    if (back >= time) break; // before the first step
    const history = historyOf(block, time - back);
    for (let row: u32 = 0; row < rows; row++) {
      const payload = load<i32>(history + (row << 2));
      if (payload == 0) continue;
      if (delay == 0) operations += synapsesOf(block, row);
      const weights = <usize>load<u32>(block, BLOCK_WEIGHTS) + ((row * columns) << 2);
      for (let column: u32 = 0; column < columns; column++) {
        if (delays != 0 && <u32>load<u8>(delays + row * columns + column) != delay) continue;
        const place = sums + ((<usize>column) << 3);
        const weight = load<i32>(weights + (column << 2));
        store<i64>(place, load<i64>(place) + Weights.effective(weight, shift, limit) * payload);
      }
    }
    deliverSums(block, sums, time);
  }
  countOps(chip, block, operations);
}
