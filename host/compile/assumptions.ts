// Open questions about the chip that were decided for this network: by an option, by the emulator, or by the author.
// Only those that its parts lean on.

import type { Chip } from '../chip/schema.ts';
import { SEMANTICS, type SemanticsName, type SemanticsOption } from '../chip/semantics.ts';
import { parseRule } from '../microcode/parse.ts';
import type { Network } from '../network/network.ts';
import { DOCUMENTED_ENTRIES, deepestStack } from './stack.ts';
import { usedOptions, usedTraces } from './used-options.ts';
import { isWideProjection } from './wide.ts';

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}

/** Other readings of a conflict than the recommended one. */
function readings(chip: Chip, used: ReadonlySet<SemanticsName>): string[] {
  return [...used].flatMap((name) => {
    const option: SemanticsOption = SEMANTICS[name];
    const value = chip.semantics[name];
    if (value === option.default || option.models?.includes(value) === true) return [];
    return [`semantics.${name} ${value} instead of ${option.default} (${option.conflict}): ${option.says}`];
  });
}

/** What the trees of compartments lean on. */
function treeAssumptions(network: Network, chip: Chip): string[] {
  const found: string[] = [];
  const { populations } = network;
  const pushing = populations
    .flatMap(({ join }) => join?.children ?? [])
    .filter((child) => {
      const population = populations.find((item) => item.name === child);
      return (population?.compartment?.thresholdOp ?? 'spike') === 'spike';
    });
  if (pushing.length > 0) {
    const moment =
      chip.semantics.joinPush === 'afterReset' ? 'as stored after the reset' : 'before its reset';
    found.push(
      `a compartment that can spike itself (${quoted(pushing)}) pushes its voltage to its parent, ${moment} (U2, semantics.joinPush)`,
    );
  }
  const stack = deepestStack(network);
  if (stack !== undefined && stack.entries > DOCUMENTED_ENTRIES) {
    found.push(
      `the compartment stack holds ${stack.entries} entries, for the tree of "${stack.root}"; public programs show ${DOCUMENTED_ENTRIES} (U2, compartment.stackDepth)`,
    );
  }
  return found;
}

/** What learning leans on. */
function learningAssumptions(network: Network, chip: Chip): string[] {
  const plastic = network.projections.filter(({ rule }) => rule !== undefined);
  if (plastic.length === 0) return [];
  const products = network.rules
    .filter(({ name }) => plastic.some(({ rule }) => rule === name))
    .flatMap(({ name, lines }) => lines.flatMap((line) => parseRule(`rule "${name}"`, line, 'any').products));
  const reads = (...names: string[]): boolean =>
    products.some(({ factors }) => factors.some(({ variable }) => names.includes(variable)));
  const found = [
    `a learning epoch visits ${chip.learning.visits === 'allPlastic' ? 'every plastic synapse' : 'the plastic synapses of axons that spiked'}: energy and time only [HW 8.1] (learning.visits)`,
    `a spike that meets a learning epoch reads the weight ${chip.semantics.weightRead === 'early' ? 'before' : 'after'} it (C22, semantics.weightRead)`,
  ];
  if (chip.semantics.random === 'counter')
    found.push("rounding draws the emulator's own random numbers (U1, semantics.random)");
  if (products.some(({ gate, factors }) => gate.kind === 'u' && factors.some((f) => f.variable === 'x0'))) {
    found.push(
      'x0 can be a factor of a product that is gated by u<k> (public programs show it under y0 only)',
    );
  }
  if (usedTraces(network).some(({ tau }) => tau > 0 && Number.isFinite(tau)))
    found.push('the decay factor of a trace is exact to 2^-24 (U5)');
  if (reads('r0', 'r1')) {
    const when =
      chip.semantics.rewardTime === 'epochEnd' ? 'at the end of the epoch' : 'at each reward spike';
    found.push(`r0 and r1 are updated ${when}, before the rules (U6, semantics.rewardTime)`);
  }
  if (usedOptions(network).has('pausedTraces')) {
    const what = chip.semantics.pausedTraces === 'kept' ? 'keep their values' : 'decay';
    found.push(`traces ${what} while learning is switched off (semantics.pausedTraces)`);
    if (what === 'decay' && plastic.some((projection) => isWideProjection(chip, projection))) {
      found.push(
        'traces of a projection of its own keep their values while learning is switched off, unlike the others',
      );
    }
  }
  return found;
}

/** One sentence each, with the entry of the lists [HW 9, 10] and the option behind it where there are any. */
export function assumptionsOf(network: Network, chip: Chip): string[] {
  const found = new Set([...learningAssumptions(network, chip), ...treeAssumptions(network, chip)]);
  if (network.populations.some(({ program }) => program !== undefined)) {
    found.add(
      "neuron programs are written in an instruction set of the emulator; the chip's is not public (U7)",
    );
  }
  for (const coreClass of network.coreClasses) {
    if (coreClass.negVmLimit === 0) found.add('negVmLimit 0 holds every voltage of the core at 0 or above');
    if (coreClass.dmOffset === 1)
      found.add('the offset bit dmOffset can be set, core by core (C4, compartment.dmOffset)');
    if (coreClass.noise !== undefined)
      found.add('compartment noise is one draw per enabled compartment and step (U1, semantics.random)');
  }
  for (const text of [...readings(chip, usedOptions(network)), ...network.assumptions]) found.add(text);
  return [...found];
}
