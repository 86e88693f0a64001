// The core's mesh against the model's, over random meshes, options and traffic.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CoreBuild } from '../../host/machine/core-module.ts';
import { meshCase, runCore, runModel } from './mesh-case.ts';

const BUILDS: readonly CoreBuild[] = ['release', 'scalar', 'debug'];
const CASES = Number(process.env.MESH_CASES ?? 25);

describe('random meshes', () => {
  it.each([1, Math.floor(Date.now() / 1000) % 2 ** 31])(
    'agree with the model on every packet, grant and statistic in all builds; all traffic arrives; seed %i',
    (seed) => {
      const property = fc.property(meshCase, (drawn) => {
        const model = runModel(drawn);
        expect(model.arrivals).toHaveLength(drawn.packets.length);
        for (const build of BUILDS) expect(runCore(drawn, build), build).toEqual(model);
      });
      fc.assert(property, { seed, numRuns: CASES });
    },
  );
});
