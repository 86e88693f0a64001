// Keys of the random streams. They name a place in the network (a population, a projection, a source), never a
// core, so that results do not depend on the mapping. Part of the image format: every executor derives them so.

import { mix32 } from '../mix32.ts';

/** Which stream a key belongs to. */
export const STREAMS = {
  noise: 1,
  postTrace: 2,
  preTrace: 3,
  rule: 4,
  program: 5,
  reward: 6,
  ownTrace: 7,
} as const;

/** Derives a key for one more coordinate; uint32. */
export function deriveKey(key: number, coordinate: number): number {
  return mix32((key ^ (mix32((coordinate + 0x9e3779b9) | 0) + (key << 6))) | 0);
}

/** Key of a stream of a chip with this seed, at a place given by its coordinates. Never 0. */
export function streamKey(
  seed: number,
  stream: keyof typeof STREAMS,
  ...coordinates: readonly number[]
): number {
  let key = deriveKey(seed >>> 0, STREAMS[stream]);
  for (const coordinate of coordinates) key = deriveKey(key, coordinate);
  return key === 0 ? 1 : key;
}

/** Word number `counter` of a key; uint32. */
export function randomWord(key: number, counter: number): number {
  return mix32((key + Math.imul(counter, 0x9e3779b9)) | 0);
}
