// A convolution as the synapses it stands for. Elements of a layer lie as [channel][y][x], in C order; kernels are
// [out][in / groups][y][x] and applied as a cross-correlation, as frameworks for training do.

import type { SparseConnection } from '../network/network.ts';

/** Channels, height, width. */
export type LayerShape = readonly [number, number, number];
/** Along y and along x. */
export type Pair = readonly [number, number];

export interface Convolution {
  readonly channels: number;
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Pair;
  readonly dilation: Pair;
  readonly groups: number;
  /** [out][in / groups][y][x] */
  readonly weights: Int16Array;
}

/** Shape of the layer that a convolution makes of another. */
export function convolvedShape([, ...lengths]: LayerShape, convolution: Convolution): LayerShape {
  const { channels, kernel, stride, padding, dilation } = convolution;
  const [height, width] = lengths.map(
    (length, i) =>
      Math.floor((length + 2 * padding[i]! - dilation[i]! * (kernel[i]! - 1) - 1) / stride[i]!) + 1,
  );
  return [channels, height!, width!];
}

/** Synapses of a convolution; one of weight 0 does nothing and is left out. */
export function convolutionSynapses(from: LayerShape, convolution: Convolution): SparseConnection {
  const [inChannels, inHeight, inWidth] = from;
  const [outChannels, outHeight, outWidth] = convolvedShape(from, convolution);
  const { kernel, stride, padding, dilation, groups, weights } = convolution;
  const [perGroup, outPerGroup] = [inChannels / groups, outChannels / groups];
  const rowStart = new Uint32Array(inChannels * inHeight * inWidth + 1);
  const targets: number[] = [];
  const mantissas: number[] = [];
  /** Kernel place that joins an input to an output along one axis, if one does. */
  const tap = (input: number, output: number, axis: 0 | 1): number | undefined => {
    const distance = input + padding[axis] - output * stride[axis];
    if (distance < 0 || distance % dilation[axis] !== 0) return undefined;
    const place = distance / dilation[axis];
    return place < kernel[axis] ? place : undefined;
  };
  const tapsOf = (input: number, outputs: number, axis: 0 | 1) =>
    Array.from({ length: outputs }, (_, output) => ({ output, place: tap(input, output, axis) })).flatMap(
      ({ output, place }) => (place === undefined ? [] : [{ output, place }]),
    );
  const columns = Array.from({ length: inWidth }, (_, x) => tapsOf(x, outWidth, 1));
  let row = 0;
  for (let channel = 0; channel < inChannels; channel++) {
    const group = Math.floor(channel / perGroup);
    for (let y = 0; y < inHeight; y++) {
      const lines = tapsOf(y, outHeight, 0);
      for (let x = 0; x < inWidth; x++) {
        for (let out = group * outPerGroup; out < (group + 1) * outPerGroup; out++) {
          const plane = (out * perGroup + (channel % perGroup)) * kernel[0];
          for (const line of lines) {
            for (const column of columns[x]!) {
              const weight = weights[(plane + line.place) * kernel[1] + column.place]!;
              if (weight === 0) continue;
              targets.push((out * outHeight + line.output) * outWidth + column.output);
              mantissas.push(weight);
            }
          }
        }
        rowStart[++row] = targets.length;
      }
    }
  }
  return {
    kind: 'sparse',
    rowStart,
    targets: Uint32Array.from(targets),
    weights: Int16Array.from(mantissas),
  };
}
