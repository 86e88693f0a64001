// Connection types of golden vectors, on the core: weights, exponents, payloads, delays, convolutions.

import { describe, expect, it } from 'vitest';
import { BUILDS, events, record, type SmallVector } from './small-vector.ts';

/** One connection whose output alone is recorded. */
function output(
  connection: object,
  input: object,
  steps: number,
  further: Partial<SmallVector> & { readonly variables?: readonly string[] } = {},
): SmallVector {
  const { variables = ['a_out'], ...rest } = further;
  return {
    steps,
    connections: [{ id: 'c', type: 'Dense', pre: 'in', post: null, ...connection }],
    input: { in: input },
    expected: { c: Object.fromEntries(variables.map((name) => [name, []])) },
    ...rest,
  };
}

/** Weights as a model stores them, in the units of the vectors. */
function effective(
  semantics: string,
  connection: object,
  rows: number,
  build: (typeof BUILDS)[number],
): number[] {
  const setup = output(connection, events('spikes', rows), 1, {
    semantics,
    variables: ['weights_effective'],
  });
  return record(setup, build)['c.weights_effective']![0]!;
}

describe.each(BUILDS)('connection types, %s build', (build) => {
  it.each([
    ['mixed', 8, [[-300, -1, 1, 255, 300]], [-256, -2, 0, 254, 254]],
    ['mixed', 6, [[-37, 37, -1, 255, 4]], [-40, 32, -8, 248, 0]],
    ['mixed', 1, [[-37, 37, -256, 255, 0]], [-256, 0, -256, 0, 0]],
    ['excitatory', 7, [[-3, 1, 2, 255, 300]], [0, 0, 2, 254, 254]],
    ['inhibitory', 6, [[-37, 37, -1, -255, -300]], [-36, 0, 0, -252, -252]],
    ['null', 8, [[-3, 0, 1, 255, 256]], [0, 0, 1, 255, 255]],
    ['auto', 8, [[0, 1, 3, 5, 7]], [0, 1, 3, 5, 7]],
    ['auto', 8, [[0, -1, -3, -5, -7]], [0, -1, -3, -5, -7]],
    ['auto', 8, [[1, -1, 3, -3, 0]], [0, -2, 2, -4, 0]],
  ])('stores %s weights of %i bits as Lava does', (sign_mode, num_weight_bits, weights, stored) => {
    expect(effective('lava', { sign_mode, num_weight_bits, weights }, 5, build)).toEqual(stored);
  });

  it.each([
    // s = 1: half to even in steps of 2, ±127 steps.
    [8, 0, [[1, 3, -1, -256, 255]], [0, 4, 0, -254, 254]],
    // 3 -> 2 steps -> 2 x 2^-1 = 1, back to 2 -> 1; 5 -> 2.5 -> 2 steps; 7 -> 4 steps.
    [8, -2, [[3, 5, 7, -7, 254]], [1, 1, 2, -2, 63]],
    [6, 1, [[4, 12, -12, 255, -255]], [0, 32, -32, 496, -496]],
  ])(
    'rounds mixed weights of %i bits, exponent %i, half to even (nengo-loihi)',
    (bits, exp, weights, units) => {
      const connection = { sign_mode: 'mixed', num_weight_bits: bits, weight_exp: exp, weights };
      const got = effective('nengo-loihi', connection, 5, build);
      expect(got).toEqual(units.map((unit) => (unit === 0 ? 0 : unit * 64)));
    },
  );

  it.each([
    ['mixed', 8, 0, [[-1, -3, 3, -256, 255]], [0, -2, 2, -256, 254]],
    ['mixed', 4, 0, [[-37, 37, -33, 255, 31]], [-32, 32, -32, 224, 0]],
    ['inhibitory', 8, 0, [[-256, -255, -1, 0, -2]], [-256, -255, -1, 0, -2]],
    ['excitatory', 0, 0, [[255, 1, 0, 128, 64]], [0, 0, 0, 0, 0]],
    ['inhibitory', 8, -1, [[-3, -1, -2, -255, 0]], [-2, -1, -1, -128, 0]],
    ['inhibitory', 8, 7, [[-256, -255, -1, 0, -2]], [-32767, -32640, -128, 0, -256]],
  ])('truncates %s weights of %i bits, exponent %i (Brian2Loihi)', (sign_mode, bits, exp, weights, units) => {
    const connection = { sign_mode, num_weight_bits: bits, weight_exp: exp, weights };
    const got = effective('brian2loihi', connection, 5, build);
    expect(got).toEqual(units.map((unit) => (unit === 0 ? 0 : unit * 64)));
  });

  it('applies a negative exponent to the sum of a step, floored (Lava)', () => {
    const setup = output(
      {
        weights: [
          [3, 5],
          [-3, -6],
        ],
        sign_mode: 'mixed',
        weight_exp: -3,
      },
      events('spikes', 2, [1, 0], [1, 1], [2, 0]),
      4,
    );
    // stored 2 and 4, -4 and -6: 6 >> 3, -10 >> 3, 2 >> 3, -4 >> 3
    expect(record(setup, build)['c.a_out']).toEqual([
      [0, 0],
      [0, -2],
      [0, -1],
      [0, 0],
    ]);
  });

  it('multiplies by payloads of any sign when messages have bits', () => {
    const setup = output(
      { weights: [[10, 20]], num_message_bits: 8, weight_exp: 1 },
      events('graded', 2, [1, 0, 100], [1, 1, -3], [2, 1, 255]),
      3,
    );
    expect(record(setup, build)['c.a_out']).toEqual([[0], [1880], [10200]]);
  });

  it('takes the last of several events of a place, and none of value 0', () => {
    const setup = output(
      { weights: [[10, 20]] },
      events('graded', 2, [1, 0, 0], [1, 1, 7], [1, 1, 5], [2, 0, 4], [2, 0, 0]),
      3,
    );
    expect(record(setup, build)['c.a_out']).toEqual([[0], [20], [0]]);
  });

  it('gives every synapse its delay, and every delay its own rounded sum', () => {
    const setup = output(
      {
        type: 'DelayDense',
        weights: [
          [2, 4],
          [6, 2],
        ],
        delays: [
          [0, 2],
          [1, 63],
        ],
        weight_exp: -1,
        max_delay: 63,
      },
      events('spikes', 2, [1, 0], [1, 1], [3, 0]),
      66,
    );
    const rows = record(setup, build)['c.a_out']!;
    const delivered = rows.flatMap((row, t) =>
      row.flatMap((value, i) => (value === 0 ? [] : [[t + 1, i, value]])),
    );
    expect(delivered).toEqual([
      [2, 0, 1],
      [3, 1, 3],
      [4, 0, 1 + 2],
      [5, 1, 3],
      [65, 1, 1],
    ]);
  });

  it('convolves with the kernel flipped, with stride, padding and groups', () => {
    const kernel = [
      [[1], [2]],
      [[3], [4]],
    ];
    const setup = output(
      {
        type: 'Conv',
        weights: [kernel, kernel.map((line) => line.map(([w]) => [-w!]))],
        input_shape: [2, 2, 2],
        stride: [1, 2],
        padding: [1, 0],
        groups: 2,
        num_message_bits: 8,
      },
      // [x][y][c]: channel 0 is 1, 2 / 3, 4 and channel 1 is 10 at (0, 0).
      events('graded', 8, [1, 0, 1], [1, 2, 2], [1, 4, 3], [1, 6, 4], [1, 1, 10]),
      2,
    );
    // Output x = -1 + i, y = 0: two columns of the flipped kernel [4 3 / 2 1].
    const rows = record(setup, build)['c.a_out']!;
    expect(rows[1]).toEqual([
      2 * 1 + 1 * 2, // x = 0: only input row 0, with the second kernel row
      -(2 * 10),
      4 * 1 + 3 * 2 + 2 * 3 + 1 * 4,
      -(4 * 10),
      4 * 3 + 3 * 4,
      0,
    ]);
  });

  it('adds several connections into one port, and reads ports by name', () => {
    const setup: SmallVector = {
      steps: 2,
      populations: [{ id: 'nrn', model: 'LIF', n: 1, params: { du: 4095, dv: 4096, vth: 131071 } }],
      connections: [
        { id: 'a', type: 'Dense', pre: 'in', post: 'nrn', weights: [[10]] },
        { id: 'b', type: 'Sparse', pre: 'in', post: 'nrn.a_in', weights: [[-4]], weight_exp: 2 },
        { id: 'w', type: 'direct', pre: 'add', post: 'nrn' },
      ],
      input: { in: events('spikes', 1, [1, 0]), add: events('activation', 1, [2, 0, 1000]) },
      expected: { nrn: { u: [] }, a: { a_out: [] }, b: { a_out: [] } },
    };
    const recorded = record(setup, build);
    expect(recorded['nrn.u']).toEqual([[0], [(10 - 16 + 1000) * 64]]);
    expect(recorded['b.a_out']).toEqual([[0], [-16]]);
  });
});
