// The classic learning rules, run as a user does: sign and time course of the weight change against the rule as it is
// written on paper. docs/classics.md

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type NpyArray, readNpz } from '../../host/data/npz.ts';
import { run, temporaryFolder } from '../support/command-line.ts';

const folder = temporaryFolder();

const example = (file: string): string => fileURLToPath(new URL(`../../examples/${file}`, import.meta.url));

/** Classics and the chips that they name. */
const CLASSICS = {
  'stdp-window': 'loihi1',
  'triplet-stdp': 'loihi1',
  'reward-stdp': 'loihi1',
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

/** Runs an example, with its input if it has one, and gives the probes. */
async function courses(name: Classic, probes: readonly string[]): Promise<Course[]> {
  const out = join(folder, name);
  const input = example(`${name}.csv`);
  const { code, stderr } = await run(
    [
      'run',
      example(`${name}.yaml`),
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
const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;
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
