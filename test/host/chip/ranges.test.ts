import { describe, expect, it } from 'vitest';
import { loadChild, userErrorOf } from './chip-fixture.ts';

/** A section with one field in it, by dotted path. */
function sectionOf(path: string, value: string): string {
  const keys = path.split('.');
  return keys
    .map(
      (key, depth) =>
        `${'  '.repeat(depth)}${key}:${depth === keys.length - 1 ? ` ${value} # [A] test\n` : '\n'}`,
    )
    .join('');
}

describe('a number in a chip file', () => {
  it.each([
    ['core.compartments', '1 compartment', '0 compartments', 'the minimum is 1 compartment'],
    ['core.compartments', '65536 compartments', '65537 compartments', 'the maximum is 65536 compartments'],
    ['compartment.voltage', '23 bits', '24 bits', 'the maximum is 23 bits'],
    // What the core cannot have in another width must not look as if it had.
    ['compartment.current', '23 bits', '20 bits', 'must be 23 bits'],
    ['compartment.accumulator', '21 bits', '18 bits', 'must be 21 bits'],
    ['compartment.decay', '12 bits', '8 bits', 'must be 12 bits'],
    ['compartment.noise.draw', '8 bits', '9 bits', 'must be 8 bits'],
    ['synapse.weightShift', '6 bits', '5 bits', 'must be 6 bits'],
    ['synapse.tag', '8 bits', '7 bits', 'must be 8 bits'],
    ['learning.trace', '7 bits', '6 bits', 'must be 7 bits'],
    ['learning.reward', '8 bits', '16 bits', 'must be 8 bits'],
    ['learning.accumulator', '15 bits', '13 bits', 'must be 15 bits'],
    ['compartment.dsOffset', '1 register', '2 registers', 'the maximum is 1 register'],
    ['compartment.dmOffset', '0 registers', '-1 registers', 'the minimum is 0 registers'],
    [
      'synapse.weightExponentMin',
      '-31 powers of two',
      '-32 powers of two',
      'the minimum is -31 powers of two',
    ],
    ['learning.postTraces', '3 traces', '4 traces', 'the maximum is 3 traces'],
    ['learning.epochStepsMax', '1 step', '0 steps', 'the minimum is 1 step'],
    ['topology.chips', '16384 chips', '16385 chips', 'the maximum is 16384 chips'],
    ['routing.spikePayload', '32 bits', '33 bits', 'the maximum is 32 bits'],
    ['timing.quantum', '1 fs', '0.1 fs', 'the minimum is 1 fs'],
    ['timing.axonIn', '0 s', '-1 ns', 'the minimum is 0 s'],
    ['energy.profiles.mine.spike', '0 pJ', '-1 pJ', 'the minimum is 0 J'],
    ['area.coreMemory', '0 bytes', '-1 byte', 'the minimum is 0 bytes'],
    ['core.compartments', '8 compartments', '8.5 compartments', 'must be a whole number'],
    ['area.coreMemory', '8 bits', '7 bits', 'must be a whole number'],
    ['core.synapseEntry.synapsesMax', '63 synapses', '64 synapses', 'does not fit in the width of the count'],
    ['compartment.refractoryMax', '1 step', '0 steps', 'must not be less than refractoryMin'],
    ['compartment.noise.exponentMin', '23 powers of two', '24 powers of two', 'not be less than exponentMin'],
    [
      'synapse.weightExponentMax',
      '-8 powers of two',
      '-9 powers of two',
      'not be less than weightExponentMin',
    ],
    ['learning.ruleExponentMax', '-7 powers of two', '-8 powers of two', 'not be less than ruleExponentMin'],
    ['core.accumulatorsPerCompartment', '8, 16 accumulators', '16, 8 accumulators', 'in ascending order'],
    ['synapse.weightBits', '1 bit', '1, 1 bits', 'each value once'],
    ['core.accumulatorsPerCompartment', '2, 4 accumulators', '1, 2 accumulators', 'the minimum is 2'],
  ])('%s can be %s and not %s', (path, inside, outside, message) => {
    expect(loadChild(sectionOf(path, inside)).provenance.has(path)).toBe(true);
    const error = userErrorOf(() => loadChild(sectionOf(path, outside)));
    expect(error.message).toContain(message);
    expect(error.details.line).toBeGreaterThan(4);
  });
});

describe('an option in a chip file', () => {
  it.each([
    ['semantics.weightRead', 'late', 'lte', 'must be one of early, late; did you mean "late"?'],
    ['semantics.random', 'counter', 'lfsr', 'must be one of counter'],
    ['core.synapseEntry.packing', 'nengo', 'dense', 'must be one of nxtf, nengo'],
    ['learning.visits', 'activeAxons', 'activeAxon', 'did you mean "activeAxons"?'],
    ['learning.gradedSpikes', 'true', 'yes', 'learning.gradedSpikes is "yes"; must be true or false'],
    ['generation', 'loihi2', 'loihi3', 'must be one of loihi1, loihi2'],
    ['compartment.joins', '[skip, add]', '[skip, xor]', 'must be one of skip, add, or, and, pass'],
    ['compartment.joins', '[]', '[add, add]', 'must name each value once'],
    ['compartment.stackOut', '[v]', 'v', 'must be a list of values'],
    ['routing.order', 'xy', '[xy]', 'must be one value'],
    ['energy.defaultProfile', 'davies2018', 'davies', 'is not the name of a profile of this chip'],
  ])('%s can be %s and not %s', (path, inside, outside, message) => {
    expect(loadChild(sectionOf(path, inside)).provenance.has(path)).toBe(true);
    expect(userErrorOf(() => loadChild(sectionOf(path, outside))).message).toContain(message);
  });
});
