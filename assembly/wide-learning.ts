// The learning phase of a wide plastic block: its rule on every synapse, one synapse at a time, with every option
// on which public models differ: scaling, limits and rounding. [HW 4.2], [HW 4.5], C10, C11

import { Counters } from './count';
import {
  COUNTER_LEARNING_EPOCHS,
  COUNTER_SYNAPTIC_UPDATES,
  COUNTER_TRACE_UPDATES,
  COUNTER_WEIGHT_CLIPS,
} from './counters';
import {
  BLOCK_CHANGED,
  BLOCK_COLUMNS,
  BLOCK_CORE,
  BLOCK_PLASTIC,
  BLOCK_ROWS,
  BLOCK_WEIGHTS,
  CHIP_LEARNING_PHASES,
  CHIP_PHASE,
  CHIP_TAPE,
  CHIP_TIME,
  FACTOR_SIGN_WEIGHT,
  FACTOR_WEIGHT,
  FACTOR_X0,
  FACTOR_X1,
  FACTOR_X2,
  FACTOR_Y0,
  FACTOR_Y1,
  FACTOR_Y3,
  GATE_X0,
  GATE_Y0,
  PLASTIC_COLUMN_BASE,
  PLASTIC_DECIDE_FIRST,
  PLASTIC_DELAYS,
  PLASTIC_DELIVERED,
  PLASTIC_EPOCH_FROM_ZERO,
  PLASTIC_EPOCH_STEPS,
  PLASTIC_EXISTS,
  PLASTIC_GRID,
  PLASTIC_KEY,
  PLASTIC_ON_ARRIVAL,
  PLASTIC_ONE_BELOW,
  PLASTIC_OPTIONS,
  PLASTIC_POST_HISTORY,
  PLASTIC_POST_TIME,
  PLASTIC_POST_TRACE,
  PLASTIC_PRE_HISTORY,
  PLASTIC_PRE_TIME,
  PLASTIC_PRE_TRACE,
  PLASTIC_PRODUCT_COUNT,
  PLASTIC_PRODUCTS,
  PLASTIC_ROUND_AWAY,
  PLASTIC_ROUND_FLOOR,
  PLASTIC_SATURATE_ONCE,
  PLASTIC_SHARED,
  PLASTIC_SIGN,
  PLASTIC_TAG_MIN,
  PLASTIC_TAGS,
  PLASTIC_UNSCALED,
  PLASTIC_WEIGHT_DECISIONS,
  PLASTIC_WEIGHT_MAX,
  PLASTIC_WEIGHT_MIN,
  TAPE_WEIGHT,
  TAPE_WEIGHT_LENGTH,
  TARGET_DELAY,
  TARGET_TAG,
  TARGET_WEIGHT,
  WIDE_PRODUCT_DECIMATION,
  WIDE_PRODUCT_DOWN,
  WIDE_PRODUCT_FACTOR_COUNT,
  WIDE_PRODUCT_FACTORS,
  WIDE_PRODUCT_GATE,
  WIDE_PRODUCT_MANTISSA,
  WIDE_PRODUCT_STRIDE,
  WIDE_PRODUCT_TARGET,
  WIDE_PRODUCT_UP,
} from './layout';
import { countVisits } from './learning';
import { Random } from './random';
import {
  decideDecays,
  forgetSpikes,
  historyBytes,
  liveTraces,
  noteArrivals,
  traceCourses,
} from './wide-trace';

const ACCUMULATOR_LIMIT: i64 = 32767; // 15 bits + sign
const FRACTION_BITS: i32 = 7; // the accumulator counts in 1/128
const DELAY_MAX: i32 = 255;
const TAG_MAX: i32 = 255;

/** The synapse that is being evaluated: its place, and w, d, t before this epoch. */
let row: u32 = 0;
let column: u32 = 0;
let weight: i32 = 0;
let delay: i32 = 0;
let tag: i32 = 0;
/** Weights of the block that met the ends of their range in this epoch. */
let clipped: u32 = 0;

class Factor {
  @inline static pre(plastic: usize, block: usize, trace: u32, step: u32): i32 {
    const rows = load<u32>(block, BLOCK_ROWS);
    const history = <usize>load<u32>(plastic, PLASTIC_PRE_HISTORY) + historyBytes(plastic, trace, rows);
    return load<i32>(history + ((step * rows + row) << 2));
  }

  @inline static post(plastic: usize, block: usize, trace: u32, step: u32): i32 {
    const columns = load<u32>(block, BLOCK_COLUMNS);
    const history = <usize>load<u32>(plastic, PLASTIC_POST_HISTORY) + historyBytes(plastic, trace, columns);
    return load<i32>(history + ((step * columns + column) << 2));
  }

  @inline static variable(index: u32): i32 {
    return index == TARGET_WEIGHT ? weight : index == TARGET_DELAY ? delay : tag;
  }

  static value(plastic: usize, block: usize, code: u32, step: u32): i32 {
    if (code == FACTOR_X0)
      return load<i32>(<usize>load<u32>(plastic, PLASTIC_PRE_TIME) + (row << 2)) != 0 ? 1 : 0;
    if (code == FACTOR_X1 || code == FACTOR_X2) return Factor.pre(plastic, block, code - FACTOR_X1, step);
    if (code == FACTOR_Y0)
      return load<i32>(<usize>load<u32>(plastic, PLASTIC_POST_TIME) + (column << 2)) != 0 ? 1 : 0;
    if (code >= FACTOR_Y1 && code <= FACTOR_Y3) return Factor.post(plastic, block, code - FACTOR_Y1, step);
    if (code >= FACTOR_SIGN_WEIGHT) return Factor.variable(code - FACTOR_SIGN_WEIGHT);
    return Factor.variable(code - FACTOR_WEIGHT);
  }
}

/** Step of the epoch at which a product reads its traces; 0 if its gate is closed. `quiet`: as if nothing spiked. */
function gateStep(chip: usize, plastic: usize, product: usize, quiet: bool): u32 {
  const gate = load<u32>(product, WIDE_PRODUCT_GATE);
  if (gate == GATE_X0) return quiet ? 0 : load<u32>(<usize>load<u32>(plastic, PLASTIC_PRE_TIME) + (row << 2));
  if (gate == GATE_Y0)
    return quiet ? 0 : load<u32>(<usize>load<u32>(plastic, PLASTIC_POST_TIME) + (column << 2));
  const steps = load<u32>(plastic, PLASTIC_EPOCH_STEPS);
  const fromZero = load<u32>(plastic, PLASTIC_OPTIONS) & PLASTIC_EPOCH_FROM_ZERO ? 1 : 0;
  const epoch = load<u32>(chip, CHIP_TIME) / steps - fromZero;
  const period = (<u32>1) << load<u32>(product, WIDE_PRODUCT_DECIMATION);
  return (epoch & (period - 1)) == 0 ? steps : 0;
}

/** The factors of a product times its mantissa, traces read at `step` of the epoch. */
function multiply(plastic: usize, block: usize, product: usize, step: u32, quiet: bool): i64 {
  let result: i64 = load<i32>(product, WIDE_PRODUCT_MANTISSA);
  const count = load<u32>(product, WIDE_PRODUCT_FACTOR_COUNT);
  for (let f: u32 = 0; f < count && result != 0; f++) {
    const word = load<i32>(product + (f << 2), WIDE_PRODUCT_FACTORS);
    const code = <u32>word & 255;
    const width = (word >> 8) & 255;
    let value =
      (quiet && (code == FACTOR_X0 || code == FACTOR_Y0) ? 0 : Factor.value(plastic, block, code, step)) +
      (word >> 16);
    if (code >= FACTOR_SIGN_WEIGHT && code <= FACTOR_SIGN_WEIGHT + 2)
      value = value > 0 ? 1 : value < 0 ? -1 : 0;
    else if (width != 0) value = min(max(value, -(1 << width)), (1 << width) - 1);
    result *= value;
  }
  return result;
}

/** Change of one variable as the rule is written, in no fixed point: for rules whose products are not scaled. */
function unscaledChange(chip: usize, block: usize, plastic: usize, target: u32, quiet: bool): f64 {
  let product: usize = load<u32>(plastic, PLASTIC_PRODUCTS);
  const end = product + load<u32>(plastic, PLASTIC_PRODUCT_COUNT) * WIDE_PRODUCT_STRIDE;
  let change: f64 = 0;
  for (; product < end; product += WIDE_PRODUCT_STRIDE) {
    if (load<u32>(product, WIDE_PRODUCT_TARGET) != target) continue;
    const step = gateStep(chip, plastic, product, quiet);
    if (step == 0) continue;
    // Before the spikes of the step the traces are those of the epoch's start, index 0 of their histories.
    const value = <f64>multiply(plastic, block, product, quiet ? 0 : step, quiet);
    const up = load<i32>(product, WIDE_PRODUCT_UP);
    change += up >= 0 ? value * <f64>((<i64>1) << up) : value / <f64>((<i64>1) << -up);
  }
  return change;
}

/** The accumulator of one variable after all its products, in 1/128. */
function scaledSum(chip: usize, block: usize, plastic: usize, target: u32): i64 {
  const options = load<u32>(plastic, PLASTIC_OPTIONS);
  const low: i64 = options & PLASTIC_ONE_BELOW ? -ACCUMULATOR_LIMIT - 2 : -ACCUMULATOR_LIMIT - 1;
  const once = (options & PLASTIC_SATURATE_ONCE) != 0;
  let product: usize = load<u32>(plastic, PLASTIC_PRODUCTS);
  const end = product + load<u32>(plastic, PLASTIC_PRODUCT_COUNT) * WIDE_PRODUCT_STRIDE;
  let sum = (<i64>Factor.variable(target)) << FRACTION_BITS;
  for (; product < end; product += WIDE_PRODUCT_STRIDE) {
    if (load<u32>(product, WIDE_PRODUCT_TARGET) != target) continue;
    const step = gateStep(chip, plastic, product, false);
    if (step == 0) continue;
    const value = multiply(plastic, block, product, step, false) >> load<u32>(product, WIDE_PRODUCT_DOWN);
    const up = load<i32>(product, WIDE_PRODUCT_UP);
    const shifted = up >= 0 ? value << up : value >> -up;
    if (once) sum += shifted;
    else sum = limit(sum + limit(shifted, low), low);
  }
  return once ? limit(sum, low) : sum;
}

function limit(x: i64, low: i64): i64 {
  return x < low ? low : x > ACCUMULATOR_LIMIT ? ACCUMULATOR_LIMIT : x;
}

/** A number in 0..1; a fraction above it is rounded up. */
function draw(chip: usize, plastic: usize, target: u32): f64 {
  const time = load<u32>(chip, CHIP_TIME);
  const tape: usize = load<u32>(chip, CHIP_TAPE);
  if (tape != 0) {
    const epoch = time / load<u32>(plastic, PLASTIC_EPOCH_STEPS);
    const place = min(epoch, load<u32>(tape, TAPE_WEIGHT_LENGTH)) - 1;
    return load<f64>(<usize>load<u32>(tape, TAPE_WEIGHT) + (place << 3));
  }
  const shared = (load<u32>(plastic, PLASTIC_OPTIONS) & PLASTIC_SHARED) != 0;
  const key = Random.key(Random.key(load<u32>(plastic, PLASTIC_KEY), time), shared ? 0 : row);
  const place = load<u32>(plastic, PLASTIC_COLUMN_BASE) + column;
  return <f64>(Random.word(key, shared ? 0 : 3 * place + target) >> 8) / <f64>(1 << 24);
}

/** The accumulator rounded to a multiple of 2^grid. */
function round(sum: i64, grid: i32, random: f64, floors: bool): i64 {
  const shift = FRACTION_BITS + grid;
  const size = floors || sum >= 0 ? sum : -sum;
  const rest = <f64>(size & (((<i64>1) << shift) - 1)) / <f64>((<i64>1) << shift);
  const rounded = ((size >> shift) + (random < rest ? 1 : 0)) << grid;
  return floors || sum >= 0 ? rounded : -rounded;
}

/** Grid steps that are added to a change because what it leaves over exceeds the random number. */
function decideStep(change: f64, grid: i32, random: f64): i32 {
  const size = <i64>Math.ceil(Math.abs(change));
  const rest = <f64>(size & (((<i64>1) << grid) - 1)) / <f64>((<i64>1) << grid);
  if (random >= rest) return 0;
  return change < 0 ? -1 : 1;
}

/** The change away from 0 to an integer, then toward 0 to the grid, plus the steps that were decided. */
function roundAway(change: f64, grid: i32, decision: i32): i64 {
  const steps = <i64>Math.ceil(Math.abs(change)) >> grid;
  return ((change < 0 ? -steps : steps) + decision) << grid;
}

/** The new value of one variable of the present synapse. */
function evaluate(chip: usize, block: usize, plastic: usize, target: u32): i32 {
  const options = load<u32>(plastic, PLASTIC_OPTIONS);
  const columns = load<u32>(block, BLOCK_COLUMNS);
  const sign = target == TARGET_WEIGHT ? load<i32>(plastic, PLASTIC_SIGN) : target == TARGET_DELAY ? 1 : 0;
  const grid = target == TARGET_WEIGHT ? load<i32>(plastic, PLASTIC_GRID) : 0;
  // A change that is not scaled may be beyond 32 bits: the limits below see all of it.
  let after: i64;
  if (options & PLASTIC_UNSCALED) {
    const change = unscaledChange(chip, block, plastic, target, false);
    if (options & PLASTIC_ROUND_AWAY) {
      const decided = target == TARGET_WEIGHT && (options & PLASTIC_DECIDE_FIRST) != 0;
      const place = <usize>load<u32>(plastic, PLASTIC_WEIGHT_DECISIONS) + ((row * columns + column) << 2);
      const decision = decided ? load<i32>(place) : decideStep(change, grid, draw(chip, plastic, target));
      after = <i64>Factor.variable(target) + roundAway(change, grid, decision);
    } else {
      const sum = <f64>Factor.variable(target) + change;
      const signed = sign > 0 ? Math.max(sum, 0) : sign < 0 ? Math.min(sum, 0) : sum;
      const exact = <i64>Math.floor(signed * <f64>(1 << FRACTION_BITS));
      after = round(exact, grid, draw(chip, plastic, target), (options & PLASTIC_ROUND_FLOOR) != 0);
    }
  } else {
    let sum = scaledSum(chip, block, plastic, target);
    if (sign > 0) sum = max(sum, 0);
    else if (sign < 0) sum = min(sum, 0);
    after = round(sum, grid, draw(chip, plastic, target), (options & PLASTIC_ROUND_FLOOR) != 0);
  }
  if (target == TARGET_WEIGHT) {
    const kept = min<i64>(
      max<i64>(after, load<i32>(plastic, PLASTIC_WEIGHT_MIN)),
      load<i32>(plastic, PLASTIC_WEIGHT_MAX),
    );
    if (kept != after) clipped++;
    return <i32>kept;
  }
  if (target == TARGET_DELAY) return <i32>min<i64>(max<i64>(after, 0), DELAY_MAX);
  return <i32>min<i64>(max<i64>(after, load<i32>(plastic, PLASTIC_TAG_MIN)), TAG_MAX);
}

/** The variables that some product changes, as bits. */
function targetsOf(plastic: usize): u32 {
  let targets: u32 = 0;
  let product: usize = load<u32>(plastic, PLASTIC_PRODUCTS);
  const end = product + load<u32>(plastic, PLASTIC_PRODUCT_COUNT) * WIDE_PRODUCT_STRIDE;
  for (; product < end; product += WIDE_PRODUCT_STRIDE)
    targets |= 1 << load<u32>(product, WIDE_PRODUCT_TARGET);
  return targets;
}

/** Makes the synapse at [row][column] the present one. False if it does not exist. */
function visit(block: usize, plastic: usize): bool {
  const index = row * load<u32>(block, BLOCK_COLUMNS) + column;
  const exists: usize = load<u32>(plastic, PLASTIC_EXISTS);
  if (exists != 0 && load<u8>(exists + index) == 0) return false;
  weight = load<i32>(<usize>load<u32>(block, BLOCK_WEIGHTS) + (index << 2));
  delay = load<i32>(<usize>load<u32>(plastic, PLASTIC_DELAYS) + (index << 2));
  tag = load<i32>(<usize>load<u32>(plastic, PLASTIC_TAGS) + (index << 2));
  return true;
}

function decideWeights(chip: usize, block: usize, plastic: usize): void {
  const rows = load<u32>(block, BLOCK_ROWS);
  const columns = load<u32>(block, BLOCK_COLUMNS);
  const grid = load<i32>(plastic, PLASTIC_GRID);
  for (row = 0; row < rows; row++) {
    for (column = 0; column < columns; column++) {
      if (!visit(block, plastic)) continue;
      const change = unscaledChange(chip, block, plastic, TARGET_WEIGHT, true);
      const place = <usize>load<u32>(plastic, PLASTIC_WEIGHT_DECISIONS) + ((row * columns + column) << 2);
      store<i32>(place, decideStep(change, grid, draw(chip, plastic, TARGET_WEIGHT)));
    }
  }
}

/** Index 0 of the trace histories: the traces as they are. */
function openHistories(block: usize, plastic: usize): void {
  const rows = load<u32>(block, BLOCK_ROWS);
  const columns = load<u32>(block, BLOCK_COLUMNS);
  for (let i: u32 = 0; i < 2; i++)
    memory.copy(
      <usize>load<u32>(plastic, PLASTIC_PRE_HISTORY) + historyBytes(plastic, i, rows),
      <usize>load<u32>(plastic, PLASTIC_PRE_TRACE) + ((i * rows) << 2),
      rows << 2,
    );
  for (let i: u32 = 0; i < 3; i++)
    memory.copy(
      <usize>load<u32>(plastic, PLASTIC_POST_HISTORY) + historyBytes(plastic, i, columns),
      <usize>load<u32>(plastic, PLASTIC_POST_TRACE) + ((i * columns) << 2),
      columns << 2,
    );
}

/** True if some target had a post spike in this epoch. */
function spikedPosts(plastic: usize, columns: u32): bool {
  const times: usize = load<u32>(plastic, PLASTIC_POST_TIME);
  for (let at: usize = 0; at < columns << 2; at += 4) if (load<i32>(times + at) != 0) return true;
  return false;
}

/**
 * What a step does to a wide plastic block, besides its messages; `learns`: learning is on. Returns the quanta its
 * learning took.
 */
export function learnWide(chip: usize, block: usize, learns: bool): u64 {
  const plastic: usize = load<u32>(block, BLOCK_PLASTIC);
  const rows = load<u32>(block, BLOCK_ROWS);
  const columns = load<u32>(block, BLOCK_COLUMNS);
  const options = load<u32>(plastic, PLASTIC_OPTIONS);
  const isEnd = load<u32>(chip, CHIP_TIME) % load<u32>(plastic, PLASTIC_EPOCH_STEPS) == 0;
  if (!learns) {
    if (options & PLASTIC_ON_ARRIVAL) noteArrivals(chip, block, false);
    if (isEnd) forgetSpikes(block); // what came before learning was switched off
    return 0;
  }
  const delivered: usize = load<u32>(plastic, PLASTIC_DELIVERED);
  if (delivered != 0) memory.copy(load<u32>(plastic, PLASTIC_POST_TRACE), delivered, (3 * columns) << 2);
  if (options & PLASTIC_DECIDE_FIRST) {
    decideDecays(chip, block);
    openHistories(block, plastic);
    decideWeights(chip, block, plastic);
  }
  if (options & PLASTIC_ON_ARRIVAL) noteArrivals(chip, block, true);
  if (!isEnd) return 0;

  const traceUpdates = liveTraces(block);
  traceCourses(chip, block);
  const targets = targetsOf(plastic);
  let all: u32 = 0;
  let active: u32 = 0;
  let changed: u32 = 0;
  clipped = 0;
  for (row = 0; row < rows; row++) {
    const spiked = load<i32>(<usize>load<u32>(plastic, PLASTIC_PRE_TIME) + (row << 2)) != 0;
    for (column = 0; column < columns; column++) {
      if (!visit(block, plastic)) continue;
      all++;
      if (spiked) active++;
      const index: usize = (row * columns + column) << 2;
      // All three see w, d and t as they were before this epoch. [HW 4.3]
      const newWeight =
        targets & (1 << TARGET_WEIGHT) ? evaluate(chip, block, plastic, TARGET_WEIGHT) : weight;
      const newDelay = targets & (1 << TARGET_DELAY) ? evaluate(chip, block, plastic, TARGET_DELAY) : delay;
      const newTag = targets & (1 << TARGET_TAG) ? evaluate(chip, block, plastic, TARGET_TAG) : tag;
      if (newWeight != weight) changed++;
      store<i32>(<usize>load<u32>(block, BLOCK_WEIGHTS) + index, newWeight);
      store<i32>(<usize>load<u32>(plastic, PLASTIC_DELAYS) + index, newDelay);
      store<i32>(<usize>load<u32>(plastic, PLASTIC_TAGS) + index, newTag);
    }
  }
  const hasPostSpike = spikedPosts(plastic, columns);
  forgetSpikes(block);
  const core: usize = load<u32>(block, BLOCK_CORE);
  const phase = load<u32>(<usize>load<u32>(chip, CHIP_LEARNING_PHASES) + (load<u32>(chip, CHIP_PHASE) << 2));
  Counters.add(core, phase, COUNTER_LEARNING_EPOCHS, 1);
  Counters.add(core, phase, COUNTER_TRACE_UPDATES, traceUpdates);
  Counters.add(core, phase, COUNTER_SYNAPTIC_UPDATES, changed);
  Counters.add(core, phase, COUNTER_WEIGHT_CLIPS, clipped);
  store<u64>(block, load<u64>(block, BLOCK_CHANGED) + changed, BLOCK_CHANGED);
  return countVisits(chip, core, phase, all, active, hasPostSpike);
}
