// The mesh as a picture: tiles with their cores, and the links between them, the darker the busier.

import type { CycleSummary } from '../measure/cycle.ts';
import type { Markup } from './markup.ts';
import { LINE, MUTED, type PlotSpec, renderPlot, seriesColor } from './plot.ts';

type MeshLoad = CycleSummary['mesh'];

/** Sides and lanes as fractions of the distance from a tile to the next one. */
const TILE = 0.7;
const LANE = 0.07;
const GAP = 0.03;
/** What still can be seen of a core or link that did next to nothing. */
const FAINTEST = 0.06;
const LINK_MARGIN = 0.02;

interface Rectangle {
  readonly x: number;
  readonly x2: number;
  readonly y: number;
  readonly y2: number;
  readonly opacity: number;
}

function opacity(utilization: number, most: number): number {
  return most === 0 ? FAINTEST : FAINTEST + (1 - FAINTEST) * (utilization / most);
}

/** Cores of a tile stand in rows as even as possible, in the order of their numbers. */
function coreRectangles({ coresPerTile, cores }: MeshLoad): Rectangle[] {
  const columns = Math.ceil(Math.sqrt(coresPerTile));
  const side = TILE / columns;
  const most = Math.max(...cores.map(({ utilization }) => utilization));
  const taken = new Map<string, number>();
  return [...cores]
    .sort((a, b) => a.core - b.core)
    .map(({ x, y, utilization }) => {
      const slot = taken.get(`${x} ${y}`) ?? 0;
      taken.set(`${x} ${y}`, slot + 1);
      const left = x + (slot % columns) * side;
      const top = y + Math.floor(slot / columns) * side;
      return {
        x: left + GAP / 2,
        x2: left + side - GAP / 2,
        y: top + GAP / 2,
        y2: top + side - GAP / 2,
        opacity: opacity(utilization, most),
      };
    });
}

/** A lane for each direction between two tiles. */
function linkRectangles({ links }: MeshLoad): Rectangle[] {
  const most = Math.max(0, ...links.map(({ utilization }) => utilization));
  const middle = TILE / 2;
  return links.map(({ x, y, direction, utilization }) => {
    const isForward = direction.startsWith('+');
    const isAlongX = direction.endsWith('x');
    const lane = isForward ? middle - LANE - GAP / 2 : middle + GAP / 2;
    const begin = (isForward ? TILE : TILE - 1) + LINK_MARGIN;
    const length = 1 - TILE - 2 * LINK_MARGIN;
    const [alongX, alongY] = isAlongX ? [begin, lane] : [lane, begin];
    const [width, height] = isAlongX ? [length, LANE] : [LANE, length];
    return {
      x: x + alongX,
      x2: x + alongX + width,
      y: y + alongY,
      y2: y + alongY + height,
      opacity: opacity(utilization, most),
    };
  });
}

/** @param width of the whole picture, in CSS pixels; a small mesh is drawn smaller */
export async function heatMap(
  load: MeshLoad,
  options: { readonly width: number; readonly label: string },
): Promise<Markup> {
  const columns = Math.max(...load.cores.map(({ x }) => x)) + 1;
  const rows = Math.max(...load.cores.map(({ y }) => y)) + 1;
  const padding = { left: 24, right: 8, top: 20, bottom: 8 };
  const pitch = Math.min(110, (options.width - padding.left - padding.right) / columns);
  const size = {
    width: columns * pitch + padding.left + padding.right,
    height: rows * pitch + padding.top + padding.bottom,
    padding,
  };
  const scaleX = { scale: { domain: [0, columns], nice: false, zero: false }, axis: null };
  const scaleY = { scale: { domain: [rows, 0], nice: false, zero: false }, axis: null };
  const x = { field: 'x', type: 'quantitative' as const, ...scaleX };
  const y = { field: 'y', type: 'quantitative' as const, ...scaleY };
  const tiles = Array.from({ length: columns * rows }, (_, i) => {
    const [left, top] = [i % columns, Math.floor(i / columns)];
    return { x: left, x2: left + TILE, y: top, y2: top + TILE };
  });
  const filled = (values: readonly Rectangle[], color: string): PlotSpec['layer'][number] => ({
    data: { values: [...values] },
    mark: { type: 'rect', color },
    encoding: {
      x,
      x2: { field: 'x2' },
      y,
      y2: { field: 'y2' },
      opacity: { field: 'opacity', type: 'quantitative', scale: null, legend: null },
    },
  });
  const numbers = [
    ...Array.from({ length: columns }, (_, i) => ({
      x: i + TILE / 2,
      y: 0,
      text: String(i),
      dx: 0,
      dy: -12,
    })),
    ...Array.from({ length: rows }, (_, i) => ({ x: 0, y: i + TILE / 2, text: String(i), dx: -14, dy: 0 })),
  ];
  const labels = numbers.map(({ dx, dy, ...place }): PlotSpec['layer'][number] => ({
    data: { values: [place] },
    mark: { type: 'text', color: MUTED, dx, dy },
    encoding: { x, y, text: { field: 'text', type: 'nominal' } },
  }));
  const spec: PlotSpec = {
    layer: [
      {
        data: { values: tiles },
        mark: { type: 'rect', stroke: LINE, fill: 'transparent' },
        encoding: { x, x2: { field: 'x2' }, y, y2: { field: 'y2' } },
      },
      filled(coreRectangles(load), seriesColor(0)),
      filled(linkRectangles(load), seriesColor(1)),
      ...labels,
    ],
  };
  return renderPlot(spec, size, options.label);
}
