// The traffic of generated runs: who sends to whom in which cycle, from one hash a packet.

import type { MeshGrid } from '../mesh/mesh-grid.ts';
import { mix32 } from '../mix32.ts';
import { type NocPattern, requireNode } from './noc-vector.ts';

const WORD = 2 ** 32;
const GOLDEN = 0x9e3779b9;
const DESTINATION = 0x68bc21eb;
const SIZE = 0x02e5be93;
const FABRIC = 0x1b873593;

/** Random numbers of one node in one cycle; the first decides whether it creates a packet. */
export class NocTraffic {
  readonly #nodes: number;
  readonly #width: number;
  readonly #pattern: NocPattern;
  readonly #seed: number;

  /** @throws ConformanceError if the pattern names a node that the mesh does not have */
  constructor(grid: MeshGrid, pattern: NocPattern, seed: number) {
    this.#nodes = grid.nodes;
    this.#width = grid.options.width;
    this.#pattern = pattern;
    this.#seed = seed;
    if (pattern.kind === 'hotspot') {
      for (const node of pattern.nodes) requireNode(grid, 'a hot spot', node);
    } else if (pattern.kind !== 'uniform') {
      for (let node = 0; node < grid.nodes; node++)
        requireNode(grid, `the ${pattern.kind} of node ${node}`, this.destination(node, 0));
    }
  }

  /** uint32 of a node in a cycle: below the threshold it creates a packet. */
  draw(cycle: number, node: number): number {
    return mix32(this.#seed ^ mix32((cycle * this.#nodes + node + GOLDEN) >>> 0));
  }

  /** Where the packet of a draw goes. */
  destination(node: number, draw: number): number {
    const r = mix32(draw ^ DESTINATION);
    const pattern = this.#pattern;
    switch (pattern.kind) {
      case 'uniform':
        return this.#uniform(r);
      case 'complement':
        return this.#nodes - 1 - node;
      case 'transpose':
        return (node % this.#width) * this.#width + Math.floor(node / this.#width);
      case 'tornado': {
        const offset = Math.floor((this.#width + 1) / 2) - 1;
        const turn = (place: number): number => (place + offset) % this.#width;
        return turn(Math.floor(node / this.#width)) * this.#width + turn(node % this.#width);
      }
      case 'hotspot':
        return (r & 255) < pattern.fraction256
          ? pattern.nodes[(r >>> 8) % pattern.nodes.length]!
          : this.#uniform(r);
    }
  }

  /** One of the sizes. */
  size(draw: number, sizes: readonly number[]): number {
    return sizes[mix32(draw ^ SIZE) % sizes.length]!;
  }

  /** One of the fabrics, at random. */
  fabric(draw: number, fabrics: number): number {
    return mix32(draw ^ FABRIC) % fabrics;
  }

  #uniform(r: number): number {
    return Math.floor((r * this.#nodes) / WORD);
  }
}
