// Evaluations on other threads: each worker has its own copy of the chip, so training goes on meanwhile and never
// depends on the number of threads. Samples go to the workers in stretches of one length, which therefore does not depend
// on it either. With one thread, and in the end, when no training goes on, the caller's thread works as well.

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import type { ImageSet } from '../data/dataset.ts';
import { type Measurement, plus } from '../measure/measure.ts';
import type { Lesson } from '../recipes/recipe.ts';
import { type Evaluation, Examiner } from './evaluate.ts';
import { answerJob, type WorkerAnswer, type WorkerJob, type WorkerSetup } from './evaluation-job.ts';

/** Samples of a job. */
const STRETCH = 500;

function sharedBytes(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}

function shared(set: ImageSet): ImageSet {
  return { ...set, images: sharedBytes(set.images), labels: sharedBytes(set.labels) };
}

/** Null if no chip answered. */
function joinMeasurements(parts: readonly (Measurement | null)[]): Measurement | null {
  return parts.reduce((a, b) => (a === null || b === null ? null : plus(a, b)));
}

function join(parts: readonly Evaluation[]): Evaluation {
  const concat = (pick: (part: Evaluation) => Uint8Array): Uint8Array => Buffer.concat(parts.map(pick));
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
    measurement: joinMeasurements(parts.map(({ measurement }) => measurement)),
    layerSpikes: Object.fromEntries(
      layers.map((name) => [name, parts.reduce((sum, part) => sum + part.layerSpikes[name]!, 0)]),
    ),
  };
}

export class EvaluationPool {
  readonly #setup: WorkerSetup;
  readonly #lesson: Lesson;
  readonly #pool: Piscina<WorkerJob, WorkerAnswer> | undefined;
  readonly #workers: number;
  #examiner: Examiner | undefined;

  /** @param threads that of the caller included; the others are workers */
  constructor(setup: WorkerSetup, lesson: Lesson, threads: number) {
    this.#setup = setup;
    this.#lesson = lesson;
    const filename = fileURLToPath(new URL('./evaluation-worker.js', import.meta.url));
    // Workers run built code only; from the sources everything happens in place.
    this.#workers = existsSync(filename) ? threads - 1 : 0;
    if (this.#workers === 0) return;
    const sets = { train: shared(setup.sets.train), test: shared(setup.sets.test) };
    this.#pool = new Piscina<WorkerJob, WorkerAnswer>({
      filename,
      name: 'answer',
      minThreads: 1,
      maxThreads: this.#workers,
      idleTimeout: Number.POSITIVE_INFINITY, // a worker that has built its chip stays
      workerData: { ...setup, sets },
    });
  }

  /** This thread's copy of the chip. */
  get examiner(): Examiner {
    this.#examiner ??= new Examiner(this.#setup.images, this.#lesson);
    return this.#examiner;
  }

  /**
   * Answers the first `count` samples of a set with the chip as it is in the snapshot.
   * @param everywhere true if this thread has nothing else to do
   */
  async evaluate(
    snapshot: Uint8Array,
    set: 'train' | 'test',
    count: number,
    everywhere = false,
  ): Promise<WorkerAnswer> {
    const kept = this.#pool === undefined ? snapshot : sharedBytes(snapshot);
    const jobs = Array.from({ length: Math.ceil(count / STRETCH) }, (_, i): WorkerJob => {
      const start = i * STRETCH;
      return { snapshot: kept, set, start, count: Math.min(STRETCH, count - start), aligns: i === 0 };
    });
    const answers: WorkerAnswer[] = [];
    let next = 0;
    const work = async (answer: (job: WorkerJob) => Promise<WorkerAnswer>): Promise<void> => {
      while (next < jobs.length) {
        const i = next++;
        answers[i] = await answer(jobs[i]!);
      }
    };
    const pool = this.#pool;
    const workers =
      pool === undefined ? [] : Array.from({ length: this.#workers }, () => work((job) => pool.run(job)));
    if (pool === undefined || everywhere) workers.push(work((job) => this.#answerHere(job)));
    await Promise.all(workers);
    return {
      evaluation: join(answers.map(({ evaluation }) => evaluation)),
      alignmentDeg: answers[0]!.alignmentDeg,
    };
  }

  async #answerHere(job: WorkerJob): Promise<WorkerAnswer> {
    await new Promise<void>((resolve) => setImmediate(resolve)); // lets workers' answers in, and their next jobs out
    return answerJob(this.examiner, this.#setup.sets, job);
  }

  async close(): Promise<void> {
    await this.#pool?.destroy();
  }
}
