// The options for what the public sources do not settle: one row per open question, with the recommended default
// [HW 0.3] and the entry of the conflict (C) or unknown (U) list [HW 9, 10] behind it. Docs, lint, the schema and
// the compiler read this one table.

import * as z from 'zod';

export interface SemanticsOption {
  readonly values: readonly [string, ...string[]];
  readonly default: string;
  /** Entry of the conflict or unknown list, e.g. `C22`, `U1`; `HW n.m` where the list has none. */
  readonly conflict: string;
  /** One sentence: what each value means and who says so. */
  readonly says: string;
}

/** Name → values (the default first), default, conflict, sentence. */
export const SEMANTICS = {
  weightRead: {
    values: ['early', 'late'],
    default: 'early',
    conflict: 'C22',
    says:
      'When a spike that meets a learning epoch reads the weight: early, on arrival in the step of the spike and so ' +
      'before its learning phase (Lava), or late, when the target integrates in the next step (Brian2Loihi).',
  },
  traceDecay: {
    values: ['exponential', 'linear'],
    default: 'exponential',
    conflict: 'C8',
    says: 'Decay factor of a trace per step: exp(-1/tau) (Lava, nengo-loihi) or 1 - 1/tau (Brian2Loihi).',
  },
  ruleDownscale: {
    values: ['sumPlus3', 'sumPlus4'],
    default: 'sumPlus3',
    conflict: 'C10',
    says:
      'Down-scale of a product with several factors: by the sum of the factor widths + 3 - 15 bits in one shift with ' +
      'the exponent (nengo-loihi, tuned on chips; 2 bits for two traces), or + 4 - 15 before it (Lava; 3 bits).',
  },
  ruleSaturation: {
    values: ['perProduct', 'once'],
    default: 'perProduct',
    conflict: 'HW 4.5',
    says:
      'Where the 15-bit accumulator of a rule saturates: after every product (Lava) or once, after the whole ' +
      'sum (nengo-loihi, which has one product).',
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
  random: {
    values: ['counter'],
    default: 'counter',
    conflict: 'U1',
    says:
      'Random numbers are a function of seed, stream, step and the place in the network (population or ' +
      "projection, row, column), not of the mapping; the chip's own generators are not public.",
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

/** Options that a file does not name have their default. */
export const semanticsSchema = z
  .strictObject({
    weightRead: choice(SEMANTICS.weightRead),
    traceDecay: choice(SEMANTICS.traceDecay),
    ruleDownscale: choice(SEMANTICS.ruleDownscale),
    ruleSaturation: choice(SEMANTICS.ruleSaturation),
    spikeTest: choice(SEMANTICS.spikeTest),
    secondSpike: choice(SEMANTICS.secondSpike),
    random: choice(SEMANTICS.random),
    joinPush: choice(SEMANTICS.joinPush),
  })
  .readonly() satisfies z.ZodType<Semantics>;
