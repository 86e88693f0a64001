// The synapses of a random projection: what they connect and the weights they begin with.

import type { Chip } from '../../host/chip/schema.ts';
import { convolvedShape } from '../../host/network/convolution.ts';
import type { Connection, Projection } from '../../host/network/network.ts';
import type { ProjectionCase, SeededCase } from './fuzz-case.ts';
import { hash, pick, valuesOf } from './seeded.ts';

/** True for weights that only models that clip them can be given. */
export function isUnclipped({ seed }: SeededCase): boolean {
  return seed % 4 === 0;
}

/** Weight mantissas in the range of a format that stay within the largest effective weight. */
function weightsOf(
  projection: ProjectionCase,
  { seed, style }: SeededCase,
  count: number,
  bits: number,
  { weightRange, weightWidths }: Chip['semantics'],
): Int16Array {
  const isSymmetric = weightRange === 'symmetric';
  const { signMode, exponent } = projection;
  const step = Math.min(2 ** (8 - bits + (signMode === 'mixed' ? 1 : 0)), 256);
  const limit = projection.weightLimit ?? null;
  const most = Math.floor((limit ?? 256) / step) * step;
  if (limit === null && (weightWidths === 'any' || isSymmetric) && isUnclipped({ seed, style })) {
    // -256 · 2^7 is one unit more than a weight may have, and what lies a grid step above may round to it.
    return Int16Array.from(valuesOf({ seed, style }, 0, count, exponent === 7 ? step - 256 : -300, 300));
  }
  const highest = signMode === 'inhibitory' ? 0 : Math.min(256 - step, most);
  let lowest = signMode === 'excitatory' ? 0 : Math.max(signMode === 'mixed' ? -256 : step - 256, -most);
  // -256 · 2^7 is one unit more than a weight may have.
  if (lowest === -256 && (exponent === 7 || isSymmetric)) lowest += step;
  const values = (highest - lowest) / step + 1;
  const value = (i: number): number => {
    const random = hash(seed, i);
    if (style === 'extreme') return random % 3 === 0 ? lowest : random % 3 === 1 ? highest : 0;
    if (style === 'strong') return random % 8 === 0 ? lowest : highest;
    const even = lowest + (random % values) * step;
    return style === 'small' ? Math.max(lowest, Math.trunc(even / 8)) : even;
  };
  return Int16Array.from({ length: count }, (_, i) => value(i));
}

/** How many of the ascending places lie before one. */
function startOfRow(places: readonly number[], before: number): number {
  const at = places.findIndex((place) => place >= before);
  return at < 0 ? places.length : at;
}

export function divisorsOf(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i + 1).filter((divisor) => n % divisor === 0);
}

/** Some convolution from `rows` to `columns` elements, if a few tries find one. */
function fittingConvolution(seed: number, rows: number, columns: number) {
  for (let attempt = 0; attempt < 400; attempt++) {
    const random = (i: number, n: number): number => hash(seed + attempt, i) % n;
    const split = (n: number, i: number): readonly [number, number, number] => {
      const height = pick(divisorsOf(n), random(i, 64));
      const width = pick(divisorsOf(n / height), random(i + 1, 64));
      return [n / height / width, height, width];
    };
    const shape = split(rows, 0);
    const [channels, height, width] = split(columns, 2);
    const pair = (i: number, low: number, n: number): readonly [number, number] => [
      low + random(i, n),
      low + random(i + 1, n),
    ];
    const geometry = {
      channels,
      kernel: pair(4, 1, 4),
      stride: pair(6, 1, 3),
      padding: pair(8, 0, 3),
      dilation: pair(10, 1, 2),
      groups: pick(
        divisorsOf(channels).filter((n) => shape[0] % n === 0),
        random(12, 8),
      ),
    };
    const [, outHeight, outWidth] = convolvedShape(shape, { ...geometry, weights: new Int16Array(0) });
    if (outHeight === height && outWidth === width) return { shape, ...geometry };
  }
  return undefined;
}

/** What only the chip's own synapses have. */
export function ownSynapses({
  weightLimit,
  box,
  ignoreDelays,
}: ProjectionCase): Partial<Projection['synapse']> {
  return {
    ...(weightLimit === undefined || weightLimit === null ? {} : { weightLimit }),
    ...(box === true ? { box } : { ignoreDelays: ignoreDelays === true }),
  };
}

/** A connection whose synapses share weights, and their groups: one more than `most`, if there are as many synapses. */
export function tiedSynapses(
  connection: Connection,
  seed: number,
  most: number,
): Pick<Projection, 'connection' | 'tied'> {
  if (connection.kind === 'convolution') return { connection, tied: 'kernels' };
  if (connection.kind !== 'all' && connection.kind !== 'sparse') return { connection };
  const tied = Uint32Array.from(connection.weights, (_, i) => hash(seed + 3, i) % (most + 1));
  const weights = connection.weights.map((_, i) => connection.weights[tied.indexOf(tied[i]!)]!);
  return { connection: { ...connection, weights } as Connection, tied };
}

/** The synapses of a projection, their weights in a format of so many bits. */
export function connectionOf(
  projection: ProjectionCase,
  rows: number,
  columns: number,
  bits: number,
  semantics: Chip['semantics'],
): Connection {
  const { kind, weights, sumBits } = projection;
  const count = rows * columns;
  const values = (length: number): Int16Array => weightsOf(projection, weights, length, bits, semantics);
  if (sumBits !== null) return { kind: 'all', weights: valuesOf(weights, 40, count, -(2 ** 17), 2 ** 17) };
  if (kind === 'all') return { kind, weights: values(count) };
  const convolution = kind === 'convolution' ? fittingConvolution(weights.seed, rows, columns) : undefined;
  if (convolution !== undefined) {
    const { shape, ...geometry } = convolution;
    const { channels, groups, kernel } = geometry;
    const needed = channels * (shape[0] / groups) * kernel[0] * kernel[1];
    return { kind: 'convolution', shape, convolution: { ...geometry, weights: values(needed) } };
  }
  if (kind === 'sparse' || kind === 'convolution') {
    // A third of all synapses; some sources have none on some cores.
    const places = Array.from({ length: count }, (_, i) => i).filter(
      (i) => hash(weights.seed + 2, i) % 3 === 0,
    );
    return {
      kind: 'sparse',
      rowStart: Uint32Array.from({ length: rows + 1 }, (_, row) => startOfRow(places, row * columns)),
      targets: Uint32Array.from(places, (place) => place % columns),
      weights: values(places.length),
    };
  }
  return { kind, weight: values(1)[0]! };
}
