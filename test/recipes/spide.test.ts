// The recipe on the chip: that phase two solves the equation of the implicit gradient, that a spike's time tells a rate, what
// the errors change, and that it learns.

import { describe, expect, it } from 'vitest';
import { generateDigits } from '../../host/data/digits.ts';
import { timeline } from '../../host/recipes/spide/timeline.ts';
import { learnAll, lessonOf, machineOf, present } from '../support/lessons.ts';

const data = generateDigits({ trainCount: 1800, testCount: 100 });
const NEURONS = 48;
const TURNS = 16;
const PHASE_ONE = 20;
const IMPULSE = 32;
const THRESHOLD = 150;
const t = timeline({ forwardSteps: PHASE_ONE, turns: TURNS });

const spide = (settings: Readonly<Record<string, unknown>> = {}) =>
  lessonOf('spide', data, {
    neurons: NEURONS,
    threshold: THRESHOLD,
    rateDrops: [],
    errorLow: 0,
    errorHigh: 1500,
    ...settings,
  });

const count = (raster: readonly Int32Array[], element: number, from: number, to: number): number => {
  let spikes = 0;
  for (let step = from; step <= to; step++) spikes += raster[step]![element]!;
  return spikes;
};

describe('recipe spide', () => {
  it('settles on the solution of β = g + Fᵀ (m ⊙ β) / θ, in spikes of both signs', () => {
    const lesson = spide({ recurrentInit: 25, errorGain: 12 });
    const machine = machineOf(lesson);
    const [soma, error, g] = (
      [
        ['soma', 'spikes'],
        ['error', 'spikes'],
        ['error', 'state g'],
      ] as const
    ).map(([population, kind]) => machine.probes.add(population, kind));
    let [apart, alone, size] = [0, 0, 0];
    for (let sample = 0; sample < 10; sample++) {
      const f = machine.weights.read('copy of F');
      present(lesson, machine, data, sample);
      const [forward, back, drive] = [soma!, error!, g!].map((probe) => machine.probes.drain(probe));
      const takesPart = Array.from({ length: NEURONS }, (_, i) => {
        const spikes = count(forward!, i, 0, t.settled);
        return spikes > 0 && spikes < PHASE_ONE;
      });
      const own = Array.from(drive![t.turns]!, (value, i) => (takesPart[i] ? value : 0));
      let beta = own;
      for (let turn = 0; turn < 50; turn++) {
        const before = beta;
        beta = own.map((value, i) => {
          if (!takesPart[i]) return 0;
          const from = before.reduce((sum, b, j) => sum + f[j * NEURONS + i]! * b, 0);
          return value + from / (2 * THRESHOLD);
        });
      }
      for (let i = 0; i < NEURONS; i++) {
        let spikes = 0;
        for (let step = t.turns; step < t.learn; step++)
          spikes += (back![step]![i] ?? 0) * ((step - t.turns) % 2 === 0 ? 1 : -1);
        const expected = (turns: number): number =>
          Math.max(-TURNS, Math.min(TURNS, (turns * TURNS) / (2 * THRESHOLD)));
        apart += Math.abs(spikes - expected(beta[i]!));
        alone += Math.abs(spikes - expected(own[i]!));
        size += Math.abs(spikes);
        if (!takesPart[i]) expect(spikes).toBe(0);
      }
    }
    expect(size).toBeGreaterThan(500);
    expect(apart / size).toBeLessThan(0.25);
    expect(apart).toBeLessThan(0.7 * alone);
  });

  it('leaves a trace of each rate at the axons when weights learn', () => {
    const lesson = spide();
    const machine = machineOf(lesson);
    const soma = machine.probes.add('soma', 'spikes');
    const x1 = machine.probes.addOnProjection('O', 'x1', t.steps);
    present(lesson, machine, data, 0);
    const [raster, traces] = [machine.probes.drain(soma), machine.probes.drainProjection(x1)];
    let [sum, wanted] = [0, 0];
    for (let i = 0; i < NEURONS; i++) {
      const rate = count(raster, i, 0, t.settled) / PHASE_ONE;
      const trace = traces.at(-1)![i]!;
      expect(Math.abs(trace - IMPULSE * rate)).toBeLessThan(8);
      expect(count(raster, i, t.settled + 1, t.steps - 1)).toBe(rate > 0 ? 1 : 0);
      sum += trace;
      wanted += IMPULSE * rate;
    }
    expect(wanted).toBeGreaterThan(100);
    expect(Math.abs(sum / wanted - 1)).toBeLessThan(0.15);
  });

  it('changes weights up at neurons that were told "more" and down where "less"', () => {
    const lesson = spide();
    const machine = machineOf(lesson);
    const error = machine.probes.add('error', 'spikes');
    const changes = { up: 0, down: 0 };
    for (let sample = 0; sample < 40; sample++) {
      const before = machine.weights.read('W');
      present(lesson, machine, data, sample);
      const after = machine.weights.read('W');
      const raster = machine.probes.drain(error);
      for (const [i, weight] of after.entries()) {
        const change = weight - before[i]!;
        if (change === 0) continue;
        expect(raster[change > 0 ? t.learn : t.learn + 1]![i % NEURONS]).toBe(1);
        changes[change > 0 ? 'up' : 'down']++;
      }
    }
    expect(Math.min(changes.up, changes.down)).toBeGreaterThan(100);
  });

  it('learns digits, without a write or a read of the host', () => {
    const { accuracy, access } = learnAll(spide(), data);
    expect(access).toEqual({ weightWrites: 0, stateReads: 0 });
    expect(accuracy).toBeGreaterThan(0.5);
  });
});
