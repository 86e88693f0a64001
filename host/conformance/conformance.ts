// Conformance: replays everything under some paths and tells what differs.

import { join, relative } from 'node:path';
import { UserError } from '../errors.ts';
import { ConformanceError } from './conformance-error.ts';
import { type Found, findChecks } from './find-checks.ts';
import { replayNbpSet } from './nbp-set.ts';
import { type Check, fileReplayer } from './replayers.ts';
import { readJson } from './vector.ts';

/** Path without its ending, relative to the working directory unless it lies outside. */
function nameOf(path: string): string {
  const near = relative(process.cwd(), path);
  return (near.startsWith('..') || near === '' ? path : near).replace(/\.json$/, '');
}

function* replayFile(path: string): Generator<Check> {
  const name = nameOf(path);
  try {
    const value = readJson(path);
    yield* fileReplayer(value)(name, value);
  } catch (error) {
    if (error instanceof ConformanceError) yield { name, failure: error.message };
    // What the compiler refuses cannot be run, and whatever cannot be run has failed.
    else if (error instanceof UserError)
      yield { name, failure: `cannot be replayed: ${error.message.split('\n')[0]}` };
    else throw error;
  }
}

function* run(found: Found): Generator<Check> {
  if (found.kind === 'file') yield* replayFile(found.path);
  else {
    const { folder, set } = found;
    for (const { name, failure } of replayNbpSet(folder, set))
      yield { name: `${nameOf(join(folder, set))}: ${name}`, failure };
  }
}

/**
 * Replays all vectors and sets under the paths, one after the other.
 * @throws UserError if a path does not exist, or there is nothing to replay
 */
export function* runConformance(paths: readonly string[]): Generator<Check> {
  const found = findChecks(paths);
  if (found.length === 0) {
    throw new UserError(`no vector was found in ${paths.join(', ')}`, {
      code: 'no-vector',
      hint: 'a vector is a JSON file of schema seamount-golden/1',
    });
  }
  for (const item of found) yield* run(item);
}
