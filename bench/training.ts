// On-chip training, one thread: the core against plain scalar TypeScript loops that do the same arithmetic on the same
// samples, and end with the same weights.

import type { Dataset } from '../host/data/dataset.ts';
import { Machine } from '../host/machine/machine.ts';
import { type BenchResult, type Contender, compete } from './bench.ts';
import { PlainChip } from './plain-chip.ts';
import { biogradLesson, Pupil, toPlainChip } from './pupil.ts';

const SLICE = 20;
/** Samples after which the two must have the same weights. */
const CHECKED = 200;

function same(a: Int16Array, b: Int16Array): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

/** Samples per second of CPU time of recipe `biograd`, and the ratio to the plain loops. */
export function trainingBenchmark(data: Dataset, hidden: number): BenchResult {
  const { lesson, image } = biogradLesson(data, hidden);
  const machine = new Machine(image);
  const plain = new PlainChip(image);
  const onCore = new Pupil(lesson, data, image, (presentation, events) =>
    machine.present(presentation, events),
  );
  const onPlain = new Pupil(lesson, data, image, toPlainChip(image, plain));
  onCore.learn(CHECKED);
  onPlain.learn(CHECKED);
  for (const { name } of image.projections.filter(({ plastic }) => plastic)) {
    if (!same(machine.readWeights(name), plain.weights(name)))
      throw new Error(`the two sides disagree on ${name}`);
  }
  const contenders: Contender[] = [
    { name: 'core', slice: () => onCore.learn(SLICE) },
    { name: 'plain loops', slice: () => onPlain.learn(SLICE) },
  ];
  return compete(
    `training biograd, ${data.name}, 784-${hidden}-10, one thread`,
    'training samples/s',
    contenders,
  );
}
