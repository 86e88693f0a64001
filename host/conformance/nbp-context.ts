// What a replay of a recorded nBP set works with: the start of the run, the images, the chip, the recorded arrays.

import { join } from 'node:path';
import { loadChip } from '../chip/load.ts';
import type { Chip } from '../chip/schema.ts';
import type { Dataset } from '../data/dataset.ts';
import { type LoadOptions, loadDataset } from '../data/load.ts';
import { type NpyArray, readNpz } from '../data/npz.ts';
import { UserError } from '../errors.ts';
import { type Settings, settingsSchema } from '../recipes/nbp/settings.ts';
import type { Weights } from '../recipes/nbp/weights.ts';
import { asWeights } from './nbp-check.ts';

/** Recorded arrays by name. */
export type Arrays = ReadonlyMap<string, NpyArray>;

/** Packed cores give the same spikes faster; the published ones give the recorded messages. */
export const PACKED = settingsSchema.parse({ placement: 'packed' });
export const PUBLISHED = settingsSchema.parse({ placement: 'published' });

export interface ReplayOptions extends LoadOptions {
  /** Samples and test images after which a replay stops; what was recorded beyond is not compared. Default: none. */
  readonly limit?: number;
}

/** What every part of a replay needs. */
export interface Context {
  readonly limit: number;
  readonly data: Dataset;
  readonly init: Arrays;
  readonly start: Weights;
  readonly order: ArrayLike<number>;
  readonly labels: ArrayLike<number>;
  readonly inputs: number;
  readonly hidden: number;
  readonly outputs: number;
}

/**
 * A recorded array.
 * @throws UserError if the file does not have it
 */
export function array(arrays: Arrays, name: string, file: string): NpyArray {
  const found = arrays.get(name);
  if (found === undefined)
    throw new UserError(`has no array "${name}"`, { code: 'bad-npz', file, path: name });
  return found;
}

/**
 * Reads the start of a run and the images.
 * @throws UserError if a file or the images are missing or damaged
 */
export function openContext(folder: string, name: string, options: ReplayOptions): Context {
  const file = join(folder, `${name}-init.npz`);
  const init = readNpz(file);
  const w1 = array(init, 'w1', file);
  const w2 = array(init, 'w2', file);
  const [inputs = 0, hidden = 0] = w1.shape;
  const [rows = 0, outputs = 0] = w2.shape;
  if (w1.shape.length !== 2 || w2.shape.length !== 2 || rows !== hidden) {
    throw new UserError(`w1 [${w1.shape}] and w2 [${w2.shape}] do not fit together`, {
      code: 'bad-npz',
      file,
    });
  }
  return {
    limit: options.limit ?? Number.POSITIVE_INFINITY,
    data: loadDataset('mnist', options),
    init,
    start: { w1: asWeights(w1.data), w2: asWeights(w2.data) },
    order: array(init, 'order', file).data,
    labels: array(init, 'labels', file).data,
    inputs,
    hidden,
    outputs,
  };
}

/** The chip of a replay: the recorded network clips a weight once, after the whole rule. */
export function chipFor(weightRead: 'early' | 'late'): Chip {
  const { chip } = loadChip('loihi1');
  return { ...chip, semantics: { ...chip.semantics, weightRead, ruleSaturation: 'once' } };
}

/** Settings with as many hidden neurons as the record has. */
export function settingsFor({ hidden }: Context, settings: Settings): Settings {
  return { ...settings, hidden };
}

/** Samples of a recorded array whose first axis they are. */
export function samplesOf(arrays: Arrays, name: string): number {
  return arrays.get(name)?.shape[0] ?? 0;
}

/** The arrays with no more than `limit` samples along their first axis; weights are left whole, or left out. */
export function limited(arrays: Arrays, limit: number): Arrays {
  return new Map(
    [...arrays].flatMap(([name, { shape, data }]): [string, NpyArray][] => {
      const after = /^(?:w[12]|test_out_sum)_(\d+)$/.exec(name)?.[1];
      if (after !== undefined && Number(after) > limit) return [];
      if (/^w[12](_|$)/.test(name)) return [[name, { shape, data }]];
      const [samples = 0, ...rest] = shape;
      const kept = Math.min(samples, limit);
      const values = rest.reduce((product, n) => product * n, kept);
      return [[name, { shape: [kept, ...rest], data: data.slice(0, values) }]];
    }),
  );
}

/** Numbers N of the arrays `<prefix>_N`, ascending. */
export function checkpointsOf(arrays: Arrays, prefix: string): number[] {
  return [...arrays.keys()]
    .flatMap((name) => (name.startsWith(`${prefix}_`) ? [Number(name.slice(prefix.length + 1))] : []))
    .filter((n) => Number.isInteger(n) && n > 0)
    .sort((a, b) => a - b);
}
