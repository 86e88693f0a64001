// The inference part of a recorded nBP set: the sums and spikes of the outputs, and the event counts.

import type { Chip } from '../chip/schema.ts';
import type { NpyArray } from '../data/npz.ts';
import type { Weights } from '../recipes/nbp/weights.ts';
import { type Check, compareArray, failed } from './nbp-check.ts';
import { type Context, PUBLISHED, settingsFor } from './nbp-context.ts';
import { type CountWindow, compareCounts } from './nbp-counts.ts';
import { InferenceReplay } from './nbp-replay.ts';

/** An output fires when its sum is above this. */
const OUTPUT_LEVEL = 512;

/** Runs the inference network through recorded output sums and the windows of the counts. */
export function* replayInference(
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
  if (images > data.test.count) {
    yield failed(name, `${images} test images are recorded; there are ${data.test.count}`);
    return;
  }
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
