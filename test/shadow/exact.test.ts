// Where fixed point loses nothing, a twin is the chip: the same spikes, voltages and weights.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChipImage } from '../../host/image/image.ts';
import { EventList } from '../../host/machine/event-list.ts';
import { Machine } from '../../host/machine/machine.ts';
import { measure, total } from '../../host/measure/measure.ts';
import { Shadow } from '../../host/shadow/shadow.ts';
import { compileSmall, type Spikes } from '../support/small-network.ts';
import { exactNetworks } from './exact-network.ts';

type Runner = Machine | Shadow;

/** Floats know a -0. */
const unsigned = (x: number): number => x + 0;

/** Everything that can be seen of a run: spikes, u and v after every step, weights at its end. */
function course(image: ChipImage, runner: Runner, steps: readonly Spikes[]): Record<string, number[][]> {
  const kinds = ['spikes', 'u', 'v'] as const;
  const probes = image.populations.flatMap(({ name }) =>
    kinds.map((kind) => [`${name} ${kind}`, runner.probes.add(name, kind, steps.length)] as const),
  );
  const events = new EventList(image);
  for (const spikes of steps) {
    events.clear();
    for (const [port, elements] of Object.entries(spikes))
      for (const element of elements) events.push(0, events.port(port).first + element);
    runner.present('step', events);
  }
  const drain = runner.probes.drain.bind(runner.probes) as (probe: unknown) => ArrayLike<number>[];
  return Object.fromEntries([
    ...probes.map(([name, probe]) => [name, drain(probe).map((row) => Array.from(row, unsigned))]),
    ...image.projections
      .filter(({ plastic }) => plastic)
      .map(({ name }) => [`${name} weights`, [Array.from(runner.weights.read(name), unsigned)]]),
  ]);
}

describe('a full-precision twin', () => {
  it('gives the very spikes, states and weights of the chip where nothing is rounded', () => {
    let spikes = 0;
    let changes = 0;
    fc.assert(
      fc.property(exactNetworks, ({ network, spikes: steps }) => {
        const { image } = compileSmall(network);
        const machine = new Machine(image);
        const chip = course(image, machine, steps);
        fc.pre(total(measure(machine)).weightClips === 0n);
        expect(course(image, new Shadow(image), steps)).toEqual(chip);
        for (const [name, rows] of Object.entries(chip))
          if (name.endsWith('spikes')) spikes += rows.flat().reduce((a, b) => a + b, 0);
        const [before] = Object.values(course(image, new Shadow(image), [])).slice(-2);
        changes += chip['in to noisy weights']!.flat().filter((w, i) => w !== before!.flat()[i]).length;
      }),
      { numRuns: 100, seed: 20261122 },
    );
    expect(spikes).toBeGreaterThan(2000);
    expect(changes).toBeGreaterThan(1000);
  });
});
