// Pre and post traces: spikes are noted when they happen, and the traces are brought up to date at the end of
// the learning epoch. [HW 4.3], [HW 4.4]
//
// Assumed: the decay factor is exact to 2^-24 (U5); r0 and r1 are updated like a post trace, before the rules
// of the epoch (U6).

import { Counters } from './count';
import { COUNTER_TRACE_UPDATES } from './counters';
import {
  CHIP_SEMANTICS,
  CHIP_TIME,
  CORE_EPOCH_STEP,
  CORE_EPOCH_STEPS,
  CORE_GROUP_COUNT,
  CORE_GROUPS,
  CORE_NOTED,
  CORE_NOTED_COUNT,
  CORE_POST_HISTORY,
  CORE_POST_LIVE,
  CORE_POST_NOTED,
  CORE_POST_OWN,
  CORE_POST_STRIDE,
  CORE_POST_TIME,
  CORE_POST_TRACE,
  CORE_PRE_KEYS,
  CORE_PRE_PROFILE,
  CORE_PRE_PROFILES,
  CORE_PRE_STRIDE,
  CORE_PRE_TIME,
  CORE_PRE_TRACE,
  CORE_REWARD_COUNT,
  CORE_REWARD_KEY,
  CORE_REWARD_PARAMETERS,
  CORE_REWARD_TIMES,
  CORE_REWARD_TRACE,
  CORE_USED_TRACES,
  CORE_X_HISTORY,
  GROUP_COUNT,
  GROUP_FIRST,
  GROUP_INDEX_BASE,
  GROUP_POST_PROFILE,
  GROUP_STRIDE,
  GROUP_TRACE_KEY,
  HISTORY_STEPS,
  SEMANTICS_DROP_SECOND_SPIKE,
  TRACE_FRACTION,
  TRACE_IMPULSE,
  TRACE_KEEP,
  TRACE_STRIDE,
} from './layout';
import { Random } from './random';

const TRACE_MAX: i32 = 127;
const PRE_TRACES: u32 = 2;
const POST_TRACES: u32 = 3;

/** Which post variables hold something in this epoch: bit 0 y0, bits 1 to 3 y1 to y3. */
export let livePosts: u32 = 0;

class Trace {
  /** True if the time constant is 0: the trace holds the impulses of its epoch to the end and forgets them then. */
  @inline static holds(parameters: usize): bool {
    return load<u32>(parameters, TRACE_KEEP) == 0;
  }

  /** One step of decay with stochastic rounding. */
  @inline static decay(x: i32, parameters: usize, word: u32): i32 {
    const product = <u32>x * load<u32>(parameters, TRACE_KEEP);
    return <i32>(product >> 24) + ((word & 0xffffff) < (product & 0xffffff) ? 1 : 0);
  }

  /** Adds the impulse; its fraction, in 1/128, is added with that probability [C9]. */
  @inline static impulse(x: i32, parameters: usize, word: u32): i32 {
    const fraction = word >> 25 < <u32>load<u16>(parameters, TRACE_FRACTION) ? 1 : 0;
    return min(x + <i32>load<u16>(parameters, TRACE_IMPULSE) + fraction, TRACE_MAX);
  }
}

/** Two words of a key's sequence per trace and step: one for the decay, one for the impulse. */
class Draws {
  @inline static decay(key: u32, step: u32, trace: u32): u32 {
    return Random.word(Random.key(key, step), trace << 1);
  }

  @inline static impulse(key: u32, step: u32, trace: u32): u32 {
    return Random.word(Random.key(key, step), (trace << 1) | 1);
  }
}

/** Notes a spike of a learning axon at the present step of the epoch. */
export function notePreSpike(chip: usize, core: usize, axon: u32): void {
  const place = <usize>load<u32>(core, CORE_PRE_TIME) + axon;
  const isFirst = load<u8>(place) == 0;
  if (isFirst) {
    const noted = load<u32>(core, CORE_NOTED_COUNT);
    store<u16>(<usize>load<u32>(core, CORE_NOTED) + (noted << 1), <u16>axon);
    store<u32>(core, noted + 1, CORE_NOTED_COUNT);
  }
  // Traces that nothing reads have no state.
  if ((load<u32>(core, CORE_USED_TRACES) & 3) != 0) noteInPreTraces(chip, core, axon, isFirst);
  store<u8>(place, <u8>load<u32>(core, CORE_EPOCH_STEP));
}

/** What a spike does to the pre traces as of the epoch's start. */
function noteInPreTraces(chip: usize, core: usize, axon: u32, isFirst: bool): void {
  const parameters = preParameters(core, axon);
  if (isFirst) {
    for (let i: u32 = 0; i < PRE_TRACES; i++)
      if (Trace.holds(parameters + i * TRACE_STRIDE)) store<u8>(preTrace(core, axon, i), 0);
  } else if ((load<u32>(chip, CHIP_SEMANTICS) & SEMANTICS_DROP_SECOND_SPIKE) == 0) {
    // The earlier spike gives up its time; its impulse goes to the trace [C7].
    const key = load<u32>(<usize>load<u32>(core, CORE_PRE_KEYS) + (axon << 2));
    for (let i: u32 = 0; i < PRE_TRACES; i++) {
      const trace = preTrace(core, axon, i);
      const word = Draws.impulse(key, load<u32>(chip, CHIP_TIME), i + PRE_TRACES);
      store<u8>(trace, <u8>Trace.impulse(load<u8>(trace), parameters + i * TRACE_STRIDE, word));
    }
  }
}

/** Notes a post spike for the synapses of one compartment. */
export function notePostSpike(chip: usize, core: usize, group: usize, compartment: u32): void {
  const place = <usize>load<u32>(core, CORE_POST_TIME) + compartment;
  const parameters: usize = load<u32>(group, GROUP_POST_PROFILE);
  if (load<u8>(place) == 0) {
    store<u32>(core, load<u32>(core, CORE_POST_NOTED) + 1, CORE_POST_NOTED);
    for (let i: u32 = 0; i < POST_TRACES; i++)
      if (Trace.holds(parameters + i * TRACE_STRIDE)) store<u8>(postTrace(core, compartment, i), 0);
  } else if ((load<u32>(chip, CHIP_SEMANTICS) & SEMANTICS_DROP_SECOND_SPIKE) == 0) {
    const key = postKey(group, compartment);
    for (let i: u32 = 0; i < POST_TRACES; i++) {
      const trace = postTrace(core, compartment, i);
      const word = Draws.impulse(key, load<u32>(chip, CHIP_TIME), i + POST_TRACES);
      store<u8>(trace, <u8>Trace.impulse(load<u8>(trace), parameters + i * TRACE_STRIDE, word));
    }
  }
  store<u8>(place, <u8>load<u32>(core, CORE_EPOCH_STEP));
}

function preTrace(core: usize, axon: u32, index: u32): usize {
  return <usize>load<u32>(core, CORE_PRE_TRACE) + index * load<u32>(core, CORE_PRE_STRIDE) + axon;
}

function postTrace(core: usize, compartment: u32, index: u32): usize {
  return <usize>load<u32>(core, CORE_POST_TRACE) + index * load<u32>(core, CORE_POST_STRIDE) + compartment;
}

function preParameters(core: usize, axon: u32): usize {
  const profile = <u32>load<u8>(<usize>load<u32>(core, CORE_PRE_PROFILE) + axon);
  return <usize>load<u32>(core, CORE_PRE_PROFILES) + profile * PRE_TRACES * TRACE_STRIDE;
}

function postKey(group: usize, compartment: u32): u32 {
  const index = load<u32>(group, GROUP_INDEX_BASE) + compartment - load<u32>(group, GROUP_FIRST);
  return Random.key(load<u32>(group, GROUP_TRACE_KEY), index);
}

/** True if one of the axon's pre traces that rules read is not 0. */
export function hasPreTrace(core: usize, axon: u32): bool {
  const used = load<u32>(core, CORE_USED_TRACES);
  return (
    ((used & 1) != 0 && load<u8>(preTrace(core, axon, 0)) != 0) ||
    ((used & 2) != 0 && load<u8>(preTrace(core, axon, 1)) != 0)
  );
}

/**
 * Brings x1 and x2 of one axon to the end of the epoch and leaves their course (index 0: the epoch's start,
 * q: after step q) in the core's scratch history.
 */
export function rebuildPreTraces(chip: usize, core: usize, phase: u32, axon: u32): void {
  const used = load<u32>(core, CORE_USED_TRACES);
  if ((used & 3) == 0) return;
  const steps = load<u32>(core, CORE_EPOCH_STEPS);
  const spikeStep = <u32>load<u8>(<usize>load<u32>(core, CORE_PRE_TIME) + axon);
  const start = load<u32>(chip, CHIP_TIME) - steps;
  const key = load<u32>(<usize>load<u32>(core, CORE_PRE_KEYS) + (axon << 2));
  let updates: u32 = 0;
  for (let i: u32 = 0; i < PRE_TRACES; i++) {
    if ((used & (1 << i)) == 0) continue;
    const history = <usize>load<u32>(core, CORE_X_HISTORY) + i * HISTORY_STEPS;
    const place = preTrace(core, axon, i);
    const parameters = preParameters(core, axon) + i * TRACE_STRIDE;
    const holds = Trace.holds(parameters);
    let x = <i32>load<u8>(place);
    if (x == 0 && spikeStep == 0) {
      memory.fill(history, 0, steps + 1);
      continue;
    }
    updates++;
    if (holds && spikeStep == 0) x = 0;
    store<u8>(history, <u8>x);
    for (let q: u32 = 1; q <= steps; q++) {
      if (x != 0 && !holds) x = Trace.decay(x, parameters, Draws.decay(key, start + q, i));
      if (q == spikeStep) x = Trace.impulse(x, parameters, Draws.impulse(key, start + q, i));
      store<u8>(history + q, <u8>x);
    }
    store<u8>(place, <u8>x);
  }
  Counters.add(core, phase, COUNTER_TRACE_UPDATES, updates);
}

/**
 * Brings y1, y2, y3 of all compartments of a core to the end of the epoch, keeping for each its value at the
 * compartment's own spike and, if a rule gated by x0 reads it, its value after every step. Sets `livePosts`.
 */
export function rebuildPostTraces(chip: usize, core: usize, phase: u32): void {
  livePosts = load<u32>(core, CORE_POST_NOTED) != 0 ? 1 : 0;
  if (livePosts == 0 && load<u32>(core, CORE_POST_LIVE) == 0) return; // empty traces stay empty
  const count = load<u32>(core, CORE_GROUP_COUNT);
  let group: usize = load<u32>(core, CORE_GROUPS);
  let updates: u32 = 0;
  for (let g: u32 = 0; g < count; g++, group += GROUP_STRIDE) {
    if (load<u32>(group, GROUP_POST_PROFILE) != 0) updates += rebuildGroup(chip, core, group);
  }
  store<u32>(core, livePosts > 1 ? 1 : 0, CORE_POST_LIVE);
  Counters.add(core, phase, COUNTER_TRACE_UPDATES, updates);
}

/** Post traces of one group. Eight empty ones at a time are passed over: they stay empty. */
function rebuildGroup(chip: usize, core: usize, group: usize): u32 {
  const used = load<u32>(core, CORE_USED_TRACES) >> 2;
  const first = load<u32>(group, GROUP_FIRST);
  const end = first + load<u32>(group, GROUP_COUNT);
  const times: usize = load<u32>(core, CORE_POST_TIME);
  const stride = load<u32>(core, CORE_POST_STRIDE);
  const hasHistory = load<u32>(core, CORE_POST_HISTORY) != 0;
  let updates: u32 = 0;
  for (let i: u32 = 0; i < POST_TRACES; i++) {
    if ((used & (1 << i)) == 0) continue;
    const traces = <usize>load<u32>(core, CORE_POST_TRACE) + i * stride;
    const holds = Trace.holds(<usize>load<u32>(group, GROUP_POST_PROFILE) + i * TRACE_STRIDE);
    for (let j: usize = first; j < end; j++) {
      if (!hasHistory && (load<u64>(traces + j) | load<u64>(times + j)) == 0) {
        j += 7;
        continue;
      }
      const spikeStep = <u32>load<u8>(times + j);
      const before = <i32>load<u8>(traces + j);
      if ((before | spikeStep) == 0) {
        // An empty trace stays empty; only a history that other compartments filled must be cleared.
        if (hasHistory) clearHistory(core, i, <u32>j);
        continue;
      }
      updates++;
      if (!holds || spikeStep != 0) livePosts |= 2 << i;
      const y = holds && spikeStep == 0 ? 0 : before;
      store<u8>(traces + j, <u8>rebuildPost(chip, core, group, i, <u32>j, y, spikeStep));
    }
  }
  return updates;
}

function clearHistory(core: usize, trace: u32, compartment: u32): void {
  const steps = load<u32>(core, CORE_EPOCH_STEPS);
  const stride = load<u32>(core, CORE_POST_STRIDE);
  let place = <usize>load<u32>(core, CORE_POST_HISTORY) + trace * stride + compartment;
  for (let q: u32 = 0; q < steps; q++, place += POST_TRACES * stride) store<u8>(place, 0);
}

/** The course of one post trace through an epoch that it begins at `y`. Returns where it ends. */
function rebuildPost(
  chip: usize,
  core: usize,
  group: usize,
  trace: u32,
  compartment: u32,
  y: i32,
  spikeStep: u32,
): i32 {
  const steps = load<u32>(core, CORE_EPOCH_STEPS);
  const start = load<u32>(chip, CHIP_TIME) - steps;
  const stride = load<u32>(core, CORE_POST_STRIDE);
  const parameters = <usize>load<u32>(group, GROUP_POST_PROFILE) + trace * TRACE_STRIDE;
  const holds = Trace.holds(parameters);
  const key = postKey(group, compartment);
  const column = trace * stride + compartment;
  const history: usize = load<u32>(core, CORE_POST_HISTORY);
  for (let q: u32 = 1; q <= steps; q++) {
    if (y != 0) {
      if (!holds) y = Trace.decay(y, parameters, Draws.decay(key, start + q, trace));
    } else if (history == 0) {
      // Nothing happens to an empty trace before its spike, or after it.
      if (q > spikeStep) break;
      q = spikeStep;
    }
    if (q == spikeStep) {
      y = Trace.impulse(y, parameters, Draws.impulse(key, start + q, trace));
      store<u8>(<usize>load<u32>(core, CORE_POST_OWN) + column, <u8>y);
    }
    if (history != 0) store<u8>(history + (q - 1) * POST_TRACES * stride + column, <u8>y);
    else if (holds && q >= spikeStep) break;
  }
  return y;
}

/** Notes a reward spike of the epoch, and its time if that matters. [HW 4.6] */
export function noteReward(core: usize): void {
  store<u32>(core, load<u32>(core, CORE_REWARD_COUNT) + 1, CORE_REWARD_COUNT);
  const times: usize = load<u32>(core, CORE_REWARD_TIMES);
  if (times == 0) return;
  const place = times + (load<u32>(core, CORE_EPOCH_STEP) << 1);
  store<u16>(place, load<u16>(place) + 1);
}

/** r1 with every reward spike at its step of the epoch, as a post trace has its spike. */
function rebuildTimedReward(chip: usize, core: usize, times: usize): void {
  const parameters: usize = load<u32>(core, CORE_REWARD_PARAMETERS);
  const steps = load<u32>(core, CORE_EPOCH_STEPS);
  const start = load<u32>(chip, CHIP_TIME) - steps;
  const key = load<u32>(core, CORE_REWARD_KEY);
  const holds = Trace.holds(parameters);
  let r = holds ? 0 : load<i32>(core, CORE_REWARD_TRACE);
  for (let q: u32 = 1; q <= steps; q++) {
    if (r != 0 && !holds) r = Trace.decay(r, parameters, Draws.decay(key, start + q, 0));
    const spikes = <u32>load<u16>(times + (q << 1));
    for (let n: u32 = 0; n < spikes && r < TRACE_MAX; n++)
      r = Trace.impulse(r, parameters, Draws.impulse(key, start + q, n));
  }
  store<i32>(core, r, CORE_REWARD_TRACE);
}

/** r1 at the end of the epoch: decay, then one impulse per reward spike; 8 bits, signed. [HW 4.6] */
export function rebuildRewardTrace(chip: usize, core: usize): void {
  const parameters: usize = load<u32>(core, CORE_REWARD_PARAMETERS);
  if (parameters == 0) return;
  const times: usize = load<u32>(core, CORE_REWARD_TIMES);
  if (times != 0) {
    rebuildTimedReward(chip, core, times);
    return;
  }
  const steps = load<u32>(core, CORE_EPOCH_STEPS);
  const key = load<u32>(core, CORE_REWARD_KEY);
  let r = load<i32>(core, CORE_REWARD_TRACE);
  for (let q: u32 = 0; q < steps && r != 0; q++) {
    const word = Draws.decay(key, load<u32>(chip, CHIP_TIME) - q, 0);
    r = r > 0 ? Trace.decay(r, parameters, word) : -Trace.decay(-r, parameters, word);
  }
  const spikes = load<u32>(core, CORE_REWARD_COUNT);
  for (let n: u32 = 0; n < spikes && r < TRACE_MAX; n++)
    r = Trace.impulse(r, parameters, Draws.impulse(key, load<u32>(chip, CHIP_TIME), n));
  store<i32>(core, r, CORE_REWARD_TRACE);
}

/** Forgets the spikes of the epoch: x0, y0, tx, ty, r0. */
export function clearNotes(core: usize): void {
  const times: usize = load<u32>(core, CORE_PRE_TIME);
  const noted: usize = load<u32>(core, CORE_NOTED);
  const count = load<u32>(core, CORE_NOTED_COUNT);
  for (let i: usize = 0; i < count; i++) store<u8>(times + load<u16>(noted + (i << 1)), 0);
  store<u32>(core, 0, CORE_NOTED_COUNT);
  if (load<u32>(core, CORE_POST_NOTED) != 0) {
    memory.fill(load<u32>(core, CORE_POST_TIME), 0, load<u32>(core, CORE_POST_STRIDE));
    store<u32>(core, 0, CORE_POST_NOTED);
  }
  if (load<u32>(core, CORE_REWARD_COUNT) == 0) return;
  store<u32>(core, 0, CORE_REWARD_COUNT);
  const rewards: usize = load<u32>(core, CORE_REWARD_TIMES);
  if (rewards != 0) memory.fill(rewards, 0, HISTORY_STEPS << 1);
}
