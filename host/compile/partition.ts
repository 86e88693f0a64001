// Partition: which elements of which populations share a core. Populations of one core class are split evenly
// over as few cores as hold them, those with a placement lie where it says; a compartment and its children stay
// together. [HW 1.2], [HW 2.5]

import { coreCount } from '../chip/limits.ts';
import type { Chip } from '../chip/schema.ts';
import { UserError } from '../errors.ts';
import type { CoreClass, Network, Population } from '../network/network.ts';
import type { CorePlan, Slice } from './core-plan.ts';
import { excess, worstExcess } from './resource-use.ts';
import { coreDemand } from './resources.ts';

/** First element of part `part` of `parts` when n elements are split as evenly as possible. */
function splitAt(n: number, part: number, parts: number): number {
  return Math.floor((n * part) / parts);
}

/** First element of a population that lies on part `part` or beyond. */
function firstOn({ size, placement }: Population, part: number, parts: number): number {
  if (placement === undefined) return splitAt(size, part, parts);
  return Math.min(size, Math.max(0, part - placement.firstCore) * placement.perCore);
}

function slicesOf(populations: readonly Population[], part: number, parts: number): Slice[] {
  return populations
    .map((population) => {
      const element = firstOn(population, part, parts);
      return { population: population.name, element, count: firstOn(population, part + 1, parts) - element };
    })
    .filter(({ count }) => count > 0);
}

/** Cores that the placements of a class reach. */
function placedCores(populations: readonly Population[]): number {
  return populations.reduce((cores, { size, placement }) => {
    return placement === undefined
      ? cores
      : Math.max(cores, placement.firstCore + Math.ceil(size / placement.perCore));
  }, 1);
}

/** Part `part` of a class that is split into `parts`, undefined if nothing of it lies there. */
function planPart(
  network: Network,
  chip: Chip,
  populations: readonly Population[],
  part: number,
  parts: number,
): CorePlan | undefined {
  const slices = slicesOf(populations, part, parts);
  if (slices.length === 0) return undefined;
  return { coreClass: populations[0]!.coreClass, slices, use: coreDemand(network, chip, slices) };
}

function planClass(
  network: Network,
  chip: Chip,
  populations: readonly Population[],
  parts: number,
): CorePlan[] {
  return Array.from({ length: parts }, (_, part) => planPart(network, chip, populations, part, parts)).filter(
    (plan) => plan !== undefined,
  );
}

interface Overfull {
  /** How many times over the limit a core is at its worst resource. */
  readonly ratio: number;
  /** Where it is, as a share of the class. */
  readonly at: number;
}

/** The class on so many cores, or the first of them that is too full; the part at `likely` is tried before the others. */
function attempt(
  network: Network,
  chip: Chip,
  populations: readonly Population[],
  parts: number,
  likely: number,
): CorePlan[] | Overfull {
  const plans: CorePlan[] = [];
  const overfull = (part: number, { use }: CorePlan): Overfull | undefined => {
    const over = worstExcess(use);
    return over === undefined ? undefined : { ratio: over.used / over.limit, at: (part + 0.5) / parts };
  };
  const suspect = Math.floor(likely * parts);
  const suspected = planPart(network, chip, populations, suspect, parts);
  const found = suspected && overfull(suspect, suspected);
  if (found !== undefined) return found;
  for (let part = 0; part < parts; part++) {
    const plan = part === suspect ? suspected : planPart(network, chip, populations, part, parts);
    if (plan === undefined) continue;
    const excess = overfull(part, plan);
    if (excess !== undefined) return excess;
    plans.push(plan);
  }
  return plans;
}

/** The fewest cores that hold the class, or undefined if not even one compartment a core fits. */
function fewestCores(
  network: Network,
  chip: Chip,
  populations: readonly Population[],
  atLeast: number,
): CorePlan[] | undefined {
  const least = Math.max(atLeast, placedCores(populations));
  const most = Math.max(least, ...populations.map(({ size }) => size));
  // With a few more cores the next one is likely to be too full where the last one was.
  let likely = 0;
  for (let parts = least; parts <= most; ) {
    const result = attempt(network, chip, populations, parts, likely);
    if (!('ratio' in result)) return result;
    likely = result.at;
    // No resource shrinks faster than the number of cores grows, so nothing below this can fit.
    parts = Math.max(parts + 1, Math.floor(parts * result.ratio));
  }
  return undefined;
}

function refuseCore(
  network: Network,
  chip: Chip,
  coreClass: CoreClass,
  populations: readonly Population[],
  plans: readonly CorePlan[],
  firstCore: number,
): never {
  const at = plans.findIndex(({ use }) => worstExcess(use) !== undefined);
  const over = worstExcess(plans[at]!.use)!;
  const fitting = fewestCores(network, chip, populations, plans.length + 1);
  const more =
    fitting === undefined
      ? 'no number of cores would fit it'
      : `${fitting.length - plans.length} more core${fitting.length - plans.length === 1 ? '' : 's'} would fit it`;
  throw new UserError(`core ${firstCore + at} (core class "${coreClass.name}"): ${excess(over)}; ${more}`, {
    code: 'does-not-fit',
    path: `core class "${coreClass.name}"`,
    got: over.used,
    limit: over.limit,
  });
}

/**
 * Assigns every population to cores.
 * @throws UserError naming core, resource, use and limit if it does not fit
 */
export function partition(network: Network, chip: Chip): CorePlan[] {
  const plans: CorePlan[] = [];
  for (const coreClass of network.coreClasses) {
    const populations = network.populations.filter((population) => population.coreClass === coreClass.name);
    if (populations.length === 0) continue;
    if (coreClass.cores !== undefined) {
      const placed = placedCores(populations);
      if (coreClass.cores < placed) {
        throw new UserError(
          `core class "${coreClass.name}": its populations are placed on ${placed} cores, and it has ${coreClass.cores}`,
          {
            code: 'bad-network',
            path: `core class "${coreClass.name}"`,
            got: coreClass.cores,
            limit: placed,
          },
        );
      }
      const fixed = planClass(network, chip, populations, coreClass.cores);
      if (fixed.some(({ use }) => worstExcess(use) !== undefined)) {
        refuseCore(network, chip, coreClass, populations, fixed, plans.length);
      }
      plans.push(...fixed);
      continue;
    }
    const fitting = fewestCores(network, chip, populations, 1);
    if (fitting === undefined) {
      const smallest = Math.max(placedCores(populations), ...populations.map(({ size }) => size));
      refuseCore(
        network,
        chip,
        coreClass,
        populations,
        planClass(network, chip, populations, smallest),
        plans.length,
      );
    }
    plans.push(...fitting);
  }
  const available = coreCount(chip);
  if (plans.length > available) {
    const parts = network.coreClasses
      .map(({ name }) => `${plans.filter(({ coreClass }) => coreClass === name).length} for "${name}"`)
      .join(', ');
    throw new UserError(
      `the network needs ${plans.length} cores (${parts}); chip ${chip.name} has ${available}`,
      {
        code: 'does-not-fit',
        path: 'topology',
        got: plans.length,
        limit: available,
        hint: 'make it smaller, or allow more chips (topology.chips)',
      },
    );
  }
  return plans;
}
