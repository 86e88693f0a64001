// Where the records and tables of a mesh lie in linear memory.

import type { Arena } from '../machine/arena.ts';
import type { Layout } from '../machine/core-module.ts';
import { MeshGrid } from './mesh-grid.ts';
import type { MeshOptions } from './mesh-options.ts';

/** How much of it a mesh shall hold at a time. */
export interface MeshRoom {
  /** Packets in source queues and on their way. */
  readonly packets: number;
  /** Grants that are recorded before they are taken; 0 = none are recorded. */
  readonly grants: number;
}

export interface MeshMap {
  readonly grid: MeshGrid;
  readonly room: MeshRoom;
  /** Address of the mesh record, which is what the core's functions are given. */
  readonly mesh: number;
  readonly routers: number;
  /** u32 [fabric][router][port]: links that end at the inputs of each router. */
  readonly inputs: number;
  readonly nodes: number;
  readonly links: number;
  readonly linkCount: number;
  /** Links of the sources, [fabric][node]; those of the outputs come before them. */
  readonly sources: number;
  /** Buffers and credit rings, one behind the other. */
  readonly buffers: number;
  readonly creditDues: number;
  readonly packets: number;
  readonly wheel: number;
  readonly wheelBits: number;
  readonly slots: number;
  readonly outputsNow: number;
  readonly outputsNext: number;
  readonly nodesNow: number;
  readonly nodesNext: number;
  readonly arrivals: number;
  readonly grants: number;
}

const SLOTS_MIN = 64;

/** Cycles to the farthest event that a mesh can have. */
function longestDelay({ routingDelay, creditDelay, linkX, linkY, linkLocal, chips }: MeshOptions): number {
  const links = [linkX, linkY, linkLocal, ...(chips === null ? [] : [chips.link])];
  const wire = Math.max(...links.map(({ delay }) => delay));
  const period = Math.max(...links.map((link) => link.period));
  return Math.max(2 + wire + creditDelay, 1 + routingDelay, period);
}

/** Slots of the calendar: a power of two, more than the longest delay. */
function slotCount(options: MeshOptions): number {
  return Math.max(SLOTS_MIN, 2 ** Math.ceil(Math.log2(longestDelay(options) + 2)));
}

/** Lays out a mesh. */
export function mapMesh(arena: Arena, layout: Layout, options: MeshOptions, room: MeshRoom): MeshMap {
  const grid = new MeshGrid(options);
  const { fabrics, bufferFlits, sinkFlits } = options;
  const outputs = fabrics * grid.routers * grid.ports;
  const sinks = fabrics * grid.nodes;
  const linkCount = outputs + sinks;
  const slots = slotCount(options);
  const links = arena.take(linkCount * layout.LINK_STRIDE);
  const places = (linkCount - sinks) * bufferFlits + sinks * sinkFlits;
  return {
    grid,
    room,
    mesh: arena.take(layout.MESH_STRIDE),
    routers: arena.take(fabrics * grid.routers * layout.ROUTER_STRIDE),
    inputs: arena.take(outputs * 4),
    nodes: arena.take(grid.nodes * layout.NODE_STRIDE),
    links,
    linkCount,
    sources: links + outputs * layout.LINK_STRIDE,
    buffers: arena.take(places * layout.FLIT_STRIDE),
    creditDues: arena.take(places * 4),
    packets: arena.take(room.packets * layout.PACKET_STRIDE),
    wheel: arena.take(slots * 4),
    wheelBits: arena.take(slots / 8),
    slots,
    outputsNow: arena.take(outputs * 4),
    outputsNext: arena.take(outputs * 4),
    nodesNow: arena.take(grid.nodes * 4),
    nodesNext: arena.take(grid.nodes * 4),
    arrivals: arena.take(sinks * layout.ARRIVAL_STRIDE),
    grants: arena.take(room.grants * layout.GRANT_STRIDE),
  };
}
