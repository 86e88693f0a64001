// From a vector to a network: inputs become ports, populations and connections what their models say, connections
// of type `direct` wires. Everything is on one core of a chip that has the limits of the models, not of silicon.

import { loadChip } from '../chip/load.ts';
import type { Chip } from '../chip/schema.ts';
import { PRESETS, type PresetName, type Semantics } from '../chip/semantics.ts';
import { NetworkBuilder } from '../network/builder.ts';
import type { Network, RandomTape } from '../network/network.ts';
import { ConformanceError } from './conformance-error.ts';
import { connectionType } from './connections.ts';
import { type BuiltPopulation, CORE_CLASS, type InputEnd } from './population-model.ts';
import { populationModel } from './populations.ts';
import type { Vector, VectorConnection, VectorPopulation, VectorRandom } from './vector.ts';

/** Name of the only presentation. */
export const PRESENTATION = 'vector';

const UNLIMITED = 2 ** 30;

/** A chip of the vector's generation with a preset's semantics and room for whatever the models allow. */
export function conformanceChip(
  generation: Vector['chip'],
  preset: PresetName,
  random: Semantics['random'],
): Chip {
  const { chip } = loadChip(generation);
  return {
    ...chip,
    core: {
      ...chip.core,
      compartments: 65_000, // what the core's lists of spikes can number
      synapseMemoryWords: UNLIMITED,
      inputAxons: UNLIMITED,
      outputAxons: UNLIMITED,
      dendriticAccumulators: UNLIMITED,
      accumulatorsPerCompartment: [8, 16, 32, 64, 128],
      compartmentProfiles: UNLIMITED,
      thresholdProfiles: UNLIMITED,
      synapseFormats: UNLIMITED,
      preTraceProfiles: UNLIMITED,
    },
    program: {
      instructions: UNLIMITED,
      stateBytes: UNLIMITED,
      neuronMemory: UNLIMITED,
      sharedParameters: UNLIMITED,
      temporaries: UNLIMITED,
      ports: UNLIMITED,
      tableWords: UNLIMITED,
    },
    synapse: { ...chip.synapse, weightExponentMin: -31, weightExponentMax: 31, delayMax: 126 },
    learning: { ...chip.learning, epochStepsMax: UNLIMITED },
    routing: { ...chip.routing, spikePayload: 32 }, // models have payloads whatever the chip
    semantics: { ...PRESETS[preset], random },
  };
}

/** Where a connection or an input is in the network. */
export interface BuiltVector {
  readonly network: Network;
  readonly chip: Chip;
  readonly populations: ReadonlyMap<string, BuiltPopulation>;
  /** Connections that became projections: source and target elements. */
  readonly projections: ReadonlyMap<string, { readonly rows: number; readonly columns: number }>;
  /** Ports of an input: for spikes, for values, or both. */
  readonly ports: ReadonlyMap<string, readonly string[]>;
}

const TWO_53 = 2 ** 53;

/** The random numbers of a vector; null if the emulator draws its own. */
export function tapeOf(random: VectorRandom | undefined): RandomTape | null {
  if (random === undefined || random.mode === 'statistical') return null;
  const shares = (values: readonly number[]): number[] => values.map((value) => value / TWO_53);
  if (random.mode === 'constant') {
    const decay = shares([random.rand53 ?? random.decay53 ?? TWO_53]);
    const impulse = [random.impulse ?? 127];
    return {
      preDecay: decay,
      preImpulse: impulse,
      postDecay: decay,
      postImpulse: impulse,
      postAgain: impulse,
      weight: shares([random.rand53 ?? random.w53 ?? TWO_53]),
    };
  }
  return {
    preDecay: shares(random.x_decay53),
    preImpulse: random.x_impulse,
    postDecay: shares(random.y_decay53),
    postImpulse: random.y_impulse,
    postAgain: random.y_impulse_multi,
    weight: shares(random.w53),
  };
}

/** Populations such that a wire's source comes before its target. */
function inWireOrder(vector: Vector): VectorPopulation[] {
  const { populations, connections } = vector.network;
  const base = (name: string): string =>
    populations.some(({ id }) => id === name) ? name : (name.split('.')[0] ?? name);
  const wires = connections.filter(({ type, post }) => type === 'direct' && post !== null);
  const left = [...populations];
  const ordered: VectorPopulation[] = [];
  while (left.length > 0) {
    const next = left.findIndex(({ id }) =>
      wires.every(({ pre, post }) => base(post!) !== id || !left.some((other) => other.id === base(pre))),
    );
    if (next < 0) throw new ConformanceError('cannot be replayed: direct connections go in a circle');
    ordered.push(...left.splice(next, 1));
  }
  return ordered;
}

function portOf({ port }: InputEnd): { port?: string } {
  return port === undefined ? {} : { port };
}

function noPort(name: string, port: string): never {
  throw new ConformanceError(`cannot be replayed: "${name}": there is no port "${port}"`);
}

class VectorBuilder {
  readonly #vector: Vector;
  readonly #builder: NetworkBuilder;
  readonly #populations = new Map<string, BuiltPopulation>();
  readonly #projections = new Map<string, { rows: number; columns: number }>();
  readonly #ports = new Map<string, string[]>();

  constructor(vector: Vector, seed: number) {
    this.#vector = vector;
    this.#builder = new NetworkBuilder(vector.name, seed)
      .phase('forward')
      .phase('learning')
      .phase('management')
      .coreClass({ name: CORE_CLASS })
      .presentation(PRESENTATION, vector.steps);
  }

  build(): BuiltVector {
    const { network, semantics, chip, rng } = this.#vector;
    for (const population of inWireOrder(this.#vector)) {
      const model = populationModel(semantics, population.model);
      this.#populations.set(population.id, model(this.#builder, population));
    }
    for (const connection of network.connections) {
      if (connection.type === 'direct') this.#addWire(connection);
      else this.#addProjection(connection);
    }
    const tape = tapeOf(rng);
    if (tape !== null) this.#builder.tape(tape);
    const random = tape === null ? 'counter' : tape.preDecay.length === 1 ? 'constant' : 'tape';
    return {
      network: this.#builder.build(),
      chip: conformanceChip(chip, semantics, random),
      populations: this.#populations,
      projections: this.#projections,
      ports: this.#ports,
    };
  }

  /** The port of an input for spikes or values, added when it is first wanted; undefined if no input has the name. */
  #inputPort(name: string, values: boolean): string | undefined {
    const input = this.#vector.input[name];
    if (input === undefined) return undefined;
    const port = values ? `${name} (values)` : name;
    const ports = this.#ports.get(name) ?? [];
    if (!ports.includes(port)) {
      this.#builder.port({ name: port, size: input.n, values });
      this.#ports.set(name, [...ports, port]);
    }
    return port;
  }

  /** The population behind `nrn` or `nrn.port`, and the port. */
  #behind(name: string, otherwise: string): { population: BuiltPopulation; port: string } {
    const whole = this.#populations.get(name);
    const dot = name.indexOf('.');
    const population = whole ?? this.#populations.get(dot < 0 ? name : name.slice(0, dot));
    if (population === undefined) {
      throw new ConformanceError(`is malformed: no input or population is named "${name}"`);
    }
    return { population, port: whole !== undefined || dot < 0 ? otherwise : name.slice(dot + 1) };
  }

  #inputs(name: string): readonly InputEnd[] {
    const { population, port } = this.#behind(name, 'a_in');
    return population.inputs[port] ?? noPort(name, port);
  }

  #output(name: string): string {
    const { population, port } = this.#behind(name, 's_out');
    return population.outputs[port] ?? noPort(name, port);
  }

  #source(name: string, values: boolean): string {
    return this.#inputPort(name, values) ?? this.#output(name);
  }

  #addWire({ id, pre, post }: VectorConnection): void {
    if (post === null) throw new ConformanceError(`is malformed: ${id} is direct and has no target`);
    const from = this.#source(pre, true);
    for (const end of this.#inputs(post)) {
      this.#builder.wire({ from, to: end.population, ...portOf(end) });
    }
  }

  #addProjection(connection: VectorConnection): void {
    const { id, type, pre, post } = connection;
    const from = this.#source(pre, false);
    const rows = this.#builder.sizeOf(from, id);
    const { columns, projection, rule } = connectionType(type)({
      vector: this.#vector,
      connection,
      rows,
      spikesOf: (name) => this.#source(name, false),
      valuesOf: (name) => this.#source(name, true),
    });
    const ends = post === null ? [{ population: this.#addSink(id, columns) }] : this.#inputs(post);
    if (ends.length > 1 && rule !== undefined)
      throw new ConformanceError(`cannot be replayed: ${id} learns at a port that feeds two populations`);
    if (rule !== undefined) this.#builder.rule(id, ...rule);
    const tapped = this.#vector.expected[id]?.a_out !== undefined;
    ends.forEach((end, i) => {
      this.#builder.project({
        ...projection,
        name: i === 0 ? id : `${id} to ${end.population}`,
        from,
        to: end.population,
        ...portOf(end),
        tapped: tapped && i === 0,
        ...(rule === undefined ? {} : { rule: id }),
      });
    });
    this.#projections.set(id, { rows, columns });
  }

  /** Compartments for a connection whose output alone is recorded. */
  #addSink(id: string, size: number): string {
    const name = `${id} (sink)`;
    this.#builder.population({
      name,
      size,
      coreClass: CORE_CLASS,
      compartment: { decayU: 4095, decayV: 4095, threshold: 131071 },
    });
    return name;
  }
}

/** The network of a vector, its random streams keyed by `seed`. */
export function buildVector(vector: Vector, seed: number): BuiltVector {
  return new VectorBuilder(vector, seed).build();
}
