// Chip time of a training sample by phase, told apart into spiking, learning and management.

import { type Bar, barPlot, partsLegend } from '../bar-plot.ts';
import { formatCount, formatShare, formatSi, isKnown } from '../format.ts';
import { html, type Markup } from '../markup.ts';
import { card, cards } from '../page.ts';
import { HALF_WIDTH, seriesColor } from '../plot.ts';
import type { Report } from '../report.ts';

/** Parts of a step in the order in which they happen. */
export const STEP_PARTS = [
  { key: 'spikingS', name: 'spiking', color: seriesColor(0) },
  { key: 'learningS', name: 'learning', color: seriesColor(1) },
  { key: 'managementS', name: 'management', color: seriesColor(4) },
] as const;

type PhaseTimes = NonNullable<Report['time']['byPhaseS']>;

/** Seconds of one phase. */
export function phaseTotalS(parts: PhaseTimes[string]): number {
  return STEP_PARTS.reduce((sum, { key }) => sum + parts[key], 0);
}

/** Phases that took time, and the sum of all. */
export function timedPhases(byPhaseS: PhaseTimes): {
  readonly phases: [string, PhaseTimes[string]][];
  readonly totalS: number;
} {
  const phases = Object.entries(byPhaseS).filter(([, parts]) => phaseTotalS(parts) !== 0);
  return { phases, totalS: phases.reduce((sum, [, parts]) => sum + phaseTotalS(parts), 0) };
}

/** The card with the bars; a remark alone if the run took no chip time. */
export async function timeCard({ time }: Report): Promise<Markup> {
  const { byPhaseS, perStepS } = time;
  const title = 'Time per training sample';
  if (byPhaseS === null) {
    const text = `Unknown: this run did not model chip time (mode ${time.mode}).`;
    return card(title, null, html`<p class="empty">${text}</p>`);
  }
  const { phases, totalS } = timedPhases(byPhaseS);
  const bars = phases.map(([name, parts]): Bar => {
    const seconds = phaseTotalS(parts);
    return {
      name,
      parts: STEP_PARTS.map(({ key, color }) => ({ value: parts[key], color })),
      text: isKnown(totalS)
        ? `${formatSi(seconds, 's')} · ${formatShare(seconds / totalS)}`
        : formatSi(seconds, 's'),
      isUncertain: !isKnown(seconds),
    };
  });
  const plot = await barPlot(bars, { width: HALF_WIDTH, label: 'Chip time per training sample by phase' });
  const steps =
    perStepS === null
      ? null
      : html`<p class="note">A step takes ${formatSi(perStepS.mean, 's')} in the mean and ${formatSi(perStepS.max, 's')} at
most. Model: ${time.mode}.</p>`;
  return card(
    title,
    'Chip time, modelled, by phase and by part of the step.',
    html`${partsLegend(STEP_PARTS)}${plot}${steps}`,
  );
}

function spikesText(spikes: number): string {
  if (!isKnown(spikes) || spikes === 0 || spikes >= 100) return formatCount(Math.round(spikes));
  return spikes.toFixed(spikes >= 10 ? 1 : 2);
}

async function spikesCard({ layers }: Report): Promise<Markup> {
  const bars = Object.entries(layers.spikesPerTestSample).map(([name, value]): Bar => {
    return { name, parts: [{ value, color: seriesColor(3) }], text: spikesText(value) };
  });
  const title = 'Spikes per layer';
  if (bars.length === 0) return card(title, null, html`<p class="empty">No layers are named.</p>`);
  const plot = await barPlot(bars, { width: HALF_WIDTH, label: 'Spikes per test sample by layer' });
  return card(
    title,
    'Per test sample, with learning off: what only learning uses is silent. In the order of the signal.',
    plot,
  );
}

/** Time and spikes side by side. */
export async function timeAndSpikes(report: Report): Promise<Markup> {
  return cards(...(await Promise.all([timeCard(report), spikesCard(report)])));
}
