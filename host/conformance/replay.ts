// Replays a vector on the core and gives what was recorded of it, in the vector's own order.

import { compile } from '../compile/compile.ts';
import type { CoreBuild } from '../machine/core-module.ts';
import { EventList } from '../machine/event-list.ts';
import { Machine } from '../machine/machine.ts';
import type { ProjectionProbeKind } from '../machine/projection-probe.ts';
import { type BuiltVector, buildVector, PRESENTATION } from './build.ts';
import { ConformanceError } from './conformance-error.ts';
import type { Vector } from './vector.ts';

/** Recorded values of one variable. */
export interface Recording {
  /** `id.variable`. */
  readonly name: string;
  readonly id: string;
  readonly variable: string;
  /** Of one step, e.g. [n] or [post][pre]. */
  readonly shape: readonly number[];
  /** [step][element], elements in the order of the shape; one row only for what does not change. */
  readonly rows: readonly Int32Array[];
}

const PROJECTION_PROBES: Readonly<Record<string, ProjectionProbeKind>> = {
  a_out: 'output',
  weights: 'weights',
  x1: 'x1',
  x2: 'x2',
  y1: 'y1',
  y2: 'y2',
  y3: 'y3',
  tag_1: 'tags',
  tag_2: 'delays',
};
/** Units of u in one of the accumulator. */
const UNIT = 64;
/** Expected entries of a connection that are not variables. */
const NOT_RECORDED = ['at'];

/** A [from][to] matrix as [post][pre]. */
function transpose(matrix: Int32Array, rows: number, columns: number): Int32Array {
  const transposed = new Int32Array(matrix.length);
  for (let from = 0; from < rows; from++) {
    for (let to = 0; to < columns; to++) transposed[to * rows + from] = matrix[from * columns + to]!;
  }
  return transposed;
}

/**
 * The weights of a projection as they act, [from][to]: in weight units where the sum takes the exponent, else in
 * units of u.
 */
function effectiveWeights(machine: Machine, built: BuiltVector, name: string): Int32Array {
  const inWeightUnits = built.chip.semantics.exponentPlace === 'sum';
  const { rows, columns, blocks } = machine.image.projections.find((item) => item.name === name)!;
  const effective = new Int32Array(rows * columns);
  for (const { core, block } of blocks) {
    const {
      wide,
      weights,
      exponent,
      columnElement,
      columns: width,
    } = machine.image.cores[core]!.blocks[block]!;
    const stored = wide === null ? weights! : machine.weights.readWide(name);
    const shift = wide === null ? exponent : wide.synapseShift;
    const limit = wide === null || wide.synapseLimit === 0 ? Number.POSITIVE_INFINITY : wide.synapseLimit;
    const at = (from: number, to: number): number =>
      wide === null ? from * width + to : from * columns + columnElement + to;
    for (let from = 0; from < rows; from++) {
      for (let to = 0; to < width; to++) {
        const weight = stored[at(from, to)]!;
        const acts = Math.floor(weight * 2 ** shift);
        effective[from * columns + columnElement + to] = inWeightUnits
          ? weight
          : Math.min(Math.max(acts, -limit), limit) * UNIT;
      }
    }
  }
  return effective;
}

/** Every expected variable, in the order of the file. */
function expectedVariables(vector: Vector): { id: string; variable: string }[] {
  return Object.entries(vector.expected).flatMap(([id, variables]) =>
    Object.keys(variables)
      .filter((variable) => !NOT_RECORDED.includes(variable))
      .map((variable) => ({ id, variable })),
  );
}

interface Watch {
  readonly id: string;
  readonly variable: string;
  readonly shape: readonly number[];
  readonly read: () => readonly Int32Array[];
}

function watchVariable(
  machine: Machine,
  built: BuiltVector,
  vector: Vector,
  id: string,
  variable: string,
): Watch {
  const population = built.populations.get(id);
  if (population !== undefined) {
    const recorded = population.variable(variable);
    if (recorded === undefined) {
      throw new ConformanceError(`cannot be replayed: ${id} has no variable "${variable}"`);
    }
    const probe = machine.probes.add(recorded.population, recorded.probe, vector.steps);
    return { id, variable, shape: [probe.size], read: () => machine.probes.drain(probe) };
  }
  const projection = built.projections.get(id);
  if (projection === undefined) {
    throw new ConformanceError(`is malformed: expected "${id}" is no population and no connection`);
  }
  const { rows, columns } = projection;
  const turn = (matrix: Int32Array): Int32Array => transpose(matrix, rows, columns);
  if (variable === 'weights_effective') {
    const weights = turn(effectiveWeights(machine, built, id));
    return { id, variable, shape: [columns, rows], read: () => [weights] };
  }
  const kind = PROJECTION_PROBES[variable];
  if (kind === undefined) {
    throw new ConformanceError(`cannot be replayed: connection ${id} has no variable "${variable}"`);
  }
  const probe = machine.probes.addOnProjection(id, kind, vector.steps);
  if (probe.size !== rows * columns || ['x1', 'x2', 'y1', 'y2', 'y3', 'a_out'].includes(variable)) {
    return { id, variable, shape: [probe.size], read: () => machine.probes.drainProjection(probe) };
  }
  return {
    id,
    variable,
    shape: [columns, rows],
    read: () => machine.probes.drainProjection(probe).map(turn),
  };
}

/** Events by step and element; the last one of a place counts, and 0 is no event. */
function eventsOf(vector: Vector, id: string): Map<number, Map<number, number>> {
  const { n, events } = vector.input[id]!;
  const steps = new Map<number, Map<number, number>>();
  for (const [step, element, value = 1] of events) {
    if (step < 1 || element < 0 || element >= n) {
      throw new ConformanceError(`is malformed: input ${id} has an event [${step}, ${element}]`);
    }
    if (step > vector.steps) continue;
    const elements = steps.get(step) ?? new Map<number, number>();
    steps.set(step, elements);
    if (value === 0) elements.delete(element);
    else elements.set(element, value);
  }
  return steps;
}

function pushInputs(events: EventList, built: BuiltVector, vector: Vector): void {
  for (const id of Object.keys(vector.input)) {
    const steps = eventsOf(vector, id);
    for (const port of built.ports.get(id) ?? []) {
      const { first } = events.port(port);
      for (const [step, elements] of steps)
        for (const [element, value] of elements) events.push(step - 1, first + element, value);
    }
  }
}

/** Probe buffers: every expected variable as words, with room for alignment. */
function probeBytes(built: BuiltVector, vector: Vector): number {
  const sizeOf = (id: string): number => {
    const projection = built.projections.get(id);
    if (projection !== undefined)
      return projection.rows * projection.columns + projection.rows + projection.columns;
    return vector.network.populations.find((population) => population.id === id)?.n ?? 1;
  };
  return expectedVariables(vector).reduce((sum, { id }) => sum + sizeOf(id) * 4 * vector.steps + 64, 64);
}

export interface ReplayOptions {
  readonly seed?: number;
  readonly build?: CoreBuild;
  readonly programs?: 'compiled' | 'interpreted';
}

/**
 * Runs a vector.
 * @param options `seed` of the random streams, if the vector brings no numbers (default 1); the core's build, and how it
 *   runs neuron programs
 * @throws ConformanceError if it cannot be run
 */
export function replay(vector: Vector, options: ReplayOptions = {}): Recording[] {
  const built = buildVector(vector, options.seed ?? 1);
  const { image } = compile(built.network, built.chip);
  const events = new EventList(image);
  pushInputs(events, built, vector);
  const machine = new Machine(image, {
    build: options.build ?? 'release',
    ...(options.programs === undefined ? {} : { programs: options.programs }),
    events: Math.max(1, events.count),
    probeBytes: probeBytes(built, vector),
    probeRecords: expectedVariables(vector).length,
  });
  const watches = expectedVariables(vector).map(({ id, variable }) =>
    watchVariable(machine, built, vector, id, variable),
  );
  machine.present(PRESENTATION, events);
  return watches.map(({ id, variable, shape, read }) => ({
    name: `${id}.${variable}`,
    id,
    variable,
    shape,
    rows: read(),
  }));
}
