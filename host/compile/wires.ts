// What connects parts of a network without synapses: the post spikes of wide blocks, and wires.

import { UserError } from '../errors.ts';
import type {
  ChipImage,
  CoreImage,
  PopulationImage,
  PostNoteImage,
  SourceImage,
  WireImage,
} from '../image/image.ts';
import type { Network, Projection } from '../network/network.ts';
import type { CorePlan } from './core-plan.ts';
import { portNumber } from './program-limits.ts';

/** Where ports and populations are. */
export interface Places {
  readonly plans: readonly CorePlan[];
  readonly populations: readonly PopulationImage[];
  readonly ports: ChipImage['ports'];
}

/** Where one element of a port or population is. */
export function sourceOf({ plans, populations, ports }: Places, name: string, element: number): SourceImage {
  const port = ports.find((item) => item.name === name);
  if (port !== undefined) return { kind: 'port', element: port.first + element };
  const { slices } = populations.find((item) => item.name === name)!;
  const slice = slices.find((item) => element >= item.element && element < item.element + item.count)!;
  const before = plans[slice.core]!.slices.slice(0, slice.group).reduce((sum, { count }) => sum + count, 0);
  return { kind: 'compartment', core: slice.core, compartment: before + element - slice.element };
}

/** Name of the port or population whose spikes are a projection's post spikes. */
function postSource(network: Network, projection: Projection): string {
  if (projection.own !== undefined) return projection.own.postSpikes;
  const target = network.populations.find(({ name }) => name === projection.to)!;
  if (target.postSpikes !== 'parent') return target.name;
  return network.populations.find(({ join }) => join?.children.includes(target.name))!.name;
}

interface WideBlockPlace {
  readonly projection: Projection;
  readonly core: number;
  readonly block: number;
  readonly element: number;
  readonly count: number;
}

/** Wide blocks that learn. */
function plasticBlocks(network: Network, cores: readonly CoreImage[]): WideBlockPlace[] {
  return cores.flatMap(({ blocks }, core) =>
    blocks.flatMap(({ wide, projection, columnElement, columns }, block) =>
      wide === null || wide.plastic === null
        ? []
        : [
            {
              projection: network.projections[projection]!,
              core,
              block,
              element: columnElement,
              count: columns,
            },
          ],
    ),
  );
}

export function postNoteImages(
  network: Network,
  places: Places,
  cores: readonly CoreImage[],
): PostNoteImage[] {
  return plasticBlocks(network, cores).flatMap(({ projection, core, block, element, count }) => {
    const name = postSource(network, projection);
    return Array.from({ length: count }, (_, column) => ({
      from: sourceOf(places, name, element + column),
      core,
      block,
      column,
    }));
  });
}

/** The ends at which a wire leaves its source, for elements first .. first + count - 1 of it. */
function leave(
  { populations, ports }: Places,
  name: string,
  first: number,
  count: number,
): { from: WireImage['from']; offset: number; count: number }[] {
  const port = ports.find((item) => item.name === name);
  if (port !== undefined) return [{ from: { kind: 'port', element: port.first + first }, offset: 0, count }];
  return populations
    .find((item) => item.name === name)!
    .slices.flatMap(({ core, group, element, count: size }) => {
      const begin = Math.max(first, element);
      const end = Math.min(first + count, element + size);
      if (begin >= end) return [];
      const from = { kind: 'group', core, group, first: begin - element } as const;
      return [{ from, offset: begin - first, count: end - begin }];
    });
}

function checkOrder(wire: string, { from, to }: WireImage): void {
  if (from.kind === 'port') return;
  if (from.core === to.core && (to.kind === 'thirdFactor' || from.group < to.group)) return;
  throw new UserError(
    `wire ${wire}: a population can reach only populations after it, on the same core, in the step in which it sends`,
    { code: 'bad-network', path: `wire ${wire}` },
  );
}

export function wireImages(network: Network, places: Places, cores: readonly CoreImage[]): WireImage[] {
  const direct = network.wires.flatMap(({ from, to, port }) =>
    places.populations
      .find(({ name }) => name === to)!
      .slices.flatMap(({ core, group, element, count }) =>
        leave(places, from, element, count).map((end) => ({
          name: `"${from}" to "${to}"`,
          wire: {
            from: end.from,
            to: {
              kind: 'group' as const,
              core,
              group,
              port: portNumber(network, to, port),
              first: end.offset,
            },
            count: end.count,
          },
        })),
      ),
  );
  const factors = plasticBlocks(network, cores).flatMap(({ projection, core, block, element, count }) =>
    (['y1', 'y2', 'y3'] as const).flatMap((name, trace) => {
      const source = projection.own?.thirdFactors?.[name];
      if (source === undefined) return [];
      return leave(places, source, element, count).map((end) => ({
        name: `"${source}" to ${name} of "${projection.name}"`,
        wire: {
          from: end.from,
          to: { kind: 'thirdFactor' as const, core, block, trace, first: end.offset },
          count: end.count,
        },
      }));
    }),
  );
  return [...direct, ...factors].map(({ name, wire }) => {
    checkOrder(name, wire);
    return wire;
  });
}
