// What a core's share of the network takes of each of its resources, and the limit. [HW 1.2]

import { accumulatorsFor } from '../chip/limits.ts';
import type { Chip } from '../chip/schema.ts';
import { UserError } from '../errors.ts';
import { parseRule } from '../microcode/parse.ts';
import type { Connection, Network, Population, Projection, SparseConnection } from '../network/network.ts';
import { bytesPerCompartment, lengthOf } from '../program/program.ts';
import type { Slice } from './core-plan.ts';
import { ownParameters, programOf } from './program-limits.ts';
import type { ResourceUse } from './resource-use.ts';
import { delayBits, type ListPart, listWords } from './synapse-memory.ts';

/** True if a rule of the network reads or changes tags (t) or delays (d). */
export function usesVariable(network: Network, ruleName: string | undefined, variable: 't' | 'd'): boolean {
  const rule = network.rules.find(({ name }) => name === ruleName);
  return (rule?.lines ?? []).some((line) => {
    const sum = parseRule(ruleName ?? '', line, 'any');
    return (
      sum.target === variable ||
      sum.products.some(({ factors }) => factors.some((factor) => factor.variable === variable))
    );
  });
}

export function delayOf(projection: Projection): number {
  const { delay } = projection.synapse;
  if (!(delay instanceof Uint8Array)) return delay ?? 0;
  return delay.reduce((a, b) => Math.max(a, b), 0);
}

/**
 * What makes two projections need two synapse formats on one core. Delays do not: synapses that share a format
 * share the width of its delay field, which must hold the longest. [HW 1.3]
 */
function formatKey({ synapse, rule, connection }: Projection): string {
  const { signMode, bits, exponent } = synapse;
  return JSON.stringify([signMode, bits, exponent, rule ?? null, isSparse(connection)]);
}

/** True if the synapses are stored with a target each. */
function isSparse({ kind }: Connection): boolean {
  return kind === 'one-to-one' || kind === 'sparse';
}

/** The synapses of one source of a sparse connection that end in a slice: places in its lists. */
export function sparseRow(
  { rowStart, targets }: SparseConnection,
  row: number,
  { element, count }: Slice,
): { readonly start: number; readonly end: number } {
  const last = rowStart[row + 1]!;
  const start = firstAtLeast(targets, element, rowStart[row]!, last);
  return { start, end: firstAtLeast(targets, element + count, start, last) };
}

/** Place of the first of the ascending targets first..last - 1 that is not below `least`; `last` if there is none. */
function firstAtLeast(targets: Uint32Array, least: number, first: number, last: number): number {
  let [low, high] = [first, last];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (targets[middle]! < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The part of an axon's list that a projection contributes as `synapses` synapses. */
export function listPart(
  network: Network,
  projection: Projection,
  synapses: number,
  longest: ReadonlyMap<string, number>,
): ListPart {
  const tagBits = usesVariable(network, projection.rule, 't') ? 8 : 0;
  return {
    synapses,
    weightBits: projection.synapse.bits,
    delayBits: delayBits(longest.get(formatKey(projection)) ?? 0),
    tagBits,
    compression: isSparse(projection.connection) ? 'sparse' : 'dense',
  };
}

/** A projection into a slice of the core, and the source elements that reach it. */
interface Incoming {
  readonly projection: Projection;
  readonly slice: Slice;
  readonly first: number;
  readonly end: number;
}

/** All connections into a core, by source. */
export function incoming(network: Network, slices: readonly Slice[]): Map<string, Incoming[]> {
  const bySource = new Map<string, Incoming[]>();
  for (const projection of network.projections) {
    const slice = slices.find(({ population }) => population === projection.to);
    if (slice === undefined) continue;
    const size = sourceSize(network, projection.from);
    const oneToOne = projection.connection.kind === 'one-to-one';
    const item = {
      projection,
      slice,
      first: oneToOne ? slice.element : 0,
      end: oneToOne ? slice.element + slice.count : size,
    };
    const list = bySource.get(projection.from);
    if (list === undefined) bySource.set(projection.from, [item]);
    else list.push(item);
  }
  return bySource;
}

/** Elements of a port or population. */
export function sourceSize(network: Network, name: string): number {
  const found =
    network.ports.find((port) => port.name === name) ?? network.populations.find((p) => p.name === name);
  if (found === undefined)
    throw new UserError(`no port or population is named "${name}"`, { code: 'bad-network', path: name });
  return found.size;
}

/** Synapses of one source that end in a slice. */
export function synapsesOf(connection: Connection, row: number, slice: Slice): number {
  if (connection.kind === 'one-to-one') return 1;
  if (connection.kind !== 'sparse') return slice.count;
  const { start, end } = sparseRow(connection, row, slice);
  return end - start;
}

/** The longest delay of each synapse format of a core, which its delay field must hold. */
export function longestDelays(
  network: Network,
  chip: Chip,
  into: readonly Incoming[],
): ReadonlyMap<string, number> {
  const longest = new Map<string, number>();
  const all = into.map(({ projection }) => projection);
  const ring = ringFor(chip, all);
  for (const projection of all) {
    const key = formatKey(projection);
    // A delay that a rule changes can become as long as the ring allows.
    const delay = usesVariable(network, projection.rule, 'd') ? ring - 2 : delayOf(projection);
    longest.set(key, Math.max(longest.get(key) ?? 0, delay));
  }
  return longest;
}

/** Synapse words and axon entries of a core: sources whose elements have the same lists are counted together. */
function axonDemand(
  network: Network,
  chip: Chip,
  slices: readonly Slice[],
  compartments: number,
): { words: number; entries: number; learning: number } {
  const sources = incoming(network, slices);
  const longest = longestDelays(network, chip, [...sources.values()].flat());
  let words = 0;
  let entries = 0;
  let learning = 0;
  for (const items of sources.values()) {
    const bounds = [...new Set(items.flatMap(({ first, end }) => [first, end]))].sort((a, b) => a - b);
    for (let i = 0; i + 1 < bounds.length; i++) {
      const here = items.filter(({ first, end }) => first <= bounds[i]! && end >= bounds[i + 1]!);
      if (here.length === 0) continue;
      const learns = here.some(({ projection }) => projection.rule !== undefined);
      const axonEntries = learns ? chip.core.inputAxonsPerLearningAxon : 1;
      // Sources of a sparse connection have lists of different lengths.
      const alike = here.some(({ projection }) => projection.connection.kind === 'sparse')
        ? 1
        : bounds[i + 1]! - bounds[i]!;
      for (let row = bounds[i]!; row < bounds[i + 1]!; row += alike) {
        const parts = here
          .map(({ projection, slice }) =>
            listPart(network, projection, synapsesOf(projection.connection, row, slice), longest),
          )
          .filter(({ synapses }) => synapses > 0);
        if (parts.length === 0) continue;
        words += alike * listWords(chip, parts, compartments);
        entries += alike * axonEntries;
        if (learns) learning += alike;
      }
    }
  }
  for (const reward of network.rewards) {
    const coreClass = network.populations.find(({ name }) => name === slices[0]?.population)?.coreClass;
    if (reward.coreClass === coreClass) entries += 1;
  }
  return { words, entries, learning };
}

/** Length of the rings of accumulators that these projections into one core need. */
function ringFor(chip: Chip, into: readonly Projection[]): number {
  const delay = Math.max(0, ...into.map(delayOf));
  return accumulatorsFor(chip, delay) ?? Math.max(...chip.core.accumulatorsPerCompartment);
}

function distinct(keys: readonly unknown[]): number {
  return new Set(keys.map((key) => JSON.stringify(key))).size;
}

/**
 * Use and limit of every resource that a core's own slices decide; output axons depend on the other cores and
 * are checked when axons are allocated.
 */
export function coreDemand(network: Network, chip: Chip, slices: readonly Slice[]): ResourceUse[] {
  const { core } = chip;
  const compartments = slices.reduce((sum, { count }) => sum + count, 0);
  const populations = slices.map(
    ({ population }) => network.populations.find(({ name }) => name === population)!,
  );
  const into = [...incoming(network, slices).values()].flat().map(({ projection }) => projection);
  const ring = ringFor(chip, into);
  const { words, entries, learning } = axonDemand(network, chip, slices, compartments);
  const perLearner = core.inputAxonsPerLearningAxon;
  const native = populations.filter((population) => population.program === undefined);
  const profiles = native.map(({ compartment, join, postSpikes, postTraces }) => {
    const { threshold: _, bias: __, ...registers } = compartment;
    return { ...registers, join: join?.operation, push: join?.push, postSpikes, postTraces };
  });
  const traces = into.filter(({ rule }) => rule !== undefined).map(({ preTraces }) => preTraces ?? {});
  return [
    { resource: 'compartments', used: compartments, limit: core.compartments },
    { resource: 'synapseMemory', used: words, limit: core.synapseMemoryWords },
    {
      resource: 'inputAxons',
      used: entries,
      limit: core.inputAxons,
      ...(learning === 0 || perLearner === 1
        ? {}
        : {
            because: `${learning} axons feed synapses that learn and take ${perLearner} entries each, the second for their traces [HW 4.7]`,
          }),
    },
    {
      resource: 'dendriticAccumulators',
      used: ring * slices.reduce((sum, { count }, i) => sum + count * portsOf(populations[i]!), 0),
      limit: core.dendriticAccumulators,
    },
    { resource: 'compartmentProfiles', used: distinct(profiles), limit: core.compartmentProfiles },
    {
      resource: 'thresholdProfiles',
      used: distinct(native.map(({ compartment }) => compartment.threshold)),
      limit: core.thresholdProfiles,
    },
    { resource: 'synapseFormats', used: distinct(into.map(formatKey)), limit: core.synapseFormats },
    { resource: 'preTraceProfiles', used: distinct(traces), limit: core.preTraceProfiles },
    ...(chip.program.instructions === 0 ? [] : programDemand(chip, slices, populations)),
  ];
}

/** Dendritic accumulators of one slot that a compartment takes. */
function portsOf(population: Population): number {
  return population.program === undefined ? 1 : Math.max(1, programOf(population).ports.length);
}

/** Programs that have the same text are stored once. */
function programDemand(
  chip: Chip,
  slices: readonly Slice[],
  populations: readonly Population[],
): ResourceUse[] {
  const lengths = new Map<string, number>();
  let bytes = 0;
  populations.forEach((population, i) => {
    if (population.program === undefined) return;
    const program = programOf(population);
    lengths.set(population.program.text, lengthOf(program));
    bytes += slices[i]!.count * bytesPerCompartment(program, ownParameters(population));
  });
  const instructions = [...lengths.values()].reduce((sum, length) => sum + length, 0);
  return [
    { resource: 'programInstructions', used: instructions, limit: chip.program.instructions },
    { resource: 'neuronMemory', used: bytes, limit: chip.program.neuronMemory },
  ];
}
