// Puts the report of a finished run that learned a function together.

import type { Compiled } from '../compile/compile.ts';
import { Machine } from '../machine/machine.ts';
import { measure, since } from '../measure/measure.ts';
import type { Approximation, Report } from '../report/report.ts';
import type { FunctionPlan } from './function-plan.ts';
import type { FunctionTrainer } from './function-trainer.ts';
import { runReport } from './run-report.ts';
import type { TrainingOutcome } from './trainer.ts';

/** What the host does in training, said plainly. */
function hostWork({ problem, lesson, precision }: FunctionPlan): string[] {
  const loss = `The loss is computed on the host: ${problem.lossText}, from ${lesson.readout}. Between two updates the host sees ${lesson.passes * problem.batch} such spikes and nothing else of the chip.`;
  const rewards =
    'What it sends back are rewards: graded input spikes to the neurons whose weights learn, and writes that switch learning on and off.';
  const hands = 'The host reads no state and writes no weight.';
  if (precision === 'float') return [loss, `${rewards} ${hands}`];
  return [
    loss,
    `${rewards} Both are counted, and charged to the phase management; the weights that change, to the phase learning. ${hands}`,
    'The arithmetic of the loss itself, and the link that carries spikes off the chip, are not in the energy: no public figure says what they cost.',
  ];
}

function cutsOf({ problem }: FunctionPlan, values: Float64Array): Approximation['cuts'] {
  const { inputs, truth, count: points } = problem.test;
  const width = inputs.length / points;
  return problem.cuts.map(({ title, axis, first, count, over }) => ({
    title,
    axis,
    x: Array.from({ length: count }, (_, i) => inputs[(first + i) * width + over]!),
    truth: Array.from(truth.subarray(first, first + count)),
    answers: Array.from(values.subarray(first, first + count)),
  }));
}

/** The report of a finished run, and the answers at the test points. */
export function functionReport(
  plan: FunctionPlan,
  compiled: Compiled,
  trainer: FunctionTrainer,
  { checkpoint }: TrainingOutcome,
  versions: Readonly<Record<string, string>>,
): { readonly report: Report; readonly values: Float64Array } {
  const { lesson, task, recipe } = plan;
  const { state, presented, wallS, perEpoch } = checkpoint;
  const train = trainer.examine(state, plan.train);
  const { examined } = trainer;
  examined.restore(state);
  const spikes = lesson.layers.map(({ name, population }) => ({
    name,
    probe: examined.probes.add(population, 'spikeCounts'),
  }));
  const before = examined instanceof Machine ? measure(examined) : null;
  const test = trainer.examine(state, plan.test);
  const measurement =
    before !== null && examined instanceof Machine ? since(before, measure(examined)) : null;
  const { stepsPerPoint, phaseParts } = lesson;
  const { machine, access } = trainer;
  const report: Report = {
    ...runReport({
      plan,
      phaseParts,
      compiled,
      machine,
      presented,
      wallS,
      access,
      test: { count: plan.test.count, measurement },
      stepsPerTrainingSample: stepsPerPoint,
      stepsPerTestSample: stepsPerPoint,
      versions,
      threads: 1,
    }),
    accuracy: {
      train: Number.NaN,
      test: Number.NaN,
      perEpoch: [],
      readout: lesson.readout,
      ties: Number.NaN,
      otherReadouts: [],
      checkpoints: [],
    },
    approximation: {
      relativeL2: { train: train.error, test: test.error },
      perEpoch,
      readout: lesson.readout,
      trials: task.trials,
      trialsPerEpoch: recipe.trialsPerEpoch,
      host: hostWork(plan),
      cuts: cutsOf(plan, test.values),
    },
    layers: {
      spikesPerTestSample: Object.fromEntries(
        spikes.map(({ name, probe }) => [
          name,
          examined.probes.drainCounts(probe).reduce((a, b) => a + b, 0) / plan.test.count,
        ]),
      ),
    },
    receptiveFields: null,
  };
  return { report, values: test.values };
}
