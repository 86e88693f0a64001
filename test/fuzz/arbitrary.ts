// Random cases. Every corner that the coverage test asks for has a weight of its own here: uniform numbers would
// hardly ever meet a full accumulator, an empty decay or a saturated trace.

import * as fc from 'fast-check';
import type { Semantics } from '../../host/chip/semantics.ts';
import { MODELLED } from '../../host/model/semantics.ts';
import type {
  CoreClassCase,
  EntryCase,
  FactorCase,
  FuzzCase,
  PopulationCase,
  PortCase,
  ProductCase,
  ProjectionCase,
  RewardCase,
  RuleCase,
  SharingCase,
  TraceCase,
} from './fuzz-case.ts';

const SMALL_INDEX = fc.nat({ max: 11 });
/** True in one of n cases. */
const oneIn = (n: number): fc.Arbitrary<boolean> => fc.nat({ max: n - 1 }).map((i) => i === 0);
const SEED = fc.nat({ max: 0x7fffffff });

const semantics = fc.record({
  ...Object.fromEntries(Object.entries(MODELLED).map(([name, values]) => [name, fc.constantFrom(...values)])),
  // Where all compartments sleep until their first input, few networks do much.
  activityPhase: fc.constantFrom('idle', 'idle', 'idle', 'inactive'),
}) as unknown as fc.Arbitrary<Semantics>;

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
});

const projection: fc.Arbitrary<ProjectionCase> = fc.record({
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
  weights: fc.record({ seed: SEED, style: fc.constantFrom('any', 'extreme', 'small', 'strong') }),
  rule: fc.option(SMALL_INDEX, { freq: 3 }),
  compression: fc.constantFrom('dense', 'sparse', 'runLength', null, null),
  ignoreDelays: oneIn(8),
  box: oneIn(12),
  weightLimit: fc.oneof(fc.constant(null), fc.constant(null), fc.nat({ max: 256 })),
});

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
  rewards: fc.array(reward, { maxLength: 2 }),
  schedule: fc.oneof(fc.constant([]), fc.array(entry, { maxLength: 8 })),
  steps: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 20, max: 70 })),
  presentationSteps: fc.constantFrom(1, 1, 1, 4, 11),
  inputSeed: SEED,
});

/** Without fast-check's own leaning towards the smallest values, which would leave most networks silent. */
export const fuzzCase: fc.Arbitrary<FuzzCase> = fc.noBias(anyCase);
