// What a run is made of that learns a function.

import { PROBLEM_NAMES, problemNamed, sourceOf } from '../data/functions/load.ts';
import type { PointSet, Problem } from '../data/functions/problem.ts';
import { didYouMean, UserError } from '../errors.ts';
import type { FunctionLesson, FunctionTask } from '../recipes/function-recipe.ts';
import type { FunctionRecipeEntry } from '../recipes/function-registry.ts';
import { planRun, type RunPlan, type TrainRequest } from './plan.ts';

export interface FunctionPlan extends RunPlan {
  readonly recipe: FunctionRecipeEntry;
  readonly problem: Problem;
  readonly train: PointSet;
  readonly test: PointSet;
  readonly task: FunctionTask;
  readonly lesson: FunctionLesson;
}

/**
 * Finds a problem by name.
 * @throws UserError with the nearest name
 */
export function findProblem(name: string): Problem {
  const found = problemNamed(name);
  if (found !== undefined) return found;
  throw new UserError(`no function is named "${name}"${didYouMean(name, PROBLEM_NAMES)}`, {
    code: 'unknown-dataset',
    path: name,
    hint: `this recipe learns functions; --data takes one of ${PROBLEM_NAMES.join(', ')}`,
  });
}

/** What a recipe is told of a problem. */
export function functionTask(problem: Problem, seed: number, trials: number): FunctionTask {
  const { sensors, coordinates, amplitude } = problem;
  return { sensors, coordinates, amplitude, seed, trials };
}

/**
 * Resolves a request.
 * @throws UserError naming what is wrong with it
 */
export function planFunction(recipe: FunctionRecipeEntry, request: TrainRequest): FunctionPlan {
  for (const [option, value] of Object.entries({ '--samples': request.samples, '--test': request.test })) {
    if (value === undefined) continue;
    throw new UserError(`${option} is for data sets; the points of a function are given`, {
      code: 'bad-option',
      path: option,
    });
  }
  const problem = findProblem(request.data);
  const common = planRun(request, recipe.epochsFor(problem.name));
  const settings = recipe.resolve(problem.name, request.settings);
  const task = functionTask(problem, request.seed, common.epochs * recipe.trialsPerEpoch);
  const { name, title, train, test } = problem;
  return {
    ...common,
    recipe,
    settings,
    dataset: { name, title, synthetic: true, sources: [sourceOf(problem)] },
    problem,
    train,
    test,
    task,
    lesson: recipe.create(settings, task),
  };
}
