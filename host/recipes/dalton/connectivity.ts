// Which synapses join two layers, and their transposes: a copy of the weights must have the same synapses the other way
// round.

import { convolutionSynapses } from '../../network/convolution.ts';
import type { Connection, Convolution, SparseConnection } from '../../network/network.ts';
import { uniformWeights } from '../common/random-weights.ts';
import { transposed as transposedWeights } from '../common/transposed.ts';
import type { Task } from '../recipe.ts';
import { type Layer, sizeOf } from './architecture.ts';
import { kernelWeights, tiedGroups } from './tied.ts';

/** Synapses that can learn, [from][to]. */
export type Synapses = Extract<Connection, { kind: 'all' }> | SparseConnection;

function convolutionOf({ shape, from, kernel, stride }: Layer, weights: Int16Array): Convolution {
  if (weights.length !== shape[0] * from[0] * kernel * kernel) throw new Error('a kernel of another size');
  return {
    channels: shape[0],
    kernel: [kernel, kernel],
    stride: [stride, stride],
    padding: [0, 0],
    dilation: [1, 1],
    groups: 1,
    weights,
  };
}

/** Random synapses of a layer that learns; a convolution's places have weights of their own, unless they are tied. */
export function learnedSynapses(layer: Layer, task: Task, matrix: number, levels: number): Synapses {
  const from = sizeOf(layer.from);
  const to = sizeOf(layer.shape);
  if (layer.kind === 'dense')
    return { kind: 'all', weights: uniformWeights(task, matrix, from * to, levels) };
  const ones = new Int16Array(layer.shape[0] * layer.from[0] * layer.kernel ** 2).fill(1);
  const synapses = convolutionSynapses(layer.from, convolutionOf(layer, ones));
  if (!layer.tied)
    return { ...synapses, weights: uniformWeights(task, matrix, synapses.targets.length, levels) };
  const drawn = uniformWeights(task, matrix, kernelWeights(layer), levels);
  return { ...synapses, weights: Int16Array.from(tiedGroups(layer, synapses), (group) => drawn[group]!) };
}

/**
 * Fixed kernels: random, each with a sum of 0, so that a field of one brightness gives nothing. A pooled one is the sum of
 * four shifted copies of a kernel that is an element shorter, divided by 4.
 */
export function frozenKernels(layer: Layer, task: Task, matrix: number, levels: number): Connection {
  const { shape, from, kernel, pooled } = layer;
  const short = pooled ? kernel - 1 : kernel;
  const planes = shape[0] * from[0];
  const drawn = uniformWeights(task, matrix, planes * short * short, levels);
  const weights = new Int16Array(planes * kernel * kernel);
  for (let plane = 0; plane < planes; plane++) {
    const part = drawn.subarray(plane * short * short, (plane + 1) * short * short);
    const mean = part.reduce((sum, w) => sum + w, 0) / part.length;
    for (let y = 0; y < kernel; y++) {
      for (let x = 0; x < kernel; x++) {
        let sum = 0;
        for (const dy of pooled ? [0, 1] : [0]) {
          for (const dx of pooled ? [0, 1] : [0]) {
            const [row, column] = [y - dy, x - dx];
            if (row >= 0 && row < short && column >= 0 && column < short)
              sum += part[row * short + column]! - mean;
          }
        }
        const weight = 2 * Math.round(sum / (pooled ? 8 : 2));
        weights[(plane * kernel + y) * kernel + x] = Math.max(-254, Math.min(254, weight));
      }
    }
  }
  return { kind: 'convolution', shape: from, convolution: convolutionOf(layer, weights) };
}

/** The same weights, [to][from]. */
export function transposed(synapses: Synapses, from: number, to: number): Synapses {
  if (synapses.kind === 'all') {
    return { kind: 'all', weights: transposedWeights(synapses.weights, from, to) };
  }
  const { rowStart, targets, weights } = synapses;
  const starts = new Uint32Array(to + 1);
  for (const target of targets) starts[target + 1]!++;
  for (let i = 0; i < to; i++) starts[i + 1]! += starts[i]!;
  const next = starts.slice();
  const turned = { targets: new Uint32Array(targets.length), weights: new Int16Array(targets.length) };
  for (let row = 0; row < from; row++) {
    for (let i = rowStart[row]!; i < rowStart[row + 1]!; i++) {
      const place = next[targets[i]!]!++;
      turned.targets[place] = row;
      turned.weights[place] = weights[i]!;
    }
  }
  return { kind: 'sparse', rowStart: starts, ...turned };
}

/** One more source, the last, that reaches all targets with the given weights. */
export function withBias(synapses: Synapses, bias: Int16Array): Synapses {
  const weights = Int16Array.from([...synapses.weights, ...bias]);
  if (synapses.kind === 'all') return { kind: 'all', weights };
  const { rowStart, targets } = synapses;
  return {
    kind: 'sparse',
    rowStart: Uint32Array.from([...rowStart, weights.length]),
    targets: Uint32Array.from([...targets, ...bias.keys()]),
    weights,
  };
}
