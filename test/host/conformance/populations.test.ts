// Population models of golden vectors, on the core, against values worked out from the rules in the README of the
// vectors.

import { describe, expect, it } from 'vitest';
import { BUILDS, events, record, type SmallVector } from './small-vector.ts';

const column = (rows: number[][] | undefined, i = 0): (number | undefined)[] =>
  (rows ?? []).map((row) => row[i]);

/** One population driven by values. */
function driven(
  semantics: string,
  model: string,
  params: object,
  list: readonly number[][],
  steps: number,
  variables: readonly string[],
  further: { readonly n?: number; readonly init?: object } = {},
): SmallVector {
  const { n = 1, init = {} } = further;
  return {
    semantics,
    steps,
    populations: [{ id: 'nrn', model, n, params, init }],
    connections: [{ id: 'wire', type: 'direct', pre: 'in', post: 'nrn' }],
    input: { in: events('activation', n, ...list) },
    expected: { nrn: Object.fromEntries(variables.map((name) => [name, { events: [] }])) },
  };
}

/** One population driven by spikes over one synapse per neuron. */
function spiked(
  semantics: string,
  params: object,
  connection: object,
  list: readonly number[][],
  steps: number,
  variables: readonly string[],
  further: { readonly n?: number; readonly init?: object } = {},
): SmallVector {
  const { n = 1, init = {} } = further;
  return {
    semantics,
    steps,
    populations: [{ id: 'nrn', model: 'LIF', n, params, init }],
    connections: [{ id: 'c', type: 'Dense', pre: 'in', post: 'nrn', num_weight_bits: 8, ...connection }],
    input: { in: events('spikes', 1, ...list) },
    expected: { nrn: Object.fromEntries(variables.map((name) => [name, { events: [] }])) },
  };
}

describe.each(BUILDS)('population models, %s build', (build) => {
  it('delivers a value in the step in which it is sent, shifted left by 6', () => {
    const { 'nrn.u': u, 'nrn.v': v } = record(
      driven('lava', 'LIF', { du: 1023, dv: 128, vth: 1000 }, [[2, 0, 100]], 4, ['u', 'v']),
      build,
    );
    expect(column(u)).toEqual([0, 6400, 4800, 3600]);
    expect(column(v)).toEqual([0, 6400, 11000, 14256]);
  });

  it('takes one value per neuron, and start values', () => {
    const { 'nrn.v': v } = record(
      driven('lava', 'LIF', { du: [4095, 4095], dv: [0, 4096], vth: [100, 101] }, [], 2, ['v', 's'], {
        n: 2,
        init: { v: [6400, 6400] },
      }),
      build,
    );
    expect(v).toEqual([
      [6400, 0],
      [6400, 0],
    ]);
  });

  it('turns the sign of u toward zero when a decay is beyond 4096', () => {
    const { 'nrn.u': u } = record(
      driven('lava', 'LIF', { du: 4096, dv: 4096, vth: 131071 }, [[1, 0, 5080]], 2, ['u']),
      build,
    );
    expect(column(u)).toEqual([325120, -79]); // 79.375
  });

  it.each([
    [131072, 2 ** 23],
    [131073, 64 - 2 ** 23],
    [-131072, 2 ** 23],
    [-131071, 64 - 2 ** 23],
    [131072 * 4, 2 ** 24],
  ])('folds u = 64 x %i once (Lava)', (value, u) => {
    const recorded = record(
      driven('lava', 'LIF', { du: 4095, dv: 4096, vth: 131071 }, [[1, 0, value]], 1, ['u']),
      build,
    );
    expect(recorded['nrn.u']).toEqual([[u]]);
  });

  it('floors a bias with a negative exponent, and limits v on both sides', () => {
    const { 'nrn.v': v } = record(
      driven(
        'lava',
        'LIF',
        { vth: [131072, 200, 200], bias_mant: [4095, -7, -4096], bias_exp: [12, -1, 11] },
        [],
        2,
        ['v'],
        { n: 3 },
      ),
      build,
    );
    expect(v).toEqual([
      [2 ** 23 - 1, -4, -(2 ** 23) + 1],
      [2 ** 23 - 1, -8, -(2 ** 23) + 1],
    ]);
  });

  it('clears u and v before the steps of LIFReset', () => {
    const { 'nrn.v': v } = record(
      driven(
        'lava',
        'LIFReset',
        { du: 4095, vth: 1000, bias_mant: 5, reset_interval: [3, 2], reset_offset: [4, 0] },
        [],
        6,
        ['v'],
        { n: 2 },
      ),
      build,
    );
    expect(column(v, 0)).toEqual([5, 10, 15, 5, 10, 15]);
    expect(column(v, 1)).toEqual([5, 5, 10, 5, 10, 5]);
  });

  it('sends -1 from a ternary neuron below its lower threshold, which counts as a spike without message bits', () => {
    const setup: SmallVector = {
      steps: 3,
      populations: [{ id: 't', model: 'TernaryLIF', n: 2, params: { du: 4095, vth_hi: 2, vth_lo: -3 } }],
      connections: [
        { id: 'wire', type: 'direct', pre: 'in', post: 't' },
        { id: 'plain', type: 'Dense', pre: 't', post: null, weights: [[10, 20]] },
        { id: 'graded', type: 'Dense', pre: 't', post: null, weights: [[10, 20]], num_message_bits: 2 },
      ],
      input: { in: events('activation', 2, [1, 0, 3], [1, 1, -4], [2, 0, 2], [2, 1, -3]) },
      expected: {
        t: { s: { events: [] }, v: { events: [] } },
        plain: { a_out: { events: [] } },
        graded: { a_out: { events: [] } },
      },
    };
    const { 't.s': s, 't.v': v, 'plain.a_out': plain, 'graded.a_out': graded } = record(setup, build);
    expect(s).toEqual([
      [1, -1],
      [0, 0],
      [0, 0],
    ]);
    expect(v?.[1]).toEqual([128, -192]);
    expect(column(plain)).toEqual([0, 30, 0]);
    expect(column(graded)).toEqual([0, -10, 0]);
  });

  it('holds v for whole refractory steps in the floating-point model, with nothing shifted', () => {
    const recorded = record(
      driven(
        'lava-float',
        'LIFRefractoryFloat',
        { du: 1, dv: 0, vth: 5, bias_mant: 3, refractory_period: 2 },
        [[4, 0, 7]],
        7,
        ['u', 'v', 's', 'refractory_period_end'],
      ),
      build,
    );
    expect(column(recorded['nrn.v'])).toEqual([3, 0, 0, 0, 3, 0, 0]);
    expect(column(recorded['nrn.u'])).toEqual([0, 0, 0, 7, 0, 0, 0]);
    expect(column(recorded['nrn.s'])).toEqual([0, 1, 0, 0, 0, 1, 0]);
    expect(column(recorded['nrn.refractory_period_end'])).toEqual([0, 4, 4, 4, 4, 8, 8]);
  });

  it('silences refract_delay - 1 steps, counts them, and limits v by vmin and vmax (nengo-loihi)', () => {
    const recorded = record(
      spiked(
        'nengo-loihi',
        {
          decay_u: 4095,
          vth: 1,
          refract_delay: [1, 3],
          vmin: [-10, 0],
          vmax: [100, 2000],
          bias_mant: [40, 50],
        },
        { weights: [[0], [0]] },
        [],
        5,
        ['v', 's', 'ref_count'],
        { n: 2 },
      ),
      build,
    );
    expect(column(recorded['nrn.s'], 0)).toEqual([0, 1, 0, 1, 0]);
    expect(column(recorded['nrn.s'], 1)).toEqual([0, 1, 0, 0, 0]);
    expect(column(recorded['nrn.ref_count'], 1)).toEqual([0, 2, 1, 0, 0]);
    expect(column(recorded['nrn.v'], 1)).toEqual([50, 0, 0, 0, 50]);
  });

  it("wraps the input at 22 and u at 24 bits in two's complement (nengo-loihi)", () => {
    const recorded = record(
      {
        ...spiked(
          'nengo-loihi',
          { decay_u: 0, decay_v: 4096, vth: 131071, vmin: -8388607, vmax: 8388607 },
          { weights: [[254, 254]], weight_exp: 6 },
          [],
          2,
          ['q', 'u'],
        ),
        input: { in: events('spikes', 2, [1, 0], [1, 1]) },
      },
      build,
    );
    // 2 x 254 x 64 x 64 = 2080768 still fits; a third would wrap.
    expect(recorded['nrn.q']).toEqual([[0], [2080768]]);
    const wrapped = record(
      {
        ...spiked(
          'nengo-loihi',
          { decay_u: 0, decay_v: 4096, vth: 131071, vmin: -8388607, vmax: 8388607 },
          { weights: [[254, 254, 254]], weight_exp: 6 },
          [],
          2,
          ['q', 'u'],
        ),
        input: { in: events('spikes', 3, [1, 0], [1, 1], [1, 2]) },
      },
      build,
    );
    expect(wrapped['nrn.q']).toEqual([[0], [3121152 - 2 ** 22]]);
  });

  it('decays u after v has taken it, by the full decay, also in the first step (Brian2Loihi)', () => {
    const recorded = record(
      spiked(
        'brian2loihi',
        { decay_I: 1024, decay_v: 4096, vth: 131071, refractory: 1 },
        { weights: [[100]], delay: 1 },
        [[1, 0]],
        4,
        ['u', 'v'],
        { init: { u: 4000 } },
      ),
      build,
    );
    expect(column(recorded['nrn.u'])).toEqual([4000, 3000, 2250 + 6400, 6487]);
    expect(column(recorded['nrn.v'])).toEqual([4000, 3000, 8650, 6487]);
  });

  it('carries spikes over a wire in the step in which they are sent', () => {
    const setup: SmallVector = {
      steps: 4,
      populations: [
        { id: 'second', model: 'LIF', n: 1, params: { du: 4095, dv: 4096, vth: 1000 } },
        { id: 'first', model: 'LIF', n: 1, params: { du: 4095, vth: 1, bias_mant: 40 } },
      ],
      connections: [{ id: 'wire', type: 'direct', pre: 'first.s_out', post: 'second.a_in' }],
      expected: { first: { s: { events: [] } }, second: { u: { events: [] } } },
    };
    const recorded = record(setup, build);
    expect(column(recorded['first.s'])).toEqual([0, 1, 0, 1]);
    expect(column(recorded['second.u'])).toEqual([0, 64, 0, 64]);
  });
});
