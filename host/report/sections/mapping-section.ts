// What the network takes of the cores it is mapped to.

import { formatCount, formatPercent, isKnown, UNKNOWN } from '../format.ts';
import { html, type Markup } from '../markup.ts';
import { card, cards, table, valueText } from '../page.ts';
import type { Report } from '../report.ts';
import { resourceAmount, resourceTitle } from '../wording.ts';

/** More cores than this are folded away. */
const CORES_SHOWN = 16;
/** Share of a limit from which a bar stands out. */
const NEARLY_FULL = 0.9;

function meter(share: number): Markup {
  const kind = share > 1 ? 'over' : share >= NEARLY_FULL ? 'full' : '';
  return html`<span class="meter ${kind}"><i style="width: ${Math.min(100, share * 100).toFixed(1)}%"></i></span>`;
}

function shareOf(used: number, limit: number): number {
  return limit > 0 ? used / limit : 0;
}

function utilizationCard({ mapping }: Report): Markup {
  const columns = [
    { title: 'Resource' },
    { title: 'limit of a core', kind: 'n' },
    { title: 'mean', kind: 'n' },
    { title: 'fullest core', kind: 'n' },
    { title: '' },
    { title: 'share', kind: 'n' },
  ] as const;
  const rows = Object.entries(mapping.utilization).map(([resource, { max, mean, limit }]) => ({
    cells: [
      resourceTitle(resource),
      resourceAmount(resource, limit),
      resourceAmount(resource, mean),
      resourceAmount(resource, max),
      meter(shareOf(max, limit)),
      formatPercent(shareOf(max, limit)),
    ],
  }));
  const { cores, chips } = mapping;
  const remark = `${formatCount(cores)} ${cores === 1 ? 'core' : 'cores'} on ${formatCount(chips)} ${chips === 1 ? 'chip' : 'chips'}. What fills up first bounds the size of the network.`;
  return card('Use of the cores', remark, table(columns, rows), 'wide');
}

function coresCard({ mapping }: Report): Markup {
  const resources = Object.entries(mapping.utilization);
  const columns = [
    { title: 'core' },
    { title: 'class' },
    ...resources.map(([resource, { limit }]) => ({
      title: html`${resourceTitle(resource)}<br>of ${resourceAmount(resource, limit)}`,
    })),
  ];
  const rows = mapping.perCore.map(({ core, coreClass, use }) => ({
    cells: [
      String(core),
      coreClass,
      ...resources.map(([resource, { limit }]) => {
        const used = use[resource];
        if (used === undefined) return html`<span class="unknown">unknown</span>`;
        return html`<span class="nowrap">${resourceAmount(resource, used)}</span>${meter(shareOf(used, limit))}`;
      }),
    ],
  }));
  const body = table(columns, rows);
  const shown =
    rows.length <= CORES_SHOWN
      ? body
      : html`<details><summary>${rows.length} cores</summary>${body}</details>`;
  return card('Core by core', null, shown, 'wide long');
}

/** Square millimetres: an area has no use for SI prefixes. */
function squareMillimetres(area: number): string {
  return `${formatCount(Number((area * 1e6).toPrecision(4)))}\u00a0mm²`;
}

function kibibytes(bytes: number | null): string {
  return bytes === null || !isKnown(bytes)
    ? UNKNOWN
    : `${formatCount(Number((bytes / 1024).toPrecision(4)))}\u00a0KiB`;
}

function areaCard({ mapping }: Report): Markup {
  const { area, cores } = mapping;
  const title = 'Area and memory';
  if (area === null) return card(title, null, html`<p class="empty">${UNKNOWN}</p>`, 'wide');
  const columns = [
    { title: 'Memory of a core' },
    { title: 'size', kind: 'n' },
    { title: 'used, mean over cores', kind: 'n' },
    { title: 'share', kind: 'n' },
  ] as const;
  const rows = area.memories.map(({ name, bytes, usedMeanBytes }) => ({
    cells: [
      name,
      kibibytes(bytes),
      valueText(kibibytes(usedMeanBytes)),
      valueText(usedMeanBytes === null ? UNKNOWN : formatPercent(shareOf(usedMeanBytes, bytes))),
    ],
  }));
  const remark = `An estimate from the chip file: ${squareMillimetres(area.usedCoresM2)} of ${squareMillimetres(area.diesM2)} are the ${formatCount(cores)} cores in use, ${squareMillimetres(area.coreM2)} and ${kibibytes(area.memoryPerCoreBytes)} each. How a core's memory is split is public in part only; state is counted in whole compartments.`;
  return card(title, remark, table(columns, rows), 'wide');
}

/** Utilization over cores, what they take of the chip, and each core. */
export function mappingSection(report: Report): Markup {
  return cards(utilizationCard(report), areaCard(report), coresCard(report));
}
