// The synapses of a projection of a network file: which there are, their weights and delays, in the file itself or in
// arrays beside it.

import { extname } from 'node:path';
import { UserError } from '../errors.ts';
import type { Connection, Pair, Projection, SynapseParameters } from '../network/network.ts';
import type { ArrayFiles, ArrayReference } from './array-file.ts';
import type { NetworkFile } from './network-schema.ts';

type ProjectionEntry = NetworkFile['projections'][string];

const WEIGHT = { low: -256, high: 255 };
const DELAY = { low: 0, high: 63 };
const ELEMENT_MAX = 2 ** 24;
const GROUP = { low: 0, high: ELEMENT_MAX };

function fault(message: string): UserError {
  return new UserError(message, { code: 'bad-network' });
}

function isReference(given: unknown): given is ArrayReference {
  return typeof given === 'string' || (typeof given === 'object' && given !== null && 'file' in given);
}

/** Rows of equal length as one array. */
function flat<T extends Int16Array | Uint8Array | Uint32Array>(
  rows: readonly (readonly number[])[],
  make: (n: number) => T,
): T {
  const width = rows[0]?.length ?? 0;
  const array = make(rows.length * width);
  rows.forEach((row, i) => {
    if (row.length !== width) throw fault(`row ${i} has ${row.length} values, row 0 has ${width}`);
    array.set(row, i * width);
  });
  return array;
}

/** Synapses in any order, column by column. */
interface SynapseTable {
  readonly from: ArrayLike<number>;
  readonly to: ArrayLike<number>;
  readonly weight: ArrayLike<number>;
  readonly delay?: ArrayLike<number>;
  readonly tied?: ArrayLike<number>;
}

/** One of three columns. */
function column(values: ArrayLike<number>, i: number): Int32Array {
  return Int32Array.from({ length: values.length / 3 }, (_, row) => values[3 * row + i]!);
}

function readTable(file: string, arrays: ArrayFiles): SynapseTable {
  if (extname(file).toLowerCase() !== '.npz') {
    const { shape, values } = arrays.integers(file, 2, WEIGHT.low, ELEMENT_MAX);
    if (shape[1] !== 3)
      throw fault(`${file}: has rows of ${shape[1]} values, from, to and weight are needed`);
    const weight = column(values, 2);
    const wrong = weight.find((each) => each > WEIGHT.high);
    if (wrong !== undefined) throw fault(`${file}: has a weight of ${wrong}`);
    return { from: column(values, 0), to: column(values, 1), weight };
  }
  const list = (array: string, low: number, high: number) =>
    arrays.integers({ file, array }, 1, low, high).values;
  const table = {
    from: list('from', 0, ELEMENT_MAX),
    to: list('to', 0, ELEMENT_MAX),
    weight: list('weight', WEIGHT.low, WEIGHT.high),
    ...(arrays.names(file).includes('delay') ? { delay: list('delay', DELAY.low, DELAY.high) } : {}),
    ...(arrays.names(file).includes('tied') ? { tied: list('tied', GROUP.low, GROUP.high) } : {}),
  };
  const other = Object.entries(table).find(([, values]) => values.length !== table.from.length);
  if (other !== undefined)
    throw fault(`${file}: has ${table.from.length} values of "from" and ${other[1].length} of "${other[0]}"`);
  return table;
}

/** As a sparse connection; delays and groups take the order of its synapses. */
function sparse(
  { from, to, weight, delay, tied }: SynapseTable,
  sources: number,
): { readonly connection: Connection; readonly delays?: Uint8Array; readonly tied?: Uint32Array } {
  const order = Uint32Array.from({ length: from.length }, (_, i) => i).sort(
    (a, b) => from[a]! - from[b]! || to[a]! - to[b]!,
  );
  const rowStart = new Uint32Array(sources + 1);
  for (const i of order) {
    if (from[i]! < 0 || from[i]! >= sources)
      throw fault(`has a synapse from element ${from[i]} of ${sources}`);
    rowStart[from[i]! + 1]!++;
  }
  for (let row = 0; row < sources; row++) rowStart[row + 1]! += rowStart[row]!;
  return {
    connection: {
      kind: 'sparse',
      rowStart,
      targets: order.map((i) => to[i]!),
      weights: Int16Array.from(order, (i) => weight[i]!),
    },
    ...(delay === undefined ? {} : { delays: Uint8Array.from(order, (i) => delay[i]!) }),
    ...(tied === undefined ? {} : { tied: Uint32Array.from(order, (i) => tied[i]!) }),
  };
}

/** One number for both axes, or one for each. */
function pairOf(given: number | readonly [number, number]): Pair {
  return typeof given === 'number' ? [given, given] : given;
}

function convolved(given: NonNullable<ProjectionEntry['convolution']>, arrays: ArrayFiles): Connection {
  const { kernel, shape, stride, padding, dilation, groups } = given;
  let sizes: readonly number[];
  let weights: Int16Array;
  if (isReference(kernel)) {
    const array = arrays.integers(kernel, 4, WEIGHT.low, WEIGHT.high);
    sizes = array.shape;
    weights = Int16Array.from(array.values);
  } else {
    sizes = [
      kernel.length,
      kernel[0]?.length ?? 0,
      kernel[0]?.[0]?.length ?? 0,
      kernel[0]?.[0]?.[0]?.length ?? 0,
    ];
    weights = flat(kernel.flat(2), (n) => new Int16Array(n));
    if (kernel.some((each) => each.length !== sizes[1] || each.some(({ length }) => length !== sizes[2])))
      throw fault('has kernels of different sizes');
  }
  const [channels, inputs, height, width] = sizes as [number, number, number, number];
  if (inputs * groups !== shape[0])
    throw fault(
      `has kernels of ${inputs} channels in ${groups} groups, and the source has ${shape[0]} channels`,
    );
  return {
    kind: 'convolution',
    shape,
    convolution: {
      channels,
      kernel: [height, width],
      stride: pairOf(stride),
      padding: pairOf(padding),
      dilation: pairOf(dilation),
      groups,
      weights,
    },
  };
}

/** An array [from][to]. */
function matrixOf(
  reference: ArrayReference,
  arrays: ArrayFiles,
  { low, high }: { low: number; high: number },
  sources: number,
): ArrayLike<number> {
  const { shape, values } = arrays.integers(reference, 2, low, high);
  if (shape[0] === sources) return values;
  const name = typeof reference === 'string' ? reference : reference.file;
  throw fault(`${name}: has the shape ${shape.join(' x ')}; [from][to] has ${sources} rows`);
}

/** Delays [from][to], or one for all. */
function delayOf(
  { delay }: ProjectionEntry,
  arrays: ArrayFiles,
  sources: () => number,
): number | Uint8Array | undefined {
  if (isReference(delay)) return Uint8Array.from(matrixOf(delay, arrays, DELAY, sources()));
  return typeof delay === 'object' ? flat(delay, (n) => new Uint8Array(n)) : delay;
}

/** Groups of tied synapses [from][to], or those of kernels. */
function tiedOf({ tied }: ProjectionEntry, arrays: ArrayFiles, sources: () => number): Projection['tied'] {
  if (tied === undefined || tied === 'kernels') return tied;
  if (isReference(tied)) return Uint32Array.from(matrixOf(tied, arrays, GROUP, sources()));
  return flat(tied, (n) => new Uint32Array(n));
}

/**
 * Which synapses a projection has, how they are stored, and which share one weight.
 * @param sources elements of the source
 */
export function connectionOf(
  entry: ProjectionEntry,
  arrays: ArrayFiles,
  sources: () => number,
): Pick<Projection, 'connection' | 'synapse' | 'tied'> {
  const { weights, uniform, oneToOne, synapses, convolution } = entry;
  const kinds = { weights, uniform, oneToOne, synapses, convolution };
  const given = Object.values(kinds).filter((item) => item !== undefined).length;
  if (given !== 1) throw fault(`needs exactly one of ${Object.keys(kinds).join(', ')}`);
  const { signMode, bits, exponent, compression, weightLimit, ignoreDelays, box } = entry;
  let delay = delayOf(entry, arrays, sources);
  let tied = tiedOf(entry, arrays, sources);
  let connection: Connection;
  if (synapses !== undefined) {
    if (delay instanceof Uint8Array)
      throw fault('has synapses of its own: their delays are the array "delay" of a .npz file');
    if (tied !== undefined)
      throw fault('has synapses of its own: their groups are the array "tied" of a .npz file');
    const table =
      typeof synapses === 'string'
        ? readTable(synapses, arrays)
        : {
            from: synapses.map(([from]) => from),
            to: synapses.map(([, to]) => to),
            weight: synapses.map(([, , weight]) => weight),
          };
    const listed = sparse(table, sources());
    ({ connection, tied } = listed);
    if (listed.delays !== undefined) {
      if (delay !== undefined) throw fault('has delays twice: one for all, and one for each synapse');
      delay = listed.delays;
    }
  } else if (convolution !== undefined) connection = convolved(convolution, arrays);
  else if (uniform !== undefined) connection = { kind: 'uniform', weight: uniform };
  else if (oneToOne !== undefined) connection = { kind: 'one-to-one', weight: oneToOne };
  else if (isReference(weights))
    connection = { kind: 'all', weights: Int16Array.from(matrixOf(weights, arrays, WEIGHT, sources())) };
  else connection = { kind: 'all', weights: flat(weights!, (n) => new Int16Array(n)) };
  const synapse: SynapseParameters = {
    signMode,
    bits,
    exponent,
    ...(delay === undefined ? {} : { delay }),
    ...(compression === undefined ? {} : { compression }),
    ...(weightLimit === undefined ? {} : { weightLimit }),
    ...(ignoreDelays === undefined ? {} : { ignoreDelays }),
    ...(box === undefined ? {} : { box }),
  };
  return { connection, synapse, ...(tied === undefined ? {} : { tied }) };
}
