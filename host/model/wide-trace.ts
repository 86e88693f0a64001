// Traces of synapses that have their own, with every option on which public models differ: what an earlier spike of
// an epoch does, whether impulse or decay comes first, how fractions are rounded, and what a payload does to x1.
// [HW 4.3], [HW 4.4], [HW 4.8], C7, C8, C9

import type { ChipImage, PlasticImage, WideTraceImage } from '../image/image.ts';
import type { WideRandom } from './wide-random.ts';

const TRACE_MAX = 127;

/** What rounding a decayed trace up depends on. */
function isRoundedUp(x: number, { factor }: WideTraceImage, random: number): boolean {
  const exact = x * factor;
  return random < exact - Math.floor(exact);
}

/** A trace after an impulse: 0 .. 127, also where a third factor below 0 stood in its place. [HW 4.3] */
function addImpulse(x: number, { impulse, fraction }: WideTraceImage, random: number): number {
  return Math.min(Math.max(x + impulse + (random < fraction ? 1 : 0), 0), TRACE_MAX);
}

/** Half of a payload, halves to even, in eight bits. */
function halfOf(payload: bigint): number {
  const floor = payload >> 1n;
  const up = payload % 2n !== 0n && floor % 2n !== 0n;
  return Number(BigInt.asUintN(8, floor + (up ? 1n : 0n)));
}

/** The traces of one side of a block: x1, x2 of its rows or y1, y2, y3 of its columns. */
export class WideTraces {
  /** As of the start of the epoch, [trace][element]. */
  readonly values: number[][];
  /** Step of the epoch's last spike, 0 = none; by element. */
  readonly spikeSteps: number[];
  readonly #semantics: ChipImage['semantics'];
  readonly #parameters: readonly WideTraceImage[];
  readonly #random: WideRandom;
  /** Place of the first trace among x1, x2, y1, y2, y3. */
  readonly #first: number;
  /** Place of element 0 in the whole projection. */
  readonly #firstElement: number;
  /** Whether the decays of the running step are rounded up, where that is decided beforehand; as `values`. */
  #decisions: boolean[][] = [];

  constructor(
    semantics: ChipImage['semantics'],
    parameters: readonly WideTraceImage[],
    random: WideRandom,
    first: number,
    firstElement: number,
    size: number,
  ) {
    this.#semantics = semantics;
    this.#parameters = parameters;
    this.#random = random;
    this.#first = first;
    this.#firstElement = firstElement;
    this.values = parameters.map(() => new Array<number>(size).fill(0));
    this.spikeSteps = new Array<number>(size).fill(0);
  }

  get #isPre(): boolean {
    return this.#first === 0;
  }

  /** Notes a spike in step `step` of the epoch. An earlier one gives up its time and adds its impulse now (C7). */
  note(element: number, step: number, time: number): void {
    const { secondSpike, secondSpikeFraction } = this.#semantics;
    if (this.spikeSteps[element] !== 0 && secondSpike === 'add') {
      this.#parameters.forEach((trace, i) => {
        const isUp = this.#isPre && secondSpikeFraction === 'up';
        const place = this.#firstElement + element;
        // 0 is below every fraction but 0.
        const random = isUp ? 0 : this.#random.earlierImpulse(this.#first + i, place, time);
        this.values[i]![element] = addImpulse(this.values[i]![element]!, trace, random);
      });
    }
    this.spikeSteps[element] = step;
  }

  /** What a payload does to x1. False if the spike does not count for x0. [HW 4.8] */
  takePayload(mode: PlasticImage['gradedTrace'], element: number, payload: bigint): boolean {
    if (mode === 'none') return true;
    const x1 = this.values[0]!;
    const sum = (mode === 'overwrite' ? 0 : x1[element]!) + halfOf(payload);
    if (mode === 'saturate') x1[element] = Math.min(sum, TRACE_MAX);
    else x1[element] = mode === 'carry' && sum > TRACE_MAX ? sum - TRACE_MAX : sum;
    return mode !== 'carry' || sum > TRACE_MAX;
  }

  /** Third factors take the place of the traces. */
  replace(delivered: readonly (readonly number[])[]): void {
    delivered.forEach((values, i) => {
      this.values[i] = [...values];
    });
  }

  /** Decides, from the traces as they are, which decays of step `time` are rounded up. */
  decide(time: number): void {
    this.#decisions = this.values.map((values, i) =>
      values.map((x, element) => this.#isUp(i, element, x, time, time)),
    );
  }

  #isUp(i: number, element: number, x: number, step: number, now: number): boolean {
    const random = this.#random.decay(this.#first + i, this.#firstElement + element, step, now);
    return isRoundedUp(x, this.#parameters[i]!, random);
  }

  #decayed(i: number, element: number, x: number, step: number, now: number): number {
    // One trace epoch of two steps has one decay. (C8)
    if (this.#semantics.traceDecay === 'everySecondStep' && step % 2 !== 0) return x;
    const isUp =
      this.#semantics.randomTime === 'beforeSpikes'
        ? this.#decisions[i]![element]!
        : this.#isUp(i, element, x, step, now);
    return Math.floor(x * this.#parameters[i]!.factor) + (isUp ? 1 : 0);
  }

  /**
   * The course of every trace through an epoch of `steps` steps that ends at `time`, [trace][element][step], 0 its start.
   * @param keeps false if the traces stay as they are: third factors
   */
  rebuild(steps: number, time: number, keeps: boolean): number[][][] {
    const isImpulseFirst = this.#semantics.traceImpulse === 'beforeDecay';
    return this.values.map((values, i) =>
      values.map((start, element) => {
        let x = start;
        const course = [x];
        for (let step = 1; step <= steps; step++) {
          const now = time - steps + step;
          if (!isImpulseFirst) x = this.#decayed(i, element, x, now, time);
          if (step === this.spikeSteps[element]) {
            const random = this.#random.impulse(this.#first + i, this.#firstElement + element, now, time);
            x = addImpulse(x, this.#parameters[i]!, random);
          }
          course.push(x);
          if (isImpulseFirst) x = this.#decayed(i, element, x, now, time);
        }
        if (keeps) values[element] = x;
        return course;
      }),
    );
  }

  forgetSpikes(): void {
    this.spikeSteps.fill(0);
  }
}
