// The memory of a machine as the host sees it: records of the core by the names of their fields.

import type { ChipImage, ProjectionImage } from '../image/image.ts';
import type { Layout, LayoutName } from './core-module.ts';
import type { MemoryMap } from './memory-map.ts';

/** Host accesses to the chip since the machine was made. */
export interface HostAccess {
  weightWrites: number;
  stateReads: number;
}

export class ChipMemory {
  readonly image: ChipImage;
  readonly map: MemoryMap;
  readonly layout: Layout;
  readonly words: Int32Array;
  readonly bytes: Uint8Array;
  readonly longs: BigUint64Array;

  constructor(image: ChipImage, map: MemoryMap, layout: Layout, buffer: ArrayBufferLike) {
    this.image = image;
    this.map = map;
    this.layout = layout;
    this.words = new Int32Array(buffer);
    this.bytes = new Uint8Array(buffer);
    this.longs = new BigUint64Array(buffer);
  }

  field(record: number, name: LayoutName, value: number): void {
    this.words[(record + this.layout[name]) >> 2] = value;
  }

  read(record: number, name: LayoutName): number {
    return this.words[(record + this.layout[name]) >> 2]!;
  }

  projection(name: string): ProjectionImage {
    const projection = this.image.projections.find((item) => item.name === name);
    if (projection === undefined) throw new Error(`no projection is named "${name}"`);
    return projection;
  }
}
