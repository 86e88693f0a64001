// Links: flits that leave and arrive, credits that come back, and the lists of what has something to do.
//
// The buffer at the end of a link holds the flits that have arrived and, behind them, those on their way: a flit only
// leaves when there is a credit, so there is a place for it.

import {
  EVENT_CREDIT,
  EVENT_FLIT,
  EVENT_FREE,
  FLIT_DUE,
  FLIT_PACKET,
  LINK_BLOCKED,
  LINK_BLOCKED_SINCE,
  LINK_BUFFER,
  LINK_BUFFERED,
  LINK_BUSY,
  LINK_CAPACITY,
  LINK_CREDIT_DELAY,
  LINK_CREDIT_DUES,
  LINK_CREDIT_FRONT,
  LINK_CREDITS,
  LINK_CREDITS_FLYING,
  LINK_DELAY,
  LINK_FLITS,
  LINK_FLYING,
  LINK_FRONT,
  LINK_PERIOD,
  LINK_WOKEN,
  MESH_NODES_NEXT,
  MESH_NODES_NEXT_COUNT,
  MESH_NODES_NOW,
  MESH_NODES_NOW_COUNT,
  MESH_OUTPUTS_NEXT,
  MESH_OUTPUTS_NEXT_COUNT,
  MESH_OUTPUTS_NOW,
  MESH_OUTPUTS_NOW_COUNT,
  MESH_TIME,
  NODE_WOKEN,
} from './mesh-layout';
import { schedule } from './mesh-wheel';

/** Appends to a list whose address and length are fields of the mesh. */
function append(mesh: usize, list: u32, count: u32, item: usize): void {
  const length = load<u32>(mesh + count);
  store<u32>(<usize>load<u32>(mesh + list) + ((<usize>length) << 2), <u32>item);
  store<u32>(mesh + count, length + 1);
}

/** Lets an output act in the cycle that runs. To be called before outputs act. */
export function wakeOutput(mesh: usize, link: usize): void {
  if (load<u32>(link, LINK_WOKEN) != 0) return;
  store<u32>(link, 1, LINK_WOKEN);
  append(mesh, MESH_OUTPUTS_NOW, MESH_OUTPUTS_NOW_COUNT, link);
}

/** Lets an output act in the next cycle. To be called while outputs act. */
export function wakeOutputNext(mesh: usize, link: usize): void {
  if (load<u32>(link, LINK_WOKEN) != 0) return;
  store<u32>(link, 1, LINK_WOKEN);
  append(mesh, MESH_OUTPUTS_NEXT, MESH_OUTPUTS_NEXT_COUNT, link);
}

/** Lets a node send in the cycle MESH_TIME. To be called before nodes send. */
export function wakeNode(mesh: usize, node: usize): void {
  if (load<u32>(node, NODE_WOKEN) != 0) return;
  store<u32>(node, 1, NODE_WOKEN);
  append(mesh, MESH_NODES_NOW, MESH_NODES_NOW_COUNT, node);
}

/** Lets a node send in the next cycle. To be called while nodes send. */
export function wakeNodeNext(mesh: usize, node: usize): void {
  if (load<u32>(node, NODE_WOKEN) != 0) return;
  store<u32>(node, 1, NODE_WOKEN);
  append(mesh, MESH_NODES_NEXT, MESH_NODES_NEXT_COUNT, node);
}

/** Place in a ring of as many entries as the link has buffers. */
function ringPlace(link: usize, front: u32, offset: u32): u32 {
  const capacity = load<u32>(link, LINK_CAPACITY);
  const place = front + offset;
  return place >= capacity ? place - capacity : place;
}

/** Address of the flit word at the front. */
export function frontFlit(link: usize): usize {
  return <usize>load<u32>(link, LINK_BUFFER) + ((<usize>load<u32>(link, LINK_FRONT)) << 3);
}

/** Takes the front flit out of the buffer. */
export function popFlit(link: usize): void {
  store<u32>(link, ringPlace(link, load<u32>(link, LINK_FRONT), 1), LINK_FRONT);
  store<u32>(link, load<u32>(link, LINK_BUFFERED) - 1, LINK_BUFFERED);
}

/** Notes that a flit is ready and has no credit. */
export function block(mesh: usize, link: usize): void {
  if (load<u64>(link, LINK_BLOCKED_SINCE) == 0)
    store<u64>(link, load<u64>(mesh, MESH_TIME) + 1, LINK_BLOCKED_SINCE);
}

/** Sends a flit: packet record and bits FLIT_*. The link has a credit and is not busy. */
export function launch(mesh: usize, link: usize, flit: u32): void {
  assert(load<u32>(link, LINK_CREDITS) > 0 && load<u32>(link, LINK_BUSY) == 0);
  store<u32>(link, load<u32>(link, LINK_CREDITS) - 1, LINK_CREDITS);
  store<u64>(link, load<u64>(link, LINK_FLITS) + 1, LINK_FLITS);
  const since = load<u64>(link, LINK_BLOCKED_SINCE);
  if (since != 0) {
    const waited = load<u64>(mesh, MESH_TIME) + 1 - since;
    store<u64>(link, load<u64>(link, LINK_BLOCKED) + waited, LINK_BLOCKED);
    store<u64>(link, 0, LINK_BLOCKED_SINCE);
  }
  const delay = load<u32>(link, LINK_DELAY);
  const flying = load<u32>(link, LINK_FLYING);
  const place = ringPlace(link, load<u32>(link, LINK_FRONT), load<u32>(link, LINK_BUFFERED) + flying);
  const word = <usize>load<u32>(link, LINK_BUFFER) + ((<usize>place) << 3);
  store<u32>(word, flit, FLIT_PACKET);
  store<u32>(word, load<u32>(mesh, MESH_TIME) + delay, FLIT_DUE);
  store<u32>(link, flying + 1, LINK_FLYING);
  if (flying == 0) schedule(mesh, delay, link | EVENT_FLIT);
  const period = load<u32>(link, LINK_PERIOD);
  if (period == 1) return;
  store<u32>(link, 1, LINK_BUSY);
  schedule(mesh, period, link | EVENT_FREE);
}

/** The first flit on its way has arrived: it is in the buffer, and the next one is due when it is due. */
export function landFlit(mesh: usize, link: usize): void {
  const flying = load<u32>(link, LINK_FLYING) - 1;
  const buffered = load<u32>(link, LINK_BUFFERED) + 1;
  store<u32>(link, flying, LINK_FLYING);
  store<u32>(link, buffered, LINK_BUFFERED);
  if (flying == 0) return;
  const place = ringPlace(link, load<u32>(link, LINK_FRONT), buffered);
  const word = <usize>load<u32>(link, LINK_BUFFER) + ((<usize>place) << 3);
  schedule(mesh, load<u32>(word, FLIT_DUE) - load<u32>(mesh, MESH_TIME), link | EVENT_FLIT);
}

/** Sends a credit back for a flit that leaves the buffer `later` cycles after MESH_TIME, in ascending order. */
export function returnCredit(mesh: usize, link: usize, later: i32): void {
  const cycles = <u32>(<i32>load<u32>(link, LINK_CREDIT_DELAY) + later);
  const flying = load<u32>(link, LINK_CREDITS_FLYING);
  const place = ringPlace(link, load<u32>(link, LINK_CREDIT_FRONT), flying);
  const dues: usize = load<u32>(link, LINK_CREDIT_DUES);
  store<u32>(dues + ((<usize>place) << 2), load<u32>(mesh, MESH_TIME) + cycles);
  store<u32>(link, flying + 1, LINK_CREDITS_FLYING);
  if (flying == 0) schedule(mesh, cycles, link | EVENT_CREDIT);
}

/** Adds the credits that are due in this cycle: several only if a sink's packets were consumed at once. */
export function landCredits(mesh: usize, link: usize): void {
  const time = load<u32>(mesh, MESH_TIME);
  const dues: usize = load<u32>(link, LINK_CREDIT_DUES);
  let front = load<u32>(link, LINK_CREDIT_FRONT);
  let flying = load<u32>(link, LINK_CREDITS_FLYING);
  let due = time;
  let landed: u32 = 0;
  while (due == time) {
    landed++;
    flying--;
    front = ringPlace(link, front, 1);
    if (flying == 0) break;
    due = load<u32>(dues + ((<usize>front) << 2));
  }
  store<u32>(link, front, LINK_CREDIT_FRONT);
  store<u32>(link, flying, LINK_CREDITS_FLYING);
  store<u32>(link, load<u32>(link, LINK_CREDITS) + landed, LINK_CREDITS);
  if (flying != 0) schedule(mesh, due - time, link | EVENT_CREDIT);
}
