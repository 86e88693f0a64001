// Replays a recorded run of a mesh through the core's mesh alone.

import { curveDifference } from './noc-curve.ts';
import { traceDifference, zeroLoadDifference } from './noc-packets.ts';
import { sweepDifference } from './noc-sweep.ts';
import type { NocVector } from './noc-vector.ts';

/** The line of the first difference, undefined if there is none. */
export function nocDifference(vector: NocVector): string | undefined {
  switch (vector.kind) {
    case 'zero-load':
      return zeroLoadDifference(vector);
    case 'trace':
      return traceDifference(vector);
    case 'sweep':
      return sweepDifference(vector);
    case 'curve':
      return curveDifference(vector);
  }
}
