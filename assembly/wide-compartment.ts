// Compartments of a wide group: parameters of their own, and the arithmetic of [HW 2.2] with every option of the
// chip's semantics on which public models differ. One compartment at a time, 64-bit inside; what a chip's own
// compartments do with lanes is in compartment.ts.
//
// A wide compartment sends a value: 1, in a ternary one -1 as well, which the messages carry as payload.

import { Fixed } from './fixed';
import {
  CHIP_SEMANTICS,
  CHIP_TIME,
  CORE_ACCUMULATORS,
  CORE_SLOT_MASK,
  CORE_SLOT_STRIDE,
  GROUP_BIAS,
  GROUP_COUNT,
  GROUP_CURRENT,
  GROUP_FIRST,
  GROUP_INPUT_SHIFT,
  GROUP_INPUTS,
  GROUP_MODEL,
  GROUP_PARAMETER_STRIDE,
  GROUP_PARAMETERS,
  GROUP_PAYLOADS,
  GROUP_REFRACTORY,
  GROUP_SPIKE_BITS,
  GROUP_VOLTAGE,
  MODEL_BIAS_WRAP,
  MODEL_CURRENT_FOLD,
  MODEL_CURRENT_WRAP,
  MODEL_DECAY_LAST,
  MODEL_INPUT_WRAP,
  MODEL_REFRACTORY_NONE,
  MODEL_REFRACTORY_WHOLE,
  MODEL_TERNARY,
  MODEL_VOLTAGE_LIMIT,
  SEMANTICS_SPIKE_AT_THRESHOLD,
  WIDE_KEEP_U,
  WIDE_KEEP_V,
  WIDE_REFRACT_DELAY,
  WIDE_RESET_INTERVAL,
  WIDE_RESET_OFFSET,
  WIDE_THRESHOLD,
  WIDE_THRESHOLD_LOW,
  WIDE_V_MAX,
  WIDE_V_MIN,
} from './layout';

const CURRENT_BITS: i32 = 23; // + sign [HW 2.1]
const INPUT_BITS: i32 = 21; // + sign
const PERIOD: i64 = 1 << 24;
const HALF: i64 = 1 << 23;

/** What one group update tells the step, besides the spike bits it leaves. */
export let wideActive: u32 = 0;
export let wideFired: u32 = 0;
export let wideOverflowed: bool = false;

class Wide {
  @inline static parameter(columns: usize, stride: usize, index: u32, at: usize): i32 {
    return load<i32>(columns + <usize>index * stride + at);
  }

  /** x * keep / 4096 toward zero; a negative keep turns the sign. */
  @inline static decay(x: i64, keep: i64): i64 {
    const product = x * keep;
    return product < 0 ? -(-product >> 12) : product >> 12;
  }

  /** One period off if x is above 2^23 or at most -2^23: once only, so values far outside stay outside. */
  @inline static fold(x: i64): i64 {
    const w = x > HALF ? x - PERIOD : x;
    return w <= -HALF ? x + PERIOD : w;
  }
}

/** One step of a wide group, with the results of compartment.ts. */
export function updateWide(chip: usize, core: usize, group: usize): void {
  const time = load<u32>(chip, CHIP_TIME);
  const count = load<u32>(group, GROUP_COUNT);
  const slot = time & load<u32>(core, CORE_SLOT_MASK);
  const accumulators: usize =
    load<u32>(core, CORE_ACCUMULATORS) +
    slot * load<u32>(core, CORE_SLOT_STRIDE) +
    (load<u32>(group, GROUP_FIRST) << 2);
  const current: usize = load<u32>(group, GROUP_CURRENT);
  const voltage: usize = load<u32>(group, GROUP_VOLTAGE);
  const biases: usize = load<u32>(group, GROUP_BIAS);
  const refractory: usize = load<u32>(group, GROUP_REFRACTORY);
  const payloads: usize = load<u32>(group, GROUP_PAYLOADS);
  const inputs: usize = load<u32>(group, GROUP_INPUTS);
  const bits: usize = load<u32>(group, GROUP_SPIKE_BITS);
  const columns: usize = load<u32>(group, GROUP_PARAMETERS);
  const stride: usize = load<u32>(group, GROUP_PARAMETER_STRIDE);
  const model = load<u32>(group, GROUP_MODEL);
  const shift: i64 = load<u32>(group, GROUP_INPUT_SHIFT);
  const atThreshold = (load<u32>(chip, CHIP_SEMANTICS) & SEMANTICS_SPIKE_AT_THRESHOLD) != 0;
  const decays = (model & MODEL_DECAY_LAST) == 0 || time > 1;
  wideActive = 0;
  wideFired = 0;
  wideOverflowed = false;
  let word: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const at: usize = (<usize>i) << 2;
    const input = load<i32>(accumulators + at);
    store<i32>(accumulators + at, 0);
    let u0: i64 = load<i32>(current + at);
    let v0: i64 = load<i32>(voltage + at);
    const bias: i64 = load<i32>(biases + at);
    const left = load<i32>(refractory + at);
    if ((<i64>input | u0 | v0 | bias) != 0) wideActive++;
    const interval = Wide.parameter(columns, stride, WIDE_RESET_INTERVAL, at);
    if (
      interval != 0 &&
      time % interval == <u32>Wide.parameter(columns, stride, WIDE_RESET_OFFSET, at) % interval
    ) {
      u0 = 0;
      v0 = 0;
    }

    const arriving = (<i64>input) << shift;
    const q = model & MODEL_INPUT_WRAP ? Fixed.wrapLong(arriving, INPUT_BITS) : arriving;
    const kept = decays ? Wide.decay(u0, Wide.parameter(columns, stride, WIDE_KEEP_U, at)) : u0;
    const wide = kept + q;
    let u = wide;
    if (model & MODEL_CURRENT_WRAP) u = Fixed.wrapLong(wide, CURRENT_BITS);
    else if (model & MODEL_CURRENT_FOLD) u = Wide.fold(wide);
    const sum = u + bias;
    const t = model & MODEL_BIAS_WRAP ? Fixed.wrapLong(sum, CURRENT_BITS) : sum;
    if (q != arriving || u != wide || t != sum) wideOverflowed = true;

    let v = Wide.decay(v0, Wide.parameter(columns, stride, WIDE_KEEP_V, at)) + t;
    if (model & MODEL_VOLTAGE_LIMIT) {
      const low: i64 = Wide.parameter(columns, stride, WIDE_V_MIN, at);
      const high: i64 = Wide.parameter(columns, stride, WIDE_V_MAX, at);
      v = v < low ? low : v > high ? high : v;
    }
    if (model & MODEL_REFRACTORY_WHOLE) {
      if (<u32>left >= time) v = v0;
    } else if (left > 0) v = 0;

    const threshold: i64 = Wide.parameter(columns, stride, WIDE_THRESHOLD, at);
    const low: i64 = Wide.parameter(columns, stride, WIDE_THRESHOLD_LOW, at);
    let sent: i32 = v > threshold || (atThreshold && v == threshold) ? 1 : 0;
    if (sent == 0 && model & MODEL_TERNARY && (v < low || (atThreshold && v == low))) sent = -1;
    const delay = Wide.parameter(columns, stride, WIDE_REFRACT_DELAY, at);
    let wait = left;
    if (model & MODEL_REFRACTORY_WHOLE) {
      if (sent != 0) wait = <i32>time + delay;
    } else if (model & MODEL_REFRACTORY_NONE) wait = 0;
    else wait = max((sent != 0 ? delay : left) - 1, 0);
    if (sent != 0) {
      v = 0;
      word |= 1 << (i & 7);
    }
    store<i32>(current + at, <i32>u);
    store<i32>(voltage + at, <i32>v);
    store<i32>(refractory + at, wait);
    store<i32>(payloads + at, sent);
    if (inputs != 0) store<i32>(inputs + at, <i32>q);
    if ((i & 7) == 7 || i + 1 == count) {
      store<u8>(bits + (i >> 3), <u8>word);
      wideFired |= word;
      word = 0;
    }
  }
}
