// A tile of 64 columns as i32 words in scratch memory: the vector arithmetic of the rule interpreter. Each
// function has one meaning and two forms, lanes and plain.

import { TILE } from './layout';

const BYTES: usize = TILE << 2;

export class TileMath {
  /** tile[j] = value */
  static fill(tile: usize, value: i32): void {
    for (let at: usize = 0; at < BYTES; at += 16) {
      if (ASC_FEATURE_SIMD) v128.store(tile + at, i32x4.splat(value));
      else for (let k: usize = 0; k < 16; k += 4) store<i32>(tile + at + k, value);
    }
  }

  /** tile[j] = (bytes[j] + offset) << shift, bytes unsigned */
  static loadBytes(tile: usize, bytes: usize, offset: i32, shift: i32): void {
    for (let at: usize = 0; at < BYTES; at += 16) {
      const from = bytes + (at >> 2);
      if (ASC_FEATURE_SIMD) {
        const wide = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(from)));
        v128.store(tile + at, i32x4.shl(i32x4.add(wide, i32x4.splat(offset)), shift));
      } else {
        for (let k: usize = 0; k < 4; k++)
          store<i32>(tile + at + (k << 2), (<i32>load<u8>(from + k) + offset) << shift);
      }
    }
  }

  /** tile[j] = halves[j], signed 16 bits */
  static loadHalves(tile: usize, halves: usize): void {
    for (let at: usize = 0; at < BYTES; at += 16) {
      const from = halves + (at >> 1);
      if (ASC_FEATURE_SIMD) v128.store(tile + at, v128.load_ext<i16>(from));
      else for (let k: usize = 0; k < 4; k++) store<i32>(tile + at + (k << 2), load<i16>(from + (k << 1)));
    }
  }

  /** tile[j] = from[j] << shift */
  static shiftLeft(tile: usize, from: usize, shift: i32): void {
    for (let at: usize = 0; at < BYTES; at += 16) {
      if (ASC_FEATURE_SIMD) v128.store(tile + at, i32x4.shl(v128.load(from + at), shift));
      else
        for (let k: usize = 0; k < 16; k += 4) store<i32>(tile + at + k, load<i32>(from + at + k) << shift);
    }
  }

  /** tile[j] *= sat(bytes[j] + constant, low, high), bytes unsigned */
  static multiplyBytes(tile: usize, bytes: usize, constant: i32, low: i32, high: i32): void {
    for (let at: usize = 0; at < BYTES; at += 16) {
      const from = bytes + (at >> 2);
      if (ASC_FEATURE_SIMD) {
        const wide = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(from)));
        const factor = i32x4.min_s(
          i32x4.max_s(i32x4.add(wide, i32x4.splat(constant)), i32x4.splat(low)),
          i32x4.splat(high),
        );
        v128.store(tile + at, i32x4.mul(v128.load(tile + at), factor));
      } else {
        for (let k: usize = 0; k < 4; k++) {
          const factor = min(max(<i32>load<u8>(from + k) + constant, low), high);
          store<i32>(tile + at + (k << 2), load<i32>(tile + at + (k << 2)) * factor);
        }
      }
    }
  }

  /** tile[j] *= sat(words[j] + constant, low, high) */
  static multiplyWords(tile: usize, words: usize, constant: i32, low: i32, high: i32): void {
    for (let at: usize = 0; at < BYTES; at += 16) {
      if (ASC_FEATURE_SIMD) {
        const factor = i32x4.min_s(
          i32x4.max_s(i32x4.add(v128.load(words + at), i32x4.splat(constant)), i32x4.splat(low)),
          i32x4.splat(high),
        );
        v128.store(tile + at, i32x4.mul(v128.load(tile + at), factor));
      } else {
        for (let k: usize = at; k < at + 16; k += 4) {
          const factor = min(max(load<i32>(words + k) + constant, low), high);
          store<i32>(tile + k, load<i32>(tile + k) * factor);
        }
      }
    }
  }

  /** tile[j] *= sgn(words[j] + constant) */
  static multiplySigns(tile: usize, words: usize, constant: i32): void {
    for (let at: usize = 0; at < BYTES; at += 16) {
      if (ASC_FEATURE_SIMD) {
        const x = i32x4.add(v128.load(words + at), i32x4.splat(constant));
        const sign = v128.or(i32x4.shr_s(x, 31), v128.and(i32x4.gt_s(x, i32x4.splat(0)), i32x4.splat(1)));
        v128.store(tile + at, i32x4.mul(v128.load(tile + at), sign));
      } else {
        for (let k: usize = at; k < at + 16; k += 4) {
          const x = load<i32>(words + k) + constant;
          store<i32>(tile + k, load<i32>(tile + k) * (x > 0 ? 1 : x < 0 ? -1 : 0));
        }
      }
    }
  }

  /** tile[j] = 0 where bytes[j] == 0 */
  static mask(tile: usize, bytes: usize): void {
    for (let at: usize = 0; at < BYTES; at += 16) {
      const from = bytes + (at >> 2);
      if (ASC_FEATURE_SIMD) {
        const wide = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(from)));
        v128.store(tile + at, v128.and(v128.load(tile + at), i32x4.ne(wide, i32x4.splat(0))));
      } else {
        for (let k: usize = 0; k < 4; k++) if (load<u8>(from + k) == 0) store<i32>(tile + at + (k << 2), 0);
      }
    }
  }

  /** tile[j] = from[j] << shift where bytes[j] == 0 */
  static revert(tile: usize, from: usize, shift: i32, bytes: usize): void {
    for (let j: usize = 0; j < TILE; j++)
      if (load<u8>(bytes + j) == 0) store<i32>(tile + (j << 2), load<i32>(from + (j << 2)) << shift);
  }

  /** sum[j] = sat(sum[j] + sat((tile[j] >> down) << up)), both to -limit - 1 .. limit */
  static accumulate(sum: usize, tile: usize, down: i32, up: i32, limit: i32): void {
    for (let at: usize = 0; at < BYTES; at += 16) {
      if (ASC_FEATURE_SIMD) {
        const least = i32x4.splat(-limit - 1);
        const most = i32x4.splat(limit);
        const p = i32x4.shl(i32x4.shr_s(v128.load(tile + at), down), up);
        const kept = i32x4.min_s(i32x4.max_s(p, least), most);
        const added = i32x4.add(v128.load(sum + at), kept);
        v128.store(sum + at, i32x4.min_s(i32x4.max_s(added, least), most));
      } else {
        for (let k: usize = at; k < at + 16; k += 4) {
          const kept = min(max((load<i32>(tile + k) >> down) << up, -limit - 1), limit);
          store<i32>(sum + k, min(max(load<i32>(sum + k) + kept, -limit - 1), limit));
        }
      }
    }
  }

  /**
   * The same without saturation: low[j] gains the lower 16 bits of the product and high[j] the upper ones, so that
   * 32 products of 32 bits do not overflow.
   */
  static accumulateWide(low: usize, high: usize, tile: usize, down: i32, up: i32): void {
    for (let at: usize = 0; at < BYTES; at += 16) {
      if (ASC_FEATURE_SIMD) {
        const p = i32x4.shl(i32x4.shr_s(v128.load(tile + at), down), up);
        v128.store(low + at, i32x4.add(v128.load(low + at), v128.and(p, i32x4.splat(0xffff))));
        v128.store(high + at, i32x4.add(v128.load(high + at), i32x4.shr_s(p, 16)));
      } else {
        for (let k: usize = at; k < at + 16; k += 4) {
          const p = (load<i32>(tile + k) >> down) << up;
          store<i32>(low + k, load<i32>(low + k) + (p & 0xffff));
          store<i32>(high + k, load<i32>(high + k) + (p >> 16));
        }
      }
    }
  }

  /** low[j] = sat(low[j] + high[j] · 2^16), to -limit - 1 .. limit < 2^15 */
  static joinWide(low: usize, high: usize, limit: i32): void {
    for (let k: usize = 0; k < BYTES; k += 4) {
      const rest = load<i32>(low + k);
      // Beyond -1 and 0 the sum is out of range whatever the lower bits are.
      const carried = min(max(load<i32>(high + k) + (rest >> 16), -2), 1);
      const sum = (carried << 16) | (rest & 0xffff);
      store<i32>(low + k, min(max(sum, -limit - 1), limit));
    }
  }
}
