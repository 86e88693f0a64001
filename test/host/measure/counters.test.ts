// The catalogue of counters, and sums and differences of measurements.

import { describe, expect, it } from 'vitest';
import { coreLayout } from '../../../host/machine/core-module.ts';
import { COUNTER_NAMES, COUNTERS } from '../../../host/measure/counters.ts';
import { measure, measureCores, plus, since, total } from '../../../host/measure/measure.ts';
import { PairMachine } from '../../support/learning-pair.ts';

const layout = coreLayout('release');

describe('the catalogue', () => {
  it('has every counter of the core', () => {
    const inCore = Object.keys(layout).filter((name) => /^COUNTER_/.test(name) && name !== 'COUNTER_COUNT');
    const told = new Set(COUNTERS.flatMap(({ core }) => [...core]));
    expect([...told].sort()).toEqual(inCore.sort());
    expect(layout.COUNTER_COUNT).toBe(inCore.length);
  });

  it('names each once, with its meaning and hardware section', () => {
    expect(new Set(COUNTER_NAMES).size).toBe(COUNTER_NAMES.length);
    for (const { name, says, hw, unit } of COUNTERS) {
      expect(says.length, name).toBeGreaterThan(10);
      expect(hw, name).toMatch(/^\d+(\.\d+)?$/);
      expect(unit, name).toMatch(/^[a-z]+$/);
    }
  });
});

describe('measurements', () => {
  const make = () =>
    new PairMachine({
      build: 'release',
      rule: ['dw = x0'],
      rows: 2,
      columns: 3,
      pre: [1, 3, 5],
      post: [2, 4],
      entries: [{ step: 3, kind: 'phase', phase: 'management' }],
      steps: 6,
    });

  it('of two stretches add up to the whole', () => {
    const machine = make();
    const start = measure(machine.machine);
    machine.advance(2);
    const middle = measure(machine.machine);
    machine.advance(4);
    const end = measure(machine.machine);
    const sum = plus(since(start, middle), since(middle, end));
    expect(sum.counts).toEqual(since(start, end).counts);
    sum.times.forEach((time, p) => {
      const whole = since(start, end).times[p]!;
      expect(time.steps).toBe(whole.steps);
      expect(time.spikingS).toBeCloseTo(whole.spikingS, 15);
    });
  });

  it('of the cores add up to the chip', () => {
    const { machine } = make().advance(6);
    const whole = total(measure(machine));
    const cores = measureCores(machine);
    for (const { name } of COUNTERS) {
      expect(
        cores.reduce((sum, counts) => sum + counts[name], 0n),
        name,
      ).toBe(whole[name]);
    }
  });

  it('count exactly: a worked example', () => {
    const counts = make().advance(6).counts();
    expect(counts).toMatchObject({
      barriers: 6n,
      spikes: 2n * 3n, // kicks of steps 1 and 3 make all three compartments fire in steps 2 and 4
      injectedSpikes: 3n * 2n + 2n * 3n,
      inputAxonEvents: 3n * 2n + 2n * 3n,
      messages: 0n, // the compartments have no targets
      synapticOpsDense: 3n * 2n * 3n,
      synapticOpsSparse: 2n * 3n,
      synapticUpdates: 3n * 2n * 3n,
      learningEpochs: 6n,
      synapseVisitsAllPlastic: 6n * 6n,
      synapseVisitsActiveAxons: 3n * 6n,
      synapseVisitsAllPlasticWithError: 2n * 6n,
      synapseVisitsActiveAxonsWithError: 0n, // no epoch has both
      managementWrites: 0n, // a phase is accounting, not a write
      overflows: 0n,
      weightClips: 0n,
      randomDraws: 0n,
    });
    expect(counts.compartmentUpdatesActive + counts.compartmentUpdatesInactive).toBe(6n * 3n);
  });
});
