// A run of a report as one side of a comparison: its counts, and the coefficients that it cites.

import { UNTOLD } from '../chip/class-interval.ts';
import type { EnergyCoefficientName } from '../chip/energy-profile.ts';
import { PROVENANCE_CLASSES, type ProvenanceClass } from '../chip/source-comment.ts';
import { type Contest, type Contestant, contest, drawContestant } from '../energy/contest.ts';
import type { Uncertain } from '../energy/distribution.ts';
import { openReadings } from '../energy/readings.ts';
import type { VisitReading } from '../image/image.ts';
import type { CounterName } from '../measure/counters.ts';
import { VISIT_COUNTERS } from '../measure/measure.ts';
import { isKnown } from './format.ts';
import type { Report } from './report.ts';

function isReading(name: string): name is VisitReading {
  return Object.hasOwn(VISIT_COUNTERS, name);
}

function classOf(name: string | null): ProvenanceClass {
  return PROVENANCE_CLASSES.find((kind) => kind === name) ?? UNTOLD;
}

/** The run as a contestant; undefined if its report lacks what a draw needs. */
export function contestantOf({ energy, counts }: Report): Contestant | undefined {
  const { coefficients, profile, learningVisits } = energy;
  const events = counts.perTrainingSample;
  if (!isReading(learningVisits) || !isKnown(events.synapticOps)) return undefined;
  const profiles: Record<string, Partial<Record<EnergyCoefficientName, Uncertain>>> = {};
  for (const { profile: of, name, value, low, high, class: kind } of coefficients) {
    profiles[of] = { ...profiles[of], [name]: { value, low, high, class: classOf(kind) } };
  }
  if (!Object.hasOwn(profiles, profile)) return undefined;
  const readings = openReadings(learningVisits.endsWith('WithError'));
  return {
    choices: {
      profiles,
      readings: Object.fromEntries(
        readings.map((reading): [string, CounterName] => [reading, VISIT_COUNTERS[reading]]),
      ),
    },
    profile,
    visits: VISIT_COUNTERS[learningVisits],
    // Counters that an older report lacks did not exist, and nor did their coefficients.
    counts: Object.fromEntries(
      Object.entries(events).map(([name, count]) => [name, isKnown(count) ? count : 0]),
    ) as Record<CounterName, number>,
  };
}

/**
 * For every pair of runs, in how many draws the row's takes less energy per training sample than the column's; null
 * on the diagonal and where a report lacks what a draw needs.
 */
export function contests(reports: readonly Report[]): (Contest | null)[][] {
  const sides = reports.map((report) => {
    const contestant = contestantOf(report);
    return contestant === undefined ? undefined : drawContestant(contestant);
  });
  return sides.map((a, i) =>
    sides.map((b, j) => (i === j || a === undefined || b === undefined ? null : contest(a, b))),
  );
}
