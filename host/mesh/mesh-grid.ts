// Where routers and nodes of a mesh are, and what their ports are called.

import type { MeshLinkOptions, MeshOptions } from './mesh-options.ts';

/** Directions in the order of their ports. */
export const DIRECTIONS = ['+x', '-x', '+y', '-y'] as const;
export type Direction = (typeof DIRECTIONS)[number];

const STEP_X: Readonly<Record<Direction, number>> = { '+x': 1, '-x': -1, '+y': 0, '-y': 0 };
const STEP_Y: Readonly<Record<Direction, number>> = { '+x': 0, '-x': 0, '+y': 1, '-y': -1 };

export interface Place {
  readonly x: number;
  readonly y: number;
}

/** The numbering of a mesh. */
export class MeshGrid {
  readonly options: MeshOptions;
  /** Of one fabric. */
  readonly routers: number;
  readonly nodes: number;
  readonly ports: number;
  /** Port of +x; -x, +y and -y follow. */
  readonly firstDirection: number;

  constructor(options: MeshOptions) {
    this.options = options;
    this.routers = options.width * options.height;
    this.nodes = this.routers * options.nodesPerRouter;
    this.ports = options.nodesPerRouter + DIRECTIONS.length;
    this.firstDirection = options.topology === 'mesh' ? 0 : options.nodesPerRouter;
  }

  /** Router at a place. */
  routerAt({ x, y }: Place): number {
    const { topology, width, height } = this.options;
    return topology === 'mesh' ? y * width + x : x * height + y;
  }

  placeOf(router: number): Place {
    const { topology, width, height } = this.options;
    return topology === 'mesh'
      ? { x: router % width, y: Math.floor(router / width) }
      : { x: Math.floor(router / height), y: router % height };
  }

  /** Node `local` of the router at a place. */
  nodeAt(place: Place, local = 0): number {
    return this.routerAt(place) * this.options.nodesPerRouter + local;
  }

  routerOf(node: number): number {
    return Math.floor(node / this.options.nodesPerRouter);
  }

  /** Port of its router that a node is at. */
  portOf(node: number): number {
    return this.localPort(node % this.options.nodesPerRouter);
  }

  localPort(local: number): number {
    return this.options.topology === 'mesh' ? DIRECTIONS.length + local : local;
  }

  /** Number of a port's direction, or undefined for a local port. */
  directionOf(port: number): Direction | undefined {
    return DIRECTIONS[port - this.firstDirection];
  }

  portTo(direction: Direction): number {
    return this.firstDirection + DIRECTIONS.indexOf(direction);
  }

  /** Router in a direction, undefined at the edge. */
  neighbour(router: number, direction: Direction): number | undefined {
    const { x, y } = this.placeOf(router);
    const to = { x: x + STEP_X[direction], y: y + STEP_Y[direction] };
    const { width, height } = this.options;
    return to.x < 0 || to.y < 0 || to.x >= width || to.y >= height ? undefined : this.routerAt(to);
  }

  /** True if a step in a direction leaves the router's chip. */
  leavesChip(router: number, direction: Direction): boolean {
    const { chips } = this.options;
    if (chips === null) return false;
    const { x, y } = this.placeOf(router);
    const toX = x + STEP_X[direction];
    const toY = y + STEP_Y[direction];
    return (
      Math.floor(x / chips.width) !== Math.floor(toX / chips.width) ||
      Math.floor(y / chips.height) !== Math.floor(toY / chips.height)
    );
  }

  /** The link of a router in a direction. */
  link(router: number, direction: Direction): MeshLinkOptions {
    const { chips, linkX, linkY } = this.options;
    if (chips !== null && this.leavesChip(router, direction)) return chips.link;
    return STEP_X[direction] === 0 ? linkY : linkX;
  }

  /** Links between two nodes, |dx| + |dy|. */
  distance(from: number, to: number): number {
    const a = this.placeOf(this.routerOf(from));
    const b = this.placeOf(this.routerOf(to));
    return Math.abs(a.x - b.x) + Math.abs(a.y - b.y);
  }
}
