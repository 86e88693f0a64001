// Which synapses of a convolution share a weight: those of one place of a kernel, and the biases of one channel.

import type { LayerShape, SparseConnection } from '../../network/network.ts';
import { type Layer, sizeOf } from './architecture.ts';

/** Weights of the kernels of a layer. */
export const kernelWeights = ({ shape, from, kernel }: Layer): number => shape[0] * from[0] * kernel ** 2;

export const channelOf = ([, height, width]: LayerShape, neuron: number): number =>
  Math.floor(neuron / (height * width));

function pixelOf([, height, width]: LayerShape, neuron: number): { readonly y: number; readonly x: number } {
  const pixel = neuron % (height * width);
  return { y: Math.floor(pixel / width), x: pixel % width };
}

/** The weight [to][from][y][x] that joins two neurons; behind all others the bias of a channel, which the last source has. */
function weightOf(layer: Layer, source: number, target: number): number {
  const { from, shape, kernel, stride } = layer;
  const to = channelOf(shape, target);
  if (source === sizeOf(from)) return kernelWeights(layer) + to;
  const [input, output] = [pixelOf(from, source), pixelOf(shape, target)];
  const place = (input.y - stride * output.y) * kernel + input.x - stride * output.x;
  return (to * from[0] + channelOf(from, source)) * kernel ** 2 + place;
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
