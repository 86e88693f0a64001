// The table of docs/recipes/biograd.md on sleep: none, too short, right, beside exact copies and fixed random feedback.
//   node scripts/sleep-ablation.mjs DATA [SAMPLES] [HIDDEN] [SEED ...]
// Each run sees SAMPLES training samples once, and its accuracy is of all test samples.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [data = 'digits', samples = '10000', hidden = '128', ...given] = process.argv.slice(2);
const seeds = given.length > 0 ? given : ['11', '12', '13'];

const neurons = Number(hidden);
const share = (part) => String(Math.max(1, Math.round(neurons / part)));
const VARIANTS = [
  ['no sleep: feedback weights stay 0', { sleepNeurons: '0' }],
  ['one night, before the first sample', { sleepEvery: '1000000000', sleepFirst: '1000000000' }],
  ['a 16th of the neurons each sleep', { sleepNeurons: share(16) }],
  ['a quarter of the neurons each sleep', { sleepNeurons: share(4) }],
  ['all neurons each sleep', {}],
  ['fixed random feedback', { feedback: 'random' }],
  ['exact copies', { feedback: 'copies' }],
];

const place = mkdtempSync(join(tmpdir(), 'seamount-sleep-'));

function run(settings, seed) {
  const json = join(place, 'report.json');
  const sets = Object.entries({ hidden, ...settings }).flatMap(([key, value]) => [
    '--set',
    `${key}=${value}`,
  ]);
  const { status, stderr } = spawnSync(
    process.execPath,
    [
      join(root, 'dist/host/cli.js'),
      ...['train', 'biograd', '--data', data, '--samples', samples, '--epochs', '1', '--seed', seed],
      ...[...sets, '--out', join(place, 'run'), '--json', json],
    ],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(stderr);
  const report = JSON.parse(readFileSync(json, 'utf8'));
  rmSync(join(place, 'run'), { recursive: true });
  return report;
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const spread = (values) =>
  Math.sqrt(
    values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0) / Math.max(1, values.length - 1),
  );

const rows = VARIANTS.map(([name, settings]) => {
  const reports = seeds.map((seed) => run(settings, seed));
  const accuracies = reports.map(({ accuracy }) => 100 * accuracy.test);
  const angle = mean(reports.map(({ accuracy }) => accuracy.checkpoints.at(-1).alignmentDeg.EB ?? NaN));
  const sleepShare = mean(
    reports.map(({ energy }) => (energy.byPhaseJ.sleep ?? 0) / energy.perTrainingSampleJ.value),
  );
  const each = accuracies.map((accuracy) => accuracy.toFixed(2)).join(' / ');
  process.stderr.write(`${name}: ${each}\n`);
  return `| ${name} | ${each} | **${mean(accuracies).toFixed(2)} ± ${spread(accuracies).toFixed(2)}** | ${Number.isFinite(angle) ? `${angle.toFixed(0)}°` : '–'} | ${(100 * sleepShare).toFixed(1)} % |`;
});
rmSync(place, { recursive: true });
process.stdout.write(
  [
    `| sleep | test accuracy, % (seeds ${seeds.join(' / ')}) | mean | angle of BB | energy of sleep |`,
    '| --- | --- | --- | ---: | ---: |',
    ...rows,
    '',
  ].join('\n'),
);
