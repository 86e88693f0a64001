// Axons: where the spikes of a compartment or a port element go, and what they pass on the way. [HW 5]
//
// A message carries the number of one input axon, so a reward channel, whose axon is reserved [HW 4.6], takes a
// message of its own.

import type { ChipImage, CoreImage, PostNoteImage, RouteTable } from '../image/image.ts';

/** An input axon of a core, or its reward axon. */
export type Destination =
  | { readonly core: number; readonly axon: number }
  | { readonly core: number; readonly axon: 'reward' };

function routed(table: RouteTable, source: number): Destination[] {
  const destinations: Destination[] = [];
  for (let i = table.start[source]!; i < table.start[source + 1]!; i++)
    destinations.push({ core: table.core[i]!, axon: table.axon[i]! });
  return destinations;
}

/** Destinations of a compartment's spikes: one message each. */
export function compartmentDestinations(image: ChipImage, core: number, compartment: number): Destination[] {
  const rewards = image.rewards.filter(
    ({ from }) => from.kind === 'compartment' && from.core === core && from.compartment === compartment,
  );
  return [
    ...routed(image.cores[core]!.routes, compartment),
    ...rewards.flatMap(({ cores }) => cores.map((to) => ({ core: to, axon: 'reward' as const }))),
  ];
}

/** Destinations of a port element's spikes. */
export function portDestinations(image: ChipImage, element: number): Destination[] {
  const rewards = image.rewards.filter(({ from }) => from.kind === 'port' && from.element === element);
  return [
    ...routed(image.portRoutes, element),
    ...rewards.flatMap(({ cores }) => cores.map((to) => ({ core: to, axon: 'reward' as const }))),
  ];
}

/** Columns of wide blocks for which the spikes of a compartment are post spikes: no message of their own. */
export function compartmentPostNotes(image: ChipImage, core: number, compartment: number): PostNoteImage[] {
  return image.postNotes.filter(
    ({ from }) => from.kind === 'compartment' && from.core === core && from.compartment === compartment,
  );
}

/** The same for a port element. */
export function portPostNotes(image: ChipImage, element: number): PostNoteImage[] {
  return image.postNotes.filter(({ from }) => from.kind === 'port' && from.element === element);
}

/** What one message passes: first along x, then along y; chips are neighbours in their order. */
export interface Hops {
  readonly eastWest: number;
  readonly northSouth: number;
  readonly interChip: number;
  readonly withinTile: boolean;
}

export function hopsBetween(from: CoreImage, to: CoreImage): Hops {
  const eastWest = Math.abs(to.place.x - from.place.x);
  const northSouth = Math.abs(to.place.y - from.place.y);
  const interChip = Math.abs(to.place.chip - from.place.chip);
  return { eastWest, northSouth, interChip, withinTile: eastWest + northSouth + interChip === 0 };
}
