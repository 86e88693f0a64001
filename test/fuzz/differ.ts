// Runs a case on the reference model and on builds of the core and compares: every register of every core, all
// counters and all times after every presentation, and spikes, u and v after every step within it.

import type { ChipImage } from '../../host/image/image.ts';
import { type CoreBuild, coreLayout } from '../../host/machine/core-module.ts';
import { EventList } from '../../host/machine/event-list.ts';
import { Machine, type MachineOptions } from '../../host/machine/machine.ts';
import type { Probe, ProbeKind, ProjectionProbe } from '../../host/machine/probes.ts';
import { whyOneThread } from '../../host/machine/sharding.ts';
import type { TimingMode } from '../../host/machine/timing-mode.ts';
import { COUNTERS } from '../../host/measure/counters.ts';
import { ModelChip, type PortEvent } from '../../host/model/chip.ts';
import type { Registers } from '../../host/model/core.ts';
import { MODEL_COUNTERS, type ModelCounter } from '../../host/model/tally.ts';
import { type BuiltCase, buildCase } from './build-case.ts';
import { RegisterReader } from './core-registers.ts';
import type { FuzzCase } from './fuzz-case.ts';

/** A build of the core, how it runs learning rules and neuron programs if not as usual, and on how many threads. */
export interface Way {
  readonly build: CoreBuild;
  readonly threads?: number;
  readonly rules?: NonNullable<MachineOptions['rules']>;
  readonly programs?: NonNullable<MachineOptions['programs']>;
}

function wayText({ build, threads, rules, programs }: Way): string {
  return [
    `${build} build`,
    ...(threads === undefined ? [] : [`${threads} threads`]),
    ...(rules === undefined ? [] : [`rules ${rules}`]),
    ...(programs === undefined ? [] : [`programs ${programs}`]),
  ].join(', ');
}

/** The first place where a build differs from the model. */
export interface Difference {
  /** Build, threads, how it ran programs and rules if not as usual, and how it told time. */
  readonly way: string;
  /** Steps that had run, from 1. */
  readonly step: number;
  readonly what: string;
  readonly core: number | string;
  readonly model: number | string;
}

export function differenceText({ way, step, what, core, model }: Difference): string {
  return `${way}, step ${step}: ${what} is ${core} in the core and ${model} in the model`;
}

/** Place of each of the model's counters in the core. */
function counterPlaces(build: CoreBuild): ReadonlyMap<ModelCounter, number> {
  const layout = coreLayout(build);
  return new Map(
    MODEL_COUNTERS.map((name) => {
      const { core } = COUNTERS.find((counter) => counter.name === name)!;
      return [name, layout[core[0]!]];
    }),
  );
}

const PROBED = ['spikes', 'u', 'v', 'payload'] as const satisfies readonly ProbeKind[];
type Probed = (typeof PROBED)[number];

/** True if a build that usually compiles is to interpret. */
function isInterpreted({ rules, programs }: Way): boolean {
  return rules === 'interpreted' || programs === 'interpreted';
}

/** True if a way can run the image in a timing mode. */
function canRun({ threads = 1 }: Way, image: ChipImage, timing: TimingMode): boolean {
  return threads === 1 || whyOneThread(image, timing) === null;
}

/** True if there is anything to compile or interpret: rules of the chip's own synapses, or programs. */
function hasCode({ cores }: ChipImage): boolean {
  return cores.some(
    ({ groups, blocks }) =>
      groups.some(({ program }) => program !== null) || blocks.some(({ rule }) => rule >= 0),
  );
}

/** True if the spikes of a population carry something of their own. */
function sends({ cores, populations }: ChipImage, p: number): boolean {
  const { core, group } = populations[p]!.slices[0]!;
  const { wide, program } = cores[core]!.groups[group]!;
  return wide !== null || program?.instructions.some(({ op }) => op === 'send') === true;
}

function probedOf(image: ChipImage, p: number): readonly Probed[] {
  return PROBED.filter((kind) => kind !== 'payload' || sends(image, p));
}

/** Projections whose output can be recorded. */
function tappedProjections({ cores, projections }: ChipImage): ChipImage['projections'] {
  return projections.filter(({ blocks }) =>
    blocks.some(({ core, block }) => cores[core]!.blocks[block]!.wide?.tapped === true),
  );
}

/** One build of the core beside the model. */
class Contestant {
  readonly #name: string;
  readonly #timing: TimingMode;
  readonly #machine: Machine;
  readonly #registers: RegisterReader;
  readonly #events: EventList;
  readonly #counters: ReadonlyMap<ModelCounter, number>;
  readonly #probes: readonly { readonly kind: Probed; readonly probe: Probe }[][];
  readonly #taps: readonly ProjectionProbe[];

  /** @param watches what is recorded in every step; what nobody looks at, the core may leave out */
  constructor(image: ChipImage, way: Way, timing: TimingMode, watches: readonly Probed[] = PROBED) {
    const { build } = way;
    const isBlind = watches.length < PROBED.length;
    this.#name = `${wayText(way)}, timing ${timing}${isBlind ? `, recording ${watches.join(' and ')}` : ''}`;
    this.#timing = timing;
    this.#machine = new Machine(image, { ...way, timing, probeBytes: 2 ** 21, probeRecords: 512 });
    this.#registers = new RegisterReader(this.#machine);
    this.#events = new EventList(image);
    this.#counters = counterPlaces(build);
    const steps = Math.max(...image.presentations.map((presentation) => presentation.steps));
    this.#probes = image.populations.map(({ name }, p) =>
      probedOf(image, p)
        .filter((kind) => watches.includes(kind))
        .map((kind) => ({ kind, probe: this.#machine.probes.add(name, kind, steps) })),
    );
    this.#taps = tappedProjections(image).map(({ name }) =>
      this.#machine.probes.addOnProjection(name, 'output', steps),
    );
  }

  get threads(): number {
    return this.#machine.threads;
  }

  close(): void {
    this.#machine.close();
  }

  present(name: string, input: readonly (readonly PortEvent[])[]): void {
    this.#events.clear();
    input.forEach((events, step) => {
      for (const { element, payload } of events) this.#events.push(step, element, payload);
    });
    this.#machine.present(name, this.#events);
  }

  /** The first difference after a presentation; `course` is what its probes should hold. */
  difference(
    model: ModelChip,
    course: Course,
    registers: readonly Registers[],
    isLast: boolean,
  ): Difference | undefined {
    return (
      this.#courseDifference(model, course) ??
      this.#registerDifference(model, registers, isLast) ??
      this.#countDifference(model) ??
      (this.#timing === 'analytic' ? this.#timeDifference(model) : this.#stepDifference(model))
    );
  }

  #at(step: number, what: string, core: number | string, expected: number | string): Difference {
    return { way: this.#name, step, what, core, model: expected };
  }

  #courseDifference(model: ModelChip, course: Course): Difference | undefined {
    for (const [p, probes] of this.#probes.entries()) {
      for (const { kind, probe } of probes) {
        const rows = this.#machine.probes.drain(probe);
        const expected = course.map(({ populations }) => populations[p]![kind]);
        const difference = this.#rowDifference(
          model,
          `${kind} of ${model.image.populations[p]!.name}`,
          rows,
          expected,
        );
        if (difference !== undefined) return difference;
      }
    }
    for (const [k, tap] of this.#taps.entries()) {
      const rows = this.#machine.probes.drainProjection(tap);
      const expected = course.map(({ outputs }) => outputs[k]!);
      const difference = this.#rowDifference(model, `output of tapped projection ${k}`, rows, expected);
      if (difference !== undefined) return difference;
    }
    return undefined;
  }

  /** The first difference of what was recorded in the steps of a presentation. */
  #rowDifference(
    model: ModelChip,
    what: string,
    rows: readonly Int32Array[],
    expected: readonly (readonly number[])[],
  ): Difference | undefined {
    for (const [step, row] of expected.entries()) {
      const i = row.findIndex((value, element) => value !== rows[step]?.[element]);
      if (i < 0) continue;
      const at = model.time - expected.length + step + 1;
      return this.#at(at, `${what}[${i}]`, rows[step]?.[i] ?? 'missing', row[i]!);
    }
    return undefined;
  }

  #registerDifference(
    model: ModelChip,
    registers: readonly Registers[],
    isLast: boolean,
  ): Difference | undefined {
    const found = this.#registers.difference(registers, isLast);
    return found && this.#at(model.time, found.what, found.core, found.model);
  }

  #countDifference(model: ModelChip): Difference | undefined {
    const cores = this.#machine.coreCounters();
    for (const [c, phases] of cores.entries()) {
      for (const [p, counts] of phases.entries()) {
        const expected = model.counters(c, p);
        for (const [name, place] of this.#counters) {
          const what = `${name} of core ${c}, phase "${model.image.phases[p]!.name}",`;
          if (Number(counts[place]!) !== expected[name])
            return this.#at(model.time, what, Number(counts[place]!), expected[name]);
        }
      }
    }
    return undefined;
  }

  /** What the modes that the model has no times for must have in common with it. */
  #stepDifference(model: ModelChip): Difference | undefined {
    for (const [p, { steps }] of this.#machine.times().entries()) {
      const what = `steps of phase "${model.image.phases[p]!.name}"`;
      if (steps !== model.times[p]!.steps) return this.#at(model.time, what, steps, model.times[p]!.steps);
    }
    const sum = this.#machine.cycle?.sum();
    if (sum === undefined) return undefined;
    const arrived = model.image.cores.reduce(
      (all, _, c) =>
        all + model.image.phases.reduce((n, __, p) => n + model.counters(c, p).inputAxonEvents, 0),
      0,
    );
    for (const name of ['messagesSent', 'messagesReceived'] as const)
      if (sum[name] !== arrived) return this.#at(model.time, name, sum[name], arrived);
    return undefined;
  }

  #timeDifference(model: ModelChip): Difference | undefined {
    const { quantumS } = model.image.timing;
    for (const [p, time] of this.#machine.times().entries()) {
      const { steps, spiking, learning, management, longestStep } = model.times[p]!;
      const expected = {
        steps,
        spikingS: spiking * quantumS,
        learningS: learning * quantumS,
        managementS: management * quantumS,
        longestStepS: longestStep * quantumS,
      };
      for (const name of ['steps', 'spikingS', 'learningS', 'managementS', 'longestStepS'] as const) {
        const what = `${name} of phase "${model.image.phases[p]!.name}"`;
        if (time[name] !== expected[name]) return this.#at(model.time, what, time[name], expected[name]);
      }
    }
    return undefined;
  }
}

/** What the probes of a presentation should hold, by step. */
type Course = {
  readonly populations: readonly Readonly<Record<Probed, number[]>>[];
  /** Of the tapped projections, by target. */
  readonly outputs: readonly number[][];
}[];

function outputsOf(model: ModelChip): number[][] {
  return tappedProjections(model.image).map(({ columns, blocks }) => {
    const output = new Array<number>(columns).fill(0);
    for (const { core, block } of blocks) {
      const { columnElement } = model.image.cores[core]!.blocks[block]!;
      model.cores[core]!.tap(block, model.time).forEach((sum, column) => {
        output[columnElement + column] = sum;
      });
    }
    return output;
  });
}

function populationsOf(model: ModelChip): Course[number]['populations'] {
  const firstOf = model.image.cores.map(({ groups }) => {
    let first = 0;
    return groups.map(({ count }) => {
      first += count;
      return first - count;
    });
  });
  return model.image.populations.map(({ slices }) => {
    const compartments = slices.flatMap(({ core, group, count }) => {
      const first = firstOf[core]![group]!;
      return model.cores[core]!.compartments.slice(first, first + count);
    });
    return {
      spikes: compartments.map(({ spiked }) => (spiked ? 1 : 0)),
      u: compartments.map(({ u }) => Number(u)),
      v: compartments.map(({ v }) => Number(v)),
      payload: compartments.map(({ payload }) => Number(payload)),
    };
  });
}

export interface Comparison {
  readonly built: BuiltCase;
  readonly model: ModelChip;
  readonly difference: Difference | undefined;
  /** The most threads that the case ran on. */
  readonly threads: number;
}

/** Runs a case to its end or to the first difference. */
export function compareCase(fuzz: FuzzCase, ways: readonly Way[]): Comparison {
  const built = buildCase(fuzz);
  const { image } = built.compiled;
  const model = new ModelChip(image);
  const used = ways.filter(
    (way) => (!isInterpreted(way) || hasCode(image)) && canRun(way, image, 'analytic'),
  );
  // Every way tells time by formula, as the model does; a further one, in turn, in one of the other modes, and that one
  // does not look at u and v within a presentation.
  const timing = fuzz.seed % 4 === 0 ? 'functional' : 'cycle';
  const others = used.filter((way) => canRun(way, image, timing));
  const other = others[(fuzz.seed >>> 2) % others.length];
  const contestants = [
    ...used.map((way) => new Contestant(image, way, 'analytic')),
    ...(other === undefined ? [] : [new Contestant(image, other, timing, ['spikes', 'payload'])]),
  ];
  const threads = Math.max(1, ...contestants.map((contestant) => contestant.threads));
  const last = image.presentations.at(-1)?.name;
  try {
    for (const { name, steps } of image.presentations) {
      const spikes = built.input.slice(model.time, model.time + steps);
      const course: Course = [];
      model.present(name, spikes, () => {
        course.push({ populations: populationsOf(model), outputs: outputsOf(model) });
      });
      const registers = model.cores.map((core) => core.registers());
      for (const contestant of contestants) {
        contestant.present(name, spikes);
        const difference = contestant.difference(model, course, registers, name === last);
        if (difference !== undefined) return { built, model, difference, threads };
      }
    }
  } finally {
    for (const contestant of contestants) contestant.close();
  }
  return { built, model, difference: undefined, threads };
}
