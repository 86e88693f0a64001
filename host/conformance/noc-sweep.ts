// Recorded runs of generated traffic: every integer of every point.

import { crc32 } from 'node:zlib';
import type { MeshGrid } from '../mesh/mesh-grid.ts';
import { type NocPacket, runPackets } from './noc-run.ts';
import { NocTraffic } from './noc-traffic.ts';
import { gridOf, type NocSweep } from './noc-vector.ts';

type Point = NocSweep['points'][number];
/** What a point says of its run, in the order in which differences are looked for. */
const FIELDS = [
  'packets',
  'flits',
  'flitHops',
  'latencySum',
  'latencyMin',
  'latencyMax',
  'networkLatencySum',
  'lastArrival',
  'arrivedByEnd',
  'arrivalCrc32',
] as const;
type Figures = Readonly<Record<(typeof FIELDS)[number], number>>;

/** The packets of a point. The fabric of a source's k-th one is k modulo fabrics. */
function packetsOf({ traffic }: NocSweep, grid: MeshGrid, threshold: number): NocPacket[] {
  const generator = new NocTraffic(grid, traffic.pattern, traffic.seed);
  const created = new Uint32Array(grid.nodes);
  const packets: NocPacket[] = [];
  for (let cycle = 0; cycle < traffic.cycles; cycle++) {
    for (let source = 0; source < grid.nodes; source++) {
      const draw = generator.draw(cycle, source);
      if (draw >= threshold) continue;
      packets.push({
        cycle,
        source,
        destination: generator.destination(source, draw),
        flits: generator.size(draw, traffic.sizes),
        fabric: created[source]!++ % grid.options.fabrics,
      });
    }
  }
  return packets;
}

function figuresOf(grid: MeshGrid, packets: readonly NocPacket[], cycles: number): Figures {
  const { arrivals } = runPackets(grid.options, packets);
  const tails = new DataView(new ArrayBuffer(4 * packets.length));
  const latencies = arrivals.map(({ created, tail }) => tail - created);
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  for (const [index, { tail }] of arrivals.entries()) tails.setUint32(4 * index, tail, true);
  return {
    packets: packets.length,
    flits: sum(packets.map(({ flits }) => flits)),
    flitHops: sum(
      packets.map(({ source, destination, flits }) => flits * grid.distance(source, destination)),
    ),
    latencySum: sum(latencies),
    latencyMin: latencies.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
    latencyMax: latencies.reduce((a, b) => Math.max(a, b), 0),
    networkLatencySum: sum(arrivals.map(({ injected, tail }) => tail - injected)),
    lastArrival: arrivals.reduce((last, { tail }) => Math.max(last, tail), 0),
    arrivedByEnd: sum(arrivals.filter(({ tail }) => tail < cycles).map(({ flits }) => flits)),
    arrivalCrc32: crc32(new Uint8Array(tails.buffer)),
  };
}

function pointDifference(point: Point, figures: Figures): string | undefined {
  for (const field of FIELDS) {
    // A run without packets has no least latency.
    if (figures.packets === 0 && !['packets', 'flits'].includes(field)) continue;
    if (figures[field] !== point[field]) return `${field}: expected ${point[field]}, got ${figures[field]}`;
  }
  return undefined;
}

/** The first figure of the first point that differs. */
export function sweepDifference(vector: NocSweep): string | undefined {
  const grid = gridOf(vector);
  for (const [index, point] of vector.points.entries()) {
    const packets = packetsOf(vector, grid, point.threshold);
    const difference = pointDifference(point, figuresOf(grid, packets, vector.traffic.cycles));
    if (difference !== undefined) return `point ${index}, ${difference}`;
  }
  return undefined;
}
