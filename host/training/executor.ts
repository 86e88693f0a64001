// What runs the image of a recipe: the chip, or its full-precision twin. They are never mixed: a run has one of the two.

import { UserError } from '../errors.ts';
import type { ChipImage } from '../image/image.ts';
import type { HostAccess } from '../machine/chip-memory.ts';
import type { EventList } from '../machine/event-list.ts';
import { Machine } from '../machine/machine.ts';
import type { Probed } from '../machine/probes.ts';
import type { TimingMode } from '../machine/timing-mode.ts';
import type { Readout } from '../recipes/recipe.ts';
import { Shadow } from '../shadow/shadow.ts';

export const PRECISIONS = ['chip', 'float'] as const;
export type Precision = (typeof PRECISIONS)[number];

/** @throws UserError if there is no such precision */
export function precisionOf(name: string): Precision {
  const known = PRECISIONS.find((item) => item === name);
  if (known !== undefined) return known;
  throw new UserError(`precision "${name}" does not exist; use ${PRECISIONS.join(' or ')}`, {
    code: 'unknown-precision',
    path: '--precision',
  });
}

/** What training and evaluation ask of what runs an image. */
export interface Executor {
  readonly image: ChipImage;
  readonly access: HostAccess;
  readonly probes: {
    add(population: string, kind: Readout['variable'] | 'payload', capacity?: number): Probed;
    drainCounts(probe: Probed): Uint32Array;
    drainSent(probe: Probed): Int32Array | Float64Array;
    drain(probe: Probed): readonly (Int32Array | Float64Array)[];
  };
  readonly weights: {
    read(projection: string): Int16Array | Float64Array;
    write(projection: string, weights: Int16Array | Float64Array): void;
  };
  present(name: string, events?: EventList): void;
  snapshot(): Uint8Array;
  restore(snapshot: Uint8Array): void;
  /** Ends its threads, if it has more than one. */
  close(): void;
}

/**
 * @param threads of the chip; a twin has one
 * @throws UserError if the image has something that a twin does not have, or threads are asked for that it cannot have
 */
export function executorOf(
  image: ChipImage,
  precision: Precision,
  timing: TimingMode,
  threads: number | 'auto' = 1,
): Executor {
  if (precision === 'chip') return new Machine(image, { timing, threads });
  if (threads === 'auto' || threads === 1) return new Shadow(image);
  throw new UserError('a full-precision twin runs on one thread', {
    code: 'twin-threads',
    path: '--threads',
    got: threads,
    limit: 1,
  });
}
