// Energy is a pure function of counts and a chip configuration: joules appear here first. [HW 6.5]

import type { EnergyCoefficientName, EnergyProfile } from '../chip/energy-profile.ts';
import type { Coefficient } from '../chip/field.ts';
import type { Chip } from '../chip/schema.ts';
import { UserError } from '../errors.ts';
import type { CounterName, Counts } from '../measure/counters.ts';
import type { Measurement } from '../measure/measure.ts';

/** Units of a core and of the chip that energy is told apart by. */
export const ENERGY_UNITS = [
  'compartment',
  'noise',
  'spikeOut',
  'mesh',
  'inputAxon',
  'synapse',
  'learning',
  'management',
] as const;
export type EnergyUnit = (typeof ENERGY_UNITS)[number];

/** One term of the sum: a counter (or a sum of counters) times a coefficient, charged to a unit. */
interface Term {
  readonly unit: EnergyUnit;
  readonly coefficient: EnergyCoefficientName;
  readonly counters: readonly CounterName[];
}

const TERMS: readonly Term[] = [
  {
    unit: 'compartment',
    coefficient: 'compartmentAccess',
    counters: ['compartmentUpdatesActive', 'compartmentUpdatesInactive'],
  },
  { unit: 'compartment', coefficient: 'compartmentUpdate', counters: ['compartmentUpdatesActive'] },
  { unit: 'compartment', coefficient: 'compartmentActive', counters: ['compartmentUpdatesActive'] },
  { unit: 'compartment', coefficient: 'compartmentInactive', counters: ['compartmentUpdatesInactive'] },
  { unit: 'noise', coefficient: 'randomDraw', counters: ['randomDraws'] },
  { unit: 'spikeOut', coefficient: 'spike', counters: ['spikes'] },
  { unit: 'mesh', coefficient: 'message', counters: ['messages'] },
  { unit: 'mesh', coefficient: 'messageWithinTile', counters: ['messagesWithinTile'] },
  { unit: 'mesh', coefficient: 'hopEastWest', counters: ['meshHopsEastWest'] },
  { unit: 'mesh', coefficient: 'hopNorthSouth', counters: ['meshHopsNorthSouth'] },
  { unit: 'mesh', coefficient: 'interChipHop', counters: ['interChipHops'] },
  { unit: 'inputAxon', coefficient: 'inputAxonEvent', counters: ['inputAxonEvents'] },
  { unit: 'synapse', coefficient: 'synapticOpDense', counters: ['synapticOpsDense'] },
  { unit: 'synapse', coefficient: 'synapticOpSparse', counters: ['synapticOpsSparse'] },
  { unit: 'synapse', coefficient: 'synapticOpConv', counters: ['synapticOpsConv'] },
  { unit: 'learning', coefficient: 'synapseVisit', counters: ['synapseVisits'] },
  { unit: 'learning', coefficient: 'traceUpdate', counters: ['traceUpdates'] },
  { unit: 'management', coefficient: 'managementWrite', counters: ['managementWrites'] },
];

/** Energy in joules with the interval that the coefficients' own intervals give. */
export interface Energy {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Exact counts, or mean ones of a sample. */
export type EventCounts = Readonly<Record<CounterName, bigint | number>>;

/** Events that one coefficient of a profile is charged for. */
export interface Charge {
  readonly unit: EnergyUnit;
  readonly coefficient: EnergyCoefficientName;
  readonly events: number;
}

export type EnergyByUnit = Readonly<Record<EnergyUnit, Energy>>;

const NOTHING: Energy = { value: 0, low: 0, high: 0 };

export function addEnergy(a: Energy, b: Energy): Energy {
  return { value: a.value + b.value, low: a.low + b.low, high: a.high + b.high };
}

export function scaleEnergy({ value, low, high }: Energy, factor: number): Energy {
  return { value: value * factor, low: low * factor, high: high * factor };
}

/**
 * What counted events are charged as, whether a profile has the coefficient or not.
 * @param visits counter that the learning engine is charged for
 */
export function charges(counts: EventCounts, visits: CounterName): Charge[] {
  return TERMS.map(({ unit, coefficient, counters }) => {
    const names = coefficient === 'synapseVisit' ? [visits] : counters;
    return { unit, coefficient, events: names.reduce((sum, name) => sum + Number(counts[name]), 0) };
  });
}

function times(coefficient: Coefficient, count: number): Energy {
  return { value: coefficient.value * count, low: coefficient.low * count, high: coefficient.high * count };
}

/** The profile of a chip by name. */
export function energyProfile(chip: Chip, name: string): EnergyProfile {
  const profile = chip.energy.profiles[name];
  if (profile !== undefined) return profile;
  throw new UserError(
    `chip ${chip.name} has no energy profile "${name}"; it has ${Object.keys(chip.energy.profiles).join(', ')}`,
    {
      code: 'unknown-profile',
      path: 'energy.profiles',
    },
  );
}

/**
 * Dynamic energy of counted events, by unit. Events without a coefficient in the profile add nothing; see
 * {@link notModelled}.
 * @param visits counter that the learning engine is charged for, if not the chip's own reading
 */
export function energyByUnit(
  profile: EnergyProfile,
  counts: EventCounts,
  visits: CounterName = 'synapseVisits',
): EnergyByUnit {
  const byUnit = Object.fromEntries(ENERGY_UNITS.map((unit) => [unit, NOTHING])) as Record<
    EnergyUnit,
    Energy
  >;
  for (const { unit, coefficient, events } of charges(counts, visits)) {
    const joules = profile.coefficients[coefficient];
    if (joules !== null) byUnit[unit] = addEnergy(byUnit[unit], times(joules, events));
  }
  return byUnit;
}

/** Sum over units. */
export function dynamicEnergy(byUnit: EnergyByUnit): Energy {
  return ENERGY_UNITS.reduce((sum, unit) => addEnergy(sum, byUnit[unit]), NOTHING);
}

/** Dynamic energy of each phase of a measurement, by name. */
export function energyByPhase(
  profile: EnergyProfile,
  measurement: Measurement,
  visits?: CounterName,
): Record<string, Energy> {
  return Object.fromEntries(
    measurement.phases.map((name, p) => [
      name,
      dynamicEnergy(energyByUnit(profile, measurement.counts[p]!, visits)),
    ]),
  );
}

/** Events that happened and that the profile has no coefficient for. */
export function notModelled(profile: EnergyProfile, counts: Counts): EnergyCoefficientName[] {
  const alternatives: readonly (readonly EnergyCoefficientName[])[] = [
    ['compartmentAccess', 'compartmentActive'],
    ['compartmentUpdate', 'compartmentActive'],
    ['compartmentInactive', 'compartmentAccess'],
    ['compartmentActive', 'compartmentAccess'],
    ['message', 'messageWithinTile'],
    ['messageWithinTile', 'message'],
  ];
  const modelled = (name: EnergyCoefficientName): boolean => profile.coefficients[name] !== null;
  return TERMS.filter(({ coefficient, counters }) => {
    if (modelled(coefficient) || counters.every((name) => counts[name] === 0n)) return false;
    return !alternatives.some(([name, other]) => name === coefficient && modelled(other!));
  }).map(({ coefficient }) => coefficient);
}

/** Energy that the chips in use take over a time, whatever they do; null if the power is unknown. */
export function powerEnergy(power: Coefficient | null, chips: number, seconds: number): Energy | null {
  return power === null ? null : scaleEnergy(times(power, chips), seconds);
}
