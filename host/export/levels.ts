// A level over time from intervals: how many of them hold at once, as the moments at which that changes.

export interface Interval {
  readonly begin: number;
  readonly end: number;
}

/** Moments in ascending order, each with the level from there on; the first one is above 0, the last one 0. */
export function levels(intervals: readonly Interval[]): { readonly at: number; readonly level: number }[] {
  const changes = new Map<number, number>();
  for (const { begin, end } of intervals) {
    if (end <= begin) continue;
    changes.set(begin, (changes.get(begin) ?? 0) + 1);
    changes.set(end, (changes.get(end) ?? 0) - 1);
  }
  let level = 0;
  return [...changes]
    .filter(([, change]) => change !== 0)
    .sort(([a], [b]) => a - b)
    .map(([at, change]) => {
      level += change;
      return { at, level };
    });
}
