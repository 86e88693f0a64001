// Output axon slots: every compartment has one or more for every core that its spikes reach. [HW 1.2], [HW 5]

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
      plans.forEach((plan, from) => {
        const slice = plan.slices.find(({ population }) => population === source);
        if (slice === undefined) return;
        const further = chipOf[from] === chipOf[to] ? 0 : chip.core.outputAxonSlotsInterChip;
        for (let element = slice.element; element < slice.element + slice.count; element++)
          if (counts.some((count) => count(element) > 0)) slots[from]! += each + further;
      });
    }
  });
  return slots;
}

/** The number of cores of a class with which no output table overflows, or undefined if none is found. */
function coresThatFit(network: Network, chip: Chip, coreClass: string, atLeast: number): number | undefined {
  for (let cores = atLeast; cores <= coreCount(chip); cores++) {
    const classes = network.coreClasses.map((item) => (item.name === coreClass ? { ...item, cores } : item));
    try {
      const changed = { ...network, coreClasses: classes };
      const slots = outputSlots(changed, chip, partition(changed, chip));
      if (slots.every((used) => used <= chip.core.outputAxons)) return cores;
    } catch (error) {
      if (error instanceof UserError) return undefined;
      throw error;
    }
  }
  return undefined;
}

/**
 * Output axon slots of every core.
 * @throws UserError naming core, use, limit and the cores that would help
 */
export function checkOutputAxons(network: Network, chip: Chip, plans: readonly CorePlan[]): number[] {
  const slots = outputSlots(network, chip, plans);
  const limit = chip.core.outputAxons;
  const core = slots.findIndex((used) => used > limit);
  if (core < 0) return slots;
  const { coreClass } = plans[core]!;
  const used = slots[core]!;
  const cores = plans.filter((plan) => plan.coreClass === coreClass).length;
  // A table holds no fewer slots than an even split leaves.
  const fitting = coresThatFit(
    network,
    chip,
    coreClass,
    Math.max(cores + 1, Math.ceil((cores * used) / limit)),
  );
  const more = fitting === undefined ? 0 : fitting - cores;
  const help =
    fitting === undefined
      ? 'no number of cores would fit it'
      : `${more} more core${more === 1 ? '' : 's'} would fit it`;
  throw new UserError(
    `core ${core} (core class "${coreClass}"): ${excess({ resource: 'outputAxons', used, limit })}; ${help}`,
    {
      code: 'does-not-fit',
      path: `core class "${coreClass}"`,
      got: used,
      limit,
      ...(fitting === undefined ? {} : { hint: `give core class "${coreClass}" cores: ${fitting}` }),
    },
  );
}
