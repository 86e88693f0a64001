// Which synapses of a convolution share a weight: those of one place of a kernel, and the biases of one channel.

import type { LayerShape, SparseConnection } from '../../network/network.ts';
import { type Layer, sizeOf } from './architecture.ts';

/** Weights of the kernels of a layer. */
export const kernelWeights = ({ shape, from, kernel }: Layer): number => shape[0] * from[0] * kernel ** 2;

/** Where a neuron is in its layer, which lies plane by plane, or place by place and every other row backwards. */
function placeOf([channels, height, width]: LayerShape, neuron: number, inPlanes: boolean) {
  const pixel = inPlanes ? neuron % (height * width) : Math.floor(neuron / channels);
  const channel = inPlanes ? Math.floor(neuron / (height * width)) : neuron % channels;
  const [y, x] = [Math.floor(pixel / width), pixel % width];
  return { channel, y, x: inPlanes || y % 2 === 0 ? x : width - 1 - x };
}

/** Of a neuron of a layer that learns. */
export const channelOf = ({ shape }: Layer, neuron: number): number => placeOf(shape, neuron, false).channel;

/** The weight [to][from][y][x] that joins two neurons; behind all others the bias of a channel, which the last source has. */
function weightOf(layer: Layer, source: number, target: number): number {
  const { from, shape, kernel, stride, fromPlanes } = layer;
  const output = placeOf(shape, target, false);
  if (source === sizeOf(from)) return kernelWeights(layer) + output.channel;
  const input = placeOf(from, source, fromPlanes);
  const place = (input.y - stride * output.y) * kernel + input.x - stride * output.x;
  return (output.channel * from[0] + input.channel) * kernel ** 2 + place;
}

/**
 * The group of every synapse of a layer.
 * @param isCopy the synapses are transposed
 */
export function tiedGroups(
  layer: Layer,
  { rowStart, targets }: Omit<SparseConnection, 'weights'>,
  isCopy = false,
): Uint32Array {
  const groups = new Uint32Array(targets.length);
  for (let row = 0; row + 1 < rowStart.length; row++) {
    for (let i = rowStart[row]!; i < rowStart[row + 1]!; i++)
      groups[i] = isCopy ? weightOf(layer, targets[i]!, row) : weightOf(layer, row, targets[i]!);
  }
  return groups;
}
