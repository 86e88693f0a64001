// The mesh alone, one thread: flit-hops a second on 8 x 4 routers with four nodes each and two fabrics, under uniform traffic
// well below and near saturation, and with the delays of a chip in quanta of 0.1 ns, where most cycles are empty.

import { Mesh } from '../host/mesh/mesh.ts';
import type { MeshSetup } from '../host/mesh/mesh-options.ts';
import { mix32 } from '../host/mix32.ts';
import { type BenchResult, type Contender, compete } from './bench.ts';

const CYCLES = 2000;
const WORD = 2 ** 32;

const ROUTERS: MeshSetup = {
  topology: 'concentrated-mesh',
  width: 8,
  height: 4,
  nodesPerRouter: 4,
  fabrics: 2,
  bufferFlits: 8,
  speculative: true,
};

/** 4.1 and 6.5 ns a hop [HW 6.1], a flit in 0.3 ns on every link. */
const CHIP: MeshSetup = {
  ...ROUTERS,
  bufferFlits: 64,
  linkX: { delay: 39, period: 3 },
  linkY: { delay: 63, period: 3 },
  linkLocal: { delay: 9, period: 3 },
};

/** Packets of a slice in the order of their cycles: made once, so that the mesh alone is timed. */
function uniformTraffic(nodes: number, perThousand: number): readonly (readonly [number, number, number])[] {
  const packets: [number, number, number][] = [];
  for (let cycle = 0; cycle < CYCLES; cycle++) {
    for (let node = 0; node < nodes; node++) {
      const draw = mix32(cycle * nodes + node);
      if (draw < (perThousand / 1000) * WORD) packets.push([cycle, node, mix32(draw) % nodes]);
    }
  }
  return packets;
}

/** Uniform traffic of single flits, so many per node and thousand cycles; a unit is a flit over a link between routers. */
function contender(name: string, setup: MeshSetup, perThousand: number): Contender {
  const mesh = new Mesh(setup, { packets: 2 ** 16 });
  const packets = uniformTraffic(mesh.grid.nodes, perThousand);
  const slice = (): number => {
    const before = mesh.flitHops;
    const start = mesh.time;
    packets.forEach(([cycle, from, to], i) => {
      while (mesh.time < start + cycle) mesh.advance(start + cycle - 1);
      mesh.offer(from, i & 1, to, 1, 0);
    });
    while (mesh.inFlight > 0) mesh.advance(Number.POSITIVE_INFINITY);
    return mesh.flitHops - before;
  };
  return { name, slice };
}

/** Flit-hops per second of CPU time; the ratio is that of the first load to the last. */
export function meshBenchmark(): BenchResult {
  return compete('mesh, 8 x 4 routers, 128 nodes, two fabrics, one thread', 'flit-hops/s', [
    contender('half load', ROUTERS, 100),
    contender('near saturation', ROUTERS, 180),
    contender('chip delays', CHIP, 10),
  ]);
}
