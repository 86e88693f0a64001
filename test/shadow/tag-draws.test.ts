// Tags that are asked for their sign: in a twin they draw what they draw on the chip, so a recipe that learns by its
// tags' random rounding has a twin.

import { describe, expect, it } from 'vitest';
import { loadChip } from '../../host/chip/load.ts';
import { compile } from '../../host/compile/compile.ts';
import { sin } from '../../host/data/functions/curves.ts';
import { Machine } from '../../host/machine/machine.ts';
import { findFunctionRecipe } from '../../host/recipes/function-registry.ts';
import { Shadow } from '../../host/shadow/shadow.ts';
import { functionTask, planFunction } from '../../host/training/function-plan.ts';
import { FunctionTrainer, Respondent } from '../../host/training/function-trainer.ts';

const recipe = findFunctionRecipe('forward-gradient')!;
const { chip } = loadChip('loihi2');
const PLASTIC = ['W hidden', 'W output', 'bias output'] as const;

/** Weights after every change of some trials with these loss differences, and then the answers at test points. */
function course(Runner: typeof Machine | typeof Shadow, rate: number, differences: readonly number[]) {
  const settings = { grid: 9, hiddenStep: 4, outputStep: 6, rate, hiddenRate: 1, rateEnd: 1 };
  const lesson = recipe.create(recipe.resolve('sin', settings), functionTask(sin, 5, 100));
  const machine = new Runner(compile(lesson.network, chip).image);
  const respondent = new Respondent(machine, lesson);
  const weights: number[][] = [];
  differences.forEach((difference, n) => {
    const losses = [difference, 0];
    const trial = lesson.trial(n);
    for (let next = trial.next(0); !next.done; ) {
      if (next.value === 'batch') {
        next = trial.next(losses.shift()!);
        continue;
      }
      respondent.events.clear();
      next.value.fill?.(respondent.events);
      respondent.present(next.value.presentation);
      weights.push(PLASTIC.flatMap((name) => Array.from(machine.weights.read(name))));
      next = trial.next(0);
    }
  });
  return { weights, answers: respondent.values(sin.test, 0, 50) };
}

describe('a twin of a recipe whose tags draw', () => {
  const differences = [3, -1, 2, 0, -3, 1, 1, -2];

  it('gives the very weights and answers of the chip where nothing is rounded', () => {
    // Steps of 2 weight units lie on the grid of the weights.
    const onChip = course(Machine, 2, differences);
    const onTwin = course(Shadow, 2, differences);
    expect(onTwin).toEqual(onChip);
    expect(new Set(onChip.answers).size).toBeGreaterThan(10);
    const changes = onChip.weights.slice(1).map((row, i) => row.some((w, k) => w !== onChip.weights[i]![k]));
    expect(changes.filter(Boolean).length).toBeGreaterThan(20);
  });

  it('moves weights along the same patterns by steps that the chip would round', () => {
    const patterns = (rate: number): number[][] => {
      const { weights } = course(Shadow, rate, [1]);
      return [1, 3].map((after) => weights[after]!.map((w, i) => w - weights[0]![i]!));
    };
    const [along, kept] = patterns(0.75);
    expect(new Set(along!.map(Math.abs))).toEqual(new Set([0, 4, 6]));
    along!.forEach((move, i) => {
      expect(kept![i]! + 0).toBe(-0.75 * Math.sign(move) + 0);
    });
  });

  it('learns, and its host writes no weight and reads no state', async () => {
    const plan = planFunction(
      { ...recipe, trialsPerEpoch: 40 },
      {
        recipe: recipe.name,
        data: 'sin',
        chip: 'loihi2',
        seed: 3,
        timing: 'functional',
        precision: 'float',
        epochs: 2,
        settings: { grid: 9, steps: 16, scale: 6000 },
      },
    );
    const trainer = new FunctionTrainer(plan, compile(plan.lesson.network, chip), 'hash');
    expect(trainer.machine).toBeInstanceOf(Shadow);
    const { checkpoint } = await trainer.run({
      progress: () => {},
      shouldStop: () => false,
      keep: () => {},
    });
    expect(checkpoint.perEpoch[1]).toBeLessThan(0.75);
    expect(checkpoint.access).toEqual({ weightWrites: 0, stateReads: 0 });
  });
});
