// The smallest network a rule test needs: one port, one population, and what lies between.

import { loadChip } from '../../host/chip/load.ts';
import type { Chip } from '../../host/chip/schema.ts';
import { compile } from '../../host/compile/compile.ts';
import type { CoreBuild } from '../../host/machine/core-module.ts';
import { EventList } from '../../host/machine/event-list.ts';
import { Machine } from '../../host/machine/machine.ts';
import type { ProbeKind } from '../../host/machine/probes.ts';
import { NetworkBuilder } from '../../host/network/builder.ts';
import type { CompartmentParameters, CoreClass, SynapseParameters } from '../../host/network/network.ts';

export const BUILDS: readonly CoreBuild[] = ['release', 'scalar', 'debug'];

export function chipWith(changes: { readonly semantics?: Partial<Chip['semantics']> } = {}): Chip {
  const { chip } = loadChip('loihi1');
  return { ...chip, semantics: { ...chip.semantics, ...changes.semantics } };
}

export const EXACT: SynapseParameters = { signMode: 'mixed', bits: 8, exponent: 0 };

export interface Probed {
  readonly [kind: string]: number[][];
}

export interface OnePopulation {
  readonly build: CoreBuild;
  readonly chip?: Chip;
  readonly size?: number;
  readonly compartment: CompartmentParameters;
  readonly coreClass?: Partial<CoreClass>;
  /** Mantissa from the port to every compartment. */
  readonly weight?: number;
  readonly synapse?: SynapseParameters;
  /** Steps, from 1, in which the input reaches the compartments. */
  readonly arrivals?: readonly number[];
  readonly steps: number;
  readonly probes: readonly ProbeKind[];
  readonly seed?: number;
}

/** Runs one population and returns the probed variables, [step][compartment]. */
export function runPopulation(setup: OnePopulation): Probed {
  const size = setup.size ?? 1;
  const builder = new NetworkBuilder('test', setup.seed ?? 1)
    .phase('forward')
    .phase('learning')
    .phase('management')
    .coreClass({ name: 'core', ...setup.coreClass })
    .port({ name: 'in', size: 1 })
    .population({ name: 'cells', size, coreClass: 'core', compartment: setup.compartment })
    .project({
      name: 'synapses',
      from: 'in',
      to: 'cells',
      connection: { kind: 'uniform', weight: setup.weight ?? 0 },
      synapse: setup.synapse ?? EXACT,
    })
    .presentation('run', setup.steps);
  const { image } = compile(builder.build(), setup.chip ?? chipWith());
  const machine = new Machine(image, { build: setup.build });
  const probes = setup.probes.map((kind) => machine.probes.add('cells', kind, setup.steps));
  const events = new EventList(image);
  // A spike injected in step t (from 0) arrives one step later; steps are told from 1.
  for (const step of setup.arrivals ?? []) events.push(step - 2, events.port('in').first);
  machine.present('run', events);
  return Object.fromEntries(
    probes.map((probe) => [probe.kind, machine.probes.drain(probe).map((row) => [...row])]),
  );
}
