// The learning phase of one core: traces, then the rules on every plastic synapse that can change. [HW 4.3]
//
// What a real engine visits is the largest open question of the energy model [HW 8.1]; all readings are
// counted: every plastic synapse or those of the axons that spiked; in every epoch or only in those with a post
// spike on the core.

import { Counters } from './count';
import {
  COUNTER_LEARNING_EPOCHS,
  COUNTER_SYNAPTIC_UPDATES,
  COUNTER_VISITS_ACTIVE_AXONS,
  COUNTER_VISITS_ACTIVE_WITH_POST_SPIKE,
  COUNTER_VISITS_ALL_PLASTIC,
  COUNTER_VISITS_ALL_WITH_POST_SPIKE,
  COUNTER_WEIGHT_CLIPS,
} from './counters';
import {
  BLOCK_COLUMN_STRIDE,
  BLOCK_COLUMNS,
  BLOCK_PRODUCT_COUNT,
  BLOCK_ROW_INDEX,
  BLOCK_ROW_OF_AXON,
  BLOCK_STRIDE,
  BLOCK_WEIGHTS,
  CHIP_LEARNING_PHASES,
  CHIP_PHASE,
  CHIP_TIME_LEARNING_VISIT,
  CHIP_VISIT_COUNTER,
  CORE_ALL_ROWS,
  CORE_AXONS,
  CORE_BLOCK_COUNT,
  CORE_BLOCKS,
  CORE_NOTED,
  CORE_NOTED_COUNT,
  CORE_PLASTIC_SYNAPSES,
  CORE_POST_NOTED,
  CORE_PRE_TIME,
  CORE_USED_TRACES,
} from './layout';
import {
  changedSynapses,
  clippedWeights,
  evaluateRow,
  liveProducts,
  resetRowCounts,
  rowKey,
} from './microcode';
import { clearNotes, hasPreTrace, rebuildPostTraces, rebuildPreTraces, rebuildRewardTrace } from './trace';

const NO_ROW: u32 = 0xffff;

/** Plastic synapses on the axons that spiked in this epoch. */
function activeSynapses(core: usize): u32 {
  const noted: usize = load<u32>(core, CORE_NOTED);
  const count = load<u32>(core, CORE_NOTED_COUNT);
  const blocks: usize = load<u32>(core, CORE_BLOCKS);
  const end = blocks + load<u32>(core, CORE_BLOCK_COUNT) * BLOCK_STRIDE;
  let synapses: u32 = 0;
  for (let block = blocks; block < end; block += BLOCK_STRIDE) {
    const rows: usize = load<u32>(block, BLOCK_ROW_OF_AXON);
    if (rows == 0) continue;
    let reached: u32 = 0;
    for (let i: usize = 0; i < count; i++)
      if (load<u16>(rows + ((<usize>load<u16>(noted + (i << 1))) << 1)) != NO_ROW) reached++;
    synapses += reached * load<u32>(block, BLOCK_COLUMNS);
  }
  return synapses;
}

/** Runs the rules of all plastic blocks on one axon's rows. */
function learnAxon(chip: usize, core: usize, axon: u32): void {
  const blocks: usize = load<u32>(core, CORE_BLOCKS);
  const end = blocks + load<u32>(core, CORE_BLOCK_COUNT) * BLOCK_STRIDE;
  for (let block = blocks; block < end; block += BLOCK_STRIDE) {
    if (load<u32>(block, BLOCK_PRODUCT_COUNT) == 0) continue;
    const live = liveProducts(core, block);
    if (live == 0) continue;
    const index = <u32>load<u16>(<usize>load<u32>(block, BLOCK_ROW_OF_AXON) + (axon << 1));
    if (index == NO_ROW) continue;
    const row = <usize>load<u32>(block, BLOCK_WEIGHTS) + index * load<u32>(block, BLOCK_COLUMN_STRIDE);
    const source = load<u32>(<usize>load<u32>(block, BLOCK_ROW_INDEX) + (index << 2));
    evaluateRow(chip, core, block, row, rowKey(chip, block, source), axon, live);
  }
}

/** True if some product of some rule of the core can change anything in this epoch. */
function anythingLive(core: usize): bool {
  const blocks: usize = load<u32>(core, CORE_BLOCKS);
  const end = blocks + load<u32>(core, CORE_BLOCK_COUNT) * BLOCK_STRIDE;
  for (let block = blocks; block < end; block += BLOCK_STRIDE)
    if (load<u32>(block, BLOCK_PRODUCT_COUNT) != 0 && liveProducts(core, block) != 0) return true;
  return false;
}

/** Ends a learning epoch of one core. Returns the time its learning engine took, in quanta. */
export function learn(chip: usize, core: usize): u64 {
  const phase = load<u32>(<usize>load<u32>(chip, CHIP_LEARNING_PHASES) + (load<u32>(chip, CHIP_PHASE) << 2));
  Counters.add(core, phase, COUNTER_LEARNING_EPOCHS, 1);
  const all = load<u32>(core, CORE_PLASTIC_SYNAPSES);
  const active = activeSynapses(core);
  Counters.add(core, phase, COUNTER_VISITS_ALL_PLASTIC, all);
  Counters.add(core, phase, COUNTER_VISITS_ACTIVE_AXONS, active);
  const hasPostSpike = load<u32>(core, CORE_POST_NOTED) != 0;
  if (hasPostSpike) {
    Counters.add(core, phase, COUNTER_VISITS_ALL_WITH_POST_SPIKE, all);
    Counters.add(core, phase, COUNTER_VISITS_ACTIVE_WITH_POST_SPIKE, active);
  }

  rebuildRewardTrace(chip, core);
  rebuildPostTraces(chip, core, phase);
  resetRowCounts();
  const live = anythingLive(core);
  if (load<u32>(core, CORE_ALL_ROWS) != 0 && live) {
    const axons = load<u32>(core, CORE_AXONS);
    for (let axon: u32 = 0; axon < axons; axon++) {
      rebuildPreTraces(chip, core, phase, axon);
      learnAxon(chip, core, axon);
    }
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
    if (load<u32>(core, CORE_USED_TRACES) & 3) {
      for (let axon: u32 = 0; axon < axons; axon++) {
        if (load<u8>(times + axon) != 0 || !hasPreTrace(core, axon)) continue;
        rebuildPreTraces(chip, core, phase, axon);
        if (live) learnAxon(chip, core, axon);
      }
    }
  }
  if (changedSynapses != 0) Counters.add(core, phase, COUNTER_SYNAPTIC_UPDATES, changedSynapses);
  if (clippedWeights != 0) Counters.add(core, phase, COUNTER_WEIGHT_CLIPS, clippedWeights);
  clearNotes(core);
  const reading = load<u32>(chip, CHIP_VISIT_COUNTER);
  const everyEpoch = reading == COUNTER_VISITS_ALL_PLASTIC || reading == COUNTER_VISITS_ACTIVE_AXONS;
  const wide = reading == COUNTER_VISITS_ALL_PLASTIC || reading == COUNTER_VISITS_ALL_WITH_POST_SPIKE;
  const visited = everyEpoch || hasPostSpike ? (wide ? all : active) : 0;
  return <u64>visited * <u64>load<u32>(chip, CHIP_TIME_LEARNING_VISIT);
}
