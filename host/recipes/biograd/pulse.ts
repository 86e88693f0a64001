// Static weights of a given strength, as one or two synapses on the chip's grid. Strengths are in units of 64.

import type { Connection, Projection, SynapseParameters } from '../../network/network.ts';

/** Greatest strength of a single excitatory or inhibitory synapse: 255 · 2^7. */
export const STRONGEST = 255 * 128;

/** A mantissa 1..255 and an exponent 0..7 that give exactly `units`, or undefined. */
function single(units: number): { mantissa: number; exponent: number } | undefined {
  for (let exponent = 0; exponent <= 7; exponent++) {
    const mantissa = units / 2 ** exponent;
    if (mantissa <= 255) return Number.isInteger(mantissa) ? { mantissa, exponent } : undefined;
  }
  return undefined;
}

/** Splits a strength into at most two exact synapses, a coarse and a fine one. */
function split(units: number): { mantissa: number; exponent: number }[] {
  const whole = single(units);
  if (whole !== undefined) return [whole];
  for (let exponent = 7; exponent >= 0; exponent--) {
    const mantissa = Math.min(255, Math.floor(units / 2 ** exponent));
    if (mantissa === 0) continue;
    const rest = single(units - mantissa * 2 ** exponent);
    if (rest !== undefined) return [{ mantissa, exponent }, rest];
  }
  throw new Error(`a strength of ${units} units needs more than two synapses`);
}

/**
 * Projections that together add `units` (not 0) to every target, `delay` steps later than the next one.
 * @param kind one-to-one, or from one element to all
 */
export function pulse(
  name: string,
  from: string,
  to: string,
  units: number,
  delay = 0,
  kind: 'one-to-one' | 'uniform' = 'uniform',
): Projection[] {
  const sign = Math.sign(units);
  return split(Math.abs(units)).map(({ mantissa, exponent }, i) => {
    const synapse: SynapseParameters = {
      signMode: sign > 0 ? 'excitatory' : 'inhibitory',
      bits: 8,
      exponent,
      delay,
    };
    const connection: Connection = { kind, weight: sign * mantissa };
    return { name: i === 0 ? name : `${name} fine`, from, to, connection, synapse };
  });
}
