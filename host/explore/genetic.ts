// A genetic search: tournaments, uniform crossover, mutation, and an elite that goes on as it is. A generation is a function
// of the plan, its number and the one before with its fitness, so a search that is taken up again does the same.

import { CounterHash, Stream } from '../data/counter-hash.ts';
import type { Gene, GeneticPlan } from './sweep-file.ts';

export type Individual = Readonly<Record<string, unknown>>;

/** Share of a range by which a mutation moves a number, at most. */
const REACH = 0.25;

const share = (random: CounterHash): number => random.between(0, 1);

function fresh(gene: Gene, random: CounterHash): unknown {
  if (Array.isArray(gene)) return gene[random.below(gene.length)];
  const { from, to, length } = gene;
  const draw = (): number => from + random.below(to - from + 1);
  return length === undefined ? draw() : Array.from({ length }, draw);
}

function moved(number: number, { from, to }: { from: number; to: number }, random: CounterHash): number {
  const reach = Math.max(1, Math.round(REACH * (to - from)));
  return Math.min(to, Math.max(from, number + random.below(2 * reach + 1) - reach));
}

function mutated(gene: Gene, value: unknown, rate: number, random: CounterHash): unknown {
  if (!Array.isArray(gene) && gene.length !== undefined) {
    return (value as readonly number[]).map((entry) =>
      share(random) < rate ? moved(entry, gene, random) : entry,
    );
  }
  if (share(random) >= rate) return value;
  return Array.isArray(gene) ? fresh(gene, random) : moved(value as number, gene, random);
}

/** Each gene from one of the parents; so is each entry of a list. */
function crossed(gene: Gene, a: unknown, b: unknown, random: CounterHash): unknown {
  if (Array.isArray(gene) || gene.length === undefined) return random.below(2) === 0 ? a : b;
  const other = b as readonly number[];
  return (a as readonly number[]).map((entry, i) => (random.below(2) === 0 ? entry : other[i]));
}

function build(plan: GeneticPlan, make: (gene: Gene, name: string) => unknown): Individual {
  return Object.fromEntries(Object.entries(plan.genes).map(([name, gene]) => [name, make(gene, name)]));
}

/** Numbers of the individuals, the fittest first; the earlier one in a tie. */
export function ranking(fitness: readonly number[]): number[] {
  return fitness.map((_, i) => i).sort((a, b) => fitness[b]! - fitness[a]! || a - b);
}

/** The generation with which a search starts. */
export function firstGeneration(plan: GeneticPlan): Individual[] {
  const random = new CounterHash(plan.seed, Stream.search, 0);
  return Array.from({ length: plan.population }, () => build(plan, (gene) => fresh(gene, random)));
}

/**
 * The generation after another.
 * @param number of the new one, from 1
 */
export function nextGeneration(
  plan: GeneticPlan,
  number: number,
  before: readonly Individual[],
  fitness: readonly number[],
): Individual[] {
  const random = new CounterHash(plan.seed, Stream.search, number);
  const ranks = ranking(fitness);
  const rankOf = new Map(ranks.map((individual, rank) => [individual, rank]));
  const parent = (): Individual => {
    const drawn = Array.from({ length: plan.tournament }, () => random.below(before.length));
    return before[drawn.reduce((best, each) => (rankOf.get(each)! < rankOf.get(best)! ? each : best))]!;
  };
  const elite = ranks.slice(0, plan.elite).map((i) => before[i]!);
  const children = Array.from({ length: plan.population - elite.length }, () => {
    const [a, b] = [parent(), parent()];
    return build(plan, (gene, name) =>
      mutated(gene, crossed(gene, a[name], b[name], random), plan.mutation, random),
    );
  });
  return [...elite, ...children];
}
