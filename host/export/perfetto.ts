// A timeline in the Trace Event Format that Perfetto and Chrome's tracing page open: cores as processes, units as
// threads, steps as slices, queues and links as counters.

import { UNIT_NAMES, type UnitName } from '../machine/cycle-reader.ts';
import { levels } from './levels.ts';
import { type Timeline, type TimelineStep, unitName } from './timeline.ts';

const CHIP = 1;
const MESH = 2;
/** Digits of a time: a second to the picosecond. */
const PRECISION = 12;
/** Process number of the first core. */
const FIRST_CORE = 10;
const STEPS_THREAD = 1;
const PATH_THREAD = 2;
/** Units that are threads of their core; messages on their way are the mesh's. */
const THREADS: readonly UnitName[] = UNIT_NAMES.filter((unit) => unit !== 'network');

type TraceEvent = Readonly<Record<string, unknown>>;

function named(
  kind: 'process' | 'thread',
  pid: number,
  tid: number,
  name: string,
  order: number,
): TraceEvent[] {
  return [
    { ph: 'M', name: `${kind}_name`, pid, tid, args: { name } },
    { ph: 'M', name: `${kind}_sort_index`, pid, tid, args: { sort_index: order } },
  ];
}

class TraceWriter {
  readonly #timeline: Timeline;
  readonly #microseconds: number;

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
    this.#microseconds = timeline.quantumS * 1e6;
  }

  /** In microseconds, as the format wants them. */
  #time(quanta: number): number {
    return Number((quanta * this.#microseconds).toPrecision(PRECISION));
  }

  #slice(pid: number, tid: number, name: string, begin: number, end: number, args: object): TraceEvent {
    return { ph: 'X', pid, tid, name, ts: this.#time(begin), dur: this.#time(end - begin), args };
  }

  #counter(pid: number, name: string, at: number, value: number): TraceEvent {
    return { ph: 'C', pid, name, ts: this.#time(at), args: { value } };
  }

  #chip(): TraceEvent[] {
    return [
      ...named('process', CHIP, 0, 'chip', 0),
      ...named('thread', CHIP, STEPS_THREAD, 'time steps', 0),
      ...named('thread', CHIP, PATH_THREAD, 'critical path', 1),
      ...this.#timeline.steps.flatMap((step) => this.#step(step)),
    ];
  }

  #step({ step, phase, begin, end, messages, boundBy, source, target, parts }: TimelineStep): TraceEvent[] {
    const { stations } = this.#timeline;
    const args = { phase, messages, boundBy, from: stations[source], to: stations[target] };
    const slices = [this.#slice(CHIP, STEPS_THREAD, `step ${step}`, begin, end, args)];
    let now = begin;
    for (const { name, quanta } of parts) {
      slices.push(this.#slice(CHIP, PATH_THREAD, name, now, now + quanta, { step }));
      now += quanta;
    }
    return slices;
  }

  #links(): TraceEvent[] {
    return [
      ...named('process', MESH, 0, 'mesh: messages on their way, by link', 1),
      ...this.#timeline.links.flatMap(({ name, flights }) =>
        levels(flights).map(({ at, level }) => this.#counter(MESH, name, at, level)),
      ),
    ];
  }

  #cores(): TraceEvent[] {
    const { stations, events } = this.#timeline;
    const names = stations.flatMap((station, i) => [
      ...named('process', FIRST_CORE + i, 0, station, 2 + i),
      ...THREADS.flatMap((unit, u) =>
        named('thread', FIRST_CORE + i, u + 1, unitName(this.#timeline, i, unit), u),
      ),
    ]);
    const work = events.flatMap(({ unit, station, other, depth, begin, end, step }) => {
      const thread = THREADS.indexOf(unit) + 1;
      if (thread === 0) return [];
      const pid = FIRST_CORE + station;
      const args = other === station ? { step } : { step, with: stations[other] };
      const name = unitName(this.#timeline, station, unit);
      const slice = this.#slice(pid, thread, name, begin, end, args);
      const hasQueue = unit !== 'compartment' && unit !== 'learning';
      return hasQueue ? [slice, this.#counter(pid, `${name} queue`, begin, depth)] : [slice];
    });
    return [...names, ...work];
  }

  /** One event a line, so that a large trace never is one string. */
  *lines(): Generator<string> {
    const { quantumS, lost } = this.#timeline;
    const metadata = {
      timeQuantumS: quantumS,
      note: 'the chip has no clock; times are exact to the quantum',
      lost,
    };
    yield `{"displayTimeUnit":"ns","metadata":${JSON.stringify(metadata)},"traceEvents":[\n`;
    let first = true;
    for (const events of [this.#chip(), this.#links(), this.#cores()]) {
      for (const event of events) {
        yield `${first ? '' : ',\n'}${JSON.stringify(event)}`;
        first = false;
      }
    }
    yield '\n]}\n';
  }
}

/** The trace as pieces of a JSON file. */
export function traceLines(timeline: Timeline): Generator<string> {
  return new TraceWriter(timeline).lines();
}
