// What a benchmark is: two ways of doing the same work, run in turns, and the ratio of their speeds; and the row of the
// table that a ratio becomes. Time is CPU time: other work on the machine makes both sides slower, in turns.

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

/** A kernel whose time is taken in short slices, in turns with that of others. */
export interface Kernel {
  readonly name: string;
  /** Units of work of one turn. */
  readonly units: number;
  /** Works so many turns and returns the CPU time in seconds. */
  readonly run: (turns: number) => number | Promise<number>;
}

export interface BenchResult {
  readonly benchmark: string;
  readonly unit: string;
  /** Units per second of CPU time of this thread, median over rounds. */
  readonly rates: Readonly<Record<string, number>>;
  /** Rate of the first contender over that of the last, median of the rounds' ratios. */
  readonly ratio: number;
}

/** A line of the table. */
export interface Row {
  readonly what: string;
  /** Null if it could not be measured. */
  readonly figure: number | null;
  readonly unit: string;
  /** What the figure has to reach, at least or at most; null if it is only watched. */
  readonly bar: number | null;
  readonly stretch: number | null;
  readonly better: 'more' | 'less';
  /** Why it could not be measured. */
  readonly skipped?: string;
  /** What was measured of each side. */
  readonly rates?: Readonly<Record<string, number>>;
  readonly rateUnit?: string;
}

export type Target = Pick<Row, 'what' | 'bar' | 'stretch'>;

const SLICE_S = 0.25;
const ROUNDS = 9;
const SHORT_SLICE_S = 0.01;
const SHORT_ROUNDS = 61;
/** Calls after which the engine's compiler has done what it does. */
const WARM_UP = 200;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** CPU time of this process since it began, in seconds. */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** CPU time of some work of this process. */
export function timed(work: () => void): number {
  const begin = cpuSeconds();
  work();
  return cpuSeconds() - begin;
}

/** Units per second of CPU time over about a quarter of a second. */
export function rate(contender: Contender): number {
  if ('timed' in contender) {
    const { units, seconds } = contender.timed();
    return units / seconds;
  }
  const begin = cpuSeconds();
  let units = 0;
  for (;;) {
    units += contender.slice();
    const seconds = cpuSeconds() - begin;
    if (seconds >= SLICE_S) return units / seconds;
  }
}

function resultOf(
  benchmark: string,
  unit: string,
  contenders: readonly { readonly name: string }[],
  rounds: readonly (readonly number[])[],
): BenchResult {
  const rates = Object.fromEntries(
    contenders.map(({ name }, i) => [name, median(rounds.map((round) => round[i]!))]),
  );
  return { benchmark, unit, rates, ratio: median(rounds.map((round) => round[0]! / round.at(-1)!)) };
}

/** Runs the contenders in turns; the first round warms all of them up and is dropped. */
export function compete(benchmark: string, unit: string, contenders: readonly Contender[]): BenchResult {
  const rounds = Array.from({ length: ROUNDS + 1 }, () => contenders.map(rate)).slice(1);
  return resultOf(benchmark, unit, contenders, rounds);
}

/** Turns that take about a short slice; warms the kernel up. */
async function turnsOfSlice({ run }: Kernel, warmUp: number): Promise<number> {
  for (let call = 0; call < warmUp; call++) await run(1);
  for (let turns = 1; ; turns *= 2) {
    const seconds = await run(turns);
    if (seconds >= SHORT_SLICE_S / 2) return Math.max(1, Math.round((turns * SHORT_SLICE_S) / seconds));
  }
}

/**
 * Runs kernels in turns, a hundredth of a second each, so that what disturbs one disturbs all.
 *
 * @param long a turn takes longer than a slice, and the code is warm: fewer of both
 */
export async function alternate(
  benchmark: string,
  unit: string,
  kernels: readonly Kernel[],
  long = false,
): Promise<BenchResult> {
  const turns: number[] = [];
  for (const kernel of kernels) turns.push(await turnsOfSlice(kernel, long ? 2 : WARM_UP));
  const rounds: number[][] = [];
  for (let round = 0; round < (long ? ROUNDS : SHORT_ROUNDS); round++) {
    const rates: number[] = [];
    for (const [i, { units, run }] of kernels.entries())
      rates.push((units * turns[i]!) / (await run(turns[i]!)));
    rounds.push(rates);
  }
  return resultOf(benchmark, unit, kernels, rounds);
}

/** The row of a ratio of speeds. */
export function ratioRow({ ratio, rates, unit }: BenchResult, target: Target): Row {
  return { ...target, figure: ratio, unit: 'x', better: 'more', rates, rateUnit: unit };
}

/** The row of a contender's own rate. */
export function rateRow({ rates, unit }: BenchResult, name: string, target: Target): Row {
  return { ...target, figure: rates[name] ?? null, unit, better: 'more', rates, rateUnit: unit };
}

/** The row of a ratio of times: that of the first contender over that of the last. */
export function timeRow({ ratio, rates, unit }: BenchResult, target: Target): Row {
  return { ...target, figure: 1 / ratio, unit: 'x', better: 'less', rates, rateUnit: unit };
}

/** The row of what could not be measured here. */
export function skippedRow(target: Target, skipped: string): Row {
  return { ...target, figure: null, unit: 'x', better: 'more', skipped };
}

/** Whether a figure reaches its bar; null if there is no figure or no bar. */
export function isMet({ figure, better }: Row, bar: number | null): boolean | null {
  if (figure === null || bar === null) return null;
  return better === 'more' ? figure >= bar : figure <= bar;
}
