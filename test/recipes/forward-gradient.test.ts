// The recipe on the chip: what the tags hold, how weights move along them and back, and that functions are learned.

import { describe, expect, it } from 'vitest';
import { loadChip } from '../../host/chip/load.ts';
import { compile } from '../../host/compile/compile.ts';
import { inspectProducts } from '../../host/compile/legality.ts';
import { sin } from '../../host/data/functions/curves.ts';
import { problemNamed } from '../../host/data/functions/load.ts';
import { EventList } from '../../host/machine/event-list.ts';
import { Machine } from '../../host/machine/machine.ts';
import { findFunctionRecipe } from '../../host/recipes/function-registry.ts';
import type { Checkpoint } from '../../host/training/checkpoint.ts';
import { functionTask, planFunction } from '../../host/training/function-plan.ts';
import { FunctionTrainer, Respondent } from '../../host/training/function-trainer.ts';

const recipe = findFunctionRecipe('forward-gradient')!;
const { chip } = loadChip('loihi2');
const PLASTIC = ['W hidden', 'W output', 'bias output'] as const;
const STEP = { hidden: 4, output: 6 } as const;
const stepOf = (name: string): number => (name === 'W hidden' ? STEP.hidden : STEP.output);

/** Weights and tags of every plastic synapse, by projection. */
type State = Readonly<Record<string, { readonly weights: Int32Array; readonly tags: Int32Array }>>;

/** A chip whose trials are given losses instead of answers. */
class Bench {
  readonly machine: Machine;
  readonly #lesson;
  readonly #events: EventList;
  readonly #probes;
  #trials = 0;

  constructor(settings: Readonly<Record<string, unknown>>) {
    const given = {
      grid: 9,
      hiddenStep: STEP.hidden,
      outputStep: STEP.output,
      rate: 1,
      rateEnd: 1,
      ...settings,
    };
    this.#lesson = recipe.create(recipe.resolve('sin', given), functionTask(sin, 5, 100));
    this.machine = new Machine(compile(this.#lesson.network, chip).image);
    this.#events = new EventList(this.machine.image);
    this.#probes = PLASTIC.map((name) => ({
      name,
      weights: this.machine.probes.addOnProjection(name, 'weights', 3),
      tags: this.machine.probes.addOnProjection(name, 'tags', 3),
    }));
  }

  #state(): State {
    return Object.fromEntries(
      this.#probes.map(({ name, weights, tags }) => [
        name,
        {
          weights: this.machine.probes.drainProjection(weights).at(-1)!,
          tags: this.machine.probes.drainProjection(tags).at(-1)!,
        },
      ]),
    );
  }

  /** States after the draw, along the pattern, against it and at the end. */
  trial(losses: readonly [number, number]): State[] {
    const states: State[] = [];
    const given = [...losses];
    const trial = this.#lesson.trial(this.#trials++);
    for (let next = trial.next(0); !next.done; ) {
      if (next.value === 'batch') {
        next = trial.next(given.shift()!);
        continue;
      }
      this.#events.clear();
      next.value.fill?.(this.#events);
      this.machine.present(next.value.presentation, this.#events);
      states.push(this.#state());
      next = trial.next(0);
    }
    return states;
  }
}

/** Checks every synapse that exists. */
function everySynapse(
  states: readonly State[],
  check: (name: string, weights: readonly number[], pattern: 1 | -1) => void,
): void {
  for (const name of PLASTIC) {
    const weights = states.map((state) => state[name]!.weights);
    states.at(-1)![name]!.tags.forEach((tag, i) => {
      if (!weights.every((values) => values[i] === 0))
        check(
          name,
          weights.map((values) => values[i]!),
          tag === 1 ? 1 : -1,
        );
    });
  }
}

describe('recipe forward-gradient', () => {
  it('draws a pattern of 0 and 1 into the tags, another one for every trial', () => {
    const bench = new Bench({});
    const patterns = [0, 1].map(() => bench.trial([0, 0])[0]!);
    for (const state of patterns) {
      const tags = PLASTIC.flatMap((name) => Array.from(state[name]!.tags));
      expect(new Set(tags)).toEqual(new Set([0, 1]));
    }
    const [first, second] = patterns.map((state) => state['W hidden']!.tags);
    expect(first).not.toEqual(second);
    // 25 neighbours and 9 biases exist; of 68 draws, six standard deviations are 25.
    const ones = [first!, second!].flatMap((tags) => Array.from(tags)).filter((tag) => tag === 1).length;
    expect(Math.abs(ones - 34)).toBeLessThan(25);
  });

  it('moves weights along the pattern, then against it', () => {
    const states = new Bench({}).trial([0, 0]);
    let moved = 0;
    everySynapse(states, (name, [before, along, against], pattern) => {
      expect(along! - before!).toBe(pattern * stepOf(name));
      expect(against! - before!).toBe(-pattern * stepOf(name));
      moved++;
    });
    expect(moved).toBe(25 + 9 + 9 + 1);
  });

  it('leaves weights bit-identical if the two losses are equal', () => {
    const bench = new Bench({ perturb: 'global', start: 100 });
    for (let trial = 0; trial < 20; trial++) {
      const states = bench.trial([0.5, 0.5]);
      for (const name of PLASTIC) expect(states[3]![name]!.weights).toEqual(states[0]![name]!.weights);
    }
  });

  it.each([
    { losses: [4, 2] as const, sign: -1 },
    { losses: [1, 3] as const, sign: 1 },
  ])('moves weights along a pattern with the lesser loss: $losses', ({ losses, sign }) => {
    // A difference of 2 at a rate of 1 is 2 units, a step of the weights' grid, which needs no rounding.
    const states = new Bench({ hiddenRate: 1 }).trial(losses);
    everySynapse(states, (_, weights, pattern) => {
      expect(weights[3]! - weights[0]!).toBe(sign * 2 * pattern);
    });
  });

  it('takes no step that is longer than the perturbation', () => {
    const states = new Bench({ hiddenRate: 1 }).trial([1000, 0]);
    everySynapse(states, (name, weights, pattern) => {
      expect(weights[3]! - weights[0]!).toBe(-pattern * stepOf(name));
    });
  });

  it('rounds steps below the grid stochastically, synapse by synapse', () => {
    const bench = new Bench({ hiddenRate: 1 });
    let steps = 0;
    let synapses = 0;
    for (let trial = 0; trial < 40; trial++) {
      everySynapse(bench.trial([0.5, 0]), (_, weights, pattern) => {
        const step = -pattern * (weights[3]! - weights[0]!);
        expect([0, 2]).toContain(step);
        steps += step / 2;
        synapses++;
      });
    }
    // Half a unit is a quarter of a grid step.
    const deviation = Math.sqrt(synapses * 0.25 * 0.75);
    expect(Math.abs(steps - synapses / 4)).toBeLessThan(4 * deviation);
  });

  it('perturbs one layer a trial if it is told to', () => {
    const bench = new Bench({ perturb: 'layers' });
    for (const moving of ['hidden', 'output']) {
      const [before, along] = bench.trial([1, 0]);
      for (const name of PLASTIC) {
        const isMoving = name.endsWith(moving);
        if (isMoving) expect(along![name]!.weights).not.toEqual(before![name]!.weights);
        else expect(along![name]!.weights).toEqual(before![name]!.weights);
      }
    }
  });

  it('is legal on loihi2', () => {
    const lesson = recipe.create(recipe.resolve('sin', {}), functionTask(sin, 1, 10));
    const { verdicts, legality } = inspectProducts(lesson.network, chip);
    expect(verdicts.filter(({ refusal }) => refusal !== undefined)).toEqual([]);
    expect(legality.extensions).toEqual([]);
  });
});

/** Steps in which a rate neuron fires. */
function rateSpikes(payload: number, steps: number): boolean[] {
  let v = 32;
  return Array.from({ length: steps }, () => {
    v += payload;
    if (v < 64) return false;
    v -= 64;
    return true;
  });
}

/** Steps in which a hidden neuron fires: it hears a spike one step later. */
function hiddenSpikes(inputs: readonly boolean[][], weights: readonly number[], threshold: number): number {
  let v = threshold >> 1;
  let count = 0;
  for (let step = 0; step < inputs[0]!.length; step++) {
    inputs.forEach((spikes, i) => {
      if (spikes[step] === true) v += weights[i]!;
    });
    if (v < threshold) continue;
    v -= threshold;
    count++;
  }
  return count;
}

describe.each(['sin', 'antiderivative'])('a pass on %s', (data) => {
  const problem = problemNamed(data)!;
  const settings = { grid: 7, width: 2, steps: 16, threshold: 128, start: 140, scale: 1000 };
  const task = functionTask(problem, 5, 100);
  const lesson = recipe.create(recipe.resolve('none', settings), task);
  const { image } = compile(lesson.network, chip);
  const machine = new Machine(image);
  const respondent = new Respondent(machine, lesson);

  it('answers what its weights, thresholds and tuning curves say', () => {
    const isOperator = problem.sensors > 0;
    const last = isOperator ? 'W branch' : 'W output';
    const probes = Object.fromEntries(
      ['W hidden', last, ...(isOperator ? [] : ['bias output'])].map((name) => [
        name,
        machine.probes.addOnProjection(name, 'weights', 200),
      ]),
    );
    // Ten trials with losses that differ leave weights of all kinds.
    let passes = 0;
    for (let n = 0; n < 10; n++) {
      const trial = lesson.trial(n);
      for (let next = trial.next(0); !next.done; ) {
        if (next.value === 'batch') {
          next = trial.next((passes++ * 7) % 5);
          continue;
        }
        respondent.events.clear();
        next.value.fill?.(respondent.events);
        respondent.present(next.value.presentation);
        next = trial.next(0);
      }
    }
    const weights = Object.fromEntries(
      Object.entries(probes).map(([name, probe]) => [name, machine.probes.drainProjection(probe).at(-1)!]),
    );
    const { grid, steps, threshold, scale } = settings;
    const width = problem.sensors + 1;
    const answers = respondent.values(problem.test, 0, 100);
    answers.forEach((answer, p) => {
      const point = problem.test.inputs.subarray(p * width, (p + 1) * width);
      const x = point[problem.sensors]!;
      const payloads = Array.from({ length: grid }, (_, k) =>
        Math.round(64 * Math.max(0, 1 - Math.abs(x * (grid - 1) - k) / 2)),
      );
      const tuned = [...payloads, 64].map((payload) => rateSpikes(payload, steps));
      const hidden = payloads.map((_, j) =>
        hiddenSpikes(
          tuned,
          tuned.map((_, i) => weights['W hidden']![i * grid + j]!),
          threshold,
        ),
      );
      const sensed = Array.from({ length: 2 * problem.sensors }, (_, channel) => {
        const value = Math.round(64 * point[channel % problem.sensors]!);
        const payload = channel < problem.sensors ? Math.max(0, value) : Math.max(0, -value);
        return rateSpikes(payload, steps).filter(Boolean).length;
      });
      const expected = hidden.reduce(
        (sum, count, k) => {
          if (!isOperator) return sum + weights[last]![k]! * count;
          const branch = sensed.reduce((all, n, i) => all + n * weights[last]![i * grid + k]!, 0);
          return sum + Math.floor((branch * count) / 32);
        },
        isOperator ? 0 : weights['bias output']![grid]! * steps,
      );
      expect(answer).toBeCloseTo((expected / scale) * problem.amplitude, 9);
    });
    expect(new Set(answers).size).toBeGreaterThan(10);
  });
});

describe('training a function', () => {
  const plan = () =>
    planFunction(
      { ...recipe, trialsPerEpoch: 40 },
      {
        recipe: recipe.name,
        data: 'sin',
        chip: 'loihi2',
        seed: 3,
        timing: 'functional',
        epochs: 2,
        settings: { grid: 9, steps: 16, scale: 6000 },
      },
    );
  const trainer = (): FunctionTrainer => {
    const planned = plan();
    return new FunctionTrainer(planned, compile(planned.lesson.network, chip), 'hash');
  };
  const kept: Checkpoint[] = [];
  const whole = trainer().run({
    progress: () => {},
    shouldStop: () => false,
    keep: (checkpoint) => kept.push(checkpoint),
  });

  it('lowers the error without a host access to weights or states', async () => {
    const { checkpoint } = await whole;
    expect(checkpoint.perEpoch).toHaveLength(2);
    expect(checkpoint.perEpoch[1]).toBeLessThan(0.75);
    expect(checkpoint.perEpoch[1]).toBeLessThan(checkpoint.perEpoch[0]!);
    expect(checkpoint.access).toEqual({ weightWrites: 0, stateReads: 0 });
  });

  it('goes on from a checkpoint to the same state', async () => {
    const first = trainer();
    let trials = 0;
    const { finished, checkpoint } = await first.run({
      progress: () => {
        trials++;
      },
      shouldStop: () => trials === 50,
      keep: () => {},
    });
    expect(finished).toBe(false);
    const second = trainer();
    second.resume(checkpoint);
    const ended = await second.run({ progress: () => {}, shouldStop: () => false, keep: () => {} });
    const { state, perEpoch } = (await whole).checkpoint;
    expect(ended.checkpoint.perEpoch).toEqual(perEpoch);
    expect(Buffer.compare(ended.checkpoint.state, state)).toBe(0);
  });

  it('refuses what is not a function, and options of data sets', () => {
    const request = { recipe: recipe.name, data: 'sine', chip: 'loihi2', seed: 1, timing: 'functional' };
    expect(() => planFunction(recipe, { ...request, settings: {} })).toThrow(/no function is named "sine"/);
    expect(() => planFunction(recipe, { ...request, data: 'sin', samples: 5, settings: {} })).toThrow(
      /--samples/,
    );
  });
});
