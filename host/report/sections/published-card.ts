// The run beside published systems that learn, and how far the two can be compared.

import { PUBLISHED_SYSTEMS, type PublishedSystem } from '../../energy/published.ts';
import { formatPercent, formatSi, isKnown } from '../format.ts';
import { html, type Markup } from '../markup.ts';
import { card, table } from '../page.ts';
import type { Report } from '../report.ts';
import { dataTitle } from '../wording.ts';

/** `0.59 mJ, ours × 1.3`: the published figure, and ours as a multiple of it. */
function besideText(published: number | null, ours: number): Markup {
  if (published === null) return html`<span class="unknown">not published</span>`;
  const ratio = isKnown(ours) ? ours / published : Number.NaN;
  const times = isKnown(ratio)
    ? html`<br><span class="mute">this run × ${ratio.toPrecision(2)}</span>`
    : null;
  return html`${formatSi(published, 'J')}${times}`;
}

/** What stands between the two: task and chip first. */
function cautions({ notComparable, task, chip: theirs }: PublishedSystem, { data, chip }: Report): string {
  const isMnist = /mnist/i.test(data.name) && !/fashion/i.test(data.name);
  const isLoihi2 = theirs.startsWith('Loihi 2');
  const isSameChip = isLoihi2
    ? chip.generation === 'loihi2'
    : theirs.startsWith('Loihi') && chip.generation === 'loihi1';
  const unlike = [
    ...(task.startsWith('MNIST') && isMnist ? [] : ['another task']),
    ...(isSameChip ? [] : ['another chip']),
  ];
  return [...unlike, notComparable].join('; ');
}

/** Lines of published systems. */
export function publishedCard(report: Report): Markup {
  const { energy, accuracy } = report;
  const columns = [
    { title: 'System' },
    { title: 'learns', kind: 'wrap' },
    { title: 'accuracy', kind: 'n' },
    { title: 'a training sample', kind: 'n' },
    { title: 'an answer', kind: 'n' },
    { title: 'can be compared', kind: 'wrap' },
    { title: 'cannot', kind: 'wrap' },
  ] as const;
  const own = {
    isChosen: true,
    cells: [
      'this run',
      html`on the chip, ${report.recipe.title}<br><span class="mute">${dataTitle(report)}</span>`,
      formatPercent(accuracy.test),
      formatSi(energy.perTrainingSampleJ.value, 'J'),
      formatSi(energy.perTestSampleJ.value, 'J'),
      'modelled, dynamic energy of the cores and the mesh',
      'host, board, memory, static energy and the embedded processors are not in it',
    ],
  };
  const rows = PUBLISHED_SYSTEMS.map((system) => ({
    cells: [
      html`${system.name}<br><span class="mute">${system.chip}</span>`,
      html`${system.learns}: ${system.rule}<br><span class="mute">${system.task}</span>`,
      system.accuracy === null ? '–' : formatPercent(system.accuracy),
      besideText(system.trainingJ, energy.perTrainingSampleJ.value),
      besideText(system.inferenceJ, energy.perTestSampleJ.value),
      system.comparable,
      html`${cautions(system, report)}<br><span class="mute">${system.source}</span>`,
    ],
  }));
  const remark =
    'Measured figures of others, as published. They differ in task, network, technology and in what is counted; a ratio says no more than its line allows.';
  return card('Beside published systems', remark, table(columns, [own, ...rows]), 'wide long');
}
