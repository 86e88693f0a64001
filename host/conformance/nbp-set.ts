// A recorded nBP set: a folder with the start of a training run (`seed*-init.npz`) and what came out of it, with the
// weight read early or late: spikes, sums, weights, outputs of the inference network, event counts. Replays the
// network of recipe `nbp` and compares everything, without tolerance.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readNpz } from '../data/npz.ts';
import type { Weights } from '../recipes/nbp/weights.ts';
import { asWeights, type Check, failed } from './nbp-check.ts';
import {
  type Arrays,
  type Context,
  checkpointsOf,
  chipFor,
  limited,
  openContext,
  type ReplayOptions,
  samplesOf,
} from './nbp-context.ts';
import { type CountFile, type CountWindow, readCounts } from './nbp-counts.ts';
import { replayInference } from './nbp-inference.ts';
import { compareData, replayCounts, replayTraining } from './nbp-training.ts';

const INIT = /^(.*)-init\.npz$/;

/** Names of the sets in a folder, `seed43`. */
export function nbpSetsIn(folder: string): string[] {
  return readdirSync(folder)
    .flatMap((file) => INIT.exec(file)?.[1] ?? [])
    .sort();
}

/** Windows of a run's counts by their number, those whose name the pattern takes a number from. */
function windowsOf(
  counts: CountFile[string] | undefined,
  pattern: RegExp,
  limit: number,
): Map<number, CountWindow> {
  return new Map(
    Object.entries(counts ?? {}).flatMap(([name, window]) => {
      const found = pattern.exec(name);
      return found === null || Number(found[1]) > limit ? [] : [[Number(found[1]), window] as const];
    }),
  );
}

const TRAINING_ARRAYS =
  /^(raster|raster_crc32|hid_sum|out_sum|n_in|w1_\d+|w2_\d+|test_out_sum_\d+|w1|w2|test_out_sum)$/;
const WINDOW_NAMES = /^(first_\d+_samples|inference_weights_\d+_first_\d+_test|inference_first_\d+_test)$/;

/** One run of a set: its arrays, its counts, or both. */
function* replayRun(
  name: string,
  context: Context,
  arrays: Arrays,
  counts: CountFile[string] | undefined,
): Generator<Check> {
  for (const field of arrays.keys())
    if (!TRAINING_ARRAYS.test(field)) yield failed(`${name}: ${field}`, 'is an array of unknown meaning');
  for (const window of Object.keys(counts ?? {}))
    if (!WINDOW_NAMES.test(window)) yield failed(`${name}: ${window}`, 'is a window of unknown meaning');
  const chip = chipFor(name.startsWith('net-late') ? 'late' : 'early');
  const samples = windowsOf(counts, /^first_(\d+)_samples$/, context.limit);
  if (samples.size > 0) yield* replayCounts(name, context, chip, samples);

  const tested = new Set(checkpointsOf(arrays, 'test_out_sum'));
  for (const n of windowsOf(counts, /^inference_weights_(\d+)_/, context.limit).keys()) tested.add(n);
  const weights = new Map<number, Weights>();
  if (tested.size > 0 || samplesOf(arrays, 'raster') > 0 || checkpointsOf(arrays, 'w1').length > 0)
    yield* replayTraining(name, context, chip, arrays, [...tested], weights);
  for (const n of [...tested].sort((a, b) => a - b)) {
    const own = weights.get(n);
    if (own === undefined) {
      yield failed(`${name}: inference after ${n} samples`, 'the order is too short');
      continue;
    }
    const windows = windowsOf(
      counts,
      new RegExp(`^inference_weights_${n}_first_(\\d+)_test$`),
      context.limit,
    );
    const sums = arrays.get(`test_out_sum_${n}`);
    yield* replayInference(`${name}: inference after ${n} samples`, context, chip, own, sums, windows);
  }

  const w1 = arrays.get('w1');
  const w2 = arrays.get('w2');
  const windows = windowsOf(counts, /^inference_first_(\d+)_test$/, context.limit);
  if (w1 === undefined || w2 === undefined) {
    if (windows.size > 0) yield failed(`${name}: inference`, 'there are counts, but no weights');
    return;
  }
  const recorded = { w1: asWeights(w1.data), w2: asWeights(w2.data) };
  const sums = arrays.get('test_out_sum');
  yield* replayInference(`${name}: inference`, context, chip, recorded, sums, windows);
}

/**
 * Replays a set and compares it with its record, check by check; a part that cannot be replayed is a failed check.
 * @param name as {@link nbpSetsIn} gives it
 */
export function* replayNbpSet(folder: string, name: string, options: ReplayOptions = {}): Generator<Check> {
  const files = readdirSync(folder);
  const runs = new Set<string>();
  for (const file of files) {
    const run = file.startsWith(`${name}-`)
      ? /^(net-(?:early|late).*)\.npz$/.exec(file.slice(name.length + 1))
      : null;
    if (run !== null) runs.add(run[1]!);
  }
  try {
    const context = openContext(folder, name, options);
    yield* compareData(context);
    const countFile = `${name}-counts.json`;
    const counts = files.includes(countFile) ? readCounts(join(folder, countFile)) : {};
    for (const run of Object.keys(counts)) if (run.startsWith('net-')) runs.add(run);
    for (const run of [...runs].sort()) {
      const arrays = files.includes(`${name}-${run}.npz`)
        ? limited(readNpz(join(folder, `${name}-${run}.npz`)), context.limit)
        : new Map();
      yield* replayRun(run, context, arrays, counts[run]);
    }
  } catch (error) {
    yield failed(name, error instanceof Error ? error.message : String(error));
  }
}
