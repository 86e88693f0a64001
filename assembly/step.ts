// One time step: its phases in order, and nothing else. [HW 6.4], [design 2]
//
// Unless time is not told at all, a step takes its spiking phase (timing.ts) with the barrier, then the learning phase
// of the busiest core, then the management writes.

import { flushQueues, injectSpikes, receiveBundles, sendSpikes } from './axon';
import {
  activeCompartments,
  firedCompartments,
  forget,
  isQuiet,
  isUnseen,
  noiseDraws,
  overflowed,
  updateGroup,
} from './compartment';
import { Counters } from './count';
import {
  COUNTER_COMPARTMENT_UPDATES_ACTIVE,
  COUNTER_COMPARTMENT_UPDATES_INACTIVE,
  COUNTER_INPUT_AXON_EVENTS,
  COUNTER_OVERFLOWS,
  COUNTER_PROGRAM_INSTRUCTIONS,
  COUNTER_RANDOM_DRAWS,
  COUNTER_SPIKES,
} from './counters';
import { learningQuanta, simulateStep, spikingQuanta } from './cycle';
import {
  BLOCK_KIND,
  BLOCK_KIND_WIDE,
  BLOCK_PLASTIC,
  BLOCK_STRIDE,
  CHIP_CORE_COUNT,
  CHIP_CORES,
  CHIP_EVENT_PAYLOADS,
  CHIP_LEARNING_PHASES,
  CHIP_MANAGEMENT_PHASE,
  CHIP_PHASE,
  CHIP_SEMANTICS,
  CHIP_STATE_UNSEEN,
  CHIP_TIME,
  CHIP_TIME_BARRIER,
  CHIP_TIMES,
  CHIP_TIMING,
  CORE_ACTIVE,
  CORE_AT_REST,
  CORE_AXONS,
  CORE_BLOCK_COUNT,
  CORE_BLOCKS,
  CORE_COMPARTMENTS,
  CORE_EPOCH_NUMBER,
  CORE_EPOCH_STEP,
  CORE_EPOCH_STEPS,
  CORE_GROUP_COUNT,
  CORE_GROUPS,
  CORE_LEARN_ON,
  CORE_MESSAGES_IN,
  CORE_RECEIVE_TIME,
  CORE_SLOT_MASK,
  CORE_SPIKE_COUNT,
  CORE_SPIKES,
  CORE_STRIDE,
  CORE_TOUCHED,
  CORE_WIDE,
  ENTRY_STEP,
  ENTRY_STRIDE,
  GROUP_ACTIVE,
  GROUP_COUNT,
  GROUP_FIRED,
  GROUP_FIRST,
  GROUP_NOTES_CHILD,
  GROUP_NOTES_CHILD_B,
  GROUP_NOTES_SELF,
  GROUP_POST_PROFILE,
  GROUP_PROGRAM,
  GROUP_REST_ACTIVE,
  GROUP_SPIKE_BITS,
  GROUP_STRIDE,
  GROUP_WIRE_COUNT,
  GROUP_WIRES,
  NEURON_POST_BITS,
  PROGRAM_ENTRIES,
  PROGRAM_ENTRY_COUNT,
  PROGRAM_STEPS,
  SEMANTICS_TRACES_GO_ON,
  SEMANTICS_WEIGHT_READ_LATE,
  TIME_LEARNING,
  TIME_LONGEST,
  TIME_MANAGEMENT,
  TIME_SPIKING,
  TIME_STEPS,
  TIME_STRIDE,
  TIMING_ANALYTIC,
  TIMING_CYCLE,
} from './layout';
import { learn, passEpoch } from './learning';
import { manage } from './management';
import { recordProbes, recordsWords } from './probe';
import { drawnNumbers, executedInstructions, programFired, programOverflowed, runProgram } from './program';
import { spikingTime } from './timing';
import { clearNotes, notePostSpike } from './trace';
import { learnWide } from './wide-learning';
import { flushWide, flushWideLate, openWide } from './wide-synapse';
import { carryWires, driveValues } from './wire';

/** Compartments of one core, in service order; their spikes as a list. */
function updateCompartments(chip: usize, core: usize): void {
  const phase = load<u32>(chip, CHIP_PHASE);
  const slot = load<u32>(chip, CHIP_TIME) & load<u32>(core, CORE_SLOT_MASK);
  const mark = (<u64>1) << slot;
  const touched = load<u64>(core, CORE_TOUCHED);
  if ((touched & mark) != 0) store<u64>(core, touched & ~mark, CORE_TOUCHED);
  else if (load<u32>(core, CORE_AT_REST) != 0) {
    // As many as in the last step, and no spikes: no group need be asked.
    countUpdates(core, phase, load<u32>(core, CORE_ACTIVE));
    return;
  }
  const count = load<u32>(core, CORE_GROUP_COUNT);
  let group: usize = load<u32>(core, CORE_GROUPS);
  let active: u32 = 0;
  let draws: u32 = 0;
  let overflows: u32 = 0;
  let instructions: u32 = 0;
  let allRest: u32 = 1;
  store<u32>(core, 0, CORE_SPIKE_COUNT);
  for (let g: u32 = 0; g < count; g++, group += GROUP_STRIDE) {
    if (isQuiet(chip, core, group)) {
      if (load<u32>(group, GROUP_FIRED) != 0) clearSpikeBits(group);
      store<u32>(group, load<u32>(group, GROUP_REST_ACTIVE), GROUP_ACTIVE);
      active += load<u32>(group, GROUP_REST_ACTIVE);
      continue;
    }
    allRest = 0;
    if (isUnseen(chip, core, group)) {
      if (load<u32>(group, GROUP_FIRED) != 0) clearSpikeBits(group);
      forget(group);
      const drawing = load<u32>(group, GROUP_COUNT); // noise makes all of them active
      store<u32>(group, drawing, GROUP_ACTIVE);
      active += drawing;
      draws += drawing;
      continue;
    }
    if (load<u32>(group, GROUP_PROGRAM) != 0) {
      runProgram(chip, core, group);
      const running = load<u32>(group, GROUP_COUNT); // a program runs in every step
      store<u32>(group, running, GROUP_ACTIVE);
      active += running;
      instructions += executedInstructions;
      draws += drawnNumbers;
      if (programOverflowed) overflows++;
      if (programFired != 0) listSpikes(chip, core, group);
      notePosts(chip, core, group);
      carryGroupWires(chip, group);
      continue;
    }
    updateGroup(chip, core, group);
    store<u32>(group, activeCompartments, GROUP_ACTIVE);
    active += activeCompartments;
    if (overflowed) overflows++;
    draws += noiseDraws;
    store<u32>(group, firedCompartments, GROUP_FIRED);
    if (firedCompartments != 0) listSpikes(chip, core, group);
    carryGroupWires(chip, group);
  }
  countUpdates(core, phase, active);
  const spikes = load<u32>(core, CORE_SPIKE_COUNT);
  if (spikes != 0) Counters.add(core, phase, COUNTER_SPIKES, spikes);
  if (draws != 0) Counters.add(core, phase, COUNTER_RANDOM_DRAWS, draws);
  if (overflows != 0) Counters.add(core, phase, COUNTER_OVERFLOWS, overflows);
  if (instructions != 0) Counters.add(core, phase, COUNTER_PROGRAM_INSTRUCTIONS, instructions);
  store<u32>(core, active, CORE_ACTIVE);
  store<u32>(core, allRest, CORE_AT_REST);
}

function countUpdates(core: usize, phase: u32, active: u32): void {
  Counters.add(core, phase, COUNTER_COMPARTMENT_UPDATES_ACTIVE, active);
  Counters.add(
    core,
    phase,
    COUNTER_COMPARTMENT_UPDATES_INACTIVE,
    load<u32>(core, CORE_COMPARTMENTS) - active,
  );
}

/** What a group's spikes carry to groups that come after it in the same step. */
function carryGroupWires(chip: usize, group: usize): void {
  const wires = load<u32>(group, GROUP_WIRE_COUNT);
  if (wires != 0) carryWires(chip, load<u32>(group, GROUP_WIRES), wires);
}

function clearSpikeBits(group: usize): void {
  memory.fill(load<u32>(group, GROUP_SPIKE_BITS), 0, (load<u32>(group, GROUP_COUNT) + 7) >> 3);
  store<u32>(group, 0, GROUP_FIRED);
}

/** Appends a group's spikes to the core's list and notes them for the synapses they are post spikes of. */
function listSpikes(chip: usize, core: usize, group: usize): void {
  const bits: usize = load<u32>(group, GROUP_SPIKE_BITS);
  const count = load<u32>(group, GROUP_COUNT);
  const first = load<u32>(group, GROUP_FIRST);
  const list: usize = load<u32>(core, CORE_SPIKES);
  const learning = load<u32>(core, CORE_LEARN_ON) != 0;
  const notesSelf = learning && load<u32>(group, GROUP_NOTES_SELF) != 0;
  const child: usize = learning ? <usize>load<u32>(group, GROUP_NOTES_CHILD) : 0;
  const second: usize = learning ? <usize>load<u32>(group, GROUP_NOTES_CHILD_B) : 0;
  let spikes = load<u32>(core, CORE_SPIKE_COUNT);
  for (let i: u32 = 0; i < count; i += 64) {
    for (let word = load<u64>(bits + (i >> 3)); word != 0; word &= word - 1) {
      const index = i + <u32>ctz(word);
      store<u16>(list + (spikes << 1), <u16>(first + index));
      spikes++;
      if (notesSelf) notePostSpike(chip, core, group, first + index);
      if (child != 0) notePostSpike(chip, core, child, load<u32>(child, GROUP_FIRST) + index);
      if (second != 0) notePostSpike(chip, core, second, load<u32>(second, GROUP_FIRST) + index);
    }
  }
  store<u32>(core, spikes, CORE_SPIKE_COUNT);
}

/** Notes the post spikes that a program made apart from its spikes. */
function notePosts(chip: usize, core: usize, group: usize): void {
  const bits: usize = load<u32>(<usize>load<u32>(group, GROUP_PROGRAM), NEURON_POST_BITS);
  const learns = load<u32>(core, CORE_LEARN_ON) != 0 && load<u32>(group, GROUP_POST_PROFILE) != 0;
  if (bits == 0 || !learns) return;
  const count = load<u32>(group, GROUP_COUNT);
  const first = load<u32>(group, GROUP_FIRST);
  for (let i: u32 = 0; i < count; i += 8) {
    for (let word = <u32>load<u8>(bits + (i >> 3)); word != 0; word &= word - 1)
      notePostSpike(chip, core, group, first + i + ctz(word));
  }
}

/** Begins the step of a core's wide blocks; with the late reading, what arrives now is added now. */
function openWideBlocks(chip: usize, core: usize, late: bool): void {
  const blocks: usize = load<u32>(core, CORE_BLOCKS);
  const end = blocks + load<u32>(core, CORE_BLOCK_COUNT) * BLOCK_STRIDE;
  for (let block = blocks; block < end; block += BLOCK_STRIDE) {
    if (load<u32>(block, BLOCK_KIND) != BLOCK_KIND_WIDE) continue;
    openWide(chip, block);
    if (late) flushWideLate(chip, block);
  }
}

export function flushWideBlocks(chip: usize, core: usize): void {
  const blocks: usize = load<u32>(core, CORE_BLOCKS);
  const end = blocks + load<u32>(core, CORE_BLOCK_COUNT) * BLOCK_STRIDE;
  for (let block = blocks; block < end; block += BLOCK_STRIDE)
    if (load<u32>(block, BLOCK_KIND) == BLOCK_KIND_WIDE) flushWide(chip, block);
}

/** Traces and rules of a core's wide plastic blocks, each of which has an epoch of its own; `learns`: learning is on. */
function learnWideBlocks(chip: usize, core: usize, learns: bool): u64 {
  const blocks: usize = load<u32>(core, CORE_BLOCKS);
  const end = blocks + load<u32>(core, CORE_BLOCK_COUNT) * BLOCK_STRIDE;
  let time: u64 = 0;
  for (let block = blocks; block < end; block += BLOCK_STRIDE)
    if (load<u32>(block, BLOCK_PLASTIC) != 0) time += learnWide(chip, block, learns);
  return time;
}

/** Counts the messages that arrived at a core. */
export function closeCore(chip: usize, core: usize): void {
  const messages = load<u32>(core, CORE_MESSAGES_IN);
  if (messages != 0) Counters.add(core, load<u32>(chip, CHIP_PHASE), COUNTER_INPUT_AXON_EVENTS, messages);
  store<u32>(core, 0, CORE_MESSAGES_IN);
  store<u32>(core, 0, CORE_RECEIVE_TIME);
}

/** Compartments of the cores up to `end`; `late`: what has waited for this step at wide blocks is added first. */
export function serveCores(chip: usize, cores: usize, end: usize, late: bool): void {
  for (let core = cores; core < end; core += CORE_STRIDE) {
    store<u32>(core, load<u32>(core, CORE_EPOCH_STEP) + 1, CORE_EPOCH_STEP);
    if (load<u32>(core, CORE_WIDE) != 0) openWideBlocks(chip, core, late);
    updateCompartments(chip, core);
  }
}

/** Ends the learning epochs that are over on the cores up to `end`. Returns the time of the core that takes longest. */
export function endEpochs(chip: usize, cores: usize, end: usize): u64 {
  const tracesGoOn = (load<u32>(chip, CHIP_SEMANTICS) & SEMANTICS_TRACES_GO_ON) != 0;
  let longest: u64 = 0;
  for (let core = cores; core < end; core += CORE_STRIDE) {
    const learns = load<u32>(core, CORE_LEARN_ON) != 0;
    let spent = load<u32>(core, CORE_WIDE) != 0 ? learnWideBlocks(chip, core, learns) : 0;
    if (load<u32>(core, CORE_EPOCH_STEP) == load<u32>(core, CORE_EPOCH_STEPS)) {
      store<u32>(core, 0, CORE_EPOCH_STEP);
      store<u32>(core, load<u32>(core, CORE_EPOCH_NUMBER) + 1, CORE_EPOCH_NUMBER);
      const hasAxons = load<u32>(core, CORE_AXONS) != 0;
      if (learns && hasAxons) spent += learn(chip, core);
      else {
        if (!learns && tracesGoOn && hasAxons) passEpoch(chip, core);
        clearNotes(core); // what came before learning was switched off
      }
    }
    longest = max(longest, spent);
  }
  return longest;
}

/**
 * One time step. `events`: the port elements that spike in this step, `count` of them, and what they carry
 * (`payloads`, may be 0); `managed`: quanta that the management writes before it took.
 */
function step(chip: usize, events: usize, payloads: usize, count: u32, managed: u64): void {
  const time = load<u32>(chip, CHIP_TIME) + 1;
  store<u32>(chip, time, CHIP_TIME);
  const cores: usize = load<u32>(chip, CHIP_CORES);
  const end = cores + load<u32>(chip, CHIP_CORE_COUNT) * CORE_STRIDE;
  const late = (load<u32>(chip, CHIP_SEMANTICS) & SEMANTICS_WEIGHT_READ_LATE) != 0;

  driveValues(chip, events, payloads, count);
  if (late) flushQueues(chip, time);
  serveCores(chip, cores, end, late);
  for (let core = cores; core < end; core += CORE_STRIDE) sendSpikes(chip, core);
  injectSpikes(chip, cores, events, payloads, count);
  receiveBundles(chip);
  if (!late) {
    flushQueues(chip, time + 1);
    for (let core = cores; core < end; core += CORE_STRIDE)
      if (load<u32>(core, CORE_WIDE) != 0) flushWideBlocks(chip, core);
  }
  const timing = load<u32>(chip, CHIP_TIMING);
  const isTold = timing == TIMING_ANALYTIC;
  const spiking = isTold ? spikingTime(chip) : 0;
  for (let core = cores; core < end; core += CORE_STRIDE) closeCore(chip, core);
  const phase = load<u32>(chip, CHIP_PHASE);
  const isSimulated = timing == TIMING_CYCLE;
  if (isSimulated) simulateStep(chip, events, count, managed); // before epochs forget their spikes
  const learning = endEpochs(chip, cores, end);
  countStep(chip, phase);
  if (isTold)
    recordTime(chip, phase, <u64>spiking + <u64>load<u32>(chip, CHIP_TIME_BARRIER), learning, managed);
  else if (isSimulated) recordTime(chip, phase, spikingQuanta, learningQuanta, managed);
  recordProbes(chip);
}

export function countStep(chip: usize, phase: u32): void {
  const record = timeRecord(chip, phase);
  store<u64>(record, load<u64>(record, TIME_STEPS) + 1, TIME_STEPS);
}

/** Learning and management have phases of their own; the longest step is kept where the step belongs. */
export function recordTime(chip: usize, phase: u32, spiking: u64, learning: u64, managed: u64): void {
  const record = timeRecord(chip, phase);
  store<u64>(record, load<u64>(record, TIME_SPIKING) + spiking, TIME_SPIKING);
  const whole = spiking + learning + managed;
  if (whole > load<u64>(record, TIME_LONGEST)) store<u64>(record, whole, TIME_LONGEST);
  if (learning != 0) {
    const learner = timeRecord(chip, load<u32>(<usize>load<u32>(chip, CHIP_LEARNING_PHASES) + (phase << 2)));
    store<u64>(learner, load<u64>(learner, TIME_LEARNING) + learning, TIME_LEARNING);
  }
  if (managed != 0) {
    const manager = timeRecord(chip, load<u32>(chip, CHIP_MANAGEMENT_PHASE));
    store<u64>(manager, load<u64>(manager, TIME_MANAGEMENT) + managed, TIME_MANAGEMENT);
  }
}

function timeRecord(chip: usize, phase: u32): usize {
  return <usize>load<u32>(chip, CHIP_TIMES) + phase * TIME_STRIDE;
}

/**
 * Runs a whole presentation in one call: the steps of `program` with its management schedule. `events`: u32
 * offsets [steps + 1] into the list of port elements that follows them; 0 for no input.
 */
export function present(chip: usize, program: usize, events: usize): void {
  const steps = load<u32>(program, PROGRAM_STEPS);
  let entry: usize = load<u32>(program, PROGRAM_ENTRIES);
  const lastEntry = entry + load<u32>(program, PROGRAM_ENTRY_COUNT) * ENTRY_STRIDE;
  const list = events + ((<usize>(steps + 1)) << 2);
  const payloads: usize = load<u32>(chip, CHIP_EVENT_PAYLOADS);
  const isWatched = recordsWords(chip);
  for (let s: u32 = 0; s < steps; s++) {
    let managed: u64 = 0;
    for (; entry < lastEntry && load<u32>(entry, ENTRY_STEP) == s; entry += ENTRY_STRIDE)
      managed += manage(chip, entry);
    store<u32>(chip, isWatched || s + 1 == steps ? 0 : 1, CHIP_STATE_UNSEEN);
    if (events == 0) step(chip, 0, 0, 0, managed);
    else {
      const from = load<u32>(events + ((<usize>s) << 2));
      const to = load<u32>(events + ((<usize>s) << 2), 4);
      const first = (<usize>from) << 2;
      step(chip, list + first, payloads == 0 ? 0 : payloads + first, to - from, managed);
    }
  }
}
