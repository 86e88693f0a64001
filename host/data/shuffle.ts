// The order in which an epoch presents its samples: a function of seed and epoch only, so that a run resumed
// in the middle, or repeated on another machine, sees the same order.

import { UserError } from '../errors.ts';
import { CounterHash, isUint32, Stream } from './counter-hash.ts';

/** Permutations are of at most this many items: beyond it a uint32 draw would be visibly uneven. */
const COUNT_MAX = 2 ** 24;

/**
 * A random order of 0..count-1 (Fisher-Yates, stream `shuffle`, index = epoch).
 * Returns a new uint32 [count]; entry i is the sample to present at place i.
 * @param count 0..2^24
 * @param seed uint32
 * @param epoch uint32, from 0
 * @throws UserError if an argument is out of range.
 * @example
 * for (const sample of shuffledOrder(dataset.train.count, seed, epoch)) present(sample);
 */
export function shuffledOrder(count: number, seed: number, epoch: number): Uint32Array {
  if (!Number.isInteger(count) || count < 0 || count > COUNT_MAX) {
    throw new UserError(`cannot shuffle ${count} samples: the count must be an integer in 0..${COUNT_MAX}`, {
      code: 'bad-count',
      got: count,
      limit: COUNT_MAX,
    });
  }
  for (const [key, value] of [
    ['seed', seed],
    ['epoch', epoch],
  ] as const) {
    if (isUint32(value)) continue;
    throw new UserError(`shuffle: ${key} must be an integer in 0..4294967295, got ${value}`, {
      code: `bad-${key}`,
      path: key,
      got: value,
      limit: 0xffffffff,
    });
  }
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  const random = new CounterHash(seed, Stream.shuffle, epoch);
  for (let i = count - 1; i > 0; i--) {
    const j = random.below(i + 1);
    const moved = order[i]!;
    order[i] = order[j]!;
    order[j] = moved;
  }
  return order;
}
