// Reads a network file: the chip's own integers as YAML, for networks that no recipe builds.

import * as z from 'zod';
import { UserError } from '../errors.ts';
import { parseRule } from '../microcode/parse.ts';
import { NetworkBuilder } from '../network/builder.ts';
import type {
  CompartmentParameters,
  NativePopulation,
  Network,
  Population,
  ScheduleEntry,
} from '../network/network.ts';
import { assemble } from '../program/assemble.ts';
import { ArrayFiles } from './array-file.ts';
import { connectionOf } from './file-connection.ts';
import { type NetworkFile, networkFileSchema } from './network-schema.ts';
import { YamlSource } from './yaml-source.ts';

type PopulationEntry = NetworkFile['populations'][string];
type CompartmentEntry = NonNullable<PopulationEntry['compartment']>;
type ScheduleItem = NetworkFile['presentations'][string]['schedule'][number];

/** Accounting phases that every network has. */
const PHASES = ['forward', 'learning', 'management'];
/** Steps of the presentation that a file without one has. */
const DEFAULT_STEPS = 100;

function fault(message: string): UserError {
  return new UserError(message, { code: 'bad-network' });
}

/** Biases of single compartments, checked before they are put into 16 bits. */
function compartmentOf({ bias, ...registers }: CompartmentEntry): CompartmentParameters {
  if (bias === undefined) return registers;
  const { mantissa, exponent } = bias;
  if (typeof mantissa === 'number') return { ...registers, bias: { mantissa, exponent } };
  const wide = mantissa.find((each) => Math.abs(each) > 32767);
  if (wide !== undefined) throw fault(`has a bias mantissa of ${wide}`);
  return { ...registers, bias: { mantissa: Int16Array.from(mantissa), exponent } };
}

const POST_SPIKES = ['self', 'parent', 'none'] as const;

/** @throws UserError naming the compartments whose spikes a synapse can see */
function postSpikesOf({ postSpikes: wanted }: PopulationEntry): Pick<NativePopulation, 'postSpikes'> {
  if (wanted === undefined) return {};
  const known = POST_SPIKES.find((item) => item === wanted);
  if (known !== undefined) return { postSpikes: known };
  throw new UserError(
    `post spikes of "${wanted}": a synapse sees those of its own compartment (self) or of the one that pops it (parent), or none [HW 4.7]`,
    {
      code: 'post-spikes',
      got: wanted,
      limit: POST_SPIKES,
      hint: 'make its compartment a child of the one whose spikes it needs; put a second copy of the synapses there; or, with neuron programs, write y1 to y3 from a program',
    },
  );
}

/** @throws UserError unless it has either a compartment or a program */
function populationOf(name: string, item: PopulationEntry): Population {
  const { postSpikes: _, compartment, program, join, ...rest } = item;
  const common = { name, ...rest, ...postSpikesOf(item) };
  if (compartment !== undefined && program === undefined)
    return { ...common, ...(join === undefined ? {} : { join }), compartment: compartmentOf(compartment) };
  if (compartment !== undefined || program === undefined)
    throw fault(`population "${name}" needs a compartment or a program, one of the two`);
  if (join !== undefined) throw fault(`population "${name}" runs a program, which cannot pop others`);
  return { ...common, program };
}

function scheduleEntry(item: ScheduleItem): ScheduleEntry {
  const { step } = item;
  if ('phase' in item) return { step, kind: 'phase', phase: item.phase };
  if ('learning' in item) return { step, kind: 'learning', coreClass: item.coreClass, on: item.learning };
  if ('rule' in item) return { step, kind: 'rule', rule: item.rule, line: item.line };
  if ('reset' in item) return { step, kind: 'reset', population: item.reset };
  const { postImpulses, y1, y2, y3 } = item;
  const impulses = {
    ...(y1 === undefined ? {} : { y1 }),
    ...(y2 === undefined ? {} : { y2 }),
    ...(y3 === undefined ? {} : { y3 }),
  };
  return { step, kind: 'postImpulses', population: postImpulses, impulses };
}

/** Keys that the schema knows at a path; names of the user's own stand for any. */
function keysOf(path: readonly PropertyKey[]): readonly string[] {
  let schema: unknown = networkFileSchema;
  for (const key of [...path, undefined]) {
    for (;;) {
      if (schema instanceof z.ZodDefault || schema instanceof z.ZodExactOptional) schema = schema.unwrap();
      else break;
    }
    if (key === undefined) break;
    if (schema instanceof z.ZodObject) schema = (schema.shape as Record<PropertyKey, unknown>)[key];
    else if (schema instanceof z.ZodRecord) schema = schema.valueType;
    else if (schema instanceof z.ZodArray) schema = schema.element;
  }
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

/**
 * Reads a network file.
 * @throws UserError with line and column; with a caret in a learning rule
 */
export function readNetworkFile(file: string): Network {
  const source = new YamlSource(file);
  const arrays = new ArrayFiles(file);
  const content = source.parse(networkFileSchema, keysOf);
  const at = <T>(path: readonly PropertyKey[], work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw error instanceof UserError ? source.blame(error, path) : error;
    }
  };
  const net = new NetworkBuilder(content.network, content.seed);
  for (const name of PHASES.filter((phase) => content.phases[phase] === undefined)) net.phase(name);
  for (const [name, { learningAs }] of Object.entries(content.phases)) net.phase(name, learningAs);
  for (const [name, item] of Object.entries(content.coreClasses))
    at(['coreClasses', name], () => net.coreClass({ name, ...item }));
  for (const [name, item] of Object.entries(content.ports))
    at(['ports', name], () => net.port({ name, ...item }));
  for (const [name, item] of Object.entries(content.populations)) {
    const { program } = item;
    if (program !== undefined)
      at(['populations', name, 'program', 'text'], () => assemble(name, program.text));
    at(['populations', name], () => net.population(populationOf(name, item)));
  }
  for (const [name, given] of Object.entries(content.rules)) {
    const lines = typeof given === 'string' ? [given] : given;
    lines.forEach((line, i) => {
      at(typeof given === 'string' ? ['rules', name] : ['rules', name, i], () =>
        parseRule(`rule "${name}"`, line),
      );
    });
    net.rule(name, ...lines);
  }
  for (const [name, item] of Object.entries(content.projections)) {
    at(['projections', name], () => {
      const { from, to, port, rule, preTraces, graded, sharing } = item;
      net.project({
        name,
        from,
        to,
        ...connectionOf(item, arrays, () => net.sizeOf(from, `projection "${name}"`)),
        ...(port === undefined ? {} : { port }),
        ...(rule === undefined ? {} : { rule }),
        ...(preTraces === undefined ? {} : { preTraces }),
        ...(graded === undefined ? {} : { graded }),
        ...(sharing === undefined ? {} : { sharing }),
      });
    });
  }
  content.rewards.forEach((reward, i) => {
    at(['rewards', i], () => net.reward(reward));
  });
  const presentations = Object.entries(content.presentations);
  for (const [name, { steps, schedule }] of presentations)
    at(['presentations', name], () => net.presentation(name, steps, schedule.map(scheduleEntry)));
  if (presentations.length === 0) net.presentation('run', DEFAULT_STEPS);
  for (const text of content.assumptions) net.assume(text);
  return at([], () => net.build());
}
