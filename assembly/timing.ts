// Mode `analytic`: how long the spiking phase of a step takes, by formula. [HW 6.4]
//
// A core serves its compartments in order; what a compartment sends leaves at the time that the core has then spent,
// plus one message's output time for every message before it. Accesses and updates are taken as evenly spread over
// the core's compartments, so that no list of the active ones is needed.
//
// A message is delayed by its hops, or by congestion if that takes longer: of the messages that are still on their
// way to the same core, those beyond what the links of the route hold wait one mean service time each. This is
// worked out for the last message of each core only, where the wait is longest; traffic to other cores that shares
// links is left to mode `cycle`.
//
// A receiving core is a queue. Without sorting arrivals, its end is bounded from below twice: it cannot be done before
// the first arrival plus all services, nor before the last arrival plus one service. The exact end is never earlier,
// and later only if the queue runs empty in between (test/rules/hw-6.4-analytic-time.test.ts measures by how much).
// Injected spikes wait at the core when the step begins.

import {
  CHIP_CORE_COUNT,
  CHIP_CORES,
  CHIP_TIME_AXON_IN,
  CHIP_TIME_AXON_OUT,
  CHIP_TIME_COMPARTMENT_ACCESS,
  CHIP_TIME_COMPARTMENT_UPDATE,
  CHIP_TIME_SPIKE_OUT,
  CORE_ACTIVE,
  CORE_COMPARTMENTS,
  CORE_FIRST_ARRIVAL,
  CORE_LAST_ARRIVAL,
  CORE_LAST_WAY,
  CORE_MESH_MESSAGES,
  CORE_MESSAGES_IN,
  CORE_NEURON_TIME,
  CORE_RECEIVE_TIME,
  CORE_ROUTES,
  CORE_SPIKE_COUNT,
  CORE_SPIKES,
  CORE_STRIDE,
  ROUTE_MESSAGES,
  ROUTE_STRIDE,
  ROUTE_WAYS,
  WAY_CAPACITY,
  WAY_CORE,
  WAY_LATENCY,
  WAY_STRIDE,
  WAYS_HEADER,
  WAYS_RANK,
} from './layout';

/**
 * Time of a core's compartments and output; notes for every receiver the first and the last arrival from it, `apart`
 * bytes behind the receiver's record: 0 but on threads, each of which notes for itself.
 */
export function timeOutput(chip: usize, core: usize, apart: usize): void {
  const count: u64 = load<u32>(core, CORE_COMPARTMENTS);
  const service =
    count * load<u32>(chip, CHIP_TIME_COMPARTMENT_ACCESS) +
    <u64>load<u32>(core, CORE_ACTIVE) * load<u32>(chip, CHIP_TIME_COMPARTMENT_UPDATE);
  const spikeOut = load<u32>(chip, CHIP_TIME_SPIKE_OUT);
  const axonOut = load<u32>(chip, CHIP_TIME_AXON_OUT);
  const routes: usize = load<u32>(core, CORE_ROUTES);
  let spike: usize = load<u32>(core, CORE_SPIKES);
  const end = spike + (load<u32>(core, CORE_SPIKE_COUNT) << 1);
  let output: u32 = 0; // for spikes and messages so far
  for (; spike < end; spike += 2) {
    output += spikeOut;
    const route = routes + <usize>load<u16>(spike) * ROUTE_STRIDE;
    const messages = load<u32>(route, ROUTE_MESSAGES);
    if (messages == 0) continue;
    const ways: usize = load<u32>(route, ROUTE_WAYS);
    const served = <u32>((service * (load<u32>(ways, WAYS_RANK) + 1)) / count);
    let way = ways + WAYS_HEADER;
    const last = way + messages * WAY_STRIDE;
    for (; way < last; way += WAY_STRIDE) {
      output += axonOut;
      noteArrival(way, served + output, apart);
    }
  }
  store<u32>(core, <u32>service + output, CORE_NEURON_TIME);
}

/** A message leaves at `departure` on a way. */
function noteArrival(way: usize, departure: u32, apart: usize): void {
  const receiver = <usize>load<u32>(way, WAY_CORE) + apart;
  const arrival = departure + load<u32>(way, WAY_LATENCY);
  const before = load<u32>(receiver, CORE_MESH_MESSAGES);
  store<u32>(receiver, before + 1, CORE_MESH_MESSAGES);
  if (arrival < load<u32>(receiver, CORE_FIRST_ARRIVAL)) store<u32>(receiver, arrival, CORE_FIRST_ARRIVAL);
  if (before != 0 && arrival <= load<u32>(receiver, CORE_LAST_ARRIVAL)) return;
  store<u32>(receiver, arrival, CORE_LAST_ARRIVAL);
  store<u32>(receiver, <u32>way, CORE_LAST_WAY);
}

/** Time that a core needs for the messages and synapses of this step. */
export function receivingTime(chip: usize, core: usize): u32 {
  return (
    load<u32>(core, CORE_RECEIVE_TIME) +
    load<u32>(core, CORE_MESSAGES_IN) * load<u32>(chip, CHIP_TIME_AXON_IN)
  );
}

/**
 * When a core is done with what it receives, of which `services` is the time and `messages` the number; its arrivals are
 * noted at `core`. `mean`: service time of a message, over the chip.
 */
export function receivedAt(core: usize, services: u32, messages: u32, mean: u32): u32 {
  const fromMesh = load<u32>(core, CORE_MESH_MESSAGES);
  if (fromMesh == 0) return services;
  const first = fromMesh < messages ? 0 : load<u32>(core, CORE_FIRST_ARRIVAL);
  const last = load<u32>(core, CORE_LAST_ARRIVAL);
  const way: usize = load<u32>(core, CORE_LAST_WAY);
  const service = services / messages;
  const served = service == 0 ? messages : (last - first) / service;
  const held = served + 1 + load<u32>(way, WAY_CAPACITY);
  const congestion = messages > held ? (messages - held) * mean : 0;
  const latency = load<u32>(way, WAY_LATENCY);
  return max(first + services, last - latency + max(latency, congestion) + service);
}

/** Forgets the arrivals noted from `core` up to `end`. */
export function clearArrivals(core: usize, end: usize): void {
  for (; core < end; core += CORE_STRIDE) {
    store<u32>(core, 0, CORE_MESH_MESSAGES);
    store<u32>(core, u32.MAX_VALUE, CORE_FIRST_ARRIVAL);
  }
}

/** The latest event of the spiking phase on any core, in quanta; the barrier comes on top. */
export function spikingTime(chip: usize): u32 {
  const cores: usize = load<u32>(chip, CHIP_CORES);
  const end = cores + load<u32>(chip, CHIP_CORE_COUNT) * CORE_STRIDE;
  clearArrivals(cores, end);
  let services: u64 = 0;
  let messages: u64 = 0;
  for (let core = cores; core < end; core += CORE_STRIDE) {
    timeOutput(chip, core, 0);
    services += receivingTime(chip, core);
    messages += load<u32>(core, CORE_MESSAGES_IN);
  }
  const mean = messages == 0 ? 0 : <u32>(services / messages);
  let latest: u32 = 0;
  for (let core = cores; core < end; core += CORE_STRIDE) {
    const received = receivedAt(core, receivingTime(chip, core), load<u32>(core, CORE_MESSAGES_IN), mean);
    latest = max(latest, max(load<u32>(core, CORE_NEURON_TIME), received));
  }
  return latest;
}
