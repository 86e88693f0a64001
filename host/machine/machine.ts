// A machine: the core on a memory that holds one image. It runs presentations, and gives counters, times, probes
// and snapshots. Everything that reads or writes the chip's own state is counted.

import { availableParallelism } from 'node:os';
import { UserError } from '../errors.ts';
import type { ChipImage, ProjectionImage } from '../image/image.ts';
import { droppedBits, QUEUE_SPARE, rowLength } from './block-map.ts';
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
import { installPrograms } from './install-programs.ts';
import { installRules } from './install-rules.ts';
import { gridMin, ImageLoader } from './load-image.ts';
import { type MemoryMap, mapMemory } from './memory-map.ts';
import { WORTH_S } from './pace.ts';
import { axisOf, type ProbedBlock, type ProjectionProbeKind, probedBlock } from './projection-probe.ts';
import { owns } from './shard-map.ts';
import { checkThreads, divideCores, estimatedStepS, whyOneThread } from './sharding.ts';
import { Team } from './team.ts';
import type { TimingMode } from './timing-mode.ts';

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

/** Host accesses to the chip since the machine was made. */
export interface HostAccess {
  weightWrites: number;
  stateReads: number;
}

/**
 * What a probe records: spikes as counts or as a raster, a variable of every compartment, a state word of its
 * program, or what it sends in the step (0 = nothing); of wide compartments also their synaptic input, in units of u.
 */
export type ProbeKind =
  | 'spikeCounts'
  | 'spikes'
  | 'u'
  | 'v'
  | 'refractory'
  | 'input'
  | 'payload'
  | 'y1'
  | 'y2'
  | 'y3'
  | `state ${string}`;

const WORD_KINDS: readonly ProbeKind[] = ['u', 'v', 'refractory', 'input', 'payload'];

/** Kinds that record a word per compartment. */
function isWord(kind: ProbeKind): boolean {
  return WORD_KINDS.includes(kind) || kind.startsWith('state ');
}

/** A block's part of a projection's variable. */
interface ProjectionProbePart {
  readonly record: number;
  readonly buffer: number;
  readonly probed: ProbedBlock;
}

/** A probe of a variable by source ([from]), by target ([to]) or by synapse ([from][to]). */
export interface ProjectionProbe {
  readonly size: number;
  readonly capacity: number;
  readonly parts: readonly ProjectionProbePart[];
}

/** A population's columns over its cores. */
interface ProbePart {
  readonly record: number;
  readonly buffer: number;
  readonly element: number;
  readonly count: number;
}

/** A variable that is recorded. */
export interface Probed {
  readonly kind: ProbeKind;
  readonly size: number;
  /** Steps that are recorded between two drains. */
  readonly capacity: number;
}

export interface Probe extends Probed {
  readonly parts: readonly ProbePart[];
}

/** How a block keeps weights: words as they are, or bytes (mantissa / grid - least). */
interface StoredWeights {
  readonly isWide: boolean;
  readonly least: number;
  readonly grid: number;
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
  readonly #core: Core;
  readonly #map: MemoryMap;
  readonly #words: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #longs: BigUint64Array;
  readonly #programs: ReadonlyMap<
    string,
    { readonly index: number; readonly record: number; readonly steps: number }
  >;
  /** Traces that only probes want, by core record: bits of CORE_USED_TRACES. */
  readonly #probedTraces = new Map<number, number>();
  readonly #probeRecords: number;
  readonly #team: Team | null;
  /** Configuration in the state's part of memory that depends on the number of threads: address and bytes. */
  readonly #ownPlaces: readonly (readonly [number, number])[];
  #probeNext: number;

  /** @throws UserError if the network does not fit into memory, or cannot be divided between threads */
  constructor(image: ChipImage, options: MachineOptions = {}) {
    this.image = image;
    this.build = options.build ?? 'release';
    this.timing = options.timing ?? 'analytic';
    this.#probeRecords = options.probeRecords ?? 256;
    const isPaced = options.threads === 'auto';
    const threads =
      options.threads === 'auto' ? mostThreads(image, this.timing, this.build) : (options.threads ?? 1);
    if (threads > 1 && this.build !== 'release') throw new Error(`the ${this.build} build has one thread`);
    checkThreads(image, this.timing, threads);
    const map = mapMemory(image, coreLayout(this.build), {
      events: options.events ?? 16_384,
      probeBytes: options.probeBytes ?? 2 ** 20,
      probeCount: this.#probeRecords,
      ...(this.timing === 'cycle' ? { cycle: { ...NO_RECORDING, ...options.recording } } : {}),
      ...(threads > 1 ? { shards: divideCores(image, threads) } : {}),
    });
    const threaded = map.team === null ? null : instantiateThreadedCore(map.bytes);
    this.#core = threaded ?? instantiateCore(this.build, map.bytes);
    this.#map = map;
    const { buffer } = this.#core.memory;
    new ImageLoader(image, map, this.#core.layout, buffer).load();
    this.#words = new Int32Array(buffer);
    const usual = this.build === 'release' ? 'compiled' : 'interpreted';
    const code = [
      (options.programs ?? usual) === 'compiled'
        ? installPrograms(image, map, this.#core, this.#words)
        : null,
      (options.rules ?? usual) === 'compiled' ? installRules(image, map, this.#core, this.#words) : null,
    ].filter((module) => module !== null);
    this.cycle = map.cycle === null ? null : new CycleReader(image, map.cycle, this.#core);
    if (map.cycle !== null) this.#core.mesh.reset(map.cycle.mesh.mesh);
    this.#bytes = new Uint8Array(buffer);
    this.#longs = new BigUint64Array(buffer);
    this.#programs = new Map(
      image.presentations.map(({ name, steps }, i) => [
        name,
        { index: i, record: map.programs[i]!.record, steps },
      ]),
    );
    this.#probeNext = map.probes + this.#probeRecords * this.#core.layout.PROBE_STRIDE;
    this.#field(map.chip, 'CHIP_PROBES', map.probes);
    this.#field(map.chip, 'CHIP_TIMING', this.#core.layout[TIMING[this.timing]]);
    this.#ownPlaces = programPlaces(map, this.#core.layout);
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

  #field(record: number, name: LayoutName, value: number): void {
    this.#words[(record + this.#core.layout[name]) >> 2] = value;
  }

  #read(record: number, name: LayoutName): number {
    return this.#words[(record + this.#core.layout[name]) >> 2]!;
  }

  /**
   * Runs a presentation with its port spikes.
   * @throws UserError if elements spike more often in one step than rows can wait for the next one
   */
  present(name: string, events?: EventList): void {
    const program = this.#programs.get(name);
    if (program === undefined) throw new Error(`no presentation is named "${name}"`);
    const { chip, events: place, payloads, eventWords } = this.#map;
    let list = 0;
    if (events !== undefined && events.count > 0) {
      if (this.image.semantics.weightRead === 'late') checkRepeats(name, events);
      events.write(this.#words, place >> 2, eventWords, program.steps, payloads >> 2);
      this.#field(chip, 'CHIP_EVENT_PAYLOADS', events.graded ? payloads : 0);
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
    return this.#read(this.#map.chip, 'CHIP_TIME') >>> 0;
  }

  /** Counters, summed over cores: [phase][counter], exact. */
  counters(): bigint[][] {
    return this.coreCounters().reduce((sum, core) =>
      sum.map((row, p) => row.map((n, c) => n + core[p]![c]!)),
    );
  }

  /** Counters of every core: [core][phase][counter]. */
  coreCounters(): bigint[][][] {
    const counters = this.#core.layout.COUNTER_COUNT;
    return this.#map.cores.map((core) =>
      this.image.phases.map((_, phase) => {
        const first = core.counters / 8 + phase * counters;
        return Array.from(this.#longs.subarray(first, first + counters));
      }),
    );
  }

  /** Chip time by phase. */
  times(): PhaseTime[] {
    const { layout } = this.#core;
    const { quantumS, embeddedStep } = this.image.timing;
    return this.image.phases.map((_, phase) => {
      const record = this.#map.times + phase * layout.TIME_STRIDE;
      const read = (offset: number): number => Number(this.#longs[(record + offset) / 8]!);
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

  /**
   * Adds a probe on a population. Steps beyond its capacity are not recorded until it is drained.
   * @param capacity steps; ignored by spike counts
   */
  probe(population: string, kind: ProbeKind, capacity = 64): Probe {
    const found = this.image.populations.find(({ name }) => name === population);
    if (found === undefined) throw new Error(`no population is named "${population}"`);
    const parts = found.slices.map(({ core, group, element, count }) => {
      const bytes =
        kind === 'spikeCounts'
          ? count * 4
          : kind === 'spikes'
            ? Math.ceil(count / 8) * capacity
            : count * capacity * (isWord(kind) ? 4 : 1);
      const { kindName, source } = this.#probeSource(kind, core, group);
      return { ...this.#addProbe(core, kindName, source, count, bytes, capacity), element, count };
    });
    return { kind, size: found.size, capacity, parts };
  }

  /** Takes all probes away. */
  clearProbes(): void {
    this.#probeNext = this.#map.probes + this.#probeRecords * this.#core.layout.PROBE_STRIDE;
    for (const { chip } of this.#recorders()) this.#field(chip, 'CHIP_PROBE_COUNT', 0);
  }

  /** The chip records that list probes, and where their lists are: one for each thread. */
  #recorders(): readonly { readonly chip: number; readonly probes: number }[] {
    return this.#map.team?.shards ?? [this.#map];
  }

  #addProbe(
    core: number,
    kind: LayoutName,
    source: number,
    count: number,
    bytes: number,
    capacity: number,
  ): { record: number; buffer: number } {
    const { layout } = this.#core;
    const buffer = this.#probeNext;
    this.#probeNext = Math.ceil((buffer + bytes) / 64) * 64;
    const { chip, probes } = this.#map.team?.shards.find((shard) => owns(shard, core)) ?? this.#map;
    const listed = this.#read(chip, 'CHIP_PROBE_COUNT');
    if (this.#probeNext > this.#map.probesEnd || listed === this.#probeRecords) {
      throw new Error('the probes do not fit; raise probeBytes or probeRecords');
    }
    this.#bytes.fill(0, buffer, buffer + bytes); // probes that were taken away may have been here
    const record = probes + listed * layout.PROBE_STRIDE;
    this.#field(record, 'PROBE_KIND', layout[kind]);
    this.#field(record, 'PROBE_SOURCE', source);
    this.#field(record, 'PROBE_COUNT', count);
    this.#field(record, 'PROBE_BUFFER', buffer);
    this.#field(record, 'PROBE_CAPACITY', capacity);
    this.#field(record, 'PROBE_FILLED', 0);
    this.#field(chip, 'CHIP_PROBE_COUNT', listed + 1);
    return { record, buffer };
  }

  /**
   * Adds a probe on a projection: weights, tags and delays [from][to], x1 and x2 [from], y1 to y3 and output [to].
   * @param capacity steps
   * @throws Error if it has no such variable
   */
  probeProjection(name: string, kind: ProjectionProbeKind, capacity: number): ProjectionProbe {
    const { rows, columns, blocks } = this.#projection(name);
    const halves = new Uint16Array(this.#words.buffer);
    const parts = blocks.map(({ core, block }) => {
      const map = this.#map.cores[core]!;
      const probed = probedBlock(
        kind,
        this.image.cores[core]!,
        map,
        block,
        columns,
        ({ rowOfAxon }, axon) => halves[(rowOfAxon >> 1) + axon]!,
      );
      if (probed.source === 0) throw new Error(`projection "${name}" has no ${kind} to record`);
      const { wide } = map.blocks[block]!;
      if (wide === null) this.#wantTrace(map.record, kind);
      const values = wide === null ? probed.bytes : probed.places.length;
      const probeKind = kind === 'output' ? 'PROBE_TAP' : wide === null ? 'PROBE_BYTES' : 'PROBE_WORDS';
      return {
        ...this.#addProbe(core, probeKind, probed.source, values, probed.bytes * capacity, capacity),
        probed,
      };
    });
    const size = { from: rows, to: columns, synapse: rows * columns }[axisOf(kind)];
    return { size, capacity, parts };
  }

  /** Recorded values [step][element] of a projection since the last call, and starts anew. */
  drainProjection(probe: ProjectionProbe): Int32Array[] {
    const steps = this.#read(probe.parts[0]!.record, 'PROBE_FILLED');
    const values = Array.from({ length: steps }, () => new Int32Array(probe.size));
    const halves = new Int16Array(this.#words.buffer);
    for (const { record, buffer, probed } of probe.parts) {
      const { places, offsets, width, least, grid, bytes } = probed;
      values.forEach((row, step) => {
        const first = buffer + step * bytes;
        places.forEach((place, i) => {
          const at = first + offsets[i]!;
          const stored =
            width === 4 ? this.#words[at >> 2]! : width === 2 ? halves[at >> 1]! : this.#bytes[at]!;
          row[place] = (stored + least) * grid;
        });
      });
      this.#field(record, 'PROBE_FILLED', 0);
    }
    this.access.stateReads += steps * probe.size;
    return values;
  }

  /** Weights of a wide projection as its blocks hold them, [from][to]. Counted as host reads. */
  readWideWeights(name: string): Int32Array {
    const probe = this.image.projections.find((item) => item.name === name);
    if (probe === undefined) throw new Error(`no projection is named "${name}"`);
    const weights = new Int32Array(probe.rows * probe.columns);
    for (const { core, block } of probe.blocks) {
      const image = this.image.cores[core]!.blocks[block]!;
      const { rows } = this.#map.cores[core]!.blocks[block]!;
      image.rowElements.forEach((from, row) => {
        const stored = this.#words.subarray(rows[row]! >> 2, (rows[row]! >> 2) + image.columns);
        weights.set(stored, from * probe.columns + image.columnElement);
      });
    }
    this.access.stateReads += weights.length;
    return weights;
  }

  #probeSource(kind: ProbeKind, core: number, group: number): { kindName: LayoutName; source: number } {
    const map = this.#map.cores[core]!;
    const { record, first } = map.groups[group]!;
    if (kind === 'spikeCounts') return { kindName: 'PROBE_SPIKE_COUNTS', source: record };
    if (kind === 'spikes') return { kindName: 'PROBE_SPIKE_BITS', source: record };
    if (kind.startsWith('state ')) {
      const name = kind.slice('state '.length);
      const { program } = this.image.cores[core]!.groups[group]!;
      const word = program?.state.findIndex((item) => item.name === name) ?? -1;
      const place = map.groups[group]!.program;
      if (place === null || word < 0) throw new Error(`the population has no state word "${name}"`);
      return { kindName: 'PROBE_WORDS', source: place.state + word * place.columnBytes };
    }
    if (kind === 'u') return { kindName: 'PROBE_WORDS', source: map.current + first * 4 };
    if (kind === 'v') return { kindName: 'PROBE_WORDS', source: map.voltage + first * 4 };
    if (kind === 'refractory') return { kindName: 'PROBE_WORDS', source: map.refractory + first * 4 };
    if (kind === 'input') {
      const { inputs } = map.groups[group]!;
      if (inputs === 0) throw new Error('"input" is recorded of wide compartments only');
      return { kindName: 'PROBE_WORDS', source: inputs };
    }
    if (kind === 'payload') {
      const sends = map.groups[group]!.inputs !== 0 || map.groups[group]!.program !== null;
      if (map.payloads === 0 || !sends) throw new Error('the spikes of the population carry nothing');
      return { kindName: 'PROBE_WORDS', source: map.payloads + first * 4 };
    }
    const trace = Number(kind.slice(1)) - 1;
    this.#wantTrace(map.record, kind);
    return { kindName: 'PROBE_BYTES', source: map.postTrace + trace * map.postStride + first };
  }

  /** A trace that no rule reads is not computed unless it is probed. */
  #wantTrace(core: number, kind: string): void {
    const place = ['x1', 'x2', 'y1', 'y2', 'y3'].indexOf(kind);
    if (place < 0) return;
    this.#probedTraces.set(core, (this.#probedTraces.get(core) ?? 0) | (1 << place));
    this.#wantTraces();
  }

  #wantTraces(): void {
    for (const [record, bits] of this.#probedTraces) {
      this.#field(record, 'CORE_USED_TRACES', this.#read(record, 'CORE_USED_TRACES') | bits);
    }
  }

  /** Spike counts since the last call, per element, and starts anew. Counted as host reads. */
  drainCounts(probe: Probe): Uint32Array {
    const counts = new Uint32Array(probe.size);
    for (const { buffer, element, count } of probe.parts) {
      const words = this.#words.subarray(buffer >> 2, (buffer >> 2) + count);
      counts.set(words, element);
      words.fill(0);
    }
    this.access.stateReads += probe.size;
    return counts;
  }

  /** Recorded values [step][element] since the last call, and starts anew. Spikes are 0 or 1. */
  drain(probe: Probe): Int32Array[] {
    const steps = this.#read(probe.parts[0]!.record, 'PROBE_FILLED');
    const rows = Array.from({ length: steps }, () => new Int32Array(probe.size));
    for (const { record, buffer, element, count } of probe.parts) {
      rows.forEach((row, step) => {
        for (let i = 0; i < count; i++) row[element + i] = this.#sample(probe.kind, buffer, count, step, i);
      });
      this.#field(record, 'PROBE_FILLED', 0);
    }
    this.access.stateReads += steps * probe.size;
    return rows;
  }

  /**
   * Sums of the payloads that a population sent since the last call, per element, by a `payload` probe: what a host
   * at the other end of its axons would have received, so no access to the chip's state.
   */
  drainSent(probe: Probe): Int32Array {
    const sums = new Int32Array(probe.size);
    for (const { record, buffer, element, count } of probe.parts) {
      const first = buffer >> 2;
      const end = first + this.#read(record, 'PROBE_FILLED') * count;
      for (let at = first; at < end; at++) sums[element + ((at - first) % count)]! += this.#words[at]!;
      this.#field(record, 'PROBE_FILLED', 0);
    }
    return sums;
  }

  /** Spikes of a `spikes` probe since the last call, step by step within each core, and starts anew. */
  drainSpikes(probe: Probe, visit: (step: number, element: number) => void): void {
    for (const { record, buffer, element, count } of probe.parts) {
      const bytes = Math.ceil(count / 8);
      const steps = this.#read(record, 'PROBE_FILLED');
      for (let at = 0; at < steps * bytes; at++) {
        const bits = this.#bytes[buffer + at]!;
        if (bits === 0) continue;
        const step = Math.floor(at / bytes);
        const first = element + (at - step * bytes) * 8;
        for (let i = 0; i < 8; i++) if ((bits >> i) & 1) visit(step, first + i);
      }
      this.#field(record, 'PROBE_FILLED', 0);
      this.access.stateReads += steps * count;
    }
  }

  #sample(kind: ProbeKind, buffer: number, count: number, step: number, i: number): number {
    if (isWord(kind)) return this.#words[(buffer >> 2) + step * count + i]!;
    if (kind === 'spikes')
      return (this.#bytes[buffer + step * Math.ceil(count / 8) + (i >> 3)]! >> (i & 7)) & 1;
    return this.#bytes[buffer + step * count + i]!;
  }

  /** Weights of a projection that a learning rule has changed so far, exact. */
  changedSynapses(projection: string): bigint {
    const { blocks } = this.#projection(projection);
    return blocks.reduce((sum, { core, block }) => {
      const { record } = this.#map.cores[core]!.blocks[block]!;
      return sum + this.#longs[(record + this.#core.layout.BLOCK_CHANGED) / 8]!;
    }, 0n);
  }

  /** Weight mantissas of a projection, [from][to]; 0 where it has no synapse. Counted as host reads. */
  readWeights(projection: string): Int16Array {
    const { synapses, matrix } = this.#matrix(projection, (weights, at, address, { isWide, least, grid }) => {
      weights[at] = isWide ? this.#words[address >> 2]! : (this.#bytes[address]! + least) * grid;
    });
    this.access.stateReads += synapses;
    return matrix;
  }

  /**
   * Overwrites the weight mantissas of a projection, [from][to]. Counted as host weight writes.
   * @throws Error if one is not 0 where the projection has no synapse
   */
  writeWeights(projection: string, mantissas: Int16Array): void {
    const { synapses, matrix } = this.#matrix(projection, (exists, at, address, { isWide, least, grid }) => {
      exists[at] = 1;
      if (isWide) this.#words[address >> 2] = mantissas[at]!;
      else this.#bytes[address] = mantissas[at]! / grid - least;
    });
    this.access.weightWrites += synapses;
    if (synapses < matrix.length && mantissas.some((mantissa, at) => mantissa !== 0 && matrix[at] === 0))
      throw new Error(`projection "${projection}" has no synapse for one of the weights`);
  }

  #projection(name: string): ProjectionImage {
    const projection = this.image.projections.find((item) => item.name === name);
    if (projection === undefined) throw new Error(`no projection is named "${name}"`);
    return projection;
  }

  #matrix(
    name: string,
    visit: (matrix: Int16Array, at: number, address: number, stored: StoredWeights) => void,
  ): { synapses: number; matrix: Int16Array } {
    const { rows, columns, blocks } = this.#projection(name);
    const matrix = new Int16Array(rows * columns);
    let count = 0;
    for (const { core, block } of blocks) {
      const image = this.image.cores[core]!.blocks[block]!;
      const place = this.#map.cores[core]!.blocks[block]!;
      if (place.lists !== null) throw new Error(`projection "${name}" is not stored as a matrix`);
      const { partial } = place;
      const isWide = image.wide !== null;
      const bytes = isWide ? 4 : 1;
      const stored = { isWide, least: gridMin(image), grid: 2 ** droppedBits(image) };
      image.rowElements.forEach((row, r) => {
        const first = row * columns + image.columnElement;
        const length = rowLength(image, place, r);
        for (let i = 0; i < length; i++) {
          const column = partial === null ? i : partial.targets[partial.rowStart[r]! + i]!;
          visit(matrix, first + column, place.rows[r]! + bytes * column, stored);
        }
        count += length;
      });
    }
    return { synapses: count, matrix };
  }

  /** All configuration and state of the chip, counters included. */
  snapshot(): Uint8Array {
    return this.#bytes.slice(0, this.#map.stateEnd);
  }

  /**
   * Goes back to a snapshot of a machine of the same image. Probes, the timing mode and the number of threads are not part
   * of it.
   * @throws Error if it is of another size
   */
  restore(snapshot: Uint8Array): void {
    if (snapshot.length !== this.#map.stateEnd) throw new Error('the snapshot is of another image');
    const { chip, probes } = this.#map;
    const listed = this.#read(chip, 'CHIP_PROBE_COUNT');
    const own = this.#ownPlaces.map(([place, bytes]) => this.#bytes.slice(place, place + bytes));
    this.#bytes.set(snapshot);
    for (const [i, [place]] of this.#ownPlaces.entries()) this.#bytes.set(own[i]!, place);
    this.#field(chip, 'CHIP_PROBES', probes);
    this.#field(chip, 'CHIP_PROBE_COUNT', listed);
    this.#field(this.#map.chip, 'CHIP_TIMING', this.#core.layout[TIMING[this.timing]]);
    this.#wantTraces();
  }
}
