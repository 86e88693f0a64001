// Limits and widths of one neuromorphic core: its memories [HW 1.2, 1.3], compartments [HW 2], synapses [HW 3]
// and learning engine [HW 4]. "+ sign" means two's complement of one bit more: n bits + sign is -2^n .. 2^n - 1.

import * as z from 'zod';
import { count, countList, fixedWidth, type Range } from './field.ts';

/** More than any published chip has, few enough for 32-bit indices. */
const MANY: Range = { min: 1, max: 2 ** 24 };
const SOME: Range = { min: 1, max: 2 ** 16 };
/** The core's decays of u and v take words of 24 bits, the sign included. */
const STATE_WIDTH: Range = { min: 1, max: 23 };
const EXPONENT: Range = { min: -31, max: 31 };
const STEPS: Range = { min: 0, max: 4095 };

function oneOf<const Values extends readonly [string, ...string[]]>(values: Values, says: string) {
  return z.enum(values).describe(says);
}

function someOf<const Values extends readonly [string, ...string[]]>(values: Values, says: string) {
  return z
    .array(z.enum(values))
    .readonly()
    .refine((list) => new Set(list).size === list.length, { message: 'must name each value once' })
    .describe(says);
}

export const coreSchema = z
  .strictObject({
    compartments: count('compartments', SOME, 'Compartments of a core.'),
    serviceGroup: count(
      'compartments',
      { min: 1, max: 64 },
      'Compartments are served in groups of this many; a last, partial group costs a whole one.',
    ),
    synapseMemoryWords: count('words', MANY, 'Words of synapse memory.'),
    synapseWord: count('bit', { min: 8, max: 1024 }, 'Width of a word of synapse memory.'),
    inputAxons: count('axons', MANY, 'Entries of the input axon table.'),
    inputAxonsPerLearningAxon: count(
      'entries',
      { min: 1, max: 8 },
      'Entries of the input axon table that a learning axon takes.',
    ),
    outputAxons: count('slots', MANY, 'Slots of the output axon table: core-to-core fan-out edges.'),
    outputAxonSlotsInterChip: count(
      'slots',
      { min: 0, max: 8 },
      'Extra output axon slots when the destination is on another chip.',
    ),
    dendriticAccumulators: count('accumulators', MANY, 'Accumulators of a core, shared by its compartments.'),
    accumulatorsPerCompartment: countList(
      'accumulators',
      { min: 2, max: 4096 },
      'Lengths D that the ring of accumulators of a compartment can have; the largest delay is D - 2.',
    ),
    compartmentProfiles: count('profiles', SOME, 'Sets of decays, refractory delay and flags.'),
    thresholdProfiles: count('profiles', SOME, 'Sets of threshold mantissas.'),
    synapseFormats: count('formats', SOME, 'Usable synapse formats.'),
    preTraceProfiles: count('profiles', SOME, 'Sets of impulse and decay of the traces of input axons.'),
    synapseEntry: z
      .strictObject({
        formatId: count('bit', { min: 1, max: 16 }, 'Width of the format id in front of an entry.'),
        count: count('bit', { min: 1, max: 16 }, 'Width of the synapse count in front of an entry.'),
        synapsesMax: count('synapses', { min: 1, max: 65535 }, 'Synapses of one entry, at most.'),
        packing: oneOf(
          ['nxtf', 'nengo'],
          'Words of a synapse list [C2]: entries packed and an end marker (nxtf), or each entry rounded up to ' +
            'words (nengo).',
        ),
      })
      .refine((entry) => entry.synapsesMax < 2 ** entry.count, {
        message: 'does not fit in the width of the count',
        path: ['synapsesMax'],
      })
      .readonly(),
  })
  .readonly();

export const compartmentSchema = z
  .strictObject({
    current: fixedWidth(23, 'Width of the current u, + sign.'),
    voltage: count('bit', STATE_WIDTH, 'Width of the voltage v, + sign.'),
    accumulator: fixedWidth(21, 'Width of a dendritic accumulator, + sign.'),
    decay: fixedWidth(12, 'Width of the decay registers, no sign.'),
    dsOffset: count(
      'registers',
      { min: 0, max: 1 },
      'Value of the one-bit register added to every decay of u.',
    ),
    dmOffset: count(
      'registers',
      { min: 0, max: 1 },
      'Value of the one-bit register added to every decay of v.',
    ),
    biasMantissa: count('bit', { min: 1, max: 23 }, 'Width of the bias mantissa, + sign.'),
    biasExponentMax: count(
      'powers of two',
      { min: 0, max: 15 },
      'bias = mantissa · 2^exponent, exponent from 0.',
    ),
    thresholdMantissa: count('bit', { min: 1, max: 23 }, 'Width of the threshold mantissa, no sign.'),
    thresholdShift: count('bit', { min: 0, max: 15 }, 'threshold = mantissa << shift.'),
    refractoryMin: count('steps', STEPS, 'Smallest refractory delay; 1 = no dead step.'),
    refractoryMax: count('steps', STEPS, 'Largest refractory delay.'),
    negVmLimit: count('bit', { min: 1, max: 8 }, 'Width of the register n in vMin = -(2^n) + 1.'),
    posVmLimit: count('bit', { min: 1, max: 8 }, 'Width of the register n in vMax = 2^(9 + 2n) - 1.'),
    noise: z
      .strictObject({
        draw: fixedWidth(8, 'Width of a random number, sign included.'),
        exponentMin: count('powers of two', EXPONENT, 'Least noise exponent.'),
        exponentMax: count('powers of two', EXPONENT, 'Greatest noise exponent.'),
      })
      .refine((noise) => noise.exponentMin <= noise.exponentMax, {
        message: 'must not be less than exponentMin',
        path: ['exponentMax'],
      })
      .readonly(),
    joins: someOf(['skip', 'add', 'or', 'and', 'pass'], 'Join operations of multi-compartment neurons.'),
    stackOut: someOf(['v', 'u'], 'Variables that a compartment can push on the stack.'),
    stackDepth: count(
      'entries',
      { min: 1, max: 1024 },
      'Entries of the stack by which the compartments of one neuron pass values on.',
    ),
  })
  .refine((compartment) => compartment.refractoryMin <= compartment.refractoryMax, {
    message: 'must not be less than refractoryMin',
    path: ['refractoryMax'],
  })
  .readonly();

export const programSchema = z
  .strictObject({
    instructions: count(
      'instructions',
      { min: 0, max: 2 ** 16 },
      'Instructions of all neuron programs of a core; 0 = no programs, the compartment is fixed.',
    ),
    stateBytes: count(
      'byte',
      { min: 0, max: 2 ** 16 },
      'State words and own parameters of a compartment, at most.',
    ),
    neuronMemory: count(
      'byte',
      { min: 0, max: 2 ** 30 },
      'State and own parameters of all compartments of a core.',
    ),
    sharedParameters: count(
      'words',
      { min: 0, max: 2 ** 16 },
      'Parameters that all compartments of a program share.',
    ),
    temporaries: count('registers', { min: 0, max: 64 }, 'Temporaries of a program.'),
    ports: count(
      'ports',
      { min: 0, max: 64 },
      'Input ports of a compartment, each with accumulators of its own.',
    ),
    tableWords: count('words', { min: 0, max: 2 ** 20 }, 'Words of all tables of a program.'),
  })
  .readonly();

export const synapseSchema = z
  .strictObject({
    weightBits: countList('bit', { min: 1, max: 16 }, 'Widths of a stored weight mantissa.'),
    weightExponentMin: count('powers of two', EXPONENT, 'Least weight exponent.'),
    weightExponentMax: count('powers of two', EXPONENT, 'Greatest weight exponent.'),
    weightShift: fixedWidth(6, 'effective weight = (mantissa · 2^exponent) << shift.'),
    effectiveWeightMax: count(
      'current units',
      { min: 1, max: 2 ** 30 },
      'Greatest effective weight, by magnitude.',
    ),
    signModes: someOf(['mixed', 'excitatory', 'inhibitory'], 'Sign modes of a synapse format.'),
    delayMax: count('steps', STEPS, 'Greatest synaptic delay, with the longest ring of accumulators.'),
    tag: fixedWidth(8, 'Width of a synaptic tag, + sign.'),
    compressions: someOf(
      ['dense', 'sparse', 'runLength', 'convolution'],
      'Packings of synapse lists: consecutive targets, an index or the distance from the one before for each ' +
        'synapse, or kernels that the chip expands.',
    ),
    skipBits: countList('bit', { min: 1, max: 16 }, 'Widths of the distance field of run-length lists.'),
    targetOffsetMax: count('compartments', STEPS, 'Greatest cIdxOffset: added to every target of a format.'),
    targetStrideMax: count(
      'compartments',
      { min: 1, max: 4096 },
      'Greatest distance of the targets that neighbouring indices stand for, cIdxMult + 1.',
    ),
  })
  .refine((synapse) => synapse.weightExponentMin <= synapse.weightExponentMax, {
    message: 'must not be less than weightExponentMin',
    path: ['weightExponentMax'],
  })
  .readonly();

export const learningSchema = z
  .strictObject({
    trace: fixedWidth(7, 'Width of a trace, no sign.'),
    preTraces: count('traces', { min: 0, max: 2 }, 'Traces of an input axon: x1, x2.'),
    postTraces: count('traces', { min: 0, max: 3 }, 'Traces of a compartment: y1, y2, y3.'),
    reward: fixedWidth(8, 'Width of the reward trace r1, sign included.'),
    constant: count('bit', { min: 1, max: 16 }, 'Width of a constant in a rule, sign included.'),
    ruleMantissa: count(
      'bit',
      { min: 1, max: 16 },
      "Width of a product's mantissa, sign included: 4 bits are -8..7.",
    ),
    ruleExponentMin: count('powers of two', EXPONENT, 'Least exponent of a product.'),
    ruleExponentMax: count('powers of two', EXPONENT, 'Greatest exponent of a product.'),
    decimationMax: count(
      'powers of two',
      { min: 0, max: 30 },
      'Greatest k of u_k: every 2^k-th learning epoch.',
    ),
    epochStepsMax: count('steps', { min: 1, max: 4095 }, 'Greatest number of steps of a learning epoch.'),
    accumulator: fixedWidth(15, "Width of a rule's accumulator, + sign."),
    thirdFactor: oneOf(
      ['core', 'compartment'],
      'A reward trace per core, or a third factor per compartment.',
    ),
    postTracesFromProgram: z.boolean().describe('Whether neuron microcode can write y1..y3.'),
    visits: oneOf(
      ['allPlastic', 'activeAxons'],
      'Synapses that a learning epoch visits: every plastic one, or those of input axons that had a spike.',
    ),
    skipEpochWithoutError: z
      .boolean()
      .describe('Whether a learning epoch without any third factor is skipped. Not documented of any chip.'),
    gradedSpikes: z.boolean().describe('Whether a spike with a payload can set the trace x1.'),
  })
  .refine((learning) => learning.ruleExponentMin <= learning.ruleExponentMax, {
    message: 'must not be less than ruleExponentMin',
    path: ['ruleExponentMax'],
  })
  .readonly();
