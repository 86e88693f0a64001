// What a training sample costs: by unit and phase, over readings and profiles, and what the figures leave out.

import { ENERGY_COEFFICIENTS } from '../../chip/energy-profile.ts';
import type { Percentiles } from '../../energy/uncertainty.ts';
import { SAMPLE_PARTS } from '../../recipes/recipe.ts';
import { type Bar, barPlot, partsLegend } from '../bar-plot.ts';
import { formatCount, formatRange, formatShare, formatSi, isKnown, UNKNOWN } from '../format.ts';
import { html, type Markup } from '../markup.ts';
import { card, cards, table, valueText } from '../page.ts';
import { FULL_WIDTH, HALF_WIDTH, seriesColor } from '../plot.ts';
import { type RangeRow, rangePlot } from '../range-plot.ts';
import type { Cited, Report, VisitRow } from '../report.ts';
import { MODELLED, notModelledByUnit, readingTitle, unitTitle } from '../wording.ts';
import { publishedCard } from './published-card.ts';
import { percentilesText, tornadoCard } from './uncertainty-card.ts';

type EnergyReport = Report['energy'];

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** `21.3 µJ · 80.6 %`; a unit with events that the profile has no coefficient for is at least that, or unknown. */
export function unitText(report: Report, unit: string, joules: number): string {
  const total = sumOf(Object.values(report.energy.byUnitJ).filter(isKnown));
  const text =
    total > 0 && isKnown(joules)
      ? `${formatSi(joules, 'J')} · ${formatShare(joules / total)}`
      : formatSi(joules, 'J');
  if (!notModelledByUnit(report).has(unit)) return text;
  return joules === 0 || !isKnown(joules) ? UNKNOWN : `at least ${text}`;
}

async function unitCard(report: Report): Promise<Markup> {
  const bars = Object.entries(report.energy.byUnitJ)
    .sort(([, a], [, b]) => b - a)
    .map(([unit, joules]): Bar => {
      const text = unitText(report, unit, joules);
      const parts = [{ value: joules, color: seriesColor(0) }];
      return { name: unitTitle(unit), parts, text, isUncertain: text === UNKNOWN };
    });
  const plot = await barPlot(bars, { width: HALF_WIDTH, label: 'Energy per training sample by unit' });
  return card('By unit', 'Dynamic energy per training sample.', plot);
}

async function partsCard({ energy }: Report): Promise<Markup> {
  const total = sumOf(Object.values(energy.byPartJ).filter(isKnown));
  const bars = SAMPLE_PARTS.map((part): Bar => {
    const value = energy.byPartJ[part];
    if (!isKnown(value)) return { name: part, parts: [], text: UNKNOWN, isUncertain: true };
    const share = total > 0 ? ` · ${formatShare(value / total)}` : '';
    const text = `${formatSi(value, 'J')}${share}`;
    return { name: part, parts: [{ value, color: seriesColor(1) }], text };
  });
  const plot = await barPlot(bars, { width: HALF_WIDTH, label: 'Energy per training sample by part' });
  return card('By part of a sample', 'What the energy was spent for, in terms all recipes share.', plot);
}

/** Cores that are drawn one by one. */
const CORES_SHOWN = 12;

async function coresCard({ energy }: Report): Promise<Markup> {
  const title = 'By core';
  const known = energy.byCoreJ.filter(({ perTrainingSampleJ }) => isKnown(perTrainingSampleJ));
  if (known.length === 0) return card(title, null, html`<p class="empty">${UNKNOWN}</p>`);
  const sorted = known.toSorted((a, b) => b.perTrainingSampleJ - a.perTrainingSampleJ);
  const total = sumOf(known.map(({ perTrainingSampleJ }) => perTrainingSampleJ));
  const bar = (name: string, value: number): Bar => ({
    name,
    parts: [{ value, color: seriesColor(3) }],
    text: `${formatSi(value, 'J')}${total > 0 ? ` · ${formatShare(value / total)}` : ''}`,
  });
  const shown = sorted.slice(0, CORES_SHOWN);
  const rest = sorted.slice(CORES_SHOWN);
  const bars = shown.map(({ core, coreClass, perTrainingSampleJ }) =>
    bar(`${core}  ${coreClass}`, perTrainingSampleJ),
  );
  const others = sumOf(rest.map(({ perTrainingSampleJ }) => perTrainingSampleJ));
  const all = rest.length === 0 ? bars : [...bars, bar(`${rest.length} other cores`, others)];
  const plot = await barPlot(all, { width: HALF_WIDTH, label: 'Energy per training sample by core' });
  return card(title, 'The cores that took most, with the mesh that they sent into.', plot);
}

async function phaseCard({ energy }: Report): Promise<Markup> {
  const entries = Object.entries(energy.byPhaseJ).filter(([, joules]) => joules !== 0);
  if (entries.length === 0) return card('By phase', null, html`<p class="empty">${UNKNOWN}</p>`);
  const total = sumOf(entries.map(([, joules]) => joules).filter(isKnown));
  const bars = entries.map(([name, value]): Bar => {
    const isUncertain = !isKnown(value);
    const text = isUncertain ? UNKNOWN : `${formatSi(value, 'J')} · ${formatShare(value / total)}`;
    return { name, parts: [{ value, color: seriesColor(2) }], text, isUncertain };
  });
  const plot = await barPlot(bars, { width: HALF_WIDTH, label: 'Energy per training sample by phase' });
  return card('By phase', 'The same energy, by what the chip was doing.', plot);
}

/** The reading that the figures use: the one whose learning energy they contain. */
function chosenReading({ byVisits, byUnitJ }: EnergyReport): VisitRow | undefined {
  const near = (joules: number) => Math.abs(joules - byUnitJ.learning) <= 1e-6 * Math.abs(byUnitJ.learning);
  return byVisits.find(({ learningPerTrainingSampleJ }) => near(learningPerTrainingSampleJ));
}

/** Energy of a training sample under a reading and a profile; undefined if the report does not say. */
function joulesUnder(row: VisitRow, profile: string, energy: EnergyReport): number | undefined {
  const said = row.byProfileJ[profile];
  if (said !== undefined) return said;
  if (profile === energy.profile) return row.perTrainingSampleJ;
  return row === chosenReading(energy) ? energy.byProfileJ[profile] : undefined;
}

async function rangeCard({ energy }: Report): Promise<Markup> {
  const chosen = chosenReading(energy);
  const others = Object.keys(energy.byProfileJ).filter((name) => name !== energy.profile);
  const profiles = [energy.profile, ...others].map((name, i) => ({ name, color: seriesColor(i) }));
  // One name for the rows of a reading: its profiles are told apart by colour.
  const rows = energy.byVisits.flatMap((row) =>
    profiles.flatMap(({ name: profile, color }): RangeRow[] => {
      const value = joulesUnder(row, profile, energy);
      const isDefault = profile === energy.profile;
      const name = isDefault ? readingTitle(row.reading) : '';
      return value === undefined ? [] : [{ name, value, color, isChosen: isDefault && row === chosen }];
    }),
  );
  const title = 'How sure: readings and profiles';
  if (rows.length === 0) return card(title, null, html`<p class="empty">${UNKNOWN}</p>`, 'wide');
  const plot = await rangePlot(rows, {
    width: FULL_WIDTH,
    label: 'Energy per training sample by reading of the learning visits and by profile',
    band: energy.perTrainingSampleJ,
  });
  const { low, high } = energy.perTrainingSampleJ;
  const isOutside = rows.some(({ value }) => value < low * (1 - 1e-9) || value > high * (1 + 1e-9));
  const remark = html`The value moves with the energy profile and with what a learning epoch is charged for. Shaded: the
range of the report, ${formatRange(low, high, 'J')}, over all profiles and the readings that sources leave open. Filled: what the figures
use. The intervals of single coefficients are not in it: they are below.${isOutside ? ' Marks outside it show what another design of the learning engine would cost.' : null}`;
  return card(title, remark, html`${partsLegend(profiles)}<div class="scroll">${plot}</div>`, 'wide');
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
    { title: 'learning time, busiest core', kind: 'n' },
  ] as const;
  const remark = html`Which synapses the learning engine visits is not public: the largest open question. Per training
sample, profile ${energy.profile}; shaded: what this chip file assumes, <code>${energy.learningVisits}</code>. An epoch
with an error is one in which a compartment of the core has spiked.`;
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

/** A power over chip time: what of it is a sample's, and how sure. */
function powerRemark(
  { energy, samples }: Report,
  joules: number | null,
  power: Cited | null,
  drawn: Percentiles | null | undefined,
  says: string,
): Markup {
  if (joules === null || power === null)
    return html`no public figure in the chip file, or the run modelled no chip time`;
  const range = energy.uncertainty === null ? null : html`; nine in ten draws: ${percentilesText(drawn)}`;
  return html`${formatSi(joules / samples.presented, 'J')} per training sample; ${says}, ${formatSi(power.value, 'W')} a chip, over
chip time${range}; in none of the dynamic figures`;
}

function wholeCard(report: Report): Markup {
  const { energy } = report;
  const { staticJ, embeddedJ, ioJ, dynamicJ, notModelled, byProfileJ, uncertainty, unknowns } = energy;
  const profiles = Object.keys(byProfileJ).map((name) => {
    const missing = notModelled[name];
    const text =
      missing?.length === 0 ? html`nothing that happened in this run` : coefficientNames(missing ?? []);
    return html`<div class="row"><b>Not in profile ${name}</b><span>${missing === undefined ? valueText(UNKNOWN) : text}</span></div>`;
  });
  const said = unknowns.map((text) => html`<li>${text}</li>`);
  const dynamicRange =
    uncertainty === null ? null : html`; nine in ten draws: ${percentilesText(uncertainty.dynamicJ)}`;
  const body = html`
${line('Dynamic', valueText(formatSi(dynamicJ, 'J')), html`the energy of the figures above, over all training samples${dynamicRange}`)}
${line(
  'Static',
  valueText(formatSi(staticJ, 'J')),
  powerRemark(report, staticJ, energy.staticPowerW, uncertainty?.staticJ, 'static power of the chips in use'),
)}
${line(
  'Embedded processors',
  valueText(formatSi(embeddedJ, 'J')),
  powerRemark(report, embeddedJ, energy.embeddedPowerW, uncertainty?.embeddedJ, 'their idle power'),
)}
${line(
  'Input and output',
  valueText(formatSi(ioJ, 'J')),
  powerRemark(report, ioJ, energy.ioPowerW, uncertainty?.ioJ, 'power of the input and output rail'),
)}
${profiles}
${said.length === 0 ? null : html`<div class="row"><b>Unknown</b><ul class="plain">${said}</ul></div>`}`;
  return card(
    'All of training, and what is left out',
    'Events without a coefficient add nothing; they are unknown, not free. Host, memory and board are not modelled.',
    body,
    'wide',
  );
}

/** Everything about energy. */
export async function energySection(report: Report): Promise<Markup> {
  const [units, parts, phases, cores, range, tornado] = await Promise.all([
    unitCard(report),
    partsCard(report),
    phaseCard(report),
    coresCard(report),
    rangeCard(report),
    tornadoCard(report),
  ]);
  return cards(
    parts,
    units,
    phases,
    cores,
    range,
    tornado,
    visitsCard(report),
    wholeCard(report),
    publishedCard(report),
  );
}

export function energyLead({ energy }: Report): Markup {
  const { unknowns } = energy;
  const { value, low, high } = energy.perTrainingSampleJ;
  const share = energy.byUnitJ.learning / sumOf(Object.values(energy.byUnitJ));
  const learning = isKnown(share) ? html`, of which the learning engine takes ${formatShare(share)}` : null;
  const guessed = unknowns.find((text) => text.includes('No public per-operation energy'));
  return html`${guessed === undefined ? null : html`<b>${guessed}</b> `}${formatSi(value, 'J')} per training sample (${formatRange(low, high, 'J')})${learning}. Sleep and
management are included; static energy is not. ${MODELLED}`;
}
