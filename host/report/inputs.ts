// What runs were asked to do, and in what they differ.

import { formatCount, formatSeed, formatSetting } from './format.ts';
import type { Report } from './report.ts';
import { dataTitle } from './wording.ts';

/** An input that is not the same in all runs. */
export interface Difference {
  readonly name: string;
  /** As shown, by run; `–` for a run that has no such input. */
  readonly values: readonly string[];
}

/** Everything that a run was asked to do, by name, as it is shown. */
function inputsOf(report: Report): Map<string, string> {
  const { recipe, data, chip, precision, seed, samples, time, energy, versions } = report;
  const inputs = new Map([
    ['recipe', recipe.name],
    ['data', dataTitle(report)],
    ['data SHA-256', data.sources.map(({ sha256 }) => sha256.slice(0, 12)).join(', ')],
    ['chip', chip.name],
    ['precision', precision],
    ['energy profile', energy.profile],
    ['learning visits', energy.learningVisits],
    ['seed', formatSeed(seed)],
    ['training samples', formatCount(samples.train)],
    ['epochs', formatCount(samples.epochs)],
    ['test samples', formatCount(samples.test)],
    ['timing', time.mode],
  ]);
  for (const [name, version] of Object.entries(versions)) inputs.set(`version of ${name}`, version);
  for (const [name, value] of Object.entries(recipe.settings)) inputs.set(name, formatSetting(value));
  return inputs;
}

/** Inputs that decide whether two accuracies are of the same task. */
const TASK = ['data', 'data SHA-256', 'test samples'];

/** Inputs that are not the same in all runs. */
export function differences(reports: readonly Report[]): Difference[] {
  const inputs = reports.map(inputsOf);
  const names = [...new Set(inputs.flatMap((map) => [...map.keys()]))];
  return names
    .map((name) => ({ name, values: inputs.map((map) => map.get(name) ?? '–') }))
    .filter(({ values }) => new Set(values).size > 1);
}

/** What makes the accuracies of the runs those of different tasks; nothing if they can be compared. */
export function taskDifferences(reports: readonly Report[]): string[] {
  const names = new Set(differences(reports).map(({ name }) => name));
  return TASK.filter((name) => names.has(name));
}
