// Horizontal bars with their values behind them: energy, time and spikes by name.

import { isKnown } from './format.ts';
import { html, type Markup } from './markup.ts';
import { INK, LINE, MUTED, type PlotSpec, renderPlot, shortened, textWidth } from './plot.ts';

export interface Bar {
  readonly name: string;
  /** From the left, one after the other; any common unit, >= 0. An unknown value has no length. */
  readonly parts: readonly { readonly value: number; readonly color: string }[];
  /** Written behind the bar. */
  readonly text: string;
  /** True if the text says that something is not known. */
  readonly isUncertain?: boolean;
}

const ROW_HEIGHT = 28;
const BAR_HEIGHT = 16;
/** Share of the width that names may take. */
const NAME_SHARE = 0.4;

function lengthOf({ value }: Bar['parts'][number]): number {
  return isKnown(value) ? value : 0;
}

function total({ parts }: Bar): number {
  return parts.reduce((sum, part) => sum + lengthOf(part), 0);
}

/** Bars from a common zero, in the order given. */
export async function barPlot(
  bars: readonly Bar[],
  options: { readonly width: number; readonly label: string },
): Promise<Markup> {
  // Rows are placed by number: two bars may have the same name once it is cut.
  const segments = bars.flatMap((bar, row) => {
    let end = 0;
    return bar.parts.map((part) => {
      const start = end;
      end += lengthOf(part);
      return { row, start, end, color: part.color };
    });
  });
  const labels = bars.map((bar, row) => ({
    row,
    end: total(bar),
    text: bar.text,
    name: shortened(bar.name, Math.floor((NAME_SHARE * options.width) / textWidth('n'))),
    color: bar.isUncertain === true ? MUTED : INK,
  }));
  const largest = Math.max(...bars.map(total), Number.MIN_VALUE);
  const row = {
    field: 'row',
    type: 'ordinal',
    axis: null,
    scale: { paddingInner: 0, paddingOuter: 0 },
  } as const;
  const color = { field: 'color', type: 'nominal', scale: null } as const;
  const x = { scale: { domain: [0, largest], nice: false }, axis: null };
  const spec: PlotSpec = {
    layer: [
      {
        data: { values: labels },
        mark: { type: 'text', align: 'right', baseline: 'middle', x: -10, color: INK },
        encoding: { y: row, text: { field: 'name', type: 'nominal' } },
      },
      {
        data: { values: [{}] },
        mark: { type: 'rule', color: LINE },
        encoding: { x: { datum: 0, type: 'quantitative', ...x } },
      },
      {
        data: { values: segments },
        mark: { type: 'bar', height: BAR_HEIGHT },
        encoding: {
          x: { field: 'start', type: 'quantitative', ...x },
          x2: { field: 'end' },
          y: row,
          color,
        },
      },
      {
        data: { values: labels },
        mark: { type: 'text', align: 'left', baseline: 'middle', dx: 8 },
        encoding: {
          x: { field: 'end', type: 'quantitative', ...x },
          y: row,
          text: { field: 'text', type: 'nominal' },
          color,
        },
      },
    ],
  };
  const padding = {
    left: Math.max(...labels.map(({ name }) => textWidth(name)), 0) + 14,
    right: Math.max(...labels.map(({ text }) => textWidth(text)), 0) + 14,
    top: 2,
    bottom: 2,
  };
  const height = bars.length * ROW_HEIGHT + padding.top + padding.bottom;
  return renderPlot(spec, { width: options.width, height, padding }, options.label);
}

/** Colours of a bar's parts and what they stand for. */
export function partsLegend(parts: readonly { readonly name: string; readonly color: string }[]): Markup {
  return html`<ul class="legend">${parts.map(
    ({ name, color }) => html`<li><span class="key block" style="--c: ${color}"></span>${name}</li>`,
  )}</ul>`;
}
