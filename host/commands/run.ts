// `seamount run`: runs a network and shows what it did and what that took.

import { extname, join, resolve } from 'node:path';
import { openChip } from '../chip/open.ts';
import { encodeNpz } from '../data/npz.ts';
import { didYouMean, UserError } from '../errors.ts';
import { traceLines } from '../export/perfetto.ts';
import { TIMELINE_EVENTS, type Timeline } from '../export/timeline.ts';
import { vcdLines } from '../export/vcd.ts';
import { networkOfLayers, withInputBias } from '../import/layers.ts';
import { isNetworkPath, type NetworkSource, readNetwork } from '../import/read-network.ts';
import { timingMode } from '../machine/timing-mode.ts';
import type { CycleSummary } from '../measure/cycle.ts';
import type { Network } from '../network/network.ts';
import { formatCount, formatRange, formatSi } from '../report/format.ts';
import { makeFolder, writeFileAtomically } from '../report/write.ts';
import { type InputSpikes, inputBiases, readInput } from '../running/input.ts';
import { type RunResult, runResult } from '../running/result.ts';
import { runNetwork } from '../running/run-network.ts';
import { versions } from '../versions.ts';
import { checkJsonPlace, sayLegality, table, writeJson } from './output.ts';

export interface RunOptions {
  readonly chip: string;
  readonly input?: string;
  readonly steps?: number;
  readonly timing?: string;
  readonly threads: number | 'auto';
  readonly probe: readonly string[];
  readonly trace?: string;
  readonly vcd?: string;
  readonly out?: string;
  readonly json?: string;
}

async function checkName(name: string): Promise<void> {
  if (isNetworkPath(name)) return;
  const { RECIPES } = await import('../recipes/registry.ts');
  const recipes = RECIPES.map((recipe) => recipe.name);
  throw new UserError(
    recipes.includes(name)
      ? `"${name}" is a recipe, which is trained: seamount train ${name}`
      : `no network "${name}": a file or folder is needed${didYouMean(name, recipes)}`,
    { code: 'no-network', path: name },
  );
}

interface Prepared {
  readonly network: Network;
  readonly input?: InputSpikes;
}

/** The network and its input; constant input of an input layer becomes its biases. */
function prepare({ network, stack }: NetworkSource, file: string | undefined): Prepared {
  if (file === undefined) return { network };
  if (stack?.layers[0]?.synapses.kind === 'input' && extname(file).toLowerCase() === '.npy') {
    const biased = withInputBias(stack, inputBiases(file, stack.shape));
    return { network: networkOfLayers(network.name, biased) };
  }
  return { network, input: readInput(file, network.ports, stack?.shape) };
}

function stepsOf({ steps }: RunOptions, { network, input }: Prepared, own: boolean): number {
  if (steps === 0)
    throw new UserError('--steps 0: at least one step is needed', { code: 'bad-steps', path: '--steps' });
  const presented = network.presentations[0]?.steps ?? 1;
  // A network file says how long its presentation is; a sample of a network of layers may be longer than usual.
  return steps ?? (own || input === undefined ? presented : Math.max(presented, input.steps));
}

/** The largest parts of the critical path. */
function criticalPath({ criticalPath: shares }: CycleSummary): string {
  return Object.entries(shares)
    .filter(([, share]) => share >= 0.005)
    .sort(([, a], [, b]) => b - a)
    .map(([name, share]) => `${name} ${Math.round(100 * share)} %`)
    .join(', ');
}

function summary({ populations, steps, time, energy, mapping, input, counts }: RunResult): string {
  const rows = [
    ['population', 'compartments', 'spikes', 'per step'],
    ...populations.map(({ name, size, spikes }) => [
      name,
      String(size),
      String(spikes),
      (spikes / steps).toFixed(2),
    ]),
  ];
  const { low, high, value } = energy.perStepJ;
  const unused = input.unused === 0 ? '' : `, ${formatCount(input.unused)} after the last step not used`;
  const facts = [
    [
      'input spikes',
      input.spikes + input.unused === 0 ? '0 (--input gives them)' : `${formatCount(input.spikes)}${unused}`,
    ],
    ['synaptic operations', formatCount(counts.synapticOps)],
    ['weights changed', `${formatCount(counts.synapticUpdates)} times`],
    [
      'time per step',
      time.perStepS === null
        ? 'not told (--timing functional)'
        : `${formatSi(time.perStepS.mean, 's')}, at most ${formatSi(time.perStepS.max, 's')}`,
    ],
    ...(time.cycle === null ? [] : [['critical path', criticalPath(time.cycle)]]),
    ['energy per step', `${formatSi(value, 'J')} (${formatRange(low, high, 'J')})`],
    ['cores', `${mapping.cores} of ${mapping.chips} chip${mapping.chips === 1 ? '' : 's'}`],
  ];
  return `${table(rows)}\n${facts.map(([name, fact]) => `${name!.padEnd(20)} ${fact}`).join('\n')}\n`;
}

function writeTimeline(timeline: Timeline, { trace, vcd }: RunOptions, steps: number): void {
  if (trace !== undefined) writeFileAtomically(resolve(trace), traceLines(timeline));
  if (vcd !== undefined) writeFileAtomically(resolve(vcd), vcdLines(timeline));
  const shown = timeline.steps.length;
  if (shown < steps) process.stderr.write(`the trace holds the first ${shown} of ${steps} steps\n`);
  if (timeline.lost > 0)
    process.stderr.write(
      `the trace holds the first ${TIMELINE_EVENTS} events; ${timeline.lost} came later\n`,
    );
}

export async function run(name: string, options: RunOptions): Promise<void> {
  checkJsonPlace(options.json);
  const drawn = options.trace !== undefined || options.vcd !== undefined;
  const mode = timingMode(options.timing ?? (drawn ? 'cycle' : 'analytic'));
  if (drawn && mode !== 'cycle') {
    throw new UserError(
      `--timing ${mode}: a trace or waveform needs the time of every unit, --timing cycle`,
      {
        code: 'no-timeline',
        path: '--timing',
        got: mode,
      },
    );
  }
  await checkName(name);
  if (options.probe.length > 0 && options.out === undefined) {
    throw new UserError('probes are written into a folder: give one with --out', {
      code: 'no-folder',
      path: '--probe',
    });
  }
  const { chip } = await openChip(options.chip);
  const source = await readNetwork(name);
  const prepared = prepare(source, options.input);
  const steps = stepsOf(options, prepared, source.stack === undefined);
  const ran = runNetwork(prepared.network, chip, {
    steps,
    probes: options.probe,
    timing: mode,
    threads: options.threads,
    timeline: drawn,
    ...(prepared.input === undefined ? {} : { input: prepared.input }),
  });
  const result = runResult(ran, chip, mode, versions());
  if (options.out !== undefined) {
    const folder = resolve(options.out);
    makeFolder(folder);
    if (ran.probes.size > 0) writeFileAtomically(join(folder, 'probes.npz'), encodeNpz(ran.probes));
    writeJson(join(folder, 'run.json'), result);
  }
  if (ran.timeline !== null) writeTimeline(ran.timeline, options, steps);
  if (options.json !== undefined) writeJson(options.json, result);
  if (options.json === '-') return;
  process.stdout.write(`network ${result.network} on ${chip.title}: ${steps} steps\n\n${summary(result)}`);
  process.stdout.write(sayLegality(result.legality));
}
