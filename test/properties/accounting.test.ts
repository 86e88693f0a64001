// Laws of counting and of energy: what goes in comes out, parts add up, and two of everything cost twice one.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadChip } from '../../host/chip/load.ts';
import { dynamicEnergy, energyByPhase, energyByUnit, energyProfile } from '../../host/energy/energy.ts';
import { COUNTERS } from '../../host/measure/counters.ts';
import { measure, measureCores, since, total } from '../../host/measure/measure.ts';
import { overCores, randomNetworks } from '../support/random-network.ts';
import {
  compileSmall,
  EXACT,
  EXCITATORY,
  KICKED,
  SmallMachine,
  type SmallNetwork,
} from '../support/small-network.ts';

const { chip } = loadChip('loihi1');
const PROFILES = Object.keys(chip.energy.profiles);

describe('random networks', () => {
  const property = (
    law: (random: Parameters<typeof overCores>[0], small: SmallMachine) => void,
    seed: number,
  ) =>
    fc.assert(
      fc.property(randomNetworks, fc.integer({ min: 1, max: 4 }), (random, cores) => {
        const split = overCores(random, cores);
        law(split, new SmallMachine(compileSmall(split.network).image, 'release'));
      }),
      { numRuns: 20, seed },
    );

  it('synaptic operations are the lists of every spike, and every message sent is received', () => {
    property(({ network, spikes }, small) => {
      for (const name of ['hidden', 'leaf', 'root']) small.watch(name, 'spikes');
      small.steps(spikes.length, (step) => spikes[step - 1]!);
      const fired = (name: string) =>
        small
          .recorded(name, 'spikes')
          .flat()
          .reduce((a, b) => a + b, 0);
      const [hidden, leaf, root] = ['hidden', 'leaf', 'root'].map(fired) as [number, number, number];
      const size = network.populations[0]!.size;
      const port = spikes.reduce((sum, step) => sum + (step.in ?? []).length, 0);
      const counts = small.counts();
      expect(counts.spikes).toBe(BigInt(hidden + leaf + root));
      // hidden: one leaf each and one root; root: every hidden; port: every hidden. Leaves have no targets.
      expect(counts.synapticOps).toBe(BigInt(hidden * (size + 1) + root * size + port * size));
      const { cores, ports } = small.machine.image;
      const rewards = BigInt(spikes.filter((step) => step.reward !== undefined).length * cores.length);
      expect(ports).toHaveLength(2);
      expect(counts.rewardSpikes).toBe(rewards);
      expect(counts.inputAxonEvents).toBe(counts.messages + BigInt(port * cores.length) + rewards);
      expect(counts.compartmentUpdatesActive + counts.compartmentUpdatesInactive).toBe(
        BigInt(3 * size * spikes.length),
      );
      expect(counts.randomDraws).toBe(BigInt(size * spikes.length));
    }, 11);
  });

  it('energy adds up over steps, phases, units and cores', () => {
    property(({ spikes }, small) => {
      const profile = energyProfile(chip, PROFILES[0]!);
      const joules = (counts: Parameters<typeof energyByUnit>[1]) =>
        dynamicEnergy(energyByUnit(profile, counts)).value;
      const start = measure(small.machine);
      let before = start;
      let bySteps = 0;
      for (const step of spikes) {
        small.step(step);
        const after = measure(small.machine);
        bySteps += joules(total(since(before, after)));
        before = after;
      }
      const whole = joules(total(before));
      expect(whole).toBeGreaterThan(0);
      const close = (sum: number) => expect(Math.abs(sum / whole - 1)).toBeLessThan(1e-9); // sums of doubles
      close(bySteps);
      close(Object.values(energyByPhase(profile, before)).reduce((sum, { value }) => sum + value, 0));
      close(measureCores(small.machine).reduce((sum, counts) => sum + joules(counts), 0));
      close(Object.values(energyByUnit(profile, total(before))).reduce((sum, { value }) => sum + value, 0));
    }, 12);
  });
});

describe('two identical networks on one chip', () => {
  /** `copies` networks without randomness, on cores of their own: a learning layer and one that it drives. */
  function copiesOf(copies: number): SmallNetwork {
    const names = Array.from({ length: copies }, (_, i) => `n${i}`);
    const flat = { impulse: 16, tau: 0 };
    return {
      coreClasses: names.flatMap((n) => [{ name: `${n} a`, epochSteps: 3 }, { name: `${n} b` }]),
      ports: names.map((n) => ({ name: n, size: 3 })),
      rules: { rule: ['dw = x0 + 2^-3*y0*x1 - y0'] },
      populations: names.flatMap((n) => [
        {
          name: `${n} a`,
          size: 20,
          coreClass: `${n} a`,
          compartment: { ...KICKED, threshold: 60 },
          postTraces: { y1: flat },
        },
        { name: `${n} b`, size: 7, coreClass: `${n} b`, compartment: { ...KICKED, threshold: 90 } },
      ]),
      projections: names.flatMap((n) => [
        {
          name: `${n} in`,
          from: n,
          to: `${n} a`,
          connection: { kind: 'all' as const, weights: Int16Array.from({ length: 60 }, (_, i) => 2 * i) },
          synapse: EXCITATORY,
          rule: 'rule',
          preTraces: { x1: flat },
        },
        {
          name: `${n} on`,
          from: `${n} a`,
          to: `${n} b`,
          connection: { kind: 'uniform', weight: 10 },
          synapse: EXACT,
        },
      ]),
      entries: names.map((n) => ({ step: 4, kind: 'reset', population: `${n} a` })),
      steps: 12,
    };
  }

  function run(copies: number) {
    const small = new SmallMachine(compileSmall(copiesOf(copies)).image, 'release');
    small.steps(12, (step) =>
      Object.fromEntries(Array.from({ length: copies }, (_, i) => [`n${i}`, [step % 3, (step * 2) % 3]])),
    );
    return small;
  }

  it('count everything twice, and cost twice the energy under every profile', () => {
    const [one, two] = [run(1).counts(), run(2).counts()];
    expect(one.spikes).toBeGreaterThan(0n);
    expect(one.synapticUpdates).toBeGreaterThan(0n);
    expect(two.barriers).toBe(one.barriers);
    for (const { name } of COUNTERS) expect(two[name], name).toBe(2n * one[name]);
    for (const name of PROFILES) {
      const profile = energyProfile(chip, name);
      const single = energyByUnit(profile, one);
      for (const [unit, { value, low, high }] of Object.entries(energyByUnit(profile, two))) {
        const half = single[unit as keyof typeof single];
        expect([value, low, high], `${name} ${unit}`).toEqual([2 * half.value, 2 * half.low, 2 * half.high]);
      }
    }
  });

  it('do the same as one alone', () => {
    const [one, two] = [run(1), run(2)];
    for (const name of ['n0 in', 'n1 in']) expect(two.weights(name)).toEqual(one.weights('n0 in'));
  });
});
