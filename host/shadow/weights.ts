// Weights of a shadow as a host could read and write them. Every access is counted.

import type { ChipImage } from '../image/image.ts';
import type { HostAccess } from '../machine/chip-memory.ts';
import type { ShadowCore } from './core.ts';

export class ShadowWeights {
  readonly #image: ChipImage;
  readonly #cores: readonly ShadowCore[];
  readonly #access: HostAccess;

  constructor(image: ChipImage, cores: readonly ShadowCore[], access: HostAccess) {
    this.#image = image;
    this.#cores = cores;
    this.#access = access;
  }

  /** Weights of a projection in units of mantissas, [from][to]; 0 where it has no synapse. Counted as host reads. */
  read(projection: string): Float64Array {
    const { matrix, synapses } = this.#visit(projection, (weights, at, w, i) => {
      weights[at] = w[i]!;
    });
    this.#access.stateReads += synapses;
    return matrix;
  }

  /** Overwrites the weights of a projection, [from][to]. Counted as host weight writes. */
  write(projection: string, weights: ArrayLike<number>): void {
    const { synapses } = this.#visit(projection, (_, at, w, i) => {
      w[i] = weights[at]!;
    });
    this.#access.weightWrites += synapses;
  }

  #visit(
    name: string,
    visit: (matrix: Float64Array, at: number, w: Float64Array, i: number) => void,
  ): { matrix: Float64Array; synapses: number } {
    const projection = this.#image.projections.find((item) => item.name === name);
    if (projection === undefined) throw new Error(`no projection is named "${name}"`);
    const { rows, columns, blocks } = projection;
    const matrix = new Float64Array(rows * columns);
    let synapses = 0;
    for (const { core, block } of blocks) {
      const { image, w, start, count, base, targets } = this.#cores[core]!.synapses[block]!;
      image.rowElements.forEach((row, r) => {
        const first = row * columns + image.columnElement + base[r]!;
        for (let i = start[r]!; i < start[r]! + count[r]!; i++)
          visit(matrix, first + (targets === null ? i - start[r]! : targets[i]!), w, i);
        synapses += count[r]!;
      });
    }
    return { matrix, synapses };
  }
}
