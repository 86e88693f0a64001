// A network on several threads: the same bits, whatever is divided; snapshots go from one number of threads to another;
// what cannot be divided is refused; a thread that fails takes the others with it.

import { afterEach, describe, expect, it } from 'vitest';
import { biogradLesson, Pupil } from '../../../bench/pupil.ts';
import { loadChip } from '../../../host/chip/load.ts';
import { compile } from '../../../host/compile/compile.ts';
import { generateDigits } from '../../../host/data/digits.ts';
import type { ChipImage } from '../../../host/image/image.ts';
import { coreLayout, instantiateThreadedCore } from '../../../host/machine/core-module.ts';
import { EventList } from '../../../host/machine/event-list.ts';
import { ImageLoader } from '../../../host/machine/load-image.ts';
import { Machine, type MachineOptions } from '../../../host/machine/machine.ts';
import { mapMemory } from '../../../host/machine/memory-map.ts';
import { Pace } from '../../../host/machine/pace.ts';
import { divideCores, estimatedStepS } from '../../../host/machine/sharding.ts';
import { Team } from '../../../host/machine/team.ts';
import { NetworkBuilder } from '../../../host/network/builder.ts';
import type { Connection, Network } from '../../../host/network/network.ts';
import { chipWith } from '../../support/chips.ts';
import { userErrorOf } from '../../support/errors.ts';

const SIZE = 400;
const CORES = 4;
const STEPS = 40;

/** Few synapses per source, on most cores: they lie in spans. */
function scattered(): Connection {
  const rowStart = Uint32Array.from({ length: SIZE + 1 }, (_, i) => i * CORES);
  const targets = Uint32Array.from({ length: SIZE * CORES }, (_, i) => {
    const [source, part] = [Math.floor(i / CORES), i % CORES];
    return part * (SIZE / CORES) + ((source * 7 + part * 13) % (SIZE / CORES));
  });
  const weights = Int16Array.from({ length: targets.length }, (_, i) => ((i * 37) % 120) - 50);
  return { kind: 'sparse', rowStart, targets, weights };
}

/** A port that is dense to all cores, and a population over several cores that drives itself; noise keeps it going. */
function net(): Network {
  return new NetworkBuilder('net', 7)
    .phase('first')
    .phase('second')
    .phase('learning')
    .phase('management')
    .coreClass({ name: 'core', cores: CORES, noise: { exponent: 14, mantissaOffset: 0, target: 'dendrite' } })
    .port({ name: 'in', size: 24 })
    .population({
      name: 'cells',
      size: SIZE,
      coreClass: 'core',
      compartment: { decayU: 2048, decayV: 300, threshold: 300, refractory: 2, noise: true },
    })
    .project({
      name: 'drive',
      from: 'in',
      to: 'cells',
      connection: {
        kind: 'all',
        weights: Int16Array.from({ length: 24 * SIZE }, (_, i) => ((i * 31) % 100) - 30),
      },
      synapse: { signMode: 'mixed', bits: 8, exponent: 0 },
    })
    .project({
      name: 'among',
      from: 'cells',
      to: 'cells',
      connection: scattered(),
      synapse: { signMode: 'mixed', bits: 8, exponent: 0, delay: 1 },
    })
    .presentation('show', STEPS)
    .build();
}

const image = compile(net(), loadChip('loihi1').chip).image;
const machines: Machine[] = [];

function open(of: ChipImage, options: MachineOptions): Machine {
  const machine = new Machine(of, options);
  machines.push(machine);
  return machine;
}

afterEach(() => {
  for (const machine of machines.splice(0)) machine.close();
});

function input(): EventList {
  const events = new EventList(image);
  const { first } = events.port('in');
  for (let step = 0; step < STEPS; step++)
    for (let i = step % 3; i < 24; i += 3) events.push(step, first + i);
  return events;
}

/** Everything that can be seen of some presentations. */
function observe(machine: Machine, presentations = 3): unknown {
  const kinds = ['spikes', 'u', 'v'] as const;
  const probes = kinds.map((kind) => machine.probes.add('cells', kind, STEPS * presentations));
  const counts = machine.probes.add('cells', 'spikeCounts');
  for (let i = 0; i < presentations; i++) machine.present('show', input());
  const seen = {
    steps: machine.steps,
    counters: machine.coreCounters(),
    times: machine.times(),
    spikes: [...machine.probes.drainCounts(counts)],
    courses: probes.map((probe) => machine.probes.drain(probe).map((row) => [...row])),
  };
  machine.probes.clear();
  return seen;
}

const alone = observe(open(image, {}));

describe('a network on several threads', () => {
  it('lies on several cores and spikes', () => {
    expect(image.cores).toHaveLength(CORES);
    const { spikes } = alone as { spikes: number[] };
    expect(spikes.reduce((sum, n) => sum + n, 0)).toBeGreaterThan(500);
  });

  it.each([2, 3, 9])('gives the same bits on %d', (threads) => {
    const machine = open(image, { threads });
    expect(observe(machine)).toEqual(alone);
    expect(machine.threads).toBe(Math.min(threads, CORES));
  });

  it('gives the same without time', () => {
    const [one, two] = [1, 2].map((threads) => observe(open(image, { threads, timing: 'functional' })));
    expect(two).toEqual(one);
  });

  it('goes on from a snapshot of another number of threads', () => {
    const [one, two] = [open(image, {}), open(image, { threads: 2 })] as const;
    one.present('show', input());
    two.restore(one.snapshot());
    observe(two, 1);
    one.restore(two.snapshot());
    expect(one.steps).toBe(2 * STEPS);
    const [rest, whole] = [observe(one, 1), open(image, {})];
    observe(whole, 2);
    expect(rest).toEqual(observe(whole, 1));
  });

  it('learns the same', () => {
    const data = generateDigits();
    const { lesson, image: taught } = biogradLesson(data, { hidden: 256 });
    expect(taught.cores.length).toBeGreaterThan(2);
    const [one, two] = [1, 2].map((threads) => {
      const machine = open(taught, { threads });
      new Pupil(lesson, data, taught, (name, events) => machine.present(name, events)).learn(25);
      const weights = taught.projections
        .filter(({ plastic }) => plastic)
        .map(({ name }) => [name, machine.weights.changed(name), [...machine.weights.read(name)]] as const);
      return { weights, counters: machine.coreCounters(), times: machine.times() };
    });
    expect(two).toEqual(one);
    expect(one!.weights.some(([, changed]) => changed > 0n)).toBe(true);
  });

  it('uses them by itself only where steps are long, with the same bits', () => {
    expect(estimatedStepS(image)).toBeLessThan(20e-6);
    const machine = open(image, { threads: 'auto' });
    expect(observe(machine)).toEqual(alone);
    expect(machine.threads).toBe(1);
  });

  it('does not present once it is closed', () => {
    const machine = open(image, { threads: 2 });
    machine.close();
    expect(() => machine.present('show')).toThrow(/have ended/);
  });
});

describe('what cannot be divided', () => {
  it('is refused if threads are asked for, and told why', () => {
    const late = compile(net(), chipWith({ semantics: { weightRead: 'late' } })).image;
    const refusal = (of: ChipImage, options: MachineOptions): string =>
      userErrorOf(() => new Machine(of, options)).message;
    expect(refusal(late, { threads: 2 })).toMatch(/^2 threads: .*weightRead late/);
    expect(refusal(image, { threads: 2, timing: 'cycle' })).toMatch(/mode cycle/);
    const small = { ...image, cores: image.cores.slice(0, 1) };
    expect(refusal(small, { threads: 2 })).toMatch(/one core/);
    expect(() => new Machine(image, { threads: 2, build: 'scalar' })).toThrow(/scalar build has one thread/);
  });

  it('is left on one thread otherwise', () => {
    expect(open(image, { threads: 'auto', timing: 'cycle' }).threads).toBe(1);
    expect(open(image, { threads: 1, timing: 'cycle' }).threads).toBe(1);
  });
});

describe('the cores of a network', () => {
  it('are divided into runs of neighbours with about as much work', () => {
    for (const threads of [2, 3, 4]) {
      const ranges = divideCores(image, threads);
      expect(ranges).toHaveLength(threads);
      expect(ranges[0]!.first).toBe(0);
      expect(ranges.at(-1)!.end).toBe(CORES);
      ranges.slice(1).forEach(({ first }, i) => {
        expect(first).toBe(ranges[i]!.end);
      });
    }
    expect(divideCores(image, 2).map(({ first, end }) => end - first)).toEqual([2, 2]);
    const [heavy, ...light] = image.cores;
    const groups = heavy!.groups.map((group) => ({ ...group, count: 100_000 }));
    const uneven = { ...image, cores: [{ ...heavy!, groups }, ...light] };
    expect(divideCores(uneven, 2).map(({ first, end }) => end - first)).toEqual([1, CORES - 1]);
  });
});

describe('the pace', () => {
  /** Steps that run together, of so many, if a step takes so long alone and together. */
  function together(steps: number, aloneS: number, togetherS: number): number {
    let count = 0;
    const pace = new Pace();
    for (let left = steps; left > 0; left -= 100)
      pace.go(Math.min(100, left), (from, to, isTogether) => {
        if (isTogether) count += to - from;
        return (to - from) * (isTogether ? togetherS : aloneS);
      });
    return count;
  }

  it('never uses threads for short steps', () => {
    expect(together(10_000, 19e-6, 1e-6)).toBe(0);
  });

  it('uses them for long ones if they are faster', () => {
    expect(together(10_000, 100e-6, 60e-6)).toBeGreaterThan(9000);
  });

  it('tries them now and then if they are not', () => {
    const count = together(10_000, 100e-6, 110e-6);
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThan(500);
  });
});

describe('a thread that fails', () => {
  it('is told of, and nothing waits for it', () => {
    const layout = coreLayout('release');
    const shards = divideCores(image, 2);
    const map = mapMemory(image, layout, { events: 64, probeBytes: 64, probeCount: 1, shards });
    const core = instantiateThreadedCore(map.bytes);
    new ImageLoader(image, map, core.layout, core.memory.buffer).load();
    const [first, second] = map.team!.shards;
    const lost = { ...second!, record: 0x7fff_0000 }; // beyond the memory
    const team = new Team(core, { ...map.team!, shards: [first!, lost] }, [], false);
    expect(() => team.present(0, 0, STEPS)).toThrow(/a thread of the network failed: .*out of bounds/);
    expect(() => team.present(0, 0, STEPS)).toThrow(/failed/);
  });
});
