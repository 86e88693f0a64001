// The recipe on the chip without recorded data: what fires when, what the weights become, and where populations lie.

import { describe, expect, it } from 'vitest';
import { loadChip } from '../../host/chip/load.ts';
import { type Compiled, compile } from '../../host/compile/compile.ts';
import { generateDigits } from '../../host/data/digits.ts';
import { EventList } from '../../host/machine/event-list.ts';
import { Machine } from '../../host/machine/machine.ts';
import { Binarizer } from '../../host/recipes/nbp/images.ts';
import { NbpLesson } from '../../host/recipes/nbp/recipe.ts';
import { settingsSchema } from '../../host/recipes/nbp/settings.ts';
import { MATRICES } from '../../host/recipes/nbp/training-network.ts';
import { initialWeights, transposed } from '../../host/recipes/nbp/weights.ts';
import { findRecipe } from '../../host/recipes/registry.ts';
import { Examiner } from '../../host/training/evaluate.ts';
import { userErrorOf } from '../support/errors.ts';

const HIDDEN = 30;
const OUTPUTS = 10;
const SAMPLES = 60;
const data = generateDigits({ trainCount: SAMPLES, testCount: 20 });
const { train } = data;
const pixels = train.height * train.width;
const task = {
  height: train.height,
  width: train.width,
  classes: OUTPUTS,
  seed: 3,
  trainingPresentations: SAMPLES,
};

function lessonOf(settings: Readonly<Record<string, unknown>> = {}): NbpLesson {
  return new NbpLesson(settingsSchema.parse({ hidden: HIDDEN, placement: 'packed', ...settings }), task);
}

function compiled(lesson: NbpLesson): Compiled {
  return compile(lesson.network, loadChip('loihi1').chip);
}

const image = (k: number): Uint8Array => train.images.subarray(k * pixels, (k + 1) * pixels);

function learn(lesson: NbpLesson, machine: Machine, count: number): void {
  const events = new EventList(machine.image);
  for (let k = 0; k < count; k++) {
    for (const { presentation, fill } of lesson.before(k)) {
      events.clear();
      fill?.(events);
      machine.present(presentation, events);
    }
    events.clear();
    machine.present(lesson.train(events, image(k), train.labels[k]!), events);
  }
}

describe('recipe nbp, its weights', () => {
  it('start even, clipped, and as wide as their fans ask', () => {
    const settings = settingsSchema.parse({});
    const { w1, w2 } = initialWeights({ inputs: 400, hidden: 400, outputs: 10 }, settings, 1);
    for (const [matrix, fans] of [
      [w1, 800],
      [w2, 410],
    ] as const) {
      expect(matrix.every((w) => w % 2 === 0 && Math.abs(w) <= 240)).toBe(true);
      const square = matrix.reduce((sum, w) => sum + w * w, 0) / matrix.length;
      const expected = 1024 * Math.sqrt(2 / fans);
      // The magnitude is rounded down, by one in the mean; 4,000 values give the deviation to 1.1 %.
      expect(Math.sqrt(square)).toBeGreaterThan(0.95 * (expected - 1));
      expect(Math.sqrt(square)).toBeLessThan(1.05 * expected);
    }
    expect(initialWeights({ inputs: 400, hidden: 400, outputs: 10 }, settings, 2).w1).not.toEqual(w1);
  });

  it('stay the same in all copies, and the host writes none', () => {
    const lesson = lessonOf();
    const machine = new Machine(compiled(lesson).image);
    const before = machine.weights.read(MATRICES.W1[0]);
    learn(lesson, machine, SAMPLES);
    const read = (name: string): Int16Array => machine.weights.read(name);
    expect(read(MATRICES.W1[0])).not.toEqual(before);
    for (const copies of [MATRICES.W1, MATRICES.W2])
      for (const copy of copies) expect(read(copy)).toEqual(read(copies[0]));
    const w2 = read(MATRICES.W2[0]);
    expect(read(MATRICES.W2T)).toEqual(transposed(w2, HIDDEN, OUTPUTS, 1));
    expect(read(MATRICES.minusW2T)).toEqual(transposed(w2, HIDDEN, OUTPUTS, -1));
    expect(machine.access.weightWrites).toBe(0);
  });

  it('follow the integer equations that the gates carry out', () => {
    const lesson = lessonOf();
    const machine = new Machine(compiled(lesson).image);
    const { inputs } = new Binarizer(train, settingsSchema.parse({}));
    const w1 = machine.weights.read(MATRICES.W1[0]);
    const w2 = machine.weights.read(MATRICES.W2[0]);
    const clip = (w: number): number => Math.min(254, Math.max(-256, w));
    learn(lesson, machine, SAMPLES);
    for (let k = 0; k < SAMPLES; k++) {
      const active: number[] = [];
      new Binarizer(train, settingsSchema.parse({})).active(image(k), (i) => active.push(i));
      const s = Array.from({ length: HIDDEN }, (_, h) =>
        active.reduce((sum, i) => sum + w1[i * HIDDEN + h]!, 0),
      );
      const fired = s.flatMap((sum, h) => (sum > 512 ? [h] : []));
      const r = Array.from({ length: OUTPUTS }, (_, o) =>
        fired.reduce((sum, h) => sum + w2[h * OUTPUTS + o]!, 0),
      );
      const up = r.flatMap((sum, o) => (o === train.labels[k] && sum > 0 && sum <= 512 ? [o] : []));
      const down = r.flatMap((sum, o) => (o !== train.labels[k] && sum > 512 && sum <= 1024 ? [o] : []));
      const row = (h: number, outputs: readonly number[]): number =>
        outputs.reduce((sum, o) => sum + w2[h * OUTPUTS + o]!, 0);
      const e = s.map((_, h) => row(h, up) - row(h, down));
      for (const h of fired) {
        for (const o of up) w2[h * OUTPUTS + o] = clip(w2[h * OUTPUTS + o]! + 2);
        for (const o of down) w2[h * OUTPUTS + o] = clip(w2[h * OUTPUTS + o]! - 2);
      }
      s.forEach((sum, h) => {
        if (sum <= 0 || sum > 1024) return;
        for (const i of active) w1[i * HIDDEN + h] = clip(w1[i * HIDDEN + h]! + 2 * Math.sign(e[h]!));
      });
    }
    expect(inputs).toBe(400);
    expect(machine.weights.read(MATRICES.W1[0])).toEqual(w1);
    expect(machine.weights.read(MATRICES.W2[0])).toEqual(w2);
  });
});

describe('recipe nbp, its networks', () => {
  it('have the published sizes: 3,282 compartments and 517,203 synapses; 814 and 165,215', () => {
    const { network, deployment } = new NbpLesson(settingsSchema.parse({}), task);
    const synapses = ({ projections }: typeof network, sizeOf: (name: string) => number): number =>
      projections.reduce(
        (sum, { from, to, connection }) =>
          sum + sizeOf(to) * (connection.kind === 'one-to-one' ? 1 : sizeOf(from)),
        0,
      );
    for (const [net, compartments, expected] of [
      [network, 3282, 517_203],
      [deployment.network, 814, 165_215],
    ] as const) {
      const sizes = new Map([...net.ports, ...net.populations].map(({ name, size }) => [name, size]));
      expect(net.populations.reduce((sum, { size }) => sum + size, 0)).toBe(compartments);
      expect(synapses(net, (name) => sizes.get(name)!)).toBe(expected);
    }
  });

  it('lie as published: six of 400 on a core, hidden ones from the first, images from the fifteenth', () => {
    const lesson = new NbpLesson(settingsSchema.parse({}), task);
    const { image: chip } = compiled(lesson);
    expect(chip.cores).toHaveLength(81);
    const slices = (name: string) => chip.populations.find((item) => item.name === name)!.slices;
    expect(slices('h1')).toHaveLength(67);
    expect(slices('h1')[0]).toMatchObject({ core: 0, element: 0, count: 6 });
    expect(slices('h1').at(-1)).toMatchObject({ core: 66, element: 396, count: 4 });
    expect(slices('x')[0]).toMatchObject({ core: 14, count: 6 });
    expect(slices('o').map(({ core }) => core)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(slices('g07')).toEqual([expect.objectContaining({ core: 38, count: 1 })]);
  });

  it('answers on the inference network with the trained weights, by spikes and by sums', () => {
    const lesson = lessonOf();
    const trained = compiled(lesson).image;
    const machine = new Machine(trained);
    learn(lesson, machine, SAMPLES);
    const deployed = compile(lesson.deployment.network, loadChip('loihi1').chip).image;
    const examiner = new Examiner({ trained, deployed, timing: 'functional' }, lesson);
    examiner.load(machine.snapshot());
    const { answers, count, correct, otherCorrect, measurement } = examiner.examine(data.test, 0, 20);
    const w1 = machine.weights.read(MATRICES.W1[0]);
    const w2 = machine.weights.read(MATRICES.W2[0]);
    let bySums = 0;
    let bySpikes = 0;
    for (let k = 0; k < count; k++) {
      const active: number[] = [];
      new Binarizer(train, settingsSchema.parse({})).active(
        data.test.images.subarray(k * pixels, (k + 1) * pixels),
        (i) => active.push(i),
      );
      const hidden = Array.from({ length: HIDDEN }, (_, h) =>
        active.reduce((sum, i) => sum + w1[i * HIDDEN + h]!, 0),
      ).flatMap((sum, h) => (sum > 512 ? [h] : []));
      const r = Array.from({ length: OUTPUTS }, (_, o) =>
        hidden.reduce((sum, h) => sum + w2[h * OUTPUTS + o]!, 0),
      );
      const answer = Math.max(
        0,
        r.findIndex((sum) => sum > 512),
      );
      expect(answers[k]).toBe(answer);
      if (answer === data.test.labels[k]) bySpikes++;
      if (r.indexOf(Math.max(...r)) === data.test.labels[k]) bySums++;
    }
    expect([correct, otherCorrect.sums]).toEqual([bySpikes, bySums]);
    const steps = measurement!.times.reduce((sum, time) => sum + time.steps, 0);
    expect(steps).toBe(4 * count);
    expect(examiner.alignmentDeg()).toEqual({ W2T: 0, '-W2T': 0 });
  });

  it('refuse a crop that leaves nothing', () => {
    const recipe = findRecipe('nbp');
    const { message } = userErrorOf(() => recipe.create(recipe.resolve('digits', { crop: 14 }), task));
    expect(message).toContain('nothing is left of 28 x 28 pixels');
  });
});
