// Measures the peers and Seamount in turns on the two speed workloads: makes an environment for each peer, runs every
// contender once a round, compares the spikes, and writes `runs/peers.json` and `docs/performance-peers.md`.
//
//   node bench/peers/run.mjs [--rounds 3] [--steps 1000] [--only sanafe]
//
// Environments are made in the folder that SEAMOUNT_PEERS names.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { peersPage } from './page.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(dirname(here));
const environments = process.env.SEAMOUNT_PEERS ?? join(homedir(), '.cache', 'seamount-peers');
const WORKLOADS = ['ff', 'rec'];
const TIMEOUT_MS = 15 * 60_000;

/** The script, the environment and the requirements of a peer have its name; variants are arguments of the script. */
const PEERS = [
  { name: 'numpy', title: 'plain numpy', python: '3.11', variants: ['reference'] },
  { name: 'sanafe', title: 'SANA-FE', python: '3.11', variants: ['simple', 'detailed'] },
  { name: 'nengo_loihi', title: 'nengo-loihi', python: '3.11', variants: ['emulator'] },
  { name: 'lava', title: 'Lava', python: '3.10', variants: ['bit-accurate models'] },
  {
    name: 'brian2loihi',
    title: 'Brian2Loihi',
    python: '3.11',
    variants: ['as shipped', 'weights not updated'],
  },
  { name: 'brian2', title: 'Brian2', python: '3.11', variants: ['cython', 'cpp_standalone'] },
];

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    steps: { type: 'string', default: '1000' },
    only: { type: 'string', multiple: true, default: PEERS.map(({ name }) => name) },
  },
});

/** One thread each, and nothing written beside the scripts. */
const ENVIRONMENT = {
  ...process.env,
  OMP_NUM_THREADS: '1',
  OPENBLAS_NUM_THREADS: '1',
  PYTHONDONTWRITEBYTECODE: '1',
  PYTHONWARNINGS: 'ignore',
};

const steps = ['--steps', values.steps];

function call(command, args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    env: ENVIRONMENT,
    timeout: TIMEOUT_MS,
    maxBuffer: 2 ** 26,
  });
  return { ok: status === 0, stdout: stdout ?? '', stderr: stderr ?? '', error: error?.message };
}

const COMPLAINT = /^(ERROR: |[\w.]*(Error|Exception)\b)/;

/** What an installer or an interpreter says is wrong: its first line of that kind. */
function complaint({ stderr, error }) {
  const lines = stderr.replaceAll(`${root}/`, '').replaceAll(`${environments}/`, '').split('\n');
  const first = lines.map((line) => line.trim()).find((line) => COMPLAINT.test(line));
  return first ?? error ?? 'no message';
}

function interpreter(version) {
  return [`python${version}`, 'python3', 'python'].find((command) =>
    call(command, ['--version']).stdout.startsWith(`Python ${version}.`),
  );
}

/** Path of the environment's interpreter, or why there is none. */
function prepare({ name, python }) {
  const folder = join(environments, name);
  const executable = join(folder, 'bin', 'python');
  const wanted = readFileSync(join(here, 'requirements', `${name}.txt`), 'utf8');
  const installed = join(folder, 'installed.txt');
  if (existsSync(installed) && readFileSync(installed, 'utf8') === wanted) return { executable };
  const base = interpreter(python);
  if (base === undefined) return { error: `needs Python ${python}, which is not on the path` };
  process.stderr.write(`installing ${name} …\n`);
  for (const [command, ...args] of [
    [base, '-m', 'venv', '--clear', folder],
    [executable, '-m', 'pip', 'install', '--quiet', '-r', join(here, 'requirements', `${name}.txt`)],
  ]) {
    const result = call(command, args);
    if (!result.ok) return { error: complaint(result) };
  }
  writeFileSync(installed, wanted);
  return { executable };
}

/** The line of JSON that a script prints last, or why there is none. */
function measured(command, args) {
  const result = call(command, args);
  const line = result.stdout.trimEnd().split('\n').at(-1);
  return result.ok && line.startsWith('{') ? JSON.parse(line) : { error: complaint(result) };
}

/** One contender on one workload. */
function contenders() {
  const list = [];
  const add = (title, variant, run) => {
    for (const workload of WORKLOADS)
      list.push({ title, variant, workload, run: () => run(workload), results: [] });
  };
  add('Seamount', 'functional', (workload) =>
    measured(process.execPath, [join(here, 'seamount.mjs'), workload, ...steps]),
  );
  for (const peer of PEERS.filter(({ name }) => values.only.includes(name))) {
    const { executable, error } = prepare(peer);
    for (const variant of peer.variants)
      add(peer.title, variant, (workload) =>
        error === undefined
          ? measured(executable, [join(here, `${peer.name}_peer.py`), variant, workload, ...steps])
          : { error },
      );
  }
  return list;
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Spikes of each step of the reference, and of the same network with one synapse of eight bits between two neurons. */
function expectations() {
  const { executable, error } = prepare(PEERS[0]);
  if (error !== undefined) throw new Error(error);
  const bySteps = (variant, workload) => {
    const result = measured(executable, [join(here, 'numpy_peer.py'), variant, workload, ...steps]);
    if (result.error !== undefined) throw new Error(result.error);
    return result.by_step;
  };
  return Object.fromEntries(
    WORKLOADS.map((workload) => [
      workload,
      { reference: bySteps('reference', workload), single: bySteps('single synapses', workload) },
    ]),
  );
}

/** Seamount cannot import the reference, so its spikes are compared here. */
function compared(result, { reference, single }) {
  if (result.error !== undefined || result.same_as_reference !== null) return result;
  const firstDifference = (wanted) => result.by_step.findIndex((spikes, step) => spikes !== wanted[step]);
  const sum = result.by_step.reduce((a, b) => a + b);
  if (sum !== result.spikes) return { error: `${result.spikes} spikes timed, ${sum} probed` };
  const step = firstDifference(reference);
  if (step === -1) return { ...result, same_as_reference: true, reason: '' };
  const held =
    'holds one synapse of 8 bits between two neurons: equal in every step to the reference with these';
  const reason = `differs from step ${step}${firstDifference(single) === -1 ? `; ${held}` : ''}`;
  return { ...result, same_as_reference: false, reason };
}

const list = contenders();
const expected = expectations();

function reportRow({ title, variant, workload, results }) {
  const failed = results.find(({ error }) => error !== undefined);
  if (failed !== undefined) return { title, variant, workload, error: failed.error };
  const seamount = list.find((other) => other.title === 'Seamount' && other.workload === workload);
  const ratios = results
    .map((result, round) => seamount.results[round]?.steps_per_second / result.steps_per_second)
    .filter((ratio) => !Number.isNaN(ratio));
  const { version, spikes, same_as_reference, reason } = results[0];
  return {
    title,
    variant,
    version,
    workload,
    steps_per_second: median(results.map((result) => result.steps_per_second)),
    seamount_over_this: ratios.length > 0 ? median(ratios) : null,
    spikes,
    same_as_reference,
    reason,
    rounds: results.map((result) => result.steps_per_second),
  };
}

/** Writes what the rounds so far have given. */
function write(rounds) {
  const sum = (numbers) => numbers.reduce((a, b) => a + b);
  const report = {
    steps: Number(values.steps),
    rounds,
    processor: cpus()[0].model,
    node: process.version,
    spikes: Object.fromEntries(WORKLOADS.map((workload) => [workload, sum(expected[workload].reference)])),
    rows: list.map(reportRow),
  };
  mkdirSync(join(root, 'runs'), { recursive: true });
  writeFileSync(join(root, 'runs', 'peers.json'), `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(join(root, 'docs', 'performance-peers.md'), peersPage(report));
}

for (let round = 1; round <= Number(values.rounds); round++) {
  for (const contender of list) {
    if (contender.results.at(-1)?.error !== undefined) continue; // a peer that fails once is not tried again
    const result = compared(contender.run(), expected[contender.workload]);
    contender.results.push(result);
    const said = result.error ?? `${Math.round(result.steps_per_second)} steps/s`;
    process.stderr.write(
      `${round} ${contender.title}, ${contender.variant}, ${contender.workload}: ${said}\n`,
    );
  }
  write(round);
}
process.stdout.write(readFileSync(join(root, 'docs', 'performance-peers.md'), 'utf8'));
