// Probes: variables that the core records in every step, and reading them back. What is read is counted.

import type { ChipMemory, HostAccess } from './chip-memory.ts';
import type { LayoutName } from './core-module.ts';
import { axisOf, type ProbedBlock, type ProjectionProbeKind, probedBlock } from './projection-probe.ts';
import { owns } from './shard-map.ts';

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

export class Probes {
  readonly #memory: ChipMemory;
  readonly #access: HostAccess;
  /** Probes that a chip record can list. */
  readonly #records: number;
  /** Traces that only probes want, by core record: bits of CORE_USED_TRACES. */
  readonly #traces = new Map<number, number>();
  #next = 0;

  constructor(memory: ChipMemory, access: HostAccess, records: number) {
    this.#memory = memory;
    this.#access = access;
    this.#records = records;
    memory.field(memory.map.chip, 'CHIP_PROBES', memory.map.probes);
    this.clear();
  }

  /**
   * Adds a probe on a population. Steps beyond its capacity are not recorded until it is drained.
   * @param capacity steps; ignored by spike counts
   */
  add(population: string, kind: ProbeKind, capacity = 64): Probe {
    const found = this.#memory.image.populations.find(({ name }) => name === population);
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
  clear(): void {
    this.#next = this.#memory.map.probes + this.#records * this.#memory.layout.PROBE_STRIDE;
    for (const { chip } of this.#recorders()) this.#memory.field(chip, 'CHIP_PROBE_COUNT', 0);
  }

  /** The chip records that list probes, and where their lists are: one for each thread. */
  #recorders(): readonly { readonly chip: number; readonly probes: number }[] {
    return this.#memory.map.team?.shards ?? [this.#memory.map];
  }

  #addProbe(
    core: number,
    kind: LayoutName,
    source: number,
    count: number,
    bytes: number,
    capacity: number,
  ): { record: number; buffer: number } {
    const { layout } = this.#memory;
    const buffer = this.#next;
    this.#next = Math.ceil((buffer + bytes) / 64) * 64;
    const { chip, probes } =
      this.#memory.map.team?.shards.find((shard) => owns(shard, core)) ?? this.#memory.map;
    const listed = this.#memory.read(chip, 'CHIP_PROBE_COUNT');
    if (this.#next > this.#memory.map.probesEnd || listed === this.#records) {
      throw new Error('the probes do not fit; raise probeBytes or probeRecords');
    }
    this.#memory.bytes.fill(0, buffer, buffer + bytes); // probes that were taken away may have been here
    const record = probes + listed * layout.PROBE_STRIDE;
    this.#memory.field(record, 'PROBE_KIND', layout[kind]);
    this.#memory.field(record, 'PROBE_SOURCE', source);
    this.#memory.field(record, 'PROBE_COUNT', count);
    this.#memory.field(record, 'PROBE_BUFFER', buffer);
    this.#memory.field(record, 'PROBE_CAPACITY', capacity);
    this.#memory.field(record, 'PROBE_FILLED', 0);
    this.#memory.field(chip, 'CHIP_PROBE_COUNT', listed + 1);
    return { record, buffer };
  }

  /**
   * Adds a probe on a projection: weights, tags and delays [from][to], x1 and x2 [from], y1 to y3 and output [to].
   * @param capacity steps
   * @throws Error if it has no such variable
   */
  addOnProjection(name: string, kind: ProjectionProbeKind, capacity: number): ProjectionProbe {
    const { rows, columns, blocks } = this.#memory.projection(name);
    const halves = new Uint16Array(this.#memory.words.buffer);
    const parts = blocks.map(({ core, block }) => {
      const map = this.#memory.map.cores[core]!;
      const probed = probedBlock(
        kind,
        this.#memory.image.cores[core]!,
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
    const steps = this.#memory.read(probe.parts[0]!.record, 'PROBE_FILLED');
    const values = Array.from({ length: steps }, () => new Int32Array(probe.size));
    const halves = new Int16Array(this.#memory.words.buffer);
    for (const { record, buffer, probed } of probe.parts) {
      const { places, offsets, width, least, grid, bytes } = probed;
      values.forEach((row, step) => {
        const first = buffer + step * bytes;
        places.forEach((place, i) => {
          const at = first + offsets[i]!;
          const stored =
            width === 4
              ? this.#memory.words[at >> 2]!
              : width === 2
                ? halves[at >> 1]!
                : this.#memory.bytes[at]!;
          row[place] = (stored + least) * grid;
        });
      });
      this.#memory.field(record, 'PROBE_FILLED', 0);
    }
    this.#access.stateReads += steps * probe.size;
    return values;
  }

  #probeSource(kind: ProbeKind, core: number, group: number): { kindName: LayoutName; source: number } {
    const map = this.#memory.map.cores[core]!;
    const { record, first } = map.groups[group]!;
    if (kind === 'spikeCounts') return { kindName: 'PROBE_SPIKE_COUNTS', source: record };
    if (kind === 'spikes') return { kindName: 'PROBE_SPIKE_BITS', source: record };
    if (kind.startsWith('state ')) {
      const name = kind.slice('state '.length);
      const { program } = this.#memory.image.cores[core]!.groups[group]!;
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
    this.#traces.set(core, (this.#traces.get(core) ?? 0) | (1 << place));
    this.#wantTraces();
  }

  #wantTraces(): void {
    for (const [record, bits] of this.#traces) {
      this.#memory.field(record, 'CORE_USED_TRACES', this.#memory.read(record, 'CORE_USED_TRACES') | bits);
    }
  }

  /** Spike counts since the last call, per element, and starts anew. Counted as host reads. */
  drainCounts(probe: Probe): Uint32Array {
    const counts = new Uint32Array(probe.size);
    for (const { buffer, element, count } of probe.parts) {
      const words = this.#memory.words.subarray(buffer >> 2, (buffer >> 2) + count);
      counts.set(words, element);
      words.fill(0);
    }
    this.#access.stateReads += probe.size;
    return counts;
  }

  /** Recorded values [step][element] since the last call, and starts anew. Spikes are 0 or 1. */
  drain(probe: Probe): Int32Array[] {
    const steps = this.#memory.read(probe.parts[0]!.record, 'PROBE_FILLED');
    const rows = Array.from({ length: steps }, () => new Int32Array(probe.size));
    for (const { record, buffer, element, count } of probe.parts) {
      rows.forEach((row, step) => {
        for (let i = 0; i < count; i++) row[element + i] = this.#sample(probe.kind, buffer, count, step, i);
      });
      this.#memory.field(record, 'PROBE_FILLED', 0);
    }
    this.#access.stateReads += steps * probe.size;
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
      const end = first + this.#memory.read(record, 'PROBE_FILLED') * count;
      for (let at = first; at < end; at++) sums[element + ((at - first) % count)]! += this.#memory.words[at]!;
      this.#memory.field(record, 'PROBE_FILLED', 0);
    }
    return sums;
  }

  /** Spikes of a `spikes` probe since the last call, step by step within each core, and starts anew. */
  drainSpikes(probe: Probe, visit: (step: number, element: number) => void): void {
    for (const { record, buffer, element, count } of probe.parts) {
      const bytes = Math.ceil(count / 8);
      const steps = this.#memory.read(record, 'PROBE_FILLED');
      for (let at = 0; at < steps * bytes; at++) {
        const bits = this.#memory.bytes[buffer + at]!;
        if (bits === 0) continue;
        const step = Math.floor(at / bytes);
        const first = element + (at - step * bytes) * 8;
        for (let i = 0; i < 8; i++) if ((bits >> i) & 1) visit(step, first + i);
      }
      this.#memory.field(record, 'PROBE_FILLED', 0);
      this.#access.stateReads += steps * count;
    }
  }

  #sample(kind: ProbeKind, buffer: number, count: number, step: number, i: number): number {
    if (isWord(kind)) return this.#memory.words[(buffer >> 2) + step * count + i]!;
    if (kind === 'spikes')
      return (this.#memory.bytes[buffer + step * Math.ceil(count / 8) + (i >> 3)]! >> (i & 7)) & 1;
    return this.#memory.bytes[buffer + step * count + i]!;
  }

  /** Keeps the probes of this machine while a snapshot, which has other probes or none, takes the place of its state. */
  keep(restore: () => void): void {
    const { chip, probes } = this.#memory.map;
    const listed = this.#memory.read(chip, 'CHIP_PROBE_COUNT');
    restore();
    this.#memory.field(chip, 'CHIP_PROBES', probes);
    this.#memory.field(chip, 'CHIP_PROBE_COUNT', listed);
    this.#wantTraces();
  }
}
