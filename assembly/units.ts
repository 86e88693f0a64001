// The units of a core as servers in a row, in timing mode `cycle`: compartments → output axon → interface to the mesh,
// and from the mesh → input axon → synapse → dendrite. [HW 6.1], [HW 6.2]
//
// A unit takes the next item when its interval is over, and passes the present one on if there is room in the queue
// behind it; otherwise it stalls until there is. What its latency exceeds its interval by, an item spends in that queue.
// The embedded processor that injects spikes is a station of its own, whose output axon takes the port elements.
//
// Assumed: the compartments of a service group are accessed whether they exist or not, and its spikes leave one by one
// when all of it is updated; active compartments are evenly spread over a population's part of the core; words are
// fetched while operations go on, the first with the axon's look-up [A].

import {
  CYCLE_DENDRITE_OP,
  CYCLE_DENDRITE_QUEUE,
  CYCLE_INPUT_INTERVAL,
  CYCLE_INPUT_LATENCY,
  CYCLE_LOG_CAPACITY,
  CYCLE_MESH,
  CYCLE_SERVICE_GROUP,
  CYCLE_STATIONS,
  MESSAGE_FLITS,
  MESSAGE_HELD,
  MESSAGE_OPS,
  MESSAGE_PERIOD,
  MESSAGE_SENT,
  MESSAGE_SOURCE,
  MESSAGE_STATION,
  MESSAGE_STRIDE,
  MESSAGE_SYNAPSE_TIME,
  QUEUED_ITEM,
  QUEUED_READY,
  STATE_BUSY,
  STATE_IDLE,
  STATE_STALLED,
  STATION_COMPARTMENT_DELAY,
  STATION_COMPARTMENT_SINCE,
  STATION_COMPARTMENT_STATE,
  STATION_CORE,
  STATION_DENDRITE_FREE,
  STATION_GROUP,
  STATION_GROUP_ACTIVE,
  STATION_GROUP_POSITION,
  STATION_INDEX,
  STATION_INPUT,
  STATION_INPUT_MESSAGE,
  STATION_INPUT_OPENER,
  STATION_INPUT_PERIOD,
  STATION_INPUT_RUNS,
  STATION_INPUT_SINCE,
  STATION_INPUT_STATE,
  STATION_INTERFACE,
  STATION_INTERFACE_SINCE,
  STATION_INTERFACE_STATE,
  STATION_MESSAGES,
  STATION_NODE,
  STATION_OUTPUT_HELD,
  STATION_OUTPUT_INTERVAL,
  STATION_OUTPUT_LAST,
  STATION_OUTPUT_LATENCY,
  STATION_OUTPUT_MESSAGE,
  STATION_OUTPUT_PERIOD,
  STATION_OUTPUT_RUNS,
  STATION_OUTPUT_SINCE,
  STATION_OUTPUT_STATE,
  STATION_RECEIVE_END,
  STATION_RECEIVED,
  STATION_SEND_END,
  STATION_SENT,
  STATION_SINK,
  STATION_SPIKE_AT,
  STATION_SPIKES,
  STATION_STRIDE,
  STATION_SYNAPSE,
  STATION_SYNAPSE_END,
  STATION_SYNAPSE_INPUT_PERIOD,
  STATION_SYNAPSE_OPENER,
  STATION_SYNAPSE_PERIOD,
  STATION_SYNAPSE_RUNS,
  STATION_SYNAPSE_STATE,
  UNIT_COMPARTMENT,
  UNIT_DENDRITE,
  UNIT_INPUT_AXON,
  UNIT_NETWORK,
  UNIT_OUTPUT_AXON,
  UNIT_SYNAPSE,
} from './cycle-layout';
import { pushEvent } from './event-heap';
import {
  CHIP_TIME_COMPARTMENT_ACCESS,
  CHIP_TIME_COMPARTMENT_UPDATE,
  CHIP_TIME_SPIKE_OUT,
  CORE_COMPARTMENTS,
  CORE_GROUP_COUNT,
  CORE_GROUPS,
  CORE_SPIKE_COUNT,
  CORE_SPIKES,
  GROUP_ACTIVE,
  GROUP_COUNT,
  GROUP_FIRST,
  GROUP_STRIDE,
} from './layout';
import { meshConsume, meshOffer } from './mesh';
import { MESH_FABRICS, NODE_INDEX, NODE_QUEUED, NODE_WATCHED } from './mesh-layout';
import { enqueue, log, noteStall, noteWork, Queue, unitOf } from './station';

const WORK_COMPARTMENT: u32 = 0; // a spike leaves
const WORK_OUTPUT: u32 = 1; // the output axon is done with a message
const WORK_INTERFACE: u32 = 2; // a message can enter the mesh
const WORK_INPUT: u32 = 3; // the input axon is done with a message
const WORK_SYNAPSE: u32 = 4; // the synapse unit is done with a message
const WORK_BITS: u32 = 3;

let chip: usize = 0;
let cycle: usize = 0;
let mesh: usize = 0;
/** Port elements that are injected in this step. */
let injected: usize = 0;
let injectedCount: u32 = 0;

/** Begins a step: what the units work on until the next call. */
export function openUnits(theChip: usize, theCycle: usize, events: usize, count: u32): void {
  chip = theChip;
  cycle = theCycle;
  mesh = load<u32>(cycle, CYCLE_MESH);
  injected = events;
  injectedCount = count;
}

function schedule(station: usize, work: u32, time: u64): void {
  pushEvent(time, (load<u32>(station, STATION_INDEX) << WORK_BITS) | work);
}

/** Does what an event of the heap stands for. */
export function work(number: u32, now: u64): void {
  const stations: usize = load<u32>(cycle, CYCLE_STATIONS);
  const station = stations + <usize>(number >> WORK_BITS) * STATION_STRIDE;
  const kind = number & ((1 << WORK_BITS) - 1);
  if (kind == WORK_COMPARTMENT) fire(station, now);
  else if (kind == WORK_OUTPUT) finishOutput(station, now);
  else if (kind == WORK_INTERFACE) {
    store<u32>(station, STATE_IDLE, STATION_INTERFACE_STATE);
    startInterface(station, now);
  } else if (kind == WORK_INPUT) finishInput(station, now);
  else {
    store<u32>(station, STATE_IDLE, STATION_SYNAPSE_STATE);
    startSynapse(station, now);
  }
}

// ---- Compartments ------------------------------------------------------------------------------------------

/** Time of the whole service, without stalls; spikes included. */
function serviceTime(core: usize): u64 {
  const size = load<u32>(cycle, CYCLE_SERVICE_GROUP);
  const slots = ((load<u32>(core, CORE_COMPARTMENTS) + size - 1) / size) * size;
  const groups: usize = load<u32>(core, CORE_GROUPS);
  const end = groups + <usize>load<u32>(core, CORE_GROUP_COUNT) * GROUP_STRIDE;
  let active: u64 = 0;
  for (let group = groups; group < end; group += GROUP_STRIDE) active += load<u32>(group, GROUP_ACTIVE);
  return (
    <u64>slots * load<u32>(chip, CHIP_TIME_COMPARTMENT_ACCESS) +
    active * load<u32>(chip, CHIP_TIME_COMPARTMENT_UPDATE) +
    <u64>load<u32>(core, CORE_SPIKE_COUNT) * load<u32>(chip, CHIP_TIME_SPIKE_OUT)
  );
}

/** Compartment of the next spike of the core's list. */
function nextSpike(station: usize): u32 {
  const spikes: usize = load<u32>(<usize>load<u32>(station, STATION_CORE), CORE_SPIKES);
  return load<u16>(spikes + ((<usize>load<u32>(station, STATION_SPIKE_AT)) << 1));
}

/** When the next spike leaves, without stalls. */
function spikeTime(station: usize): u64 {
  const compartment = nextSpike(station);
  let group: usize = load<u32>(station, STATION_GROUP);
  let before = load<u32>(station, STATION_GROUP_POSITION);
  let active = load<u32>(station, STATION_GROUP_ACTIVE);
  while (compartment - load<u32>(group, GROUP_FIRST) >= load<u32>(group, GROUP_COUNT)) {
    before += load<u32>(group, GROUP_COUNT);
    active += load<u32>(group, GROUP_ACTIVE);
    group += GROUP_STRIDE;
  }
  store<u32>(station, <u32>group, STATION_GROUP);
  store<u32>(station, before, STATION_GROUP_POSITION);
  store<u32>(station, active, STATION_GROUP_ACTIVE);
  const size = load<u32>(cycle, CYCLE_SERVICE_GROUP);
  const position = before + compartment - load<u32>(group, GROUP_FIRST);
  const slots = (position / size + 1) * size;
  const count = load<u32>(group, GROUP_COUNT);
  const updated = active + (load<u32>(group, GROUP_ACTIVE) * min(slots - before, count)) / count;
  return (
    <u64>slots * load<u32>(chip, CHIP_TIME_COMPARTMENT_ACCESS) +
    <u64>updated * load<u32>(chip, CHIP_TIME_COMPARTMENT_UPDATE) +
    <u64>(load<u32>(station, STATION_SPIKE_AT) + 1) * load<u32>(chip, CHIP_TIME_SPIKE_OUT)
  );
}

/** Begins the service of a core's compartments, or the injection of the processor. */
export function openStation(station: usize): void {
  const core: usize = load<u32>(station, STATION_CORE);
  if (core == 0) {
    startOutput(station, 0);
    return;
  }
  store<u32>(station, load<u32>(core, CORE_GROUPS), STATION_GROUP);
  serveNext(station);
}

/** Schedules the next spike, or ends the service. */
function serveNext(station: usize): void {
  const core: usize = load<u32>(station, STATION_CORE);
  const delay = load<u64>(station, STATION_COMPARTMENT_DELAY);
  if (load<u32>(station, STATION_SPIKE_AT) < load<u32>(core, CORE_SPIKE_COUNT)) {
    store<u32>(station, STATE_BUSY, STATION_COMPARTMENT_STATE);
    schedule(station, WORK_COMPARTMENT, spikeTime(station) + delay);
    return;
  }
  const service = serviceTime(core);
  store<u32>(station, STATE_IDLE, STATION_COMPARTMENT_STATE);
  noteWork(station, UNIT_COMPARTMENT, service, load<u32>(core, CORE_COMPARTMENTS), service + delay);
  logWork(station, UNIT_COMPARTMENT, station, 0, 0, service + delay);
  endSending(station, service + delay);
}

/** A spike leaves the compartments, as soon as the output axon's queue has room. */
function fire(station: usize, now: u64): void {
  if (Queue.isFull(station + STATION_SPIKES)) {
    store<u32>(station, STATE_STALLED, STATION_COMPARTMENT_STATE);
    store<u64>(station, now, STATION_COMPARTMENT_SINCE);
    return;
  }
  enqueue(station + STATION_SPIKES, unitOf(station, UNIT_OUTPUT_AXON), nextSpike(station), now);
  store<u32>(station, load<u32>(station, STATION_SPIKE_AT) + 1, STATION_SPIKE_AT);
  serveNext(station);
  startOutput(station, now);
}

/** The output axon's queue has room again. */
function releaseCompartments(station: usize, now: u64): void {
  if (load<u32>(station, STATION_COMPARTMENT_STATE) != STATE_STALLED) return;
  const since = load<u64>(station, STATION_COMPARTMENT_SINCE);
  noteStall(station, UNIT_COMPARTMENT, since, now);
  store<u64>(station, load<u64>(station, STATION_COMPARTMENT_DELAY) + now - since, STATION_COMPARTMENT_DELAY);
  fire(station, now);
}

// ---- Output axon: one message for each core that a spike reaches -----------------------------------------------

/** Takes the next compartment or port element; false if there is none. */
function takeSource(station: usize, now: u64): bool {
  let source: u32 = 0;
  if (load<u32>(station, STATION_CORE) == 0) {
    const at = load<u32>(station, STATION_SPIKE_AT);
    if (at == injectedCount) return false;
    store<u32>(station, at + 1, STATION_SPIKE_AT);
    source = load<u32>(injected + ((<usize>at) << 2));
  } else {
    const queue = station + STATION_SPIKES;
    if (Queue.length(queue) == 0) return false;
    source = load<u32>(Queue.front(queue), QUEUED_ITEM);
    Queue.pop(queue);
  }
  const index = <usize>load<u32>(station, STATION_MESSAGES) + ((<usize>source) << 2);
  store<u32>(station, load<u32>(index), STATION_OUTPUT_MESSAGE);
  store<u32>(station, load<u32>(index, 4), STATION_OUTPUT_LAST);
  store<u32>(station, STATE_BUSY, STATION_OUTPUT_STATE); // not to be started again from within
  releaseCompartments(station, now);
  return true;
}

function startOutput(station: usize, now: u64): void {
  if (load<u32>(station, STATION_OUTPUT_STATE) != STATE_IDLE) return;
  while (load<u32>(station, STATION_OUTPUT_MESSAGE) == load<u32>(station, STATION_OUTPUT_LAST)) {
    if (!takeSource(station, now)) {
      store<u32>(station, STATE_IDLE, STATION_OUTPUT_STATE);
      store<u32>(station, 0, STATION_OUTPUT_RUNS);
      return;
    }
  }
  if (load<u32>(station, STATION_OUTPUT_RUNS) == 0) {
    store<u32>(station, 1, STATION_OUTPUT_RUNS);
    store<u64>(station, now, STATION_OUTPUT_PERIOD);
    store<u64>(station, 0, STATION_OUTPUT_HELD);
  }
  store<u32>(station, STATE_BUSY, STATION_OUTPUT_STATE);
  schedule(station, WORK_OUTPUT, now + load<u32>(station, STATION_OUTPUT_INTERVAL));
}

function finishOutput(station: usize, now: u64): void {
  const interval = load<u32>(station, STATION_OUTPUT_INTERVAL);
  noteWork(station, UNIT_OUTPUT_AXON, interval, 1, now);
  const message: usize = load<u32>(station, STATION_OUTPUT_MESSAGE);
  const depth = Queue.length(station + STATION_SPIKES);
  logWork(station, UNIT_OUTPUT_AXON, load<u32>(message, MESSAGE_STATION), depth, now - interval, now);
  if (Queue.isFull(station + STATION_INTERFACE)) {
    store<u32>(station, STATE_STALLED, STATION_OUTPUT_STATE);
    store<u64>(station, now, STATION_OUTPUT_SINCE);
    return;
  }
  passOutput(station, now);
}

/** The message goes to the interface, which has room for it. */
function passOutput(station: usize, now: u64): void {
  const message: usize = load<u32>(station, STATION_OUTPUT_MESSAGE);
  const later = load<u32>(station, STATION_OUTPUT_LATENCY) - load<u32>(station, STATION_OUTPUT_INTERVAL);
  store<u64>(message, now, MESSAGE_SENT);
  store<u64>(message, load<u64>(station, STATION_OUTPUT_PERIOD), MESSAGE_PERIOD);
  store<u64>(message, load<u64>(station, STATION_OUTPUT_HELD), MESSAGE_HELD);
  enqueue(station + STATION_INTERFACE, unitOf(station, UNIT_NETWORK), <u32>message, now + later);
  store<u32>(station, <u32>message + MESSAGE_STRIDE, STATION_OUTPUT_MESSAGE);
  store<u32>(station, STATE_IDLE, STATION_OUTPUT_STATE);
  endSending(station, now);
  startOutput(station, now);
  startInterface(station, now);
}

/** The interface has room again. */
function releaseOutput(station: usize, now: u64): void {
  if (load<u32>(station, STATION_OUTPUT_STATE) != STATE_STALLED) return;
  const since = load<u64>(station, STATION_OUTPUT_SINCE);
  noteStall(station, UNIT_OUTPUT_AXON, since, now);
  store<u64>(station, load<u64>(station, STATION_OUTPUT_HELD) + now - since, STATION_OUTPUT_HELD);
  passOutput(station, now);
}

function endSending(station: usize, now: u64): void {
  if (now > load<u64>(station, STATION_SEND_END)) store<u64>(station, now, STATION_SEND_END);
}

// ---- Interface: one message at a time waits at the mesh -------------------------------------------------------------

function startInterface(station: usize, now: u64): void {
  const queue = station + STATION_INTERFACE;
  const node: usize = load<u32>(station, STATION_NODE);
  while (load<u32>(station, STATION_INTERFACE_STATE) == STATE_IDLE && Queue.length(queue) > 0) {
    const entry = Queue.front(queue);
    const ready = load<u64>(entry, QUEUED_READY);
    if (ready > now) {
      store<u32>(station, STATE_BUSY, STATION_INTERFACE_STATE);
      schedule(station, WORK_INTERFACE, ready);
      return;
    }
    if (load<u32>(node, NODE_QUEUED) > 0) {
      store<u32>(station, STATE_STALLED, STATION_INTERFACE_STATE);
      store<u64>(station, now, STATION_INTERFACE_SINCE);
      store<u32>(node, 1, NODE_WATCHED);
      return;
    }
    const message: usize = load<u32>(entry, QUEUED_ITEM);
    const sent = load<u32>(station, STATION_SENT);
    store<u32>(station, sent + 1, STATION_SENT);
    const to: usize = load<u32>(<usize>load<u32>(message, MESSAGE_STATION), STATION_NODE);
    const fabric = sent % load<u32>(mesh, MESH_FABRICS);
    const isTaken = meshOffer(
      mesh,
      load<u32>(node, NODE_INDEX),
      fabric,
      load<u32>(to, NODE_INDEX),
      load<u32>(message, MESSAGE_FLITS),
      <u32>message,
    );
    assert(isTaken);
    noteWork(station, UNIT_NETWORK, 0, 1, now);
    Queue.pop(queue);
    releaseOutput(station, now);
  }
}

/** If the mesh has taken the message that waited at it, the next one follows. */
export function releaseInterface(station: usize, now: u64): void {
  const node: usize = load<u32>(station, STATION_NODE);
  if (load<u32>(station, STATION_INTERFACE_STATE) != STATE_STALLED || load<u32>(node, NODE_QUEUED) > 0)
    return;
  store<u32>(node, 0, NODE_WATCHED);
  noteStall(station, UNIT_NETWORK, load<u64>(station, STATION_INTERFACE_SINCE), now);
  store<u32>(station, STATE_IDLE, STATION_INTERFACE_STATE);
  startInterface(station, now);
}

// ---- Input axon ------------------------------------------------------------------------------------------------------

/** A message is complete at the sink of its core. */
export function arrive(message: usize, fabric: u32, now: u64): void {
  const station: usize = load<u32>(message, MESSAGE_STATION);
  const source: usize = load<u32>(message, MESSAGE_SOURCE);
  logFlight(source, station, min(load<u64>(message, MESSAGE_SENT), now), now);
  enqueue(station + STATION_SINK, unitOf(station, UNIT_INPUT_AXON), <u32>message, fabric);
  takeFromSink(station, now);
  startInput(station, now);
}

/** Moves messages from the sink to the input axon's queue while there is room. */
function takeFromSink(station: usize, now: u64): void {
  const sink = station + STATION_SINK;
  while (Queue.length(sink) > 0 && !Queue.isFull(station + STATION_INPUT)) {
    const entry = Queue.front(sink);
    const message = load<u32>(entry, QUEUED_ITEM);
    const fabric = <u32>load<u64>(entry, QUEUED_READY);
    Queue.pop(sink);
    meshConsume(mesh, load<u32>(<usize>load<u32>(station, STATION_NODE), NODE_INDEX), fabric, now);
    enqueue(station + STATION_INPUT, unitOf(station, UNIT_INPUT_AXON), message, now);
  }
}

function startInput(station: usize, now: u64): void {
  if (load<u32>(station, STATION_INPUT_STATE) != STATE_IDLE) return;
  const queue = station + STATION_INPUT;
  if (Queue.length(queue) == 0) {
    store<u32>(station, 0, STATION_INPUT_RUNS);
    return;
  }
  const message = load<u32>(Queue.front(queue), QUEUED_ITEM);
  Queue.pop(queue);
  if (load<u32>(station, STATION_INPUT_RUNS) == 0) {
    store<u32>(station, 1, STATION_INPUT_RUNS);
    store<u64>(station, now, STATION_INPUT_PERIOD);
    store<u32>(station, message, STATION_INPUT_OPENER);
  }
  store<u32>(station, message, STATION_INPUT_MESSAGE);
  store<u32>(station, STATE_BUSY, STATION_INPUT_STATE);
  schedule(station, WORK_INPUT, now + load<u32>(cycle, CYCLE_INPUT_INTERVAL));
  takeFromSink(station, now);
}

function finishInput(station: usize, now: u64): void {
  const interval = load<u32>(cycle, CYCLE_INPUT_INTERVAL);
  noteWork(station, UNIT_INPUT_AXON, interval, 1, now);
  const message: usize = load<u32>(station, STATION_INPUT_MESSAGE);
  const depth = Queue.length(station + STATION_INPUT);
  logWork(station, UNIT_INPUT_AXON, load<u32>(message, MESSAGE_SOURCE), depth, now - interval, now);
  if (Queue.isFull(station + STATION_SYNAPSE)) {
    store<u32>(station, STATE_STALLED, STATION_INPUT_STATE);
    store<u64>(station, now, STATION_INPUT_SINCE);
    return;
  }
  passInput(station, now);
}

/** The message goes to the synapse unit's queue, which has room for it. */
function passInput(station: usize, now: u64): void {
  const later = load<u32>(cycle, CYCLE_INPUT_LATENCY) - load<u32>(cycle, CYCLE_INPUT_INTERVAL);
  const message = load<u32>(station, STATION_INPUT_MESSAGE);
  enqueue(station + STATION_SYNAPSE, unitOf(station, UNIT_SYNAPSE), message, now + later);
  store<u32>(station, STATE_IDLE, STATION_INPUT_STATE);
  startSynapse(station, now);
  startInput(station, now);
}

/** The synapse unit's queue has room again. */
function releaseInput(station: usize, now: u64): void {
  if (load<u32>(station, STATION_INPUT_STATE) != STATE_STALLED) return;
  noteStall(station, UNIT_INPUT_AXON, load<u64>(station, STATION_INPUT_SINCE), now);
  passInput(station, now);
}

// ---- Synapse and dendrite -----------------------------------------------------------------------------------------------

function startSynapse(station: usize, now: u64): void {
  if (load<u32>(station, STATION_SYNAPSE_STATE) != STATE_IDLE) return;
  const queue = station + STATION_SYNAPSE;
  if (Queue.length(queue) == 0) {
    store<u32>(station, 0, STATION_SYNAPSE_RUNS);
    return;
  }
  const entry = Queue.front(queue);
  const message: usize = load<u32>(entry, QUEUED_ITEM);
  const begin = max(now, load<u64>(entry, QUEUED_READY));
  Queue.pop(queue);
  if (load<u32>(station, STATION_SYNAPSE_RUNS) == 0 || begin > now) {
    store<u32>(station, 1, STATION_SYNAPSE_RUNS);
    store<u64>(station, begin, STATION_SYNAPSE_PERIOD);
    store<u64>(station, load<u64>(station, STATION_INPUT_PERIOD), STATION_SYNAPSE_INPUT_PERIOD);
    store<u32>(station, load<u32>(station, STATION_INPUT_OPENER), STATION_SYNAPSE_OPENER);
  }
  store<u32>(station, STATE_BUSY, STATION_SYNAPSE_STATE);
  const end = serveSynapses(station, message, begin);
  schedule(station, WORK_SYNAPSE, end);
  releaseInput(station, now);
}

/** Operations of a message and what they add to the accumulators. Returns when the synapse unit is free. */
function serveSynapses(station: usize, message: usize, begin: u64): u64 {
  const time: u64 = load<u32>(message, MESSAGE_SYNAPSE_TIME);
  const operations: u64 = load<u32>(message, MESSAGE_OPS);
  const each: u64 = load<u32>(cycle, CYCLE_DENDRITE_OP);
  let end = begin + time;
  let done = end;
  if (operations > 0 && each > 0) {
    // Operations come evenly; the last addition ends after the last of them, and after all additions that wait.
    const first = max(begin + time / operations, load<u64>(station, STATION_DENDRITE_FREE));
    done = max(first + operations * each, end + each);
    const hidden = (<u64>load<u32>(cycle, CYCLE_DENDRITE_QUEUE) + 1) * each;
    if (done > end + hidden) {
      noteStall(station, UNIT_SYNAPSE, end, done - hidden);
      end = done - hidden;
    }
    store<u64>(station, done, STATION_DENDRITE_FREE);
    noteWork(station, UNIT_DENDRITE, operations * each, <u32>operations, done);
  }
  noteWork(station, UNIT_SYNAPSE, time, 1, end);
  const depth = Queue.length(station + STATION_SYNAPSE);
  logWork(station, UNIT_SYNAPSE, load<u32>(message, MESSAGE_SOURCE), depth, begin, end);
  store<u64>(station, end, STATION_SYNAPSE_END);
  if (done > load<u64>(station, STATION_RECEIVE_END)) store<u64>(station, done, STATION_RECEIVE_END);
  store<u32>(station, load<u32>(station, STATION_RECEIVED) + 1, STATION_RECEIVED);
  return end;
}

// ---- Event log ------------------------------------------------------------------------------------------------------------

function logWork(station: usize, unit: u32, other: usize, depth: u32, begin: u64, end: u64): void {
  if (load<u32>(cycle, CYCLE_LOG_CAPACITY) == 0) return;
  log(
    chip,
    cycle,
    unit,
    load<u32>(station, STATION_INDEX),
    load<u32>(other, STATION_INDEX),
    depth,
    begin,
    end,
  );
}

function logFlight(from: usize, to: usize, sent: u64, now: u64): void {
  if (load<u32>(cycle, CYCLE_LOG_CAPACITY) == 0) return;
  log(chip, cycle, UNIT_NETWORK, load<u32>(from, STATION_INDEX), load<u32>(to, STATION_INDEX), 0, sent, now);
}
