// How long a learning epoch keeps the learning engine of a core busy: the words of the visited axons' lists, or the
// products of their synapses, whichever takes longer; the host has worked that out for every axon. [HW 6.4], [HW 8.1]

import {
  COUNTER_VISITS_ACTIVE_AXONS,
  COUNTER_VISITS_ALL_PLASTIC,
  COUNTER_VISITS_ALL_WITH_POST_SPIKE,
} from './counters';
import { CYCLE_VISIT_PRODUCTS, STATION_CORE, STATION_LEARNING, STATION_LEARNING_ALL } from './cycle-layout';
import {
  BLOCK_COLUMNS,
  BLOCK_PLASTIC,
  BLOCK_ROW_SYNAPSES,
  BLOCK_ROWS,
  BLOCK_STRIDE,
  CHIP_CYCLE,
  CHIP_TIME,
  CHIP_TIME_LEARNING_VISIT,
  CHIP_VISIT_COUNTER,
  CORE_AXONS,
  CORE_BLOCK_COUNT,
  CORE_BLOCKS,
  CORE_EPOCH_STEP,
  CORE_EPOCH_STEPS,
  CORE_LEARN_ON,
  CORE_NOTED,
  CORE_NOTED_COUNT,
  CORE_POST_NOTED,
  CORE_TIED_VISITS,
  CORE_WIDE,
  PLASTIC_EPOCH_STEPS,
  PLASTIC_PRODUCT_COUNT,
} from './layout';

/** Synapses of a wide block. */
function synapsesOf(block: usize): u64 {
  const rows = load<u32>(block, BLOCK_ROWS);
  const ofRow: usize = load<u32>(block, BLOCK_ROW_SYNAPSES);
  if (ofRow == 0) return <u64>rows * load<u32>(block, BLOCK_COLUMNS);
  let synapses: u64 = 0;
  for (let row: usize = 0; row < rows; row++) synapses += load<u32>(ofRow + (row << 2));
  return synapses;
}

/** Epochs of wide plastic blocks, each of which has its own; they visit every synapse. */
function wideTime(chip: usize, core: usize): u64 {
  const visit: u64 = load<u32>(chip, CHIP_TIME_LEARNING_VISIT);
  const products: u64 = load<u32>(<usize>load<u32>(chip, CHIP_CYCLE), CYCLE_VISIT_PRODUCTS);
  const blocks: usize = load<u32>(core, CORE_BLOCKS);
  const end = blocks + <usize>load<u32>(core, CORE_BLOCK_COUNT) * BLOCK_STRIDE;
  let time: u64 = 0;
  for (let block = blocks; block < end; block += BLOCK_STRIDE) {
    const plastic: usize = load<u32>(block, BLOCK_PLASTIC);
    if (plastic == 0 || load<u32>(chip, CHIP_TIME) % load<u32>(plastic, PLASTIC_EPOCH_STEPS) != 0) continue;
    time += (synapsesOf(block) * load<u32>(plastic, PLASTIC_PRODUCT_COUNT) * visit) / products;
  }
  return time;
}

/** Time for the axons that spiked in this epoch, and for all tied synapses if there are any. */
function activeTime(chip: usize, station: usize, core: usize): u64 {
  const ofAxon: usize = load<u32>(station, STATION_LEARNING);
  const noted: usize = load<u32>(core, CORE_NOTED);
  const end = noted + ((<usize>load<u32>(core, CORE_NOTED_COUNT)) << 1);
  if (noted == end) return 0;
  let time: u64 = <u64>load<u32>(core, CORE_TIED_VISITS) * <u64>load<u32>(chip, CHIP_TIME_LEARNING_VISIT);
  for (let place = noted; place < end; place += 2)
    time += load<u32>(ofAxon + ((<usize>load<u16>(place)) << 2));
  return time;
}

/** Quanta of the epochs that end with this step; to be asked before they are run, which forgets their spikes. */
export function learningTime(chip: usize, station: usize): u64 {
  const core: usize = load<u32>(station, STATION_CORE);
  if (load<u32>(core, CORE_LEARN_ON) == 0) return 0;
  const wide = load<u32>(core, CORE_WIDE) != 0 ? wideTime(chip, core) : 0;
  if (load<u32>(core, CORE_AXONS) == 0) return wide;
  if (load<u32>(core, CORE_EPOCH_STEP) < load<u32>(core, CORE_EPOCH_STEPS)) return wide;
  const reading = load<u32>(chip, CHIP_VISIT_COUNTER);
  const everyEpoch = reading == COUNTER_VISITS_ALL_PLASTIC || reading == COUNTER_VISITS_ACTIVE_AXONS;
  if (!everyEpoch && load<u32>(core, CORE_POST_NOTED) == 0) return wide;
  const all = reading == COUNTER_VISITS_ALL_PLASTIC || reading == COUNTER_VISITS_ALL_WITH_POST_SPIKE;
  return wide + (all ? load<u64>(station, STATION_LEARNING_ALL) : activeTime(chip, station, core));
}
