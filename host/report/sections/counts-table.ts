// Every counter, per training and test sample: what all other figures are made of.

import { COUNTER_NAMES, COUNTERS, type CounterName } from '../../measure/counters.ts';
import { formatCount, type Maybe } from '../format.ts';
import { html, type Markup } from '../markup.ts';
import { card, cards, table, valueText } from '../page.ts';
import type { Report } from '../report.ts';

/** Counters that are not in the catalogue because they are made from other figures. */
const MADE: Readonly<Record<string, { readonly unit: string; readonly says: string }>> = {
  synapseVisits: {
    unit: 'events',
    says: 'synapses that learning is charged for, as this chip file reads it',
  },
  barriers: { unit: 'steps', says: 'steps, each of which ends with a barrier' },
};

function meaning(name: CounterName): { readonly unit: string; readonly says: string } {
  return COUNTERS.find((counter) => counter.name === name) ?? MADE[name] ?? { unit: '', says: '' };
}

/** Zeros step back, so that the eye finds what happened. */
function countText(count: Maybe): Markup {
  return count === 0 ? html`<span class="mute">0</span>` : valueText(formatCount(count));
}

function mainTable({ counts }: Report): Markup {
  const columns = [
    { title: 'Counter' },
    { title: 'per training sample', kind: 'n' },
    { title: 'per test sample', kind: 'n' },
    { title: 'all of training', kind: 'n' },
    { title: 'unit' },
    { title: 'meaning', kind: 'wrap' },
  ] as const;
  const rows = COUNTER_NAMES.map((name) => {
    const { unit, says } = meaning(name);
    return {
      cells: [
        html`<code>${name}</code>`,
        countText(counts.perTrainingSample[name]),
        countText(counts.perTestSample[name]),
        countText(counts.total[name]),
        unit,
        says,
      ],
    };
  });
  return table(columns, rows);
}

function phaseTable({ counts }: Report): Markup {
  const phases = Object.keys(counts.perPhase);
  const columns = [{ title: 'Counter' }, ...phases.map((title) => ({ title, kind: 'n' as const }))];
  const rows = COUNTER_NAMES.map((name) => ({
    cells: [html`<code>${name}</code>`, ...phases.map((phase) => countText(counts.perPhase[phase]?.[name]))],
  }));
  return html`<details><summary>All of training, by phase</summary>${table(columns, rows)}</details>`;
}

/** The table of counters, and one by phase to unfold. */
export function countsTable(report: Report): Markup {
  const body = html`${mainTable(report)}${phaseTable(report)}`;
  return cards(card(null, null, body, 'wide long'));
}
