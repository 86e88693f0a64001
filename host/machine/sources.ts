// Every source of spikes, compartments and port elements, by one number: what each of them reaches.

import type { AxonImage, ChipImage, RouteTable } from '../image/image.ts';

/** One row of one block that a source's spikes reach. */
export interface Reached {
  readonly core: number;
  readonly block: number;
  readonly row: number;
  /** True if the row is the first one of its axon: a message arrives at the core. */
  readonly isMessage: boolean;
  /** The core's axon, by its number. */
  readonly axonNumber: number;
  readonly axon: AxonImage;
}

/** The rows that source `index` of a table reaches, in order. */
export function* rowsReached({ cores }: ChipImage, table: RouteTable, index: number): Generator<Reached> {
  for (let i = table.start[index]!; i < table.start[index + 1]!; i++) {
    const core = table.core[i]!;
    const axonNumber = table.axon[i]!;
    const axon = cores[core]!.axons[axonNumber]!;
    for (let k = 0; k < axon.rows.length; k += 2)
      yield { core, block: axon.rows[k]!, row: axon.rows[k + 1]!, isMessage: k === 0, axonNumber, axon };
  }
}

/** Calls `visit` for every row that anything reaches; sources are numbered core by core, then the ports' elements. */
export function forEachReached(image: ChipImage, visit: (source: number, reached: Reached) => void): void {
  let source = 0;
  for (const table of [...image.cores.map(({ routes }) => routes), image.portRoutes]) {
    for (let index = 0; index + 1 < table.start.length; index++, source++)
      for (const reached of rowsReached(image, table, index)) visit(source, reached);
  }
}
