// lava-dl networks: what is read of small ones that the test writes, and what is refused, with file and layer.

import { join } from 'node:path';
import * as h5wasm from 'h5wasm/node';
import { beforeAll, describe, expect, it } from 'vitest';
import { lower } from '../../../host/compile/lower.ts';
import { readLavaDl } from '../../../host/import/lava-dl.ts';
import { networkOfLayers } from '../../../host/import/layers.ts';
import { convolutionSynapses } from '../../../host/network/convolution.ts';
import { chipWith } from '../../support/chips.ts';
import { temporaryFolder } from '../../support/command-line.ts';
import { userErrorOfAsync } from '../../support/errors.ts';

const folder = temporaryFolder();

beforeAll(async () => {
  await h5wasm.ready;
});

type Value = number | string | { readonly shape: readonly number[]; readonly values: readonly number[] };
interface Content {
  readonly [name: string]: Value | Content;
}

let files = 0;
function write(content: Content): string {
  const name = join(folder, `net${files++}.net`);
  const file = new h5wasm.File(name, 'w');
  const fill = (group: h5wasm.Group, members: Content): void => {
    for (const [key, value] of Object.entries(members)) {
      if (typeof value === 'string') group.create_dataset({ name: key, data: value });
      else if (typeof value === 'number') group.create_dataset({ name: key, data: value, dtype: '<d' });
      else if ('values' in value && Array.isArray(value.values)) {
        const { shape, values } = value as { shape: number[]; values: number[] };
        group.create_dataset({ name: key, data: Float32Array.from(values), shape });
      } else fill(group.create_group(key), value as Content);
    }
  };
  fill(file, content);
  file.close();
  return name;
}

const list = (...values: number[]): Value => ({ shape: [values.length], values });
const NEURON = { type: 'CUBA', iDecay: 4096, vDecay: 409, vThMant: 6, refDelay: 2 };
const DENSE = {
  type: 'dense',
  shape: list(2),
  neuron: NEURON,
  weight: { shape: [2, 3], values: [2, 4, 6, -8, -10, -12] },
};
const CONV = {
  type: 'conv',
  shape: list(1, 2, 1),
  neuron: NEURON,
  bias: list(7),
  weight: { shape: [1, 2, 2, 2, 1], values: [2, 4, 6, 8, -2, -4, -6, 0] },
};
const INPUT = { type: 'input', shape: list(2, 3, 2) };

const layers = (...given: Content[]): Content => ({
  layer: Object.fromEntries(given.map((layer, i) => [String(i), layer])),
});

describe('lava-dl networks', () => {
  it('have a population per layer, with registers from effective decays', async () => {
    const stack = await readLavaDl(write(layers(DENSE)));
    const { ports, populations, projections, coreClasses } = networkOfLayers('net', stack);
    expect(ports).toEqual([{ name: 'input', size: 3 }]);
    expect(coreClasses).toEqual([{ name: 'layer 0', dsOffset: 1, dmOffset: 0 }]);
    expect(populations).toMatchObject([
      { name: 'layer 0', size: 2, compartment: { decayU: 4095, decayV: 409, threshold: 6, refractory: 2 } },
    ]);
    // [out][in] in the file, [from][to] in the network.
    expect(projections[0]!.connection).toEqual({
      kind: 'all',
      weights: Int16Array.of(2, -8, 4, -10, 6, -12),
    });
  });

  it('have the synapses of a convolution, and its bias from the step on in which input arrives', async () => {
    const stack = await readLavaDl(write({ ...layers(INPUT, CONV), simulation: { tSample: 20 } }));
    const network = networkOfLayers('net', stack);
    const { ports, populations, projections, presentations } = network;
    expect(ports[0]!.size).toBe(12);
    expect(populations[0]).toMatchObject({
      name: 'layer 1',
      size: 2,
      compartment: { bias: { mantissa: Int16Array.of(7, 7), exponent: 6 } },
    });
    expect(projections[0]!.connection).toMatchObject({ kind: 'convolution', shape: [2, 3, 2] });
    // On a chip without kernels: input [channel][y][x], output y = 0, 1; the weight of 0 is left out.
    expect(lower(network, chipWith()).projections[0]!.connection).toEqual({
      kind: 'sparse',
      rowStart: Uint32Array.of(0, 1, 2, 4, 6, 7, 8, 9, 10, 12, 13, 14, 14),
      targets: Uint32Array.of(0, 0, 0, 1, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1),
      weights: Int16Array.of(2, 4, 6, 2, 8, 4, 6, 8, -2, -4, -6, -2, -4, -6),
    });
    expect(presentations[0]).toMatchObject({
      steps: 20,
      entries: [{ step: 1, kind: 'reset', population: 'layer 1' }],
    });
  });

  it('convolve with padding, stride, dilation and groups as the definition says', () => {
    const weights = Int16Array.from({ length: 4 * 2 * 3 * 2 }, (_, i) => i + 1);
    const convolution = {
      channels: 4,
      kernel: [3, 2],
      stride: [2, 1],
      padding: [1, 2],
      dilation: [1, 3],
      groups: 2,
      weights,
    } as const;
    const { rowStart, targets, weights: found } = convolutionSynapses([4, 5, 4], convolution);
    const expected: string[] = [];
    const [outHeight, outWidth] = [3, 5];
    for (let o = 0; o < 4; o++)
      for (let oy = 0; oy < outHeight; oy++)
        for (let ox = 0; ox < outWidth; ox++)
          for (let c = 0; c < 2; c++)
            for (let ky = 0; ky < 3; ky++)
              for (let kx = 0; kx < 2; kx++) {
                const [y, x] = [2 * oy - 1 + ky, ox - 2 + 3 * kx];
                if (y < 0 || y >= 5 || x < 0 || x >= 4) continue;
                const channel = (o < 2 ? 0 : 2) + c;
                const weight = weights[((o * 2 + c) * 3 + ky) * 2 + kx];
                expected.push(
                  `${(channel * 5 + y) * 4 + x} ${(o * outHeight + oy) * outWidth + ox} ${weight}`,
                );
              }
    const synapses: string[] = [];
    for (let row = 0; row < 80; row++)
      for (let i = rowStart[row]!; i < rowStart[row + 1]!; i++)
        synapses.push(`${row} ${targets[i]} ${found[i]}`);
    expect(synapses.sort()).toEqual(expected.sort());
  });

  const WRONG: readonly (readonly [what: string, content: Content, message: RegExp])[] = [
    ['no layers', { simulation: { tSample: 2 } }, /has no group "layer"/],
    [
      'an unknown layer',
      layers(DENSE, { ...DENSE, type: 'pool' }),
      /layer\/1: a layer of type pool is not read/,
    ],
    [
      'an unknown neuron',
      layers({ ...DENSE, neuron: { ...NEURON, type: 'RF' } }),
      /layer\/0\/neuron: .* type RF .*CUBA/,
    ],
    [
      'no neuron',
      layers({ type: 'dense', shape: list(2), weight: DENSE.weight }),
      /layer\/0: has no group "neuron"/,
    ],
    [
      'a decay beyond 4096',
      layers({ ...DENSE, neuron: { ...NEURON, vDecay: 5000 } }),
      /"vDecay" is 5000; 0\.\.4096/,
    ],
    [
      'a weight that is no integer',
      layers({ ...DENSE, weight: { shape: [2, 3], values: [0.5, 0, 0, 0, 0, 0] } }),
      /layer\/0: "weight" holds 0\.5/,
    ],
    ['inputs that do not fit', layers(DENSE, DENSE), /layer\/1: has 3 inputs; the layer before has 2/],
    [
      'channels that do not fit',
      layers({ ...INPUT, shape: list(3, 3, 2) }, CONV),
      /layer\/1: kernels of 2 channels .* 3 channels/,
    ],
    ['axon delays', layers({ ...DENSE, delay: list(0, 3) }), /layer\/0: axon delays are not read/],
    ['graded spikes', layers({ ...DENSE, neuron: { ...NEURON, gradedSpike: 1 } }), /graded spikes/],
  ];
  it.each(WRONG)('with %s are refused with file and layer', async (_, content, message) => {
    const name = write(content);
    const error = await userErrorOfAsync(readLavaDl(name));
    expect(error.message).toMatch(message);
    expect(error.details.file).toBe(name);
  });
});
