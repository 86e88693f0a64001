// A recorded nBP set: a folder with the start of a training run (`seed*-init.npz`) and what came out of it, with the
// weight read early or late: spikes, sums, weights, outputs of the inference network, event counts. Replays the
// network of recipe `nbp` and compares everything, without tolerance.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { loadChip } from '../chip/load.ts';
import type { Chip } from '../chip/schema.ts';
import type { Dataset } from '../data/dataset.ts';
import { type LoadOptions, loadDataset } from '../data/load.ts';
import { type NpyArray, readNpz } from '../data/npz.ts';
import { UserError } from '../errors.ts';
import { Binarizer } from '../recipes/nbp/images.ts';
import { type Settings, settingsSchema } from '../recipes/nbp/settings.ts';
import { TRAIN } from '../recipes/nbp/timeline.ts';
import { MATRICES } from '../recipes/nbp/training-network.ts';
import { transposed, type Weights } from '../recipes/nbp/weights.ts';
import { asWeights, type Check, compareArray, compareNumber, failed } from './nbp-check.ts';
import { type CountFile, type CountWindow, compareCounts, readCounts } from './nbp-counts.ts';
import { InferenceReplay, TrainingReplay } from './nbp-replay.ts';

type Arrays = ReadonlyMap<string, NpyArray>;

const INIT = /^(.*)-init\.npz$/;
/** Fires an output. */
const OUTPUT_LEVEL = 512;
/** Nodes of the record: packed cores give the same spikes faster, the published ones the recorded messages. */
const PACKED = settingsSchema.parse({ placement: 'packed' });
const PUBLISHED = settingsSchema.parse({ placement: 'published' });

/** Names of the sets in a folder, `seed43`. */
export function nbpSetsIn(folder: string): string[] {
  return readdirSync(folder)
    .flatMap((file) => INIT.exec(file)?.[1] ?? [])
    .sort();
}

export interface ReplayOptions extends LoadOptions {
  /** Samples and test images after which a replay stops; what was recorded beyond is not compared. Default: none. */
  readonly limit?: number;
}

/** What every part of a replay needs. */
interface Context {
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

function array(arrays: Arrays, name: string, file: string): NpyArray {
  const found = arrays.get(name);
  if (found === undefined)
    throw new UserError(`has no array "${name}"`, { code: 'bad-npz', file, path: name });
  return found;
}

function openContext(folder: string, name: string, options: ReplayOptions): Context {
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
function chipFor(weightRead: 'early' | 'late'): Chip {
  const { chip } = loadChip('loihi1');
  return { ...chip, semantics: { ...chip.semantics, weightRead, ruleSaturation: 'once' } };
}

function settingsFor({ hidden }: Context, settings: Settings): Settings {
  return { ...settings, hidden };
}

/** Samples of a recorded array whose first axis they are. */
function samplesOf(arrays: Arrays, name: string): number {
  return arrays.get(name)?.shape[0] ?? 0;
}

/** The arrays with no more than `limit` samples along their first axis; weights are left whole, or left out. */
function limited(arrays: Arrays, limit: number): Arrays {
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
function checkpointsOf(arrays: Arrays, prefix: string): number[] {
  return [...arrays.keys()]
    .flatMap((name) => (name.startsWith(`${prefix}_`) ? [Number(name.slice(prefix.length + 1))] : []))
    .filter((n) => Number.isInteger(n) && n > 0)
    .sort((a, b) => a - b);
}

/** Whether the images and labels are those that the set was made from. */
function* compareData(context: Context): Generator<Check> {
  const { data, init, order, labels } = context;
  const { train } = data;
  const pixels = train.height * train.width;
  const ownLabels = Array.from(order, (image) => train.labels[image] ?? -1);
  yield compareArray('labels', ownLabels, array(init, 'labels', ''));
  const inputs = init.get('inputs');
  if (inputs === undefined) return;
  const binarizer = new Binarizer(train, settingsFor(context, PACKED));
  const [samples = 0, bytes = 0] = inputs.shape;
  const bits = new Uint8Array(samples * bytes);
  for (let k = 0; k < samples; k++) {
    const image = order[k]!;
    binarizer.active(train.images.subarray(image * pixels, (image + 1) * pixels), (i) => {
      bits[k * bytes + (i >> 3)]! |= 0x80 >> (i & 7);
    });
  }
  yield compareArray('inputs', bits, inputs);
  if (labels.length < order.length) yield failed('labels', `${labels.length} for ${order.length} samples`);
}

/** A training run that collects what arrays of the record hold. */
class Recorder {
  readonly #context: Context;
  readonly #arrays: Arrays;
  readonly #rasterBytes: number;
  readonly raster: Uint8Array;
  readonly crc: Uint32Array;
  readonly hiddenSums: Int32Array;
  readonly outputSums: Int32Array;
  readonly active: Uint16Array;

  constructor(context: Context, arrays: Arrays, compartments: number) {
    this.#context = context;
    this.#arrays = arrays;
    this.#rasterBytes = TRAIN.steps * Math.ceil(compartments / 8);
    this.raster = new Uint8Array(samplesOf(arrays, 'raster') * this.#rasterBytes);
    this.crc = new Uint32Array(samplesOf(arrays, 'raster_crc32'));
    this.hiddenSums = new Int32Array(samplesOf(arrays, 'hid_sum') * context.hidden);
    this.outputSums = new Int32Array(samplesOf(arrays, 'out_sum') * context.outputs);
    this.active = new Uint16Array(samplesOf(arrays, 'n_in'));
  }

  /** Samples whose spikes or sums are recorded. */
  get watched(): number {
    return Math.max(
      ...['raster', 'raster_crc32', 'hid_sum', 'out_sum', 'n_in'].map((name) =>
        samplesOf(this.#arrays, name),
      ),
    );
  }

  /** Presents sample k and keeps what is recorded of it. */
  take(replay: TrainingReplay, k: number, image: number, label: number): void {
    const { hidden, outputs } = this.#context;
    const firstBit: number[] = [];
    let compartments = 0;
    for (const { size } of replay.network.populations) {
      firstBit.push(compartments);
      compartments += size;
    }
    const rowBytes = this.#rasterBytes / TRAIN.steps;
    const bits = new Uint8Array(this.#rasterBytes);
    replay.present(image, label, (population, phase, element) => {
      const bit = firstBit[population]! + element;
      bits[phase * rowBytes + (bit >> 3)]! |= 0x80 >> (bit & 7);
    });
    if ((k + 1) * this.#rasterBytes <= this.raster.length) this.raster.set(bits, k * this.#rasterBytes);
    if (k < this.crc.length) this.crc[k] = crc32(bits);
    if (k < this.active.length) this.active[k] = replay.injected('input');
    const sums = replay.sums()!;
    if ((k + 1) * hidden <= this.hiddenSums.length) this.hiddenSums.set(sums.hidden, k * hidden);
    if ((k + 1) * outputs <= this.outputSums.length) this.outputSums.set(sums.output, k * outputs);
  }

  *compare(name: string): Generator<Check> {
    const got = {
      n_in: this.active,
      raster: this.raster,
      raster_crc32: this.crc,
      hid_sum: this.hiddenSums,
      out_sum: this.outputSums,
    };
    for (const [field, values] of Object.entries(got)) {
      const recorded = this.#arrays.get(field);
      if (recorded !== undefined) yield compareArray(`${name}: ${field}`, values, recorded);
    }
  }
}

/** Every copy of the two matrices against the recorded ones. */
function* compareWeights(
  name: string,
  replay: TrainingReplay,
  { hidden, outputs }: Context,
  w1: NpyArray,
  w2: NpyArray,
): Generator<Check> {
  const check = (projection: string, shape: readonly number[], data: ArrayLike<number>): Check =>
    compareArray(`${name}, ${projection}`, replay.machine.readWeights(projection), { shape, data });
  for (const projection of MATRICES.W1) yield check(projection, w1.shape, w1.data);
  for (const projection of MATRICES.W2) yield check(projection, w2.shape, w2.data);
  const output = asWeights(w2.data);
  const turned = [outputs, hidden];
  yield check(MATRICES.W2T, turned, transposed(output, hidden, outputs, 1));
  yield check(MATRICES.minusW2T, turned, replay.minusTransposed(output, hidden, outputs));
}

/** Trains through everything that the arrays record; fills `weights` with those after the samples of `wanted`. */
function* replayTraining(
  name: string,
  context: Context,
  chip: Chip,
  arrays: Arrays,
  wanted: readonly number[],
  weights: Map<number, Weights>,
): Generator<Check> {
  const { data, start, order, labels, outputs, inputs, hidden } = context;
  const settings = settingsFor(context, PACKED);
  const watch = { spikes: true, sums: true };
  const replay = new TrainingReplay(data.train, start, settings, chip, outputs, watch);
  const compartments = replay.network.populations.reduce((sum, { size }) => sum + size, 0);
  const recorder = new Recorder(context, arrays, compartments);
  const checkpoints = checkpointsOf(arrays, 'w1');
  if (recorder.watched === 0) replay.unwatch();
  const last = Math.max(recorder.watched, ...checkpoints, ...wanted);
  if (last > order.length) yield failed(name, `${last} samples are recorded; the order has ${order.length}`);
  for (let k = 0; k < Math.min(last, order.length); k++) {
    if (k < recorder.watched) recorder.take(replay, k, order[k]!, labels[k]!);
    else replay.present(order[k]!, labels[k]!);
    const done = k + 1;
    if (done === recorder.watched) {
      yield* recorder.compare(name);
      replay.unwatch();
    }
    if (wanted.includes(done)) {
      const [w1, w2] = [MATRICES.W1[0], MATRICES.W2[0]].map((matrix) => replay.machine.readWeights(matrix));
      weights.set(done, { w1: w1!, w2: w2! });
    }
    if (!checkpoints.includes(done)) continue;
    const after = `${name}: weights after ${done} samples`;
    const w1 = arrays.get(`w1_${done}`);
    const w2 = arrays.get(`w2_${done}`);
    if (w1?.data.length !== inputs * hidden || w2?.data.length !== hidden * outputs)
      yield failed(after, 'the recorded matrices do not have the size of the first ones');
    else yield* compareWeights(after, replay, context, w1, w2);
  }
  yield compareNumber(`${name}: weights written by the host`, replay.machine.access.weightWrites, 0);
}

/** Trains on the published cores through the windows of the counts. */
function* replayCounts(
  name: string,
  context: Context,
  chip: Chip,
  windows: ReadonlyMap<number, CountWindow>,
): Generator<Check> {
  const { data, start, order, labels, outputs } = context;
  const settings = settingsFor(context, PUBLISHED);
  const watch = { spikes: true, sums: false };
  const replay = new TrainingReplay(data.train, start, settings, chip, outputs, watch);
  for (let k = 0; k < Math.max(...windows.keys()); k++) {
    replay.present(order[k]!, labels[k]!);
    const window = windows.get(k + 1);
    if (window !== undefined)
      yield* compareCounts(`${name}: counts of ${k + 1} samples`, replay.counts(), window);
  }
}

/** Runs the inference network through recorded output sums and the windows of the counts. */
function* replayInference(
  name: string,
  context: Context,
  chip: Chip,
  weights: Weights,
  sums: NpyArray | undefined,
  windows: ReadonlyMap<number, CountWindow>,
): Generator<Check> {
  const { data, outputs } = context;
  const settings = settingsFor(context, PUBLISHED);
  const replay = new InferenceReplay(data.test, weights, settings, chip, outputs);
  const recorded = sums?.shape[0] ?? 0;
  const images = Math.max(recorded, ...windows.keys());
  const gotSums = new Int32Array(recorded * outputs);
  const gotSpikes = new Uint8Array(recorded * outputs);
  for (let k = 0; k < images; k++) {
    const values = replay.present(k, (output) => {
      if (k < recorded) gotSpikes[k * outputs + output] = 1;
    });
    if (k < recorded) gotSums.set(values, k * outputs);
    const window = windows.get(k + 1);
    if (window !== undefined)
      yield* compareCounts(`${name}: counts of ${k + 1} test images`, replay.counts(), window);
  }
  if (sums === undefined) return;
  yield compareArray(`${name}: sums of the outputs`, gotSums, sums);
  const spikes = Uint8Array.from(sums.data, (sum) => (sum > OUTPUT_LEVEL ? 1 : 0));
  yield compareArray(`${name}: spikes of the outputs`, gotSpikes, { shape: sums.shape, data: spikes });
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
