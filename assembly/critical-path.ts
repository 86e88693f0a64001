// What bounded a step: from its last event back through the queues that it waited in. A busy period of a unit is
// charged to that unit; the message that began it leads to the unit before. The parts add up to the step's time.

import {
  MESSAGE_HELD,
  MESSAGE_PERIOD,
  MESSAGE_SENT,
  MESSAGE_SOURCE,
  SHARE_COMPARTMENT,
  SHARE_COUNT,
  SHARE_DENDRITE,
  SHARE_INJECTION,
  SHARE_INPUT_AXON,
  SHARE_NETWORK,
  SHARE_OUTPUT_AXON,
  SHARE_SYNAPSE,
  STATION_CORE,
  STATION_OUTPUT_HELD,
  STATION_OUTPUT_PERIOD,
  STATION_RECEIVE_END,
  STATION_SEND_END,
  STATION_SYNAPSE_END,
  STATION_SYNAPSE_INPUT_PERIOD,
  STATION_SYNAPSE_OPENER,
  STATION_SYNAPSE_PERIOD,
  STATION_UNITS,
  STEP_UNIT_END,
  STEP_UNIT_STRIDE,
  UNIT_COMPARTMENT,
} from './cycle-layout';

/** Stations between which the path of the last step ran. */
export let pathSource: usize = 0;
export let pathTarget: usize = 0;

/** Adds to one part of the path: `shares` is a list of u64. */
export function addShare(shares: usize, share: u32, time: u64): void {
  const place = shares + ((<usize>share) << 3);
  store<u64>(place, load<u64>(place) + time);
}

/** The largest part of a path. */
export function largestShare(shares: usize): u32 {
  let largest: u32 = 0;
  for (let share: u32 = 1; share < SHARE_COUNT; share++)
    if (load<u64>(shares + (share << 3)) > load<u64>(shares + (largest << 3))) largest = share;
  return largest;
}

/** The way from the begin of the step until `sent`: an output axon's busy period, and what came before it. */
function traceSending(shares: usize, station: usize, period: u64, held: u64, sent: u64): void {
  if (load<u32>(station, STATION_CORE) == 0) {
    addShare(shares, SHARE_INJECTION, sent - held);
    addShare(shares, SHARE_NETWORK, held);
    return;
  }
  addShare(shares, SHARE_COMPARTMENT, period);
  addShare(shares, SHARE_NETWORK, held);
  addShare(shares, SHARE_OUTPUT_AXON, sent - period - held);
}

/** Adds the parts of the path that ended with the last event of a station. */
export function tracePath(shares: usize, station: usize): void {
  pathTarget = station;
  const received = load<u64>(station, STATION_RECEIVE_END);
  const sent = load<u64>(station, STATION_SEND_END);
  if (received <= sent) {
    pathSource = station;
    const compartments = load<u32>(station, STATION_UNITS) + UNIT_COMPARTMENT * STEP_UNIT_STRIDE;
    if (load<u32>(station, STATION_CORE) != 0 && load<u64>(compartments, STEP_UNIT_END) == sent) {
      addShare(shares, SHARE_COMPARTMENT, sent);
      return;
    }
    const period = load<u64>(station, STATION_OUTPUT_PERIOD);
    traceSending(shares, station, period, load<u64>(station, STATION_OUTPUT_HELD), sent);
    return;
  }
  const end = load<u64>(station, STATION_SYNAPSE_END);
  const began = load<u64>(station, STATION_SYNAPSE_PERIOD);
  const taken = load<u64>(station, STATION_SYNAPSE_INPUT_PERIOD);
  const opener: usize = load<u32>(station, STATION_SYNAPSE_OPENER);
  addShare(shares, SHARE_DENDRITE, received - end);
  addShare(shares, SHARE_SYNAPSE, end - began);
  addShare(shares, SHARE_INPUT_AXON, began - taken);
  // A port element that is injected twice in a step leaves the times of its last message.
  const left = min(load<u64>(opener, MESSAGE_SENT), taken);
  addShare(shares, SHARE_NETWORK, taken - left);
  pathSource = load<u32>(opener, MESSAGE_SOURCE);
  const held = min(load<u64>(opener, MESSAGE_HELD), left);
  traceSending(shares, pathSource, load<u64>(opener, MESSAGE_PERIOD), held, left);
}
