// Runs a network for a number of steps on the emulated chip: one presentation, with its spikes and probes.

import type { Chip } from '../chip/schema.ts';
import { type Compiled, compile } from '../compile/compile.ts';
import { sourceSize, usesVariable } from '../compile/incoming.ts';
import type { NpyArray } from '../data/npz.ts';
import { didYouMean, UserError } from '../errors.ts';
import { drainTimeline, TIMELINE_EVENTS, TIMELINE_STEPS, type Timeline } from '../export/timeline.ts';
import type { HostAccess } from '../machine/chip-memory.ts';
import type { CoreBuild } from '../machine/core-module.ts';
import { EventList } from '../machine/event-list.ts';
import { Machine } from '../machine/machine.ts';
import type { ProbeKind } from '../machine/probes.ts';
import type { ProjectionProbeKind } from '../machine/projection-probe.ts';
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
  /** Probed values [step][compartment], [step][from] or [step][from][to], by the name of the probe. */
  readonly probes: ReadonlyMap<string, NpyArray>;
  /** Spikes that went in, and those that lie after the last step. */
  readonly input: { readonly spikes: number; readonly unused: number };
  readonly access: HostAccess;
  readonly wallS: number;
  readonly threads: number;
  readonly build: CoreBuild;
}

export interface RunOptions {
  readonly steps: number;
  readonly input?: InputSpikes;
  /** `population.variable` or `projection.variable` */
  readonly probes?: readonly string[];
  readonly build?: CoreBuild;
  readonly timing?: TimingMode;
  /** Default 1. */
  readonly threads?: number | 'auto';
  /** Whether units and messages are recorded over time; only in mode `cycle`. */
  readonly timeline?: boolean;
}

/** Variables of a population, and of a projection. */
const PROBED: readonly ProbeKind[] = ['spikes', 'u', 'v', 'y1', 'y2', 'y3'];
const PROBED_SYNAPSES: readonly ProjectionProbeKind[] = ['weights', 'tags', 'delays', 'x1', 'x2'];
/** Bytes of all probes and input spikes; a longer run is refused before it begins. */
const BUFFERS_MAX = 2 ** 30;
/** Bytes that a probe may lose to alignment on each core. */
const ALIGNMENT = 64;

/** A probe by its name: what it records, and the shape of a step. */
type ProbeRequest =
  | {
      readonly of: 'population';
      readonly name: string;
      readonly target: string;
      readonly shape: readonly [number];
      readonly kind: ProbeKind;
    }
  | {
      readonly of: 'projection';
      readonly name: string;
      readonly target: string;
      readonly shape: readonly number[];
      readonly kind: ProjectionProbeKind;
    };

function requestOf(network: Network, name: string): ProbeRequest {
  const dot = name.lastIndexOf('.');
  const [target, variable] = [name.slice(0, dot), name.slice(dot + 1)];
  const refuse = (message: string, hint?: string): never => {
    throw new UserError(`probe "${name}": ${message}`, {
      code: 'bad-probe',
      path: '--probe',
      got: name,
      ...(hint === undefined ? {} : { hint }),
    });
  };
  if (dot < 1) refuse(`a population and a variable are needed, e.g. ${network.populations[0]?.name}.v`);
  const population = network.populations.find((item) => item.name === target);
  const projection = network.projections.find((item) => item.name === target);
  if (population === undefined && projection === undefined) {
    const names = [...network.populations, ...network.projections].map((item) => item.name);
    return refuse(`no population or projection is named "${target}"${didYouMean(target, names)}`);
  }
  const kind = PROBED.find((item) => item === variable);
  if (population !== undefined && kind !== undefined)
    return { of: 'population', name, target, shape: [population.size], kind };
  const synaptic = PROBED_SYNAPSES.find((item) => item === variable);
  if (projection === undefined || synaptic === undefined) {
    const known = [
      ...(population === undefined ? [] : PROBED),
      ...(projection === undefined ? [] : PROBED_SYNAPSES),
    ];
    return refuse(`no variable is named "${variable}"; there are ${known.join(', ')}`);
  }
  if (projection.rule === undefined)
    return refuse(
      'the projection does not learn',
      'weights, tags, delays, x1 and x2 are recorded of synapses with a rule',
    );
  for (const [plural, letter] of [
    ['tags', 't'],
    ['delays', 'd'],
  ] as const) {
    if (synaptic === plural && !usesVariable(network, projection.rule, letter))
      return refuse(`no product of rule "${projection.rule}" reads or changes ${letter}`);
  }
  const rows = sourceSize(network, projection.from);
  const columns = sourceSize(network, projection.to);
  const shape = synaptic === 'x1' || synaptic === 'x2' ? [rows] : [rows, columns];
  return { of: 'projection', name, target, shape, kind: synaptic };
}

function sizeOf({ shape }: ProbeRequest): number {
  return shape.reduce((size, n) => size * n, 1);
}

/** At most: rows of synapses are padded, and traces of all axons of a core are recorded with those of one projection. */
function bytesOf(request: ProbeRequest, steps: number, axons: number): number {
  if (request.of === 'population')
    return sizeOf(request) * steps * (request.kind === 'u' || request.kind === 'v' ? 4 : 1);
  const [rows, columns] = request.shape;
  const values = columns === undefined ? axons : rows! * (columns + ALIGNMENT);
  return values * steps * 4;
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

/** Starts to record; gives what reads it at the end. */
function record(machine: Machine, request: ProbeRequest, steps: number): () => NpyArray {
  const size = sizeOf(request);
  const array = (rows: readonly Int32Array[], bytes: boolean): NpyArray => {
    const data = bytes ? new Uint8Array(steps * size) : new Int32Array(steps * size);
    rows.forEach((row, step) => {
      data.set(row, step * size);
    });
    return { shape: [steps, ...request.shape], data };
  };
  if (request.of === 'projection') {
    const probe = machine.probes.addOnProjection(request.target, request.kind, steps);
    return () => array(machine.probes.drainProjection(probe), false);
  }
  const probe = machine.probes.add(request.target, request.kind, steps);
  return () => array(machine.probes.drain(probe), request.kind !== 'u' && request.kind !== 'v');
}

/**
 * Compiles and runs a network.
 * @throws UserError if it does not fit the chip, a probe is not there, or the run is too long for its probes
 */
export function runNetwork(given: Network, chip: Chip, options: RunOptions): NetworkRun {
  const { steps, input, probes: names = [], build = 'release', timing = 'analytic', threads = 1 } = options;
  const { timeline = false } = options;
  const requests = [...new Set(names)].map((name) => requestOf(given, name));
  const { network, presentation } = forSteps(given, steps);
  const compiled = compile(network, chip);
  const { image } = compiled;
  const axons = image.cores.reduce((sum, core) => sum + core.axons.length, 0);
  const records =
    image.populations.reduce((sum, { slices }) => sum + slices.length, 0) * (1 + PROBED.length) +
    image.projections.reduce((sum, { blocks }) => sum + blocks.length, 0) * PROBED_SYNAPSES.length;
  const counts = image.populations.reduce((sum, { size }) => sum + size * 4, 0);
  const probeBytes =
    requests.reduce((sum, request) => sum + bytesOf(request, steps, axons), counts) + records * ALIGNMENT;
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
    threads,
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
  const counters = image.populations.map(({ name }) => ({
    name,
    probe: machine.probes.add(name, 'spikeCounts'),
  }));
  const recorders = requests.map((request) => ({
    name: request.name,
    read: record(machine, request, steps),
  }));
  const start = performance.now();
  machine.present(presentation, events);
  const wallS = (performance.now() - start) / 1000;
  machine.close();
  return {
    compiled,
    steps,
    measurement: measure(machine),
    cycle: cycleSummary(machine),
    timeline: timeline ? drainTimeline(machine) : null,
    spikes: new Map(counters.map(({ name, probe }) => [name, machine.probes.drainCounts(probe)])),
    probes: new Map(recorders.map(({ name, read }) => [name, read()])),
    input: { spikes: events.count, unused: spikes - events.count },
    access: machine.access,
    wallS,
    threads: machine.threads,
    build,
  };
}
