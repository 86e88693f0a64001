// A machine: the core on a memory that holds one image. It runs presentations, and gives counters, times, probes,
// weights and snapshots. Everything that reads or writes the chip's own state is counted.

import { availableParallelism } from 'node:os';
import { UserError } from '../errors.ts';
import type { ChipImage } from '../image/image.ts';
import { QUEUE_SPARE } from './block-map.ts';
import { ChipMemory, type HostAccess } from './chip-memory.ts';
import { installPrograms } from './codegen/install-programs.ts';
import { installRules } from './codegen/install-rules.ts';
import {
  type Core,
  type CoreBuild,
  coreLayout,
  instantiateCore,
  instantiateThreadedCore,
  type Layout,
  type LayoutName,
} from './core-module.ts';
import { type CycleRecording, NO_RECORDING } from './cycle-map.ts';
import { CycleReader } from './cycle-reader.ts';
import type { EventList } from './event-list.ts';
import { ImageLoader } from './load-image.ts';
import { type MemoryMap, mapMemory } from './memory-map.ts';
import { WORTH_S } from './pace.ts';
import { Probes } from './probes.ts';
import { checkThreads, divideCores, estimatedStepS, whyOneThread } from './sharding.ts';
import { Team } from './team.ts';
import type { TimingMode } from './timing-mode.ts';
import { Weights } from './weights.ts';

export interface MachineOptions {
  readonly build?: CoreBuild;
  /** Port spikes that one presentation may hold. Default 16,384. */
  readonly events?: number;
  /** Bytes for all probe buffers. Default 1 MiB. */
  readonly probeBytes?: number;
  /** Probe records; a probe takes one on every core that holds part of its population. Default 256. */
  readonly probeRecords?: number;
  /** How time is told. Default analytic. */
  readonly timing?: TimingMode;
  /** What mode `cycle` records beside its sums. Default nothing. */
  readonly recording?: Partial<CycleRecording>;
  /** How neuron programs run, with the same bits. Default compiled in the release build, else interpreted. */
  readonly programs?: 'compiled' | 'interpreted';
  /** The same for learning rules. */
  readonly rules?: 'compiled' | 'interpreted';
  /**
   * Threads that the cores are divided between, with the same bits; at most one per core. `auto`: those of the machine,
   * where that is faster and the network can be divided. Default 1.
   */
  readonly threads?: number | 'auto';
}

/** Time of one phase, in seconds of chip time; all 0 but the steps in mode `functional`. */
export interface PhaseTime {
  readonly steps: number;
  readonly spikingS: number;
  readonly learningS: number;
  readonly managementS: number;
  /** What the chip file adds for embedded processors that work in every step. */
  readonly embeddedS: number;
  readonly longestStepS: number;
}

const TIMING = {
  functional: 'TIMING_FUNCTIONAL',
  analytic: 'TIMING_ANALYTIC',
  cycle: 'TIMING_CYCLE',
} as const satisfies Record<TimingMode, LayoutName>;

/** Read late, every message waits for the next step; read early, a full queue can be emptied at once. */
function checkRepeats(presentation: string, { repeats }: EventList): void {
  if (repeats <= QUEUE_SPARE) return;
  const path = `presentation "${presentation}"`;
  throw new UserError(
    `${path}: in one step ${repeats} port spikes repeat an element; with semantics.weightRead late ${QUEUE_SPARE} can wait`,
    { code: 'out-of-range', path, got: repeats, limit: QUEUE_SPARE },
  );
}

/** Threads that a network may use by itself: 1 if its steps are short or it cannot be divided. */
function mostThreads(image: ChipImage, timing: TimingMode, build: CoreBuild): number {
  if (build !== 'release' || whyOneThread(image, timing) !== null) return 1;
  return estimatedStepS(image) < WORTH_S ? 1 : availableParallelism();
}

/** Places of programs that name the working memory of their thread. */
function programPlaces({ cores }: MemoryMap, layout: Layout): (readonly [number, number])[] {
  return cores.flatMap(({ groups }) =>
    groups.flatMap(({ program }) =>
      program === null
        ? []
        : [
            [program.record + layout.NEURON_SCRATCH, 4] as const,
            [program.instructions, program.instructionBytes] as const,
          ],
    ),
  );
}

export class Machine {
  readonly image: ChipImage;
  readonly build: CoreBuild;
  readonly timing: TimingMode;
  /** Null unless time is told in mode `cycle`. */
  readonly cycle: CycleReader | null;
  readonly access: HostAccess = { weightWrites: 0, stateReads: 0 };
  readonly probes: Probes;
  readonly weights: Weights;
  readonly #core: Core;
  readonly #memory: ChipMemory;
  readonly #programs: ReadonlyMap<
    string,
    { readonly index: number; readonly record: number; readonly steps: number }
  >;
  readonly #team: Team | null;
  /** Configuration in the state's part of memory that depends on the number of threads: address and bytes. */
  readonly #ownPlaces: readonly (readonly [number, number])[];

  /** @throws UserError if the network does not fit into memory, or cannot be divided between threads */
  constructor(image: ChipImage, options: MachineOptions = {}) {
    this.image = image;
    this.build = options.build ?? 'release';
    this.timing = options.timing ?? 'analytic';
    const probeRecords = options.probeRecords ?? 256;
    const isPaced = options.threads === 'auto';
    const threads =
      options.threads === 'auto' ? mostThreads(image, this.timing, this.build) : (options.threads ?? 1);
    if (threads > 1 && this.build !== 'release') throw new Error(`the ${this.build} build has one thread`);
    checkThreads(image, this.timing, threads);
    const map = mapMemory(image, coreLayout(this.build), {
      events: options.events ?? 16_384,
      probeBytes: options.probeBytes ?? 2 ** 20,
      probeCount: probeRecords,
      ...(this.timing === 'cycle' ? { cycle: { ...NO_RECORDING, ...options.recording } } : {}),
      ...(threads > 1 ? { shards: divideCores(image, threads) } : {}),
    });
    const threaded = map.team === null ? null : instantiateThreadedCore(map.bytes);
    this.#core = threaded ?? instantiateCore(this.build, map.bytes);
    const { layout, memory } = this.#core;
    new ImageLoader(image, map, layout, memory.buffer).load();
    this.#memory = new ChipMemory(image, map, layout, memory.buffer);
    const { words } = this.#memory;
    const usual = this.build === 'release' ? 'compiled' : 'interpreted';
    const code = [
      (options.programs ?? usual) === 'compiled' ? installPrograms(image, map, this.#core, words) : null,
      (options.rules ?? usual) === 'compiled' ? installRules(image, map, this.#core, words) : null,
    ].filter((module) => module !== null);
    this.cycle = map.cycle === null ? null : new CycleReader(image, map.cycle, this.#core);
    if (map.cycle !== null) this.#core.mesh.reset(map.cycle.mesh.mesh);
    this.#programs = new Map(
      image.presentations.map(({ name, steps }, i) => [
        name,
        { index: i, record: map.programs[i]!.record, steps },
      ]),
    );
    this.probes = new Probes(this.#memory, this.access, probeRecords);
    this.weights = new Weights(this.#memory, this.access);
    this.#memory.field(map.chip, 'CHIP_TIMING', layout[TIMING[this.timing]]);
    this.#ownPlaces = programPlaces(map, layout);
    this.#team = threaded === null ? null : new Team(threaded, map.team!, code, isPaced);
  }

  /** Threads that the network has run on. */
  get threads(): number {
    return this.#team?.threads ?? 1;
  }

  /** Ends its further threads; it cannot present any more. A process that ends takes them with it. */
  close(): void {
    this.#team?.close();
  }

  /**
   * Runs a presentation with its port spikes.
   * @throws UserError if elements spike more often in one step than rows can wait for the next one
   */
  present(name: string, events?: EventList): void {
    const program = this.#programs.get(name);
    if (program === undefined) throw new Error(`no presentation is named "${name}"`);
    const { chip, events: place, payloads, eventWords } = this.#memory.map;
    let list = 0;
    if (events !== undefined && events.count > 0) {
      if (this.image.semantics.weightRead === 'late') checkRepeats(name, events);
      events.write(this.#memory.words, place >> 2, eventWords, program.steps, payloads >> 2);
      this.#memory.field(chip, 'CHIP_EVENT_PAYLOADS', events.graded ? payloads : 0);
      list = place;
    }
    if (this.#team === null) this.#core.present(chip, program.record, list);
    else this.#team.present(program.index, list, program.steps);
  }

  /** Size of the linear memory. */
  get memoryBytes(): number {
    return this.#core.memory.buffer.byteLength;
  }

  /** Time steps so far. */
  get steps(): number {
    return this.#memory.read(this.#memory.map.chip, 'CHIP_TIME') >>> 0;
  }

  /** Counters, summed over cores: [phase][counter], exact. */
  counters(): bigint[][] {
    return this.coreCounters().reduce((sum, core) =>
      sum.map((row, p) => row.map((n, c) => n + core[p]![c]!)),
    );
  }

  /** Counters of every core: [core][phase][counter]. */
  coreCounters(): bigint[][][] {
    const { layout, longs, map } = this.#memory;
    const counters = layout.COUNTER_COUNT;
    return map.cores.map((core) =>
      this.image.phases.map((_, phase) => {
        const first = core.counters / 8 + phase * counters;
        return Array.from(longs.subarray(first, first + counters));
      }),
    );
  }

  /** Chip time by phase. */
  times(): PhaseTime[] {
    const { layout, longs, map } = this.#memory;
    const { quantumS, embeddedStep } = this.image.timing;
    return this.image.phases.map((_, phase) => {
      const record = map.times + phase * layout.TIME_STRIDE;
      const read = (offset: number): number => Number(longs[(record + offset) / 8]!);
      const steps = read(layout.TIME_STEPS);
      // Mode `cycle` simulates what the processors do instead.
      const embedded = this.timing === 'analytic' ? embeddedStep : 0;
      return {
        steps,
        spikingS: read(layout.TIME_SPIKING) * quantumS,
        learningS: read(layout.TIME_LEARNING) * quantumS,
        managementS: read(layout.TIME_MANAGEMENT) * quantumS,
        embeddedS: steps * embedded * quantumS,
        longestStepS: (read(layout.TIME_LONGEST) + (steps > 0 ? embedded : 0)) * quantumS,
      };
    });
  }

  /** All configuration and state of the chip, counters included. */
  snapshot(): Uint8Array {
    return this.#memory.bytes.slice(0, this.#memory.map.stateEnd);
  }

  /**
   * Goes back to a snapshot of a machine of the same image. Probes, the timing mode and the number of threads are not part
   * of it.
   * @throws Error if it is of another size
   */
  restore(snapshot: Uint8Array): void {
    const { bytes, layout, map } = this.#memory;
    if (snapshot.length !== map.stateEnd) throw new Error('the snapshot is of another image');
    this.probes.keep(() => {
      const own = this.#ownPlaces.map(([place, length]) => bytes.slice(place, place + length));
      bytes.set(snapshot);
      for (const [i, [place]] of this.#ownPlaces.entries()) bytes.set(own[i]!, place);
    });
    this.#memory.field(map.chip, 'CHIP_TIMING', layout[TIMING[this.timing]]);
  }
}
