// Runs that differ in nothing but their seed are of one kind: their spread is what chance makes of a result, and the
// measure of a difference between two kinds.

import { isKnown, type Maybe } from './format.ts';
import { type Difference, differences } from './inputs.ts';
import type { Report } from './report.ts';

export interface Kind {
  /** The inputs that set the kind apart; the recipe if there is but one kind. */
  readonly name: string;
  /** Places of its runs in the list of all. */
  readonly runs: readonly number[];
  /** One run per seed: a run that was made twice says nothing about chance. */
  readonly distinct: readonly number[];
}

/** Mean and spread of a result over seeds. */
export interface Spread {
  /** Known values. */
  readonly count: number;
  /** NaN if there is none. */
  readonly mean: number;
  /** Sample standard deviation, n - 1; NaN for fewer than two values. */
  readonly deviation: number;
  readonly low: number;
  readonly high: number;
}

/** The difference of two means beside what chance makes of one run. */
export interface Contrast {
  /** First mean less second. */
  readonly difference: number;
  /** Pooled standard deviation of single runs; NaN if neither kind has two seeds. */
  readonly deviation: number;
  /** True if no value of one kind lies within the range of the other. */
  readonly isApart: boolean;
}

/** Inputs that are named first, and that need no word before their value. */
const FIRST = ['recipe', 'data', 'chip'];

/** The same bits come out whatever these are. */
const WITHOUT_EFFECT = new Set(['seed', 'version of node']);

/** Seeds, versions and hashes are no name for people. */
const IS_NAMELESS = /^seed$|^version of|SHA-256/;

/** A number for every run; runs that the inputs cannot tell apart have the same one. */
function classes(inputs: readonly Difference[], count: number): number[] {
  const keys = Array.from({ length: count }, (_, run) =>
    JSON.stringify(inputs.map(({ values }) => values[run])),
  );
  const distinct = [...new Set(keys)];
  return keys.map((key) => distinct.indexOf(key));
}

function countOf(inputs: readonly Difference[], count: number): number {
  return new Set(classes(inputs, count)).size;
}

/**
 * As few inputs as tell all kinds apart: of the settings those that are words first, since they are choices and
 * often bring defaults of numbers with them.
 */
function telling(inputs: readonly Difference[], count: number, settings: ReadonlySet<string>): Difference[] {
  const isNumber = ({ values }: Difference) => values.every((value) => /^[\d.,[\]–-]*$/.test(value));
  const rank = (input: Difference): number => {
    if (FIRST.includes(input.name)) return FIRST.indexOf(input.name);
    if (IS_NAMELESS.test(input.name)) return FIRST.length + 3;
    if (!settings.has(input.name)) return FIRST.length + 2;
    return FIRST.length + (isNumber(input) ? 1 : 0);
  };
  const ordered = inputs.toSorted((a, b) => rank(a) - rank(b));
  const all = countOf(inputs, count);
  const chosen: Difference[] = [];
  for (const input of ordered) {
    const reached = countOf(chosen, count);
    if (reached === all) break;
    if (countOf([...chosen, input], count) > reached) chosen.push(input);
  }
  return chosen;
}

/** The kinds of runs, in the order in which they first appear. */
export function kindsOf(reports: readonly Report[]): Kind[] {
  const inputs = differences(reports).filter(({ name }) => !WITHOUT_EFFECT.has(name));
  const classOf = classes(inputs, reports.length);
  const settings = new Set(reports.flatMap(({ recipe }) => Object.keys(recipe.settings)));
  const names = telling(inputs, reports.length, settings);
  return [...new Set(classOf)].map((kind) => {
    const runs = reports.flatMap((_, run) => (classOf[run] === kind ? [run] : []));
    const seeds = runs.map((run) => reports[run]!.seed);
    const first = runs[0]!;
    const words = names.map(({ name, values }) =>
      FIRST.includes(name) ? values[first]! : `${name} ${values[first]}`,
    );
    return {
      name: words.length === 0 ? reports[first]!.recipe.name : words.join(', '),
      runs,
      distinct: runs.filter((_, i) => seeds.indexOf(seeds[i]!) === i),
    };
  });
}

export function spreadOf(values: readonly Maybe[]): Spread {
  const known = values.filter(isKnown);
  const count = known.length;
  const mean = known.reduce((sum, value) => sum + value, 0) / count;
  const squares = known.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    count,
    mean,
    deviation: count < 2 ? Number.NaN : Math.sqrt(squares / (count - 1)),
    low: count === 0 ? Number.NaN : Math.min(...known),
    high: count === 0 ? Number.NaN : Math.max(...known),
  };
}

export function contrastOf(a: Spread, b: Spread): Contrast {
  const squares = [a, b].map(({ count, deviation }) => (count < 2 ? 0 : deviation ** 2 * (count - 1)));
  const freedom = [a, b].reduce((sum, { count }) => sum + Math.max(0, count - 1), 0);
  return {
    difference: a.mean - b.mean,
    deviation: freedom === 0 ? Number.NaN : Math.sqrt((squares[0]! + squares[1]!) / freedom),
    isApart: a.low > b.high || b.low > a.high,
  };
}
