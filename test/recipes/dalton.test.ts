// The recipe on the chip: when errors come and what they change, that copies learn by the same rule, and that it learns.

import { describe, expect, it } from 'vitest';
import { Pupil } from '../../bench/pupil.ts';
import { loadChip } from '../../host/chip/load.ts';
import { compile } from '../../host/compile/compile.ts';
import { generateDigits } from '../../host/data/digits.ts';
import { EventList } from '../../host/machine/event-list.ts';
import { Machine } from '../../host/machine/machine.ts';
import { planOf } from '../../host/recipes/dalton/network.ts';
import { settingsSchema } from '../../host/recipes/dalton/settings.ts';
import type { Lesson, Task } from '../../host/recipes/recipe.ts';
import { findRecipe } from '../../host/recipes/registry.ts';
import { Rounding } from '../support/rounding.ts';

const data = generateDigits({ trainCount: 600, testCount: 10 });
const { train } = data;
const pixels = train.height * train.width;
const task: Task = {
  height: train.height,
  width: train.width,
  classes: 10,
  seed: 5,
  trainingPresentations: train.count,
};
/** Two layers that answer to every error, so that something happens in every sample. */
const DEEP = {
  dense: [48, 32],
  thresholds: [300, 200],
  readoutInit: [127],
  errorScale: [40, 20],
  rateDrops: [],
};

function lessonOf(settings: Readonly<Record<string, unknown>>): Lesson {
  const recipe = findRecipe('dalton');
  return recipe.create(recipe.resolve('digits', settings), task);
}

function machineOf(lesson: Lesson): Machine {
  return new Machine(compile(lesson.network, loadChip('loihi2').chip).image, { probeBytes: 2 ** 22 });
}

function learn(lesson: Lesson, machine: Machine, samples: number): void {
  new Pupil(lesson, data, machine.image, (name, events) => machine.present(name, events)).learn(samples);
}

/** [step][element] of one training sample. */
function rasters(lesson: Lesson, machine: Machine, populations: readonly string[], sample: number) {
  const probes = populations.map((name) => machine.probes.add(name, 'spikes'));
  const events = new EventList(machine.image);
  const image = train.images.subarray(sample * pixels, (sample + 1) * pixels);
  machine.present(lesson.train(events, image, train.labels[sample]!, sample), events);
  return probes.map((probe) => machine.probes.drain(probe));
}

const firedIn = (raster: readonly Int32Array[], step: number): number[] =>
  [...raster[step]!].flatMap((fired, element) => (fired === 1 ? [element] : []));
const firedEver = (raster: readonly Int32Array[]): Set<number> =>
  new Set(raster.flatMap((_, step) => firedIn(raster, step)));

describe('dalton with two layers', () => {
  const lesson = lessonOf(DEEP);
  const machine = machineOf(lesson);
  const { timeline } = planOf(settingsSchema.parse(DEEP), task);

  it('answers to errors layer by layer, from above, "more" one step before "less", and only where somas fired', () => {
    let answers = 0;
    for (let sample = 0; sample < 30; sample++) {
      const [out, soma1, soma2, error1, error2] = rasters(
        lesson,
        machine,
        ['out 2', 'soma 1', 'soma 2', 'error 1', 'error 2'],
        sample,
      );
      const label = train.labels[sample]!;
      expect(firedIn(out!, timeline.error).every((k) => k === label)).toBe(true);
      expect(firedIn(out!, timeline.error + 1)).not.toContain(label);
      for (const [l, errors, somas] of [
        [0, error1!, soma1!],
        [1, error2!, soma2!],
      ] as const) {
        const more = timeline.more[l]! + 1;
        const active = firedEver(somas);
        for (const step of errors.keys())
          if (step !== more && step !== more + 1) expect(firedIn(errors, step)).toEqual([]);
        for (const neuron of firedEver(errors)) expect(active.has(neuron)).toBe(true);
        expect(firedIn(errors, more).filter((neuron) => errors[more + 1]![neuron] === 1)).toEqual([]);
        answers += firedEver(errors).size;
      }
    }
    expect(answers).toBeGreaterThan(100);
  });

  it('changes weights of inputs that fired at neurons that were answered, up for "more" and down for "less"', () => {
    const changes = { up: 0, down: 0 };
    for (let sample = 30; sample < 70; sample++) {
      const before = machine.weights.read('W 2');
      const [below, errors] = rasters(lesson, machine, ['soma 1', 'error 2'], sample);
      const after = machine.weights.read('W 2');
      const active = firedEver(below!);
      const more = timeline.more[1]! + 1;
      for (const i of after.keys()) {
        const [from, to] = [Math.floor(i / 32), i % 32];
        const change = after[i]! - before[i]!;
        if (change === 0) continue;
        expect(active.has(from)).toBe(true);
        expect(errors![change > 0 ? more : more + 1]![to]).toBe(1);
        changes[change > 0 ? 'up' : 'down']++;
      }
    }
    expect(changes.up).toBeGreaterThan(20);
    expect(changes.down).toBeGreaterThan(20);
  });

  it('writes no weight and reads no state from the host in training', () => {
    const fresh = machineOf(lesson);
    learn(lesson, fresh, 50);
    expect(fresh.access).toEqual({ weightWrites: 0, stateReads: 0 });
  });
});

describe('dalton on rasters of events', () => {
  it('changes weights by half a level for every spike of their pixel', () => {
    const width = 4;
    const raster = { height: 2 * 4 * 4, width, classes: 10, seed: 5, trainingPresentations: 10 };
    const settings = {
      input: 'events',
      steps: width,
      latencySteps: width,
      dense: [16],
      thresholds: [10],
      stepExponent: [3],
    };
    const recipe = findRecipe('dalton');
    const lesson = recipe.create(
      recipe.resolve('digits', { ...settings, surrogate: 'fired', errorScale: [20], rateDrops: [] }),
      raster,
    );
    const machine = machineOf(lesson);
    const events = new EventList(machine.image);
    const image = new Uint8Array(raster.height * width);
    image.fill(1, 0, 3); // pixel 0 three times, pixel 1 once
    image[width] = 1;
    const before = machine.weights.read('W 1');
    machine.present(lesson.train(events, image, 3, 0), events);
    const after = machine.weights.read('W 1');
    const changes = [...after].map((w, i) => (w - before[i]!) / 2);
    const [thrice, once, never] = [0, 1, 2].map((pixel) => changes.slice(16 * pixel, 16 * pixel + 16));
    const answered = thrice!.flatMap((change, i) => (change !== 0 ? [i] : []));
    expect(answered.length).toBeGreaterThan(0);
    // Three halves of a level, rounded at random, and one half.
    for (const i of answered) {
      expect([1, 2]).toContain(Math.abs(thrice![i]!));
      expect([0, Math.sign(thrice![i]!)]).toContain(once![i]);
    }
    expect(once!.every((change, i) => change === 0 || answered.includes(i))).toBe(true);
    expect(never!.every((change) => change === 0)).toBe(true);
  });
});

describe('dalton with inputs that count by their time', () => {
  it('changes weights the more, the earlier their pixel spiked', () => {
    const lesson = lessonOf({
      dense: [48],
      errorScale: [20],
      inputCredit: 'time',
      inputDropout: 0,
      rateDrops: [],
    });
    const machine = machineOf(lesson);
    const steps = lesson.stepsPerTrainingSample;
    const posts = (['y2', 'y3'] as const).map((kind) => machine.probes.add('soma 1', kind, steps));
    const traces = machine.probes.addOnProjection('W 1', 'x1', steps);
    const rounding = new Rounding();
    const shares = new Set<number>();
    for (let sample = 0; sample < 40; sample++) {
      const before = machine.weights.read('W 1');
      const events = new EventList(machine.image);
      const image = train.images.subarray(sample * pixels, (sample + 1) * pixels);
      machine.present(lesson.train(events, image, train.labels[sample]!, sample), events);
      const after = machine.weights.read('W 1');
      const [y2, y3] = posts.map((probe) => machine.probes.drain(probe).at(-1)!);
      const x1 = machine.probes.drainProjection(traces).at(-1)!;
      for (let i = 0; i <= pixels; i++) {
        if (i < pixels && image[i]! < 16) continue;
        const share = 1 - x1[i]! / 4;
        shares.add(share);
        for (let j = 0; j < 48; j++) {
          const due = (share * (y2![j]! - y3![j]!)) / 2 ** 4;
          if (due !== 0) rounding.add(after[i * 48 + j]!, before[i * 48 + j]! + due, 2);
        }
      }
    }
    expect(Math.abs(rounding.deviations)).toBeLessThan(4);
    expect(Math.max(...shares)).toBeGreaterThan(2 * Math.min(...shares));
  });
});

describe('the copies of dalton', () => {
  it('stay equal to the weights, transposed, if steps are whole levels', () => {
    const lesson = lessonOf({ ...DEEP, stepExponent: [4, 3] });
    const machine = machineOf(lesson);
    const initial = machine.weights.read('W 2');
    learn(lesson, machine, 200);
    const w = machine.weights.read('W 2');
    const copy = machine.weights.read('copy of W 2');
    expect(w).not.toEqual(initial);
    expect(copy).toEqual(w.map((_, i) => w[(i % 48) * 32 + Math.floor(i / 48)]!));
  });
});

describe('the kernels of dalton', () => {
  const A1 = { ...DEEP, architecture: 'A1', narrower: 8, dense: [24], thresholds: [50, 100], init: [60] };

  it('are learned by every place on its own, or stay as they are', () => {
    for (const kernels of ['unshared', 'frozen']) {
      const lesson = lessonOf({ ...A1, kernels });
      const machine = machineOf(lesson);
      const { shape, learns } = planOf(settingsSchema.parse({ ...A1, kernels }), task).layers[0]!;
      expect({ shape, learns }).toEqual({ shape: [2, 13, 13], learns: kernels === 'unshared' });
      const dense = machine.weights.read('W 2');
      const plastic = machine.image.projections.filter((item) => item.plastic).map(({ name }) => name);
      expect(plastic.sort()).toEqual(kernels === 'unshared' ? ['W 1', 'W 2', 'copy of W 2'] : ['W 2']);
      learn(lesson, machine, 60);
      expect(machine.weights.read('W 2')).not.toEqual(dense);
    }
  });

  it('are learned by all places together, which is named as an extension', () => {
    const lesson = lessonOf({ ...A1, kernels: 'tied' });
    const { image, legality } = compile(lesson.network, loadChip('loihi2').chip);
    expect(legality.extensions).toEqual([expect.stringMatching(/^tied synapses \("W 1"\): /)]);
    const machine = new Machine(image);
    const before = machine.weights.read('W 1');
    learn(lesson, machine, 60);
    const after = machine.weights.read('W 1');
    expect(image.populations.find(({ name }) => name === 'soma 1')!.slices).toHaveLength(1);
    // Weight (y, x) of a channel, at a place of 13 x 13, every other row of which lies backwards; the last source is the bias.
    const weightAt = (channel: number, place: number, y: number, x: number): number => {
      const row = Math.floor(place / 13);
      const column = row % 2 === 0 ? place % 13 : 12 - (place % 13);
      return after[((2 * row + y) * 28 + 2 * column + x) * 338 + place * 2 + channel]!;
    };
    for (const channel of [0, 1]) {
      for (let place = 0; place < 169; place++) {
        for (const [y, x] of [
          [0, 0],
          [1, 3],
          [3, 2],
        ] as const)
          expect(weightAt(channel, place, y, x)).toBe(weightAt(channel, 0, y, x));
        expect(after[784 * 338 + place * 2 + channel]).toBe(after[784 * 338 + channel]);
      }
    }
    expect(new Set(after).size).toBeGreaterThan(10);
    expect(after).not.toEqual(before);
  });

  it('have a readout of their own in v-TFR, and no copies', () => {
    const { network } = lessonOf({ ...A1, credit: 'v-tfr' });
    expect(network.projections.some(({ name }) => name.startsWith('copy'))).toBe(false);
    expect(network.populations.map(({ name }) => name)).toEqual(expect.arrayContaining(['out 1', 'out 2']));
  });
});
