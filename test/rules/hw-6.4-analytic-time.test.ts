// HW 6.4: the time of a step by formula (mode `analytic`), no time at all (mode `functional`), and how near the closed
// form of a receiving core comes to an exact queue.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventList } from '../../host/machine/event-list.ts';
import { Machine } from '../../host/machine/machine.ts';
import { measure, totalTimeS } from '../../host/measure/measure.ts';
import { type Message, spikingTime } from '../../host/model/timing.ts';
import { chipWith } from '../support/chips.ts';
import {
  BUILDS,
  compileSmall,
  EXACT,
  SILENT,
  SmallMachine,
  type SmallNetwork,
} from '../support/small-network.ts';

const ns = 1e-9;
/** Fires in every step. */
const EAGER = { decayU: 4095, decayV: 4095, threshold: 0, bias: { mantissa: 1, exponent: 6 } } as const;
const chip = chipWith({ topology: { coresPerTile: 1 } });
/** Access, update, spike, one message. */
const SPIKE = 6 + 3.7 + 30 + 5.1;

// Two cores in two tiles, side by side. In every step all 3 + 5 compartments fire.
const pair: SmallNetwork = {
  coreClasses: [{ name: 'a' }, { name: 'b', epochSteps: 2 }],
  ports: [{ name: 'in', size: 4 }],
  rules: { rule: ['dw = x0'] },
  populations: [3, 5].map((size, i) => ({
    name: 'ab'[i]!,
    size,
    coreClass: 'ab'[i]!,
    compartment: EAGER,
  })),
  projections: [
    { name: 'a to b', from: 'a', to: 'b', connection: { kind: 'uniform', weight: 0 }, synapse: EXACT },
    { name: 'b to a', from: 'b', to: 'a', connection: { kind: 'uniform', weight: 0 }, synapse: EXACT },
    {
      name: 'in',
      from: 'in',
      to: 'b',
      connection: { kind: 'all', weights: new Int16Array(20) },
      synapse: EXACT,
      rule: 'rule',
    },
  ],
  entries: [{ step: 2, kind: 'reset', population: 'a' }],
  steps: 2,
};

describe.each(BUILDS)('HW 6.4 time of a step by formula, %s build', (build) => {
  it('is the last message served, the barrier, the learning engine and the management writes', () => {
    const { image } = compileSmall(pair, chip);
    const small = new SmallMachine(image, build).step({ in: [0, 1] }).step({ in: [0] });
    const hop = 4.1;
    // Core a gets 5 messages of 3 synapses, the last when b has served all its compartments.
    const lastAtA = 5 * SPIKE + hop + (16 + 3 * 3.8);
    // Core b gets 3 messages and those of the port, of 5 synapses each; the port's wait at the beginning.
    const allAtB = 5 * (16 + 5 * 3.8);
    expect(lastAtA).toBeGreaterThan(allAtB);
    const spiking = lastAtA + 1000; // barrier of two tiles: 1.0 us
    const learning = 20 * 6.1; // once, at the end of the epoch
    const managed = 3 * 100; // three compartments reset
    const [forward, learner, manager] = small.machine.times();
    expect(forward!.spikingS).toBeCloseTo(2 * spiking * ns, 13);
    expect(learner!.learningS).toBeCloseTo(learning * ns, 13);
    expect(manager!.managementS).toBeCloseTo(managed * ns, 13);
    expect(forward!.longestStepS).toBeCloseTo((spiking + learning + managed) * ns, 13);
    expect(totalTimeS(measure(small.machine))).toBeCloseTo((2 * spiking + learning + managed) * ns, 13);
  });

  it('is the first arrival and all services where messages come faster than they are served', () => {
    const network: SmallNetwork = {
      coreClasses: [{ name: 'a' }, { name: 'b' }],
      populations: [
        { name: 'a', size: 10, coreClass: 'a', compartment: EAGER },
        { name: 'b', size: 50, coreClass: 'b', compartment: SILENT },
      ],
      projections: [
        { name: 'a to b', from: 'a', to: 'b', connection: { kind: 'uniform', weight: 0 }, synapse: EXACT },
      ],
    };
    const { machine } = new SmallMachine(compileSmall(network, chip).image, build).step();
    const spiking = SPIKE + 4.1 + 10 * (16 + 50 * 3.8) + 1000;
    expect(machine.times()[0]!.spikingS).toBeCloseTo(spiking * ns, 13);
  });

  it('makes messages wait that are more than the links of their route hold', () => {
    // Three cores send 60 messages each to one compartment, faster than it takes them; one message each to four
    // cores with long lists makes the mean service long.
    const sizes = { a0: 60, a1: 60, a2: 60, d: 1, z: 1, c: 4000 };
    const network: SmallNetwork = {
      coreClasses: Object.keys(sizes).map((name) => ({ name, ...(name === 'c' ? { cores: 4 } : {}) })),
      populations: Object.entries(sizes).map(([name, size]) => ({
        name,
        size,
        coreClass: name,
        compartment: name === 'd' || name === 'c' ? SILENT : EAGER,
      })),
      projections: [
        ['a0', 'd'],
        ['a1', 'd'],
        ['a2', 'd'],
        ['z', 'c'],
      ].map(([from, to]) => ({
        name: `${from} to ${to}`,
        from: from!,
        to: to!,
        connection: { kind: 'uniform', weight: 0 },
        synapse: EXACT,
      })),
    };
    const narrow = chipWith({ topology: { coresPerTile: 1 }, timing: { linkBuffer: 1 } });
    const { machine } = new SmallMachine(compileSmall(network, narrow).image, build).step();
    const service = 16 + 3.8;
    const [first, last] = [SPIKE + 4.1, 60 * SPIKE + 3 * 4.1]; // from a2, next to d, and from a0, three tiles away
    const served = Math.floor((last - first) / service);
    const waiting = 180 - served - 1 - (3 + 1); // three hops hold four messages
    const mean = (180 * service + 4 * (16 + 1000 * 3.8)) / 184;
    const wait = waiting * (Math.floor(mean * 10) / 10); // whole quanta
    expect(wait).toBeGreaterThan(3 * 4.1);
    const barrier = 1400 + (5 * 400) / 25; // nine tiles
    const spiking = 60 * SPIKE + wait + service + barrier;
    expect(machine.times()[0]!.spikingS).toBeCloseTo(spiking * ns, 13);
  });

  it('is longer with more tiles: barriers of 0.6, 1.0, 1.4 and 1.8 us', () => {
    const idle = (cores: number) => {
      const names = Array.from({ length: cores }, (_, i) => `c${i}`);
      const { image } = compileSmall(
        {
          coreClasses: names.map((name) => ({ name })),
          populations: names.map((name) => ({ name, size: 1, coreClass: name, compartment: SILENT })),
        },
        chip,
      );
      const { machine } = new SmallMachine(image, build).step();
      return machine.times()[0]!.spikingS / ns - 6;
    };
    expect([1, 2, 4, 29].map(idle).map((time) => Math.round(time))).toEqual([600, 1000, 1400, 1800]);
  });

  it('adds what embedded processors take in every step, on a line of its own', () => {
    const measured = (embeddedStep: number) => {
      const { image } = compileSmall(pair, chipWith({ timing: { embeddedStep } }));
      return measure(new SmallMachine(image, build).step().step().machine);
    };
    const [without, withThem] = [measured(0), measured(37e-6)];
    expect(withThem.times[0]).toMatchObject({ embeddedS: expect.closeTo(74e-6, 12), steps: 2 });
    expect(withThem.times[0]!.spikingS).toBe(without.times[0]!.spikingS);
    expect(withThem.times[0]!.longestStepS - without.times[0]!.longestStepS).toBeCloseTo(37e-6, 12);
    expect(totalTimeS(withThem) - totalTimeS(without)).toBeCloseTo(74e-6, 12);
  });

  it('is not told in mode functional, whose counts, weights and state are the same', () => {
    const { image } = compileSmall(pair, chip);
    const events = new EventList(image);
    const [told, untold] = (['analytic', 'functional'] as const).map((timing) => {
      const machine = new Machine(image, { build, timing });
      for (const step of [1, 2]) {
        events.clear();
        events.push(0, step);
        machine.present(`step ${step}`, events);
      }
      return machine;
    });
    expect(untold!.counters()).toEqual(told!.counters());
    expect(untold!.weights.read('in')).toEqual(told!.weights.read('in'));
    expect(untold!.times().map(({ steps }) => steps)).toEqual(told!.times().map(({ steps }) => steps));
    expect(totalTimeS(measure(told!))).toBeGreaterThan(0);
    expect(totalTimeS(measure(untold!))).toBe(0);
    // A snapshot goes from one to the other, and does not bring its mode along.
    untold!.restore(told!.snapshot());
    const before = measure(untold!).times[0]!.spikingS;
    untold!.present('step 1');
    expect(measure(untold!).times[0]!.spikingS).toBe(before);
  });
});

describe('HW 6.4 a receiving core, closed form', () => {
  /** When a queue is done with messages of equal service. */
  const queueEnd = (arrivals: readonly number[], service: number): number =>
    [...arrivals].sort((a, b) => a - b).reduce((free, arrival) => Math.max(free, arrival) + service, 0);
  const { image } = compileSmall(pair, chipWith({ timing: { linkBuffer: 65536 } }));
  const { timing } = image;
  const idle = { active: 0, spikes: 0, messagesOut: 0, messagesIn: 0, dense: 0, sparse: 0, conv: 0 };
  /** Steps in which three cores send to a fourth: the places of the compartments that fire, and synapses a message. */
  const steps = fc.tuple(
    fc.array(fc.uniqueArray(fc.nat(99), { maxLength: 60 }), { minLength: 3, maxLength: 3 }),
    fc.nat(200),
  );

  function compare(
    fired: readonly (readonly number[])[],
    synapses: number,
  ): { closed: number; exact: number } {
    const hops = { eastWest: 1, northSouth: 0, interChip: 0, withinTile: false };
    const messages = fired.flatMap((ranks, from): Message[] =>
      [...ranks]
        .sort((a, b) => a - b)
        .map((rank, i) => ({ from, to: 3, rank, spikes: i + 1, messages: i + 1, hops })),
    );
    const senders = fired.map(({ length }) => ({ ...idle, spikes: length, messagesOut: length }));
    const count = messages.length;
    const works = [...senders, { ...idle, messagesIn: count, dense: count * synapses }];
    const base = 100 * timing.compartmentAccess;
    const arrivals = messages.map(
      ({ rank, spikes }) =>
        Math.floor((base * (rank + 1)) / 100) +
        spikes * (timing.spikeOut + timing.axonOut) +
        timing.hopEastWest,
    );
    const output = senders.map(({ spikes }) => base + spikes * (timing.spikeOut + timing.axonOut));
    const exact = Math.max(queueEnd(arrivals, timing.axonIn + synapses * timing.synapticOpDense), ...output);
    return { closed: spikingTime(timing, [100, 100, 100, 1], works, messages), exact };
  }

  it('is never later than an exact queue, and at least half of it', () => {
    fc.assert(
      fc.property(steps, ([fired, synapses]) => {
        const { closed, exact } = compare(fired, synapses);
        expect(closed).toBeLessThanOrEqual(exact);
        expect(2 * closed).toBeGreaterThanOrEqual(exact);
      }),
      { numRuns: 300, seed: 5 },
    );
  });

  it('is within 3 % of it in the mean over random steps', () => {
    const samples = fc.sample(steps, { numRuns: 300, seed: 6 });
    const ratios = samples.map(([fired, synapses]) => {
      const { closed, exact } = compare(fired, synapses);
      return closed / exact;
    });
    const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
    process.stdout.write(
      `closed form over exact queue: mean ${mean.toFixed(4)}, least ${Math.min(...ratios).toFixed(3)}\n`,
    );
    expect(mean).toBeGreaterThan(0.97);
  });
});
