// The mesh: routers with finite buffers and credits, wormhole switching, x before y, one virtual channel per fabric. It is
// exact to the cycle, the configuration's time quantum; cycles in which nothing happens cost nothing.
//
// Time: MESH_TIME is the first cycle that has not been run. What is offered now is created in that cycle.

import {
  EVENT_CREDIT,
  EVENT_FLIT,
  EVENT_ROUTED,
  LINK_BUSY,
  LINK_CAPACITY,
  LINK_CREDIT_FRONT,
  LINK_CREDITS,
  LINK_CREDITS_FLYING,
  LINK_FRONT,
  LINK_KIND,
  LINK_KIND_SINK,
  LINK_KIND_SOURCE,
  LINK_OWNER,
  LINK_OWNER_TAIL,
  LINK_REQUESTS,
  LINK_START,
  LINK_STRIDE,
  LINK_UNCONSUMED,
  LINK_WOKEN,
  MESH_ARRIVAL_COUNT,
  MESH_DEPARTURES,
  MESH_FABRICS,
  MESH_GRANT_COUNT,
  MESH_LINK_COUNT,
  MESH_LINKS,
  MESH_NODE_COUNT,
  MESH_NODES,
  MESH_NODES_NEXT,
  MESH_NODES_NEXT_COUNT,
  MESH_NODES_NOW,
  MESH_NODES_NOW_COUNT,
  MESH_OFFERED,
  MESH_OPTION_STALLING_SINKS,
  MESH_OPTIONS,
  MESH_OUTPUTS_NEXT,
  MESH_OUTPUTS_NEXT_COUNT,
  MESH_OUTPUTS_NOW,
  MESH_OUTPUTS_NOW_COUNT,
  MESH_PACKETS_TAKEN,
  MESH_PORTS,
  MESH_ROUTER_COUNT,
  MESH_ROUTERS,
  MESH_TIME,
  MESH_WHEEL,
  MESH_WHEEL_BITS,
  MESH_WHEEL_FILLED,
  MESH_WHEEL_MASK,
  NODE_FIRST,
  NODE_LAST,
  NODE_PORT,
  NODE_QUEUED,
  NODE_QUEUED_MAX,
  NODE_ROUTER,
  NODE_STRIDE,
  NODE_WATCHED,
  NODE_WOKEN,
  PACKET_CREATED,
  PACKET_DESTINATION,
  PACKET_FABRIC,
  PACKET_FLITS,
  PACKET_NEXT,
  PACKET_TAG,
  ROUTER_BUFFERED,
  ROUTER_STRIDE,
} from './mesh-layout';
import { landCredits, returnCredit, wakeNode, wakeOutput } from './mesh-link';
import { inject, receiveAtSink, takePacket } from './mesh-node';
import { act, receiveAtRouter, request } from './mesh-router';
import { firstScheduled, nextEventOf, takeEvents } from './mesh-wheel';

/** Empties the mesh: cycle 0, every credit at home, every pointer at port 0, no statistics. Watched nodes stay so. */
export function meshReset(mesh: usize): void {
  memory.fill(mesh + MESH_TIME, 0, MESH_OPTIONS - MESH_TIME);
  memory.fill(mesh + MESH_PACKETS_TAKEN, 0, MESH_WHEEL - MESH_PACKETS_TAKEN);
  const slots: usize = load<u32>(mesh, MESH_WHEEL_MASK) + 1;
  memory.fill(load<u32>(mesh, MESH_WHEEL), 0, slots << 2);
  memory.fill(load<u32>(mesh, MESH_WHEEL_BITS), 0, slots >> 3);
  store<u32>(mesh, 0, MESH_WHEEL_FILLED);
  store<u32>(mesh, 0, MESH_OUTPUTS_NOW_COUNT);
  store<u32>(mesh, 0, MESH_OUTPUTS_NEXT_COUNT);
  store<u32>(mesh, 0, MESH_NODES_NOW_COUNT);
  store<u32>(mesh, 0, MESH_NODES_NEXT_COUNT);
  store<u32>(mesh, 0, MESH_ARRIVAL_COUNT);
  store<u32>(mesh, 0, MESH_DEPARTURES);
  store<u32>(mesh, 0, MESH_GRANT_COUNT);
  const links: usize = load<u32>(mesh, MESH_LINKS);
  const linksEnd = links + <usize>load<u32>(mesh, MESH_LINK_COUNT) * LINK_STRIDE;
  for (let link = links; link < linksEnd; link += LINK_STRIDE) resetLink(link);
  const nodes = meshNode(mesh, 0);
  const nodesEnd = nodes + <usize>load<u32>(mesh, MESH_NODE_COUNT) * NODE_STRIDE;
  for (let node = nodes; node < nodesEnd; node += NODE_STRIDE)
    memory.fill(node + NODE_FIRST, 0, NODE_WATCHED - NODE_FIRST);
  const routers: usize = load<u32>(mesh, MESH_ROUTERS);
  const routersEnd =
    routers + <usize>(load<u32>(mesh, MESH_ROUTER_COUNT) * load<u32>(mesh, MESH_FABRICS)) * ROUTER_STRIDE;
  for (let router = routers; router < routersEnd; router += ROUTER_STRIDE)
    store<u64>(router, 0, ROUTER_BUFFERED); // and its maximum
}

function resetLink(link: usize): void {
  memory.fill(link + LINK_OWNER, 0, LINK_CREDITS - LINK_OWNER);
  store<u32>(link, load<u32>(link, LINK_CAPACITY), LINK_CREDITS);
  store<u32>(link, 0, LINK_CREDIT_FRONT);
  store<u32>(link, 0, LINK_CREDITS_FLYING);
  memory.fill(link + LINK_FRONT, 0, LINK_STRIDE - LINK_FRONT);
}

/** Record of a node. */
function meshNode(mesh: usize, node: u32): usize {
  assert(node < load<u32>(mesh, MESH_NODE_COUNT));
  return <usize>load<u32>(mesh, MESH_NODES) + <usize>node * NODE_STRIDE;
}

/**
 * Puts a packet into the source queue of a node, in cycle MESH_TIME. `flits`: at least 1; `tag`: comes back with the
 * arrival. False, and nothing has happened, if every packet record is in use.
 */
export function meshOffer(mesh: usize, node: u32, fabric: u32, destination: u32, flits: u32, tag: u32): bool {
  assert(flits > 0);
  const packet = takePacket(mesh);
  if (packet == 0) return false;
  store<u32>(packet, 0, PACKET_NEXT);
  store<u32>(packet, tag, PACKET_TAG);
  store<u32>(packet, <u32>meshNode(mesh, destination), PACKET_DESTINATION);
  store<u32>(packet, fabric, PACKET_FABRIC);
  store<u32>(packet, flits, PACKET_FLITS);
  store<u64>(packet, load<u64>(mesh, MESH_TIME), PACKET_CREATED);
  const from = meshNode(mesh, node);
  if (load<u32>(from, NODE_FIRST) == 0) store<u32>(from, <u32>packet, NODE_FIRST);
  else store<u32>(<usize>load<u32>(from, NODE_LAST), <u32>packet, PACKET_NEXT);
  store<u32>(from, <u32>packet, NODE_LAST);
  const queued = load<u32>(from, NODE_QUEUED) + 1;
  store<u32>(from, queued, NODE_QUEUED);
  if (queued > load<u32>(from, NODE_QUEUED_MAX)) store<u32>(from, queued, NODE_QUEUED_MAX);
  store<u64>(mesh, load<u64>(mesh, MESH_OFFERED) + 1, MESH_OFFERED);
  if (queued == 1) wakeNode(mesh, from);
  return true;
}

/** The earliest cycle in which anything happens, u64.MAX_VALUE if nothing will: all is at rest, or waits for sinks. */
export function meshNextEvent(mesh: usize): u64 {
  return (load<u32>(mesh, MESH_OUTPUTS_NOW_COUNT) | load<u32>(mesh, MESH_NODES_NOW_COUNT)) != 0
    ? load<u64>(mesh, MESH_TIME)
    : firstScheduled(mesh);
}

/**
 * Runs cycles until one in which a packet arrives, or leaves a watched node, has been run, or cycle `until` has; cycles
 * before MESH_TIME are not run again. Gives the number of arrivals, which stay listed until the next call.
 */
export function meshAdvance(mesh: usize, until: u64): u32 {
  store<u32>(mesh, 0, MESH_ARRIVAL_COUNT);
  store<u32>(mesh, 0, MESH_DEPARTURES);
  for (let next = meshNextEvent(mesh); next <= until && next != u64.MAX_VALUE; next = meshNextEvent(mesh)) {
    store<u64>(mesh, next, MESH_TIME);
    runCycle(mesh);
    store<u64>(mesh, next + 1, MESH_TIME);
    const arrivals = load<u32>(mesh, MESH_ARRIVAL_COUNT);
    if ((arrivals | load<u32>(mesh, MESH_DEPARTURES)) != 0) return arrivals;
  }
  if (until >= load<u64>(mesh, MESH_TIME) && until != u64.MAX_VALUE) store<u64>(mesh, until + 1, MESH_TIME);
  return 0;
}

/**
 * A packet that arrived at a stalling sink has been consumed in a cycle: MESH_TIME, or the one before it. Its credit goes
 * back as if its last flit had arrived then. For one sink the cycles must not descend.
 */
export function meshConsume(mesh: usize, node: u32, fabric: u32, cycle: u64): void {
  assert((load<u32>(mesh, MESH_OPTIONS) & MESH_OPTION_STALLING_SINKS) != 0);
  const place = meshNode(mesh, node);
  const router = fabric * load<u32>(mesh, MESH_ROUTER_COUNT) + load<u32>(place, NODE_ROUTER);
  const output = router * load<u32>(mesh, MESH_PORTS) + load<u32>(place, NODE_PORT);
  const link = <usize>load<u32>(mesh, MESH_LINKS) + <usize>output * LINK_STRIDE;
  const unconsumed = load<u32>(link, LINK_UNCONSUMED);
  assert(unconsumed > 0);
  store<u32>(link, unconsumed - 1, LINK_UNCONSUMED);
  const later = <i32>(<i64>(cycle - load<u64>(mesh, MESH_TIME)));
  assert(later == 0 || later == -1);
  returnCredit(mesh, link, later);
}

/** One cycle: what is due arrives, then nodes send, then outputs are allocated and switched. */
function runCycle(mesh: usize): void {
  for (let event = takeEvents(mesh); event != 0; ) {
    const next = nextEventOf(event);
    receive(mesh, event & ~63, <u32>event & 63);
    event = next;
  }
  const nodes: usize = load<u32>(mesh, MESH_NODES_NOW);
  const nodesEnd = nodes + ((<usize>load<u32>(mesh, MESH_NODES_NOW_COUNT)) << 2);
  for (let item = nodes; item < nodesEnd; item += 4) {
    const node: usize = load<u32>(item);
    store<u32>(node, 0, NODE_WOKEN);
    inject(mesh, node);
  }
  const outputs: usize = load<u32>(mesh, MESH_OUTPUTS_NOW);
  const outputsEnd = outputs + ((<usize>load<u32>(mesh, MESH_OUTPUTS_NOW_COUNT)) << 2);
  for (let item = outputs; item < outputsEnd; item += 4) {
    const output: usize = load<u32>(item);
    store<u32>(output, 0, LINK_WOKEN);
    act(mesh, output);
  }
  turnLists(mesh, MESH_NODES_NOW, MESH_NODES_NOW_COUNT, MESH_NODES_NEXT, MESH_NODES_NEXT_COUNT);
  turnLists(mesh, MESH_OUTPUTS_NOW, MESH_OUTPUTS_NOW_COUNT, MESH_OUTPUTS_NEXT, MESH_OUTPUTS_NEXT_COUNT);
}

/** The list of the next cycle becomes that of the present one, and the other is empty. */
function turnLists(mesh: usize, now: u32, nowCount: u32, next: u32, nextCount: u32): void {
  const list = load<u32>(mesh + now);
  store<u32>(mesh + now, load<u32>(mesh + next));
  store<u32>(mesh + nowCount, load<u32>(mesh + nextCount));
  store<u32>(mesh + next, list);
  store<u32>(mesh + nextCount, 0);
}

/** Deals with one event of the cycle. In which order this happens changes nothing. */
function receive(mesh: usize, link: usize, kind: u32): void {
  if (kind == EVENT_FLIT) {
    if (load<u32>(link, LINK_KIND) == LINK_KIND_SINK) receiveAtSink(mesh, link);
    else receiveAtRouter(mesh, link);
    return;
  }
  if (kind == EVENT_ROUTED) {
    request(mesh, link);
    return;
  }
  if (kind == EVENT_CREDIT) {
    const had = load<u32>(link, LINK_CREDITS);
    landCredits(mesh, link);
    if (load<u32>(link, LINK_OWNER) == LINK_OWNER_TAIL) {
      if (load<u32>(link, LINK_CREDITS) != load<u32>(link, LINK_CAPACITY)) return;
      store<u32>(link, 0, LINK_OWNER);
    } else if (had != 0) return; // nothing waited for it
  } else store<u32>(link, 0, LINK_BUSY);
  if (load<u32>(link, LINK_KIND) == LINK_KIND_SOURCE) {
    const node: usize = load<u32>(link, LINK_START);
    if (load<u32>(node, NODE_FIRST) != 0) wakeNode(mesh, node);
  } else if (load<u32>(link, LINK_OWNER) != 0 || load<u64>(link, LINK_REQUESTS) != 0) wakeOutput(mesh, link);
}
