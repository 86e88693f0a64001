// What a benchmark is: two ways of doing the same work, run in turns in one process, and the ratio of their speeds.

/** One side of a comparison: work in this process, or in one that times itself. */
export type Contender = {
  readonly name: string;
} & (
  | {
      /** Does a slice of the work and returns how many units it did. */
      readonly slice: () => number;
    }
  | {
      /** Does about a quarter of a second of it and returns its own CPU time as well. */
      readonly timed: () => { readonly units: number; readonly seconds: number };
    }
);

export interface BenchResult {
  readonly benchmark: string;
  readonly unit: string;
  /** Units per second of CPU time of this thread, median over rounds. */
  readonly rates: Readonly<Record<string, number>>;
  /** Rate of the first contender over that of the last, median of the rounds' ratios. */
  readonly ratio: number;
}

const SLICE_S = 0.25;
const ROUNDS = 9;

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Units per second of CPU time over about a quarter of a second. */
export function rate(contender: Contender): number {
  if ('timed' in contender) {
    const { units, seconds } = contender.timed();
    return units / seconds;
  }
  const begin = process.cpuUsage();
  let units = 0;
  for (;;) {
    units += contender.slice();
    const { user, system } = process.cpuUsage(begin);
    const seconds = (user + system) / 1e6;
    if (seconds >= SLICE_S) return units / seconds;
  }
}

/** Runs the contenders in turns; the first round warms all of them up and is dropped. */
export function compete(benchmark: string, unit: string, contenders: readonly Contender[]): BenchResult {
  const rounds = Array.from({ length: ROUNDS + 1 }, () => contenders.map(rate)).slice(1);
  const rates = Object.fromEntries(
    contenders.map(({ name }, i) => [name, median(rounds.map((round) => round[i]!))]),
  );
  return { benchmark, unit, rates, ratio: median(rounds.map((round) => round[0]! / round.at(-1)!)) };
}
