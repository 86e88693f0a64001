// On-chip training, one thread: samples per second at settings that are known to learn well; and the core against plain
// scalar TypeScript loops that do the same arithmetic on the same samples, and end with the same weights.

import type { Dataset } from '../host/data/dataset.ts';
import { Machine } from '../host/machine/machine.ts';
import { type BenchResult, type Contender, compete, cpuSeconds, type Row, skippedRow } from './bench.ts';
import { LESSONS } from './lessons.ts';
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
  const { lesson, image } = biogradLesson(data, { hidden });
  const machine = new Machine(image);
  const plain = new PlainChip(image);
  const onCore = new Pupil(lesson, data, image, (presentation, events) =>
    machine.present(presentation, events),
  );
  const onPlain = new Pupil(lesson, data, image, toPlainChip(image, plain));
  onCore.learn(CHECKED);
  onPlain.learn(CHECKED);
  for (const { name } of image.projections.filter(({ plastic }) => plastic)) {
    if (!same(machine.weights.read(name), plain.weights(name)))
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

/** Samples before the clock runs: an untrained chip makes more errors, and so learns more slowly. */
const SCHOOLING = 20_000;
/** Samples by the clock. One sleep lies among them, as among every so many samples of a long training. */
const MEASURED = 20_000;

/** Samples per second of CPU time on one thread, time by formula, encoding and sleep included. */
export function trainingRows(data: Dataset): readonly Row[] {
  const { settings, reaches } = LESSONS.samples;
  const target = {
    what: `training biograd, MNIST, 784-${settings.hidden}-10 (${reaches}), after ${SCHOOLING} samples, one thread`,
    bar: 5000,
    stretch: 12_000,
  };
  if (data.name !== 'mnist') return [skippedRow(target, 'there is no MNIST here')];
  const { lesson, image } = biogradLesson(data, settings);
  const machine = new Machine(image);
  const pupil = new Pupil(lesson, data, image, (presentation, events) =>
    machine.present(presentation, events),
  );
  pupil.learn(SCHOOLING);
  const begin = cpuSeconds();
  const learned = pupil.learn(MEASURED);
  return [
    {
      ...target,
      figure: learned / (cpuSeconds() - begin),
      unit: 'samples/s',
      better: 'more',
    },
  ];
}
