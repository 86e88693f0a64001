// Synapses of a wide block: messages with payloads, weights of any width, the exponent applied to every synapse or
// to the sum of a step's spikes (C6), and the weight read when a spike arrives or when its target integrates (C22).

import type { BlockImage, WideBlockImage } from '../image/image.ts';
import { sat, shift, wrap } from './arithmetic.ts';

/** Magnitude bits of a payload. [HW 7] */
const PAYLOAD_BITS = 31;
/** Magnitude bits of what a probe records. */
const TAP_BITS = 31;

/** Weight sums of one step, on their way to the accumulators of step `time`. */
export interface Delivery {
  readonly time: number;
  /** By column. */
  readonly sums: readonly bigint[];
}

/** Weights and messages of a wide block. */
export class WideSynapses {
  /** [row][column], as stored. */
  readonly weights: bigint[][];
  readonly #block: BlockImage;
  readonly #wide: WideBlockImage;
  /** Columns by delay, [row]. */
  readonly #columnsByDelay: ReadonlyMap<number, readonly (readonly number[])[]>;
  /** Payloads by the step they were sent in, [row]. Messages of one step for one row add up. */
  readonly #messages = new Map<number, bigint[]>();
  /** What was delivered for a step and has not been asked for, [column]. */
  readonly #taps = new Map<number, bigint[]>();

  constructor(block: BlockImage, wide: WideBlockImage) {
    const { columns, rowElements } = block;
    this.#block = block;
    this.#wide = wide;
    this.#columnsByDelay = this.#columnsOf(block);
    this.weights = Array.from(rowElements, (_, row) =>
      Array.from({ length: columns }, (_, column) => BigInt(wide.weights[row * columns + column]!)),
    );
  }

  #columnsOf({ delay, delays, columns, rowElements }: BlockImage): Map<number, number[][]> {
    const columnsByDelay = new Map<number, number[][]>();
    for (let row = 0; row < rowElements.length; row++) {
      for (let column = 0; column < columns; column++) {
        const key = delays === null ? delay : delays[row * columns + column]!;
        const rows = columnsByDelay.get(key) ?? Array.from(rowElements, () => []);
        rows[row]!.push(column);
        columnsByDelay.set(key, rows);
      }
    }
    return columnsByDelay;
  }

  /** What a payload counts for: without graded spikes every spike is a 1. */
  value(payload: bigint): bigint {
    return this.#wide.graded ? payload : 1n;
  }

  receive(row: number, payload: bigint, time: number): void {
    const received = this.sentAt(time);
    received[row] = wrap(received[row]! + this.value(payload), PAYLOAD_BITS);
    this.#messages.set(time, received);
  }

  /** Payloads of the messages that were sent in a step, [row]; 0 = none. */
  sentAt(time: number): bigint[] {
    return this.#messages.get(time) ?? this.weights.map(() => 0n);
  }

  get #delays(): number[] {
    return [...this.#columnsByDelay.keys()];
  }

  /** A weight as it is added: with its exponent, floored, within its limit. */
  #effective(weight: bigint): bigint {
    const { synapseShift, synapseLimit } = this.#wide;
    const shifted = shift(weight, synapseShift);
    return synapseLimit === 0 ? shifted : sat(shifted, -BigInt(synapseLimit), BigInt(synapseLimit));
  }

  /** The spikes sent in a step through the synapses of one delay, with the weights as they are now. */
  #deliver(sent: number, delay: number): Delivery {
    const { sumShift, sumBits } = this.#wide;
    const exact = new Array<bigint>(this.#block.columns).fill(0n);
    this.sentAt(sent).forEach((payload, row) => {
      if (payload === 0n) return;
      for (const column of this.#columnsByDelay.get(delay)![row]!)
        exact[column] = exact[column]! + payload * this.#effective(this.weights[row]![column]!);
    });
    const sums = exact.map((sum) => {
      const shifted = shift(sum, sumShift);
      return sumBits === 0 ? shifted : wrap(shifted, sumBits);
    });
    const time = sent + 1 + delay;
    const tapped = this.#taps.get(time) ?? sums.map(() => 0n);
    this.#taps.set(
      time,
      tapped.map((sum, column) => wrap(sum + sums[column]!, TAP_BITS)),
    );
    return { time, sums };
  }

  /** Whether anything was sent in a step: a row may have been read that has no synapse. */
  #isSent(sent: number): boolean {
    return this.sentAt(sent).some((payload) => payload !== 0n);
  }

  /** Synapses that are read for what was sent in a step. */
  #operations(sent: number): number {
    const { rowSynapses } = this.#wide;
    return this.sentAt(sent).reduce(
      (sum, payload, row) => (payload === 0n ? sum : sum + (rowSynapses?.[row] ?? this.#block.columns)),
      0,
    );
  }

  /** Early reading: what was sent in step `time`. Gives the weights that were read as well. */
  readEarly(time: number): { readonly deliveries: readonly Delivery[]; readonly operations: number } {
    const deliveries = !this.#isSent(time) ? [] : this.#delays.map((d) => this.#deliver(time, d));
    return { deliveries, operations: this.#operations(time) };
  }

  /** Late reading: what arrives in step `time`; a list is read when the first of its spikes can arrive. */
  readLate(time: number): { readonly deliveries: readonly Delivery[]; readonly operations: number } {
    const deliveries = this.#delays
      .filter((delay) => this.#isSent(time - 1 - delay))
      .map((delay) => this.#deliver(time - 1 - delay, delay));
    return { deliveries, operations: this.#operations(time - 1 - this.#block.delay) };
  }

  /** What was delivered for a step, [column]. */
  tap(time: number): bigint[] {
    return this.#taps.get(time) ?? Array.from({ length: this.#block.columns }, () => 0n);
  }

  /** Forgets what nothing can ask for any more. */
  forget(time: number): void {
    const longest = Math.max(...this.#delays);
    this.#messages.delete(time - 1 - longest);
    this.#taps.delete(time - 1);
  }
}
