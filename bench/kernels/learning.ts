// dw = 3*2^-7*u0*x1*y1 - 2^-6*u0*x2*y2 written by hand for one row: mixed weights of 8 bits, an even first column,
// whole groups of 16 columns. The same bits as the rule.

import { Random } from '../../assembly/random';

/** As in bench/kernels/core.ts. */
const RESET_EPOCHS: u32 = 32;
const GOLDEN: u32 = 0x9e3779b9;

class Lanes {
  @inline static words(counter: v128): v128 {
    let x = counter;
    x = i32x4.mul(v128.xor(x, i32x4.shr_u(x, 16)), i32x4.splat(0x85ebca6b));
    x = i32x4.mul(v128.xor(x, i32x4.shr_u(x, 13)), i32x4.splat(0xc2b2ae35));
    return v128.xor(x, i32x4.shr_u(x, 16));
  }

  /** The accumulator in 1/128: both products rounded down, one after the other. 3 x1 y1 fits 16 bits unsigned. */
  @inline static sum(begin: v128, y1: v128, y2: v128, s1: v128, s2: v128): v128 {
    const first = i16x8.shr_u(i16x8.mul(y1, s1), 2);
    const second = i16x8.shr_s(i16x8.mul(y2, s2), 1);
    return i16x8.add_sat_s(i16x8.add_sat_s(begin, first), second);
  }

  /** What is added before the last 8 bits are dropped. */
  @inline static added(sum: v128, random: v128): v128 {
    return i16x8.shr_u(v128.xor(random, i16x8.gt_s(sum, i16x8.splat(-1))), 8);
  }

  @inline static sumOf(counts: v128): u32 {
    const pairs = i32x4.extadd_pairwise_i16x8_s(counts);
    return (
      i32x4.extract_lane(pairs, 0) +
      i32x4.extract_lane(pairs, 1) +
      i32x4.extract_lane(pairs, 2) +
      i32x4.extract_lane(pairs, 3)
    );
  }
}

/** Weights changed | weights clipped << 16. `key`: of the row and target. */
function learnRow(weights: usize, columns: u32, y1: usize, y2: usize, x1: i32, x2: i32, key: u32): u32 {
  const s1 = i16x8.splat(<i16>(3 * x1));
  const s2 = i16x8.splat(<i16>-x2);
  const offset = i8x16.splat(-128);
  const zero = i8x16.splat(0);
  let counter = i32x4.add(i32x4.splat(key), i32x4.mul(i32x4(0, 1, 2, 3), i32x4.splat(GOLDEN)));
  let kept: u32 = 0;
  let clipped = i16x8.splat(0);
  for (let at: usize = 0; at < columns; at += 16) {
    const before = v128.load(weights + at);
    const a = v128.load(y1 + at);
    const b = v128.load(y2 + at);
    const centred = v128.xor(before, offset);
    const low = Lanes.sum(
      i8x16.shuffle(zero, centred, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23),
      i16x8.extend_low_i8x16_u(a),
      i16x8.extend_low_i8x16_u(b),
      s1,
      s2,
    );
    const high = Lanes.sum(
      i8x16.shuffle(zero, centred, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31),
      i16x8.extend_high_i8x16_u(a),
      i16x8.extend_high_i8x16_u(b),
      s1,
      s2,
    );
    const lowAdded = Lanes.added(low, Lanes.words(counter));
    const highAdded = Lanes.added(high, Lanes.words(i32x4.add(counter, i32x4.splat(4 * GOLDEN))));
    clipped = i16x8.sub(clipped, i16x8.gt_s(low, i16x8.add(low, lowAdded)));
    clipped = i16x8.sub(clipped, i16x8.gt_s(high, i16x8.add(high, highAdded)));
    const steps = i8x16.narrow_i16x8_s(
      i16x8.shr_s(i16x8.add_sat_s(low, lowAdded), 8),
      i16x8.shr_s(i16x8.add_sat_s(high, highAdded), 8),
    );
    const after = v128.xor(steps, offset);
    v128.store(weights + at, after);
    kept += popcnt(i8x16.bitmask(i8x16.eq(after, before)));
    counter = i32x4.add(counter, i32x4.splat(8 * GOLDEN));
  }
  return (columns - kept) | (Lanes.sumOf(clipped) << 16);
}

/** So many epochs from `epoch` on. `traces`: u8 [row][2] x1, x2; `start`: the weights to begin with. */
export function repeatLearn(
  key: u32,
  epoch: u32,
  rows: u32,
  columns: u32,
  y1: usize,
  y2: usize,
  traces: usize,
  weights: usize,
  start: usize,
  turns: u32,
): void {
  for (let i: u32 = 0; i < turns; i++) {
    const time = epoch + i;
    if (time % RESET_EPOCHS == 0) memory.copy(weights, start, rows * columns);
    const epochKey = Random.key(key, time + 1);
    for (let row: u32 = 0; row < rows; row++) {
      const x1 = load<u8>(traces + (row << 1));
      const x2 = load<u8>(traces + (row << 1), 1);
      const rowKey = Random.key(Random.key(epochKey, row), 0);
      const counts = learnRow(weights + row * columns, columns, y1, y2, x1, x2, rowKey);
      changed += counts & 0xffff;
      clipped += counts >> 16;
    }
  }
}

let changed: u32 = 0;
let clipped: u32 = 0;

/** Weights changed so far. */
export function changedSoFar(): u32 {
  return changed;
}

/** Weights clipped so far. */
export function clippedSoFar(): u32 {
  return clipped;
}
