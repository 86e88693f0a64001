// Evaluations on other threads: each worker has its own copy of the chip, so training goes on meanwhile and never
// depends on the number of threads. With one thread the work is done in place.

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import type { ImageSet } from '../data/dataset.ts';
import { plus } from '../measure/measure.ts';
import type { Lesson, Task } from '../recipes/recipe.ts';
import { type Evaluation, type ExamImages, Examiner } from './evaluate.ts';

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
}

export interface WorkerAnswer {
  readonly evaluation: Evaluation;
  readonly alignmentDeg: Readonly<Record<string, number>>;
}

/** Samples that make it worth while to split an evaluation. */
const SPLIT_AT = 1000;

function shared(set: ImageSet): ImageSet {
  const share = (bytes: Uint8Array): Uint8Array => {
    const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
    copy.set(bytes);
    return copy;
  };
  return { ...set, images: share(set.images), labels: share(set.labels) };
}

function join(parts: readonly Evaluation[]): Evaluation {
  const concat = (pick: (part: Evaluation) => Uint8Array): Uint8Array =>
    Uint8Array.from(parts.flatMap((part) => [...pick(part)]));
  const layers = Object.keys(parts[0]!.layerSpikes);
  const readouts = Object.keys(parts[0]!.otherCorrect);
  return {
    count: parts.reduce((sum, { count }) => sum + count, 0),
    correct: parts.reduce((sum, { correct }) => sum + correct, 0),
    tied: parts.reduce((sum, { tied }) => sum + tied, 0),
    otherCorrect: Object.fromEntries(
      readouts.map((name) => [name, parts.reduce((sum, part) => sum + part.otherCorrect[name]!, 0)]),
    ),
    answers: concat(({ answers }) => answers),
    ties: concat(({ ties }) => ties),
    measurement: parts.map(({ measurement }) => measurement).reduce(plus),
    layerSpikes: Object.fromEntries(
      layers.map((name) => [name, parts.reduce((sum, part) => sum + part.layerSpikes[name]!, 0)]),
    ),
  };
}

export class EvaluationPool {
  readonly #sets: WorkerSetup['sets'];
  readonly #pool: Piscina<WorkerJob, WorkerAnswer> | undefined;
  readonly #examiner: Examiner | undefined;
  readonly #threads: number;

  /** @param threads 1: in place; more: on as many workers */
  constructor(setup: WorkerSetup, lesson: Lesson, threads: number) {
    this.#sets = setup.sets;
    const filename = fileURLToPath(new URL('./evaluation-worker.js', import.meta.url));
    // Workers run built code only; from the sources everything happens in place.
    this.#threads = existsSync(filename) ? threads : 1;
    if (this.#threads < 2) {
      this.#examiner = new Examiner(setup.images, lesson);
      return;
    }
    this.#pool = new Piscina<WorkerJob, WorkerAnswer>({
      filename,
      name: 'answer',
      minThreads: 1,
      maxThreads: this.#threads,
      workerData: { ...setup, sets: { train: shared(setup.sets.train), test: shared(setup.sets.test) } },
    });
  }

  /** Threads that evaluations can use beside the training thread. */
  get threads(): number {
    return this.#threads;
  }

  async #job(job: WorkerJob): Promise<WorkerAnswer> {
    if (this.#pool !== undefined) return this.#pool.run(job);
    const examiner = this.#examiner!;
    examiner.load(job.snapshot);
    const alignmentDeg = examiner.alignmentDeg();
    return { evaluation: examiner.examine(this.#sets[job.set], job.start, job.count), alignmentDeg };
  }

  /** Answers the first `count` samples of a set with the chip as it is in the snapshot. */
  async evaluate(snapshot: Uint8Array, set: 'train' | 'test', count: number): Promise<WorkerAnswer> {
    const parts = count >= SPLIT_AT ? this.#threads : 1;
    const jobs = Array.from({ length: parts }, (_, i) => {
      const start = Math.floor((count * i) / parts);
      return this.#job({ snapshot, set, start, count: Math.floor((count * (i + 1)) / parts) - start });
    });
    const answers = await Promise.all(jobs);
    return {
      evaluation: join(answers.map(({ evaluation }) => evaluation)),
      alignmentDeg: answers[0]!.alignmentDeg,
    };
  }

  async close(): Promise<void> {
    await this.#pool?.destroy();
  }
}
