// The time of a run as one line: steps one behind the other, what every unit did and which messages were on their
// way, in quanta from the begin of the run. Traces and waveforms are written from it.

import type { ChipImage } from '../image/image.ts';
import { columnOf } from '../machine/cycle-map.ts';
import type { CycleEvent, ShareName, StepRecord, UnitName } from '../machine/cycle-reader.ts';
import type { Machine } from '../machine/machine.ts';

/** Steps and events of one timeline; later ones are left out, and lost events are counted. */
export const TIMELINE_STEPS = 4096;
export const TIMELINE_EVENTS = 2 ** 18;

/** Parts of the critical path in the order in which they can follow each other. */
const PATH: readonly ShareName[] = [
  'management',
  'injection',
  'compartment',
  'outputAxon',
  'network',
  'inputAxon',
  'synapse',
  'dendrite',
  'barrier',
  'learning',
];

/** A time step of the chip. */
export interface TimelineStep {
  readonly step: number;
  readonly phase: string;
  readonly begin: number;
  readonly end: number;
  readonly messages: number;
  readonly boundBy: ShareName;
  /** Stations between which the critical path ran. */
  readonly source: number;
  readonly target: number;
  /** Parts of the critical path, in the order in which they follow each other; none is empty. */
  readonly parts: readonly { readonly name: ShareName; readonly quanta: number }[];
}

export interface Timeline {
  readonly quantumS: number;
  /** Names of the cores, then the embedded processor. */
  readonly stations: readonly string[];
  readonly steps: readonly TimelineStep[];
  /** Units at work and flights of messages by their begin; learning as far as steps have records of units. */
  readonly events: readonly CycleEvent[];
  /** Links between routers, and the flights that cross each. */
  readonly links: readonly { readonly name: string; readonly flights: readonly CycleEvent[] }[];
  readonly lost: number;
}

/** What a unit of a station is called: what is an output axon of a core injects in the embedded processor. */
export function unitName({ stations }: Timeline, station: number, unit: UnitName): string {
  return unit === 'outputAxon' && station === stations.length - 1 ? 'injection' : unit;
}

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Routers that a message passes, x before y. [HW 5] */
function* wayOf(from: Place, to: Place): Generator<Place> {
  let { x, y } = from;
  yield { x, y };
  while (x !== to.x) {
    x += Math.sign(to.x - x);
    yield { x, y };
  }
  while (y !== to.y) {
    y += Math.sign(to.y - y);
    yield { x, y };
  }
}

function flightsByLink(events: readonly CycleEvent[], places: readonly Place[]): Timeline['links'] {
  const links = new Map<string, CycleEvent[]>();
  for (const event of events) {
    if (event.unit !== 'network') continue;
    let last: Place | undefined;
    for (const router of wayOf(places[event.station]!, places[event.other]!)) {
      if (last !== undefined) {
        const name = `${last.x},${last.y} to ${router.x},${router.y}`;
        const flights = links.get(name);
        if (flights === undefined) links.set(name, [event]);
        else flights.push(event);
      }
      last = router;
    }
  }
  const names = [...links.keys()].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  return names.map((name) => ({ name, flights: links.get(name)! }));
}

function timelineStep(record: StepRecord, phase: string, begin: number): TimelineStep {
  const parts = PATH.map((name) => ({ name, quanta: record.shares[name] })).filter(
    ({ quanta }) => quanta > 0,
  );
  const { step, messages, boundBy, source, target } = record;
  const end = parts.reduce((sum, { quanta }) => sum + quanta, begin);
  return { step, phase, begin, end, messages, boundBy, source, target, parts };
}

/** Learning of each core at the end of a step: the log holds what happens before the barrier. */
function learningEvents({ step, units }: StepRecord, begin: number): CycleEvent[] {
  return (units ?? []).flatMap(({ learning }, station) =>
    learning.busy === 0
      ? []
      : [
          {
            step,
            unit: 'learning' as const,
            station,
            other: station,
            depth: 0,
            begin: begin + learning.end - learning.busy,
            end: begin + learning.end,
          },
        ],
  );
}

function placesOf(image: ChipImage): Place[] {
  const { cycle } = image.timing;
  const cores = image.cores.map(({ place }) => ({ x: columnOf(cycle, place), y: place.y }));
  return [...cores, { x: 0, y: 0 }]; // the processor is at the first router
}

/**
 * Takes what a machine recorded since the last time.
 * @throws Error if its time is not told in mode `cycle`
 */
export function drainTimeline({ cycle, image }: Machine): Timeline {
  if (cycle === null) throw new Error('only mode cycle has a timeline');
  const records = cycle.drainSteps();
  const { events: logged, lost } = cycle.drainEvents();
  let now = 0;
  const steps = records.map((record) => {
    const step = timelineStep(record, image.phases[record.phase]!.name, now);
    now = step.end;
    return step;
  });
  const begins = new Map(steps.map(({ step, begin }) => [step, begin]));
  const events = logged
    .filter(({ step }) => begins.has(step))
    .map((event) => {
      const begin = begins.get(event.step)!;
      return { ...event, begin: begin + event.begin, end: begin + event.end };
    });
  const learning = records.flatMap((record) => learningEvents(record, begins.get(record.step)!));
  return {
    quantumS: image.timing.quantumS,
    stations: [...image.cores.map(({ index }) => `core ${index}`), 'embedded processor'],
    steps,
    events: [...events, ...learning].sort((a, b) => a.begin - b.begin || a.end - b.end),
    links: flightsByLink(events, placesOf(image)),
    lost,
  };
}
