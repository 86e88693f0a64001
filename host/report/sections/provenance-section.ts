// Where the numbers come from: coefficients, versions, data and settings.

import {
  formatCount,
  formatDuration,
  formatRange,
  formatSeed,
  formatSetting,
  formatSi,
  UNKNOWN,
} from '../format.ts';
import { html, type Markup } from '../markup.ts';
import { card, cards, type Row, table, valueText } from '../page.ts';
import type { CoefficientRow, Report } from '../report.ts';
import { dataTitle } from '../wording.ts';

const HASH_DIGITS = 12;

/** Joules as picojoules without the noise of the conversion. */
function picojoules(joules: number): string {
  return formatCount(Number((joules * 1e12).toPrecision(6)));
}

function intervalText({ low, high, value }: CoefficientRow): string {
  return low === value && high === value ? '–' : `${picojoules(low)} – ${picojoules(high)}`;
}

function classTag(name: string | null): Markup {
  if (name === null) return html`<span class="unknown">unknown</span>`;
  return html`<span class="tag ${name === 'guess' ? 'warn' : ''}">${name}</span>`;
}

function coefficientCells(row: CoefficientRow): (Markup | string)[] {
  const name = html`<code>${row.name}</code>`;
  return [name, picojoules(row.value), intervalText(row), classTag(row.class), row.source];
}

function coefficientsCard({ energy }: Report): Markup {
  const columns = [
    { title: 'Coefficient' },
    { title: 'pJ', kind: 'n' },
    { title: 'interval, pJ', kind: 'n' },
    { title: 'class' },
    { title: 'source', kind: 'wrap' },
  ] as const;
  const profiles = [...new Set(energy.coefficients.map(({ profile }) => profile))];
  const rows = profiles.flatMap((profile) => {
    const use = profile === energy.profile ? 'gives the value of the figures' : 'counts in their range';
    const group = html`Profile ${profile} <span class="tag">${use}</span>`;
    const own = energy.coefficients.filter((row) => row.profile === profile);
    return [{ cells: [group] }, ...own.map((row) => ({ cells: coefficientCells(row) }))];
  });
  return card('Energy coefficients', 'Energy of one event.', table(columns, rows), 'wide long');
}

/** Latencies, and the static power, which is neither of an event nor in the dynamic figures. */
function timesCard({ time, energy }: Report): Markup {
  const columns = [
    { title: 'Number' },
    { title: 'value', kind: 'n' },
    { title: 'interval', kind: 'n' },
    { title: 'class' },
    { title: 'source', kind: 'wrap' },
  ] as const;
  const rows: Row[] = time.coefficients.map((row) => ({
    cells: [
      html`<code>${row.name}</code>`,
      formatSi(row.valueS, 's'),
      row.lowS === row.highS ? '–' : formatRange(row.lowS, row.highS, 's'),
      classTag(row.class),
      valueText(row.source ?? UNKNOWN),
    ],
  }));
  const powers = [
    { name: 'static power of a chip', power: energy.staticPowerW },
    { name: 'embedded processors of a chip', power: energy.embeddedPowerW },
    { name: 'input and output of a chip', power: energy.ioPowerW },
  ];
  for (const { name, power } of powers) {
    if (power === null) continue;
    const { value, low, high, class: kind, source } = power;
    rows.push({
      cells: [name, formatSi(value, 'W'), formatRange(low, high, 'W'), classTag(kind), source],
    });
  }
  if (rows.length === 0)
    return card(
      'Latencies and static power',
      null,
      html`<p class="empty">This report does not cite them.</p>`,
      'wide',
    );
  return card(
    'Latencies and static power',
    'Time of one event; chip time follows from them and the counts.',
    table(columns, rows),
    'wide long',
  );
}

function sourcesCard(report: Report): Markup {
  const rows = report.data.sources.map(({ name, sha256 }) => ({
    cells: [name, html`<code class="hash" title="${sha256}">${sha256.slice(0, HASH_DIGITS)}…</code>`],
  }));
  const remark =
    report.data.synthetic === true ? `${dataTitle(report)}: made by a program.` : dataTitle(report);
  return card('Data', remark, table([{ title: 'Source' }, { title: 'SHA-256' }], rows));
}

function pairs(entries: readonly (readonly [string, string])[]): Markup {
  const rows = entries.map(([name, value]) => ({ cells: [name, html`<code>${value}</code>`] }));
  return table([{ title: 'Name' }, { title: 'Value', kind: 'wrap' }], rows);
}

function versionsCard({ versions, seed, emulator }: Report): Markup {
  return card(
    'Program and seed',
    'With the same data and settings, the same seed and core give the same bits.',
    pairs([
      ['seed', formatSeed(seed)],
      ...Object.entries(versions),
      ['core build', emulator.build],
      ['threads of the evaluations', formatCount(emulator.threads)],
      ['wall time of training', formatDuration(emulator.wallS)],
    ]),
  );
}

function settingsCard({ recipe }: Report): Markup {
  const entries = Object.entries(recipe.settings).map(
    ([name, value]) => [name, formatSetting(value)] as const,
  );
  if (entries.length === 0) return card('Settings', null, html`<p class="empty">None are named.</p>`, 'wide');
  const half = Math.ceil(entries.length / 2);
  const body = html`<div class="cards">${[entries.slice(0, half), entries.slice(half)].map((part) => html`<div>${pairs(part)}</div>`)}</div>`;
  return card('Settings', html`Of recipe <code>${recipe.name}</code>, defaults included.`, body, 'wide long');
}

/** Everything that a figure can be traced back to. */
export function provenanceSection(report: Report): Markup {
  const tags = html`<p class="note">In sources: [P] published by Intel or in a reviewed paper, [E] from an emulator compared
with real chips, [S] from software that programs the chip, [2] second-hand, [R] from memory of a paper, [D] derived,
[A] assumed. [HW n], C and U with a number: section, conflict and unknown of the hardware reference.</p>`;
  return html`${cards(coefficientsCard(report), timesCard(report), sourcesCard(report), versionsCard(report), settingsCard(report))}${tags}`;
}
