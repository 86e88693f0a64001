// Statistical vectors: mean and standard deviation over seeds against those of the reference's 400 runs, under the
// test that the vectors state.

import * as z from 'zod';
import { indexText } from './compare.ts';
import { ConformanceError } from './conformance-error.ts';
import { type Recording, replay } from './replay.ts';
import { flatRow, type Vector } from './vector.ts';

/** Runs of the emulator, each with its own seed; the test asks for at least 100. */
const RUNS = 200;
/** Share of the entries that may fail. */
const ALLOWED = 0.01;
const MILLI = 1000;

const momentsSchema = z.object({ mean_milli: z.array(z.unknown()), std_milli: z.array(z.unknown()) });

interface Sums {
  readonly sum: Float64Array;
  readonly squares: Float64Array;
}

/** Values of the listed steps, one after the other. */
function sample({ rows }: Recording, at: readonly number[]): number[] {
  return at.flatMap((step) => [...(rows[step - 1] ?? [])]);
}

function accumulate(sums: Map<string, Sums>, name: string, values: readonly number[]): void {
  let entry = sums.get(name);
  if (entry === undefined) {
    entry = { sum: new Float64Array(values.length), squares: new Float64Array(values.length) };
    sums.set(name, entry);
  }
  const { sum, squares } = entry;
  values.forEach((value, i) => {
    sum[i]! += value;
    squares[i]! += value * value;
  });
}

interface Outlier {
  readonly text: string;
  readonly excess: number;
}

/** How far an entry is beyond what the test allows; undefined if it is within. */
function judge(
  place: string,
  mean: number,
  std: number,
  wanted: { mean: number; std: number },
  seeds: number,
): Outlier | undefined {
  const meanBound = 4 * wanted.std * Math.sqrt(1 / RUNS + 1 / seeds) + 0.05;
  const stdBound = 0.25 * wanted.std + 0.1;
  const meanExcess = Math.abs(mean - wanted.mean) / meanBound;
  const stdExcess = Math.abs(std - wanted.std) / stdBound;
  if (meanExcess <= 1 && stdExcess <= 1) return undefined;
  const [what, got, expected, bound] =
    meanExcess >= stdExcess
      ? ['mean', mean, wanted.mean, meanBound]
      : ['standard deviation', std, wanted.std, stdBound];
  return {
    text: `${place}: expected ${what} ${expected.toFixed(3)} ± ${bound.toFixed(3)}, got ${got.toFixed(3)}`,
    excess: Math.max(meanExcess, stdExcess),
  };
}

/** The line of what is wrong with a statistical vector; undefined if it passes. */
export function statisticalDifference(vector: Vector): string | undefined {
  const sums = new Map<string, Sums>();
  let recordings: Recording[] = [];
  const steps = new Map<string, number[]>();
  for (let seed = 1; seed <= RUNS; seed++) {
    recordings = replay(vector, { seed });
    for (const recording of recordings) {
      const at = z.array(z.int().min(1).max(vector.steps)).safeParse(vector.expected[recording.id]?.at);
      if (!at.success) throw new ConformanceError(`is malformed: ${recording.id}.at is not a list of steps`);
      steps.set(recording.id, at.data);
      accumulate(sums, recording.name, sample(recording, at.data));
    }
  }
  const seeds = vector.rng?.mode === 'statistical' ? vector.rng.seeds : RUNS;
  const outliers: Outlier[] = [];
  let entries = 0;
  for (const { name, id, variable, shape } of recordings) {
    const moments = momentsSchema.safeParse(vector.expected[id]?.[variable]);
    if (!moments.success) throw new ConformanceError(`is malformed: ${name} has no mean_milli and std_milli`);
    const { sum, squares } = sums.get(name)!;
    const size = sum.length / steps.get(id)!.length;
    steps.get(id)!.forEach((step, row) => {
      const means = flatRow(name, moments.data.mean_milli[row], size);
      const stds = flatRow(name, moments.data.std_milli[row], size);
      means.forEach((_, i) => {
        const place = row * size + i;
        const mean = sum[place]! / RUNS;
        const variance = (squares[place]! - RUNS * mean * mean) / (RUNS - 1);
        const wanted = { mean: means[i]! / MILLI, std: stds[i]! / MILLI };
        const where = `step ${step}, ${name}${indexText(shape, i)}`;
        const outlier = judge(where, mean, Math.sqrt(Math.max(0, variance)), wanted, seeds);
        if (outlier !== undefined) outliers.push(outlier);
        entries++;
      });
    });
  }
  if (outliers.length <= ALLOWED * entries) return undefined;
  const worst = outliers.reduce((a, b) => (b.excess > a.excess ? b : a));
  return `${worst.text} (${outliers.length} of ${entries} entries differ over ${RUNS} seeds)`;
}
