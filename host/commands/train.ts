// `seamount train`: starts or resumes a run and shows what came out.

import { resolve } from 'node:path';
import { UserError } from '../errors.ts';
import { findFunctionRecipe } from '../recipes/function-registry.ts';
import { findRecipe, settingsFromTexts } from '../recipes/registry.ts';
import { storedReport } from '../report/read.ts';
import { renderSummary } from '../report/summary.ts';
import { Progress } from '../training/progress.ts';
import { resumeTraining, startTraining } from '../training/run-training.ts';
import { defaultData } from './default-data.ts';
import { watchInterrupt } from './interrupt.ts';
import { checkJsonPlace, writeJson } from './output.ts';

export interface TrainOptions {
  readonly data?: string;
  readonly chip: string;
  readonly samples?: number;
  readonly epochs?: number;
  readonly test?: number;
  readonly seed: number;
  readonly timing: string;
  readonly precision: string;
  readonly set: readonly string[];
  readonly threads: number | 'auto';
  readonly out?: string;
  readonly resume?: string;
  readonly json?: string;
}

/** Returns `interrupted` if the user stopped the run. */
export async function train(
  recipe: string | undefined,
  options: TrainOptions,
): Promise<'done' | 'interrupted'> {
  checkJsonPlace(options.json);
  const progress = new Progress(process.stderr);
  const watch = watchInterrupt(progress, 'stopping; the run can be resumed');
  const cwd = process.cwd();
  const run = {
    cwd,
    progress,
    interrupted: watch.interrupted,
    threads: options.threads,
    ...(options.out === undefined ? {} : { out: options.out }),
  };
  try {
    const result =
      options.resume === undefined
        ? await startTraining(requestOf(recipe, options), run)
        : await resumeTraining(resolve(cwd, options.resume), run);
    if (!result.finished) {
      progress.say(
        `stopped after ${result.presented} samples; go on with\n  seamount train --resume ${result.folder}`,
      );
      return 'interrupted';
    }
    writeJson(options.json, storedReport(result.report));
    if (options.json !== '-') {
      const width = process.stdout.columns ?? 80;
      process.stdout.write(renderSummary(result.report, { color: process.stdout.isTTY === true, width }));
      process.stdout.write(`\nrun folder: ${result.folder}\n`);
    }
    return 'done';
  } finally {
    watch.end();
  }
}

function requestOf(recipe: string | undefined, options: TrainOptions) {
  if (recipe === undefined) {
    throw new UserError('which recipe? For example: seamount train biograd', {
      code: 'no-recipe',
      path: 'recipe',
    });
  }
  if (findFunctionRecipe(recipe) === undefined) findRecipe(recipe);
  const { data, chip, samples, epochs, test, seed, timing, precision, set } = options;
  return {
    recipe,
    data: data ?? defaultData(recipe),
    chip,
    seed,
    timing,
    settings: settingsFromTexts(set),
    ...(precision === 'chip' ? {} : { precision }),
    ...(samples === undefined ? {} : { samples }),
    ...(epochs === undefined ? {} : { epochs }),
    ...(test === undefined ? {} : { test }),
  };
}
