// Event counters: exact 64-bit integers per core and phase. What each one means, its unit and its hardware
// section are in the host's catalogue (host/measure); the core only knows their places.

export const COUNTER_SYNAPTIC_OPS_DENSE: u32 = 0;
export const COUNTER_SYNAPTIC_OPS_SPARSE: u32 = 1;
export const COUNTER_SYNAPTIC_UPDATES: u32 = 2;
export const COUNTER_VISITS_ALL_PLASTIC: u32 = 3;
export const COUNTER_VISITS_ACTIVE_AXONS: u32 = 4;
export const COUNTER_VISITS_ALL_WITH_POST_SPIKE: u32 = 5;
export const COUNTER_VISITS_ACTIVE_WITH_POST_SPIKE: u32 = 6;
export const COUNTER_COMPARTMENT_UPDATES_ACTIVE: u32 = 7;
export const COUNTER_COMPARTMENT_UPDATES_INACTIVE: u32 = 8;
export const COUNTER_SPIKES: u32 = 9;
export const COUNTER_MESSAGES: u32 = 10;
export const COUNTER_MESSAGES_WITHIN_TILE: u32 = 11;
export const COUNTER_HOPS_EAST_WEST: u32 = 12;
export const COUNTER_HOPS_NORTH_SOUTH: u32 = 13;
export const COUNTER_HOPS_INTER_CHIP: u32 = 14;
export const COUNTER_TRACE_UPDATES: u32 = 15;
export const COUNTER_MANAGEMENT_WRITES: u32 = 16;
export const COUNTER_INPUT_AXON_EVENTS: u32 = 17;
export const COUNTER_INJECTED_SPIKES: u32 = 18;
export const COUNTER_RANDOM_DRAWS: u32 = 19;
export const COUNTER_LEARNING_EPOCHS: u32 = 20;
export const COUNTER_REWARD_SPIKES: u32 = 21;
export const COUNTER_OVERFLOWS: u32 = 22;
export const COUNTER_WEIGHT_CLIPS: u32 = 23;
export const COUNTER_PROGRAM_INSTRUCTIONS: u32 = 24;
export const COUNTER_MICROCODE_SWAPS: u32 = 25;
export const COUNTER_SYNAPTIC_OPS_CONV: u32 = 26;
export const COUNTER_TIED_VISITS: u32 = 27;
export const COUNTER_COUNT: u32 = 28;
