// A bump allocator for the core's linear memory: regions are handed out once, aligned, and never freed.

/** Cache lines, and whole tiles of weights, start at multiples of this. */
const ALIGNMENT = 64;

/**
 * Hands out addresses. The same sequence of requests gives the same addresses, so a first pass without memory
 * tells how much a second pass needs.
 */
export class Arena {
  #next: number;

  /** @param base first address; below it lies what the module itself placed */
  constructor(base: number) {
    this.#next = base;
  }

  /** Address of a new region of `bytes` bytes, aligned to 64. */
  take(bytes: number): number {
    const address = this.#next;
    this.#next = Math.ceil((address + bytes) / ALIGNMENT) * ALIGNMENT;
    return address;
  }

  /** First address that no region has. */
  get end(): number {
    return this.#next;
  }
}

export function roundUp(n: number, multiple: number): number {
  return Math.ceil(n / multiple) * multiple;
}
