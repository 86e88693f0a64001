// What kinds of runs reached over their seeds, and whether two kinds differ by more than the seeds do.

import {
  formatAccuracy,
  formatCount,
  formatDegrees,
  formatPercent,
  formatPlusMinus,
  formatPoints,
  formatSeed,
  formatSi,
  isKnown,
  type Maybe,
} from '../format.ts';
import { taskDifferences } from '../inputs.ts';
import { type Contrast, contrastOf, type Kind, type Spread, spreadOf } from '../kinds.ts';
import { html, type Markup } from '../markup.ts';
import { card, cards, table, valueText } from '../page.ts';
import { seriesColor } from '../plot.ts';
import type { Report } from '../report.ts';
import { finalAngle, matrices } from './learning-curves.ts';

/** With more kinds than this, each is compared with the first one only. */
const ALL_PAIRS = 5;

interface KindResults {
  readonly kind: Kind;
  readonly label: Markup;
  readonly reports: readonly Report[];
  readonly accuracy: Spread;
  readonly energyJ: Spread;
  readonly timeS: Spread;
}

function resultsOf(kind: Kind, place: number, all: readonly Report[]): KindResults {
  const reports = kind.distinct.map((run) => all[run]!);
  const spread = (value: (report: Report) => Maybe) => spreadOf(reports.map(value));
  return {
    kind,
    label: html`<span class="key block" style="--c: ${seriesColor(place)}"></span>&nbsp; ${kind.name}`,
    reports,
    accuracy: spread(({ accuracy }) => accuracy.test),
    energyJ: spread(({ energy }) => energy.perTrainingSampleJ.value),
    timeS: spread(({ time }) => time.perTrainingSampleS),
  };
}

function plusMinus({ mean, deviation }: Spread, format: (value: number) => string): Markup {
  return valueText(formatPlusMinus(mean, deviation, format));
}

function angles(reports: readonly Report[]): Markup {
  const names = [...new Set(reports.flatMap(matrices))];
  if (names.length === 0) return html`–`;
  return html`${names.map((matrix) => {
    const spread = spreadOf(reports.map((report) => finalAngle(report, matrix)));
    return html`${matrix}&nbsp;${plusMinus(spread, formatDegrees)}<br>`;
  })}`;
}

function kindsTable(kinds: readonly KindResults[]): Markup {
  const columns = [
    { title: 'Kind', kind: 'wrap' },
    { title: 'seeds', kind: 'wrap' },
    { title: 'test accuracy', kind: 'n' },
    { title: 'lowest – highest', kind: 'n' },
    { title: 'energy per sample', kind: 'n' },
    { title: 'time per sample', kind: 'n' },
    { title: 'alignment', kind: 'n' },
  ] as const;
  const rows = kinds.map(({ label, reports, accuracy, energyJ, timeS }) => ({
    cells: [
      label,
      html`<b>${formatCount(reports.length)}</b> <span class="mute">(${reports.map(({ seed }) => formatSeed(seed)).join(', ')})</span>`,
      html`<b>${valueText(formatAccuracy(accuracy.mean, accuracy.deviation))}</b>`,
      html`${formatPercent(accuracy.low, 2)}&nbsp;– ${formatPercent(accuracy.high, 2)}`,
      plusMinus(energyJ, (value) => formatSi(value, 'J')),
      plusMinus(timeS, (value) => formatSi(value, 's')),
      angles(reports),
    ],
  }));
  const remark =
    'Mean ± standard deviation over seeds (n − 1). Runs of a kind differ in nothing but the seed.';
  return card('Mean and spread', remark, table(columns, rows), 'wide long');
}

/** Pairs of kinds that were set the same task. */
function pairs(kinds: readonly KindResults[]): [KindResults, KindResults][] {
  const firsts = kinds.length <= ALL_PAIRS ? kinds : kinds.slice(0, 1);
  const all = firsts.flatMap((a, i) => kinds.slice(i + 1).map((b): [KindResults, KindResults] => [a, b]));
  return all.filter(([a, b]) => taskDifferences([...a.reports, ...b.reports]).length === 0);
}

function verdict({ difference, deviation, isApart }: Contrast, a: Spread, b: Spread): string {
  if (!isKnown(difference)) return 'unknown';
  if (!isKnown(deviation)) return 'unknown: one seed each';
  const size = Math.abs(difference) < deviation ? 'less than the spread of one kind' : '';
  const overlap = isApart ? 'no overlap of the runs' : 'the runs overlap';
  const few = Math.min(a.count, b.count) < 2 ? 'one kind has one seed only' : '';
  return [size, overlap, few].filter((words) => words !== '').join('; ');
}

/** `+34.2 %` of the second mean. */
function relative(a: Spread, b: Spread): string {
  const share = a.mean / b.mean - 1;
  return isKnown(share) && share > 0 ? `+${formatPercent(share)}` : formatPercent(share);
}

function contrastTable(kinds: readonly KindResults[]): Markup {
  const columns = [
    { title: 'Compared', kind: 'wrap' },
    { title: 'test accuracy', kind: 'n' },
    { title: 'spread of one run', kind: 'n' },
    { title: 'difference / spread', kind: 'n' },
    { title: 'which says', kind: 'wrap' },
    { title: 'energy', kind: 'n' },
  ] as const;
  const rows = pairs(kinds).map(([a, b]) => {
    const contrast = contrastOf(a.accuracy, b.accuracy);
    const ratio = Math.abs(contrast.difference) / contrast.deviation;
    return {
      cells: [
        html`${a.label}<br><span class="mute">less</span> ${b.label}`,
        html`<b>${valueText(formatPoints(contrast.difference))}</b>`,
        valueText(formatPoints(contrast.deviation, true)),
        Number.isFinite(ratio) ? formatCount(Number(ratio.toPrecision(2))) : '–',
        verdict(contrast, a.accuracy, b.accuracy),
        valueText(relative(a.energyJ, b.energyJ)),
      ],
    };
  });
  const remark = html`Differences of means between kinds with the same data, accuracy in percentage points (pp). The spread is the pooled standard deviation of single runs over
seeds; a standard deviation of few seeds is itself uncertain.`;
  return card('Differences against the spread of seeds', remark, table(columns, rows), 'wide long');
}

/** Means over seeds, and differences between kinds; a remark alone if no seed was varied. */
export function seedsSection(
  reports: readonly Report[],
  kinds: readonly Kind[],
): { readonly lead: Markup; readonly body: Markup } {
  const results = kinds.map((kind, place) => resultsOf(kind, place, reports));
  const isRepeated = kinds.some(({ distinct }) => distinct.length > 1);
  const repeated = kinds.reduce((sum, { runs, distinct }) => sum + runs.length - distinct.length, 0);
  const twice =
    repeated === 0
      ? null
      : html` ${formatCount(repeated)} with the same inputs and seed as another count once.`;
  const lead = isRepeated
    ? html`Runs of the same inputs and several seeds show how much of a result is chance.${twice}`
    : html`Every run is the only one of its kind: how much of a difference is the seed's is unknown.${twice}`;
  const contrasts = pairs(results).length === 0 ? [] : [contrastTable(results)];
  return { lead, body: cards(kindsTable(results), ...contrasts) };
}
