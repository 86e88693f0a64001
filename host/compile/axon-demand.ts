// Synapse memory and input axons that a core's share of the network takes. [HW 1.2], [HW 1.3], [HW 4.7]

import { accumulatorsFor } from '../chip/limits.ts';
import type { Chip } from '../chip/schema.ts';
import type { ConvolutionConnection, Network, Projection } from '../network/network.ts';
import type { Slice } from './core-plan.ts';
import {
  delayOf,
  hasLists,
  type Incoming,
  incoming,
  sourceSize,
  sparseRow,
  storedDelay,
  synapseCounts,
  usesVariable,
} from './incoming.ts';
import { formatKey, type Packing, packingsOf } from './packing.ts';
import { shareLists } from './sharing.ts';
import { delayBits, type ListPart, listWords } from './synapse-memory.ts';

/** Bits of a delay field when its format's delays are ignored and a rule uses them for something else. [HW 3.4] */
export const DELAY_BITS = 6;

interface Demand {
  readonly words: number;
  readonly entries: number;
  /** Axons that feed synapses that learn. */
  readonly learning: number;
}

/** What every list of a core is made with. */
export interface CoreFormats {
  readonly network: Network;
  readonly chip: Chip;
  readonly compartments: number;
  readonly packings: ReadonlyMap<string, Packing>;
  /** The longest delay of each format. */
  readonly longest: ReadonlyMap<string, number>;
}

/** Length of the rings of accumulators that these projections into one core need. */
export function ringFor(chip: Chip, into: readonly Projection[]): number {
  const delay = Math.max(0, ...into.map(delayOf));
  return accumulatorsFor(chip, delay) ?? Math.max(...chip.core.accumulatorsPerCompartment);
}

/** The formats of all projections into a core. */
export function coreFormats(
  network: Network,
  chip: Chip,
  items: readonly Incoming[],
  compartments: number,
): CoreFormats {
  const ring = ringFor(
    chip,
    items.map(({ projection }) => projection),
  );
  const longest = new Map<string, number>();
  for (const { projection } of items) {
    const key = formatKey(projection);
    // A delay that a rule changes can become as long as the ring allows, or as its field if spikes do not follow it.
    const learned = projection.synapse.ignoreDelays === true ? 2 ** DELAY_BITS - 1 : ring - 2;
    const delay = usesVariable(network, projection.rule, 'd') ? learned : storedDelay(projection);
    longest.set(key, Math.max(longest.get(key) ?? 0, delay));
  }
  return { network, chip, compartments, packings: packingsOf(chip, items, compartments), longest };
}

/** The part of each element's list that a projection contributes, but for a convolution whose kernels are stored. */
function partsOf(
  { network, packings, longest }: CoreFormats,
  { projection, slice }: Incoming,
): (row: number) => ListPart | undefined {
  const { connection, synapse, rule } = projection;
  const key = formatKey(projection);
  const common = {
    packing: packings.get(key)!,
    weightBits: synapse.bits,
    delayBits: delayBits(longest.get(key) ?? 0),
    tagBits: usesVariable(network, rule, 't') ? 8 : 0,
  };
  if (connection.kind === 'convolution') return () => undefined;
  if (connection.kind === 'sparse') {
    return (row) => {
      const { start, end } = sparseRow(connection, row, slice);
      return end > start ? { ...common, targets: connection.targets.subarray(start, end) } : undefined;
    };
  }
  const part = { ...common, targets: connection.kind === 'one-to-one' ? 1 : slice.count };
  return () => part;
}

function isPart(part: ListPart | undefined): part is ListPart {
  return part !== undefined;
}

/**
 * Words of the kernels that a source channel of each group of a convolution has on a core. How a chip stores them is
 * not public (U8): assumed is an entry of consecutive weights for every output channel on the core, once for all sources of
 * the channel.
 */
function kernelWords(
  { network, chip, compartments, longest }: CoreFormats,
  { projection, slice: { element, count } }: Incoming,
  { convolution }: ConvolutionConnection,
): number[] {
  const { channels, groups } = convolution;
  const plane = sourceSize(network, projection.to) / channels;
  const [first, end] = [Math.floor(element / plane), Math.ceil((element + count) / plane)];
  const kernel = {
    targets: convolution.kernel[0] * convolution.kernel[1],
    packing: { compression: 'dense', skipBits: 0 },
    weightBits: projection.synapse.bits,
    delayBits: delayBits(longest.get(formatKey(projection)) ?? 0),
    tagBits: 0,
  } as const;
  return Array.from({ length: groups }, (_, group) => {
    const from = Math.max(first, (group * channels) / groups);
    const to = Math.min(end, ((group + 1) * channels) / groups);
    return to <= from ? 0 : listWords(chip, new Array<ListPart>(to - from).fill(kernel), compartments);
  });
}

/** Projections whose kernels are stored: their words by group, and the synapses of each source element. */
function kernelsOf(formats: CoreFormats, items: readonly Incoming[]) {
  return items.flatMap((item) => {
    const { connection } = item.projection;
    if (connection.kind !== 'convolution') return [];
    const { shape, convolution } = connection;
    return [
      {
        words: kernelWords(formats, item, connection),
        channels: shape[0],
        /** Elements of the source that have the same kernels. */
        perGroup: (shape[0] / convolution.groups) * shape[1] * shape[2],
        count: synapseCounts(connection, item.slice),
      },
    ];
  });
}

/** One source with an axon and a list for each of its elements; those whose lists are alike are counted together. */
function ownLists(formats: CoreFormats, items: readonly Incoming[]): Demand {
  const { chip, compartments } = formats;
  const kernels = kernelsOf(formats, items);
  let words = kernels.reduce(
    (sum, each) => sum + each.words.reduce((a, b) => a + b * (each.channels / each.words.length), 0),
    0,
  );
  let entries = 0;
  let learning = 0;
  const makers = items.map((item) => ({ item, part: partsOf(formats, item) }));
  const bounds = [...new Set(items.flatMap(({ first, end }) => [first, end]))].sort((a, b) => a - b);
  for (let i = 0; i + 1 < bounds.length; i++) {
    const [from, to] = [bounds[i]!, bounds[i + 1]!];
    const here = makers.filter(({ item }) => item.first <= from && item.end >= to);
    const alike = here.some(({ item }) => hasLists(item.projection.connection)) ? 1 : to - from;
    for (let row = from; row < to; row += alike) {
      const lists = here.map(({ item, part }) => ({ rule: item.projection.rule, part: part(row) }));
      const parts = lists.map(({ part }) => part).filter(isPart);
      if (parts.length === 0 && kernels.every(({ count }) => count(row) === 0)) continue;
      // An axon learns if it has synapses of a projection that does.
      const learns = lists.some(({ rule, part }) => rule !== undefined && part !== undefined);
      const axonEntries = learns ? chip.core.inputAxonsPerLearningAxon : 1;
      if (parts.length > 0) words += alike * listWords(chip, parts, compartments);
      entries += alike * axonEntries;
      if (learns) learning += alike;
    }
  }
  return { words, entries, learning };
}

/** Words that a message for each element of a source has read, if it shares no lists. */
export function ownWords(formats: CoreFormats, items: readonly Incoming[]): (element: number) => number {
  const { chip, compartments } = formats;
  const makers = items.map((item) => ({ item, part: partsOf(formats, item) }));
  const kernels = kernelsOf(formats, items);
  const known = new Map<string, number>(); // elements of matrices have lists of the same lengths
  return (element) => {
    const here = makers.filter(({ item }) => element >= item.first && element < item.end);
    const parts = here.map(({ part }) => part(element)).filter(isPart);
    const key = parts.every(({ targets }) => typeof targets === 'number')
      ? here.map(({ item }) => item.projection.name).join('\n')
      : undefined;
    let words = key === undefined ? undefined : known.get(key);
    if (words === undefined) {
      words = parts.length === 0 ? 0 : listWords(chip, parts, compartments);
      if (key !== undefined) known.set(key, words);
    }
    for (const kernel of kernels)
      if (kernel.count(element) > 0) words += kernel.words[Math.floor(element / kernel.perGroup)]!;
    return words;
  };
}

/** Synapse words and axon entries of a core. */
export function axonDemand(network: Network, chip: Chip, slices: readonly Slice[]): Demand {
  const compartments = slices.reduce((sum, { count }) => sum + count, 0);
  const sources = incoming(network, slices);
  const formats = coreFormats(network, chip, [...sources.values()].flat(), compartments);
  let words = 0;
  let entries = 0;
  let learning = 0;
  for (const [source, items] of sources) {
    const demand = items.some(({ projection }) => projection.sharing !== undefined)
      ? { ...shareLists(chip, items, sourceSize(network, source), compartments), learning: 0 }
      : ownLists(formats, items);
    words += demand.words;
    entries += demand.entries;
    learning += demand.learning;
  }
  for (const reward of network.rewards) {
    const coreClass = network.populations.find(({ name }) => name === slices[0]?.population)?.coreClass;
    if (reward.coreClass === coreClass) entries += 1;
  }
  return { words, entries, learning };
}
