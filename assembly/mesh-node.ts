// Nodes: the source queues that packets wait in, and the sinks that they end in.

import {
  ARRIVAL_CREATED,
  ARRIVAL_FABRIC,
  ARRIVAL_FLITS,
  ARRIVAL_HEAD,
  ARRIVAL_INJECTED,
  ARRIVAL_NODE,
  ARRIVAL_STRIDE,
  ARRIVAL_TAG,
  ARRIVAL_TAIL,
  FLIT_HEAD,
  FLIT_PACKET,
  FLIT_TAIL,
  LINK_BUSY,
  LINK_CREDITS,
  LINK_END,
  LINK_FABRIC,
  LINK_OWNER,
  LINK_OWNER_TAIL,
  LINK_STRIDE,
  LINK_UNCONSUMED,
  MESH_ARRIVAL_COUNT,
  MESH_ARRIVALS,
  MESH_ARRIVED,
  MESH_DEPARTURES,
  MESH_FABRICS,
  MESH_FREE_PACKET,
  MESH_NODE_COUNT,
  MESH_OPTION_RELEASE_ON_TAIL_CREDIT,
  MESH_OPTION_STALLING_SINKS,
  MESH_OPTIONS,
  MESH_PACKET_COUNT,
  MESH_PACKETS,
  MESH_PACKETS_TAKEN,
  MESH_SOURCES,
  MESH_TIME,
  NODE_FIRST,
  NODE_INDEX,
  NODE_QUEUED,
  NODE_SENT,
  NODE_WATCHED,
  PACKET_CREATED,
  PACKET_FABRIC,
  PACKET_FLITS,
  PACKET_HEAD,
  PACKET_INJECTED,
  PACKET_NEXT,
  PACKET_STRIDE,
  PACKET_TAG,
} from './mesh-layout';
import { block, frontFlit, landFlit, launch, popFlit, returnCredit, wakeNodeNext } from './mesh-link';

/** A packet record that is free; 0 if there is none. */
export function takePacket(mesh: usize): usize {
  const free: usize = load<u32>(mesh, MESH_FREE_PACKET);
  if (free != 0) {
    store<u32>(mesh, load<u32>(free, PACKET_NEXT), MESH_FREE_PACKET);
    return free;
  }
  const taken = load<u32>(mesh, MESH_PACKETS_TAKEN);
  if (taken == load<u32>(mesh, MESH_PACKET_COUNT)) return 0;
  store<u32>(mesh, taken + 1, MESH_PACKETS_TAKEN);
  return <usize>load<u32>(mesh, MESH_PACKETS) + <usize>taken * PACKET_STRIDE;
}

/** The packet at the front has left: the next one takes its place. */
function depart(mesh: usize, node: usize, packet: usize): void {
  store<u32>(node, load<u32>(packet, PACKET_NEXT), NODE_FIRST);
  store<u32>(node, 0, NODE_SENT);
  store<u32>(node, load<u32>(node, NODE_QUEUED) - 1, NODE_QUEUED);
  if (load<u32>(node, NODE_WATCHED) != 0)
    store<u32>(mesh, load<u32>(mesh, MESH_DEPARTURES) + 1, MESH_DEPARTURES);
}

/** The first flit of a node's queue leaves through a source, if it belongs to its fabric and the source lets it. */
function send(mesh: usize, node: usize, source: usize): bool {
  const packet: usize = load<u32>(node, NODE_FIRST);
  if (packet == 0 || load<u32>(packet, PACKET_FABRIC) != load<u32>(source, LINK_FABRIC)) return false;
  if (load<u32>(source, LINK_OWNER) != 0 || load<u32>(source, LINK_BUSY) != 0) return false;
  if (load<u32>(source, LINK_CREDITS) == 0) {
    block(mesh, source);
    return false;
  }
  const sent = load<u32>(node, NODE_SENT);
  if (sent == 0) store<u64>(packet, load<u64>(mesh, MESH_TIME), PACKET_INJECTED);
  const isLast = sent + 1 == load<u32>(packet, PACKET_FLITS);
  launch(mesh, source, <u32>packet | (sent == 0 ? FLIT_HEAD : 0) | (isLast ? FLIT_TAIL : 0));
  if (isLast) {
    depart(mesh, node, packet);
    if ((load<u32>(mesh, MESH_OPTIONS) & MESH_OPTION_RELEASE_ON_TAIL_CREDIT) != 0)
      store<u32>(source, LINK_OWNER_TAIL, LINK_OWNER);
  } else store<u32>(node, sent + 1, NODE_SENT);
  return true;
}

/** What a node does in one cycle: at most one flit leaves in each fabric, in the order of its queue. */
export function inject(mesh: usize, node: usize): void {
  const fabrics = load<u32>(mesh, MESH_FABRICS);
  const stride = <usize>load<u32>(mesh, MESH_NODE_COUNT) * LINK_STRIDE;
  let source = <usize>load<u32>(mesh, MESH_SOURCES) + <usize>load<u32>(node, NODE_INDEX) * LINK_STRIDE;
  let hasSent = false;
  for (let fabric: u32 = 0; fabric < fabrics; fabric++) {
    if (send(mesh, node, source)) hasSent = true;
    source += stride;
  }
  // Otherwise a credit or the end of a period wakes it.
  if (hasSent && load<u32>(node, NODE_FIRST) != 0) wakeNodeNext(mesh, node);
}

/** A flit has arrived at a sink, which takes it at once. */
export function receiveAtSink(mesh: usize, link: usize): void {
  landFlit(mesh, link);
  const flit = load<u32>(frontFlit(link), FLIT_PACKET);
  popFlit(link);
  const packet = <usize>flit & ~63;
  if ((flit & FLIT_HEAD) != 0) store<u64>(packet, load<u64>(mesh, MESH_TIME), PACKET_HEAD);
  const isLast = (flit & FLIT_TAIL) != 0;
  if (isLast && (load<u32>(mesh, MESH_OPTIONS) & MESH_OPTION_STALLING_SINKS) != 0)
    store<u32>(link, load<u32>(link, LINK_UNCONSUMED) + 1, LINK_UNCONSUMED);
  else returnCredit(mesh, link, 0);
  if (!isLast) return;
  reportArrival(mesh, link, packet);
  store<u64>(mesh, load<u64>(mesh, MESH_ARRIVED) + 1, MESH_ARRIVED);
  store<u32>(packet, load<u32>(mesh, MESH_FREE_PACKET), PACKET_NEXT);
  store<u32>(mesh, <u32>packet, MESH_FREE_PACKET);
}

/** Enters a packet in the list of arrivals, which is in the order of node and fabric. */
function reportArrival(mesh: usize, link: usize, packet: usize): void {
  const node = load<u32>(<usize>load<u32>(link, LINK_END), NODE_INDEX);
  const fabric = load<u32>(link, LINK_FABRIC);
  const first: usize = load<u32>(mesh, MESH_ARRIVALS);
  const count = load<u32>(mesh, MESH_ARRIVAL_COUNT);
  store<u32>(mesh, count + 1, MESH_ARRIVAL_COUNT);
  let place = first + <usize>count * ARRIVAL_STRIDE;
  for (; place > first; place -= ARRIVAL_STRIDE) {
    const before = place - ARRIVAL_STRIDE;
    const other = load<u32>(before, ARRIVAL_NODE);
    if (other < node || (other == node && load<u32>(before, ARRIVAL_FABRIC) < fabric)) break;
    memory.copy(place, before, ARRIVAL_STRIDE);
  }
  store<u32>(place, load<u32>(packet, PACKET_TAG), ARRIVAL_TAG);
  store<u32>(place, node, ARRIVAL_NODE);
  store<u32>(place, fabric, ARRIVAL_FABRIC);
  store<u32>(place, load<u32>(packet, PACKET_FLITS), ARRIVAL_FLITS);
  store<u64>(place, load<u64>(packet, PACKET_CREATED), ARRIVAL_CREATED);
  store<u64>(place, load<u64>(packet, PACKET_INJECTED), ARRIVAL_INJECTED);
  store<u64>(place, load<u64>(packet, PACKET_HEAD), ARRIVAL_HEAD);
  store<u64>(place, load<u64>(mesh, MESH_TIME), ARRIVAL_TAIL);
}
