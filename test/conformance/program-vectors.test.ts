// Golden vectors of Lava's Loihi 2 models, where they are at hand: compiled, and interpreted by every build. They are
// not part of the repository.

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { firstDifference } from '../../host/conformance/compare.ts';
import { replay } from '../../host/conformance/replay.ts';
import { parseVector, readJson } from '../../host/conformance/vector.ts';

const RECORDED = '../shared/golden';
const FILES = ['c-learning/lava_learn_prototype.json'];

const WAYS = [
  { build: 'release', programs: 'compiled' },
  { build: 'release', programs: 'interpreted' },
  { build: 'scalar' },
  { build: 'debug' },
] as const;

function vectors(): string[] {
  const folder = join(RECORDED, 'e-loihi2');
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return [...files.map((name) => join('e-loihi2', name)), ...FILES];
}

for (const way of WAYS) {
  it(`every vector is met: ${Object.values(way).join(', ')}`, (context) => {
    const files = vectors();
    if (files.length === 0) {
      console.warn(`SKIPPED "${context.task.name}": no ${RECORDED}/e-loihi2, so it was not tested`);
      context.skip();
    }
    for (const file of files) {
      const vector = parseVector(readJson(join(RECORDED, file)));
      expect({ file, difference: firstDifference(vector, replay(vector, way)) }).toEqual({ file });
    }
  });
}
