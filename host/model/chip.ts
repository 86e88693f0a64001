// The reference model of a chip: slow, plain, and written from the hardware reference. It shares the image with
// every other executor and nothing else, so it can tell whether they are right.

import type { ChipImage, PostNoteImage } from '../image/image.ts';
import {
  compartmentDestinations,
  compartmentPostNotes,
  type Destination,
  hopsBetween,
  portDestinations,
  portPostNotes,
} from './axon.ts';
import { ModelCore } from './core.ts';
import { writeRegisters } from './management.ts';
import { requireModelled } from './semantics.ts';
import { emptyStatistics, MODEL_COUNTERS, type ModelCounter, type Statistics } from './tally.ts';
import { type Message, spikingTime } from './timing.ts';
import { carry } from './wire.ts';

/** Time of one phase, in quanta. */
export interface ModelTime {
  steps: number;
  spiking: number;
  learning: number;
  management: number;
  longestStep: number;
}

/** A spike or value of a port element, numbered over all ports. */
export interface PortEvent {
  readonly element: number;
  readonly payload: number;
}

export class ModelChip {
  readonly image: ChipImage;
  readonly cores: readonly ModelCore[];
  readonly statistics: Statistics = emptyStatistics();
  readonly times: readonly ModelTime[];
  /** Steps so far; the first one is number 1. */
  time = 0;
  #phase = 0;
  /** [core][compartment] and [port element]. */
  readonly #routes: readonly (readonly Destination[])[][];
  readonly #portRoutes: readonly (readonly Destination[])[];
  /** Columns of wide blocks for which a spike is a post spike, as the routes. */
  readonly #postNotes: readonly (readonly PostNoteImage[])[][];
  readonly #portPostNotes: readonly (readonly PostNoteImage[])[];

  /** @throws Error if the image asks for an option that the model does not have */
  constructor(image: ChipImage) {
    requireModelled(image);
    this.image = image;
    this.cores = image.cores.map((core) => new ModelCore(image, core, this.statistics));
    this.times = image.phases.map(() => ({
      steps: 0,
      spiking: 0,
      learning: 0,
      management: 0,
      longestStep: 0,
    }));
    this.#routes = this.cores.map(({ compartments }, c) =>
      compartments.map((_, i) => compartmentDestinations(image, c, i)),
    );
    const elements = image.ports.reduce((sum, { size }) => sum + size, 0);
    this.#portRoutes = Array.from({ length: elements }, (_, i) => portDestinations(image, i));
    this.#postNotes = this.cores.map(({ compartments }, c) =>
      compartments.map((_, i) => compartmentPostNotes(image, c, i)),
    );
    this.#portPostNotes = Array.from({ length: elements }, (_, i) => portPostNotes(image, i));
  }

  /**
   * Runs a presentation.
   * @param events of each step what the ports send
   * @param after called at the end of every step
   */
  present(name: string, events: readonly (readonly PortEvent[])[], after?: (step: number) => void): void {
    const presentation = this.image.presentations.find((item) => item.name === name);
    if (presentation === undefined) throw new Error(`no presentation is named "${name}"`);
    for (let step = 0; step < presentation.steps; step++) {
      let writes = 0;
      for (const entry of presentation.entries) {
        if (entry.step !== step) continue;
        if (entry.kind === 'phase') this.#phase = entry.phase;
        else {
          const written = writeRegisters(this.cores, entry);
          const { tally } = this.cores[entry.core]!;
          tally.add(this.image.managementPhase, 'managementWrites', written);
          if (entry.kind === 'product') tally.add(this.image.managementPhase, 'microcodeSwaps', 1);
          writes += written;
        }
      }
      this.#step(events[step] ?? [], writes);
      after?.(step);
    }
  }

  /** One time step. [HW 6.4] */
  #step(events: readonly PortEvent[], writes: number): void {
    const phase = this.#phase;
    const learningPhase = this.image.phases[phase]!.learningAs;
    const late = this.image.semantics.weightRead === 'late';
    this.time++;
    this.#carryValues(events);
    this.cores.forEach((core, c) => {
      core.beginStep();
      if (late) core.readSynapses(this.time, phase, late);
      core.updateCompartments(this.time, phase, (group) => {
        this.#carryGroup(c, group);
      });
    });
    const messages = this.#sendSpikes(phase);
    this.#injectSpikes(events, phase);
    if (!late) for (const core of this.cores) core.readSynapses(this.time + 1, phase, late);
    const visits = this.cores.map((core) => core.endStep(this.time, learningPhase)[this.image.visits]);
    this.#addTimes(phase, messages, visits, writes);
  }

  /** What value ports send arrives before the compartments of the step. */
  #carryValues(events: readonly PortEvent[]): void {
    const values = new Map<number, bigint>();
    for (const { element, payload } of events)
      values.set(element, BigInt.asIntN(32, (values.get(element) ?? 0n) + BigInt(payload)));
    for (const wire of this.image.wires) {
      const { from } = wire;
      if (from.kind === 'port') carry(this.cores, wire, (i) => values.get(from.element + i) ?? 0n, this.time);
    }
  }

  /** What a group sends arrives at groups that come after it in the same step. */
  #carryGroup(core: number, group: number): void {
    for (const wire of this.image.wires) {
      const { from } = wire;
      if (from.kind === 'group' && from.core === core && from.group === group)
        carry(this.cores, wire, (i) => this.cores[core]!.sent(group, from.first + i), this.time);
    }
  }

  #sendSpikes(phase: number): Message[] {
    const messages: Message[] = [];
    this.cores.forEach((core, c) => {
      let spikes = 0;
      core.compartments.forEach(({ spiked, payload }, i) => {
        if (!spiked) return;
        spikes++;
        this.#notePosts(this.#postNotes[c]![i]!);
        for (const { core: to, axon } of this.#routes[c]![i]!) {
          const hops = hopsBetween(core.image, this.image.cores[to]!);
          core.work.messagesOut++;
          messages.push({ from: c, to, rank: i, spikes, messages: core.work.messagesOut, hops });
          core.tally.add(phase, 'messages', 1);
          core.tally.add(phase, 'messagesWithinTile', hops.withinTile ? 1 : 0);
          core.tally.add(phase, 'meshHopsEastWest', hops.eastWest);
          core.tally.add(phase, 'meshHopsNorthSouth', hops.northSouth);
          core.tally.add(phase, 'interChipHops', hops.interChip);
          this.cores[to]!.receive(axon, payload, this.time, phase);
        }
      });
    });
    return messages;
  }

  /** Spikes that the embedded processors inject are counted at the first core. */
  #injectSpikes(events: readonly PortEvent[], phase: number): void {
    this.cores[0]!.tally.add(phase, 'injectedSpikes', events.length);
    for (const { element, payload } of events) {
      for (const { core, axon } of this.#portRoutes[element]!)
        this.cores[core]!.receive(axon, BigInt(payload), this.time, phase);
      this.#notePosts(this.#portPostNotes[element]!);
    }
  }

  #notePosts(notes: readonly PostNoteImage[]): void {
    for (const { core, block, column } of notes) this.cores[core]!.notePost(block, column, this.time);
  }

  /** The spiking phase and the barrier, then learning and management. */
  #addTimes(phase: number, messages: readonly Message[], visits: readonly number[], writes: number): void {
    const { timing, phases, managementPhase } = this.image;
    const compartments = this.cores.map((core) => core.compartments.length);
    const works = this.cores.map((core) => core.work);
    const spiking = spikingTime(timing, compartments, works, messages) + timing.barrier;
    const learning = Math.max(...visits) * timing.learningVisit;
    const management = writes * timing.managementWrite;
    const own = this.times[phase]!;
    own.steps++;
    own.spiking += spiking;
    own.longestStep = Math.max(own.longestStep, spiking + learning + management);
    this.times[phases[phase]!.learningAs]!.learning += learning;
    this.times[managementPhase]!.management += management;
  }

  /** Counters of a core in a phase. */
  counters(core: number, phase: number): Readonly<Record<ModelCounter, number>> {
    const { tally } = this.cores[core]!;
    return Object.fromEntries(MODEL_COUNTERS.map((name) => [name, tally.of(phase, name)])) as Record<
      ModelCounter,
      number
    >;
  }
}
