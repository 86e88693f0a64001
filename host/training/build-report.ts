// Puts the report of a finished run together: counts, time, energy, accuracy, mapping, legality.

import { type Compiled, utilization } from '../compile/compile.ts';
import { areaEstimate } from '../measure/area.ts';
import { COUNTER_NAMES, type CounterName, type Counts } from '../measure/counters.ts';
import { type CycleSummary, cycleSummary } from '../measure/cycle.ts';
import { type Measurement, measure, total, totalTimeS } from '../measure/measure.ts';
import type { LatencyRow, Report } from '../report/report.ts';
import { energyReport } from './energy-report.ts';
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

/** Hidden neurons shown as receptive fields. */
const FIELDS = 64;

function perSample(counts: Counts, samples: number): Record<CounterName, number> {
  return Object.fromEntries(COUNTER_NAMES.map((name) => [name, Number(counts[name]) / samples])) as Record<
    CounterName,
    number
  >;
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

function timeSection(
  plan: TrainPlan,
  training: Measurement,
  test: Measurement,
  presented: number,
  tested: number,
  cycle: CycleSummary | null,
): Report['time'] {
  const coefficients = latencyRows(plan.chip);
  if (plan.timing === 'functional') {
    return {
      perTrainingSampleS: null,
      perTestSampleS: null,
      perStepS: null,
      byPhaseS: null,
      mode: plan.timing,
      cycle: null,
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
    cycle,
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
  const time = timeSection(
    plan,
    training,
    test.measurement,
    presented,
    test.count,
    cycleSummary(trainer.machine),
  );
  const access = trainer.access;
  return {
    schema: 'seamount.report/1',
    chip: { name: chip.name, title: chip.title, status: chip.status, generation: chip.generation },
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
    energy: energyReport(results, training),
    mapping: {
      chips: compiled.chips,
      cores: compiled.cores.length,
      utilization: utilization(compiled.cores),
      perCore: compiled.cores.map(({ core, coreClass, use }) => ({
        core,
        coreClass,
        use: Object.fromEntries(use.map(({ resource, used }) => [resource, used])),
      })),
      area: areaEstimate(chip, compiled.cores, compiled.chips),
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
