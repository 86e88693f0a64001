// Laws of timing mode `cycle`, for every network: time never changes what is computed, what is sent arrives, the parts of
// the critical path are the whole, and two of everything take no longer than one.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Chip } from '../../host/chip/schema.ts';
import type { CoreBuild } from '../../host/machine/core-module.ts';
import { TIMING_MODES, type TimingMode } from '../../host/machine/timing-mode.ts';
import { chipWith } from '../support/chips.ts';
import { observe, overCores, type RandomNetwork, randomNetworks } from '../support/random-network.ts';
import {
  BUILDS,
  compileSmall,
  EXACT,
  KICKED,
  SmallMachine,
  type SmallNetwork,
} from '../support/small-network.ts';

const { timing } = chipWith();

/** loihi1 with the given depth of every queue and buffer, one core a tile. */
function chipOf(depth: number, dendriteOp: number): Chip {
  const queues = {
    outputAxonQueue: depth,
    interfaceQueue: depth,
    inputAxonQueue: depth,
    synapseQueue: depth,
    dendriteQueue: depth,
  };
  return chipWith({
    topology: { coresPerTile: 1 },
    timing: {
      units: { ...timing.units, ...queues, dendriteOp },
      mesh: { ...timing.mesh, buffer: depth, sinkBuffer: depth },
    },
  });
}

const RECORDING = { steps: 64, units: true, events: 65536 };

function smallMachine(network: SmallNetwork, chip: Chip, build: CoreBuild, mode: TimingMode): SmallMachine {
  return new SmallMachine(compileSmall(network, chip).image, build, 64, {
    timing: mode,
    recording: RECORDING,
  });
}

const setups = fc.record({
  random: randomNetworks,
  cores: fc.integer({ min: 1, max: 5 }),
  depth: fc.constantFrom(1, 2, 7, 40),
  dendriteOp: fc.constantFrom(0, 5e-9),
});

describe('timing mode cycle on random networks', () => {
  it('gives the same spikes, states, weights and counts as the other modes, in all builds', () => {
    fc.assert(
      fc.property(setups, ({ random, cores, depth, dendriteOp }) => {
        const split = overCores(random, cores);
        const chip = chipOf(depth, dendriteOp);
        const seen = (build: CoreBuild, mode: TimingMode) => {
          const small = smallMachine(split.network, chip, build, mode);
          return { what: observe(small, split), counts: small.counts() };
        };
        const reference = seen('release', 'functional');
        for (const mode of TIMING_MODES)
          for (const build of BUILDS) expect(seen(build, mode), `${mode} ${build}`).toEqual(reference);
      }),
      { numRuns: 8, seed: 31 },
    );
  });

  it('tells the same time in all builds, and whatever was run or restored before', () => {
    fc.assert(
      fc.property(setups, ({ random, cores, depth, dendriteOp }) => {
        const { network, spikes } = overCores(random, cores);
        const chip = chipOf(depth, dendriteOp);
        const run = (small: SmallMachine, from: number, to: number) => {
          for (let step = from; step < to; step++) small.step(spikes[step]!);
        };
        const half = spikes.length >> 1;
        const [first, ...others] = BUILDS.map((build) => {
          const small = smallMachine(network, chip, build, 'cycle');
          run(small, 0, half);
          const snapshot = small.machine.snapshot();
          const resumed = smallMachine(network, chip, build, 'cycle');
          run(resumed, 0, 3);
          resumed.machine.restore(snapshot);
          for (const machine of [small, resumed]) run(machine, half, spikes.length);
          expect(resumed.machine.cycle!.sum()).toEqual(small.machine.cycle!.sum());
          expect(resumed.machine.cycle!.links()).toEqual(small.machine.cycle!.links());
          expect(resumed.machine.times()).toEqual(small.machine.times());
          return { sum: small.machine.cycle!.sum(), steps: small.machine.cycle!.drainSteps() };
        });
        for (const other of others) expect(other).toEqual(first);
      }),
      { numRuns: 8, seed: 32 },
    );
  });

  it('messages in are messages out, and the parts of the critical path are the whole', () => {
    fc.assert(
      fc.property(setups, ({ random, cores, depth, dendriteOp }) => {
        const split: RandomNetwork = overCores(random, cores);
        const small = smallMachine(split.network, chipOf(depth, dendriteOp), 'debug', 'cycle');
        small.steps(split.spikes.length, (step) => split.spikes[step - 1]!);
        const { machine } = small;
        const counts = small.counts();
        const sum = machine.cycle!.sum();
        expect(BigInt(sum.messagesSent)).toBe(counts.inputAxonEvents);
        expect(sum.messagesReceived).toBe(sum.messagesSent);
        const of = (unit: 'inputAxon' | 'synapse' | 'dendrite' | 'outputAxon' | 'compartment') =>
          sum.stations.reduce((all, units) => all + units[unit].items, 0);
        expect([of('outputAxon'), of('inputAxon'), of('synapse')]).toEqual(
          Array.from({ length: 3 }, () => sum.messagesSent),
        );
        if (dendriteOp > 0) expect(BigInt(of('dendrite'))).toBe(counts.synapticOps);
        const compartments = counts.compartmentUpdatesActive + counts.compartmentUpdatesInactive;
        expect(BigInt(of('compartment'))).toBe(compartments);
        // Two flits a message and hop; hops of injected messages are not counted elsewhere.
        const hops = Number(counts.meshHopsEastWest + counts.meshHopsNorthSouth);
        expect(sum.flitHops).toBeGreaterThanOrEqual(2 * hops);
        const flits = machine.cycle!.links().filter(({ direction }) => direction === 'local');
        expect(flits.reduce((all, link) => all + link.flits, 0)).toBe(2 * sum.messagesSent);

        const whole = Object.values(sum.shares).reduce((a, b) => a + b, 0);
        expect(whole).toBe(sum.time);
        const quantum = machine.image.timing.quantumS;
        const told = machine.times().reduce((all, t) => all + t.spikingS + t.learningS + t.managementS, 0);
        expect(told / quantum).toBeCloseTo(sum.time, 3);
        const steps = machine.cycle!.drainSteps();
        expect(steps).toHaveLength(split.spikes.length);
        for (const { shares, units, boundBy } of steps) {
          const time = Object.values(shares).reduce((a, b) => a + b, 0);
          expect(Object.values(shares).every((share) => share >= 0)).toBe(true);
          expect(shares[boundBy]).toBe(Math.max(...Object.values(shares)));
          // No unit works for longer than the step.
          for (const station of units!)
            for (const { busy, end } of Object.values(station))
              expect(Math.max(busy, end)).toBeLessThanOrEqual(time);
        }
        const bounds = sum.stations.reduce(
          (all, units) => all + Object.values(units).reduce((a, { bound }) => a + bound, 0),
          0,
        );
        expect(bounds).toBe(sum.time - sum.shares.barrier - sum.shares.management);
        // The log holds every flight and every unit's work.
        const { events, lost } = machine.cycle!.drainEvents();
        expect(lost).toBe(0);
        expect(events.filter(({ unit }) => unit === 'network')).toHaveLength(sum.messagesSent);
        const logged = events.filter(({ unit }) => unit === 'synapse');
        expect(logged.reduce((all, { begin, end }) => all + end - begin, 0)).toBeGreaterThanOrEqual(
          sum.stations.reduce((all, { synapse }) => all + synapse.busy, 0),
        );
      }),
      { numRuns: 25, seed: 33 },
    );
  });
});

describe('two identical networks in two corners of the chip', () => {
  /** A ring of three populations on cores of their own, which keeps a spike going. */
  function rings(count: number): SmallNetwork {
    const names = Array.from({ length: count * 3 }, (_, i) => `p${i}`);
    return {
      coreClasses: names.map((name) => ({ name })),
      ports: [],
      populations: names.map((name) => ({
        name,
        size: 30,
        coreClass: name,
        compartment: { ...KICKED, threshold: 0, bias: { mantissa: 1, exponent: 6 } },
      })),
      projections: names.map((name, i) => {
        const ring = 3 * Math.floor(i / 3);
        const to = names[ring + ((i + 1) % 3)]!;
        return { name, from: name, to, connection: { kind: 'uniform', weight: 0 }, synapse: EXACT };
      }),
    };
  }

  it('send twice the messages and take the time of one but for the barrier', () => {
    // Three cores a tile: each network has a tile of its own.
    const chip = chipWith({ topology: { coresPerTile: 3 } });
    const run = (count: number) =>
      smallMachine(rings(count), chip, 'release', 'cycle').steps(5).machine.cycle!.sum();
    const [one, two] = [run(1), run(2)];
    expect(one.messagesSent).toBe(5 * 90);
    expect(two.messagesSent).toBe(2 * one.messagesSent);
    expect(two.time - two.shares.barrier).toBe(one.time - one.shares.barrier);
    for (let core = 0; core < 3; core++) {
      for (const unit of ['compartment', 'outputAxon', 'inputAxon', 'synapse'] as const) {
        const { bound: _, ...first } = one.stations[core]![unit];
        for (const copy of [core, core + 3]) expect(two.stations[copy]![unit]).toMatchObject(first);
      }
    }
  });
});
