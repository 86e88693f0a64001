// The update of one compartment, line by line as in the reference. [HW 2.2], [HW 2.5]
//
// Assumed (U2): ADD adds what was popped to what goes to the membrane; PASS lets that through, AND allows a spike
// and OR forces one outside of the refractory period, if all (AND) or any (OR, PASS) of what was popped is positive.

import type { ChipImage, CoreImage, GroupImage } from '../image/image.ts';
import { sat, shiftMagnitude, wrap } from './arithmetic.ts';

const CURRENT_BITS = 23;
const VOLTAGE_INPUT_BITS = 23;
const ACCUMULATOR_BITS = 21;
const DECAY_BITS = 12;
/** Currents count in units of 1/64 of a weight. [HW 3.2] */
const WEIGHT_SHIFT = 6n;

/** Registers of a compartment. */
export interface Compartment {
  u: bigint;
  v: bigint;
  /** Steps of the refractory period that are left. */
  refractory: number;
  /** Whether it fired in the last step. */
  spiked: boolean;
  /** What its spikes carry; of a compartment that sends values, what it sent in the last step. */
  payload: bigint;
  /** What its parent pops in this step. */
  pushed: bigint;
  /** Phase INACTIVE: it has never had synaptic input. [HW 1.2] */
  inactive: boolean;
}

/** What reaches a compartment in one step. */
export interface CompartmentInput {
  /** Sum of the weights that are due, in units of 64. */
  readonly weights: bigint;
  readonly noise: bigint;
  readonly bias: number;
  /** What its children pushed. */
  readonly popped: readonly bigint[];
}

/** What an update tells the counters. */
export interface UpdateReport {
  readonly active: boolean;
  readonly wrapped: boolean;
  readonly saturated: boolean;
}

export function restingCompartment(inactive: boolean): Compartment {
  return { u: 0n, v: 0n, refractory: 0, spiked: false, payload: 1n, pushed: 0n, inactive };
}

/** sgn(x) · (|x| · (4096 - effDecay) >> 12) */
function decay(x: bigint, effectiveDecay: number): bigint {
  return shiftMagnitude(x * (4096n - BigInt(effectiveDecay)), -DECAY_BITS);
}

export function updateCompartment(
  semantics: ChipImage['semantics'],
  core: CoreImage,
  group: GroupImage,
  state: Compartment,
  { weights, noise, bias, popped }: CompartmentInput,
): UpdateReport {
  const before = { ...state };
  const threshold = BigInt(group.threshold);
  const anyPositive = popped.some((value) => value > 0n);
  const allPositive = popped.every((value) => value > 0n);
  let wrapped = false;
  const kept = (x: bigint, bits: number): bigint => {
    const result = wrap(x, bits);
    if (result !== x) wrapped = true;
    return result;
  };

  const q = kept(
    (weights << WEIGHT_SHIFT) + (core.noise.target === 'dendrite' ? noise : 0n),
    ACCUMULATOR_BITS,
  );
  state.u = kept(decay(state.u, group.effectiveDecayU) + q, CURRENT_BITS);
  let t = kept(state.u + BigInt(bias) + (core.noise.target === 'membrane' ? noise : 0n), VOLTAGE_INPUT_BITS);
  if (group.join === 'add')
    t = kept(
      popped.reduce((sum, value) => sum + value, t),
      VOLTAGE_INPUT_BITS,
    );
  if (group.join === 'pass' && !anyPositive) t = 0n;

  const unlimited = decay(state.v, group.effectiveDecayV) + t;
  state.v = sat(unlimited, BigInt(core.vMin), BigInt(core.vMax));
  const saturated = state.v !== unlimited;
  if (state.refractory > 0) state.v = 0n;

  const crossed = semantics.spikeTest === 'ge' ? state.v >= threshold : state.v > threshold;
  const reached = state.v;
  state.spiked = false;
  if (group.thresholdOp === 'spike') {
    const forced = group.join === 'or' && anyPositive && state.refractory === 0;
    const allowed = group.join !== 'and' || allPositive;
    state.spiked = (crossed && allowed) || forced;
    if (state.spiked) {
      state.v = 0n;
      state.refractory = group.refractory;
    }
  } else if (group.thresholdOp === 'saturate' && crossed) state.v = threshold;
  state.refractory = Math.max(state.refractory - 1, 0);

  if (group.push === 'u') state.pushed = state.u;
  else state.pushed = state.spiked && semantics.joinPush === 'beforeReset' ? reached : state.v;
  if (group.thresholdOp === 'pass' && !crossed) state.pushed = 0n;

  const evaluated = weights !== 0n || before.u !== 0n || before.v !== 0n || popped.some((p) => p !== 0n);
  return { active: evaluated || bias !== 0 || group.noise, wrapped, saturated };
}
