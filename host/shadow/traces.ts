// Traces of many elements, of one set of parameters: exponentials of the spikes' times, neither rounded nor held at
// 127. Spikes are noted when they happen; values are asked for at the end of a learning epoch. [HW 4.3], [HW 4.4]

import type { ChipImage, TraceImage } from '../image/image.ts';
import type { Store } from './store.ts';

const FACTOR_UNIT = 2 ** 24;
const FRACTION_UNIT = 128;

/** An impulse with its fraction, which the chip adds at random. */
export function impulseOf({ impulse, fraction }: Pick<TraceImage, 'impulse' | 'fraction'>): number {
  return impulse + fraction / FRACTION_UNIT;
}

/** What is left of a trace after 0, 1 … steps; a time constant of 0 keeps all until the epoch ends. */
function powersOf({ keep }: TraceImage, steps: number): Float64Array {
  const factor = keep === 0 ? 1 : keep / FACTOR_UNIT;
  const powers = new Float64Array(steps + 1).fill(1);
  for (let step = 1; step <= steps; step++) powers[step] = powers[step - 1]! * factor;
  return powers;
}

export class TraceSet {
  /** tx or ty: step of the epoch's last spike, from 1; 0 = none. */
  readonly spikeStep: Float64Array;
  /** [trace]; a schedule can write them. */
  readonly impulses: Float64Array;
  /** As of the start of the epoch, [trace][element]; later spikes of the epoch add the impulses of earlier ones at once. */
  readonly values: readonly Float64Array[];
  readonly #holds: readonly boolean[];
  readonly #powers: readonly Float64Array[];
  readonly #adds: boolean;

  constructor(
    store: Store,
    semantics: ChipImage['semantics'],
    parameters: readonly TraceImage[],
    elements: number,
    epochSteps: number,
  ) {
    this.spikeStep = store.column(elements);
    this.impulses = store.column(parameters.length, parameters.map(impulseOf));
    this.values = parameters.map(() => store.column(elements));
    this.#holds = parameters.map(({ keep }) => keep === 0);
    this.#powers = parameters.map((trace) => powersOf(trace, epochSteps));
    this.#adds = semantics.secondSpike === 'add';
  }

  /** Notes a spike in a step of the epoch. An earlier one gives up its time and adds its impulse now (C7). */
  note(element: number, step: number): void {
    const isFirst = this.spikeStep[element] === 0;
    this.values.forEach((values, trace) => {
      if (!isFirst) {
        if (this.#adds) values[element]! += this.impulses[trace]!;
      } else if (this.#holds[trace]) values[element] = 0;
    });
    this.spikeStep[element] = step;
  }

  /** Value of a trace in a step of the epoch; 0 is its start. */
  at(trace: number, element: number, step: number): number {
    const spike = this.spikeStep[element]!;
    const powers = this.#powers[trace]!;
    const rest = spike === 0 && this.#holds[trace] ? 0 : this.values[trace]![element]! * powers[step]!;
    return spike > 0 && step >= spike ? rest + this.impulses[trace]! * powers[step - spike]! : rest;
  }

  /** Brings all traces to the end of an epoch. */
  advance(steps: number): void {
    this.values.forEach((values, trace) => {
      for (let element = 0; element < values.length; element++)
        if (values[element] !== 0 || this.spikeStep[element] !== 0)
          values[element] = this.at(trace, element, steps);
    });
  }

  /** Forgets the spikes of the epoch. */
  forget(): void {
    this.spikeStep.fill(0);
  }
}

/** The reward trace of a core. [HW 4.6] */
export class RewardTrace {
  /** Place 0: r1, as of the last learning epoch; then reward spikes of this epoch by step, from 1. */
  readonly #state: Float64Array;
  readonly #impulse: number;
  readonly #factor: number;
  readonly #timed: boolean;

  constructor(store: Store, semantics: ChipImage['semantics'], parameters: TraceImage | null, steps: number) {
    this.#state = store.column(steps + 1);
    this.#impulse = parameters === null ? 0 : impulseOf(parameters);
    this.#factor = parameters === null ? 1 : parameters.keep / FACTOR_UNIT;
    this.#timed = semantics.rewardTime === 'spike';
  }

  /** r1 */
  get value(): number {
    return this.#state[0]!;
  }

  /** r0 */
  get isSpike(): boolean {
    return this.#state.some((spikes, step) => step > 0 && spikes > 0);
  }

  note(step: number): void {
    this.#state[step]!++;
  }

  /** Brings r1 to the end of the epoch: each spike counts from its step, or all count as if they came last. */
  advance(): void {
    const steps = this.#state.length - 1;
    const holds = this.#factor === 0;
    let value = holds ? 0 : this.#state[0]!;
    let late = 0;
    for (let step = 1; step <= steps; step++) {
      if (!holds) value *= this.#factor;
      const impulses = this.#state[step]! * this.#impulse;
      if (this.#timed) value += impulses;
      else late += impulses;
    }
    this.#state[0] = value + late;
  }

  forget(): void {
    this.#state.fill(0, 1);
  }
}
