// Recorded runs with explicit packets: single ones in an empty mesh, and traces.

import { Mesh } from '../mesh/mesh.ts';
import type { MeshGrid } from '../mesh/mesh-grid.ts';
import { ConformanceError } from './conformance-error.ts';
import { runPackets } from './noc-run.ts';
import { gridOf, meshOf, type NocTrace, type NocZeroLoad, requireNode } from './noc-vector.ts';

/** Two nodes at a distance, undefined if the mesh is smaller. */
function nodesApart(grid: MeshGrid, distance: number): { from: number; to: number } | undefined {
  const { width, height } = grid.options;
  const x = Math.min(distance, width - 1);
  const y = distance - x;
  return y < height ? { from: grid.nodeAt({ x: 0, y: 0 }), to: grid.nodeAt({ x, y }) } : undefined;
}

/** The first difference of single packets, one after the other through an empty mesh. */
export function zeroLoadDifference(vector: NocZeroLoad): string | undefined {
  const mesh = new Mesh(meshOf(vector));
  const { grid } = mesh;
  const latency = (from: number, to: number, flits: number): number => {
    const created = mesh.time;
    mesh.offer(from, 0, to, flits, 0);
    while (mesh.advance(Number.POSITIVE_INFINITY) === 0);
    const { tail } = mesh.arrival(0);
    // The last credits are back before the next one.
    mesh.advance(Number.POSITIVE_INFINITY);
    return tail - created;
  };
  for (const [text, expected] of Object.entries(vector.hops)) {
    const pair = nodesApart(grid, Number(text));
    if (pair === undefined) throw new ConformanceError(`is malformed: no nodes are ${text} hops apart`);
    const got = latency(pair.from, pair.to, 1);
    if (got !== expected) return `hops ${text}, latency: expected ${expected}, got ${got}`;
  }
  for (const [index, [from, to, flits, expected]] of vector.latencies.entries()) {
    requireNode(grid, `latencies[${index}]`, Math.max(from, to));
    const got = latency(from, to, flits);
    if (got === expected) continue;
    return `packet ${index} (${from} to ${to}, ${flits} flits), latency: expected ${expected}, got ${got}`;
  }
  return undefined;
}

const ARRIVAL_FIELDS = ['injected', 'head', 'tail'] as const;
const GRANT_FIELDS = ['cycle', 'router', 'input', 'output', 'tag', 'flit'] as const;

function requireTrace(vector: NocTrace, grid: MeshGrid): void {
  const { packets, arrivals, network } = vector;
  if (arrivals.length !== packets.length) {
    throw new ConformanceError(`is malformed: ${arrivals.length} arrivals of ${packets.length} packets`);
  }
  let last = 0;
  for (const [index, [cycle, source, destination, , fabric]] of packets.entries()) {
    const where = `packet ${index}`;
    requireNode(grid, where, Math.max(source, destination));
    if (fabric >= network.fabrics)
      throw new ConformanceError(`is malformed: ${where} is in fabric ${fabric} of ${network.fabrics}`);
    if (cycle < last) throw new ConformanceError(`is malformed: ${where} is earlier than the one before`);
    last = cycle;
  }
}

/** The first packet of a trace whose cycles differ, or the first grant. */
export function traceDifference(vector: NocTrace): string | undefined {
  const grid = gridOf(vector);
  requireTrace(vector, grid);
  const packets = vector.packets.map(([cycle, source, destination, flits, fabric]) => ({
    cycle,
    source,
    destination,
    flits,
    fabric,
  }));
  const passed = packets.reduce(
    (sum, { source, destination, flits }) => sum + flits * (grid.distance(source, destination) + 1),
    0,
  );
  const { arrivals, grants } = runPackets(grid.options, packets, {
    grants: vector.grants === undefined ? 0 : passed,
  });
  for (const [index, expected] of vector.arrivals.entries()) {
    const arrival = arrivals[index]!;
    const field = ARRIVAL_FIELDS.findIndex((name, i) => arrival[name] !== expected[i]);
    if (field < 0) continue;
    const name = ARRIVAL_FIELDS[field]!;
    return `packet ${index}, ${name}: expected ${expected[field]}, got ${arrival[name]}`;
  }
  if (vector.grants === undefined) return undefined;
  const rows = grants.map((grant) => GRANT_FIELDS.map((name) => grant[name])).sort(compareRows);
  if (rows.length !== vector.grants.length)
    return `grants, count: expected ${vector.grants.length}, got ${rows.length}`;
  for (const [index, expected] of [...vector.grants].sort(compareRows).entries()) {
    const row = rows[index]!;
    const field = row.findIndex((value, i) => value !== expected[i]);
    if (field < 0) continue;
    const name = GRANT_FIELDS[field] === 'tag' ? 'packet' : GRANT_FIELDS[field];
    return `grant ${index} [${expected.join(', ')}], ${name}: expected ${expected[field]}, got ${row[field]}`;
  }
  return undefined;
}

function compareRows(a: readonly number[], b: readonly number[]): number {
  const field = a.findIndex((value, i) => value !== b[i]);
  return field < 0 ? 0 : a[field]! - b[field]!;
}
