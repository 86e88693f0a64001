// Golden vectors small enough to work out by hand.

import { firstDifference } from '../../../host/conformance/compare.ts';
import { type Recording, replay } from '../../../host/conformance/replay.ts';
import { parseVector, type Vector } from '../../../host/conformance/vector.ts';
import type { CoreBuild } from '../../../host/machine/core-module.ts';

export const BUILDS: readonly CoreBuild[] = ['release', 'scalar', 'debug'];

/** What a test says of a vector; the rest is the same for all. */
export interface SmallVector {
  readonly semantics?: string;
  readonly steps: number;
  readonly populations?: readonly object[];
  readonly connections?: readonly object[];
  readonly input?: Readonly<Record<string, object>>;
  readonly rng?: object;
  readonly expected: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** The JSON value of a vector. */
export function vectorJson(setup: SmallVector): object {
  const { populations = [], connections = [], semantics = 'lava', ...rest } = setup;
  return {
    schema: 'seamount-golden/1',
    name: 'small',
    semantics,
    chip: 'loihi1',
    network: { populations, connections },
    input: {},
    ...rest,
  };
}

export function smallVector(setup: SmallVector): Vector {
  return parseVector(vectorJson(setup));
}

/** Recorded rows by `id.variable`. */
export function record(setup: SmallVector, build: CoreBuild): Record<string, number[][]> {
  const recordings: Recording[] = replay(smallVector(setup), { build });
  return Object.fromEntries(recordings.map(({ name, rows }) => [name, rows.map((row) => [...row])]));
}

/** The first difference of a vector from its own expectation. */
export function differenceOf(setup: SmallVector, build: CoreBuild = 'release') {
  const vector = smallVector(setup);
  return firstDifference(vector, replay(vector, { build }));
}

/** An input of spikes or values. */
export function events(
  kind: 'spikes' | 'graded' | 'activation',
  n: number,
  ...list: readonly number[][]
): object {
  return { kind, n, events: list };
}
