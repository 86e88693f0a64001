// Counters by accounting phase, under the names of the counter catalogue, and statistics that the chip has no
// counter for.

/** What is counted per core and phase. */
export const MODEL_COUNTERS = [
  'synapticOpsDense',
  'synapticOpsSparse',
  'synapticOpsConv',
  'synapticUpdates',
  'synapseVisitsAllPlastic',
  'synapseVisitsActiveAxons',
  'synapseVisitsAllPlasticWithError',
  'synapseVisitsActiveAxonsWithError',
  'tiedVisits',
  'compartmentUpdatesActive',
  'compartmentUpdatesInactive',
  'spikes',
  'messages',
  'messagesWithinTile',
  'meshHopsEastWest',
  'meshHopsNorthSouth',
  'interChipHops',
  'traceUpdates',
  'learningEpochs',
  'managementWrites',
  'microcodeSwaps',
  'inputAxonEvents',
  'injectedSpikes',
  'rewardSpikes',
  'programInstructions',
  'randomDraws',
  'overflows',
  'weightClips',
] as const;
export type ModelCounter = (typeof MODEL_COUNTERS)[number];

/** Events that only tests of coverage ask for. */
export interface Statistics {
  voltageSaturations: number;
  ruleSaturations: number;
  secondSpikes: number;
  synapseVisits: number;
  compartmentUpdates: number;
}

export function emptyStatistics(): Statistics {
  return {
    voltageSaturations: 0,
    ruleSaturations: 0,
    secondSpikes: 0,
    synapseVisits: 0,
    compartmentUpdates: 0,
  };
}

/** Counters of one core. */
export class Tally {
  readonly #phases: Map<ModelCounter, number>[];

  constructor(phases: number) {
    this.#phases = Array.from({ length: phases }, () => new Map());
  }

  add(phase: number, counter: ModelCounter, events: number): void {
    const counts = this.#phases[phase]!;
    counts.set(counter, (counts.get(counter) ?? 0) + events);
  }

  of(phase: number, counter: ModelCounter): number {
    return this.#phases[phase]!.get(counter) ?? 0;
  }
}
