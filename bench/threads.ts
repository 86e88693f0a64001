// One large network on two threads against one. This is the one benchmark of wall time: what threads are for. Other work on
// the machine takes part of one core and so all of what two threads gain; beside it stands the same by CPU time, which
// counts what both threads do, short waits for each other included.

import { loadChip } from '../host/chip/load.ts';
import { compile } from '../host/compile/compile.ts';
import { Machine } from '../host/machine/machine.ts';
import { cpuSeconds, median, type Row } from './bench.ts';
import { ring, WORKLOAD_STEPS } from './workloads.ts';

const THREADS = 2;
/** About as long as a slice lasts, so that both sides meet the same neighbours. */
const SLICE_S = 0.1;
const ROUNDS = 31;

interface Side {
  readonly machine: Machine;
  readonly presentations: number;
}

function wallSeconds(): number {
  return performance.now() / 1000;
}

/** Wall and CPU time of a step over a slice, in seconds. */
function stepSeconds({ machine, presentations }: Side): { wall: number; cpu: number } {
  const wall = wallSeconds();
  const cpu = cpuSeconds();
  for (let i = 0; i < presentations; i++) machine.present('run');
  const steps = presentations * WORKLOAD_STEPS;
  return { wall: (wallSeconds() - wall) / steps, cpu: (cpuSeconds() - cpu) / steps };
}

function warm(machine: Machine): Side {
  machine.present('run');
  const begin = wallSeconds();
  machine.present('run');
  return { machine, presentations: Math.max(1, Math.round(SLICE_S / (wallSeconds() - begin))) };
}

function checkSame(a: Machine, b: Machine): void {
  const text = (machine: Machine): string =>
    JSON.stringify([machine.counters().map((row) => row.map(String)), machine.times()]);
  if (text(a) !== text(b)) throw new Error('two threads count something else than one');
}

/** A ring of so many cores with so many compartments each. */
function compare(cores: number, size: number, bar: number | null, stretch: number | null): Row[] {
  const { image } = compile(ring(cores, size), loadChip('loihi1').chip);
  const sides = [1, THREADS].map((threads) => warm(new Machine(image, { threads })));
  const [one, two] = [sides[0]!, sides[1]!];
  checkSame(one.machine, two.machine);
  const rounds = Array.from({ length: ROUNDS }, () => ({ one: stepSeconds(one), two: stepSeconds(two) }));
  two.machine.close();
  const micro = (pick: (round: (typeof rounds)[number]) => number): number => median(rounds.map(pick)) * 1e6;
  const network = `${cores} cores x ${size} compartments`;
  const rates = { 'one thread': micro((r) => r.one.wall), 'two threads': micro((r) => r.two.wall) };
  return [
    {
      what: `two threads / one, ${network}, wall time`,
      figure: median(rounds.map((r) => r.one.wall / r.two.wall)),
      unit: 'x',
      bar,
      stretch,
      better: 'more',
      rates,
      rateUnit: 'µs/step',
    },
    {
      what: `two threads / one, ${network}, by CPU time of both`,
      figure: median(rounds.map((r) => (THREADS * r.one.cpu) / r.two.cpu)),
      unit: 'x',
      bar: null,
      stretch: null,
      better: 'more',
      rates: { 'one thread': micro((r) => r.one.cpu), 'two threads': micro((r) => r.two.cpu) },
      rateUnit: 'µs/step',
    },
  ];
}

export function threadRows(): Row[] {
  return [...compare(128, 320, 1.5, 1.85), ...compare(512, 320, null, null)];
}
