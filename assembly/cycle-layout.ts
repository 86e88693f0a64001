// Record layouts of timing mode `cycle`: field offsets and strides, in bytes, as in layout.ts. All fields are u32
// unless a comment says otherwise; times are in quanta of chip time, within a step from its begin. The chip has no
// clock: a "cycle" is the configuration's time quantum.

// ---- Cycle: one record ------------------------------------------------------------------------------------
export const CYCLE_STATIONS: u32 = 0; // station records, one per core and one for the embedded processor
export const CYCLE_STATION_COUNT: u32 = 4; // the processor included
export const CYCLE_UNITS: u32 = 8; // unit records [station][UNIT_*]: sums over steps
export const CYCLE_STEP_UNITS: u32 = 12; // step unit records [station][UNIT_*]: of the running step
export const CYCLE_HEAP: u32 = 16; // u64 keys of the units' pending events
export const CYCLE_LEAVES: u32 = 20; // leaf records, one per tile in use
export const CYCLE_LEAF_COUNT: u32 = 24;
export const CYCLE_BARRIER_DOWN: u32 = 28; // from the root's decision until the last tile is released
export const CYCLE_PORT_MESSAGES: u32 = 32; // u32 [port element + 1]: its messages
export const CYCLE_SERVICE_GROUP: u32 = 36; // compartments that are served together
export const CYCLE_INPUT_INTERVAL: u32 = 40;
export const CYCLE_INPUT_LATENCY: u32 = 44;
export const CYCLE_DENDRITE_OP: u32 = 48;
export const CYCLE_DENDRITE_QUEUE: u32 = 52; // synaptic operations that wait for their accumulator
export const CYCLE_SHARES: u32 = 56; // u64 [SHARE_*]: the critical path, summed over steps
export const CYCLE_TOTALS: u32 = 60; // u64 [CYCLE_TOTAL_*]
export const CYCLE_RECORDS: u32 = 64; // record of each step, a ring without overwriting
export const CYCLE_RECORD_CAPACITY: u32 = 68;
export const CYCLE_RECORD_COUNT: u32 = 72;
export const CYCLE_UNIT_RECORDS: u32 = 76; // step unit records of every recorded step; 0 if not wanted
export const CYCLE_LOG: u32 = 80; // event log
export const CYCLE_LOG_CAPACITY: u32 = 84;
export const CYCLE_LOG_COUNT: u32 = 88;
export const CYCLE_LOG_LOST: u32 = 92; // entries that did not fit
export const CYCLE_MESH: u32 = 96; // mesh record
export const CYCLE_LINKS: u32 = 100; // link sums [link]
export const CYCLE_STEP_SHARES: u32 = 104; // u64 [SHARE_*]: of the running step
export const CYCLE_VISIT_PRODUCTS: u32 = 108; // products of the rule that the time of a learning visit is for
export const CYCLE_STRIDE: u32 = 128;

export const CYCLE_TOTAL_SENT: u32 = 0; // messages that left a core or the processor
export const CYCLE_TOTAL_RECEIVED: u32 = 1;
export const CYCLE_TOTAL_BARRIER_MESSAGES: u32 = 2;
export const CYCLE_TOTAL_FLIT_HOPS: u32 = 3; // flits that left for another router
export const CYCLE_TOTAL_TIME: u32 = 4; // quanta of all steps
export const CYCLE_TOTAL_COUNT: u32 = 5;

// ---- Units of a station -----------------------------------------------------------------------------------
export const UNIT_COMPARTMENT: u32 = 0;
export const UNIT_OUTPUT_AXON: u32 = 1; // of the processor's station: injection
export const UNIT_NETWORK: u32 = 2; // its interface to the mesh
export const UNIT_INPUT_AXON: u32 = 3;
export const UNIT_SYNAPSE: u32 = 4;
export const UNIT_DENDRITE: u32 = 5;
export const UNIT_LEARNING: u32 = 6;
export const UNIT_COUNT: u32 = 7;

// Unit: sums over steps.
export const UNIT_BUSY: u32 = 0; // u64: quanta of work
export const UNIT_STALLED: u32 = 8; // u64: quanta in which what came next had no room
export const UNIT_ITEMS: u32 = 16; // u64: compartments, messages, synaptic operations
export const UNIT_BOUND: u32 = 24; // u64: quanta for which it was the critical path
export const UNIT_QUEUE_MAX: u32 = 32;
export const UNIT_STRIDE: u32 = 40;

// Step unit: the same of one step.
export const STEP_UNIT_BUSY: u32 = 0; // u64
export const STEP_UNIT_STALLED: u32 = 8; // u64
export const STEP_UNIT_END: u32 = 16; // u64: when it was last done with something
export const STEP_UNIT_ITEMS: u32 = 24;
export const STEP_UNIT_QUEUE_MAX: u32 = 28;
export const STEP_UNIT_STRIDE: u32 = 32;

// ---- Station: a core's units in the running step, or those of the embedded processor ----------------------------
export const STATION_CORE: u32 = 0; // core record; 0 for the processor
export const STATION_INDEX: u32 = 4;
export const STATION_NODE: u32 = 8; // node record of the mesh
export const STATION_LEAF: u32 = 12; // leaf record of its tile; 0 for the processor
export const STATION_MESSAGES: u32 = 16; // u32 [compartment padded + 1]: messages of each; port elements for the processor
export const STATION_UNITS: u32 = 20; // its step unit records
export const STATION_OUTPUT_INTERVAL: u32 = 24;
export const STATION_OUTPUT_LATENCY: u32 = 28;
export const STATION_LEARNING: u32 = 32; // u32 [learning axon]: time that a learning epoch spends on it
export const STATION_LEARNING_ALL: u32 = 40; // u64: the same of all axons
// Queues: address, capacity, place of the first entry, entries.
export const STATION_SPIKES: u32 = 48; // compartments that fired, in front of the output axon
export const STATION_INTERFACE: u32 = 64; // messages in front of the mesh
export const STATION_SINK: u32 = 80; // messages that arrived and hold their place in the mesh
export const STATION_INPUT: u32 = 96; // messages in front of the input axon
export const STATION_SYNAPSE: u32 = 112; // messages in front of the synapse unit
/** What follows is 0 at the begin of every step. */
export const STATION_FRESH: u32 = 128;
export const STATION_SPIKE_AT: u32 = 128; // next spike of the core's list, or next injected element
export const STATION_GROUP: u32 = 132; // group record that the next spike belongs to
export const STATION_GROUP_POSITION: u32 = 136; // compartments of the core before it
export const STATION_GROUP_ACTIVE: u32 = 140; // active ones among them
export const STATION_COMPARTMENT_STATE: u32 = 144; // STATE_*
export const STATION_OUTPUT_STATE: u32 = 148;
export const STATION_INTERFACE_STATE: u32 = 152;
export const STATION_INPUT_STATE: u32 = 156;
export const STATION_SYNAPSE_STATE: u32 = 160;
export const STATION_OUTPUT_MESSAGE: u32 = 164; // message being sent; those of the same spike follow it
export const STATION_OUTPUT_LAST: u32 = 168; // behind the last one
export const STATION_OUTPUT_RUNS: u32 = 172; // 1 within a busy period
export const STATION_INPUT_MESSAGE: u32 = 176;
export const STATION_INPUT_RUNS: u32 = 180;
export const STATION_INPUT_OPENER: u32 = 184; // message that began the busy period
export const STATION_SYNAPSE_RUNS: u32 = 188;
export const STATION_SYNAPSE_OPENER: u32 = 192; // message that began the input axon's busy period at that time
export const STATION_SENT: u32 = 196; // messages that entered the mesh
export const STATION_RECEIVED: u32 = 200; // messages whose synapses were served
export const STATION_COMPARTMENT_SINCE: u32 = 208; // u64: stalled since
export const STATION_COMPARTMENT_DELAY: u32 = 216; // u64: stalled so far
export const STATION_OUTPUT_SINCE: u32 = 224; // u64
export const STATION_OUTPUT_PERIOD: u32 = 232; // u64: begin of the busy period
export const STATION_OUTPUT_HELD: u32 = 240; // u64: stalled within it
export const STATION_INTERFACE_SINCE: u32 = 248; // u64
export const STATION_INPUT_SINCE: u32 = 256; // u64
export const STATION_INPUT_PERIOD: u32 = 264; // u64
export const STATION_SYNAPSE_PERIOD: u32 = 272; // u64
export const STATION_SYNAPSE_INPUT_PERIOD: u32 = 280; // u64: begin of the input axon's busy period at that time
export const STATION_SYNAPSE_END: u32 = 288; // u64: the synapse unit was done for the last time
export const STATION_DENDRITE_FREE: u32 = 296; // u64
export const STATION_SEND_END: u32 = 304; // u64: compartments and output axon are done
export const STATION_RECEIVE_END: u32 = 312; // u64: all received messages are accumulated
export const STATION_STRIDE: u32 = 320;

export const STATE_IDLE: u32 = 0;
export const STATE_BUSY: u32 = 1;
export const STATE_STALLED: u32 = 2; // done, and what comes next has no room

export const QUEUE_ENTRIES: u32 = 0;
export const QUEUE_CAPACITY: u32 = 4;
export const QUEUE_FRONT: u32 = 8;
export const QUEUE_COUNT: u32 = 12;
// Entry: an item, and when it can be taken: what a unit's latency exceeds its interval by passes in the queue.
export const QUEUED_ITEM: u32 = 0;
export const QUEUED_READY: u32 = 8; // u64
export const QUEUED_STRIDE: u32 = 16;

// ---- Message: one per compartment or port element and input axon that it reaches ----------------------------------
export const MESSAGE_STATION: u32 = 0; // of the core it goes to
export const MESSAGE_SOURCE: u32 = 4; // station it comes from
export const MESSAGE_FLITS: u32 = 8;
export const MESSAGE_SYNAPSE_TIME: u32 = 12; // of its words and synaptic operations, whichever takes longer
export const MESSAGE_OPS: u32 = 16;
// Of its last flight.
export const MESSAGE_SENT: u32 = 24; // u64: the output axon was done with it
export const MESSAGE_PERIOD: u32 = 32; // u64: begin of the output axon's busy period at that time
export const MESSAGE_HELD: u32 = 40; // u64: stalled by the mesh within it
export const MESSAGE_STRIDE: u32 = 48;

// ---- Link sum: what the mesh counted on one of its links, over steps ---------------------------------------------------
export const LINK_SUM_FLITS: u32 = 0; // u64
export const LINK_SUM_BLOCKED: u32 = 8; // u64: quanta in which a flit waited for a credit
export const LINK_SUM_BUFFERED_MAX: u32 = 16;
export const LINK_SUM_STRIDE: u32 = 24;

// ---- Leaf: a tile in the tree of the barrier -----------------------------------------------------------------------
export const LEAF_UP: u32 = 0; // quanta from its cores' being done until the root knows
export const LEAF_STRIDE: u32 = 8;

// ---- Parts of a step's critical path ---------------------------------------------------------------------------------
export const SHARE_COMPARTMENT: u32 = 0; // as UNIT_*
export const SHARE_OUTPUT_AXON: u32 = 1;
export const SHARE_NETWORK: u32 = 2;
export const SHARE_INPUT_AXON: u32 = 3;
export const SHARE_SYNAPSE: u32 = 4;
export const SHARE_DENDRITE: u32 = 5;
export const SHARE_LEARNING: u32 = 6;
export const SHARE_INJECTION: u32 = 7;
export const SHARE_BARRIER: u32 = 8;
export const SHARE_MANAGEMENT: u32 = 9;
export const SHARE_COUNT: u32 = 10;

// ---- Record of a step ----------------------------------------------------------------------------------------------------
export const RECORD_STEP: u32 = 0;
export const RECORD_PHASE: u32 = 4;
export const RECORD_MESSAGES: u32 = 8;
export const RECORD_BOUND_BY: u32 = 12; // SHARE_*: the largest one
export const RECORD_SOURCE: u32 = 16; // station that the critical path begins at
export const RECORD_TARGET: u32 = 20; // station that it ends at
export const RECORD_SHARES: u32 = 24; // u64 [SHARE_*]; their sum is the step's time
export const RECORD_STRIDE: u32 = 104;

// ---- Entry of the event log: a unit at work, or a message on its way ---------------------------------------------------------
export const LOG_STEP: u32 = 0;
export const LOG_UNIT: u32 = 4; // UNIT_*; UNIT_NETWORK for a flight
export const LOG_STATION: u32 = 8; // where it works, or where the message comes from
export const LOG_OTHER: u32 = 12; // station that a message comes from (input axon, synapse), or goes to
export const LOG_DEPTH: u32 = 16; // entries of the unit's queue when it began
export const LOG_BEGIN: u32 = 24; // u64
export const LOG_END: u32 = 32; // u64
export const LOG_STRIDE: u32 = 40;
