// Record layouts of a network on several threads. Each thread has a shard: a run of the chip's cores, and a chip record
// of its own that knows these alone, with routes, queues, schedules and probes for them. All fields are u32.

// ---- Team: one record, and a line of the cache for each word that threads wait for ----------------------------
export const TEAM_SHARDS: u32 = 0; // address of the first shard record
export const TEAM_SHARD_COUNT: u32 = 4;
export const TEAM_CHIP: u32 = 8; // chip record of the whole network
export const TEAM_SHARES: u32 = 12; // share records [step of the ring][core]
export const TEAM_ARRIVALS: u32 = 16; // arrivals, laid out as in core records [step of the ring][shard][core]
export const TEAM_SUMS: u32 = 20; // sum records [step of the ring][shard]
export const TEAM_PROGRAM: u32 = 24; // the order: number of the presentation,
export const TEAM_EVENTS: u32 = 28; // its event list,
export const TEAM_FROM: u32 = 32; // and the steps to run
export const TEAM_TO: u32 = 36;
export const TEAM_READY: u32 = 40; // threads that have started, beside the first one
export const TEAM_ORDER: u32 = 64; // counts orders
export const TEAM_MEETINGS: u32 = 128; // counts meetings; MEETING_FAILED if one of the threads has failed
export const TEAM_ARRIVED: u32 = 192; // threads that have come to the next meeting
export const TEAM_SLEEPERS: u32 = 196; // threads that may have to be woken
export const TEAM_STRIDE: u32 = 256;

export const MEETING_FAILED: u32 = 0xffffffff;
/** An order to end, in place of the number of a presentation. */
export const ORDER_END: u32 = 0xffffffff;

// ---- Shard: one record per thread -----------------------------------------------------------------------------
export const SHARD_TEAM: u32 = 0;
export const SHARD_INDEX: u32 = 4;
export const SHARD_CHIP: u32 = 8; // chip record of its own cores
export const SHARD_PROGRAMS: u32 = 12; // program records with the management writes to its own cores
export const SHARD_ROUTES: u32 = 16; // u32 by core of the network: routes of its compartments; 0 if none reaches the shard
export const SHARD_PROGRAM: u32 = 20; // the running order: its program record,
export const SHARD_STEP: u32 = 24; // the step that is next,
export const SHARD_ENTRY: u32 = 28; // and the management writes that are left
export const SHARD_LAST_ENTRY: u32 = 32;
export const SHARD_STRIDE: u32 = 64;

/** A shard's route of a compartment holds only where its references lie and how many there are. */
export const SHARD_ROUTE_STRIDE: u32 = 8;

/**
 * Steps whose shares are kept. A thread may be a step behind another, and the time of a step is told one step later, when
 * all threads are known to be done with it.
 */
export const RING_STEPS: u32 = 4;

// ---- Share: what one core tells all threads of one step ---------------------------------------------------------
export const SHARE_SPIKES: u32 = 0; // u16 list of the compartments that fired
export const SHARE_SPIKE_COUNT: u32 = 4;
export const SHARE_PAYLOADS: u32 = 8; // i32 list of what their spikes carry; 0 if all carry 1
export const SHARE_NEURON_TIME: u32 = 12; // as in the core record
export const SHARE_SERVICES: u32 = 16; // quanta spent on what it received
export const SHARE_MESSAGES: u32 = 20; // messages it received
export const SHARE_STRIDE: u32 = 64;

// ---- Sum: what one thread spent in one step ---------------------------------------------------------------------
export const SUM_PHASE: u32 = 0;
export const SUM_LEARNING: u32 = 8; // u64: quanta of its core that learned longest
export const SUM_MANAGED: u32 = 16; // u64: quanta of the management writes to its cores
export const SUM_STRIDE: u32 = 64;
