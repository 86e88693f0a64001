// HW 2.4: compartment noise: range, scale and target (A.11), and the statistics of the draws.

import { describe, expect, it } from 'vitest';
import { compile } from '../../host/compile/compile.ts';
import { EventList } from '../../host/machine/event-list.ts';
import { Machine } from '../../host/machine/machine.ts';
import { measure } from '../../host/measure/measure.ts';
import { NetworkBuilder } from '../../host/network/builder.ts';
import type { CoreClass } from '../../host/network/network.ts';
import { chipWith } from '../support/chips.ts';
import { readState } from '../support/machine-state.ts';
import { BUILDS, compileSmall, EXCITATORY, run, SmallMachine } from '../support/small-network.ts';
import {
  chiSquare,
  chiSquareBound,
  correlation,
  correlationBound,
  mean,
  meanBound,
} from '../support/statistics.ts';

type Noise = NonNullable<CoreClass['noise']>;

const SIZE = 50;

function noisy(noise: Noise, seed = 1, enabled = true) {
  return {
    seed,
    coreClasses: [{ name: 'core', noise }],
    populations: [
      {
        name: 'cells',
        size: SIZE,
        // Forgets u and v, so that both are this step's noise alone; passes on nothing and never fires.
        compartment: { decayU: 4095, decayV: 0, threshold: 131071, noise: enabled },
      },
    ],
  };
}

/** Noise at the dendrite is u of the step, since u forgets everything. */
function draws(
  noise: Noise,
  steps: number,
  build: (typeof BUILDS)[number] = 'release',
  seed = 1,
): number[][] {
  const { probes } = run(noisy(noise, seed), { build, steps, watch: [['cells', 'u']] });
  return probes['cells u']!;
}

describe.each(BUILDS)('HW 2.4 noise, %s build', (build) => {
  it.each([
    [7, 0, -127, 127, 1],
    [7, 2, 1, 255, 1],
    [10, 0, -1016, 1016, 8],
    [13, 2, 64, 16320, 64],
  ])(
    'with exponent %i and offset %i is %i..%i in steps of %i (A.11)',
    (exponent, mantissaOffset, low, high, step) => {
      const values = draws({ exponent, mantissaOffset, target: 'dendrite' }, 200, build).flat();
      expect(Math.min(...values)).toBe(low);
      expect(Math.max(...values)).toBe(high);
      expect(values.every((x) => (x - low) % step === 0)).toBe(true);
    },
  );

  it('truncates toward zero below exponent 7', () => {
    const wide = draws({ exponent: 7, mantissaOffset: 0, target: 'dendrite' }, 20, build).flat();
    const narrow = draws({ exponent: 4, mantissaOffset: 0, target: 'dendrite' }, 20, build).flat();
    expect(narrow).toEqual(wide.map((r) => Math.trunc(r / 8) + 0));
  });

  it('goes to v alone when the target is the membrane', () => {
    const noise = { exponent: 10, mantissaOffset: 0 } as const;
    const dendrite = draws({ ...noise, target: 'dendrite' }, 20, build);
    const { probes } = run(noisy({ ...noise, target: 'membrane' }), {
      build,
      steps: 20,
      watch: [
        ['cells', 'u'],
        ['cells', 'v'],
      ],
    });
    expect(probes['cells u']!.flat().every((u) => u === 0)).toBe(true);
    const sums = Array<number>(SIZE).fill(0);
    dendrite.forEach((row, t) => {
      row.forEach((r, i) => {
        sums[i]! += r;
      });
      expect(probes['cells v']![t]).toEqual(sums);
    });
  });

  it('is drawn once per enabled compartment and step, and not at all for the others', () => {
    const noise: Noise = { exponent: 7, mantissaOffset: 0, target: 'dendrite' };
    const on = run(noisy(noise), { build, steps: 9 });
    const off = run(noisy(noise, 1, false), { build, steps: 9, watch: [['cells', 'u']] });
    expect(on.small.counts().randomDraws).toBe(BigInt(9 * SIZE));
    expect(off.small.counts().randomDraws).toBe(0n);
    expect(off.probes['cells u']!.flat().every((u) => u === 0)).toBe(true);
  });
});

/** Cells with noise, and a port whose pulse makes the later ones fire. */
function ofPulses(decayV: number, threshold: number) {
  const network = new NetworkBuilder('pulses', 1)
    .phase('forward')
    .phase('learning')
    .phase('management')
    .coreClass({ name: 'core', noise: { exponent: 11, mantissaOffset: 0, target: 'dendrite' } })
    .port({ name: 'in', size: 1 })
    .population({
      name: 'cells',
      coreClass: 'core',
      size: SIZE,
      compartment: { decayU: 4095, decayV, threshold, noise: true },
    })
    .project({
      name: 'pulse',
      from: 'in',
      to: 'cells',
      synapse: EXCITATORY,
      connection: { kind: 'all', weights: new Int16Array(SIZE).map((_, i) => 5 * i) },
    });
  for (const steps of [1, 2, 7, 20, 33]) network.presentation(`${steps}`, steps, []);
  return compile(network.build(), chipWith()).image;
}

describe.each(BUILDS)('HW 2.4 noise of steps that nobody looks at, %s build', (build) => {
  // 64 units of v: noise is up to 32 of them, the pulse up to 245.
  it.each([
    ['forgets all of v', 4095, 100],
    ['keeps 2/4096 of v', 4094, 100],
    ['keeps much of v', 1000, 260],
    ['fires by noise alone', 4095, 20],
  ])('is what it is if somebody looks in every step: %s', (_, decayV, threshold) => {
    const image = ofPulses(decayV, threshold);
    const whole = new Machine(image, { build });
    const single = new Machine(image, { build });
    const watched = new Machine(image, { build });
    const probe = watched.probes.add('cells', 'v', 33);
    const spikes = [whole, single].map((machine) => ({
      machine,
      probe: machine.probes.add('cells', 'spikes', 64),
    }));
    const events = new EventList(image);
    const pulses = new Set([0, 3, 4, 11, 40]);
    let step = 0;
    for (const steps of [7, 20, 2, 33]) {
      const present = (machine: Machine, name: string, at: readonly number[]): void => {
        events.clear();
        for (const s of at) events.push(s, events.port('in').first);
        machine.present(name, events);
      };
      const within = Array.from({ length: steps }, (_, s) => s).filter((s) => pulses.has(step + s));
      present(whole, `${steps}`, within);
      present(watched, `${steps}`, within);
      for (let s = 0; s < steps; s++, step++) present(single, '1', pulses.has(step) ? [0] : []);
      for (const column of ['current', 'voltage'] as const)
        expect(readState(whole, 0, column)).toEqual(readState(single, 0, column));
      expect([...watched.probes.drain(probe).at(-1)!]).toEqual(
        readState(single, 0, 'voltage').slice(0, SIZE),
      );
    }
    expect(measure(whole)).toEqual(measure(single));
    const [ofWhole, ofSingle] = spikes.map(({ machine, probe }) =>
      machine.probes.drain(probe).map((row) => [...row]),
    );
    expect(ofWhole).toEqual(ofSingle);
    expect(ofWhole!.flat()).toContain(1);
  });
});

describe('HW 2.4 noise statistics', () => {
  const STEPS = 4000;
  const noise: Noise = { exponent: 7, mantissaOffset: 0, target: 'dendrite' };
  const rows = draws(noise, STEPS);
  const values = rows.flat();

  it('is uniform over the 255 levels of -127..127', () => {
    const counts = Array<number>(255).fill(0);
    for (const r of values) counts[r + 127]!++;
    expect(chiSquare(counts)).toBeLessThan(chiSquareBound(254));
    const deviation = Math.sqrt((255 ** 2 - 1) / 12);
    expect(Math.abs(mean(values))).toBeLessThan(meanBound(deviation, values.length));
  });

  it('is independent from step to step and between neighbours', () => {
    const one = rows.map((row) => row[0]!);
    const other = rows.map((row) => row[1]!);
    expect(Math.abs(correlation(one.slice(1), one.slice(0, -1)))).toBeLessThan(correlationBound(STEPS - 1));
    expect(Math.abs(correlation(one, other))).toBeLessThan(correlationBound(STEPS));
  });

  it('is the same for the same seed and another for another', () => {
    expect(draws(noise, 20)).toEqual(rows.slice(0, 20));
    const other = draws(noise, STEPS, 'release', 2).flat();
    expect(Math.abs(correlation(values, other))).toBeLessThan(correlationBound(values.length));
  });

  it('differs between populations of one core', () => {
    const { image } = compileSmall({
      coreClasses: [{ name: 'core', noise }],
      populations: ['a', 'b'].map((name) => ({
        name,
        size: SIZE,
        compartment: { decayU: 4095, decayV: 0, threshold: 131071, noise: true },
      })),
    });
    const small = new SmallMachine(image, 'release').watch('a', 'u').watch('b', 'u').steps(400);
    const [a, b] = ['a', 'b'].map((name) => small.recorded(name, 'u').flat());
    expect(Math.abs(correlation(a!, b!))).toBeLessThan(correlationBound(a!.length));
  });
});
