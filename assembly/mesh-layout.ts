// Record layouts of the mesh: field offsets and strides, in bytes, as in layout.ts. A mesh is one record and the tables
// it points to; it needs no chip. All fields are u32 unless a comment says otherwise.
//
// A link is what a flit crosses: from an output of a router to an input of the next one, from the source of a node to its
// router, or from a router to the sink of a node. Its record holds both ends: owner and credits at the start, the
// buffer at the end.

// ---- Mesh: one record -------------------------------------------------------------------------------------
export const MESH_TIME: u32 = 0; // u64: the first cycle that has not been run
export const MESH_OFFERED: u32 = 8; // u64: packets that entered a source queue
export const MESH_ARRIVED: u32 = 16; // u64: packets whose last flit reached its sink
export const MESH_FLIT_HOPS: u32 = 24; // u64: flits that left for another router
export const MESH_OPTIONS: u32 = 32; // bits MESH_OPTION_*
export const MESH_ROUTING_DELAY: u32 = 36; // cycles before a head at the front of a buffer asks for its output
export const MESH_FABRICS: u32 = 40; // copies of the network; a packet stays in its own
export const MESH_PORTS: u32 = 44; // ports of each router, at most 64
export const MESH_DIRECTIONS: u32 = 48; // port +x; -x, +y, -y follow
export const MESH_ROUTERS: u32 = 52; // router records [fabric][router]
export const MESH_ROUTER_COUNT: u32 = 56; // of one fabric
export const MESH_NODES: u32 = 60; // node records
export const MESH_NODE_COUNT: u32 = 64;
export const MESH_LINKS: u32 = 68; // link records: outputs [fabric][router][port], then sources [fabric][node]
export const MESH_LINK_COUNT: u32 = 72; // all of them
export const MESH_SOURCES: u32 = 76; // address of the first source's link
export const MESH_PACKETS: u32 = 80; // packet records
export const MESH_PACKET_COUNT: u32 = 84;
export const MESH_PACKETS_TAKEN: u32 = 88; // records that were in use at some time
export const MESH_FREE_PACKET: u32 = 92; // first of the list of those that are free again
export const MESH_WHEEL: u32 = 96; // u32 [slot]: first event of a cycle, slot = cycle modulo slots
export const MESH_WHEEL_MASK: u32 = 100; // slots - 1; more slots than the longest delay has cycles
export const MESH_WHEEL_BITS: u32 = 104; // a bit for each slot that has events
export const MESH_WHEEL_FILLED: u32 = 108; // number of these
export const MESH_OUTPUTS_NOW: u32 = 112; // u32 list of the outputs that have something to do in cycle MESH_TIME
export const MESH_OUTPUTS_NOW_COUNT: u32 = 116;
export const MESH_OUTPUTS_NEXT: u32 = 120; // and in the cycle after it, filled while it runs
export const MESH_OUTPUTS_NEXT_COUNT: u32 = 124;
export const MESH_NODES_NOW: u32 = 128; // the same of nodes that have something to send
export const MESH_NODES_NOW_COUNT: u32 = 132;
export const MESH_NODES_NEXT: u32 = 136;
export const MESH_NODES_NEXT_COUNT: u32 = 140;
export const MESH_ARRIVALS: u32 = 144; // arrival records, as many as sinks
export const MESH_ARRIVAL_COUNT: u32 = 148; // packets that arrived in the last cycle that was run
export const MESH_DEPARTURES: u32 = 152; // packets that left watched nodes in the last cycle that was run
export const MESH_GRANTS: u32 = 156; // grant records
export const MESH_GRANT_CAPACITY: u32 = 160; // 0: grants are not recorded
export const MESH_GRANT_COUNT: u32 = 164;
export const MESH_STRIDE: u32 = 192;

/** An output that is allocated carries the head in the same cycle. */
export const MESH_OPTION_SPECULATIVE: u32 = 1;
/** After a packet's last flit a link keeps its owner until all of its credits are back. */
export const MESH_OPTION_RELEASE_ON_TAIL_CREDIT: u32 = 2;
/** Sinks hold the credit of a packet's last flit until the packet is consumed. */
export const MESH_OPTION_STALLING_SINKS: u32 = 4;

// ---- Router: one record per router and fabric ------------------------------------------------------------------
export const ROUTER_X: u32 = 0;
export const ROUTER_Y: u32 = 4;
export const ROUTER_INDEX: u32 = 8; // within its fabric
export const ROUTER_INPUTS: u32 = 12; // u32 [port]: links that end here, 0 at the edge of the mesh
export const ROUTER_OUTPUTS: u32 = 16; // link records [port]
export const ROUTER_BUFFERED: u32 = 24; // flits in its buffers
export const ROUTER_BUFFERED_MAX: u32 = 28;
export const ROUTER_STRIDE: u32 = 32;

// ---- Node: where packets come from and go to -------------------------------------------------------------------
export const NODE_INDEX: u32 = 0;
export const NODE_X: u32 = 4; // of its router
export const NODE_Y: u32 = 8;
export const NODE_ROUTER: u32 = 12; // index of its router within a fabric
export const NODE_PORT: u32 = 16; // local port of its router
export const NODE_FIRST: u32 = 20; // packet at the front of its source queue, 0 if that is empty
export const NODE_LAST: u32 = 24;
export const NODE_SENT: u32 = 28; // flits of the front packet that have left
export const NODE_QUEUED: u32 = 32; // packets in its source queue
export const NODE_QUEUED_MAX: u32 = 36;
export const NODE_WOKEN: u32 = 40; // 1 while it is in one of the lists of nodes
export const NODE_WATCHED: u32 = 44; // 1 if `advance` shall return when a packet has left its queue
export const NODE_STRIDE: u32 = 64;

// ---- Link ---------------------------------------------------------------------------------------------------------
export const LINK_KIND: u32 = 0; // LINK_KIND_*
export const LINK_START: u32 = 4; // router record, or node record of a source
export const LINK_OUTPUT_PORT: u32 = 8; // at its start
export const LINK_END: u32 = 12; // router record, or node record of a sink
export const LINK_INPUT_PORT: u32 = 16; // at its end
export const LINK_FABRIC: u32 = 20;
export const LINK_CAPACITY: u32 = 24; // flits that the buffer at its end holds
export const LINK_DELAY: u32 = 28; // cycles from the grant, or the departure from a source, to the arrival
export const LINK_CREDIT_DELAY: u32 = 32; // cycles from the flit's leaving the buffer to the credit's being usable
export const LINK_PERIOD: u32 = 36; // it takes one flit in so many cycles
// At its start.
export const LINK_OWNER: u32 = 40; // input link whose packet has this output; 0, or LINK_OWNER_TAIL
export const LINK_POINTER: u32 = 44; // port at which the round robin begins
export const LINK_REQUESTS: u32 = 48; // u64: bit per input port that waits for this output
export const LINK_BUSY: u32 = 56; // 1 while the period of the last flit runs
export const LINK_WOKEN: u32 = 60; // 1 while it is in one of the lists of outputs
export const LINK_CREDITS: u32 = 64;
export const LINK_CREDIT_DUES: u32 = 68; // u32 ring [capacity]: cycles in which credits on their way arrive, low bits
export const LINK_CREDIT_FRONT: u32 = 72;
export const LINK_CREDITS_FLYING: u32 = 76;
// At its end.
export const LINK_BUFFER: u32 = 80; // ring [capacity] of flit words: those that are there, behind them those on their way
export const LINK_FRONT: u32 = 84;
export const LINK_BUFFERED: u32 = 88;
export const LINK_FLYING: u32 = 92;
export const LINK_STATE: u32 = 96; // LINK_STATE_*
export const LINK_OUTPUT: u32 = 100; // the link that the packet at the front waits for or has
export const LINK_UNCONSUMED: u32 = 104; // packets that arrived at a stalling sink and still hold a credit
// Events and statistics.
export const LINK_NEXT: u32 = 108; // u32 [EVENT_*]: the next event of the same cycle
export const LINK_BUFFERED_MAX: u32 = 124;
export const LINK_FLITS: u32 = 128; // u64: flits that it carried
export const LINK_BLOCKED: u32 = 136; // u64: cycles in which a flit that was ready waited for a credit
export const LINK_BLOCKED_SINCE: u32 = 144; // u64: cycle in which that began, plus 1; 0 if none waits
export const LINK_FLIT: u32 = 152; // number of the flit of its packet that leaves next, while grants are recorded
export const LINK_STRIDE: u32 = 192;

export const LINK_KIND_MESH: u32 = 0; // from router to router
export const LINK_KIND_SOURCE: u32 = 1; // from a node to its router
export const LINK_KIND_SINK: u32 = 2; // from a router to one of its nodes

/** Owner of a link whose packet has passed, while its credits are not all back. */
export const LINK_OWNER_TAIL: u32 = 1;

export const LINK_STATE_IDLE: u32 = 0;
export const LINK_STATE_WAITING: u32 = 1; // a head is at the front without an output
export const LINK_STATE_OPEN: u32 = 2; // a packet owns an output

// Event: the address of its link, a multiple of 64, and its kind in the low bits.
export const EVENT_FLIT: u32 = 0; // the first flit on its way arrives
export const EVENT_CREDIT: u32 = 1; // the first credit on its way arrives
export const EVENT_ROUTED: u32 = 2; // the head at the front asks for its output
export const EVENT_FREE: u32 = 3; // the link can take the next flit
export const EVENT_KINDS: u32 = 4;

// Flit word: which flit of which packet, and the cycle in which it arrives.
export const FLIT_PACKET: u32 = 0; // packet record, a multiple of 64, with bits FLIT_*
export const FLIT_DUE: u32 = 4; // low bits of the cycle
export const FLIT_STRIDE: u32 = 8;
export const FLIT_HEAD: u32 = 1;
export const FLIT_TAIL: u32 = 2;

// ---- Packet ----------------------------------------------------------------------------------------------------
export const PACKET_NEXT: u32 = 0; // behind it in its queue, or in the list of free ones
export const PACKET_TAG: u32 = 4; // the caller's
export const PACKET_DESTINATION: u32 = 8; // node record
export const PACKET_FABRIC: u32 = 12;
export const PACKET_FLITS: u32 = 16;
export const PACKET_CREATED: u32 = 24; // u64: cycle in which it entered its source queue
export const PACKET_INJECTED: u32 = 32; // u64: cycle in which its head left that queue
export const PACKET_HEAD: u32 = 40; // u64: cycle in which its head arrived
export const PACKET_STRIDE: u32 = 64;

// ---- Arrival: a packet that is complete ---------------------------------------------------------------------------
export const ARRIVAL_TAG: u32 = 0;
export const ARRIVAL_NODE: u32 = 4; // index of the node
export const ARRIVAL_FABRIC: u32 = 8;
export const ARRIVAL_FLITS: u32 = 12;
export const ARRIVAL_CREATED: u32 = 16; // u64, and the following
export const ARRIVAL_INJECTED: u32 = 24;
export const ARRIVAL_HEAD: u32 = 32;
export const ARRIVAL_TAIL: u32 = 40; // cycle in which its last flit arrived
export const ARRIVAL_STRIDE: u32 = 48;

// ---- Grant: one flit through one router ---------------------------------------------------------------------------
export const GRANT_CYCLE: u32 = 0; // u64
export const GRANT_ROUTER: u32 = 8; // index within its fabric
export const GRANT_FABRIC: u32 = 12;
export const GRANT_INPUT: u32 = 16; // port
export const GRANT_OUTPUT: u32 = 20; // port
export const GRANT_TAG: u32 = 24; // of the packet
export const GRANT_FLIT: u32 = 28; // number of the flit within it
export const GRANT_STRIDE: u32 = 32;
