// What it costs to tell time: the same training on the same machine, functional against analytic.

import type { Dataset } from '../host/data/dataset.ts';
import { Machine } from '../host/machine/machine.ts';
import { type BenchResult, type Contender, compete } from './bench.ts';
import { biogradLesson, Pupil } from './pupil.ts';

const SLICE = 20;

/** Samples per second of CPU time of recipe `biograd` in both modes; the ratio is what `analytic` costs. */
export function timingBenchmark(data: Dataset, hidden: number): BenchResult {
  const { lesson, image } = biogradLesson(data, { hidden });
  const contenders = (['functional', 'analytic'] as const).map((timing): Contender => {
    const machine = new Machine(image, { timing });
    const pupil = new Pupil(lesson, data, image, (presentation, events) =>
      machine.present(presentation, events),
    );
    return { name: timing, slice: () => pupil.learn(SLICE) };
  });
  return compete(
    `time by formula, training biograd, ${data.name}, 784-${hidden}-10, one thread`,
    'training samples/s',
    contenders,
  );
}
