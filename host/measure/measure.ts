// Reads a machine's counters into counts by name, and does sums and differences of them.

import type { VisitReading } from '../image/image.ts';
import { coreLayout } from '../machine/core-module.ts';
import type { Machine, PhaseTime } from '../machine/machine.ts';
import { COUNTER_NAMES, COUNTERS, type CounterName, type Counts } from './counters.ts';

/** Which counter a reading of "visited by the learning engine" is. */
export const VISIT_COUNTERS: Readonly<Record<VisitReading, CounterName>> = {
  allPlastic: 'synapseVisitsAllPlastic',
  activeAxons: 'synapseVisitsActiveAxons',
  allPlasticWithError: 'synapseVisitsAllPlasticWithError',
  activeAxonsWithError: 'synapseVisitsActiveAxonsWithError',
};

/** Counts and chip time by accounting phase. */
export interface Measurement {
  readonly phases: readonly string[];
  readonly counts: readonly Counts[];
  readonly times: readonly PhaseTime[];
}

function record(value: (name: CounterName) => bigint): Counts {
  return Object.fromEntries(COUNTER_NAMES.map((name) => [name, value(name)])) as Record<CounterName, bigint>;
}

/** Named counts of one row of the core's counters. */
function named(machine: Machine, row: readonly bigint[], steps: number): Counts {
  const layout = coreLayout(machine.build);
  const values = new Map<CounterName, bigint>(
    COUNTERS.map(({ name, core }) => [name, core.reduce((sum, place) => sum + row[layout[place]]!, 0n)]),
  );
  values.set('synapseVisits', values.get(VISIT_COUNTERS[machine.image.visits])!);
  values.set('barriers', BigInt(steps));
  return record((name) => values.get(name)!);
}

/** Everything that a machine has counted so far. */
export function measure(machine: Machine): Measurement {
  const times = machine.times();
  return {
    phases: machine.image.phases.map(({ name }) => name),
    counts: machine.counters().map((row, phase) => named(machine, row, times[phase]!.steps)),
    times,
  };
}

/** Counts of each core, all phases together. */
export function measureCores(machine: Machine): Counts[] {
  const { steps } = machine;
  return machine.coreCounters().map((phases) => {
    const sum = phases.reduce((a, b) => a.map((n, i) => n + b[i]!));
    return named(machine, sum, steps);
  });
}

/** What happened between two measurements of one machine; longest steps are those of the later one. */
export function since(before: Measurement, after: Measurement): Measurement {
  return {
    phases: after.phases,
    counts: after.counts.map((counts, p) => record((name) => counts[name] - before.counts[p]![name])),
    times: after.times.map((time, p) => {
      const earlier = before.times[p]!;
      return {
        steps: time.steps - earlier.steps,
        spikingS: time.spikingS - earlier.spikingS,
        learningS: time.learningS - earlier.learningS,
        managementS: time.managementS - earlier.managementS,
        embeddedS: time.embeddedS - earlier.embeddedS,
        longestStepS: time.longestStepS,
      };
    }),
  };
}

/** Sum over phases. */
export function total(measurement: Measurement): Counts {
  return record((name) => measurement.counts.reduce((sum, counts) => sum + counts[name], 0n));
}

/** Sum of two measurements of machines with the same phases, e.g. of two evaluation workers. */
export function plus(a: Measurement, b: Measurement): Measurement {
  return {
    phases: a.phases,
    counts: a.counts.map((counts, p) => record((name) => counts[name] + b.counts[p]![name])),
    times: a.times.map((time, p) => {
      const other = b.times[p]!;
      return {
        steps: time.steps + other.steps,
        spikingS: time.spikingS + other.spikingS,
        learningS: time.learningS + other.learningS,
        managementS: time.managementS + other.managementS,
        embeddedS: time.embeddedS + other.embeddedS,
        longestStepS: Math.max(time.longestStepS, other.longestStepS),
      };
    }),
  };
}

/** Chip time of all phases together, in seconds. */
export function totalTimeS(measurement: Measurement): number {
  return measurement.times.reduce(
    (sum, t) => sum + t.spikingS + t.learningS + t.managementS + t.embeddedS,
    0,
  );
}
