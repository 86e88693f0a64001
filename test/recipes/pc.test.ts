// The recipe on the chip: how values relax, what they tell, what that changes, and that it learns.

import { describe, expect, it } from 'vitest';
import { inspectProducts } from '../../host/compile/legality.ts';
import { generateDigits } from '../../host/data/digits.ts';
import { settingsSchema } from '../../host/recipes/pc/settings.ts';
import { timeline } from '../../host/recipes/pc/timeline.ts';
import { findRecipe } from '../../host/recipes/registry.ts';
import { chip, learnAll, lessonOf, machineOf, present } from '../support/lessons.ts';
import { Rounding } from '../support/rounding.ts';

const data = generateDigits({ trainCount: 1200, testCount: 300 });
const { train } = data;
const pixels = train.height * train.width;
/** Errors above 0 for the label and below 0 for all others, whatever the outputs are. */
const SMALL = { hidden: 32, rateStep: 200, feedbackGain: 32, errorHigh: 20_000, errorLow: -20_000 };
const CLASSES = 10;

describe('relaxation', () => {
  // Weights of the outputs hardly change, or they would soon reach what is asked of them.
  const given = { ...SMALL, outputStep: 7, rateDrops: [] };
  const settings = settingsSchema.parse(given);
  const lesson = lessonOf('pc', data, given);
  const machine = machineOf(lesson);
  const t = timeline(settings);
  const probe = (name: string, kind: string) => machine.probes.add(name, kind as 'spikes', t.steps);
  const probes = {
    error: probe('output', 'state e'),
    sum: probe('output', 'state sum'),
    x: probe('value', 'state x'),
    predicted: probe('value', 'state predicted'),
    rate: probe('value', 'state rate'),
    more: probe('prediction', 'y2'),
    less: probe('prediction', 'y3'),
  };

  it('moves values to where the errors of the outputs pull them, and outputs hear of every rate', () => {
    const rounding = new Rounding();
    for (let sample = 0; sample < 20; sample++) {
      const w2 = machine.weights.read('W2');
      const b = machine.weights.read('B');
      present(lesson, machine, data, sample);
      const last = Object.fromEntries(
        Object.entries(probes).map(([name, each]) => [name, machine.probes.drain(each).at(-1)!]),
      ) as Record<keyof typeof probes, Int32Array>;
      for (let k = 0; k < CLASSES; k++) {
        expect(last.error[k]).toBe(k === train.labels[sample] ? settings.errorMost : -settings.errorMost);
        const heard = last.rate.reduce((sum, rate, j) => sum + rate * w2[j * CLASSES + k]!, 0);
        expect(last.sum[k]).toBe(heard);
      }
      for (let j = 0; j < settings.hidden; j++) {
        if (last.predicted[j] === 0) continue;
        const pull = last.error.reduce((sum, e, k) => sum + e * b[k * settings.hidden + j]!, 0);
        const due = (pull * settings.feedbackGain) / 16;
        const moved = last.x[j]! - last.predicted[j]!;
        // Four turns with the whole error bring it within a sixteenth; each rounds down.
        expect(Math.abs(moved - due)).toBeLessThanOrEqual(Math.abs(due) / 8 + 8);
        const told = last.more[j]! - last.less[j]!;
        const most = settings.hiddenMost * 2 ** settings.hiddenShift;
        if (Math.abs(moved) < most) rounding.add(told, moved / 2 ** settings.hiddenShift, 1);
      }
    }
    expect(Math.abs(rounding.deviations)).toBeLessThan(4);
  });
});

describe('weights', () => {
  it('change on axons that spiked, to the side of the error that the value told', () => {
    const lesson = lessonOf('pc', data, SMALL);
    const machine = machineOf(lesson);
    const { steps } = timeline(settingsSchema.parse(SMALL));
    const posts = (['y2', 'y3'] as const).map((kind) => machine.probes.add('prediction', kind, steps));
    let changes = 0;
    for (let sample = 0; sample < 10; sample++) {
      const before = machine.weights.read('W1');
      present(lesson, machine, data, sample);
      const after = machine.weights.read('W1');
      const [y2, y3] = posts.map((each) => machine.probes.drain(each).at(-1)!);
      const image = train.images.subarray(sample * pixels, (sample + 1) * pixels);
      for (const i of after.keys()) {
        const change = after[i]! - before[i]!;
        if (change === 0) continue;
        changes++;
        const [from, to] = [Math.floor(i / 32), i % 32];
        expect(Math.sign(change)).toBe(Math.sign(y2![to]! - y3![to]!));
        expect(from === pixels || image[from]! >= 16).toBe(true);
      }
    }
    expect(changes).toBeGreaterThan(100);
  });

  it('of the outputs and their copies change alike, to the side of the error', () => {
    const lesson = lessonOf('pc', data, { ...SMALL, outputStep: 2 });
    const machine = machineOf(lesson);
    for (let sample = 0; sample < 20; sample++) present(lesson, machine, data, sample);
    const w2 = machine.weights.read('W2');
    // A step of two units for each error spike and rate: nothing is rounded.
    expect(machine.weights.read('B')).toEqual(w2.map((_, i) => w2[(i % 32) * CLASSES + Math.floor(i / 32)]!));
  });

  it('stay as they are where nothing is wrong', () => {
    const lesson = lessonOf('pc', data, { ...SMALL, errorHigh: 0, errorLow: 90_000, outputInit: 0 });
    const machine = machineOf(lesson);
    const before = ['W1', 'W2', 'B'].map((name) => machine.weights.read(name));
    for (let sample = 0; sample < 10; sample++) present(lesson, machine, data, sample);
    expect(['W1', 'W2', 'B'].map((name) => machine.weights.read(name))).toEqual(before);
  });
});

describe('recipe pc', () => {
  it('learns, without the host', () => {
    const lesson = lessonOf('pc', data, { hidden: 64 });
    const { accuracy, access } = learnAll(lesson, data);
    expect(access).toEqual({ weightWrites: 0, stateReads: 0 });
    expect(accuracy).toBeGreaterThan(0.4);
  });

  it('is legal on loihi2, every product of it', () => {
    const { verdicts } = inspectProducts(lessonOf('pc', data, {}).network, chip);
    expect(verdicts).toHaveLength(6);
    expect(verdicts.every(({ refusal }) => refusal === undefined)).toBe(true);
  });

  it('refuses settings that contradict each other', () => {
    const resolve = (settings: Record<string, unknown>) => findRecipe('pc').resolve('mnist', settings);
    expect(() => resolve({ latencySteps: 20 })).toThrow(/latencySteps/);
    expect(() => resolve({ hiddenStep: 6 })).toThrow(/rateDrops/);
    expect(() => resolve({ turns: 20 })).toThrow(/turns/);
  });
});
