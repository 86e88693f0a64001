// What a population model of golden vectors is: how it reads a vector's parameters, and what it leaves in the
// network for connections and recordings to find.

import type { ProbeKind } from '../machine/probes.ts';
import type { NetworkBuilder } from '../network/builder.ts';
import { ConformanceError } from './conformance-error.ts';
import type { VectorPopulation } from './vector.ts';

/** A recorded variable: what is probed of which population. */
export interface RecordedVariable {
  readonly population: string;
  readonly probe: ProbeKind;
}

/** Where an input of a model arrives. */
export interface InputEnd {
  readonly population: string;
  /** Input port of its program. */
  readonly port?: string;
}

/** A population in the network: its ports and variables by the names that vectors have for them. */
export interface BuiltPopulation {
  /** Populations that receive, e.g. `a_in`. */
  readonly inputs: Readonly<Record<string, readonly InputEnd[]>>;
  /** Populations that send, e.g. `s_out`. */
  readonly outputs: Readonly<Record<string, string>>;
  /** What is probed for a variable; undefined if the model has none of that name. */
  readonly variable: (name: string) => RecordedVariable | undefined;
}

/** Adds a population of one model to a network; it is in core class `CORE_CLASS`. */
export type PopulationModel = (builder: NetworkBuilder, population: VectorPopulation) => BuiltPopulation;

/** The core class of all populations. */
export const CORE_CLASS = 'core';

/** Parameters of a population; those that nobody asks for are an error. */
export class Parameters {
  readonly #population: VectorPopulation;
  readonly #asked = new Set<string>();

  constructor(population: VectorPopulation) {
    this.#population = population;
  }

  /** One value per neuron; 0 if it is absent. */
  column(name: string): Int32Array {
    this.#asked.add(name);
    return columnOf(this.#population, `params.${name}`, this.#population.params[name] ?? 0);
  }

  /** mantissa · 2^exponent, floored. */
  bias(): Int32Array {
    const exponents = this.column('bias_exp');
    return this.column('bias_mant').map((mantissa, i) => Math.floor(mantissa * 2 ** exponents[i]!));
  }

  /** Place of a word in a list. */
  choice(name: string, words: readonly string[]): number {
    this.#asked.add(name);
    const given = this.#population.params[name];
    const place = typeof given === 'string' ? words.indexOf(given) : -1;
    if (place >= 0) return place;
    throw new ConformanceError(
      `is malformed: ${this.#population.id}.params.${name} is not one of ${words.join(', ')}`,
    );
  }

  /** Throws if the vector has a parameter that the model does not know. */
  close(): void {
    const unknown = Object.keys(this.#population.params).find((name) => !this.#asked.has(name));
    if (unknown === undefined) return;
    const { id, model } = this.#population;
    throw new ConformanceError(`cannot be replayed: ${id}: model ${model} has no parameter "${unknown}"`);
  }
}

/** One value per neuron. */
export function columnOf(
  { id, n }: VectorPopulation,
  name: string,
  value: number | string | readonly number[],
): Int32Array {
  if (typeof value === 'number') return new Int32Array(n).fill(value);
  if (typeof value === 'string' || value.length !== n) {
    throw new ConformanceError(`is malformed: ${id}.${name} is not a number, nor a list of ${n}`);
  }
  return Int32Array.from(value);
}
