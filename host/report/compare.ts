// Several runs beside each other: what they reached, what it cost, and in what they differ.

import { UserError } from '../errors.ts';
import { type Bar, barPlot, partsLegend } from './bar-plot.ts';
import { accuracyScale, angleScale, type Curve, curvePlot } from './curve-plot.ts';
import {
  formatCount,
  formatPercent,
  formatRange,
  formatSetting,
  formatShare,
  formatSi,
  isKnown,
} from './format.ts';
import { html, type Markup } from './markup.ts';
import { card, cards, page, table, valueText } from './page.ts';
import { FULL_WIDTH, HALF_WIDTH, seriesColor, shortened } from './plot.ts';
import { rangePlot } from './range-plot.ts';
import type { Report } from './report.ts';
import {
  alignmentCurve,
  checkpointCurve,
  epochCurve,
  matrices,
  UNALIGNED,
} from './sections/learning-curves.ts';
import { phaseTotalS, STEP_PARTS, timedPhases } from './sections/time-section.ts';
import { dataTitle } from './wording.ts';

/** A run with the letter that it goes by on the page. */
interface Run {
  readonly letter: string;
  readonly name: string;
  readonly color: string;
  readonly report: Report;
}

/** A, B, …, Z, AA, … */
function letterOf(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : letterOf(Math.floor(index / 26) - 1) + last;
}

function pageTitle(runs: readonly Run[]): string {
  const names = [...new Set(runs.map(({ report }) => `${report.recipe.title} on ${dataTitle(report)}`))];
  return names.length <= 2 ? names.join(', ') : `${runs.length} runs`;
}

/** Everything that a run was asked to do, by name, as it is shown. */
function inputsOf(report: Report): Map<string, string> {
  const { recipe, data, chip, seed, samples, time, versions } = report;
  const inputs = new Map([
    ['recipe', recipe.name],
    ['data', dataTitle(report)],
    ['data SHA-256', data.sources.map(({ sha256 }) => sha256.slice(0, 12)).join(', ')],
    ['chip', chip.name],
    ['seed', String(seed)],
    ['training samples', formatCount(samples.train)],
    ['epochs', formatCount(samples.epochs)],
    ['test samples', formatCount(samples.test)],
    ['timing', time.mode],
  ]);
  for (const [name, version] of Object.entries(versions)) inputs.set(`version of ${name}`, version);
  for (const [name, value] of Object.entries(recipe.settings)) inputs.set(name, formatSetting(value));
  return inputs;
}

/** Inputs that are not the same in all runs; a run without one has `–`. */
export function differences(
  reports: readonly Report[],
): { readonly name: string; readonly values: string[] }[] {
  const inputs = reports.map(inputsOf);
  const names = [...new Set(inputs.flatMap((map) => [...map.keys()]))];
  return names
    .map((name) => ({ name, values: inputs.map((map) => map.get(name) ?? '–') }))
    .filter(({ values }) => new Set(values).size > 1);
}

function key({ letter, color }: Run): Markup {
  return html`<span class="key block" style="--c: ${color}"></span>&nbsp; <b>${letter}</b>`;
}

/** Last known angle of each feedback matrix. */
function finalAngles({ report }: Run): Markup {
  const angles = matrices(report).map((matrix) => {
    const curve = alignmentCurve(report, matrix, matrix, '', 'line');
    return html`${matrix}&nbsp;${curve.note ?? ''}<br>`;
  });
  return angles.length === 0 ? html`–` : html`${angles}`;
}

function results(runs: readonly Run[]): Markup {
  const columns = [
    { title: 'Run' },
    { title: 'recipe, data, chip', kind: 'wrap' },
    { title: 'test accuracy', kind: 'n' },
    { title: 'training', kind: 'n' },
    { title: 'ties', kind: 'n' },
    { title: 'energy per sample', kind: 'n' },
    { title: 'learning', kind: 'n' },
    { title: 'time per sample', kind: 'n' },
    { title: 'visits per sample', kind: 'n' },
    { title: 'alignment', kind: 'n' },
  ] as const;
  const rows = runs.map((run) => {
    const { recipe, chip, accuracy, energy, time, counts } = run.report;
    const { value, low, high } = energy.perTrainingSampleJ;
    const share = isKnown(value) && value > 0 ? energy.byUnitJ.learning / value : null;
    return {
      cells: [
        html`<span class="nowrap">${key(run)}</span>`,
        html`${recipe.title} on ${dataTitle(run.report)}<br><span class="mute">${chip.name}</span>`,
        html`<b>${formatPercent(accuracy.test, 2)}</b>`,
        formatPercent(accuracy.train, 2),
        formatPercent(accuracy.ties, 2),
        html`<b>${valueText(formatSi(value, 'J'))}</b><br><span class="mute">${formatRange(low, high, 'J')}</span>`,
        formatShare(share),
        valueText(formatSi(time.perTrainingSampleS, 's')),
        html`${formatCount(counts.perTrainingSample.synapseVisits)}`,
        finalAngles(run),
      ],
    };
  });
  return cards(card(null, null, table(columns, rows), 'wide long'));
}

function differenceTable(runs: readonly Run[]): Markup {
  const rows = differences(runs.map(({ report }) => report)).map(({ name, values }) => ({
    cells: [name, ...values.map((value) => html`<code>${shortened(value, 80)}</code>`)],
  }));
  if (rows.length === 0)
    return cards(card(null, null, html`<p class="empty">Nothing: the runs had the same inputs.</p>`, 'wide'));
  const columns = [{ title: 'Input' }, ...runs.map((run) => ({ title: key(run) }))];
  return cards(card(null, null, table(columns, rows), 'wide long'));
}

async function curves(runs: readonly Run[]): Promise<Markup> {
  const heldOut = runs.map(({ report, name, color }) => checkpointCurve(report, name, color));
  const tests = runs.map(({ report, name, color }) => epochCurve(report, name, color));
  const angles = runs.flatMap(({ report, letter, color }) =>
    matrices(report).map((matrix, i): Curve => {
      const mark = i === 0 ? 'line' : 'dashed';
      return alignmentCurve(report, matrix, `${letter} ${matrix}`, color, mark);
    }),
  );
  // Line and diamonds of a run share a colour, so the legend names each run once.
  const named = heldOut.map((curve, i) => ({ ...curve, note: tests[i]!.note ?? '' }));
  const marks = tests.map((curve) => ({ ...curve, isUnnamed: true }));
  const both = [...named, ...marks];
  const accuracy = await curvePlot(both, accuracyScale(both), {
    width: HALF_WIDTH,
    label: 'Accuracy over training samples, by run',
  });
  const isAligned = angles.some(({ points }) => points.some(({ y }) => isKnown(y)));
  const alignment = isAligned
    ? await curvePlot(angles, angleScale(angles), {
        width: HALF_WIDTH,
        label: 'Alignment angle over training samples, by run',
        reference: UNALIGNED,
      })
    : html`<p class="empty">No run has known angles.</p>`;
  return cards(
    card('Accuracy', 'Lines: slice of the training set. Diamonds and figures: test set.', accuracy),
    card('Alignment of the feedback', 'Angle between feedback and forward weights.', alignment),
  );
}

async function energyCard(runs: readonly Run[]): Promise<Markup> {
  const rows = runs.map(({ report, name, color }) => ({
    name,
    ...report.energy.perTrainingSampleJ,
    color,
    isChosen: true,
  }));
  const plot = await rangePlot(rows, { width: FULL_WIDTH, label: 'Energy per training sample, by run' });
  const remark = 'Dynamic. The line is the range over energy profiles and readings of the learning visits.';
  return card('Energy per training sample', remark, html`<div class="scroll">${plot}</div>`, 'wide');
}

async function timeCard(runs: readonly Run[]): Promise<Markup> {
  const bars = runs.map(({ report, name }): Bar => {
    const { byPhaseS, perTrainingSampleS } = report.time;
    const text = formatSi(perTrainingSampleS, 's');
    if (byPhaseS === null) return { name, parts: [], text, isUncertain: true };
    const { phases } = timedPhases(byPhaseS);
    const parts = STEP_PARTS.map(({ key: part, color }) => ({
      value: phases.reduce((sum, [, seconds]) => sum + seconds[part], 0),
      color,
    }));
    return { name, parts, text };
  });
  const plot = await barPlot(bars, { width: FULL_WIDTH, label: 'Chip time per training sample, by run' });
  const isTimed = runs.some(({ report }) => Object.values(report.time.byPhaseS ?? {}).some(phaseTotalS));
  const legend = isTimed ? partsLegend(STEP_PARTS) : null;
  return card(
    'Time per training sample',
    'Chip time, by part of the step.',
    html`${legend}<div class="scroll">${plot}</div>`,
    'wide',
  );
}

const LEAD =
  'Energy is dynamic, with its range over profiles and readings of the learning visits; a sample is a training sample.';

/** What must be known before the accuracies are compared. */
function caution(reports: readonly Report[]): Markup | null {
  const names = new Set(differences(reports).map(({ name }) => name));
  const unlike = ['data', 'data SHA-256', 'test samples'].filter((name) => names.has(name));
  if (unlike.length === 0) return null;
  return html` <b>The runs differ in ${unlike.join(', ')}: their accuracies are not of the same task.</b>`;
}

/**
 * A self-contained HTML page that compares runs, in the order given.
 * @param reports at least one
 * @throws UserError if there is none
 */
export async function renderComparison(reports: readonly Report[]): Promise<string> {
  if (reports.length === 0) throw new UserError('no runs to compare', { code: 'no-runs', path: 'RUN' });
  const runs = reports.map((report, i): Run => {
    const letter = letterOf(i);
    return { letter, name: `${letter}  ${nameOf(i, reports)}`, color: seriesColor(i), report };
  });
  const [plots, energy, time] = await Promise.all([curves(runs), energyCard(runs), timeCard(runs)]);
  const count = `${runs.length} ${runs.length === 1 ? 'run' : 'runs'}`;
  const head = html`<p class="eyebrow">Seamount comparison of ${count}</p><h1>${pageTitle(runs)}</h1>`;
  const sections = [
    { id: 'results', title: 'Results', lead: html`${LEAD}${caution(reports)}`, body: results(runs) },
    { id: 'differences', title: 'What differs', body: differenceTable(runs) },
    { id: 'learning', title: 'Learning', body: plots },
    { id: 'cost', title: 'Cost', body: cards(energy, time) },
  ];
  return page(`${pageTitle(runs)} – Seamount`, head, sections, html`Written by Seamount.`);
}

/** A short name: the recipe and the first few inputs that set this run apart, its settings before all others. */
function nameOf(index: number, reports: readonly Report[]): string {
  const { recipe } = reports[index]!;
  const all = differences(reports).filter(({ name }) => !/^version of|SHA-256|^recipe$/.test(name));
  const isSetting = ({ name }: { readonly name: string }) => Object.hasOwn(recipe.settings, name);
  const apart = [...all.filter(isSetting), ...all.filter((input) => !isSetting(input))];
  const words = apart.slice(0, 2).map(({ name, values }) => `${name} ${values[index]}`);
  return shortened([recipe.name, ...words].join(', '), 48);
}
