// Output axon slots: every compartment has one or more for every core that its spikes reach, and what is too much for
// the tables of a class is spread over more cores. [HW 1.2], [HW 5]

import { coreCount, coreTile } from '../chip/limits.ts';
import type { Chip } from '../chip/schema.ts';
import { UserError } from '../errors.ts';
import type { Network } from '../network/network.ts';
import type { CorePlan } from './core-plan.ts';
import { type Incoming, incoming, synapseCounts } from './incoming.ts';
import { partition } from './partition.ts';
import { excess } from './resource-use.ts';

/** Slots that a source takes for one core of the same chip: those of its axons there. */
function slotsPerCore(chip: Chip, items: readonly Incoming[]): number {
  const axons = items.find(({ projection }) => projection.sharing !== undefined)?.projection.sharing?.axons;
  return axons === undefined || axons === 'discrete' ? 1 : chip.routing[axons].outputSlots;
}

/** Slots that every core takes. */
export function outputSlots(network: Network, chip: Chip, plans: readonly CorePlan[]): number[] {
  const slots = plans.map(() => 0);
  const chipOf = plans.map((_, i) => coreTile(chip, i).chipIndex);
  plans.forEach(({ slices }, to) => {
    for (const [source, items] of incoming(network, slices)) {
      const each = slotsPerCore(chip, items);
      const counts = items.map(({ projection, slice }) => synapseCounts(projection.connection, slice));
      const nearest = Math.min(...items.map(({ first }) => first));
      const farthest = Math.max(...items.map(({ end }) => end));
      plans.forEach((plan, from) => {
        const slice = plan.slices.find(({ population }) => population === source);
        if (slice === undefined) return;
        const further = chipOf[from] === chipOf[to] ? 0 : chip.core.outputAxonSlotsInterChip;
        const end = Math.min(farthest, slice.element + slice.count);
        for (let element = Math.max(nearest, slice.element); element < end; element++)
          if (counts.some((count) => count(element) > 0)) slots[from]! += each + further;
      });
    }
  });
  return slots;
}

/** Cores, and the output axon slots that each of them takes. */
export interface Placed {
  readonly plans: readonly CorePlan[];
  readonly outputAxons: readonly number[];
}

function place(network: Network, chip: Chip): Placed {
  const plans = partition(network, chip);
  return { plans, outputAxons: outputSlots(network, chip, plans) };
}

const overfullIn = ({ outputAxons }: Placed, chip: Chip): number =>
  outputAxons.findIndex((used) => used > chip.core.outputAxons);

function sizeOf(network: Network, coreClass: string): number {
  const sizes = network.populations.filter((item) => item.coreClass === coreClass).map(({ size }) => size);
  return Math.max(...sizes);
}

/** The same on more cores of classes that may grow, until no table overflows; undefined if that is never so. */
function grown(
  network: Network,
  chip: Chip,
  start: Placed,
  mayGrow: (coreClass: string) => boolean,
): Placed | undefined {
  let current = network;
  let placed = start;
  for (let core = overfullIn(placed, chip); core >= 0; core = overfullIn(placed, chip)) {
    const { coreClass } = placed.plans[core]!;
    if (!mayGrow(coreClass)) return undefined;
    const before = placed.plans.filter((plan) => plan.coreClass === coreClass).length;
    // A table holds no fewer slots than an even split leaves.
    const cores = Math.max(
      before + 1,
      Math.ceil((before * placed.outputAxons[core]!) / chip.core.outputAxons),
    );
    // Beyond a compartment a core nothing is left to spread.
    if (cores > Math.min(coreCount(chip), sizeOf(network, coreClass))) return undefined;
    current = {
      ...current,
      coreClasses: current.coreClasses.map((item) => (item.name === coreClass ? { ...item, cores } : item)),
    };
    try {
      placed = place(current, chip);
    } catch (error) {
      if (error instanceof UserError) return undefined;
      throw error;
    }
  }
  return placed;
}

/**
 * Assigns every population to cores, of which a class whose number is not given takes as few as hold its
 * compartments, synapses and axons.
 * @throws UserError naming core, resource, use, limit and the cores that would help if it does not fit
 */
export function placeOnCores(network: Network, chip: Chip): Placed {
  const first = place(network, chip);
  const core = overfullIn(first, chip);
  if (core < 0) return first;
  const isOpen = (name: string) =>
    network.coreClasses.find((item) => item.name === name)?.cores === undefined;
  const fitting = grown(network, chip, first, isOpen);
  if (fitting !== undefined) return fitting;

  const { coreClass } = first.plans[core]!;
  const coresOf = ({ plans }: Placed) => plans.filter((plan) => plan.coreClass === coreClass).length;
  const wider = grown(network, chip, first, () => true);
  const more = wider === undefined ? 0 : coresOf(wider) - coresOf(first);
  const help =
    wider === undefined
      ? 'no number of cores would fit it'
      : `${more} more core${more === 1 ? '' : 's'} would fit it`;
  const [used, limit] = [first.outputAxons[core]!, chip.core.outputAxons];
  throw new UserError(
    `core ${core} (core class "${coreClass}"): ${excess({ resource: 'outputAxons', used, limit })}; ${help}`,
    {
      code: 'does-not-fit',
      path: `core class "${coreClass}"`,
      got: used,
      limit,
      ...(wider === undefined ? {} : { hint: `give core class "${coreClass}" cores: ${coresOf(wider)}` }),
    },
  );
}
