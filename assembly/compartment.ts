// Compartments: current, voltage, threshold, reset, refractory period, noise and joins, for one group (the
// compartments of a core that share one profile). [HW 2.2], [HW 2.4], [HW 2.5]
//
// Assumed: noise is one draw per enabled compartment and step, U1. A popped value counts as true for OR, AND
// and PASS when it is positive; a compartment pushes what it stores at the end of the step, U2.

import { Fixed, FixedLanes } from './fixed';
import {
  CHIP_SEMANTICS,
  CHIP_STATE_UNSEEN,
  CHIP_TIME,
  CORE_ACCUMULATORS,
  CORE_NOISE_AT_MEMBRANE,
  CORE_NOISE_EXPONENT,
  CORE_NOISE_LEVELS,
  CORE_NOISE_OFFSET,
  CORE_SLOT_MASK,
  CORE_SLOT_STRIDE,
  CORE_V_MAX,
  CORE_V_MIN,
  GROUP_AT_REST,
  GROUP_AWAKE,
  GROUP_BIAS,
  GROUP_CHILD_A,
  GROUP_CHILD_B,
  GROUP_COUNT,
  GROUP_CURRENT,
  GROUP_FIRST,
  GROUP_INDEX_BASE,
  GROUP_JOIN,
  GROUP_KEEP_U,
  GROUP_KEEP_V,
  GROUP_KERNEL,
  GROUP_NOISE_KEY,
  GROUP_PUSH,
  GROUP_PUSH_KIND,
  GROUP_REFRACT_DELAY,
  GROUP_REFRACTORY,
  GROUP_REST_ACTIVE,
  GROUP_SPIKE_BITS,
  GROUP_THRESHOLD,
  GROUP_THRESHOLD_OP,
  GROUP_TOUCHED,
  GROUP_VOLTAGE,
  JOIN_ADD,
  JOIN_AND,
  JOIN_NONE,
  JOIN_OR,
  JOIN_PASS,
  KERNEL_BARE,
  KERNEL_FLEETING,
  KERNEL_MEMORYLESS,
  KERNEL_WIDE,
  PUSH_CURRENT,
  PUSH_VOLTAGE_BEFORE_RESET,
  SEMANTICS_NOISE_SIGN_BIT,
  SEMANTICS_SPIKE_AT_THRESHOLD,
  THRESHOLD_PASS,
  THRESHOLD_SATURATE,
  THRESHOLD_SPIKE,
} from './layout';
import { Random, RandomLanes } from './random';
import { updateWide, wideActive, wideFired, wideOverflowed } from './wide-compartment';

const CURRENT_BITS: i32 = 23; // + sign [HW 2.1]
const ACCUMULATOR_BITS: i32 = 21; // + sign
/** Bits of a word above those of an accumulator, and the least input, in accumulator units, that is beyond it. */
const INPUT_SPARE: i32 = 31 - ACCUMULATOR_BITS;
const INPUT_HALF: i32 = 1 << (ACCUMULATOR_BITS - 6);

/** What one group update tells the step, besides the spike bits it leaves. */
export let activeCompartments: u32 = 0;
export let firedCompartments: u32 = 0;
export let overflowed: bool = false;
export let noiseDraws: u32 = 0;

/** A draw of the compartment noise: r uniform on -127..127 (or ..128, C19), scaled and truncated. [HW 2.4] */
class Noise {
  @inline static scale(r: i32, offset: i32, exponent: i32): i32 {
    const sum = r + offset;
    if (exponent >= 7) return sum << (exponent - 7);
    const shift = 7 - exponent;
    return sum >= 0 ? sum >> shift : -(-sum >> shift);
  }

  @inline static draw(word: u32, levels: u32): i32 {
    return <i32>(((word & 0xffff) * levels) >> 16) - 127;
  }

  /** Seven bits and a sign bit: 0 is twice as likely as any other value (C19). */
  @inline static drawSigned(word: u32): i32 {
    const size = <i32>((word >> 9) & 127);
    return (word & 256) != 0 ? -size : size;
  }
}

class NoiseLanes {
  @inline static draw(key: u32, index: u32, levels: i32, offset: i32, exponent: i32): v128 {
    const words = v128.and(RandomLanes.words(key, index), i32x4.splat(0xffff));
    const r = i32x4.sub(i32x4.shr_u(i32x4.mul(words, i32x4.splat(levels)), 16), i32x4.splat(127));
    const sum = i32x4.add(r, i32x4.splat(offset));
    if (exponent >= 7) return i32x4.shl(sum, exponent - 7);
    const sign = i32x4.shr_s(sum, 31);
    const size = i32x4.shr_u(i32x4.abs(sum), 7 - exponent);
    return i32x4.sub(v128.xor(size, sign), sign);
  }
}

/** What a group's loop needs that does not change within it. */
class GroupConstants {
  /** 1 if a compartment fires at its threshold already. */
  @inline static atThreshold(chip: usize): i32 {
    return (load<u32>(chip, CHIP_SEMANTICS) & SEMANTICS_SPIKE_AT_THRESHOLD) != 0 ? 1 : 0;
  }

  /** What v has to exceed. */
  @inline static threshold(chip: usize, group: usize): i32 {
    return load<i32>(group, GROUP_THRESHOLD) - GroupConstants.atThreshold(chip);
  }

  @inline static accumulators(chip: usize, core: usize, group: usize): usize {
    const slot = load<u32>(chip, CHIP_TIME) & load<u32>(core, CORE_SLOT_MASK);
    return (
      load<u32>(core, CORE_ACCUMULATORS) +
      slot * load<u32>(core, CORE_SLOT_STRIDE) +
      (load<u32>(group, GROUP_FIRST) << 2)
    );
  }

  @inline static noiseKey(chip: usize, group: usize): u32 {
    const key = load<u32>(group, GROUP_NOISE_KEY);
    return key == 0 ? 0 : Random.key(key, load<u32>(chip, CHIP_TIME));
  }
}

/**
 * Notes whether the next update of a group would change nothing if no input came: because it is `empty`, or
 * because this one, without input, left everything as it was; the same compartments would count as active then.
 */
function noteRest(group: usize, empty: bool, unmoved: bool): void {
  store<u32>(group, empty || unmoved ? 1 : 0, GROUP_AT_REST);
  store<u32>(group, empty ? 0 : activeCompartments, GROUP_REST_ACTIVE);
}

/**
 * The plain meaning of a compartment update, one compartment at a time, with every option. `phased` is a constant
 * at every call: with it a compartment sleeps, and is not updated at all, until its first input. [HW 1.2]
 */
class GroupPlain {
  @inline static update(chip: usize, core: usize, group: usize, phased: bool, tracks: bool): void {
    const count = load<u32>(group, GROUP_COUNT);
    const accumulators = GroupConstants.accumulators(chip, core, group);
    const current: usize = load<u32>(group, GROUP_CURRENT);
    const voltage: usize = load<u32>(group, GROUP_VOLTAGE);
    const biases: usize = load<u32>(group, GROUP_BIAS);
    const refractory: usize = load<u32>(group, GROUP_REFRACTORY);
    const bits: usize = load<u32>(group, GROUP_SPIKE_BITS);
    const keepU = load<i32>(group, GROUP_KEEP_U);
    const keepV = load<i32>(group, GROUP_KEEP_V);
    const atThreshold = GroupConstants.atThreshold(chip);
    const threshold = GroupConstants.threshold(chip, group);
    const operation = load<u32>(group, GROUP_THRESHOLD_OP);
    const join = load<u32>(group, GROUP_JOIN);
    const childA: usize = load<u32>(group, GROUP_CHILD_A);
    const childB: usize = load<u32>(group, GROUP_CHILD_B);
    const push: usize = load<u32>(group, GROUP_PUSH);
    const pushKind = load<u32>(group, GROUP_PUSH_KIND);
    const refractDelay = load<i32>(group, GROUP_REFRACT_DELAY);
    const noiseKey = GroupConstants.noiseKey(chip, group);
    const noiseAtMembrane = load<u32>(core, CORE_NOISE_AT_MEMBRANE) != 0;
    const exponent = load<i32>(core, CORE_NOISE_EXPONENT);
    const offset = load<i32>(core, CORE_NOISE_OFFSET);
    const indexBase = load<u32>(group, GROUP_INDEX_BASE);
    const vMin = load<i32>(core, CORE_V_MIN);
    const vMax = load<i32>(core, CORE_V_MAX);
    const levels = load<u32>(core, CORE_NOISE_LEVELS);
    const signBit = (load<u32>(chip, CHIP_SEMANTICS) & SEMANTICS_NOISE_SIGN_BIT) != 0;
    const awake: usize = load<u32>(group, GROUP_AWAKE);
    let active: u32 = 0;
    let draws: u32 = 0;
    let anyFired: u32 = 0;
    let remains: i32 = 0;
    let moved: i32 = 0;
    let strays: i32 = 0;
    let word: u32 = 0;
    for (let i: u32 = 0; i < count; i++) {
      const at: usize = (<usize>i) << 2;
      const input = load<i32>(accumulators + at);
      store<i32>(accumulators + at, 0);
      if (phased && load<u8>(awake + i) == 0) {
        if (input == 0) {
          if (push != 0) store<i32>(push + at, 0);
          if ((i & 7) == 7 || i + 1 == count) {
            store<u8>(bits + (i >> 3), <u8>word);
            anyFired |= word;
            word = 0;
          }
          continue;
        }
        store<u8>(awake + i, 1);
      }
      if (noiseKey != 0) draws++;
      const u0 = load<i32>(current + at);
      const v0 = load<i32>(voltage + at);
      const bias = load<i32>(biases + at);
      const left = load<i32>(refractory + at);
      const noise =
        noiseKey == 0
          ? 0
          : Noise.scale(
              signBit
                ? Noise.drawSigned(Random.word(noiseKey, indexBase + i))
                : Noise.draw(Random.word(noiseKey, indexBase + i), levels),
              offset,
              exponent,
            );

      const arriving = (input << 6) + (noiseAtMembrane ? 0 : noise);
      const q = Fixed.wrap(arriving, ACCUMULATOR_BITS);
      const wide = Fixed.decay(u0, keepU) + q;
      const u = Fixed.wrap(wide, CURRENT_BITS);
      const sum = u + bias + (noiseAtMembrane ? noise : 0);
      let t = Fixed.wrap(sum, CURRENT_BITS);
      // Input of more than 26 bits is beyond the words, too.
      strays |= (arriving ^ q) | (input ^ ((input << 6) >> 6)) | (wide ^ u) | (sum ^ t);

      let popped: i32 = 0;
      let gate = true; // AND: the children allow a spike
      let forced = false; // OR: a child asks for one
      if (join != JOIN_NONE) {
        const a = load<i32>(childA + at);
        const b = childB == 0 ? 0 : load<i32>(childB + at);
        popped = a | b;
        if (join == JOIN_ADD) {
          const joined = t + a + b;
          t = Fixed.wrap(joined, CURRENT_BITS);
          strays |= joined ^ t;
        } else if (join == JOIN_PASS) t = a > 0 || b > 0 ? t : 0;
        else if (join == JOIN_AND) gate = a > 0 && (childB == 0 || b > 0);
        else if (join == JOIN_OR) forced = left <= 0 && (a > 0 || b > 0);
      }

      let v = Fixed.sat(Fixed.decay(v0, keepV) + t, vMin, vMax);
      if (left > 0) v = 0;
      const above = v > threshold;
      const reached = v;
      let fired = false;
      let restarted = left;
      if (operation == THRESHOLD_SPIKE) {
        fired = (above && gate) || forced;
        if (fired) {
          v = 0;
          restarted = refractDelay;
        }
      } else if (operation == THRESHOLD_SATURATE && above) v = threshold + atThreshold;
      if (push != 0) {
        const beforeReset = fired && pushKind == PUSH_VOLTAGE_BEFORE_RESET;
        let value = pushKind == PUSH_CURRENT ? u : beforeReset ? reached : v;
        if (operation == THRESHOLD_PASS && !above) value = 0;
        store<i32>(push + at, value);
      }
      store<i32>(current + at, u);
      store<i32>(voltage + at, v);
      const wait = max(restarted - 1, 0);
      store<i32>(refractory + at, wait);
      if ((input | u0 | v0 | bias | popped) != 0 || noiseKey != 0) active++;
      remains |= u | v | bias | wait;
      moved |= (u ^ u0) | (v ^ v0) | left | input;
      if (fired) word |= 1 << (i & 7);
      if ((i & 7) == 7 || i + 1 == count) {
        store<u8>(bits + (i >> 3), <u8>word);
        anyFired |= word;
        word = 0;
      }
    }
    activeCompartments = active;
    firedCompartments = anyFired;
    overflowed = strays != 0;
    noiseDraws = draws;
    const mayRest = tracks && noiseKey == 0 && join == JOIN_NONE && threshold >= 0;
    noteRest(group, mayRest && remains == 0, mayRest && (moved | strays | anyFired) == 0);
  }
}

/**
 * The fast form of GroupPlain for compartments that spike, at a threshold of 0 or more, and push nothing but their stored v: four
 * at a time. The last five arguments are constants at every call. `joins`: with the ADD join; `isNoisy`: with the noise,
 * that of the membrane only beside a bias; `hasMemory`: u keeps some of itself, or there are refractory steps; `hasBias`: some
 * bias is not 0; `tracks`: there is no input, and whether the group comes to rest is noted.
 */
class GroupLanes {
  @inline static update(
    chip: usize,
    core: usize,
    group: usize,
    joins: bool,
    isNoisy: bool,
    hasMemory: bool,
    hasBias: bool,
    tracks: bool,
  ): void {
    const count = load<u32>(group, GROUP_COUNT);
    const accumulators = GroupConstants.accumulators(chip, core, group);
    const current: usize = load<u32>(group, GROUP_CURRENT);
    const voltage: usize = load<u32>(group, GROUP_VOLTAGE);
    const biases: usize = load<u32>(group, GROUP_BIAS);
    const refractory: usize = load<u32>(group, GROUP_REFRACTORY);
    const bits: usize = load<u32>(group, GROUP_SPIKE_BITS);
    const keepU = FixedLanes.keep(load<i32>(group, GROUP_KEEP_U));
    const keepV = FixedLanes.keep(load<i32>(group, GROUP_KEEP_V));
    const threshold = i32x4.splat(GroupConstants.threshold(chip, group));
    const vMin = i32x4.splat(load<i32>(core, CORE_V_MIN));
    const vMax = i32x4.splat(load<i32>(core, CORE_V_MAX));
    const restart = i32x4.splat(max(load<i32>(group, GROUP_REFRACT_DELAY) - 1, 0));
    let childA: usize = 0;
    let childB: usize = 0;
    if (joins) {
      childA = load<u32>(group, GROUP_CHILD_A);
      childB = load<u32>(group, GROUP_CHILD_B);
    }
    const noiseKey: u32 = isNoisy ? GroupConstants.noiseKey(chip, group) : 0;
    const noiseAtMembrane = isNoisy && hasBias && load<u32>(core, CORE_NOISE_AT_MEMBRANE) != 0;
    const exponent = isNoisy ? load<i32>(core, CORE_NOISE_EXPONENT) : 0;
    const offset = isNoisy ? load<i32>(core, CORE_NOISE_OFFSET) : 0;
    const levels = isNoisy ? load<i32>(core, CORE_NOISE_LEVELS) : 0;
    const indexBase: u32 = isNoisy ? load<u32>(group, GROUP_INDEX_BASE) : 0;
    const zero = i32x4.splat(0);
    let idle = zero;
    let anyFired: u32 = 0;
    let word: u32 = 0;
    let strays = zero;
    let reach = zero;
    let remains = zero;
    let moved = zero;
    const end: usize = ((<usize>count + 7) & ~7) << 2;
    let at: usize = 0;
    // Tested at its end: V8 takes what does not change out of a loop only where every turn passes.
    do {
      const u0 = v128.load(current + at);
      const v0 = v128.load(voltage + at);
      let rest = v128.or(u0, v0);
      let q = zero;
      let atMembrane = zero;
      if (!tracks) {
        const input = v128.load(accumulators + at);
        v128.store(accumulators + at, zero);
        rest = v128.or(rest, input);
        if (isNoisy) {
          let arriving = i32x4.shl(input, 6);
          if (noiseKey != 0) {
            const first = <i32>(at >> 2);
            const index = i32x4.add(i32x4.splat(first), i32x4(0, 1, 2, 3));
            // Padding stays 0: a parent would count what it pops, and a wrap there is nobody's.
            const noise = v128.and(
              NoiseLanes.draw(noiseKey, indexBase + <u32>first, levels, offset, exponent),
              i32x4.lt_s(index, i32x4.splat(<i32>count)),
            );
            if (noiseAtMembrane) atMembrane = noise;
            else arriving = i32x4.add(arriving, noise);
          }
          q = FixedLanes.wrap(arriving, ACCUMULATOR_BITS);
          const beyond = v128.xor(input, i32x4.shr_s(i32x4.shl(input, 6), 6)); // input of more than 26 bits
          strays = v128.or(strays, v128.or(beyond, v128.xor(arriving, q)));
        } else {
          q = i32x4.shr_s(i32x4.shl(input, INPUT_SPARE + 6), INPUT_SPARE);
          reach = v128.or(reach, i32x4.add(input, i32x4.splat(INPUT_HALF)));
        }
      }
      let u = q;
      if (hasMemory) {
        u = FixedLanes.decay(u0, keepU);
        if (!tracks) {
          const wide = i32x4.add(u, q);
          u = FixedLanes.wrap(wide, CURRENT_BITS);
          strays = v128.or(strays, v128.xor(wide, u));
        }
      }
      v128.store(current + at, u);
      let t = u; // without a bias it is within its bits
      if (hasBias) {
        const b = v128.load(biases + at);
        rest = v128.or(rest, b);
        if (tracks) remains = v128.or(remains, b);
        let sum = i32x4.add(u, b);
        if (isNoisy) sum = i32x4.add(sum, atMembrane);
        t = FixedLanes.wrap(sum, CURRENT_BITS);
        strays = v128.or(strays, v128.xor(sum, t));
      }
      if (joins && childA != 0) {
        const a = v128.load(childA + at);
        const second = childB == 0 ? zero : v128.load(childB + at);
        rest = v128.or(rest, v128.or(a, second));
        const joined = i32x4.add(t, i32x4.add(a, second));
        t = FixedLanes.wrap(joined, CURRENT_BITS);
        strays = v128.or(strays, v128.xor(joined, t));
      }
      idle = i32x4.add(idle, i32x4.eq(rest, zero));
      let v = FixedLanes.sat(i32x4.add(FixedLanes.decay(v0, keepV), t), vMin, vMax);
      let left = zero;
      let waits = zero;
      if (hasMemory) {
        left = v128.load(refractory + at);
        waits = i32x4.gt_s(left, zero);
        v = v128.andnot(v, waits);
      }
      const fired = i32x4.gt_s(v, threshold);
      v = v128.andnot(v, fired);
      v128.store(voltage + at, v);
      if (tracks) {
        remains = v128.or(remains, v128.or(u, v));
        moved = v128.or(moved, v128.or(v128.xor(u, u0), v128.xor(v, v0)));
      }
      if (hasMemory) {
        // One step less where some are left; what fires had none.
        const wait = v128.or(i32x4.add(left, waits), v128.and(fired, restart));
        v128.store(refractory + at, wait);
        if (tracks) {
          remains = v128.or(remains, wait);
          moved = v128.or(moved, left);
        }
      }
      const fires: u32 = i32x4.bitmask(fired);
      anyFired |= fires;
      word = (word >> 4) | (fires << 4);
      store<u8>(bits + (at >> 5), <u8>word); // the second four of a byte complete it
      at += 16;
    } while (at < end);
    const halves = i32x4.add(idle, v128.shuffle<i32>(idle, idle, 2, 3, 0, 1));
    const sum = i32x4.extract_lane(halves, 0) + i32x4.extract_lane(halves, 1);
    activeCompartments = isNoisy && noiseKey != 0 ? count : <u32>(end >> 2) + <u32>sum; // padding is idle
    noiseDraws = isNoisy && noiseKey != 0 ? count : 0;
    firedCompartments = anyFired;
    overflowed = v128.any_true(v128.or(strays, i32x4.shr_u(reach, 32 - INPUT_SPARE - 6)));
    const unmoved = tracks && anyFired == 0 && !v128.any_true(v128.or(moved, strays));
    noteRest(group, tracks && !v128.any_true(remains), unmoved);
  }
}

function updateGeneral(chip: usize, core: usize, group: usize, tracks: bool): void {
  GroupPlain.update(chip, core, group, false, tracks);
}

function updatePhased(chip: usize, core: usize, group: usize, tracks: bool): void {
  GroupPlain.update(chip, core, group, true, tracks);
}

function updateExtendedLanes(chip: usize, core: usize, group: usize): void {
  GroupLanes.update(chip, core, group, true, true, true, true, false);
}

function updateJoinedLanes(chip: usize, core: usize, group: usize): void {
  GroupLanes.update(chip, core, group, true, false, false, true, false);
}

function updateNoisyLanes(chip: usize, core: usize, group: usize): void {
  GroupLanes.update(chip, core, group, false, true, false, false, false);
}

function updateLanes(chip: usize, core: usize, group: usize): void {
  GroupLanes.update(chip, core, group, false, false, true, true, false);
}

function updateTrackedLanes(chip: usize, core: usize, group: usize): void {
  GroupLanes.update(chip, core, group, false, false, true, true, true);
}

function updateMemorylessLanes(chip: usize, core: usize, group: usize): void {
  GroupLanes.update(chip, core, group, false, false, false, true, false);
}

function updateTrackedMemorylessLanes(chip: usize, core: usize, group: usize): void {
  GroupLanes.update(chip, core, group, false, false, false, true, true);
}

function updateBareLanes(chip: usize, core: usize, group: usize): void {
  GroupLanes.update(chip, core, group, false, false, false, false, false);
}

function updateTrackedBareLanes(chip: usize, core: usize, group: usize): void {
  GroupLanes.update(chip, core, group, false, false, false, false, true);
}

/** The lanes of a group without noise and join, by what its kernel says it lacks. */
function updatePlainLanes(chip: usize, core: usize, group: usize, kernel: u32, tracks: bool): void {
  if (kernel == KERNEL_BARE) {
    if (tracks) updateTrackedBareLanes(chip, core, group);
    else updateBareLanes(chip, core, group);
  } else if (kernel == KERNEL_MEMORYLESS) {
    if (tracks) updateTrackedMemorylessLanes(chip, core, group);
    else updateMemorylessLanes(chip, core, group);
  } else if (tracks) updateTrackedLanes(chip, core, group);
  else updateLanes(chip, core, group);
}

/** The lanes of a group with noise or the ADD join. */
function updateJoinOrNoise(chip: usize, core: usize, group: usize, kernel: u32): void {
  const isNoisy = load<u32>(group, GROUP_NOISE_KEY) != 0;
  const lacksBias = kernel == KERNEL_BARE || kernel == KERNEL_FLEETING;
  const isBare = lacksBias && load<u32>(core, CORE_NOISE_AT_MEMBRANE) == 0;
  if (!isNoisy && (kernel == KERNEL_BARE || kernel == KERNEL_MEMORYLESS))
    updateJoinedLanes(chip, core, group);
  else if (isBare && load<u32>(group, GROUP_JOIN) == JOIN_NONE) updateNoisyLanes(chip, core, group);
  else updateExtendedLanes(chip, core, group);
}

/**
 * One step of one group: takes this step's dendritic accumulators, leaves them 0, updates u, v and the
 * refractory counters, and leaves a spike bit per compartment. Sets the module's result globals.
 */
export function updateGroup(chip: usize, core: usize, group: usize): void {
  const slot = load<u32>(chip, CHIP_TIME) & load<u32>(core, CORE_SLOT_MASK);
  const mark = (<u64>1) << slot;
  const touched = load<u64>(group, GROUP_TOUCHED);
  store<u64>(group, touched & ~mark, GROUP_TOUCHED);
  const kernel = load<u32>(group, GROUP_KERNEL);
  if (kernel == KERNEL_WIDE) {
    updateWide(chip, core, group);
    activeCompartments = wideActive;
    firedCompartments = wideFired;
    overflowed = wideOverflowed;
    noiseDraws = 0; // wide compartments have no noise
    return;
  }
  // Input seldom leaves a group at rest: whether it is gets noted in the first step without.
  const tracks = (touched & mark) == 0;
  if (load<u32>(group, GROUP_AWAKE) != 0) {
    updatePhased(chip, core, group, tracks);
    return;
  }
  const join = load<u32>(group, GROUP_JOIN);
  const operation = load<u32>(group, GROUP_THRESHOLD_OP);
  const push = load<u32>(group, GROUP_PUSH);
  const noise = load<u32>(group, GROUP_NOISE_KEY);
  // A child that pushes v as stored needs no column of its own: its parent reads the voltages (the host
  // sets CHILD to that column and PUSH to 0).
  const signBit = (load<u32>(chip, CHIP_SEMANTICS) & SEMANTICS_NOISE_SIGN_BIT) != 0;
  const spikes = operation == THRESHOLD_SPIKE && GroupConstants.threshold(chip, group) >= 0;
  const simple = spikes && push == 0 && !(signBit && noise != 0);
  if (ASC_FEATURE_SIMD && simple && join == JOIN_NONE && noise == 0)
    updatePlainLanes(chip, core, group, kernel, tracks);
  else if (ASC_FEATURE_SIMD && simple && (join == JOIN_NONE || join == JOIN_ADD))
    updateJoinOrNoise(chip, core, group, kernel);
  else updateGeneral(chip, core, group, tracks);
}

function hasInput(chip: usize, core: usize, group: usize): bool {
  const slot = load<u32>(chip, CHIP_TIME) & load<u32>(core, CORE_SLOT_MASK);
  return (load<u64>(group, GROUP_TOUCHED) & ((<u64>1) << slot)) != 0;
}

/**
 * True if an update would change nothing: the group is at rest and there is no input in this step's slot. Skipping
 * it is exact.
 */
export function isQuiet(chip: usize, core: usize, group: usize): bool {
  return load<u32>(group, GROUP_AT_REST) != 0 && !hasInput(chip, core, group);
}

/**
 * True if an update would only put noise into u and v that is over before anybody sees it. The step may leave the group to
 * {@link forget}: nothing fires, and the numbers of later steps do not depend on those that are not drawn.
 */
export function isUnseen(chip: usize, core: usize, group: usize): bool {
  if (load<u32>(group, GROUP_KERNEL) != KERNEL_FLEETING || load<u32>(chip, CHIP_STATE_UNSEEN) == 0)
    return false;
  return !hasInput(chip, core, group);
}

/** The next step finds as much of v as of what was not drawn: nothing. */
export function forget(group: usize): void {
  memory.fill(load<u32>(group, GROUP_VOLTAGE), 0, load<u32>(group, GROUP_COUNT) << 2);
}
