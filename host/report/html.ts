// The report of one run as a page: what it cost to learn, by unit and phase, and how sure that is.

import { html } from './markup.ts';
import { type PageSection, page } from './page.ts';
import type { Report } from './report.ts';
import { approximationSection } from './sections/approximation.ts';
import { countsTable } from './sections/counts-table.ts';
import { energyLead, energySection } from './sections/energy-section.ts';
import { headline } from './sections/headline.ts';
import { learningCurves } from './sections/learning-curves.ts';
import { legalitySection } from './sections/legality-section.ts';
import { mappingSection } from './sections/mapping-section.ts';
import { meshSection } from './sections/mesh-section.ts';
import { provenanceSection } from './sections/provenance-section.ts';
import { receptiveFields } from './sections/receptive-fields.ts';
import { timeAndSpikes } from './sections/time-section.ts';
import { dataTitle, presentedTitle } from './wording.ts';

/** What the run cost the chip. */
async function costSections(report: Report): Promise<PageSection[]> {
  const [energy, time, mesh] = await Promise.all([
    energySection(report),
    timeAndSpikes(report),
    meshSection(report.time.cycle),
  ]);
  return [
    { id: 'energy', title: 'Energy', lead: energyLead(report), body: energy },
    { id: 'time', title: 'Time and spikes', body: time },
    ...(mesh === null
      ? []
      : [
          {
            id: 'mesh',
            title: 'Cores and mesh',
            lead: 'Every unit of every core and every flit, simulated to the time quantum; the chip has no clock.',
            body: mesh,
          },
        ]),
    {
      id: 'counts',
      title: 'Counts',
      lead: 'Exact counts of what the emulated chip did; energy and time follow from them.',
      body: countsTable(report),
    },
  ];
}

/**
 * A self-contained HTML page: no scripts and no requests.
 * @returns the whole document; every text of the report is escaped
 */
export async function renderHtml(report: Report): Promise<string> {
  const isTwin = report.precision === 'float';
  const { approximation } = report;
  const sections: PageSection[] = [
    {
      id: 'learning',
      title: 'Learning',
      lead: `${presentedTitle(report)} of ${dataTitle(report)}. Checkpoints are evaluated on a copy of the ${isTwin ? 'twin' : 'chip'} with learning off.`,
      body: await (approximation === null
        ? learningCurves(report)
        : approximationSection(report, approximation)),
    },
    ...(isTwin ? [] : await costSections(report)),
    ...(approximation === null
      ? [{ id: 'fields', title: 'Receptive fields', body: receptiveFields(report) }]
      : []),
    ...(isTwin ? [] : [{ id: 'mapping', title: 'Mapping', body: mappingSection(report) }]),
    { id: 'legality', title: 'Legality', body: legalitySection(report) },
    { id: 'provenance', title: 'Provenance', body: provenanceSection(report) },
  ];
  const title = `${report.recipe.title} on ${dataTitle(report)}, ${report.chip.title} – Seamount`;
  const foot = html`Written by Seamount${report.versions.seamount === undefined ? null : ` ${report.versions.seamount}`}. The
same figures are in <code>report.json</code>, in SI units.`;
  return page(title, headline(report), sections, foot);
}
