// The port spikes of one presentation, in the form the core reads: u32 offsets per step, then port elements.

import type { ChipImage } from '../image/image.ts';

/** Collects port spikes by step and writes them as one list; reused from presentation to presentation. */
export class EventList {
  readonly #portFirst: ReadonlyMap<string, { readonly first: number; readonly size: number }>;
  #steps: Int32Array;
  #elements: Uint32Array;
  #payloads: Int32Array;
  #count = 0;
  #graded = false;

  constructor(image: ChipImage) {
    this.#portFirst = new Map(image.ports.map(({ name, first, size }) => [name, { first, size }]));
    this.#steps = new Int32Array(1024);
    this.#elements = new Uint32Array(1024);
    this.#payloads = new Int32Array(1024);
  }

  /** First element number of a port, to be added to by {@link push}. */
  port(name: string): { readonly first: number; readonly size: number } {
    const port = this.#portFirst.get(name);
    if (port === undefined) throw new Error(`no port is named "${name}"`);
    return port;
  }

  clear(): void {
    this.#count = 0;
    this.#graded = false;
  }

  /** The most spikes of one step that repeat an element. */
  get repeats(): number {
    const seen = new Set<number>();
    const repeats = new Map<number, number>();
    for (let i = 0; i < this.#count; i++) {
      const step = this.#steps[i]!;
      const key = step * 2 ** 32 + this.#elements[i]!;
      if (seen.has(key)) repeats.set(step, (repeats.get(step) ?? 0) + 1);
      seen.add(key);
    }
    return Math.max(0, ...repeats.values());
  }

  /** True if some spike carries something else than 1. */
  get graded(): boolean {
    return this.#graded;
  }

  #grow(count: number): void {
    const room = Math.max(count, 2 * this.#steps.length);
    const steps = new Int32Array(room);
    steps.set(this.#steps);
    this.#steps = steps;
    const elements = new Uint32Array(room);
    elements.set(this.#elements);
    this.#elements = elements;
    const payloads = new Int32Array(room);
    payloads.set(this.#payloads);
    this.#payloads = payloads;
  }

  /**
   * One spike of a port element (its number over all ports) in a step of the presentation, from 0.
   * @param payload what it carries, int32
   */
  push(step: number, element: number, payload = 1): void {
    if (this.#count === this.#steps.length) this.#grow(this.#count + 1);
    this.#steps[this.#count] = step;
    this.#elements[this.#count] = element;
    this.#payloads[this.#count] = payload;
    if (payload !== 1) this.#graded = true;
    this.#count++;
  }

  /** The first `count` of spikes given by step and element, which all carry 1. */
  pushAll(steps: Int32Array, elements: Uint32Array, count: number): void {
    const first = this.#count;
    const end = first + count;
    if (end > this.#steps.length) this.#grow(end);
    const stepOf = this.#steps;
    const elementOf = this.#elements;
    const payloads = this.#payloads;
    for (let i = 0; i < count; i++) {
      stepOf[first + i] = steps[i]!;
      elementOf[first + i] = elements[i]!;
      payloads[first + i] = 1;
    }
    this.#count = end;
  }

  /** Spikes of one port that the list holds, in all steps or in one. */
  countOf(name: string, step?: number): number {
    const { first, size } = this.port(name);
    let count = 0;
    for (let i = 0; i < this.#count; i++) {
      if (step !== undefined && this.#steps[i] !== step) continue;
      const element = this.#elements[i]!;
      if (element >= first && element < first + size) count++;
    }
    return count;
  }

  get count(): number {
    return this.#count;
  }

  /**
   * Writes the list for a presentation of `steps` steps into `words` from `start` on: a counting sort by step.
   * Payloads that are not all 1 go from `payloadStart` on, in the order of the elements.
   * @throws Error if a spike lies outside of the presentation or the region is too small
   */
  write(words: Int32Array, start: number, room: number, steps: number, payloadStart = 0): void {
    if (steps + 1 + this.#count > room)
      throw new Error(`${this.#count} port spikes do not fit in the event list`);
    const count = this.#count;
    const stepOf = this.#steps;
    const elements = this.#elements;
    const payloads = this.#graded ? this.#payloads : undefined;
    for (let step = 0; step <= steps; step++) words[start + step] = 0;
    for (let i = 0; i < count; i++) {
      const step = stepOf[i]!;
      if (step < 0 || step >= steps) throw new Error(`a port spike at step ${step} of ${steps}`);
      words[start + step]!++;
    }
    let sum = 0;
    for (let step = 0; step <= steps; step++) {
      const inStep = words[start + step]!;
      words[start + step] = sum;
      sum += inStep;
    }
    const list = start + steps + 1;
    // Each offset moves to the end of its step while the step is filled, then one back.
    for (let i = 0; i < count; i++) {
      const place = words[start + stepOf[i]!]!++;
      words[list + place] = elements[i]!;
      if (payloads !== undefined) words[payloadStart + place] = payloads[i]!;
    }
    for (let step = steps; step > 0; step--) words[start + step] = words[start + step - 1]!;
    words[start] = 0;
  }
}
