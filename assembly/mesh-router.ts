// Routers: heads ask for outputs, outputs are allocated, flits are switched. An output depends on nothing that another
// output of the same cycle changes, so each acts for itself, once a cycle and only if something woke it.

import {
  EVENT_ROUTED,
  FLIT_HEAD,
  FLIT_PACKET,
  FLIT_TAIL,
  GRANT_CYCLE,
  GRANT_FABRIC,
  GRANT_FLIT,
  GRANT_INPUT,
  GRANT_OUTPUT,
  GRANT_ROUTER,
  GRANT_STRIDE,
  GRANT_TAG,
  LINK_BUFFERED,
  LINK_BUFFERED_MAX,
  LINK_BUSY,
  LINK_CREDITS,
  LINK_END,
  LINK_FABRIC,
  LINK_FLIT,
  LINK_INPUT_PORT,
  LINK_KIND,
  LINK_KIND_MESH,
  LINK_OUTPUT,
  LINK_OUTPUT_PORT,
  LINK_OWNER,
  LINK_OWNER_TAIL,
  LINK_PERIOD,
  LINK_POINTER,
  LINK_REQUESTS,
  LINK_START,
  LINK_STATE,
  LINK_STATE_IDLE,
  LINK_STATE_OPEN,
  LINK_STATE_WAITING,
  LINK_STRIDE,
  MESH_DIRECTIONS,
  MESH_FLIT_HOPS,
  MESH_GRANT_CAPACITY,
  MESH_GRANT_COUNT,
  MESH_GRANTS,
  MESH_OPTION_RELEASE_ON_TAIL_CREDIT,
  MESH_OPTION_SPECULATIVE,
  MESH_OPTIONS,
  MESH_PORTS,
  MESH_ROUTING_DELAY,
  MESH_TIME,
  NODE_PORT,
  NODE_X,
  NODE_Y,
  PACKET_DESTINATION,
  PACKET_TAG,
  ROUTER_BUFFERED,
  ROUTER_BUFFERED_MAX,
  ROUTER_INDEX,
  ROUTER_INPUTS,
  ROUTER_OUTPUTS,
  ROUTER_X,
  ROUTER_Y,
} from './mesh-layout';
import {
  block,
  frontFlit,
  landFlit,
  launch,
  popFlit,
  returnCredit,
  wakeOutput,
  wakeOutputNext,
} from './mesh-link';
import { schedule } from './mesh-wheel';

/** Port that a packet takes: x first, then y, then the local port of its node. */
function route(mesh: usize, router: usize, node: usize): u32 {
  const directions = load<u32>(mesh, MESH_DIRECTIONS);
  const x = load<u32>(router, ROUTER_X);
  const y = load<u32>(router, ROUTER_Y);
  const toX = load<u32>(node, NODE_X);
  const toY = load<u32>(node, NODE_Y);
  if (toX != x) return toX > x ? directions : directions + 1;
  if (toY != y) return toY > y ? directions + 2 : directions + 3;
  return load<u32>(node, NODE_PORT);
}

/** The head at the front of an input's buffer asks for its output. */
export function request(mesh: usize, input: usize): void {
  assert(load<u32>(input, LINK_STATE) == LINK_STATE_WAITING);
  const packet = load<u32>(frontFlit(input), FLIT_PACKET);
  assert((packet & FLIT_HEAD) != 0);
  const router: usize = load<u32>(input, LINK_END);
  const node: usize = load<u32>(<usize>packet & ~63, PACKET_DESTINATION);
  const output = <usize>load<u32>(router, ROUTER_OUTPUTS) + <usize>route(mesh, router, node) * LINK_STRIDE;
  store<u32>(input, <u32>output, LINK_OUTPUT);
  store<u64>(
    output,
    load<u64>(output, LINK_REQUESTS) | ((<u64>1) << load<u32>(input, LINK_INPUT_PORT)),
    LINK_REQUESTS,
  );
  if (load<u32>(output, LINK_OWNER) == 0) wakeOutput(mesh, output);
}

/** A flit has arrived at the input of a router. */
export function receiveAtRouter(mesh: usize, input: usize): void {
  landFlit(mesh, input);
  const buffered = load<u32>(input, LINK_BUFFERED);
  if (buffered > load<u32>(input, LINK_BUFFERED_MAX)) store<u32>(input, buffered, LINK_BUFFERED_MAX);
  const router: usize = load<u32>(input, LINK_END);
  const all = load<u32>(router, ROUTER_BUFFERED) + 1;
  store<u32>(router, all, ROUTER_BUFFERED);
  if (all > load<u32>(router, ROUTER_BUFFERED_MAX)) store<u32>(router, all, ROUTER_BUFFERED_MAX);
  const state = load<u32>(input, LINK_STATE);
  if (state == LINK_STATE_IDLE) {
    store<u32>(input, LINK_STATE_WAITING, LINK_STATE);
    const delay = load<u32>(mesh, MESH_ROUTING_DELAY);
    if (delay == 0) request(mesh, input);
    else schedule(mesh, delay, input | EVENT_ROUTED);
  } else if (state == LINK_STATE_OPEN && buffered == 1) wakeOutput(mesh, load<u32>(input, LINK_OUTPUT));
}

/** Gives an output without owner to the first input at or after the pointer that waits for it. */
function allocate(mesh: usize, output: usize, requests: u64): usize {
  const pointer = load<u32>(output, LINK_POINTER);
  const behind = (requests >> pointer) << pointer;
  const port = <u32>ctz(behind != 0 ? behind : requests);
  store<u32>(output, port + 1 == load<u32>(mesh, MESH_PORTS) ? 0 : port + 1, LINK_POINTER);
  store<u64>(output, requests & ~((<u64>1) << port), LINK_REQUESTS);
  const inputs: usize = load<u32>(<usize>load<u32>(output, LINK_START), ROUTER_INPUTS);
  const input: usize = load<u32>(inputs + ((<usize>port) << 2));
  store<u32>(output, <u32>input, LINK_OWNER);
  store<u32>(input, LINK_STATE_OPEN, LINK_STATE);
  return input;
}

/** What an output does in one cycle: it is allocated if it has no owner, and its owner sends a flit if it can. */
export function act(mesh: usize, output: usize): void {
  let input: usize = load<u32>(output, LINK_OWNER);
  if (input == LINK_OWNER_TAIL) return;
  if (input == 0) {
    const requests = load<u64>(output, LINK_REQUESTS);
    if (requests == 0) return;
    input = allocate(mesh, output, requests);
    if ((load<u32>(mesh, MESH_OPTIONS) & MESH_OPTION_SPECULATIVE) == 0) {
      wakeOutputNext(mesh, output);
      return;
    }
  }
  if (load<u32>(output, LINK_BUSY) != 0 || load<u32>(input, LINK_BUFFERED) == 0) return;
  if (load<u32>(output, LINK_CREDITS) == 0) block(mesh, output);
  else grant(mesh, input, output);
}

/** Sends the front flit of an input through the output that it has. */
function grant(mesh: usize, input: usize, output: usize): void {
  const flit = load<u32>(frontFlit(input), FLIT_PACKET);
  const router: usize = load<u32>(output, LINK_START);
  if (load<u32>(mesh, MESH_GRANT_CAPACITY) != 0) record(mesh, router, input, output, flit);
  popFlit(input);
  store<u32>(router, load<u32>(router, ROUTER_BUFFERED) - 1, ROUTER_BUFFERED);
  returnCredit(mesh, input, 0);
  launch(mesh, output, flit);
  if (load<u32>(output, LINK_KIND) == LINK_KIND_MESH)
    store<u64>(mesh, load<u64>(mesh, MESH_FLIT_HOPS) + 1, MESH_FLIT_HOPS);
  if ((flit & FLIT_TAIL) == 0) {
    // A link that is busy wakes its output itself.
    if (load<u32>(input, LINK_BUFFERED) != 0 && load<u32>(output, LINK_PERIOD) == 1)
      wakeOutputNext(mesh, output);
    return;
  }
  if (load<u32>(input, LINK_BUFFERED) == 0) store<u32>(input, LINK_STATE_IDLE, LINK_STATE);
  else {
    store<u32>(input, LINK_STATE_WAITING, LINK_STATE);
    schedule(mesh, 1 + load<u32>(mesh, MESH_ROUTING_DELAY), input | EVENT_ROUTED);
  }
  if ((load<u32>(mesh, MESH_OPTIONS) & MESH_OPTION_RELEASE_ON_TAIL_CREDIT) != 0)
    store<u32>(output, LINK_OWNER_TAIL, LINK_OWNER);
  else {
    store<u32>(output, 0, LINK_OWNER);
    if (load<u64>(output, LINK_REQUESTS) != 0) wakeOutputNext(mesh, output);
  }
}

function record(mesh: usize, router: usize, input: usize, output: usize, flit: u32): void {
  const count = load<u32>(mesh, MESH_GRANT_COUNT);
  assert(count < load<u32>(mesh, MESH_GRANT_CAPACITY));
  const place = <usize>load<u32>(mesh, MESH_GRANTS) + <usize>count * GRANT_STRIDE;
  store<u32>(mesh, count + 1, MESH_GRANT_COUNT);
  const number = (flit & FLIT_HEAD) != 0 ? 0 : load<u32>(output, LINK_FLIT);
  store<u32>(output, number + 1, LINK_FLIT);
  store<u64>(place, load<u64>(mesh, MESH_TIME), GRANT_CYCLE);
  store<u32>(place, load<u32>(router, ROUTER_INDEX), GRANT_ROUTER);
  store<u32>(place, load<u32>(output, LINK_FABRIC), GRANT_FABRIC);
  store<u32>(place, load<u32>(input, LINK_INPUT_PORT), GRANT_INPUT);
  store<u32>(place, load<u32>(output, LINK_OUTPUT_PORT), GRANT_OUTPUT);
  store<u32>(place, load<u32>(<usize>flit & ~63, PACKET_TAG), GRANT_TAG);
  store<u32>(place, number, GRANT_FLIT);
}
