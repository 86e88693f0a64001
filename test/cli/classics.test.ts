// The classic learning rules, run as a user does: sign and time course of the weight change against the rule as it is
// written on paper. docs/classics.md

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type NpyArray, readNpz } from '../../host/data/npz.ts';
import { run, temporaryFolder } from '../support/command-line.ts';
import { Rounding } from '../support/rounding.ts';

const folder = temporaryFolder();

const example = (file: string): string => fileURLToPath(new URL(`../../examples/${file}`, import.meta.url));

/** Classics and the chips that they name. */
const CLASSICS = {
  'stdp-window': 'loihi1',
  'triplet-stdp': 'loihi1',
  'reward-stdp': 'loihi1',
  'delta-rule': 'loihi1',
  'super-spike': 'loihi2',
  decolle: 'loihi2',
  emstdp: 'loihi1',
} as const;
type Classic = keyof typeof CLASSICS;

/** A probed variable by step and place. */
interface Course {
  readonly steps: number;
  /** Value after a step; of a synapse, of one source or compartment. */
  readonly at: (step: number, ...place: number[]) => number;
}

function courseOf({ shape, data }: NpyArray): Course {
  const at = (...place: number[]): number =>
    Number(data[place.reduce((offset, index, axis) => offset * shape[axis]! + index, 0)]);
  return { steps: shape[0]!, at };
}

/** Runs an example, with its input if it has one, and gives the probes; `changes` are texts for others. */
async function courses(
  name: Classic,
  probes: readonly string[],
  changes: readonly (readonly [from: string, to: string])[] = [],
): Promise<Course[]> {
  const out = join(folder, name);
  const input = example(`${name}.csv`);
  let text = readFileSync(example(`${name}.yaml`), 'utf8');
  for (const [from, to] of changes) {
    expect(text).toContain(from);
    text = text.replace(from, to);
  }
  const changed = join(folder, `${name}.yaml`);
  writeFileSync(changed, text);
  const { code, stderr } = await run(
    [
      'run',
      changes.length === 0 ? example(`${name}.yaml`) : changed,
      '--chip',
      CLASSICS[name],
      ...(existsSync(input) ? ['--input', input] : []),
      '--out',
      out,
      ...probes.flatMap((probe) => ['--probe', probe]),
    ],
    folder,
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const recorded = readNpz(join(out, 'probes.npz'));
  return probes.map((probe) => courseOf(recorded.get(probe)!));
}

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const sum = (values: readonly number[]): number => values.reduce((total, x) => total + x, 0);
const mean = (values: readonly number[]): number => sum(values) / values.length;
const modulo = (a: number, n: number): number => ((a % n) + n) % n;

it.each(Object.entries(CLASSICS))('%s is legal on %s', async (name, chip) => {
  const { code, stdout } = await run(
    ['lint', example(`${name}.yaml`), '--chip', chip, '--json', '-'],
    folder,
  );
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ chip, legality: { extensions: [] } });
});

describe('pair STDP', () => {
  /** The cells fire this long after the inputs. */
  const DELAYS = [24, 12, 6, 1, 0, -1, -6, -12, -24];
  const PERIOD = 128;
  const PAIRINGS = 20;
  const CELL_STEP = PERIOD - 1 + 1 + 31;

  it('has a window that falls off with the time constants of its traces, on both sides', async () => {
    const [weights] = await courses('stdp-window', ['pre to cell.weights']);
    const perPairing = DELAYS.map((_, i) =>
      mean([0, 1].map((cell) => (weights!.at(weights!.steps - 1, i, cell) - 128) / PAIRINGS)),
    );
    // 64/16 and 32/16 at the spike itself, and what is left of the pairing before. A change is rounded to a whole number,
    // with a variance of 1/4 at most, and a trace has one of about 1 when it is read.
    const deviation = Math.sqrt(1 / 4 / (2 * PAIRINGS) + 1 / 16 ** 2 / PAIRINGS);
    DELAYS.forEach((delay, i) => {
      const expected = 4 * Math.exp(-modulo(delay, PERIOD) / 10) - 2 * Math.exp(-modulo(-delay, PERIOD) / 20);
      expect(Math.abs(perPairing[i]! - expected), `after ${delay} steps`).toBeLessThan(4 * deviation);
    });
    const timeConstant = (near: number, far: number): number =>
      Math.abs(DELAYS[far]! - DELAYS[near]!) / Math.log(perPairing[near]! / perPairing[far]!);
    expect(Math.abs(timeConstant(3, 1) / 10 - 1)).toBeLessThan(0.2);
    expect(Math.abs(timeConstant(5, 8) / 20 - 1)).toBeLessThan(0.2);
  });

  it('changes a weight only when the later of the two fires', async () => {
    const [weights] = await courses('stdp-window', ['pre to cell.weights']);
    DELAYS.forEach((delay, i) => {
      const later = CELL_STEP + Math.max(0, -delay);
      const changed = range(weights!.steps - 1)
        .filter((step) => weights!.at(step + 1, i, 0) !== weights!.at(step, i, 0))
        .map((step) => modulo(step + 1, PERIOD));
      // Traces of the pairing before are all but gone at the earlier spike.
      const regular = changed.filter((step) => step === modulo(later, PERIOD));
      expect(changed.length - regular.length, `after ${delay} steps`).toBeLessThan(3);
      expect(regular.length).toBeGreaterThan(3);
    });
  });
});

/** Steps of a spike train of the given period whose first spike is at `first`. */
const train = (period: number, first: number, steps: number): number[] =>
  range(steps).filter((step) => step >= first && (step - first) % period === 0);

describe('triplet STDP', () => {
  const PERIODS = [64, 32, 16];
  const STEPS = 1536;

  /** The rule as it is written on paper, in floating point. */
  function onPaper(pre: readonly number[], post: readonly number[], triplet: boolean): number {
    let [x1, y1, y2, weight] = [0, 0, 0, 0];
    for (const step of range(STEPS)) {
      x1 *= Math.exp(-1 / 8);
      y1 *= Math.exp(-1 / 16);
      y2 *= Math.exp(-1 / 40);
      if (pre.includes(step)) {
        weight -= y1 / 64;
        x1 += 64;
      }
      if (post.includes(step)) {
        weight += triplet ? (x1 * y2) / 512 : 0;
        y1 += 32;
        y2 += 16;
      }
    }
    return weight;
  }

  it('depresses at low rates and potentiates at high ones, whichever spike comes first', async () => {
    const [after, before] = await courses('triplet-stdp', ['to after.weights', 'to before.weights']);
    const change = ({ at, steps }: Course, i: number): number => at(steps - 1, i, i) - 40;
    PERIODS.forEach((period, i) => {
      const pre = train(period, period - 1, STEPS);
      for (const [course, offset] of [
        [after!, 5],
        [before!, period - 5],
      ] as const) {
        const post = train(period, period - 1 + offset, STEPS);
        const expected = onPaper(pre, post, true);
        // Rounded twice a period, each time with a variance of at most 1/4; traces deviate by about 1, x1·y2 by 30.
        const pairs = STEPS / period;
        const deviation = Math.sqrt(pairs * (2 / 4 + (2 * (30 / 512)) ** 2));
        expect(Math.abs(change(course, i) - expected), `every ${period} steps, ${offset}`).toBeLessThan(
          3 * deviation,
        );
      }
    });
    expect(change(before!, 0)).toBeLessThan(0);
    expect(change(before!, 2)).toBeGreaterThan(0);
    // A pair is worth more the more often it comes, which pairs alone cannot do.
    const perPair = PERIODS.map((period, i) => (change(after!, i) * period) / STEPS);
    expect(perPair[1]).toBeGreaterThan(2 * perPair[0]!);
    expect(perPair[2]).toBeGreaterThan(2 * perPair[1]!);
  });
});

describe('reward-modulated STDP', () => {
  /** Cells fire this long after the inputs. */
  const DELAYS = [10, 4, -4, -10];
  const PERIOD = 256;
  const EPOCH = 8;
  /** Reward of the epochs that end after these steps: spikes, less 4. */
  const REWARDS = new Map([
    [359, 3],
    [615, -3],
    [871, 2],
    [1383, -2],
  ]);

  it('marks synapses by the tag, which fades, and changes weights by tag and reward only', async () => {
    const [tags, weights] = await courses('reward-stdp', ['pre to cell.tags', 'pre to cell.weights']);
    const ends = range(weights!.steps / EPOCH).map((epoch) => EPOCH * (epoch + 1) - 1);
    DELAYS.forEach((delay, i) => {
      let tag = 0;
      const deviations: number[] = [];
      for (const end of ends) {
        const kept = (15 / 16) * tag;
        const later = PERIOD + 20 + Math.max(0, -delay);
        // The clock fires at the end of each period; the cells 21 steps later.
        const paired = modulo(end - later, PERIOD) < EPOCH && end >= later;
        tag = kept + (paired ? Math.sign(delay) * 64 * Math.exp(-Math.abs(delay) / 10) : 0);
        for (const cell of [0, 1]) {
          deviations.push(tags!.at(end, i, cell) - tag);
          const change = weights!.at(end, i, cell) - weights!.at(end - 1, i, cell);
          const due = ((REWARDS.get(end) ?? 0) * tags!.at(end - 1, i, cell)) / 8;
          expect(Math.abs(change - due), `step ${end}`).toBeLessThan(due === 0 ? 0.001 : 1);
        }
      }
      // Rounded every epoch with a variance of at most 1/4, of which the later ones forget 2 · 1/16.
      expect(Math.sqrt(mean(deviations.map((x) => x * x)))).toBeLessThan(4);
      expect(Math.abs(mean(deviations))).toBeLessThan(2);
      expect(Math.sign(tags!.at(351, i, 0))).toBe(Math.sign(delay));
    });
  });
});

/** Spikes of a compartment from one step to before another. */
const spikesIn = (spikes: Course, from: number, to: number, i = 0): number =>
  sum(range(to - from).map((step) => spikes.at(from + step, i)));

describe('the delta rule', () => {
  const EPOCH = 32;

  it.each([
    ['a', 10, 1],
    ['b', 4, -1],
  ])(
    'brings output %s to its target of %i spikes, each weight by its input × the error',
    async (output, target, direction) => {
      const [input, spikes, errors, weights] = await courses('delta-rule', [
        'input.spikes',
        `output ${output}.spikes`,
        `error ${output}.spikes`,
        `to ${output}.weights`,
      ]);
      const epochs = range(weights!.steps / EPOCH);
      for (const start of epochs.slice(1).map((epoch) => epoch * EPOCH)) {
        const end = start + EPOCH;
        const surplus = spikesIn(errors!, start, end) - 16;
        for (const i of [0, 1]) {
          const change = weights!.at(end - 1, i, 0) - weights!.at(end - 2, i, 0);
          const due = (spikesIn(input!, start, end, i) * surplus) / 8;
          expect(Math.abs(change - due), `step ${end}`).toBeLessThan(1);
        }
      }
      const errorOver = (first: number, last: number): number =>
        mean(
          epochs
            .slice(first, last)
            .map((epoch) => target - spikesIn(spikes!, epoch * EPOCH, (epoch + 1) * EPOCH)),
        );
      // It goes towards 0 from the side on which it began, and stays there.
      expect(direction * errorOver(1, 6)).toBeGreaterThan(2);
      expect(Math.abs(errorOver(11, 21))).toBeLessThan(Math.abs(errorOver(1, 6)));
      expect(Math.abs(errorOver(40, 50))).toBeLessThan(0.5);
      // The input with twice the spikes gets twice the change, beyond what rounding leaves.
      const [both, one] = [0, 1].map((i) => weights!.at(weights!.steps - 1, i, 0) - weights!.at(0, i, 0));
      expect(Math.sign(one!)).toBe(direction);
      expect(Math.abs(both! / one! - 2)).toBeLessThan(0.1);
    },
  );
});

/** sgn(x) · floor(|x| · numerator / 4096), as `mulm` with 12 places. */
const decayed = (x: number, numerator: number): number =>
  Math.sign(x) * Math.floor((Math.abs(x) * numerator) / 4096);

describe('SuperSpike', () => {
  const PERIOD = 64;
  /** Steps in which inputs fire, and in which target spikes arrive, after the clock. */
  const INPUTS = range(8).map((i) => 1 + 7 * i);
  const TARGETS = [24, 45];
  const fires = (step: number, after: number): boolean =>
    step >= PERIOD - 1 + after && modulo(step + 1 - after, PERIOD) === 0;

  it('moves weights by error × filtered surrogate derivative × pre trace until a cell fires on time', async () => {
    const [spikes, y1, y2, y3, x1, tags, weights] = await courses('super-spike', [
      ...['spikes', 'y1', 'y2', 'y3'].map((variable) => `cell.${variable}`),
      ...['x1', 'tags', 'weights'].map((variable) => `input to cell.${variable}`),
    ]);
    const surrogate = [32, 18, 12, 8, 6, 5, 4, 3, 2, 2, 2, 1, 1, 1, 1, 1];
    const tagRounding = new Rounding();
    const weightRounding = new Rounding();
    for (const j of [0, 1]) {
      let [u, v, error] = [0, 0, 0];
      for (const step of range(weights!.steps).slice(2)) {
        const arriving = INPUTS.flatMap((after, i) =>
          fires(step - 1, after) ? [weights!.at(step - 2, i, j)] : [],
        );
        u = decayed(u, 3072) + 64 * sum(arriving);
        v = decayed(v, 3584) + u;
        expect(y1!.at(step, j)).toBe(surrogate[Math.min(Math.abs(v - 384 * 64) >> 10, 15)]);
        const fired = v > 384 * 64;
        if (fired) v = 0;
        expect(spikes!.at(step, j)).toBe(fired ? 1 : 0);
        error = decayed(error, 3840) + 16 * (Number(fires(step, TARGETS[j]!)) - Number(fired));
        expect([y2!.at(step, j), y3!.at(step, j)]).toEqual([Math.max(error, 0), Math.max(-error, 0)]);
        for (const i of range(8)) {
          const tag = tags!.at(step - 1, i, j);
          const eligible = (x1!.at(step, i) * y1!.at(step, j)) / 64;
          tagRounding.add(tags!.at(step, i, j), tag + eligible - tag / 16, 1);
          const before = weights!.at(step - 1, i, j);
          weightRounding.add(weights!.at(step, i, j), before + (tag * error) / 512, 2);
        }
      }
      const onTime = range(24).map((cycle) => {
        const times = range(PERIOD).filter((after) => spikes!.at((cycle + 1) * PERIOD - 1 + after, j) === 1);
        return times.length === 1 && times[0] === TARGETS[j];
      });
      expect(onTime.slice(0, 2)).toEqual([false, false]);
      expect(onTime.slice(10).every(Boolean)).toBe(true);
      // Silent at its target time, it needs more of what came before that.
      const potentiated = range(8).map((i) => weights!.at(2 * PERIOD - 2, i, j) - 72);
      expect(Math.max(...potentiated)).toBeGreaterThan(0);
      expect(Math.min(...potentiated)).toBeGreaterThanOrEqual(0);
    }
    expect(Math.abs(tagRounding.deviations)).toBeLessThan(4);
    expect(Math.abs(weightRounding.deviations)).toBeLessThan(4);
  });
});

describe('DECOLLE', () => {
  const LAYERS = [
    ['one', 'input to one', [4, -2, 2]],
    ['two', 'one to two', [2, 4, -2]],
  ] as const;
  const probesOf = (layer: string, projection: string): string[] => [
    ...['spikes', 'y2', 'y3'].map((variable) => `${layer}.${variable}`),
    ...['x1', 'weights'].map((variable) => `${projection}.${variable}`),
  ];

  it.each(LAYERS)(
    'layer %s follows the target by the error of its own readout',
    async (layer, projection, fixed) => {
      const [spikes, y2, y3, x1, weights] = await courses('decolle', probesOf(layer, projection));
      const rounding = new Rounding();
      const readout: number[] = [];
      let [y, error, taught, slots] = [0, 0, 0, 0];
      for (const step of range(weights!.steps)) {
        const errors = fixed.map((weight) => weight * error);
        errors.forEach((own, j) => {
          // The surrogate derivative is 0 or 1.
          const got = y2!.at(step, j) - y3!.at(step, j);
          if (got !== 0) expect(got).toBe(own);
          if (own !== 0) slots++;
          if (got !== 0) taught++;
          if (step === 0) return;
          for (const i of range(3)) {
            const before = weights!.at(step - 1, i, j);
            rounding.add(weights!.at(step, i, j), before + (x1!.at(step, i) * got) / 512, 2);
          }
        });
        const arrived = step === 0 ? 0 : sum(fixed.map((weight, j) => weight * spikes!.at(step - 1, j)));
        y = decayed(y, 3968) + 8 * arrived;
        readout.push(y);
        error = Math.min(15, Math.max(-15, Math.trunc(((step + 1 > 1024 ? 60 : 300) - y) / 16)));
      }
      expect(Math.abs(rounding.deviations)).toBeLessThan(4);
      expect(taught / slots).toBeGreaterThan(0.3);
      const lossOver = (target: number, from: number, to: number): number =>
        mean(readout.slice(from, to).map((each) => Math.abs(target - each)));
      expect(lossOver(300, 768, 1024)).toBeLessThan(30);
      expect(lossOver(60, 1024, 1088)).toBeGreaterThan(90);
      expect(lossOver(60, 1792, 2048)).toBeLessThan(30);
    },
  );

  it('keeps the error of a layer in the layer', async () => {
    const probes = ['input to one.weights', 'one to two.weights'];
    const [one, two] = await courses('decolle', probes);
    const other = 'parameters: { before: 120, after: 200 }, text: *readout';
    const [same, different] = await courses('decolle', probes, [
      ['parameters: { before: 300, after: 60 }, text: *readout', other],
    ]);
    const all = ({ steps, at }: Course): number[] =>
      range(steps).flatMap((step) => range(9).map((i) => at(step, Math.floor(i / 3), i % 3)));
    expect(all(same!)).toEqual(all(one!));
    expect(all(different!)).not.toEqual(all(two!));
  });
});

describe('EMSTDP', () => {
  const PHASE = 32;
  const probes = [
    ...['input', 'hidden', 'output'].map((population) => `${population}.spikes`),
    ...['input to hidden', 'hidden to output'].flatMap((name) => [`${name}.weights`, `${name}.tags`]),
  ];

  it.each([
    ['up', 8, []],
    [
      'down',
      2,
      [
        ['bias: { mantissa: 16 }', 'bias: { mantissa: 4 }'],
        ['uniform: 20\n', 'uniform: 140\n'],
      ],
    ],
  ] as const)(
    'learns from the difference of two counts, %s to the target of %i',
    async (_, target, changes) => {
      const [input, hidden, output, ...synapses] = await courses('emstdp', probes, changes);
      const layers = [
        { pre: input!, post: hidden!, weights: synapses[0]!, tags: synapses[1]!, sizes: [2, 3] },
        { pre: hidden!, post: output!, weights: synapses[2]!, tags: synapses[3]!, sizes: [3, 1] },
      ] as const;
      const samples = range(output!.steps / (2 * PHASE)).map((sample) => sample * 2 * PHASE);
      for (const { pre, post, weights, tags, sizes } of layers) {
        for (const start of samples) {
          const [middle, end] = [start + PHASE, start + 2 * PHASE];
          for (const j of range(sizes[1])) {
            const [first, second] = [spikesIn(post, start, middle, j), spikesIn(post, middle, end, j)];
            for (const i of range(sizes[0])) {
              expect([tags.at(middle - 1, i, j), tags.at(end - 1, i, j)]).toEqual([first, second]);
              if (start > 0) expect(weights.at(end - 2, i, j)).toBe(weights.at(start - 1, i, j));
              const due = (spikesIn(pre, middle, end, i) * (second - first)) / 4;
              const change = weights.at(end - 1, i, j) - weights.at(end - 2, i, j);
              expect(Math.abs(change - due), `step ${end}`).toBeLessThan(2);
            }
          }
        }
      }
      const counts = samples.map((start) => spikesIn(output!, start, start + PHASE));
      // The first sample starts from rest.
      const atFirst = target - counts[1]!;
      const direction = Math.sign(atFirst);
      expect(Math.abs(atFirst)).toBeGreaterThan(4);
      for (const i of range(3))
        expect(
          direction * (synapses[2]!.at(output!.steps - 1, i, 0) - synapses[2]!.at(0, i, 0)),
        ).toBeGreaterThan(0);
      // Differences of less than a spike cannot be seen.
      expect(Math.abs(target - mean(counts.slice(-10)))).toBeLessThan(Math.abs(atFirst) / 4);
    },
  );
});
