// The recipes there are, and the settings a user gave for one of them.

import { basename } from 'node:path';
import { didYouMean, UserError } from '../errors.ts';
import { adfa } from './adfa/recipe.ts';
import { biograd } from './biograd/recipe.ts';
import { biogradEvents } from './biograd-loihi2/event-recipe.ts';
import { biogradLoihi2 } from './biograd-loihi2/recipe.ts';
import { dalton } from './dalton/recipe.ts';
import { desire } from './desire/recipe.ts';
import { eprop } from './eprop/recipe.ts';
import { nbp } from './nbp/recipe.ts';
import { ottt } from './ottt/recipe.ts';
import { pc } from './pc/recipe.ts';
import type { Lesson, Recipe, Task } from './recipe.ts';
import { spide } from './spide/recipe.ts';

/** A recipe whose settings are parsed where they are used. */
export interface RecipeEntry {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  readonly epochs: number;
  readonly settingNames: readonly string[];
  /**
   * Fills in and checks settings: those tuned for the data set, a name or a folder, then the user's.
   * @throws UserError naming the setting
   */
  readonly resolve: (data: string, given: Readonly<Record<string, unknown>>) => Record<string, unknown>;
  /** Sets the recipe up with resolved settings. */
  readonly create: (resolved: Readonly<Record<string, unknown>>, task: Task) => Lesson;
}

export function parseSettings<Settings>(
  recipe: Pick<Recipe<Settings>, 'name' | 'settings' | 'settingNames'>,
  given: Readonly<Record<string, unknown>>,
): Settings {
  const unknown = Object.keys(given).find((key) => !recipe.settingNames.includes(key));
  if (unknown !== undefined) {
    throw new UserError(
      `recipe ${recipe.name} has no setting "${unknown}"${didYouMean(unknown, recipe.settingNames)}`,
      {
        code: 'unknown-setting',
        path: unknown,
        hint: `settings: ${recipe.settingNames.join(', ')}`,
      },
    );
  }
  const parsed = recipe.settings.safeParse(given);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const key = issue.path.join('.');
  const got = JSON.stringify(given[String(issue.path[0])]);
  throw new UserError(
    `setting ${key}${got === undefined ? '' : ` = ${got}`} of recipe ${recipe.name}: ${issue.message}`,
    {
      code: 'bad-setting',
      path: key,
    },
  );
}

function entry<Settings extends Readonly<Record<string, unknown>>>(recipe: Recipe<Settings>): RecipeEntry {
  const { name, title, about, epochs, settingNames } = recipe;
  return {
    name,
    title,
    about,
    epochs,
    settingNames,
    resolve: (data, given) => ({ ...parseSettings(recipe, { ...recipe.tuned[basename(data)], ...given }) }),
    create: (resolved, task) => recipe.create(parseSettings(recipe, resolved), task),
  };
}

export const RECIPES: readonly RecipeEntry[] = [
  entry(adfa),
  entry(biograd),
  entry(biogradEvents),
  entry(biogradLoihi2),
  entry(dalton),
  entry(desire),
  entry(eprop),
  entry(nbp),
  entry(ottt),
  entry(pc),
  entry(spide),
];

/**
 * Finds a recipe by name.
 * @throws UserError with the nearest name
 */
export function findRecipe(name: string): RecipeEntry {
  const found = RECIPES.find((recipe) => recipe.name === name);
  if (found !== undefined) return found;
  const names = RECIPES.map((recipe) => recipe.name);
  throw new UserError(`no recipe is named "${name}"${didYouMean(name, names)}`, {
    code: 'unknown-recipe',
    path: name,
    hint: `recipes: ${names.join(', ')}`,
  });
}

/**
 * Settings from `key=value` texts; a value is JSON if it parses as JSON, else a string.
 * @throws UserError if there is no `=`
 */
export function settingsFromTexts(texts: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf('=');
      if (at < 1) {
        throw new UserError(`--set takes key=value, got "${text}"`, { code: 'bad-setting', path: text });
      }
      const value = text.slice(at + 1);
      try {
        return [text.slice(0, at), JSON.parse(value) as unknown];
      } catch {
        return [text.slice(0, at), value];
      }
    }),
  );
}
