// One evaluation thread: builds its copy of the chip once, then answers jobs.

import { workerData } from 'node:worker_threads';
import { findRecipe } from '../recipes/registry.ts';
import { Examiner } from './evaluate.ts';
import { answerJob, type WorkerAnswer, type WorkerJob, type WorkerSetup } from './evaluation-job.ts';

const setup = workerData as WorkerSetup;
const examiner = new Examiner(setup.images, findRecipe(setup.recipe).create(setup.settings, setup.task));

export function answer(job: WorkerJob): WorkerAnswer {
  return answerJob(examiner, setup.sets, job);
}
