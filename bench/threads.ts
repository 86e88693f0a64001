// One large network on two threads against one. This is the one benchmark of wall time: what threads are for. Other work on
// the machine takes part of one core and so all of what two threads gain; beside it stands the same by CPU time, which
// counts what both threads do, short waits for each other included.

import { loadChip } from '../host/chip/load.ts';
import { compile } from '../host/compile/compile.ts';
import type { ChipImage, CoreImage } from '../host/image/image.ts';
import { Machine } from '../host/machine/machine.ts';
import { cpuSeconds, median, type Row } from './bench.ts';
import { ring, WORKLOAD_STEPS } from './workloads.ts';

const THREADS = 2;
/** As in a run, where threads work together for long: a system may take a tenth of a second to give a woken one its own processor. */
const SLICE_S = 1.5;
const ROUNDS = 9;
/** Most of a core's synapse memory is full. */
const RING_CORES = 128;
const RING_SIZE = 320;
const CHIPS = 12;

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

/** So many chips that are all like the one of `image`. */
function copies(image: ChipImage, count: number): ChipImage {
  const all = image.cores.length;
  const cores = Array.from({ length: count * all }, (_, index): CoreImage => {
    const core = image.cores[index % all]!;
    const chip = Math.floor(index / all);
    const routes = { ...core.routes, core: core.routes.core.map((to) => to + chip * all) };
    return { ...core, index, place: { ...core.place, chip }, routes };
  });
  return { ...image, cores };
}

function compare(image: ChipImage, network: string, bar: number | null, stretch: number | null): Row[] {
  const [one, two] = [1, THREADS].map((threads) => warm(new Machine(image, { threads })));
  if (one === undefined || two === undefined) throw new Error('there are two sides');
  checkSame(one.machine, two.machine);
  const rounds = Array.from({ length: ROUNDS }, () => ({ one: stepSeconds(one), two: stepSeconds(two) }));
  two.machine.close();
  const micro = (pick: (round: (typeof rounds)[number]) => number): number => median(rounds.map(pick)) * 1e6;
  return [
    {
      what: `two threads / one, ${network}, wall time`,
      figure: median(rounds.map((r) => r.one.wall / r.two.wall)),
      unit: 'x',
      bar,
      stretch,
      better: 'more',
      rates: { 'one thread': micro((r) => r.one.wall), 'two threads': micro((r) => r.two.wall) },
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

/** One chip, whose steps take some tens of microseconds, and several, whose steps take a millisecond. */
export function threadRows(): Row[] {
  const { image } = compile(ring(RING_CORES, RING_SIZE), loadChip('loihi1').chip);
  const cores = `${RING_CORES} cores x ${RING_SIZE} compartments`;
  return [
    ...compare(image, cores, 1.5, 1.85),
    ...compare(copies(image, CHIPS), `${CHIPS} chips of ${cores}`, null, null),
  ];
}
