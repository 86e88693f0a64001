// The range of an energy: over the profiles of a chip and the readings of what a learning epoch visits. [HW 8.1]

import type { EnergyProfile } from '../chip/energy-profile.ts';
import type { Chip } from '../chip/schema.ts';
import type { CounterName, Counts } from '../measure/counters.ts';
import { VISIT_COUNTERS } from '../measure/measure.ts';
import { dynamicEnergy, type Energy, energyByUnit, energyProfile } from './energy.ts';
import { openReadings } from './readings.ts';

/** Dynamic energy of one of `parts` equal parts: the default profile's, and the range over profiles and readings. */
export function energyInterval(chip: Chip, counts: Counts, parts: number): Energy {
  const joules = (profile: EnergyProfile, visits?: CounterName): number =>
    dynamicEnergy(energyByUnit(profile, counts, visits)).value / parts;
  const readings = openReadings(chip.learning.skipEpochWithoutError);
  const all = Object.values(chip.energy.profiles).flatMap((profile) =>
    readings.map((reading) => joules(profile, VISIT_COUNTERS[reading])),
  );
  const value = joules(energyProfile(chip, chip.energy.defaultProfile));
  return { value, low: Math.min(value, ...all), high: Math.max(value, ...all) };
}
