// Writes the records of a mesh into linear memory: what does not change while it runs. The core's reset does the rest.

import type { Layout } from '../machine/core-module.ts';
import { RecordWriter } from '../machine/record-writer.ts';
import { DIRECTIONS } from './mesh-grid.ts';
import type { MeshMap } from './mesh-map.ts';
import type { MeshLinkOptions } from './mesh-options.ts';

/** Cycles that a flit and a credit take beside the wire. */
const SWITCH_AND_REGISTER = 2;
const CREDIT = 1;

class MeshLoader {
  readonly #layout: Layout;
  readonly #map: MeshMap;
  readonly #writer: RecordWriter;
  /** Buffers handed out so far, in flits. */
  #places = 0;

  constructor(layout: Layout, memory: ArrayBufferLike, map: MeshMap) {
    this.#layout = layout;
    this.#map = map;
    this.#writer = new RecordWriter(layout, memory);
  }

  load(): void {
    this.#mesh();
    this.#nodes();
    const { fabrics } = this.#map.grid.options;
    for (let fabric = 0; fabric < fabrics; fabric++) {
      for (let router = 0; router < this.#map.grid.routers; router++) this.#router(fabric, router);
      for (let node = 0; node < this.#map.grid.nodes; node++) this.#source(fabric, node);
    }
  }

  #mesh(): void {
    const map = this.#map;
    const { grid, room } = map;
    const { options } = grid;
    const layout = this.#layout;
    this.#writer.record(map.mesh, {
      MESH_OPTIONS:
        (options.speculative ? layout.MESH_OPTION_SPECULATIVE : 0) |
        (options.releaseOnTailCredit ? layout.MESH_OPTION_RELEASE_ON_TAIL_CREDIT : 0) |
        (options.sinks === 'stalling' ? layout.MESH_OPTION_STALLING_SINKS : 0),
      MESH_ROUTING_DELAY: options.routingDelay,
      MESH_FABRICS: options.fabrics,
      MESH_PORTS: grid.ports,
      MESH_DIRECTIONS: grid.firstDirection,
      MESH_ROUTERS: map.routers,
      MESH_ROUTER_COUNT: grid.routers,
      MESH_NODES: map.nodes,
      MESH_NODE_COUNT: grid.nodes,
      MESH_LINKS: map.links,
      MESH_LINK_COUNT: map.linkCount,
      MESH_SOURCES: map.sources,
      MESH_PACKETS: map.packets,
      MESH_PACKET_COUNT: room.packets,
      MESH_WHEEL: map.wheel,
      MESH_WHEEL_MASK: map.slots - 1,
      MESH_WHEEL_BITS: map.wheelBits,
      MESH_OUTPUTS_NOW: map.outputsNow,
      MESH_OUTPUTS_NEXT: map.outputsNext,
      MESH_NODES_NOW: map.nodesNow,
      MESH_NODES_NEXT: map.nodesNext,
      MESH_ARRIVALS: map.arrivals,
      MESH_GRANTS: map.grants,
      MESH_GRANT_CAPACITY: room.grants,
    });
  }

  #nodes(): void {
    const { grid } = this.#map;
    for (let node = 0; node < grid.nodes; node++) {
      const router = grid.routerOf(node);
      const { x, y } = grid.placeOf(router);
      this.#writer.record(this.#node(node), {
        NODE_INDEX: node,
        NODE_X: x,
        NODE_Y: y,
        NODE_ROUTER: router,
        NODE_PORT: grid.portOf(node),
      });
    }
  }

  /** A router with its outputs, and what ends at its inputs. */
  #router(fabric: number, router: number): void {
    const { grid, links } = this.#map;
    const layout = this.#layout;
    const { x, y } = grid.placeOf(router);
    const record = this.#routerRecord(fabric, router);
    const inputs = this.#map.inputs + (fabric * grid.routers + router) * grid.ports * 4;
    this.#writer.record(record, {
      ROUTER_X: x,
      ROUTER_Y: y,
      ROUTER_INDEX: router,
      ROUTER_INPUTS: inputs,
      ROUTER_OUTPUTS: links + this.#output(fabric, router, 0) * layout.LINK_STRIDE,
    });
    DIRECTIONS.forEach((direction, i) => {
      const port = grid.portTo(direction);
      const neighbour = grid.neighbour(router, direction);
      if (neighbour === undefined) return;
      // What leaves to the +x neighbour enters it from its -x neighbour, and so on.
      const opposite = grid.portTo(DIRECTIONS[i ^ 1]!);
      const link = links + this.#output(fabric, router, port) * layout.LINK_STRIDE;
      this.#link(link, fabric, grid.link(router, direction), grid.options.bufferFlits, {
        LINK_KIND: layout.LINK_KIND_MESH,
        LINK_START: record,
        LINK_OUTPUT_PORT: port,
        LINK_END: this.#routerRecord(fabric, neighbour),
        LINK_INPUT_PORT: opposite,
      });
      this.#writer.word(
        inputs + port * 4,
        links + this.#output(fabric, neighbour, opposite) * layout.LINK_STRIDE,
      );
    });
    for (let local = 0; local < grid.options.nodesPerRouter; local++) {
      const node = router * grid.options.nodesPerRouter + local;
      const port = grid.localPort(local);
      const link = links + this.#output(fabric, router, port) * layout.LINK_STRIDE;
      this.#link(link, fabric, grid.options.linkLocal, grid.options.sinkFlits, {
        LINK_KIND: layout.LINK_KIND_SINK,
        LINK_START: record,
        LINK_OUTPUT_PORT: port,
        LINK_END: this.#node(node),
      });
      this.#writer.word(inputs + port * 4, this.#sourceLink(fabric, node));
    }
  }

  /** The link from a node to its router: no switch before it, and its credits know no creditDelay. */
  #source(fabric: number, node: number): void {
    const { grid } = this.#map;
    const { delay } = grid.options.linkLocal;
    const link = this.#sourceLink(fabric, node);
    this.#link(link, fabric, grid.options.linkLocal, grid.options.bufferFlits, {
      LINK_KIND: this.#layout.LINK_KIND_SOURCE,
      LINK_START: this.#node(node),
      LINK_END: this.#routerRecord(fabric, grid.routerOf(node)),
      LINK_INPUT_PORT: grid.portOf(node),
      LINK_DELAY: SWITCH_AND_REGISTER - 1 + delay,
      LINK_CREDIT_DELAY: CREDIT + delay,
    });
  }

  #link(
    address: number,
    fabric: number,
    { delay, period }: MeshLinkOptions,
    capacity: number,
    fields: Parameters<RecordWriter['record']>[1],
  ): void {
    this.#writer.record(address, {
      LINK_FABRIC: fabric,
      LINK_CAPACITY: capacity,
      LINK_DELAY: SWITCH_AND_REGISTER + delay,
      LINK_CREDIT_DELAY: CREDIT + delay + this.#map.grid.options.creditDelay,
      LINK_PERIOD: period,
      LINK_BUFFER: this.#map.buffers + this.#places * this.#layout.FLIT_STRIDE,
      LINK_CREDIT_DUES: this.#map.creditDues + this.#places * 4,
      ...fields,
    });
    this.#places += capacity;
  }

  #routerRecord(fabric: number, router: number): number {
    return this.#map.routers + (fabric * this.#map.grid.routers + router) * this.#layout.ROUTER_STRIDE;
  }

  #node(node: number): number {
    return this.#map.nodes + node * this.#layout.NODE_STRIDE;
  }

  #sourceLink(fabric: number, node: number): number {
    return this.#map.sources + (fabric * this.#map.grid.nodes + node) * this.#layout.LINK_STRIDE;
  }

  #output(fabric: number, router: number, port: number): number {
    return (fabric * this.#map.grid.routers + router) * this.#map.grid.ports + port;
  }
}

/** Writes a mesh that lies at the addresses of a map. It must be reset before it is used. */
export function loadMesh(layout: Layout, memory: ArrayBufferLike, map: MeshMap): void {
  new MeshLoader(layout, memory, map).load();
}
