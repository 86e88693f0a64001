// Emulator features that no documented chip has, and that this network on this chip makes use of. All are off unless
// a chip file or the network names them; reports list what is on.

import type { Chip } from '../chip/schema.ts';
import { PRESETS, SEMANTICS, type SemanticsName, type SemanticsOption } from '../chip/semantics.ts';
import { parseRule } from '../microcode/parse.ts';
import { gateName } from '../microcode/rule.ts';
import type { Network } from '../network/network.ts';
import { usedOptions } from './used-options.ts';

/** A preset other than the chip's own under which all options of the chip are, if there is one. */
function presetOf({ semantics }: Chip): string | undefined {
  const found = Object.entries(PRESETS).find(([, preset]) =>
    Object.entries(preset).every(([name, value]) => semantics[name as SemanticsName] === value),
  );
  return found === undefined || found[0] === 'hardware' ? undefined : found[0];
}

function semanticsExtensions(network: Network, chip: Chip): string[] {
  const used = usedOptions(network);
  const models = [...used].filter((name) => {
    const { models: beyond = [] }: SemanticsOption = SEMANTICS[name];
    return beyond.includes(chip.semantics[name]);
  });
  const preset = presetOf(chip);
  return [
    ...(preset === undefined
      ? []
      : [`semantics.preset ${preset}: computes as a public model does, not as a chip`]),
    ...models.map((name) => `semantics.${name} ${chip.semantics[name]}: ${SEMANTICS[name].says}`),
  ];
}

/** Parts of the network that only models have. */
function networkExtensions({ populations, projections, ports, wires }: Network): string[] {
  const found: string[] = [];
  const named = (items: readonly { readonly name: string }[]): string =>
    items.map(({ name }) => `"${name}"`).join(', ');
  const note = (items: readonly { readonly name: string }[], what: string, why: string): void => {
    if (items.length > 0) found.push(`${what} (${named(items)}): ${why}`);
  };
  note(
    populations.filter(({ columns }) => columns !== undefined),
    'parameters of single compartments',
    'a chip shares them by profile',
  );
  note(
    projections.filter(({ unformatted }) => unformatted !== undefined),
    'weights without a format',
    'a chip stores 1 to 8 bits and an exponent',
  );
  note(
    projections.filter(({ own }) => own !== undefined),
    'learning state of single connections',
    'a chip shares traces by axon and compartment',
  );
  note(
    projections.filter(({ tied }) => tied !== undefined),
    'tied synapses',
    'a chip changes each synapse by itself and adds up the changes of none',
  );
  note(
    ports.filter(({ values }) => values === true),
    'ports of values',
    'an embedded processor can inject spikes',
  );
  if (wires.length > 0) {
    found.push(
      `wires (${wires.map(({ from, to }) => `"${from}" to "${to}"`).join(', ')}): a spike of a chip arrives in a later step`,
    );
  }
  return found;
}

/** Rules whose products want several of the one decimation exponent that a rule has. [HW 4.2] */
function decimationExtensions({ rules, projections }: Network): string[] {
  return rules
    .filter(({ name }) => projections.some(({ rule }) => rule === name))
    .flatMap(({ name, lines }) => {
      const gates = lines
        .flatMap((line) => parseRule(`rule "${name}"`, line, 'any').products)
        .flatMap(({ gate }) => (gate.kind === 'u' ? [gateName(gate)] : []));
      const different = [...new Set(gates)].sort();
      return different.length < 2
        ? []
        : [
            `rule "${name}" is gated by ${different.join(' and ')}: a chip has one decimation exponent per rule`,
          ];
    });
}

/** Each by the name that turns it on, with what it is. */
export function extensionsOf(network: Network, chip: Chip): string[] {
  const learns = network.projections.some(({ rule }) => rule !== undefined);
  return [
    ...(chip.learning.skipEpochWithoutError && learns
      ? [
          'learning.skipEpochWithoutError: a learning epoch without a post spike on its core takes neither energy nor time',
        ]
      : []),
    ...semanticsExtensions(network, chip),
    ...networkExtensions(network),
    ...decimationExtensions(network),
  ];
}
