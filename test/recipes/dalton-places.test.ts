// Unshared kernels: the places of a convolution have its synapses, and lie so that cores hear a part of the layer below.

import { describe, expect, it } from 'vitest';
import { loadChip } from '../../host/chip/load.ts';
import { compile } from '../../host/compile/compile.ts';
import { convolutionSynapses } from '../../host/network/convolution.ts';
import type { SparseConnection } from '../../host/network/network.ts';
import { sizeOf } from '../../host/recipes/dalton/architecture.ts';
import { planOf } from '../../host/recipes/dalton/network.ts';
import { settingsSchema } from '../../host/recipes/dalton/settings.ts';
import type { Task } from '../../host/recipes/recipe.ts';
import { findRecipe } from '../../host/recipes/registry.ts';

const task: Task = { height: 28, width: 28, classes: 10, seed: 5, trainingPresentations: 10 };
const A2 = { architecture: 'A2', narrower: 8, dense: [8] };

/** Number of every element of [channels, height, width], plane by plane, where they lie place by place. */
function placeByPlace([channels, height, width]: readonly [number, number, number]): number[] {
  return Array.from({ length: channels * height * width }, (_, element) => {
    const [channel, y, x] = [
      Math.floor(element / (height * width)),
      Math.floor(element / width) % height,
      element % width,
    ];
    return (y * width + (y % 2 === 1 ? width - 1 - x : x)) * channels + channel;
  });
}

const pairs = ({ rowStart, targets }: SparseConnection, from: readonly number[], to: readonly number[]) =>
  from
    .flatMap((source, row) =>
      [...targets.subarray(rowStart[row]!, rowStart[row + 1]!)].map((t) => [source, to[t]!]),
    )
    .map(([source, target]) => `${source} ${target}`)
    .sort();

describe('unshared kernels of dalton', () => {
  const { network } = findRecipe('dalton').create(settingsSchema.parse(A2), task);
  const { layers } = planOf(settingsSchema.parse(A2), task);

  it('join what a convolution joins', () => {
    layers.slice(0, 2).forEach(({ from, shape, kernel, stride }, l) => {
      const made = network.projections.find(({ name }) => name === `W ${l + 1}`)!
        .connection as SparseConnection;
      const all = convolutionSynapses(from, {
        channels: shape[0],
        kernel: [kernel, kernel],
        stride: [stride, stride],
        padding: [0, 0],
        dilation: [1, 1],
        groups: 1,
        weights: new Int16Array(shape[0] * from[0] * kernel * kernel).fill(1),
      });
      const image = Array.from({ length: sizeOf(from) }, (_, i) => i);
      const to = placeByPlace(shape);
      const own = image.map((_, i) => i);
      expect(
        pairs(
          made,
          own,
          Array.from(to, (_, i) => i),
        ),
      ).toEqual(pairs(all, l === 0 ? image : placeByPlace(from), to));
    });
  });

  it('fit cores that have too few input axons for all of the layer below', () => {
    const { chip } = loadChip('loihi2');
    const heard = 10 * 10 * layers[0]!.shape[0];
    const small = { ...chip, core: { ...chip.core, inputAxons: 2 * heard } };
    const { cores } = compile(network, small);
    expect(cores.filter(({ coreClass }) => coreClass === 'layer 2').length).toBe(2);
  });
});
