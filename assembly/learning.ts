// The learning phase of one core: traces, then the rules on every plastic synapse that can change. [HW 4.3]
//
// What a real engine visits is the largest open question of the energy model [HW 8.1]; all readings are
// counted: every plastic synapse or those of the axons that spiked; in every epoch or only in those with a post
// spike on the core.

import { Counters } from './count';
import {
  COUNTER_LEARNING_EPOCHS,
  COUNTER_SYNAPTIC_UPDATES,
  COUNTER_TIED_VISITS,
  COUNTER_VISITS_ACTIVE_AXONS,
  COUNTER_VISITS_ACTIVE_WITH_POST_SPIKE,
  COUNTER_VISITS_ALL_PLASTIC,
  COUNTER_VISITS_ALL_WITH_POST_SPIKE,
  COUNTER_WEIGHT_CLIPS,
} from './counters';
import {
  BLOCK_CHANGED,
  BLOCK_COLUMN_STRIDE,
  BLOCK_COLUMNS,
  BLOCK_GROUPS,
  BLOCK_LIVE,
  BLOCK_ROW_OF_AXON,
  BLOCK_UNIFORM,
  CHIP_LEARNING_PHASES,
  CHIP_PHASE,
  CHIP_TIME_LEARNING_VISIT,
  CHIP_VISIT_COUNTER,
  CORE_ALL_ROWS,
  CORE_AXON_SYNAPSES,
  CORE_AXONS,
  CORE_NOTED,
  CORE_NOTED_COUNT,
  CORE_PLASTIC_BLOCK_COUNT,
  CORE_PLASTIC_BLOCKS,
  CORE_PLASTIC_SYNAPSES,
  CORE_POST_NOTED,
  CORE_PRE_TIME,
  CORE_TIED_VISITS,
  CORE_USED_TRACES,
} from './layout';
import {
  actsOnAllRows,
  changedSynapses,
  clippedWeights,
  evaluateRow,
  liveProducts,
  NO_ROW,
  resetRowCounts,
  runCompiled,
  runCompiledRows,
} from './microcode';
import { joinTied, keepTied } from './tied';
import { clearNotes, hasPreTrace, rebuildPostTraces, rebuildPreTraces, rebuildRewardTrace } from './trace';
import { addToRow, areUniform } from './uniform';

/** Plastic synapses on the axons that spiked in this epoch. */
function activeSynapses(core: usize): u32 {
  const noted: usize = load<u32>(core, CORE_NOTED);
  const end = noted + ((<usize>load<u32>(core, CORE_NOTED_COUNT)) << 1);
  const onAxon: usize = load<u32>(core, CORE_AXON_SYNAPSES);
  let synapses: u32 = 0;
  for (let place = noted; place < end; place += 2)
    synapses += load<u32>(onAxon + ((<usize>load<u16>(place)) << 2));
  return synapses;
}

/** Runs the rule of a block on one axon's row, if it has one. */
function learnRow(chip: usize, core: usize, block: usize, axon: u32): void {
  const index = <u32>load<u16>(<usize>load<u32>(block, BLOCK_ROW_OF_AXON) + (axon << 1));
  if (index == NO_ROW) return;
  const before = changedSynapses;
  if (load<u32>(block, BLOCK_UNIFORM) != 0) addToRow(chip, core, block, index, axon);
  else if (!runCompiled(chip, core, block, index, axon, 0, load<u32>(block, BLOCK_COLUMNS)))
    evaluateRow(chip, core, block, index, axon);
  if (changedSynapses != before)
    store<u64>(block, load<u64>(block, BLOCK_CHANGED) + (changedSynapses - before), BLOCK_CHANGED);
}

/** Runs the rules of all plastic blocks on one axon's rows. */
function learnAxon(chip: usize, core: usize, axon: u32): void {
  let place: usize = load<u32>(core, CORE_PLASTIC_BLOCKS);
  const end = place + ((<usize>load<u32>(core, CORE_PLASTIC_BLOCK_COUNT)) << 2);
  for (; place < end; place += 4) {
    const block: usize = load<u32>(place);
    if (load<u64>(block, BLOCK_LIVE) != 0) learnRow(chip, core, block, axon);
  }
}

/** The same on all axons that spiked, block by block: for rules without pre traces. */
function learnNoted(chip: usize, core: usize): void {
  let place: usize = load<u32>(core, CORE_PLASTIC_BLOCKS);
  const end = place + ((<usize>load<u32>(core, CORE_PLASTIC_BLOCK_COUNT)) << 2);
  const noted: usize = load<u32>(core, CORE_NOTED);
  const lastNoted = noted + ((<usize>load<u32>(core, CORE_NOTED_COUNT)) << 1);
  for (; place < end; place += 4) {
    const block: usize = load<u32>(place);
    if (load<u64>(block, BLOCK_LIVE) == 0) continue;
    if (load<u32>(block, BLOCK_UNIFORM) == 0 && learnRows(chip, core, block, noted, lastNoted)) continue;
    for (let note = noted; note < lastNoted; note += 2) learnRow(chip, core, block, load<u16>(note));
  }
}

/** Runs the compiled rule of a block on the rows of a list of axons; false if it has none. */
function learnRows(chip: usize, core: usize, block: usize, notes: usize, end: usize): bool {
  const before = changedSynapses;
  const most = (0xffff / load<u32>(block, BLOCK_COLUMN_STRIDE)) << 1;
  for (let from = notes; from < end; from += most)
    if (!runCompiledRows(chip, core, block, from, min(from + most, end))) return false;
  if (changedSynapses != before)
    store<u64>(block, load<u64>(block, BLOCK_CHANGED) + (changedSynapses - before), BLOCK_CHANGED);
  return true;
}

/** Notes in every plastic block which products can change anything in this epoch; true if any can. */
function markLive(core: usize): bool {
  let place: usize = load<u32>(core, CORE_PLASTIC_BLOCKS);
  const end = place + ((<usize>load<u32>(core, CORE_PLASTIC_BLOCK_COUNT)) << 2);
  let any: u64 = 0;
  for (; place < end; place += 4) {
    const block: usize = load<u32>(place);
    const live = liveProducts(core, block);
    store<u64>(block, live, BLOCK_LIVE);
    store<u32>(load<u32>(block, BLOCK_GROUPS), 0);
    if (live != 0) store<u32>(block, areUniform(core, block, live) ? 1 : 0, BLOCK_UNIFORM);
    any |= live;
  }
  return any != 0;
}

/** True if the rule of some plastic block must see all axons in this epoch, those without spike and trace, too. */
function needsAllRows(core: usize): bool {
  if (load<u32>(core, CORE_ALL_ROWS) == 0) return false;
  let place: usize = load<u32>(core, CORE_PLASTIC_BLOCKS);
  const end = place + ((<usize>load<u32>(core, CORE_PLASTIC_BLOCK_COUNT)) << 2);
  for (; place < end; place += 4) if (actsOnAllRows(core, load<u32>(place))) return true;
  return false;
}

/** The traces of an epoch in which learning was off: they decay, no rule looks at them. [HW 4.3] */
export function passEpoch(chip: usize, core: usize): void {
  const phase = load<u32>(<usize>load<u32>(chip, CHIP_LEARNING_PHASES) + (load<u32>(chip, CHIP_PHASE) << 2));
  rebuildRewardTrace(chip, core);
  rebuildPostTraces(chip, core, phase);
  const times: usize = load<u32>(core, CORE_PRE_TIME);
  const axons = load<u32>(core, CORE_AXONS);
  for (let axon: u32 = 0; axon < axons; axon++)
    if (load<u8>(times + axon) != 0 || hasPreTrace(core, axon)) rebuildPreTraces(chip, core, phase, axon);
}

/**
 * Counts the synapses that an epoch visits, in all readings: all plastic ones, those of axons that spiked, and both where
 * there was a post spike. Returns the time that the visits of the chip's reading take, in quanta. [HW 8.1]
 */
export function countVisits(
  chip: usize,
  core: usize,
  phase: u32,
  all: u32,
  active: u32,
  hasPostSpike: bool,
): u64 {
  Counters.add(core, phase, COUNTER_VISITS_ALL_PLASTIC, all);
  Counters.add(core, phase, COUNTER_VISITS_ACTIVE_AXONS, active);
  if (hasPostSpike) {
    Counters.add(core, phase, COUNTER_VISITS_ALL_WITH_POST_SPIKE, all);
    Counters.add(core, phase, COUNTER_VISITS_ACTIVE_WITH_POST_SPIKE, active);
  }
  const reading = load<u32>(chip, CHIP_VISIT_COUNTER);
  const everyEpoch = reading == COUNTER_VISITS_ALL_PLASTIC || reading == COUNTER_VISITS_ACTIVE_AXONS;
  const wide = reading == COUNTER_VISITS_ALL_PLASTIC || reading == COUNTER_VISITS_ALL_WITH_POST_SPIKE;
  const visited = everyEpoch || hasPostSpike ? (wide ? all : active) : 0;
  return <u64>visited * <u64>load<u32>(chip, CHIP_TIME_LEARNING_VISIT);
}

/** Ends a learning epoch of one core. Returns the time its learning engine took, in quanta. */
export function learn(chip: usize, core: usize): u64 {
  const phase = load<u32>(<usize>load<u32>(chip, CHIP_LEARNING_PHASES) + (load<u32>(chip, CHIP_PHASE) << 2));
  Counters.add(core, phase, COUNTER_LEARNING_EPOCHS, 1);
  const hasPostSpike = load<u32>(core, CORE_POST_NOTED) != 0;
  const tied = load<u32>(core, CORE_TIED_VISITS);
  const all = load<u32>(core, CORE_PLASTIC_SYNAPSES) + tied;
  const onAxons = activeSynapses(core);
  const active = onAxons == 0 ? 0 : onAxons + tied;
  const time = countVisits(chip, core, phase, all, active, hasPostSpike);
  if (tied != 0) Counters.add(core, phase, COUNTER_TIED_VISITS, tied);

  rebuildRewardTrace(chip, core);
  rebuildPostTraces(chip, core, phase);
  resetRowCounts();
  const live = markLive(core);
  if (tied != 0 && live) keepTied(core);
  const hasPreTraces = (load<u32>(core, CORE_USED_TRACES) & 3) != 0;
  if (live && needsAllRows(core)) {
    const axons = load<u32>(core, CORE_AXONS);
    for (let axon: u32 = 0; axon < axons; axon++) {
      rebuildPreTraces(chip, core, phase, axon);
      learnAxon(chip, core, axon);
    }
  } else if (!hasPreTraces) {
    if (live) learnNoted(chip, core);
  } else {
    // Rows without a spike and without a trace add 0 to every product; the noted axons come first, then
    // those that only carry a trace.
    const noted: usize = load<u32>(core, CORE_NOTED);
    const count = load<u32>(core, CORE_NOTED_COUNT);
    for (let i: usize = 0; i < count; i++) {
      const axon = <u32>load<u16>(noted + (i << 1));
      rebuildPreTraces(chip, core, phase, axon);
      if (live) learnAxon(chip, core, axon);
    }
    const times: usize = load<u32>(core, CORE_PRE_TIME);
    const axons = load<u32>(core, CORE_AXONS);
    for (let axon: u32 = 0; axon < axons; axon++) {
      if (load<u8>(times + axon) != 0 || !hasPreTrace(core, axon)) continue;
      rebuildPreTraces(chip, core, phase, axon);
      if (live) learnAxon(chip, core, axon);
    }
  }
  if (changedSynapses != 0) {
    Counters.add(core, phase, COUNTER_SYNAPTIC_UPDATES, changedSynapses);
    if (tied != 0) joinTied(core);
  }
  if (clippedWeights != 0) Counters.add(core, phase, COUNTER_WEIGHT_CLIPS, clippedWeights);
  clearNotes(core);
  return time;
}
