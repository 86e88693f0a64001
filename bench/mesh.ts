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

/** Uniform traffic of single flits, so many per node and thousand cycles; a unit is a flit over a link between routers. */
function contender(name: string, setup: MeshSetup, perThousand: number): Contender {
  const mesh = new Mesh(setup, { packets: 2 ** 20 });
  const threshold = (perThousand / 1000) * WORD;
  let draws = 0;
  const slice = (): number => {
    const before = mesh.flitHops;
    const end = mesh.time + CYCLES;
    while (mesh.time < end) {
      for (let node = 0; node < mesh.grid.nodes; node++) {
        const draw = mix32(draws++);
        if (draw < threshold) mesh.offer(node, draw & 1, mix32(draw) % mesh.grid.nodes, 1, 0);
      }
      mesh.advance(mesh.time);
    }
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
