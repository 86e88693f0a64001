// The fields of a chip: a zod schema for the number as the program sees it, and beside it, in a registry, the unit
// in which a person must write it. The reader and the editor schema look the unit up there.

import * as z from 'zod';
import { PROVENANCE_CLASSES } from './source-comment.ts';
import type { PhysicalUnitName, Unit } from './units.ts';

/** How a quantity looks in the loaded chip. */
export type QuantityForm = 'number' | 'list' | 'coefficient';

export interface QuantityField {
  readonly unit: Unit;
  readonly form: QuantityForm;
  /** Whether the number is only known so far: it then has a class and an interval, its file's or its class's own. */
  readonly hasInterval: boolean;
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

/** What energy and time are computed from; areas are given once and not drawn. */
const UNCERTAIN: readonly PhysicalUnitName[] = ['s', 'J', 'W'];

/** Physical quantities are real and not negative unless a range says otherwise. */
const NOT_NEGATIVE: Range = { min: 0, max: Number.MAX_VALUE };

function register<Schema extends z.ZodType>(schema: Schema, field: QuantityField): Schema {
  QUANTITY_FIELDS.add(schema, field);
  return schema;
}

/** A whole number of bits or of counted things. */
export function count(unit: Unit, range: Range, says: string) {
  const schema = z.int().min(range.min).max(range.max).describe(says);
  return register(schema, { unit, form: 'number', hasInterval: false });
}

/** A width that the emulator's core computes with: part of a chip's description that a chip file cannot change. */
export function fixedWidth(bits: number, says: string) {
  const schema = z
    .int()
    .refine((value) => value === bits, {
      message: `must be ${bits} bits; the emulator computes with this width alone`,
      abort: true,
    })
    .describe(`${says} The emulator computes with ${bits} bits alone.`);
  return register(schema, { unit: 'bit', form: 'number', hasInterval: false });
}

function real(unit: Unit, says: string, range: Range, hasInterval: boolean) {
  const schema = z.number().min(range.min).max(range.max).describe(says);
  return register(schema, { unit, form: 'number', hasInterval });
}

/** A real physical quantity, in the SI unit; a time, energy or power has an interval in its provenance. */
export function measure(unit: PhysicalUnitName, says: string, range: Range = NOT_NEGATIVE) {
  return real(unit, says, range, UNCERTAIN.includes(unit));
}

/** A real physical quantity that is a choice and no fact about the hardware: it has no interval. */
export function choice(unit: PhysicalUnitName, says: string, range: Range = NOT_NEGATIVE) {
  return real(unit, says, range, false);
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
  return register(schema, { unit, form: 'list', hasInterval: false });
}

/** A physical quantity that keeps its class, interval and source, because reports cite them and draw from them. */
export function coefficient(unit: Unit, says: string) {
  const amount = z.number().min(NOT_NEGATIVE.min).max(NOT_NEGATIVE.max);
  const schema = z
    .strictObject({
      value: amount,
      low: amount,
      high: amount,
      class: z.enum(PROVENANCE_CLASSES),
      source: z.string().min(1),
    })
    .readonly()
    .describe(says);
  return register(schema, { unit, form: 'coefficient', hasInterval: true });
}

/** A quantity with its interval (SI unit) and source. */
export type Coefficient = z.infer<ReturnType<typeof coefficient>>;
