// Probes of a shadow: variables that it records in every step.

import type { ChipImage } from '../image/image.ts';
import type { HostAccess } from '../machine/chip-memory.ts';
import type { Probed, ProbeKind } from '../machine/probes.ts';
import type { ShadowCore } from './core.ts';

/** Kinds that record spikes and what they carry. */
const OF_SPIKES: readonly ProbeKind[] = ['spikeCounts', 'spikes', 'payload'];

interface Recording extends Probed {
  /** Index of the population. */
  readonly population: number;
  readonly counts: Uint32Array;
  rows: Float64Array[];
}

export class ShadowProbes {
  readonly #image: ChipImage;
  readonly #cores: readonly ShadowCore[];
  readonly #access: HostAccess;
  readonly #recordings: Recording[] = [];

  constructor(image: ChipImage, cores: readonly ShadowCore[], access: HostAccess) {
    this.#image = image;
    this.#cores = cores;
    this.#access = access;
  }

  /**
   * Adds a probe on a population.
   * @param capacity steps that are recorded until it is drained; ignored by spike counts
   */
  add(population: string, kind: ProbeKind, capacity = 64): Probed {
    const index = this.#image.populations.findIndex(({ name }) => name === population);
    if (index < 0) throw new Error(`no population is named "${population}"`);
    const { size, slices } = this.#image.populations[index]!;
    const isKnown = slices.every(
      ({ core, group }) =>
        OF_SPIKES.includes(kind) || this.#cores[core]!.groups[group]!.variable(kind) !== undefined,
    );
    if (!isKnown) throw new Error(`a twin of "${population}" has no ${kind} to record`);
    const recording = { kind, size, capacity, population: index, counts: new Uint32Array(size), rows: [] };
    this.#recordings.push(recording);
    return recording;
  }

  /** At the end of a step. */
  record(): void {
    for (const recording of this.#recordings) this.#record(recording);
  }

  #record(recording: Recording): void {
    const { kind, population, counts, rows, capacity, size } = recording;
    if (kind !== 'spikeCounts' && rows.length === capacity) return;
    const row = kind === 'spikeCounts' ? counts : new Float64Array(size);
    for (const { core, group, element } of this.#image.populations[population]!.slices) {
      const compartments = this.#cores[core]!.groups[group]!;
      const { fired, firedCount, payloads } = compartments;
      const values = compartments.variable(kind);
      if (values !== undefined) row.set(values, element);
      else
        for (let k = 0; k < firedCount; k++) {
          const i = fired[k]!;
          row[element + i]! += kind === 'payload' ? payloads[i]! : 1;
        }
    }
    if (kind !== 'spikeCounts') rows.push(row as Float64Array);
  }

  #recording(probe: Probed): Recording {
    const found = this.#recordings.find((recording) => recording === probe);
    if (found === undefined) throw new Error('the probe is of another shadow');
    return found;
  }

  /** Spike counts since the last call, per element, and starts anew. */
  drainCounts(probe: Probed): Uint32Array {
    const { counts, size } = this.#recording(probe);
    const drained = counts.slice();
    counts.fill(0);
    this.#access.stateReads += size;
    return drained;
  }

  /** What was sent since the last call, summed per element, and starts anew: what leaves a chip is no state. */
  drainSent(probe: Probed): Float64Array {
    const recording = this.#recording(probe);
    const sums = new Float64Array(recording.size);
    for (const row of recording.rows) for (let i = 0; i < sums.length; i++) sums[i]! += row[i]!;
    recording.rows = [];
    return sums;
  }

  /** Recorded values [step][element] since the last call, and starts anew. */
  drain(probe: Probed): Float64Array[] {
    const recording = this.#recording(probe);
    const { rows } = recording;
    recording.rows = [];
    this.#access.stateReads += rows.length * recording.size;
    return rows;
  }
}
