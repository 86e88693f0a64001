// What moves an energy: a bar per coefficient or choice from the energy at its one end to that at its other, about
// the value of the report.

import { formatRange } from './format.ts';
import type { Markup } from './markup.ts';
import { INK, LINE, MUTED, type PlotSpec, renderPlot, shortened, textWidth } from './plot.ts';

export interface TornadoBar {
  readonly name: string;
  /** Joules. */
  readonly low: number;
  readonly high: number;
  /** CSS colour. */
  readonly color: string;
}

const ROW_HEIGHT = 28;
const BAR_HEIGHT = 16;
const NAME_CHARACTERS = 64;
const FIRST_LINE_SPACE = 4;

/**
 * Bars on a common axis from 0 J, in the order given.
 * @param value joules; a line through all bars
 */
export async function tornadoPlot(
  bars: readonly TornadoBar[],
  options: { readonly width: number; readonly label: string; readonly value: number },
): Promise<Markup> {
  const marks = bars.map(({ name, low, high, color }, row) => ({
    row,
    name: shortened(name, NAME_CHARACTERS),
    low,
    high,
    text: formatRange(low, high, 'J'),
    color,
  }));
  const largest = Math.max(...bars.map(({ high }) => high), options.value, Number.MIN_VALUE);
  const y = {
    field: 'row',
    type: 'ordinal',
    axis: null,
    scale: { paddingInner: 0, paddingOuter: 0 },
  } as const;
  const label = "datum.value === 0 ? '0' : replace(format(datum.value, '~s'), /([^0-9.]*)$/, ' $1J')";
  const x = {
    type: 'quantitative' as const,
    scale: { domain: [0, largest], nice: false },
    axis: { tickCount: 6, labelExpr: label, title: null, grid: false },
  };
  const padding = {
    left: Math.max(...marks.map(({ name }) => textWidth(name)), 0) + 18,
    right: Math.max(...marks.map(({ text }) => textWidth(text)), 0) + 20,
    top: FIRST_LINE_SPACE,
    bottom: 26,
  };
  const inner = options.width - padding.left - padding.right;
  const data = { values: marks };
  const spec: PlotSpec = {
    layer: [
      {
        data: { values: [{}] },
        mark: { type: 'rule', color: LINE },
        encoding: { x: { datum: 0, ...x } },
      },
      {
        data,
        mark: { type: 'bar', height: BAR_HEIGHT },
        encoding: {
          x: { field: 'low', ...x },
          x2: { field: 'high' },
          y,
          color: { field: 'color', type: 'nominal', scale: null },
        },
      },
      {
        data: { values: [{ value: options.value }] },
        mark: { type: 'rule', color: MUTED, strokeDash: [2, 3] },
        encoding: { x: { field: 'value', ...x } },
      },
      {
        data,
        mark: { type: 'text', align: 'right', baseline: 'middle', x: -12, color: INK },
        encoding: { y, text: { field: 'name', type: 'nominal' } },
      },
      {
        data,
        mark: { type: 'text', align: 'right', baseline: 'middle', x: inner + padding.right, color: INK },
        encoding: { y, text: { field: 'text', type: 'nominal' } },
      },
    ],
  };
  const height = bars.length * ROW_HEIGHT + padding.top + padding.bottom;
  return renderPlot(spec, { width: options.width, height, padding }, options.label);
}
