// The mesh by what must hold of it whatever the traffic: latencies and bandwidths that follow from its numbers, that
// nothing is lost and nothing hangs, and that its interface does what it says.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CoreBuild } from '../../host/machine/core-module.ts';
import { type Arrival, Mesh } from '../../host/mesh/mesh.ts';
import { DIRECTIONS, type Direction } from '../../host/mesh/mesh-grid.ts';
import { type MeshSetup, meshOptions, requireMesh } from '../../host/mesh/mesh-options.ts';
import { mix32 } from '../../host/mix32.ts';
import { userErrorOf } from '../support/errors.ts';

const BUILDS: readonly CoreBuild[] = ['release', 'scalar', 'debug'];

const MESHES: readonly (readonly [string, MeshSetup])[] = [
  ['three stages', { width: 4, height: 3, bufferFlits: 16, routingDelay: 1 }],
  ['two stages, tail credits', { width: 3, height: 4, bufferFlits: 16, releaseOnTailCredit: true }],
  ['one stage', { width: 5, height: 2, bufferFlits: 16, speculative: true, creditDelay: 2 }],
  [
    'concentrated, two fabrics',
    { topology: 'concentrated-mesh', width: 3, height: 2, nodesPerRouter: 4, fabrics: 2, bufferFlits: 16 },
  ],
  [
    'links of their own delay along x, y and between chips',
    {
      topology: 'concentrated-mesh',
      width: 4,
      height: 4,
      nodesPerRouter: 2,
      bufferFlits: 16,
      speculative: true,
      linkX: { delay: 39, period: 1 },
      linkY: { delay: 63, period: 1 },
      linkLocal: { delay: 3, period: 1 },
      chips: { width: 2, height: 2, link: { delay: 400, period: 1 } },
    },
  ],
];

/** Cycles from a head at the front of a buffer to one after its grant. */
function headCycles({ routingDelay, speculative }: ReturnType<typeof meshOptions>): number {
  return routingDelay + (speculative ? 1 : 2);
}

/** Runs until nothing moves; the arrivals by tag. */
function drain(mesh: Mesh): Arrival[] {
  const arrivals: Arrival[] = [];
  while (mesh.nextEvent() < Number.POSITIVE_INFINITY) {
    const count = mesh.advance(Number.POSITIVE_INFINITY);
    for (let i = 0; i < count; i++) {
      const arrival = mesh.arrival(i);
      arrivals[arrival.tag] = arrival;
    }
  }
  return arrivals;
}

/** Directions of the links between two nodes: x first, then y. */
function routeOf({ grid }: Mesh, from: number, to: number): { router: number; direction: Direction }[] {
  const goal = grid.placeOf(grid.routerOf(to));
  const route: { router: number; direction: Direction }[] = [];
  let router = grid.routerOf(from);
  for (;;) {
    const { x, y } = grid.placeOf(router);
    if (x === goal.x && y === goal.y) return route;
    const direction = x === goal.x ? (y < goal.y ? '+y' : '-y') : x < goal.x ? '+x' : '-x';
    route.push({ router, direction });
    router = grid.neighbour(router, direction)!;
  }
}

describe.each(MESHES)('a mesh of %s', (_, setup) => {
  const options = meshOptions(setup);
  const head = headCycles(options);

  it('takes D * (A + 1 + L) + A + 3 + s cycles for a packet of s flits, over every route', () => {
    const mesh = new Mesh(setup);
    const local = options.linkLocal.delay;
    for (let from = 0; from < mesh.grid.nodes; from++) {
      for (let to = 0; to < mesh.grid.nodes; to++) {
        const route = routeOf(mesh, from, to);
        expect(route).toHaveLength(mesh.grid.distance(from, to));
        const wires = route.map(({ router, direction }) => mesh.grid.link(router, direction).delay);
        const flits = 1 + ((from + to) % 4);
        const expected = wires.reduce((sum, wire) => sum + head + 1 + wire, 0) + head + 1 + 2 * local + flits;
        mesh.offer(from, to % options.fabrics, to, flits, 0);
        const [arrival] = drain(mesh);
        expect(arrival!.tail - arrival!.created, `${from} to ${to}`).toBe(expected);
        expect(arrival!.tail - arrival!.head).toBe(flits - 1);
      }
    }
  });

  it.each(BUILDS)('loses nothing and comes to rest, far above saturation, %s build', (build) => {
    const mesh = new Mesh(setup, {}, build);
    let flits = 0;
    let flitHops = 0;
    for (let i = 0; i < 600; i++) {
      const draw = mix32(i);
      const [from, to] = [draw % mesh.grid.nodes, (draw >>> 8) % mesh.grid.nodes];
      const size = 1 + ((draw >>> 20) % 5);
      flits += size;
      flitHops += size * mesh.grid.distance(from, to);
      mesh.offer(from, i % options.fabrics, to, size, i);
      if (i % 40 === 0) mesh.advance(mesh.time);
      expect(mesh.offered).toBe(mesh.arrived + mesh.inFlight);
    }
    drain(mesh);
    expect([mesh.offered, mesh.arrived, mesh.inFlight]).toEqual([600, 600, 0]);
    expect(mesh.flitHops).toBe(flitHops);
    const { grid } = mesh;
    let injected = 0;
    let carried = 0;
    let ejected = 0;
    for (let fabric = 0; fabric < options.fabrics; fabric++) {
      for (let node = 0; node < grid.nodes; node++) {
        injected += mesh.sourceUse(node, fabric).flits;
        ejected += mesh.outputUse(grid.routerOf(node), grid.portOf(node), fabric).flits;
      }
      for (let router = 0; router < grid.routers; router++)
        for (const direction of DIRECTIONS)
          carried += mesh.outputUse(router, grid.portTo(direction), fabric).flits;
    }
    expect([injected, carried, ejected]).toEqual([flits, flitHops, flits]);
  });

  it('starts over after a reset', () => {
    const mesh = new Mesh(setup);
    const run = (): Arrival[] => {
      for (let i = 0; i < 100; i++) mesh.offer(mix32(i) % mesh.grid.nodes, 0, i % mesh.grid.nodes, 3, i);
      return drain(mesh);
    };
    const first = run();
    mesh.offer(0, 0, mesh.grid.nodes - 1, 9, 0);
    mesh.advance(mesh.time + 3);
    mesh.reset();
    expect([mesh.time, mesh.offered, mesh.inFlight, mesh.flitHops]).toEqual([0, 0, 0, 0]);
    expect(run()).toEqual(first);
  });
});

describe('one flow', () => {
  /** Cycles between the first and the last flit of a long packet over one link, per flit. */
  const cyclesPerFlit = (setup: Partial<MeshSetup>, flits = 2001): number => {
    const mesh = new Mesh({ width: 2, height: 1, ...setup });
    mesh.offer(0, 0, 1, flits, 0);
    const [arrival] = drain(mesh);
    return (arrival!.tail - arrival!.head) / (flits - 1);
  };

  it.each([1, 2, 3, 4, 5, 8])(
    'of a long packet has min(1, %i buffers / credit loop) flits per cycle',
    (b) => {
      // The loop of a link is 3 + 2 L + creditDelay, that of the sink 5 + creditDelay.
      expect(cyclesPerFlit({ bufferFlits: b })).toBeCloseTo(Math.max(1, 5 / b), 2);
      expect(cyclesPerFlit({ bufferFlits: b, creditDelay: 2 })).toBeCloseTo(Math.max(1, 7 / b), 2);
      const linkX = { delay: 4, period: 1 };
      expect(cyclesPerFlit({ bufferFlits: b, linkX })).toBeCloseTo(Math.max(1, 11 / b), 2);
    },
  );

  it.each([1, 2, 7])('of a long packet has one flit in %i cycles over a link of that period', (period) => {
    // The head waits for its outputs, the flits behind it do not: the first gap may be shorter.
    expect(cyclesPerFlit({ bufferFlits: 8, linkX: { delay: 1, period } })).toBeCloseTo(period, 2);
    expect(cyclesPerFlit({ bufferFlits: 8, linkLocal: { delay: 1, period } })).toBeCloseTo(period, 2);
  });

  /** Cycles between packets that are sent back to back. */
  const cyclesPerPacket = (setup: Partial<MeshSetup>, flits: number, packets = 201): number => {
    const mesh = new Mesh({ width: 2, height: 1, bufferFlits: 32, ...setup });
    for (let i = 0; i < packets; i++) mesh.offer(0, 0, 1, flits, i);
    const arrivals = drain(mesh);
    return (arrivals[packets - 1]!.tail - arrivals[packets - 101]!.tail) / 100;
  };

  it.each([
    { routingDelay: 0, speculative: true },
    { routingDelay: 0, speculative: false },
    { routingDelay: 1, speculative: false },
    { routingDelay: 3, speculative: true },
  ])('of packets back to back has one in s - 1 + A cycles, %j', (setup) => {
    const head = headCycles(meshOptions({ width: 2, height: 1, ...setup }));
    for (const flits of [1, 2, 5]) expect(cyclesPerPacket(setup, flits)).toBe(flits - 1 + head);
  });

  it.each([
    { creditDelay: 0, speculative: false },
    { creditDelay: 3, speculative: false },
    { creditDelay: 0, speculative: true },
  ])('waits for the tail credit between packets if it must, %j', (setup) => {
    const options = meshOptions({ width: 2, height: 1, ...setup });
    for (const flits of [1, 3]) {
      const expected =
        flits - 1 + (5 + setup.creditDelay) + (headCycles(options) - 1) + (setup.speculative ? 0 : 1);
      expect(cyclesPerPacket({ ...setup, releaseOnTailCredit: true }, flits)).toBe(expected);
    }
  });
});

describe('the interface of the mesh', () => {
  it('skips cycles in which nothing happens', () => {
    const mesh = new Mesh({ width: 2, height: 1, linkX: { delay: 5000, period: 1 } });
    mesh.offer(0, 0, 1, 1, 7);
    expect(mesh.nextEvent()).toBe(0);
    expect(mesh.advance(10)).toBe(0);
    expect(mesh.time).toBe(11);
    expect(mesh.nextEvent()).toBeGreaterThan(5000);
    expect(mesh.advance(Number.POSITIVE_INFINITY)).toBe(1);
    const { tail, tag } = mesh.arrival(0);
    expect([tag, tail, mesh.time]).toEqual([7, 5000 + 9, tail + 1]);
    expect(mesh.advance(Number.POSITIVE_INFINITY)).toBe(0);
    expect(mesh.nextEvent()).toBe(Number.POSITIVE_INFINITY);
  });

  it('lists what arrives in one cycle by node and fabric', () => {
    const mesh = new Mesh({
      topology: 'concentrated-mesh',
      width: 1,
      height: 1,
      nodesPerRouter: 4,
      fabrics: 2,
    });
    for (const [tag, node] of [3, 0, 2, 1].entries()) mesh.offer(node, tag % 2, node, 1, tag);
    mesh.offer(2, 1, 3, 1, 4);
    expect(mesh.advance(Number.POSITIVE_INFINITY)).toBe(5);
    const places = [0, 1, 2, 3, 4].map((i) => [mesh.arrival(i).node, mesh.arrival(i).fabric]);
    expect(places).toEqual([
      [0, 1],
      [1, 1],
      [2, 0],
      [3, 0],
      [3, 1],
    ]);
  });

  it('returns when a packet has left the queue of a watched node', () => {
    const mesh = new Mesh({ width: 2, height: 1 });
    mesh.watch(0, true);
    for (let i = 0; i < 3; i++) mesh.offer(0, 0, 1, 2, i);
    expect(mesh.queued(0)).toBe(3);
    expect(mesh.advance(Number.POSITIVE_INFINITY)).toBe(0);
    expect([mesh.queued(0), mesh.time]).toEqual([2, 2]);
    mesh.watch(0, false);
    expect(mesh.advance(Number.POSITIVE_INFINITY)).toBe(1);
    expect([mesh.queued(0), mesh.queuedMax(0)]).toEqual([0, 3]);
  });

  it('stalls behind a sink whose packets nobody consumes, and goes on when somebody does', () => {
    const mesh = new Mesh({ width: 3, height: 1, sinks: 'stalling', sinkFlits: 2, bufferFlits: 4 });
    for (let i = 0; i < 12; i++) mesh.offer(0, 0, 2, 1, i);
    while (mesh.nextEvent() < Number.POSITIVE_INFINITY) mesh.advance(Number.POSITIVE_INFINITY);
    expect([mesh.arrived, mesh.inFlight]).toEqual([2, 10]);
    for (let left = 10; left > 0; left--) {
      mesh.consume(2, 0, mesh.time);
      expect(mesh.advance(Number.POSITIVE_INFINITY)).toBe(1);
    }
    expect(mesh.inFlight).toBe(0);
  });

  it('does the same with sinks that consume at once as with ideal ones', () => {
    const property = fc.property(fc.array(fc.nat(2 ** 20), { minLength: 1, maxLength: 60 }), (draws) => {
      const run = (sinks: 'ideal' | 'stalling'): Arrival[] => {
        const mesh = new Mesh({ width: 3, height: 3, bufferFlits: 1, releaseOnTailCredit: true, sinks });
        draws.forEach((draw, tag) => {
          mesh.offer(draw % 9, 0, (draw >> 4) % 2, 1 + ((draw >> 8) % 3), tag);
        });
        const arrivals: Arrival[] = [];
        while (mesh.inFlight > 0) {
          const count = mesh.advance(Number.POSITIVE_INFINITY);
          for (let i = 0; i < count; i++) {
            const arrival = mesh.arrival(i);
            arrivals[arrival.tag] = arrival;
            if (sinks === 'stalling') mesh.consume(arrival.node, arrival.fabric, arrival.tail);
          }
        }
        return arrivals;
      };
      expect(run('stalling')).toEqual(run('ideal'));
    });
    fc.assert(property, { numRuns: 30, seed: 1 });
  });

  it('refuses a packet for which there is no room', () => {
    const mesh = new Mesh({ width: 2, height: 1 }, { packets: 2 });
    mesh.offer(0, 0, 1, 1, 0);
    mesh.offer(0, 0, 1, 1, 1);
    expect(() => mesh.offer(0, 0, 1, 1, 2)).toThrow('no room for more than 2 packets');
    drain(mesh);
    mesh.offer(0, 0, 1, 1, 2);
    expect(drain(mesh)).toHaveLength(3);
  });

  it.each([
    [{ width: 0 }, 'mesh: width is 0, not a whole number of 1 to 4096'],
    [{ bufferFlits: 0 }, /^mesh: bufferFlits is 0/],
    [{ nodesPerRouter: 2 }, 'mesh: nodesPerRouter is 2, not a whole number of 1 to 1'],
    [{ topology: 'concentrated-mesh' as const, nodesPerRouter: 61 }, /nodesPerRouter is 61.* 1 to 60$/],
    [{ linkLocal: { delay: 0, period: 1 } }, /^mesh: linkLocal\.delay is 0/],
    [{ linkX: { delay: 1, period: 0 } }, /^mesh: linkX\.period is 0/],
    [{ routingDelay: 0.5 }, /^mesh: routingDelay is 0\.5/],
    [{ chips: { width: 0, height: 1, link: { delay: 1, period: 1 } } }, /^mesh: chips\.width is 0/],
  ])('refuses what cannot be built: %j', (setup, message) => {
    const { message: said } = userErrorOf(() => requireMesh(meshOptions({ width: 2, height: 2, ...setup })));
    expect(said).toMatch(message);
  });

  it('has routers of 60 nodes', () => {
    const mesh = new Mesh({ topology: 'concentrated-mesh', width: 2, height: 2, nodesPerRouter: 60 });
    for (let node = 0; node < mesh.grid.nodes; node++) mesh.offer(node, 0, (node * 7 + 3) % 240, 1, node);
    expect(drain(mesh)).toHaveLength(240);
  });
});
