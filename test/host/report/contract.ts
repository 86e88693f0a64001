// The contract of `report.json`, "seamount.report/1", as others rely on it: strict on the fields that it names, open
// for more. Written down a second time on purpose: a change of the program must not change the contract with it.

import * as z from 'zod';

const count = z.number().min(0);
const whole = z.int().min(0);
const fraction = z.number().min(0).max(1);
const joules = z.number().min(0);
const joulesByName = z.record(z.string(), joules);

/** Counters that every report has, at least. */
const counters = z.looseObject(
  Object.fromEntries(
    [
      'synapticOps',
      'synapticUpdates',
      'synapseVisits',
      'compartmentUpdatesActive',
      'compartmentUpdatesInactive',
      'spikes',
      'messages',
      'meshHopsEastWest',
      'meshHopsNorthSouth',
      'interChipHops',
      'traceUpdates',
      'managementWrites',
      'microcodeSwaps',
      'inputAxonEvents',
      'barriers',
      'randomDraws',
    ].map((name) => [name, count]),
  ),
);

const interval = z
  .strictObject({ value: joules, low: joules, high: joules })
  .refine(({ value, low, high }) => low <= value && value <= high, { message: 'low <= value <= high' });

export const contract = z.looseObject({
  schema: z.literal('seamount.report/1'),
  chip: z.looseObject({ name: z.string() }),
  recipe: z.looseObject({ name: z.string() }),
  data: z.looseObject({ name: z.string(), synthetic: z.boolean() }),
  seed: whole,
  versions: z.record(z.string(), z.string()),
  samples: z.looseObject({
    train: whole,
    test: whole,
    epochs: whole,
    stepsPerTrainingSample: whole,
    stepsPerTestSample: whole,
  }),
  accuracy: z.looseObject({
    train: fraction,
    test: fraction,
    perEpoch: z.array(fraction),
    readout: z.string(),
    ties: fraction,
  }),
  legality: z.strictObject({
    chip: z.string(),
    extensions: z.array(z.string()),
    assumptions: z.array(z.string()),
  }),
  hostWeightWrites: z.literal(0),
  hostStateReads: z.literal(0),
  counts: z.strictObject({
    total: counters,
    perTrainingSample: counters,
    perTestSample: counters,
    perPhase: z.record(z.string(), counters),
  }),
  time: z.looseObject({
    perTrainingSampleS: count.nullable(),
    perTestSampleS: count.nullable(),
    perStepS: z.strictObject({ mean: count, max: count }).nullable(),
    mode: z.enum(['functional', 'analytic', 'cycle']),
  }),
  energy: z.looseObject({
    perTrainingSampleJ: interval,
    perTestSampleJ: interval,
    byUnitJ: joulesByName,
    byPhaseJ: joulesByName,
    staticJ: joules.nullable(),
    dynamicJ: joules,
    profile: z.string(),
    learningVisits: z.enum(['allPlastic', 'activeAxons', 'allPlasticWithError', 'activeAxonsWithError']),
  }),
  mapping: z.looseObject({
    chips: whole,
    cores: whole,
    utilization: z.record(z.string(), z.strictObject({ max: count, mean: count, limit: count })),
  }),
  emulator: z.strictObject({
    wallS: count,
    trainingSamplesPerS: count,
    synapticOpsPerS: count,
    threads: whole,
    build: z.string(),
  }),
});
