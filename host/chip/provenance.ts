// Where a value of a chip comes from.

import type { ProvenanceClass } from './source-comment.ts';
import type { Unit } from './units.ts';

export type ProvenanceValue = number | string | boolean | null | readonly (number | string | boolean)[];

/**
 * One value of a chip. A quantity always has `unit`, `written` and `source`; a name, an option or a null has a
 * source if the file has a comment for it.
 */
export interface Provenance {
  /** As in the chip: numbers in `unit`. */
  readonly value: ProvenanceValue;
  /** SI unit, `bit`, `byte` or the plural of what is counted. */
  readonly unit?: Unit;
  /** As the file has it, e.g. `35.5 pJ`. */
  readonly written?: string;
  readonly source?: string;
  readonly class?: ProvenanceClass;
  /** In `unit`. */
  readonly low?: number;
  /** In `unit`. */
  readonly high?: number;
  /** File that gave the value: the chip's own or one that it extends. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based. */
  readonly column: number;
}
