// HW 5: a projection over many cores. Spikes, synaptic operations and messages are those of every core on its own,
// however the emulator bundles the rows of these cores; the expected numbers are worked out here from the synapses.

import { describe, expect, it } from 'vitest';
import { coreLayout } from '../../host/machine/core-module.ts';
import { mapMemory } from '../../host/machine/memory-map.ts';
import { measureCores } from '../../host/measure/measure.ts';
import type { Connection } from '../../host/network/network.ts';
import {
  BUILDS,
  compileSmall,
  EXACT,
  SILENT,
  SmallMachine,
  type SmallNetwork,
} from '../support/small-network.ts';

const SOURCES = 12;
const CELLS = 90;
const CORES = 3;
const PER_CORE = CELLS / CORES;

/** Weight of a synapse in mantissa units; 0 where a sparse projection has none. */
function weight(from: number, to: number): number {
  return 2 * (((from * 37 + to * 11) % 100) - 50);
}

function exists(from: number, to: number): boolean {
  return (from * 5 + to * 7) % 4 === 0;
}

/** Source 0 reaches the first core only, source 1 none, the others all. */
function reaches(from: number, to: number): boolean {
  return exists(from, to) && (from > 1 || (from === 0 && to < PER_CORE));
}

const dense: Connection = {
  kind: 'all',
  weights: Int16Array.from({ length: SOURCES * CELLS }, (_, i) => weight(Math.floor(i / CELLS), i % CELLS)),
};

function sparse(): Connection {
  const rowStart = new Uint32Array(SOURCES + 1);
  const targets: number[] = [];
  const weights: number[] = [];
  for (let from = 0; from < SOURCES; from++) {
    for (let to = 0; to < CELLS; to++) {
      if (!reaches(from, to)) continue;
      targets.push(to);
      weights.push(weight(from, to));
    }
    rowStart[from + 1] = targets.length;
  }
  return { kind: 'sparse', rowStart, targets: Uint32Array.from(targets), weights: Int16Array.from(weights) };
}

const CASES = {
  dense: { connection: dense, has: () => true },
  sparse: { connection: sparse(), has: reaches },
} as const;
type Kind = keyof typeof CASES;

function network(kind: Kind, delay: number): SmallNetwork {
  return {
    coreClasses: [{ name: 'core', cores: CORES }],
    ports: [{ name: 'in', size: SOURCES }],
    populations: [{ name: 'cells', size: CELLS, compartment: SILENT }],
    projections: [
      {
        name: 's',
        from: 'in',
        to: 'cells',
        connection: CASES[kind].connection,
        synapse: { ...EXACT, delay },
      },
    ],
  };
}

/** Every element once, and one of them far more often than its row is long. */
const OFTEN = 7;
const SPIKES = [...Array.from({ length: SOURCES }, (_, i) => i), ...Array.from({ length: 100 }, () => OFTEN)];

function spikesOf(from: number): number {
  return from === OFTEN ? 101 : 1;
}

function sumOver(sources: readonly number[], value: (from: number) => number): number {
  return sources.reduce((sum, from) => sum + value(from), 0);
}

const ALL = Array.from({ length: SOURCES }, (_, i) => i);
const CELL = Array.from({ length: CELLS }, (_, i) => i);

describe.each(BUILDS)('HW 5 projections over cores, %s build', (build) => {
  it.each([
    ['dense', 0],
    ['dense', 2],
    ['sparse', 0],
    ['sparse', 2],
  ] as const)('add every weight once per spike, and count it at its core: %s, delay %i', (kind, delay) => {
    const { has } = CASES[kind];
    const { image } = compileSmall(network(kind, delay));
    const small = new SmallMachine(image, build).watch('cells', 'u');
    small.step({ in: SPIKES }).steps(delay);
    expect(small.read('cells', 'u').every((u) => u === 0)).toBe(true);
    const current = small.step().read('cells', 'u');
    expect(current).toEqual(
      CELL.map((to) => sumOver(ALL, (from) => (has(from, to) ? spikesOf(from) * weight(from, to) * 64 : 0))),
    );
    const cores = measureCores(small.machine);
    for (let core = 0; core < CORES; core++) {
      const here = CELL.slice(core * PER_CORE, (core + 1) * PER_CORE);
      const operations = sumOver(ALL, (from) => spikesOf(from) * here.filter((to) => has(from, to)).length);
      const messages = sumOver(ALL, (from) => (here.some((to) => has(from, to)) ? spikesOf(from) : 0));
      expect(Number(cores[core]!.synapticOps)).toBe(operations);
      expect(Number(cores[core]!.inputAxonEvents)).toBe(messages);
    }
    expect(
      small
        .step()
        .read('cells', 'u')
        .every((u) => u === 0),
    ).toBe(true);
  });

  it('share the queue of their rows', () => {
    const places = (['dense', 'sparse'] as const).map((kind) =>
      mapMemory(compileSmall(network(kind, 0)).image, coreLayout(build), {
        events: 0,
        probeBytes: 0,
        probeCount: 0,
      }),
    );
    expect(places.map(({ bundles }) => bundles.map(({ members }) => members.length))).toEqual([[CORES], []]);
    expect(places.map(({ spans }) => spans.map(({ members }) => members.length))).toEqual([[], [CORES]]);
  });
});
