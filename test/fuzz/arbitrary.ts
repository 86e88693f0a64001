// Random cases. Every corner that the coverage test asks for has a weight of its own here: uniform numbers would
// hardly ever meet a full accumulator, an empty decay or a saturated trace.

import * as fc from 'fast-check';
import { PRESETS, SEMANTICS, type Semantics } from '../../host/chip/semantics.ts';
import { WIDE_COMPARTMENT_OPTIONS, WIDE_LEARNING_OPTIONS } from '../../host/compile/wide.ts';
import { MODELLED } from '../../host/model/semantics.ts';
import { MNEMONICS } from '../../host/program/instructions.ts';
import type {
  CoreClassCase,
  EntryCase,
  FactorCase,
  FuzzCase,
  OwnCase,
  PopulationCase,
  PortCase,
  ProductCase,
  ProjectionCase,
  RewardCase,
  RuleCase,
  SeededCase,
  SharingCase,
  TapeCase,
  TraceCase,
  WireCase,
} from './fuzz-case.ts';
import type { OperandCase, PlainMnemonic, ProgramCase, StatementCase } from './program-case.ts';

const SMALL_INDEX = fc.nat({ max: 11 });
/** True in one of n cases. */
const oneIn = (n: number): fc.Arbitrary<boolean> => fc.nat({ max: n - 1 }).map((i) => i === 0);
const SEED = fc.nat({ max: 0x7fffffff });

/** Options that the chip's own kernels do not compute. */
const WIDE_OPTIONS: readonly string[] = [...WIDE_COMPARTMENT_OPTIONS, ...WIDE_LEARNING_OPTIONS];

/** Where all compartments sleep until their first input, few networks do much. */
const MOSTLY_IDLE = ['idle', 'idle', 'idle', 'inactive'] as const;

/** Values of every option; of those that `isFree` leaves out the default. */
function semanticsOf(isFree: (name: string) => boolean): fc.Arbitrary<Semantics> {
  const options = Object.entries(MODELLED).map(([name, values]) => [
    name,
    isFree(name)
      ? fc.constantFrom(...(name === 'activityPhase' ? MOSTLY_IDLE : values))
      : fc.constant<string>(SEMANTICS[name as keyof typeof SEMANTICS].default),
  ]);
  return fc.record(Object.fromEntries(options)) as unknown as fc.Arbitrary<Semantics>;
}

/** Half of all networks stay with what a chip's own kernels compute, or most of their synapses would never learn there. */
const semantics = fc.oneof(
  {
    weight: 8,
    arbitrary: semanticsOf((name) => !WIDE_OPTIONS.includes(name)).map(
      (options): Semantics => ({
        ...options,
        traceDecay: options.traceDecay === 'everySecondStep' ? 'linear' : options.traceDecay,
        ruleDownscale: options.ruleDownscale === 'none' ? 'sumPlus4' : options.ruleDownscale,
      }),
    ),
  },
  { weight: 2, arbitrary: fc.constantFrom(...Object.values(PRESETS)) },
  { weight: 2, arbitrary: semanticsOf((name) => !WIDE_LEARNING_OPTIONS.some((option) => option === name)) },
  { weight: 5, arbitrary: semanticsOf(() => true) },
);

const seeded: fc.Arbitrary<SeededCase> = fc.record({
  seed: SEED,
  style: fc.constantFrom('any', 'extreme', 'small', 'strong'),
});

/** Nothing in `others` of `others` + 1 cases. */
function sometimes<T>(arbitrary: fc.Arbitrary<T>, others: number): fc.Arbitrary<T | null> {
  return fc.oneof(
    { weight: others, arbitrary: fc.constant<T | null>(null) },
    { weight: 1, arbitrary: arbitrary as fc.Arbitrary<T | null> },
  );
}

const size = fc.oneof(
  { weight: 20, arbitrary: fc.integer({ min: 1, max: 9 }) },
  { weight: 20, arbitrary: fc.integer({ min: 10, max: 40 }) },
  { weight: 8, arbitrary: fc.integer({ min: 60, max: 140 }) },
  { weight: 1, arbitrary: fc.integer({ min: 256, max: 300 }) },
);

const trace: fc.Arbitrary<TraceCase> = fc.record({
  impulse: fc.oneof(
    fc.constantFrom(128, 16 * 128, 127 * 128),
    fc.integer({ min: 1, max: 127 * 128 + 127 }),
    fc.integer({ min: 1, max: 10 * 128 }),
  ),
  tau: fc.constantFrom(0, 1, 2, 3, 10, 40, 1000, -1),
});

const coreClass: fc.Arbitrary<CoreClassCase> = fc.record({
  negVmLimit: fc.oneof(fc.constantFrom(23, 23, 0), fc.nat({ max: 31 })),
  posVmLimit: fc.oneof(fc.constant(7), fc.constant(7), fc.nat({ max: 7 })),
  noise: fc.option(
    fc.record({
      exponent: fc.integer({ min: 1, max: 23 }),
      mantissaOffset: fc.oneof(fc.constantFrom(0, 2), fc.integer({ min: -4, max: 7 })),
      target: fc.constantFrom('dendrite', 'membrane'),
    }),
  ),
  epochSteps: fc.oneof(
    { weight: 3, arbitrary: fc.integer({ min: 1, max: 4 }) },
    { weight: 6, arbitrary: fc.integer({ min: 1, max: 16 }) },
    { weight: 1, arbitrary: fc.constant(63) },
  ),
  learning: fc.oneof(
    { weight: 4, arbitrary: fc.constant(true) },
    { weight: 1, arbitrary: fc.constant(false) },
  ),
  reward: fc.option(trace),
  cores: fc.constantFrom(1, 1, 2, 3),
});

const sharing: fc.Arbitrary<SharingCase | null> = fc.option(
  fc.record({
    axons: fc.constantFrom('discrete', 'pop16', 'pop32'),
    atoms: SMALL_INDEX,
    stride: SMALL_INDEX,
  }),
  { freq: 2 },
);

const port: fc.Arbitrary<PortCase> = fc.record({
  size: SMALL_INDEX,
  density: fc.constantFrom(0, 1, 4, 16, 16, 40, 64),
  x1: trace,
  x2: trace,
  sharing,
  values: fc.constantFrom(false, false, true),
  payloads: sometimes(seeded, 2),
});

const decay = fc.oneof(fc.constantFrom(0, 4095, 4095), fc.nat({ max: 300 }), fc.nat({ max: 4095 }));

const population: fc.Arbitrary<PopulationCase> = fc.record({
  size: SMALL_INDEX,
  coreClass: SMALL_INDEX,
  decayU: decay,
  decayV: decay,
  threshold: fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom(0, 0, 1, 131071) },
    { weight: 5, arbitrary: fc.nat({ max: 100 }) },
    { weight: 4, arbitrary: fc.nat({ max: 2000 }) },
    { weight: 2, arbitrary: fc.nat({ max: 131071 }) },
  ),
  bias: fc.option(
    fc.record({ mantissa: fc.integer({ min: -4096, max: 4095 }), exponent: fc.nat({ max: 7 }) }),
    { freq: 2 },
  ),
  refractory: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 63 })),
  noise: fc.boolean(),
  thresholdOp: fc.constantFrom('spike', 'spike', 'spike', 'spike', 'pass', 'saturate'),
  join: fc.constantFrom('add', 'or', 'and', 'pass'),
  children: fc.oneof(
    fc.constant([]),
    fc.array(SMALL_INDEX, { maxLength: 2 }),
    fc.tuple(SMALL_INDEX, SMALL_INDEX),
  ),
  push: fc.constantFrom('v', 'u'),
  postSpikes: fc.constantFrom('self', 'self', 'self', 'parent', 'parent', 'parent', 'none'),
  y: fc.tuple(trace, trace, trace),
  x1: trace,
  x2: trace,
  sharing,
  program: sometimes(SMALL_INDEX, 4),
  programTraces: fc.boolean(),
  columns: sometimes(seeded, 5),
  ternary: fc.boolean(),
  start: sometimes(seeded, 3),
});

const own: fc.Arbitrary<OwnCase> = fc.record({
  epochSteps: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 6 })),
  postSpikes: SMALL_INDEX,
  y: fc.tuple(trace, trace, trace),
  thirdFactors: fc.oneof(
    fc.constant([]),
    fc.tuple(fc.option(SMALL_INDEX), fc.option(SMALL_INDEX), fc.option(SMALL_INDEX)),
  ),
  gradedTrace: fc.constantFrom('none', 'none', 'overwrite', 'saturate', 'carry'),
  exists: sometimes(seeded, 3),
  tags: sometimes(seeded, 1),
  delays: sometimes(seeded, 1),
  unclipped: fc.boolean(),
});

const untied: fc.Arbitrary<ProjectionCase> = fc.record({
  from: SMALL_INDEX,
  to: SMALL_INDEX,
  kind: fc.constantFrom('all', 'all', 'all', 'all', 'all', 'uniform', 'one-to-one', 'sparse', 'convolution'),
  signMode: fc.constantFrom('mixed', 'excitatory', 'inhibitory'),
  bits: fc.constantFrom(1, 2, 3, 4, 5, 6, 8),
  exponent: fc.integer({ min: -8, max: 7 }),
  delayMax: fc.oneof(
    { weight: 10, arbitrary: fc.constant(0) },
    { weight: 10, arbitrary: fc.nat({ max: 6 }) },
    // Rings of 64 accumulators take most of the time of a comparison.
    { weight: 1, arbitrary: fc.nat({ max: 62 }) },
  ),
  delays: fc.constantFrom('one', 'each'),
  weights: seeded,
  rule: fc.option(SMALL_INDEX, { freq: 3 }),
  compression: fc.constantFrom('dense', 'sparse', 'runLength', null, null),
  ignoreDelays: oneIn(6),
  box: oneIn(12),
  weightLimit: fc.oneof(fc.constant(null), fc.constant(null), fc.nat({ max: 256 })),
  port: SMALL_INDEX,
  graded: fc.constantFrom(false, false, false, true),
  tapped: fc.constantFrom(false, false, false, false, true),
  sumBits: sometimes(fc.constantFrom(7, 15, 23), 15),
  own: sometimes(own, 5),
});

/** Half of those that may be are tied; drawn from a seed that there is, so that all else of a batch's cases stays as it was. */
const projection: fc.Arbitrary<ProjectionCase> = untied.map((item) => ({
  ...item,
  tied: item.weights.seed % 2 === 0 ? null : (item.weights.seed >>> 3) % 12,
}));

const factor: fc.Arbitrary<FactorCase> = fc.record({
  variable: fc.constantFrom('x0', 'x1', 'x2', 'y0', 'y1', 'y2', 'y3', 'r0', 'r1', 'w', 'd', 't'),
  constant: fc.oneof(fc.constant(0), fc.integer({ min: -128, max: 127 })),
  sign: fc.boolean(),
});

const product: fc.Arbitrary<ProductCase> = fc.record({
  target: fc.constantFrom('w', 'w', 'w', 'd', 't'),
  gate: fc.constantFrom('x0', 'y0', 'u'),
  decimation: fc.constantFrom(0, 0, 0, 1, 2, 3),
  mantissa: fc.integer({ min: -8, max: 7 }),
  exponent: fc.integer({ min: -7, max: 8 }),
  factors: fc.oneof(fc.array(factor, { maxLength: 2 }), fc.array(factor, { maxLength: 5 })),
});

const rule: fc.Arbitrary<RuleCase> = fc.record({
  products: fc.array(product, { minLength: 1, maxLength: 5 }),
});

const operand: fc.Arbitrary<OperandCase> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constantFrom('state', 'state', 'temporary', 'port', 'parameter', 'index', 'time'),
      value: SMALL_INDEX,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('constant' as const),
      value: fc.oneof(
        fc.integer({ min: -9, max: 9 }),
        fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
        fc.constantFrom(-(2 ** 31), 2 ** 31 - 1, 2 ** 23 - 1, 4096),
      ),
    }),
  },
);

const PLAIN_INSTRUCTIONS = MNEMONICS.filter(
  (op): op is PlainMnemonic => op !== 'if' && op !== 'else' && op !== 'end',
);

const { statements } = fc.letrec<{ statements: StatementCase[]; statement: StatementCase }>((tie) => ({
  statements: fc.array(tie('statement'), { maxLength: 7 }),
  statement: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    {
      weight: 9,
      arbitrary: fc.record({
        op: fc.oneof(
          { weight: 9, arbitrary: fc.constantFrom(...PLAIN_INSTRUCTIONS) },
          { weight: 1, arbitrary: fc.constant('send' as const) },
        ),
        destination: SMALL_INDEX,
        operands: fc.tuple(operand, operand, operand),
        bits: fc.nat({ max: 63 }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        op: fc.constant('if' as const),
        condition: operand,
        first: tie('statements'),
        second: fc.option(tie('statements')),
      }),
    },
  ),
}));

const tableWord = fc.oneof(
  fc.integer({ min: -9, max: 9 }),
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
);

const program: fc.Arbitrary<ProgramCase> = fc.record({
  ports: fc.integer({ min: 1, max: 3 }),
  state: fc.array(fc.oneof(fc.constantFrom(32, 32, 24, 1), fc.integer({ min: 1, max: 32 })), {
    minLength: 1,
    maxLength: 4,
  }),
  initial: fc.constantFrom('none', 'each', 'parameter'),
  parameters: fc.array(
    fc.record({
      seed: SEED,
      width: fc.oneof(fc.constantFrom(16, 31), fc.integer({ min: 1, max: 31 })),
      signed: fc.boolean(),
      each: fc.boolean(),
    }),
    { maxLength: 3 },
  ),
  temporaries: fc.nat({ max: 3 }),
  tables: fc.array(fc.array(tableWord, { minLength: 1, maxLength: 5 }), { maxLength: 2 }),
  plain: fc.boolean(),
  statements: fc.oneof(
    statements,
    fc.tuple(statements, statements, statements).map((parts) => parts.flat()),
  ),
});

const wire: fc.Arbitrary<WireCase> = fc.record({ from: SMALL_INDEX, to: SMALL_INDEX, port: SMALL_INDEX });

const tape: fc.Arbitrary<TapeCase> = fc.record({
  seed: SEED,
  style: fc.constantFrom('any', 'any', 'never', 'always'),
});

const reward: fc.Arbitrary<RewardCase> = fc.record({
  population: fc.option(SMALL_INDEX),
  coreClass: SMALL_INDEX,
});

const entry: fc.Arbitrary<EntryCase> = fc.record({
  step: fc.nat({ max: 63 }),
  kind: fc.constantFrom('phase', 'learning', 'rule', 'postImpulses', 'reset'),
  index: SMALL_INDEX,
  on: fc.boolean(),
  values: fc.tuple(fc.integer({ min: -8, max: 7 }), fc.nat({ max: 16383 }), fc.nat({ max: 16383 })),
});

const anyCase: fc.Arbitrary<FuzzCase> = fc.record({
  seed: SEED,
  semantics,
  chip: fc.record({
    dsOffset: fc.nat({ max: 1 }),
    dmOffset: fc.nat({ max: 1 }),
    tilesX: fc.integer({ min: 1, max: 2 }),
    tilesY: fc.integer({ min: 1, max: 2 }),
    coresPerTile: fc.integer({ min: 1, max: 2 }),
    visits: fc.constantFrom('allPlastic', 'activeAxons'),
    skipEpochWithoutError: fc.boolean(),
    kernels: fc.boolean(),
  }),
  sizes: fc.array(size, { minLength: 1, maxLength: 3 }),
  coreClasses: fc.array(coreClass, { minLength: 1, maxLength: 3 }),
  ports: fc.array(port, { minLength: 1, maxLength: 3 }),
  populations: fc.array(population, { minLength: 1, maxLength: 16 }),
  projections: fc.array(projection, { minLength: 1, maxLength: 12 }),
  rules: fc.array(rule, { minLength: 1, maxLength: 4 }),
  programs: fc.array(program, { maxLength: 3 }),
  wires: fc.oneof(fc.constant([]), fc.array(wire, { maxLength: 4 })),
  tape,
  rewards: fc.array(reward, { maxLength: 2 }),
  schedule: fc.oneof(fc.constant([]), fc.array(entry, { maxLength: 8 })),
  steps: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 20, max: 70 })),
  presentationSteps: fc.constantFrom(1, 1, 1, 4, 11),
  inputSeed: SEED,
});

/** Every core learns, often and for long, and all projections that can have a rule do; half with the chip's own registers. */
const learningCase: fc.Arbitrary<FuzzCase> = fc
  .record({
    base: anyCase,
    sizes: fc.array(fc.integer({ min: 8, max: 48 }), { minLength: 1, maxLength: 3 }),
    epochs: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 3, maxLength: 3 }),
    rewards: fc.option(fc.array(trace, { minLength: 3, maxLength: 3 })),
    rules: fc.array(fc.record({ index: SMALL_INDEX, plain: fc.boolean() }), { minLength: 12, maxLength: 12 }),
    steps: fc.integer({ min: 30, max: 70 }),
  })
  .map(({ base, sizes, epochs, rewards, rules, steps }) => ({
    ...base,
    sizes,
    coreClasses: base.coreClasses.map((coreClass, i) => ({
      ...coreClass,
      learning: true,
      epochSteps: epochs[i]!,
      ...(rewards === null ? {} : { reward: rewards[i]! }),
    })),
    rewards:
      rewards === null ? base.rewards : base.coreClasses.map((_, i) => ({ population: null, coreClass: i })),
    projections: base.projections.map((projection, i) => ({
      ...projection,
      rule: rules[i]!.index,
      sumBits: null,
      ...(rules[i]!.plain ? { own: null, graded: false, tapped: false } : {}),
    })),
    schedule: base.schedule.filter(({ kind }) => kind !== 'learning'),
    steps,
  }));

/** Without fast-check's own leaning towards the smallest values, which would leave most networks silent. */
export const fuzzCase: fc.Arbitrary<FuzzCase> = fc.noBias(
  fc.oneof({ weight: 2, arbitrary: anyCase }, { weight: 1, arbitrary: learningCase }),
);
