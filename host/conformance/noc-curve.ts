// Recorded runs of the reference simulator's own random traffic: throughput and latency against the mean of its runs,
// within the bounds that the format states.

import { Mesh } from '../mesh/mesh.ts';
import { mix32 } from '../mix32.ts';
import { ConformanceError } from './conformance-error.ts';
import { NocTraffic } from './noc-traffic.ts';
import { gridOf, type NocCurve } from './noc-vector.ts';

/** The shortest windows that the format allows. */
const WARMUP = 3000;
const MEASURED = 6000;
/**
 * The bound of a mean latency follows from the reference's runs alone. So that ours adds little of its own, the window is
 * as long as so many packets take, within a limit.
 */
const LATENCY_PACKETS = 20_000;
const MEASURED_MAX = 36_000;
/** Cycles after the window in which measured packets must have arrived; the reference gives up far earlier. */
const SETTLING = 100_000;
/** Share of the saturation load up to which mean latencies are compared. */
const COMPARED_LOAD = 0.8;
const RELATIVE = 0.03;
const DEVIATIONS = 4.6;
const SPREADS = 1.5;
const WORD = 2 ** 32;

type Point = NocCurve['points'][number];

interface Figures {
  readonly measuredCycles: number;
  /** Flits per node and cycle that arrived in the measured window. */
  readonly accepted: number;
  /** Of packets created in it; null if that was not asked for, or they did not all arrive. */
  readonly meanLatency: number | null;
}

/** Measured cycles of a point whose latency is compared. */
function latencyWindow(rate: number, nodes: number): number {
  return Math.max(MEASURED, Math.min(MEASURED_MAX, Math.ceil(LATENCY_PACKETS / (rate * nodes))));
}

/** Room for the packets of the windows: their mean number and six deviations. */
function packetRoom(rate: number, nodes: number, cycles: number): number {
  const mean = rate * nodes * cycles;
  return Math.ceil(mean + 6 * Math.sqrt(mean)) + 1000;
}

/** Runs one point; with `wantsLatency` until every measured packet has arrived, traffic going on. */
function run(vector: NocCurve, seed: number, point: Point, wantsLatency: boolean): Figures {
  const { size, fabricChoice, pattern } = vector.traffic;
  const { packetRate } = point;
  const grid = gridOf(vector);
  const measuredCycles = wantsLatency ? latencyWindow(packetRate, grid.nodes) : MEASURED;
  const end = WARMUP + measuredCycles;
  const room = packetRoom(packetRate, grid.nodes, end);
  const mesh = new Mesh(grid.options, { packets: room });
  const traffic = new NocTraffic(grid, pattern, seed);
  const threshold = packetRate * WORD;
  let flits = 0;
  let latencySum = 0;
  let measured = 0;
  let missing = 0;
  for (let cycle = 0; cycle < end || (wantsLatency && missing > 0); cycle++) {
    if (cycle > end + SETTLING || mesh.inFlight + grid.nodes > room) break;
    for (let node = 0; node < grid.nodes; node++) {
      const draw = traffic.draw(cycle, node);
      if (draw >= threshold) continue;
      const fabric = fabricChoice === 'random' ? traffic.fabric(draw, grid.options.fabrics) : 0;
      mesh.offer(node, fabric, traffic.destination(node, draw), size, 0);
      if (cycle >= WARMUP && cycle < end) missing++;
    }
    const count = mesh.advance(cycle);
    for (let i = 0; i < count; i++) {
      const { created, tail } = mesh.arrival(i);
      if (tail >= WARMUP && tail < end) flits += size;
      if (created < WARMUP || created >= end) continue;
      latencySum += tail - created;
      measured++;
      missing--;
    }
  }
  return {
    measuredCycles,
    accepted: flits / (grid.nodes * measuredCycles),
    meanLatency: missing === 0 && measured > 0 ? latencySum / measured : null,
  };
}

/** One figure of the reference's runs: their mean, and the distance of the farthest two. */
function referenceOf(vector: NocCurve, index: number, field: string): { ref: number; spread: number } {
  const column = vector.runFields.indexOf(field);
  const values = vector.points[index]!.runs.map((row) => row[column]);
  if (!values.every((value) => typeof value === 'number'))
    throw new ConformanceError(`is malformed: points.${index}.runs has no ${field}`);
  const numbers = values as number[];
  return {
    ref: numbers.reduce((sum, value) => sum + value, 0) / numbers.length,
    spread: Math.max(...numbers) - Math.min(...numbers),
  };
}

function beyond(field: string, { ref, bound, got }: { ref: number; bound: number; got: number | null }) {
  if (got !== null && Math.abs(got - ref) <= bound) return undefined;
  const said = got === null ? 'none: it does not settle' : got.toPrecision(6);
  return `${field}: expected ${ref.toPrecision(6)} ± ${bound.toPrecision(3)}, got ${said}`;
}

/** The first point whose throughput or latency is beyond its bound. */
export function curveDifference(vector: NocCurve): string | undefined {
  const grid = gridOf(vector);
  const { size } = vector.traffic;
  for (const [index, point] of vector.points.entries()) {
    const compared = point.stable && point.offered <= COMPARED_LOAD * vector.saturation[0];
    const figures = run(vector, mix32(index + 1), point, compared);
    const accepted = referenceOf(vector, index, 'acceptedFlitsPerNodeCycle');
    const deviation = Math.sqrt((accepted.ref * size) / (grid.nodes * figures.measuredCycles));
    const throughput = beyond('accepted', {
      ref: accepted.ref,
      bound: RELATIVE * accepted.ref + DEVIATIONS * deviation,
      got: figures.accepted,
    });
    if (throughput !== undefined) return `point ${index}, ${throughput}`;
    if (!compared) continue;
    const latency = referenceOf(vector, index, 'meanLatency');
    const difference = beyond('mean latency', {
      ref: latency.ref,
      bound: RELATIVE * latency.ref + SPREADS * latency.spread,
      got: figures.meanLatency,
    });
    if (difference !== undefined) return `point ${index}, ${difference}`;
  }
  return undefined;
}
