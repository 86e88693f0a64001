// Plots: vega-lite specifications become SVG text without a DOM. Colours are CSS variables with a fallback, so a
// plot follows the colour scheme of its page and still stands alone.

import type { TopLevelSpec } from 'vega-lite';
import { html, Markup } from './markup.ts';

/** Width of a plot beside another one, and of one that has the page for itself, in CSS pixels. */
export const HALF_WIDTH = 500;
export const FULL_WIDTH = 1064;

/** Colours of the page that plots use. */
export const INK = 'var(--ink, #1b2430)';
export const MUTED = 'var(--muted, #5a6675)';
export const LINE = 'var(--line, #e1e5ea)';
export const CARD = 'var(--card, #ffffff)';

/** Okabe and Ito's colours, told apart by people with any common colour blindness. */
const SERIES = [
  'var(--series-1, #0072b2)',
  'var(--series-2, #d55e00)',
  'var(--series-3, #009e73)',
  'var(--series-4, #b5588f)',
  'var(--series-5, #b8860b)',
  'var(--series-6, #56b4e9)',
] as const;

/** Colour of the n-th series. */
export function seriesColor(n: number): string {
  return SERIES[n % SERIES.length]!;
}

const FONT_SIZE = 12;

/** Advances in CSS pixels at that size in a wide font; there is nothing to measure text with. */
const WIDE = /[mwMW@%…]/;
const NARROW = /[iljtfrI.,:;'|()[\]\s·]/;

/** Room that a text needs at most, in CSS pixels. */
export function textWidth(text: string): number {
  const widths = Array.from(text, (letter) => (WIDE.test(letter) ? 11.7 : NARROW.test(letter) ? 4.9 : 7.8));
  return Math.ceil(widths.reduce((sum, width) => sum + width, 0));
}

/** A text cut to a number of characters. */
export function shortened(text: string, characters: number): string {
  return text.length <= characters ? text : `${text.slice(0, characters - 1)}…`;
}

/** Space around the data rectangle for axes and labels, in CSS pixels. */
export interface Padding {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const CONFIG: NonNullable<TopLevelSpec['config']> = {
  aria: false,
  background: 'transparent',
  font: 'system-ui, sans-serif',
  view: { stroke: null },
  axis: {
    labelColor: MUTED,
    labelFontSize: FONT_SIZE,
    titleColor: MUTED,
    titleFontSize: FONT_SIZE,
    titleFontWeight: 'normal',
    gridColor: LINE,
    domainColor: LINE,
    tickColor: LINE,
    labelPadding: 6,
    titlePadding: 8,
    labelFlush: false,
    ticks: false,
    domain: false,
  },
  text: { color: INK, fontSize: FONT_SIZE },
};

type LayeredSpec = Extract<TopLevelSpec, { layer: unknown }>;

/** A specification without the layout that {@link renderPlot} gives it. */
export interface PlotSpec {
  readonly layer: LayeredSpec['layer'];
  readonly encoding?: NonNullable<LayeredSpec['encoding']>;
}

/**
 * Draws a plot.
 * @param size of the whole picture, in CSS pixels
 * @param label what the plot shows, for people who cannot see it
 */
export async function renderPlot(
  spec: PlotSpec,
  size: { readonly width: number; readonly height: number; readonly padding: Padding },
  label: string,
): Promise<Markup> {
  // Loaded on first use: the two libraries take a quarter of a second, which a run without plots need not wait for.
  const [vega, vegaLite] = await Promise.all([import('vega'), import('vega-lite')]);
  const { padding } = size;
  const whole: TopLevelSpec = {
    ...spec,
    width: size.width - padding.left - padding.right,
    height: size.height - padding.top - padding.bottom,
    padding,
    // The library guesses text widths on the safe side; what fits is known here.
    autosize: { type: 'none' },
    config: CONFIG,
  };
  const view = new vega.View(vega.parse(vegaLite.compile(whole).spec), { renderer: 'none' });
  try {
    const svg = await view.toSVG();
    const { text } = titled(label);
    return new Markup(svg.replace(/^<svg /, `<svg role="img" ${text} `));
  } finally {
    view.finalize();
  }
}

function titled(label: string): Markup {
  return html`aria-label="${label}"`;
}
