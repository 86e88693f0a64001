// Weights of hidden neurons as small images on one scale.

import { divergingImage, paletteBar } from '../diverging-palette.ts';
import { formatCount } from '../format.ts';
import { html, type Markup } from '../markup.ts';
import { card, cards } from '../page.ts';
import { pngDataUri } from '../png.ts';
import type { Report } from '../report.ts';

type Fields = NonNullable<Report['receptiveFields']>;

/** Share of the weights that the colours must tell apart; the rest has the last colour. */
const SHOWN_SHARE = 0.99;

/** Weight of the last colour: a few extreme weights must not turn all others white. */
function colorLimit({ neurons }: Fields): { readonly limit: number; readonly largest: number } {
  const sizes = Float64Array.from(neurons.flatMap((weights) => weights.map(Math.abs))).sort();
  const largest = sizes.at(-1) ?? 0;
  const limit = sizes[Math.max(0, Math.ceil(sizes.length * SHOWN_SHARE) - 1)] ?? 0;
  return { limit: limit || largest || 1, largest };
}

function fieldImage(
  weights: readonly number[],
  index: number,
  { height, width }: Fields,
  limit: number,
): Markup {
  const low = weights.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = weights.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const text = `neuron ${index + 1} of those shown: weights ${low} to ${high}`;
  const source = pngDataUri(divergingImage(weights, height, width, limit));
  return html`<img width="${width}" height="${height}" alt="${text}" title="${text}" src="${source}">\n`;
}

/** The grid of images with its colour bar. */
export function receptiveFields({ receptiveFields: fields }: Report): Markup {
  if (fields === null || fields.neurons.length === 0)
    return cards(card(null, null, html`<p class="empty">This run shows none.</p>`, 'wide'));
  const { limit, largest } = colorLimit(fields);
  const remark = html`Weight mantissas of ${fields.neurons.length} hidden neurons, ${fields.height} × ${fields.width}
inputs each, all on one scale.${largest > limit ? ` One weight in a hundred lies beyond it, up to ±${formatCount(largest)}.` : null}`;
  const bar = html`<div class="colorbar"><span>−${formatCount(limit)}</span><img alt="colour scale" width="220" height="12" src="${pngDataUri(paletteBar(220))}"><span>+${formatCount(limit)}</span></div>`;
  const images = fields.neurons.map((weights, i) => fieldImage(weights, i, fields, limit));
  return cards(card(null, remark, html`${bar}<div class="fields">${images}</div>`, 'wide long'));
}
