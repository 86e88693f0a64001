// Reads and writes columns of a core behind the machine's back, through a snapshot: for states that no input
// reaches in a few steps, such as currents at the edges of int24. Write before the first step.

import { coreLayout } from '../../host/machine/core-module.ts';
import type { Machine } from '../../host/machine/machine.ts';
import { mapMemory } from '../../host/machine/memory-map.ts';

type Column = 'current' | 'voltage';

/** Addresses of the compartments of one core, groups in order. */
function addresses(machine: Machine, core: number, column: Column): number[] {
  // What a snapshot holds does not depend on the room for events and probes.
  const map = mapMemory(machine.image, coreLayout(machine.build), {
    events: 0,
    probeBytes: 0,
    probeCount: 0,
  });
  const { groups, [column]: base } = map.cores[core]!;
  return machine.image.cores[core]!.groups.flatMap(({ count }, g) =>
    Array.from({ length: count }, (_, i) => base + (groups[g]!.first + i) * 4),
  );
}

export function writeState(machine: Machine, core: number, column: Column, values: readonly number[]): void {
  const snapshot = machine.snapshot();
  const view = new DataView(snapshot.buffer);
  addresses(machine, core, column).forEach((address, i) => {
    view.setInt32(address, values[i]!, true);
  });
  machine.restore(snapshot);
}

export function readState(machine: Machine, core: number, column: Column): number[] {
  const view = new DataView(machine.snapshot().buffer);
  return addresses(machine, core, column).map((address) => view.getInt32(address, true));
}
