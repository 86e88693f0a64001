// Weights as a host could read and write them. Every access is counted.

import { droppedBits, rowLength } from './block-map.ts';
import type { ChipMemory, HostAccess } from './chip-memory.ts';
import { gridMin } from './load-image.ts';

/** How a block keeps weights: words as they are, or bytes (mantissa / grid - least). */
interface StoredWeights {
  readonly isWide: boolean;
  readonly least: number;
  readonly grid: number;
}

export class Weights {
  readonly #memory: ChipMemory;
  readonly #access: HostAccess;

  constructor(memory: ChipMemory, access: HostAccess) {
    this.#memory = memory;
    this.#access = access;
  }

  /** Weights of a projection that a learning rule has changed so far, exact. */
  changed(projection: string): bigint {
    const { blocks } = this.#memory.projection(projection);
    return blocks.reduce((sum, { core, block }) => {
      const { record } = this.#memory.map.cores[core]!.blocks[block]!;
      return sum + this.#memory.longs[(record + this.#memory.layout.BLOCK_CHANGED) / 8]!;
    }, 0n);
  }

  /** Weight mantissas of a projection, [from][to]; 0 where it has no synapse. Counted as host reads. */
  read(projection: string): Int16Array {
    const { synapses, matrix } = this.#matrix(projection, (weights, at, address, { isWide, least, grid }) => {
      weights[at] = isWide
        ? this.#memory.words[address >> 2]!
        : (this.#memory.bytes[address]! + least) * grid;
    });
    this.#access.stateReads += synapses;
    return matrix;
  }

  /**
   * Overwrites the weight mantissas of a projection, [from][to]. Counted as host weight writes.
   * @throws Error if one is not 0 where the projection has no synapse
   */
  write(projection: string, mantissas: Int16Array): void {
    const { synapses, matrix } = this.#matrix(projection, (exists, at, address, { isWide, least, grid }) => {
      exists[at] = 1;
      if (isWide) this.#memory.words[address >> 2] = mantissas[at]!;
      else this.#memory.bytes[address] = mantissas[at]! / grid - least;
    });
    this.#access.weightWrites += synapses;
    if (synapses < matrix.length && mantissas.some((mantissa, at) => mantissa !== 0 && matrix[at] === 0))
      throw new Error(`projection "${projection}" has no synapse for one of the weights`);
  }

  #matrix(
    name: string,
    visit: (matrix: Int16Array, at: number, address: number, stored: StoredWeights) => void,
  ): { synapses: number; matrix: Int16Array } {
    const { rows, columns, blocks } = this.#memory.projection(name);
    const matrix = new Int16Array(rows * columns);
    let count = 0;
    for (const { core, block } of blocks) {
      const image = this.#memory.image.cores[core]!.blocks[block]!;
      const place = this.#memory.map.cores[core]!.blocks[block]!;
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

  /** Weights of a wide projection as its blocks hold them, [from][to]. Counted as host reads. */
  readWide(name: string): Int32Array {
    const { rows: from, columns: to, blocks } = this.#memory.projection(name);
    const weights = new Int32Array(from * to);
    for (const { core, block } of blocks) {
      const image = this.#memory.image.cores[core]!.blocks[block]!;
      const { rows } = this.#memory.map.cores[core]!.blocks[block]!;
      image.rowElements.forEach((element, row) => {
        const stored = this.#memory.words.subarray(rows[row]! >> 2, (rows[row]! >> 2) + image.columns);
        weights.set(stored, element * to + image.columnElement);
      });
    }
    this.#access.stateReads += weights.length;
    return weights;
  }
}
