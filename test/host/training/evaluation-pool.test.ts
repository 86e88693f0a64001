// Evaluations by any number of threads; workers run built code only, so this is about `dist`.

import { describe, expect, it } from 'vitest';
import { loadChip } from '../../../host/chip/load.ts';
import { compile } from '../../../host/compile/compile.ts';
import { generateDigits } from '../../../host/data/digits.ts';
import { Machine } from '../../../host/machine/machine.ts';
import { findRecipe } from '../../../host/recipes/registry.ts';
import type { EvaluationPool } from '../../../host/training/evaluation-pool.ts';

const BUILT = '../../../dist/host/training/evaluation-pool.js';

describe('evaluations', () => {
  it('answer the same with any number of threads, and on all of them', async () => {
    const { EvaluationPool: Pool } = (await import(BUILT)) as { EvaluationPool: typeof EvaluationPool };
    const data = generateDigits({ trainCount: 60, testCount: 1100 });
    const recipe = findRecipe('biograd');
    const settings = recipe.resolve('digits', { hidden: 16 });
    const task = { height: 28, width: 28, classes: 10, seed: 1, trainingPresentations: 60 };
    const lesson = recipe.create(settings, task);
    const trained = compile(lesson.network, loadChip('loihi1').chip).image;
    const snapshot = new Machine(trained).snapshot();
    const setup = {
      recipe: 'biograd',
      settings,
      task,
      images: { trained, timing: 'analytic' as const },
      sets: { train: data.train, test: data.test },
    };
    const answers = [];
    for (const threads of [1, 2, 3]) {
      const pool = new Pool(setup, lesson, threads);
      for (const everywhere of [false, true])
        answers.push(await pool.evaluate(snapshot, 'test', data.test.count, everywhere));
      await pool.close();
    }
    const [first, ...others] = answers;
    expect(first!.evaluation.count).toBe(1100);
    expect(first!.evaluation.answers).toHaveLength(1100);
    expect(Object.keys(first!.alignmentDeg)).toEqual(['EB', 'EA']);
    for (const answer of others) {
      expect(answer.evaluation.measurement).toEqual(first!.evaluation.measurement);
      expect([...answer.evaluation.answers]).toEqual([...first!.evaluation.answers]);
      expect({ ...answer.evaluation, measurement: 0, answers: 0, ties: 0 }).toEqual({
        ...first!.evaluation,
        measurement: 0,
        answers: 0,
        ties: 0,
      });
    }
  });
});
