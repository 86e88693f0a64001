// Which of two runs takes less: in how many of the drawn worlds, and whether profile or reading would decide otherwise.

import type { CounterName } from '../measure/counters.ts';
import type { Worlds } from './draws.ts';
import type { EventCounts } from './energy.ts';
import { type Choices, EnergyWorlds, shareLess } from './uncertainty.ts';

/** One run. */
export interface Contestant {
  readonly choices: Choices;
  /** Of the profile that gives its value. */
  readonly profile: string;
  /** That gives its value. */
  readonly visits: CounterName;
  /** Of one sample. */
  readonly counts: EventCounts;
}

/** The energies of a run in each world. */
export interface DrawnContestant {
  /** At its own profile and reading. */
  readonly own: Worlds;
  /** Profile → reading by reading. */
  readonly byProfile: ReadonlyMap<string, readonly Worlds[]>;
}

/** Shares of the draws in which the first takes less than the second. */
export interface Contest {
  /** At the profile and reading of each. */
  readonly share: number;
  /** Least and greatest share over the profiles that both have and the readings that are open, the same for both. */
  readonly low: number;
  readonly high: number;
}

export function drawContestant({ choices, profile, visits, counts }: Contestant): DrawnContestant {
  const counters = Object.values(choices.readings);
  const drawn = Object.entries(choices.profiles).map(([name, coefficients]) => {
    const worlds = new EnergyWorlds(coefficients);
    return { name, worlds, readings: counters.map((counter) => worlds.dynamic(counts, counter)) };
  });
  const own = drawn.find(({ name }) => name === profile)?.worlds ?? new EnergyWorlds({});
  return {
    own: own.dynamic(counts, visits),
    byProfile: new Map(drawn.map(({ name, readings }) => [name, readings])),
  };
}

/** Both are in the same worlds, so a coefficient that they share cannot decide by itself. */
export function contest(a: DrawnContestant, b: DrawnContestant): Contest {
  const share = shareLess(a.own, b.own);
  const others = [...a.byProfile].flatMap(([profile, readings]) => {
    const other = b.byProfile.get(profile);
    return other === undefined ? [] : readings.map((worlds, i) => shareLess(worlds, other[i]!));
  });
  return { share, low: Math.min(share, ...others), high: Math.max(share, ...others) };
}
