// The options for what the public sources do not settle: one row per open question, with the recommended default
// [HW 0.3] and the entry of the conflict (C) or unknown (U) list [HW 9, 10] behind it. Docs, lint, the schema and
// the compiler read this one table.

import * as z from 'zod';

export interface SemanticsOption {
  readonly values: readonly [string, ...string[]];
  readonly default: string;
  /** Values by which models compute and no documented chip does; the others are readings of what is open. */
  readonly models?: readonly string[];
  /** Entry of the conflict or unknown list, e.g. `C22`, `U1`; `HW n.m` where the list has none. */
  readonly conflict: string;
  /** One sentence: what each value means and who says so. */
  readonly says: string;
}

/** Name → values (the default first), default, conflict, sentence. */
export const SEMANTICS = {
  currentDecay: {
    values: ['offset', 'asGiven'],
    default: 'offset',
    conflict: 'HW 2.3',
    says:
      "Decay of u: the register plus the core's offset bit (Lava, nengo-loihi), or the register alone " +
      '(Brian2Loihi, whose 4096 forgets everything).',
  },
  currentDecayTime: {
    values: ['first', 'last'],
    default: 'first',
    models: ['last'],
    conflict: 'HW 2.2',
    says:
      'Whether u decays before the input of a step is added (Lava, nengo-loihi) or after v has taken it ' +
      '(Brian2Loihi); the two differ in the first step, if u does not start at 0.',
  },
  currentOverflow: {
    values: ['wrap', 'foldOnce', 'none'],
    default: 'wrap',
    models: ['foldOnce', 'none'],
    conflict: 'C3',
    says:
      "Overflow of u: 24-bit two's complement (nengo-loihi), 2^24 taken off once above 2^23 and added once at " +
      '-2^23 and below (Lava), or none (Brian2Loihi, floating-point models).',
  },
  inputOverflow: {
    values: ['wrap', 'none'],
    default: 'wrap',
    models: ['none'],
    conflict: 'HW 2.1',
    says: "The sum of a step's synaptic input: 22-bit two's complement (nengo-loihi), or unlimited (Lava, Brian2Loihi).",
  },
  biasOverflow: {
    values: ['wrap', 'none'],
    default: 'wrap',
    models: ['none'],
    conflict: 'HW 2.2',
    says: "The sum of u and bias: 24-bit two's complement (nengo-loihi), or unlimited before v is limited (Lava).",
  },
  voltageLimits: {
    values: ['registers', 'none'],
    default: 'registers',
    models: ['none'],
    conflict: 'HW 2.1',
    says:
      "Limits of v: those of the core's registers (nengo-loihi; Lava has them fixed at 2^23 - 1), or none " +
      '(Brian2Loihi).',
  },
  refractory: {
    values: ['includesSpike', 'wholeSteps', 'none'],
    default: 'includesSpike',
    models: ['wholeSteps', 'none'],
    conflict: 'HW 2.2',
    says:
      'A refractory delay of r silences r - 1 steps at v = 0 (nengo-loihi, Brian2Loihi), or r steps in which v is ' +
      "held (Lava's floating-point model), or there is none (Lava's fixed-point models).",
  },
  inputScale: {
    values: ['shifted', 'unscaled'],
    default: 'shifted',
    models: ['unscaled'],
    conflict: 'HW 3.2',
    says:
      'Input and threshold are shifted left by 6 (all fixed-point models), or in the same units as u and v ' +
      "(Lava's floating-point models).",
  },
  weightRounding: {
    values: ['floor', 'nearestEven', 'towardZero'],
    default: 'floor',
    conflict: 'C5',
    says:
      'A mixed weight on its grid: floored (Lava), rounded half to even (nengo-loihi) or truncated toward zero ' +
      '(Brian2Loihi).',
  },
  weightRange: {
    values: ['stored', 'symmetric'],
    default: 'stored',
    conflict: 'HW 3.1',
    says:
      'Range of a mixed weight: all that its bits can hold, -256..254 with 8 (Lava, Brian2Loihi), or the same on ' +
      'both sides of 0 (nengo-loihi, -254..254).',
  },
  weightWidths: {
    values: ['chip', 'any'],
    default: 'chip',
    models: ['any'],
    conflict: 'HW 1.3',
    says:
      "Widths that a weight may have: the chip's list (nengo-loihi: 1 to 6 and 8), or any up to 8 (Lava from 1, " +
      'Brian2Loihi from 0).',
  },
  inhibitoryMinimum: {
    values: ['magnitude', 'twosComplement'],
    default: 'magnitude',
    conflict: 'HW 3.1',
    says: 'Least inhibitory weight: -255, eight bits of magnitude (Lava), or -256 (Brian2Loihi).',
  },
  exponentPlace: {
    values: ['synapse', 'sum'],
    default: 'synapse',
    conflict: 'C6',
    says:
      "What takes the weight exponent: every synapse (nengo-loihi, Brian2Loihi), or the sum over a step's spikes " +
      '(Lava).',
  },
  exponentRounding: {
    values: ['floor', 'nearestEven'],
    default: 'floor',
    conflict: 'C5',
    says:
      'What a negative weight exponent leaves over is floored (Lava, Brian2Loihi) or rounded half to even ' +
      '(nengo-loihi).',
  },
  delays: {
    values: ['perSynapse', 'perProjection', 'none'],
    default: 'perSynapse',
    conflict: 'C20',
    says: 'Delays: one for every synapse (Lava), one for a projection (Brian2Loihi), or none (nengo-loihi).',
  },
  weightRead: {
    values: ['early', 'late'],
    default: 'early',
    conflict: 'C22',
    says:
      'When a spike that meets a learning epoch reads the weight: early, on arrival in the step of the spike and so ' +
      'before its learning phase (Lava), or late, when the target integrates in the next step (Brian2Loihi).',
  },
  traceDecay: {
    values: ['exponential', 'linear', 'everySecondStep'],
    default: 'exponential',
    conflict: 'C8',
    says:
      'Decay factor of a trace: exp(-1/tau) per step (Lava), 1 - 1/tau per step (Brian2Loihi), or exp(-2/tau) in ' +
      'every second step (nengo-loihi).',
  },
  traceImpulse: {
    values: ['afterDecay', 'beforeDecay'],
    default: 'afterDecay',
    conflict: 'HW 4.4',
    says:
      "A spike's impulse is added after the decay of its step (Lava, nengo-loihi), or before it, with the rules in " +
      'between (Brian2Loihi).',
  },
  ruleSpikes: {
    values: ['sameStep', 'onArrival'],
    default: 'sameStep',
    conflict: 'HW 4.3',
    says:
      'The learning phase of a step sees the spikes of that step (Lava), or those that arrive in it, sent a step ' +
      'and the delay earlier (Brian2Loihi).',
  },
  epochCount: {
    values: ['fromOne', 'fromZero'],
    default: 'fromOne',
    conflict: 'HW 4.2',
    says: 'Learning epochs are numbered from 1 (Lava) or from 0 (Brian2Loihi) when u_k counts them.',
  },
  ruleCoefficient: {
    values: ['normalized', 'asWritten'],
    default: 'normalized',
    conflict: 'HW 4.2',
    says:
      'Mantissa and exponent of a product: the odd mantissa with what exponent the chip has, or the plain numbers ' +
      'and the powers of two apart, as they are written (Lava); it matters where bits are shifted out.',
  },
  ruleDownscale: {
    values: ['sumPlus3', 'sumPlus4', 'none'],
    default: 'sumPlus3',
    models: ['none'],
    conflict: 'C10',
    says:
      'Down-scale of a product with several factors: by the sum of the factor widths + 3 - 15 bits in one shift with ' +
      'the exponent (nengo-loihi, tuned on chips; 2 bits for two traces), or + 4 - 15 before it (Lava; 3 bits), or ' +
      'none at all and no limit either (Brian2Loihi, floating-point models).',
  },
  ruleSaturation: {
    values: ['perProduct', 'once'],
    default: 'perProduct',
    conflict: 'HW 4.5',
    says:
      'Where the 15-bit accumulator of a rule saturates: after every product (Lava) or once, after the whole ' +
      'sum (nengo-loihi, which has one product).',
  },
  ruleLimit: {
    values: ['twosComplement', 'oneBelow'],
    default: 'twosComplement',
    models: ['oneBelow'],
    conflict: 'HW 4.5',
    says: 'Least value of the accumulator and of a tag: -32768 and -256, or -32769 and -257 (Lava).',
  },
  ruleUnit: {
    values: ['grid', 'one'],
    default: 'grid',
    models: ['one'],
    conflict: 'C11',
    says:
      'What a learned weight is a multiple of: the step of its grid (nengo-loihi, Brian2Loihi; 2 for mixed weights of ' +
      '8 bits), or 1 (Lava).',
  },
  ruleRange: {
    values: ['format', 'eightBits'],
    default: 'format',
    models: ['eightBits'],
    conflict: 'HW 3.1',
    says:
      'Range of a learned weight: that of its format (nengo-loihi), or that of 8 bits whatever the width (Lava, ' +
      'Brian2Loihi).',
  },
  ruleRounding: {
    values: ['magnitude', 'floor', 'awayFromZero'],
    default: 'magnitude',
    conflict: 'C11',
    says:
      'Stochastic rounding of a new value: of its magnitude (nengo-loihi), of the value, up from the floor (Lava), or ' +
      'of the change, away from zero to an integer and then toward zero to the grid (Brian2Loihi).',
  },
  impulseFraction: {
    values: ['of128', 'of256'],
    default: 'of128',
    models: ['of256'],
    conflict: 'C9',
    says:
      'Fraction of a trace impulse: in 1/128, so that its probability is itself, or in 1/256 compared with the ' +
      'same random number 0..127, so that it is doubled (Lava).',
  },
  spikeTest: {
    values: ['gt', 'ge'],
    default: 'gt',
    conflict: 'HW 2.2',
    says:
      'A compartment fires when its voltage is greater than the threshold (all three emulators of Loihi 1), ' +
      'or greater or equal (some models of Loihi 2).',
  },
  secondSpike: {
    values: ['add', 'drop'],
    default: 'add',
    conflict: 'C7',
    says:
      'An earlier spike of the same learning epoch adds its impulse to the trace (Lava) or is lost ' +
      '(nengo-loihi); the last spike sets the time either way.',
  },
  secondSpikeFraction: {
    values: ['random', 'up'],
    default: 'random',
    models: ['up'],
    conflict: 'C7',
    says: "The fraction of an earlier pre spike's impulse is rounded at random, or always up (Lava).",
  },
  learnedDelay: {
    values: ['delays', 'inert'],
    default: 'delays',
    models: ['inert'],
    conflict: 'HW 4.1',
    says: 'The synaptic variable d delays the spikes of its synapse, or is only learned (Lava).',
  },
  random: {
    values: ['counter', 'constant', 'tape'],
    default: 'counter',
    models: ['constant', 'tape'],
    conflict: 'U1',
    says:
      'Random numbers are a function of seed, stream, step and the place in the network (population or ' +
      'projection, row, column), not of the mapping; or a constant, or a recorded tape, that the run supplies; ' +
      "the chip's own generators are not public.",
  },
  randomShare: {
    values: ['perValue', 'perStep'],
    default: 'perValue',
    models: ['perStep'],
    conflict: 'U1',
    says:
      'A random number for every trace and synapse (nengo-loihi, Brian2Loihi), or one for all traces of a side ' +
      'and one for all synapses of a projection (Lava).',
  },
  randomTime: {
    values: ['asUsed', 'beforeSpikes'],
    default: 'asUsed',
    models: ['beforeSpikes'],
    conflict: 'U1',
    says:
      'Stochastic rounding looks at the value that is rounded, or at what it would have been before the spikes of the ' +
      'step (Brian2Loihi).',
  },
  noiseExponent: {
    values: ['formula', 'register'],
    default: 'formula',
    conflict: 'HW 2.4',
    says:
      'The noise exponent is that of the formula, as nengo-loihi programs it around a quirk of the chip, or the ' +
      "chip's register, of which values below 7 behave as one more.",
  },
  noiseRange: {
    values: ['symmetric', 'upTo128', 'signBit'],
    default: 'symmetric',
    conflict: 'C19',
    says:
      'A draw of the noise is uniform on -127..127 (nengo-loihi), or on -127..128 (Fugu), or seven bits and a sign ' +
      'bit, so that 0 is twice as likely (SANA-FE).',
  },
  activityPhase: {
    values: ['idle', 'inactive'],
    default: 'idle',
    conflict: 'HW 1.2',
    says:
      'Compartments start IDLE, as software sets those that a bias alone drives, or INACTIVE: not updated at all until ' +
      'the first step with synaptic input other than 0. Neuron programs run in every step.',
  },
  pausedTraces: {
    values: ['kept', 'decay'],
    default: 'kept',
    conflict: 'HW 4.3',
    says:
      'While learning is switched off traces keep their values, or they decay from epoch to epoch as if it were on; ' +
      'no public source tells, so the default is an assumption [A].',
  },
  rewardTime: {
    values: ['epochEnd', 'spike'],
    default: 'epochEnd',
    conflict: 'U6',
    says:
      'r1 decays to the end of the epoch and then takes the impulses of all its reward spikes, or takes each at the ' +
      'step of its spike, as y1 does; rules read it at the end of the epoch either way.',
  },
  joinPush: {
    values: ['afterReset', 'beforeReset'],
    default: 'afterReset',
    conflict: 'U2',
    says:
      'What a compartment that fires in this step pushes on the stack: its voltage after the reset, or the one ' +
      'that crossed the threshold; no public source tells, so the default is an assumption [A].',
  },
} as const satisfies Record<string, SemanticsOption>;

export type SemanticsName = keyof typeof SEMANTICS;

/** The chosen value of every option. */
export type Semantics = {
  readonly [Name in SemanticsName]: (typeof SEMANTICS)[Name]['values'][number];
};

/** The options with their defaults: what the hardware reference recommends [HW 0.3]. */
const HARDWARE = Object.fromEntries(
  Object.entries(SEMANTICS).map(([name, option]) => [name, option.default]),
) as Semantics;

const LAVA: Semantics = {
  ...HARDWARE,
  currentOverflow: 'foldOnce',
  inputOverflow: 'none',
  biasOverflow: 'none',
  refractory: 'none',
  weightWidths: 'any',
  exponentPlace: 'sum',
  ruleCoefficient: 'asWritten',
  ruleDownscale: 'sumPlus4',
  ruleLimit: 'oneBelow',
  ruleUnit: 'one',
  ruleRange: 'eightBits',
  ruleRounding: 'floor',
  impulseFraction: 'of256',
  secondSpikeFraction: 'up',
  learnedDelay: 'inert',
  randomShare: 'perStep',
};

/** Bundles of options under which the chip computes as a public model does. */
export const PRESETS = {
  hardware: HARDWARE,
  lava: LAVA,
  'lava-float': {
    ...LAVA,
    currentDecay: 'asGiven',
    currentOverflow: 'none',
    voltageLimits: 'none',
    refractory: 'wholeSteps',
    inputScale: 'unscaled',
    ruleDownscale: 'none',
  },
  'nengo-loihi': {
    ...HARDWARE,
    weightRounding: 'nearestEven',
    weightRange: 'symmetric',
    exponentRounding: 'nearestEven',
    delays: 'none',
    traceDecay: 'everySecondStep',
    ruleSaturation: 'once',
    secondSpike: 'drop',
  },
  brian2loihi: {
    ...HARDWARE,
    currentDecay: 'asGiven',
    currentDecayTime: 'last',
    currentOverflow: 'none',
    inputOverflow: 'none',
    biasOverflow: 'none',
    voltageLimits: 'none',
    weightRounding: 'towardZero',
    weightWidths: 'any',
    inhibitoryMinimum: 'twosComplement',
    delays: 'perProjection',
    weightRead: 'late',
    traceDecay: 'linear',
    traceImpulse: 'beforeDecay',
    ruleSpikes: 'onArrival',
    epochCount: 'fromZero',
    ruleCoefficient: 'asWritten',
    ruleDownscale: 'none',
    ruleRange: 'eightBits',
    ruleRounding: 'awayFromZero',
    learnedDelay: 'inert',
    randomTime: 'beforeSpikes',
  },
} as const satisfies Record<string, Semantics>;

export type PresetName = keyof typeof PRESETS;

export const PRESET_NAMES = Object.keys(PRESETS) as [PresetName, ...PresetName[]];

function choice<const Values extends readonly [string, ...string[]]>(option: {
  readonly values: Values;
  readonly default: NoInfer<Values[number]>;
  readonly conflict: string;
  readonly says: string;
}) {
  return z
    .enum(option.values)
    .default(option.default as never)
    .describe(`${option.says} [${option.conflict}]`);
}

/** The options; one that a file does not name has its default. */
export const optionsSchema = z.strictObject({
  currentDecay: choice(SEMANTICS.currentDecay),
  currentDecayTime: choice(SEMANTICS.currentDecayTime),
  currentOverflow: choice(SEMANTICS.currentOverflow),
  inputOverflow: choice(SEMANTICS.inputOverflow),
  biasOverflow: choice(SEMANTICS.biasOverflow),
  voltageLimits: choice(SEMANTICS.voltageLimits),
  refractory: choice(SEMANTICS.refractory),
  inputScale: choice(SEMANTICS.inputScale),
  weightRounding: choice(SEMANTICS.weightRounding),
  weightRange: choice(SEMANTICS.weightRange),
  weightWidths: choice(SEMANTICS.weightWidths),
  inhibitoryMinimum: choice(SEMANTICS.inhibitoryMinimum),
  exponentPlace: choice(SEMANTICS.exponentPlace),
  exponentRounding: choice(SEMANTICS.exponentRounding),
  delays: choice(SEMANTICS.delays),
  weightRead: choice(SEMANTICS.weightRead),
  traceDecay: choice(SEMANTICS.traceDecay),
  traceImpulse: choice(SEMANTICS.traceImpulse),
  ruleSpikes: choice(SEMANTICS.ruleSpikes),
  epochCount: choice(SEMANTICS.epochCount),
  ruleCoefficient: choice(SEMANTICS.ruleCoefficient),
  ruleDownscale: choice(SEMANTICS.ruleDownscale),
  ruleSaturation: choice(SEMANTICS.ruleSaturation),
  ruleLimit: choice(SEMANTICS.ruleLimit),
  ruleUnit: choice(SEMANTICS.ruleUnit),
  ruleRange: choice(SEMANTICS.ruleRange),
  ruleRounding: choice(SEMANTICS.ruleRounding),
  impulseFraction: choice(SEMANTICS.impulseFraction),
  spikeTest: choice(SEMANTICS.spikeTest),
  secondSpike: choice(SEMANTICS.secondSpike),
  secondSpikeFraction: choice(SEMANTICS.secondSpikeFraction),
  learnedDelay: choice(SEMANTICS.learnedDelay),
  random: choice(SEMANTICS.random),
  randomShare: choice(SEMANTICS.randomShare),
  randomTime: choice(SEMANTICS.randomTime),
  noiseExponent: choice(SEMANTICS.noiseExponent),
  noiseRange: choice(SEMANTICS.noiseRange),
  activityPhase: choice(SEMANTICS.activityPhase),
  pausedTraces: choice(SEMANTICS.pausedTraces),
  rewardTime: choice(SEMANTICS.rewardTime),
  joinPush: choice(SEMANTICS.joinPush),
}) satisfies z.ZodType<Semantics>;

const preset = z
  .enum(PRESET_NAMES)
  .optional()
  .describe('A bundle of options; those that the same file names beside it are different from it.');

/** The options of a chip file, where `preset` stands for all that the file does not name. */
export const semanticsSchema = z
  .strictObject({ ...optionsSchema.shape, preset })
  .transform(({ preset: _, ...options }): Semantics => Object.freeze(options));
