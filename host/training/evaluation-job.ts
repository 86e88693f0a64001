// What evaluation threads are told and what they answer.

import type { ImageSet } from '../data/dataset.ts';
import type { Task } from '../recipes/recipe.ts';
import type { Evaluation, ExamImages, Examiner } from './evaluate.ts';

/** What a worker needs to build its copy. */
export interface WorkerSetup {
  readonly recipe: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly task: Task;
  readonly images: ExamImages;
  readonly sets: Readonly<Record<'train' | 'test', ImageSet>>;
}

export interface WorkerJob {
  readonly snapshot: Uint8Array;
  readonly set: 'train' | 'test';
  readonly start: number;
  readonly count: number;
  /** True if the angles of the feedback are asked for. */
  readonly aligns: boolean;
}

export interface WorkerAnswer {
  readonly evaluation: Evaluation;
  /** Empty unless asked for. */
  readonly alignmentDeg: Readonly<Record<string, number>>;
}

/** Does a job on this thread's copy of the chip. */
export function answerJob(
  examiner: Examiner,
  sets: WorkerSetup['sets'],
  { snapshot, set, start, count, aligns }: WorkerJob,
): WorkerAnswer {
  examiner.load(snapshot);
  const alignmentDeg = aligns ? examiner.alignmentDeg() : {};
  return { evaluation: examiner.examine(sets[set], start, count), alignmentDeg };
}
