// Compartments with the arithmetic of other public models: the update of [HW 2.2], with what each option changes.
// One of them sends a value, 1 or in a ternary compartment -1.
//
// Registers that a model leaves unlimited have 32 bits here as in every executor of the image.

import type { ChipImage, WideGroupImage } from '../image/image.ts';
import { sat, shiftMagnitude, wrap } from './arithmetic.ts';
import type { Compartment, UpdateReport } from './compartment.ts';

const CURRENT_BITS = 23;
const INPUT_BITS = 21;
const REGISTER_BITS = 31;
const DECAY_BITS = 12;
const INPUT_SHIFT = 6;

/** x · (4096 - δ) / 4096 toward zero, also where δ exceeds 4096 and turns the sign. */
function decay(x: bigint, effectiveDecay: number): bigint {
  return shiftMagnitude(x * (4096n - BigInt(effectiveDecay)), -DECAY_BITS);
}

/** Lava's overflow: 2^24 off above 2^23, then 2^24 on at -2^23 and below, once each. (C3) */
function fold(x: bigint): bigint {
  const half = 2n ** BigInt(CURRENT_BITS);
  const lowered = x > half ? x - 2n * half : x;
  return lowered <= -half ? lowered + 2n * half : lowered;
}

function overflowOfCurrent(semantics: ChipImage['semantics'], u: bigint): bigint {
  if (semantics.currentOverflow === 'wrap') return wrap(u, CURRENT_BITS);
  return semantics.currentOverflow === 'foldOnce' ? fold(u) : u;
}

/** What a wide compartment reports besides. */
export interface WideReport extends UpdateReport {
  /** Synaptic input of the step, in units of u. */
  readonly input: bigint;
}

/** Updates compartment `i` of a group with `weights`, what is due in this step in units of the weights. */
export function updateWideCompartment(
  semantics: ChipImage['semantics'],
  wide: WideGroupImage,
  i: number,
  state: Compartment,
  weights: bigint,
  time: number,
): WideReport {
  const bias = BigInt(wide.bias[i]!);
  const threshold = BigInt(wide.threshold[i]!);
  const active = weights !== 0n || state.u !== 0n || state.v !== 0n || bias !== 0n;
  const interval = wide.resetInterval[i]!;
  if (interval !== 0 && time % interval === wide.resetOffset[i]! % interval) {
    state.u = 0n;
    state.v = 0n;
  }

  const arriving = semantics.inputScale === 'shifted' ? weights << BigInt(INPUT_SHIFT) : weights;
  const q = semantics.inputOverflow === 'wrap' ? wrap(arriving, INPUT_BITS) : arriving;
  // Where u decays last, it does so after it was recorded: what is found here has yet to decay, unless it is the
  // value at the start.
  const decays = semantics.currentDecayTime === 'first' || time > 1;
  const sum = (decays ? decay(state.u, wide.effectiveDecayU[i]!) : state.u) + q;
  const u = overflowOfCurrent(semantics, sum);
  const biased = u + bias;
  const t = semantics.biasOverflow === 'wrap' ? wrap(biased, CURRENT_BITS) : biased;

  const before = state.v;
  const unlimited = decay(before, wide.effectiveDecayV[i]!) + t;
  let v =
    semantics.voltageLimits === 'registers'
      ? sat(unlimited, BigInt(wide.vMin[i]!), BigInt(wide.vMax[i]!))
      : unlimited;
  const saturated = v !== unlimited;
  // The register holds the last silent step, or how many are left.
  if (semantics.refractory === 'wholeSteps' && state.refractory >= time) v = before;
  if (semantics.refractory !== 'wholeSteps' && state.refractory > 0) v = 0n;

  const reaches = semantics.spikeTest === 'ge';
  let sent = v > threshold || (reaches && v === threshold) ? 1n : 0n;
  if (wide.thresholdLow !== null && sent === 0n) {
    const low = BigInt(wide.thresholdLow[i]!);
    if (v < low || (reaches && v === low)) sent = -1n;
  }
  if (sent !== 0n) v = 0n;
  const delay = wide.refractory[i]!;
  if (semantics.refractory === 'wholeSteps') {
    if (sent !== 0n) state.refractory = time + delay;
  } else if (semantics.refractory === 'none') state.refractory = 0;
  else state.refractory = Math.max((sent !== 0n ? delay : state.refractory) - 1, 0);

  state.u = wrap(u, REGISTER_BITS);
  state.v = wrap(v, REGISTER_BITS);
  state.spiked = sent !== 0n;
  state.payload = sent;
  const wrapped = q !== arriving || u !== sum || t !== biased;
  return { active, wrapped, saturated, input: wrap(q, REGISTER_BITS) };
}
