// Where a value lies in its range, and under which readings: the answer to "how sure are you".

import { formatSi, isKnown } from './format.ts';
import type { Markup } from './markup.ts';
import { CARD, INK, LINE, MUTED, type PlotSpec, renderPlot, shortened, textWidth } from './plot.ts';

export interface RangeRow {
  readonly name: string;
  /** Joules, >= 0; no mark if it is unknown. */
  readonly value: number;
  /** Joules; drawn as a line if given. */
  readonly low?: number;
  readonly high?: number;
  /** CSS colour of the mark. */
  readonly color: string;
  /** True for what the figures use: a filled mark. */
  readonly isChosen: boolean;
}

const ROW_HEIGHT = 28;
const NAME_CHARACTERS = 56;

/**
 * A mark for every row on a common axis from 0 J.
 * @param band joules; shaded behind the rows, with a line at its value
 */
export async function rangePlot(
  rows: readonly RangeRow[],
  options: {
    readonly width: number;
    readonly label: string;
    readonly band?: { readonly value: number; readonly low: number; readonly high: number };
  },
): Promise<Markup> {
  const { band } = options;
  const marks = rows.map(({ name, value, low, high, color, isChosen }, row) => ({
    row,
    name: shortened(name, NAME_CHARACTERS),
    value,
    low: isKnown(low) ? low : value,
    high: isKnown(high) ? high : value,
    text: formatSi(value, 'J'),
    color,
    fill: isChosen ? color : CARD,
  }));
  const known = marks.filter(({ value }) => isKnown(value));
  const bands = band !== undefined && isKnown(band.low) && isKnown(band.high) ? [band] : [];
  const ends = [...known, ...bands].map(({ high }) => high);
  const largest = Math.max(...ends, Number.MIN_VALUE);
  const y = {
    field: 'row',
    type: 'ordinal',
    axis: null,
    scale: { paddingInner: 0, paddingOuter: 0 },
  } as const;
  const scale = { domain: [0, largest], nice: false };
  const label = "datum.value === 0 ? '0' : replace(format(datum.value, '~s'), /([^0-9.]*)$/, ' $1J')";
  const axis = { tickCount: 6, labelExpr: label, title: null, grid: false };
  const x = { type: 'quantitative' as const, scale, axis };
  const color = { field: 'color', type: 'nominal', scale: null } as const;
  // Rows are placed by number, so that rows without a mark keep their place.
  const data = { values: known };
  const padding = {
    left: Math.max(...marks.map(({ name }) => textWidth(name)), 0) + 18,
    right: Math.max(...marks.map(({ text }) => textWidth(text)), 0) + 20,
    top: 2,
    bottom: 26,
  };
  // Values stand in a column of their own, where no line crosses them.
  const inner = options.width - padding.left - padding.right;
  const spec: PlotSpec = {
    layer: [
      {
        data: { values: bands },
        mark: { type: 'rect', color: 'var(--band, #e8f1f8)' },
        encoding: { x: { field: 'low', ...x }, x2: { field: 'high' } },
      },
      {
        data: { values: bands },
        mark: { type: 'rule', color: MUTED, strokeDash: [2, 3] },
        encoding: { x: { field: 'value', ...x } },
      },
      {
        data,
        mark: { type: 'rule', strokeWidth: 2 },
        encoding: { x: { field: 'low', ...x }, x2: { field: 'high' }, y, color },
      },
      {
        data,
        mark: { type: 'point', shape: 'circle', size: 80, opacity: 1, strokeWidth: 2 },
        encoding: {
          x: { field: 'value', ...x },
          y,
          stroke: color,
          fill: { field: 'fill', type: 'nominal', scale: null },
        },
      },
      {
        data: { values: marks },
        mark: { type: 'text', align: 'right', baseline: 'middle', x: -12, color: INK },
        encoding: { y, text: { field: 'name', type: 'nominal' } },
      },
      {
        data: { values: marks },
        mark: { type: 'text', align: 'right', baseline: 'middle', x: inner + padding.right, color: INK },
        encoding: { y, text: { field: 'text', type: 'nominal' } },
      },
      {
        data: { values: [{}] },
        mark: { type: 'rule', color: LINE },
        encoding: { x: { datum: 0, ...x } },
      },
    ],
  };
  const height = rows.length * ROW_HEIGHT + padding.top + padding.bottom;
  return renderPlot(spec, { width: options.width, height, padding }, options.label);
}
