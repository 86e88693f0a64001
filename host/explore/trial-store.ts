// The folder of a sweep: a file for every finished trial, named by the hash of all that its result depends on. A sweep
// that is taken up again finds there what is done already.

import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadChip } from '../chip/load.ts';
import type { Dataset } from '../data/dataset.ts';
import { findRecipe } from '../recipes/registry.ts';
import { makeFolder, writeFileAtomically } from '../report/write.ts';
import { versions } from '../versions.ts';
import type { TrialBase, TrialPoint, TrialResult } from './trial.ts';

export class TrialStore {
  readonly #folder: string;
  readonly #base: TrialBase;
  /** Of the data set. */
  readonly #data: string;
  readonly #common: string;

  /** @throws UserError if the place cannot be written to, or there is no such chip */
  constructor(folder: string, base: TrialBase, dataset: Dataset) {
    this.#folder = join(folder, 'trials');
    this.#base = base;
    this.#data = dataset.name;
    makeFolder(this.#folder);
    this.#common = JSON.stringify({
      base,
      data: dataset.sources.map(({ sha256 }) => sha256),
      chip: loadChip(base.chip).files.map(({ sha256 }) => sha256),
      core: versions().core,
    });
  }

  /** @throws UserError if the recipe refuses the settings */
  #file({ settings, seed }: TrialPoint): string {
    const resolved = findRecipe(this.#base.recipe).resolve(this.#data, settings);
    const sorted = Object.entries(resolved).sort(([a], [b]) => (a < b ? -1 : 1));
    const hash = createHash('sha256')
      .update(this.#common)
      .update(JSON.stringify([sorted, seed]));
    return join(this.#folder, `${hash.digest('hex').slice(0, 32)}.json`);
  }

  find(point: TrialPoint): TrialResult | undefined {
    const file = this.#file(point);
    return existsSync(file)
      ? (JSON.parse(readFileSync(file, 'utf8')) as { result: TrialResult }).result
      : undefined;
  }

  keep(point: TrialPoint, result: TrialResult): void {
    writeFileAtomically(
      this.#file(point),
      `${JSON.stringify({ ...this.#base, ...point, result }, null, 2)}\n`,
    );
  }
}
