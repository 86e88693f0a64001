// The draws of the coefficients: a thousand worlds, the same ones in every report. A coefficient is known by its name
// and its numbers. Two profiles, runs or chips that share it see the same value of it in the same world, so that what
// they share cannot decide between them; all else is independent.

import type { EnergyCoefficientName } from '../chip/energy-profile.ts';
import { mix32 } from '../mix32.ts';
import { DRAWS, quantile, type Uncertain } from './distribution.ts';

/** Coefficients that a profile has. */
export type UncertainProfile = Readonly<Partial<Record<EnergyCoefficientName, Uncertain | null>>>;

/** A value per world. */
export type Worlds = Float64Array;

const SEED = 0x5ea30047;

function hashOf(text: string): number {
  let hash = SEED;
  for (const letter of text) hash = mix32(hash ^ letter.codePointAt(0)!);
  return hash;
}

/**
 * A share of each of {@link DRAWS} equal strata of 0..1, in an order that the name decides: every coefficient covers
 * its whole distribution, and two of them are in no relation.
 */
export function shares(name: string): Worlds {
  const hash = hashOf(name);
  const order = Array.from({ length: DRAWS }, (_, i) => ({ i, key: mix32(hash + Math.imul(i, 0x9e3779b9)) }));
  order.sort((a, b) => a.key - b.key || a.i - b.i);
  const drawn = new Float64Array(DRAWS);
  order.forEach(({ i }, stratum) => {
    drawn[i] = (stratum + 0.5) / DRAWS;
  });
  return drawn;
}

/** Drawn before: the same few coefficients come again with every profile and run. */
const DRAWN = new Map<string, Worlds>();

/** The value of a number in each world. */
export function worldsOf(name: string, uncertain: Uncertain): Worlds {
  const { value, low, high, class: kind } = uncertain;
  const key = `${name} ${value} ${low} ${high}`;
  const before = DRAWN.get(`${key} ${kind}`);
  if (before !== undefined) return before;
  const worlds = shares(key).map((share) => quantile(uncertain, share));
  DRAWN.set(`${key} ${kind}`, worlds);
  return worlds;
}
