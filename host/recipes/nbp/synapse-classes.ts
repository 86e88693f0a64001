// The static synapses: seven strengths, all exact on the 8-bit grid, in units of 64 as weights are. A compartment
// with a bias fires when more than 9,216 units arrive in a step: 8,192 cancel the bias, 1,024 are the threshold.

import type { Connection, Projection, SignMode } from '../../network/network.ts';

interface SynapseClass {
  readonly mantissa: number;
  readonly exponent: number;
}

export const SYNAPSE_CLASSES = {
  unit: { mantissa: 130, exponent: 2 }, // 520: one spike counts as one, a half being 512
  'unit-': { mantissa: -130, exponent: 2 },
  gate: { mantissa: 136, exponent: 6 }, // 8,704: leaves 512 to the threshold
  hold: { mantissa: 128, exponent: 6 }, // 8,192: leaves 1,024
  half: { mantissa: 128, exponent: 2 }, // 512: with a gate nothing is left
  chain: { mantissa: 145, exponent: 6 }, // 9,280: fires a gate alone
  block: { mantissa: -254, exponent: 5 }, // -8,128
} as const satisfies Record<string, SynapseClass>;

export type SynapseClassName = keyof typeof SYNAPSE_CLASSES;

/** What a spike over a synapse of the class adds, in units of 64. */
export function unitsOf(name: SynapseClassName): number {
  const { mantissa, exponent } = SYNAPSE_CLASSES[name];
  return mantissa * 2 ** exponent;
}

/** A static projection; one-to-one, or from one gate to all elements. */
export function staticProjection(
  from: string,
  to: string,
  name: SynapseClassName,
  delay = 0,
  kind: 'one-to-one' | 'uniform' = 'one-to-one',
): Projection {
  const { mantissa, exponent } = SYNAPSE_CLASSES[name];
  const signMode: SignMode = mantissa > 0 ? 'excitatory' : 'inhibitory';
  const connection: Connection = { kind, weight: mantissa };
  const suffix = delay === 0 ? name : `${name} after ${delay}`;
  return {
    name: `${from} -> ${to}, ${suffix}`,
    from,
    to,
    connection,
    synapse: { signMode, bits: 8, exponent, delay },
  };
}
