// Runs a network for a number of steps on the emulated chip: one presentation, with its spikes and probes.

import type { Chip } from '../chip/schema.ts';
import { type Compiled, compile } from '../compile/compile.ts';
import type { NpyArray } from '../data/npz.ts';
import { didYouMean, UserError } from '../errors.ts';
import { drainTimeline, TIMELINE_EVENTS, TIMELINE_STEPS, type Timeline } from '../export/timeline.ts';
import type { CoreBuild } from '../machine/core-module.ts';
import { EventList } from '../machine/event-list.ts';
import { type HostAccess, Machine, type ProbeKind } from '../machine/machine.ts';
import type { TimingMode } from '../machine/timing-mode.ts';
import { type CycleSummary, cycleSummary } from '../measure/cycle.ts';
import { type Measurement, measure } from '../measure/measure.ts';
import type { Network } from '../network/network.ts';
import type { InputSpikes } from './input.ts';

export interface NetworkRun {
  readonly compiled: Compiled;
  readonly steps: number;
  readonly measurement: Measurement;
  /** Null unless time is told in mode `cycle`. */
  readonly cycle: CycleSummary | null;
  /** Null unless it was asked for. */
  readonly timeline: Timeline | null;
  /** Spikes of each compartment, by population. */
  readonly spikes: ReadonlyMap<string, Uint32Array>;
  /** Probed values [step][compartment], by the name of the probe. */
  readonly probes: ReadonlyMap<string, NpyArray>;
  /** Spikes that went in, and those that lie after the last step. */
  readonly input: { readonly spikes: number; readonly unused: number };
  readonly access: HostAccess;
  readonly wallS: number;
  readonly build: CoreBuild;
}

export interface RunOptions {
  readonly steps: number;
  readonly input?: InputSpikes;
  /** `population.variable` */
  readonly probes?: readonly string[];
  readonly build?: CoreBuild;
  readonly timing?: TimingMode;
  /** Whether units and messages are recorded over time; only in mode `cycle`. */
  readonly timeline?: boolean;
}

const PROBED: readonly ProbeKind[] = ['spikes', 'u', 'v', 'y1', 'y2', 'y3'];
/** Bytes of all probes and input spikes; a longer run is refused before it begins. */
const BUFFERS_MAX = 2 ** 30;
/** Bytes that a probe may lose to alignment on each core. */
const ALIGNMENT = 64;

interface ProbeRequest {
  readonly name: string;
  readonly population: string;
  readonly size: number;
  readonly kind: ProbeKind;
}

function requestOf(network: Network, name: string): ProbeRequest {
  const dot = name.lastIndexOf('.');
  const [population, variable] = [name.slice(0, dot), name.slice(dot + 1)];
  const refuse = (message: string): never => {
    throw new UserError(`probe "${name}": ${message}`, { code: 'bad-probe', path: '--probe', got: name });
  };
  if (dot < 1) refuse(`a population and a variable are needed, e.g. ${network.populations[0]?.name}.v`);
  const names = network.populations.map((item) => item.name);
  const found = network.populations.find((item) => item.name === population);
  if (found === undefined)
    return refuse(`no population is named "${population}"${didYouMean(population, names)}`);
  const kind = PROBED.find((item) => item === variable);
  if (kind === undefined) return refuse(`no variable is named "${variable}"; there are ${PROBED.join(', ')}`);
  return { name, population, size: found.size, kind };
}

function bytesOf({ kind, size }: ProbeRequest, steps: number): number {
  return size * steps * (kind === 'u' || kind === 'v' ? 4 : 1);
}

/** The network with its first presentation as long as the run; what is due later is not reached. */
function forSteps(
  network: Network,
  steps: number,
): { readonly network: Network; readonly presentation: string } {
  const [first] = network.presentations;
  if (first === undefined) throw new Error('a network has no presentation');
  const entries = first.entries.filter(({ step }) => step < steps);
  return { network: { ...network, presentations: [{ ...first, steps, entries }] }, presentation: first.name };
}

function recorded(
  machine: Machine,
  probe: ReturnType<Machine['probe']>,
  { kind, size }: ProbeRequest,
  steps: number,
) {
  const data = kind === 'u' || kind === 'v' ? new Int32Array(steps * size) : new Uint8Array(steps * size);
  machine.drain(probe).forEach((row, step) => {
    data.set(row, step * size);
  });
  return { shape: [steps, size], data };
}

/**
 * Compiles and runs a network.
 * @throws UserError if it does not fit the chip, a probe is not there, or the run is too long for its probes
 */
export function runNetwork(given: Network, chip: Chip, options: RunOptions): NetworkRun {
  const { steps, input, probes: names = [], build = 'release', timing = 'analytic' } = options;
  const { timeline = false } = options;
  const requests = [...new Set(names)].map((name) => requestOf(given, name));
  const { network, presentation } = forSteps(given, steps);
  const compiled = compile(network, chip);
  const { image } = compiled;
  const records = image.populations.reduce((sum, { slices }) => sum + slices.length, 0) * (1 + PROBED.length);
  const counts = image.populations.reduce((sum, { size }) => sum + size * 4, 0);
  const probeBytes =
    requests.reduce((sum, request) => sum + bytesOf(request, steps), counts) + records * ALIGNMENT;
  const spikes = input?.step.length ?? 0;
  if (probeBytes + (steps + spikes) * 4 > BUFFERS_MAX) {
    throw new UserError(
      `${steps} steps with these probes and input take ${Math.ceil(probeBytes / 2 ** 20)} MiB; ${BUFFERS_MAX / 2 ** 20} MiB are the limit`,
      { code: 'too-long', path: '--steps', got: steps, hint: 'run fewer steps, or probe less' },
    );
  }
  const machine = new Machine(image, {
    build,
    timing,
    events: spikes,
    probeBytes,
    probeRecords: records,
    ...(timeline
      ? { recording: { steps: Math.min(steps, TIMELINE_STEPS), units: true, events: TIMELINE_EVENTS } }
      : {}),
  });
  const events = new EventList(image);
  const firsts = (input?.ports ?? []).map((name) => events.port(name).first);
  for (let i = 0; i < spikes; i++)
    if (input!.step[i]! < steps) events.push(input!.step[i]!, firsts[input!.port[i]!]! + input!.element[i]!);
  const counters = image.populations.map(({ name }) => ({ name, probe: machine.probe(name, 'spikeCounts') }));
  const recorders = requests.map((request) => ({
    request,
    probe: machine.probe(request.population, request.kind, steps),
  }));
  const start = performance.now();
  machine.present(presentation, events);
  const wallS = (performance.now() - start) / 1000;
  return {
    compiled,
    steps,
    measurement: measure(machine),
    cycle: cycleSummary(machine),
    timeline: timeline ? drainTimeline(machine) : null,
    spikes: new Map(counters.map(({ name, probe }) => [name, machine.drainCounts(probe)])),
    probes: new Map(
      recorders.map(({ request, probe }) => [request.name, recorded(machine, probe, request, steps)]),
    ),
    input: { spikes: events.count, unused: spikes - events.count },
    access: machine.access,
    wallS,
    build,
  };
}
