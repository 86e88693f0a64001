// When threads are worth it: a step has to be long enough for what it takes to meet once a step, and other work on the
// machine may take more than they gain. So both ways are tried in turn, and the faster one is used. Bits are the same.

/** Shorter steps stay on one thread. */
export const WORTH_S = 20e-6;
/** Steps that are not timed, that are, and that follow. */
const WARM_STEPS = 32;
const TRIAL_STEPS = 64;
const LONG_STEPS = 4096;

/** Steps on all threads together or on one alone; the time of a step is what comes back. */
type Stretches = Generator<{ readonly steps: number; readonly together: boolean }, never, number>;

function* stretches(): Stretches {
  yield { steps: WARM_STEPS, together: false };
  for (;;) {
    const alone = yield { steps: TRIAL_STEPS, together: false };
    let together = Number.POSITIVE_INFINITY;
    if (alone >= WORTH_S) {
      yield { steps: WARM_STEPS, together: true };
      together = yield { steps: TRIAL_STEPS, together: true };
    }
    yield { steps: LONG_STEPS, together: together < alone };
  }
}

/** Cuts presentations into stretches of steps, each to be run together or alone. */
export class Pace {
  readonly #stretches = stretches();
  #stretch = this.#stretches.next().value;
  #done = 0;
  #seconds = 0;

  /** Runs `steps` steps; `run` does those from `from` up to `to` and returns the seconds that they took. */
  go(steps: number, run: (from: number, to: number, together: boolean) => number): void {
    for (let from = 0; from < steps; ) {
      const { steps: length, together } = this.#stretch;
      const to = Math.min(steps, from + length - this.#done);
      this.#seconds += run(from, to, together);
      this.#done += to - from;
      from = to;
      if (this.#done < length) return;
      this.#stretch = this.#stretches.next(this.#seconds / length).value;
      this.#done = 0;
      this.#seconds = 0;
    }
  }
}
