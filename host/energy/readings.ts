// The two readings of what a learning epoch visits: the largest open question of all. [HW 6.4, 8.1]

import type { VisitReading } from '../image/image.ts';

/** The readings that sources leave open, of a chip that learns in every epoch or skips those without an error. */
export function openReadings(skips: boolean): readonly VisitReading[] {
  return skips ? ['allPlasticWithError', 'activeAxonsWithError'] : ['allPlastic', 'activeAxons'];
}
