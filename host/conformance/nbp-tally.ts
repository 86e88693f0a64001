// Event counts of a running network: what its spikes set off, connection by connection, beside what the core counts
// itself. A synaptic operation belongs to the step of its spike, injected spikes included.

import type { EventList } from '../machine/event-list.ts';
import type { Machine } from '../machine/machine.ts';
import type { Probe } from '../machine/probes.ts';
import { type Measurement, measure, since, total } from '../measure/measure.ts';
import type { Network, Projection } from '../network/network.ts';

/** Counts of one connection. */
export interface ConnectionCounts {
  readonly projection: Projection;
  readonly synapticOps: number;
  /** Synapses whose two ends spiked in the same step. */
  readonly coincidences: number;
  /** Weights changed, of connections that learn. */
  readonly changed: number;
}

/** Counts since the tally began. */
export interface TallyCounts {
  /** By population. */
  readonly spikes: ReadonlyMap<string, number>;
  /** By port. */
  readonly injected: ReadonlyMap<string, number>;
  readonly connections: readonly ConnectionCounts[];
  /** Messages if every connection had an input axon of its own, injected spikes not counted. */
  readonly messagesByConnection: number;
  /** The core's own counters. */
  readonly core: {
    readonly compartmentUpdates: bigint;
    readonly spikes: bigint;
    readonly synapticOps: bigint;
    readonly visitsAllPlastic: bigint;
    readonly visitsActiveAxons: bigint;
    readonly changed: bigint;
    readonly messages: bigint;
  };
}

/** A connection and the rows of the tally that it reads. */
interface Row {
  readonly projection: Projection;
  /** Places of its ends in a step's spike counts: populations, then ports. */
  readonly from: number;
  readonly to: number;
  /** Synapses that one spike reaches, and cores. */
  readonly fanOut: number;
  readonly cores: number;
  changedBefore: bigint;
  ops: number;
  coincidences: number;
}

/** Counts the events of a network on a machine, presentation by presentation. */
export class Tally {
  readonly #machine: Machine;
  readonly #populations: readonly string[];
  readonly #ports: readonly string[];
  /** `spikes` probes of all populations, in order. */
  readonly #probes: readonly Probe[];
  readonly #rows: readonly Row[];
  #before: Measurement;
  readonly #steps: number;
  readonly #isLate: boolean;
  /** Spikes [step][population or port] of the last presentation. */
  readonly #perStep: Uint32Array;
  readonly #sums: Float64Array;
  #opsBefore = 0;

  /**
   * Adds its probes to the machine.
   * @param steps of the longest presentation
   */
  constructor(machine: Machine, network: Network, steps: number) {
    this.#machine = machine;
    this.#populations = network.populations.map(({ name }) => name);
    this.#ports = network.ports.map(({ name }) => name);
    this.#probes = this.#populations.map((name) => machine.probes.add(name, 'spikes', steps));
    this.#steps = steps;
    this.#isLate = machine.image.semantics.weightRead === 'late';
    const sources = [...this.#populations, ...this.#ports];
    this.#perStep = new Uint32Array(steps * sources.length);
    this.#sums = new Float64Array(sources.length);
    this.#rows = network.projections.map((projection) => {
      const oneToOne = projection.connection.kind === 'one-to-one';
      const { columns, blocks } = machine.image.projections.find(({ name }) => name === projection.name)!;
      return {
        projection,
        from: sources.indexOf(projection.from),
        to: sources.indexOf(projection.to),
        fanOut: oneToOne ? 1 : columns,
        cores: oneToOne ? 1 : blocks.length,
        changedBefore: 0n,
        ops: 0,
        coincidences: 0,
      };
    });
    this.#before = measure(machine);
  }

  /** Counts from here on; the presentation before, if there was one, has been noted. */
  begin(): void {
    this.#sums.fill(0);
    for (const row of this.#rows) {
      row.ops = 0;
      row.coincidences = 0;
      if (row.projection.rule !== undefined)
        row.changedBefore = this.#machine.weights.changed(row.projection.name);
    }
    this.#before = measure(this.#machine);
    this.#opsBefore = this.#opsOf((from) => this.#lastStep(from));
  }

  /** Operations that these spikes of populations set off. */
  #opsOf(spikes: (from: number) => number): number {
    return this.#rows.reduce((sum, { from, fanOut }) => sum + fanOut * spikes(from), 0);
  }

  /**
   * Takes in the presentation that ended.
   * @param events its port spikes
   * @param visit also told of every spike
   */
  note(events: EventList, visit?: (population: number, step: number, element: number) => void): void {
    const width = this.#sums.length;
    const perStep = this.#perStep;
    perStep.fill(0);
    this.#probes.forEach((probe, population) => {
      this.#machine.probes.drainSpikes(probe, (step, element) => {
        perStep[step * width + population]!++;
        visit?.(population, step, element);
      });
    });
    for (let step = 0; step < this.#steps; step++) {
      const at = step * width;
      this.#ports.forEach((port, i) => {
        perStep[at + this.#populations.length + i] = events.countOf(port, step);
      });
      for (let i = 0; i < width; i++) this.#sums[i]! += perStep[at + i]!;
      for (const row of this.#rows) {
        const spikes = perStep[at + row.from]!;
        if (spikes === 0) continue;
        row.ops += spikes * row.fanOut;
        if (row.projection.rule !== undefined) row.coincidences += spikes * perStep[at + row.to]!;
      }
    }
  }

  /** Spikes by population in the last step of the last presentation. */
  #lastStep(from: number): number {
    return this.#perStep[(this.#steps - 1) * this.#sums.length + from]!;
  }

  counts(): TallyCounts {
    const core = total(since(this.#before, measure(this.#machine)));
    // With the late reading the core does the operations of a step at the start of the next one.
    const pending = this.#isLate ? this.#opsOf((from) => this.#lastStep(from)) - this.#opsBefore : 0;
    return {
      spikes: new Map(this.#populations.map((name, i) => [name, this.#sums[i]!])),
      injected: new Map(this.#ports.map((name, i) => [name, this.#sums[this.#populations.length + i]!])),
      connections: this.#rows.map(({ projection, changedBefore, ops, coincidences }) => ({
        projection,
        synapticOps: ops,
        coincidences,
        changed:
          projection.rule === undefined
            ? 0
            : Number(this.#machine.weights.changed(projection.name) - changedBefore),
      })),
      messagesByConnection: this.#rows.reduce((sum, { from, cores }) => {
        return from < this.#populations.length ? sum + cores * this.#sums[from]! : sum;
      }, 0),
      core: {
        compartmentUpdates: core.compartmentUpdatesActive + core.compartmentUpdatesInactive,
        spikes: core.spikes,
        synapticOps: core.synapticOps + BigInt(pending),
        visitsAllPlastic: core.synapseVisitsAllPlastic,
        visitsActiveAxons: core.synapseVisitsActiveAxons,
        changed: core.synapticUpdates,
        messages: core.messages,
      },
    };
  }
}
