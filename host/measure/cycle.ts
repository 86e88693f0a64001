// What timing mode `cycle` found, in fractions: how busy every kind of unit was and which core's most, the links of the
// mesh, and what the steps were bound by.

import { columnOf } from '../machine/cycle-map.ts';
import {
  type LinkSum,
  SHARE_NAMES,
  type ShareName,
  UNIT_NAMES,
  type UnitName,
  type UnitUse,
} from '../machine/cycle-reader.ts';
import type { Machine } from '../machine/machine.ts';

/** A unit of all cores; fractions of the whole time. */
export interface UnitSummary {
  readonly meanUtilization: number;
  readonly maxUtilization: number;
  /** Number of the core whose unit was busiest. */
  readonly busiestCore: number;
  /** Of the core where it waited longest for room in the next queue. */
  readonly maxStalled: number;
  readonly queueMax: number;
}

/** A router; the chips of a board stand in a row. */
interface MeshPlace {
  readonly x: number;
  readonly y: number;
}

export interface CycleSummary {
  /** Parts of the critical path of all steps; they add up to 1. */
  readonly criticalPath: Readonly<Record<ShareName, number>>;
  /** Units of cores that made up most of it, in descending order; `core` is null for the embedded processor. */
  readonly boundBy: readonly {
    readonly unit: UnitName;
    readonly core: number | null;
    readonly share: number;
  }[];
  readonly units: Readonly<Record<UnitName, UnitSummary>>;
  readonly injection: { readonly utilization: number; readonly stalled: number };
  /** Links between routers that carried something; those to and from cores are left out. */
  readonly links: {
    readonly used: number;
    readonly meanUtilization: number;
    readonly maxUtilization: number;
    readonly busiest: Pick<LinkSum, 'x' | 'y' | 'direction' | 'fabric'> | null;
    readonly maxBlocked: number;
    readonly bufferedMax: number;
  };
  /** Where the load is: every core in use, and every link between routers, both fabrics together. */
  readonly mesh: {
    readonly coresPerTile: number;
    readonly cores: readonly (MeshPlace & {
      readonly core: number;
      /** The unit of the core that was busy longest. */
      readonly unit: UnitName;
      readonly utilization: number;
    })[];
    readonly links: readonly (MeshPlace & {
      readonly direction: LinkSum['direction'];
      readonly utilization: number;
    })[];
  };
  readonly messages: number;
  readonly flitHops: number;
  readonly barrierMessages: number;
}

const BOUND_BY_ROWS = 5;

function largest<T>(items: readonly T[], value: (item: T) => number): T | undefined {
  return items.reduce<T | undefined>(
    (best, item) => (best === undefined || value(item) > value(best) ? item : best),
    undefined,
  );
}

function unitSummary(uses: readonly UnitUse[], cores: readonly number[], time: number): UnitSummary {
  const places = uses.map((use, i) => ({ ...use, core: cores[i]! }));
  const busiest = largest(places, ({ busy }) => busy)!;
  return {
    meanUtilization: places.reduce((sum, { busy }) => sum + busy, 0) / places.length / time,
    maxUtilization: busiest.busy / time,
    busiestCore: busiest.core,
    maxStalled: Math.max(...places.map(({ stalled }) => stalled)) / time,
    queueMax: Math.max(...places.map(({ queueMax }) => queueMax)),
  };
}

function meshLoad(
  { image }: Machine,
  cores: readonly Readonly<Record<UnitName, UnitUse>>[],
  links: readonly LinkSum[],
  time: number,
): CycleSummary['mesh'] {
  const { cycle } = image.timing;
  const byLink = new Map<string, CycleSummary['mesh']['links'][number]>();
  for (const { x, y, direction, busy } of links) {
    const key = `${x} ${y} ${direction}`;
    const share = busy / time / cycle.fabrics;
    byLink.set(key, { x, y, direction, utilization: (byLink.get(key)?.utilization ?? 0) + share });
  }
  return {
    coresPerTile: cycle.coresPerTile,
    cores: image.cores.map(({ index, place }, i) => {
      const unit = largest(UNIT_NAMES, (name) => cores[i]![name].busy)!;
      const at = { x: columnOf(cycle, place), y: place.y };
      return { core: index, ...at, unit, utilization: cores[i]![unit].busy / time };
    }),
    links: [...byLink.values()],
  };
}

/** Null unless the machine tells time in mode `cycle` and has run a step. */
export function cycleSummary(machine: Machine): CycleSummary | null {
  const { cycle, image } = machine;
  if (cycle === null) return null;
  const { stations, shares, time, ...totals } = cycle.sum();
  if (time === 0) return null;
  const numbers = image.cores.map(({ index }) => index);
  const cores = stations.slice(0, numbers.length);
  const processor = stations.at(-1)!.outputAxon;
  const links = cycle.links().filter(({ node }) => node === null);
  const busiest = largest(links, ({ busy }) => busy);
  const bounds = stations.flatMap((units, station) =>
    UNIT_NAMES.map((unit) => ({ unit, core: numbers[station] ?? null, share: units[unit].bound / time })),
  );
  return {
    criticalPath: Object.fromEntries(SHARE_NAMES.map((name) => [name, shares[name] / time])) as Record<
      ShareName,
      number
    >,
    boundBy: bounds
      .filter(({ share }) => share > 0)
      .sort((a, b) => b.share - a.share)
      .slice(0, BOUND_BY_ROWS),
    units: Object.fromEntries(
      UNIT_NAMES.map((unit) => [
        unit,
        unitSummary(
          cores.map((units) => units[unit]),
          numbers,
          time,
        ),
      ]),
    ) as Record<UnitName, UnitSummary>,
    injection: { utilization: processor.busy / time, stalled: processor.stalled / time },
    links: {
      used: links.length,
      meanUtilization:
        links.length === 0 ? 0 : links.reduce((sum, { busy }) => sum + busy, 0) / links.length / time,
      maxUtilization: (busiest?.busy ?? 0) / time,
      busiest:
        busiest === undefined
          ? null
          : { x: busiest.x, y: busiest.y, direction: busiest.direction, fabric: busiest.fabric },
      maxBlocked: Math.max(0, ...links.map(({ blocked }) => blocked)) / time,
      bufferedMax: Math.max(0, ...links.map(({ bufferedMax }) => bufferedMax)),
    },
    mesh: meshLoad(machine, cores, links, time),
    messages: totals.messagesSent,
    flitHops: totals.flitHops,
    barrierMessages: totals.barrierMessages,
  };
}
