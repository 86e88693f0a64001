// Allocation: groups, synapse blocks, input axons and output axons of every core. A source has one input axon on
// each core it reaches, shared by all its projections there. [HW 1.2], [HW 4.7], [HW 5]

import type { Chip } from '../chip/schema.ts';
import { UserError } from '../errors.ts';
import type { AxonImage, BlockImage, RouteTable } from '../image/image.ts';
import type { Network, Projection, SparseConnection } from '../network/network.ts';
import type { CorePlan, Slice } from './core-plan.ts';
import { portNumber } from './program-limits.ts';
import { excess } from './resource-use.ts';
import {
  delayOf,
  incoming,
  listPart,
  longestDelays,
  sourceSize,
  sparseRow,
  synapsesOf,
  usesVariable,
} from './resources.ts';
import { listWords } from './synapse-memory.ts';
import { checkWideLearning, columnsOf, isWideProjection, wideBlock } from './wide.ts';

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

/** Mantissas of every synapse [from][to], whatever the kind of the connection. */
function matrixOf(
  connection: Projection['connection'],
  rows: number,
  columns: number,
): Int16Array | Int32Array {
  if (connection.kind === 'all') return connection.weights;
  const weights = new Int16Array(rows * columns);
  if (connection.kind === 'sparse') return scatter(connection, connection.weights, weights);
  if (connection.kind === 'uniform') return weights.fill(connection.weight);
  for (let i = 0; i < rows; i++) weights[i * columns + i] = connection.weight;
  return weights;
}

/** Puts a value of each listed synapse at its place in a matrix [from][to]. */
function scatter<T extends Int16Array | Uint8Array>(
  { rowStart, targets }: SparseConnection,
  values: T,
  matrix: T,
): T {
  const columns = matrix.length / (rowStart.length - 1);
  for (let row = 0; row + 1 < rowStart.length; row++)
    for (let i = rowStart[row]!; i < rowStart[row + 1]!; i++)
      matrix[row * columns + targets[i]!] = values[i]!;
  return matrix;
}

/** The rows of a sparse connection that have synapses in a slice. */
function sparseRows(connection: SparseConnection, slice: Slice, delays: Uint8Array | null) {
  const parts = Array.from({ length: connection.rowStart.length - 1 }, (_, row) => ({
    row,
    ...sparseRow(connection, row, slice),
  })).filter(({ start, end }) => end > start);
  const rowStart = new Uint32Array(parts.length + 1);
  parts.forEach(({ start, end }, i) => {
    rowStart[i + 1] = rowStart[i]! + end - start;
  });
  const synapses = rowStart[parts.length]!;
  const block = {
    rowElements: Uint32Array.from(parts, ({ row }) => row),
    rowStart,
    targets: new Uint32Array(synapses),
    mantissas: new Int16Array(synapses),
    delays: delays === null ? null : new Uint8Array(synapses),
  };
  parts.forEach(({ start, end }, i) => {
    const first = rowStart[i]!;
    block.targets.set(
      connection.targets.subarray(start, end).map((target) => target - slice.element),
      first,
    );
    block.mantissas.set(connection.weights.subarray(start, end), first);
    if (delays !== null) block.delays?.set(delays.subarray(start, end), first);
  });
  return block;
}

/** Row of each element of a source in a block, -1 if it has none. */
function rowsByElement({ rowElements }: BlockImage, elements: number): Int32Array {
  const rows = new Int32Array(elements).fill(-1);
  rowElements.forEach((element, row) => {
    rows[element] = row;
  });
  return rows;
}

function makeBlock(
  network: Network,
  chip: Chip,
  projection: Projection,
  slice: Slice,
  group: number,
  rule: number,
): BlockImage {
  const rows = sourceSize(network, projection.from);
  const columns = sourceSize(network, projection.to);
  const { connection, synapse } = projection;
  // Synapses whose rule reads or changes d have a delay each.
  const delays =
    synapse.delay instanceof Uint8Array
      ? synapse.delay
      : usesVariable(network, projection.rule, 'd')
        ? new Uint8Array(rows * columns).fill(delayOf(projection))
        : null;
  const common = {
    projection: network.projections.indexOf(projection),
    group,
    port: portNumber(network, projection.to, projection.port),
    firstTarget: 0,
    columns: slice.count,
    columnElement: slice.element,
    signMode: synapse.signMode,
    bits: synapse.bits,
    exponent: synapse.exponent,
    delay: delays === null ? delayOf(projection) : 0,
    rule,
    usesTags: usesVariable(network, projection.rule, 't'),
    wide: null,
  };
  if (isWideProjection(chip, projection)) {
    const each = synapse.delay instanceof Uint8Array ? synapse.delay : null;
    const own =
      each !== null && connection.kind === 'sparse'
        ? scatter(connection, each, new Uint8Array(rows * columns))
        : each;
    if (projection.rule !== undefined) checkWideLearning(network, chip, projection);
    const weights = matrixOf(connection, rows, columns);
    return {
      ...common,
      rowElements: Uint32Array.from({ length: rows }, (_, i) => i),
      delay: own === null ? delayOf(projection) : 0,
      delays: own === null ? null : columnsOf(own, rows, columns, slice),
      weights: null,
      targets: null,
      mantissas: null,
      rowStart: null,
      rule: -1,
      usesTags: false,
      wide: wideBlock(network, chip, projection, slice, weights, rows, columns),
    };
  }
  if (connection.kind === 'one-to-one') {
    return {
      ...common,
      rowElements: Uint32Array.from({ length: slice.count }, (_, i) => slice.element + i),
      delays:
        delays === null
          ? null
          : Uint8Array.from({ length: slice.count }, (_, i) => delays[(slice.element + i) * (columns + 1)]!),
      weights: null,
      targets: Uint32Array.from({ length: slice.count }, (_, i) => i),
      mantissas: new Int16Array(slice.count).fill(connection.weight),
      rowStart: Uint32Array.from({ length: slice.count + 1 }, (_, i) => i),
    };
  }
  if (connection.kind === 'sparse')
    return { ...common, weights: null, ...sparseRows(connection, slice, delays) };
  return {
    ...common,
    rowElements: Uint32Array.from({ length: rows }, (_, i) => i),
    delays: delays === null ? null : columnsOf(delays, rows, columns, slice),
    weights:
      connection.kind === 'uniform'
        ? new Int16Array(rows * slice.count).fill(connection.weight)
        : columnsOf(connection.weights, rows, columns, slice),
    targets: null,
    mantissas: null,
    rowStart: null,
  };
}

/** Ports first, then populations: the number that identifies a source in random keys. */
export function sourceNumber(network: Network, name: string): number {
  const port = network.ports.findIndex((item) => item.name === name);
  return port >= 0
    ? port
    : network.ports.length + network.populations.findIndex((item) => item.name === name);
}

/** Lays out the synapses and input axons of one core. */
export function allocateCore(network: Network, chip: Chip, plan: CorePlan): CoreAllocation {
  const blocks: BlockImage[] = [];
  const rules: string[] = [];
  const preTraceProfiles: NonNullable<Projection['preTraces']>[] = [];
  const statics: AxonImage[] = [];
  const learners: AxonImage[] = [];
  const places: { source: string; element: number; learns: boolean; at: number }[] = [];
  const sources = incoming(network, plan.slices);
  const longest = longestDelays(network, chip, [...sources.values()].flat());
  const compartments = plan.slices.reduce((sum, { count }) => sum + count, 0);
  for (const [source, items] of sources) {
    const elements = sourceSize(network, source);
    const made = items.map(({ projection, slice, first, end }) => {
      const learns = projection.rule !== undefined && !isWideProjection(chip, projection);
      const rule = learns ? indexOf(rules, projection.rule!) : -1;
      const image = makeBlock(network, chip, projection, slice, plan.slices.indexOf(slice), rule);
      const reaches = (element: number): boolean =>
        element >= first && element < end && synapsesOf(projection.connection, element, slice) > 0;
      return {
        projection,
        slice,
        reaches,
        rows: rowsByElement(image, elements),
        block: blocks.push(image) - 1,
        learns,
      };
    });
    const wordsOf = new Map<string, number>(); // most elements have lists of the same lengths
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
      const lengths = here.map(({ projection, slice }) => synapsesOf(projection.connection, element, slice));
      const key = here.map(({ block }, i) => `${block}:${lengths[i]!}`).join();
      const words =
        wordsOf.get(key) ??
        listWords(
          chip,
          here.map(({ projection }, i) => listPart(network, projection, lengths[i]!, longest)),
          compartments,
        );
      wordsOf.set(key, words);
      const axon = {
        source: sourceNumber(network, source),
        element,
        rows: Uint32Array.from(here.flatMap(({ block, rows }) => [block, rows[element]!])),
        profile: [...profiles][0] ?? -1,
        words,
      };
      const learns = plastic.length > 0;
      const at = (learns ? learners : statics).push(axon) - 1;
      places.push({ source, element, learns, at });
    }
  }
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

/**
 * Output axon slots of a core: one per compartment and destination core, more to another chip. [HW 1.2]
 * @throws UserError if they exceed the table
 */
export function checkOutputAxons(
  chip: Chip,
  index: number,
  routes: RouteTable,
  chipOf: readonly number[],
): number {
  const own = chipOf[index];
  const slots = routes.core.reduce(
    (sum, to) => sum + 1 + (chipOf[to] === own ? 0 : chip.core.outputAxonSlotsInterChip),
    0,
  );
  const use = { resource: 'outputAxons', used: slots, limit: chip.core.outputAxons } as const;
  if (slots <= use.limit) return slots;
  throw new UserError(`core ${index}: ${excess(use)}; spread its compartments over more cores`, {
    code: 'does-not-fit',
    path: `core ${index}`,
    got: slots,
    limit: use.limit,
  });
}
