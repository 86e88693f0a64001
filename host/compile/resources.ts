// What a core's share of the network takes of each of its resources, and the limit. [HW 1.2]

import type { Chip } from '../chip/schema.ts';
import type { Network, Population } from '../network/network.ts';
import { bytesPerCompartment, lengthOf } from '../program/program.ts';
import { axonDemand, ringFor } from './axon-demand.ts';
import type { Slice } from './core-plan.ts';
import { incoming } from './incoming.ts';
import { formatKey } from './packing.ts';
import { ownParameters, programOf } from './program-limits.ts';
import type { ResourceUse } from './resource-use.ts';

function distinct(keys: readonly unknown[]): number {
  return new Set(keys.map((key) => JSON.stringify(key))).size;
}

/**
 * Use and limit of every resource that a core's own slices decide; output axons depend on the other cores and
 * are checked when axons are allocated.
 */
export function coreDemand(network: Network, chip: Chip, slices: readonly Slice[]): ResourceUse[] {
  const { core } = chip;
  const compartments = slices.reduce((sum, { count }) => sum + count, 0);
  const populations = slices.map(
    ({ population }) => network.populations.find(({ name }) => name === population)!,
  );
  const into = [...incoming(network, slices).values()].flat().map(({ projection }) => projection);
  const ring = ringFor(chip, into);
  const { words, entries, learning } = axonDemand(network, chip, slices);
  const perLearner = core.inputAxonsPerLearningAxon;
  const native = populations.filter((population) => population.program === undefined);
  const profiles = native.map(({ compartment, join, postSpikes, postTraces }) => {
    const { threshold: _, bias: __, ...registers } = compartment;
    return { ...registers, join: join?.operation, push: join?.push, postSpikes, postTraces };
  });
  const traces = into.filter(({ rule }) => rule !== undefined).map(({ preTraces }) => preTraces ?? {});
  return [
    { resource: 'compartments', used: compartments, limit: core.compartments },
    { resource: 'synapseMemory', used: words, limit: core.synapseMemoryWords },
    {
      resource: 'inputAxons',
      used: entries,
      limit: core.inputAxons,
      ...(learning === 0 || perLearner === 1
        ? {}
        : {
            because: `${learning} axons feed synapses that learn and take ${perLearner} entries each, the second for their traces [HW 4.7]`,
          }),
    },
    {
      resource: 'dendriticAccumulators',
      used: ring * slices.reduce((sum, { count }, i) => sum + count * portsOf(populations[i]!), 0),
      limit: core.dendriticAccumulators,
    },
    { resource: 'compartmentProfiles', used: distinct(profiles), limit: core.compartmentProfiles },
    {
      resource: 'thresholdProfiles',
      used: distinct(native.map(({ compartment }) => compartment.threshold)),
      limit: core.thresholdProfiles,
    },
    { resource: 'synapseFormats', used: distinct(into.map(formatKey)), limit: core.synapseFormats },
    { resource: 'preTraceProfiles', used: distinct(traces), limit: core.preTraceProfiles },
    ...(chip.program.instructions === 0 ? [] : programDemand(chip, slices, populations)),
  ];
}

/** Dendritic accumulators of one slot that a compartment takes. */
function portsOf(population: Population): number {
  return population.program === undefined ? 1 : Math.max(1, programOf(population).ports.length);
}

/** Programs that have the same text are stored once. */
function programDemand(
  chip: Chip,
  slices: readonly Slice[],
  populations: readonly Population[],
): ResourceUse[] {
  const lengths = new Map<string, number>();
  let bytes = 0;
  populations.forEach((population, i) => {
    if (population.program === undefined) return;
    const program = programOf(population);
    lengths.set(population.program.text, lengthOf(program));
    bytes += slices[i]!.count * bytesPerCompartment(program, ownParameters(population));
  });
  const instructions = [...lengths.values()].reduce((sum, length) => sum + length, 0);
  return [
    { resource: 'programInstructions', used: instructions, limit: chip.program.instructions },
    { resource: 'neuronMemory', used: bytes, limit: chip.program.neuronMemory },
  ];
}
