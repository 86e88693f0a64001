// The part of a report that every finished run has, whatever it learned: what was asked, legality, and what it cost.

import { type Compiled, utilization } from '../compile/compile.ts';
import { Machine } from '../machine/machine.ts';
import { areaEstimate } from '../measure/area.ts';
import { COUNTER_NAMES, type CounterName, type Counts } from '../measure/counters.ts';
import { type CycleSummary, cycleSummary } from '../measure/cycle.ts';
import { type Measurement, measure, total, totalTimeS } from '../measure/measure.ts';
import type { SamplePart } from '../recipes/recipe.ts';
import { unknownCosts } from '../report/read.ts';
import type { LatencyRow, Report } from '../report/report.ts';
import { energyReport } from './energy-report.ts';
import type { Executor } from './executor.ts';
import type { RunPlan } from './plan.ts';

/** What was done in training and in the test. */
export interface RunWork {
  readonly plan: RunPlan;
  readonly phaseParts: Readonly<Record<string, SamplePart>>;
  readonly compiled: Compiled;
  /** That was trained. */
  readonly machine: Executor;
  /** Training samples presented. */
  readonly presented: number;
  readonly wallS: number;
  readonly access: { readonly weightWrites: number; readonly stateReads: number };
  /** The measurement is null if no chip answered. */
  readonly test: { readonly count: number; readonly measurement: Measurement | null };
  readonly stepsPerTrainingSample: number;
  readonly stepsPerTestSample: number;
  readonly versions: Readonly<Record<string, string>>;
  readonly threads: number;
}

function perSample(counts: Counts, samples: number): Record<CounterName, number> {
  return Object.fromEntries(COUNTER_NAMES.map((name) => [name, Number(counts[name]) / samples])) as Record<
    CounterName,
    number
  >;
}

/** The latencies of the chip file, in its order. */
function latencyRows({ provenance }: RunPlan['chip']): LatencyRow[] {
  const section = 'timing.';
  return [...provenance].flatMap(([path, { value, low, high, class: kind, source }]) => {
    if (!path.startsWith(section) || typeof value !== 'number') return [];
    const interval = { valueS: value, lowS: low ?? value, highS: high ?? value };
    return [{ name: path.slice(section.length), ...interval, class: kind ?? null, source: source ?? null }];
  });
}

function timeSection(
  plan: RunPlan,
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

/** What a chip did in training and in the test. */
export interface ChipWork extends RunWork {
  readonly machine: Machine;
  readonly test: { readonly count: number; readonly measurement: Measurement };
}

function isChipWork(work: RunWork): work is ChipWork {
  return work.machine instanceof Machine && work.test.measurement !== null;
}

/** What a report says in place of how far the chip's numbers can be trusted. */
const TWIN_STATUS = 'full-precision twin, no chip does this';

/** What of a report is not about the chip. */
type Learned = 'accuracy' | 'approximation' | 'layers' | 'receptiveFields';
/** What a report says of the chip. */
type Costs = 'counts' | 'time' | 'energy' | 'mapping' | 'emulator';

function chipCosts(work: ChipWork): Pick<Report, Costs> {
  const { plan, compiled, machine, presented, wallS, test, threads } = work;
  const training = measure(machine);
  const counts = total(training);
  const testCounts = total(test.measurement);
  const cycle = cycleSummary(machine);
  return {
    counts: {
      total: perSample(counts, 1),
      perTrainingSample: perSample(counts, presented),
      perTestSample: perSample(testCounts, test.count),
      perPhase: Object.fromEntries(
        training.phases.map((name, p) => [name, perSample(training.counts[p]!, 1)]),
      ),
    },
    time: timeSection(plan, training, test.measurement, presented, test.count, cycle),
    energy: energyReport(work, training),
    mapping: {
      chips: compiled.chips,
      cores: compiled.cores.length,
      utilization: utilization(compiled.cores),
      perCore: compiled.cores.map(({ core, coreClass, use }) => ({
        core,
        coreClass,
        use: Object.fromEntries(use.map(({ resource, used }) => [resource, used])),
      })),
      area: areaEstimate(plan.chip.chip, compiled.cores, compiled.chips),
    },
    emulator: {
      wallS,
      trainingSamplesPerS: presented / wallS,
      synapticOpsPerS: Number(counts.synapticOps) / wallS,
      threads,
      build: machine.build,
    },
  };
}

/** No chip did what a twin did: nothing is counted, so nothing is charged. */
function twinCosts({ presented, wallS, threads }: RunWork): Pick<Report, Costs> {
  return {
    ...unknownCosts(),
    emulator: {
      wallS,
      trainingSamplesPerS: presented / wallS,
      synapticOpsPerS: Number.NaN,
      threads,
      build: 'float64',
    },
  };
}

/** A report without what was learned. */
export function runReport(work: RunWork): Omit<Report, Learned> {
  const { plan, compiled, presented, access, versions } = work;
  const { chip } = plan.chip;
  const { legality } = compiled;
  const isChip = isChipWork(work);
  const twinExtension = `full precision (float64 without widths): ${TWIN_STATUS}`;
  return {
    schema: 'seamount.report/1',
    precision: plan.precision,
    chip: {
      name: chip.name,
      title: chip.title,
      status: isChip ? chip.status : TWIN_STATUS,
      generation: chip.generation,
    },
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
      stepsPerTrainingSample: work.stepsPerTrainingSample,
      stepsPerTestSample: work.stepsPerTestSample,
    },
    legality: isChip ? legality : { ...legality, extensions: [...legality.extensions, twinExtension] },
    hostWeightWrites: access.weightWrites,
    hostStateReads: access.stateReads,
    ...(isChip ? chipCosts(work) : twinCosts(work)),
  };
}
