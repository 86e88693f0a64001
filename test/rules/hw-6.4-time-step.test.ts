// HW 6.4: the order of phases in a step, and the management schedule.

import { describe, expect, it } from 'vitest';
import { EventList } from '../../host/machine/event-list.ts';
import { Machine } from '../../host/machine/machine.ts';
import { measure } from '../../host/measure/measure.ts';
import { chipWith } from '../support/chips.ts';
import { PairMachine } from '../support/learning-pair.ts';
import {
  BUILDS,
  column,
  compileSmall,
  EXACT,
  run,
  SILENT,
  SmallMachine,
  type SmallNetwork,
} from '../support/small-network.ts';

describe.each(BUILDS)('HW 6.4 order of phases, %s build', (build) => {
  it('management, compartments, synapses, learning: a schedule of step t acts on the compartments of step t', () => {
    const { probes } = run(
      {
        populations: [
          {
            name: 'cells',
            size: 2,
            compartment: { decayU: 4095, decayV: 0, threshold: 131071, bias: { mantissa: 1, exponent: 6 } },
          },
        ],
        entries: [{ step: 3, kind: 'reset', population: 'cells' }],
        steps: 4,
      },
      { build, steps: 4, watch: [['cells', 'v']] },
    );
    expect(column(probes['cells v'])).toEqual([64, 128, 64, 128]);
  });

  it('a reset clears u, v and the refractory counters, also of a group that was at rest', () => {
    const network: SmallNetwork = {
      ports: [{ name: 'in', size: 1 }],
      populations: [
        { name: 'cells', size: 3, compartment: { decayU: 0, decayV: 0, threshold: 10, refractory: 9 } },
      ],
      projections: [
        { name: 'in', from: 'in', to: 'cells', connection: { kind: 'uniform', weight: 100 }, synapse: EXACT },
      ],
      entries: [1, 4, 7].map((step) => ({ step, kind: 'reset', population: 'cells' })),
      steps: 9,
    };
    const { probes, small } = run(network, {
      build,
      steps: 9,
      spikes: {
        in: [
          [2, 0],
          [5, 0],
        ],
      },
      watch: [
        ['cells', 'u'],
        ['cells', 'spikes'],
      ],
    });
    expect(column(probes['cells spikes'])).toEqual([0, 0, 1, 0, 0, 1, 0, 0, 0]);
    expect(column(probes['cells u']).map((u) => u !== 0)).toEqual([
      false,
      false,
      true,
      false,
      false,
      true,
      false,
      false,
      false,
    ]);
    expect(small.counts().managementWrites).toBe(3n * 3n); // one write a compartment
  });

  it.each([
    ['early', 10 * 64],
    ['late', 15 * 64],
  ] as const)('a spike that meets a learning epoch reads its weight %s (C22)', (weightRead, u) => {
    const machine = new PairMachine({
      build,
      chip: chipWith({ semantics: { weightRead } }),
      rule: ['dw = 5*x0'],
      weight: 10,
      pre: [1],
      steps: 2,
    });
    machine.watch('post', 'u').advance(2);
    expect(machine.weights('plastic')).toEqual([15]);
    expect(column(machine.recorded('post', 'u'))).toEqual([0, u]);
  });

  it.each(['early', 'late'] as const)(
    'delays and lists arrive alike when weights are read %s',
    (weightRead) => {
      const { probes } = run(
        {
          ports: [{ name: 'in', size: 1 }],
          populations: [{ name: 'cells', size: 3, compartment: SILENT }],
          projections: [
            {
              name: 'each',
              from: 'in',
              to: 'cells',
              connection: { kind: 'uniform', weight: 2 },
              synapse: { ...EXACT, delay: Uint8Array.of(0, 1, 5) },
            },
            {
              name: 'all',
              from: 'in',
              to: 'cells',
              connection: { kind: 'uniform', weight: 8 },
              synapse: { ...EXACT, exponent: -3, delay: 2 },
            },
          ],
        },
        {
          build,
          chip: chipWith({ semantics: { weightRead } }),
          steps: 8,
          spikes: {
            in: [
              [1, 0],
              [2, 0],
            ],
          },
          watch: [['cells', 'u']],
        },
      );
      expect(probes['cells u']!.map((row) => row.map((u) => u / 64))).toEqual([
        [0, 0, 0],
        [2, 0, 0],
        [2, 2, 0],
        [1, 3, 1],
        [1, 1, 1],
        [0, 0, 0],
        [0, 0, 2],
        [0, 0, 2],
      ]);
    },
  );

  it('charges events to the phase that the schedule set, learning and management to theirs', () => {
    const machine = new PairMachine({
      build,
      rule: ['dw = x0'],
      pre: [1, 2, 3],
      entries: [
        { step: 2, kind: 'phase', phase: 'management' },
        { step: 3, kind: 'phase', phase: 'forward' },
        { step: 3, kind: 'learning', coreClass: 'core', on: false },
      ],
      steps: 4,
    }).advance(4);
    const { phases, counts, times } = measure(machine.machine);
    expect(phases).toEqual(['forward', 'learning', 'management']);
    expect(counts.map(({ injectedSpikes }) => injectedSpikes)).toEqual([2n, 0n, 1n]);
    expect(counts.map(({ synapticUpdates }) => synapticUpdates)).toEqual([0n, 2n, 0n]);
    expect(counts.map(({ managementWrites }) => managementWrites)).toEqual([0n, 0n, 1n]);
    expect(times.map(({ steps }) => steps)).toEqual([3, 0, 1]);
  });
});

describe('HW 6.4 a whole presentation in one call', () => {
  it('gives the same bits as its steps one by one', () => {
    const network = (presentation: boolean) => ({
      ports: [{ name: 'in', size: 3 }],
      populations: [{ name: 'cells', size: 4, compartment: { decayU: 500, decayV: 100, threshold: 90 } }],
      projections: [
        {
          name: 'in',
          from: 'in',
          to: 'cells',
          connection: {
            kind: 'all' as const,
            weights: Int16Array.from({ length: 12 }, (_, i) => 20 * i - 60),
          },
          synapse: EXACT,
        },
      ],
      ...(presentation ? { entries: [], steps: 1 } : {}),
    });
    const spikes = (step: number) => [0, 1, 2].filter((i) => (step * 7 + i * 3) % 4 === 0);
    const single = new SmallMachine(compileSmall(network(false)).image, 'release').watch(
      'cells',
      'v',
      'spikes',
    );
    single.steps(20, (step) => ({ in: spikes(step) }));
    const { image } = compileSmall(network(false));
    const whole = { ...image, presentations: [{ name: 'whole', steps: 20, entries: [] }] };
    const machine = new Machine(whole, { build: 'release' });
    const [v, fired] = [machine.probes.add('cells', 'v', 20), machine.probes.add('cells', 'spikes', 20)];
    const events = new EventList(whole);
    // In any order: the list is sorted by step.
    for (let step = 20; step >= 1; step--) for (const i of spikes(step)) events.push(step - 1, i);
    machine.present('whole', events);
    expect(machine.probes.drain(v).map((row) => [...row])).toEqual(single.recorded('cells', 'v'));
    expect(machine.probes.drain(fired).map((row) => [...row])).toEqual(single.recorded('cells', 'spikes'));
    expect(machine.counters()).toEqual(single.machine.counters());
  });
});
