// The encoder against the sentence it is made from: every bright pixel spikes once, the brighter the earlier, and in
// training a draw of the presentation's own sequence leaves some out.

import { describe, expect, it } from 'vitest';
import { CounterHash, Stream } from '../../host/data/counter-hash.ts';
import { generateDigits } from '../../host/data/digits.ts';
import type { ChipImage } from '../../host/image/image.ts';
import { EventList } from '../../host/machine/event-list.ts';
import { settingsSchema } from '../../host/recipes/biograd/settings.ts';
import { LatencyEncoder } from '../../host/recipes/common/latency-encoder.ts';

const SEED = 9;
const FIRST = 3;
const { images } = generateDigits({ trainCount: 20, testCount: 1 }).train;

/** Elements by step. */
function plainSpikes(image: Uint8Array, settings: Record<string, number>, presentation: number | null) {
  const { pixelMin, latencySteps, inputDropout } = settingsSchema.parse(settings);
  const draws = presentation === null ? null : new CounterHash(SEED, Stream.inputDropout, presentation);
  const steps: number[][] = Array.from({ length: latencySteps }, () => []);
  image.forEach((grey, pixel) => {
    if (grey < pixelMin) return;
    if (draws !== null && inputDropout > 0 && draws.next() / 2 ** 32 < inputDropout / 256) return;
    steps[Math.floor(((255 - grey) * latencySteps) / (256 - pixelMin))]!.push(FIRST + pixel);
  });
  return steps;
}

function encodedSpikes(image: Uint8Array, settings: Record<string, number>, presentation: number | null) {
  const parsed = settingsSchema.parse(settings);
  const encoder = new LatencyEncoder(parsed, SEED);
  const events = new EventList({ ports: [] } as unknown as ChipImage);
  if (presentation === null) encoder.encode(events, FIRST, image);
  else encoder.encodeForTraining(events, FIRST, image, presentation);
  const words = new Int32Array(2000);
  events.write(words, 0, words.length, parsed.latencySteps);
  const list = words.subarray(parsed.latencySteps + 1);
  return Array.from({ length: parsed.latencySteps }, (_, step) => [
    ...list.subarray(words[step]!, words[step + 1]!),
  ]);
}

describe('the latency encoder', () => {
  it.each([{}, { pixelMin: 1, inputDropout: 255 }, { pixelMin: 200, latencySteps: 3 }, { inputDropout: 0 }])(
    'gives every bright pixel its step, and leaves out what the draws say: %j',
    (settings) => {
      for (let i = 0; i < 20; i++) {
        const image = images.subarray(784 * i, 784 * (i + 1));
        expect(encodedSpikes(image, settings, i)).toEqual(plainSpikes(image, settings, i));
        expect(encodedSpikes(image, settings, null)).toEqual(plainSpikes(image, settings, null));
      }
    },
  );

  it('takes images of any size and place in memory', () => {
    for (const [start, length] of [
      [1, 783],
      [2, 40],
      [3, 5],
      [400, 3],
      [4, 15_000],
    ] as const) {
      const image = images.subarray(start, start + length).map((grey, i) => (i % 7 === 0 ? 255 : grey));
      const unaligned = new Uint8Array(length + 3).subarray(start % 4, (start % 4) + length);
      unaligned.set(image);
      const settings = { inputDropout: 100 };
      if (length < 1500)
        expect(encodedSpikes(unaligned, settings, 1)).toEqual(plainSpikes(image, settings, 1));
      else expect(() => encodedSpikes(unaligned, settings, 1)).toThrow('do not fit');
    }
  });
});
