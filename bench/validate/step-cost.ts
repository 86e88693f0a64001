// What one step of a network costs: exact or expected counts, and the time by formula.

import type { Chip } from '../../host/chip/schema.ts';
import { dynamicEnergy, energyByUnit, energyProfile } from '../../host/energy/energy.ts';
import { COUNTER_NAMES, type CounterName, type Counts } from '../../host/measure/counters.ts';
import type { Span } from './span.ts';

export interface StepCost {
  /** Of all `steps` together. */
  readonly counts: Counts;
  readonly steps: number;
  /** Of the chip alone, mean over the steps. */
  readonly stepS: number;
  readonly cores: number;
  readonly compartments: number;
}

/** Counts of which only some are not 0. */
export function countsOf(values: Partial<Record<CounterName, number>>): Counts {
  return Object.fromEntries(COUNTER_NAMES.map((name) => [name, BigInt(values[name] ?? 0)])) as Record<
    CounterName,
    bigint
  >;
}

/** Dynamic energy of the cores per step, over profiles and readings of the learning visits; intervals of coefficients count. */
export function stepEnergy(chip: Chip, { counts, steps }: StepCost): Span {
  const value = dynamicEnergy(energyByUnit(energyProfile(chip, chip.energy.defaultProfile), counts)).value;
  const readings = ['synapseVisitsAllPlastic', 'synapseVisitsActiveAxons'] as const;
  const all = Object.values(chip.energy.profiles).flatMap((profile) =>
    readings.map((visits) => dynamicEnergy(energyByUnit(profile, counts, visits))),
  );
  const low = Math.min(value, ...all.map((energy) => energy.low));
  const high = Math.max(value, ...all.map((energy) => energy.high));
  return { value: value / steps, low: low / steps, high: high / steps };
}

/** Costs of one network at the low, the middle and the high activity. */
export interface ActivityCosts {
  readonly low: StepCost;
  readonly value: StepCost;
  readonly high: StepCost;
}

/** Energy per step over activities, profiles and coefficients. */
export function energyOver(chip: Chip, costs: ActivityCosts): Span {
  return {
    value: stepEnergy(chip, costs.value).value,
    low: stepEnergy(chip, costs.low).low,
    high: stepEnergy(chip, costs.high).high,
  };
}

/** Time per step of the chip alone, over activities. */
export function timeOver(costs: ActivityCosts): Span {
  return { value: costs.value.stepS, low: costs.low.stepS, high: costs.high.stepS };
}
