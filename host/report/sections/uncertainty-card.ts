// How sure an energy is: percentiles over draws, and what moves it most.

import type { TornadoRow } from '../../energy/uncertainty.ts';
import { partsLegend } from '../bar-plot.ts';
import { formatRange, formatSi, isKnown, UNKNOWN } from '../format.ts';
import { html, type Markup } from '../markup.ts';
import { card } from '../page.ts';
import { FULL_WIDTH, seriesColor } from '../plot.ts';
import type { Report } from '../report.ts';
import { tornadoPlot } from '../tornado-plot.ts';

/** Rows that are drawn; those below them move next to nothing. */
const ROWS = 10;
/** A row that moves less than this share of the value is left out. */
const LEAST_SHARE = 1e-4;

const KINDS = [
  { name: 'a choice that sources leave open', color: seriesColor(1) },
  { name: 'a coefficient over its interval', color: seriesColor(0) },
  { name: 'a coefficient that is a guess', color: seriesColor(4) },
];

function colorOf({ kind, class: known }: TornadoRow): string {
  if (kind !== 'coefficient') return KINDS[0]!.color;
  return (known === 'guess' ? KINDS[2] : KINDS[1])!.color;
}

/** `synapseVisit, 80.0 – 180 pJ`, or `profile, davies2018 or sana-fe`: names as the chip file has them. */
function nameOf({ name, kind, lowAt, highAt }: TornadoRow): string {
  if (typeof lowAt === 'number' && typeof highAt === 'number')
    return `${name}, ${formatRange(lowAt, highAt, 'J')}`;
  return `${kind}, ${lowAt} or ${highAt}`;
}

/** `29.0 – 47.4 µJ`, five draws in a hundred below and above; `unknown` if none were made. */
export function percentilesText(
  of: { readonly p5: number; readonly p95: number } | null | undefined,
): string {
  return of === null || of === undefined || !isKnown(of.p5) ? UNKNOWN : formatRange(of.p5, of.p95, 'J');
}

/** The tornado of the energy per training sample. */
export async function tornadoCard({ energy }: Report): Promise<Markup> {
  const title = 'What moves it most';
  const { uncertainty, perTrainingSampleJ } = energy;
  const { value } = perTrainingSampleJ;
  const rows = (uncertainty?.tornado ?? []).filter(
    ({ lowJ, highJ }) => isKnown(lowJ) && highJ - lowJ > LEAST_SHARE * value,
  );
  if (uncertainty === null || rows.length === 0 || !isKnown(value))
    return card(title, null, html`<p class="empty">${UNKNOWN}</p>`, 'wide');
  const bars = rows
    .slice(0, ROWS)
    .map((row) => ({ name: nameOf(row), low: row.lowJ, high: row.highJ, color: colorOf(row) }));
  const plot = await tornadoPlot(bars, {
    width: FULL_WIDTH,
    label: 'Energy per training sample at the ends of each coefficient and choice',
    value,
  });
  const { perTrainingSampleJ: drawn, perTrainingSampleAnyChoiceJ: withChoices, draws } = uncertainty;
  const remark = html`Energy per training sample as one number moves and all else stays; the line is the value,
${formatSi(value, 'J')}. Of ${draws} draws of all coefficients from their intervals, nine in ten lie in
<b>${percentilesText(drawn)}</b>; with profile and reading drawn as well, in <b>${percentilesText(withChoices)}</b>.`;
  return card(title, remark, html`${partsLegend(KINDS)}<div class="scroll">${plot}</div>`, 'wide');
}
