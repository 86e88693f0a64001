// A whole training run: plan, compile, train, evaluate, report, all of it kept in a run folder that can be resumed.

import { availableParallelism } from 'node:os';
import { type Compiled, compile } from '../compile/compile.ts';
import { UserError } from '../errors.ts';
import type { ChipImage } from '../image/image.ts';
import { findFunctionRecipe } from '../recipes/function-registry.ts';
import { renderHtml } from '../report/html.ts';
import { readReport, storedReport } from '../report/read.ts';
import type { Report } from '../report/report.ts';
import { versions as currentVersions } from '../versions.ts';
import { buildReport } from './build-report.ts';
import { type Checkpoint, encodeCheckpoint, readCheckpoint } from './checkpoint.ts';
import type { Evaluation } from './evaluate.ts';
import { EvaluationPool } from './evaluation-pool.ts';
import { executorOf } from './executor.ts';
import { type FunctionPlan, planFunction } from './function-plan.ts';
import { functionReport } from './function-report.ts';
import { FunctionTrainer } from './function-trainer.ts';
import { planTraining, type RunPlan, type TrainPlan, type TrainRequest } from './plan.ts';
import type { Progress } from './progress.ts';
import { newRunFolder, planHash, RunFolder } from './run-folder.ts';
import { Trainer } from './trainer.ts';

/** Samples of the training set that the final training accuracy is measured on. */
const TRAIN_SAMPLES = 2000;

export interface RunOptions {
  readonly cwd: string;
  readonly out?: string;
  readonly progress: Progress;
  /** True once the user wants to stop. */
  readonly interrupted: () => boolean;
  /** Threads of the chip that trains; bits are the same. Default 1. */
  readonly threads?: number | 'auto';
}

/** A finished run, or one that was stopped and can be resumed. */
export type RunResult =
  | { readonly finished: true; readonly folder: string; readonly report: Report }
  | { readonly finished: false; readonly folder: string; readonly presented: number };

function samplesTable(plan: TrainPlan, { answers, ties }: Evaluation): string {
  const rows = Array.from(answers, (answer, i) => {
    const label = plan.test.labels[i]!;
    return `${i},${label},${answer},${label === answer ? 1 : 0},${ties[i]}`;
  });
  return `index,label,answer,correct,tied\n${rows.join('\n')}\n`;
}

function deployedImage({ lesson, chip }: TrainPlan): { deployed?: ChipImage } {
  if (lesson.deployment === undefined) return {};
  return { deployed: compile(lesson.deployment.network, chip.chip).image };
}

/** Takes up the last checkpoint of a run that is resumed, or begins the folder of a new one. */
function takeUp(
  folder: RunFolder,
  isResumed: boolean,
  plan: RunPlan,
  hash: string,
  versions: Readonly<Record<string, string>>,
  resume: (checkpoint: Checkpoint) => void,
): void {
  if (!isResumed) {
    folder.begin(plan, hash, versions);
    return;
  }
  folder.removeLeftovers();
  if (!folder.hasSnapshot) return;
  const checkpoint = readCheckpoint(folder.snapshotFile);
  if (checkpoint.planHash !== hash) {
    throw new UserError(
      'the data, the chip file or the program changed since this run began; it cannot go on',
      {
        code: 'inputs-changed',
        file: folder.snapshotFile,
      },
    );
  }
  resume(checkpoint);
}

async function execute(
  plan: TrainPlan,
  compiled: Compiled,
  folder: RunFolder,
  isResumed: boolean,
  options: RunOptions,
): Promise<RunResult> {
  const versions = currentVersions();
  const hash = planHash(plan, versions);
  const threads = availableParallelism();
  const images = {
    trained: compiled.image,
    ...deployedImage(plan),
    timing: plan.timing,
    precision: plan.precision,
  };
  const setup = {
    recipe: plan.recipe.name,
    settings: plan.settings,
    task: plan.task,
    images,
    sets: { train: plan.train, test: plan.test },
  };
  const machine = executorOf(compiled.image, plan.precision, plan.timing, options.threads);
  const pool = new EvaluationPool(setup, plan.lesson, threads);
  try {
    const trainer = new Trainer(plan, machine, pool, hash);
    takeUp(folder, isResumed, plan, hash, versions, (checkpoint) => trainer.resume(checkpoint));
    const { trainingPresentations } = plan.task;
    const outcome = await trainer.run({
      progress: (presented, samplesPerS, milestone) =>
        options.progress.show({
          presented,
          total: trainingPresentations,
          epochs: plan.epochs,
          perEpoch: plan.train.count,
          samplesPerS,
          ...(milestone === undefined
            ? {}
            : { reached: `accuracy ${(100 * milestone.accuracy).toFixed(1)} %` }),
        }),
      shouldStop: options.interrupted,
      keep: (checkpoint) => folder.writeSnapshot(encodeCheckpoint(checkpoint)),
    });
    if (!outcome.finished)
      return { finished: false, folder: folder.path, presented: outcome.checkpoint.presented };
    folder.writeSnapshot(encodeCheckpoint(outcome.checkpoint));
    options.progress.say(`evaluating on ${plan.test.count} test samples`);
    const { state } = outcome.checkpoint;
    const [test, train] = await Promise.all([
      pool.evaluate(state, 'test', plan.test.count, true),
      pool.evaluate(state, 'train', Math.min(TRAIN_SAMPLES, plan.train.count), true),
    ]);
    const { examiner } = pool;
    examiner.load(state);
    const report = buildReport({
      plan,
      compiled,
      trainer,
      outcome,
      test: test.evaluation,
      train: train.evaluation,
      alignmentDeg: test.alignmentDeg,
      receptiveFields: examiner.weights(plan.lesson.receptiveFields.projection),
      versions,
      threads,
    });
    folder.write('samples.csv', samplesTable(plan, test.evaluation));
    folder.write('report.html', await renderHtml(report));
    folder.write('report.json', `${JSON.stringify(storedReport(report), null, 2)}\n`);
    return { finished: true, folder: folder.path, report };
  } finally {
    machine.close();
    await pool.close();
  }
}

function valuesTable({ test }: FunctionPlan, values: Float64Array): string {
  const width = test.inputs.length / test.count;
  const names = Array.from({ length: width }, (_, i) => `input ${i}`);
  const rows = Array.from(values, (value, i) => {
    const inputs = test.inputs.subarray(i * width, (i + 1) * width);
    return `${i},${inputs.join(',')},${test.truth[i]},${value}`;
  });
  return `index,${names.join(',')},truth,answer\n${rows.join('\n')}\n`;
}

async function executeFunction(
  plan: FunctionPlan,
  compiled: Compiled,
  folder: RunFolder,
  isResumed: boolean,
  options: RunOptions,
): Promise<RunResult> {
  const versions = currentVersions();
  const hash = planHash(plan, versions);
  const trainer = new FunctionTrainer(plan, compiled, hash, options.threads);
  takeUp(folder, isResumed, plan, hash, versions, (checkpoint) => trainer.resume(checkpoint));
  const perTrial = plan.lesson.passes * plan.problem.batch;
  const outcome = await trainer.run({
    progress: (presented, samplesPerS, error) =>
      options.progress.show({
        presented,
        total: plan.task.trials * perTrial,
        epochs: plan.epochs,
        perEpoch: plan.recipe.trialsPerEpoch * perTrial,
        samplesPerS,
        ...(error === undefined ? {} : { reached: `relative L2 ${(100 * error).toFixed(2)} %` }),
      }),
    shouldStop: options.interrupted,
    keep: (checkpoint) => folder.writeSnapshot(encodeCheckpoint(checkpoint)),
  });
  const { presented } = outcome.checkpoint;
  if (!outcome.finished) return { finished: false, folder: folder.path, presented };
  folder.writeSnapshot(encodeCheckpoint(outcome.checkpoint));
  const { report, values } = functionReport(plan, compiled, trainer, outcome, versions);
  trainer.machine.close();
  folder.write('samples.csv', valuesTable(plan, values));
  folder.write('report.html', await renderHtml(report));
  folder.write('report.json', `${JSON.stringify(storedReport(report), null, 2)}\n`);
  return { finished: true, folder: folder.path, report };
}

/** Runs a new folder or an old one. */
function begin(
  request: TrainRequest,
  options: RunOptions,
  isResumed: boolean,
  folder: () => RunFolder,
): Promise<RunResult> {
  const recipe = findFunctionRecipe(request.recipe);
  if (recipe === undefined) {
    const plan = planTraining(request, options.cwd);
    const compiled = compile(plan.lesson.network, plan.chip.chip);
    return execute(plan, compiled, folder(), isResumed, options);
  }
  const plan = planFunction(recipe, request);
  const compiled = compile(plan.lesson.network, plan.chip.chip);
  return executeFunction(plan, compiled, folder(), isResumed, options);
}

/**
 * Starts a run.
 * @throws UserError if the request is wrong; nothing has been written then
 */
export async function startTraining(request: TrainRequest, options: RunOptions): Promise<RunResult> {
  return begin(
    request,
    options,
    false,
    () => new RunFolder(newRunFolder(options.out, request.recipe, options.cwd, new Date())),
  );
}

/**
 * Goes on with a run from its last snapshot; a finished one only gives its report again.
 * @throws UserError if the folder holds no run, or its inputs have changed
 */
export async function resumeTraining(path: string, options: RunOptions): Promise<RunResult> {
  const folder = new RunFolder(path);
  const { request } = folder.request();
  if (folder.isFinished) {
    return { finished: true, folder: path, report: readReport(path) };
  }
  return begin(request, options, true, () => folder);
}
