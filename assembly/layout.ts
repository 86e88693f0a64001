// Record layouts of the core: field offsets and strides, in bytes. This file is their only home: the host
// reads these numbers from the module's exports, lays the tables out in linear memory and hands addresses
// to the kernels. All fields are u32 unless a comment says otherwise; all addresses are byte addresses.

/** Raised whenever a record below changes its meaning; the host refuses a module of another version. */
export const LAYOUT_VERSION: u32 = 2;

// ---- Chip: one record ----------------------------------------------------------------------------------
export const CHIP_CORES: u32 = 0; // address of the first core record
export const CHIP_CORE_COUNT: u32 = 4;
export const CHIP_TIME: u32 = 8; // number of the current time step, from 1 [HW 4.3]
export const CHIP_SEED: u32 = 12;
export const CHIP_PHASE: u32 = 16; // index of the accounting phase that events are charged to now
export const CHIP_PHASE_COUNT: u32 = 20;
export const CHIP_LEARNING_PHASES: u32 = 24; // u32 per phase: phase that a learning epoch is charged to
export const CHIP_MANAGEMENT_PHASE: u32 = 28;
export const CHIP_PORT_ROUTES: u32 = 32; // route records of the input ports' elements
export const CHIP_PORT_COUNT: u32 = 36; // elements of all ports
export const CHIP_SEMANTICS: u32 = 40; // bits SEMANTICS_*
export const CHIP_TIMES: u32 = 44; // time records, one per phase
export const CHIP_TIME_COMPARTMENT_ACCESS: u32 = 48; // the following in quanta of chip time
export const CHIP_TIME_COMPARTMENT_UPDATE: u32 = 52;
export const CHIP_TIME_SPIKE_OUT: u32 = 56;
export const CHIP_TIME_AXON_OUT: u32 = 60;
export const CHIP_TIME_AXON_IN: u32 = 64;
export const CHIP_TIME_LEARNING_VISIT: u32 = 76;
export const CHIP_TIME_MANAGEMENT_WRITE: u32 = 80;
export const CHIP_TIME_BARRIER: u32 = 84;
export const CHIP_VISIT_COUNTER: u32 = 88; // which visit counter the learning engine's time follows
export const CHIP_PROBES: u32 = 92; // address of the first probe record
export const CHIP_PROBE_COUNT: u32 = 96;
export const CHIP_EVENT_PAYLOADS: u32 = 100; // i32 list beside the event list; 0 if all events are plain spikes
export const CHIP_VALUE_PORTS: u32 = 104; // number of the first port element that carries values, last of all
export const CHIP_VALUES: u32 = 108; // i32 column: what these elements carry in this step
export const CHIP_VALUE_COUNT: u32 = 112; // 0 if there are none
export const CHIP_WIRES: u32 = 116; // wires from value ports
export const CHIP_WIRE_COUNT: u32 = 120;
export const CHIP_TAPE: u32 = 124; // tape record, 0 = counter-based random numbers
export const CHIP_TIMING: u32 = 128; // TIMING_*; not part of a snapshot's meaning, the machine sets it
export const CHIP_CYCLE: u32 = 132; // cycle record, 0 if the machine has none
export const CHIP_PENDING: u32 = 136; // u32 list of the blocks and bundles whose queues hold rows
export const CHIP_PENDING_COUNT: u32 = 140;
export const CHIP_STATE_UNSEEN: u32 = 144; // 1 in a step after which nobody looks at u and v
export const CHIP_STRIDE: u32 = 192;

export const TIMING_FUNCTIONAL: u32 = 0; // events are counted, time is not told
export const TIMING_ANALYTIC: u32 = 1; // time by formula
export const TIMING_CYCLE: u32 = 2; // every unit and router simulated

/** A weight travels with the spike (early) or is read after the step's learning (late) [C22]. */
export const SEMANTICS_WEIGHT_READ_LATE: u32 = 1;
/** Spike when v >= threshold instead of v > threshold. */
export const SEMANTICS_SPIKE_AT_THRESHOLD: u32 = 2;
/** A second spike of an epoch is dropped instead of adding its impulse at once [C7]. */
export const SEMANTICS_DROP_SECOND_SPIKE: u32 = 4;
/** The rule's accumulator saturates once, after the sum, instead of after every product. */
export const SEMANTICS_SATURATE_ONCE: u32 = 8;
/** Traces decay while learning is switched off, too. [HW 4.3] */
export const SEMANTICS_TRACES_GO_ON: u32 = 16;
/** Noise: seven bits and a sign bit instead of an even draw [C19]. */
export const SEMANTICS_NOISE_SIGN_BIT: u32 = 32;

// ---- Time: one record per phase, u64 fields, in quanta --------------------------------------------------
export const TIME_STEPS: u32 = 0; // number of steps
export const TIME_SPIKING: u32 = 8; // sum of the spiking phases, barrier included
export const TIME_LEARNING: u32 = 16; // sum of the learning phases
export const TIME_MANAGEMENT: u32 = 24; // sum of the management writes
export const TIME_LONGEST: u32 = 32; // longest single step, learning and management included
export const TIME_STRIDE: u32 = 64;

// ---- Core: one record per used core ----------------------------------------------------------------------
export const CORE_GROUPS: u32 = 0; // group records in service order: children before parents [HW 2.5]
export const CORE_GROUP_COUNT: u32 = 4;
export const CORE_BLOCKS: u32 = 8; // synapse block records
export const CORE_BLOCK_COUNT: u32 = 12;
export const CORE_COMPARTMENTS: u32 = 16; // number of real compartments
export const CORE_SLOT_MASK: u32 = 20; // dendritic accumulators per compartment, minus 1 [HW 3.4]
export const CORE_SLOT_STRIDE: u32 = 24; // bytes from one accumulator slot to the next
export const CORE_ACCUMULATORS: u32 = 28; // i32 [slot][compartment], in units of 64
export const CORE_COUNTERS: u32 = 32; // u64 [phase][counter]
export const CORE_ROUTES: u32 = 36; // route records, one per compartment (padded order)
export const CORE_V_MIN: u32 = 40; // i32; the limits are one register pair per core [HW 2.1]
export const CORE_V_MAX: u32 = 44; // i32
export const CORE_NOISE_EXPONENT: u32 = 48; // i32: noise = r * 2^(exponent - 7) [HW 2.4]
export const CORE_NOISE_OFFSET: u32 = 52; // i32: 64 * mantissa offset
export const CORE_NOISE_AT_MEMBRANE: u32 = 56;
export const CORE_SPIKES: u32 = 60; // u16 list of the compartments that fired in this step
export const CORE_SPIKE_COUNT: u32 = 64;
export const CORE_MESSAGES_IN: u32 = 68; // messages received in this step
export const CORE_NEURON_TIME: u32 = 72; // analytic: quanta spent on compartments and output in this step
export const CORE_RECEIVE_TIME: u32 = 76; // quanta spent on synapses in this step
export const CORE_LEARN_ON: u32 = 80; // register: learning enabled
export const CORE_EPOCH_STEPS: u32 = 84; // register: tEpoch, 1..63
export const CORE_EPOCH_STEP: u32 = 88; // steps of the running epoch that have passed
export const CORE_EPOCH_NUMBER: u32 = 92; // learning epochs so far, for u_k [HW 4.2]
export const CORE_AXONS: u32 = 96; // number of learning axons
export const CORE_PRE_TIME: u32 = 100; // u8 [axon] tx, 0 = none [HW 4.1]
export const CORE_PRE_TRACE: u32 = 104; // u8 [2][axon padded] x1, x2
export const CORE_PRE_STRIDE: u32 = 108; // bytes from x1 to x2
export const CORE_PRE_PROFILE: u32 = 112; // u8 [axon] pre-trace profile
export const CORE_PRE_PROFILES: u32 = 116; // trace parameter records [profile][2]
export const CORE_NOTED: u32 = 120; // u16 list of the axons that spiked in this epoch
export const CORE_NOTED_COUNT: u32 = 124;
export const CORE_POST_TIME: u32 = 128; // u8 [compartment] ty
export const CORE_POST_TRACE: u32 = 132; // u8 [3][compartment padded] y1, y2, y3
export const CORE_POST_STRIDE: u32 = 136; // bytes from y1 to y2
export const CORE_POST_OWN: u32 = 140; // u8 [3][compartment padded]: y at the compartment's own spike
export const CORE_POST_HISTORY: u32 = 144; // u8 [tEpoch][3][compartment padded], 0 if no rule needs it
export const CORE_POST_NOTED: u32 = 148; // post spikes noted in this epoch
export const CORE_PRODUCTS: u32 = 152; // product records of all rules of the core
export const CORE_USED_TRACES: u32 = 156; // bits 1 x1, 2 x2, 4 y1, 8 y2, 16 y3: read by some rule
export const CORE_ALL_ROWS: u32 = 160; // some product can act on an axon without spike or trace
export const CORE_REWARD_COUNT: u32 = 164; // reward spikes of this epoch: r0
export const CORE_REWARD_TRACE: u32 = 168; // i32 r1 [HW 4.6]
export const CORE_REWARD_PARAMETERS: u32 = 172; // trace parameter record of r1
export const CORE_PLASTIC_SYNAPSES: u32 = 176; // synapses that an epoch over everything visits
export const CORE_X_HISTORY: u32 = 180; // u8 [2][64] scratch: x1, x2 of one axon through the epoch
export const CORE_SCRATCH: u32 = 184; // i32 [SCRATCH_ROWS][TILE] scratch of the rule interpreter
export const CORE_PRE_KEYS: u32 = 188; // u32 [axon] random keys of the pre traces
export const CORE_REWARD_KEY: u32 = 192; // random key of r1, the same on all cores of a class
export const CORE_POST_LIVE: u32 = 196; // 1 if some post trace was not 0 after the last epoch
export const CORE_AXON_SYNAPSES: u32 = 200; // u32 [axon] plastic synapses of each learning axon
export const CORE_PLASTIC_BLOCKS: u32 = 204; // u32 list of the blocks that learn
export const CORE_PLASTIC_BLOCK_COUNT: u32 = 208;
export const CORE_PAYLOADS: u32 = 212; // i32 [compartment padded]: what a spike carries; 0 if all carry 1
export const CORE_WIDE: u32 = 216; // 1 if some block is wide
export const CORE_ACTIVE: u32 = 220; // active compartments of this step
export const CORE_MESH_MESSAGES: u32 = 224; // analytic: messages of this step from compartments
export const CORE_FIRST_ARRIVAL: u32 = 228; // analytic: quanta after the step's begin
export const CORE_LAST_ARRIVAL: u32 = 232;
export const CORE_LAST_WAY: u32 = 236; // way record of the message that arrives last
export const CORE_NOISE_LEVELS: u32 = 240; // values of a draw, from -127 on: 255 or 256 [C19]
export const CORE_REWARD_TIMES: u32 = 244; // u16 [64] reward spikes by step of the epoch, 0 if only their number counts
export const CORE_TOUCHED: u32 = 248; // u64: the GROUP_TOUCHED of all groups together
export const CORE_AT_REST: u32 = 256; // 1 if all groups are at rest and none was updated in the last step
export const CORE_TIED_VISITS: u32 = 260; // tied synapses and their weights: visits of an epoch that joins them
export const CORE_STRIDE: u32 = 320;

// ---- Group: compartments of one core with one profile -----------------------------------------------------
export const GROUP_FIRST: u32 = 0; // first compartment in the core's padded order
export const GROUP_COUNT: u32 = 4; // real compartments
export const GROUP_CURRENT: u32 = 8; // i32 column u
export const GROUP_VOLTAGE: u32 = 12; // i32 column v
export const GROUP_BIAS: u32 = 16; // i32 column
export const GROUP_REFRACTORY: u32 = 20; // i32 column, steps left
export const GROUP_SPIKE_BITS: u32 = 24; // one bit per compartment
export const GROUP_KEEP_U: u32 = 28; // 4096 - effective decay of u, 0..4096
export const GROUP_KEEP_V: u32 = 32;
export const GROUP_THRESHOLD: u32 = 36; // i32, mantissa << 6
export const GROUP_REFRACT_DELAY: u32 = 40;
export const GROUP_THRESHOLD_OP: u32 = 44; // THRESHOLD_*
export const GROUP_JOIN: u32 = 48; // JOIN_*
export const GROUP_CHILD_A: u32 = 52; // i32 column that the first child pushed
export const GROUP_CHILD_B: u32 = 56; // same for the second, 0 if there is none
export const GROUP_PUSH: u32 = 60; // i32 column to push into, 0 if nothing is pushed
export const GROUP_PUSH_KIND: u32 = 64; // PUSH_*
export const GROUP_NOISE_KEY: u32 = 68; // random key, 0 = no noise
export const GROUP_INDEX_BASE: u32 = 72; // index of the first compartment within its population
export const GROUP_AT_REST: u32 = 76; // 1 if an update without input changes nothing and nothing spikes
export const GROUP_TOUCHED: u32 = 80; // u64: bit s is set when slot s holds input
export const GROUP_NOTES_SELF: u32 = 88; // own spikes are post spikes of its synapses [HW 4.7]
export const GROUP_NOTES_CHILD: u32 = 92; // child group record that it back-propagates its spikes to, or 0
export const GROUP_POST_PROFILE: u32 = 96; // trace parameter records y1, y2, y3; 0 if not a learning target
export const GROUP_TRACE_KEY: u32 = 100; // random key of the post traces
export const GROUP_REST_ACTIVE: u32 = 104; // active compartments of such an update
export const GROUP_KERNEL: u32 = 108; // KERNEL_*
export const GROUP_PAYLOADS: u32 = 112; // i32 column: what each compartment sends in this step, 0 = nothing
export const GROUP_PARAMETERS: u32 = 116; // i32 columns of a wide group [WIDE_*][compartment padded]
export const GROUP_ACTIVE: u32 = 120; // active compartments of this step
export const GROUP_FIRED: u32 = 124; // 1 if some spike bits may be set
export const GROUP_INPUTS: u32 = 128; // i32 column: the synaptic input of this step, 0 if nobody looks
export const GROUP_INPUT_SHIFT: u32 = 132; // accumulator units to units of u
export const GROUP_WIRES: u32 = 136; // wires that its spikes take
export const GROUP_WIRE_COUNT: u32 = 140;
export const GROUP_PROGRAM: u32 = 144; // neuron record, 0 if the group runs no program
export const GROUP_NOTES_CHILD_B: u32 = 148; // the second child that wants its spikes, or 0
export const GROUP_AWAKE: u32 = 152; // u8 column: 1 after the first input; 0 if all start in phase IDLE [HW 1.2]
export const GROUP_PARAMETER_STRIDE: u32 = 156; // bytes from one of the parameter columns to the next
export const GROUP_MODEL: u32 = 160; // bits MODEL_* of a wide group
export const GROUP_STRIDE: u32 = 192;

export const KERNEL_CHIP: u32 = 0; // the chip's compartments, with their lanes
export const KERNEL_WIDE: u32 = 1; // parameters and arithmetic by option, one compartment at a time
export const KERNEL_MEMORYLESS: u32 = 2; // the chip's, with a u that keeps nothing and without refractory steps
export const KERNEL_BARE: u32 = 3; // and without a bias
// Bare, with noise that alone neither makes it fire nor leaves anything in v after another step; no other group reads v.
export const KERNEL_FLEETING: u32 = 4;

// Parameter columns of a wide group.
export const WIDE_KEEP_U: u32 = 0; // 4096 - effective decay; may be negative, models allow decays beyond 4096
export const WIDE_KEEP_V: u32 = 1;
export const WIDE_THRESHOLD: u32 = 2; // in units of v
export const WIDE_THRESHOLD_LOW: u32 = 3; // below it a ternary compartment sends -1
export const WIDE_REFRACT_DELAY: u32 = 4;
export const WIDE_V_MIN: u32 = 5;
export const WIDE_V_MAX: u32 = 6;
export const WIDE_RESET_INTERVAL: u32 = 7; // u and v are cleared every so many steps; 0 = never
export const WIDE_RESET_OFFSET: u32 = 8;
export const WIDE_PARAMETERS: u32 = 9;

export const MODEL_CURRENT_WRAP: u32 = 1; // u: two's complement
export const MODEL_CURRENT_FOLD: u32 = 2; // u: one period is taken off, once (C3)
export const MODEL_INPUT_WRAP: u32 = 4; // the sum of a step's synapses: two's complement
export const MODEL_BIAS_WRAP: u32 = 8; // u + bias: two's complement
export const MODEL_VOLTAGE_LIMIT: u32 = 16;
export const MODEL_REFRACTORY_NONE: u32 = 32;
export const MODEL_REFRACTORY_WHOLE: u32 = 64; // the column holds the last silent step, and v is held
export const MODEL_DECAY_LAST: u32 = 128; // u decays at the end of a step, so not before the first one
export const MODEL_TERNARY: u32 = 256;

export const THRESHOLD_SPIKE: u32 = 0; // spike and reset
export const THRESHOLD_PASS: u32 = 2; // no spike, pass v to the parent only while v > threshold
export const THRESHOLD_SATURATE: u32 = 3; // no spike, saturate v at the threshold

export const JOIN_NONE: u32 = 0;
export const JOIN_ADD: u32 = 1;
export const JOIN_AND: u32 = 2;
export const JOIN_PASS: u32 = 3;
export const JOIN_OR: u32 = 6;

export const PUSH_VOLTAGE: u32 = 0; // v as stored at the end of the step
export const PUSH_CURRENT: u32 = 1;
export const PUSH_VOLTAGE_BEFORE_RESET: u32 = 2;

// ---- Neuron: the program of one group [HW 7] ---------------------------------------------------------------
// Columns are i32 [compartment], padded like the group; the state words lie one behind the other.
export const NEURON_INSTRUCTIONS: u32 = 0; // address of the first instruction record
export const NEURON_INSTRUCTION_COUNT: u32 = 4;
export const NEURON_LEADING: u32 = 8; // instructions before the first branch, it included
export const NEURON_SCRATCH: u32 = 12; // rows of STRIP words: result, fired, posted, masks, temporaries
export const NEURON_TIME: u32 = 16; // i32 x 4: the time step, as an operand
export const NEURON_COLUMN_BYTES: u32 = 32; // bytes of a column of the group
export const NEURON_PORTS: u32 = 36; // input ports; the first one is the group's own accumulators
export const NEURON_FURTHER_PORTS: u32 = 40; // byte offset in a slot of the columns of the other ports
export const NEURON_POST_BITS: u32 = 44; // one bit per compartment; 0 if its own spikes are its post spikes
export const NEURON_KEY: u32 = 48; // random key
export const NEURON_STATE: u32 = 52;
export const NEURON_STATE_INITIAL: u32 = 56; // what a reset copies into the state
export const NEURON_STATE_WORDS: u32 = 60;
export const NEURON_FUNCTION: u32 = 64; // address of a word: the place of its function in the table, 0 = interpret
export const NEURON_OVERFLOWED: u32 = 68; // set by that function
export const NEURON_DRAWN: u32 = 72; // random numbers of the strip, left by that function
export const NEURON_STRIDE: u32 = 128;

/** Compartments that the interpreter works on at a time. */
export const STRIP: u32 = 256;
export const STRIP_RESULT: u32 = 0; // rows of the scratch memory
export const STRIP_FIRED: u32 = 1;
export const STRIP_POSTED: u32 = 2;
export const STRIP_MASKS: u32 = 3; // the compartments that there are, then one row per open condition
export const STRIP_DEPTH_MAX: u32 = 8;
export const STRIP_TEMPORARIES: u32 = 12;

// Instruction of a neuron program.
//   0        1       2       4             8   12  16  20     24     28
//  ├────────┼───────┼───────┼─────────────┼───┼───┼───┼──────┼──────┤
//  │ opcode │ width │   0   │ destination │ a │ b │ c │ else │ run  │
//  └────────┴───────┴───────┴─────────────┴───┴───┴───┴──────┴──────┘
export const INSTRUCTION_OPCODE: u32 = 0; // OPCODE_*
export const INSTRUCTION_WIDTH: u32 = 1; // bits that the destination keeps, its sign included
export const INSTRUCTION_DESTINATION: u32 = 4; // an operand, as the following three; or an index (rand, trace)
export const INSTRUCTION_A: u32 = 8;
export const INSTRUCTION_B: u32 = 12;
export const INSTRUCTION_C: u32 = 16;
export const INSTRUCTION_JUMP: u32 = 20; // if and else: number of the matching else or end; else a small number
export const INSTRUCTION_RUN: u32 = 24; // if, else, end: instructions up to the next branch, it included
export const INSTRUCTION_STRIDE: u32 = 32;

// Operand: an address, a multiple of 16, and in its low bits how it moves. Four equal words, or a column.
export const OPERAND_COLUMN: u32 = 1; // one word per compartment, in a row of the scratch memory
export const OPERAND_STRIPS: u32 = 2; // the column goes on from strip to strip: state, parameter, port
export const OPERAND_SLOTS: u32 = 4; // it goes on from slot to slot of the accumulators: port
export const OPERAND_FLAGS: u32 = 15;

export const OPCODE_MOV: u32 = 0;
export const OPCODE_NOT: u32 = 1;
export const OPCODE_NEG: u32 = 2;
export const OPCODE_ABS: u32 = 3;
export const OPCODE_SGN: u32 = 4;
export const OPCODE_CLZ: u32 = 5;
export const OPCODE_ADD: u32 = 6;
export const OPCODE_SUB: u32 = 7;
export const OPCODE_AND: u32 = 8;
export const OPCODE_OR: u32 = 9;
export const OPCODE_XOR: u32 = 10;
export const OPCODE_MIN: u32 = 11;
export const OPCODE_MAX: u32 = 12;
export const OPCODE_EQ: u32 = 13;
export const OPCODE_NE: u32 = 14;
export const OPCODE_LT: u32 = 15;
export const OPCODE_LE: u32 = 16;
export const OPCODE_GT: u32 = 17;
export const OPCODE_GE: u32 = 18;
export const OPCODE_SHL: u32 = 19;
export const OPCODE_SHR: u32 = 20;
export const OPCODE_SHZ: u32 = 21;
export const OPCODE_MUL: u32 = 22;
export const OPCODE_MULZ: u32 = 23;
export const OPCODE_MULM: u32 = 24;
export const OPCODE_CLIP: u32 = 25;
export const OPCODE_SEL: u32 = 26;
export const OPCODE_WRAP: u32 = 27;
export const OPCODE_LOOK: u32 = 28;
export const OPCODE_RAND: u32 = 29;
export const OPCODE_IF: u32 = 30;
export const OPCODE_ELSE: u32 = 31;
export const OPCODE_END: u32 = 32;
export const OPCODE_SEND: u32 = 33;
export const OPCODE_POST: u32 = 34;
export const OPCODE_TRACE: u32 = 35;

// ---- Block: the synapses of one projection inside one core -------------------------------------------------
export const BLOCK_KIND: u32 = 0; // BLOCK_KIND_*
export const BLOCK_CORE: u32 = 4; // address of its core record
export const BLOCK_GROUP: u32 = 8; // address of the target group record
export const BLOCK_TARGET: u32 = 12; // first target in the core's padded order
export const BLOCK_COLUMNS: u32 = 16; // targets per row
export const BLOCK_COLUMN_STRIDE: u32 = 20; // columns padded to a multiple of TILE, narrower rows to one of 16
export const BLOCK_ROWS: u32 = 24;
export const BLOCK_WEIGHTS: u32 = 28; // dense: u8 [row][column padded], stored - least grid step
export const BLOCK_GRID_MIN: u32 = 32; // i32: least weight in grid steps
export const BLOCK_SHIFT: u32 = 36; // grid steps to accumulator units: weight exponent + dropped bits
export const BLOCK_DELAY: u32 = 40; // 0..62
export const BLOCK_DELAYS: u32 = 44; // u8 [row][column padded], lists [row][entry], if each synapse has one; else 0
export const BLOCK_TAGS: u32 = 48; // i16 [row][column padded], 0 if no rule uses tags
export const BLOCK_QUEUE: u32 = 52; // u32 list of the rows whose axons received a message: bytes from BLOCK_WEIGHTS
export const BLOCK_QUEUED: u32 = 56;
export const BLOCK_QUEUE_CAPACITY: u32 = 60;
export const BLOCK_ROW_OF_AXON: u32 = 64; // u16 [learning axon], 0xffff = none; 0 if the block is not plastic
export const BLOCK_PRODUCTS: u32 = 68; // index of its rule's first product
export const BLOCK_PRODUCT_COUNT: u32 = 72; // 0 if not plastic
export const BLOCK_DROPPED_BITS: u32 = 76; // low mantissa bits that are not stored [HW 3.1]
export const BLOCK_WEIGHT_MIN: u32 = 80; // i32, mantissa
export const BLOCK_WEIGHT_MAX: u32 = 84; // i32, mantissa
export const BLOCK_SIGN: u32 = 88; // i32: 0 mixed, 1 excitatory, -1 inhibitory
export const BLOCK_KEY: u32 = 92; // random key of the projection
export const BLOCK_COLUMN_BASE: u32 = 96; // index of column 0 within the target population
export const BLOCK_ROW_INDEX: u32 = 100; // u32 [row]: index of the source within its population
export const BLOCK_DELAY_MAX: u32 = 104; // largest delay that the accumulators allow
export const BLOCK_UNIFORM: u32 = 112; // 1 if all of these are PRODUCT_UNIFORM
export const BLOCK_BOX: u32 = 116; // a spike adds w at once and takes it away again after the delay [HW 3.3]
export const BLOCK_CHANGED: u32 = 120; // u64: weights that its rule has changed so far
export const BLOCK_HISTORY: u32 = 128; // wide: i32 [step & mask][row] payloads that the row's axon received
export const BLOCK_HISTORY_MASK: u32 = 132;
export const BLOCK_SYNAPSE_SHIFT: u32 = 136; // wide, i32: exponent that each weight takes for itself
export const BLOCK_SYNAPSE_LIMIT: u32 = 140; // wide: greatest magnitude of a weight after that, 0 = no limit
export const BLOCK_SUM_SHIFT: u32 = 144; // wide, i32: exponent that the sum over a step's spikes takes
export const BLOCK_SUM_BITS: u32 = 148; // wide: width to which that sum wraps, + sign; 0 = unlimited
export const BLOCK_BINARY: u32 = 152; // wide: every spike counts as 1, whatever it carries
export const BLOCK_SUMS: u32 = 156; // wide: i64 [delay][column] scratch
export const BLOCK_DELAYS_LENGTH: u32 = 160; // wide: delays that occur, 0 .. length - 1
export const BLOCK_TAP: u32 = 164; // wide: i32 [slot][column], what the block delivers; 0 if nobody looks
export const BLOCK_PLASTIC: u32 = 168; // wide: plastic record, 0 if static
export const BLOCK_RECEIVED: u32 = 172; // wide: messages in this step
export const BLOCK_ACCUMULATOR: u32 = 176; // first column of the accumulators, BLOCK_TARGET unless it is another port's
export const BLOCK_ARRIVALS: u32 = 180; // delays that spikes follow: BLOCK_DELAYS, or 0 if all arrive after BLOCK_DELAY
export const BLOCK_OPERATION_COUNTER: u32 = 184; // counter of its synaptic operations, by the packing of its lists
export const BLOCK_OPERATION_TIME: u32 = 188; // quanta of one of them
export const BLOCK_ROW_SYNAPSES: u32 = 192; // u32 [row] synapses of each row; 0 if all have one for every column
export const BLOCK_FUNCTION: u32 = 196; // plastic: address of a word: the place of its rule's function, 0 = interpret
export const BLOCK_GROUPS: u32 = 200; // plastic: u32 list of the function: 0 in a new epoch, then columns to visit
export const BLOCK_EXISTS: u32 = 204; // plastic: u8 [row][column], as the weights: 255 = a synapse; 0 if all are
export const BLOCK_LIVE: u32 = 208; // u64: products that can change anything in the running learning phase, as bits
export const BLOCK_SPANS: u32 = 216; // wide: u32 [row][first column, end] that hold its synapses; 0 if all have all columns
export const BLOCK_TIED_COUNT: u32 = 220; // plastic: groups of tied synapses, 0 if none are
export const BLOCK_TIED_STARTS: u32 = 224; // u32 [group + 1]: its first place in the following list
export const BLOCK_TIED_PLACES: u32 = 228; // u32 list of tied synapses: bytes from BLOCK_WEIGHTS
export const BLOCK_TIED_KEPT: u32 = 232; // u8 [group] scratch: the weight, as stored, before the rule runs
export const BLOCK_STRIDE: u32 = 256;

export const BLOCK_KIND_DENSE: u32 = 0;
export const BLOCK_KIND_LIST: u32 = 1; // rows: u32 count, then entries [target u16 | weight i16]
export const BLOCK_KIND_REWARD: u32 = 2; // no synapses: a spike is a reward spike of the core
export const BLOCK_KIND_WIDE: u32 = 3; // rows of i32 weights, payloads, exponents by option
export const BLOCK_KIND_BUNDLE: u32 = 4; // no block, but a bundle
export const BLOCK_KIND_SPAN: u32 = 5; // no block, but a span

/** Columns of one dense tile: four registers of 16 weights. */
export const TILE: u32 = 64;

// ---- Bundle: sources that reach the same dense blocks, each of them the row of its place ----------------------
// Its blocks read one queue, which lies where a block's does: BLOCK_KIND, BLOCK_QUEUE, BLOCK_QUEUED, BLOCK_QUEUE_CAPACITY.
export const BUNDLE_MEMBERS: u32 = 4; // member records, one per block
export const BUNDLE_MEMBER_COUNT: u32 = 8;
export const BUNDLE_ROW_BYTES: u32 = 12; // from one row to the next, the same in all blocks
export const BUNDLE_STRIDE: u32 = 64;

export const MEMBER_BLOCK: u32 = 0;
export const MEMBER_MESSAGE: u32 = 4; // 1 if a spike's row is the first of its axon: one message arrives at the core
export const MEMBER_AXON: u32 = 8; // i32: learning axon of row 0, the others follow; -1 if none learns
export const MEMBER_STRIDE: u32 = 16;

// ---- Span: list blocks of one projection, whose rows lie together: a source has one list over all of their cores ---
// What it shares with a block lies where a block has it: BLOCK_KIND, BLOCK_CORE (that of its first member), BLOCK_WEIGHTS,
// BLOCK_DELAY, BLOCK_QUEUE, BLOCK_QUEUED, BLOCK_QUEUE_CAPACITY. A row is a tally word for each member, padded to fours,
// and a list whose targets count from the first member's accumulators.
//   tally: │ messages: 12 │ synapses: 20 │
export const SPAN_MEMBERS: u32 = 8; // u32 list of its block records
export const SPAN_MEMBER_COUNT: u32 = 12;
export const SPAN_TALLY_BYTES: u32 = 16; // of a row
export const SPAN_SUMS: u32 = 20; // u32 [member padded] scratch: the tallies of a step
export const SPAN_STRIDE: u32 = 64;
export const TALLY_SYNAPSE_BITS: u32 = 20;

// ---- Route: what one spike of a compartment or port element sets off ----------------------------------------
export const ROUTE_REFERENCES: u32 = 0; // address of its reference records
export const ROUTE_COUNT: u32 = 4;
export const ROUTE_MESSAGES: u32 = 8; // destination cores
export const ROUTE_MESSAGES_WITHIN_TILE: u32 = 12; // of these, to cores at the same router
export const ROUTE_HOPS_EAST_WEST: u32 = 16;
export const ROUTE_HOPS_NORTH_SOUTH: u32 = 20;
export const ROUTE_HOPS_INTER_CHIP: u32 = 24;
export const ROUTE_WAYS: u32 = 28; // a compartment's ways: its messages as the time of a step needs them
export const ROUTE_STRIDE: u32 = 32;

// Ways: a header, and a record for every message of the route. Constant, and not part of a snapshot.
export const WAYS_RANK: u32 = 0; // place of the compartment in the service order of its core
export const WAYS_HEADER: u32 = 4;
export const WAY_CORE: u32 = 0; // address of the receiving core's record
export const WAY_LATENCY: u32 = 4; // quanta for its hops
export const WAY_CAPACITY: u32 = 8; // messages that the links of the way hold
export const WAY_STRIDE: u32 = 12;

// Reference: one row of one block, or of all blocks of a bundle. Word 0 is the record's address with flags in its
// low bits; a bundle has none.
export const REFERENCE_BLOCK: u32 = 0;
export const REFERENCE_ROW: u32 = 4; // bytes from the block's first row
export const REFERENCE_AXON: u32 = 8; // learning axon, if REFERENCE_NOTES is set
export const REFERENCE_STRIDE: u32 = 12;
export const REFERENCE_NOTES: u32 = 1; // the first row of a learning axon: note the pre spike
export const REFERENCE_MESSAGE: u32 = 2; // the first row of an axon: one message arrives at the core
export const REFERENCE_PAYLOAD: u32 = 4; // the block is wide: REFERENCE_ROW is the row's index
export const REFERENCE_POST: u32 = 8; // a post spike for a wide block: REFERENCE_ROW is the column's index
export const REFERENCE_FLAGS: u32 = 63;

// ---- Wire: values that arrive in the step in which they are sent, without synapses ----------------------------
export const WIRE_FROM: u32 = 0; // i32 column, whole
export const WIRE_COUNT: u32 = 4; // elements
export const WIRE_CORE: u32 = 8; // target core record; 0 if the wire ends in a column
export const WIRE_TARGET: u32 = 12; // first compartment in the core's padded order, or i32 column
export const WIRE_SPIKE_BITS: u32 = 16; // of the sending group, from its first compartment on; 0 for a port
export const WIRE_FIRST: u32 = 20; // element of the sending group or port at which the wire begins
export const WIRE_STRIDE: u32 = 32;

// ---- Trace parameters -----------------------------------------------------------------------------------
export const TRACE_IMPULSE: u32 = 0; // u16: integer part, 0..127
export const TRACE_FRACTION: u32 = 2; // u16: in 1/128, added stochastically [HW 4.4]
export const TRACE_KEEP: u32 = 4; // decay factor per step in 2^-24; 0 = only this epoch's impulse
export const TRACE_STRIDE: u32 = 16;

// ---- Product of a learning rule [HW 4.2] -------------------------------------------------------------------
//   0        1      2   3       4          5      6    7   8 .. 23                     24
//  ├────────┼──────┼───┼───────┼──────────┼──────┼────┼───┼───────────────────────────┼─────────┤
//  │ target │ gate │ k │ count │ mantissa │ down │ up │ w │ 8 factors: code, constant │ uniform │
//  └────────┴──────┴───┴───────┴──────────┴──────┴────┴───┴───────────────────────────┴─────────┘
export const PRODUCT_TARGET: u32 = 0; // TARGET_*
export const PRODUCT_GATE: u32 = 1; // GATE_*
export const PRODUCT_DECIMATION: u32 = 2; // k of u_k
export const PRODUCT_FACTOR_COUNT: u32 = 3;
export const PRODUCT_COEFFICIENT: u32 = 4; // one word: mantissa and shifts, what a learning rate changes
export const PRODUCT_MANTISSA: u32 = 4; // i8, -8..7
export const PRODUCT_DOWN: u32 = 5; // right shift, first
export const PRODUCT_UP: u32 = 6; // left shift, second
export const PRODUCT_WIDE: u32 = 7; // w: 1 if w, d and t saturate at Lava's 9 bits instead of their own [C10]
export const PRODUCT_FACTORS: u32 = 8;
export const PRODUCT_UNIFORM: u32 = 24; // 1 if it changes w of all synapses of a row whose targets fired by one amount
export const PRODUCT_STRIDE: u32 = 32;
export const FACTORS_MAX: u32 = 8;

export const TARGET_WEIGHT: u32 = 0;
export const TARGET_DELAY: u32 = 1;
export const TARGET_TAG: u32 = 2;

export const GATE_X0: u32 = 0;
export const GATE_Y0: u32 = 1;
export const GATE_EPOCH: u32 = 2;

export const FACTOR_X0: u32 = 0;
export const FACTOR_X1: u32 = 1;
export const FACTOR_X2: u32 = 2;
export const FACTOR_Y0: u32 = 3;
export const FACTOR_Y1: u32 = 4;
export const FACTOR_Y2: u32 = 5;
export const FACTOR_Y3: u32 = 6;
export const FACTOR_R0: u32 = 7;
export const FACTOR_R1: u32 = 8;
export const FACTOR_WEIGHT: u32 = 9;
export const FACTOR_DELAY: u32 = 10;
export const FACTOR_TAG: u32 = 11;
export const FACTOR_SIGN_WEIGHT: u32 = 12;
export const FACTOR_SIGN_DELAY: u32 = 13;
export const FACTOR_SIGN_TAG: u32 = 14;
export const FACTOR_CONSTANT: u32 = 15;

/** Steps that the course of a pre trace through an epoch holds: the epoch's start and up to 63 steps. */
export const HISTORY_STEPS: u32 = 64;

/** Rows of TILE words that the rule interpreter works in. */
export const SCRATCH_ROWS: u32 = 10;

// ---- Plastic: what a wide block that learns has of its own: traces, times, rule -------------------------------
export const PLASTIC_EPOCH_STEPS: u32 = 0;
export const PLASTIC_PRODUCTS: u32 = 4; // wide product records
export const PLASTIC_PRODUCT_COUNT: u32 = 8;
export const PLASTIC_PRE_TRACE: u32 = 12; // i32 [2][row]
export const PLASTIC_POST_TRACE: u32 = 16; // i32 [3][column]
export const PLASTIC_PRE_TIME: u32 = 20; // i32 [row]: step of the epoch in which it spiked, 0 = none
export const PLASTIC_POST_TIME: u32 = 24; // i32 [column]
export const PLASTIC_PRE_HISTORY: u32 = 28; // i32 [2][epoch step, from 0][row]
export const PLASTIC_POST_HISTORY: u32 = 32; // i32 [3][epoch step, from 0][column]
export const PLASTIC_DELIVERED: u32 = 36; // i32 [3][column]: third factors of this step; 0 for two-factor rules
export const PLASTIC_TRACES: u32 = 40; // five wide trace records: x1, x2, y1, y2, y3
export const PLASTIC_TAGS: u32 = 44; // i32 [row][column] t
export const PLASTIC_DELAYS: u32 = 48; // i32 [row][column] d, which delays nothing here
export const PLASTIC_EXISTS: u32 = 52; // u8 [row][column], 0 if every synapse does
export const PLASTIC_GRADED: u32 = 56; // GRADED_*: what a payload does to x1
export const PLASTIC_OPTIONS: u32 = 60; // bits PLASTIC_*
export const PLASTIC_POST_PENDING: u32 = 64; // u8 [column]: bit 0 spiked in the last step, bit 1 in this one
export const PLASTIC_SIGN: u32 = 68; // i32: 0 mixed, 1 excitatory, -1 inhibitory
export const PLASTIC_WEIGHT_MIN: u32 = 72; // i32
export const PLASTIC_WEIGHT_MAX: u32 = 76; // i32
export const PLASTIC_TAG_MIN: u32 = 80; // i32
export const PLASTIC_GRID: u32 = 84; // weights move by multiples of 2^grid
export const PLASTIC_KEY: u32 = 88; // random key of the projection's synapses
export const PLASTIC_PRE_DECISIONS: u32 = 92; // i32 [2][row]: 1 where the trace's decay is rounded up
export const PLASTIC_POST_DECISIONS: u32 = 96; // i32 [3][column]
export const PLASTIC_WEIGHT_DECISIONS: u32 = 100; // i32 [row][column]: grid steps added, -1, 0 or 1
export const PLASTIC_TRACE_KEY: u32 = 104; // random key of the projection's traces
export const PLASTIC_COLUMN_BASE: u32 = 108; // place of column 0 in the whole projection
export const PLASTIC_USED_TRACES: u32 = 112; // bits: x1, x2, y1, y2, y3 that some product reads
export const PLASTIC_STRIDE: u32 = 128;

export const GRADED_NONE: u32 = 0; // a spike adds the trace's impulse
export const GRADED_OVERWRITE: u32 = 1; // x1 = payload / 2
export const GRADED_SATURATE: u32 = 2; // x1 += payload / 2, up to 127
export const GRADED_CARRY: u32 = 3; // x1 += payload / 2; beyond 127 it starts over and x2 gets its impulse

export const PLASTIC_IMPULSE_FIRST: u32 = 1; // impulse, rules, decay; not decay, impulse, rules
export const PLASTIC_ON_ARRIVAL: u32 = 2; // an epoch sees spikes when they arrive, a step and the delay later
export const PLASTIC_EPOCH_FROM_ZERO: u32 = 4; // u_k counts epochs from 0
export const PLASTIC_UNSCALED: u32 = 8; // products are neither shifted nor limited
export const PLASTIC_SATURATE_ONCE: u32 = 16;
export const PLASTIC_ROUND_FLOOR: u32 = 32; // round the value, not the magnitude
export const PLASTIC_ROUND_AWAY: u32 = 64; // the change: away from 0 to an integer, then toward 0 to the grid
export const PLASTIC_DECIDE_FIRST: u32 = 128; // what is rounded up is decided by the state before the step
export const PLASTIC_SHARED: u32 = 256; // one random number for all neurons, or all synapses, of an epoch
export const PLASTIC_SECOND_UP: u32 = 512; // the fraction of a repeated pre spike's impulse is rounded up
export const PLASTIC_DROP_SECOND: u32 = 1024;
export const PLASTIC_ONE_BELOW: u32 = 2048; // the rule's accumulator reaches to -32769
export const PLASTIC_PAIRED_DECAY: u32 = 4096; // traces decay every second step, for two

export const WIDE_TRACE_FACTOR: u32 = 0; // f64: decay factor
export const WIDE_TRACE_IMPULSE: u32 = 8; // whole part
export const WIDE_TRACE_FRACTION: u32 = 12; // in 1/128 or 1/256
export const WIDE_TRACE_STRIDE: u32 = 16;

// Wide product: as a product, with a word per factor: code, width (0 = unlimited), constant (i16 in the upper half).
export const WIDE_PRODUCT_TARGET: u32 = 0;
export const WIDE_PRODUCT_GATE: u32 = 4;
export const WIDE_PRODUCT_DECIMATION: u32 = 8;
export const WIDE_PRODUCT_MANTISSA: u32 = 12; // i32
export const WIDE_PRODUCT_DOWN: u32 = 16; // right shift, first
export const WIDE_PRODUCT_UP: u32 = 20; // i32: shift to 1/128; if unscaled: the exponent itself
export const WIDE_PRODUCT_FACTOR_COUNT: u32 = 24;
export const WIDE_PRODUCT_FACTORS: u32 = 28;
export const WIDE_PRODUCT_STRIDE: u32 = 64;

// ---- Tape: recorded random numbers instead of drawn ones; a tape of length 1 is a constant -------------------------
export const TAPE_LENGTH: u32 = 0; // entries of the lists by step
export const TAPE_PRE_DECAY: u32 = 4; // f64 list, 0..1: a fraction above it is rounded up
export const TAPE_PRE_IMPULSE: u32 = 8; // i32 list, 0..127: a fraction above it is rounded up
export const TAPE_POST_DECAY: u32 = 12; // f64 list
export const TAPE_POST_IMPULSE: u32 = 16; // i32 list
export const TAPE_POST_AGAIN: u32 = 20; // i32 list: of a repeated post spike
export const TAPE_WEIGHT_LENGTH: u32 = 24;
export const TAPE_WEIGHT: u32 = 28; // f64 list by learning epoch
export const TAPE_STRIDE: u32 = 32;

// ---- Program: the management schedule of one presentation ------------------------------------------------------
export const PROGRAM_STEPS: u32 = 0;
export const PROGRAM_ENTRIES: u32 = 4;
export const PROGRAM_ENTRY_COUNT: u32 = 8;
export const PROGRAM_STRIDE: u32 = 16;

// Entry: due before the spiking phase of its step; entries are in step order.
export const ENTRY_STEP: u32 = 0; // 0 .. steps - 1
export const ENTRY_OPERATION: u32 = 4; // OPERATION_*
export const ENTRY_ADDRESS: u32 = 8; // register, group record or phase index
export const ENTRY_VALUE: u32 = 12;
export const ENTRY_CORE: u32 = 16; // address of the core that the write is counted at
export const ENTRY_STRIDE: u32 = 24;

export const OPERATION_PHASE: u32 = 0; // accounting only: not a write
export const OPERATION_WRITE: u32 = 1; // store a u32 register
export const OPERATION_WRITE_BYTE: u32 = 2;
export const OPERATION_RESET: u32 = 3; // u, v, refractory of a group to 0, or the state of its program to the start
export const OPERATION_MICROCODE: u32 = 4; // store the coefficient of a product: a write that is counted as a swap, too

// ---- Probe: one record per probed column ----------------------------------------------------------------------
export const PROBE_KIND: u32 = 0; // PROBE_*
export const PROBE_SOURCE: u32 = 4; // column address, or group record for spikes
export const PROBE_COUNT: u32 = 8; // elements
export const PROBE_BUFFER: u32 = 12;
export const PROBE_CAPACITY: u32 = 16; // steps that fit
export const PROBE_FILLED: u32 = 20; // steps recorded since the last drain
export const PROBE_STRIDE: u32 = 32;

export const PROBE_WORDS: u32 = 0; // i32 [step][element]
export const PROBE_BYTES: u32 = 1; // u8 [step][element]
export const PROBE_SPIKE_BITS: u32 = 2; // u8 [step][element / 8]
export const PROBE_SPIKE_COUNTS: u32 = 3; // u32 [element], summed over steps
export const PROBE_TAP: u32 = 4; // i32 [step][element]; PROBE_SOURCE is the block record
