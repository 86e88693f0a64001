// The working range of aDFA's g: recipe `adfa` learns with rectangles of every place and width, and with random Fourier
// series, and docs/images/adfa-range.svg shows what came out. Finished trials are kept in a folder and not run again.
//
//   npm run build && node scripts/adfa-range.mjs [folder, default runs/adfa-range] [threads]

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, View } from 'vega';
import { compile } from 'vega-lite';
import { CounterHash, Stream } from '../dist/host/data/counter-hash.js';
import { loadDataset } from '../dist/host/data/load.js';
import { runSweep } from '../dist/host/explore/run-sweep.js';
import { driveOf, G_ENTRIES, G_MAX } from '../dist/host/recipes/adfa/g.js';

const [folder = 'runs/adfa-range', threads = '1'] = process.argv.slice(2);
const image = join(dirname(dirname(fileURLToPath(import.meta.url))), 'docs', 'images', 'adfa-range.svg');

const LOWS = [-4, -1, 0, 1, 3];
const HIGHS = [1, 2, 4, 7, 11];
const SERIES = 32;
const HARMONICS = 4;
/** Half a period of the first harmonic, in thresholds. */
const SCALE = 8;
/** Spikes that a sample can bring. */
const MOST = 10;

const drives = Array.from({ length: G_ENTRIES }, (_, entry) => driveOf(entry, 1));
const tableOf = (g) => drives.map((x) => Math.round(g(x)) + 0);
const derivative = tableOf((x) => (x > 0 && x < MOST ? G_MAX : 0));

const rectangles = LOWS.flatMap((low) =>
  HIGHS.filter((high) => high > low).map((high) => ({
    low,
    high,
    gTable: tableOf((x) => (x > low && x < high ? G_MAX : 0)),
  })),
);

const series = Array.from({ length: SERIES }, (_, i) => {
  const random = new CounterHash(1, Stream.search, i);
  const coefficients = Array.from({ length: HARMONICS + 1 }, () => [
    random.between(-1, 1),
    random.between(-1, 1),
  ]);
  const g = (x) =>
    coefficients.reduce((sum, [p, q], k) => {
      const phase = (k * Math.PI * x) / SCALE;
      return sum + p * Math.sin(phase) + q * Math.cos(phase);
    }, 0);
  const most = Math.max(...drives.map((x) => Math.abs(g(x))));
  return tableOf((x) => (G_MAX * g(x)) / most);
});

const dot = (a, b) => a.reduce((sum, x, i) => sum + x * b[i], 0);
const likeness = (g) => dot(g, derivative) / Math.sqrt(dot(g, g) * dot(derivative, derivative));

const sweep = {
  recipe: 'adfa',
  data: 'mnist',
  chip: 'loihi2',
  samples: 4000,
  epochs: 1,
  validation: 2000,
  seeds: [1],
  settings: { hidden: [64, 64], hiddenThreshold: 150, activityCost: 0 },
  grid: { gTable: [...rectangles.map(({ gTable }) => gTable), ...series] },
};
const { entries } = await runSweep(sweep, loadDataset(sweep.data), {
  folder,
  threads: Number(threads),
  say: (line) => process.stderr.write(`${line}\n`),
  interrupted: () => false,
});
const accuracyOf = new Map(
  entries.map(({ values, accuracy }) => [JSON.stringify(values.gTable), 100 * accuracy]),
);
const measured = (gTable) => accuracyOf.get(JSON.stringify(gTable));

const left = rectangles.map(({ low, high, gTable }) => ({ low, high, accuracy: measured(gTable) }));
const right = series.map((g) => ({
  likeness: likeness(g),
  accuracy: measured(g),
  mean: g.reduce((a, b) => a + b, 0) / G_ENTRIES,
}));
const spec = {
  background: 'white',
  padding: 12,
  hconcat: [
    {
      title: 'g = 1 between two drives',
      width: 280,
      height: 280,
      data: { values: left },
      encoding: {
        x: { field: 'low', type: 'ordinal', title: 'from a drive of … thresholds', axis: { labelAngle: 0 } },
        y: { field: 'high', type: 'ordinal', sort: 'descending', title: 'to' },
      },
      layer: [
        {
          mark: 'rect',
          encoding: {
            color: {
              field: 'accuracy',
              type: 'quantitative',
              title: 'kept-out %',
              scale: { scheme: 'viridis', domain: [0, 100] },
            },
          },
        },
        {
          mark: { type: 'text', fontSize: 12 },
          encoding: {
            text: { field: 'accuracy', type: 'quantitative', format: '.1f' },
            color: { condition: { test: 'datum.accuracy > 60', value: 'black' }, value: 'white' },
          },
        },
      ],
    },
    {
      title: 'random Fourier series',
      width: 380,
      height: 280,
      data: { values: right },
      mark: { type: 'point', filled: true, size: 70, stroke: '#444', strokeWidth: 0.5 },
      encoding: {
        x: {
          field: 'likeness',
          type: 'quantitative',
          title: 'cosine of g and the derivative of the clipped spike count',
          scale: { domain: [-1, 1] },
        },
        y: { field: 'accuracy', type: 'quantitative', title: 'kept-out %', scale: { domain: [0, 100] } },
        color: {
          field: 'mean',
          type: 'quantitative',
          title: 'mean of g',
          scale: { scheme: 'blueorange', domain: [-G_MAX, G_MAX] },
        },
      },
    },
  ],
  resolve: { scale: { color: 'independent' } },
};
mkdirSync(dirname(image), { recursive: true });
writeFileSync(image, await new View(parse(compile(spec).spec), { renderer: 'none' }).toSVG());
writeFileSync(join(folder, 'range.json'), `${JSON.stringify({ sweep, left, right }, null, 2)}\n`);
