// Random meshes and traffic, run on the core's mesh and on the model's, compared packet by packet and grant by grant.

import * as fc from 'fast-check';
import type { CoreBuild } from '../../host/machine/core-module.ts';
import { type Arrival, type Grant, Mesh } from '../../host/mesh/mesh.ts';
import { type MeshOptions, meshOptions } from '../../host/mesh/mesh-options.ts';
import { MeshModel } from '../../host/model/mesh.ts';

/** A packet offered, and for how long a stalling sink that turns to it is occupied by it. */
export interface OfferedPacket {
  readonly cycle: number;
  readonly source: number;
  readonly destination: number;
  readonly fabric: number;
  readonly flits: number;
  readonly service: number;
}

export interface MeshCase {
  readonly options: MeshOptions;
  /** In the order of their cycles. */
  readonly packets: readonly OfferedPacket[];
}

const link = (leastDelay: number) =>
  fc.record({
    delay: fc.oneof(fc.integer({ min: leastDelay, max: 3 }), fc.integer({ min: leastDelay, max: 90 })),
    period: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 12 })),
  });

const options = fc
  .record({
    topology: fc.constantFrom('mesh' as const, 'concentrated-mesh' as const),
    width: fc.integer({ min: 1, max: 5 }),
    height: fc.integer({ min: 1, max: 5 }),
    nodesPerRouter: fc.integer({ min: 1, max: 5 }),
    fabrics: fc.integer({ min: 1, max: 3 }),
    bufferFlits: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 20 })),
    routingDelay: fc.oneof(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 80 })),
    creditDelay: fc.integer({ min: 0, max: 4 }),
    speculative: fc.boolean(),
    releaseOnTailCredit: fc.boolean(),
    linkX: link(0),
    linkY: link(0),
    linkLocal: link(1),
    chips: fc.option(
      fc.record({
        width: fc.integer({ min: 1, max: 3 }),
        height: fc.integer({ min: 1, max: 3 }),
        link: link(0),
      }),
    ),
    sinks: fc.constantFrom('ideal' as const, 'stalling' as const),
    sinkFlits: fc.integer({ min: 1, max: 6 }),
  })
  .map((drawn) =>
    meshOptions({ ...drawn, nodesPerRouter: drawn.topology === 'mesh' ? 1 : drawn.nodesPerRouter }),
  );

/** Draws that become a packet of the mesh at hand. */
const draw = fc.record({
  wait: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 300 })),
  source: fc.nat(999),
  destination: fc.nat(999),
  fabric: fc.nat(99),
  flits: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 24 })),
  service: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 20 })),
});

export const meshCase: fc.Arbitrary<MeshCase> = fc
  .tuple(
    options,
    fc.array(draw, { minLength: 1, maxLength: 120, size: 'max' }),
    // Traffic to few nodes, all at once, and traffic all over.
    fc.constantFrom(1, 2, 1000),
    fc.constantFrom(0, 1),
  )
  .map(([drawn, draws, targets, pace]) => {
    const nodes = drawn.width * drawn.height * drawn.nodesPerRouter;
    let cycle = 0;
    const packets = draws.map(({ wait, source, destination, fabric, flits, service }) => {
      cycle += wait * pace;
      return {
        cycle,
        source: source % nodes,
        destination: (destination % targets) % nodes,
        fabric: fabric % drawn.fabrics,
        flits,
        service,
      };
    });
    return { options: drawn, packets };
  });

/** Who may consume when: a sink turns to one packet after the other, and each occupies it for a while. */
class Consumers {
  readonly #case: MeshCase;
  readonly #free = new Map<string, number>();
  readonly #waiting: { cycle: number; node: number; fabric: number }[] = [];

  constructor(meshCase: MeshCase) {
    this.#case = meshCase;
  }

  arrive({ tag, node, fabric, tail }: Pick<Arrival, 'tag' | 'node' | 'fabric' | 'tail'>): void {
    if (this.#case.options.sinks === 'ideal') return;
    const place = `${node} ${fabric}`;
    const cycle = Math.max(tail, this.#free.get(place) ?? 0) + this.#case.packets[tag]!.service;
    this.#free.set(place, cycle);
    this.#waiting.push({ cycle, node, fabric });
    this.#waiting.sort((a, b) => a.cycle - b.cycle);
  }

  /** Cycle of the next consumption. */
  get next(): number {
    return this.#waiting[0]?.cycle ?? Number.POSITIVE_INFINITY;
  }

  take(cycle: number): { cycle: number; node: number; fabric: number }[] {
    const due = this.#waiting.filter((item) => item.cycle <= cycle);
    this.#waiting.splice(0, due.length);
    return due;
  }
}

type Run = Record<string, unknown>;

function sorted(grants: readonly Grant[]): Grant[] {
  return [...grants].sort(
    (a, b) => a.cycle - b.cycle || a.fabric - b.fabric || a.router - b.router || a.output - b.output,
  );
}

/** Every cycle in which a mesh must be made to stop by itself is over; far beyond what any case takes. */
const CYCLES_MAX = 2_000_000;

export function runModel(meshCase: MeshCase): Run {
  const { packets } = meshCase;
  const model = new MeshModel(meshCase.options);
  const consumers = new Consumers(meshCase);
  let offered = 0;
  let reported = 0;
  const { fabrics, width, height, nodesPerRouter } = meshCase.options;
  while (offered < packets.length || model.busy || consumers.next < Number.POSITIVE_INFINITY) {
    if (model.time > CYCLES_MAX) throw new Error('the model does not come to rest');
    for (const { node, fabric, cycle } of consumers.take(model.time)) model.consume(node, fabric, cycle);
    for (; packets[offered]?.cycle === model.time; offered++) {
      const { source, fabric, destination, flits } = packets[offered]!;
      model.offer(source, fabric, destination, flits, offered);
    }
    model.cycle();
    for (; reported < model.arrivals.length; reported++) {
      const { tag, destination, fabric, tail } = model.arrivals[reported]!;
      consumers.arrive({ tag, node: destination, fabric, tail });
    }
  }
  const byTag = [...model.arrivals].sort((a, b) => a.tag - b.tag);
  const all = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
  const routers = width * height;
  return {
    arrivals: byTag.map(({ tag, created, injected, head, tail }) => [tag, created, injected, head, tail]),
    grants: sorted(model.grants),
    flitHops: model.flitHops,
    outputs: all(fabrics).map((fabric) =>
      all(routers).map((router) =>
        all(nodesPerRouter + 4).map((port) => model.outputUse(router, port, fabric) ?? null),
      ),
    ),
    sources: all(fabrics).map((f) => all(routers * nodesPerRouter).map((node) => model.sourceUse(node, f))),
    buffered: all(fabrics).map((f) => all(routers).map((router) => model.bufferedMax(router, f))),
    queued: all(routers * nodesPerRouter).map((node) => model.queuedMax(node)),
  };
}

/** Runs a case on one build; every packet must arrive. */
export function runCore(meshCase: MeshCase, build: CoreBuild): Run {
  const { packets, options } = meshCase;
  const hops = packets.reduce((sum, { flits }) => sum + flits, 0) * (options.width + options.height);
  const mesh = new Mesh(options, { packets: packets.length, grants: hops }, build);
  const consumers = new Consumers(meshCase);
  const arrivals: Arrival[] = [];
  const take = (count: number): void => {
    for (let i = 0; i < count; i++) {
      const arrival = mesh.arrival(i);
      arrivals.push(arrival);
      consumers.arrive(arrival);
    }
    for (const { node, fabric, cycle } of consumers.take(mesh.time - 1)) mesh.consume(node, fabric, cycle);
  };
  let offered = 0;
  for (;;) {
    const next = Math.min(packets[offered]?.cycle ?? Number.POSITIVE_INFINITY, consumers.next);
    if (mesh.time < next) {
      if (mesh.nextEvent() === Number.POSITIVE_INFINITY && next === Number.POSITIVE_INFINITY) break;
      take(mesh.advance(next === Number.POSITIVE_INFINITY ? next : next - 1));
      continue;
    }
    for (const { node, fabric, cycle } of consumers.take(next)) mesh.consume(node, fabric, cycle);
    for (; packets[offered]?.cycle === next; offered++) {
      const { source, fabric, destination, flits } = packets[offered]!;
      mesh.offer(source, fabric, destination, flits, offered);
    }
  }
  const { grid } = mesh;
  const all = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
  const use = ({ flits, blockedCycles, bufferedMax }: ReturnType<Mesh['sourceUse']>) => ({
    flits,
    blockedCycles,
    bufferedMax,
  });
  const isEdge = (router: number, port: number): boolean => {
    const direction = grid.directionOf(port);
    return direction !== undefined && grid.neighbour(router, direction) === undefined;
  };
  return {
    arrivals: [...arrivals]
      .sort((a, b) => a.tag - b.tag)
      .map(({ tag, created, injected, head, tail }) => [tag, created, injected, head, tail]),
    grants: sorted(mesh.takeGrants()),
    flitHops: mesh.flitHops,
    outputs: all(options.fabrics).map((fabric) =>
      all(grid.routers).map((router) =>
        all(grid.ports).map((port) =>
          isEdge(router, port) ? null : use(mesh.outputUse(router, port, fabric)),
        ),
      ),
    ),
    sources: all(options.fabrics).map((f) => all(grid.nodes).map((node) => use(mesh.sourceUse(node, f)))),
    buffered: all(options.fabrics).map((f) => all(grid.routers).map((router) => mesh.bufferedMax(router, f))),
    queued: all(grid.nodes).map((node) => mesh.queuedMax(node)),
  };
}
