// What `compile` and `lint` work on: a network file, or a recipe built for a data set.

import { loadDataset } from '../data/load.ts';
import { isNetworkPath, readNetwork } from '../import/read-network.ts';
import type { Network } from '../network/network.ts';
import { findFunctionRecipe } from '../recipes/function-registry.ts';
import { findRecipe, settingsFromTexts } from '../recipes/registry.ts';
import { findProblem, functionTask } from '../training/function-plan.ts';
import { taskOf } from '../training/task.ts';
import { defaultData } from './default-data.ts';

export interface SubjectOptions {
  readonly data?: string;
  readonly set: readonly string[];
}

export interface Subject {
  readonly title: string;
  readonly network: Network;
}

/**
 * Finds a network.
 * @param name the path of a network, or a recipe's name
 * @throws UserError if there is neither, or it is wrong
 */
export async function findSubject(name: string, options: SubjectOptions): Promise<Subject> {
  if (isNetworkPath(name)) {
    const { network } = await readNetwork(name);
    return { title: `network ${network.name}`, network };
  }
  const learner = findFunctionRecipe(name);
  if (learner !== undefined) {
    const problem = findProblem(options.data ?? defaultData(name));
    const settings = learner.resolve(problem.name, settingsFromTexts(options.set));
    const trials = learner.epochsFor(problem.name) * learner.trialsPerEpoch;
    return {
      title: learner.title,
      network: learner.create(settings, functionTask(problem, 1, trials)).network,
    };
  }
  const recipe = findRecipe(name);
  const dataset = loadDataset(options.data ?? defaultData(name));
  const settings = recipe.resolve(dataset.name, settingsFromTexts(options.set));
  const task = taskOf(dataset, dataset.train, recipe.epochs, 1);
  return { title: recipe.title, network: recipe.create(settings, task).network };
}
