// Arithmetic of neuron programs over one strip of compartments. Each instruction has one meaning and two
// forms, four lanes and one word; the loops are generated per instruction, never a switch per compartment.
//
// An operand is a column, one word per compartment (step mask -1), or four equal words (step mask 0).

import {
  OPCODE_ABS,
  OPCODE_ADD,
  OPCODE_AND,
  OPCODE_CLIP,
  OPCODE_CLZ,
  OPCODE_EQ,
  OPCODE_GT,
  OPCODE_LE,
  OPCODE_LT,
  OPCODE_MAX,
  OPCODE_MIN,
  OPCODE_MOV,
  OPCODE_MUL,
  OPCODE_MULZ,
  OPCODE_NE,
  OPCODE_NEG,
  OPCODE_NOT,
  OPCODE_OR,
  OPCODE_SGN,
  OPCODE_SHL,
  OPCODE_SHR,
  OPCODE_SUB,
  OPCODE_XOR,
} from './layout';

/** One compartment. `operation` is a constant at every call. */
class Word {
  @inline static unary(operation: u32, x: i32): i32 {
    if (operation == OPCODE_MOV) return x;
    if (operation == OPCODE_NOT) return ~x;
    if (operation == OPCODE_NEG) return -x;
    if (operation == OPCODE_ABS) return x < 0 ? -x : x;
    if (operation == OPCODE_SGN) return (x > 0 ? 1 : 0) - (x < 0 ? 1 : 0);
    return clz(x);
  }

  @inline static binary(operation: u32, x: i32, y: i32): i32 {
    if (operation == OPCODE_ADD) return x + y;
    if (operation == OPCODE_SUB) return x - y;
    if (operation == OPCODE_AND) return x & y;
    if (operation == OPCODE_OR) return x | y;
    if (operation == OPCODE_XOR) return x ^ y;
    if (operation == OPCODE_MIN) return x < y ? x : y;
    if (operation == OPCODE_MAX) return x > y ? x : y;
    if (operation == OPCODE_EQ) return x == y ? 1 : 0;
    if (operation == OPCODE_NE) return x != y ? 1 : 0;
    if (operation == OPCODE_LT) return x < y ? 1 : 0;
    if (operation == OPCODE_LE) return x <= y ? 1 : 0;
    if (operation == OPCODE_GT) return x > y ? 1 : 0;
    return x >= y ? 1 : 0;
  }

  /** Shifts use the low five bits of their distance. */
  @inline static shift(operation: u32, x: i32, by: i32): i32 {
    if (operation == OPCODE_SHL) return x << by;
    if (operation == OPCODE_SHR) return x >> by;
    return <i32>((<i64>x + ((<i64>x >> 63) & Word.ones(by & 31))) >> (by & 31));
  }

  /** The product has 64 bits before it is shifted, by the low six bits of the distance, and cut to 32. */
  @inline static multiply(operation: u32, x: i32, y: i32, by: i32): i32 {
    const down = by & 63;
    if (operation == OPCODE_MUL) return <i32>((<i64>x * <i64>y) >> down);
    if (operation == OPCODE_MULZ) {
      const product = <i64>x * <i64>y;
      return <i32>((product + ((product >> 63) & Word.ones(down))) >> down);
    }
    const sign = <i64>x >> 63;
    const size = (<i64>x ^ sign) - sign;
    const part = (size * <i64>y) >> down;
    return <i32>((part ^ sign) - sign);
  }

  /** What makes a shift of a negative number round toward zero. */
  @inline static ones(by: i32): i64 {
    return ((<i64>1) << by) - 1;
  }

  @inline static ternary(operation: u32, x: i32, y: i32, z: i32): i32 {
    if (operation == OPCODE_CLIP) return min(max(x, y), z);
    return x != 0 ? y : z;
  }
}

/** Four compartments. */
class Lanes {
  @inline static unary(operation: u32, x: v128): v128 {
    if (operation == OPCODE_MOV) return x;
    if (operation == OPCODE_NOT) return v128.not(x);
    if (operation == OPCODE_NEG) return i32x4.neg(x);
    if (operation == OPCODE_ABS) return i32x4.abs(x);
    return v128.or(i32x4.shr_s(x, 31), i32x4.shr_u(i32x4.neg(x), 31));
  }

  @inline static binary(operation: u32, x: v128, y: v128): v128 {
    if (operation == OPCODE_ADD) return i32x4.add(x, y);
    if (operation == OPCODE_SUB) return i32x4.sub(x, y);
    if (operation == OPCODE_AND) return v128.and(x, y);
    if (operation == OPCODE_OR) return v128.or(x, y);
    if (operation == OPCODE_XOR) return v128.xor(x, y);
    if (operation == OPCODE_MIN) return i32x4.min_s(x, y);
    if (operation == OPCODE_MAX) return i32x4.max_s(x, y);
    if (operation == OPCODE_EQ) return i32x4.shr_u(i32x4.eq(x, y), 31);
    if (operation == OPCODE_NE) return i32x4.shr_u(i32x4.ne(x, y), 31);
    if (operation == OPCODE_LT) return i32x4.shr_u(i32x4.lt_s(x, y), 31);
    if (operation == OPCODE_LE) return i32x4.shr_u(i32x4.le_s(x, y), 31);
    if (operation == OPCODE_GT) return i32x4.shr_u(i32x4.gt_s(x, y), 31);
    return i32x4.shr_u(i32x4.ge_s(x, y), 31);
  }

  @inline static shift(operation: u32, x: v128, by: i32): v128 {
    if (operation == OPCODE_SHL) return i32x4.shl(x, by);
    if (operation == OPCODE_SHR) return i32x4.shr_s(x, by);
    // A negative x plus 2^by - 1 cannot leave 32 bits: x is at most -1.
    const ones = i32x4.splat(<i32>Word.ones(by & 31));
    return i32x4.shr_s(i32x4.add(x, v128.and(i32x4.shr_s(x, 31), ones)), by);
  }

  @inline static multiply(operation: u32, x: v128, y: v128, by: i32): v128 {
    if (operation == OPCODE_MUL || operation == OPCODE_MULZ) {
      const low = Lanes.down(operation, i64x2.extmul_low_i32x4_s(x, y), by);
      const high = Lanes.down(operation, i64x2.extmul_high_i32x4_s(x, y), by);
      return v128.shuffle<i32>(low, high, 0, 2, 4, 6);
    }
    // |x| is unsigned (it can be 2^31), y signed: |x| · y = |x| · (y as unsigned) - |x| · 2^32 where y < 0.
    const sign = i32x4.shr_s(x, 31);
    const size = i32x4.abs(x);
    const excess = v128.and(size, i32x4.shr_s(y, 31));
    const none = i32x4.splat(0);
    const low = i64x2.sub(i64x2.extmul_low_i32x4_u(size, y), v128.shuffle<i32>(none, excess, 0, 4, 1, 5));
    const high = i64x2.sub(i64x2.extmul_high_i32x4_u(size, y), v128.shuffle<i32>(none, excess, 2, 6, 3, 7));
    const part = v128.shuffle<i32>(i64x2.shr_s(low, by), i64x2.shr_s(high, by), 0, 2, 4, 6);
    return i32x4.sub(v128.xor(part, sign), sign);
  }

  @inline static down(operation: u32, product: v128, by: i32): v128 {
    if (operation == OPCODE_MUL) return i64x2.shr_s(product, by);
    const ones = i64x2.splat(Word.ones(by & 63));
    return i64x2.shr_s(i64x2.add(product, v128.and(i64x2.shr_s(product, 63), ones)), by);
  }

  @inline static ternary(operation: u32, x: v128, y: v128, z: v128): v128 {
    if (operation == OPCODE_CLIP) return i32x4.min_s(i32x4.max_s(x, y), z);
    return v128.bitselect(y, z, i32x4.ne(x, i32x4.splat(0)));
  }
}

/** The loops: `bytes` is 4 per compartment, rounded up to whole lanes; d may be one of the sources. */
export class Strip {
  @inline static unary(operation: u32, d: usize, a: usize, aStep: usize, bytes: usize): void {
    if (ASC_FEATURE_SIMD && operation != OPCODE_CLZ) {
      for (let at: usize = 0; at < bytes; at += 16)
        v128.store(d + at, Lanes.unary(operation, v128.load(a + (at & aStep))));
    } else {
      for (let at: usize = 0; at < bytes; at += 4)
        store<i32>(d + at, Word.unary(operation, load<i32>(a + (at & aStep))));
    }
  }

  @inline static binary(
    operation: u32,
    d: usize,
    a: usize,
    aStep: usize,
    b: usize,
    bStep: usize,
    bytes: usize,
  ): void {
    if (ASC_FEATURE_SIMD) {
      for (let at: usize = 0; at < bytes; at += 16) {
        const x = v128.load(a + (at & aStep));
        const y = v128.load(b + (at & bStep));
        v128.store(d + at, Lanes.binary(operation, x, y));
      }
    } else {
      for (let at: usize = 0; at < bytes; at += 4) {
        const x = load<i32>(a + (at & aStep));
        const y = load<i32>(b + (at & bStep));
        store<i32>(d + at, Word.binary(operation, x, y));
      }
    }
  }

  /** Lanes shift by one distance at a time; distances that differ by compartment go word by word. */
  @inline static shift(
    operation: u32,
    d: usize,
    a: usize,
    aStep: usize,
    b: usize,
    bStep: usize,
    bytes: usize,
  ): void {
    if (ASC_FEATURE_SIMD && bStep == 0) {
      const by = load<i32>(b);
      for (let at: usize = 0; at < bytes; at += 16)
        v128.store(d + at, Lanes.shift(operation, v128.load(a + (at & aStep)), by));
    } else {
      for (let at: usize = 0; at < bytes; at += 4) {
        const x = load<i32>(a + (at & aStep));
        store<i32>(d + at, Word.shift(operation, x, load<i32>(b + (at & bStep))));
      }
    }
  }

  @inline static multiply(
    operation: u32,
    d: usize,
    a: usize,
    aStep: usize,
    b: usize,
    bStep: usize,
    c: usize,
    cStep: usize,
    bytes: usize,
  ): void {
    if (ASC_FEATURE_SIMD && cStep == 0) {
      const by = load<i32>(c);
      for (let at: usize = 0; at < bytes; at += 16) {
        const x = v128.load(a + (at & aStep));
        const y = v128.load(b + (at & bStep));
        v128.store(d + at, Lanes.multiply(operation, x, y, by));
      }
    } else {
      for (let at: usize = 0; at < bytes; at += 4) {
        const x = load<i32>(a + (at & aStep));
        const y = load<i32>(b + (at & bStep));
        store<i32>(d + at, Word.multiply(operation, x, y, load<i32>(c + (at & cStep))));
      }
    }
  }

  @inline static ternary(
    operation: u32,
    d: usize,
    a: usize,
    aStep: usize,
    b: usize,
    bStep: usize,
    c: usize,
    cStep: usize,
    bytes: usize,
  ): void {
    if (ASC_FEATURE_SIMD) {
      for (let at: usize = 0; at < bytes; at += 16) {
        const x = v128.load(a + (at & aStep));
        const y = v128.load(b + (at & bStep));
        v128.store(d + at, Lanes.ternary(operation, x, y, v128.load(c + (at & cStep))));
      }
    } else {
      for (let at: usize = 0; at < bytes; at += 4) {
        const x = load<i32>(a + (at & aStep));
        const y = load<i32>(b + (at & bStep));
        store<i32>(d + at, Word.ternary(operation, x, y, load<i32>(c + (at & cStep))));
      }
    }
  }

  /** d = table[a mod length], a floored modulus: the element before the first is the last. */
  static look(d: usize, a: usize, aStep: usize, table: usize, length: i32, bytes: usize): void {
    for (let at: usize = 0; at < bytes; at += 4) {
      let index = load<i32>(a + (at & aStep)) % length;
      if (index < 0) index += length;
      store<i32>(d + at, load<i32>(table + ((<usize>index) << 2)));
    }
  }

  /**
   * d = the low `width` bits of result, sign-extended, where mask is set. Returns what any of these values
   * lost: 0 if all fitted.
   */
  static commit(d: usize, result: usize, mask: usize, width: i32, bytes: usize): i32 {
    const spare = 32 - width;
    if (ASC_FEATURE_SIMD) {
      let lost = i32x4.splat(0);
      for (let at: usize = 0; at < bytes; at += 16) {
        const wide = v128.load(result + at);
        const kept = i32x4.shr_s(i32x4.shl(wide, spare), spare);
        const where = v128.load(mask + at);
        lost = v128.or(lost, v128.and(v128.xor(wide, kept), where));
        v128.store(d + at, v128.bitselect(kept, v128.load(d + at), where));
      }
      return v128.any_true(lost) ? 1 : 0;
    }
    let lost: i32 = 0;
    for (let at: usize = 0; at < bytes; at += 4) {
      if (load<i32>(mask + at) == 0) continue;
      const wide = load<i32>(result + at);
      const kept = (wide << spare) >> spare;
      lost |= wide ^ kept;
      store<i32>(d + at, kept);
    }
    return lost != 0 ? 1 : 0;
  }

  /** mask = outer where a is not 0. Returns the compartments that it has. */
  static select(mask: usize, outer: usize, a: usize, aStep: usize, bytes: usize): u32 {
    let live: u32 = 0;
    for (let at: usize = 0; at < bytes; at += 16) {
      if (ASC_FEATURE_SIMD) {
        const set = i32x4.ne(v128.load(a + (at & aStep)), i32x4.splat(0));
        live += Strip.put(mask + at, v128.and(set, v128.load(outer + at)));
      } else {
        for (let k: usize = at; k < at + 16; k += 4) {
          const set = load<i32>(a + (k & aStep)) != 0 ? load<i32>(outer + k) : 0;
          store<i32>(mask + k, set);
          live -= set;
        }
      }
    }
    return live;
  }

  /** mask = outer without mask. Returns the compartments that it has. */
  static invert(mask: usize, outer: usize, bytes: usize): u32 {
    let live: u32 = 0;
    for (let at: usize = 0; at < bytes; at += 16) {
      if (ASC_FEATURE_SIMD)
        live += Strip.put(mask + at, v128.andnot(v128.load(outer + at), v128.load(mask + at)));
      else {
        for (let k: usize = at; k < at + 16; k += 4) {
          const set = load<i32>(outer + k) & ~load<i32>(mask + k);
          store<i32>(mask + k, set);
          live -= set;
        }
      }
    }
    return live;
  }

  /** Stores four lanes of a mask; returns how many are set. */
  @inline static put(place: usize, lanes: v128): u32 {
    v128.store(place, lanes);
    return popcnt(i32x4.bitmask(lanes));
  }

  /** Compartments of a mask. */
  static count(mask: usize, bytes: usize): u32 {
    let live: u32 = 0;
    for (let at: usize = 0; at < bytes; at += 16) {
      if (ASC_FEATURE_SIMD) live += popcnt(i32x4.bitmask(v128.load(mask + at)));
      else for (let k: usize = at; k < at + 16; k += 4) live -= load<i32>(mask + k);
    }
    return live;
  }

  /** One bit per compartment of a mask. Returns whether there is any. */
  static pack(bits: usize, mask: usize, bytes: usize): u32 {
    let any: u32 = 0;
    for (let at: usize = 0; at < bytes; at += 32) {
      // The last byte may stand for four compartments; the row goes on with others, which do not count.
      const more = at + 16 < bytes;
      let byte: u32 = 0;
      if (ASC_FEATURE_SIMD) {
        byte = i32x4.bitmask(v128.load(mask + at));
        if (more) byte |= i32x4.bitmask(v128.load(mask + at + 16)) << 4;
      } else {
        const lanes: u32 = more ? 8 : 4;
        for (let lane: u32 = 0; lane < lanes; lane++)
          if (load<i32>(mask + at + (lane << 2)) != 0) byte |= 1 << lane;
      }
      store<u8>(bits + (at >> 5), <u8>byte);
      any |= byte;
    }
    return any;
  }
}
