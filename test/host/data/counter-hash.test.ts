import { describe, expect, it } from 'vitest';
import { CounterHash, isUint32, Stream } from '../../../host/data/counter-hash.ts';
import { mix32 } from '../../../host/mix32.ts';

function draws(seed: number, stream: 1 | 2, index: number, count = 20): number[] {
  const random = new CounterHash(seed, stream, index);
  return Array.from({ length: count }, () => random.next());
}

describe('the counter-based hash', () => {
  it('mixes as MurmurHash3 does', () => {
    expect([0, 1, 2, 0xffffffff].map(mix32)).toEqual([0, 0x514e28b7, 0x30f4c306, 0x81f16f39]);
  });

  it('gives the same draws for the same key and others for any other', () => {
    const first = draws(1, Stream.trainImage, 0);
    expect(draws(1, Stream.trainImage, 0)).toEqual(first);
    expect(draws(2, Stream.trainImage, 0)).not.toEqual(first);
    expect(draws(1, Stream.testImage, 0)).not.toEqual(first);
    expect(draws(1, Stream.trainImage, 1)).not.toEqual(first);
  });

  it('gives a stretch of draws at once as it gives them one by one', () => {
    const [one, many] = [new CounterHash(7, Stream.shuffle, 3), new CounterHash(7, Stream.shuffle, 3)];
    const words = new Uint32Array(12);
    for (const count of [5, 0, 12]) {
      many.fill(words, count);
      expect([...words.subarray(0, count)]).toEqual(Array.from({ length: count }, () => one.next()));
    }
    expect(many.next()).toBe(one.next());
  });

  it('repeats no draw among neighbouring keys more often than chance allows', () => {
    const seen = new Set<number>();
    for (let index = 0; index < 1000; index++) for (const draw of draws(1, 1, index)) seen.add(draw);
    // 20,000 of 2^32 values: 0.05 coincidences expected.
    expect(seen.size).toBeGreaterThanOrEqual(19_998);
  });

  it('draws in the stated ranges, with the stated mean', () => {
    const random = new CounterHash(3, Stream.shuffle, 0);
    const count = 20_000;
    let sum = 0;
    let bellSquares = 0;
    for (let i = 0; i < count; i++) {
      const uniform = random.between(-2, 6);
      const bell = random.bell(3);
      const whole = random.below(7);
      expect(uniform >= -2 && uniform < 6 && bell > -3 - 1e-9 && bell < 3).toBe(true);
      expect(Number.isInteger(whole) && whole >= 0 && whole < 7).toBe(true);
      sum += uniform;
      bellSquares += bell * bell;
    }
    // Five standard errors: 8 / sqrt(12) / sqrt(20,000) = 0.016 each.
    expect(Math.abs(sum / count - 2)).toBeLessThan(0.082);
    // The mean of three uniform draws on -3..3 has variance 1.
    expect(Math.abs(bellSquares / count - 1)).toBeLessThan(0.05);
  });

  it('takes as key only integers in 0..2^32-1', () => {
    expect([0, 1, 2 ** 32 - 1].every(isUint32)).toBe(true);
    expect([-1, 0.5, 2 ** 32, Number.NaN, Number.POSITIVE_INFINITY].some(isUint32)).toBe(false);
  });
});
