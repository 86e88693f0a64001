import { describe, expect, it } from 'vitest';
import { shuffledOrder } from '../../../host/data/shuffle.ts';
import { UserError } from '../../../host/errors.ts';

describe('the order of an epoch', () => {
  it.each([0, 1, 2, 10, 1000])('holds each of %i samples once', (count) => {
    const order = [...shuffledOrder(count, 1, 0)].sort((a, b) => a - b);
    expect(order).toEqual(Array.from({ length: count }, (_, i) => i));
  });

  it('is the same for the same seed and epoch, on every machine', () => {
    expect(shuffledOrder(100, 5, 3)).toEqual(shuffledOrder(100, 5, 3));
    // Pinned: a change here changes every run that anyone repeats.
    expect([...shuffledOrder(8, 1, 0)]).toEqual([5, 0, 2, 7, 6, 1, 4, 3]);
    expect([...shuffledOrder(8, 1, 1)]).toEqual([3, 1, 0, 5, 7, 2, 6, 4]);
  });

  it('differs between seeds and between epochs', () => {
    const first = [...shuffledOrder(100, 1, 0)];
    expect([...shuffledOrder(100, 2, 0)]).not.toEqual(first);
    expect([...shuffledOrder(100, 1, 1)]).not.toEqual(first);
    // Neither may stand in for the other.
    expect([...shuffledOrder(100, 1, 2)]).not.toEqual([...shuffledOrder(100, 2, 1)]);
  });

  it('is uniform: each of the 24 orders of four samples comes up about equally often', () => {
    const runs = 24_000;
    const times = new Map<string, number>();
    for (let epoch = 0; epoch < runs; epoch++) {
      const order = shuffledOrder(4, 9, epoch).join('');
      times.set(order, (times.get(order) ?? 0) + 1);
    }
    expect(times.size).toBe(24);
    const expected = runs / 24;
    const chiSquared = [...times.values()].reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
    // 23 degrees of freedom: 49.7 is exceeded once in a thousand; the seed is fixed.
    expect(chiSquared).toBeLessThan(49.7);
  });

  it.each([
    [-1, 0, 0, 'bad-count'],
    [1.5, 0, 0, 'bad-count'],
    [2 ** 24 + 1, 0, 0, 'bad-count'],
    [4, -1, 0, 'bad-seed'],
    [4, 2 ** 32, 0, 'bad-seed'],
    [4, Number.NaN, 0, 'bad-seed'],
    [4, 0, -1, 'bad-epoch'],
    [4, 0, 0.5, 'bad-epoch'],
  ])('is refused for count %d, seed %d, epoch %d', (count, seed, epoch, code) => {
    expect(() => shuffledOrder(count, seed, epoch)).toThrow(UserError);
    expect(() => shuffledOrder(count, seed, epoch)).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ code }) }),
    );
  });

  it('takes the largest seed and epoch', () => {
    expect(shuffledOrder(4, 2 ** 32 - 1, 2 ** 32 - 1)).toHaveLength(4);
  });
});
