// A short cut of the rule interpreter, with the same bits: products that add one number to the weights of a row
// whose targets fired. The number is worked out once a row and added to the stored bytes, sixteen at a time.

import {
  BLOCK_COLUMN_STRIDE,
  BLOCK_COLUMNS,
  BLOCK_DROPPED_BITS,
  BLOCK_EXISTS,
  BLOCK_GRID_MIN,
  BLOCK_LIVE,
  BLOCK_TARGET,
  BLOCK_WEIGHT_MAX,
  BLOCK_WEIGHT_MIN,
  BLOCK_WEIGHTS,
  CHIP_SEMANTICS,
  CORE_POST_TIME,
  PRODUCT_DOWN,
  PRODUCT_STRIDE,
  PRODUCT_UNIFORM,
  PRODUCT_UP,
  SEMANTICS_SATURATE_ONCE,
  TILE,
} from './layout';
import {
  ACCUMULATOR_LIMIT,
  countChanges,
  evaluateTile,
  Factors,
  FRACTION_BITS,
  firstProduct,
  runCompiled,
} from './microcode';

/** True if all of the products `live` of a block change the same synapses of a row by the same amount. */
export function areUniform(core: usize, block: usize, live: u64): bool {
  if (load<u32>(block, BLOCK_EXISTS) != 0) return false; // the short cut takes all columns for synapses
  const products = firstProduct(core, block);
  for (let rest = live; rest != 0; rest &= rest - 1)
    if (load<u8>(products + <usize>ctz(rest) * PRODUCT_STRIDE, PRODUCT_UNIFORM) == 0) return false;
  return true;
}

/**
 * Adds `steps` to the bytes whose target fired. Returns how many there are; -1, and nothing is changed, if one of
 * them lies outside of low..high.
 */
function addToBytes(bytes: usize, times: usize, count: u32, steps: i32, low: i32, high: i32): i32 {
  let fired: i32 = 0;
  if (ASC_FEATURE_SIMD) {
    const lanes = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    const least = i8x16.splat(<i8>low);
    const most = i8x16.splat(<i8>high);
    let strays = i32x4.splat(0);
    for (let at: u32 = 0; at < count; at += 16) {
      const real = i8x16.lt_s(lanes, i8x16.splat(<i8>min(count - at, 16)));
      const mask = v128.and(real, i8x16.ne(v128.load(times + at), i8x16.splat(0)));
      const stored = v128.load(bytes + at);
      const outside = v128.or(i8x16.lt_u(stored, least), i8x16.gt_u(stored, most));
      strays = v128.or(strays, v128.and(mask, outside));
      fired += popcnt(i8x16.bitmask(mask));
    }
    if (v128.any_true(strays)) return -1;
    if (fired == 0) return 0;
    const add = i8x16.splat(<i8>steps);
    for (let at: u32 = 0; at < count; at += 16) {
      const real = i8x16.lt_s(lanes, i8x16.splat(<i8>min(count - at, 16)));
      const mask = v128.and(real, i8x16.ne(v128.load(times + at), i8x16.splat(0)));
      v128.store(bytes + at, i8x16.add(v128.load(bytes + at), v128.and(mask, add)));
    }
    return fired;
  }
  for (let at: usize = 0; at < count; at++) {
    if (load<u8>(times + at) == 0) continue;
    const stored = <i32>load<u8>(bytes + at);
    if (stored < low || stored > high) return -1;
    fired++;
  }
  for (let at: usize = 0; at < count; at++)
    if (load<u8>(times + at) != 0) store<u8>(bytes + at, <u8>(<i32>load<u8>(bytes + at) + steps));
  return fired;
}

/**
 * What evaluateRow does, for live products that are all PRODUCT_UNIFORM. Tiles with a weight that would meet a
 * limit on the way, and sums that must be rounded, are left to the rule's function or the interpreter.
 */
export function addToRow(chip: usize, core: usize, block: usize, index: u32, axon: u32): void {
  const products = firstProduct(core, block);
  const once = (load<u32>(chip, CHIP_SEMANTICS) & SEMANTICS_SATURATE_ONCE) != 0;
  let sum: i32 = 0;
  let highest: i32 = 0;
  let lowest: i32 = 0;
  let acting: u64 = 0;
  let isSmall = true; // or the sum might not fit 32 bits
  for (let rest = load<u64>(block, BLOCK_LIVE); rest != 0; rest &= rest - 1) {
    const product = products + <usize>ctz(rest) * PRODUCT_STRIDE;
    const scalar = Factors.scalar(core, product, axon);
    if (scalar == 0) continue;
    acting |= rest & (0 - rest);
    const value = (scalar >> load<u8>(product, PRODUCT_DOWN)) << load<u8>(product, PRODUCT_UP);
    if (once && abs(value) > ACCUMULATOR_LIMIT) isSmall = false;
    sum += Factors.sat(value, ACCUMULATOR_LIMIT);
    highest = max(highest, sum);
    lowest = min(lowest, sum);
  }
  if (acting == 0) return;
  const dropped = load<i32>(block, BLOCK_DROPPED_BITS);
  const least = load<i32>(block, BLOCK_GRID_MIN);
  const change = sum >> FRACTION_BITS;
  // Weights that stay within the accumulator after every product and within their range in the end.
  const high = min(
    load<i32>(block, BLOCK_WEIGHT_MAX) - max(change, 0),
    (ACCUMULATOR_LIMIT - highest) >> FRACTION_BITS,
  );
  const low = max(
    load<i32>(block, BLOCK_WEIGHT_MIN) - min(change, 0),
    -((ACCUMULATOR_LIMIT + 1 + lowest) >> FRACTION_BITS),
  );
  const highByte = min((high >> dropped) - least, 255);
  const lowByte = max(-(-low >> dropped) - least, 0);
  const isWhole = (sum & ((1 << (FRACTION_BITS + dropped)) - 1)) == 0;
  const steps = sum >> (FRACTION_BITS + dropped);
  const isShort = isWhole && isSmall && lowByte <= highByte;
  const bytes = <usize>load<u32>(block, BLOCK_WEIGHTS) + <usize>index * load<u32>(block, BLOCK_COLUMN_STRIDE);
  const times = <usize>load<u32>(core, CORE_POST_TIME) + load<u32>(block, BLOCK_TARGET);
  const columns = load<u32>(block, BLOCK_COLUMNS);
  if (!isShort && runCompiled(chip, core, block, index, axon, 0, columns)) return;
  for (let column: u32 = 0; column < columns; column += TILE) {
    const count = min(columns - column, TILE);
    const fired = isShort ? addToBytes(bytes + column, times + column, count, steps, lowByte, highByte) : -1;
    if (fired >= 0) {
      if (steps != 0) countChanges(fired);
    } else if (!runCompiled(chip, core, block, index, axon, column, column + count))
      evaluateTile(chip, core, block, index, axon, column, acting);
  }
}
