// Trials on many chips at once, one to a thread.

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import type { Dataset, ImageSet } from '../data/dataset.ts';
import { runTrial, type TrialBase, type TrialPoint, type TrialResult } from './trial.ts';

/** What every thread is told once. */
export interface TrialSetup {
  readonly base: TrialBase;
  readonly dataset: Dataset;
}

function sharedBytes(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}

function shared(set: ImageSet): ImageSet {
  return { ...set, images: sharedBytes(set.images), labels: sharedBytes(set.labels) };
}

export class TrialPool {
  readonly #setup: TrialSetup;
  readonly #pool: Piscina<TrialPoint, TrialResult> | undefined;
  readonly threads: number;

  constructor(setup: TrialSetup, threads: number) {
    this.#setup = setup;
    const filename = fileURLToPath(new URL('./trial-worker.js', import.meta.url));
    // Workers run built code only; from the sources everything happens in place.
    this.threads = existsSync(filename) ? threads : 1;
    if (!existsSync(filename)) return;
    const { dataset } = setup;
    this.#pool = new Piscina<TrialPoint, TrialResult>({
      filename,
      name: 'answer',
      minThreads: 1,
      maxThreads: threads,
      workerData: { ...setup, dataset: { ...dataset, train: shared(dataset.train) } },
    });
  }

  run(point: TrialPoint): Promise<TrialResult> {
    if (this.#pool !== undefined) return this.#pool.run(point);
    return Promise.resolve(runTrial(this.#setup.base, point, this.#setup.dataset));
  }

  /** Ends the threads; trials under way are lost. */
  async close(): Promise<void> {
    await this.#pool?.destroy();
  }
}
