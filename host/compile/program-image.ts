// The program of one group: the population's program with the values of the group's own compartments.

import type { NeuronProgramImage } from '../image/image.ts';
import type { ProgramPopulation } from '../network/network.ts';
import type { Operand } from '../program/program.ts';
import type { Slice } from './core-plan.ts';
import { programOf } from './program-limits.ts';

/** One value, or those of a slice. */
function valuesOf(given: number | readonly number[] | undefined, { element, count }: Slice): Int32Array {
  return typeof given === 'object'
    ? Int32Array.from(given.slice(element, element + count))
    : Int32Array.of(given ?? 0);
}

export function programImage(population: ProgramPopulation, slice: Slice): NeuronProgramImage {
  const { ports, state, parameters, temporaries, tables, instructions } = programOf(population);
  const given = population.program;
  const parameterValues = parameters.map(({ name }) => valuesOf(given.parameters?.[name], slice));
  const initial = (operand: Operand): Int32Array =>
    operand.kind === 'parameter'
      ? parameterValues[operand.index]!
      : Int32Array.of(operand.kind === 'constant' ? operand.value : 0);
  return {
    ports: Math.max(1, ports.length),
    state: state.map((word) => {
      const override = given.initial?.[word.name];
      return {
        name: word.name,
        width: word.width,
        initial: override === undefined ? initial(word.initial) : valuesOf(override, slice),
      };
    }),
    parameters: parameters.map(({ name }, i) => ({ name, values: parameterValues[i]! })),
    tables: tables.map(({ values }) => Int32Array.from(values)),
    temporaries: temporaries.length,
    instructions: instructions.map(({ op, destination, sources }) => ({ op, destination, sources })),
  };
}
