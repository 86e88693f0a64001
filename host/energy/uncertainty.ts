// What is known of an energy: its percentiles over the draws, what moves it most, and how often one of two is less.

import type { EnergyCoefficientName } from '../chip/energy-profile.ts';
import type { ProvenanceClass } from '../chip/source-comment.ts';
import type { CounterName } from '../measure/counters.ts';
import { DRAWS, type Uncertain } from './distribution.ts';
import { shares, type UncertainProfile, type Worlds, worldsOf } from './draws.ts';
import { charges, type EnergyUnit, type EventCounts } from './energy.ts';

/** In joules; five draws in a hundred are less than `p5`, five more than `p95`. */
export interface Percentiles {
  readonly p5: number;
  readonly p50: number;
  readonly p95: number;
}

/** How far one coefficient or choice alone moves a figure, all else at its value. */
export interface TornadoRow {
  readonly name: string;
  readonly kind: 'coefficient' | 'learning visits' | 'profile';
  /** Of a coefficient. */
  readonly class: ProvenanceClass | null;
  readonly lowJ: number;
  readonly highJ: number;
  /** What the ends are: joules of the coefficient, or the names of the choices. */
  readonly lowAt: number | string;
  readonly highAt: number | string;
}

/** The profiles and readings that a figure could have been computed under. */
export interface Choices {
  readonly profiles: Readonly<Record<string, UncertainProfile>>;
  /** Reading → counter of the visits. */
  readonly readings: Readonly<Record<string, CounterName>>;
}

const PROFILE_KEY = 'choice of the profile';
const READING_KEY = 'choice of the learning visits';

export function percentiles(worlds: Worlds): Percentiles {
  const sorted = worlds.toSorted();
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
  return { p5: at(0.05), p50: at(0.5), p95: at(0.95) };
}

/** An energy in joules at the values of the coefficients. */
function joules(profile: UncertainProfile, counts: EventCounts, visits: CounterName): number {
  return charges(counts, visits).reduce(
    (sum, { coefficient, events }) => sum + (profile[coefficient]?.value ?? 0) * events,
    0,
  );
}

/** Energies of one profile in each world. */
export class EnergyWorlds {
  readonly #profile: UncertainProfile;

  constructor(profile: UncertainProfile) {
    this.#profile = profile;
  }

  /**
   * Dynamic energy of counted events.
   * @param parts equal parts that the counts are divided into
   * @param units those that are summed; all if left out
   */
  dynamic(counts: EventCounts, visits: CounterName, parts = 1, units?: readonly EnergyUnit[]): Worlds {
    const sum = new Float64Array(DRAWS);
    for (const { unit, coefficient, events } of charges(counts, visits)) {
      const uncertain = this.#profile[coefficient];
      if (uncertain === undefined || uncertain === null || events === 0) continue;
      if (units?.includes(unit) === false) continue;
      const worlds = worldsOf(coefficient, uncertain);
      for (let i = 0; i < DRAWS; i++) sum[i]! += (worlds[i]! * events) / parts;
    }
    return sum;
  }
}

/** Energy of a power over a time in each world; the time is not drawn. */
export function powerWorlds(name: string, power: Uncertain, seconds: number): Worlds {
  return worldsOf(name, power).map((watts) => watts * seconds);
}

/** Dynamic energy in each world if profile and reading are drawn as well, each with equal chances. */
export function choiceWorlds({ profiles, readings }: Choices, counts: EventCounts, parts: number): Worlds {
  const visits = Object.values(readings);
  const table = Object.values(profiles).map((profile) => {
    const worlds = new EnergyWorlds(profile);
    return visits.map((counter) => worlds.dynamic(counts, counter, parts));
  });
  const [profileShares, readingShares] = [shares(PROFILE_KEY), shares(READING_KEY)];
  const at = (share: number, count: number) => Math.min(count - 1, Math.floor(share * count));
  return profileShares.map((share, i) => {
    const row = table[at(share, table.length)]!;
    return row[at(readingShares[i]!, row.length)]![i]!;
  });
}

/** One row of choices: the names and energies of the least and the most expensive one. */
function choiceRow(kind: TornadoRow['kind'], options: readonly (readonly [string, number])[]): TornadoRow {
  const sorted = options.toSorted(([, a], [, b]) => a - b);
  const [[lowAt, lowJ], [highAt, highJ]] = [sorted[0]!, sorted.at(-1)!];
  return { name: kind, kind, class: null, lowJ, highJ, lowAt, highAt };
}

/**
 * What moves an energy most, widest first: every coefficient over its interval, the profile and the reading of the
 * learning visits over their choices.
 * @param profile name of the one that gives the value
 * @param visits reading that gives the value
 */
export function tornado(
  choices: Choices,
  profile: string,
  visits: CounterName,
  counts: EventCounts,
  parts: number,
): TornadoRow[] {
  const own = choices.profiles[profile] ?? {};
  const value = joules(own, counts, visits) / parts;
  const rows = charges(counts, visits).reduce((byName, { coefficient, events }) => {
    return byName.set(coefficient, (byName.get(coefficient) ?? 0) + events / parts);
  }, new Map<EnergyCoefficientName, number>());
  const coefficients = [...rows].flatMap(([name, events]): TornadoRow[] => {
    const uncertain = own[name];
    if (uncertain === undefined || uncertain === null || events === 0) return [];
    const { low, high } = uncertain;
    const [lowJ, highJ] = [low, high].map((end) => value + (end - uncertain.value) * events) as [
      number,
      number,
    ];
    return [{ name, kind: 'coefficient', class: uncertain.class, lowJ, highJ, lowAt: low, highAt: high }];
  });
  const profiles = Object.entries(choices.profiles).map(
    ([name, other]) => [name, joules(other, counts, visits) / parts] as const,
  );
  const readings = Object.entries(choices.readings).map(
    ([name, counter]) => [name, joules(own, counts, counter) / parts] as const,
  );
  return [...coefficients, choiceRow('profile', profiles), choiceRow('learning visits', readings)]
    .filter(({ lowJ, highJ }) => highJ > lowJ)
    .toSorted((a, b) => b.highJ - b.lowJ - (a.highJ - a.lowJ));
}

/** The share of worlds in which `a` is less than `b`; a tie counts half. */
export function shareLess(a: Worlds, b: Worlds): number {
  let less = 0;
  for (let i = 0; i < DRAWS; i++) less += a[i]! < b[i]! ? 1 : a[i]! === b[i]! ? 0.5 : 0;
  return less / DRAWS;
}
