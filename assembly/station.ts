// The queues of a station and the bookkeeping of its units.

import {
  CYCLE_LOG,
  CYCLE_LOG_CAPACITY,
  CYCLE_LOG_COUNT,
  CYCLE_LOG_LOST,
  LOG_BEGIN,
  LOG_DEPTH,
  LOG_END,
  LOG_OTHER,
  LOG_STATION,
  LOG_STEP,
  LOG_STRIDE,
  LOG_UNIT,
  QUEUE_CAPACITY,
  QUEUE_COUNT,
  QUEUE_ENTRIES,
  QUEUE_FRONT,
  QUEUED_ITEM,
  QUEUED_READY,
  QUEUED_STRIDE,
  STATION_UNITS,
  STEP_UNIT_BUSY,
  STEP_UNIT_END,
  STEP_UNIT_ITEMS,
  STEP_UNIT_QUEUE_MAX,
  STEP_UNIT_STALLED,
  STEP_UNIT_STRIDE,
} from './cycle-layout';
import { CHIP_TIME } from './layout';

export class Queue {
  @inline static isFull(queue: usize): bool {
    return load<u32>(queue, QUEUE_COUNT) == load<u32>(queue, QUEUE_CAPACITY);
  }

  @inline static length(queue: usize): u32 {
    return load<u32>(queue, QUEUE_COUNT);
  }

  /** Address of the entry at the front. */
  @inline static front(queue: usize): usize {
    return <usize>load<u32>(queue, QUEUE_ENTRIES) + <usize>load<u32>(queue, QUEUE_FRONT) * QUEUED_STRIDE;
  }

  @inline static pop(queue: usize): void {
    const next = load<u32>(queue, QUEUE_FRONT) + 1;
    store<u32>(queue, next == load<u32>(queue, QUEUE_CAPACITY) ? 0 : next, QUEUE_FRONT);
    store<u32>(queue, load<u32>(queue, QUEUE_COUNT) - 1, QUEUE_COUNT);
  }
}

/** Appends to a queue that is not full; `unit` is the step unit record of the one that will take it. */
export function enqueue(queue: usize, unit: usize, item: u32, ready: u64): void {
  const count = load<u32>(queue, QUEUE_COUNT);
  const capacity = load<u32>(queue, QUEUE_CAPACITY);
  assert(count < capacity);
  let place = load<u32>(queue, QUEUE_FRONT) + count;
  if (place >= capacity) place -= capacity;
  const entry = <usize>load<u32>(queue, QUEUE_ENTRIES) + <usize>place * QUEUED_STRIDE;
  store<u32>(entry, item, QUEUED_ITEM);
  store<u64>(entry, ready, QUEUED_READY);
  store<u32>(queue, count + 1, QUEUE_COUNT);
  if (count + 1 > load<u32>(unit, STEP_UNIT_QUEUE_MAX)) store<u32>(unit, count + 1, STEP_UNIT_QUEUE_MAX);
}

/** Step unit record of a station's unit. */
export function unitOf(station: usize, unit: u32): usize {
  return <usize>load<u32>(station, STATION_UNITS) + unit * STEP_UNIT_STRIDE;
}

/** A unit worked for `busy` quanta on `items` items and is done at `end`. */
export function noteWork(station: usize, unit: u32, busy: u64, items: u32, end: u64): void {
  const record = unitOf(station, unit);
  store<u64>(record, load<u64>(record, STEP_UNIT_BUSY) + busy, STEP_UNIT_BUSY);
  store<u32>(record, load<u32>(record, STEP_UNIT_ITEMS) + items, STEP_UNIT_ITEMS);
  if (end > load<u64>(record, STEP_UNIT_END)) store<u64>(record, end, STEP_UNIT_END);
}

/** A unit waited until `now` for room behind it. */
export function noteStall(station: usize, unit: u32, since: u64, now: u64): void {
  const record = unitOf(station, unit);
  store<u64>(record, load<u64>(record, STEP_UNIT_STALLED) + now - since, STEP_UNIT_STALLED);
}

/** Writes the event log; a full log counts what it loses. */
export function log(
  chip: usize,
  cycle: usize,
  unit: u32,
  station: u32,
  other: u32,
  depth: u32,
  begin: u64,
  end: u64,
): void {
  const capacity = load<u32>(cycle, CYCLE_LOG_CAPACITY);
  const count = load<u32>(cycle, CYCLE_LOG_COUNT);
  if (count == capacity) {
    store<u32>(cycle, load<u32>(cycle, CYCLE_LOG_LOST) + 1, CYCLE_LOG_LOST);
    return;
  }
  const entry = <usize>load<u32>(cycle, CYCLE_LOG) + <usize>count * LOG_STRIDE;
  store<u32>(entry, load<u32>(chip, CHIP_TIME), LOG_STEP);
  store<u32>(entry, unit, LOG_UNIT);
  store<u32>(entry, station, LOG_STATION);
  store<u32>(entry, other, LOG_OTHER);
  store<u32>(entry, depth, LOG_DEPTH);
  store<u64>(entry, begin, LOG_BEGIN);
  store<u64>(entry, end, LOG_END);
  store<u32>(cycle, count + 1, CYCLE_LOG_COUNT);
}
