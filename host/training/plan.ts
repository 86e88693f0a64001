// What a training run is made of: every input resolved, checked and named, enough to repeat it bit for bit.

import { type LoadedChip, loadChip } from '../chip/load.ts';
import type { Dataset, ImageSet } from '../data/dataset.ts';
import { loadDataset } from '../data/load.ts';
import { UserError } from '../errors.ts';
import { type TimingMode, timingMode } from '../machine/timing-mode.ts';
import type { Lesson, Task } from '../recipes/recipe.ts';
import { findRecipe, type RecipeEntry } from '../recipes/registry.ts';

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
  readonly settings: Readonly<Record<string, unknown>>;
}

export interface TrainPlan {
  readonly request: TrainRequest;
  readonly recipe: RecipeEntry;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly dataset: Dataset;
  readonly train: ImageSet;
  readonly test: ImageSet;
  readonly chip: LoadedChip;
  readonly epochs: number;
  readonly seed: number;
  readonly timing: TimingMode;
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
 * Resolves a request.
 * @param cwd folder that data folders are looked for from
 * @throws UserError naming what is wrong with it
 */
export function planTraining(request: TrainRequest, cwd: string): TrainPlan {
  const recipe = findRecipe(request.recipe);
  const timing = timingMode(request.timing);
  const epochs = request.epochs ?? recipe.epochs;
  if (!Number.isInteger(epochs) || epochs < 1) {
    throw new UserError(`--epochs ${epochs} is not a positive integer`, {
      code: 'out-of-range',
      path: '--epochs',
    });
  }
  if (!Number.isInteger(request.seed) || request.seed < 0 || request.seed > 0xffffffff) {
    throw new UserError(`--seed ${request.seed} is not within 0..4294967295`, {
      code: 'out-of-range',
      path: '--seed',
    });
  }
  const chip = loadChip(request.chip);
  const settings = recipe.resolve(request.data, request.settings);
  const dataset = loadDataset(request.data, { cwd });
  const train = firstOf(dataset.train, request.samples, '--samples');
  const test = firstOf(dataset.test, request.test, '--test');
  const task: Task = {
    height: train.height,
    width: train.width,
    classes: dataset.classes.length,
    seed: request.seed,
    trainingPresentations: train.count * epochs,
  };
  const lesson = recipe.create(settings, task);
  return {
    request,
    recipe,
    settings,
    dataset,
    train,
    test,
    chip,
    epochs,
    seed: request.seed,
    timing,
    task,
    lesson,
  };
}
