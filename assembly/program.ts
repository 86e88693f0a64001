// Neuron programs: the block interpreter, for one group. It takes the compartments in strips and runs one
// instruction after the other over a whole strip; what a condition excludes keeps its values. Where the host has
// compiled a program, its function runs in the interpreter's place and leaves the same bits. [HW 7]
//
// Assumed: the whole instruction set, its widths and what counts as one executed instruction; only that there
// are such programs, and what they can read, write and send, is public (U7).

import {
  CHIP_TIME,
  CORE_ACCUMULATORS,
  CORE_PAYLOADS,
  CORE_POST_LIVE,
  CORE_POST_STRIDE,
  CORE_POST_TRACE,
  CORE_SLOT_MASK,
  CORE_SLOT_STRIDE,
  GROUP_COUNT,
  GROUP_FIRST,
  GROUP_INDEX_BASE,
  GROUP_PROGRAM,
  GROUP_SPIKE_BITS,
  INSTRUCTION_A,
  INSTRUCTION_B,
  INSTRUCTION_C,
  INSTRUCTION_DESTINATION,
  INSTRUCTION_JUMP,
  INSTRUCTION_OPCODE,
  INSTRUCTION_RUN,
  INSTRUCTION_STRIDE,
  INSTRUCTION_WIDTH,
  NEURON_COLUMN_BYTES,
  NEURON_DRAWN,
  NEURON_FUNCTION,
  NEURON_FURTHER_PORTS,
  NEURON_INSTRUCTION_COUNT,
  NEURON_INSTRUCTIONS,
  NEURON_KEY,
  NEURON_LEADING,
  NEURON_OVERFLOWED,
  NEURON_PORTS,
  NEURON_POST_BITS,
  NEURON_SCRATCH,
  NEURON_STATE,
  NEURON_STATE_INITIAL,
  NEURON_STATE_WORDS,
  NEURON_TIME,
  OPCODE_ABS,
  OPCODE_ADD,
  OPCODE_AND,
  OPCODE_CLIP,
  OPCODE_CLZ,
  OPCODE_ELSE,
  OPCODE_END,
  OPCODE_EQ,
  OPCODE_GE,
  OPCODE_GT,
  OPCODE_IF,
  OPCODE_LE,
  OPCODE_LOOK,
  OPCODE_LT,
  OPCODE_MAX,
  OPCODE_MIN,
  OPCODE_MOV,
  OPCODE_MUL,
  OPCODE_MULM,
  OPCODE_MULZ,
  OPCODE_NE,
  OPCODE_NEG,
  OPCODE_NOT,
  OPCODE_OR,
  OPCODE_POST,
  OPCODE_RAND,
  OPCODE_SEL,
  OPCODE_SEND,
  OPCODE_SGN,
  OPCODE_SHL,
  OPCODE_SHR,
  OPCODE_SHZ,
  OPCODE_SUB,
  OPCODE_TRACE,
  OPCODE_WRAP,
  OPCODE_XOR,
  OPERAND_COLUMN,
  OPERAND_FLAGS,
  OPERAND_SLOTS,
  OPERAND_STRIPS,
  STRIP,
  STRIP_DEPTH_MAX,
  STRIP_FIRED,
  STRIP_MASKS,
  STRIP_POSTED,
  STRIP_RESULT,
} from './layout';
import { Random } from './random';
import { Strip } from './strip';

const ROW: usize = STRIP << 2;
const TRACE_MAX: i32 = 127;

/** What one run tells the step, besides the spike bits it leaves. */
export let executedInstructions: u32 = 0;
export let drawnNumbers: u32 = 0;
export let programFired: u32 = 0;
export let programOverflowed: bool = false;

/** The strip that is being worked on. */
let firstOfStrip: u32 = 0; // compartment of the group
let stripBytes: usize = 0; // 4 per compartment, rounded up to whole lanes
let slotBytes: usize = 0; // offset of this step's accumulators
let mask: usize = 0; // who executes the present instruction
let depth: u32 = 0;
let live: u32 = 0; // how many of them there are

/** A row of the scratch memory. */
function row(scratch: usize, index: u32): usize {
  return scratch + <usize>index * ROW;
}

/** Address of an operand's word for the strip's first compartment. */
function place(word: u32): usize {
  let address: usize = word & ~OPERAND_FLAGS;
  if (word & OPERAND_STRIPS) address += (<usize>firstOfStrip) << 2;
  if (word & OPERAND_SLOTS) address += slotBytes;
  return address;
}

/** Mask of the offsets of an operand: all bits for a column, none for a single value. */
function step(word: u32): usize {
  return <usize>(0 - (word & OPERAND_COLUMN));
}

/** The arithmetic instructions: d = a operation b, c. */
function compute(opcode: u32, instruction: usize, d: usize): void {
  const wordA = load<u32>(instruction, INSTRUCTION_A);
  const wordB = load<u32>(instruction, INSTRUCTION_B);
  const wordC = load<u32>(instruction, INSTRUCTION_C);
  const a = place(wordA);
  const b = place(wordB);
  const c = place(wordC);
  const aStep = step(wordA);
  const bStep = step(wordB);
  const cStep = step(wordC);
  const bytes = stripBytes;
  switch (opcode) {
    case OPCODE_WRAP:
    case OPCODE_MOV:
      Strip.unary(OPCODE_MOV, d, a, aStep, bytes);
      break;
    case OPCODE_NOT:
      Strip.unary(OPCODE_NOT, d, a, aStep, bytes);
      break;
    case OPCODE_NEG:
      Strip.unary(OPCODE_NEG, d, a, aStep, bytes);
      break;
    case OPCODE_ABS:
      Strip.unary(OPCODE_ABS, d, a, aStep, bytes);
      break;
    case OPCODE_SGN:
      Strip.unary(OPCODE_SGN, d, a, aStep, bytes);
      break;
    case OPCODE_CLZ:
      Strip.unary(OPCODE_CLZ, d, a, aStep, bytes);
      break;
    case OPCODE_ADD:
      Strip.binary(OPCODE_ADD, d, a, aStep, b, bStep, bytes);
      break;
    case OPCODE_SUB:
      Strip.binary(OPCODE_SUB, d, a, aStep, b, bStep, bytes);
      break;
    case OPCODE_AND:
      Strip.binary(OPCODE_AND, d, a, aStep, b, bStep, bytes);
      break;
    case OPCODE_OR:
      Strip.binary(OPCODE_OR, d, a, aStep, b, bStep, bytes);
      break;
    case OPCODE_XOR:
      Strip.binary(OPCODE_XOR, d, a, aStep, b, bStep, bytes);
      break;
    case OPCODE_MIN:
      Strip.binary(OPCODE_MIN, d, a, aStep, b, bStep, bytes);
      break;
    case OPCODE_MAX:
      Strip.binary(OPCODE_MAX, d, a, aStep, b, bStep, bytes);
      break;
    case OPCODE_EQ:
      Strip.binary(OPCODE_EQ, d, a, aStep, b, bStep, bytes);
      break;
    case OPCODE_NE:
      Strip.binary(OPCODE_NE, d, a, aStep, b, bStep, bytes);
      break;
    case OPCODE_LT:
      Strip.binary(OPCODE_LT, d, a, aStep, b, bStep, bytes);
      break;
    case OPCODE_LE:
      Strip.binary(OPCODE_LE, d, a, aStep, b, bStep, bytes);
      break;
    case OPCODE_GT:
      Strip.binary(OPCODE_GT, d, a, aStep, b, bStep, bytes);
      break;
    case OPCODE_GE:
      Strip.binary(OPCODE_GE, d, a, aStep, b, bStep, bytes);
      break;
    case OPCODE_SHL:
      Strip.shift(OPCODE_SHL, d, a, aStep, b, bStep, bytes);
      break;
    case OPCODE_SHR:
      Strip.shift(OPCODE_SHR, d, a, aStep, b, bStep, bytes);
      break;
    case OPCODE_SHZ:
      Strip.shift(OPCODE_SHZ, d, a, aStep, b, bStep, bytes);
      break;
    case OPCODE_MUL:
      Strip.multiply(OPCODE_MUL, d, a, aStep, b, bStep, c, cStep, bytes);
      break;
    case OPCODE_MULZ:
      Strip.multiply(OPCODE_MULZ, d, a, aStep, b, bStep, c, cStep, bytes);
      break;
    case OPCODE_MULM:
      Strip.multiply(OPCODE_MULM, d, a, aStep, b, bStep, c, cStep, bytes);
      break;
    case OPCODE_CLIP:
      Strip.ternary(OPCODE_CLIP, d, a, aStep, b, bStep, c, cStep, bytes);
      break;
    case OPCODE_SEL:
      Strip.ternary(OPCODE_SEL, d, a, aStep, b, bStep, c, cStep, bytes);
      break;
    case OPCODE_LOOK:
      Strip.look(d, a, aStep, b, load<i32>(instruction, INSTRUCTION_JUMP), bytes);
      break;
    default:
      assert(false);
  }
}

/** Random bits: a number per instruction and compartment, the same wherever the compartment lies (U1). */
function draw(chip: usize, group: usize, record: usize, instruction: usize, d: usize): void {
  const stepKey = Random.key(load<u32>(record, NEURON_KEY), load<u32>(chip, CHIP_TIME));
  const key = Random.key(stepKey, load<u32>(instruction, INSTRUCTION_JUMP));
  const unused = 32 - load<u32>(instruction, INSTRUCTION_A);
  let index = load<u32>(group, GROUP_INDEX_BASE) + firstOfStrip;
  for (let at: usize = 0; at < stripBytes; at += 4, index++)
    store<u32>(d + at, Random.word(key, index) >> unused);
  drawnNumbers += live;
}

/** Runs an instruction that writes a state word or a temporary. */
function assign(chip: usize, group: usize, record: usize, instruction: usize, scratch: usize): void {
  const opcode = <u32>load<u8>(instruction, INSTRUCTION_OPCODE);
  const width = <i32>load<u8>(instruction, INSTRUCTION_WIDTH);
  const d = place(load<u32>(instruction, INSTRUCTION_DESTINATION));
  // A result can go straight to its place if it needs no cutting and everyone executes.
  const straight = width == 32 && depth == 0;
  const target = straight ? d : row(scratch, STRIP_RESULT);
  if (opcode == OPCODE_RAND) draw(chip, group, record, instruction, target);
  else compute(opcode, instruction, target);
  if (straight) return;
  const lost = Strip.commit(d, target, mask, width, stripBytes);
  if (lost != 0 && opcode != OPCODE_WRAP) programOverflowed = true;
}

/** Opens a condition; returns the number of the next instruction. */
function branch(scratch: usize, instruction: usize, next: u32): u32 {
  assert(depth < STRIP_DEPTH_MAX);
  const word = load<u32>(instruction, INSTRUCTION_A);
  const outer = mask;
  depth++;
  mask = row(scratch, STRIP_MASKS + depth);
  live = Strip.select(mask, outer, place(word), step(word), stripBytes);
  executedInstructions += live * load<u32>(instruction, INSTRUCTION_RUN);
  return live == 0 ? load<u32>(instruction, INSTRUCTION_JUMP) : next;
}

/** A spike: the compartment fires, with this payload. */
function send(core: usize, group: usize, instruction: usize, scratch: usize): void {
  const fired = row(scratch, STRIP_FIRED);
  Strip.binary(OPCODE_OR, fired, fired, <usize>-1, mask, <usize>-1, stripBytes);
  const payloads: usize = load<u32>(core, CORE_PAYLOADS);
  if (payloads == 0) return;
  const word = load<u32>(instruction, INSTRUCTION_A);
  const d = payloads + ((<usize>(load<u32>(group, GROUP_FIRST) + firstOfStrip)) << 2);
  const result = row(scratch, STRIP_RESULT);
  Strip.unary(OPCODE_MOV, result, place(word), step(word), stripBytes);
  Strip.commit(d, result, mask, 32, stripBytes);
}

/** y1, y2 or y3 of the executing compartments, 0..127: the third factor of their synapses [HW 4.8]. */
function writeTrace(core: usize, group: usize, instruction: usize): void {
  const word = load<u32>(instruction, INSTRUCTION_A);
  const values = place(word);
  const valueStep = step(word);
  const traces =
    <usize>load<u32>(core, CORE_POST_TRACE) +
    load<u32>(instruction, INSTRUCTION_DESTINATION) * load<u32>(core, CORE_POST_STRIDE) +
    load<u32>(group, GROUP_FIRST) +
    firstOfStrip;
  for (let at: usize = 0; at < stripBytes; at += 4) {
    if (load<i32>(mask + at) == 0) continue;
    store<u8>(traces + (at >> 2), <u8>min(max(load<i32>(values + (at & valueStep)), 0), TRACE_MAX));
  }
  store<u32>(core, 1, CORE_POST_LIVE); // so that the epoch looks at the traces
}

function runStrip(chip: usize, core: usize, group: usize, record: usize, scratch: usize): void {
  const instructions: usize = load<u32>(record, NEURON_INSTRUCTIONS);
  const count = load<u32>(record, NEURON_INSTRUCTION_COUNT);
  depth = 0;
  mask = row(scratch, STRIP_MASKS);
  const all = min(load<u32>(group, GROUP_COUNT) - firstOfStrip, STRIP);
  memory.fill(mask, 0xff, (<usize>all) << 2);
  memory.fill(mask + ((<usize>all) << 2), 0, stripBytes - ((<usize>all) << 2));
  live = all;
  executedInstructions += live * load<u32>(record, NEURON_LEADING);
  const compiled = load<u32>(load<u32>(record, NEURON_FUNCTION));
  if (compiled != 0) {
    const first = firstOfStrip << 2;
    const time = load<u32>(chip, CHIP_TIME);
    executedInstructions += call_indirect<u32>(compiled, first, <u32>stripBytes, <u32>slotBytes, time);
    drawnNumbers += load<u32>(record, NEURON_DRAWN);
    if (load<u32>(record, NEURON_OVERFLOWED) != 0) programOverflowed = true;
    store<u32>(record, 0, NEURON_OVERFLOWED);
    return;
  }
  let next: u32 = 0;
  while (next < count) {
    const instruction = instructions + next * INSTRUCTION_STRIDE;
    next++;
    const opcode = <u32>load<u8>(instruction, INSTRUCTION_OPCODE);
    if (opcode < OPCODE_IF) assign(chip, group, record, instruction, scratch);
    else if (opcode == OPCODE_IF) next = branch(scratch, instruction, next);
    else if (opcode == OPCODE_ELSE) {
      live = Strip.invert(mask, mask - ROW, stripBytes);
      executedInstructions += live * load<u32>(instruction, INSTRUCTION_RUN);
      if (live == 0) next = load<u32>(instruction, INSTRUCTION_JUMP);
    } else if (opcode == OPCODE_END) {
      depth--;
      mask -= ROW;
      live = Strip.count(mask, stripBytes);
      executedInstructions += live * load<u32>(instruction, INSTRUCTION_RUN);
    } else if (opcode == OPCODE_SEND) send(core, group, instruction, scratch);
    else if (opcode == OPCODE_POST) {
      const posted = row(scratch, STRIP_POSTED);
      Strip.binary(OPCODE_OR, posted, posted, <usize>-1, mask, <usize>-1, stripBytes);
    } else {
      assert(opcode == OPCODE_TRACE);
      writeTrace(core, group, instruction);
    }
  }
  assert(depth == 0);
}

/** Leaves 0 in this step's accumulators of all ports. */
function clearPorts(core: usize, group: usize, record: usize): void {
  const bytes = load<u32>(record, NEURON_COLUMN_BYTES);
  const slot = <usize>load<u32>(core, CORE_ACCUMULATORS) + slotBytes;
  memory.fill(slot + (load<u32>(group, GROUP_FIRST) << 2), 0, bytes);
  const further = load<u32>(record, NEURON_PORTS) - 1;
  if (further != 0) memory.fill(slot + load<u32>(record, NEURON_FURTHER_PORTS), 0, further * bytes);
}

/**
 * One step of one group by its program: reads this step's dendritic accumulators and leaves them 0, updates the
 * state words, and leaves a spike bit per compartment. Sets the module's four result globals.
 */
export function runProgram(chip: usize, core: usize, group: usize): void {
  const record: usize = load<u32>(group, GROUP_PROGRAM);
  const scratch: usize = load<u32>(record, NEURON_SCRATCH);
  const time = load<u32>(chip, CHIP_TIME);
  for (let at: usize = 0; at < 16; at += 4) store<u32>(record + NEURON_TIME + at, time);
  slotBytes = (time & load<u32>(core, CORE_SLOT_MASK)) * load<u32>(core, CORE_SLOT_STRIDE);
  const count = load<u32>(group, GROUP_COUNT);
  const spikeBits: usize = load<u32>(group, GROUP_SPIKE_BITS);
  const postBits: usize = load<u32>(record, NEURON_POST_BITS);
  executedInstructions = 0;
  drawnNumbers = 0;
  programFired = 0;
  programOverflowed = false;
  const payloads: usize = load<u32>(core, CORE_PAYLOADS);
  if (payloads != 0)
    memory.fill(payloads + (load<u32>(group, GROUP_FIRST) << 2), 0, load<u32>(record, NEURON_COLUMN_BYTES));
  for (firstOfStrip = 0; firstOfStrip < count; firstOfStrip += STRIP) {
    stripBytes = ((<usize>min(count - firstOfStrip, STRIP) + 3) & ~3) << 2;
    const fired = row(scratch, STRIP_FIRED);
    const posted = row(scratch, STRIP_POSTED);
    memory.fill(fired, 0, stripBytes);
    memory.fill(posted, 0, stripBytes);
    runStrip(chip, core, group, record, scratch);
    programFired |= Strip.pack(spikeBits + (firstOfStrip >> 3), fired, stripBytes);
    if (postBits != 0) Strip.pack(postBits + (firstOfStrip >> 3), posted, stripBytes);
  }
  clearPorts(core, group, record);
}

/** The state words of a program back to where they started; returns how many were written. */
export function resetProgram(group: usize): u32 {
  const record: usize = load<u32>(group, GROUP_PROGRAM);
  const words = load<u32>(record, NEURON_STATE_WORDS);
  memory.copy(
    load<u32>(record, NEURON_STATE),
    load<u32>(record, NEURON_STATE_INITIAL),
    words * load<u32>(record, NEURON_COLUMN_BYTES),
  );
  return words * load<u32>(group, GROUP_COUNT);
}
