// Timing mode `cycle`: what a step did, simulated again unit by unit and flit by flit, exact to the time quantum. The
// chip has no clock; a cycle is that quantum.
//
// Spikes of a step act in the next one, so time never changes what is computed: this pass begins when the step's
// spikes, messages and pending learning epochs are known, and only tells how long they take. [HW 6.4]

import { addShare, largestShare, pathSource, pathTarget, tracePath } from './critical-path';
import {
  CYCLE_BARRIER_DOWN,
  CYCLE_HEAP,
  CYCLE_LEAF_COUNT,
  CYCLE_LINKS,
  CYCLE_MESH,
  CYCLE_RECORD_CAPACITY,
  CYCLE_RECORD_COUNT,
  CYCLE_RECORDS,
  CYCLE_SHARES,
  CYCLE_STATION_COUNT,
  CYCLE_STATIONS,
  CYCLE_STEP_SHARES,
  CYCLE_STEP_UNITS,
  CYCLE_TOTAL_BARRIER_MESSAGES,
  CYCLE_TOTAL_FLIT_HOPS,
  CYCLE_TOTAL_RECEIVED,
  CYCLE_TOTAL_SENT,
  CYCLE_TOTAL_TIME,
  CYCLE_TOTALS,
  CYCLE_UNIT_RECORDS,
  CYCLE_UNITS,
  LEAF_UP,
  LINK_SUM_BLOCKED,
  LINK_SUM_BUFFERED_MAX,
  LINK_SUM_FLITS,
  LINK_SUM_STRIDE,
  RECORD_BOUND_BY,
  RECORD_MESSAGES,
  RECORD_PHASE,
  RECORD_SHARES,
  RECORD_SOURCE,
  RECORD_STEP,
  RECORD_STRIDE,
  RECORD_TARGET,
  SHARE_BARRIER,
  SHARE_COUNT,
  SHARE_INJECTION,
  SHARE_LEARNING,
  SHARE_MANAGEMENT,
  STATION_CORE,
  STATION_FRESH,
  STATION_INDEX,
  STATION_INTERFACE,
  STATION_LEAF,
  STATION_RECEIVE_END,
  STATION_RECEIVED,
  STATION_SEND_END,
  STATION_SENT,
  STATION_STRIDE,
  STEP_UNIT_BUSY,
  STEP_UNIT_ITEMS,
  STEP_UNIT_QUEUE_MAX,
  STEP_UNIT_STALLED,
  STEP_UNIT_STRIDE,
  UNIT_BOUND,
  UNIT_BUSY,
  UNIT_COUNT,
  UNIT_DENDRITE,
  UNIT_INPUT_AXON,
  UNIT_ITEMS,
  UNIT_LEARNING,
  UNIT_OUTPUT_AXON,
  UNIT_QUEUE_MAX,
  UNIT_STALLED,
  UNIT_STRIDE,
} from './cycle-layout';
import { firstEventTime, openEvents, popEvent } from './event-heap';
import { CHIP_CYCLE, CHIP_PHASE, CHIP_TIME } from './layout';
import { learningTime } from './learning-time';
import { meshAdvance, meshNextEvent, meshReset } from './mesh';
import {
  ARRIVAL_FABRIC,
  ARRIVAL_STRIDE,
  ARRIVAL_TAG,
  LINK_BLOCKED,
  LINK_BUFFERED_MAX,
  LINK_FLITS,
  LINK_STRIDE,
  MESH_ARRIVALS,
  MESH_DEPARTURES,
  MESH_FLIT_HOPS,
  MESH_LINK_COUNT,
  MESH_LINKS,
  MESH_OFFERED,
  MESH_TIME,
} from './mesh-layout';
import { noteWork, Queue } from './station';
import { arrive, openStation, openUnits, releaseInterface, work } from './units';

/** The spiking phase of the last simulated step with its barrier, and its learning phase. */
export let spikingQuanta: u64 = 0;
export let learningQuanta: u64 = 0;

/** Runs units and mesh until nothing is under way. At equal times units come first. */
function run(cycle: usize, mesh: usize): void {
  for (;;) {
    const units = firstEventTime();
    const network = meshNextEvent(mesh);
    if (units <= network) {
      if (units == u64.MAX_VALUE) return;
      // What units offer or consume happens in the mesh's cycle `units`.
      if (load<u64>(mesh, MESH_TIME) < units) meshAdvance(mesh, units - 1);
      while (firstEventTime() == units) work(popEvent(), units);
      continue;
    }
    const arrivals = meshAdvance(mesh, units - 1);
    const now = load<u64>(mesh, MESH_TIME) - 1;
    const departures = load<u32>(mesh, MESH_DEPARTURES);
    let arrival: usize = load<u32>(mesh, MESH_ARRIVALS);
    const last = arrival + <usize>arrivals * ARRIVAL_STRIDE;
    for (; arrival < last; arrival += ARRIVAL_STRIDE)
      arrive(load<u32>(arrival, ARRIVAL_TAG), load<u32>(arrival, ARRIVAL_FABRIC), now);
    if (departures != 0) releaseInterfaces(cycle, now);
  }
}

function releaseInterfaces(cycle: usize, now: u64): void {
  let station: usize = load<u32>(cycle, CYCLE_STATIONS);
  const end = station + <usize>load<u32>(cycle, CYCLE_STATION_COUNT) * STATION_STRIDE;
  for (; station < end; station += STATION_STRIDE)
    if (Queue.length(station + STATION_INTERFACE) != 0) releaseInterface(station, now);
}

/** When a station was done. */
function endOf(station: usize): u64 {
  return max(load<u64>(station, STATION_SEND_END), load<u64>(station, STATION_RECEIVE_END));
}

/**
 * The barrier: every tile tells its parent when its cores are done, the root tells all tiles to go on. Returns the
 * station that made it wait; the time at which the last tile is released is left in `spikingQuanta`.
 */
function synchronize(cycle: usize, stations: usize, end: usize): usize {
  let last: usize = stations;
  let latest: u64 = 0;
  for (let station = stations; station < end; station += STATION_STRIDE) {
    const leaf: usize = load<u32>(station, STATION_LEAF);
    if (leaf == 0) continue; // the processor has sent what the cores received
    const known = endOf(station) + load<u32>(leaf, LEAF_UP);
    if (known <= latest) continue;
    latest = known;
    last = station;
  }
  spikingQuanta = latest + load<u32>(cycle, CYCLE_BARRIER_DOWN);
  return last;
}

/** Time of the learning epochs that end with this step, on the core where they take longest. */
function learn(chip: usize, stations: usize, end: usize): usize {
  learningQuanta = 0;
  let longest: usize = 0;
  for (let station = stations; station < end; station += STATION_STRIDE) {
    if (load<u32>(station, STATION_CORE) == 0) continue;
    const time = learningTime(chip, station);
    if (time == 0) continue;
    noteWork(station, UNIT_LEARNING, time, 1, time);
    if (time <= learningQuanta) continue;
    learningQuanta = time;
    longest = station;
  }
  return longest;
}

/** Adds what the mesh counted to the sums over steps, and empties it. */
function closeMesh(cycle: usize, mesh: usize, totals: usize): void {
  if (load<u64>(mesh, MESH_OFFERED) == 0) return;
  let sum: usize = load<u32>(cycle, CYCLE_LINKS);
  let link: usize = load<u32>(mesh, MESH_LINKS);
  const end = link + <usize>load<u32>(mesh, MESH_LINK_COUNT) * LINK_STRIDE;
  for (; link < end; link += LINK_STRIDE, sum += LINK_SUM_STRIDE) {
    const flits = load<u64>(link, LINK_FLITS);
    if (flits == 0) continue;
    store<u64>(sum, load<u64>(sum, LINK_SUM_FLITS) + flits, LINK_SUM_FLITS);
    store<u64>(sum, load<u64>(sum, LINK_SUM_BLOCKED) + load<u64>(link, LINK_BLOCKED), LINK_SUM_BLOCKED);
    const most = max(load<u32>(sum, LINK_SUM_BUFFERED_MAX), load<u32>(link, LINK_BUFFERED_MAX));
    store<u32>(sum, most, LINK_SUM_BUFFERED_MAX);
  }
  addShare(totals, CYCLE_TOTAL_FLIT_HOPS, load<u64>(mesh, MESH_FLIT_HOPS));
  meshReset(mesh);
}

/** Adds the units' work of this step to their sums. */
function closeUnits(cycle: usize, count: u32): void {
  let unit: usize = load<u32>(cycle, CYCLE_UNITS);
  let step: usize = load<u32>(cycle, CYCLE_STEP_UNITS);
  const end = unit + <usize>(count * UNIT_COUNT) * UNIT_STRIDE;
  for (; unit < end; unit += UNIT_STRIDE, step += STEP_UNIT_STRIDE) {
    const items = load<u32>(step, STEP_UNIT_ITEMS);
    if (items == 0) continue;
    store<u64>(unit, load<u64>(unit, UNIT_BUSY) + load<u64>(step, STEP_UNIT_BUSY), UNIT_BUSY);
    store<u64>(unit, load<u64>(unit, UNIT_STALLED) + load<u64>(step, STEP_UNIT_STALLED), UNIT_STALLED);
    store<u64>(unit, load<u64>(unit, UNIT_ITEMS) + items, UNIT_ITEMS);
    const most = max(load<u32>(unit, UNIT_QUEUE_MAX), load<u32>(step, STEP_UNIT_QUEUE_MAX));
    store<u32>(unit, most, UNIT_QUEUE_MAX);
  }
}

/** A unit of a station was on the critical path. */
function addBound(cycle: usize, station: usize, unit: u32, time: u64): void {
  const index = load<u32>(station, STATION_INDEX) * UNIT_COUNT + unit;
  const record = <usize>load<u32>(cycle, CYCLE_UNITS) + <usize>index * UNIT_STRIDE;
  store<u64>(record, load<u64>(record, UNIT_BOUND) + time, UNIT_BOUND);
}

/** Charges the parts of the path to the units they belong to, and to the sums over steps. */
function closePath(cycle: usize, shares: usize, learner: usize): void {
  for (let unit: u32 = 0; unit <= UNIT_DENDRITE; unit++) {
    const station = unit < UNIT_INPUT_AXON ? pathSource : pathTarget;
    addBound(cycle, station, unit, load<u64>(shares + ((<usize>unit) << 3)));
  }
  if (load<u32>(pathSource, STATION_CORE) == 0)
    addBound(cycle, pathSource, UNIT_OUTPUT_AXON, load<u64>(shares + (SHARE_INJECTION << 3)));
  if (learner != 0) addBound(cycle, learner, UNIT_LEARNING, learningQuanta);
  const sums: usize = load<u32>(cycle, CYCLE_SHARES);
  for (let share: u32 = 0; share < SHARE_COUNT; share++)
    addShare(sums, share, load<u64>(shares + ((<usize>share) << 3)));
}

/** Simulates the step that the chip has just computed; `events` are its injected port elements. */
export function simulateStep(chip: usize, events: usize, count: u32, managed: u64): void {
  const cycle: usize = load<u32>(chip, CHIP_CYCLE);
  const mesh: usize = load<u32>(cycle, CYCLE_MESH);
  const stations: usize = load<u32>(cycle, CYCLE_STATIONS);
  const stationCount = load<u32>(cycle, CYCLE_STATION_COUNT);
  const end = stations + <usize>stationCount * STATION_STRIDE;
  const stepUnits: usize = load<u32>(cycle, CYCLE_STEP_UNITS);
  const stepUnitBytes = <usize>(stationCount * UNIT_COUNT) * STEP_UNIT_STRIDE;
  memory.fill(stepUnits, 0, stepUnitBytes);
  openEvents(load<u32>(cycle, CYCLE_HEAP));
  openUnits(chip, cycle, events, count);
  for (let station = stations; station < end; station += STATION_STRIDE) {
    memory.fill(station + STATION_FRESH, 0, STATION_STRIDE - STATION_FRESH);
    openStation(station);
  }
  run(cycle, mesh);

  const shares: usize = load<u32>(cycle, CYCLE_STEP_SHARES);
  memory.fill(shares, 0, SHARE_COUNT << 3);
  const last = synchronize(cycle, stations, end);
  const learner = learn(chip, stations, end);
  tracePath(shares, last);
  addShare(shares, SHARE_BARRIER, spikingQuanta - endOf(last));
  addShare(shares, SHARE_LEARNING, learningQuanta);
  addShare(shares, SHARE_MANAGEMENT, managed);
  closePath(cycle, shares, learner);
  closeUnits(cycle, stationCount);

  let sent: u32 = 0;
  let received: u32 = 0;
  for (let station = stations; station < end; station += STATION_STRIDE) {
    sent += load<u32>(station, STATION_SENT);
    received += load<u32>(station, STATION_RECEIVED);
  }
  const totals: usize = load<u32>(cycle, CYCLE_TOTALS);
  addShare(totals, CYCLE_TOTAL_SENT, sent);
  addShare(totals, CYCLE_TOTAL_RECEIVED, received);
  addShare(totals, CYCLE_TOTAL_BARRIER_MESSAGES, 2 * (load<u32>(cycle, CYCLE_LEAF_COUNT) - 1));
  addShare(totals, CYCLE_TOTAL_TIME, spikingQuanta + learningQuanta + managed);
  closeMesh(cycle, mesh, totals);
  record(chip, cycle, shares, sent, stepUnits, stepUnitBytes);
}

/** Keeps what the step did, if the host has made room for it. */
function record(chip: usize, cycle: usize, shares: usize, sent: u32, units: usize, unitBytes: usize): void {
  const count = load<u32>(cycle, CYCLE_RECORD_COUNT);
  if (count == load<u32>(cycle, CYCLE_RECORD_CAPACITY)) return;
  const place = <usize>load<u32>(cycle, CYCLE_RECORDS) + <usize>count * RECORD_STRIDE;
  store<u32>(place, load<u32>(chip, CHIP_TIME), RECORD_STEP);
  store<u32>(place, load<u32>(chip, CHIP_PHASE), RECORD_PHASE);
  store<u32>(place, sent, RECORD_MESSAGES);
  store<u32>(place, largestShare(shares), RECORD_BOUND_BY);
  store<u32>(place, load<u32>(pathSource, STATION_INDEX), RECORD_SOURCE);
  store<u32>(place, load<u32>(pathTarget, STATION_INDEX), RECORD_TARGET);
  memory.copy(place + RECORD_SHARES, shares, SHARE_COUNT << 3);
  const unitRecords: usize = load<u32>(cycle, CYCLE_UNIT_RECORDS);
  if (unitRecords != 0) memory.copy(unitRecords + <usize>count * unitBytes, units, unitBytes);
  store<u32>(cycle, count + 1, CYCLE_RECORD_COUNT);
}
