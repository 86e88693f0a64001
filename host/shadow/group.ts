// What a core asks of the compartments of one population, whatever they compute.

import type { GroupImage } from '../image/image.ts';
import type { Ring } from './synapses.ts';

export interface Group {
  readonly image: GroupImage;
  readonly count: number;
  /** Dendritic accumulators, by input port. */
  readonly ports: readonly Ring[];
  /** Compartments that fired in the last step: the first `firedCount` entries. */
  readonly fired: Int32Array;
  readonly firedCount: number;
  /** One time step. */
  readonly update: (time: number) => void;
  readonly reset: () => void;
}
