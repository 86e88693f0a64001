// A recipe for Loihi 2 on the digits: samples one by one, or all of them and then an examination.

import { loadChip } from '../../host/chip/load.ts';
import { compile } from '../../host/compile/compile.ts';
import type { Dataset } from '../../host/data/dataset.ts';
import { EventList } from '../../host/machine/event-list.ts';
import { Machine } from '../../host/machine/machine.ts';
import type { Lesson } from '../../host/recipes/recipe.ts';
import { findRecipe } from '../../host/recipes/registry.ts';
import { Course } from '../../host/training/course.ts';
import { Examiner } from '../../host/training/evaluate.ts';

const SEED = 3;
export const { chip } = loadChip('loihi2');

export function lessonOf(name: string, data: Dataset, settings: Readonly<Record<string, unknown>>): Lesson {
  const recipe = findRecipe(name);
  const { train, classes } = data;
  return recipe.create(recipe.resolve('digits', settings), {
    height: train.height,
    width: train.width,
    classes: classes.length,
    seed: SEED,
    trainingPresentations: train.count,
  });
}

export const machineOf = (lesson: Lesson): Machine =>
  new Machine(compile(lesson.network, chip).image, { probeBytes: 2 ** 22, probeRecords: 80 });

/** Presents one training sample. */
export function present(lesson: Lesson, machine: Machine, { train }: Dataset, sample: number): void {
  const events = new EventList(machine.image);
  const pixels = train.height * train.width;
  const image = train.images.subarray(sample * pixels, (sample + 1) * pixels);
  machine.present(lesson.train(events, image, train.labels[sample]!, sample), events);
}

/** What is right after all training samples, as a fraction, and what the host did meanwhile. */
export function learnAll(lesson: Lesson, data: Dataset) {
  const { image } = compile(lesson.network, chip);
  const machine = new Machine(image, { timing: 'functional' });
  new Course(machine, lesson, data.train, SEED).present(0, data.train.count);
  const { access } = machine;
  const examiner = new Examiner({ trained: image, timing: 'functional' }, lesson);
  examiner.load(machine.snapshot());
  const { count } = data.test;
  return { accuracy: examiner.examine(data.test, 0, count).correct / count, access: { ...access } };
}
