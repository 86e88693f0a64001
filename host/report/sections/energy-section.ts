// What a training sample costs: by unit and phase, over readings and profiles, and what the figures leave out.

import { ENERGY_COEFFICIENTS } from '../../chip/energy-profile.ts';
import { type Bar, barPlot } from '../bar-plot.ts';
import { formatCount, formatRange, formatShare, formatSi, isKnown } from '../format.ts';
import { html, type Markup } from '../markup.ts';
import { card, cards, table, valueText } from '../page.ts';
import { FULL_WIDTH, HALF_WIDTH, seriesColor } from '../plot.ts';
import { type RangeRow, rangePlot } from '../range-plot.ts';
import type { Report, VisitRow } from '../report.ts';
import { notModelledByUnit, readingTitle, unitTitle } from '../wording.ts';

type EnergyReport = Report['energy'];

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** `21.3 µJ · 80.6 %`; a unit with events that the profile has no coefficient for is at least that, or unknown. */
export function unitText(report: Report, unit: string, joules: number): string {
  const total = sumOf(Object.values(report.energy.byUnitJ));
  const text =
    total > 0 ? `${formatSi(joules, 'J')} · ${formatShare(joules / total)}` : formatSi(joules, 'J');
  if (!notModelledByUnit(report).has(unit)) return text;
  return joules === 0 ? 'unknown' : `at least ${text}`;
}

async function unitCard(report: Report): Promise<Markup> {
  const bars = Object.entries(report.energy.byUnitJ)
    .sort(([, a], [, b]) => b - a)
    .map(([unit, joules]): Bar => {
      const text = unitText(report, unit, joules);
      const parts = [{ value: joules, color: seriesColor(0) }];
      return { name: unitTitle(unit), parts, text, isUncertain: text === 'unknown' };
    });
  const plot = await barPlot(bars, { width: HALF_WIDTH, label: 'Energy per training sample by unit' });
  return card('By unit', 'Dynamic energy per training sample.', plot);
}

async function phaseCard({ energy }: Report): Promise<Markup> {
  const entries = Object.entries(energy.byPhaseJ).filter(([, joules]) => joules > 0);
  const total = sumOf(entries.map(([, joules]) => joules));
  const bars = entries.map(([name, value]): Bar => {
    const text = `${formatSi(value, 'J')} · ${formatShare(value / total)}`;
    return { name, parts: [{ value, color: seriesColor(2) }], text };
  });
  const plot = await barPlot(bars, { width: HALF_WIDTH, label: 'Energy per training sample by phase' });
  return card('By phase', 'The same energy, by what the chip was doing.', plot);
}

/** The reading that the figures use: the one whose learning energy they contain. */
function chosenReading({ byVisits, byUnitJ }: EnergyReport): VisitRow | undefined {
  const near = (joules: number) => Math.abs(joules - byUnitJ.learning) <= 1e-6 * Math.abs(byUnitJ.learning);
  return byVisits.find(({ learningPerTrainingSampleJ }) => near(learningPerTrainingSampleJ));
}

async function rangeCard({ energy }: Report): Promise<Markup> {
  const chosen = chosenReading(energy);
  const readings = energy.byVisits.map((row): RangeRow => {
    const name = readingTitle(row.reading);
    return { name, value: row.perTrainingSampleJ, color: seriesColor(0), isChosen: row === chosen };
  });
  const profiles = Object.entries(energy.byProfileJ).map(([name, value]): RangeRow => {
    return { name: `profile ${name}`, value, color: seriesColor(1), isChosen: name === energy.profile };
  });
  const plot = await rangePlot([...profiles, ...readings], {
    width: FULL_WIDTH,
    label: 'Energy per training sample by profile and by reading of the learning visits',
    band: energy.perTrainingSampleJ,
  });
  const { low, high } = energy.perTrainingSampleJ;
  const isOutside = readings.some(({ value }) => value < low * (1 - 1e-9) || value > high * (1 + 1e-9));
  const remark = html`The value moves with the energy profile and with what a learning epoch is charged for. Shaded: the
range of the report, ${formatRange(low, high, 'J')}. Filled: what the figures use. The intervals of single
coefficients, under Provenance, are not in the range.${isOutside ? ' A reading outside the range is shown for exploration.' : null}`;
  return card('How sure: profiles and readings', remark, html`<div class="scroll">${plot}</div>`, 'wide');
}

function visitsCard({ energy }: Report): Markup {
  const chosen = chosenReading(energy);
  const rows = energy.byVisits.map((row) => ({
    isChosen: row === chosen,
    cells: [
      readingTitle(row.reading),
      formatCount(row.visitsPerTrainingSample),
      formatSi(row.learningPerTrainingSampleJ, 'J'),
      formatSi(row.perTrainingSampleJ, 'J'),
      formatSi(row.learningTimePerTrainingSampleS, 's'),
    ],
  }));
  const columns = [
    { title: 'Visited by a learning epoch' },
    { title: 'visits', kind: 'n' },
    { title: 'learning energy', kind: 'n' },
    { title: 'total energy', kind: 'n' },
    { title: 'learning time', kind: 'n' },
  ] as const;
  const remark = html`Which synapses the learning engine visits is not public: the largest open question. Per training
sample; shaded: what this chip file assumes, <code>${energy.learningVisits}</code>.`;
  return card('What a learning epoch is charged for', remark, table(columns, rows), 'wide');
}

/** Names of coefficients, each with its meaning as a hint. */
function coefficientNames(names: readonly string[]): Markup {
  const items = names.map((name, i) => {
    const meaning = Object.hasOwn(ENERGY_COEFFICIENTS, name)
      ? ENERGY_COEFFICIENTS[name as keyof typeof ENERGY_COEFFICIENTS]
      : '';
    return html`${i === 0 ? null : ', '}<code title="${meaning}">${name}</code>`;
  });
  return html`${items}`;
}

function line(name: string, value: Markup, remark: Markup | string): Markup {
  return html`<div class="row"><b>${name}</b><span class="nowrap">${value}</span><span class="mute">${remark}</span></div>`;
}

function otherCard({ energy }: Report): Markup {
  const { staticJ, dynamicJ, notModelled } = energy;
  const profiles = Object.keys(energy.byProfileJ).map((name) => {
    const missing = notModelled[name] ?? [];
    const text = missing.length === 0 ? html`nothing that happened in this run` : coefficientNames(missing);
    return html`<div class="row"><b>Not in profile ${name}</b><span>${text}</span></div>`;
  });
  const body = html`
${line('Dynamic, all of training', html`${formatSi(dynamicJ, 'J')}`, 'sum of what the figures above give per sample')}
${line(
  'Static, all of training',
  valueText(formatSi(staticJ, 'J')),
  staticJ === null
    ? 'the chip file gives no static power, or the run modelled no chip time'
    : 'static power of the chips in use over chip time; in none of the dynamic figures',
)}
${profiles}`;
  return card(
    'Outside these figures',
    'Events without a coefficient add nothing; they are unknown, not free.',
    body,
    'wide',
  );
}

/** Everything about energy. */
export async function energySection(report: Report): Promise<Markup> {
  const [units, phases, range] = await Promise.all([unitCard(report), phaseCard(report), rangeCard(report)]);
  return cards(units, phases, range, visitsCard(report), otherCard(report));
}

export function energyLead({ energy }: Report): Markup {
  const { value, low, high } = energy.perTrainingSampleJ;
  const share = energy.byUnitJ.learning / sumOf(Object.values(energy.byUnitJ));
  const learning = isKnown(share) ? html`, of which the learning engine takes ${formatShare(share)}` : null;
  return html`${formatSi(value, 'J')} per training sample (${formatRange(low, high, 'J')})${learning}. Sleep and
management are included; static energy is not.`;
}
