// HW 6.4: timing mode `cycle` against closed forms. All times in nanoseconds unless they are quanta of 0.1 ns.

import { describe, expect, it } from 'vitest';
import type { Chip } from '../../host/chip/schema.ts';
import type { CycleReader } from '../../host/machine/cycle-reader.ts';
import type { Projection } from '../../host/network/network.ts';
import { type ChipChanges, chipWith } from '../support/chips.ts';
import {
  BUILDS,
  compileSmall,
  EXACT,
  SILENT,
  SmallMachine,
  type SmallNetwork,
  type Spikes,
} from '../support/small-network.ts';

/** Fires in every step. */
const FIRING = { decayU: 4095, decayV: 4095, threshold: 0, bias: { mantissa: 1, exponent: 6 } };

/** Quanta of loihi1. */
const ACCESS = 60;
const UPDATE = 37;
const SPIKE_OUT = 300;
const AXON_OUT = 51;
const AXON_IN = 160;
const DENSE = 38;
const LOCAL = 21;
const EAST_WEST = 41;
const NORTH_SOUTH = 65;
const FLIT_PERIOD = 3; // a message is two flits
const INJECTION = 1000;
const CHIP_LINK = 1000;
const CHIP_FLIT_PERIOD = 30;

/** All tiles wait for the last event, wherever it is. */
const NO_TREE = { local: 1e-6, node: 0, chip: 0 };

type Timing = Chip['timing'];

/** loihi1 with some units and times changed. */
function chip(
  changes: {
    readonly units?: Partial<Timing['units']>;
    readonly mesh?: Partial<Timing['mesh']>;
    readonly times?: Partial<Timing>;
  } & Omit<ChipChanges, 'timing'> = {},
): Chip {
  const { units, mesh, times, ...rest } = changes;
  const { timing } = chipWith();
  return chipWith({
    topology: { coresPerTile: 1 },
    ...rest,
    timing: {
      ...times,
      units: { ...timing.units, ...units },
      mesh: { ...timing.mesh, ...mesh },
    },
  });
}

function machineOf(network: SmallNetwork, build: (typeof BUILDS)[number], on: Chip): SmallMachine {
  const recording = { steps: 64, units: true, events: 4096 };
  return new SmallMachine(compileSmall(network, on).image, build, 64, { timing: 'cycle', recording });
}

/** The mode's readings of the last step. */
function lastStep(reader: CycleReader) {
  return reader.drainSteps().at(-1)!;
}

/** Populations named a, b, c … on cores of their own, in the order of the tiles. */
function cores(sizes: readonly number[], firing: string): Pick<SmallNetwork, 'coreClasses' | 'populations'> {
  const names = sizes.map((_, i) => 'abcdefghijklmnopqrstuvwxyz'[i]!);
  return {
    coreClasses: names.map((name) => ({ name })),
    populations: names.map((name, i) => ({
      name,
      size: sizes[i]!,
      coreClass: name,
      compartment: firing.includes(name) ? FIRING : SILENT,
    })),
  };
}

function uniform(from: string, to: string): Projection {
  return { name: `${from} to ${to}`, from, to, connection: { kind: 'uniform', weight: 0 }, synapse: EXACT };
}

describe.each(BUILDS)('HW 6.4 units in quanta, %s build', (build) => {
  it.each([1, 3, 4, 5, 64, 1023])(
    'a core of %i compartments without spikes is served in groups of four',
    (size) => {
      const small = machineOf(cores([size], ''), build, chip()).step();
      const { shares, units } = lastStep(small.machine.cycle!);
      expect(shares.compartment).toBe(4 * Math.ceil(size / 4) * ACCESS);
      expect(shares.barrier).toBe(6000);
      expect(units![0]!.compartment).toMatchObject({ items: size, busy: shares.compartment, stalled: 0 });
      expect(small.machine.times()[0]!.spikingS).toBeCloseTo((shares.compartment + 6000) * 1e-10, 15);
    },
  );

  it('active compartments take an update more', () => {
    const mantissa = new Int16Array(10).fill(1, 2, 7);
    const compartment = { ...SILENT, bias: { mantissa, exponent: 6 } };
    const small = machineOf({ populations: [{ name: 'a', size: 10, compartment }] }, build, chip()).step();
    expect(lastStep(small.machine.cycle!).shares.compartment).toBe(12 * ACCESS + 5 * UPDATE);
  });

  it.each([
    ['the same tile', 4, 1, LOCAL],
    ['the next tile to the east', 1, 1, LOCAL + EAST_WEST],
    ['seven tiles to the east', 1, 7, LOCAL + 7 * EAST_WEST],
    ['the row below', 1, 8, LOCAL + NORTH_SOUTH],
    ['the far corner', 1, 31, LOCAL + 7 * EAST_WEST + 3 * NORTH_SOUTH],
  ])('a message to %s', (_, coresPerTile, target, way) => {
    const sizes = Array.from({ length: target + 1 }, () => 1);
    const names = Array.from({ length: target + 1 }, (_, i) => `core ${i}`);
    const network: SmallNetwork = {
      coreClasses: names.map((name) => ({ name })),
      populations: names.map((name, i) => ({
        name,
        size: sizes[i]!,
        coreClass: name,
        compartment: i === 0 ? FIRING : SILENT,
      })),
      projections: [uniform('core 0', `core ${target}`)],
    };
    const on = chip({ topology: { coresPerTile }, times: { barrierTree: NO_TREE } });
    const small = machineOf(network, build, on).step();
    const { shares, boundBy, source, target: end } = lastStep(small.machine.cycle!);
    const { barrier, ...parts } = shares;
    expect(parts).toEqual({
      compartment: 4 * ACCESS + UPDATE + SPIKE_OUT,
      outputAxon: AXON_OUT,
      network: way + FLIT_PERIOD, // the second flit follows the first
      inputAxon: AXON_IN,
      synapse: DENSE,
      dendrite: 0,
      learning: 0,
      injection: 0,
      management: 0,
    });
    expect(barrier).toBeGreaterThan(0);
    expect([boundBy, source, end]).toEqual(['barrier', 0, target]);
    const flight = small.machine.cycle!.drainEvents().events.find(({ unit }) => unit === 'network')!;
    expect(flight.end - flight.begin).toBe(way + FLIT_PERIOD);
  });

  it.each([
    ['between neighbours', 1, 2, 0],
    ['with a hop before and after', 0, 3, 2],
  ])('a message over a link between chips of two tiles, %s', (_, source, target, hops) => {
    const names = Array.from({ length: 4 }, (_, i) => `core ${i}`);
    const network: SmallNetwork = {
      coreClasses: names.map((name) => ({ name })),
      populations: names.map((name, i) => ({
        name,
        size: 1,
        coreClass: name,
        compartment: i === source ? FIRING : SILENT,
      })),
      projections: [uniform(`core ${source}`, `core ${target}`)],
    };
    const on = chip({
      topology: { tilesX: 2, tilesY: 1, coresPerTile: 1, chips: 2 },
      times: { barrierTree: NO_TREE },
    });
    const { shares } = lastStep(machineOf(network, build, on).step().machine.cycle!);
    expect(shares.network).toBe(LOCAL + hops * EAST_WEST + CHIP_LINK + CHIP_FLIT_PERIOD);
  });

  it.each([
    [3, 'inputAxon'], // 3 operations take 114 quanta, less than the input axon
    [40, 'synapse'],
  ] as const)('injected messages for a core of %i compartments wait in line: %s', (size, unit) => {
    const count = 30;
    const network: SmallNetwork = {
      ...cores([size], ''),
      ports: [{ name: 'in', size: count }],
      projections: [uniform('in', 'a')],
    };
    const fast = chip({ units: { injection: 1e-10 } });
    const small = machineOf(network, build, fast).step({ in: Array.from({ length: count }, (_, i) => i) });
    const { shares, units, messages } = lastStep(small.machine.cycle!);
    expect(messages).toBe(count);
    const whole = Object.values(shares).reduce((sum, n) => sum + n, 0) - shares.barrier;
    // One message starts the line; the rest follow at the pace of the slower unit.
    const first = 1 + LOCAL + FLIT_PERIOD;
    const pace = Math.max(AXON_IN, size * DENSE);
    expect(whole).toBe(first + AXON_IN + size * DENSE + (count - 1) * pace);
    expect(units![0]![unit].busy).toBe(count * (unit === 'inputAxon' ? AXON_IN : size * DENSE));
    expect(shares[unit]).toBeGreaterThan(whole / 2);
  });

  it('injects port spikes one after the other', () => {
    const network: SmallNetwork = {
      ...cores([1], ''),
      ports: [{ name: 'in', size: 5 }],
      projections: [uniform('in', 'a')],
    };
    const small = machineOf(network, build, chip()).step({ in: [0, 2, 4] });
    const { shares, boundBy } = lastStep(small.machine.cycle!);
    expect(shares.injection).toBe(3 * INJECTION);
    expect(boundBy).toBe('barrier');
    expect(small.machine.cycle!.sum().stations.at(-1)!.outputAxon).toMatchObject({ items: 3, busy: 3000 });
  });

  it('takes a port element that spikes twice in a step for two messages', () => {
    const network: SmallNetwork = {
      ...cores([600], ''),
      ports: [{ name: 'in', size: 2 }],
      projections: [uniform('in', 'a')],
    };
    const small = machineOf(network, build, chip()).step({ in: [0, 0, 1, 0] });
    const { shares, messages } = lastStep(small.machine.cycle!);
    expect(messages).toBe(4);
    const { barrier, ...parts } = shares;
    const whole = Object.values(parts).reduce((sum, n) => sum + n, 0);
    expect(whole).toBe(INJECTION + LOCAL + FLIT_PERIOD + AXON_IN + 4 * 600 * DENSE);
    expect(barrier).toBe(6000);
  });

  it('words of a list take their time if they are slower than its operations', () => {
    const network: SmallNetwork = {
      ...cores([16], ''),
      ports: [{ name: 'in', size: 1 }],
      projections: [uniform('in', 'a')],
    };
    const slow = chip({ units: { synapseWord: 100e-9 } });
    const small = machineOf(network, build, slow).step({ in: [0] });
    // 4 + 6 + 6 bits and 16 weights of 8 bits: 144 bits, three words.
    expect(lastStep(small.machine.cycle!).shares.synapse).toBe(3 * 1000);
  });

  it('a slow accumulator holds the synapse unit up when its queue is full', () => {
    const operations = 100;
    const network: SmallNetwork = {
      ...cores([operations], ''),
      ports: [{ name: 'in', size: 1 }],
      projections: [uniform('in', 'a')],
    };
    const slow = chip({ units: { dendriteOp: 5e-9, dendriteQueue: 8 } });
    const small = machineOf(network, build, slow).step({ in: [0] });
    const { shares, units } = lastStep(small.machine.cycle!);
    // The first operation comes after 38 quanta, then one every 50; nine are in the queue or at work at the end.
    expect(shares.synapse + shares.dendrite).toBe(DENSE + operations * 50);
    expect(shares.dendrite).toBe(9 * 50);
    expect(units![0]!.dendrite.busy).toBe(operations * 50);
  });

  it('a pipelined input axon takes messages faster than each passes', () => {
    const count = 10;
    const network: SmallNetwork = {
      ...cores([1], ''),
      ports: [{ name: 'in', size: count }],
      projections: [uniform('in', 'a')],
    };
    const fast = chip({ units: { injection: 1e-10, inputAxonInterval: 4e-9, inputAxonQueue: 64 } });
    const small = machineOf(network, build, fast).step({ in: Array.from({ length: count }, (_, i) => i) });
    const { shares } = lastStep(small.machine.cycle!);
    const whole = Object.values(shares).reduce((sum, n) => sum + n, 0) - shares.barrier;
    expect(whole).toBe(1 + LOCAL + FLIT_PERIOD + AXON_IN + (count - 1) * 40 + DENSE);
  });

  it('ends a learning epoch after words or products, whichever takes longer', () => {
    const learner = (lines: readonly string[], on: Chip) => {
      const network: SmallNetwork = {
        ...cores([8], ''),
        ports: [{ name: 'in', size: 3 }],
        rules: { rule: lines },
        projections: [
          {
            name: 'in',
            from: 'in',
            to: 'a',
            connection: { kind: 'all', weights: new Int16Array(24) },
            synapse: EXACT,
            rule: 'rule',
          },
        ],
      };
      return machineOf(network, build, on).step({ in: [1] });
    };
    const time = (small: SmallMachine) => lastStep(small.machine.cycle!).shares.learning;
    // 6.1 ns a synapse for two products.
    expect(time(learner(['dw = x0 - y0'], chip()))).toBe(24 * 61);
    expect(time(learner(['dw = x0 - y0 + 2*x0 - 2*y0'], chip()))).toBe(2 * 24 * 61);
    const active = chip({ learning: { visits: 'activeAxons' } });
    expect(time(learner(['dw = x0 - y0'], active))).toBe(8 * 61);
    // 4 + 6 + 6 + 64 bits are two words an axon.
    const slow = chip({ units: { learningWord: 1e-6 } });
    expect(time(learner(['dw = x0 - y0'], slow))).toBe(3 * 2 * 10_000);
    const small = learner(['dw = x0 - y0'], chip());
    expect(small.machine.times()[1]!.learningS).toBeCloseTo(24 * 61 * 1e-10, 15);
  });

  it('charges management writes and shows them apart', () => {
    const network: SmallNetwork = {
      ...cores([8], ''),
      entries: [{ step: 1, kind: 'reset', population: 'a' }],
      steps: 1,
    };
    const small = machineOf(network, build, chip()).step();
    expect(lastStep(small.machine.cycle!).shares.management).toBe(8 * 1000);
  });

  it.each([1, 2, 3, 4, 8, 29, 32])('the barrier of %i tiles is a walk up and down the tree', (tiles) => {
    const names = Array.from({ length: tiles }, (_, i) => `c${i}`);
    const network = {
      coreClasses: names.map((name) => ({ name })),
      populations: names.map((name) => ({ name, size: 4, coreClass: name, compartment: SILENT })),
    };
    const cycle = machineOf(network, build, chip()).step().machine.cycle!;
    const { shares } = lastStep(cycle);
    const node = 1116;
    // The farthest leaf, at places whose binary digits are the ways of each level.
    const ways = [EAST_WEST, 2 * EAST_WEST, 4 * EAST_WEST, NORTH_SOUTH, 2 * NORTH_SOUTH];
    const up = names.map((_, i) =>
      ways.reduce((sum, way, level) => {
        const isTold = (i >> level) & 1;
        const waits = (i & ((1 << level) - 1)) === 0 ? i + (1 << level) < tiles || isTold : true;
        const exists =
          1 << level < tiles && (isTold || (i & ~((1 << (level + 1)) - 1)) + (1 << level) < tiles);
        return sum + (isTold ? way : 0) + (waits && exists ? node : 0);
      }, 0),
    );
    expect(shares.barrier).toBe(6000 + 2 * Math.max(...up));
    expect(cycle.sum().barrierMessages).toBe(2 * (tiles - 1));
  });

  it('the barrier crosses to another chip at its own price', () => {
    const names = Array.from({ length: 8 }, (_, i) => `c${i}`);
    const network = {
      coreClasses: names.map((name) => ({ name })),
      populations: names.map((name) => ({ name, size: 4, coreClass: name, compartment: SILENT })),
    };
    const on = chip({ topology: { tilesX: 2, tilesY: 1, coresPerTile: 1, chips: 4 } });
    const { shares } = lastStep(machineOf(network, build, on).step().machine.cycle!);
    // Eight tiles, three levels: within a chip, then to the next chip, then to the one after that.
    expect(shares.barrier).toBe(6000 + 2 * (EAST_WEST + 2 * 7800 + 3 * 1116));
  });

  it('with the simulated barrier of the first paper takes 113 ns for one tile and 465 ns for 32', () => {
    const davies = { local: 113e-9, node: 25.6e-9, chip: 0 };
    const barrier = (tiles: number) => {
      const names = Array.from({ length: tiles }, (_, i) => `c${i}`);
      const network = {
        coreClasses: names.map((name) => ({ name })),
        populations: names.map((name) => ({ name, size: 4, coreClass: name, compartment: SILENT })),
      };
      const small = machineOf(network, build, chip({ times: { barrierTree: davies } })).step();
      return lastStep(small.machine.cycle!).shares.barrier / 10;
    };
    expect(barrier(1)).toBe(113);
    expect(barrier(32)).toBeCloseTo(465, 0);
  });
});

describe.each(BUILDS)('HW 6.4 back pressure, %s build', (build) => {
  const all: Spikes = {};
  /** Every compartment of four cores sends to all four, also to its own core. */
  const crowd = (size: number): SmallNetwork => {
    const names = ['a', 'b', 'c', 'd'];
    return {
      ...cores([size, size, size, size], 'abcd'),
      projections: names.flatMap((from) => names.map((to) => uniform(from, to))),
    };
  };

  it('one place in every queue and buffer still lets everything through', () => {
    const narrow = chip({
      units: {
        outputAxonQueue: 1,
        interfaceQueue: 1,
        inputAxonQueue: 1,
        synapseQueue: 1,
        dendriteQueue: 1,
        dendriteOp: 4.5e-9,
      },
      mesh: { buffer: 1, sinkBuffer: 1 },
    });
    const narrowed = machineOf(crowd(40), build, narrow).step(all).step(all);
    const wide = machineOf(crowd(40), build, chip()).step(all).step(all);
    for (const { machine } of [narrowed, wide]) {
      const sum = machine.cycle!.sum();
      expect(sum.messagesSent).toBe(2 * 4 * 40 * 4);
      expect(sum.messagesReceived).toBe(sum.messagesSent);
      expect(Object.values(sum.shares).reduce((a, b) => a + b, 0)).toBe(sum.time);
    }
    const [slow, fast] = [narrowed, wide].map(({ machine }) => machine.cycle!.sum().time);
    expect(slow).toBeGreaterThan(fast!);
    const stalled = narrowed.machine.cycle!.sum().stations[0]!;
    for (const unit of ['compartment', 'outputAxon', 'inputAxon', 'synapse'] as const)
      expect(stalled[unit].stalled, unit).toBeGreaterThan(0);
    expect(stalled.outputAxon.queueMax).toBe(1);
  });

  it('a receiver that is too slow holds the compartments of its senders up', () => {
    const network: SmallNetwork = { ...cores([512, 64], 'a'), projections: [uniform('a', 'b')] };
    const step = lastStep(machineOf(network, build, chip()).step().machine.cycle!);
    // 512 messages of 64 operations: the line before the synapses never runs dry.
    expect(step.shares.synapse).toBe(512 * 64 * DENSE);
    expect(step.boundBy).toBe('synapse');
    expect([step.source, step.target]).toEqual([0, 1]);
    expect(step.units![0]!.compartment.stalled).toBeGreaterThan(0);
    const busy = step.units![1]!.synapse;
    expect(busy).toMatchObject({ busy: 512 * 64 * DENSE, items: 512, queueMax: 2 });
  });
});
