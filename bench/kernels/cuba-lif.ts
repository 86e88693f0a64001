// The library's program `cuba-lif` written by hand for groups of whole eights with a bias of their own: the same state,
// spike bits, payloads, overflows and number of instructions. What cannot leave its width is not cut to it: v within
// its limits, the wait of at most 127 steps.

class Lanes {
  /** Toward zero, exact in 32 bits for x of 24 and a keep of 13. */
  @inline static decay(x: v128, keep: v128): v128 {
    const carry = i32x4.shr_u(i32x4.shr_s(x, 31), 20);
    const low = i32x4.add(i32x4.mul(v128.and(x, i32x4.splat(4095)), keep), carry);
    return i32x4.add(i32x4.mul(i32x4.shr_s(x, 12), keep), i32x4.shr_u(low, 12));
  }

  @inline static wrap(x: v128, spare: i32): v128 {
    return i32x4.shr_s(i32x4.shl(x, spare), spare);
  }
}

/** Instructions that every compartment executes, and those of one that spikes. */
const COMMON: u32 = 15;
const SPIKING: u32 = 3;

let executed: u64 = 0;
let overflows: u64 = 0;

/** `state`: u, v and wait, columns of `columnBytes`. Four compartments a turn of the inner loop. */
export function repeatUpdate(
  count: u32,
  accumulators: usize,
  state: usize,
  columnBytes: usize,
  biases: usize,
  payloads: usize,
  bits: usize,
  keepU: i32,
  keepV: i32,
  threshold: i32,
  refractory: i32,
  vMin: i32,
  vMax: i32,
  turns: u32,
): void {
  const voltages = state + columnBytes;
  const waits = voltages + columnBytes;
  const zero = i32x4.splat(0);
  const one = i32x4.splat(1);
  const bytes: usize = count << 2;
  for (let turn: u32 = 0; turn < turns; turn++) {
    let lost = zero;
    let spikes = zero;
    let word: u32 = 0;
    for (let at: usize = 0; at < bytes; at += 16) {
      const input = Lanes.wrap(i32x4.shl(v128.load(accumulators + at), 6), 10);
      v128.store(accumulators + at, zero);
      const wide = i32x4.add(Lanes.decay(v128.load(state + at), i32x4.splat(keepU)), input);
      const u = Lanes.wrap(wide, 8);
      lost = v128.or(lost, v128.xor(wide, u));
      const t = Lanes.wrap(i32x4.add(u, v128.load(biases + at)), 8);
      const sum = i32x4.add(Lanes.decay(v128.load(voltages + at), i32x4.splat(keepV)), t);
      const limited = i32x4.min_s(i32x4.max_s(sum, i32x4.splat(vMin)), i32x4.splat(vMax));
      const wait = v128.load(waits + at);
      const reached = v128.andnot(limited, i32x4.gt_s(wait, zero));
      const fired = i32x4.gt_s(reached, i32x4.splat(threshold));
      v128.store(state + at, u);
      v128.store(voltages + at, v128.andnot(reached, fired));
      const restarted = v128.bitselect(i32x4.splat(refractory), wait, fired);
      v128.store(waits + at, i32x4.max_s(i32x4.sub(restarted, one), zero));
      v128.store(payloads + at, v128.and(fired, one));
      spikes = i32x4.sub(spikes, fired);
      const fires: u32 = i32x4.bitmask(fired);
      if (at & 16) store<u8>(bits + (at >> 5), <u8>(word | (fires << 4)));
      else word = fires;
    }
    const pairs = i64x2.add(i64x2.extend_low_i32x4_u(spikes), i64x2.extend_high_i32x4_u(spikes));
    const fired = i64x2.extract_lane(pairs, 0) + i64x2.extract_lane(pairs, 1);
    executed += <u64>(COMMON * count) + <u64>SPIKING * fired;
    if (v128.any_true(lost)) overflows++;
  }
}

/** Instructions so far, and updates that overflowed << 48. */
export function countsSoFar(): u64 {
  return executed | (overflows << 48);
}
