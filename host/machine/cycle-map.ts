// Where the records and tables of timing mode `cycle` lie. Sums over steps are state, as counters are; everything else
// is made anew for every step, or never changes, and is not part of a snapshot.

import type { ChipImage, CoreImage, CycleTimingImage } from '../image/image.ts';
import { type MeshMap, mapMesh } from '../mesh/mesh-map.ts';
import { type MeshOptions, meshOptions } from '../mesh/mesh-options.ts';
import type { Arena } from './arena.ts';
import type { Layout } from './core-module.ts';

/** What a machine records of time beside the sums; all optional. */
export interface CycleRecording {
  /** Steps that fit between two drains. */
  readonly steps: number;
  /** Whether every unit of every core is recorded with them. */
  readonly units: boolean;
  /** Entries of the event log that fit between two drains. */
  readonly events: number;
}

export const NO_RECORDING: CycleRecording = { steps: 0, units: false, events: 0 };

/** The sums over steps. */
export interface CycleSums {
  readonly units: number;
  readonly shares: number;
  readonly totals: number;
  readonly links: number;
}

export interface StationMap {
  readonly record: number;
  /** Node of the mesh. */
  readonly node: number;
  /** Index of its messages, then the messages. */
  readonly index: number;
  readonly messages: number;
  readonly learning: number;
  /** Entries of its queues. */
  readonly spikes: number;
  readonly interface: number;
  readonly sink: number;
  readonly input: number;
  readonly synapse: number;
}

export interface CycleMap {
  readonly recording: CycleRecording;
  readonly sums: CycleSums;
  readonly record: number;
  readonly mesh: MeshMap;
  /** Cores in the order of the image, then the embedded processor. */
  readonly stations: readonly StationMap[];
  readonly stationRecords: number;
  readonly stepUnits: number;
  readonly heap: number;
  readonly leaves: number;
  readonly stepShares: number;
  readonly records: number;
  readonly unitRecords: number;
  readonly log: number;
}

/** Pending events of a station: one of each unit. */
const EVENTS_PER_STATION = 6;
/** Quanta of a hop and of the way between core and router beside the wires: what the routers themselves take. */
const HOP_MIN = 2;
const LOCAL_MIN = 3;

/** A tile in the order of the barrier's tree. */
export interface Tile {
  readonly chip: number;
  readonly x: number;
  readonly y: number;
}

/** The tiles in use, chip by chip and row by row. */
export function tilesOf(image: ChipImage): Tile[] {
  const tiles = new Map(image.cores.map(({ place }) => [`${place.chip} ${place.y} ${place.x}`, place]));
  return [...tiles.values()].sort((a, b) => a.chip - b.chip || a.y - b.y || a.x - b.x);
}

/** Column of the mesh of all chips, which stand in a row. */
export function columnOf(timing: CycleTimingImage, { chip, x }: Tile): number {
  return chip * timing.tilesX + x;
}

/** Messages that are inside a unit whose latency is longer than its interval: they have places in the queue behind it. */
function inPipeline(latency: number, interval: number): number {
  return interval === 0 ? 0 : Math.ceil((latency - interval) / interval);
}

/** Places of the queues of a core that pipelines end in. */
export function pipelinedQueues({ axonOut, axonIn, cycle }: ChipImage['timing']): {
  readonly interface: number;
  readonly synapse: number;
} {
  return {
    interface: cycle.interfaceQueue + inPipeline(axonOut, cycle.outputAxonInterval),
    synapse: cycle.synapseQueue + inPipeline(axonIn, cycle.inputAxonInterval),
  };
}

/** Messages of a source: one for every axon it reaches, one for every core that it rewards. */
export function messageCount(image: ChipImage, kind: 'port' | number): number {
  const routes = kind === 'port' ? image.portRoutes : image.cores[kind]!.routes;
  const rewards = image.rewards.filter(({ from }) =>
    kind === 'port' ? from.kind === 'port' : from.kind === 'compartment' && from.core === kind,
  );
  return rewards.reduce((sum, { cores }) => sum + cores.length, routes.core.length);
}

/** The mesh of the tiles in use, in quanta. Every router has a place for the processor, used at the first one. */
export function cycleMesh(image: ChipImage): MeshOptions {
  const { cycle: timing } = image.timing;
  const tiles = tilesOf(image);
  const wire = (hop: number): number => Math.max(0, hop - HOP_MIN);
  const chips = new Set(tiles.map(({ chip }) => chip)).size;
  const period = timing.flitPeriod;
  return meshOptions({
    topology: 'concentrated-mesh',
    width: Math.max(...tiles.map((tile) => columnOf(timing, tile))) + 1,
    height: Math.max(...tiles.map(({ y }) => y)) + 1,
    nodesPerRouter: timing.coresPerTile + 1,
    fabrics: timing.fabrics,
    bufferFlits: timing.bufferFlits,
    speculative: true,
    linkX: { delay: wire(timing.hopEastWest), period },
    linkY: { delay: wire(timing.hopNorthSouth), period },
    linkLocal: { delay: Math.max(1, Math.round((timing.hopLocal - LOCAL_MIN) / 2)), period },
    chips:
      chips === 1
        ? null
        : {
            width: timing.tilesX,
            height: timing.tilesY,
            link: { delay: wire(timing.hopChip), period: timing.chipFlitPeriod },
          },
    sinks: 'stalling',
    sinkFlits: timing.sinkFlits,
  });
}

/** Lays out the sums over steps. */
export function mapCycleSums(arena: Arena, layout: Layout, image: ChipImage): CycleSums {
  const { width, height, nodesPerRouter, fabrics } = cycleMesh(image);
  const links = fabrics * width * height * (2 * nodesPerRouter + 4);
  return {
    units: arena.take((image.cores.length + 1) * layout.UNIT_COUNT * layout.UNIT_STRIDE),
    shares: arena.take(layout.SHARE_COUNT * 8),
    totals: arena.take(layout.CYCLE_TOTAL_COUNT * 8),
    links: arena.take(links * layout.LINK_SUM_STRIDE),
  };
}

function mapStation(
  arena: Arena,
  layout: Layout,
  timing: ChipImage['timing'],
  record: number,
  node: number,
  sources: number,
  messages: number,
  axons: number,
): StationMap {
  const queue = (entries: number): number => arena.take(entries * layout.QUEUED_STRIDE);
  const pipelined = pipelinedQueues(timing);
  return {
    record,
    node,
    index: arena.take((sources + 1) * 4),
    messages: arena.take(messages * layout.MESSAGE_STRIDE),
    learning: arena.take(axons * 4),
    spikes: queue(timing.cycle.outputAxonQueue),
    interface: queue(pipelined.interface),
    sink: queue(timing.cycle.sinkFlits * timing.cycle.fabrics),
    input: queue(timing.cycle.inputAxonQueue),
    synapse: queue(pipelined.synapse),
  };
}

function learningAxons({ axons }: CoreImage): number {
  return axons.filter(({ profile }) => profile >= 0).length;
}

/**
 * Lays out everything but the sums.
 * @param padded compartments of each core with the padding of its groups
 */
export function mapCycle(
  arena: Arena,
  layout: Layout,
  image: ChipImage,
  sums: CycleSums,
  padded: readonly number[],
  recording: CycleRecording,
): CycleMap {
  const options = cycleMesh(image);
  const { timing } = image;
  const nodes = options.width * options.height * options.nodesPerRouter;
  const outputs = options.width * options.height * (options.nodesPerRouter + 4);
  // Every packet has a flit in a buffer, or waits at its node.
  const packets = options.fabrics * (outputs + nodes) * Math.max(options.bufferFlits, options.sinkFlits);
  const mesh = mapMesh(arena, layout, options, { packets: packets + nodes, grants: 0 });
  const count = image.cores.length + 1;
  const stationRecords = arena.take(count * layout.STATION_STRIDE);
  const station = (i: number): number => stationRecords + i * layout.STATION_STRIDE;
  const locals = new Map<number, number>();
  const stations = image.cores.map((core, i) => {
    const { y } = core.place;
    const router = mesh.grid.routerAt({ x: columnOf(timing.cycle, core.place), y });
    const local = locals.get(router) ?? 0;
    locals.set(router, local + 1);
    const node = router * options.nodesPerRouter + local;
    const axons = learningAxons(core);
    return mapStation(arena, layout, timing, station(i), node, padded[i]!, messageCount(image, i), axons);
  });
  const elements = image.portRoutes.start.length - 1;
  const processor = mesh.grid.nodeAt({ x: 0, y: 0 }, timing.cycle.coresPerTile);
  const atPorts = messageCount(image, 'port');
  stations.push(mapStation(arena, layout, timing, station(count - 1), processor, elements, atPorts, 0));
  const stepUnitBytes = count * layout.UNIT_COUNT * layout.STEP_UNIT_STRIDE;
  return {
    recording,
    sums,
    record: arena.take(layout.CYCLE_STRIDE),
    mesh,
    stations,
    stationRecords,
    stepUnits: arena.take(stepUnitBytes),
    heap: arena.take(count * EVENTS_PER_STATION * 8),
    leaves: arena.take(tilesOf(image).length * layout.LEAF_STRIDE),
    stepShares: arena.take(layout.SHARE_COUNT * 8),
    records: arena.take(recording.steps * layout.RECORD_STRIDE),
    unitRecords: recording.units ? arena.take(recording.steps * stepUnitBytes) : 0,
    log: arena.take(recording.events * layout.LOG_STRIDE),
  };
}
