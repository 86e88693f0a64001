// One trial: a recipe with some settings learns part of a training set and answers a part of it that was kept out. The
// test set has no say in how settings are chosen.

import { loadChip } from '../chip/load.ts';
import { compile } from '../compile/compile.ts';
import type { Dataset } from '../data/dataset.ts';
import { splitTrain } from '../data/load.ts';
import { UserError } from '../errors.ts';
import { Machine } from '../machine/machine.ts';
import { total } from '../measure/measure.ts';
import { findRecipe } from '../recipes/registry.ts';
import { Course } from '../training/course.ts';
import { Examiner } from '../training/evaluate.ts';
import { taskOf } from '../training/task.ts';

/** What all trials of a sweep have in common. */
export interface TrialBase {
  readonly recipe: string;
  readonly data: string;
  readonly chip: string;
  /** Distinct training samples, from the first on. */
  readonly samples: number;
  readonly epochs: number;
  /** Samples that are kept out: the last ones of the training set. */
  readonly validation: number;
}

/** Everything that a trial's result depends on, beside the data's content and the core. */
export interface TrialPoint {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly seed: number;
}

export interface TrialResult {
  /** Share of right answers to the samples kept out. */
  readonly accuracy: number;
  /** Spikes of compartments for each of these answers. */
  readonly spikes: number;
}

/**
 * The samples that are learned and those that are kept out.
 * @throws UserError if the training set is too small for both
 */
export function splitSamples({ train }: Dataset, { samples, validation }: TrialBase) {
  if (samples + validation > train.count) {
    throw new UserError(
      `${samples} training samples and ${validation} kept out are more than the ${train.count} there are`,
      { code: 'out-of-range', path: 'samples', got: samples + validation, limit: train.count },
    );
  }
  return {
    learned: splitTrain(train, samples).train,
    keptOut: splitTrain(train, train.count - validation).validation,
  };
}

/** Learns and answers. */
export function runTrial(base: TrialBase, point: TrialPoint, dataset: Dataset): TrialResult {
  const { learned, keptOut } = splitSamples(dataset, base);
  const recipe = findRecipe(base.recipe);
  const presentations = base.samples * base.epochs;
  const task = taskOf(dataset, learned, base.epochs, point.seed);
  const lesson = recipe.create(recipe.resolve(dataset.name, point.settings), task);
  const { chip } = loadChip(base.chip);
  const trained = compile(lesson.network, chip).image;
  const images = {
    trained,
    timing: 'functional',
    ...(lesson.deployment === undefined ? {} : { deployed: compile(lesson.deployment.network, chip).image }),
  } as const;
  const machine = new Machine(trained, { timing: 'functional' });
  new Course(machine, lesson, learned, point.seed).present(0, presentations);
  const examiner = new Examiner(images, lesson);
  examiner.load(machine.snapshot());
  const { correct, measurement } = examiner.examine(keptOut, 0, base.validation);
  return {
    accuracy: correct / base.validation,
    spikes: Number(total(measurement!).spikes) / base.validation,
  };
}
