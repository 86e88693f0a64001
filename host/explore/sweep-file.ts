// What a sweep file says: what all trials have in common, and either every combination of some values or a genetic search.

import { z } from 'zod';
import { YamlSource } from '../import/yaml-source.ts';
import { findRecipe } from '../recipes/registry.ts';

const count = z.int().min(1);
const value = z.union([z.number(), z.string(), z.boolean(), z.array(z.number())]);

/** Whole numbers from..to; with `length` a list of them. */
const rangeSchema = z
  .strictObject({ from: z.int(), to: z.int(), length: count.max(256).optional() })
  .refine(({ from, to }) => from <= to, { message: 'ends before it begins' });

/** A gene takes one of some values, or a whole number, or a list of whole numbers. */
const geneSchema = z.union([z.array(value).min(1), rangeSchema]);
export type Gene = z.infer<typeof geneSchema>;

const geneticSchema = z.strictObject({
  population: z.int().min(4).max(1000),
  generations: count.max(1000),
  seed: z.int().min(0).max(0xffffffff).default(1),
  /** Individuals that go on unchanged. */
  elite: count.default(2),
  /** The best of so many drawn ones becomes a parent. */
  tournament: count.default(3),
  /** Chance of a gene, or of an entry of a list, to change. */
  mutation: z.number().min(0).max(1).default(0.1),
  genes: z.record(z.string(), geneSchema),
});
export type GeneticPlan = z.infer<typeof geneticSchema>;

const sweepSchema = z
  .strictObject({
    recipe: z.string(),
    data: z.string(),
    chip: z.string(),
    samples: count,
    epochs: count.default(1),
    validation: count,
    /** Every point is tried with each. */
    seeds: z.array(z.int().min(0).max(0xffffffff)).min(1).default([1]),
    settings: z.record(z.string(), z.unknown()).default({}),
    grid: z.record(z.string(), z.array(value).min(1)).optional(),
    genetic: geneticSchema.optional(),
  })
  .refine(({ grid, genetic }) => (grid === undefined) !== (genetic === undefined), {
    message: 'must have either grid or genetic',
  });
export type Sweep = z.infer<typeof sweepSchema>;

/**
 * Reads a sweep.
 * @throws UserError at the line that is wrong, or for settings that the recipe does not have
 */
export function readSweep(file: string): Sweep {
  const source = new YamlSource(file);
  const sweep = source.parse(sweepSchema, (path) =>
    path.length === 0
      ? Object.keys(sweepSchema.shape)
      : path.at(-1) === 'genetic'
        ? Object.keys(geneticSchema.shape)
        : [],
  );
  findRecipe(sweep.recipe);
  return sweep;
}
