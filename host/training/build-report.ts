// Puts the report of a finished run together: counts, time, energy, accuracy, mapping, legality.

import type { Coefficient } from '../chip/field.ts';
import type { Chip } from '../chip/schema.ts';
import { type Compiled, utilization } from '../compile/compile.ts';
import {
  dynamicEnergy,
  ENERGY_UNITS,
  type EnergyUnit,
  energyByPhase,
  energyByUnit,
  energyProfile,
  notModelled,
  staticEnergy,
} from '../energy/energy.ts';
import { energyInterval } from '../energy/interval.ts';
import type { VisitReading } from '../image/image.ts';
import { COUNTER_NAMES, type CounterName, type Counts } from '../measure/counters.ts';
import { type Measurement, measure, measureCores, total, totalTimeS } from '../measure/measure.ts';
import type { Cited, CoefficientRow, LatencyRow, Report, VisitRow } from '../report/report.ts';
import type { Evaluation } from './evaluate.ts';
import type { TrainPlan } from './plan.ts';
import type { Trainer, TrainingOutcome } from './trainer.ts';

/** Everything that a report is made from. */
export interface Results {
  readonly plan: TrainPlan;
  readonly compiled: Compiled;
  readonly trainer: Trainer;
  readonly outcome: TrainingOutcome;
  readonly test: Evaluation;
  readonly train: Evaluation;
  readonly alignmentDeg: Readonly<Record<string, number>>;
  readonly receptiveFields: Int16Array;
  readonly versions: Readonly<Record<string, string>>;
  readonly threads: number;
}

/** Readings of what a learning epoch is charged for. [HW 8.1] */
const READINGS: readonly { readonly counter: CounterName; readonly reading: string }[] = [
  { counter: 'synapseVisitsAllPlastic', reading: 'every plastic synapse, every epoch' },
  { counter: 'synapseVisitsActiveAxons', reading: 'synapses of axons that spiked, every epoch' },
  { counter: 'synapseVisitsAllPlasticWithError', reading: 'every plastic synapse, epochs with an error' },
  {
    counter: 'synapseVisitsActiveAxonsWithError',
    reading: 'synapses of axons that spiked, epochs with an error',
  },
];
/** Hidden neurons shown as receptive fields. */
const FIELDS = 64;

function perSample(counts: Counts, samples: number): Record<CounterName, number> {
  return Object.fromEntries(COUNTER_NAMES.map((name) => [name, Number(counts[name]) / samples])) as Record<
    CounterName,
    number
  >;
}

/** Total of a counter of the core on the core where it is largest. */
type Busiest = (counter: CounterName) => number;

function visitRows(chip: Chip, counts: Counts, samples: number, busiest: Busiest): VisitRow[] {
  const profile = energyProfile(chip, chip.energy.defaultProfile);
  return READINGS.map(({ counter, reading }) => {
    const byUnit = energyByUnit(profile, counts, counter);
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
      learningTimePerTrainingSampleS: (busiest(counter) * chip.timing.learningVisit) / samples,
    };
  });
}

function cited({ value, low, high, class: kind, source }: Coefficient): Cited {
  return { value, low, high, class: kind ?? null, source };
}

function coefficientRows(chip: Chip): CoefficientRow[] {
  return Object.entries(chip.energy.profiles).flatMap(([profile, { coefficients }]) =>
    Object.entries(coefficients).flatMap(([name, coefficient]) =>
      coefficient === null ? [] : [{ profile, name, ...cited(coefficient) }],
    ),
  );
}

/** The latencies of the chip file, in its order. */
function latencyRows({ provenance }: TrainPlan['chip']): LatencyRow[] {
  const section = 'timing.';
  return [...provenance].flatMap(([path, { value, low, high, class: kind, source }]) => {
    if (!path.startsWith(section) || typeof value !== 'number') return [];
    const interval = { valueS: value, lowS: low ?? value, highS: high ?? value };
    return [{ name: path.slice(section.length), ...interval, class: kind ?? null, source: source ?? null }];
  });
}

function energySection(
  chip: Chip,
  visits: VisitReading,
  chips: number,
  training: Measurement,
  test: Counts,
  presented: number,
  tested: number,
  seconds: number | null,
  busiest: Busiest,
): Report['energy'] {
  const counts = total(training);
  const profile = energyProfile(chip, chip.energy.defaultProfile);
  const byUnit = energyByUnit(profile, counts);
  const byPhase = energyByPhase(profile, training);
  const statics = seconds === null ? null : staticEnergy(chip, chips, seconds);
  return {
    perTrainingSampleJ: energyInterval(chip, counts, presented),
    perTestSampleJ: energyInterval(chip, test, tested),
    byUnitJ: Object.fromEntries(ENERGY_UNITS.map((unit) => [unit, byUnit[unit].value / presented])) as Record<
      EnergyUnit,
      number
    >,
    byPhaseJ: Object.fromEntries(
      Object.entries(byPhase).map(([name, { value }]) => [name, value / presented]),
    ),
    staticJ: statics?.value ?? null,
    staticPowerW: chip.energy.staticPower === null ? null : cited(chip.energy.staticPower),
    dynamicJ: dynamicEnergy(byUnit).value,
    profile: chip.energy.defaultProfile,
    learningVisits: visits,
    byProfileJ: Object.fromEntries(
      Object.entries(chip.energy.profiles).map(([name, other]) => [
        name,
        dynamicEnergy(energyByUnit(other, counts)).value / presented,
      ]),
    ),
    byVisits: visitRows(chip, counts, presented, busiest),
    notModelled: Object.fromEntries(
      Object.entries(chip.energy.profiles).map(([name, other]) => [name, notModelled(other, counts)]),
    ),
    coefficients: coefficientRows(chip),
  };
}

function timeSection(
  plan: TrainPlan,
  training: Measurement,
  test: Measurement,
  presented: number,
  tested: number,
): Report['time'] {
  const coefficients = latencyRows(plan.chip);
  if (plan.timing === 'functional') {
    return {
      perTrainingSampleS: null,
      perTestSampleS: null,
      perStepS: null,
      byPhaseS: null,
      mode: plan.timing,
      coefficients,
    };
  }
  const overheadS = plan.chip.chip.timing.sampleOverhead;
  const steps = training.times.reduce((sum, time) => sum + time.steps, 0);
  const byPhaseS = Object.fromEntries(
    training.phases.map((name, p) => {
      const { spikingS, learningS, managementS, embeddedS } = training.times[p]!;
      return [
        name,
        {
          spikingS: spikingS / presented,
          learningS: learningS / presented,
          managementS: (managementS + embeddedS) / presented, // both are the embedded processors' work
        },
      ];
    }),
  );
  return {
    perTrainingSampleS: totalTimeS(training) / presented + overheadS,
    perTestSampleS: totalTimeS(test) / tested + overheadS,
    perStepS: {
      mean: totalTimeS(training) / steps,
      max: Math.max(...training.times.map(({ longestStepS }) => longestStepS)),
    },
    byPhaseS,
    mode: plan.timing,
    coefficients,
  };
}

/** Weights from the pixels to some hidden neurons, evenly spread over the layer. */
function receptiveFields({ plan, compiled, receptiveFields: weights }: Results): Report['receptiveFields'] {
  const { height, width, projection: name } = plan.lesson.receptiveFields;
  const projection = compiled.image.projections.find((item) => item.name === name)!;
  const shown = Math.min(FIELDS, projection.columns);
  const neurons = Array.from({ length: shown }, (_, i) => {
    const neuron = Math.floor((i * projection.columns) / shown);
    return Array.from(
      { length: height * width },
      (_, pixel) => weights[pixel * projection.columns + neuron]!,
    );
  });
  return { height, width, neurons };
}

/** The report of a finished run. */
export function buildReport(results: Results): Report {
  const { plan, compiled, trainer, outcome, test, train, alignmentDeg, versions, threads } = results;
  const { chip } = plan.chip;
  const training = measure(trainer.machine);
  const { presented, wallS, milestones, perEpoch } = outcome.checkpoint;
  const counts = total(training);
  const testCounts = total(test.measurement);
  const accuracy = test.correct / test.count;
  const last = milestones.at(-1);
  const checkpoints = milestones.map(({ presented: samples, accuracy: reached, alignmentDeg: angles }) => ({
    samples,
    accuracy: reached,
    alignmentDeg: angles,
  }));
  if (last?.presented !== presented)
    checkpoints.push({ samples: presented, accuracy: train.correct / train.count, alignmentDeg });
  const time = timeSection(plan, training, test.measurement, presented, test.count);
  const access = trainer.access;
  const perCore = measureCores(trainer.machine);
  const busiest: Busiest = (counter) => Math.max(...perCore.map((core) => Number(core[counter])));
  return {
    schema: 'seamount.report/1',
    chip: { name: chip.name, title: chip.title, status: chip.status },
    recipe: {
      name: plan.recipe.name,
      title: plan.recipe.title,
      about: plan.recipe.about,
      settings: plan.settings,
    },
    data: {
      name: plan.dataset.name,
      title: plan.dataset.title,
      synthetic: plan.dataset.synthetic,
      sources: plan.dataset.sources,
    },
    seed: plan.seed,
    versions,
    samples: {
      train: plan.train.count,
      test: plan.test.count,
      epochs: plan.epochs,
      presented,
      stepsPerTrainingSample: plan.lesson.stepsPerTrainingSample,
      stepsPerTestSample: plan.lesson.stepsPerTestSample,
    },
    accuracy: {
      train: train.correct / train.count,
      test: accuracy,
      perEpoch: [...perEpoch, accuracy],
      readout: plan.lesson.readout.description,
      ties: test.tied / test.count,
      otherReadouts: (plan.lesson.otherReadouts ?? []).map(({ name, description }) => ({
        name,
        description,
        test: test.otherCorrect[name]! / test.count,
      })),
      checkpoints,
    },
    legality: compiled.legality,
    hostWeightWrites: access.weightWrites,
    hostStateReads: access.stateReads,
    counts: {
      total: perSample(counts, 1),
      perTrainingSample: perSample(counts, presented),
      perTestSample: perSample(testCounts, test.count),
      perPhase: Object.fromEntries(
        training.phases.map((name, p) => [name, perSample(training.counts[p]!, 1)]),
      ),
    },
    time,
    energy: energySection(
      chip,
      compiled.image.visits,
      compiled.chips,
      training,
      testCounts,
      presented,
      test.count,
      time.perTrainingSampleS === null ? null : totalTimeS(training),
      busiest,
    ),
    mapping: {
      chips: compiled.chips,
      cores: compiled.cores.length,
      utilization: utilization(compiled.cores),
      perCore: compiled.cores.map(({ core, coreClass, use }) => ({
        core,
        coreClass,
        use: Object.fromEntries(use.map(({ resource, used }) => [resource, used])),
      })),
    },
    emulator: {
      wallS,
      trainingSamplesPerS: presented / wallS,
      synapticOpsPerS: Number(counts.synapticOps) / wallS,
      threads,
      build: trainer.machine.build,
    },
    layers: {
      spikesPerTestSample: Object.fromEntries(
        Object.entries(test.layerSpikes).map(([name, spikes]) => [name, spikes / test.count]),
      ),
    },
    receptiveFields: receptiveFields(results),
  };
}
