// Several runs beside each other: what they reached, what it cost, in what they differ, and how much of a difference
// the seed makes by itself.

import { UserError } from '../errors.ts';
import { type Bar, barPlot, partsLegend } from './bar-plot.ts';
import { contests } from './contestants.ts';
import { accuracyScale, angleScale, type Curve, curvePlot } from './curve-plot.ts';
import {
  formatAccuracy,
  formatCount,
  formatDegrees,
  formatPercent,
  formatRange,
  formatSeed,
  formatShare,
  formatSi,
  isKnown,
} from './format.ts';
import { differences, taskDifferences } from './inputs.ts';
import { type Kind, kindsOf, spreadOf } from './kinds.ts';
import { html, type Markup } from './markup.ts';
import { card, cards, page, table, valueText } from './page.ts';
import { FULL_WIDTH, HALF_WIDTH, seriesColor, shortened } from './plot.ts';
import { rangePlot } from './range-plot.ts';
import type { Report } from './report.ts';
import { CONTEST_LEAD, contestSection } from './sections/contest-section.ts';
import {
  alignmentCurve,
  checkpointCurve,
  epochCurve,
  finalAngle,
  matrices,
  UNALIGNED,
} from './sections/learning-curves.ts';
import { seedsSection } from './sections/seeds-section.ts';
import { phaseTotalS, STEP_PARTS, timedPhases } from './sections/time-section.ts';
import { dataTitle, MODELLED } from './wording.ts';

/** A run with the letter that it goes by on the page; runs of one kind share a colour. */
interface Run {
  readonly letter: string;
  readonly name: string;
  readonly color: string;
  readonly kind: Kind;
  readonly report: Report;
}

const NAME_CHARACTERS = 48;

/** A, B, …, Z, AA, … */
function letterOf(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : letterOf(Math.floor(index / 26) - 1) + last;
}

function runsOf(reports: readonly Report[], kinds: readonly Kind[]): Run[] {
  return reports.map((report, i) => {
    const place = kinds.findIndex(({ runs }) => runs.includes(i));
    const kind = kinds[place]!;
    const seed = kind.runs.length > 1 ? `, seed ${formatSeed(report.seed)}` : '';
    const letter = letterOf(i);
    const name = `${letter}  ${shortened(kind.name, NAME_CHARACTERS - seed.length)}${seed}`;
    return { letter, name, color: seriesColor(place), kind, report };
  });
}

function pageTitle(runs: readonly Run[]): string {
  const names = [...new Set(runs.map(({ report }) => `${report.recipe.title} on ${dataTitle(report)}`))];
  return names.length <= 2 ? names.join(', ') : `${runs.length} runs`;
}

function key({ letter, color }: Run): Markup {
  return html`<span class="key block" style="--c: ${color}"></span>&nbsp; <b>${letter}</b>`;
}

/** Last known angle of each feedback matrix. */
function finalAngles({ report }: Run): Markup {
  const angles = matrices(report).map(
    (matrix) => html`${matrix}&nbsp;${formatDegrees(finalAngle(report, matrix))}<br>`,
  );
  return angles.length === 0 ? html`–` : html`${angles}`;
}

function results(runs: readonly Run[]): Markup {
  const columns = [
    { title: 'Run' },
    { title: 'what it is', kind: 'wrap' },
    { title: 'test accuracy', kind: 'n' },
    { title: 'training slice', kind: 'n' },
    { title: 'ties', kind: 'n' },
    { title: 'energy per sample', kind: 'n' },
    { title: 'of it learning', kind: 'n' },
    { title: 'time per sample', kind: 'n' },
    { title: 'visits per sample', kind: 'n' },
    { title: 'alignment', kind: 'n' },
  ] as const;
  const rows = runs.map((run) => {
    const { recipe, chip, accuracy, energy, time, counts, seed } = run.report;
    const { value, low, high } = energy.perTrainingSampleJ;
    const share = isKnown(value) && value > 0 ? energy.byUnitJ.learning / value : null;
    return {
      cells: [
        html`<span class="nowrap">${key(run)}</span>`,
        html`${run.kind.name}, seed ${formatSeed(seed)}<br><span class="mute">${recipe.title} on ${dataTitle(run.report)}, ${chip.name}</span>`,
        html`<b>${valueText(formatPercent(accuracy.test, 2))}</b>`,
        valueText(formatPercent(accuracy.train, 2)),
        valueText(formatPercent(accuracy.ties, 2)),
        html`<b>${valueText(formatSi(value, 'J'))}</b><br><span class="mute">${formatRange(low, high, 'J')}</span>`,
        valueText(formatShare(share)),
        valueText(formatSi(time.perTrainingSampleS, 's')),
        valueText(formatCount(counts.perTrainingSample.synapseVisits)),
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

/** The legend names each kind once, with what its runs reached in the mean. */
function isFirst({ kind, report }: Run, reports: readonly Report[]): boolean {
  return reports[kind.runs[0]!] === report;
}

async function curves(runs: readonly Run[]): Promise<Markup> {
  const reports = runs.map(({ report }) => report);
  const lines = runs.map((run): Curve => {
    const reached = spreadOf(run.kind.distinct.map((i) => reports[i]!.accuracy.test));
    const note = formatAccuracy(reached.mean, reached.deviation);
    const curve = checkpointCurve(run.report, run.kind.name, run.color);
    return { ...curve, note, isUnnamed: !isFirst(run, reports) };
  });
  const marks = runs.map((run) => ({ ...epochCurve(run.report, '', run.color), isUnnamed: true }));
  const angles = runs.flatMap((run) =>
    matrices(run.report).map((matrix, i): Curve => {
      const last = spreadOf(run.kind.distinct.map((k) => finalAngle(reports[k]!, matrix)));
      const mark = i === 0 ? 'line' : 'dashed';
      const curve = alignmentCurve(run.report, matrix, `${run.kind.name}: ${matrix}`, run.color, mark);
      return { ...curve, note: formatDegrees(last.mean), isUnnamed: !isFirst(run, reports) };
    }),
  );
  const both = [...lines, ...marks];
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
    card(
      'Alignment of the feedback',
      'Angle between feedback and forward weights. Figures: last one, mean of the runs.',
      alignment,
    ),
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
  const remark =
    'Dynamic, modelled. The line is the range over energy profiles and readings of the learning visits.';
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
    'Chip time, modelled, by part of the step.',
    html`${legend}<div class="scroll">${plot}</div>`,
    'wide',
  );
}

const LEAD = `Energy is dynamic, with its range over profiles and readings of the learning visits; a sample is a training sample. ${MODELLED}`;

/** What must be known before the accuracies are compared. */
function caution(reports: readonly Report[]): Markup | null {
  const unlike = taskDifferences(reports);
  if (unlike.length === 0) return null;
  return html` <b>The runs differ in ${unlike.join(', ')}: their accuracies are not of the same task.</b>`;
}

/** A share against coefficients that are all guesses says what was guessed. */
function guessCaution(reports: readonly Report[]): Markup | null {
  const isGuessed = ({ energy }: Report) => {
    const own = energy.coefficients.filter(({ profile }) => profile === energy.profile);
    return own.length > 0 && own.every((row) => row.class === 'guess');
  };
  const chips = [...new Set(reports.filter(isGuessed).map(({ chip }) => chip.name))];
  if (chips.length === 0) return null;
  return html` <b>Every coefficient of ${chips.join(', ')} is a guess: a share against it says what was guessed, not what
the chip would take.</b>`;
}

/**
 * A self-contained HTML page that compares runs, in the order given.
 * @param reports at least one
 * @throws UserError if there is none
 */
export async function renderComparison(reports: readonly Report[]): Promise<string> {
  if (reports.length === 0) throw new UserError('no runs to compare', { code: 'no-runs', path: 'RUN' });
  const kinds = kindsOf(reports);
  const runs = runsOf(reports, kinds);
  const [plots, energy, time] = await Promise.all([curves(runs), energyCard(runs), timeCard(runs)]);
  const count = `${runs.length} ${runs.length === 1 ? 'run' : 'runs'}`;
  const head = html`<p class="eyebrow">Seamount comparison of ${count}</p><h1>${pageTitle(runs)}</h1>`;
  const sections = [
    { id: 'seeds', title: 'Over seeds', ...seedsSection(reports, kinds) },
    { id: 'learning', title: 'Learning', body: plots },
    { id: 'results', title: 'Run by run', lead: html`${LEAD}${caution(reports)}`, body: results(runs) },
    { id: 'cost', title: 'Cost', body: cards(energy, time) },
    ...(runs.length < 2
      ? []
      : [
          {
            id: 'less',
            title: 'Which takes less energy',
            lead: html`${CONTEST_LEAD}${guessCaution(reports)}`,
            body: contestSection(runs.map(key), contests(reports)),
          },
        ]),
    { id: 'differences', title: 'What differs', body: differenceTable(runs) },
  ];
  return page(`${pageTitle(runs)} – Seamount`, head, sections, html`Written by Seamount.`);
}
