// Synapses: the rows that arrived in a step are added to the dendritic accumulators of their targets, one
// call per block (the synapses of one projection inside one core); a bundle's blocks share the list of rows, and
// a span has one row for all of its blocks. [HW 3.2], [HW 3.4]
//
// Dense rows hold one byte per synapse: the weight in grid steps minus the least grid step, so that the same
// kernel serves all sign modes; a stored 0 to 255 stands for least .. least + 255. The accumulators count
// in units of 64 (the chip's lowest six bits are always 0); the exponent is applied per synapse [C6], which
// for exponents that do not drop bits is the same as shifting the sum. One-to-one, sparse and convolutional
// projections are lists of finished weights. How a chip packs its lists [HW 1.3] changes no result: it only says
// which counter and time an operation has. A box synapse takes its weight away again after its delay; assumed, and
// counted as one operation [HW 3.3].

import { Counters } from './count';
import {
  BLOCK_ACCUMULATOR,
  BLOCK_ARRIVALS,
  BLOCK_BOX,
  BLOCK_COLUMN_STRIDE,
  BLOCK_COLUMNS,
  BLOCK_CORE,
  BLOCK_DELAY,
  BLOCK_GRID_MIN,
  BLOCK_GROUP,
  BLOCK_KIND,
  BLOCK_KIND_BUNDLE,
  BLOCK_KIND_LIST,
  BLOCK_KIND_SPAN,
  BLOCK_OPERATION_COUNTER,
  BLOCK_OPERATION_TIME,
  BLOCK_QUEUE,
  BLOCK_QUEUED,
  BLOCK_ROW_SYNAPSES,
  BLOCK_SHIFT,
  BLOCK_WEIGHTS,
  BUNDLE_MEMBER_COUNT,
  BUNDLE_MEMBERS,
  CHIP_PHASE,
  CORE_ACCUMULATORS,
  CORE_MESSAGES_IN,
  CORE_RECEIVE_TIME,
  CORE_SLOT_MASK,
  CORE_SLOT_STRIDE,
  CORE_TOUCHED,
  GROUP_TOUCHED,
  MEMBER_BLOCK,
  MEMBER_STRIDE,
  SPAN_MEMBER_COUNT,
  SPAN_MEMBERS,
  SPAN_SUMS,
  SPAN_TALLY_BYTES,
  TALLY_SYNAPSE_BITS,
  TILE,
} from './layout';

/** Rows that one pass may add: 128 bytes of 255 are still positive as words of 16 bits. */
const PASS_ROWS: u32 = 128;
/** Largest shift with which one step is such a word. */
const SHIFT_MAX: i32 = 14;
/** Least weight, in accumulator units: |w| <= 2^21 - 64 [HW 3.2]. */
const WEIGHT_MIN: i32 = -32767;

/** Marks that slots of a group's accumulators hold input. */
export class Touched {
  @inline static mark(core: usize, group: usize, slots: u64): void {
    store<u64>(group, load<u64>(group, GROUP_TOUCHED) | slots, GROUP_TOUCHED);
    store<u64>(core, load<u64>(core, CORE_TOUCHED) | slots, CORE_TOUCHED);
  }
}

/**
 * acc[column] += (Σ over rows of (stored + least)) << shift, for every column: what accumulateTiles computes. `rows`:
 * list of `count` places, in bytes from `weights`, where a row begins.
 */
function accumulateRows(
  acc: usize,
  weights: usize,
  rows: usize,
  count: u32,
  columns: u32,
  least: i32,
  shift: i32,
): void {
  const end = rows + (count << 2);
  for (let row = rows; row < end; row += 4) {
    const bytes = weights + load<u32>(row);
    for (let column: usize = 0; column < columns; column++) {
      const place = acc + (column << 2);
      store<i32>(place, load<i32>(place) + ((<i32>load<u8>(bytes + column) + least) << shift));
    }
  }
}

class Tile {
  /**
   * Adds the sums of 16 columns: bytes arrive as 16-bit words, so odd columns are their high halves. `counts`: the number
   * of rows in every word; `units`: one step and the least weight, both shifted. The product of sums and counts with
   * them widens, shifts and adds the least weights at once.
   */
  @inline static flush(acc: usize, words: v128, highs: v128, counts: v128, units: v128): void {
    const evens = i16x8.sub(words, i16x8.shl(highs, 8));
    const low = v128.shuffle<i16>(evens, highs, 0, 8, 1, 9, 2, 10, 3, 11);
    const high = v128.shuffle<i16>(evens, highs, 4, 12, 5, 13, 6, 14, 7, 15);
    Tile.widen(acc, v128.shuffle<i16>(low, counts, 0, 8, 1, 9, 2, 10, 3, 11), units);
    Tile.widen(acc + 16, v128.shuffle<i16>(low, counts, 4, 12, 5, 13, 6, 14, 7, 15), units);
    Tile.widen(acc + 32, v128.shuffle<i16>(high, counts, 0, 8, 1, 9, 2, 10, 3, 11), units);
    Tile.widen(acc + 48, v128.shuffle<i16>(high, counts, 4, 12, 5, 13, 6, 14, 7, 15), units);
  }

  @inline static widen(acc: usize, pairs: v128, units: v128): void {
    v128.store(acc, i32x4.add(v128.load(acc), i32x4.dot_i16x8_s(pairs, units)));
  }

  /**
   * One tile of `vectors` times 16 columns; `vectors` is a constant at every call. Sixteen bytes are taken as eight
   * 16-bit words: `t` sums the words modulo 2^16 and `h` their high bytes; the sum of the low bytes is t - 256 h. No
   * widening in the row loop, and eight sums stay in registers.
   */
  @inline static add(
    acc: usize,
    first: usize,
    rows: usize,
    end: usize,
    counts: v128,
    units: v128,
    vectors: u32,
  ): void {
    let t0 = i16x8.splat(0);
    let t1 = t0;
    let t2 = t0;
    let t3 = t0;
    let h0 = t0;
    let h1 = t0;
    let h2 = t0;
    let h3 = t0;
    let row = rows;
    do {
      const bytes = first + load<u32>(row);
      let x = v128.load(bytes);
      t0 = i16x8.add(t0, x);
      h0 = i16x8.add(h0, i16x8.shr_u(x, 8));
      if (vectors > 1) {
        x = v128.load(bytes, 16);
        t1 = i16x8.add(t1, x);
        h1 = i16x8.add(h1, i16x8.shr_u(x, 8));
      }
      if (vectors > 2) {
        x = v128.load(bytes, 32);
        t2 = i16x8.add(t2, x);
        h2 = i16x8.add(h2, i16x8.shr_u(x, 8));
      }
      if (vectors > 3) {
        x = v128.load(bytes, 48);
        t3 = i16x8.add(t3, x);
        h3 = i16x8.add(h3, i16x8.shr_u(x, 8));
      }
      row += 4;
    } while (row < end);
    Tile.flush(acc, t0, h0, counts, units);
    if (vectors > 1) Tile.flush(acc + 64, t1, h1, counts, units);
    if (vectors > 2) Tile.flush(acc + 128, t2, h2, counts, units);
    if (vectors > 3) Tile.flush(acc + 192, t3, h3, counts, units);
  }
}

/** The same of 1 to PASS_ROWS rows by tiles of 64 columns; the last one may be of 16, 32 or 48. */
function accumulateTiles(
  acc: usize,
  weights: usize,
  rows: usize,
  count: u32,
  columns: u32,
  least: i32,
  shift: i32,
): void {
  const end = rows + (count << 2);
  const counts = i16x8.splat(<i16>count);
  const units = i32x4.splat((1 << shift) | (least << (shift + 16)));
  const wide: usize = columns & ~(TILE - 1);
  if (wide != 0) {
    let column: usize = 0;
    do {
      Tile.add(acc + (column << 2), weights + column, rows, end, counts, units, 4);
      column += TILE;
    } while (column < wide);
  }
  const place = acc + (wide << 2);
  const left = columns - <u32>wide;
  if (left == 0) return;
  if (left <= 16) Tile.add(place, weights + wide, rows, end, counts, units, 1);
  else if (left <= 32) Tile.add(place, weights + wide, rows, end, counts, units, 2);
  else if (left <= 48) Tile.add(place, weights + wide, rows, end, counts, units, 3);
  else Tile.add(place, weights + wide, rows, end, counts, units, 4);
}

/** A weight in accumulator units, on its own. */
class Weight {
  /** Floored where the exponent drops stored bits [C5]; a mixed weight may reach one unit below the limit. */
  @inline static finish(stored: i32, least: i32, shift: i32): i32 {
    const steps = stored + least;
    return max(shift < 0 ? steps >> -shift : steps << shift, WEIGHT_MIN);
  }

  @inline static finishLanes(bytes: usize, least: v128, shift: i32): v128 {
    const stored = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(bytes)));
    const steps = i32x4.add(stored, least);
    const units = shift < 0 ? i32x4.shr_s(steps, -shift) : i32x4.shl(steps, shift);
    return i32x4.max_s(units, i32x4.splat(WEIGHT_MIN));
  }

  /** True if sums of stored weights cannot be shifted as a whole. */
  @inline static mustFinish(least: i32, shift: i32): bool {
    return shift < 0 || shift > SHIFT_MAX || least << shift < WEIGHT_MIN;
  }
}

/** Rows whose weights must be finished one by one. */
function accumulateFinished(
  acc: usize,
  weights: usize,
  rows: usize,
  count: u32,
  columns: u32,
  least: i32,
  shift: i32,
): void {
  const end = rows + (count << 2);
  for (let row = rows; row < end; row += 4) {
    const bytes = weights + load<u32>(row);
    if (ASC_FEATURE_SIMD) {
      // The last four may reach into the padding, whose weights are 0.
      for (let column: usize = 0; column < columns; column += 4) {
        const place = acc + (column << 2);
        const units = Weight.finishLanes(bytes + column, i32x4.splat(least), shift);
        v128.store(place, i32x4.add(v128.load(place), units));
      }
    } else {
      for (let column: usize = 0; column < columns; column++) {
        const place = acc + (column << 2);
        store<i32>(place, load<i32>(place) + Weight.finish(load<u8>(bytes + column), least, shift));
      }
    }
  }
}

/** Puts a weight into the slot of its delay, or a box into two. Returns the slots it has marked. */
class Arrival {
  @inline static put(
    place: usize,
    units: i32,
    arrival: u32,
    delay: u32,
    mask: u32,
    stride: u32,
    box: bool,
  ): u64 {
    const late = (arrival + delay) & mask;
    const end = place + late * stride;
    let marked = (<u64>1) << late;
    if (box) {
      const soon = arrival & mask;
      const start = place + soon * stride;
      store<i32>(start, load<i32>(start) + units);
      store<i32>(end, load<i32>(end) - units);
      marked |= (<u64>1) << soon;
    } else store<i32>(end, load<i32>(end) + units);
    return marked;
  }
}

/** Rows whose synapses have delays of their own: every synapse goes to its own slot. */
function accumulateDelayed(block: usize, rows: usize, count: u32, core: usize, arrival: u32): void {
  const base: usize = load<u32>(core, CORE_ACCUMULATORS) + (load<u32>(block, BLOCK_ACCUMULATOR) << 2);
  const mask = load<u32>(core, CORE_SLOT_MASK);
  const stride = load<u32>(core, CORE_SLOT_STRIDE);
  const weights: usize = load<u32>(block, BLOCK_WEIGHTS);
  const delays: usize = load<u32>(block, BLOCK_ARRIVALS);
  const box = load<u32>(block, BLOCK_BOX) != 0;
  const columns = load<u32>(block, BLOCK_COLUMNS);
  const least = load<i32>(block, BLOCK_GRID_MIN);
  const shift = load<i32>(block, BLOCK_SHIFT);
  const group: usize = load<u32>(block, BLOCK_GROUP);
  let touched: u64 = 0;
  const end = rows + (count << 2);
  for (let row = rows; row < end; row += 4) {
    const first: usize = load<u32>(row);
    const bytes = weights + first;
    const rowDelays = delays + first;
    for (let column: usize = 0; column < columns; column++) {
      const units = Weight.finish(load<u8>(bytes + column), least, shift);
      const delay = <u32>load<u8>(rowDelays + column);
      touched |= Arrival.put(base + (column << 2), units, arrival, delay, mask, stride, box);
    }
  }
  Touched.mark(core, group, touched);
}

/** Rows of finished weights. Returns the number of synapses; entries are padded to fours with weight 0. */
function accumulateLists(acc: usize, weights: usize, rows: usize, count: u32): u32 {
  const end = rows + (count << 2);
  let synapses: u32 = 0;
  for (let row = rows; row < end; row += 4) {
    let entry = weights + load<u32>(row);
    const length = load<u32>(entry);
    synapses += length;
    entry += 4;
    const last = entry + (((length + 3) & ~3) << 2);
    for (; entry < last; entry += 16) {
      let place = acc + ((<usize>load<u16>(entry, 2)) << 2);
      store<i32>(place, load<i32>(place) + <i32>load<i16>(entry));
      place = acc + ((<usize>load<u16>(entry, 6)) << 2);
      store<i32>(place, load<i32>(place) + <i32>load<i16>(entry, 4));
      place = acc + ((<usize>load<u16>(entry, 10)) << 2);
      store<i32>(place, load<i32>(place) + <i32>load<i16>(entry, 8));
      place = acc + ((<usize>load<u16>(entry, 14)) << 2);
      store<i32>(place, load<i32>(place) + <i32>load<i16>(entry, 12));
    }
  }
  return synapses;
}

/** Rows of finished weights with delays of their own, a byte per word of the lists. Returns the number of synapses. */
function accumulateDelayedLists(block: usize, rows: usize, count: u32, core: usize, arrival: u32): u32 {
  const base: usize = load<u32>(core, CORE_ACCUMULATORS) + (load<u32>(block, BLOCK_ACCUMULATOR) << 2);
  const mask = load<u32>(core, CORE_SLOT_MASK);
  const stride = load<u32>(core, CORE_SLOT_STRIDE);
  const weights: usize = load<u32>(block, BLOCK_WEIGHTS);
  const delays: usize = load<u32>(block, BLOCK_ARRIVALS);
  const box = load<u32>(block, BLOCK_BOX) != 0;
  const group: usize = load<u32>(block, BLOCK_GROUP);
  let touched: u64 = 0;
  const end = rows + (count << 2);
  let synapses: u32 = 0;
  for (let row = rows; row < end; row += 4) {
    const list = weights + load<u32>(row);
    const length = load<u32>(list);
    const listEnd = list + 4 + (length << 2);
    for (let entry = list + 4; entry < listEnd; entry += 4) {
      const delay = <u32>load<u8>(delays + ((entry - weights) >> 2));
      const units = <i32>load<i16>(entry);
      touched |= Arrival.put(
        base + ((<usize>load<u16>(entry, 2)) << 2),
        units,
        arrival,
        delay,
        mask,
        stride,
        box,
      );
    }
    synapses += length;
  }
  Touched.mark(core, group, touched);
  return synapses;
}

/** Synapses of the queued rows of a dense block; what is no synapse weighs 0 and costs nothing. */
function queuedSynapses(block: usize, rows: usize, queued: u32, columns: u32): u32 {
  const ofRow: usize = load<u32>(block, BLOCK_ROW_SYNAPSES);
  if (ofRow == 0) return queued * columns;
  const stride = load<u32>(block, BLOCK_COLUMN_STRIDE);
  const end = rows + (queued << 2);
  let synapses: u32 = 0;
  for (let row = rows; row < end; row += 4) synapses += load<u32>(ofRow + ((load<u32>(row) / stride) << 2));
  return synapses;
}

/** Slot of what arrives at a block, or a span, after its delay. */
function slotOf(core: usize, block: usize, arrival: u32): u32 {
  return (arrival + load<u32>(block, BLOCK_DELAY)) & load<u32>(core, CORE_SLOT_MASK);
}

function accumulatorsOf(core: usize, slot: u32): usize {
  return load<u32>(core, CORE_ACCUMULATORS) + slot * load<u32>(core, CORE_SLOT_STRIDE);
}

/** Counts synaptic operations of a block, and their time. */
function countOperations(phase: u32, core: usize, block: usize, operations: u32): void {
  Counters.add(core, phase, load<u32>(block, BLOCK_OPERATION_COUNTER), operations);
  const time = operations * load<u32>(block, BLOCK_OPERATION_TIME);
  store<u32>(core, load<u32>(core, CORE_RECEIVE_TIME) + time, CORE_RECEIVE_TIME);
}

/**
 * Adds the rows that a queue names (its block's own or its bundle's) to the accumulators of step `arrival` plus the
 * delay; counts the synaptic operations and their time.
 */
function flushBlock(chip: usize, block: usize, queue: usize, arrival: u32): void {
  const queued = load<u32>(queue, BLOCK_QUEUED);
  let rows: usize = load<u32>(queue, BLOCK_QUEUE);
  const core: usize = load<u32>(block, BLOCK_CORE);
  const weights: usize = load<u32>(block, BLOCK_WEIGHTS);
  const columns = load<u32>(block, BLOCK_COLUMNS);
  const isDelayed = load<u32>(block, BLOCK_ARRIVALS) != 0;
  const slot = slotOf(core, block, arrival);
  const acc = accumulatorsOf(core, slot) + (load<u32>(block, BLOCK_ACCUMULATOR) << 2);
  if (!isDelayed) {
    const group: usize = load<u32>(block, BLOCK_GROUP);
    Touched.mark(core, group, (<u64>1) << slot);
  }
  const isList = load<u32>(block, BLOCK_KIND) == BLOCK_KIND_LIST;
  let operations = isList ? 0 : queuedSynapses(block, rows, queued, columns);
  if (isList) {
    operations = isDelayed
      ? accumulateDelayedLists(block, rows, queued, core, arrival)
      : accumulateLists(acc, weights, rows, queued);
  } else if (isDelayed) accumulateDelayed(block, rows, queued, core, arrival);
  else {
    const least = load<i32>(block, BLOCK_GRID_MIN);
    const shift = load<i32>(block, BLOCK_SHIFT);
    if (Weight.mustFinish(least, shift))
      accumulateFinished(acc, weights, rows, queued, columns, least, shift);
    else {
      for (let left = queued; left > 0; ) {
        const pass = min(left, PASS_ROWS);
        if (ASC_FEATURE_SIMD) accumulateTiles(acc, weights, rows, pass, columns, least, shift);
        else accumulateRows(acc, weights, rows, pass, columns, least, shift);
        rows += pass << 2;
        left -= pass;
      }
    }
  }
  countOperations(load<u32>(chip, CHIP_PHASE), core, block, operations);
}

/** sums[member] = Σ over rows of their tallies; a pass of rows overflows neither part of a word. */
function sumTallies(sums: usize, bytes: u32, weights: usize, rows: usize, count: u32): void {
  memory.fill(sums, 0, bytes);
  const end = rows + (count << 2);
  for (let row = rows; row < end; row += 4) {
    const tally = weights + load<u32>(row);
    for (let at: usize = 0; at < bytes; at += 16) {
      if (ASC_FEATURE_SIMD) v128.store(sums + at, i32x4.add(v128.load(sums + at), v128.load(tally + at)));
      else {
        for (let k = at; k < at + 16; k += 4)
          store<u32>(sums + k, load<u32>(sums + k) + load<u32>(tally + k));
      }
    }
  }
}

/** Adds the queued rows of a span: one list each, counted at the cores of all its blocks. */
function flushSpan(chip: usize, span: usize, arrival: u32): void {
  const phase = load<u32>(chip, CHIP_PHASE);
  const first: usize = load<u32>(span, BLOCK_CORE);
  const slot = slotOf(first, span, arrival);
  const acc = accumulatorsOf(first, slot);
  const weights: usize = load<u32>(span, BLOCK_WEIGHTS);
  const tallyBytes = load<u32>(span, SPAN_TALLY_BYTES);
  const sums: usize = load<u32>(span, SPAN_SUMS);
  const members: usize = load<u32>(span, SPAN_MEMBERS);
  const memberBytes = load<u32>(span, SPAN_MEMBER_COUNT) << 2;
  let rows: usize = load<u32>(span, BLOCK_QUEUE);
  for (let left = load<u32>(span, BLOCK_QUEUED); left > 0; ) {
    const pass = min(left, PASS_ROWS);
    sumTallies(sums, tallyBytes, weights, rows, pass);
    accumulateLists(acc, weights + tallyBytes, rows, pass);
    for (let at: usize = 0; at < memberBytes; at += 4) {
      const sum = load<u32>(sums + at);
      if (sum == 0) continue;
      const block: usize = load<u32>(members + at);
      const core: usize = load<u32>(block, BLOCK_CORE);
      Touched.mark(core, load<u32>(block, BLOCK_GROUP), (<u64>1) << slot);
      countOperations(phase, core, block, sum & ((1 << TALLY_SYNAPSE_BITS) - 1));
      const messages = load<u32>(core, CORE_MESSAGES_IN) + (sum >> TALLY_SYNAPSE_BITS);
      store<u32>(core, messages, CORE_MESSAGES_IN);
    }
    rows += pass << 2;
    left -= pass;
  }
}

/**
 * Adds what a queue holds, of a block, bundle or span, to the accumulators of step `arrival` plus delays; empties it.
 */
export function flushQueue(chip: usize, queue: usize, arrival: u32): void {
  const kind = load<u32>(queue, BLOCK_KIND);
  if (kind == BLOCK_KIND_SPAN) flushSpan(chip, queue, arrival);
  else if (kind == BLOCK_KIND_BUNDLE) {
    let member: usize = load<u32>(queue, BUNDLE_MEMBERS);
    const end = member + load<u32>(queue, BUNDLE_MEMBER_COUNT) * MEMBER_STRIDE;
    for (; member < end; member += MEMBER_STRIDE)
      flushBlock(chip, load<u32>(member, MEMBER_BLOCK), queue, arrival);
  } else flushBlock(chip, queue, queue, arrival);
  store<u32>(queue, 0, BLOCK_QUEUED);
}
