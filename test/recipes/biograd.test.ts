// The recipe on the chip: what fires when, what changes which weights, and that plain loops do the same.

import { describe, expect, it } from 'vitest';
import { PlainChip } from '../../bench/plain-chip.ts';
import { Pupil, toPlainChip } from '../../bench/pupil.ts';
import { loadChip } from '../../host/chip/load.ts';
import { compile } from '../../host/compile/compile.ts';
import type { Dataset } from '../../host/data/dataset.ts';
import { generateDigits } from '../../host/data/digits.ts';
import { EventList } from '../../host/machine/event-list.ts';
import { Machine } from '../../host/machine/machine.ts';
import { settingsSchema } from '../../host/recipes/biograd/settings.ts';
import { FRAME, timeline } from '../../host/recipes/biograd/timeline.ts';
import type { Lesson } from '../../host/recipes/recipe.ts';
import { findRecipe } from '../../host/recipes/registry.ts';

const HIDDEN = 64;
const CLASSES = 10;
const SEED = 5;
const data: Dataset = generateDigits({ trainCount: 400, testCount: 10 });
const { train } = data;
const pixels = train.height * train.width;

function lessonOf(settings: Readonly<Record<string, unknown>>): Lesson {
  const recipe = findRecipe('biograd');
  const task = {
    height: train.height,
    width: train.width,
    classes: CLASSES,
    seed: SEED,
    trainingPresentations: train.count,
  };
  return recipe.create(recipe.resolve('digits', { hidden: HIDDEN, ...settings }), task);
}

function machineOf(lesson: Lesson, build: 'release' | 'scalar' = 'release'): Machine {
  return new Machine(compile(lesson.network, loadChip('loihi1').chip).image, { build });
}

function learn(lesson: Lesson, machine: Machine, samples: number): void {
  new Pupil(lesson, data, machine.image, (name, events) => machine.present(name, events)).learn(samples);
}

/** [step][element] of one presentation, without what comes before it in the lesson. */
function rasters(
  lesson: Lesson,
  machine: Machine,
  populations: readonly string[],
  sample: number,
): Map<string, Int32Array[]> {
  const probes = populations.map((name) => machine.probes.add(name, 'spikes'));
  const events = new EventList(machine.image);
  const image = train.images.subarray(sample * pixels, (sample + 1) * pixels);
  machine.present(lesson.train(events, image, train.labels[sample]!, sample), events);
  return new Map(populations.map((name, i) => [name, machine.probes.drain(probes[i]!)]));
}

const stepsOf = (raster: readonly Int32Array[]): number[] =>
  raster.flatMap((row, step) => (row.some((fired) => fired === 1) ? [step] : []));
const elementsAt = (raster: readonly Int32Array[], step: number): number[] =>
  [...raster[step]!].flatMap((fired, element) => (fired === 1 ? [element] : []));

function angleDeg(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += a[i]! * b[i]!;
    aa += a[i]! ** 2;
    bb += b[i]! ** 2;
  }
  return (Math.acos(ab / Math.sqrt(aa * bb)) * 180) / Math.PI;
}

/** [output][hidden] from [hidden][output]. */
function transposed(w: Int16Array, sign: 1 | -1): Int16Array {
  return Int16Array.from(
    { length: w.length },
    (_, i) => sign * w[(i % HIDDEN) * CLASSES + Math.floor(i / HIDDEN)]!,
  );
}

describe.each(['sleep', 'copies', 'random'])('biograd with feedback %s', (feedback) => {
  it('learns the same weights as plain loops, in every matrix', () => {
    const lesson = lessonOf({ feedback });
    const machine = machineOf(lesson);
    const plain = new PlainChip(machine.image);
    const samples = 150;
    const initial = machine.weights.read('W1');
    learn(lesson, machine, samples);
    new Pupil(lesson, data, machine.image, toPlainChip(machine.image, plain)).learn(samples);
    for (const { name, plastic } of machine.image.projections.filter((item) => item.plastic)) {
      expect(machine.weights.read(name), `${name} ${plastic}`).toEqual(plain.weights(name));
    }
    expect(machine.weights.read('W1')).not.toEqual(initial);
  });

  it('fires error neurons once, in their step, against the label', () => {
    const lesson = lessonOf({ feedback });
    const machine = machineOf(lesson);
    const t = timeline(settingsSchema.parse({ feedback }));
    for (let sample = 0; sample < 5; sample++) {
      const fired = rasters(lesson, machine, ['P', 'M'], sample);
      const [p, m] = [fired.get('P')!, fired.get('M')!];
      expect(
        stepsOf(p)
          .concat(stepsOf(m))
          .every((step) => step === t.error),
      ).toBe(true);
      const label = train.labels[sample]!;
      expect(elementsAt(p, t.error).every((k) => k === label)).toBe(true);
      expect(elementsAt(m, t.error)).not.toContain(label);
    }
  });

  it('writes no weight and reads no state from the host in training', () => {
    const lesson = lessonOf({ feedback });
    const machine = machineOf(lesson);
    learn(lesson, machine, 100);
    expect(machine.access).toEqual({ weightWrites: 0, stateReads: 0 });
  });
});

describe('the settings of biograd', () => {
  it('takes a preset, under what is given beside it', () => {
    const { hidden, feedback, rateDrops } = settingsSchema.parse({ preset: 'accurate', hidden: 100 });
    expect({ hidden, feedback, drops: rateDrops.length }).toEqual({
      hidden: 100,
      feedback: 'copies',
      drops: 3,
    });
    expect(settingsSchema.parse({ preset: 'quick' })).toEqual(settingsSchema.parse({}));
  });

  it('takes a preset for a data set, unless another is given', () => {
    const recipe = findRecipe('biograd');
    expect(recipe.resolve('fashion-mnist', {})).toMatchObject({ hiddenStep: 7, outputStep: 5 });
    expect(recipe.resolve('fashion-mnist', { preset: 'quick' })).toEqual(recipe.resolve('mnist', {}));
  });

  it('resolves to settings that resolve to themselves', () => {
    const recipe = findRecipe('biograd');
    const resolved = recipe.resolve('fashion-mnist', { preset: 'accurate' });
    expect(recipe.resolve('mnist', resolved)).toEqual(resolved);
  });

  it('refuses an unknown preset, and levels that are no whole units at a scaled output', () => {
    expect(() => findRecipe('biograd').resolve('mnist', { preset: 'precise' })).toThrow(/preset/);
    expect(() => findRecipe('biograd').resolve('mnist', { outputScale: 2, errorLow: 425 })).toThrow(
      /errorLow.*multiple of 4/,
    );
  });
});

describe('the learning of biograd', () => {
  it('forces hidden neurons and outputs in their two steps only, and never one twice', () => {
    const lesson = lessonOf({ feedback: 'random', feedbackInit: 100, activityCost: 0 });
    const machine = machineOf(lesson);
    const t = timeline(settingsSchema.parse({}));
    let forced = 0;
    for (let sample = 0; sample < 40; sample++) {
      const fired = rasters(lesson, machine, ['D', 'O'], sample);
      for (const raster of fired.values()) {
        expect(stepsOf(raster).every((step) => step === t.firstForce || step === t.secondForce)).toBe(true);
        const first = elementsAt(raster, t.firstForce);
        const second = elementsAt(raster, t.secondForce);
        forced += first.length + second.length;
        expect(first.filter((element) => second.includes(element))).toEqual([]);
      }
    }
    expect(forced).toBeGreaterThan(100);
  });

  it('changes the weights of pixels that fired, of forced neurons, by the sign of the step they are forced in', () => {
    const lesson = lessonOf({ feedback: 'random', inputDropout: 0 });
    const machine = machineOf(lesson);
    const t = timeline(settingsSchema.parse({}));
    const { pixelMin } = settingsSchema.parse({});
    const sums = { down: 0, up: 0 };
    const counts = { down: 0, up: 0 };
    let strayNeurons = 0;
    let forcedBefore: number[] = [];
    for (let sample = 0; sample < 60; sample++) {
      const before = machine.weights.read('W1');
      const raster = rasters(lesson, machine, ['D'], sample).get('D')!;
      const after = machine.weights.read('W1');
      const down = elementsAt(raster, t.firstForce);
      const up = elementsAt(raster, t.secondForce);
      const image = train.images.subarray(sample * pixels, (sample + 1) * pixels);
      const changed = [...after.keys()].filter((i) => after[i] !== before[i]);
      const isOn = (row: number): boolean => row === pixels || image[row]! >= pixelMin;
      expect(changed.filter((i) => !isOn(Math.floor(i / HIDDEN)))).toEqual([]);
      // A trace that rounds up all the way through a sample acts once more, by a grid step at most: 127 e^-10.
      const forced = [...down, ...up];
      const strays = changed.filter((i) => !forced.includes(i % HIDDEN));
      expect(strays.filter((i) => !forcedBefore.includes(i % HIDDEN))).toEqual([]);
      expect(strays.filter((i) => Math.abs(after[i]! - before[i]!) > 2)).toEqual([]);
      strayNeurons += new Set(strays.map((i) => i % HIDDEN)).size;
      forcedBefore = forced;
      for (const [way, sign, neurons] of [
        ['down', -1, down],
        ['up', 1, up],
      ] as const) {
        for (const neuron of neurons) {
          const at = pixels * HIDDEN + neuron; // the pixel that is always on
          const change = after[at]! - before[at]!;
          expect(sign * change).toBeGreaterThanOrEqual(0);
          sums[way] += change;
          counts[way] += 1;
        }
      }
    }
    expect(strayNeurons / (counts.down + counts.up)).toBeLessThan(0.02);
    // A step of 65/2^6 levels of 2, up or down: balanced, or weights would drift.
    expect(counts.down).toBeGreaterThan(100);
    expect(counts.up).toBeGreaterThan(100);
    const level = (2 * 129.5) / 2 ** 6 / 2;
    // Standard error of the mean: a change is 2 or 4, so its deviation is below 1.
    expect(Math.abs(sums.down / counts.down + level)).toBeLessThan(4 / Math.sqrt(counts.down));
    expect(Math.abs(sums.up / counts.up - level)).toBeLessThan(4 / Math.sqrt(counts.up));
  });

  it('halves its steps at each of the shares given, beyond what the exponent of a rule can do', () => {
    const rateDrops = [0.01, 0.02, 0.03];
    const lesson = lessonOf({ feedback: 'random', feedbackInit: 100, inputDropout: 0, rateDrops });
    const machine = machineOf(lesson);
    const t = timeline(settingsSchema.parse({}));
    const last = train.count * 0.03;
    learn(lesson, machine, last);
    for (const { presentation } of lesson.before(last))
      machine.present(presentation, new EventList(machine.image));
    let sum = 0;
    let count = 0;
    for (let sample = last; sample < last + 100; sample++) {
      const before = machine.weights.read('W1');
      const raster = rasters(lesson, machine, ['D'], sample).get('D')!;
      const after = machine.weights.read('W1');
      for (const [step, sign] of [
        [t.firstForce, -1],
        [t.secondForce, 1],
      ] as const) {
        for (const neuron of elementsAt(raster, step)) {
          const at = pixels * HIDDEN + neuron; // the pixel that is always on
          sum += sign * (after[at]! - before[at]!);
          count++;
        }
      }
    }
    expect(count).toBeGreaterThan(200);
    // A grid step of 2 with a chance of about 1/8: its deviation is 0.66.
    const expected = (2 * 129.5) / 2 ** 6 / 2 / 2 ** rateDrops.length;
    expect(Math.abs(sum / count - expected)).toBeLessThan((4 * 0.7) / Math.sqrt(count));
  });

  it('never sets off an output by its sum, if that is scaled for it', () => {
    const t = timeline(settingsSchema.parse({}));
    const stray = (outputScale: number): number[] => {
      const lesson = lessonOf({ feedback: 'random', outputScale, errorHigh: 1792, rampStep: 176 });
      const machine = machineOf(lesson);
      // All somas fire in nearly all of 11 steps, 50 levels each time: above 15,000 levels, and below 60,000.
      machine.weights.write('W1', new Int16Array((pixels + 1) * HIDDEN).fill(60));
      machine.weights.write('W2', new Int16Array(HIDDEN * CLASSES).fill(100));
      return stepsOf(rasters(lesson, machine, ['O'], 0).get('O')!).filter((step) => step < t.firstForce);
    };
    expect(stray(0)).not.toEqual([]);
    expect(stray(2)).toEqual([]);
  });

  it('keeps copies exact', () => {
    const lesson = lessonOf({ feedback: 'copies' });
    const machine = machineOf(lesson);
    learn(lesson, machine, 200);
    const w2 = machine.weights.read('W2');
    expect(w2.some((w) => Math.abs(w) > 60)).toBe(true);
    expect(machine.weights.read('BB')).toEqual(transposed(w2, 1));
    expect(machine.weights.read('BA')).toEqual(transposed(w2, -1));
  });

  it('keeps what copies that start at random differ by from the output weights', () => {
    const lesson = lessonOf({ feedback: 'copies', copiesStart: 'random' });
    const machine = machineOf(lesson);
    const difference = (sign: 1 | -1, name: string): number[] => {
      const feedback = machine.weights.read(name);
      return [...transposed(machine.weights.read('W2'), sign)].map((w, i) => w - feedback[i]!);
    };
    const start = [difference(1, 'BB'), difference(-1, 'BA')];
    learn(lesson, machine, 100);
    expect([difference(1, 'BB'), difference(-1, 'BA')]).toEqual(start);
    expect(start[0]!.some((each) => each !== 0)).toBe(true);
  });

  it('leaves random feedback as it is', () => {
    const lesson = lessonOf({ feedback: 'random' });
    const machine = machineOf(lesson);
    const before = ['BA', 'BB'].map((name) => machine.weights.read(name));
    learn(lesson, machine, 100);
    expect(['BA', 'BB'].map((name) => machine.weights.read(name))).toEqual(before);
  });
});

describe('sleep', () => {
  function slept(): { machine: Machine; before: { w1: Int16Array; w2: Int16Array }; steps: number } {
    const lesson = lessonOf({ feedback: 'sleep', outputInit: 40 });
    const machine = machineOf(lesson);
    const before = { w1: machine.weights.read('W1'), w2: machine.weights.read('W2') };
    const events = new EventList(machine.image);
    for (const { presentation, fill } of lesson.before(0)) {
      events.clear();
      fill?.(events);
      machine.present(presentation, events);
    }
    return { machine, before, steps: machine.steps };
  }

  it('aligns feedback that was 0 with the forward weights, in one night', () => {
    const { machine, before } = slept();
    expect(angleDeg(machine.weights.read('BB'), transposed(before.w2, 1))).toBeLessThan(35);
    expect(angleDeg(machine.weights.read('BA'), transposed(before.w2, -1))).toBeLessThan(35);
  });

  it('gives each synapse the sign of its forward weight, once that exceeds the level', () => {
    const { machine, before } = slept();
    const { sleepLevel } = settingsSchema.parse({});
    const target = transposed(before.w2, 1);
    const feedback = machine.weights.read('BB');
    // An output weight of one level moves the output by one unit a spike; a dreaming neuron fires once.
    const clear = [...target.keys()].filter((i) => Math.abs(target[i]! / 2) > 2 * sleepLevel);
    expect(clear.length).toBeGreaterThan(100);
    expect(clear.filter((i) => Math.sign(feedback[i]!) !== Math.sign(target[i]!))).toEqual([]);
  });

  it('lets a part of the neurons dream, the next ones in the next sleep', () => {
    const lesson = lessonOf({
      feedback: 'sleep',
      outputInit: 40,
      sleepNeurons: 20,
      sleepFirst: 1,
      sleepEvery: 1,
    });
    const machine = machineOf(lesson);
    const events = new EventList(machine.image);
    const aligned = (): number[] => {
      const feedback = machine.weights.read('BB');
      return Array.from({ length: HIDDEN }, (_, j) => j).filter((j) =>
        Array.from({ length: CLASSES }, (_, k) => feedback[k * HIDDEN + j]).some((w) => w !== 0),
      );
    };
    for (let sleep = 1; sleep <= 4; sleep++) {
      for (const { presentation, fill } of lesson.before(sleep - 1)) {
        events.clear();
        fill?.(events);
        machine.present(presentation, events);
      }
      expect(aligned()).toEqual(Array.from({ length: Math.min(HIDDEN, 20 * sleep) }, (_, j) => j));
    }
    expect(lessonOf({ feedback: 'sleep', sleepNeurons: 0 }).before(0)).toEqual([]);
  });

  it('leaves the forward weights alone and keeps learning epochs aligned with samples', () => {
    const { machine, before, steps } = slept();
    expect(machine.weights.read('W1')).toEqual(before.w1);
    expect(machine.weights.read('W2')).toEqual(before.w2);
    expect(steps % timeline(settingsSchema.parse({})).steps).toBe(0);
    expect(steps).toBeGreaterThan(HIDDEN * FRAME.steps);
  });
});
