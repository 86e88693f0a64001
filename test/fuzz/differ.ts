// Runs a case on the reference model and on builds of the core and compares: every register of every core, all
// counters and all times after every presentation, and spikes, u and v after every step within it.

import type { ChipImage } from '../../host/image/image.ts';
import { type CoreBuild, coreLayout } from '../../host/machine/core-module.ts';
import { EventList } from '../../host/machine/event-list.ts';
import { Machine, type MachineOptions, type Probe, type ProbeKind } from '../../host/machine/machine.ts';
import type { TimingMode } from '../../host/machine/timing-mode.ts';
import { COUNTERS } from '../../host/measure/counters.ts';
import { ModelChip } from '../../host/model/chip.ts';
import type { Registers } from '../../host/model/core.ts';
import { MODEL_COUNTERS, type ModelCounter } from '../../host/model/tally.ts';
import { type BuiltCase, buildCase } from './build-case.ts';
import { RegisterReader } from './core-registers.ts';
import type { FuzzCase } from './fuzz-case.ts';

/** A build of the core, and how it runs learning rules if not as usual. */
export interface Way {
  readonly build: CoreBuild;
  readonly rules?: NonNullable<MachineOptions['rules']>;
}

/** The first place where a build differs from the model. */
export interface Difference {
  readonly build: CoreBuild;
  readonly timing: TimingMode;
  /** Steps that had run, from 1. */
  readonly step: number;
  readonly what: string;
  readonly core: number | string;
  readonly model: number | string;
}

export function differenceText({ build, timing, step, what, core, model }: Difference): string {
  return `${build} build, timing ${timing}, step ${step}: ${what} is ${core} in the core and ${model} in the model`;
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

const PROBED = ['spikes', 'u', 'v'] as const satisfies readonly ProbeKind[];

/** One build of the core beside the model. */
class Contestant {
  readonly build: CoreBuild;
  readonly #timing: TimingMode;
  readonly #machine: Machine;
  readonly #registers: RegisterReader;
  readonly #events: EventList;
  readonly #counters: ReadonlyMap<ModelCounter, number>;
  readonly #probes: readonly { readonly kind: (typeof PROBED)[number]; readonly probe: Probe }[][];

  constructor(image: ChipImage, way: Way, timing: TimingMode) {
    const { build } = way;
    this.build = build;
    this.#timing = timing;
    this.#machine = new Machine(image, { ...way, timing });
    this.#registers = new RegisterReader(this.#machine);
    this.#events = new EventList(image);
    this.#counters = counterPlaces(build);
    this.#probes = image.populations.map(({ name }) =>
      PROBED.map((kind) => ({ kind, probe: this.#machine.probe(name, kind, 16) })),
    );
  }

  present(name: string, spikes: readonly (readonly number[])[]): void {
    this.#events.clear();
    spikes.forEach((elements, step) => {
      for (const element of elements) this.#events.push(step, element);
    });
    this.#machine.present(name, this.#events);
  }

  /** The first difference after a presentation; `course` is what its probes should hold. */
  difference(model: ModelChip, course: Course, registers: readonly Registers[]): Difference | undefined {
    return (
      this.#courseDifference(model, course) ??
      this.#registerDifference(model, registers) ??
      this.#countDifference(model) ??
      (this.#timing === 'analytic' ? this.#timeDifference(model) : this.#stepDifference(model))
    );
  }

  #at(step: number, what: string, core: number | string, expected: number | string): Difference {
    return { build: this.build, timing: this.#timing, step, what, core, model: expected };
  }

  #courseDifference(model: ModelChip, course: Course): Difference | undefined {
    for (const [p, probes] of this.#probes.entries()) {
      for (const { kind, probe } of probes) {
        const rows = this.#machine.drain(probe);
        const expected = course.map((populations) => populations[p]![kind]);
        for (const [step, row] of expected.entries()) {
          const i = row.findIndex((value, element) => value !== rows[step]?.[element]);
          if (i < 0) continue;
          const at = model.time - expected.length + step + 1;
          const { name } = model.image.populations[p]!;
          return this.#at(at, `${kind} of ${name}[${i}]`, rows[step]?.[i] ?? 'missing', row[i]!);
        }
      }
    }
    return undefined;
  }

  #registerDifference(model: ModelChip, registers: readonly Registers[]): Difference | undefined {
    const found = this.#registers.difference(registers);
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

/** [step][population]: what the probes of a presentation should hold. */
type Course = Record<(typeof PROBED)[number], number[]>[][];

function probesOf(model: ModelChip): Course[number] {
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
    };
  });
}

export interface Comparison {
  readonly built: BuiltCase;
  readonly model: ModelChip;
  readonly difference: Difference | undefined;
}

/** Runs a case to its end or to the first difference. */
export function compareCase(fuzz: FuzzCase, ways: readonly Way[]): Comparison {
  const built = buildCase(fuzz);
  const { image } = built.compiled;
  const model = new ModelChip(image);
  // Every build tells time by formula, as the model does; a further one, in turn, in one of the other modes.
  const other = ways[(fuzz.seed >>> 2) % ways.length]!;
  const contestants = [
    ...ways.map((way) => new Contestant(image, way, 'analytic')),
    new Contestant(image, other, fuzz.seed % 4 === 0 ? 'functional' : 'cycle'),
  ];
  for (const { name, steps } of image.presentations) {
    const spikes = built.input.slice(model.time, model.time + steps);
    const course: Course = [];
    model.present(name, spikes, () => {
      course.push(probesOf(model));
    });
    const registers = model.cores.map((core) => core.registers());
    for (const contestant of contestants) {
      contestant.present(name, spikes);
      const difference = contestant.difference(model, course, registers);
      if (difference !== undefined) return { built, model, difference };
    }
  }
  return { built, model, difference: undefined };
}
