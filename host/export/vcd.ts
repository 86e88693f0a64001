// A timeline as a waveform in VCD (IEEE 1364), which GTKWave opens: of every core the units at work and the depths of
// their queues, of every link the messages on their way, of the chip the number and the phase of the step.

import { type CycleEvent, UNIT_NAMES } from '../machine/cycle-reader.ts';
import { levels } from './levels.ts';
import { type Timeline, unitName } from './timeline.ts';

const BITS = 16;
const STEP_BITS = 32;

interface Signal {
  readonly scope: string;
  readonly name: string;
  readonly bits: number;
  readonly changes: readonly { readonly at: number; readonly level: number }[];
}

/** Identifier of the n-th signal: printable characters, shortest first. */
function identifier(n: number): string {
  const [first, count] = [33, 94];
  return n < count
    ? String.fromCharCode(first + n)
    : identifier(Math.floor(n / count) - 1) + String.fromCharCode(first + (n % count));
}

/** Names in a VCD file have no white space. */
function word(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9_]+/g, '_');
}

function signalsOf(timeline: Timeline): Signal[] {
  const { steps, stations, events, links } = timeline;
  const phases = [...new Set(steps.map(({ phase }) => phase))];
  const chip: Signal[] = [
    {
      scope: 'chip',
      name: 'step',
      bits: STEP_BITS,
      changes: steps.map(({ step, begin }) => ({ at: begin, level: step })),
    },
    ...phases.map((phase) => ({
      scope: 'chip',
      name: `phase ${phase}`,
      bits: 1,
      changes: levels(steps.filter((step) => step.phase === phase)),
    })),
  ];
  const byUnit = new Map<string, CycleEvent[]>();
  for (const event of events) {
    const key = `${event.station} ${event.unit}`;
    const own = byUnit.get(key);
    if (own === undefined) byUnit.set(key, [event]);
    else own.push(event);
  }
  const cores = stations.flatMap((station, i) =>
    UNIT_NAMES.flatMap((unit): Signal[] => {
      const own = byUnit.get(`${i} ${unit}`);
      if (own === undefined) return [];
      if (unit === 'network') {
        return [{ scope: station, name: 'messages on their way', bits: BITS, changes: levels(own) }];
      }
      const busy = levels(own).map(({ at, level }) => ({ at, level: Math.min(level, 1) }));
      const name = unitName(timeline, i, unit);
      const signals = [{ scope: station, name, bits: 1, changes: busy }];
      if (own.every(({ depth }) => depth === 0)) return signals;
      const depths = own.map(({ begin, depth }) => ({ at: begin, level: depth }));
      return [...signals, { scope: station, name: `${name} queue`, bits: BITS, changes: depths }];
    }),
  );
  const onLinks = links.map(({ name, flights }) => ({
    scope: 'mesh',
    name: `link ${name}`,
    bits: BITS,
    changes: levels(flights),
  }));
  return [...chip, ...cores, ...onLinks];
}

/** The largest unit of time that VCD knows and that divides the quantum, and quanta in it. */
function timescale(quantumS: number): { readonly unit: string; readonly perQuantum: number } {
  const femtoseconds = Math.round(quantumS * 1e15);
  const units = ['100 ns', '10 ns', '1 ns', '100 ps', '10 ps', '1 ps', '100 fs', '10 fs', '1 fs'];
  const place = units.findIndex((_, i) => femtoseconds % 10 ** (8 - i) === 0);
  return { unit: units[place]!, perQuantum: femtoseconds / 10 ** (8 - place) };
}

function valueChange(level: number, bits: number, id: string): string {
  return bits === 1 ? `${level}${id}\n` : `b${level.toString(2)} ${id}\n`;
}

/** The waveform as pieces of a file. */
export function* vcdLines(timeline: Timeline): Generator<string> {
  const signals = signalsOf(timeline);
  const { unit, perQuantum } = timescale(timeline.quantumS);
  yield '$comment The chip has no clock; times are exact to the time quantum of its configuration. $end\n';
  yield `$timescale ${unit} $end\n`;
  let scope = '';
  for (const [i, { scope: own, name, bits }] of signals.entries()) {
    if (own !== scope) {
      if (scope !== '') yield '$upscope $end\n';
      yield `$scope module ${word(own)} $end\n`;
      scope = own;
    }
    yield `$var ${bits === 1 ? 'wire' : 'reg'} ${bits} ${identifier(i)} ${word(name)} $end\n`;
  }
  if (scope !== '') yield '$upscope $end\n';
  yield '$enddefinitions $end\n#0\n$dumpvars\n';
  for (const [i, { bits }] of signals.entries()) yield valueChange(0, bits, identifier(i));
  yield '$end\n';
  const changes = signals.flatMap(({ bits, changes: own }, i) =>
    own.map(({ at, level }) => ({ at, text: valueChange(level, bits, identifier(i)) })),
  );
  let now = 0;
  for (const { at, text } of changes.sort((a, b) => a.at - b.at)) {
    if (at !== now) yield `#${at * perQuantum}\n`;
    now = at;
    yield text;
  }
  const end = timeline.steps.at(-1)?.end ?? 0;
  if (end > now) yield `#${end * perQuantum}\n`;
}
