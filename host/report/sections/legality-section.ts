// Whether a chip could do what the run did, and what had to be assumed.

import { formatCount, UNKNOWN } from '../format.ts';
import { html, type Markup } from '../markup.ts';
import { card, cards } from '../page.ts';
import type { Report } from '../report.ts';

function list(items: readonly string[] | null, none: string): Markup {
  if (items === null) return html`<p class="empty">${UNKNOWN}</p>`;
  if (items.length === 0) return html`<p class="empty">${none}</p>`;
  return html`<ul class="plain">${items.map((item) => html`<li>${item}</li>`)}</ul>`;
}

function accessLine(name: string, count: string, remark: string): Markup {
  return html`<div class="row"><b>${name}</b><span>${count}</span><span class="mute">${remark}</span></div>`;
}

/** Host access, extensions and assumptions. */
export function legalitySection(report: Report): Markup {
  const { legality, hostWeightWrites, hostStateReads, counts, chip } = report;
  const access = html`
${accessLine('Weights written by the host', formatCount(hostWeightWrites), 'while training')}
${accessLine('States read by the host', formatCount(hostStateReads), 'while training')}
${accessLine('Management writes', formatCount(counts.perTrainingSample.managementWrites), 'per training sample, by the embedded processors')}
${accessLine('Microcode swaps', formatCount(counts.perTrainingSample.microcodeSwaps), 'of these: coefficients of learning rules')}`;
  return cards(
    card('Access from outside', 'On-chip learning needs none of the first two.', access, 'wide'),
    card(
      'Extensions used',
      html`What the emulator offers and no documented chip has; checked against <code>${legality.chip}</code>.`,
      list(legality.extensions, 'None.'),
    ),
    card('Status of the chip file', null, html`<p>${chip.status}</p>`),
    card(
      'Assumptions',
      'Open questions about the chip that an option or the author of the network decided.',
      list(legality.assumptions, 'None.'),
      'wide',
    ),
  );
}
