// Recorded runs of a mesh: small ones worked out by hand from the rules, what is said of one that differs, and what is
// refused.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runConformance } from '../../../host/conformance/conformance.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'seamount-noc-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Two routers in a row, two-stage, 4 buffers: A = 2, L = 1. */
const NETWORK = {
  topology: 'mesh',
  width: 2,
  height: 1,
  nodesPerRouter: 1,
  nodeNumbering: 'y*width+x',
  routing: 'xy',
  virtualChannels: 1,
  fabrics: 1,
  bufferFlits: 4,
  routingDelay: 0,
  allocDelay: 1,
  switchAllocDelay: 1,
  switchDelay: 1,
  linkDelay: 1,
  localLinkDelay: 1,
  creditDelay: 0,
  speculative: false,
  releaseOnTailCredit: false,
};

const COMMON = { schema: 'seamount-noc/1', name: 'small', network: NETWORK };

// Latency = D * 4 + 5 + s.
const ZERO_LOAD = {
  ...COMMON,
  kind: 'zero-load',
  hops: { '0': 6, '1': 10 },
  latencies: [
    [0, 1, 1, 10],
    [1, 0, 2, 11],
    [1, 1, 3, 8],
  ],
};

// A packet of two flits, and one of one flit behind it. The source sends in cycles 3, 4, 5; the heads reach router 0 in
// cycles 5 and 7, ask at once or when the tail has gone, and are switched one cycle after the allocation.
const TRACE = {
  ...COMMON,
  kind: 'trace',
  packets: [
    [3, 0, 1, 2, 0],
    [3, 0, 1, 1, 0],
  ],
  arrivals: [
    [3, 13, 14],
    [5, 16, 16],
  ],
  grants: [
    [6, 0, 4, 0, 0, 0],
    [7, 0, 4, 0, 0, 1],
    [9, 0, 4, 0, 1, 0],
    [10, 1, 1, 4, 0, 0],
    [11, 1, 1, 4, 0, 1],
    [13, 1, 1, 4, 1, 0],
  ],
};

// Both nodes send a flit to each other in cycles 0 and 1; a link carries one single-flit packet in A = 2 cycles, so the second
// one of each arrives two cycles after the first.
const SWEEP_POINT = {
  threshold: 2 ** 32,
  packets: 4,
  flits: 4,
  flitHops: 4,
  latencySum: 42,
  latencyMin: 10,
  latencyMax: 11,
  networkLatencySum: 42,
  lastArrival: 12,
  arrivedByEnd: 0,
  arrivalCrc32: 0,
  meanLatency: 10.5,
};

const SWEEP = {
  ...COMMON,
  kind: 'sweep',
  traffic: { cycles: 2, seed: 1, pattern: { kind: 'complement' }, sizes: [1] },
  points: [{ ...SWEEP_POINT, arrivalCrc32: crcOf([10, 10, 12, 12]) }],
};

function crcOf(cycles: readonly number[]): number {
  const words = new DataView(new ArrayBuffer(4 * cycles.length));
  cycles.forEach((cycle, i) => {
    words.setUint32(4 * i, cycle, true);
  });
  return crc32(new Uint8Array(words.buffer));
}

// Every packet alone takes 10 cycles at a hundredth of the load that a link can carry.
const CURVE_RUN = [10, 10, 12, 10, 0.005, 90];
const CURVE = {
  ...COMMON,
  kind: 'curve',
  traffic: { pattern: { kind: 'complement' }, size: 1, process: 'bernoulli', fabricChoice: 'single' },
  warmupCycles: 9000,
  measuredCycles: 9000,
  saturation: [0.4, 0.5],
  runFields: [
    'meanLatency',
    'minLatency',
    'maxLatency',
    'meanNetworkLatency',
    'acceptedFlitsPerNodeCycle',
    'packets',
  ],
  points: [{ packetRate: 0.005, offered: 0.005, stable: true, runs: [CURVE_RUN, CURVE_RUN, CURVE_RUN] }],
};

let files = 0;

/** What a replay says of a file; null if it passes. */
function saidOf(value: object): string | null {
  const file = join(folder, `run-${files++}.json`);
  writeFileSync(file, JSON.stringify(value));
  const checks = [...runConformance([file])];
  expect(checks).toHaveLength(1);
  expect(checks[0]!.name).toBe(file.replace(/\.json$/, ''));
  return checks[0]!.failure;
}

function withNetwork(changes: object): object {
  return { ...ZERO_LOAD, network: { ...NETWORK, ...changes } };
}

describe('recorded runs of a mesh', () => {
  it.each([ZERO_LOAD, TRACE, SWEEP, CURVE])('$kind: what the rules give passes', (value) => {
    expect(saidOf(value)).toBeNull();
  });

  it.each([
    [{ ...ZERO_LOAD, hops: { '1': 9 } }, 'hops 1, latency: expected 9, got 10'],
    [
      {
        ...ZERO_LOAD,
        latencies: [
          [0, 1, 1, 10],
          [0, 1, 2, 12],
        ],
      },
      'packet 1 (0 to 1, 2 flits), latency: expected 12, got 11',
    ],
    [
      {
        ...TRACE,
        arrivals: [
          [3, 13, 14],
          [5, 16, 17],
        ],
      },
      'packet 1, tail: expected 17, got 16',
    ],
    [
      { ...TRACE, grants: TRACE.grants.with(2, [9, 0, 4, 0, 1, 1]) },
      'grant 2 [9, 0, 4, 0, 1, 1], flit: expected 1, got 0',
    ],
    [{ ...TRACE, grants: TRACE.grants.slice(1) }, 'grants, count: expected 5, got 6'],
    [
      { ...SWEEP, points: [...SWEEP.points, { ...SWEEP.points[0], latencyMax: 10 }] },
      'point 1, latencyMax: expected 10, got 11',
    ],
    [
      { ...SWEEP, points: [SWEEP_POINT] },
      `point 0, arrivalCrc32: expected 0, got ${crcOf([10, 10, 12, 12])}`,
    ],
  ])('says where a run differs first', (value, line) => {
    expect(saidOf(value)).toBe(line);
  });

  it('judges a curve by throughput and latency, and says by how much they may differ', () => {
    const run = (latency: number | null, accepted: number) => [latency, 10, 12, 10, accepted, 90];
    const point = (runs: object[], changes = {}) => ({
      ...CURVE,
      points: [{ ...CURVE.points[0], runs, ...changes }],
    });
    const of = (latency: number | null, accepted: number) => [1, 2, 3].map(() => run(latency, accepted));
    expect(saidOf(point(of(10, 0.008)))).toMatch(
      /^point 0, accepted: expected 0\.00800000 ± 0\.00177, got 0\.00\d+$/,
    );
    expect(saidOf(point(of(11, 0.005)))).toMatch(
      /^point 0, mean latency: expected 11\.0000 ± 0\.330, got 10\.\d+$/,
    );
    // Latency is not compared where the reference did not settle.
    expect(saidOf(point(of(null, 0.005), { stable: false }))).toBeNull();
    expect(saidOf(point(of(null, 0.005)))).toBe('is malformed: points.0.runs has no meanLatency');
    // Said to be stable, and is not: both nodes send more than a link carries, and their queues grow.
    const overloaded = { packetRate: 0.9, offered: 0.2, stable: true };
    expect(saidOf(point(of(12, 0.5), overloaded))).toMatch(
      /^point 0, mean latency: expected 12\.0000 ± 0\.360, got \d{4}\.\d+$/,
    );
  });

  it.each([
    [{ ...ZERO_LOAD, kind: 'survey' }, /^is malformed: kind: /],
    [withNetwork({ width: 0 }), /^cannot be replayed: mesh: width is 0, not a whole number of 1 to 4096$/],
    [withNetwork({ bufferFlits: 0 }), /^cannot be replayed: mesh: bufferFlits is 0/],
    [withNetwork({ virtualChannels: 2 }), /^is malformed: network\.virtualChannels: /],
    [withNetwork({ routing: 'yx' }), /^is malformed: network\.routing: /],
    [withNetwork({ express: true }), /^is malformed: network: .*express/],
    [
      withNetwork({ nodeNumbering: '(x*height+y)*nodesPerRouter+local' }),
      /^is malformed: network\.nodeNumbering: is not that of the topology$/,
    ],
    [withNetwork({ nodesPerRouter: 2 }), /nodesPerRouter is 2/],
    [{ ...ZERO_LOAD, hops: { '2': 14 } }, /^is malformed: no nodes are 2 hops apart$/],
    [{ ...ZERO_LOAD, latencies: [[0, 2, 1, 10]] }, /^is malformed: latencies\[0\] is node 2 of 2$/],
    [
      {
        ...TRACE,
        packets: [
          [3, 0, 1, 2, 1],
          [3, 0, 1, 1, 0],
        ],
      },
      /^is malformed: packet 0 is in fabric 1 of 1$/,
    ],
    [
      {
        ...TRACE,
        packets: [
          [3, 0, 1, 2, 0],
          [2, 0, 1, 1, 0],
        ],
      },
      /^is malformed: packet 1 is earlier/,
    ],
    [{ ...TRACE, packets: [[3, 0, 1, 0, 0]] }, /^is malformed: packets\.0\.3: /],
    [{ ...TRACE, arrivals: [] }, /^is malformed: 0 arrivals of 2 packets$/],
    [
      { ...SWEEP, traffic: { ...SWEEP.traffic, pattern: { kind: 'hotspot', nodes: [2], fraction256: 9 } } },
      /^is malformed: a hot spot is node 2 of 2$/,
    ],
  ])('fails what it cannot run, with a line', (value, line) => {
    expect(saidOf(value)).toMatch(line);
  });

  it('refuses a pattern that leads out of the mesh', () => {
    const network = { ...NETWORK, width: 4, height: 2 };
    const traffic = { ...SWEEP.traffic, pattern: { kind: 'transpose' } };
    expect(saidOf({ ...SWEEP, network, traffic })).toBe(
      'is malformed: the transpose of node 2 is node 8 of 8',
    );
  });
});
