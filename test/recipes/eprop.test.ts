// The recipe on the chip without recorded data: what its tags hold, and when and by what its weights change.

import { describe, expect, it } from 'vitest';
import { loadChip } from '../../host/chip/load.ts';
import { compile } from '../../host/compile/compile.ts';
import { EventList } from '../../host/machine/event-list.ts';
import { Machine } from '../../host/machine/machine.ts';
import { findRecipe } from '../../host/recipes/registry.ts';
import { Rounding } from '../support/rounding.ts';

const HEIGHT = 4;
const WIDTH = 400;
const NEURONS = 6;
const STEP_MS = 5;
const RECALL = 60;
const STEPS = WIDTH / STEP_MS;

const recipe = findRecipe('eprop');
const lesson = recipe.create(
  recipe.resolve('any', {
    neurons: NEURONS,
    recallMs: RECALL * STEP_MS,
    inputRange: 120,
    feedbackRange: 20,
    errorShift: 6,
    hiddenStep: 7,
    outputStep: 6,
    rateDrops: [],
  }),
  { height: HEIGHT, width: WIDTH, classes: 2, seed: 5, trainingPresentations: 4 },
);

/** Inputs 0 and 1 fire for the first 100 ms, input 2 from the recall on. */
const raster = Uint8Array.from({ length: HEIGHT * WIDTH }, (_, i) => {
  const [neuron, ms] = [Math.floor(i / WIDTH), i % WIDTH];
  const fires = neuron < 2 ? ms < 100 : neuron === 2 && ms >= RECALL * STEP_MS;
  return fires && (ms + neuron) % (5 + 3 * neuron) === 0 ? 255 : 0;
});

function course() {
  const machine = new Machine(compile(lesson.network, loadChip('loihi2').chip).image, {
    probeBytes: 2 ** 20,
    probeRecords: 20,
  });
  const events = new EventList(machine.image);
  const posts = (['y1', 'y2', 'y3'] as const).map((kind) => machine.probes.add('hidden', kind, 2 * STEPS));
  const synapses = (['x1', 'tags', 'weights'] as const).map((kind) =>
    machine.probes.addOnProjection('W in', kind, 2 * STEPS),
  );
  for (const label of [0, 1]) {
    events.clear();
    machine.present(lesson.train(events, raster, label, label), events);
  }
  const [y1, y2, y3] = posts.map((probe) => machine.probes.drain(probe));
  const [x1, tags, weights] = synapses.map((probe) => machine.probes.drainProjection(probe));
  return { y1: y1!, y2: y2!, y3: y3!, x1: x1!, tags: tags!, weights: weights!, access: machine.access };
}

describe('recipe eprop', () => {
  const { y1, y2, y3, x1, tags, weights, access } = course();
  const synapses = Array.from({ length: 3 * NEURONS }, (_, s) => ({
    s,
    i: Math.floor(s / NEURONS),
    j: s % NEURONS,
  }));
  const steps = Array.from({ length: 2 * STEPS - 1 }, (_, k) => k + 1);
  /** Rules are evaluated every fourth step. */
  const isDue = (step: number): boolean => step % 4 === 3;

  it('sums pre trace × surrogate derivative in the tags, which fade slowly and are cleared before a sample', () => {
    const rounding = new Rounding();
    for (const step of steps) {
      for (const { s, i, j } of synapses) {
        const before = tags[step - 1]![s]!;
        if (!isDue(step)) {
          expect(tags[step]![s]).toBe(before);
          continue;
        }
        const left = step % STEPS === 3 ? 0 : before - before / 128;
        const sum = left + (x1[step]![i]! * y1[step]![j]!) / 8;
        rounding.add(tags[step]![s]!, Math.min(sum, 255), 1);
      }
    }
    expect(Math.abs(rounding.deviations)).toBeLessThan(4);
    expect(Math.max(...tags[RECALL]!)).toBeGreaterThan(10);
  });

  it('changes weights while it is taught only, by error × (pre trace - half the tag), and to both sides', () => {
    const rounding = new Rounding();
    const signs = new Set<number>();
    for (const step of steps) {
      for (const { s, i, j } of synapses) {
        const before = weights[step - 1]![s]!;
        const error = y2[step]![j]! - y3[step]![j]!;
        if (!isDue(step) || error === 0) {
          expect(weights[step]![s]).toBe(before);
          continue;
        }
        expect(step % STEPS).toBeGreaterThanOrEqual(RECALL);
        const due = (error * (x1[step]![i]! - tags[step - 1]![s]! / 2)) / 512;
        rounding.add(weights[step]![s]!, before + due, 2);
        signs.add(Math.sign(due));
      }
    }
    expect(Math.abs(rounding.deviations)).toBeLessThan(4);
    expect(signs).toContain(1);
    expect(signs).toContain(-1);
    expect(access.weightWrites).toBe(0);
  });

  it('halves the steps at the given shares of the training', () => {
    const slower = recipe.create(
      recipe.resolve('any', { hiddenStep: 5, outputStep: 5, rateDrops: [0.5, 0.75] }),
      {
        height: HEIGHT,
        width: WIDTH,
        classes: 2,
        seed: 5,
        trainingPresentations: 4,
      },
    );
    expect([0, 1, 2, 3].map((n) => slower.before(n).length)).toEqual([0, 0, 1, 1]);
    const machine = new Machine(compile(slower.network, loadChip('loihi2').chip).image);
    const events = new EventList(machine.image);
    for (const { presentation } of [2, 3].flatMap((n) => slower.before(n)))
      machine.present(presentation, events);
    expect(() => recipe.resolve('any', { hiddenStep: 6, rateDrops: [0.5, 0.75] })).toThrow(/rateDrops/);
  });
});
