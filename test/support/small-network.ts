// A small network as plain data, and a machine that runs it step by step. Steps are told from 1, as the chip
// counts them: a port spike of step t reaches its targets in step t + 1 [HW 2.2].

import type { Chip } from '../../host/chip/schema.ts';
import { type Compiled, compile } from '../../host/compile/compile.ts';
import type { ChipImage } from '../../host/image/image.ts';
import type { CoreBuild } from '../../host/machine/core-module.ts';
import { EventList } from '../../host/machine/event-list.ts';
import { Machine, type MachineOptions } from '../../host/machine/machine.ts';
import type { Probe, ProbeKind } from '../../host/machine/probes.ts';
import type { Counts } from '../../host/measure/counters.ts';
import { measure, total } from '../../host/measure/measure.ts';
import { NetworkBuilder } from '../../host/network/builder.ts';
import type {
  CompartmentParameters,
  CoreClass,
  Network,
  Population,
  Port,
  Projection,
  RewardConnection,
  ScheduleEntry,
  SparseConnection,
  SynapseParameters,
} from '../../host/network/network.ts';
import { chipWith } from './chips.ts';

export const BUILDS: readonly CoreBuild[] = ['release', 'scalar', 'debug'];

/** Mantissas as they are: mixed, 8 bits, exponent 0 (only even ones are on the grid). */
export const EXACT: SynapseParameters = { signMode: 'mixed', bits: 8, exponent: 0 };
/** 8 bits excitatory: every mantissa 0..255 is on the grid. */
export const EXCITATORY: SynapseParameters = { signMode: 'excitatory', bits: 8, exponent: 0 };

/** Forgets u at once and all but 1/4096 of v; never fires. */
export const SILENT: CompartmentParameters = { decayU: 4095, decayV: 4095, threshold: 131071 };
/** Fires when {@link KICK} arrives, and at nothing less than 78 full weights. */
export const KICKED: CompartmentParameters = { decayU: 4095, decayV: 4095, threshold: 20000 };
export const KICK = { signMode: 'mixed', bits: 8, exponent: 7 } as const;
export const KICK_WEIGHT = 254;

/** A population of either kind whose core class may be left out. */
type Placed<P extends Population> = P extends Population
  ? Omit<P, 'coreClass'> & { readonly coreClass?: string }
  : never;

export interface SmallNetwork {
  readonly seed?: number;
  readonly coreClasses?: readonly CoreClass[];
  readonly ports?: readonly Port[];
  readonly rules?: Readonly<Record<string, readonly string[]>>;
  /** In core class `core` unless they say otherwise. */
  readonly populations: readonly Placed<Population>[];
  readonly projections?: readonly Projection[];
  readonly rewards?: readonly RewardConnection[];
  /** Management, by the step before whose spiking phase it is due; needs `steps`. */
  readonly entries?: readonly ScheduleEntry[];
  /** Steps that will be run, if there is a management schedule. */
  readonly steps?: number;
}

/** Synapses [source, target, weight], by source and ascending target. */
export function sparse(
  sources: number,
  synapses: readonly (readonly [number, number, number])[],
): SparseConnection {
  return {
    kind: 'sparse',
    rowStart: Uint32Array.from(
      { length: sources + 1 },
      (_, row) => synapses.filter(([source]) => source < row).length,
    ),
    targets: Uint32Array.from(synapses, ([, target]) => target),
    weights: Int16Array.from(synapses, ([, , weight]) => weight),
  };
}

/** Name of the presentation that is step t of a scheduled network. */
const stepName = (step: number): string => `step ${step}`;

export function buildNetwork(setup: SmallNetwork): Network {
  const builder = new NetworkBuilder('small', setup.seed ?? 1)
    .phase('forward')
    .phase('learning')
    .phase('management');
  for (const coreClass of setup.coreClasses ?? [{ name: 'core' }]) builder.coreClass(coreClass);
  for (const port of setup.ports ?? []) builder.port(port);
  for (const [name, lines] of Object.entries(setup.rules ?? {})) builder.rule(name, ...lines);
  for (const population of setup.populations) builder.population({ coreClass: 'core', ...population });
  for (const projection of setup.projections ?? []) builder.project(projection);
  for (const reward of setup.rewards ?? []) builder.reward(reward);
  if (setup.entries === undefined) return builder.presentation('step', 1).build();
  const { entries } = setup;
  for (let t = 1; t <= (setup.steps ?? 0); t++) {
    const due = entries.filter(({ step }) => step === t).map((entry) => ({ ...entry, step: 0 }));
    builder.presentation(stepName(t), 1, due);
  }
  return builder.build();
}

export function compileSmall(setup: SmallNetwork, chip: Chip = chipWith()): Compiled {
  return compile(buildNetwork(setup), chip);
}

/** Port spikes by step: names of ports to the elements that spike. */
export type Spikes = Readonly<Record<string, readonly number[]>>;

/** A machine that is driven one step at a time. */
export class SmallMachine {
  readonly machine: Machine;
  readonly #events: EventList;
  readonly #scheduled: boolean;
  readonly #capacity: number;
  readonly #probes = new Map<string, Probe>();

  /** @param capacity steps that a watched variable records between reads */
  constructor(image: ChipImage, build: CoreBuild, capacity = 512, options: MachineOptions = {}) {
    this.machine = new Machine(image, { ...options, build });
    this.#events = new EventList(image);
    this.#capacity = capacity;
    this.#scheduled = image.presentations[0]!.name !== 'step';
  }

  /** Runs the next step with the spikes of its ports. */
  step(spikes: Spikes = {}): this {
    this.#events.clear();
    for (const [port, elements] of Object.entries(spikes)) {
      const { first } = this.#events.port(port);
      for (const element of elements) this.#events.push(0, first + element);
    }
    this.machine.present(this.#scheduled ? stepName(this.machine.steps + 1) : 'step', this.#events);
    return this;
  }

  steps(count: number, spikesOf: (step: number) => Spikes = () => ({})): this {
    for (let i = 0; i < count; i++) this.step(spikesOf(this.machine.steps + 1));
    return this;
  }

  /** Starts to record; {@link read} gives the values after the last step. */
  watch(population: string, ...kinds: readonly ProbeKind[]): this {
    for (const kind of kinds)
      this.#probes.set(`${population} ${kind}`, this.machine.probes.add(population, kind, this.#capacity));
    return this;
  }

  /** All recorded steps of a watched variable since the last call, [step][compartment]. */
  recorded(population: string, kind: ProbeKind): number[][] {
    return this.machine.probes.drain(this.#probes.get(`${population} ${kind}`)!).map((row) => [...row]);
  }

  /** The newest recorded values of a watched variable. */
  read(population: string, kind: ProbeKind): number[] {
    return this.recorded(population, kind).at(-1)!;
  }

  weights(projection: string): number[] {
    return [...this.machine.weights.read(projection)];
  }

  /** All phases together. */
  counts(): Counts {
    return total(measure(this.machine));
  }
}

export interface RunOptions {
  readonly build: CoreBuild;
  readonly chip?: Chip;
  readonly steps: number;
  /** Spikes of each port element: `[step, element]`. */
  readonly spikes?: Readonly<Record<string, readonly (readonly [step: number, element: number])[]>>;
  readonly watch?: readonly (readonly [population: string, kind: ProbeKind])[];
}

export interface Recording {
  readonly small: SmallMachine;
  /** [step - 1][compartment] by `population kind`. */
  readonly probes: Readonly<Record<string, number[][]>>;
}

/** Compiles and runs a network. */
export function run(setup: SmallNetwork, options: RunOptions): Recording {
  const { image } = compileSmall(setup, options.chip);
  const small = new SmallMachine(image, options.build, options.steps);
  const watch = options.watch ?? [];
  for (const [population, kind] of watch) small.watch(population, kind);
  const ports = Object.entries(options.spikes ?? {});
  small.steps(options.steps, (step) =>
    Object.fromEntries(
      ports.map(([port, list]) => [port, list.filter(([t]) => t === step).map(([, element]) => element)]),
    ),
  );
  const probes = Object.fromEntries(
    watch.map(([population, kind]) => [`${population} ${kind}`, small.recorded(population, kind)]),
  );
  return { small, probes };
}

/** One column of a recording. */
export function column(rows: readonly (readonly number[])[] | undefined, i = 0): (number | undefined)[] {
  return (rows ?? []).map((row) => row[i]);
}

/** Steps, from 1, in which a compartment of a spike recording fired. */
export function firingSteps(rows: readonly (readonly number[])[] | undefined, i = 0): number[] {
  return column(rows, i).flatMap((fired, step) => (fired === 1 ? [step + 1] : []));
}
