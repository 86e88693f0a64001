// Puts the report of a finished run that learned classes together.

import type { Compiled } from '../compile/compile.ts';
import type { Report } from '../report/report.ts';
import type { Evaluation } from './evaluate.ts';
import type { TrainPlan } from './plan.ts';
import { runReport } from './run-report.ts';
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
  readonly receptiveFields: Int16Array | Float64Array;
  readonly versions: Readonly<Record<string, string>>;
  readonly threads: number;
}

/** Hidden neurons shown as receptive fields. */
const FIELDS = 64;

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
  const { presented, wallS, milestones, perEpoch } = outcome.checkpoint;
  const { phaseParts, stepsPerTrainingSample, stepsPerTestSample } = plan.lesson;
  const accuracy = test.correct / test.count;
  const last = milestones.at(-1);
  const checkpoints = milestones.map(({ presented: samples, accuracy: reached, alignmentDeg: angles }) => ({
    samples,
    accuracy: reached,
    alignmentDeg: angles,
  }));
  if (last?.presented !== presented)
    checkpoints.push({ samples: presented, accuracy: train.correct / train.count, alignmentDeg });
  const { machine, access } = trainer;
  return {
    ...runReport({
      plan,
      phaseParts,
      compiled,
      machine,
      presented,
      wallS,
      access,
      test,
      stepsPerTrainingSample,
      stepsPerTestSample,
      versions,
      threads,
    }),
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
    approximation: null,
    layers: {
      spikesPerTestSample: Object.fromEntries(
        Object.entries(test.layerSpikes).map(([name, spikes]) => [name, spikes / test.count]),
      ),
    },
    receptiveFields: receptiveFields(results),
  };
}
