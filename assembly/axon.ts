// Axons: what a spike sets off. A spiking compartment sends one message to every core it projects to; there
// the message's input axon names the rows of synapses to be added. [HW 5]

import { Counters } from './count';
import {
  COUNTER_HOPS_EAST_WEST,
  COUNTER_HOPS_INTER_CHIP,
  COUNTER_HOPS_NORTH_SOUTH,
  COUNTER_INJECTED_SPIKES,
  COUNTER_MESSAGES,
  COUNTER_MESSAGES_WITHIN_TILE,
  COUNTER_REWARD_SPIKES,
} from './counters';
import {
  BLOCK_CORE,
  BLOCK_KIND,
  BLOCK_KIND_BUNDLE,
  BLOCK_KIND_REWARD,
  BLOCK_QUEUE,
  BLOCK_QUEUE_CAPACITY,
  BLOCK_QUEUED,
  BUNDLE_MEMBER_COUNT,
  BUNDLE_MEMBERS,
  BUNDLE_ROW_BYTES,
  CHIP_PENDING,
  CHIP_PENDING_COUNT,
  CHIP_PHASE,
  CHIP_PORT_ROUTES,
  CHIP_SEMANTICS,
  CHIP_TIME,
  CORE_LEARN_ON,
  CORE_MESSAGES_IN,
  CORE_PAYLOADS,
  CORE_ROUTES,
  CORE_SPIKE_COUNT,
  CORE_SPIKES,
  MEMBER_AXON,
  MEMBER_BLOCK,
  MEMBER_MESSAGE,
  MEMBER_STRIDE,
  REFERENCE_AXON,
  REFERENCE_BLOCK,
  REFERENCE_FLAGS,
  REFERENCE_MESSAGE,
  REFERENCE_NOTES,
  REFERENCE_PAYLOAD,
  REFERENCE_POST,
  REFERENCE_ROW,
  REFERENCE_STRIDE,
  ROUTE_COUNT,
  ROUTE_HOPS_EAST_WEST,
  ROUTE_HOPS_INTER_CHIP,
  ROUTE_HOPS_NORTH_SOUTH,
  ROUTE_MESSAGES,
  ROUTE_MESSAGES_WITHIN_TILE,
  ROUTE_REFERENCES,
  ROUTE_STRIDE,
  SEMANTICS_WEIGHT_READ_LATE,
} from './layout';
import { SHARD_ROUTE_STRIDE } from './shard-layout';
import { flushQueue } from './synapse';
import { notePreSpike, noteReward } from './trace';
import { receiveMessage } from './wide-synapse';
import { noteWidePost } from './wide-trace';

/**
 * Delivers one spike along a route: every row it reaches is queued at its block or bundle. Only wide blocks know what
 * a spike carries; for the others a payload is a spike like any other.
 */
function deliver(chip: usize, route: usize, payload: i32): void {
  let reference: usize = load<u32>(route, ROUTE_REFERENCES);
  const end = reference + load<u32>(route, ROUTE_COUNT) * REFERENCE_STRIDE;
  for (; reference < end; reference += REFERENCE_STRIDE) {
    const word = load<u32>(reference, REFERENCE_BLOCK);
    const block: usize = word & ~REFERENCE_FLAGS;
    if (word & REFERENCE_FLAGS) {
      const core: usize = load<u32>(block, BLOCK_CORE);
      if (word & REFERENCE_MESSAGE) store<u32>(core, load<u32>(core, CORE_MESSAGES_IN) + 1, CORE_MESSAGES_IN);
      if (word & REFERENCE_NOTES && load<u32>(core, CORE_LEARN_ON) != 0)
        notePreSpike(chip, core, load<u32>(reference, REFERENCE_AXON));
      if (load<u32>(block, BLOCK_KIND) == BLOCK_KIND_REWARD) {
        // Noted like pre and post spikes, only while learning is on (U6).
        if (load<u32>(core, CORE_LEARN_ON) != 0) noteReward(core);
        Counters.add(core, load<u32>(chip, CHIP_PHASE), COUNTER_REWARD_SPIKES, 1);
        continue;
      }
      if (word & REFERENCE_POST) {
        noteWidePost(chip, block, load<u32>(reference, REFERENCE_ROW), load<u32>(core, CORE_LEARN_ON) != 0);
        continue;
      }
      if (word & REFERENCE_PAYLOAD) {
        receiveMessage(chip, block, load<u32>(reference, REFERENCE_ROW), payload);
        continue;
      }
    }
    enqueue(chip, block, load<u32>(reference, REFERENCE_ROW));
  }
}

/** Queues a row, given in bytes from the first one, at a block or bundle. */
function enqueue(chip: usize, queue: usize, row: u32): void {
  let queued = load<u32>(queue, BLOCK_QUEUED);
  if (queued == 0) {
    const pending = load<u32>(chip, CHIP_PENDING_COUNT);
    store<u32>(load<u32>(chip, CHIP_PENDING) + (pending << 2), <u32>queue);
    store<u32>(chip, pending + 1, CHIP_PENDING_COUNT);
  } else if (queued == load<u32>(queue, BLOCK_QUEUE_CAPACITY)) {
    // Several messages for one axon in one step. Order does not matter, so the queue can be emptied early.
    const late = (load<u32>(chip, CHIP_SEMANTICS) & SEMANTICS_WEIGHT_READ_LATE) != 0;
    assert(!late);
    if (load<u32>(queue, BLOCK_KIND) == BLOCK_KIND_BUNDLE) receiveBundle(chip, queue);
    flushQueue(chip, queue, load<u32>(chip, CHIP_TIME) + 1);
    queued = 0;
  }
  store<u32>(load<u32>(queue, BLOCK_QUEUE) + (queued << 2), row);
  store<u32>(queue, queued + 1, BLOCK_QUEUED);
}

/** The messages that a bundle's rows are at the cores of its blocks, and their pre spikes while learning is on. */
function receiveBundle(chip: usize, bundle: usize): void {
  const queued = load<u32>(bundle, BLOCK_QUEUED);
  const rowBytes = load<u32>(bundle, BUNDLE_ROW_BYTES);
  const rows: usize = load<u32>(bundle, BLOCK_QUEUE);
  const lastRow = rows + (queued << 2);
  let member: usize = load<u32>(bundle, BUNDLE_MEMBERS);
  const end = member + load<u32>(bundle, BUNDLE_MEMBER_COUNT) * MEMBER_STRIDE;
  for (; member < end; member += MEMBER_STRIDE) {
    const core: usize = load<u32>(<usize>load<u32>(member, MEMBER_BLOCK), BLOCK_CORE);
    const messages = queued * load<u32>(member, MEMBER_MESSAGE);
    store<u32>(core, load<u32>(core, CORE_MESSAGES_IN) + messages, CORE_MESSAGES_IN);
    const axon = load<i32>(member, MEMBER_AXON);
    if (axon < 0 || load<u32>(core, CORE_LEARN_ON) == 0) continue;
    for (let row = rows; row < lastRow; row += 4) notePreSpike(chip, core, axon + load<u32>(row) / rowBytes);
  }
}

/** What arrives with the bundles of this step, apart from their synapses. */
export function receiveBundles(chip: usize): void {
  let pending: usize = load<u32>(chip, CHIP_PENDING);
  const end = pending + (load<u32>(chip, CHIP_PENDING_COUNT) << 2);
  for (; pending < end; pending += 4) {
    const queue: usize = load<u32>(pending);
    if (load<u32>(queue, BLOCK_KIND) == BLOCK_KIND_BUNDLE) receiveBundle(chip, queue);
  }
}

/** Adds every queued row of the chip to the accumulators of step `arrival`. */
export function flushQueues(chip: usize, arrival: u32): void {
  let pending: usize = load<u32>(chip, CHIP_PENDING);
  const end = pending + (load<u32>(chip, CHIP_PENDING_COUNT) << 2);
  for (; pending < end; pending += 4) flushQueue(chip, load<u32>(pending), arrival);
  store<u32>(chip, 0, CHIP_PENDING_COUNT);
}

class Output {
  /** Messages and hops of one core's spikes; `delivers`, a constant at every call: and the rows they reach. */
  @inline static send(chip: usize, core: usize, delivers: bool): void {
    const count = load<u32>(core, CORE_SPIKE_COUNT);
    if (count == 0) return;
    const routes: usize = load<u32>(core, CORE_ROUTES);
    const payloads: usize = load<u32>(core, CORE_PAYLOADS);
    let spike: usize = load<u32>(core, CORE_SPIKES);
    const end = spike + (count << 1);
    let messages: u32 = 0;
    let withinTile: u32 = 0;
    let eastWest: u32 = 0;
    let northSouth: u32 = 0;
    let interChip: u32 = 0;
    for (; spike < end; spike += 2) {
      const compartment: usize = load<u16>(spike);
      const route = routes + compartment * ROUTE_STRIDE;
      messages += load<u32>(route, ROUTE_MESSAGES);
      withinTile += load<u32>(route, ROUTE_MESSAGES_WITHIN_TILE);
      eastWest += load<u32>(route, ROUTE_HOPS_EAST_WEST);
      northSouth += load<u32>(route, ROUTE_HOPS_NORTH_SOUTH);
      interChip += load<u32>(route, ROUTE_HOPS_INTER_CHIP);
      if (delivers) deliver(chip, route, payloads == 0 ? 1 : load<i32>(payloads + (compartment << 2)));
    }
    const phase = load<u32>(chip, CHIP_PHASE);
    Counters.add(core, phase, COUNTER_MESSAGES, messages);
    Counters.add(core, phase, COUNTER_MESSAGES_WITHIN_TILE, withinTile);
    Counters.add(core, phase, COUNTER_HOPS_EAST_WEST, eastWest);
    Counters.add(core, phase, COUNTER_HOPS_NORTH_SOUTH, northSouth);
    Counters.add(core, phase, COUNTER_HOPS_INTER_CHIP, interChip);
  }
}

/** Sends the spikes of one core's compartments: messages, hops, rows. */
export function sendSpikes(chip: usize, core: usize): void {
  Output.send(chip, core, true);
}

/** Counts their messages and hops only; every thread takes in the rows that its own cores hold. */
export function countOutput(chip: usize, core: usize): void {
  Output.send(chip, core, false);
}

/** Takes in a core's spikes, as a list of compartments: the rows that the routes of one shard name. */
export function takeSpikes(chip: usize, routes: usize, spikes: usize, payloads: usize, count: u32): void {
  for (let i: usize = 0; i < count; i++) {
    const route = routes + <usize>load<u16>(spikes + (i << 1)) * SHARD_ROUTE_STRIDE;
    deliver(chip, route, payloads == 0 ? 1 : load<i32>(payloads + (i << 2)));
  }
}

/**
 * Injects the port spikes of this step: `events` is a list of port elements, `payloads` what each carries, or 0
 * if all are plain spikes. They come from the embedded
 * processors and reach their targets one step later, like any spike [HW 2.2]; they are counted apart from
 * messages, at the chip's first core `core`; 0 if another thread counts them.
 */
export function injectSpikes(chip: usize, core: usize, events: usize, payloads: usize, count: u32): void {
  if (count == 0) return;
  const routes: usize = load<u32>(chip, CHIP_PORT_ROUTES);
  const end = (<usize>count) << 2;
  for (let at: usize = 0; at < end; at += 4)
    deliver(
      chip,
      routes + load<u32>(events + at) * ROUTE_STRIDE,
      payloads == 0 ? 1 : load<i32>(payloads + at),
    );
  if (core != 0) Counters.add(core, load<u32>(chip, CHIP_PHASE), COUNTER_INJECTED_SPIKES, count);
}
