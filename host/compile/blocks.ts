// Blocks: the synapses of one projection inside one core, as the image has them. [HW 1.3], [HW 3]

import type { Chip } from '../chip/schema.ts';
import type { BlockImage, ConvolutionImage } from '../image/image.ts';
import { convolutionCounts, convolutionSynapses, convolvedShape } from '../network/convolution.ts';
import type {
  Connection,
  ConvolutionConnection,
  Network,
  Projection,
  SparseConnection,
} from '../network/network.ts';
import type { Slice } from './core-plan.ts';
import { delayOf, sourceSize, sparseRow, storedDelay, usesVariable } from './incoming.ts';
import type { Packing } from './packing.ts';
import { portNumber } from './program-limits.ts';
import type { SharedLists } from './sharing.ts';
import { tiedImage } from './tied.ts';
import { storedGrid } from './weight-format.ts';
import { checkWide, checkWideLearning, columnsOf, isWideProjection, wideBlock } from './wide.ts';

/** Mantissas of every synapse [from][to], whatever the kind of the connection. */
function matrixOf(connection: Connection, rows: number, columns: number): Int16Array | Int32Array {
  if (connection.kind === 'all') return connection.weights;
  const weights = new Int16Array(rows * columns);
  if (connection.kind === 'sparse') return scatter(connection, connection.weights, weights);
  if (connection.kind === 'convolution') {
    const synapses = convolutionSynapses(connection.shape, connection.convolution);
    return scatter(synapses, synapses.weights, weights);
  }
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

/** A stretch of the synapses of a sparse connection. */
interface Stretch {
  readonly start: number;
  readonly end: number;
  /** Target that the stored ones count from. */
  readonly origin: number;
}

/** The lists of these stretches, one behind the other. */
function listsOf(connection: SparseConnection, stretches: readonly Stretch[], delays: Uint8Array | null) {
  const rowStart = new Uint32Array(stretches.length + 1);
  stretches.forEach(({ start, end }, i) => {
    rowStart[i + 1] = rowStart[i]! + end - start;
  });
  const synapses = rowStart[stretches.length]!;
  const lists = {
    rowStart,
    targets: new Uint32Array(synapses),
    mantissas: new Int16Array(synapses),
    delays: delays === null ? null : new Uint8Array(synapses),
  };
  stretches.forEach(({ start, end, origin }, i) => {
    const first = rowStart[i]!;
    lists.targets.set(
      connection.targets.subarray(start, end).map((target) => target - origin),
      first,
    );
    lists.mantissas.set(connection.weights.subarray(start, end), first);
    if (delays !== null) lists.delays?.set(delays.subarray(start, end), first);
  });
  return lists;
}

/** The rows of a sparse connection that have synapses in a slice. */
function sparseRows(
  connection: SparseConnection,
  slice: Slice,
  delays: Uint8Array | null,
  groups: Uint32Array | null,
) {
  const parts = Array.from({ length: connection.rowStart.length - 1 }, (_, row) => ({
    row,
    ...sparseRow(connection, row, slice),
    origin: slice.element,
  })).filter(({ start, end }) => end > start);
  return {
    rowElements: Uint32Array.from(parts, ({ row }) => row),
    ...listsOf(connection, parts, delays),
    tied:
      groups === null ? null : tiedImage(parts.flatMap(({ start, end }) => [...groups.subarray(start, end)])),
  };
}

/** Rows of a matrix [from][to] in a slice. */
function matrixRows<T extends Int16Array | Int32Array | Uint8Array>(
  matrix: T,
  elements: readonly number[],
  columns: number,
  { element, count }: Slice,
): T {
  const part = matrix.slice(0, elements.length * count) as T;
  elements.forEach((row, i) => {
    const first = row * columns + element;
    part.set(matrix.subarray(first, first + count), i * count);
  });
  return part;
}

/** Lists that several rows share; those of a matrix have all columns and count from the first. */
function sharedRows(
  connection: Connection,
  { item, elements, list, base }: SharedLists,
  columns: number,
  delays: Uint8Array | null,
) {
  const { slice, compartment } = item;
  const rowElements = Uint32Array.from([...list.keys()].filter((element) => list[element]! >= 0));
  const lists = rowElements.map((element) => list[element]!);
  const baseOf = (element: number): number => base[element]! - compartment;
  if (connection.kind === 'sparse') {
    const stretches = elements.map((element) => ({
      ...sparseRow(connection, element, slice),
      origin: slice.element + baseOf(element),
    }));
    return {
      rowElements,
      weights: null,
      ...listsOf(connection, stretches, delays),
      shared: { list: lists, base: Int32Array.from(rowElements, baseOf) },
    };
  }
  return {
    rowElements,
    weights:
      connection.kind === 'all'
        ? matrixRows(connection.weights, elements, columns, slice)
        : new Int16Array(elements.length * slice.count).fill(
            connection.kind === 'uniform' ? connection.weight : 0,
          ),
    targets: null,
    mantissas: null,
    rowStart: null,
    delays: delays === null ? null : matrixRows(delays, elements, columns, slice),
    shared: { list: lists, base: new Int32Array(rowElements.length) },
  };
}

/** The kernels of a convolution that reach a slice. */
function kernelsOf(
  { shape, convolution }: ConvolutionConnection,
  { element, count }: Slice,
): ConvolutionImage {
  const to = convolvedShape(shape, convolution);
  const plane = to[1] * to[2];
  const [first, end] = [Math.floor(element / plane), Math.ceil((element + count) / plane)];
  const { channels, weights, ...geometry } = convolution;
  const perChannel = weights.length / channels;
  return {
    ...geometry,
    from: shape,
    to,
    firstChannel: first,
    weights: weights.slice(first * perChannel, end * perChannel),
  };
}

/** Where a block is and what it belongs to. */
export interface BlockPlace {
  readonly slice: Slice;
  /** Of the core. */
  readonly group: number;
  /** Of the core; -1 if it does not learn. */
  readonly rule: number;
  readonly packing: Packing;
  /** If its rows share lists. */
  readonly shared: SharedLists | null;
}

/** Least and greatest mantissa that a rule can leave: the format's range, or less. [HW 3.1], [HW 3.3] */
function weightRange({ signMode, bits, weightLimit }: Projection['synapse']) {
  const { min, max, droppedBits } = storedGrid(signMode, bits);
  if (weightLimit === undefined) return { weightMin: min, weightMax: max };
  const most = Math.floor(weightLimit / 2 ** droppedBits) * 2 ** droppedBits;
  return { weightMin: Math.max(min, 0 - most), weightMax: Math.min(max, most) };
}

/** What SANA-FE's constant for convolutions was fitted to are lists shared by population axons. [HW 6.2] */
function operationOf({ compression }: Packing, isShared: boolean): BlockImage['operation'] {
  if (isShared || compression === 'convolution') return 'conv';
  return compression === 'dense' ? 'dense' : 'sparse';
}

export function makeBlock(
  network: Network,
  chip: Chip,
  projection: Projection,
  place: BlockPlace,
): BlockImage {
  const { slice, group, rule, packing, shared } = place;
  const rows = sourceSize(network, projection.from);
  const columns = sourceSize(network, projection.to);
  const { connection, synapse } = projection;
  // Synapses whose rule reads or changes d have a delay each.
  const delays =
    synapse.delay instanceof Uint8Array
      ? synapse.delay
      : usesVariable(network, projection.rule, 'd')
        ? new Uint8Array(connection.kind === 'sparse' ? connection.targets.length : rows * columns).fill(
            storedDelay(projection),
          )
        : null;
  const common = {
    projection: network.projections.indexOf(projection),
    group,
    compression: packing.compression,
    operation: operationOf(packing, shared !== null),
    port: portNumber(network, projection.to, projection.port),
    firstTarget: 0,
    columns: slice.count,
    columnElement: slice.element,
    signMode: synapse.signMode,
    bits: synapse.bits,
    exponent: synapse.exponent,
    ...weightRange(synapse),
    ignoresDelays: synapse.ignoreDelays ?? false,
    box: synapse.box ?? false,
    delay: delays === null ? storedDelay(projection) : 0,
    delays: null,
    weights: null,
    targets: null,
    mantissas: null,
    rowStart: null,
    shared: null,
    convolution: null,
    rule,
    usesTags: usesVariable(network, projection.rule, 't'),
    tied: null,
    wide: null,
  };
  // Kernels have become groups of lists.
  const groups = typeof projection.tied === 'object' ? projection.tied : null;
  const all = (count: number, first = 0): Uint32Array =>
    Uint32Array.from({ length: count }, (_, i) => first + i);
  if (isWideProjection(chip, projection)) {
    const each = synapse.delay instanceof Uint8Array ? synapse.delay : null;
    const own =
      each !== null && connection.kind === 'sparse'
        ? scatter(connection, each, new Uint8Array(rows * columns))
        : each;
    checkWide(projection);
    if (projection.rule !== undefined) checkWideLearning(network, chip, projection);
    const weights = matrixOf(connection, rows, columns);
    return {
      ...common,
      rowElements: all(rows),
      delay: own === null ? delayOf(projection) : 0,
      delays: own === null ? null : columnsOf(own, rows, columns, slice),
      rule: -1,
      usesTags: false,
      wide: wideBlock(network, chip, projection, slice, weights, rows, columns),
    };
  }
  if (shared !== null) return { ...common, ...sharedRows(connection, shared, columns, delays) };
  if (connection.kind === 'convolution') {
    const counts = convolutionCounts(connection.shape, connection.convolution, slice);
    const reaching = all(rows).filter((row) => counts[row]! > 0);
    return { ...common, rowElements: reaching, convolution: kernelsOf(connection, slice) };
  }
  if (connection.kind === 'one-to-one') {
    return {
      ...common,
      rowElements: all(slice.count, slice.element),
      delays:
        delays === null
          ? null
          : Uint8Array.from({ length: slice.count }, (_, i) => delays[(slice.element + i) * (columns + 1)]!),
      targets: all(slice.count),
      mantissas: new Int16Array(slice.count).fill(connection.weight),
      rowStart: all(slice.count + 1),
    };
  }
  if (connection.kind === 'sparse') return { ...common, ...sparseRows(connection, slice, delays, groups) };
  return {
    ...common,
    rowElements: all(rows),
    delays: delays === null ? null : columnsOf(delays, rows, columns, slice),
    weights:
      connection.kind === 'uniform'
        ? new Int16Array(rows * slice.count).fill(connection.weight)
        : columnsOf(connection.weights, rows, columns, slice),
    tied: groups === null ? null : tiedImage([...columnsOf(groups, rows, columns, slice)]),
  };
}
