// What it costs to tell time: the same training on the same machine, functional against analytic.

import { loadChip } from '../host/chip/load.ts';
import { compile } from '../host/compile/compile.ts';
import type { Dataset } from '../host/data/dataset.ts';
import { Machine } from '../host/machine/machine.ts';
import { findRecipe } from '../host/recipes/registry.ts';
import { type BenchResult, type Contender, compete } from './bench.ts';
import { Pupil } from './pupil.ts';

const SLICE = 20;

/** Samples per second of CPU time of recipe `biograd` in both modes; the ratio is what `analytic` costs. */
export function timingBenchmark(data: Dataset, hidden: number): BenchResult {
  const recipe = findRecipe('biograd');
  const task = {
    height: data.train.height,
    width: data.train.width,
    classes: data.classes.length,
    seed: 1,
    trainingPresentations: data.train.count,
  };
  const lesson = recipe.create(recipe.resolve(data.name, { hidden }), task);
  const { image } = compile(lesson.network, loadChip('loihi1').chip);
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
