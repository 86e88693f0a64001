// Sweeps and searches: which points they try, and that one that is stopped and taken up again ends as one that was not.

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { generateDigits } from '../../../host/data/digits.ts';
import { firstGeneration, nextGeneration, ranking } from '../../../host/explore/genetic.ts';
import { gridPoints, runSweep } from '../../../host/explore/run-sweep.ts';
import { type GeneticPlan, readSweep } from '../../../host/explore/sweep-file.ts';
import { splitSamples } from '../../../host/explore/trial.ts';
import { userErrorOf } from '../../support/errors.ts';

const folder = mkdtempSync(join(tmpdir(), 'seamount-explore-'));
afterAll(() => rmSync(folder, { recursive: true }));
const data = generateDigits({ trainCount: 120, testCount: 1 });

const COMMON = `
recipe: adfa
data: digits
chip: loihi2
samples: 60
validation: 40
settings: { hidden: [12, 8], hiddenThreshold: 60 }
`;

function sweepOf(name: string, text: string) {
  const file = join(folder, `${name}.yaml`);
  writeFileSync(file, COMMON + text);
  return readSweep(file);
}

const PLAN: GeneticPlan = {
  population: 8,
  generations: 3,
  seed: 5,
  elite: 2,
  tournament: 3,
  mutation: 0.3,
  genes: { a: { from: -3, to: 9 }, b: ['x', 'y', 'z'], c: { from: 0, to: 5, length: 4 } },
};

describe('a genetic search', () => {
  const first = firstGeneration(PLAN);
  const fitness = first.map(({ a }) => a as number);

  it('draws individuals within the ranges of their genes, and the same from the same seed', () => {
    for (const { a, b, c } of first) {
      expect(a).toBeGreaterThanOrEqual(-3);
      expect(a).toBeLessThanOrEqual(9);
      expect(['x', 'y', 'z']).toContain(b);
      expect(c).toHaveLength(4);
    }
    expect(firstGeneration(PLAN)).toEqual(first);
    expect(firstGeneration({ ...PLAN, seed: 6 })).not.toEqual(first);
  });

  it('keeps the elite, stays within the ranges and climbs', () => {
    let [generation, scores] = [first, fitness];
    for (let number = 1; number <= 10; number++) {
      const elite = ranking(scores)
        .slice(0, 2)
        .map((i) => generation[i]);
      generation = nextGeneration(PLAN, number, generation, scores);
      expect(generation.slice(0, 2)).toEqual(elite);
      for (const { a, c } of generation) {
        expect(a as number).toBeLessThanOrEqual(9);
        for (const entry of c as number[]) expect(entry >= 0 && entry <= 5).toBe(true);
      }
      scores = generation.map(({ a }) => a as number);
    }
    expect(Math.max(...scores)).toBe(9);
    expect(scores.reduce((x, y) => x + y) / 8).toBeGreaterThan(fitness.reduce((x, y) => x + y) / 8);
  });
});

describe('a sweep', () => {
  it('tries every combination of a grid', () => {
    expect(gridPoints({ a: [1, 2], b: ['x', 'y'] })).toEqual([
      { a: 1, b: 'x' },
      { a: 1, b: 'y' },
      { a: 2, b: 'x' },
      { a: 2, b: 'y' },
    ]);
  });

  it('learns from the first samples and keeps the last ones out', () => {
    const base = { recipe: 'adfa', data: 'digits', chip: 'loihi2', samples: 60, epochs: 1, validation: 40 };
    const { learned, keptOut } = splitSamples(data, base);
    expect([...learned.labels]).toEqual([...data.train.labels.subarray(0, 60)]);
    expect([...keptOut.labels]).toEqual([...data.train.labels.subarray(80)]);
    expect(() => splitSamples(data, { ...base, samples: 100 })).toThrow(/140|120/);
  });

  it.each([
    ['grid', 'seeds: [1, 2]\ngrid: { g: [box, constant], learnShift: [8, 10] }'],
    [
      'genetic',
      'genetic: { population: 4, generations: 3, mutation: 0.5, genes: { g: [box, ramp, constant], learnShift: { from: 7, to: 11 } } }',
    ],
  ])('that is stopped and taken up again ends as one that was not (%s)', async (name, text) => {
    const sweep = sweepOf(name, text);
    const run = (out: string, trials = Number.POSITIVE_INFINITY) => {
      let left = trials;
      return runSweep(sweep, data, {
        folder: join(folder, out),
        threads: 1,
        say: () => {},
        interrupted: () => left-- <= 0,
      });
    };
    const whole = await run(`${name}-whole`);
    expect(whole.finished).toBe(true);
    expect((await run(`${name}-parts`, 2)).finished).toBe(false);
    const done = readdirSync(join(folder, `${name}-parts`, 'trials')).length;
    expect(done).toBeGreaterThan(0);
    expect(await run(`${name}-parts`)).toEqual(whole);
    expect(readdirSync(join(folder, `${name}-parts`, 'trials')).length).toBeGreaterThan(done);
  });

  it('says what is wrong with its file', () => {
    expect(userErrorOf(() => sweepOf('neither', '')).message).toMatch(/either grid or genetic/);
    expect(userErrorOf(() => sweepOf('unknown', 'grid: { g: [box] }\nseed: 3')).message).toMatch(
      /unknown key "seed"/,
    );
    expect(
      userErrorOf(() =>
        sweepOf('range', 'genetic: { population: 4, generations: 1, genes: { a: { from: 3, to: 1 } } }'),
      ).message,
    ).toMatch(/genes/);
  });
});
