// A golden vector as it is written: the schema `seamount-golden/1`, and readers for the forms its values take.

import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { PRESET_NAMES } from '../chip/semantics.ts';
import { ConformanceError } from './conformance-error.ts';

export const GOLDEN_SCHEMA = 'seamount-golden/1';

const integer = z.int();
const matrix = z.array(z.array(integer));
const event = z.union([z.tuple([integer, integer]), z.tuple([integer, integer, integer])]);
const events = z.object({ events: z.array(event) });

const populationSchema = z.object({
  id: z.string(),
  model: z.string(),
  n: integer.min(1),
  params: z.record(z.string(), z.union([integer, z.array(integer), z.string()])).default({}),
  init: z.record(z.string(), z.union([integer, z.array(integer)])).default({}),
});

const learningSchema = z.looseObject({
  dw: z.string().optional(),
  dd: z.string().optional(),
  dt: z.string().optional(),
  t_epoch: integer.min(1).default(1),
  factors: integer.default(2),
  graded_spike_cfg: integer.min(0).max(3).default(0),
});

const pair = z.union([integer, z.tuple([integer, integer])]);

const connectionSchema = z.object({
  id: z.string(),
  type: z.string(),
  pre: z.string(),
  post: z.string().nullable(),
  weights: z.union([matrix, z.array(z.array(matrix))]).optional(),
  delays: matrix.optional(),
  delay: integer.min(0).optional(),
  sign_mode: z.enum(['mixed', 'excitatory', 'inhibitory', 'auto', 'null']).nullable().optional(),
  num_weight_bits: integer.min(0).max(8).optional(),
  weight_exp: integer.optional(),
  num_message_bits: integer.min(0).optional(),
  max_delay: integer.optional(),
  input_shape: z.tuple([integer, integer, integer]).optional(),
  stride: pair.optional(),
  padding: pair.optional(),
  dilation: pair.optional(),
  groups: integer.optional(),
  learning: learningSchema.optional(),
  post_spikes: z.string().optional(),
  y1_in: z.string().optional(),
  y2_in: z.string().optional(),
  y3_in: z.string().optional(),
  tag_1: matrix.optional(),
  tag_2: matrix.optional(),
});

const inputSchema = z.object({
  kind: z.enum(['spikes', 'graded', 'activation']),
  n: integer.min(1),
  shape: z.array(integer).optional(),
  events: z.array(event),
});

/** k of k / 2^53, 0 .. 2^53: the last one is not a safe integer and still exact. */
const share = z
  .number()
  .min(0)
  .max(2 ** 53)
  .refine(Number.isInteger, { message: 'is not a whole number' });

const rngSchema = z.discriminatedUnion('mode', [
  z.object({
    mode: z.literal('constant'),
    decay53: share.optional(),
    impulse: integer.optional(),
    w53: share.optional(),
    rand53: share.optional(),
  }),
  z.object({
    mode: z.literal('lava-pcg64'),
    x_decay53: z.array(share),
    x_impulse: z.array(integer),
    y_decay53: z.array(share),
    y_impulse: z.array(integer),
    y_impulse_multi: z.array(integer),
    w53: z.array(share),
  }),
  z.object({ mode: z.literal('statistical'), seeds: integer.min(2) }),
]);

const vectorSchema = z.object({
  schema: z.literal(GOLDEN_SCHEMA),
  name: z.string(),
  semantics: z.enum(PRESET_NAMES),
  kind: z.enum(['exact', 'statistical']).default('exact'),
  chip: z.enum(['loihi1', 'loihi2']).default('loihi1'),
  steps: integer.min(1),
  network: z.object({
    populations: z.array(populationSchema).default([]),
    connections: z.array(connectionSchema).default([]),
  }),
  input: z.record(z.string(), inputSchema).default({}),
  rng: rngSchema.optional(),
  expected: z.record(z.string(), z.record(z.string(), z.unknown())),
});

export type Vector = z.infer<typeof vectorSchema>;
export type VectorPopulation = z.infer<typeof populationSchema>;
export type VectorConnection = z.infer<typeof connectionSchema>;
export type VectorEvent = z.infer<typeof event>;
export type VectorRandom = z.infer<typeof rngSchema>;

/** The JSON value of a file. */
export function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new ConformanceError(`cannot be read: ${(error as Error).message.split('\n')[0]}`);
  }
}

/** Checks the form of a vector. */
export function parseVector(value: unknown): Vector {
  const result = vectorSchema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const path = issue.path.join('.');
  throw new ConformanceError(`is malformed: ${path === '' ? '' : `${path}: `}${issue.message}`);
}

/** Recorded values [step][element]: rows of numbers of any shape, or a list of events over zeros. */
export function expectedRows(name: string, data: unknown, steps: number, size: number): Int32Array[] {
  const sparse = events.safeParse(data);
  if (sparse.success) {
    const rows = Array.from({ length: steps }, () => new Int32Array(size));
    for (const [step, element, value = 1] of sparse.data.events) {
      if (step < 1 || step > steps || element < 0 || element >= size) {
        throw new ConformanceError(`is malformed: ${name} has an event [${step}, ${element}]`);
      }
      rows[step - 1]![element] = value;
    }
    return rows;
  }
  if (!Array.isArray(data)) throw new ConformanceError(`is malformed: ${name} is neither rows nor events`);
  if (data.length !== steps) {
    throw new ConformanceError(`is malformed: ${name} has ${data.length} rows, not ${steps}`);
  }
  return data.map((row) => flatRow(name, row, size));
}

/** Numbers of a nested list, in order. */
export function flatRow(name: string, row: unknown, size: number): Int32Array {
  const flat: unknown[] = Array.isArray(row) ? row.flat(Number.POSITIVE_INFINITY) : [row];
  if (flat.length !== size || !flat.every((value) => typeof value === 'number')) {
    throw new ConformanceError(
      `is malformed: ${name} has rows of ${flat.length} values, not ${size} numbers`,
    );
  }
  return Int32Array.from(flat);
}
