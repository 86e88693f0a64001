// The machine: event lists, probes, and the count of what the host reads and writes.

import { describe, expect, it } from 'vitest';
import { EventList } from '../../../host/machine/event-list.ts';
import { Machine } from '../../../host/machine/machine.ts';
import { chipWith } from '../../support/chips.ts';
import { userErrorOf } from '../../support/errors.ts';
import {
  BUILDS,
  compileSmall,
  EXACT,
  EXCITATORY,
  KICK,
  KICK_WEIGHT,
  KICKED,
  type SmallNetwork,
} from '../../support/small-network.ts';

const NETWORK: SmallNetwork = {
  coreClasses: [{ name: 'core', cores: 2 }],
  ports: [
    { name: 'a', size: 4 },
    { name: 'b', size: 5 },
  ],
  populations: [{ name: 'cells', size: 5, compartment: KICKED }],
  projections: [
    {
      name: 'all',
      from: 'a',
      to: 'cells',
      connection: { kind: 'all', weights: Int16Array.from({ length: 20 }, (_, i) => i) },
      synapse: EXCITATORY,
    },
    {
      name: 'kicks',
      from: 'b',
      to: 'cells',
      connection: { kind: 'one-to-one', weight: KICK_WEIGHT },
      synapse: KICK,
    },
  ],
};

const { image: STEPWISE } = compileSmall(NETWORK);
const image = { ...STEPWISE, presentations: [{ name: 'sample', steps: 6, entries: [] }] };

describe('rows that wait for the next step', () => {
  const late = compileSmall(NETWORK, chipWith({ semantics: { weightRead: 'late' } })).image;
  const spiking = (times: number): EventList => {
    const events = new EventList(late);
    for (let i = 0; i < times; i++) events.push(0, 2);
    return events;
  };

  it.each(BUILDS)('hold 16 repeated spikes of one step, %s build', (build) => {
    const machine = new Machine(late, { build });
    const probe = machine.probes.add('cells', 'u', 4);
    machine.present('step', spiking(17));
    machine.present('step');
    expect(Array.from(machine.probes.drain(probe)[1]!)).toEqual([10, 11, 12, 13, 14].map((w) => 17 * w * 64));
  });

  it('are not asked to hold more', () => {
    const error = userErrorOf(() => new Machine(late).present('step', spiking(18)));
    expect(error.message).toContain('17 port spikes repeat an element');
    expect(error.details).toMatchObject({ code: 'out-of-range', got: 17, limit: 16 });
  });
});

describe('event lists', () => {
  it('sort spikes by step and keep every one', () => {
    const events = new EventList(image);
    const spikes = [
      [5, 3],
      [0, 8],
      [2, 4],
      [2, 1],
      [0, 0],
    ] as const;
    for (const [step, element] of spikes) events.push(step, element);
    const words = new Int32Array(32);
    events.write(words, 3, 29, 6);
    expect([...words.subarray(0, 3)]).toEqual([0, 0, 0]);
    expect([...words.subarray(3, 10)]).toEqual([0, 2, 2, 4, 4, 4, 5]);
    expect([...words.subarray(10, 15)]).toEqual([8, 0, 4, 1, 3]);
  });

  it('know their ports', () => {
    const events = new EventList(image);
    expect([events.port('a'), events.port('b')]).toEqual([
      { first: 0, size: 4 },
      { first: 4, size: 5 },
    ]);
    expect(() => events.port('c')).toThrow('no port is named "c"');
    for (const element of [0, 3, 4, 8, 8]) events.push(0, element);
    expect([events.countOf('a'), events.countOf('b'), events.count]).toEqual([2, 3, 5]);
    events.clear();
    expect(events.count).toBe(0);
  });

  it('grow', () => {
    const events = new EventList(image);
    for (let i = 0; i < 3000; i++) events.push(i % 6, i % 9);
    const words = new Int32Array(3007);
    events.write(words, 0, 3007, 6);
    expect([...words.subarray(0, 7)]).toEqual([0, 500, 1000, 1500, 2000, 2500, 3000]);
  });

  it('refuse spikes beyond the presentation, or more than there is room for', () => {
    const events = new EventList(image);
    events.push(6, 0);
    expect(() => events.write(new Int32Array(99), 0, 99, 6)).toThrow('a port spike at step 6 of 6');
    expect(() => events.write(new Int32Array(99), 0, 7, 6)).toThrow(
      '1 port spikes do not fit in the event list',
    );
    expect(() => new Machine(image, { events: 0 }).present('sample', events)).toThrow('do not fit');
  });
});

describe.each(BUILDS)('probes, %s build', (build) => {
  function started() {
    const machine = new Machine(image, { build });
    const events = new EventList(image);
    const { first } = events.port('b');
    for (const [step, element] of [
      [0, 0],
      [1, 4],
      [1, 2],
      [3, 4],
    ] as const)
      events.push(step, first + element);
    return { machine, events };
  }

  it('record populations over several cores, by element', () => {
    const { machine, events } = started();
    const [spikes, counts] = [
      machine.probes.add('cells', 'spikes', 6),
      machine.probes.add('cells', 'spikeCounts'),
    ];
    expect(spikes.parts).toHaveLength(2);
    machine.present('sample', events);
    expect(machine.probes.drain(spikes).map((row) => [...row])).toEqual([
      [0, 0, 0, 0, 0],
      [1, 0, 0, 0, 0],
      [0, 0, 1, 0, 1],
      [0, 0, 0, 0, 0],
      [0, 0, 0, 0, 1],
      [0, 0, 0, 0, 0],
    ]);
    expect([...machine.probes.drainCounts(counts)]).toEqual([1, 0, 1, 0, 2]);
    expect([...machine.probes.drainCounts(counts)]).toEqual([0, 0, 0, 0, 0]);
    expect(machine.probes.drain(spikes)).toEqual([]);
  });

  it('stop when they are full and go on when they are drained', () => {
    const { machine, events } = started();
    const probe = machine.probes.add('cells', 'spikes', 2);
    machine.present('sample', events);
    expect(machine.probes.drain(probe)).toHaveLength(2);
    machine.present('sample');
    expect(machine.probes.drain(probe)).toHaveLength(2);
  });

  it('outlive a restored snapshot', () => {
    const { machine, events } = started();
    const probe = machine.probes.add('cells', 'spikes', 6);
    const snapshot = machine.snapshot();
    machine.present('sample', events);
    machine.probes.drain(probe);
    machine.restore(snapshot);
    machine.present('sample', events);
    expect(machine.probes.drain(probe).map((row) => row[4])).toEqual([0, 0, 1, 0, 1, 0]);
  });

  it('need room', () => {
    expect(() => new Machine(image, { build, probeBytes: 64 }).probes.add('cells', 'v', 64)).toThrow(
      'raise probeBytes',
    );
    expect(() => new Machine(image, { build }).probes.add('cell', 'v')).toThrow(
      'no population is named "cell"',
    );
  });
});

describe('host access', () => {
  it('is counted: weights written, states read', () => {
    const machine = new Machine(image);
    expect(machine.access).toEqual({ weightWrites: 0, stateReads: 0 });
    machine.weights.write(
      'all',
      Int16Array.from({ length: 20 }, (_, i) => 255 - i),
    );
    expect([...machine.weights.read('all')]).toEqual(Array.from({ length: 20 }, (_, i) => 255 - i));
    expect(machine.access).toEqual({ weightWrites: 20, stateReads: 20 });
    const probe = machine.probes.add('cells', 'v', 6);
    machine.present('sample');
    machine.probes.drain(probe);
    expect(machine.access).toEqual({ weightWrites: 20, stateReads: 20 + 6 * 5 });
  });

  it('names what does not exist', () => {
    const machine = new Machine(image);
    expect(() => machine.present('sampel')).toThrow('no presentation is named "sampel"');
    expect(() => machine.weights.read('none')).toThrow('no projection is named "none"');
    expect(() => machine.weights.read('kicks')).toThrow('is not stored as a matrix');
  });

  it('written weights act', () => {
    const { image: small } = compileSmall({
      ports: [{ name: 'in', size: 1 }],
      populations: [{ name: 'cells', size: 2, compartment: KICKED }],
      projections: [
        { name: 'w', from: 'in', to: 'cells', connection: { kind: 'uniform', weight: 2 }, synapse: EXACT },
      ],
    });
    const machine = new Machine(small);
    machine.weights.write('w', Int16Array.of(-256, 254));
    const probe = machine.probes.add('cells', 'u', 2);
    const events = new EventList(small);
    events.push(0, 0);
    machine.present('step', events);
    machine.present('step');
    expect([...machine.probes.drain(probe)[1]!]).toEqual([-256 * 64, 254 * 64]);
  });
});
