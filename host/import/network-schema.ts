// What a network file may hold. Populations, ports, rules … are maps by name, in the order in which compartments are
// served; the rest is named as in `host/network/network.ts`.

import * as z from 'zod';

const trace = z.strictObject({
  impulse: z.number(),
  tau: z.union([z.number().min(0), z.literal('never').transform(() => Number.POSITIVE_INFINITY)]),
});
const spikes = z.strictObject({ presentation: z.string(), first: z.int(), last: z.int() });
const register = z.int();

const compartment = z.strictObject({
  decayU: register.default(4095),
  decayV: register.default(0),
  threshold: register,
  bias: z.exactOptional(
    z.strictObject({ mantissa: z.union([z.int(), z.array(z.int())]), exponent: z.int().default(6) }),
  ),
  refractory: z.exactOptional(z.int()),
  noise: z.exactOptional(z.boolean()),
  thresholdOp: z.exactOptional(z.enum(['spike', 'pass', 'saturate'])),
});

const coreClass = z.strictObject({
  negVmLimit: z.exactOptional(z.int()),
  posVmLimit: z.exactOptional(z.int()),
  noise: z.exactOptional(
    z.strictObject({
      exponent: z.number(),
      mantissaOffset: z.int(),
      target: z.enum(['dendrite', 'membrane']),
    }),
  ),
  epochSteps: z.exactOptional(z.int()),
  learning: z.exactOptional(z.boolean()),
  reward: z.exactOptional(trace),
  cores: z.exactOptional(z.int().min(1)),
});

/** One value for all compartments, or one for each. */
const programValues = z.record(z.string(), z.union([z.int(), z.array(z.int())]));
const program = z.strictObject({
  text: z.string(),
  parameters: z.exactOptional(programValues),
  initial: z.exactOptional(programValues),
});

const population = z.strictObject({
  size: z.int().min(1),
  coreClass: z.string().default('core'),
  /** The fixed model, or a neuron program in its place. */
  compartment: z.exactOptional(compartment),
  program: z.exactOptional(program),
  join: z.exactOptional(
    z.strictObject({
      operation: z.enum(['add', 'or', 'and', 'pass']),
      children: z.array(z.string()).min(1).max(2),
      push: z.exactOptional(z.enum(['v', 'u'])),
    }),
  ),
  /** Any other text is refused with what else there is. */
  postSpikes: z.exactOptional(z.string()),
  postTraces: z.exactOptional(
    z.strictObject({ y1: z.exactOptional(trace), y2: z.exactOptional(trace), y3: z.exactOptional(trace) }),
  ),
  spikes: z.exactOptional(spikes),
});

const mantissa = z.int().min(-256).max(255);
const delay = z.int().min(0).max(63);
const group = z.int().min(0);

/** Values in the file, a `.npy` beside it, or an array of a `.npz`. */
const archived = z.strictObject({ file: z.string(), array: z.string() });
const matrixOf = <T extends z.ZodType>(value: T) =>
  z.union([z.array(z.array(value)), z.string(), archived], {
    error: 'rows of numbers, a .npy file, or file and array of a .npz',
  });
const pair = z.union([z.int(), z.tuple([z.int(), z.int()])]);

const convolution = z.strictObject({
  /** Of the source: channels, height, width. */
  shape: z.tuple([z.int(), z.int(), z.int()]),
  /** [out][in / groups][y][x]. */
  kernel: z.union([z.array(z.array(z.array(z.array(mantissa)))), z.string(), archived], {
    error: 'kernels [out][in / groups][y][x], a .npy file, or file and array of a .npz',
  }),
  stride: pair.default(1),
  padding: pair.default(0),
  dilation: pair.default(1),
  groups: z.int().default(1),
});

const projection = z.strictObject({
  from: z.string(),
  to: z.string(),
  /** Input port of the target's program. */
  port: z.exactOptional(z.string()),
  /** [from][to]. */
  weights: z.exactOptional(matrixOf(mantissa)),
  uniform: z.exactOptional(mantissa),
  oneToOne: z.exactOptional(mantissa),
  /** [from, to, weight] of each synapse; a `.npz` has the arrays from, to, weight and maybe delay. */
  synapses: z.exactOptional(
    z.union([z.array(z.tuple([z.int().min(0), z.int().min(0), mantissa])), z.string()], {
      error: 'a list of [from, to, weight], a .npy file with such rows, or a .npz file',
    }),
  ),
  convolution: z.exactOptional(convolution),
  signMode: z.enum(['mixed', 'excitatory', 'inhibitory']).default('mixed'),
  bits: z.int().default(8),
  exponent: z.int().default(0),
  delay: z.exactOptional(z.union([delay, matrixOf(delay)])),
  graded: z.exactOptional(z.boolean()),
  compression: z.exactOptional(z.enum(['dense', 'sparse', 'runLength', 'convolution'])),
  weightLimit: z.exactOptional(z.int()),
  ignoreDelays: z.exactOptional(z.boolean()),
  box: z.exactOptional(z.boolean()),
  sharing: z.exactOptional(
    z.strictObject({
      axons: z.enum(['discrete', 'pop16', 'pop32']),
      atoms: z.exactOptional(z.int()),
      stride: z.exactOptional(z.int()),
    }),
  ),
  rule: z.exactOptional(z.string()),
  /** Group of each synapse [from][to], or `kernels`; those of `synapses` are in their `.npz`. */
  tied: z.exactOptional(matrixOf(group)),
  preTraces: z.exactOptional(z.strictObject({ x1: z.exactOptional(trace), x2: z.exactOptional(trace) })),
});

const step = z.int().min(0);
const schedule = z.union(
  [
    z.strictObject({ step, phase: z.string() }),
    z.strictObject({ step, learning: z.boolean(), coreClass: z.string().default('core') }),
    z.strictObject({ step, rule: z.string(), line: z.string() }),
    z.strictObject({
      step,
      postImpulses: z.string(),
      y1: z.exactOptional(z.number()),
      y2: z.exactOptional(z.number()),
      y3: z.exactOptional(z.number()),
    }),
    z.strictObject({ step, reset: z.string() }),
  ],
  { error: 'an entry has a step and one of: phase; learning, coreClass; rule, line; postImpulses; reset' },
);

/** The whole file. */
export const networkFileSchema = z.strictObject({
  network: z.string(),
  seed: z.int().min(0).max(0xffffffff).default(1),
  coreClasses: z.record(z.string(), coreClass).default({ core: {} }),
  ports: z
    .record(z.string(), z.strictObject({ size: z.int().min(1), spikes: z.exactOptional(spikes) }))
    .default({}),
  populations: z.record(z.string(), population),
  rules: z.record(z.string(), z.union([z.string(), z.array(z.string()).min(1)])).default({}),
  projections: z.record(z.string(), projection).default({}),
  rewards: z.array(z.strictObject({ from: z.string(), coreClass: z.string().default('core') })).default([]),
  phases: z.record(z.string(), z.strictObject({ learningAs: z.string().default('learning') })).default({}),
  presentations: z
    .record(z.string(), z.strictObject({ steps: z.int().min(1), schedule: z.array(schedule).default([]) }))
    .default({}),
  assumptions: z.array(z.string()).default([]),
});

export type NetworkFile = z.infer<typeof networkFileSchema>;
