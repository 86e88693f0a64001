// One evaluation thread: builds its copy of the chip once, then answers jobs.

import { workerData } from 'node:worker_threads';
import { findRecipe } from '../recipes/registry.ts';
import { Examiner } from './evaluate.ts';
import type { WorkerAnswer, WorkerJob, WorkerSetup } from './evaluation-pool.ts';

const setup = workerData as WorkerSetup;
const examiner = new Examiner(setup.images, findRecipe(setup.recipe).create(setup.settings, setup.task));

export function answer({ snapshot, set, start, count }: WorkerJob): WorkerAnswer {
  examiner.load(snapshot);
  const alignmentDeg = examiner.alignmentDeg();
  return { evaluation: examiner.examine(setup.sets[set], start, count), alignmentDeg };
}
