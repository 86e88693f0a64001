// Which synapses join two layers, and their transposes: a copy of the weights must have the same synapses the other way
// round.

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
  const synapses = localSynapses(layer);
  if (!layer.tied)
    return { ...synapses, weights: uniformWeights(task, matrix, synapses.targets.length, levels) };
  const drawn = uniformWeights(task, matrix, kernelWeights(layer), levels);
  return { ...synapses, weights: Int16Array.from(tiedGroups(layer, synapses), (group) => drawn[group]!) };
}

/**
 * Every place of a convolution with synapses of its own. Its neurons lie place by place, the channels of a place together,
 * and every other row of places backwards, so that those on a core hear one small part of the layer below: the axons of all
 * of it would not fit.
 */
function localSynapses({
  from,
  shape,
  kernel,
  stride,
  fromPlanes,
}: Layer): Omit<SparseConnection, 'weights'> {
  const [planes, height, width] = from;
  const [channels, rows, columns] = shape;
  const reachOf = (pixel: number, places: number) => ({
    first: Math.max(0, Math.ceil((pixel - kernel + 1) / stride)),
    end: Math.min(places, Math.floor(pixel / stride) + 1),
  });
  const rowStart = new Uint32Array(sizeOf(from) + 1);
  const targets = new Uint32Array(sizeOf(shape) * planes * kernel * kernel);
  let synapses = 0;
  for (let source = 0; source < sizeOf(from); source++) {
    const place = fromPlanes ? source % (height * width) : Math.floor(source / planes);
    const [y, column] = [Math.floor(place / width), place % width];
    const down = reachOf(y, rows);
    const across = reachOf(!fromPlanes && y % 2 === 1 ? width - 1 - column : column, columns);
    for (let row = down.first; row < down.end; row++) {
      const left = row * columns + (row % 2 === 1 ? columns - across.end : across.first);
      const right = left + across.end - across.first;
      for (let target = left * channels; target < right * channels; target++) targets[synapses++] = target;
    }
    rowStart[source + 1] = synapses;
  }
  return { kind: 'sparse', rowStart, targets };
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
  const weights = new Int16Array(synapses.weights.length + bias.length);
  weights.set(synapses.weights);
  weights.set(bias, synapses.weights.length);
  if (synapses.kind === 'all') return { kind: 'all', weights };
  const { rowStart, targets } = synapses;
  return {
    kind: 'sparse',
    rowStart: Uint32Array.from([...rowStart, weights.length]),
    targets: Uint32Array.from(weights, (_, i) => targets[i] ?? i - targets.length),
    weights,
  };
}
