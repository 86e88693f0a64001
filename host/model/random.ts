// Random numbers as the image format defines them: a word is a pure function of a key and a counter, and a key is
// derived, coordinate by coordinate, from the chip's seed. The chip's own generators are not public (U1).
//
//   stream     coordinates of the key                            words of the key
//   noise      population, step                                  element: low 16 bits
//   postTrace  population, element, step                         2i decay, 2i + 1 impulse of y(i + 1); earlier spikes
//   preTrace   source, element, step                             2(i + n) + 1, with n traces on that side
//   rule       projection, step, source element, target w d t    column / 2: its low, then its high 16 bits
//   program    population, step, place of the instruction        element
//   reward     number of the core's class, step                  0 decay; 2k + 1 impulse of the epoch's spike k
//
// Synapses with traces of their own, which are numbered x1 x2 y1 y2 y3 = 0 to 4; where a step has one number for many,
// the words are those of element or synapse 0 of a side or projection (wide-random.ts):
//
//   ownTrace   projection, step, 8 · element + trace             0 decay; 1 impulse; 2 impulse of an earlier spike
//   rule       projection, step, source element                  3 · column + 0 1 2 for w d t: its high 24 bits

const STREAMS = { noise: 1, postTrace: 2, preTrace: 3, rule: 4, program: 5, reward: 6, ownTrace: 7 } as const;
const GOLDEN = 0x9e3779b9;

/** All words and keys are uint32. Math.imul is the product modulo 2^32. */
function uint32(x: number): number {
  return x >>> 0;
}

/** The finalizer of MurmurHash3. */
function mix(value: number): number {
  let h = uint32(value);
  h = uint32(Math.imul(h ^ (h >>> 16), 0x85ebca6b));
  h = uint32(Math.imul(h ^ (h >>> 13), 0xc2b2ae35));
  return uint32(h ^ (h >>> 16));
}

/** The key for one more coordinate. */
export function subkey(key: number, coordinate: number): number {
  return mix(key ^ uint32(mix(uint32(coordinate + GOLDEN)) + uint32(key << 6)));
}

/** The key of a place in the network; never 0. */
export function streamKey(seed: number, stream: keyof typeof STREAMS, ...place: readonly number[]): number {
  const key = place.reduce(subkey, subkey(seed, STREAMS[stream]));
  return key === 0 ? 1 : key;
}

/** Word number `counter` of a key. */
export function word(key: number, counter: number): number {
  return mix(uint32(key + uint32(Math.imul(counter, GOLDEN))));
}
