// Runs explicit packets through a mesh until all of them have arrived.

import type { CoreBuild } from '../machine/core-module.ts';
import { type Arrival, type Grant, Mesh } from '../mesh/mesh.ts';
import type { MeshOptions } from '../mesh/mesh-options.ts';

export interface NocPacket {
  readonly cycle: number;
  readonly source: number;
  readonly destination: number;
  readonly flits: number;
  readonly fabric: number;
}

export interface NocOutcome {
  /** By packet. */
  readonly arrivals: readonly Arrival[];
  readonly grants: readonly Grant[];
}

/**
 * @param packets cycles ascending
 * @param grants how many grants there will be, if they are to be recorded
 */
export function runPackets(
  options: MeshOptions,
  packets: readonly NocPacket[],
  { grants = 0, build = 'release' as CoreBuild } = {},
): NocOutcome {
  const mesh = new Mesh(options, { packets: Math.max(1, packets.length), grants }, build);
  const arrivals = new Array<Arrival>(packets.length);
  const advance = (until: number): void => {
    const count = mesh.advance(until);
    for (let i = 0; i < count; i++) {
      const arrival = mesh.arrival(i);
      arrivals[arrival.tag] = arrival;
    }
  };
  packets.forEach(({ cycle, source, fabric, destination, flits }, tag) => {
    while (mesh.time < cycle) advance(cycle - 1);
    mesh.offer(source, fabric, destination, flits, tag);
  });
  while (mesh.inFlight > 0) {
    if (mesh.nextEvent() === Number.POSITIVE_INFINITY)
      throw new Error('the mesh is at rest with packets in it');
    advance(Number.POSITIVE_INFINITY);
  }
  return { arrivals, grants: mesh.takeGrants() };
}
