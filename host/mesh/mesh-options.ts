// What a mesh is made of: its grid, its routers, its links. Delays and periods are in cycles of the configuration's time
// quantum. With the options left at their defaults it is the mesh of the reference simulator BookSim 2: router `iq`,
// one virtual channel.

import { UserError } from '../errors.ts';

/** Numbers of a link between two routers. */
export interface MeshLinkOptions {
  /** Cycles on the wire, at least 0. A flit granted at g is at the next router at g + 2 + delay. */
  readonly delay: number;
  /** It takes one flit in so many cycles, at least 1. */
  readonly period: number;
}

export interface MeshOptions {
  /**
   * How routers, nodes and ports are numbered. `mesh`: one node a router, node = y * width + x, ports +x, -x, +y, -y, local.
   * `concentrated-mesh`: router = x * height + y, node = router * nodesPerRouter + local, ports local.., +x, -x, +y, -y.
   */
  readonly topology: 'mesh' | 'concentrated-mesh';
  /** Routers along x, over all chips. */
  readonly width: number;
  readonly height: number;
  readonly nodesPerRouter: number;
  /** Independent copies of the whole network; a packet stays in its fabric. */
  readonly fabrics: number;
  /** Flits that the buffer of each input holds, at least 1. */
  readonly bufferFlits: number;
  /** Cycles before a head that has come to the front of a buffer asks for its output; 0 is look-ahead routing. */
  readonly routingDelay: number;
  /** Further cycles that a credit takes on a link, or from a sink. */
  readonly creditDelay: number;
  /** A head is switched in the cycle in which its output is allocated, if there is a credit. */
  readonly speculative: boolean;
  /** An output or source keeps its packet until all of its credits are back. */
  readonly releaseOnTailCredit: boolean;
  /** Links along x and y. */
  readonly linkX: MeshLinkOptions;
  readonly linkY: MeshLinkOptions;
  /** Links between nodes and their routers; here the delay is at least 1. */
  readonly linkLocal: MeshLinkOptions;
  /** Chips tile the grid: routers of each, and the links that cross from one chip to the next. Null: one chip. */
  readonly chips: {
    readonly width: number;
    readonly height: number;
    readonly link: MeshLinkOptions;
  } | null;
  /** `ideal`: a sink takes every flit. `stalling`: the credit of a packet's last flit returns when it is consumed. */
  readonly sinks: 'ideal' | 'stalling';
  /** Flits that a sink has credits for; so many packets may wait to be consumed. */
  readonly sinkFlits: number;
}

/** What must be named of a mesh; the rest has the defaults of the reference simulator. */
export type MeshSetup = Partial<MeshOptions> & Pick<MeshOptions, 'width' | 'height'>;

/** Ports of a router, at most: one bit each in a 64-bit word. */
const PORTS_MAX = 64;
const DIRECTIONS = 4;
const UNIT_LINK: MeshLinkOptions = { delay: 1, period: 1 };

/** The whole options of a mesh. */
export function meshOptions(setup: MeshSetup): MeshOptions {
  const bufferFlits = setup.bufferFlits ?? 4;
  return {
    topology: 'mesh',
    nodesPerRouter: 1,
    fabrics: 1,
    bufferFlits,
    routingDelay: 0,
    creditDelay: 0,
    speculative: false,
    releaseOnTailCredit: false,
    linkX: UNIT_LINK,
    linkY: UNIT_LINK,
    linkLocal: UNIT_LINK,
    chips: null,
    sinks: 'ideal',
    sinkFlits: bufferFlits,
    ...setup,
  };
}

function requireRange(path: string, got: number, least: number, most = Number.MAX_SAFE_INTEGER): void {
  if (Number.isInteger(got) && got >= least && got <= most) return;
  const limit = most === Number.MAX_SAFE_INTEGER ? `at least ${least}` : `${least} to ${most}`;
  throw new UserError(`mesh: ${path} is ${got}, not a whole number of ${limit}`, {
    code: 'mesh-option',
    path,
    got,
    limit,
  });
}

function requireLink(path: string, { delay, period }: MeshLinkOptions, leastDelay: number): void {
  requireRange(`${path}.delay`, delay, leastDelay, 2 ** 20);
  requireRange(`${path}.period`, period, 1, 2 ** 20);
}

/**
 * Checks that a mesh can be built.
 * @throws UserError naming the option and its limit
 */
export function requireMesh(options: MeshOptions): void {
  const { topology, nodesPerRouter, chips } = options;
  requireRange('width', options.width, 1, 4096);
  requireRange('height', options.height, 1, 4096);
  requireRange('nodesPerRouter', nodesPerRouter, 1, topology === 'mesh' ? 1 : PORTS_MAX - DIRECTIONS);
  requireRange('fabrics', options.fabrics, 1, 16);
  requireRange('bufferFlits', options.bufferFlits, 1, 2 ** 16);
  requireRange('sinkFlits', options.sinkFlits, 1, 2 ** 16);
  requireRange('routingDelay', options.routingDelay, 0, 2 ** 20);
  requireRange('creditDelay', options.creditDelay, 0, 2 ** 20);
  requireLink('linkX', options.linkX, 0);
  requireLink('linkY', options.linkY, 0);
  requireLink('linkLocal', options.linkLocal, 1);
  if (chips === null) return;
  requireRange('chips.width', chips.width, 1);
  requireRange('chips.height', chips.height, 1);
  requireLink('chips.link', chips.link, 0);
}
