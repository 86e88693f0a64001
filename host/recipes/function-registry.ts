// The recipes that learn functions.

import { forwardGradient } from './forward-gradient/recipe.ts';
import type { FunctionLesson, FunctionRecipe, FunctionTask } from './function-recipe.ts';
import { parseSettings } from './registry.ts';

/** A recipe whose settings are parsed where they are used. */
export interface FunctionRecipeEntry {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  readonly trialsPerEpoch: number;
  /** Epochs for a problem if none are asked for. */
  readonly epochsFor: (problem: string) => number;
  /**
   * Fills in and checks settings: those tuned for the problem, then the user's.
   * @throws UserError naming the setting
   */
  readonly resolve: (problem: string, given: Readonly<Record<string, unknown>>) => Record<string, unknown>;
  /** Sets the recipe up with resolved settings. */
  readonly create: (resolved: Readonly<Record<string, unknown>>, task: FunctionTask) => FunctionLesson;
}

function entry<Settings extends Readonly<Record<string, unknown>>>(
  recipe: FunctionRecipe<Settings>,
): FunctionRecipeEntry {
  const { name, title, about, tuned, epochs, trialsPerEpoch } = recipe;
  return {
    name,
    title,
    about,
    trialsPerEpoch,
    epochsFor: (problem) => tuned[problem]?.epochs ?? epochs,
    resolve: (problem, given) => ({ ...parseSettings(recipe, { ...tuned[problem]?.settings, ...given }) }),
    create: (resolved, task) => recipe.create(parseSettings(recipe, resolved), task),
  };
}

const FUNCTION_RECIPES: readonly FunctionRecipeEntry[] = [entry(forwardGradient)];

/** Undefined if no recipe of this name learns functions. */
export function findFunctionRecipe(name: string): FunctionRecipeEntry | undefined {
  return FUNCTION_RECIPES.find((recipe) => recipe.name === name);
}
