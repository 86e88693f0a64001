// Which blocks have no queue of their own, and how many references their sources need.

import type { ChipImage, RouteTable } from '../image/image.ts';
import type { Bundle } from './bundles.ts';
import { rowsReached } from './sources.ts';
import type { Span } from './spans.ts';

/** Blocks that share their rows' references: with the bundle, or with the span, that they are in. */
export class SharedQueues {
  readonly #first = new Set<number>();
  readonly #bundled = new Set<number>();
  readonly #spanned = new Map<number, Span>();

  constructor(bundles: readonly Bundle[], spans: readonly Span[]) {
    for (const { members } of bundles) {
      this.#first.add(SharedQueues.#key(members[0]!.core, members[0]!.block));
      for (const { core, block } of members) this.#bundled.add(SharedQueues.#key(core, block));
    }
    for (const span of spans)
      for (const { core, block } of span.members) this.#spanned.set(SharedQueues.#key(core, block), span);
  }

  static #key(core: number, block: number): number {
    return core * 2 ** 24 + block;
  }

  isBundled(core: number, block: number): boolean {
    return this.#bundled.has(SharedQueues.#key(core, block));
  }

  isSpanned(core: number, block: number): boolean {
    return this.#spanned.has(SharedQueues.#key(core, block));
  }

  /** References of a list of sources to rows of the cores that `owns` names, besides `further` ones. */
  countReferences(
    image: ChipImage,
    table: RouteTable,
    further: number,
    owns: (core: number) => boolean = () => true,
  ): number {
    let references = further;
    for (let index = 0; index + 1 < table.start.length; index++) {
      const spans = new Set<Span>();
      for (const { core, block } of rowsReached(image, table, index)) {
        if (!owns(core)) continue;
        const key = SharedQueues.#key(core, block);
        const span = this.#spanned.get(key);
        if (span !== undefined) spans.add(span);
        else if (!this.#bundled.has(key) || this.#first.has(key)) references++;
      }
      references += spans.size;
    }
    return references;
  }
}
