// Traces: spikes are noted when they happen; at the end of a learning epoch each trace is rebuilt step by step.
// [HW 4.3], [HW 4.4]
//
// Assumed: decay factors are multiples of 2^-24 (U5).

import type { ChipImage, TraceImage } from '../image/image.ts';
import { subkey, word } from './random.ts';

const TRACE_MAX = 127;
const FACTOR_BITS = 24n;

/** One step of decay, x ← SR(x · f). */
function decay(x: number, { keep }: TraceImage, random: number): number {
  const product = BigInt(x) * BigInt(keep);
  const fraction = BigInt.asUintN(Number(FACTOR_BITS), product);
  return Number(product >> FACTOR_BITS) + (BigInt(random & 0xffffff) < fraction ? 1 : 0);
}

/** True if the time constant is 0: the trace holds the impulses of its epoch until that ends. */
function holds({ keep }: TraceImage): boolean {
  return keep === 0;
}

/** x ← sat(x + I_int + (rand7 < I_frac), 0, 127) (C9) */
function addImpulse(x: number, { impulse, fraction }: TraceImage, random: number): number {
  return Math.min(x + impulse + (random >>> 25 < fraction ? 1 : 0), TRACE_MAX);
}

/** The traces of one axon (x1, x2) or of one compartment (y1, y2, y3). */
export class Traces {
  /** Key of its place in the network. */
  readonly #key: number;
  /** As of the start of the epoch; later spikes of the epoch add the impulses of earlier ones at once. */
  readonly values: number[];
  /** tx or ty: step of the epoch's last spike, 1..tEpoch; 0 = none. */
  spikeStep = 0;

  constructor(key: number, count: number) {
    this.#key = key;
    this.values = new Array<number>(count).fill(0);
  }

  #decayWord(time: number, trace: number): number {
    return word(subkey(this.#key, time), 2 * trace);
  }

  #impulseWord(time: number, trace: number): number {
    return word(subkey(this.#key, time), 2 * trace + 1);
  }

  /** Notes a spike in step `step` of the epoch. An earlier one gives up its time and adds its impulse now (C7). */
  note(
    semantics: ChipImage['semantics'],
    parameters: readonly TraceImage[],
    step: number,
    time: number,
  ): void {
    if (this.spikeStep === 0) {
      // What a trace that holds kept of the epoch before ends with the first spike of this one.
      parameters.forEach((trace, i) => {
        if (holds(trace)) this.values[i] = 0;
      });
    } else if (semantics.secondSpike === 'add') {
      parameters.forEach((trace, i) => {
        const random = this.#impulseWord(time, i + parameters.length);
        this.values[i] = addImpulse(this.values[i]!, trace, random);
      });
    }
    this.spikeStep = step;
  }

  /** How many of the wanted traces are not 0 or got a spike. */
  live(wanted: readonly boolean[]): number {
    return wanted.filter((isWanted, i) => isWanted && (this.values[i] !== 0 || this.spikeStep > 0)).length;
  }

  /**
   * Brings the traces to the end of an epoch of `steps` steps that ends at `time`.
   * @returns the values of each trace, [trace][step of the epoch], 0 its start
   */
  rebuild(parameters: readonly TraceImage[], steps: number, time: number): number[][] {
    return parameters.map((trace, i) => {
      let x = holds(trace) && this.spikeStep === 0 ? 0 : this.values[i]!;
      const course = [x];
      for (let step = 1; step <= steps; step++) {
        const now = time - steps + step;
        if (x > 0 && !holds(trace)) x = decay(x, trace, this.#decayWord(now, i));
        if (step === this.spikeStep) x = addImpulse(x, trace, this.#impulseWord(now, i));
        course.push(x);
      }
      this.values[i] = x;
      return course;
    });
  }
}

/** The reward trace of a core. [HW 4.6] */
export class RewardTrace {
  readonly #key: number;
  /** r1, as of the last learning epoch. */
  value = 0;
  /** Reward spikes of this epoch, each by its step. */
  #steps: number[] = [];

  constructor(key: number) {
    this.#key = key;
  }

  /** Reward spikes of this epoch; r0 is whether there was one. */
  get spikes(): number {
    return this.#steps.length;
  }

  note(step: number): void {
    this.#steps.push(step);
  }

  /** Forgets the spikes of the epoch. */
  clear(): void {
    this.#steps = [];
  }

  rebuild(semantics: ChipImage['semantics'], parameters: TraceImage, steps: number, time: number): void {
    if (semantics.rewardTime === 'spike') this.#rebuildTimed(parameters, steps, time);
    else {
      // Draws of the later steps come first.
      for (let step = 0; step < steps; step++) this.#decay(parameters, time - step);
      this.#addImpulses(parameters, time, this.spikes);
    }
  }

  #rebuildTimed(parameters: TraceImage, steps: number, time: number): void {
    if (holds(parameters)) this.value = 0;
    for (let step = 1; step <= steps; step++) {
      const now = time - steps + step;
      if (!holds(parameters)) this.#decay(parameters, now);
      const here = this.#steps.filter((each) => each === step).length;
      this.#addImpulses(parameters, now, here);
    }
  }

  #decay(parameters: TraceImage, time: number): void {
    this.value = decay(this.value, parameters, word(subkey(this.#key, time), 0));
  }

  #addImpulses(parameters: TraceImage, time: number, spikes: number): void {
    for (let spike = 0; spike < spikes; spike++)
      this.value = addImpulse(this.value, parameters, word(subkey(this.#key, time), 2 * spike + 1));
  }
}
