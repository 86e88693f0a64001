// The registers of the core, read from a snapshot, under the names and in the order of the reference model.

import type { BlockImage, CoreImage } from '../../host/image/image.ts';
import { coreLayout, type Layout, type LayoutName } from '../../host/machine/core-module.ts';
import { gridMin } from '../../host/machine/load-image.ts';
import type { Machine } from '../../host/machine/machine.ts';
import {
  type BlockMap,
  type CoreMap,
  droppedBits,
  type MemoryMap,
  mapMemory,
} from '../../host/machine/memory-map.ts';

type Registers = Record<string, readonly number[]>;

/** Reads the registers of one machine. */
export class RegisterReader {
  readonly #machine: Machine;
  readonly #map: MemoryMap;
  readonly #layout: Layout;

  constructor(machine: Machine) {
    this.#machine = machine;
    this.#layout = coreLayout(machine.build);
    // What a snapshot holds does not depend on the room for events and probes.
    this.#map = mapMemory(machine.image, this.#layout, { events: 0, probeBytes: 0, probeCount: 0 });
  }

  /** Registers of every core, at present. Traces that no rule reads and weights that cannot change are left out. */
  read(): Registers[] {
    const bytes = this.#machine.snapshot();
    const words = new Int32Array(bytes.buffer);
    return this.#machine.image.cores.map((core, c) =>
      new CoreReader(core, this.#map.cores[c]!, this.#layout, bytes, words).read(),
    );
  }
}

class CoreReader {
  readonly #core: CoreImage;
  readonly #map: CoreMap;
  readonly #layout: Layout;
  readonly #bytes: Uint8Array;
  readonly #words: Int32Array;
  /** Places of the compartments in the core's padded order. */
  readonly #places: readonly number[];

  constructor(core: CoreImage, map: CoreMap, layout: Layout, bytes: Uint8Array, words: Int32Array) {
    this.#core = core;
    this.#map = map;
    this.#layout = layout;
    this.#bytes = bytes;
    this.#words = words;
    this.#places = core.groups.flatMap(({ count }, g) =>
      Array.from({ length: count }, (_, i) => map.groups[g]!.first + i),
    );
  }

  read(): Registers {
    const map = this.#map;
    const registers: Registers = {
      u: this.#column(map.current),
      v: this.#column(map.voltage),
      refractory: this.#column(map.refractory),
      spikes: this.#spikes(),
      accumulators: Array.from({ length: this.#core.accumulators }, (_, slot) =>
        this.#column(map.accumulators + slot * map.slotStride).map((units) => units * 64),
      ).flat(),
      tx: this.#axons(map.preTime),
      ty: this.#places.map((i) => this.#bytes[map.postTime + i]!),
      r: [this.#field('CORE_REWARD_COUNT'), this.#field('CORE_REWARD_TRACE')],
      epoch: [this.#field('CORE_EPOCH_STEP'), this.#field('CORE_EPOCH_NUMBER')],
    };
    const used = this.#field('CORE_USED_TRACES');
    [0, 1].forEach((i) => {
      if (used & (1 << i)) registers[`x${i + 1}`] = this.#axons(map.preTrace + i * map.preStride);
    });
    [0, 1, 2].forEach((i) => {
      const base = map.postTrace + i * map.postStride;
      if (used & (4 << i)) registers[`y${i + 1}`] = this.#places.map((j) => this.#bytes[base + j]!);
    });
    this.#core.blocks.forEach((block, b) => {
      this.#block(registers, block, map.blocks[b]!, b);
    });
    return registers;
  }

  #field(name: LayoutName): number {
    return this.#words[(this.#map.record + this.#layout[name]) >> 2]!;
  }

  #column(base: number): number[] {
    return this.#places.map((i) => this.#words[(base >> 2) + i]!);
  }

  #axons(base: number): number[] {
    return [...this.#bytes.subarray(base, base + this.#map.learningAxons)];
  }

  #spikes(): number[] {
    return this.#core.groups.flatMap(({ count }, g) => {
      const base = this.#map.groups[g]!.spikeBits;
      return Array.from({ length: count }, (_, i) => (this.#bytes[base + (i >> 3)]! >> (i & 7)) & 1);
    });
  }

  #block(registers: Registers, block: BlockImage, place: BlockMap, b: number): void {
    const rows = Array.from(block.rowElements.keys());
    const matrix = (base: number, bytesEach: 1 | 2): number[] =>
      rows.flatMap((row) => {
        const first = base + row * place.columnStride * bytesEach;
        const part = this.#bytes.slice(first, first + block.columns * bytesEach);
        return [...(bytesEach === 1 ? part : new Int16Array(part.buffer))];
      });
    if (place.dense) {
      const grid = 2 ** droppedBits(block);
      registers[`weights of block ${b}`] = matrix(place.weights, 1).map(
        (byte) => (byte + gridMin(block)) * grid,
      );
    }
    if (place.delays !== 0) registers[`delays of block ${b}`] = matrix(place.delays, 1);
    if (place.tags !== 0) registers[`tags of block ${b}`] = matrix(place.tags, 2);
  }
}
