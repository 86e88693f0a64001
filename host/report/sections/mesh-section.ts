// Where a step's time goes on the mesh, as mode `cycle` found it: what bounded the steps, and how busy cores and links
// were.

import type { CycleSummary } from '../../measure/cycle.ts';
import { type Bar, barPlot, partsLegend } from '../bar-plot.ts';
import { formatShare } from '../format.ts';
import { heatMap } from '../heat-map.ts';
import { html, type Markup } from '../markup.ts';
import { card, cards } from '../page.ts';
import { FULL_WIDTH, HALF_WIDTH, seriesColor } from '../plot.ts';
import { unitWords } from '../wording.ts';

const SHOWN = 0.0005;

function pathCard({ criticalPath }: CycleSummary): Promise<Markup> {
  const bars = Object.entries(criticalPath)
    .filter(([, share]) => share >= SHOWN)
    .sort(([, a], [, b]) => b - a)
    .map(([name, share]): Bar => {
      return {
        name: unitWords(name),
        parts: [{ value: share, color: seriesColor(0) }],
        text: formatShare(share),
      };
    });
  return barPlot(bars, { width: HALF_WIDTH, label: 'Parts of the critical path of all steps' });
}

function unitsCard({ units, injection }: CycleSummary): Promise<Markup> {
  const bars = Object.entries(units).map(([name, { meanUtilization, maxUtilization, busiestCore }]): Bar => {
    const parts = [
      { value: meanUtilization, color: seriesColor(0) },
      { value: maxUtilization - meanUtilization, color: seriesColor(5) },
    ];
    return { name: unitWords(name), parts, text: `${formatShare(maxUtilization)} (core ${busiestCore})` };
  });
  const { utilization } = injection;
  bars.push({
    name: unitWords('injection'),
    parts: [{ value: utilization, color: seriesColor(0) }],
    text: formatShare(utilization),
  });
  return barPlot(bars, { width: HALF_WIDTH, label: 'Utilization of the units of the cores' });
}

function mapNote({ mesh, links }: CycleSummary): Markup {
  const busiest = mesh.cores.reduce((most, core) => (core.utilization > most.utilization ? core : most));
  const link =
    links.busiest === null
      ? html`no link between tiles was used`
      : html`the busiest link (${links.busiest.direction} of tile ${links.busiest.x}, ${links.busiest.y}) ${formatShare(links.maxUtilization)}`;
  return html`<p class="note">The darkest core (core ${busiest.core}, its ${unitWords(busiest.unit)}) was busy
${formatShare(busiest.utilization)} of the time, ${link}. Longest buffer in the mesh: ${links.bufferedMax} flits.</p>`;
}

/** Null unless time was told in mode `cycle`. */
export async function meshSection(cycle: CycleSummary | null): Promise<Markup | null> {
  if (cycle === null) return null;
  const [path, units, map] = await Promise.all([
    pathCard(cycle),
    unitsCard(cycle),
    heatMap(cycle.mesh, { width: FULL_WIDTH, label: 'Tiles of the mesh with the load of cores and links' }),
  ]);
  const legend = partsLegend([
    { name: 'mean over the cores', color: seriesColor(0) },
    { name: 'busiest core', color: seriesColor(5) },
  ]);
  const mapLegend = partsLegend([
    { name: 'cores, by their busiest unit', color: seriesColor(0) },
    { name: 'links, both fabrics together', color: seriesColor(1) },
  ]);
  return cards(
    card('Critical path', 'What the steps waited for, as shares of the whole time.', path),
    card('Units', 'Share of the time in which a unit was at work.', html`${legend}${units}`),
    card(
      'Load of the mesh',
      'Tiles in use, by column and row; the darker, the busier, from the faintest to the busiest of its kind.',
      html`${mapLegend}${map}${mapNote(cycle)}`,
      'wide',
    ),
  );
}
