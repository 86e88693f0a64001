// Colours of signed weights: blue below 0, white at 0, red above. ColorBrewer's RdBu, told apart by people with any
// common colour blindness.

import type { RgbImage } from './png.ts';

type Rgb = readonly [number, number, number];

/** From -1 to 1 in equal steps. */
const STOPS: readonly Rgb[] = [
  [5, 48, 97],
  [33, 102, 172],
  [67, 147, 195],
  [146, 197, 222],
  [209, 229, 240],
  [247, 247, 247],
  [253, 219, 199],
  [244, 165, 130],
  [214, 96, 77],
  [178, 24, 43],
  [103, 0, 31],
];

/** Colour of a value in -1..1; beyond it, of the nearer end. */
export function divergingColor(value: number): Rgb {
  const place = ((Math.min(1, Math.max(-1, value)) + 1) / 2) * (STOPS.length - 1);
  const below = Math.min(STOPS.length - 2, Math.floor(place));
  const share = place - below;
  const [from, to] = [STOPS[below]!, STOPS[below + 1]!];
  const mix = (channel: 0 | 1 | 2) => Math.round(from[channel] * (1 - share) + to[channel] * share);
  return [mix(0), mix(1), mix(2)];
}

/**
 * Values as an image.
 * @param values [height][width], row-major; missing ones are drawn as 0
 * @param limit value with the last colour, > 0
 */
export function divergingImage(
  values: readonly number[],
  height: number,
  width: number,
  limit: number,
): RgbImage {
  const rgb = new Uint8Array(height * width * 3);
  for (let i = 0; i < height * width; i++) rgb.set(divergingColor((values[i] ?? 0) / limit), i * 3);
  return { height, width, rgb };
}

/** The palette from -1 to 1 as an image of one row. */
export function paletteBar(width: number): RgbImage {
  const values = Array.from({ length: width }, (_, i) => (2 * i) / (width - 1) - 1);
  return divergingImage(values, 1, width, 1);
}
