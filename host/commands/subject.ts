// What `compile`, `lint` and `run` work on: a network file, or a recipe built for a data set.

import { loadDataset } from '../data/load.ts';
import { readNetworkFile } from '../import/network-file.ts';
import type { Network } from '../network/network.ts';
import { findRecipe, settingsFromTexts } from '../recipes/registry.ts';

export interface SubjectOptions {
  readonly data: string;
  readonly set: readonly string[];
}

export interface Subject {
  readonly title: string;
  readonly network: Network;
}

/** True for what can only be a file. */
function isFile(name: string): boolean {
  return /[\\/]|\.ya?ml$/i.test(name);
}

/**
 * Finds a network.
 * @param name the path of a network file, or a recipe's name
 * @throws UserError if there is neither, or it is wrong
 */
export function findSubject(name: string, options: SubjectOptions): Subject {
  if (isFile(name)) {
    const network = readNetworkFile(name);
    return { title: `network ${network.name}`, network };
  }
  const recipe = findRecipe(name);
  const dataset = loadDataset(options.data);
  const task = {
    height: dataset.train.height,
    width: dataset.train.width,
    classes: dataset.classes.length,
    seed: 1,
    trainingPresentations: dataset.train.count * recipe.epochs,
  };
  const settings = recipe.resolve(options.data, settingsFromTexts(options.set));
  return { title: recipe.title, network: recipe.create(settings, task).network };
}
