// A mesh alone: the core's mesh on a memory of its own, without a chip.

import { Arena } from '../machine/arena.ts';
import {
  type Core,
  type CoreBuild,
  coreLayout,
  instantiateCore,
  type LayoutName,
} from '../machine/core-module.ts';
import { loadMesh } from './load-mesh.ts';
import type { MeshGrid } from './mesh-grid.ts';
import { type MeshMap, type MeshRoom, mapMesh } from './mesh-map.ts';
import { type MeshSetup, meshOptions, requireMesh } from './mesh-options.ts';

/** Module data and stack of the core lie below. */
const FIRST_ADDRESS = 65536;
const DEFAULT_ROOM: MeshRoom = { packets: 65536, grants: 0 };

/** A packet that is complete. Cycles are those of the mesh. */
export interface Arrival {
  readonly tag: number;
  readonly node: number;
  readonly fabric: number;
  readonly flits: number;
  /** Cycle in which it entered its source queue, in which its head left that queue, … */
  readonly created: number;
  readonly injected: number;
  /** … and in which its head and its last flit reached the sink. */
  readonly head: number;
  readonly tail: number;
}

/** One flit through one router. */
export interface Grant {
  readonly cycle: number;
  readonly router: number;
  readonly fabric: number;
  readonly input: number;
  readonly output: number;
  readonly tag: number;
  readonly flit: number;
}

/** What a link has carried, and how full the buffer at its end was. */
export interface LinkUse {
  readonly flits: number;
  /** Cycles in which it was taken: flits times its period. */
  readonly busyCycles: number;
  /** Cycles in which a flit was ready for it and it had no credit. */
  readonly blockedCycles: number;
  readonly bufferedMax: number;
}

export class Mesh {
  readonly grid: MeshGrid;
  readonly #core: Core;
  readonly #map: MeshMap;
  readonly #words: Uint32Array;

  /**
   * An empty mesh at cycle 0.
   * @throws UserError if an option is out of its range
   */
  constructor(setup: MeshSetup, room: Partial<MeshRoom> = {}, build: CoreBuild = 'release') {
    const options = meshOptions(setup);
    requireMesh(options);
    const layout = coreLayout(build);
    const arena = new Arena(FIRST_ADDRESS);
    this.#map = mapMesh(arena, layout, options, { ...DEFAULT_ROOM, ...room });
    this.grid = this.#map.grid;
    this.#core = instantiateCore(build, arena.end);
    this.#words = new Uint32Array(this.#core.memory.buffer);
    loadMesh(layout, this.#core.memory.buffer, this.#map);
    this.reset();
  }

  /** Empties the mesh and goes back to cycle 0. */
  reset(): void {
    this.#core.mesh.reset(this.#map.mesh);
  }

  /** The first cycle that has not been run: what is offered now is created in it. */
  get time(): number {
    return this.#long(this.#map.mesh, 'MESH_TIME');
  }

  /** Packets offered so far. */
  get offered(): number {
    return this.#long(this.#map.mesh, 'MESH_OFFERED');
  }

  /** Packets that have arrived. */
  get arrived(): number {
    return this.#long(this.#map.mesh, 'MESH_ARRIVED');
  }

  /** Packets in source queues and on their way; {@link offer} throws when they are as many as there is room for. */
  get inFlight(): number {
    return this.offered - this.arrived;
  }

  /** Flits that went from one router to another, each counted at every link. */
  get flitHops(): number {
    return this.#long(this.#map.mesh, 'MESH_FLIT_HOPS');
  }

  /**
   * Puts a packet into the source queue of a node.
   * @param tag uint32, comes back with the arrival
   * @throws Error if the mesh has no room for it
   */
  offer(node: number, fabric: number, destination: number, flits: number, tag: number): void {
    if (!this.#core.mesh.offer(this.#map.mesh, node, fabric, destination, flits, tag))
      throw new Error(`the mesh has no room for more than ${this.#map.room.packets} packets`);
  }

  /** The earliest cycle in which anything happens; Infinity if nothing will. */
  nextEvent(): number {
    const next = BigInt.asUintN(64, this.#core.mesh.nextEvent(this.#map.mesh));
    return next === NEVER ? Number.POSITIVE_INFINITY : Number(next);
  }

  /**
   * Runs cycles up to and including the first in which a packet arrives, or leaves a watched node, or cycle `until`.
   * Infinity: until nothing moves. Gives the number of arrivals, see {@link arrival}.
   */
  advance(until: number): number {
    return this.#core.mesh.advance(
      this.#map.mesh,
      until === Number.POSITIVE_INFINITY ? NEVER : BigInt(until),
    );
  }

  /** One of the arrivals of the last {@link advance}, in the order of nodes and fabrics. */
  arrival(index: number): Arrival {
    const record = this.#map.arrivals + index * this.#core.layout.ARRIVAL_STRIDE;
    return {
      tag: this.#word(record, 'ARRIVAL_TAG'),
      node: this.#word(record, 'ARRIVAL_NODE'),
      fabric: this.#word(record, 'ARRIVAL_FABRIC'),
      flits: this.#word(record, 'ARRIVAL_FLITS'),
      created: this.#long(record, 'ARRIVAL_CREATED'),
      injected: this.#long(record, 'ARRIVAL_INJECTED'),
      head: this.#long(record, 'ARRIVAL_HEAD'),
      tail: this.#long(record, 'ARRIVAL_TAIL'),
    };
  }

  /** A packet at a stalling sink is consumed in cycle {@link time}, or in the one before it. */
  consume(node: number, fabric: number, cycle: number): void {
    this.#core.mesh.consume(this.#map.mesh, node, fabric, BigInt(cycle));
  }

  /** Lets {@link advance} return when a packet has left the queue of a node. */
  watch(node: number, watched: boolean): void {
    this.#words[(this.#node(node) + this.#core.layout.NODE_WATCHED) >> 2] = watched ? 1 : 0;
  }

  /** Packets in the source queue of a node. */
  queued(node: number): number {
    return this.#word(this.#node(node), 'NODE_QUEUED');
  }

  /** Most packets that the source queue of a node has held. */
  queuedMax(node: number): number {
    return this.#word(this.#node(node), 'NODE_QUEUED_MAX');
  }

  /** Most flits that the buffers of a router have held together. */
  bufferedMax(router: number, fabric = 0): number {
    const record =
      this.#map.routers + (fabric * this.grid.routers + router) * this.#core.layout.ROUTER_STRIDE;
    return this.#word(record, 'ROUTER_BUFFERED_MAX');
  }

  /** Use of the link at an output port of a router. */
  outputUse(router: number, port: number, fabric = 0): LinkUse {
    const output = (fabric * this.grid.routers + router) * this.grid.ports + port;
    return this.#use(this.#map.links + output * this.#core.layout.LINK_STRIDE);
  }

  /** Use of the link from a node to its router. */
  sourceUse(node: number, fabric = 0): LinkUse {
    return this.#use(this.#map.sources + (fabric * this.grid.nodes + node) * this.#core.layout.LINK_STRIDE);
  }

  /** The recorded grants since the last call, in no particular order within a cycle. */
  takeGrants(): Grant[] {
    const count = this.#word(this.#map.mesh, 'MESH_GRANT_COUNT');
    this.#words[(this.#map.mesh + this.#core.layout.MESH_GRANT_COUNT) >> 2] = 0;
    return Array.from({ length: count }, (_, i) => {
      const record = this.#map.grants + i * this.#core.layout.GRANT_STRIDE;
      return {
        cycle: this.#long(record, 'GRANT_CYCLE'),
        router: this.#word(record, 'GRANT_ROUTER'),
        fabric: this.#word(record, 'GRANT_FABRIC'),
        input: this.#word(record, 'GRANT_INPUT'),
        output: this.#word(record, 'GRANT_OUTPUT'),
        tag: this.#word(record, 'GRANT_TAG'),
        flit: this.#word(record, 'GRANT_FLIT'),
      };
    });
  }

  #use(link: number): LinkUse {
    const flits = this.#long(link, 'LINK_FLITS');
    return {
      flits,
      busyCycles: flits * this.#word(link, 'LINK_PERIOD'),
      blockedCycles: this.#long(link, 'LINK_BLOCKED'),
      bufferedMax: this.#word(link, 'LINK_BUFFERED_MAX'),
    };
  }

  #node(node: number): number {
    return this.#map.nodes + node * this.#core.layout.NODE_STRIDE;
  }

  #word(record: number, field: LayoutName): number {
    return this.#words[(record + this.#core.layout[field]) >> 2]!;
  }

  /** A u64 field as a number, which is exact up to 2^53. */
  #long(record: number, field: LayoutName): number {
    const place = (record + this.#core.layout[field]) >> 2;
    return this.#words[place]! + this.#words[place + 1]! * 2 ** 32;
  }
}

const NEVER = 2n ** 64n - 1n;
