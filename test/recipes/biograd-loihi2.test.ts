// The recipes for Loihi 2 on the chip: what the outputs send, what the tags hold, and which weights change by what.

import { describe, expect, it } from 'vitest';
import { Pupil } from '../../bench/pupil.ts';
import { loadChip } from '../../host/chip/load.ts';
import { compile } from '../../host/compile/compile.ts';
import { generateDigits } from '../../host/data/digits.ts';
import { EventList } from '../../host/machine/event-list.ts';
import { Machine } from '../../host/machine/machine.ts';
import type { Lesson } from '../../host/recipes/recipe.ts';
import { findRecipe } from '../../host/recipes/registry.ts';

const HIDDEN = 32;
const CLASSES = 10;
const data = generateDigits({ trainCount: 1500, testCount: 10 });
const { train } = data;
const pixels = train.height * train.width;

function lessonOf(name: string, settings: Readonly<Record<string, unknown>> = {}): Lesson {
  const recipe = findRecipe(name);
  const { height, width, count } = train;
  const task = { height, width, classes: CLASSES, seed: 5, trainingPresentations: count };
  return recipe.create(recipe.resolve('digits', { hidden: HIDDEN, ...settings }), task);
}

const machineOf = (lesson: Lesson): Machine =>
  new Machine(compile(lesson.network, loadChip('loihi2').chip).image, {
    probeBytes: 2 ** 22,
    probeRecords: 20,
  });

const imageOf = (sample: number): Uint8Array => train.images.subarray(sample * pixels, (sample + 1) * pixels);

/** Presents a training sample. */
function present(lesson: Lesson, machine: Machine, sample: number): void {
  const events = new EventList(machine.image);
  machine.present(lesson.train(events, imageOf(sample), train.labels[sample]!, sample), events);
}

const angle = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let [product, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    product += a[i]! * b[i]!;
    aa += a[i]! ** 2;
    bb += b[i]! ** 2;
  }
  return (Math.acos(product / Math.sqrt(aa * bb)) * 180) / Math.PI;
};

const transposed = (matrix: Int16Array): Int16Array =>
  Int16Array.from(matrix, (_, i) => matrix[(i % HIDDEN) * CLASSES + Math.floor(i / HIDDEN)]!);

describe('recipe biograd-loihi2', () => {
  it('sends each error in its own turn, positive for the label alone, and changes weights by it', () => {
    const lesson = lessonOf('biograd-loihi2', { inputDropout: 0 });
    const machine = machineOf(lesson);
    const payload = machine.probes.add('output', 'payload', lesson.stepsPerTrainingSample);
    const spikes = machine.probes.add('soma', 'spikes', lesson.stepsPerTrainingSample);
    const before = machine.weights.read('W2');
    present(lesson, machine, 0);
    const sent = machine.probes.drain(payload);
    const fired = machine.probes.drain(spikes);
    const after = machine.weights.read('W2');
    const label = train.labels[0]!;
    const errors = Array.from({ length: CLASSES }, (_, k) => {
      const steps = [...sent.keys()].filter((step) => sent[step]![k] !== 0);
      for (const step of steps) expect(step).toBe(12 + 2 * k);
      return steps.length === 0 ? 0 : sent[steps[0]!]![k]!;
    });
    expect(errors[label]).toBeGreaterThan(0);
    errors.forEach((error, k) => {
      if (k !== label) expect(error).toBeLessThanOrEqual(0);
    });
    const isActive = Array.from({ length: HIDDEN }, (_, j) => fired.some((step) => step[j] !== 0));
    expect(isActive).toContain(true);
    for (let j = 0; j < HIDDEN; j++)
      for (let k = 0; k < CLASSES; k++)
        // A unit of the error is two levels of 2.
        expect(after[j * CLASSES + k]! - before[j * CLASSES + k]!).toBe(isActive[j] ? 4 * errors[k]! : 0);
  });

  it('keeps what feedback and output weights differ by, so that they align', () => {
    const lesson = lessonOf('biograd-loihi2');
    const machine = machineOf(lesson);
    const difference = (): number[] => {
      const feedback = machine.weights.read('B');
      return [...transposed(machine.weights.read('W2'))].map((w, i) => w - feedback[i]!);
    };
    const start = difference();
    const first = angle(machine.weights.read('B'), transposed(machine.weights.read('W2')));
    for (let sample = 0; sample < 40; sample++) present(lesson, machine, sample);
    expect(difference()).toEqual(start);
    expect(angle(machine.weights.read('B'), transposed(machine.weights.read('W2')))).toBeLessThan(first - 20);
    expect(machine.access).toMatchObject({ weightWrites: 0 });
  });

  it('changes hidden weights only of pixels that fired and neurons with an error, by its sign', () => {
    const lesson = lessonOf('biograd-loihi2', { inputDropout: 0, hiddenThreshold: 200 });
    const machine = machineOf(lesson);
    const { stepsPerTrainingSample: steps } = lesson;
    const [y2, y3] = (['y2', 'y3'] as const).map((kind) => machine.probes.add('soma', kind, steps));
    let [up, down] = [0, 0];
    for (let sample = 0; sample < 30; sample++) {
      const before = machine.weights.read('W1');
      present(lesson, machine, sample);
      const after = machine.weights.read('W1');
      const more = machine.probes.drain(y2!).at(-1)!;
      const less = machine.probes.drain(y3!).at(-1)!;
      const image = imageOf(sample);
      for (let i = 0; i < after.length; i++) {
        const change = after[i]! - before[i]!;
        if (change === 0) continue;
        const [row, j] = [Math.floor(i / HIDDEN), i % HIDDEN];
        expect(row === pixels || image[row]! >= 16).toBe(true);
        expect(Math.sign(change)).toBe(Math.sign(more[j]! - less[j]!));
        if (change > 0) up++;
        else down++;
      }
    }
    expect(Math.min(up, down)).toBeGreaterThan(100);
  });

  it('learns', () => {
    const lesson = lessonOf('biograd-loihi2', { hidden: 64, hiddenThreshold: 300, rateDrops: [] });
    const machine = machineOf(lesson);
    const pupil = new Pupil(lesson, data, machine.image, (name, events) => machine.present(name, events));
    pupil.learn(1500);
    const events = new EventList(machine.image);
    for (const { presentation } of lesson.beforeTest) machine.present(presentation, events);
    const answers = machine.probes.add('answer', 'u', lesson.stepsPerTestSample);
    let right = 0;
    for (let sample = 0; sample < 100; sample++) {
      events.clear();
      machine.present(lesson.test(events, imageOf(sample)), events);
      const sums = [...machine.probes.drain(answers).at(-1)!];
      if (sums.indexOf(Math.max(...sums)) === train.labels[sample]) right++;
    }
    expect(right).toBeGreaterThan(60);
  });
});

describe('recipe biograd-loihi2 with two hidden layers', () => {
  const settings = { secondHidden: 24, inputDropout: 0, hiddenThreshold: 200, secondThreshold: 100 };

  it('changes weights of both by the error of their own neurons, and leaves the random feedback alone', () => {
    const lesson = lessonOf('biograd-loihi2', settings);
    const machine = machineOf(lesson);
    const { stepsPerTrainingSample: steps } = lesson;
    const layers = [
      { weights: 'W1', soma: 'soma', columns: HIDDEN },
      { weights: 'W12', soma: 'soma 2', columns: 24 },
    ].map((layer) => ({
      ...layer,
      posts: (['y2', 'y3'] as const).map((kind) => machine.probes.add(layer.soma, kind, steps)),
      changes: 0,
    }));
    const random = machine.weights.read('B1');
    for (let sample = 0; sample < 30; sample++) {
      const before = layers.map(({ weights }) => machine.weights.read(weights));
      present(lesson, machine, sample);
      layers.forEach((layer, l) => {
        const after = machine.weights.read(layer.weights);
        const [more, less] = layer.posts.map((probe) => machine.probes.drain(probe).at(-1)!);
        const signs = (i: number): [number, number] => [
          Math.sign(after[i]! - before[l]![i]!),
          Math.sign(more![i % layer.columns]! - less![i % layer.columns]!),
        ];
        const changed = [...after.keys()].filter((i) => signs(i)[0] !== 0);
        expect(changed.filter((i) => signs(i)[0] !== signs(i)[1])).toEqual([]);
        layer.changes += changed.length;
      });
    }
    for (const { changes } of layers) expect(changes).toBeGreaterThan(100);
    expect(machine.weights.read('B1')).toEqual(random);
  });
});

describe('the activity cost of biograd-loihi2', () => {
  it('is taken from what makes a neuron fire more, and from that alone', () => {
    const [free, dear] = [0, 255].map((activityCost) => {
      const lesson = lessonOf('biograd-loihi2', { activityCost, inputDropout: 0, hiddenThreshold: 200 });
      const machine = machineOf(lesson);
      const probes = (['y2', 'y3'] as const).map((kind) =>
        machine.probes.add('soma', kind, lesson.stepsPerTrainingSample),
      );
      present(lesson, machine, 0);
      return probes.map((probe) => [...machine.probes.drain(probe).at(-1)!]);
    });
    expect(free![0]!.some((more) => more > 0)).toBe(true);
    expect(dear![0]).toEqual(free![0]!.map(() => 0));
    expect(dear![1]).toEqual(free![1]);
    expect(free![1]!.some((less) => less > 0)).toBe(true);
  });
});

describe('recipe biograd-loihi2 without a reset', () => {
  const settings = { preset: 'reset-free', inputDropout: 0, hiddenThreshold: 200 };

  it('answers as after a long pause, whatever came before', () => {
    const lesson = lessonOf('biograd-loihi2', settings);
    const machine = machineOf(lesson);
    const pupil = new Pupil(lesson, data, machine.image, (name, events) => machine.present(name, events));
    pupil.learn(300);
    const events = new EventList(machine.image);
    for (const { presentation } of lesson.beforeTest) machine.present(presentation, events);
    const answers = machine.probes.add('answer', 'u', lesson.stepsPerTestSample);
    const answer = (sample: number): number => {
      events.clear();
      machine.present(lesson.test(events, imageOf(sample)), events);
      const sums = [...machine.probes.drain(answers).at(-1)!];
      return sums.indexOf(Math.max(...sums));
    };
    const samples = Array.from({ length: 40 }, (_, sample) => 300 + sample);
    const inTurn = samples.map(answer);
    const rested = samples.map((sample) => {
      events.clear();
      for (let pause = 0; pause < 10; pause++) machine.present('test', events);
      machine.probes.drain(answers);
      return answer(sample);
    });
    // e^-3.2 of the last sample's sums is left, which moves a spike by a step now and then.
    expect(inTurn.filter((label, i) => label === rested[i]).length).toBeGreaterThanOrEqual(36);
    expect(new Set(rested).size).toBeGreaterThan(5);
  });

  it('keeps copies exact, as it forgets in time which neurons were active', () => {
    const lesson = lessonOf('biograd-loihi2', settings);
    const machine = machineOf(lesson);
    const difference = (): number[] => {
      const feedback = machine.weights.read('B');
      return [...transposed(machine.weights.read('W2'))].map((w, i) => w - feedback[i]!);
    };
    const start = difference();
    for (let sample = 0; sample < 60; sample++) present(lesson, machine, sample);
    expect(difference()).toEqual(start);
  });
});

describe('recipe biograd-events', () => {
  it('takes the camera for MNIST', () => {
    expect(findRecipe('biograd-events').resolve('mnist', {})).toMatchObject({ preset: 'camera' });
  });

  it('sums trace × spikes of an epoch in the tags, forgets them with the next sample, and changes weights at its end', () => {
    const lesson = lessonOf('biograd-events', { inputDropout: 0, side: 12, hiddenThreshold: 20 });
    const machine = machineOf(lesson);
    const { stepsPerTrainingSample: steps } = lesson;
    const posts = (['y1', 'y2', 'y3'] as const).map((kind) => machine.probes.add('soma', kind, 2 * steps));
    const synapses = (['x1', 'tags', 'weights'] as const).map((kind) =>
      machine.probes.addOnProjection('W1', kind, 2 * steps),
    );
    present(lesson, machine, 0);
    present(lesson, machine, 1);
    const [y1, y2, y3] = posts.map((probe) => machine.probes.drain(probe));
    const [x1, tags, weights] = synapses.map((probe) => machine.probes.drainProjection(probe));
    const inputs = x1![0]!.length;
    let [tagged, changed] = [0, 0];
    const wrong: string[] = [];
    for (let step = 1; step < 2 * steps; step++) {
      const isEpoch = step % 10 === 9;
      const isEnd = step % steps === steps - 1;
      for (let s = 0; s < inputs * HIDDEN; s++) {
        const [i, j] = [Math.floor(s / HIDDEN), s % HIDDEN];
        const before = tags![step - 1]![s]!;
        const now = tags![step]![s]!;
        const change = weights![step]![s]! - weights![step - 1]![s]!;
        if (isEpoch) {
          // A tag loses all at the end of the first epoch; what it gains is rounded stochastically.
          const kept = step % steps === 9 ? 0 : before;
          const due = kept + (x1![step]![i]! * y1![step]![j]!) / 16;
          if (now < Math.floor(due) || now > Math.ceil(due)) wrong.push(`tag ${s} in step ${step}`);
          if (now > before) tagged++;
        } else if (now !== before) wrong.push(`tag ${s} in step ${step}`);
        if (change === 0) continue;
        const error = y2![step]![j]! - y3![step]![j]!;
        if (!isEnd || before === 0 || Math.sign(change) !== Math.sign(error))
          wrong.push(`weight ${s} in step ${step}`);
        changed++;
      }
    }
    expect(wrong).toEqual([]);
    expect(tagged).toBeGreaterThan(100);
    expect(changed).toBeGreaterThan(20);
  });
});
