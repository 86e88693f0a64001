// Chips for tests: the shipped loihi1, or a copy of it with a few numbers changed.

import { loadChip } from '../../host/chip/load.ts';
import type { Chip } from '../../host/chip/schema.ts';

/** What a test may change of each section of a chip. */
export interface ChipChanges {
  readonly topology?: Partial<Chip['topology']>;
  readonly core?: Partial<Chip['core']>;
  readonly compartment?: Partial<Chip['compartment']>;
  readonly synapse?: Partial<Chip['synapse']>;
  readonly learning?: Partial<Chip['learning']>;
  readonly routing?: Partial<Chip['routing']>;
  readonly semantics?: Partial<Chip['semantics']>;
  readonly timing?: Partial<Chip['timing']>;
  readonly program?: Partial<Chip['program']>;
}

const { chip: LOIHI1 } = loadChip('loihi1');

/** loihi1 with some numbers changed. */
export function chipWith(changes: ChipChanges = {}): Chip {
  return {
    ...LOIHI1,
    topology: { ...LOIHI1.topology, ...changes.topology },
    core: { ...LOIHI1.core, ...changes.core },
    compartment: { ...LOIHI1.compartment, ...changes.compartment },
    synapse: { ...LOIHI1.synapse, ...changes.synapse },
    learning: { ...LOIHI1.learning, ...changes.learning },
    routing: { ...LOIHI1.routing, ...changes.routing },
    semantics: { ...LOIHI1.semantics, ...changes.semantics },
    timing: { ...LOIHI1.timing, ...changes.timing },
    program: { ...LOIHI1.program, ...changes.program },
  };
}
