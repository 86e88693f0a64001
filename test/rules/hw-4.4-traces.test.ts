// HW 4.4: trace decay and impulses with stochastic rounding. Deterministic values to the bit, random ones by their
// two possible values and their frequency.

import { describe, expect, it } from 'vitest';
import { chipWith } from '../support/chips.ts';
import { userErrorOf } from '../support/errors.ts';
import { learn, learned, type Pair, PairMachine, pairNetwork } from '../support/learning-pair.ts';
import { BUILDS, column, compileSmall } from '../support/small-network.ts';
import { correlation, correlationBound, frequencyBound, mean, meanBound } from '../support/statistics.ts';

const SEEDS = [1, 2, 3, 4];
const ROWS = 1000;
const COLUMNS = 500;

/** Traces one step after a spike in step 2, over many axons and seeds. */
function decayedPre(impulse: number, chip = chipWith(), tau = 10): number[] {
  return SEEDS.flatMap((seed) => {
    const pair: Pair = {
      build: 'release',
      chip,
      seed,
      rows: ROWS,
      rule: ['dw = u0*x1'],
      x1: { impulse, tau },
      pre: [2],
      steps: 3,
    };
    const machine = new PairMachine(pair).advance(2);
    const before = machine.weights('plastic');
    return machine
      .advance()
      .weights('plastic')
      .map((w, i) => w - before[i]!);
  });
}

/** y1 by step for a spike in step 2, over many compartments. */
function postCourse(steps: number, pair: Partial<Pair>): number[][] {
  const machine = new PairMachine({
    build: 'release',
    columns: COLUMNS,
    rule: ['dw = u9*y1'],
    post: [2],
    ...pair,
    steps,
  });
  machine.watch('post', 'y1').advance(steps);
  return machine.recorded('post', 'y1');
}

describe('HW 4.4 decay', () => {
  describe.each([
    ['exponential', [14.477, 36.193, 57.91, 90.484, 114.914]],
    ['linear', [14.4, 36, 57.6, 90, 114.3]],
  ] as const)('%s (C8)', (traceDecay, values) => {
    const chip = chipWith({ semantics: { traceDecay } });

    it.each([16, 40, 64, 100, 127].map((x, i) => [x, values[i]!] as const))(
      'of %i gives %d before stochastic rounding (A.8)',
      (x, value) => {
        for (const traces of [
          decayedPre(x, chip),
          SEEDS.flatMap(
            (seed) => postCourse(3, { chip, seed, postTraces: { y1: { impulse: x, tau: 10 } } })[2]!,
          ),
        ]) {
          const low = Math.floor(value);
          expect(traces.every((trace) => trace === low || trace === low + 1)).toBe(true);
          const up = traces.filter((trace) => trace === low + 1).length / traces.length;
          // A.8 gives three digits.
          expect(Math.abs(up - (value - low))).toBeLessThanOrEqual(
            frequencyBound(value - low, traces.length) + 0.0005,
          );
        }
      },
    );
  });

  it('goes on in epochs without a spike, and is unbiased over many steps', () => {
    for (const epochSteps of [1, 4]) {
      const x = SEEDS.flatMap(
        (seed) =>
          postCourse(22, { seed, epochSteps, postTraces: { y1: { impulse: 127, tau: 10 } } }).at(
            epochSteps === 4 ? 19 : 21,
          )!,
      );
      const expected = 127 * Math.exp(-(epochSteps === 4 ? 18 : 20) / 10);
      // Twenty roundings of at most a quarter of variance each, the earlier ones decayed.
      expect(Math.abs(mean(x) - expected)).toBeLessThan(
        meanBound(Math.sqrt(0.25 / (1 - Math.exp(-0.2))), x.length),
      );
    }
  });

  it('ends at 0', () => {
    expect(new Set(postCourse(80, { postTraces: { y1: { impulse: 127, tau: 3 } } }).at(-1))).toEqual(
      new Set([0]),
    );
  });

  it('does not happen with an infinite time constant', () => {
    const course = postCourse(50, { postTraces: { y1: { impulse: 99, tau: Infinity } } });
    expect(new Set(course.slice(1).flat())).toEqual(new Set([99]));
  });

  it('is independent between traces, elements and steps', () => {
    const machine = new PairMachine({
      build: 'release',
      columns: COLUMNS,
      rule: ['dw = u9*y1*y2'],
      post: [2],
      postTraces: { y1: { impulse: 100, tau: 10 }, y2: { impulse: 100, tau: 10 } },
      steps: 3,
    });
    machine.watch('post', 'y1', 'y2').advance(3);
    const [y1, y2] = [machine.recorded('post', 'y1')[2]!, machine.recorded('post', 'y2')[2]!];
    expect(Math.abs(correlation(y1, y2))).toBeLessThan(correlationBound(COLUMNS));
    expect(Math.abs(correlation(y1.slice(1), y1.slice(0, -1)))).toBeLessThan(correlationBound(COLUMNS - 1));
    const other = decayedPre(64).slice(0, ROWS);
    expect(Math.abs(correlation(other.slice(1), other.slice(0, -1)))).toBeLessThan(
      correlationBound(ROWS - 1),
    );
  });
});

describe.each(BUILDS)('HW 4.4 time constant 0, %s build', (build) => {
  it('the trace holds only the impulse of the epoch', () => {
    const pair = { build, rule: ['dw = u0*x1 + u0*y1'], steps: 6, pre: [2, 5], post: [3, 5] };
    const traces = { x1: { impulse: 10, tau: 0 }, postTraces: { y1: { impulse: 20, tau: 0 } } };
    expect(column(learn({ ...pair, ...traces }))).toEqual([0, 10, 30, 30, 60, 60]);
  });

  it('the trace holds them to the end of the epoch and for no longer', () => {
    const pair = { build, epochSteps: 5, steps: 15, pre: [2, 4, 13], post: [3, 14] };
    const traces = { x1: { impulse: 10, tau: 0 }, postTraces: { y1: { impulse: 20, tau: 0 } } };
    const w = learn({ ...pair, ...traces, rule: ['dw = u0*x1 + u0*y1'] });
    // Two pre spikes and a post spike, then nothing, then one of each.
    expect(column(w)).toEqual([0, 0, 0, 0, 40, 40, 40, 40, 40, 40, 40, 40, 40, 40, 70]);
    // A trace that x0 gates is followed through the epoch.
    expect(learned({ ...pair, ...traces, rule: ['dw = x0*y1 + y0*x1'], steps: 5 })).toEqual([30]);
  });

  it('is read at the own spike in the middle of an epoch', () => {
    const pair = { build, epochSteps: 5, steps: 5, pre: [2], post: [4] };
    const traces = { x1: { impulse: 10, tau: 0 }, postTraces: { y1: { impulse: 20, tau: 0 } } };
    expect(learned({ ...pair, ...traces, rule: ['dw = x0*x1 + y0*y1'] })).toEqual([30]);
  });
});

describe.each(BUILDS)('HW 4.4 impulses, %s build', (build) => {
  it('add up and saturate at 127', () => {
    const course = column(
      postCourse(8, { build, post: [2, 4, 6], postTraces: { y1: { impulse: 50, tau: Infinity } } }),
    );
    expect(course).toEqual([0, 50, 50, 100, 100, 127, 127, 127]);
  });

  it('of 127 + 127/128 saturate too', () => {
    expect(
      new Set(postCourse(2, { build, postTraces: { y1: { impulse: 127 + 127 / 128, tau: Infinity } } })[1]),
    ).toEqual(new Set([127]));
  });
});

describe('HW 4.4 fractions of impulses', () => {
  it.each([1 / 128, 0.25, 0.5, 0.75, 127 / 128])('of %d are added with that probability (C9)', (fraction) => {
    const post = SEEDS.flatMap(
      (seed) => postCourse(2, { seed, postTraces: { y1: { impulse: 5 + fraction, tau: Infinity } } })[1]!,
    );
    const pre = SEEDS.flatMap((seed) =>
      learned({
        build: 'release',
        seed,
        rows: ROWS,
        rule: ['dw = u0*x1'],
        x1: { impulse: 5 + fraction, tau: 10 },
        pre: [2],
        steps: 2,
      }),
    );
    for (const traces of [post, pre]) {
      expect(new Set(traces)).toEqual(new Set([5, 6]));
      const up = traces.filter((trace) => trace === 6).length / traces.length;
      expect(Math.abs(up - fraction)).toBeLessThan(frequencyBound(fraction, traces.length));
    }
  });

  it('can be changed by a schedule', () => {
    const course = postCourse(4, {
      columns: 3,
      post: [2, 4],
      postTraces: { y1: { impulse: 5, tau: Infinity } },
      entries: [{ step: 3, kind: 'postImpulses', population: 'post', impulses: { y1: 60 } }],
    });
    expect(column(course)).toEqual([0, 5, 5, 65]);
  });
});

describe('HW 4.4 limits', () => {
  const refused = (trace: { impulse: number; tau: number }) =>
    userErrorOf(() =>
      compileSmall(pairNetwork({ build: 'release', rule: ['dw = u0*x1'], x1: trace, steps: 1 })),
    );

  it('refuses impulses beyond 127 + 127/128, off the grid of 1/128, and below 0', () => {
    for (const impulse of [128, 1 / 256])
      expect(refused({ impulse, tau: 1 }).details).toMatchObject({
        code: 'out-of-range',
        got: impulse * 128,
      });
    expect(refused({ impulse: -1, tau: 1 }).details).toMatchObject({ code: 'unsigned-trace', got: -1 });
  });

  it('refuses a negative time constant', () => {
    expect(refused({ impulse: 1, tau: -1 }).message).toBe('projection "plastic" x1: tau -1 is negative');
  });
});
