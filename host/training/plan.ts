// What a training run is made of: every input resolved, checked and named, enough to repeat it bit for bit.

import { type LoadedChip, loadChip } from '../chip/load.ts';
import type { Dataset, ImageSet } from '../data/dataset.ts';
import { loadDataset } from '../data/load.ts';
import { UserError } from '../errors.ts';
import { type TimingMode, timingMode } from '../machine/timing-mode.ts';
import type { Lesson, Task } from '../recipes/recipe.ts';
import { findRecipe, type RecipeEntry } from '../recipes/registry.ts';
import { type Precision, precisionOf } from './executor.ts';
import { taskOf } from './task.ts';

/** What a user asks for; also what `run.yaml` keeps. */
export interface TrainRequest {
  readonly recipe: string;
  readonly data: string;
  readonly chip: string;
  /** Distinct training samples; undefined = all. */
  readonly samples?: number;
  readonly epochs?: number;
  /** Test samples; undefined = all. */
  readonly test?: number;
  readonly seed: number;
  readonly timing: string;
  /** Undefined = chip. */
  readonly precision?: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** What every run has, whatever it learns. */
export interface RunPlan {
  readonly request: TrainRequest;
  readonly recipe: { readonly name: string; readonly title: string; readonly about: string };
  readonly settings: Readonly<Record<string, unknown>>;
  readonly dataset: Pick<Dataset, 'name' | 'title' | 'synthetic' | 'sources'>;
  readonly train: { readonly count: number };
  readonly test: { readonly count: number };
  readonly chip: LoadedChip;
  readonly epochs: number;
  readonly seed: number;
  readonly timing: TimingMode;
  readonly precision: Precision;
}

export interface TrainPlan extends RunPlan {
  readonly recipe: RecipeEntry;
  readonly dataset: Dataset;
  readonly train: ImageSet;
  readonly test: ImageSet;
  readonly task: Task;
  readonly lesson: Lesson;
}

function firstOf(set: ImageSet, count: number | undefined, option: string): ImageSet {
  if (count === undefined) return set;
  if (!Number.isInteger(count) || count < 1 || count > set.count) {
    throw new UserError(`${option} ${count} is not within 1..${set.count}`, {
      code: 'out-of-range',
      path: option,
      got: count,
      limit: [1, set.count],
    });
  }
  const pixels = set.height * set.width;
  return {
    ...set,
    images: set.images.subarray(0, count * pixels),
    labels: set.labels.subarray(0, count),
    count,
  };
}

/**
 * What does not depend on what is learned.
 * @throws UserError naming what is wrong with it
 */
export function planRun(
  request: TrainRequest,
  defaultEpochs: number,
): Pick<RunPlan, 'request' | 'chip' | 'epochs' | 'seed' | 'timing' | 'precision'> {
  const timing = timingMode(request.timing);
  const precision = precisionOf(request.precision ?? 'chip');
  const epochs = request.epochs ?? defaultEpochs;
  const { seed } = request;
  if (!Number.isInteger(epochs) || epochs < 1) {
    throw new UserError(`--epochs ${epochs} is not a positive integer`, {
      code: 'out-of-range',
      path: '--epochs',
    });
  }
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
    throw new UserError(`--seed ${seed} is not within 0..4294967295`, {
      code: 'out-of-range',
      path: '--seed',
    });
  }
  return { request, chip: loadChip(request.chip), epochs, seed, timing, precision };
}

/**
 * Resolves a request.
 * @param cwd folder that data folders are looked for from
 * @throws UserError naming what is wrong with it
 */
export function planTraining(request: TrainRequest, cwd: string): TrainPlan {
  const recipe = findRecipe(request.recipe);
  const common = planRun(request, recipe.epochs);
  const dataset = loadDataset(request.data, { cwd });
  const settings = recipe.resolve(dataset.name, request.settings);
  const train = firstOf(dataset.train, request.samples, '--samples');
  const test = firstOf(dataset.test, request.test, '--test');
  const task = taskOf(dataset, train, common.epochs, request.seed);
  const lesson = recipe.create(settings, task);
  return { ...common, recipe, settings, dataset, train, test, task, lesson };
}
