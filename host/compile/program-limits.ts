// Neuron programs against the chip: whether it has them at all, the limits of one program, and the values that
// the network gives to its parameters. [HW 7], U7

import type { Chip } from '../chip/schema.ts';
import { didYouMean, UserError } from '../errors.ts';
import type { Network, Population, ProgramPopulation } from '../network/network.ts';
import { assemble } from '../program/assemble.ts';
import {
  bytesPerCompartment,
  lengthOf,
  type NeuronProgram,
  rangeOf,
  sendsPayload,
  writtenTraces,
} from '../program/program.ts';

/** The assembled program of a population. */
export function programOf({ name, program }: ProgramPopulation): NeuronProgram {
  return assemble(name, program.text);
}

/** Parameters that differ from compartment to compartment, and so are part of its state memory. */
export function ownParameters({ program }: ProgramPopulation): ReadonlySet<string> {
  const given = Object.entries(program.parameters ?? {});
  return new Set(given.filter(([, values]) => typeof values !== 'number').map(([name]) => name));
}

function refuse(path: string, message: string, got: unknown, limit: unknown, hint?: string): never {
  throw new UserError(`${path}: ${message}`, {
    code: 'program-limit',
    path,
    got,
    limit,
    ...(hint === undefined ? {} : { hint }),
  });
}

/** Everything that is given must be something that the program has. */
function checkNames(
  path: string,
  what: string,
  given: ProgramPopulation['program']['parameters'],
  known: readonly { readonly name: string }[],
): void {
  const names = known.map(({ name }) => name);
  for (const name of Object.keys(given ?? {})) {
    if (!names.includes(name))
      refuse(path, `its program has no ${what} "${name}"${didYouMean(name, names)}`, name, names);
  }
}

function checkValues(
  path: string,
  what: string,
  values: number | readonly number[],
  min: number,
  max: number,
) {
  const list = typeof values === 'number' ? [values] : values;
  for (const value of list) {
    if (Number.isInteger(value) && value >= min && value <= max) continue;
    refuse(path, `${what} is ${value}; its width allows ${min}..${max}`, value, [min, max]);
  }
}

/**
 * Checks a population that runs a program.
 * @throws UserError naming the population, the limit and what exceeds it
 */
export function checkProgram(chip: Chip, population: ProgramPopulation): void {
  const path = `population "${population.name}"`;
  const limits = chip.program;
  if (limits.instructions === 0) {
    refuse(
      path,
      `chip ${chip.name} has no neuron programs, its compartment is fixed [HW 7]`,
      'program',
      0,
      'take a chip that has them, e.g. --chip loihi2, or give the population a compartment',
    );
  }
  const program = programOf(population);
  const own = ownParameters(population);
  const most = (what: string, got: number, limit: number): void => {
    if (got > limit) refuse(path, `its program has ${got} ${what}; the chip has ${limit}`, got, limit);
  };
  most('instructions', lengthOf(program), limits.instructions);
  most('bytes of state and own parameters', bytesPerCompartment(program, own), limits.stateBytes);
  most('shared parameters', program.parameters.length - own.size, limits.sharedParameters);
  most('temporaries', program.temporaries.length, limits.temporaries);
  most('input ports', program.ports.length, limits.ports);
  most(
    'table words',
    program.tables.reduce((sum, { values }) => sum + values.length, 0),
    limits.tableWords,
  );
  if (writtenTraces(program).size > 0 && !chip.learning.postTracesFromProgram)
    refuse(path, `its program writes post traces, which chip ${chip.name} does not allow`, true, false);
  if (chip.routing.spikePayload === 0 && sendsPayload(program.instructions))
    refuse(path, `its program sends payloads; spikes of chip ${chip.name} have none`, true, false);
  checkNames(path, 'parameter', population.program.parameters, program.parameters);
  checkNames(path, 'state word', population.program.initial, program.state);
  for (const parameter of program.parameters) {
    const { min, max } = rangeOf(parameter);
    const values = population.program.parameters?.[parameter.name];
    if (values === undefined)
      refuse(path, `gives no value for parameter "${parameter.name}"`, undefined, [min, max]);
    checkValues(path, `parameter "${parameter.name}"`, values, min, max);
  }
  for (const { name, width } of program.state) {
    const values = population.program.initial?.[name];
    const { min, max } = rangeOf({ name, width, signed: true });
    if (values !== undefined) checkValues(path, `the start value of "${name}"`, values, min, max);
  }
}

/**
 * Checks that what ends at a population ends at an input port of its program.
 * @param path of what ends there, for messages
 * @throws UserError naming the population and the port
 */
export function checkPort(path: string, port: string | undefined, target: Population): void {
  if (target.program === undefined) {
    if (port !== undefined)
      refuse(path, `"${target.name}" runs no program and has no port "${port}"`, port, []);
    return;
  }
  const { ports } = programOf(target);
  if (ports.length === 0) refuse(path, `the program of "${target.name}" has no input port`, port, ports);
  if (port !== undefined && !ports.includes(port))
    refuse(
      path,
      `the program of "${target.name}" has no port "${port}"${didYouMean(port, ports)}`,
      port,
      ports,
    );
}

/** Place of an input port in the program of a population; 0 if it has none. */
export function portNumber(network: Network, to: string, port: string | undefined): number {
  const target = network.populations.find(({ name }) => name === to)!;
  return port === undefined || target.program === undefined ? 0 : programOf(target).ports.indexOf(port);
}
