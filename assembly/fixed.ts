// Integer rules of the chip, each in one place, as scalars and as four lanes. Words are the reference's:
// floor0, sat, wrap [HW 0.2].

export class Fixed {
  /** Keeps `bits` bits and a sign, two's complement. */
  @inline static wrap(x: i32, bits: i32): i32 {
    return (x << (31 - bits)) >> (31 - bits);
  }

  /** The same of a 64-bit number. */
  @inline static wrapLong(x: i64, bits: i32): i64 {
    return (x << (63 - bits)) >> (63 - bits);
  }

  @inline static sat(x: i32, low: i32, high: i32): i32 {
    return min(max(x, low), high);
  }

  /**
   * x * keep / 4096, magnitude rounded down, for both signs: a floor would leave -1 stuck for ever. [HW 2.2]
   * x: int24, keep: 4096 minus the effective decay, 0..4096. Exact in 32 bits: the low 12 bits of x are
   * multiplied apart, and a negative x carries 4095 into the shift.
   */
  @inline static decay(x: i32, keep: i32): i32 {
    const carry = <i32>(<u32>(x >> 31) >> 20);
    return (x >> 12) * keep + <i32>(<u32>((x & 4095) * keep + carry) >> 12);
  }
}

export class FixedLanes {
  @inline static wrap(x: v128, bits: i32): v128 {
    return i32x4.shr_s(i32x4.shl(x, 31 - bits), 31 - bits);
  }

  @inline static sat(x: v128, low: v128, high: v128): v128 {
    return i32x4.min_s(i32x4.max_s(x, low), high);
  }

  /** What decay multiplies with, in every lane: keep, and above it what the sign of x is worth. */
  @inline static keep(keep: i32): v128 {
    return i32x4.splat(keep | (-4095 << 16));
  }

  /**
   * The same for four, exact in products of 16 bits: of the upper 16 bits of x and of its lowest 8. Beside the former stands -1
   * if x is negative, beside the latter 255, and 256 * 4095 - 255 * 4095 is the carry.
   */
  @inline static decay(x: v128, keep: v128): v128 {
    const lowest = i8x16.swizzle(x, i8x16(0, -1, 3, -1, 4, -1, 7, -1, 8, -1, 11, -1, 12, -1, 15, -1));
    const low = i32x4.dot_i16x8_s(lowest, keep);
    const high = i32x4.dot_i16x8_s(i32x4.shr_s(x, 8), keep);
    return i32x4.shr_s(i32x4.add(high, i32x4.shr_s(low, 8)), 4);
  }
}
