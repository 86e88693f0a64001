// What a recipe is shown if nobody says what.

import { PROBLEM_NAMES } from '../data/functions/load.ts';
import { EMBEDDED } from '../data/load.ts';
import { findFunctionRecipe } from '../recipes/function-registry.ts';

/** The embedded data set; for a recipe that learns functions the first of them. */
export function defaultData(recipe: string): string {
  return findFunctionRecipe(recipe) === undefined ? EMBEDDED : PROBLEM_NAMES[0]!;
}
