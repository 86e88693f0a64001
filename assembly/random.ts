// Counter-based random numbers [design 5]. A number is a pure function of a key and a counter, so results do
// not depend on order, vector width, threads or on where a population was placed, and work that has nothing
// to do can be skipped exactly. The chip's own generators are not public (U1).

export class Random {
  /** Bijective mix of 32 bits (the finalizer of MurmurHash3). */
  @inline static mix(value: u32): u32 {
    let x = value;
    x = (x ^ (x >> 16)) * 0x85ebca6b;
    x = (x ^ (x >> 13)) * 0xc2b2ae35;
    return x ^ (x >> 16);
  }

  /** Derives a key for one more coordinate (seed, stream, projection, step, row, ...). */
  @inline static key(key: u32, coordinate: u32): u32 {
    return Random.mix(key ^ (Random.mix(coordinate + 0x9e3779b9) + (key << 6)));
  }

  /** The word number `counter` of a key's sequence. */
  @inline static word(key: u32, counter: u32): u32 {
    return Random.mix(key + counter * 0x9e3779b9);
  }
}

/** Four lanes of the same functions. */
export class RandomLanes {
  @inline static mix(value: v128): v128 {
    let x = value;
    x = i32x4.mul(v128.xor(x, i32x4.shr_u(x, 16)), i32x4.splat(0x85ebca6b));
    x = i32x4.mul(v128.xor(x, i32x4.shr_u(x, 13)), i32x4.splat(0xc2b2ae35));
    return v128.xor(x, i32x4.shr_u(x, 16));
  }

  /** Words counter, counter + 1, counter + 2, counter + 3 of a key's sequence. */
  @inline static words(key: u32, counter: u32): v128 {
    const counters = i32x4.add(i32x4.splat(counter), i32x4(0, 1, 2, 3));
    return RandomLanes.mix(i32x4.add(i32x4.splat(key), i32x4.mul(counters, i32x4.splat(0x9e3779b9))));
  }
}
