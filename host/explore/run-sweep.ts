// Runs a sweep: all points of a grid, or generation after generation of a genetic search. What is in the folder already is
// not run again.

import type { Dataset } from '../data/dataset.ts';
import { UserError } from '../errors.ts';
import { firstGeneration, type Individual, nextGeneration, ranking } from './genetic.ts';
import type { Sweep } from './sweep-file.ts';
import { splitSamples, type TrialBase, type TrialPoint, type TrialResult } from './trial.ts';
import { TrialPool } from './trial-pool.ts';
import { TrialStore } from './trial-store.ts';

/** A point of the sweep and its results, one for each seed. */
export interface SweepEntry {
  readonly values: Individual;
  /** Mean over the seeds. */
  readonly accuracy: number;
  readonly spikes: number;
  readonly perSeed: readonly TrialResult[];
}

export interface SweepOutcome {
  readonly finished: boolean;
  /** Every point once, the best first. */
  readonly entries: readonly SweepEntry[];
  /** Best and mean accuracy of each generation; empty for a grid. */
  readonly generations: readonly { readonly best: number; readonly mean: number }[];
}

export interface SweepOptions {
  readonly folder: string;
  readonly threads: number;
  readonly say: (line: string) => void;
  /** True once the user wants to stop. */
  readonly interrupted: () => boolean;
}

/** Every combination of the values. */
export function gridPoints(grid: NonNullable<Sweep['grid']>): Individual[] {
  let points: Individual[] = [{}];
  for (const [name, values] of Object.entries(grid))
    points = points.flatMap((point) => values.map((value) => ({ ...point, [name]: value })));
  return points;
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const percent = (accuracy: number): string => `${(100 * accuracy).toFixed(2)} %`;

class Explorer {
  readonly #sweep: Sweep;
  readonly #options: SweepOptions;
  readonly #store: TrialStore;
  readonly #pool: TrialPool;
  readonly #entries = new Map<string, SweepEntry>();
  readonly #generations: { best: number; mean: number }[] = [];

  constructor(sweep: Sweep, dataset: Dataset, options: SweepOptions) {
    const { recipe, data, chip, samples, epochs, validation } = sweep;
    const base: TrialBase = { recipe, data, chip, samples, epochs, validation };
    splitSamples(dataset, base);
    this.#sweep = sweep;
    this.#options = options;
    this.#store = new TrialStore(options.folder, base, dataset);
    this.#pool = new TrialPool({ base, dataset }, options.threads);
  }

  outcome(finished: boolean): SweepOutcome {
    const entries = [...this.#entries.values()];
    const ranks = ranking(entries.map(({ accuracy }) => accuracy));
    return { finished, entries: ranks.map((i) => entries[i]!), generations: this.#generations };
  }

  async close(): Promise<void> {
    await this.#pool.close();
  }

  #pointsOf(values: Individual): TrialPoint[] {
    const settings = { ...this.#sweep.settings, ...values };
    return this.#sweep.seeds.map((seed) => ({ settings, seed }));
  }

  /** Results of all trials of some points; undefined if the user stopped it. A value that the recipe refuses is a miss. */
  async try(all: readonly Individual[]): Promise<readonly SweepEntry[] | undefined> {
    const distinct = new Map(all.map((values) => [JSON.stringify(values), values]));
    const waiting: TrialPoint[] = [];
    const refused = new Map<string, UserError>();
    for (const [key, values] of distinct) {
      try {
        waiting.push(...this.#pointsOf(values).filter((point) => this.#store.find(point) === undefined));
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        refused.set(key, error);
      }
    }
    for (const [key, error] of refused) this.#options.say(`${key} is left out: ${error.message}`);
    if (refused.size === distinct.size) throw [...refused.values()][0]!;
    const { interrupted, say } = this.#options;
    const work = async (): Promise<void> => {
      for (let point = waiting.shift(); point !== undefined && !interrupted(); point = waiting.shift()) {
        const result = await this.#pool.run(point);
        this.#store.keep(point, result);
        say(`${percent(result.accuracy)}  seed ${point.seed}  ${JSON.stringify(point.settings)}`);
      }
    };
    await Promise.all(Array.from({ length: this.#pool.threads }, work));
    if (interrupted()) return undefined;
    return all.map((values) => {
      const key = JSON.stringify(values);
      if (refused.has(key)) return { values, accuracy: 0, spikes: 0, perSeed: [] };
      const perSeed = this.#pointsOf(values).map((point) => this.#store.find(point)!);
      const entry = {
        values,
        accuracy: mean(perSeed.map(({ accuracy }) => accuracy)),
        spikes: mean(perSeed.map(({ spikes }) => spikes)),
        perSeed,
      };
      this.#entries.set(key, entry);
      return entry;
    });
  }

  async grid(grid: NonNullable<Sweep['grid']>): Promise<SweepOutcome> {
    return this.outcome((await this.try(gridPoints(grid))) !== undefined);
  }

  async search(plan: NonNullable<Sweep['genetic']>): Promise<SweepOutcome> {
    let individuals = firstGeneration(plan);
    for (let generation = 1; ; generation++) {
      const entries = await this.try(individuals);
      if (entries === undefined) return this.outcome(false);
      const fitness = entries.map(({ accuracy }) => accuracy);
      const summary = { best: Math.max(...fitness), mean: mean(fitness) };
      this.#generations.push(summary);
      this.#options.say(
        `generation ${generation}/${plan.generations}: best ${percent(summary.best)}, mean ${percent(summary.mean)}`,
      );
      if (generation === plan.generations) return this.outcome(true);
      individuals = nextGeneration(plan, generation, individuals, fitness);
    }
  }
}

/**
 * Runs a sweep to its end, or until the user stops it.
 * @throws UserError if the folder cannot be written to, or no point is one that the recipe takes
 */
export async function runSweep(sweep: Sweep, dataset: Dataset, options: SweepOptions): Promise<SweepOutcome> {
  const explorer = new Explorer(sweep, dataset, options);
  try {
    return await (sweep.genetic === undefined ? explorer.grid(sweep.grid!) : explorer.search(sweep.genetic));
  } finally {
    await explorer.close();
  }
}
