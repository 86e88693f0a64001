// What must not change a single bit: the build, a snapshot on the way, the mapping to cores.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chipWith } from '../support/chips.ts';
import { observe, overCores, randomNetworks } from '../support/random-network.ts';
import { compileSmall, SmallMachine } from '../support/small-network.ts';

const CHIPS = [
  chipWith(),
  chipWith({
    semantics: {
      weightRead: 'late',
      traceDecay: 'linear',
      ruleDownscale: 'sumPlus4',
      ruleSaturation: 'once',
      spikeTest: 'ge',
      secondSpike: 'drop',
      joinPush: 'beforeReset',
    },
  }),
];

describe.each([
  ['recommended semantics', CHIPS[0]!],
  ['the other choices', CHIPS[1]!],
])('random networks, %s', (_, chip) => {
  it('give the same bits and the same counters in all builds', () => {
    const property = fc.property(randomNetworks, (random) => {
      const { image } = compileSmall(random.network, chip);
      const [release, scalar, debug] = (['release', 'scalar', 'debug'] as const).map((build) => {
        const small = new SmallMachine(image, build);
        return {
          seen: observe(small, random),
          counts: small.machine.coreCounters(),
          times: small.machine.times(),
        };
      });
      expect(scalar).toEqual(release);
      expect(debug).toEqual(release);
    });
    fc.assert(property, { numRuns: 15, seed: 1 });
  });

  it('run on from a snapshot as if nothing had happened', () => {
    const property = fc.property(randomNetworks, fc.nat(23), (random, at) => {
      const { image } = compileSmall(random.network, chip);
      const whole = new SmallMachine(image, 'release');
      const early = Math.min(at, random.spikes.length - 1);
      const spikesOf = (step: number) => random.spikes[step - 1]!;
      whole.steps(early, spikesOf);
      const snapshot = whole.machine.snapshot();
      whole.steps(random.spikes.length - early, spikesOf);
      // Into another machine, which has been somewhere else.
      const other = new SmallMachine(image, 'release').steps(3, spikesOf);
      other.machine.restore(snapshot);
      expect(other.machine.steps).toBe(early);
      other.steps(random.spikes.length - early, spikesOf);
      expect(Buffer.compare(other.machine.snapshot(), whole.machine.snapshot())).toBe(0);
    });
    fc.assert(property, { numRuns: 15, seed: 2 });
  });

  it('do the same on one core and on several', () => {
    const property = fc.property(randomNetworks, fc.integer({ min: 2, max: 5 }), (random, cores) => {
      const several = overCores(random, cores);
      const small = new SmallMachine(compileSmall(random.network, chip).image, 'release');
      const split = new SmallMachine(compileSmall(several.network, chip).image, 'release');
      expect(split.machine.image.cores).toHaveLength(cores);
      expect(observe(split, several)).toEqual(observe(small, random));
      const [one, many] = [small.counts(), split.counts()];
      for (const name of [
        'synapticOps',
        'synapticUpdates',
        'spikes',
        'randomDraws',
        'weightClips',
      ] as const) {
        expect(many[name], name).toBe(one[name]);
      }
    });
    fc.assert(property, { numRuns: 15, seed: 3 });
  });

  it('do the same again with the same seed', () => {
    const property = fc.property(randomNetworks, (random) => {
      const run = () =>
        observe(new SmallMachine(compileSmall(random.network, chip).image, 'release'), random);
      expect(run()).toEqual(run());
    });
    fc.assert(property, { numRuns: 5, seed: 4 });
  });
});

describe('seeds', () => {
  it('change a network with noise', () => {
    const [random] = fc.sample(randomNetworks, { numRuns: 1, seed: 5 });
    const run = (seed: number) =>
      observe(new SmallMachine(compileSmall({ ...random!.network, seed }).image, 'release'), random!);
    expect(run(1)).not.toEqual(run(2));
  });
});
