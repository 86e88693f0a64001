// The training part of a recorded nBP set: the images, the spikes and sums of the first samples, the weights at every
// checkpoint, and the event counts.

import { crc32 } from 'node:zlib';
import type { Chip } from '../chip/schema.ts';
import type { NpyArray } from '../data/npz.ts';
import { Binarizer } from '../recipes/nbp/images.ts';
import { TRAIN } from '../recipes/nbp/timeline.ts';
import { MATRICES } from '../recipes/nbp/training-network.ts';
import { transposed, type Weights } from '../recipes/nbp/weights.ts';
import { asWeights, type Check, compareArray, compareNumber, failed } from './nbp-check.ts';
import {
  type Arrays,
  array,
  type Context,
  checkpointsOf,
  PACKED,
  PUBLISHED,
  samplesOf,
  settingsFor,
} from './nbp-context.ts';
import { type CountWindow, compareCounts } from './nbp-counts.ts';
import { TrainingReplay } from './nbp-replay.ts';

/** Whether the images and labels are those that the set was made from. */
export function* compareData(context: Context): Generator<Check> {
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
    compareArray(`${name}, ${projection}`, replay.machine.weights.read(projection), { shape, data });
  for (const projection of MATRICES.W1) yield check(projection, w1.shape, w1.data);
  for (const projection of MATRICES.W2) yield check(projection, w2.shape, w2.data);
  const output = asWeights(w2.data);
  const turned = [outputs, hidden];
  yield check(MATRICES.W2T, turned, transposed(output, hidden, outputs, 1));
  yield check(MATRICES.minusW2T, turned, replay.minusTransposed(output, hidden, outputs));
}

/** Trains through everything that the arrays record; fills `weights` with those after the samples of `wanted`. */
export function* replayTraining(
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
      const [w1, w2] = [MATRICES.W1[0], MATRICES.W2[0]].map((matrix) => replay.machine.weights.read(matrix));
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
export function* replayCounts(
  name: string,
  context: Context,
  chip: Chip,
  windows: ReadonlyMap<number, CountWindow>,
): Generator<Check> {
  const { data, start, order, labels, outputs } = context;
  const settings = settingsFor(context, PUBLISHED);
  const watch = { spikes: true, sums: false };
  const replay = new TrainingReplay(data.train, start, settings, chip, outputs, watch);
  const last = Math.max(...windows.keys());
  if (last > order.length) yield failed(name, `${last} samples were counted; the order has ${order.length}`);
  for (let k = 0; k < Math.min(last, order.length); k++) {
    replay.present(order[k]!, labels[k]!);
    const window = windows.get(k + 1);
    if (window !== undefined)
      yield* compareCounts(`${name}: counts of ${k + 1} samples`, replay.counts(), window);
  }
}
