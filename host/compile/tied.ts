// Tied synapses of a block, by group.

import type { TiedImage } from '../image/image.ts';

/** @param groups of the synapses of a block, in its order */
export function tiedImage(groups: readonly number[]): TiedImage {
  const names = [...new Set(groups)].sort((a, b) => a - b);
  const indexOf = new Map(names.map((name, i) => [name, i]));
  const starts = new Uint32Array(names.length + 1);
  for (const group of groups) starts[indexOf.get(group)! + 1]!++;
  for (let i = 0; i < names.length; i++) starts[i + 1]! += starts[i]!;
  const next = starts.slice();
  const places = new Uint32Array(groups.length);
  groups.forEach((group, place) => {
    places[next[indexOf.get(group)!]!++] = place;
  });
  return { starts, places };
}
