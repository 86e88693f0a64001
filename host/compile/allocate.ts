// Allocation: groups, synapse blocks, input axons and output axons of every core. A source has one input axon on
// each core it reaches, shared by all its projections there. [HW 1.2], [HW 4.7], [HW 5]

import type { Chip } from '../chip/schema.ts';
import { UserError } from '../errors.ts';
import type { AxonImage, BlockImage, RouteTable } from '../image/image.ts';
import type { Network, Projection } from '../network/network.ts';
import { coreFormats, ownWords } from './axon-demand.ts';
import { makeBlock } from './blocks.ts';
import type { CorePlan } from './core-plan.ts';
import { incoming, sourceSize, synapseCounts } from './incoming.ts';
import { formatKey } from './packing.ts';
import { type SharedSource, shareLists } from './sharing.ts';
import { isWideProjection } from './wide.ts';

/** Axons and synapses of one core; rules and pre-trace profiles by their place in these lists. */
export interface CoreAllocation {
  readonly blocks: readonly BlockImage[];
  readonly axons: readonly AxonImage[];
  readonly rules: readonly string[];
  readonly preTraceProfiles: readonly NonNullable<Projection['preTraces']>[];
  /** Axon of element i of a source: `axonOf.get(source)[i]`, -1 if it does not reach this core. */
  readonly axonOf: ReadonlyMap<string, Int32Array>;
}

function indexOf<T>(list: T[], item: T): number {
  const key = JSON.stringify(item);
  const at = list.findIndex((other) => JSON.stringify(other) === key);
  return at >= 0 ? at : list.push(item) - 1;
}

/** Row of each element of a source in a block, -1 if it has none. */
function rowsByElement({ rowElements }: BlockImage, elements: number): Int32Array {
  const rows = new Int32Array(elements).fill(-1);
  rowElements.forEach((element, row) => {
    rows[element] = row;
  });
  return rows;
}

/** Ports first, then populations: the number that identifies a source in random keys. */
export function sourceNumber(network: Network, name: string): number {
  const port = network.ports.findIndex((item) => item.name === name);
  return port >= 0
    ? port
    : network.ports.length + network.populations.findIndex((item) => item.name === name);
}

/** A short population axon's number has fewer bits than the table has entries. [HW 5] */
function checkPopulationAxons(chip: Chip, index: number, sources: readonly SharedSource[]): void {
  for (const axons of ['pop16', 'pop32'] as const) {
    const used = sources.reduce((sum, each) => sum + (each.sharing.axons === axons ? each.entries : 0), 0);
    const limit = 2 ** chip.routing[axons].axonId;
    if (used <= limit) continue;
    throw new UserError(
      `core ${index}: ${used} ${axons} axons exceed ${limit}, what their number of ${chip.routing[axons].axonId} bits can tell apart`,
      { code: 'does-not-fit', path: `core ${index}`, got: used, limit },
    );
  }
}

/** Lays out the synapses and input axons of core number `index`. */
export function allocateCore(network: Network, chip: Chip, plan: CorePlan, index: number): CoreAllocation {
  const blocks: BlockImage[] = [];
  const rules: string[] = [];
  const preTraceProfiles: NonNullable<Projection['preTraces']>[] = [];
  const statics: AxonImage[] = [];
  const learners: AxonImage[] = [];
  const places: { source: string; element: number; learns: boolean; at: number }[] = [];
  const compartments = plan.slices.reduce((sum, { count }) => sum + count, 0);
  const sources = incoming(network, plan.slices);
  const formats = coreFormats(network, chip, [...sources.values()].flat(), compartments);
  const sharing: SharedSource[] = [];
  for (const [source, items] of sources) {
    const elements = sourceSize(network, source);
    const shares = items.some(({ projection }) => projection.sharing !== undefined);
    const lists = shares ? shareLists(chip, items, elements, compartments) : undefined;
    if (lists !== undefined) sharing.push(lists);
    const wordsOf = lists?.wordsOf ?? ownWords(formats, items);
    const made = items.map(({ projection, slice, first, end }, i) => {
      const learns = projection.rule !== undefined && !isWideProjection(chip, projection);
      const image = makeBlock(network, chip, projection, {
        slice,
        group: plan.slices.indexOf(slice),
        rule: learns ? indexOf(rules, projection.rule!) : -1,
        packing: lists?.lists[i]?.packing ?? formats.packings.get(formatKey(projection))!,
        shared: lists?.lists[i] ?? null,
      });
      const count = synapseCounts(projection.connection, slice);
      return {
        projection,
        reaches: (element: number): boolean => element >= first && element < end && count(element) > 0,
        rows: rowsByElement(image, elements),
        block: blocks.push(image) - 1,
        learns,
      };
    });
    for (let element = 0; element < elements; element++) {
      const here = made.filter(({ reaches }) => reaches(element));
      if (here.length === 0) continue;
      const plastic = here.filter(({ learns }) => learns);
      const profiles = new Set(
        plastic.map(({ projection }) => indexOf(preTraceProfiles, projection.preTraces ?? {})),
      );
      if (profiles.size > 1) {
        throw new UserError(
          `"${source}" feeds ${plastic.map(({ projection }) => `"${projection.name}"`).join(' and ')} on one core through one axon, which has one pair of pre traces`,
          { code: 'pre-trace-conflict', path: source, hint: 'give these projections the same preTraces' },
        );
      }
      const axon = {
        source: sourceNumber(network, source),
        element,
        rows: Uint32Array.from(here.flatMap(({ block, rows }) => [block, rows[element]!])),
        profile: [...profiles][0] ?? -1,
        words: wordsOf(element),
      };
      const learns = plastic.length > 0;
      const at = (learns ? learners : statics).push(axon) - 1;
      places.push({ source, element, learns, at });
    }
  }
  checkPopulationAxons(chip, index, sharing);
  // Learning axons are contiguous, above all static ones. [HW 4.7]
  const axonOf = new Map<string, Int32Array>();
  for (const { source, element, learns, at } of places) {
    let axons = axonOf.get(source);
    if (axons === undefined) {
      axons = new Int32Array(sourceSize(network, source)).fill(-1);
      axonOf.set(source, axons);
    }
    axons[element] = learns ? statics.length + at : at;
  }
  return { blocks, axons: [...statics, ...learners], rules, preTraceProfiles, axonOf };
}

/** Routes of a list of sources: to which axon of which core each one's spikes go. */
export function routesOf(
  sources: readonly { readonly name: string; readonly element: number }[],
  cores: readonly CoreAllocation[],
): RouteTable {
  const start = new Uint32Array(sources.length + 1);
  const core: number[] = [];
  const axon: number[] = [];
  sources.forEach(({ name, element }, i) => {
    cores.forEach(({ axonOf }, c) => {
      const to = axonOf.get(name)?.[element] ?? -1;
      if (to < 0) return;
      core.push(c);
      axon.push(to);
    });
    start[i + 1] = core.length;
  });
  return { start, core: Uint32Array.from(core), axon: Uint32Array.from(axon) };
}
