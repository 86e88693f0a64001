// Learning microcode: the interpreter of sums of products. It works on one row of synapses in tiles of 64
// columns, one factor at a time over the whole tile, never a switch per synapse. [HW 4.2], [HW 4.5]

import {
  BLOCK_COLUMN_BASE,
  BLOCK_COLUMN_STRIDE,
  BLOCK_COLUMNS,
  BLOCK_DELAY_MAX,
  BLOCK_DELAYS,
  BLOCK_DROPPED_BITS,
  BLOCK_EXISTS,
  BLOCK_FUNCTION,
  BLOCK_GRID_MIN,
  BLOCK_KEY,
  BLOCK_LIVE,
  BLOCK_PRODUCT_COUNT,
  BLOCK_PRODUCTS,
  BLOCK_ROW_INDEX,
  BLOCK_SIGN,
  BLOCK_TAGS,
  BLOCK_TARGET,
  BLOCK_WEIGHT_MAX,
  BLOCK_WEIGHT_MIN,
  BLOCK_WEIGHTS,
  CHIP_SEMANTICS,
  CHIP_TIME,
  CORE_EPOCH_NUMBER,
  CORE_EPOCH_STEPS,
  CORE_POST_HISTORY,
  CORE_POST_OWN,
  CORE_POST_STRIDE,
  CORE_POST_TIME,
  CORE_POST_TRACE,
  CORE_PRE_TIME,
  CORE_PRODUCTS,
  CORE_REWARD_COUNT,
  CORE_REWARD_TRACE,
  CORE_SCRATCH,
  CORE_X_HISTORY,
  FACTOR_CONSTANT,
  FACTOR_DELAY,
  FACTOR_R0,
  FACTOR_R1,
  FACTOR_SIGN_TAG,
  FACTOR_SIGN_WEIGHT,
  FACTOR_TAG,
  FACTOR_WEIGHT,
  FACTOR_X0,
  FACTOR_X1,
  FACTOR_X2,
  FACTOR_Y0,
  FACTOR_Y1,
  FACTOR_Y3,
  GATE_EPOCH,
  GATE_X0,
  GATE_Y0,
  HISTORY_STEPS,
  PRODUCT_DECIMATION,
  PRODUCT_DOWN,
  PRODUCT_FACTOR_COUNT,
  PRODUCT_FACTORS,
  PRODUCT_GATE,
  PRODUCT_MANTISSA,
  PRODUCT_STRIDE,
  PRODUCT_TARGET,
  PRODUCT_UP,
  PRODUCT_WIDE,
  SEMANTICS_SATURATE_ONCE,
  TARGET_DELAY,
  TARGET_TAG,
  TARGET_WEIGHT,
  TILE,
} from './layout';
import { Random } from './random';
import { TileMath } from './tile';
import { livePosts } from './trace';

export const ACCUMULATOR_LIMIT: i32 = 32767; // 15 bits + sign
export const FRACTION_BITS: i32 = 7; // the accumulator counts in 1/128
/** Index of no row. */
export const NO_ROW: u32 = 0xffff;
const TRACE_LIMIT: i32 = 127;

const TILE_WORDS: u32 = TILE << 2;
const PRODUCT_ROW: u32 = 0;
const VALUE_ROW: u32 = TILE_WORDS; // three rows: w, d, t before this epoch
const SUM_ROW: u32 = TILE_WORDS * 4; // three rows: their accumulators
const HIGH_ROW: u32 = TILE_WORDS * 7; // three rows: their upper bits, where they saturate only once

/** Weights changed, and weights that met a limit, since the last reset. */
export let changedSynapses: u32 = 0;
export let clippedWeights: u32 = 0;

export function resetRowCounts(): void {
  changedSynapses = 0;
  clippedWeights = 0;
}

export function countChanges(count: u32): void {
  changedSynapses += count;
}

export function countClips(count: u32): void {
  clippedWeights += count;
}

function isPostFactor(code: u32): bool {
  return code >= FACTOR_Y0 && code <= FACTOR_Y3;
}

/**
 * The products of a block that can change anything in this epoch, as a mask of 64 bits: gate open, reward not 0, and
 * every post variable alive somewhere on the core. Leaving the others out is exact: they add 0.
 */
export function liveProducts(core: usize, block: usize): u64 {
  const count = load<u32>(block, BLOCK_PRODUCT_COUNT);
  let product = firstProduct(core, block);
  let live: u64 = 0;
  for (let i: u32 = 0; i < count; i++, product += PRODUCT_STRIDE) {
    const gate = <u32>load<u8>(product, PRODUCT_GATE);
    if (gate == GATE_Y0 && (livePosts & 1) == 0) continue;
    if (gate == GATE_EPOCH) {
      const period = (<u32>1) << load<u8>(product, PRODUCT_DECIMATION);
      if ((load<u32>(core, CORE_EPOCH_NUMBER) & (period - 1)) != 0) continue;
    }
    let alive = load<i8>(product, PRODUCT_MANTISSA) != 0;
    const factors = <u32>load<u8>(product, PRODUCT_FACTOR_COUNT);
    for (let f: usize = 0; f < factors; f++) {
      const code = <u32>load<u8>(product + PRODUCT_FACTORS + (f << 1));
      const constant = load<i8>(product + PRODUCT_FACTORS + (f << 1) + 1);
      if (isPostFactor(code) && constant == 0 && (livePosts & (1 << (code - FACTOR_Y0))) == 0) alive = false;
      if (code == FACTOR_R0 && constant == 0 && load<u32>(core, CORE_REWARD_COUNT) == 0) alive = false;
      if (code == FACTOR_R1 && constant == 0 && load<i32>(core, CORE_REWARD_TRACE) == 0) alive = false;
    }
    if (alive) live |= (<u64>1) << i;
  }
  return live;
}

/** True if a product that is live in this epoch can act on an axon that has neither a spike in it nor a pre trace. */
export function actsOnAllRows(core: usize, block: usize): bool {
  const products = firstProduct(core, block);
  for (let rest = load<u64>(block, BLOCK_LIVE); rest != 0; rest &= rest - 1) {
    const product = products + <usize>ctz(rest) * PRODUCT_STRIDE;
    let hasPre = load<u8>(product, PRODUCT_GATE) == GATE_X0;
    const factors = <u32>load<u8>(product, PRODUCT_FACTOR_COUNT);
    for (let f: usize = 0; f < factors; f++)
      if (<u32>load<u8>(product + PRODUCT_FACTORS + (f << 1)) <= FACTOR_X2) hasPre = true;
    if (!hasPre) return true;
  }
  return false;
}

export class Factors {
  /** The factors that are the same for the whole row, multiplied with the mantissa; 0 ends the product. */
  static scalar(core: usize, product: usize, axon: u32): i32 {
    const gate = <u32>load<u8>(product, PRODUCT_GATE);
    const spikeStep = <u32>load<u8>(<usize>load<u32>(core, CORE_PRE_TIME) + axon);
    if (gate == GATE_X0 && spikeStep == 0) return 0;
    let scalar = <i32>load<i8>(product, PRODUCT_MANTISSA);
    const factors = <u32>load<u8>(product, PRODUCT_FACTOR_COUNT);
    for (let f: usize = 0; f < factors; f++) {
      const code = <u32>load<u8>(product + PRODUCT_FACTORS + (f << 1));
      const constant = <i32>load<i8>(product + PRODUCT_FACTORS + (f << 1) + 1);
      if (code == FACTOR_X0) scalar *= spikeStep != 0 ? 1 : 0;
      else if (code == FACTOR_X1 || code == FACTOR_X2) {
        if (gate == GATE_Y0) continue; // read at each post spike's own time
        const step = gate == GATE_X0 ? spikeStep : load<u32>(core, CORE_EPOCH_STEPS);
        const history = <usize>load<u32>(core, CORE_X_HISTORY) + (code - FACTOR_X1) * HISTORY_STEPS;
        scalar *= Factors.sat(<i32>load<u8>(history + step) + constant, TRACE_LIMIT);
      } else if (code == FACTOR_R0) scalar *= load<u32>(core, CORE_REWARD_COUNT) != 0 ? 1 : 0;
      else if (code == FACTOR_R1)
        scalar *= Factors.sat(load<i32>(core, CORE_REWARD_TRACE) + constant, TRACE_LIMIT);
      else if (code == FACTOR_CONSTANT) scalar *= constant;
    }
    return scalar;
  }

  @inline static sat(x: i32, limit: i32): i32 {
    return min(max(x, -limit - 1), limit);
  }

  /** Multiplies the product row by the factors that differ by column. */
  static columns(core: usize, product: usize, axon: u32, scratch: usize, column: usize): void {
    const gate = <u32>load<u8>(product, PRODUCT_GATE);
    const times = <usize>load<u32>(core, CORE_POST_TIME) + column;
    const tile = scratch + PRODUCT_ROW;
    if (gate == GATE_Y0) TileMath.mask(tile, times);
    const factors = <u32>load<u8>(product, PRODUCT_FACTOR_COUNT);
    for (let f: usize = 0; f < factors; f++) {
      const code = <u32>load<u8>(product + PRODUCT_FACTORS + (f << 1));
      const constant = <i32>load<i8>(product + PRODUCT_FACTORS + (f << 1) + 1);
      if (code == FACTOR_Y0) TileMath.mask(tile, times);
      else if (isPostFactor(code))
        TileMath.multiplyBytes(
          tile,
          Factors.post(core, gate, axon, code - FACTOR_Y1) + column,
          constant,
          -TRACE_LIMIT - 1,
          TRACE_LIMIT,
        );
      else if ((code == FACTOR_X1 || code == FACTOR_X2) && gate == GATE_Y0)
        Factors.multiplyPreAtPost(core, tile, times, code - FACTOR_X1, constant);
      else if (code >= FACTOR_WEIGHT && code <= FACTOR_TAG) {
        const wide = load<u8>(product, PRODUCT_WIDE) != 0;
        const limit = wide ? 511 : code == FACTOR_DELAY ? 63 : 255;
        TileMath.multiplyWords(
          tile,
          scratch + VALUE_ROW + (code - FACTOR_WEIGHT) * TILE_WORDS,
          constant,
          -limit - 1,
          limit,
        );
      } else if (code >= FACTOR_SIGN_WEIGHT && code <= FACTOR_SIGN_TAG)
        TileMath.multiplySigns(
          tile,
          scratch + VALUE_ROW + (code - FACTOR_SIGN_WEIGHT) * TILE_WORDS,
          constant,
        );
    }
  }

  /** Where a post trace is read: at the pre spike, at the post spike, or at the end of the epoch. [HW 4.2] */
  static post(core: usize, gate: u32, axon: u32, trace: u32): usize {
    const stride = load<u32>(core, CORE_POST_STRIDE);
    if (gate == GATE_X0) {
      const step = <u32>load<u8>(<usize>load<u32>(core, CORE_PRE_TIME) + axon);
      return <usize>load<u32>(core, CORE_POST_HISTORY) + ((step - 1) * 3 + trace) * stride;
    }
    const traces = gate == GATE_Y0 ? load<u32>(core, CORE_POST_OWN) : load<u32>(core, CORE_POST_TRACE);
    return <usize>traces + trace * stride;
  }

  static multiplyPreAtPost(core: usize, tile: usize, times: usize, trace: u32, constant: i32): void {
    const history = <usize>load<u32>(core, CORE_X_HISTORY) + trace * HISTORY_STEPS;
    for (let j: usize = 0; j < TILE; j++) {
      const place = tile + (j << 2);
      const x = <i32>load<u8>(history + load<u8>(times + j));
      store<i32>(place, load<i32>(place) * Factors.sat(x + constant, TRACE_LIMIT));
    }
  }
}

class Rounding {
  /** 16 random bits of a synapse. */
  @inline static bits(key: u32, column: u32): u32 {
    const word = Random.word(key, column >> 1);
    return column & 1 ? word >> 16 : word & 0xffff;
  }

  /**
   * Accumulator (1/128) to a multiple of 2^grid, stochastically, the magnitude rounded [C11]: what is left
   * over is the probability of one more grid step.
   */
  @inline static toGrid(sum: i32, grid: i32, random: u32): i32 {
    const shift = FRACTION_BITS + grid;
    const size = abs(sum);
    const rest = <u32>size & ((1 << shift) - 1);
    const steps = (size >> shift) + (random >> (16 - shift) < rest ? 1 : 0);
    const rounded = steps << grid;
    return sum < 0 ? -rounded : rounded;
  }
}

/** Stores the new weights of a tile; counts changes and clips. */
function storeWeights(block: usize, scratch: usize, bytes: usize, column: u32, count: u32, key: u32): void {
  const grid = load<i32>(block, BLOCK_DROPPED_BITS);
  const least = load<i32>(block, BLOCK_GRID_MIN);
  const low = load<i32>(block, BLOCK_WEIGHT_MIN);
  const high = load<i32>(block, BLOCK_WEIGHT_MAX);
  const sign = load<i32>(block, BLOCK_SIGN);
  for (let j: u32 = 0; j < count; j++) {
    const before = load<i32>(scratch + VALUE_ROW + (j << 2));
    let sum = load<i32>(scratch + SUM_ROW + (j << 2));
    if (sum == before << FRACTION_BITS) continue; // on the grid: nothing to round
    if (sign > 0) sum = max(sum, 0);
    else if (sign < 0) sum = min(sum, 0);
    const wanted = Rounding.toGrid(sum, grid, Rounding.bits(key, column + j));
    const after = min(max(wanted, low), high);
    if (after != wanted) clippedWeights++;
    if (after != before) {
      changedSynapses++;
      store<u8>(bytes + j, <u8>((after >> grid) - least));
    }
  }
}

function storeTags(scratch: usize, tags: usize, column: u32, count: u32, key: u32): void {
  for (let j: u32 = 0; j < count; j++) {
    const sum = load<i32>(scratch + SUM_ROW + 2 * TILE_WORDS + (j << 2));
    const after = Rounding.toGrid(sum, 0, Rounding.bits(key, column + j));
    store<i16>(tags + (j << 1), <i16>min(max(after, -256), 255));
  }
}

function storeDelays(block: usize, scratch: usize, delays: usize, column: u32, count: u32, key: u32): void {
  const most = load<i32>(block, BLOCK_DELAY_MAX);
  for (let j: u32 = 0; j < count; j++) {
    const sum = max(load<i32>(scratch + SUM_ROW + TILE_WORDS + (j << 2)), 0);
    const after = Rounding.toGrid(sum, 0, Rounding.bits(key, column + j));
    store<u8>(delays + j, <u8>min(after, most));
  }
}

/** Random key of one row in this learning epoch. */
function rowKey(chip: usize, block: usize, index: u32): u32 {
  const source = load<u32>(<usize>load<u32>(block, BLOCK_ROW_INDEX) + (index << 2));
  return Random.key(Random.key(load<u32>(block, BLOCK_KEY), load<u32>(chip, CHIP_TIME)), source);
}

/** The record of the first product of a block's rule. */
export function firstProduct(core: usize, block: usize): usize {
  return <usize>load<u32>(core, CORE_PRODUCTS) + load<u32>(block, BLOCK_PRODUCTS) * PRODUCT_STRIDE;
}

/**
 * Lets the compiled function of a block's rule do what evaluateRow does, for the columns `first` to `end` of a row;
 * `first` is a multiple of TILE. False if the rule has none.
 */
export function runCompiled(
  chip: usize,
  core: usize,
  block: usize,
  index: u32,
  axon: u32,
  first: u32,
  end: u32,
): bool {
  const compiled = load<u32>(load<u32>(block, BLOCK_FUNCTION));
  if (compiled == 0) return false;
  const counts = call_indirect<u32>(compiled, chip, core, block, index, axon, first, end);
  changedSynapses += counts & 0xffff;
  clippedWeights += counts >> 16;
  return true;
}

/**
 * The same for the whole rows of a list of axons, two bytes each, which have fewer than 2^16 columns together.
 * False if the rule has no compiled function.
 */
export function runCompiledRows(chip: usize, core: usize, block: usize, notes: usize, end: usize): bool {
  const columns = load<u32>(block, BLOCK_COLUMNS);
  return runCompiled(chip, core, block, NO_ROW, <u32>notes, <u32>end, columns);
}

/**
 * Applies the live products of a block's rule to one row, `index` in the block. All products see w, d and t as
 * they were before this epoch [HW 4.3]. Adds to `changedSynapses` and `clippedWeights`.
 */
export function evaluateRow(chip: usize, core: usize, block: usize, index: u32, axon: u32): void {
  // The scalars do not depend on the tile; a row whose scalars are all 0 is done.
  const products = firstProduct(core, block);
  let acting: u64 = 0;
  for (let rest = load<u64>(block, BLOCK_LIVE); rest != 0; rest &= rest - 1) {
    const product = products + <usize>ctz(rest) * PRODUCT_STRIDE;
    if (Factors.scalar(core, product, axon) != 0) acting |= rest & (0 - rest);
  }
  if (acting == 0) return;
  const columns = load<u32>(block, BLOCK_COLUMNS);
  for (let column: u32 = 0; column < columns; column += TILE)
    evaluateTile(chip, core, block, index, axon, column, acting);
}

/** The same for the tile of a row that begins at `column`, and the products `acting`. */
export function evaluateTile(
  chip: usize,
  core: usize,
  block: usize,
  index: u32,
  axon: u32,
  column: u32,
  acting: u64,
): void {
  const scratch: usize = load<u32>(core, CORE_SCRATCH);
  const products = firstProduct(core, block);
  const once = (load<u32>(chip, CHIP_SEMANTICS) & SEMANTICS_SATURATE_ONCE) != 0;
  const offset = <usize>index * load<u32>(block, BLOCK_COLUMN_STRIDE) + column;
  const bytes = <usize>load<u32>(block, BLOCK_WEIGHTS) + offset;
  const tags: usize =
    load<u32>(block, BLOCK_TAGS) == 0 ? 0 : <usize>load<u32>(block, BLOCK_TAGS) + (offset << 1);
  const delays: usize =
    load<u32>(block, BLOCK_DELAYS) == 0 ? 0 : <usize>load<u32>(block, BLOCK_DELAYS) + offset;
  let targets: u32 = 0;
  for (let rest = acting; rest != 0; rest &= rest - 1)
    targets |= 1 << load<u8>(products + <usize>ctz(rest) * PRODUCT_STRIDE, PRODUCT_TARGET);

  TileMath.loadBytes(
    scratch + VALUE_ROW,
    bytes,
    load<i32>(block, BLOCK_GRID_MIN),
    load<i32>(block, BLOCK_DROPPED_BITS),
  );
  if (delays != 0) TileMath.loadBytes(scratch + VALUE_ROW + TILE_WORDS, delays, 0, 0);
  else TileMath.fill(scratch + VALUE_ROW + TILE_WORDS, 0);
  if (tags != 0) TileMath.loadHalves(scratch + VALUE_ROW + 2 * TILE_WORDS, tags);
  else TileMath.fill(scratch + VALUE_ROW + 2 * TILE_WORDS, 0);
  for (let z: u32 = 0; z < 3; z++) {
    if (targets & (1 << z))
      TileMath.shiftLeft(
        scratch + SUM_ROW + z * TILE_WORDS,
        scratch + VALUE_ROW + z * TILE_WORDS,
        FRACTION_BITS,
      );
    if (once) TileMath.fill(scratch + HIGH_ROW + z * TILE_WORDS, 0);
  }
  for (let rest = acting; rest != 0; rest &= rest - 1) {
    const product = products + <usize>ctz(rest) * PRODUCT_STRIDE;
    TileMath.fill(scratch + PRODUCT_ROW, Factors.scalar(core, product, axon));
    Factors.columns(core, product, axon, scratch, load<u32>(block, BLOCK_TARGET) + column);
    const row = <u32>load<u8>(product, PRODUCT_TARGET) * TILE_WORDS;
    const down = load<u8>(product, PRODUCT_DOWN);
    const up = load<u8>(product, PRODUCT_UP);
    const sum = scratch + SUM_ROW + row;
    if (once) TileMath.accumulateWide(sum, scratch + HIGH_ROW + row, scratch + PRODUCT_ROW, down, up);
    else TileMath.accumulate(sum, scratch + PRODUCT_ROW, down, up, ACCUMULATOR_LIMIT);
  }
  if (once) {
    for (let row: u32 = 0; row < 3 * TILE_WORDS; row += TILE_WORDS)
      TileMath.joinWide(scratch + SUM_ROW + row, scratch + HIGH_ROW + row, ACCUMULATOR_LIMIT);
  }
  const exists: usize = load<u32>(block, BLOCK_EXISTS);
  if (exists != 0) {
    for (let row: u32 = 0; row < 3 * TILE_WORDS; row += TILE_WORDS)
      TileMath.revert(scratch + SUM_ROW + row, scratch + VALUE_ROW + row, FRACTION_BITS, exists + offset);
  }
  const count = min(load<u32>(block, BLOCK_COLUMNS) - column, TILE);
  const first = load<u32>(block, BLOCK_COLUMN_BASE) + column;
  const key = rowKey(chip, block, index);
  if (targets & (1 << TARGET_WEIGHT))
    storeWeights(block, scratch, bytes, first, count, Random.key(key, TARGET_WEIGHT));
  if (targets & (1 << TARGET_DELAY) && delays != 0)
    storeDelays(block, scratch, delays, first, count, Random.key(key, TARGET_DELAY));
  if (targets & (1 << TARGET_TAG) && tags != 0)
    storeTags(scratch, tags, first, count, Random.key(key, TARGET_TAG));
}
