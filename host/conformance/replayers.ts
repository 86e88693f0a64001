// Who replays what: one entry per schema of files. What has no entry fails.

import { describeDifference, firstDifference } from './compare.ts';
import { ConformanceError } from './conformance-error.ts';
import { nocDifference } from './noc-replay.ts';
import { NOC_SCHEMA, parseNoc } from './noc-vector.ts';
import { replay } from './replay.ts';
import { statisticalDifference } from './statistics.ts';
import { GOLDEN_SCHEMA, parseVector } from './vector.ts';

/** Outcome of one check. */
export interface Check {
  readonly name: string;
  /** What is wrong, in one line; null if it passed. */
  readonly failure: string | null;
}

/** Replays what a file of one schema holds. */
export type FileReplayer = (name: string, value: unknown) => Iterable<Check>;

function replayVector(name: string, value: unknown): Check[] {
  const vector = parseVector(value);
  if (vector.kind === 'statistical') return [{ name, failure: statisticalDifference(vector) ?? null }];
  const difference = firstDifference(vector, replay(vector));
  return [{ name, failure: difference === undefined ? null : describeDifference(difference) }];
}

function replayNoc(name: string, value: unknown): Check[] {
  return [{ name, failure: nocDifference(parseNoc(value)) ?? null }];
}

const FILE_REPLAYERS: Readonly<Record<string, FileReplayer>> = {
  [GOLDEN_SCHEMA]: replayVector,
  [NOC_SCHEMA]: replayNoc,
};

/** The replayer of a file by its `schema`. */
export function fileReplayer(value: unknown): FileReplayer {
  const schema =
    typeof value === 'object' && value !== null && 'schema' in value ? String(value.schema) : undefined;
  if (schema === undefined) throw new ConformanceError('is malformed: it names no schema');
  const found = FILE_REPLAYERS[schema];
  if (found !== undefined) return found;
  throw new ConformanceError(`cannot be replayed: schema ${schema} has no replayer`);
}
