// The energy section of a report: values, ranges and percentiles by unit, phase, part and core, and what is unknown.

import type { Coefficient } from '../chip/field.ts';
import type { Chip } from '../chip/schema.ts';
import { DRAWS } from '../energy/distribution.ts';
import {
  dynamicEnergy,
  ENERGY_UNITS,
  energyByPhase,
  energyByUnit,
  energyProfile,
  notModelled,
  powerEnergy,
} from '../energy/energy.ts';
import { energyInterval } from '../energy/interval.ts';
import { openReadings } from '../energy/readings.ts';
import {
  type Choices,
  choiceWorlds,
  EnergyWorlds,
  type Percentiles,
  percentiles,
  powerWorlds,
  tornado,
} from '../energy/uncertainty.ts';
import { unknownsOf } from '../energy/unknowns.ts';
import type { VisitReading } from '../image/image.ts';
import type { CounterName, Counts } from '../measure/counters.ts';
import { type Measurement, measureCores, total, totalTimeS, VISIT_COUNTERS } from '../measure/measure.ts';
import { SAMPLE_PARTS, type SamplePart } from '../recipes/recipe.ts';
import type { CoefficientRow, EnergyUncertainty, Report, VisitRow } from '../report/report.ts';
import type { ChipWork } from './run-report.ts';

/** Readings of what a learning epoch is charged for, in words. [HW 8.1] */
const READINGS: readonly { readonly visits: VisitReading; readonly reading: string }[] = [
  { visits: 'allPlastic', reading: 'every plastic synapse, every epoch' },
  { visits: 'activeAxons', reading: 'synapses of axons that spiked, every epoch' },
  { visits: 'allPlasticWithError', reading: 'every plastic synapse, epochs with an error' },
  { visits: 'activeAxonsWithError', reading: 'synapses of axons that spiked, epochs with an error' },
];

/** An object with a value for each name. */
function named<Name extends string, Value>(
  names: readonly Name[],
  value: (name: Name) => Value,
): Record<Name, Value> {
  return Object.fromEntries(names.map((name) => [name, value(name)])) as Record<Name, Value>;
}

function coefficientRows(chip: Chip): CoefficientRow[] {
  return Object.entries(chip.energy.profiles).flatMap(([profile, { coefficients }]) =>
    Object.entries(coefficients).flatMap(([name, coefficient]) =>
      coefficient === null ? [] : [{ profile, name, ...coefficient }],
    ),
  );
}

function visitRows(chip: Chip, counts: Counts, cores: readonly Counts[], samples: number): VisitRow[] {
  const profile = energyProfile(chip, chip.energy.defaultProfile);
  return READINGS.map(({ visits, reading }) => {
    const counter = VISIT_COUNTERS[visits];
    const byUnit = energyByUnit(profile, counts, counter);
    const busiest = Math.max(...cores.map((core) => Number(core[counter])));
    return {
      reading,
      visitsPerTrainingSample: Number(counts[counter]) / samples,
      learningPerTrainingSampleJ: byUnit.learning.value / samples,
      perTrainingSampleJ: dynamicEnergy(byUnit).value / samples,
      byProfileJ: Object.fromEntries(
        Object.entries(chip.energy.profiles).map(([name, other]) => [
          name,
          dynamicEnergy(energyByUnit(other, counts, counter)).value / samples,
        ]),
      ),
      learningTimePerTrainingSampleS: (busiest * chip.timing.learningVisit) / samples,
    };
  });
}

/** Phases of a measurement that are a part of a sample. */
function phasesOf(
  part: SamplePart,
  { phases }: Measurement,
  phaseParts: Readonly<Record<string, SamplePart>>,
) {
  return phases.flatMap((name, p) => {
    const of = phaseParts[name];
    if (of === undefined) throw new Error(`the recipe does not say what phase "${name}" is a part of`);
    return of === part ? [p] : [];
  });
}

/** A power over the time of the run, on all of its chips. */
function powered(power: Coefficient | null, name: string, chips: number, seconds: number | null) {
  const energy = seconds === null ? null : powerEnergy(power, chips, seconds);
  const worlds = seconds === null || power === null ? null : powerWorlds(name, power, seconds * chips);
  return { joules: energy?.value ?? null, drawn: worlds === null ? null : percentiles(worlds) };
}

function choicesOf(chip: Chip): Choices {
  return {
    profiles: Object.fromEntries(
      Object.entries(chip.energy.profiles).map(([name, { coefficients }]) => [name, coefficients]),
    ),
    readings: named(openReadings(chip.learning.skipEpochWithoutError), (reading) => VISIT_COUNTERS[reading]),
  };
}

/** Everything that a report says about energy. */
export function energyReport(work: ChipWork, training: Measurement): Report['energy'] {
  const { plan, compiled, machine, presented, test, phaseParts } = work;
  const { chip } = plan.chip;
  const counts = total(training);
  const testCounts = total(test.measurement);
  const cores = measureCores(machine);
  const profile = energyProfile(chip, chip.energy.defaultProfile);
  const byUnit = energyByUnit(profile, counts);
  const byPhase = energyByPhase(profile, training);
  const partPhases = named(SAMPLE_PARTS, (part) => phasesOf(part, training, phaseParts));
  const overheadS = presented * chip.timing.sampleOverhead;
  const seconds = plan.timing === 'functional' ? null : totalTimeS(training) + overheadS;
  const statics = powered(chip.energy.staticPower, 'staticPower', compiled.chips, seconds);
  const embedded = powered(chip.energy.embeddedPower, 'embeddedPower', compiled.chips, seconds);
  const io = powered(chip.energy.ioPower, 'ioPower', compiled.chips, seconds);

  const visits: CounterName = 'synapseVisits';
  const worlds = new EnergyWorlds(profile.coefficients);
  const choices = choicesOf(chip);
  const drawn = (of: Counts, parts: number): Percentiles => percentiles(worlds.dynamic(of, visits, parts));
  const phaseCounts = (phases: readonly number[]): Counts =>
    total({
      ...training,
      counts: phases.map((p) => training.counts[p]!),
    });
  const uncertainty: EnergyUncertainty = {
    draws: DRAWS,
    perTrainingSampleJ: drawn(counts, presented),
    perTrainingSampleAnyChoiceJ: percentiles(choiceWorlds(choices, counts, presented)),
    perTestSampleJ: drawn(testCounts, test.count),
    byUnitJ: named(ENERGY_UNITS, (unit) => percentiles(worlds.dynamic(counts, visits, presented, [unit]))),
    byPhaseJ: Object.fromEntries(
      training.phases.map((name, p) => [name, drawn(training.counts[p]!, presented)]),
    ),
    byPartJ: named(SAMPLE_PARTS, (part) => drawn(phaseCounts(partPhases[part]), presented)),
    dynamicJ: drawn(counts, 1),
    staticJ: statics.drawn,
    embeddedJ: embedded.drawn,
    ioJ: io.drawn,
    tornado: tornado(choices, chip.energy.defaultProfile, visits, counts, presented),
  };
  return {
    perTrainingSampleJ: energyInterval(chip, counts, presented),
    perTestSampleJ: energyInterval(chip, testCounts, test.count),
    byUnitJ: named(ENERGY_UNITS, (unit) => byUnit[unit].value / presented),
    byPhaseJ: Object.fromEntries(
      Object.entries(byPhase).map(([name, { value }]) => [name, value / presented]),
    ),
    byPartJ: named(
      SAMPLE_PARTS,
      (part) => dynamicEnergy(energyByUnit(profile, phaseCounts(partPhases[part]))).value / presented,
    ),
    byCoreJ: compiled.cores.map(({ core, coreClass }) => ({
      core,
      coreClass,
      perTrainingSampleJ: dynamicEnergy(energyByUnit(profile, cores[core]!)).value / presented,
    })),
    dynamicJ: dynamicEnergy(byUnit).value,
    staticJ: statics.joules,
    embeddedJ: embedded.joules,
    ioJ: io.joules,
    staticPowerW: chip.energy.staticPower,
    embeddedPowerW: chip.energy.embeddedPower,
    ioPowerW: chip.energy.ioPower,
    unknowns: unknownsOf(chip),
    uncertainty,
    profile: chip.energy.defaultProfile,
    learningVisits: compiled.image.visits,
    byProfileJ: Object.fromEntries(
      Object.entries(chip.energy.profiles).map(([name, other]) => [
        name,
        dynamicEnergy(energyByUnit(other, counts)).value / presented,
      ]),
    ),
    byVisits: visitRows(chip, counts, cores, presented),
    notModelled: Object.fromEntries(
      Object.entries(chip.energy.profiles).map(([name, other]) => [name, notModelled(other, counts)]),
    ),
    coefficients: coefficientRows(chip),
  };
}
