// Reads the `report.json` of a run folder. A report may be older than the program: what it lacks is unknown, and so
// is a null where a number is due. NaN stands for it in memory, since null would count as 0 in a sum.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { PROVENANCE_CLASSES } from '../chip/source-comment.ts';
import { ENERGY_UNITS } from '../energy/energy.ts';
import { UserError } from '../errors.ts';
import { COUNTER_NAMES } from '../measure/counters.ts';
import type { CycleSummary } from '../measure/cycle.ts';
import { SAMPLE_PARTS } from '../recipes/recipe.ts';
import { UNKNOWN } from './format.ts';
import type { Report } from './report.ts';

const SCHEMA = 'seamount.report/1';

const number = z
  .number()
  .nullish()
  .transform((value) => value ?? Number.NaN);
const orNull = z
  .number()
  .nullish()
  .transform((value) => value ?? null);
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? UNKNOWN);
const textsOrNull = z.array(z.string()).nullish().default(null);
const textOrNull = z
  .string()
  .nullish()
  .transform((value) => value ?? null);

/** An object; all of it unknown if it is missing. */
function section<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.preprocess((value) => value ?? {}, z.looseObject(shape));
}

function list<Item extends z.ZodType>(item: Item) {
  return z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);
}

function record<Item extends z.ZodType>(item: Item) {
  return z
    .record(z.string(), item)
    .nullish()
    .transform((entries): Record<string, z.output<Item>> => entries ?? {});
}

/** Numbers by names that are all there; names that the program does not know are kept. */
function numbersOf<Name extends string>(names: readonly Name[]) {
  return record(number).transform((entries) => {
    const unknown = Object.fromEntries(names.map((name) => [name, Number.NaN])) as Record<Name, number>;
    return { ...unknown, ...entries };
  });
}

const place = { x: z.number(), y: z.number() };
/** What the page draws of mode `cycle`. */
const cycleShape = z.looseObject({
  criticalPath: z.record(z.string(), z.number()),
  units: z.record(
    z.string(),
    z.looseObject({ meanUtilization: z.number(), maxUtilization: z.number(), busiestCore: z.number() }),
  ),
  injection: z.looseObject({ utilization: z.number() }),
  links: z.looseObject({
    busiest: z.looseObject({ ...place, direction: z.string() }).nullable(),
    maxUtilization: z.number(),
    bufferedMax: z.number(),
  }),
  mesh: z.looseObject({
    coresPerTile: z.number(),
    cores: z
      .array(z.looseObject({ ...place, core: z.number(), unit: z.string(), utilization: z.number() }))
      .min(1),
    links: z.array(z.looseObject({ ...place, direction: z.string(), utilization: z.number() })),
  }),
});

const counts = numbersOf(COUNTER_NAMES);
const interval = section({ value: number, low: number, high: number });
const percentiles = section({ p5: number, p50: number, p95: number });
const percentilesOrNull = z.looseObject({ p5: number, p50: number, p95: number }).nullish().default(null);
const cited = { value: number, low: number, high: number, class: textOrNull, source: text };
const citedOrNull = z.looseObject(cited).nullish().default(null);

/** Percentiles by names that are all there. */
function percentilesOf<Name extends string>(names: readonly Name[]) {
  return z.preprocess(
    (value) => value ?? {},
    z.looseObject(
      Object.fromEntries(names.map((name) => [name, percentiles])) as Record<Name, typeof percentiles>,
    ),
  );
}

const uncertainty = z.looseObject({
  draws: number,
  perTrainingSampleJ: percentiles,
  perTrainingSampleAnyChoiceJ: percentiles,
  perTestSampleJ: percentiles,
  byUnitJ: percentilesOf(ENERGY_UNITS),
  byPhaseJ: record(percentiles),
  byPartJ: percentilesOf(SAMPLE_PARTS),
  dynamicJ: percentiles,
  staticJ: percentilesOrNull,
  embeddedJ: percentilesOrNull,
  ioJ: percentilesOrNull,
  tornado: list(
    z.looseObject({
      name: text,
      kind: z.enum(['coefficient', 'learning visits', 'profile']),
      class: z.enum(PROVENANCE_CLASSES).nullish().default(null),
      lowJ: number,
      highJ: number,
      lowAt: z.union([z.number(), z.string()]),
      highAt: z.union([z.number(), z.string()]),
    }),
  ),
});

const area = z.looseObject({
  coreM2: number,
  usedCoresM2: number,
  diesM2: number,
  memoryPerCoreBytes: number,
  memories: list(z.looseObject({ name: text, bytes: number, usedMeanBytes: orNull })),
  perCore: list(z.looseObject({ core: number, areaM2: number, usedBytes: number })),
});

const approximation = z.looseObject({
  relativeL2: section({ train: number, test: number }),
  perEpoch: list(number),
  readout: text,
  trials: number,
  trialsPerEpoch: number,
  host: list(z.string()),
  cuts: list(
    z.looseObject({ title: text, axis: text, x: list(number), truth: list(number), answers: list(number) }),
  ),
});

const reportSchema = z.looseObject({
  schema: z.literal(SCHEMA),
  precision: z.enum(['chip', 'float']).default('chip'),
  chip: section({ name: text, title: text, status: text, generation: textOrNull }),
  recipe: section({ name: text, title: text, about: text, settings: record(z.unknown()) }),
  data: section({
    name: text,
    title: text,
    synthetic: z.boolean().nullish().default(null),
    sources: list(z.looseObject({ name: text, sha256: text })),
  }),
  seed: number,
  versions: record(z.string()),
  samples: section({
    train: number,
    test: number,
    epochs: number,
    presented: number,
    stepsPerTrainingSample: number,
    stepsPerTestSample: number,
  }),
  accuracy: section({
    train: number,
    test: number,
    perEpoch: list(number),
    readout: text,
    ties: number,
    otherReadouts: list(z.looseObject({ name: text, description: text, test: number })),
    checkpoints: list(z.looseObject({ samples: number, accuracy: number, alignmentDeg: record(number) })),
  }),
  approximation: approximation.nullish().default(null),
  legality: section({ chip: text, extensions: textsOrNull, assumptions: textsOrNull }),
  hostWeightWrites: number,
  hostStateReads: number,
  counts: section({
    total: counts,
    perTrainingSample: counts,
    perTestSample: counts,
    perPhase: record(counts),
  }),
  time: section({
    perTrainingSampleS: orNull,
    perTestSampleS: orNull,
    perStepS: z.looseObject({ mean: number, max: number }).nullish().default(null),
    byPhaseS: z
      .record(z.string(), section({ spikingS: number, learningS: number, managementS: number }))
      .nullish()
      .default(null),
    mode: text,
    cycle: z
      .custom<CycleSummary>((value) => cycleShape.safeParse(value).success, { message: 'is not complete' })
      .nullish()
      .default(null),
    coefficients: list(
      z.looseObject({
        name: text,
        valueS: number,
        lowS: number,
        highS: number,
        class: textOrNull,
        source: textOrNull,
      }),
    ),
  }),
  energy: section({
    perTrainingSampleJ: interval,
    perTestSampleJ: interval,
    byUnitJ: numbersOf(ENERGY_UNITS),
    byPhaseJ: record(number),
    byPartJ: numbersOf(SAMPLE_PARTS),
    byCoreJ: list(z.looseObject({ core: number, coreClass: text, perTrainingSampleJ: number })),
    dynamicJ: number,
    staticJ: orNull,
    embeddedJ: orNull,
    ioJ: orNull,
    staticPowerW: citedOrNull,
    embeddedPowerW: citedOrNull,
    ioPowerW: citedOrNull,
    unknowns: list(z.string()),
    uncertainty: uncertainty.nullish().default(null),
    profile: text,
    learningVisits: text,
    byProfileJ: record(number),
    byVisits: list(
      z.looseObject({
        reading: text,
        visitsPerTrainingSample: number,
        learningPerTrainingSampleJ: number,
        perTrainingSampleJ: number,
        byProfileJ: record(number),
        learningTimePerTrainingSampleS: number,
      }),
    ),
    notModelled: record(z.array(z.string())),
    coefficients: list(z.looseObject({ profile: text, name: text, ...cited })),
  }),
  mapping: section({
    chips: number,
    cores: number,
    utilization: record(z.looseObject({ max: number, mean: number, limit: number })),
    perCore: list(z.looseObject({ core: number, coreClass: text, use: record(number) })),
    area: area.nullish().default(null),
  }),
  emulator: section({
    wallS: number,
    trainingSamplesPerS: number,
    synapticOpsPerS: number,
    threads: number,
    build: text,
  }),
  layers: section({ spikesPerTestSample: record(number) }),
  receptiveFields: z
    .looseObject({ height: z.int().positive(), width: z.int().positive(), neurons: z.array(z.array(number)) })
    .nullish()
    .default(null),
});

/** The sections that only a chip has, with nothing known in them. */
export function unknownCosts(): Pick<Report, 'counts' | 'time' | 'energy' | 'mapping'> {
  return reportSchema.pick({ counts: true, time: true, energy: true, mapping: true }).parse({});
}

/** A report as it is stored: what a twin does not have is null as a whole. */
export function storedReport(report: Report): object {
  if (report.precision === 'chip') return report;
  return { ...report, counts: null, time: null, energy: null, mapping: null };
}

function content(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const reason = error instanceof SyntaxError ? `is not JSON: ${error.message}` : 'cannot be read';
    throw new UserError(`report.json ${reason}`, { code: 'bad-report', file });
  }
}

/**
 * The report of a run folder.
 * @throws UserError naming the folder or the file if there is none, or none that can be understood
 */
export function readReport(run: string): Report {
  const file = join(run, 'report.json');
  if (!existsSync(run)) throw new UserError(`there is no run folder ${run}`, { code: 'no-run', path: run });
  if (!existsSync(file)) {
    const hint = existsSync(join(run, 'run.yaml'))
      ? `it is not finished: seamount train --resume ${run}`
      : 'it is not a run folder';
    throw new UserError(`${run} has no report.json`, { code: 'no-report', path: run, hint });
  }
  const parsed = reportSchema.safeParse(content(file));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new UserError(`${issue.path.join('.') || 'the whole'}: ${issue.message}`, {
    code: 'bad-report',
    file,
  });
}
