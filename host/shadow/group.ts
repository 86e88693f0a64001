// What a core asks of the compartments of one population, whatever they compute.

import type { GroupImage } from '../image/image.ts';
import type { ProbeKind } from '../machine/probes.ts';
import type { Ring } from './synapses.ts';

export interface Group {
  readonly image: GroupImage;
  readonly count: number;
  /** Dendritic accumulators, by input port. */
  readonly ports: readonly Ring[];
  /** Compartments that fired in the last step: the first `firedCount` entries. */
  readonly fired: Int32Array;
  readonly firedCount: number;
  /** The same for post spikes, which are usually the spikes. */
  readonly posted: Int32Array;
  readonly postedCount: number;
  /** What the spikes carry, by compartment. */
  readonly payloads: Float64Array;
  /** One time step. */
  readonly update: (time: number) => void;
  readonly reset: () => void;
  /** What a probe of this kind records, by compartment; undefined if there is no such variable. */
  readonly variable: (kind: ProbeKind) => Float64Array | undefined;
}
