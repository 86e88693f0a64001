// What a recipe is told of the samples that it will see.

import type { Dataset, ImageSet } from '../data/dataset.ts';
import type { Task } from '../recipes/recipe.ts';

/**
 * The task of learning `set`, which is all or a part of the training set of `dataset`.
 * @param epochs times each sample is presented
 * @param seed uint32
 */
export function taskOf({ classes }: Dataset, set: ImageSet, epochs: number, seed: number): Task {
  const { height, width, planes } = set;
  return {
    height,
    width,
    ...(planes === undefined ? {} : { planes }),
    classes: classes.length,
    seed,
    trainingPresentations: set.count * epochs,
  };
}
