// Curves over training samples: accuracy and alignment, of one run or of several.

import { isKnown, type Maybe } from './format.ts';
import { html, type Markup } from './markup.ts';
import { CARD, MUTED, type PlotSpec, renderPlot } from './plot.ts';

type Layer = PlotSpec['layer'][number];

export interface Point {
  /** Training samples presented. */
  readonly x: number;
  /** Unknown points are left out. */
  readonly y: Maybe;
}

/** One curve: points joined by a line, or marks alone. */
export interface Curve {
  readonly name: string;
  /** CSS colour. */
  readonly color: string;
  readonly mark: 'line' | 'dashed' | 'marks';
  readonly points: readonly Point[];
  /** What the legend says beside the name, e.g. the last value. */
  readonly note?: string;
  /** True if another curve of the same colour speaks for it in the legend. */
  readonly isUnnamed?: boolean;
}

/** The vertical axis; `value` is what is drawn, so that an axis may show something else than the data. */
export interface Scale {
  readonly kind: 'linear' | 'log' | 'errorLog';
  /** In data units. */
  readonly domain: readonly [number, number];
  /** In data units. */
  readonly ticks: readonly number[];
  /** Vega expression of a tick's label. */
  readonly label: string;
}

/** Errors that an accuracy axis may begin, end and have a label at. */
const ERRORS = [1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001];
const LEAST_ERROR = ERRORS.at(-1)!;
const STEPS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2];

function knownPoints({ points }: Curve): { x: number; y: number }[] {
  return points.flatMap(({ x, y }) => (isKnown(y) && isKnown(x) ? [{ x, y }] : []));
}

/** Multiples of a step from below the least to above the largest value. */
function ticksAround(low: number, high: number, step: number): number[] {
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/**
 * An accuracy axis that shows differences: not forced to 0, and by the logarithm of the error if a curve goes all the
 * way from a guess to a good classifier, whose last percents a linear axis would hide.
 */
export function accuracyScale(curves: readonly Curve[]): Scale {
  const values = curves.flatMap(knownPoints).map(({ y }) => y);
  const low = Math.max(0, Math.min(...values, 1));
  const high = Math.min(1, Math.max(...values, 0));
  if (low < 0.6 && high > 0.9) {
    const worst = ERRORS.findLast((error) => error >= 1 - low) ?? 1;
    const best = ERRORS.find((error) => error <= 1 - high) ?? LEAST_ERROR;
    const ticks = ERRORS.filter((error) => error <= worst && error >= best);
    return {
      kind: 'errorLog',
      domain: [worst, best],
      ticks,
      label: "format(100 * (1 - datum.value), '.3~f') + ' %'",
    };
  }
  if (low > high) return accuracyLinear(0, 1, 0.2);
  const step = STEPS.find((size) => ticksAround(low, high, size).length <= 7) ?? 0.2;
  return accuracyLinear(low, high, step);
}

function accuracyLinear(low: number, high: number, step: number): Scale {
  const ticks = ticksAround(low, high, step).filter((tick) => tick <= 1);
  const domain = [ticks[0]!, ticks.at(-1)!] as const;
  return { kind: 'linear', domain, ticks, label: "format(100 * datum.value, '.3~f') + ' %'" };
}

/** Angles from 0° (aligned) to at least 90° (unaligned). */
export function angleScale(curves: readonly Curve[]): Scale {
  const high = Math.max(90, ...curves.flatMap(knownPoints).map(({ y }) => y));
  const ticks = [0, 15, 30, 45, 60, 75, 90, ...(high > 90 ? [120] : []), ...(high > 120 ? [150, 180] : [])];
  const shown = high > 90 ? ticks.filter((tick) => tick % 30 === 0) : ticks;
  return { kind: 'linear', domain: [0, shown.at(-1)!], ticks: shown, label: "datum.value + '°'" };
}

function drawn(value: number, { kind }: Scale): number {
  return kind === 'errorLog' ? Math.max(LEAST_ERROR, 1 - value) : value;
}

function curveLayers(curve: Curve, scale: Scale): Layer[] {
  const values = knownPoints(curve).map(({ x, y }) => ({ x, y: drawn(y, scale) }));
  const data = { values };
  const encoding = {
    x: { field: 'x', type: 'quantitative' },
    y: { field: 'y', type: 'quantitative' },
  } as const;
  const { color } = curve;
  if (curve.mark === 'marks') {
    const mark = {
      type: 'point',
      shape: 'diamond',
      size: 110,
      filled: true,
      fill: color,
      stroke: CARD,
    } as const;
    return [{ data, encoding, mark: { ...mark, strokeWidth: 1.5, opacity: 1 } }];
  }
  const dash = curve.mark === 'dashed' ? { strokeDash: [5, 3] } : {};
  const line = { type: 'line', color, strokeWidth: 2, strokeJoin: 'round', ...dash } as const;
  const point = { type: 'point', size: 22, filled: true, color, opacity: 1 } as const;
  return values.length > 40
    ? [{ data, encoding, mark: line }]
    : [
        { data, encoding, mark: line },
        { data, encoding, mark: point },
      ];
}

/**
 * A line across the plot with words on it.
 * @param below true to write below the line
 */
function referenceLayers({ value, text }: Reference, last: number): Layer[] {
  return [
    {
      data: { values: [{ y: value }] },
      mark: { type: 'rule', color: MUTED, strokeDash: [2, 3] },
      encoding: { y: { field: 'y', type: 'quantitative' } },
    },
    {
      data: { values: [{ x: last, y: value, text }] },
      mark: { type: 'text', align: 'right', baseline: 'bottom', dy: -4, color: MUTED, fontSize: 11 },
      encoding: {
        x: { field: 'x', type: 'quantitative' },
        y: { field: 'y', type: 'quantitative' },
        text: { field: 'text', type: 'nominal' },
      },
    },
  ];
}

export interface Reference {
  readonly value: number;
  readonly text: string;
}

/** Curves on common axes, with a legend above. */
export async function curvePlot(
  curves: readonly Curve[],
  scale: Scale,
  options: { readonly width: number; readonly label: string; readonly reference?: Reference },
): Promise<Markup> {
  const last = Math.max(1, ...curves.flatMap(knownPoints).map(({ x }) => x));
  const shown = curves.filter((curve) => knownPoints(curve).length > 0);
  const spec: PlotSpec = {
    encoding: {
      x: {
        title: 'training samples',
        scale: { domain: [0, last], nice: false },
        axis: {
          labelExpr: "datum.value === 0 ? '0' : format(datum.value, '~s')",
          tickCount: 6,
          grid: false,
          domain: true,
        },
      },
      y: {
        title: null,
        scale:
          scale.kind === 'errorLog'
            ? { type: 'log', domain: [...scale.domain].sort((a, b) => a - b), reverse: true, nice: false }
            : scale.kind === 'log'
              ? { type: 'log', domain: [...scale.domain], nice: false }
              : { domain: [...scale.domain], nice: false, zero: false },
        axis: { values: [...scale.ticks], labelExpr: scale.label },
      },
    },
    layer: [
      ...(options.reference === undefined ? [] : referenceLayers(options.reference, last)),
      ...shown.flatMap((curve) => curveLayers(curve, scale)),
    ],
  };
  const padding = { left: 52, right: 22, top: options.reference === undefined ? 10 : 22, bottom: 44 };
  const svg = await renderPlot(spec, { width: options.width, height: 270, padding }, options.label);
  return html`${legend(shown.filter(({ isUnnamed }) => isUnnamed !== true))}${svg}`;
}

/** Names of curves beside their marks. */
function legend(curves: readonly Curve[]): Markup {
  const items = curves.map(
    ({ name, color, mark, note }) =>
      html`<li><span class="key ${mark}" style="--c: ${color}"></span>${name}${note === undefined ? null : html` <b>${note}</b>`}</li>`,
  );
  return html`<ul class="legend">${items}</ul>`;
}
