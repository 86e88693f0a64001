// What a twin keeps of the chip, what it leaves out, and what it refuses.

import { describe, expect, it } from 'vitest';
import { Pupil } from '../../bench/pupil.ts';
import { loadChip } from '../../host/chip/load.ts';
import { compile } from '../../host/compile/compile.ts';
import { generateDigits } from '../../host/data/digits.ts';
import { EventList } from '../../host/machine/event-list.ts';
import { Machine } from '../../host/machine/machine.ts';
import { findRecipe } from '../../host/recipes/registry.ts';
import { Shadow } from '../../host/shadow/shadow.ts';
import { Examiner } from '../../host/training/evaluate.ts';
import { chipWith } from '../support/chips.ts';
import { userErrorOf } from '../support/errors.ts';
import { learn, type Pair, pairNetwork } from '../support/learning-pair.ts';
import { compileSmall, type SmallNetwork } from '../support/small-network.ts';

/** A pair of one row and one column. */
type OneSynapse = Pair & { readonly pre: readonly number[]; readonly post: readonly number[] };

/** Weights of the plastic synapses of a pair after its steps, on a twin. */
function twinWeights(pair: OneSynapse): number[] {
  const { image } = compileSmall(pairNetwork(pair));
  const shadow = new Shadow(image);
  const events = new EventList(image);
  for (let step = 1; step <= pair.steps; step++) {
    events.clear();
    if (pair.pre.includes(step)) events.push(0, events.port('pre').first);
    if (pair.post.includes(step + 1)) events.push(0, events.port('kick').first);
    shadow.present('step', events);
  }
  return [...shadow.weights.read('plastic')];
}

describe('learning of a full-precision twin', () => {
  const every = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 2);

  it('adds what the chip adds in the mean, without a random rounding', () => {
    const pair: OneSynapse = {
      build: 'release',
      rule: ['dw = 2^-4*x0*y0'],
      weight: 10,
      pre: every(80),
      post: every(80),
      steps: 82,
    };
    const [exact] = twinWeights(pair);
    expect(exact).toBeGreaterThan(14);
    expect(exact! % 2 ** -4).toBe(0);
    // 80 Bernoulli trials of 1/16 have a standard deviation of 2.2.
    expect(Math.abs(learn(pair).at(-1)![0]! - exact!)).toBeLessThan(7);
  });

  it('lets a weight leave the range of its format, but not cross the sign of its mode', () => {
    const pair = { build: 'release', weight: 250, pre: every(20), post: every(20), steps: 22 } as const;
    expect(twinWeights({ ...pair, rule: ['dw = 2*x0*y0'] })[0]).toBeGreaterThan(280);
    expect(learn({ ...pair, rule: ['dw = 2*x0*y0'] }).at(-1)).toEqual([255]);
    expect(twinWeights({ ...pair, weight: 5, rule: ['dw = -2*x0*y0'] })).toEqual([0]);
  });

  it('keeps a weight within the limit that the network sets', () => {
    const pair = { build: 'release', weight: 90, pre: every(20), post: every(20), steps: 22 } as const;
    const synapse = { signMode: 'excitatory', bits: 8, exponent: 0, weightLimit: 100 } as const;
    expect(twinWeights({ ...pair, synapse, rule: ['dw = 2*x0*y0'] })).toEqual([100]);
  });
});

describe('a full-precision twin', () => {
  const cell = { decayU: 4095, decayV: 0, threshold: 100 };
  const network = (change: Partial<SmallNetwork>): SmallNetwork => ({
    ports: [{ name: 'in', size: 1 }],
    populations: [{ name: 'cell', size: 1, compartment: cell }],
    ...change,
  });

  it('goes on from a snapshot as if nothing had been between', () => {
    const { image } = compileSmall(
      network({
        coreClasses: [{ name: 'core', noise: { exponent: 12, mantissaOffset: 0, target: 'membrane' } }],
        populations: [{ name: 'cell', size: 9, compartment: { ...cell, noise: true } }],
      }),
    );
    const shadow = new Shadow(image);
    const probe = shadow.probes.add('cell', 'v', 100);
    const run = (): number[][] => {
      for (let step = 0; step < 20; step++) shadow.present('step');
      return shadow.probes.drain(probe).map((row) => [...row]);
    };
    run();
    const snapshot = shadow.snapshot();
    const first = run();
    expect(run()).not.toEqual(first);
    shadow.restore(snapshot);
    expect(run()).toEqual(first);
    expect(() => shadow.restore(snapshot.subarray(8))).toThrow('another image');
  });

  it('refuses what it does not have, by name', () => {
    const { image } = compileSmall(network({}), chipWith({ semantics: { weightRead: 'late' } }));
    const late = userErrorOf(() => new Shadow(image));
    expect(late.message).toContain('semantics.weightRead late: a full-precision twin does not have that');
    expect(late.details.code).toBe('no-twin');
    const wide = compileSmall(network({}), chipWith({ semantics: { refractory: 'wholeSteps' } })).image;
    expect(userErrorOf(() => new Shadow(wide)).message).toContain('population "cell"');
    const { image: plain } = compileSmall(network({}));
    expect(() => new Shadow(plain).probes.add('cell', 'y1')).toThrow('has no y1 to record');
  });
});

describe('the twin of biograd', () => {
  const data = generateDigits({ trainCount: 1500, testCount: 200 });
  const { train } = data;
  const recipe = findRecipe('biograd');
  const lessonOf = (settings: Readonly<Record<string, unknown>>) =>
    recipe.create(recipe.resolve('digits', { hidden: 64, ...settings }), {
      height: train.height,
      width: train.width,
      classes: 10,
      seed: 5,
      trainingPresentations: train.count,
    });

  it.each(['sleep', 'copies', 'random'])(
    'fires as the chip until weights part, with feedback %s',
    (feedback) => {
      const lesson = lessonOf({ feedback });
      const { image } = compile(lesson.network, loadChip('loihi1').chip);
      const rasters = (runner: Machine | Shadow): number[][][] => {
        const probes = image.populations.map(({ name }) => runner.probes.add(name, 'spikes', 30));
        new Pupil(lesson, data, image, (name, events) => runner.present(name, events)).learn(1);
        const drain = runner.probes.drain.bind(runner.probes) as (probe: unknown) => ArrayLike<number>[];
        return probes.map((probe) => drain(probe).map((row) => [...Array.from(row)]));
      };
      const chip = rasters(new Machine(image, { probeBytes: 2 ** 22 }));
      expect(rasters(new Shadow(image))).toEqual(chip);
      expect(chip.flat(2).reduce((a, b) => a + b, 0)).toBeGreaterThan(20);
    },
  );

  it('learns digits, and its host writes no weight and reads no state', () => {
    const lesson = lessonOf({});
    const { image } = compile(lesson.network, loadChip('loihi1').chip);
    const shadow = new Shadow(image);
    new Pupil(lesson, data, image, (name, events) => shadow.present(name, events)).learn(train.count);
    expect(shadow.access).toEqual({ weightWrites: 0, stateReads: 0 });
    const examiner = new Examiner({ trained: image, timing: 'functional', precision: 'float' }, lesson);
    examiner.load(shadow.snapshot());
    const { correct, count, measurement } = examiner.examine(data.test, 0, 200);
    expect(correct / count).toBeGreaterThan(0.4); // chance is 0.1
    expect(measurement).toBeNull();
  });
});
