// Weights, synapses, kernels, delays and groups of a network file in .npy and .npz files beside it.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { encodeNpy, encodeNpz, type NpyArray } from '../../../host/data/npz.ts';
import { readNetworkFile } from '../../../host/import/network-file.ts';
import type { Projection } from '../../../host/network/network.ts';
import { userErrorOf } from '../../support/errors.ts';

const folder = mkdtempSync(join(tmpdir(), 'seamount-arrays-'));
afterAll(() => rmSync(folder, { recursive: true }));

const npy = (name: string, data: NpyArray['data'], ...shape: number[]) =>
  writeFileSync(join(folder, name), encodeNpy({ shape, data }));

npy('weights.npy', Int8Array.of(1, 2, 3, 4, 5, 6), 3, 2);
npy('floats.npy', Float64Array.of(1, 2, 3, 4, -5, 6), 3, 2);
npy('half.npy', Float32Array.of(0.5, 2, 3, 4, 5, 6), 3, 2);
npy('big.npy', Int16Array.of(1, 2, 3, 400, 5, 6), 3, 2);
npy('transposed.npy', Int8Array.of(1, 2, 3, 4, 5, 6), 2, 3);
npy('list.npy', Int8Array.of(1, 2, 3), 3);
npy('synapses.npy', Int32Array.of(2, 1, -7, 0, 1, 4, 0, 0, 2), 3, 3);
npy('kernel.npy', Int8Array.of(4, -2), 1, 1, 1, 2);
writeFileSync(join(folder, 'damaged.npy'), 'no array');
writeFileSync(
  join(folder, 'all.npz'),
  encodeNpz(
    new Map<string, NpyArray>([
      ['w', { shape: [3, 2], data: Int8Array.of(6, 5, 4, 3, 2, 1) }],
      ['g', { shape: [3, 2], data: Uint8Array.of(0, 0, 8, 8, 3, 9) }],
      ['d', { shape: [3, 2], data: Uint8Array.of(0, 1, 2, 3, 4, 5) }],
      ['from', { shape: [3], data: Int32Array.of(2, 0, 0) }],
      ['to', { shape: [3], data: Int32Array.of(1, 1, 0) }],
      ['weight', { shape: [3], data: Int32Array.of(-7, 4, 2) }],
      ['delay', { shape: [3], data: Uint8Array.of(5, 6, 1) }],
    ]),
  ),
);
writeFileSync(
  join(folder, 'short.npz'),
  encodeNpz(
    new Map<string, NpyArray>([
      ['from', { shape: [2], data: Int32Array.of(2, 0) }],
      ['to', { shape: [3], data: Int32Array.of(1, 1, 0) }],
      ['weight', { shape: [3], data: Int32Array.of(-7, 4, 2) }],
    ]),
  ),
);

writeFileSync(
  join(folder, 'tied.npz'),
  encodeNpz(
    new Map<string, NpyArray>([
      ['from', { shape: [3], data: Int32Array.of(2, 0, 0) }],
      ['to', { shape: [3], data: Int32Array.of(1, 1, 0) }],
      ['weight', { shape: [3], data: Int32Array.of(4, 4, 2) }],
      ['tied', { shape: [3], data: Int32Array.of(5, 5, 6) }],
    ]),
  ),
);

let files = 0;
function projection(lines: readonly string[]): Projection {
  const file = join(folder, `net${files++}.yaml`);
  const text = [
    'network: arrays',
    'ports: { in: { size: 3 } }',
    'populations: { cells: { size: 2, compartment: { threshold: 100 } } }',
    'rules: { rule: dw = x0 }',
    'projections:',
    '  in to cells:',
    '    from: in',
    '    to: cells',
    ...lines.map((line) => `    ${line}`),
  ];
  writeFileSync(file, text.join('\n'));
  return readNetworkFile(file).projections[0]!;
}

const SPARSE = {
  kind: 'sparse',
  rowStart: Uint32Array.of(0, 2, 2, 3),
  targets: Uint32Array.of(0, 1, 1),
  weights: Int16Array.of(2, 4, -7),
};

describe('arrays beside a network file', () => {
  it.each([
    ['weights.npy', [1, 2, 3, 4, 5, 6]],
    ['floats.npy', [1, 2, 3, 4, -5, 6]],
    ['{ file: all.npz, array: w }', [6, 5, 4, 3, 2, 1]],
  ])('are weights: %s', (reference, weights) => {
    expect(projection([`weights: ${reference}`]).connection).toEqual({
      kind: 'all',
      weights: Int16Array.from(weights),
    });
  });

  it('are delays', () => {
    const { delay } = projection(['weights: weights.npy', 'delay: { file: all.npz, array: d }']).synapse;
    expect(delay).toEqual(Uint8Array.of(0, 1, 2, 3, 4, 5));
  });

  it('are synapses, in any order, with their delays', () => {
    expect(projection(['synapses: synapses.npy', 'delay: 3'])).toMatchObject({
      connection: SPARSE,
      synapse: { delay: 3 },
    });
    expect(projection(['synapses: all.npz'])).toMatchObject({
      connection: SPARSE,
      synapse: { delay: Uint8Array.of(1, 6, 5) },
    });
  });

  it('are groups of tied synapses, of a matrix, a list or kernels', () => {
    const learned = (...lines: string[]) => projection(['rule: rule', ...lines]).tied;
    expect(learned('uniform: 4')).toBeUndefined();
    expect(learned('weights: [[1, 1], [2, 2], [3, 4]]', 'tied: { file: all.npz, array: g }')).toEqual(
      Uint32Array.of(0, 0, 8, 8, 3, 9),
    );
    expect(learned('weights: [[1, 1], [2, 2], [3, 4]]', 'tied: [[0, 0], [8, 8], [3, 9]]')).toEqual(
      Uint32Array.of(0, 0, 8, 8, 3, 9),
    );
    expect(learned('synapses: tied.npz')).toEqual(Uint32Array.of(6, 5, 5));
    expect(learned('convolution: { shape: [1, 1, 3], kernel: kernel.npy }', 'tied: kernels')).toBe('kernels');
  });

  it('are kernels, as they may stand in the file too', () => {
    const expected = {
      kind: 'convolution',
      shape: [1, 1, 3],
      convolution: {
        channels: 1,
        kernel: [1, 2],
        stride: [1, 1],
        padding: [0, 0],
        dilation: [1, 1],
        groups: 1,
        weights: Int16Array.of(4, -2),
      },
    };
    for (const kernel of ['kernel.npy', '[[[[4, -2]]]]'])
      expect(projection([`convolution: { shape: [1, 1, 3], kernel: ${kernel} }`]).connection).toEqual(
        expected,
      );
    const { connection } = projection([
      'convolution: { shape: [1, 1, 3], kernel: kernel.npy, stride: [5, 2], padding: [0, 1] }',
    ]);
    expect(connection).toMatchObject({ convolution: { stride: [5, 2], padding: [0, 1] } });
  });

  it('go with every field of a format', () => {
    const more = [
      'compression: runLength',
      'weightLimit: 200',
      'box: true',
      'sharing: { axons: pop32, atoms: 3 }',
    ];
    expect(projection(['uniform: 4', ...more])).toMatchObject({
      synapse: { compression: 'runLength', weightLimit: 200, box: true },
      sharing: { axons: 'pop32', atoms: 3 },
    });
    expect(projection(['uniform: 4', 'ignoreDelays: true']).synapse.ignoreDelays).toBe(true);
  });

  it.each([
    ['weights: nowhere.npy', /nowhere\.npy: there is no such file/],
    ['weights: weights.txt', /weights\.txt: is no \.npy file/],
    ['weights: damaged.npy', /damaged\.npy: array "damaged" is no \.npy file/],
    ['weights: half.npy', /half\.npy: holds 0\.5; integers from -256 to 255/],
    ['weights: big.npy', /big\.npy: holds 400; integers from -256 to 255/],
    ['weights: list.npy', /list\.npy: has 1 dimensions, 2 are needed/],
    ['weights: transposed.npy', /transposed\.npy: has the shape 2 x 3; \[from\]\[to\] has 3 rows/],
    [
      'weights: { file: all.npz, array: W }',
      /all\.npz: has no array "W"; did you mean "w"\?; it has w, g, d/,
    ],
    ['tied: [[0]]\n    synapses: tied.npz', /their groups are the array "tied" of a \.npz file/],
    ['synapses: weights.npy', /weights\.npy: has rows of 2 values, from, to and weight are needed/],
    ['synapses: short.npz', /short\.npz: has 2 values of "from" and 3 of "to"/],
    ['synapses: [[0, 0, 300]]', /synapses/],
    ['convolution: { shape: [2, 1, 3], kernel: kernel.npy }', /kernels of 1 channels in 1 groups, and .* 2/],
    ['convolution: { shape: [1, 1, 4], kernel: kernel.npy }', /a layer of 1 x 1 x 4 is not of 3 sources/],
  ])('are refused at their line if they are wrong: %s', (line, message) => {
    const error = userErrorOf(() => projection([line]));
    expect(error.message).toMatch(message);
    expect(error.details.file).toMatch(/net\d+\.yaml$/);
    expect(error.details.line).toBeGreaterThan(4);
  });
});
