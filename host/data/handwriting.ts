// One digit as a hand would write it: a glyph, bent and moved at random, drawn on a canvas. The randomness of
// an image is drawn in a fixed order from its own counter, so an image depends on nothing but its key.
// Rotation is rational, ((1 - t²), 2t) / (1 + t²) with t = tan(angle / 2): sine and cosine may differ in the
// last bit between engines, and the images must not.

import type { CounterHash } from './counter-hash.ts';
import type { Glyph, Stroke } from './digit-glyphs.ts';
import type { InkCanvas } from './ink-canvas.ts';

/** How far a hand strays. Lengths in pixels of a 28-pixel sheet unless said otherwise. */
const HAND = {
  /** Side of the square that glyphs are written in, before the factors below. */
  size: 20,
  /** Width and height vary independently, as factors. */
  widthMin: 0.75,
  widthMax: 1.15,
  heightMin: 0.82,
  heightMax: 1.1,
  /** tan(angle / 2) of the largest rotation: 20 degrees. */
  halfAngleTan: 0.176,
  /** Largest slant: x moves by this much for each unit of y. */
  shear: 0.25,
  /** Largest shift of the centre in x and in y. */
  shift: 3,
  /** Largest displacement of a single control point, in sides of the glyph's square. */
  jitter: 0.06,
  radiusMin: 0.85,
  radiusMax: 1.65,
  /** The ink at a control point keeps this far from the border. */
  margin: 0.5,
  /** Chance that a part of the ink is rubbed off, and the size of that part. */
  fadeChance: 0.2,
  fadeRadiusMin: 1,
  fadeRadiusMax: 2.2,
} as const;

/** Straight pieces between two control points: enough that no bend shows at 28 pixels. */
const PIECES = 4;

/** 2x2 matrix applied to the glyph before it is moved. */
interface Bend {
  readonly xx: number;
  readonly xy: number;
  readonly yx: number;
  readonly yy: number;
}

function drawBend(random: CounterHash): Bend {
  const width = HAND.size * random.between(HAND.widthMin, HAND.widthMax);
  const height = HAND.size * random.between(HAND.heightMin, HAND.heightMax);
  const shear = random.between(-HAND.shear, HAND.shear);
  const t = random.between(-HAND.halfAngleTan, HAND.halfAngleTan);
  const unit = 1 / (1 + t * t);
  const cosine = (1 - t * t) * unit;
  const sine = 2 * t * unit;
  // Rotation * slant * scale.
  return {
    xx: cosine * width,
    xy: (cosine * shear - sine) * height,
    yx: sine * width,
    yy: (sine * shear + cosine) * height,
  };
}

/** A stroke on the sheet: control points in pixels, and which of them are corners. */
interface PlacedStroke {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly source: Stroke;
}

function bendStroke(stroke: Stroke, bend: Bend, random: CounterHash): PlacedStroke {
  const x = new Float64Array(stroke.length);
  const y = new Float64Array(stroke.length);
  stroke.forEach((point, i) => {
    const u = point.x - 0.5 + random.bell(HAND.jitter);
    const v = point.y - 0.5 + random.bell(HAND.jitter);
    x[i] = bend.xx * u + bend.xy * v;
    y[i] = bend.yx * u + bend.yy * v;
  });
  return { x, y, source: stroke };
}

/** The shift that centres low..high on the sheet, moved by `wanted`, but keeping `room` free at both borders. */
function placement(low: number, high: number, side: number, wanted: number, room: number): number {
  const centred = (side - low - high) / 2;
  const slack = Math.max(0, (side - (high - low)) / 2 - room);
  return centred + Math.max(-slack, Math.min(slack, wanted));
}

function drawCurve(
  canvas: InkCanvas,
  stroke: PlacedStroke,
  shiftX: number,
  shiftY: number,
  radius: number,
): void {
  const { x, y, source } = stroke;
  const last = source.length - 1;
  for (let i = 0; i < last; i++) {
    // Catmull-Rom from point i to i + 1. Beyond a corner or an end the neighbour is the point itself.
    const before = i === 0 || source[i]!.isCorner ? i : i - 1;
    const after = i + 1 === last || source[i + 1]!.isCorner ? i + 1 : i + 2;
    const slopeX0 = (x[i + 1]! - x[before]!) / 2;
    const slopeY0 = (y[i + 1]! - y[before]!) / 2;
    const slopeX1 = (x[after]! - x[i]!) / 2;
    const slopeY1 = (y[after]! - y[i]!) / 2;
    let fromX = x[i]! + shiftX;
    let fromY = y[i]! + shiftY;
    for (let piece = 1; piece <= PIECES; piece++) {
      const t = piece / PIECES;
      const rest = 1 - t;
      // Hermite weights of the two ends and of their slopes.
      const w0 = rest * rest * (1 + 2 * t);
      const w1 = t * t * (3 - 2 * t);
      const s0 = t * rest * rest;
      const s1 = t * t * rest;
      const toX = w0 * x[i]! + w1 * x[i + 1]! + s0 * slopeX0 - s1 * slopeX1 + shiftX;
      const toY = w0 * y[i]! + w1 * y[i + 1]! + s0 * slopeY0 - s1 * slopeY1 + shiftY;
      canvas.line(fromX, fromY, toX, toY, radius);
      fromX = toX;
      fromY = toY;
    }
  }
}

/**
 * Blanks the canvas and writes a glyph on it with a random size, slant, rotation, place, pen and wobble.
 * Consumes draws of `random`; mutates the canvas.
 */
export function writeGlyph(canvas: InkCanvas, glyph: Glyph, random: CounterHash): void {
  canvas.clear();
  const bend = drawBend(random);
  const radius = random.between(HAND.radiusMin, HAND.radiusMax);
  const wantedX = random.between(-HAND.shift, HAND.shift);
  const wantedY = random.between(-HAND.shift, HAND.shift);
  const strokes = glyph.map((stroke) => bendStroke(stroke, bend, random));

  const room = radius + 0.5 + HAND.margin;
  const xs = strokes.flatMap((stroke) => [...stroke.x]);
  const ys = strokes.flatMap((stroke) => [...stroke.y]);
  const shiftX = placement(Math.min(...xs), Math.max(...xs), canvas.side, wantedX, room);
  const shiftY = placement(Math.min(...ys), Math.max(...ys), canvas.side, wantedY, room);
  for (const stroke of strokes) drawCurve(canvas, stroke, shiftX, shiftY, radius);

  if (random.between(0, 1) < HAND.fadeChance) {
    const stroke = strokes[random.below(strokes.length)]!;
    const point = random.below(stroke.x.length);
    const fadeRadius = random.between(HAND.fadeRadiusMin, HAND.fadeRadiusMax);
    canvas.fade(stroke.x[point]! + shiftX, stroke.y[point]! + shiftY, fadeRadius, random.between(0, 0.5));
  }
}
