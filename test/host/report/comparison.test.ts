// Several runs on a page: kinds, their spread over seeds, and differences against it.

import { describe, expect, it } from 'vitest';
import { renderComparison } from '../../../host/report/compare.ts';
import { contrastOf, kindsOf, spreadOf } from '../../../host/report/kinds.ts';
import type { Report } from '../../../host/report/report.ts';
import { userErrorOfAsync } from '../../support/errors.ts';
import { byId, descendants, parseHtml, tableRows, textOf } from '../../support/html.ts';
import { readPercent } from './figures.ts';
import { fixtureReport } from './fixture.ts';

/** A run of the fixture with another seed, feedback and result. */
function run(feedback: string, seed: number, test: number, changes: Partial<Report> = {}): Report {
  const { recipe, accuracy } = fixtureReport();
  // As in BioGrad, another feedback has another default beside it.
  const settings = { ...recipe.settings, hiddenNoise: feedback.length, feedback };
  return fixtureReport({
    recipe: { ...recipe, settings },
    seed,
    accuracy: { ...accuracy, test },
    ...changes,
  });
}

const RUNS = [
  run('sleep', 1, 0.97),
  run('random', 1, 0.95),
  run('sleep', 2, 0.972),
  run('random', 2, 0.953),
  run('sleep', 3, 0.971),
  run('copies', 1, 0.9715),
];

describe('kinds of runs', () => {
  it('are runs that differ in nothing but their seed, named by the choice and not by the defaults it brings', () => {
    const kinds = kindsOf(RUNS);
    expect(kinds.map(({ name, runs }) => [name, runs])).toEqual([
      ['feedback sleep', [0, 2, 4]],
      ['feedback random', [1, 3]],
      ['feedback copies', [5]],
    ]);
  });

  it('are named by as many inputs as tell them apart, data by its bare name', () => {
    const mnist = { data: { name: 'mnist', title: 'MNIST', synthetic: false, sources: [] } };
    const names = kindsOf([...RUNS, run('sleep', 1, 0.9, mnist)]).map(({ name }) => name);
    expect(names).toContain('MNIST, feedback sleep');
    expect(names).toContain('Digits (drawn by program, synthetic), feedback sleep');
  });

  it('are not set apart by the version of Node, but by that of the core', () => {
    const { versions } = fixtureReport();
    const node = run('sleep', 2, 0.97, { versions: { ...versions, node: '24.0.0' } });
    const core = run('sleep', 2, 0.97, { versions: { ...versions, core: 'another' } });
    expect(kindsOf([RUNS[0]!, node])).toHaveLength(1);
    expect(kindsOf([RUNS[0]!, core]).map(({ name }) => name)).toEqual([
      `version of core ${versions.core}`,
      'version of core another',
    ]);
  });

  it('count a seed once: a run made twice says nothing about chance', () => {
    const [kind] = kindsOf([RUNS[0]!, RUNS[0]!, RUNS[2]!]);
    expect(kind!.runs).toEqual([0, 1, 2]);
    expect(kind!.distinct).toEqual([0, 2]);
  });
});

describe('spread over seeds', () => {
  it('is the standard deviation of n - 1, and unknown for one value', () => {
    const spread = spreadOf([2, 4, 9, null, Number.NaN]);
    expect(spread).toMatchObject({ count: 3, mean: 5, low: 2, high: 9 });
    expect(spread.deviation).toBeCloseTo(Math.sqrt(13), 12);
    expect(spreadOf([7])).toMatchObject({ count: 1, mean: 7, deviation: Number.NaN });
    expect(spreadOf([])).toEqual({
      count: 0,
      mean: Number.NaN,
      deviation: Number.NaN,
      low: Number.NaN,
      high: Number.NaN,
    });
  });

  it('is pooled for a contrast, weighted by the degrees of freedom', () => {
    const a = spreadOf([1, 3]); // variance 2, one degree of freedom
    const b = spreadOf([10, 11, 12]); // variance 1, two
    const { difference, deviation, isApart } = contrastOf(b, a);
    expect(difference).toBe(9);
    expect(deviation).toBeCloseTo(Math.sqrt((2 * 1 + 1 * 2) / 3), 12);
    expect(isApart).toBe(true);
    expect(contrastOf(a, spreadOf([5])).deviation).toBeCloseTo(Math.SQRT2, 12);
    expect(contrastOf(spreadOf([4]), spreadOf([5])).deviation).toBeNaN();
    expect(contrastOf(spreadOf([1, 5]), spreadOf([4, 8])).isApart).toBe(false);
  });
});

describe('page of several runs', () => {
  it('gives mean and spread by kind, and the difference against the spread', async () => {
    const seeds = byId(parseHtml(await renderComparison(RUNS)), 'seeds');
    const rows = tableRows(seeds);
    const kind = (name: string) => rows.find(([first]) => first === name)!;
    expect(kind('feedback sleep').slice(1, 4)).toEqual([
      '3 (1, 2, 3)',
      '97.10 % ± 0.10 pp',
      '97.00 % – 97.20 %',
    ]);
    // A spread of one seed is not known, and is not 0.
    expect(kind('feedback copies').slice(1, 3)).toEqual(['1 (1)', '97.15 %']);
    const contrast = rows.find(([first]) => /sleep less feedback random$/.test(first!))!;
    // Means 97.10 and 95.15 %; variances 0.01 and 0.045 pp² with 2 and 1 degrees of freedom.
    expect(contrast.slice(1, 4)).toEqual(['+1.95 pp', '0.15 pp', '13']);
    expect(contrast[4]).toBe('no overlap of the runs');
    const close = rows.find(([first]) => /sleep less feedback copies$/.test(first!))!;
    expect(close[4]).toBe('less than the spread of one kind; the runs overlap; one kind has one seed only');
  });

  it('gives every run its own line and curve, and names every kind once in a legend', async () => {
    const page = parseHtml(await renderComparison(RUNS));
    const lines = tableRows(byId(page, 'results')).slice(1);
    expect(lines.map(([, , accuracy]) => readPercent(accuracy!))).toEqual(
      RUNS.map(({ accuracy }) => accuracy.test),
    );
    const learning = byId(page, 'learning');
    const legend = descendants(learning).find(({ attributes }) => attributes.get('class') === 'legend')!;
    const names = legend.children.filter((child) => typeof child !== 'string').map(textOf);
    expect(names.map((name) => name.replace(/ \d.*/s, '').trim())).toEqual([
      'feedback sleep',
      'feedback random',
      'feedback copies',
    ]);
    expect(textOf(byId(page, 'results'))).toContain('not measurements');
  });

  it('tells in how many draws one run takes less energy than another', async () => {
    const { counts, energy, chip } = fixtureReport();
    const less = Object.fromEntries(
      Object.entries(counts.perTrainingSample).map(([name, count]) => [name, 0.9 * count]),
    ) as Report['counts']['perTrainingSample'];
    const guessed = energy.coefficients.map((row) => ({
      ...row,
      value: 2 * row.value,
      low: row.value,
      high: 9 * row.value,
      class: 'guess',
    }));
    const reports = [
      RUNS[0]!,
      run('sleep', 2, 0.97, { counts: { ...counts, perTrainingSample: less } }),
      run('sleep', 3, 0.97, {
        chip: { ...chip, name: 'guessed' },
        energy: { ...energy, coefficients: guessed },
      }),
    ];
    const section = byId(parseHtml(await renderComparison(reports)), 'less');
    const shares = tableRows(section)
      .slice(1)
      .map(([, ...cells]) => cells);
    // Fewer events at shared coefficients: less in every draw, under every profile and reading.
    expect([shares[0]![1], shares[1]![0]]).toEqual(['0 %', '100.0 %']);
    expect(shares.map((row, i) => row[i])).toEqual(['–', '–', '–']);
    expect(textOf(section)).toContain('Every coefficient of guessed is a guess');
  });

  it('says that chance is unknown if every run is the only one of its kind', async () => {
    const page = parseHtml(await renderComparison([RUNS[0]!, RUNS[1]!]));
    const text = textOf(byId(page, 'seeds'));
    expect(text).toContain("how much of a difference is the seed's is unknown");
    expect(text).toContain('unknown: one seed each');
    expect(text).not.toMatch(/\d. ±|NaN/);
  });

  it('warns of different tasks and compares no accuracies between them', async () => {
    const mnist = { data: { name: 'mnist', title: 'MNIST', synthetic: false, sources: [] } };
    const page = parseHtml(await renderComparison([RUNS[0]!, RUNS[2]!, run('sleep', 1, 0.9, mnist)]));
    expect(textOf(byId(page, 'results'))).toContain('not of the same task');
    expect(textOf(byId(page, 'seeds'))).not.toContain('Differences against');
    for (const line of textOf(page).split('\n'))
      if (line.includes('Digits (drawn')) expect(line).toContain('synthetic');
  });

  it('shows a single run, and many runs of one kind', async () => {
    const one = textOf(parseHtml(await renderComparison([RUNS[0]!])));
    expect(one).toContain('Nothing: the runs had the same inputs.');
    const many = Array.from({ length: 30 }, (_, i) => run('sleep', i, 0.9 + i / 1000));
    const page = parseHtml(await renderComparison(many));
    expect(tableRows(byId(page, 'results')).at(-1)![0]).toBe('AD');
    expect(textOf(byId(page, 'seeds'))).toContain('91.45 %');
  });

  it('shows what some runs lack as unknown', async () => {
    const { accuracy, time } = fixtureReport();
    const bare = run('random', 1, Number.NaN, {
      time: { ...time, perTrainingSampleS: null, perStepS: null, byPhaseS: null, mode: 'functional' },
      accuracy: { ...accuracy, test: Number.NaN, checkpoints: [], perEpoch: [] },
      receptiveFields: null,
    });
    const text = await renderComparison([RUNS[0]!, RUNS[2]!, bare]);
    expect(text).not.toMatch(/NaN|undefined|\bnull\b/);
    const row = tableRows(byId(parseHtml(text), 'results')).at(-1)!;
    expect([row[2], row[7], row[9]]).toEqual(['unknown', 'unknown', '–']);
    expect(textOf(byId(parseHtml(text), 'seeds'))).toContain('unknown');
  });

  it('needs a run', async () => {
    expect((await userErrorOfAsync(renderComparison([]))).details.code).toBe('no-runs');
  });
});
