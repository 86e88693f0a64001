// Writes docs/results.md. `node scripts/results.mjs RUN...` first takes the rows of those run folders into
// docs/results/runs.json, which keeps what the page shows of every run; without folders the page is made from what is there.
// With --check it writes nothing and fails if the page is stale.

import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const docs = join(dirname(dirname(fileURLToPath(import.meta.url))), 'docs');
const page = join(docs, 'results.md');
const runsFile = join(docs, 'results/runs.json');
const published = parse(readFileSync(join(docs, 'results/published.yaml'), 'utf8'));

/** What the page shows of a run: everything else of it stays in its folder. */
function rowOf(folder) {
  const report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'));
  const { request } = parse(readFileSync(join(folder, 'run.yaml'), 'utf8'));
  if (report.hostWeightWrites !== 0 || report.hostStateReads !== 0) {
    throw new Error(`${folder}: the host wrote weights or read states, so this is not training on the chip`);
  }
  const { counts, energy, time, samples } = report;
  return {
    recipe: report.recipe.name,
    settings: request.settings,
    data: report.data.name,
    synthetic: report.data.synthetic,
    chip: report.chip.name,
    precision: request.precision ?? 'chip',
    samples: samples.train,
    testSamples: samples.test,
    epochs: samples.epochs,
    seed: report.seed,
    accuracy: report.accuracy.test,
    error: report.approximation?.relativeL2.test ?? null,
    steps: samples.stepsPerTrainingSample,
    energyJ: energy?.perTrainingSampleJ ?? null,
    timeS: time?.perTrainingSampleS ?? null,
    synapseVisits: counts?.perTrainingSample.synapseVisits ?? null,
    synapticOps: counts?.perTrainingSample.synapticOps ?? null,
    spikes: counts?.perTrainingSample.spikes ?? null,
    managementWrites: counts?.perTrainingSample.managementWrites ?? null,
    extensions: report.legality.extensions,
    core: report.versions.core,
  };
}

const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
const experimentOf = ({ recipe, settings, data, chip, precision, samples, testSamples, epochs }) =>
  JSON.stringify([recipe, data, settings, chip, samples, epochs, testSamples, precision]);

/** Rows of the same experiment and seed: the newest one stays. */
function merged(rows) {
  const byKey = new Map(rows.map((row) => [`${experimentOf(row)} ${String(row.seed).padStart(10)}`, row]));
  return [...byKey].sort(([a], [b]) => compare(a, b)).map(([, row]) => row);
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const deviation = (values) => {
  if (values.length < 2) return null;
  const middle = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1));
};

const percent = (value) => (100 * value).toFixed(2);
const spread = (values) => {
  const width = deviation(values);
  return width === null ? percent(values[0]) : `${percent(mean(values))} ± ${percent(width)}`;
};
/** Mean over runs of a quantity, or a dash where it is not known. */
const meanOf = (rows, read, show) =>
  rows.some((row) => read(row) === null) ? '–' : show(mean(rows.map(read)));
const micro = (value) => (1e6 * value).toLocaleString('en', { maximumSignificantDigits: 3 });
const count = (value) => Math.round(value).toLocaleString('en');
const settingsText = (settings) =>
  Object.entries(settings)
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ') || 'defaults';

/** The published row that an experiment stands beside. */
function besideOf({ recipe, data }) {
  const rows = published.filter((row) => row.recipe === recipe && row.data === data);
  return rows.map(({ text, source }) => `${text} (${source})`).join('; ') || 'no row to stand beside';
}

function lineOf(rows) {
  const [first] = rows;
  const scores = rows.map(({ accuracy, error }) => error ?? accuracy);
  const cells = [
    `\`${settingsText(first.settings)}\``,
    first.precision === 'chip' ? first.chip : 'none: full precision',
    `${count(first.samples)} × ${first.epochs}`,
    count(first.testSamples),
    rows.map(({ seed }) => seed).join(', '),
    spread(scores),
    meanOf(rows, (row) => row.energyJ?.value ?? null, micro),
    rows.some(({ energyJ }) => energyJ === null)
      ? '–'
      : `${micro(Math.min(...rows.map(({ energyJ }) => energyJ.low)))} to ${micro(Math.max(...rows.map(({ energyJ }) => energyJ.high)))}`,
    meanOf(rows, (row) => row.timeS, micro),
    meanOf(rows, (row) => row.synapseVisits, count),
    meanOf(rows, (row) => row.synapticOps, count),
    meanOf(rows, (row) => row.spikes, count),
  ];
  return `| ${cells.join(' | ')} |`;
}

/** Groups in the order in which their keys first appear. */
function groupedBy(rows, keyOf) {
  const groups = new Map();
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row]);
  return [...groups.values()];
}

function sectionOf(rows) {
  const [{ recipe, data, synthetic, error }] = rows;
  const score = error === null ? 'test accuracy, %' : 'relative L2 error, %';
  return [
    `## \`${recipe}\`, ${data}${synthetic ? ' (synthetic)' : ''}`,
    '',
    `Published: ${besideOf(rows[0])}`,
    '',
    `| settings | chip | samples × epochs | tested on | seeds | ${score} | energy, µJ | its range | time, µs | synapse visits | synaptic ops | spikes |`,
    '| --- | --- | --- | ---: | --- | --- | ---: | --- | ---: | ---: | ---: | ---: |',
    ...groupedBy(rows, experimentOf).map(lineOf),
    '',
  ];
}

const folders = process.argv.slice(2).filter((argument) => argument !== '--check');
const runs = merged([...JSON.parse(readFileSync(runsFile, 'utf8')), ...folders.map(rowOf)]);
const text = [
  '# Results',
  '',
  'Made by `npm run results` from run folders; `docs/results/runs.json` keeps what is shown of each run. Everything is **per',
  'training sample**, sleep and management included: dynamic energy by the first profile of the chip (`sana-fe`; for `loihi2`, of',
  'which no public figures exist, a guess by the constants of Loihi 1) with every visit that the chip file charges a learning epoch',
  'for, and its range over energy profiles and readings of what a learning epoch visits; the time is that of the analytic mode. Accuracy is on the test set after the last epoch, mean ± standard deviation over the seeds; the',
  'host wrote no weight and read no state in any of these runs. Differences below 0.3 points are no difference. Published',
  'rows are of other networks, budgets and machines: what is the same and what is not stands on the page of the recipe.',
  '',
  ...groupedBy(runs, ({ recipe, data }) => `${recipe} ${data}`).flatMap(sectionOf),
].join('\n');

if (process.argv.includes('--check')) {
  if (readFileSync(page, 'utf8') !== text) {
    process.stderr.write('docs/results.md is stale: run "npm run results"\n');
    process.exitCode = 1;
  }
} else {
  writeFileSync(runsFile, `${JSON.stringify(runs, null, 2)}\n`);
  writeFileSync(page, text);
}
