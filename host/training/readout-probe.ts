// A readout on a machine: the values of its population for one sample, and the class that they say.

import type { Machine, Probe } from '../machine/machine.ts';
import type { Readout } from '../recipes/recipe.ts';

/** The class with the largest value; the lowest one if several have it. */
export interface Answer {
  readonly best: number;
  readonly isTied: boolean;
}

export class ReadoutProbe {
  readonly name: string;
  readonly #machine: Machine;
  readonly #probe: Probe;
  readonly #variable: Readout['variable'];

  /** @param steps of a test sample */
  constructor(machine: Machine, { name, population, variable }: Readout, steps: number) {
    this.name = name;
    this.#machine = machine;
    this.#probe = machine.probe(population, variable, steps);
    this.#variable = variable;
  }

  /** The answer to the sample that ended now. */
  answer(): Answer {
    const values =
      this.#variable === 'spikeCounts'
        ? this.#machine.drainCounts(this.#probe)
        : this.#machine.drain(this.#probe).at(-1)!;
    let best = 0;
    for (let k = 1; k < values.length; k++) if (values[k]! > values[best]!) best = k;
    return { best, isTied: values.some((value, k) => k !== best && value === values[best]) };
  }
}
