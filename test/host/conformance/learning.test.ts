// Connections of golden vectors that learn, on the core: traces, epochs, rule arithmetic, rounding, third factors,
// graded spikes, against values worked out from the rules in the README of the vectors.

import { describe, expect, it } from 'vitest';
import { BUILDS, events, record, type SmallVector } from './small-vector.ts';

const NEVER_UP = { mode: 'constant', decay53: 2 ** 53, impulse: 127, w53: 2 ** 53 };
const ALWAYS_UP = { mode: 'constant', decay53: 0, impulse: 0, w53: 0 };
const NEAREST = { mode: 'constant', decay53: 2 ** 52, impulse: 64, w53: 2 ** 52 };

/** One synapse from `pre` that learns from the spikes of `post`. */
function pair(
  learning: object,
  pre: readonly number[][],
  post: readonly number[][],
  steps: number,
  variables: readonly string[],
  further: {
    readonly connection?: object;
    readonly rng?: object;
    readonly input?: Readonly<Record<string, object>>;
  } = {},
): SmallVector {
  const { connection = {}, rng = NEVER_UP, input = {} } = further;
  return {
    steps,
    connections: [
      {
        id: 'syn',
        type: 'LearningDense',
        pre: 'pre',
        post: null,
        weights: [[100]],
        learning,
        post_spikes: 'post',
        ...connection,
      },
    ],
    input: { pre: events('graded', 1, ...pre), post: events('spikes', 1, ...post), ...input },
    rng,
    expected: { syn: Object.fromEntries(variables.map((name) => [name, []])) },
  };
}

function run(setup: SmallVector, build: (typeof BUILDS)[number]): Record<string, number[]> {
  return Object.fromEntries(
    Object.entries(record(setup, build)).map(([name, rows]) => [
      name.slice(4),
      rows.map(([value]) => value!),
    ]),
  );
}

/** x1 of 40 at the spike, and not after. */
const X40 = { x1_impulse256: 40 * 256, x1_tau: 0 };

describe.each(BUILDS)('connections that learn, %s build', (build) => {
  it('changes the weight in the step of the spikes, which the spikes of the next step see', () => {
    const setup = pair(
      { dw: '2^-2*x1*y0', ...X40 },
      [
        [2, 0],
        [3, 0],
      ],
      [[2, 0]],
      4,
      ['x1', 'weights', 'a_out'],
    );
    expect(run(setup, build)).toEqual({
      x1: [0, 40, 40, 0],
      weights: [100, 110, 110, 110],
      a_out: [0, 0, 100, 110],
    });
  });

  it.each([
    [NEVER_UP, [40, 36, 32, 28]],
    [ALWAYS_UP, [40, 37, 34, 31]],
    [NEAREST, [40, 36, 33, 30]],
  ])('decays a trace by exp(-1/10) with the rounding of %o', (rng, x1) => {
    const setup = pair({ x1_impulse256: 40 * 256, x1_tau: 10 }, [[1, 0]], [], 4, ['x1'], { rng });
    expect(run(setup, build).x1).toEqual(x1);
  });

  it('compares the fraction of an impulse, in 1/256, with a number up to 127', () => {
    const at = (impulse: number): number =>
      run(
        pair({ x1_impulse256: 10 * 256 + 65, x1_tau: 0 }, [[1, 0]], [], 1, ['x1'], {
          rng: { ...NEVER_UP, impulse },
        }),
        build,
      ).x1![0]!;
    expect([at(64), at(65), at(127)]).toEqual([11, 10, 10]);
  });

  it('scales products of several factors down before their exponent, and limits them (A.6)', () => {
    const weightBy = (dw: string, x1: number, y1: number, rng: object = NEVER_UP, w = 50): number =>
      run(
        pair(
          { dw, x1_impulse256: x1 * 256, x1_tau: 0, y1_impulse256: y1 * 256, y1_tau: 0 },
          [[1, 0]],
          [[1, 0]],
          1,
          ['weights'],
          { rng, connection: { weights: [[w]] } },
        ),
        build,
      ).weights![0]!;
    expect(weightBy('2^-4*y0*x1', 41, 0)).toBe(52);
    expect(weightBy('2^-4*y0*x1', 41, 0, ALWAYS_UP)).toBe(53);
    expect(weightBy('-2^-4*x0*y1', 0, 41)).toBe(47);
    expect(weightBy('2^-4*u0*x1*y1', 40, 30)).toBe(59); // 1200 >> 3
    expect(weightBy('-2^-4*u0*x1*y1', 41, 30)).toBe(40); // -1230 >> 3 = -154
    expect(weightBy('2^-6*y0*x1*w', 64, 0, NEVER_UP, 100)).toBe(103);
    expect(weightBy('2^8*y0*x1', 127, 0, NEVER_UP, 0)).toBe(255);
    expect(weightBy('-2^8*y0*x1', 127, 0, NEVER_UP, 0)).toBe(-256);
    expect(weightBy('x0*2^-1*(w+3) + y0*(255-w)*2^-3', 0, 0)).toBe(102); // 50 + 53/2 + 205/8
    expect(weightBy('u0*sgn(w)*(-2) + 5*2^-1*x0*y0', 0, 0)).toBe(50 - 2 + 2);
  });

  it('keeps a mantissa as it is written when bits are shifted out', () => {
    // 3 traces: 21 + 4 - 15 = 10 bits. 3 * 8 * 8 * 8 = 1536 >> 10 = 1; 6 as 6, not as 3 * 2: 3072 >> 10 = 3, not 2.
    const setup = (dw: string) =>
      pair(
        {
          dw,
          x1_impulse256: 2048,
          x1_tau: 0,
          x2_impulse256: 2048,
          x2_tau: 0,
          y1_impulse256: 2048,
          y1_tau: 0,
        },
        [[1, 0]],
        [[1, 0]],
        1,
        ['weights'],
      );
    expect(run(setup('3*u0*x1*x2*y1'), build).weights).toEqual([101]);
    expect(run(setup('6*u0*x1*x2*y1'), build).weights).toEqual([103]);
    expect(run(setup('3*2^1*u0*x1*x2*y1'), build).weights).toEqual([102]);
  });

  it('gives the earlier of two spikes of an epoch to the trace at once, its fraction rounded up', () => {
    const learning = { dw: '2^0*y0*x1', x1_impulse256: 10 * 256 + 1, x1_tau: 0, t_epoch: 4 };
    const { x1, weights } = run(
      pair(
        learning,
        [
          [1, 0],
          [3, 0],
        ],
        [[3, 0]],
        4,
        ['x1', 'weights'],
      ),
      build,
    );
    // The trace holds 11 from step 3 on; the epoch decays it to 0, and adds 10 in its third step.
    expect(x1).toEqual([0, 0, 11, 0]);
    expect(weights).toEqual([100, 100, 100, 110]);
  });

  it('counts learning epochs, from 1, for u_k', () => {
    const { weights } = run(pair({ dw: '1*u1', t_epoch: 2 }, [], [], 8, ['weights']), build);
    expect(weights).toEqual([100, 100, 100, 101, 101, 101, 101, 102]);
  });

  it('lets tags and delays be learned from what they were before the epoch, within their bounds', () => {
    const setup = pair(
      { dw: 'u0*2^-1*t', dt: '-2^3*x0', dd: '2^7*y0 - 3*x0' },
      [
        [1, 0],
        [3, 0],
      ],
      [
        [2, 0],
        [3, 0],
      ],
      4,
      ['weights', 'tag_1', 'tag_2', 'a_out'],
      { connection: { tag_1: [[-250]], tag_2: [[5]] } },
    );
    expect(run(setup, build)).toEqual({
      weights: [-25, -154, -256, -256], // -257 / 2 in each epoch
      tag_1: [-257, -257, -257, -257],
      tag_2: [2, 130, 252, 252], // 258 is limited to 255.99 before the next product
      a_out: [0, 100, 0, -154],
    });
  });

  it.each([
    [1, [92, 46]],
    [2, [92, 127]],
    [3, [92, 11]],
  ])('takes x1 from the payload with graded_spike_cfg %i', (graded_spike_cfg, x1) => {
    const learning = { x1_tau: 2 ** 40, x2_impulse256: 5 * 256, x2_tau: 2 ** 40, graded_spike_cfg };
    const setup = pair(
      { ...learning, dw: '1*x0' },
      [
        [1, 0, 183],
        [2, 0, 92],
      ],
      [],
      2,
      ['x1', 'x2', 'weights'],
      { connection: { num_message_bits: 8 }, rng: ALWAYS_UP },
    );
    const recorded = run(setup, build);
    expect(recorded.x1).toEqual(x1);
    // Only an overflow counts as a spike with cfg 3.
    expect(recorded.weights).toEqual(graded_spike_cfg === 3 ? [100, 101] : [101, 102]);
    expect(recorded.x2).toEqual(graded_spike_cfg === 3 ? [0, 5] : [5, 10]);
  });

  it('replaces post traces by the third factors of the step', () => {
    const setup = pair(
      { dw: '2^-3*x1*y0*y2', ...X40, factors: 3 },
      [
        [1, 0],
        [2, 0],
      ],
      [
        [1, 0],
        [2, 0],
      ],
      3,
      ['y1', 'y2', 'weights'],
      {
        connection: { y2_in: 'reward' },
        rng: NEAREST,
        input: { reward: events('activation', 1, [1, 0, 16], [2, 0, -16]) },
      },
    );
    // 40 * 16 >> 3 << 4 = 1280 / 128; a negative factor is held at 0 by the impulse at a post spike.
    expect(run(setup, build)).toEqual({ y1: [0, 0, 0], y2: [16, -16, 0], weights: [110, 110, 110] });
  });

  it('learns on synapses that exist only', () => {
    const setup = pair({ dw: '1*u0' }, [], [], 2, ['weights'], {
      connection: { type: 'LearningSparse', weights: [[0]] },
    });
    expect(run(setup, build).weights).toEqual([0, 0]);
  });

  it('plays a tape by step and by epoch', () => {
    const rng = {
      mode: 'lava-pcg64',
      x_decay53: [2 ** 53, 0, 2 ** 53],
      x_impulse: [127, 127, 127],
      y_decay53: [0, 0, 0],
      y_impulse: [0, 0, 0],
      y_impulse_multi: [0, 0, 0],
      w53: [0, 2 ** 53, 0],
    };
    const setup = pair(
      { dw: '2^-2*u0', x1_impulse256: 40 * 256, x1_tau: 10 },
      [[1, 0]],
      [],
      3,
      ['x1', 'weights'],
      {
        rng,
      },
    );
    expect(run(setup, build)).toEqual({ x1: [40, 37, 33], weights: [101, 101, 102] });
  });

  it('sees spikes one step later, decides roundings before them, and moves by the grid (Brian2Loihi)', () => {
    const setup: SmallVector = {
      semantics: 'brian2loihi',
      steps: 5,
      populations: [
        { id: 'nrn', model: 'LIF', n: 1, params: { decay_I: 4096, decay_v: 4096, vth: 100, refractory: 1 } },
      ],
      connections: [
        {
          id: 'syn',
          type: 'Dense',
          pre: 'in',
          post: 'nrn',
          weights: [[120]],
          num_weight_bits: 8,
          sign_mode: 'mixed',
          delay: 0,
          learning: {
            dw: '2^-3*x1*y0 - 3*u1',
            x1_impulse: 50,
            x1_tau: 10,
            y1_impulse: 9,
            y1_tau: 0,
          },
        },
      ],
      input: { in: events('spikes', 1, [1, 0], [2, 0]) },
      rng: { mode: 'constant', rand53: 2 ** 51 },
      expected: { nrn: { u: [], s: [] }, syn: { x1: [], y1: [], weights: [] } },
    };
    const recorded = record(setup, build);
    const of = (name: string) => recorded[name]!.map(([value]) => value);
    // u1 is 1 in steps 1, 3, 5: -3 is -1 grid step, and half a step is left, which the constant 0.25 rounds up to -2.
    // The spike of step 1 arrives in step 2: x1 = 50, decayed to 45 within the step; nrn fires in steps 2 and 3.
    // Step 3: x1 = 45 + 50 = 95, y0: 11.875 - 3 = 8.875 -> 9 -> 4 grid steps, -1 as decided without the spike.
    expect(of('nrn.u')).toEqual([0, 116 * 64, 116 * 64, 0, 0]);
    expect(of('nrn.s')).toEqual([0, 1, 1, 0, 0]);
    expect(of('syn.x1')).toEqual([0, 45, 86, 78, 70]); // 85.5, 77.4, 70.2 against 0.25
    expect(of('syn.weights')).toEqual([116, 116, 122, 122 + 10, 128]);
  });
});
