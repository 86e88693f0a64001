// The resumable state of a run: the chip's memory, how far training has come, and what was evaluated so far.

import { readFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { UserError } from '../errors.ts';
import { decodeContainer, encodeContainer, loadBytes, storeBytes } from '../image/container.ts';

/** An evaluation during training. */
export interface Milestone {
  /** Training samples presented so far. */
  readonly presented: number;
  /** Accuracy on a slice of the training set, 0..1. */
  readonly accuracy: number;
  readonly alignmentDeg: Readonly<Record<string, number>>;
}

export interface Checkpoint {
  /** Hash of the plan, so that a checkpoint is not resumed under other inputs. */
  readonly planHash: string;
  readonly presented: number;
  readonly wallS: number;
  readonly milestones: readonly Milestone[];
  /** Test accuracy after each finished epoch, 0..1. */
  readonly perEpoch: readonly number[];
  /** Host accesses to the chip so far. */
  readonly access: { readonly weightWrites: number; readonly stateReads: number };
  readonly state: Uint8Array;
}

/** A checkpoint as file content. */
export function encodeCheckpoint({ state, ...rest }: Checkpoint): Uint8Array {
  const packed = gzipSync(state, { level: 1 });
  return encodeContainer({ kind: 'snapshot', sections: { ...rest, state: storeBytes(packed) } });
}

/**
 * Reads a checkpoint.
 * @throws UserError if the file is missing, damaged or something else
 */
export function readCheckpoint(file: string): Checkpoint {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch {
    throw new UserError('there is no snapshot to resume from', { code: 'no-snapshot', file });
  }
  const { kind, sections } = decodeContainer(bytes, file);
  if (kind !== 'snapshot')
    throw new UserError(`is a ${kind}, not a snapshot`, { code: 'bad-container', file });
  const state = new Uint8Array(gunzipSync(loadBytes(sections.state, file)));
  return { ...(sections as Omit<Checkpoint, 'state'>), state };
}
