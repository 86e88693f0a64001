// What reaches a core: its projections by source, and the synapses of each source element that end there.

import { UserError } from '../errors.ts';
import { parseRule } from '../microcode/parse.ts';
import { convolutionCounts } from '../network/convolution.ts';
import type { Connection, Network, Projection, SparseConnection } from '../network/network.ts';
import type { Slice } from './core-plan.ts';

/** A projection into a slice of the core, and the source elements that reach it. */
export interface Incoming {
  readonly projection: Projection;
  readonly slice: Slice;
  /** Compartment of the core that the slice begins with. */
  readonly compartment: number;
  /** Stretch of the source outside of which no element has synapses in the slice. */
  readonly first: number;
  readonly end: number;
}

/** First and last source of every target of a sparse connection, which a search for a partition asks for again and again. */
const spans = new WeakMap<SparseConnection, { readonly first: Uint32Array; readonly last: Uint32Array }>();

function spansOf(connection: SparseConnection, targets: number) {
  let span = spans.get(connection);
  if (span === undefined) {
    span = { first: new Uint32Array(targets).fill(2 ** 32 - 1), last: new Uint32Array(targets) };
    for (let row = 0; row + 1 < connection.rowStart.length; row++) {
      for (let i = connection.rowStart[row]!; i < connection.rowStart[row + 1]!; i++) {
        const target = connection.targets[i]!;
        if (span.first[target]! > row) span.first[target] = row;
        span.last[target] = row;
      }
    }
    spans.set(connection, span);
  }
  return span;
}

/** A stretch of the source that has all elements with synapses in a slice. */
function reaching({ connection }: Projection, slice: Slice, size: number, targets: number) {
  const { element, count } = slice;
  if (connection.kind === 'one-to-one') return { first: element, end: element + count };
  if (connection.kind !== 'sparse') return { first: 0, end: size };
  const span = spansOf(connection, targets);
  let [first, last] = [size, -1];
  for (let target = element; target < element + count; target++) {
    first = Math.min(first, span.first[target]!);
    if (span.first[target]! < size) last = Math.max(last, span.last[target]!);
  }
  return { first: Math.min(first, last + 1), end: last + 1 };
}

/** All connections into a core, by source. */
export function incoming(network: Network, slices: readonly Slice[]): Map<string, Incoming[]> {
  const bySource = new Map<string, Incoming[]>();
  for (const projection of network.projections) {
    const place = slices.findIndex(({ population }) => population === projection.to);
    const slice = slices[place];
    if (slice === undefined) continue;
    const item = {
      projection,
      slice,
      compartment: slices.slice(0, place).reduce((sum, { count }) => sum + count, 0),
      ...reaching(
        projection,
        slice,
        sourceSize(network, projection.from),
        sourceSize(network, projection.to),
      ),
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

/** Number of synapses, by source element, that end in a slice. */
export function synapseCounts(connection: Connection, slice: Slice): (row: number) => number {
  if (connection.kind === 'sparse') {
    return (row) => {
      const { start, end } = sparseRow(connection, row, slice);
      return end - start;
    };
  }
  if (connection.kind === 'convolution') {
    const counts = convolutionCounts(connection.shape, connection.convolution, slice);
    return (row) => counts[row]!;
  }
  if (connection.kind === 'one-to-one')
    return (row) => (row >= slice.element && row < slice.element + slice.count ? 1 : 0);
  return () => slice.count;
}

/** Mantissas that a connection is made of; those of a kernel or of one weight for all stand for many synapses. */
export function mantissasOf(connection: Connection): Int16Array | Int32Array {
  if (connection.kind === 'convolution') return connection.convolution.weights;
  if (connection.kind === 'uniform' || connection.kind === 'one-to-one')
    return Int16Array.of(connection.weight);
  return connection.weights;
}

/** True if each source has a list of its own length. */
export function hasLists({ kind }: Connection): boolean {
  return kind === 'sparse' || kind === 'convolution';
}

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

/** The longest delay that the synapses of a projection hold. */
export function storedDelay({ synapse: { delay } }: Projection): number {
  if (!(delay instanceof Uint8Array)) return delay ?? 0;
  return delay.reduce((a, b) => Math.max(a, b), 0);
}

/** The longest delay of a spike. */
export function delayOf(projection: Projection): number {
  return projection.synapse.ignoreDelays === true ? 0 : storedDelay(projection);
}
