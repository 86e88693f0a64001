// A readout on a chip: the values of its population for one sample, and the class that they say.

import type { Probed } from '../machine/probes.ts';
import type { Readout } from '../recipes/recipe.ts';
import type { Executor } from './executor.ts';

/** The class with the largest value; the lowest one if several have it. */
export interface Answer {
  readonly best: number;
  readonly isTied: boolean;
}

export class ReadoutProbe {
  readonly name: string;
  readonly #machine: Executor;
  readonly #probe: Probed;
  readonly #variable: Readout['variable'];

  /** @param steps of a test sample */
  constructor(machine: Executor, { name, population, variable }: Readout, steps: number) {
    this.name = name;
    this.#machine = machine;
    this.#probe = machine.probes.add(population, variable, steps);
    this.#variable = variable;
  }

  /** The answer to the sample that ended now. */
  answer(): Answer {
    const values =
      this.#variable === 'spikeCounts'
        ? this.#machine.probes.drainCounts(this.#probe)
        : this.#machine.probes.drain(this.#probe).at(-1)!;
    let best = 0;
    let equals = 0;
    values.forEach((value, k) => {
      if (value > values[best]!) {
        best = k;
        equals = 0;
      } else if (k !== best && value === values[best]) equals++;
    });
    return { best, isTied: equals > 0 };
  }
}
