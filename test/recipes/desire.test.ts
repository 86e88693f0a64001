// The recipe on the chip: who has a desire and says so when, what that changes, that copies learn by the same rule, and that
// it learns.

import { describe, expect, it } from 'vitest';
import { inspectProducts } from '../../host/compile/legality.ts';
import { generateDigits } from '../../host/data/digits.ts';
import { settingsSchema } from '../../host/recipes/desire/settings.ts';
import { timeline } from '../../host/recipes/desire/timeline.ts';
import { findRecipe } from '../../host/recipes/registry.ts';
import { chip, learnAll, lessonOf, machineOf, present } from '../support/lessons.ts';

const data = generateDigits({ trainCount: 1200, testCount: 300 });
const { labels } = data.train;
/** Two small layers that answer to every error. */
const SMALL = { hidden: [48, 32], thresholds: [300, 200], hiddenDeadZone: [20, 10], errorLevels: [1, 6] };

const firedIn = (raster: readonly Int32Array[], from: number, to: number): Set<number> =>
  new Set(raster.slice(from, to).flatMap((step) => [...step.keys()].filter((i) => step[i] === 1)));

describe('a desire', () => {
  const lesson = lessonOf('desire', data, SMALL);
  const machine = machineOf(lesson);
  const { say, more, less, steps } = timeline(settingsSchema.parse(SMALL));
  const names = ['output', 'soma 1', 'soma 2', 'desire 1', 'desire 2'];
  const probes = names.map((name) => machine.probes.add(name, 'spikes'));
  const sample = (n: number) => {
    present(lesson, machine, data, n);
    return probes.map((probe) => machine.probes.drain(probe)) as [
      Int32Array[],
      Int32Array[],
      Int32Array[],
      Int32Array[],
      Int32Array[],
    ];
  };

  it('is for more of the label, for less of others, and of neurons that fired; it is said layer by layer', () => {
    let said = 0;
    for (let n = 0; n < 30; n++) {
      const [output, soma1, soma2, desire1, desire2] = sample(n);
      expect([...firedIn(output, say[2]!, say[2]! + 2)].filter((k) => k !== labels[n])).toEqual([]);
      expect(firedIn(output, say[2]! + 2, say[1]!)).not.toContain(labels[n]);
      for (const [somas, desires] of [
        [soma1, desire1],
        [soma2, desire2],
      ] as const) {
        const active = firedIn(somas, 0, steps);
        const ups = firedIn(desires, more, less);
        const downs = firedIn(desires, less, steps);
        for (const neuron of [...ups, ...downs]) expect(active).toContain(neuron);
        expect([...ups].filter((neuron) => downs.has(neuron))).toEqual([]);
        said += ups.size + downs.size;
      }
      // Nobody is below the lowest layer.
      expect(firedIn(desire1, 0, more).size).toBe(0);
      expect(firedIn(desire2, 0, say[1]!).size).toBe(0);
    }
    expect(said).toBeGreaterThan(100);
  });

  it('changes weights of inputs that fired, up in who should fire more and down in who should fire less', () => {
    const changes = { up: 0, down: 0 };
    for (let n = 30; n < 70; n++) {
      const before = machine.weights.read('W 2');
      const [, soma1, , , desire2] = sample(n);
      const after = machine.weights.read('W 2');
      const active = firedIn(soma1, 0, steps);
      const [ups, downs] = [firedIn(desire2, more, less), firedIn(desire2, less, steps)];
      for (const i of after.keys()) {
        const change = after[i]! - before[i]!;
        if (change === 0) continue;
        expect(active).toContain(Math.floor(i / 32));
        expect(change > 0 ? ups : downs).toContain(i % 32);
        changes[change > 0 ? 'up' : 'down']++;
      }
    }
    expect(changes.up).toBeGreaterThan(20);
    expect(changes.down).toBeGreaterThan(20);
  });
});

describe('the copies of desire', () => {
  it('stay equal to the weights, transposed, if steps are whole levels', () => {
    const lesson = lessonOf('desire', data, {
      ...SMALL,
      spikeLevels: [1, 3],
      stepExponent: [3],
      outputStep: 3,
    });
    const machine = machineOf(lesson);
    for (let n = 0; n < 100; n++) present(lesson, machine, data, n);
    for (const [name, from, to] of [
      ['W 2', 48, 32],
      ['W 3', 32, 10],
    ] as const) {
      const w = machine.weights.read(name);
      const copy = machine.weights.read(`copy of ${name}`);
      expect(copy).toEqual(w.map((_, i) => w[(i % from) * to + Math.floor(i / from)]!));
    }
  });
});

describe('recipe desire', () => {
  it.each([[[64]], [[64, 48]]])('learns with layers of %j, without the host', (hidden) => {
    const lesson = lessonOf('desire', data, { hidden, thresholds: [400, 120], outputThreshold: 150 });
    const { accuracy, access } = learnAll(lesson, data);
    expect(access).toEqual({ weightWrites: 0, stateReads: 0 });
    expect(accuracy).toBeGreaterThan(0.3);
  });

  it('is legal on loihi2, every product of it', () => {
    const { verdicts } = inspectProducts(lessonOf('desire', data, {}).network, chip);
    expect(verdicts).toHaveLength(10);
    expect(verdicts.every(({ refusal }) => refusal === undefined)).toBe(true);
  });

  it('refuses settings that contradict each other', () => {
    const resolve = (settings: Record<string, unknown>) => findRecipe('desire').resolve('mnist', settings);
    expect(() => resolve({ latencySteps: 20 })).toThrow(/latencySteps/);
    expect(() => resolve({ margin: 12 })).toThrow(/margin/);
    expect(() => resolve({ outputStep: 6 })).toThrow(/rateDrops/);
  });
});
