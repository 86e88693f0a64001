// The fields of a chip: a zod schema for the number as the program sees it, and beside it, in a registry, the unit
// in which a person must write it. The reader and the editor schema look the unit up there.

import * as z from 'zod';
import { PROVENANCE_CLASSES } from './source-comment.ts';
import type { Unit } from './units.ts';

/** How a quantity looks in the loaded chip. */
export type QuantityForm = 'number' | 'list' | 'coefficient';

export interface QuantityField {
  readonly unit: Unit;
  readonly form: QuantityForm;
}

/** Unit and form of every schema made by the functions below. */
export const QUANTITY_FIELDS = z.registry<QuantityField>();

/** Tables are one value: a file that extends another replaces them whole, since points of two tables do not mix. */
export const TABLES = z.registry<{ readonly isTable: true }>();

export interface Range {
  /** In the base unit. */
  readonly min: number;
  /** In the base unit. */
  readonly max: number;
}

/** Physical quantities are real and not negative unless a range says otherwise. */
const NOT_NEGATIVE: Range = { min: 0, max: Number.MAX_VALUE };

function register<Schema extends z.ZodType>(schema: Schema, field: QuantityField): Schema {
  QUANTITY_FIELDS.add(schema, field);
  return schema;
}

/** A whole number of bits or of counted things. */
export function count(unit: Unit, range: Range, says: string) {
  const schema = z.int().min(range.min).max(range.max).describe(says);
  return register(schema, { unit, form: 'number' });
}

/** A real physical quantity, in the SI unit. */
export function measure(unit: Unit, says: string, range: Range = NOT_NEGATIVE) {
  const schema = z.number().min(range.min).max(range.max).describe(says);
  return register(schema, { unit, form: 'number' });
}

/** Several whole numbers, written with one unit, in ascending order. */
export function countList(unit: Unit, range: Range, says: string) {
  const schema = z
    .array(z.int().min(range.min).max(range.max))
    .readonly()
    .refine((values) => values.every((value, i) => i === 0 || value > (values[i - 1] ?? value)), {
      message: 'must be in ascending order, each value once',
    })
    .describe(says);
  return register(schema, { unit, form: 'list' });
}

/**
 * A physical quantity that keeps its interval and source, because reports cite them.
 * `low` and `high` are equal to `value` where the source states no interval.
 */
export function coefficient(unit: Unit, says: string) {
  const real = z.number().min(NOT_NEGATIVE.min).max(NOT_NEGATIVE.max);
  const schema = z
    .strictObject({
      value: real,
      low: real,
      high: real,
      class: z.exactOptional(z.enum(PROVENANCE_CLASSES)),
      source: z.string().min(1),
    })
    .readonly()
    .describe(says);
  return register(schema, { unit, form: 'coefficient' });
}

/** A quantity with its interval (SI unit) and source. */
export type Coefficient = z.infer<ReturnType<typeof coefficient>>;
