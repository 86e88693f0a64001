// One network on several threads: the time step of one shard. It does what step.ts does for the cores of one thread, with the
// same bits: the spikes of all cores come in core order, whoever owns them, and each thread takes in the rows that its own
// cores hold. So no word is written by two threads, and threads meet once a step, after the compartments: what a core tells
// the others lies in a ring of a few steps, and a thread that is ahead writes into the next one.

import { countOutput, flushQueues, injectSpikes, receiveBundles, takeSpikes } from './axon';
import {
  CHIP_CORE_COUNT,
  CHIP_CORES,
  CHIP_EVENT_PAYLOADS,
  CHIP_PHASE,
  CHIP_TIME,
  CHIP_TIME_BARRIER,
  CHIP_TIMING,
  CORE_FIRST_ARRIVAL,
  CORE_LAST_ARRIVAL,
  CORE_LAST_WAY,
  CORE_MESH_MESSAGES,
  CORE_MESSAGES_IN,
  CORE_NEURON_TIME,
  CORE_PAYLOADS,
  CORE_SPIKE_COUNT,
  CORE_SPIKES,
  CORE_STRIDE,
  CORE_WIDE,
  ENTRY_STEP,
  ENTRY_STRIDE,
  PROGRAM_ENTRIES,
  PROGRAM_ENTRY_COUNT,
  PROGRAM_STEPS,
  PROGRAM_STRIDE,
  TIMING_ANALYTIC,
} from './layout';
import { manage } from './management';
import { meet } from './meeting';
import { recordProbes } from './probe';
import {
  RING_STEPS,
  SHARD_CHIP,
  SHARD_ENTRY,
  SHARD_INDEX,
  SHARD_LAST_ENTRY,
  SHARD_PROGRAM,
  SHARD_PROGRAMS,
  SHARD_ROUTES,
  SHARD_STEP,
  SHARD_STRIDE,
  SHARD_TEAM,
  SHARE_MESSAGES,
  SHARE_NEURON_TIME,
  SHARE_PAYLOADS,
  SHARE_SERVICES,
  SHARE_SPIKE_COUNT,
  SHARE_SPIKES,
  SHARE_STRIDE,
  SUM_LEARNING,
  SUM_MANAGED,
  SUM_PHASE,
  SUM_STRIDE,
  TEAM_ARRIVALS,
  TEAM_CHIP,
  TEAM_EVENTS,
  TEAM_FROM,
  TEAM_PROGRAM,
  TEAM_SHARD_COUNT,
  TEAM_SHARDS,
  TEAM_SHARES,
  TEAM_SUMS,
  TEAM_TO,
} from './shard-layout';
import { closeCore, countStep, endEpochs, flushWideBlocks, recordTime, serveCores } from './step';
import { clearArrivals, receivedAt, receivingTime, timeOutput } from './timing';

/** Bytes of the core records of the whole network. */
function coreBytes(team: usize): usize {
  return <usize>load<u32>(<usize>load<u32>(team, TEAM_CHIP), CHIP_CORE_COUNT) * CORE_STRIDE;
}

/** The share record of the network's first core in a step. */
function sharesOf(team: usize, time: u32): usize {
  const cores = load<u32>(<usize>load<u32>(team, TEAM_CHIP), CHIP_CORE_COUNT);
  return <usize>load<u32>(team, TEAM_SHARES) + (time & (RING_STEPS - 1)) * cores * SHARE_STRIDE;
}

function shareOf(team: usize, time: u32, core: usize): usize {
  const all: usize = load<u32>(<usize>load<u32>(team, TEAM_CHIP), CHIP_CORES);
  return sharesOf(team, time) + ((core - all) / CORE_STRIDE) * SHARE_STRIDE;
}

/** What one shard notes of arrivals in a step: a record for each core of the network. */
function arrivalsOf(team: usize, time: u32, index: u32): usize {
  const shards = load<u32>(team, TEAM_SHARD_COUNT);
  const place = (time & (RING_STEPS - 1)) * shards + index;
  return <usize>load<u32>(team, TEAM_ARRIVALS) + <usize>place * coreBytes(team);
}

function sumOf(team: usize, time: u32, index: u32): usize {
  const place = (time & (RING_STEPS - 1)) * load<u32>(team, TEAM_SHARD_COUNT) + index;
  return <usize>load<u32>(team, TEAM_SUMS) + place * SUM_STRIDE;
}

/** Tells all threads which compartments of a core have fired, and what their spikes carry. */
function shareSpikes(core: usize, share: usize): void {
  const count = load<u32>(core, CORE_SPIKE_COUNT);
  store<u32>(share, count, SHARE_SPIKE_COUNT);
  if (count == 0) return;
  const spikes: usize = load<u32>(core, CORE_SPIKES);
  memory.copy(load<u32>(share, SHARE_SPIKES), spikes, count << 1);
  const to: usize = load<u32>(share, SHARE_PAYLOADS);
  if (to == 0) return;
  const payloads: usize = load<u32>(core, CORE_PAYLOADS);
  for (let i: usize = 0; i < count; i++)
    store<i32>(to + (i << 2), load<i32>(payloads + ((<usize>load<u16>(spikes + (i << 1))) << 2)));
}

/** What the shard's own cores send, their times included. */
function sendOut(team: usize, index: u32, chip: usize): void {
  const all: usize = load<u32>(<usize>load<u32>(team, TEAM_CHIP), CHIP_CORES);
  const time = load<u32>(chip, CHIP_TIME);
  const isTold = load<u32>(chip, CHIP_TIMING) == TIMING_ANALYTIC;
  const cores: usize = load<u32>(chip, CHIP_CORES);
  const end = cores + load<u32>(chip, CHIP_CORE_COUNT) * CORE_STRIDE;
  const arrivals = arrivalsOf(team, time, index);
  if (isTold) clearArrivals(arrivals, arrivals + coreBytes(team));
  let share = shareOf(team, time, cores);
  for (let core = cores; core < end; core += CORE_STRIDE, share += SHARE_STRIDE) {
    shareSpikes(core, share);
    countOutput(chip, core);
    if (isTold) timeOutput(chip, core, arrivals - all);
  }
}

/** Takes in what the spikes of all cores bring to the shard's own. */
function takeIn(shard: usize, team: usize, chip: usize): void {
  const count = load<u32>(<usize>load<u32>(team, TEAM_CHIP), CHIP_CORE_COUNT);
  let routes: usize = load<u32>(shard, SHARD_ROUTES);
  let share = sharesOf(team, load<u32>(chip, CHIP_TIME));
  for (let core: u32 = 0; core < count; core++, routes += 4, share += SHARE_STRIDE) {
    const spikes = load<u32>(share, SHARE_SPIKE_COUNT);
    const places: usize = load<u32>(routes);
    if (spikes != 0 && places != 0)
      takeSpikes(chip, places, load<u32>(share, SHARE_SPIKES), load<u32>(share, SHARE_PAYLOADS), spikes);
  }
}

/** The same of the port spikes of this step; the first shard counts them. */
function inject(shard: usize, team: usize, chip: usize): void {
  const events: usize = load<u32>(team, TEAM_EVENTS);
  if (events == 0) return;
  const program: usize = load<u32>(shard, SHARD_PROGRAM);
  const list = events + ((<usize>(load<u32>(program, PROGRAM_STEPS) + 1)) << 2);
  const offsets = events + ((<usize>load<u32>(shard, SHARD_STEP)) << 2);
  const first = (<usize>load<u32>(offsets)) << 2;
  const payloads: usize = load<u32>(<usize>load<u32>(team, TEAM_CHIP), CHIP_EVENT_PAYLOADS);
  const counted: usize = load<u32>(shard, SHARD_INDEX) == 0 ? <usize>load<u32>(chip, CHIP_CORES) : 0;
  const count = load<u32>(offsets, 4) - load<u32>(offsets);
  injectSpikes(chip, counted, list + first, payloads == 0 ? 0 : payloads + first, count);
}

/** Keeps what the time of this step is made of, and closes the cores. */
function closeCores(chip: usize, cores: usize, end: usize, share: usize): void {
  for (let core = cores; core < end; core += CORE_STRIDE, share += SHARE_STRIDE) {
    store<u32>(share, load<u32>(core, CORE_NEURON_TIME), SHARE_NEURON_TIME);
    store<u32>(share, receivingTime(chip, core), SHARE_SERVICES);
    store<u32>(share, load<u32>(core, CORE_MESSAGES_IN), SHARE_MESSAGES);
    closeCore(chip, core);
  }
}

/** First part of a step of one shard: management writes, compartments, and what they send. */
function beginStep(shard: usize): void {
  const team: usize = load<u32>(shard, SHARD_TEAM);
  const chip: usize = load<u32>(shard, SHARD_CHIP);
  const step = load<u32>(shard, SHARD_STEP);
  let managed: u64 = 0;
  let entry: usize = load<u32>(shard, SHARD_ENTRY);
  const lastEntry: usize = load<u32>(shard, SHARD_LAST_ENTRY);
  for (; entry < lastEntry && load<u32>(entry, ENTRY_STEP) == step; entry += ENTRY_STRIDE)
    managed += manage(chip, entry);
  store<u32>(shard, <u32>entry, SHARD_ENTRY);
  const time = load<u32>(chip, CHIP_TIME) + 1;
  store<u32>(chip, time, CHIP_TIME);
  const cores: usize = load<u32>(chip, CHIP_CORES);
  serveCores(chip, cores, cores + load<u32>(chip, CHIP_CORE_COUNT) * CORE_STRIDE, false);
  sendOut(team, load<u32>(shard, SHARD_INDEX), chip);
  const sum = sumOf(team, time, load<u32>(shard, SHARD_INDEX));
  store<u32>(sum, load<u32>(chip, CHIP_PHASE), SUM_PHASE);
  store<u64>(sum, managed, SUM_MANAGED);
}

/** Second part, once all shards have done the first: routing, synapses, learning epochs, probes. */
function endStep(shard: usize): void {
  const team: usize = load<u32>(shard, SHARD_TEAM);
  const index = load<u32>(shard, SHARD_INDEX);
  const chip: usize = load<u32>(shard, SHARD_CHIP);
  const time = load<u32>(chip, CHIP_TIME);
  const cores: usize = load<u32>(chip, CHIP_CORES);
  const end = cores + load<u32>(chip, CHIP_CORE_COUNT) * CORE_STRIDE;
  const step = load<u32>(shard, SHARD_STEP);
  if (index == 0 && step > load<u32>(team, TEAM_FROM)) closeStep(team, time - 1);
  takeIn(shard, team, chip);
  inject(shard, team, chip);
  receiveBundles(chip);
  flushQueues(chip, time + 1);
  for (let core = cores; core < end; core += CORE_STRIDE)
    if (load<u32>(core, CORE_WIDE) != 0) flushWideBlocks(chip, core);
  closeCores(chip, cores, end, shareOf(team, time, cores));
  store<u64>(sumOf(team, time, index), endEpochs(chip, cores, end), SUM_LEARNING);
  recordProbes(chip);
  store<u32>(shard, step + 1, SHARD_STEP);
}

/** Joins to `to` what another shard noted of the same core's arrivals. Of those at the same time, the first one counts. */
function joinArrivals(to: usize, from: usize): void {
  const count = load<u32>(from, CORE_MESH_MESSAGES);
  if (count == 0) return;
  const before = load<u32>(to, CORE_MESH_MESSAGES);
  store<u32>(to, before + count, CORE_MESH_MESSAGES);
  const first = load<u32>(from, CORE_FIRST_ARRIVAL);
  store<u32>(to, min(first, load<u32>(to, CORE_FIRST_ARRIVAL)), CORE_FIRST_ARRIVAL);
  const last = load<u32>(from, CORE_LAST_ARRIVAL);
  if (before != 0 && last <= load<u32>(to, CORE_LAST_ARRIVAL)) return;
  store<u32>(to, last, CORE_LAST_ARRIVAL);
  store<u32>(to, load<u32>(from, CORE_LAST_WAY), CORE_LAST_WAY);
}

/** What spikingTime works out, from the shares and arrivals of a step that all threads are done with. */
function sharedTime(team: usize, time: u32): u32 {
  const cores = load<u32>(<usize>load<u32>(team, TEAM_CHIP), CHIP_CORE_COUNT);
  const shards = load<u32>(team, TEAM_SHARD_COUNT);
  const shares = sharesOf(team, time);
  const end = shares + <usize>cores * SHARE_STRIDE;
  let services: u64 = 0;
  let messages: u64 = 0;
  for (let share = shares; share < end; share += SHARE_STRIDE) {
    services += load<u32>(share, SHARE_SERVICES);
    messages += load<u32>(share, SHARE_MESSAGES);
  }
  const mean = messages == 0 ? 0 : <u32>(services / messages);
  const bytes = coreBytes(team);
  let arrivals = arrivalsOf(team, time, 0);
  let latest: u32 = 0;
  for (let share = shares; share < end; share += SHARE_STRIDE, arrivals += CORE_STRIDE) {
    for (let s: u32 = 1; s < shards; s++) joinArrivals(arrivals, arrivals + <usize>s * bytes);
    const received = receivedAt(
      arrivals,
      load<u32>(share, SHARE_SERVICES),
      load<u32>(share, SHARE_MESSAGES),
      mean,
    );
    latest = max(latest, max(load<u32>(share, SHARE_NEURON_TIME), received));
  }
  return latest;
}

/** Counts a step that all threads are done with, and its time, for the whole network. */
function closeStep(team: usize, time: u32): void {
  const chip: usize = load<u32>(team, TEAM_CHIP);
  const shards = load<u32>(team, TEAM_SHARD_COUNT);
  const phase = load<u32>(sumOf(team, time, 0), SUM_PHASE);
  countStep(chip, phase);
  if (load<u32>(chip, CHIP_TIMING) != TIMING_ANALYTIC) return;
  let learning: u64 = 0;
  let managed: u64 = 0;
  for (let s: u32 = 0; s < shards; s++) {
    const sum = sumOf(team, time, s);
    learning = max(learning, load<u64>(sum, SUM_LEARNING));
    managed += load<u64>(sum, SUM_MANAGED);
  }
  const spiking = <u64>sharedTime(team, time) + <u64>load<u32>(chip, CHIP_TIME_BARRIER);
  recordTime(chip, phase, spiking, learning, managed);
}

/** Takes the team's order: some steps of a presentation, from where the network is. */
function openOrder(shard: usize): void {
  const team: usize = load<u32>(shard, SHARD_TEAM);
  const whole: usize = load<u32>(team, TEAM_CHIP);
  const chip: usize = load<u32>(shard, SHARD_CHIP);
  store<u32>(chip, load<u32>(whole, CHIP_TIME), CHIP_TIME);
  store<u32>(chip, load<u32>(whole, CHIP_PHASE), CHIP_PHASE);
  store<u32>(chip, load<u32>(whole, CHIP_TIMING), CHIP_TIMING);
  const program = <usize>load<u32>(shard, SHARD_PROGRAMS) + load<u32>(team, TEAM_PROGRAM) * PROGRAM_STRIDE;
  const from = load<u32>(team, TEAM_FROM);
  let entry: usize = load<u32>(program, PROGRAM_ENTRIES);
  const lastEntry = entry + load<u32>(program, PROGRAM_ENTRY_COUNT) * ENTRY_STRIDE;
  while (entry < lastEntry && load<u32>(entry, ENTRY_STEP) < from) entry += ENTRY_STRIDE;
  store<u32>(shard, <u32>program, SHARD_PROGRAM);
  store<u32>(shard, <u32>entry, SHARD_ENTRY);
  store<u32>(shard, <u32>lastEntry, SHARD_LAST_ENTRY);
  store<u32>(shard, from, SHARD_STEP);
}

/** Once all shards are done: the last step is counted, and the network is where they are. */
function closeOrder(team: usize): void {
  const whole: usize = load<u32>(team, TEAM_CHIP);
  const chip: usize = load<u32>(<usize>load<u32>(team, TEAM_SHARDS), SHARD_CHIP);
  if (load<u32>(team, TEAM_TO) > load<u32>(team, TEAM_FROM)) closeStep(team, load<u32>(chip, CHIP_TIME));
  store<u32>(whole, load<u32>(chip, CHIP_TIME), CHIP_TIME);
  store<u32>(whole, load<u32>(chip, CHIP_PHASE), CHIP_PHASE);
}

/** Runs the team's order on this thread's shard, beside the others. Returns false if one of them has failed. */
export function presentShard(shard: usize): bool {
  const team: usize = load<u32>(shard, SHARD_TEAM);
  openOrder(shard);
  const steps = load<u32>(team, TEAM_TO) - load<u32>(team, TEAM_FROM);
  for (let s: u32 = 0; s < steps; s++) {
    beginStep(shard);
    if (!meet(team)) return false;
    endStep(shard);
  }
  if (!meet(team)) return false;
  if (load<u32>(shard, SHARD_INDEX) == 0) closeOrder(team);
  return true;
}

/** Runs the team's order on this thread alone, one shard after the other. */
export function presentAlone(team: usize): void {
  const shards: usize = load<u32>(team, TEAM_SHARDS);
  const end = shards + load<u32>(team, TEAM_SHARD_COUNT) * SHARD_STRIDE;
  for (let shard = shards; shard < end; shard += SHARD_STRIDE) openOrder(shard);
  const steps = load<u32>(team, TEAM_TO) - load<u32>(team, TEAM_FROM);
  for (let s: u32 = 0; s < steps; s++) {
    for (let shard = shards; shard < end; shard += SHARD_STRIDE) beginStep(shard);
    for (let shard = shards; shard < end; shard += SHARD_STRIDE) endStep(shard);
  }
  closeOrder(team);
}
