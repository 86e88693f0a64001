// Tied synapses, an extension: those of a group on one core have one weight after every learning epoch.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventList } from '../../host/machine/event-list.ts';
import type { Projection } from '../../host/network/network.ts';
import { Shadow } from '../../host/shadow/shadow.ts';
import { chipWith } from '../support/chips.ts';
import { userErrorOf } from '../support/errors.ts';
import {
  BUILDS,
  buildNetwork,
  compileSmall,
  EXACT,
  KICK,
  KICK_WEIGHT,
  KICKED,
  SmallMachine,
  type SmallNetwork,
  sparse,
} from '../support/small-network.ts';

/** Sources whose synapses learn at cells that the port `kick` makes fire. */
function learner(
  sources: number,
  cells: number,
  rule: string,
  tied: Pick<Projection, 'connection'> & Partial<Projection>,
  core: { readonly epochSteps?: number; readonly cores?: number } = {},
): SmallNetwork {
  return {
    coreClasses: [{ name: 'core', ...core }],
    ports: [
      { name: 'in', size: sources },
      { name: 'kick', size: cells },
    ],
    rules: { rule: [rule] },
    populations: [{ name: 'cells', size: cells, compartment: KICKED }],
    projections: [
      { name: 'plastic', from: 'in', to: 'cells', synapse: EXACT, rule: 'rule', ...tied },
      {
        name: 'kicks',
        from: 'kick',
        to: 'cells',
        connection: { kind: 'one-to-one', weight: KICK_WEIGHT },
        synapse: KICK,
      },
    ],
  };
}

/** Groups 7 and 3 of a matrix of 3 x 2. */
const MATRIX: Pick<Projection, 'connection' | 'tied'> = {
  connection: { kind: 'all', weights: Int16Array.of(10, -20, -20, 10, 10, -20) },
  tied: Uint32Array.of(7, 3, 3, 7, 7, 3),
};
/** A kernel of two over four elements: its weights are those of three places. */
const KERNEL: Pick<Projection, 'connection' | 'tied'> = {
  connection: {
    kind: 'convolution',
    shape: [1, 1, 4],
    convolution: {
      channels: 1,
      kernel: [1, 2],
      stride: [1, 1],
      padding: [0, 0],
      dilation: [1, 1],
      groups: 1,
      weights: Int16Array.of(100, 0),
    },
  },
  tied: 'kernels',
};

describe.each(BUILDS)('tied synapses, %s build', (build) => {
  const machine = (setup: SmallNetwork) => new SmallMachine(compileSmall(setup).image, build);

  it('change by the sum of what the rule changes in each', () => {
    const small = machine(learner(3, 2, 'dw = 4*x0*y0', MATRIX));
    small.step({ kick: [0] }).step({ in: [0, 2] });
    // Cell 0 fires in step 2 with sources 0 and 2: the synapses 0 and 4 of group 7 gain 4 each, none of group 3 does.
    expect(small.weights('plastic')).toEqual([18, -20, -20, 18, 18, -20]);
    small.step({ kick: [0, 1] }).step({ in: [1] });
    // Source 1 with both cells: one synapse of each group.
    expect(small.weights('plastic')).toEqual([22, -16, -16, 22, 22, -16]);
  });

  it('lose changes that cancel', () => {
    const small = machine(
      learner(2, 1, 'dw = 4*x0*y0 - 2*y0', {
        connection: { kind: 'all', weights: Int16Array.of(6, 6) },
        tied: Uint32Array.of(0, 0),
      }),
    );
    // The source that spikes gains 2 and the other loses 2, though the rule has changed both.
    small.step({ kick: [0] }).step({ in: [1] });
    expect(small.weights('plastic')).toEqual([6, 6]);
    expect(small.counts().synapticUpdates).toBe(2n);
  });

  it('stay in the range of their format and in their limit, which counts as a clip', () => {
    const high = { connection: { kind: 'all', weights: new Int16Array(3).fill(96) } } as const;
    const tied = Uint32Array.of(0, 0, 0);
    const synapse = { ...EXACT, weightLimit: 101 };
    const small = machine(learner(3, 1, 'dw = 2*x0*y0', { ...high, tied, synapse }));
    small.step({ kick: [0] }).step({ in: [0, 1, 2] });
    expect(small.weights('plastic')).toEqual([100, 100, 100]); // 102, on a grid of 2
    expect(small.counts().weightClips).toBe(1n);
  });

  it('are a convolution whose kernels learn', () => {
    const small = machine(learner(4, 3, 'dw = 4*x0*y0', KERNEL));
    // Place 1 of the result sees the sources 1 and 2.
    small.step({ kick: [1] }).step({ in: [1] });
    expect(small.weights('plastic')).toEqual([104, 0, 0, 0, 104, 0, 0, 0, 104, 0, 0, 0]);
    small.step({ kick: [1] }).step({ in: [2] });
    expect(small.weights('plastic')).toEqual([104, 0, 0, 4, 104, 0, 0, 4, 104, 0, 0, 4]);
  });

  it('have one weight on each core, of which others know nothing', () => {
    const all = { kind: 'all', weights: new Int16Array(4).fill(8) } as const;
    const tied = new Uint32Array(4);
    const small = machine(learner(2, 2, 'dw = 4*x0*y0', { connection: all, tied }, { cores: 2 }));
    small.step({ kick: [1] }).step({ in: [0] });
    expect(small.weights('plastic')).toEqual([8, 12, 8, 12]);
  });

  it('are equal after every epoch, dense or listed', () => {
    const cases = fc.record({
      sizes: fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 70 })),
      groups: fc.integer({ min: 1, max: 5 }),
      isListed: fc.boolean(),
      cores: fc.integer({ min: 1, max: 2 }),
      epochSteps: fc.integer({ min: 1, max: 3 }),
      rule: fc.constantFrom('dw = 4*x0*y0 - 2*y0', 'dw = 2*u0*y0', 'dw = 6*y0 - 2*x0*sgn(w-6)'),
      seed: fc.nat(99),
      spikes: fc.array(fc.record({ in: fc.array(fc.nat(5)), kick: fc.array(fc.nat(69)) }), {
        minLength: 4,
        maxLength: 9,
      }),
    });
    let changes = 0;
    const property = fc.property(cases, ({ sizes: [rows, columns], groups, seed, spikes, ...core }) => {
      const exists = Array.from(
        { length: rows * columns },
        (_, i) => !core.isListed || (i * 7 + seed) % 3 > 0,
      );
      const places = [...exists.keys()].filter((i) => exists[i]);
      const groupOf = (i: number): number => (i * 5 + seed) % groups;
      const listed = sparse(
        rows,
        places.map((i) => [Math.floor(i / columns), i % columns, 2 * groupOf(i)] as const),
      );
      const connection = core.isListed
        ? listed
        : ({ kind: 'all', weights: Int16Array.from(places, (i) => 2 * groupOf(i)) } as const);
      const tied = Uint32Array.from(places, groupOf);
      const cores = Math.min(core.cores, columns);
      const setup = learner(rows, columns, core.rule, { connection, tied }, { ...core, cores });
      const { image } = compileSmall(setup);
      const small = new SmallMachine(image, build);
      for (const step of spikes) {
        small.step({
          in: [...new Set(step.in.map((i) => i % rows))],
          kick: [...new Set(step.kick.map((i) => i % columns))],
        });
        const weights = small.weights('plastic');
        const seen = new Map<string, number>();
        for (const i of places) {
          const core = i % columns < Math.floor(columns / cores) ? 0 : 1;
          const key = `${groupOf(i)} on core ${cores === 1 ? 0 : core}`;
          expect(weights[i]).toBe(seen.get(key) ?? weights[i]);
          seen.set(key, weights[i]!);
          if (weights[i] !== 2 * groupOf(i)) changes++;
        }
      }
    });
    fc.assert(property, { numRuns: 40, seed: 7 });
    expect(changes).toBeGreaterThan(1000);
  });

  it('go on from a snapshot', () => {
    const { image } = compileSmall(learner(3, 2, 'dw = 4*x0*y0', MATRIX, { epochSteps: 3 }));
    const spikes = (step: number) => ({ in: [step % 3], kick: [step % 2] });
    const whole = new SmallMachine(image, build).steps(8, spikes);
    const other = new SmallMachine(image, build);
    other.machine.restore(whole.machine.snapshot());
    whole.steps(9, spikes);
    other.steps(9, spikes);
    expect(other.weights('plastic')).toEqual(whole.weights('plastic'));
    expect(whole.weights('plastic')[0]).not.toBe(10);
  });

  it('cost a visit for every synapse that is read and every shared weight that is written', () => {
    const visits = { allPlastic: 6 + 8, activeAxons: 2 * 2 + 8 };
    for (const reading of ['allPlastic', 'activeAxons'] as const) {
      for (const timing of ['analytic', 'cycle'] as const) {
        const chip = chipWith({ learning: { visits: reading } });
        const { image } = compileSmall(learner(3, 2, 'dw = x0*y0 - y0', MATRIX), chip);
        const small = new SmallMachine(image, build, 8, { timing }).step({ in: [0, 2] });
        const { synapseVisitsAllPlastic, synapseVisitsActiveAxons, tiedVisits } = small.counts();
        expect([synapseVisitsAllPlastic, synapseVisitsActiveAxons, tiedVisits]).toEqual([14n, 12n, 8n]);
        const learningS = small.machine.times().reduce((sum, time) => sum + time.learningS, 0);
        expect(learningS).toBeCloseTo(visits[reading] * chip.timing.learningVisit, 15);
      }
    }
    const idle = new SmallMachine(
      compileSmall(learner(3, 2, 'dw = x0*y0', MATRIX), chipWith({ learning: { visits: 'activeAxons' } }))
        .image,
      build,
    ).step();
    expect(idle.counts().synapseVisitsActiveAxons).toBe(0n);
  });
});

describe('tied synapses', () => {
  it('give a full-precision twin the weights of the chip where nothing is rounded', () => {
    const { image } = compileSmall(learner(3, 2, 'dw = 4*x0*y0 - 2*y0', MATRIX));
    const spikes = (step: number) => ({ in: [step % 3], kick: [...new Set([step % 2, (step >> 1) % 2])] });
    const small = new SmallMachine(image, 'release').steps(12, spikes);
    const twin = new Shadow(image);
    const events = new EventList(image);
    for (let step = 1; step <= 12; step++) {
      events.clear();
      for (const [port, elements] of Object.entries(spikes(step)))
        for (const element of elements) events.push(0, events.port(port).first + element);
      twin.present('step', events);
    }
    expect([...twin.weights.read('plastic')]).toEqual(small.weights('plastic'));
    expect(small.weights('plastic')).not.toEqual([10, -20, -20, 10, 10, -20]);
  });

  it('are named as an extension', () => {
    const { legality } = compileSmall(learner(3, 2, 'dw = x0', MATRIX));
    expect(legality.extensions).toEqual([
      'tied synapses ("plastic"): a chip changes each synapse by itself and adds up the changes of none',
    ]);
  });

  it.each([
    [{ ...MATRIX, rule: undefined }, /is tied and has no rule/],
    [{ ...MATRIX, tied: 'kernels' }, /is tied by kernels and is no convolution/],
    [{ ...MATRIX, tied: new Uint32Array(5) }, /has groups of 5 synapses, 6 are needed/],
    [{ ...MATRIX, tied: new Uint32Array(6) }, /group 0 begins with the weights 10 and -20/],
    [{ ...MATRIX, connection: { kind: 'uniform', weight: 2 } }, /only a matrix or a list of synapses/],
    [{ ...KERNEL, tied: Uint32Array.of(0) }, /cannot learn, unless it is tied by kernels/],
  ] as const)('refuses %o', (more, message) => {
    const { rule, ...rest } = { rule: 'rule', ...more };
    const sources = rest.connection.kind === 'convolution' ? 4 : 3;
    const setup = learner(sources, sources - 1, 'dw = x0', rest as never);
    const [plastic, kicks] = setup.projections!;
    const { rule: _, ...untaught } = plastic!;
    const projections = [rule === undefined ? untaught : plastic!, kicks!];
    expect(userErrorOf(() => buildNetwork({ ...setup, projections })).message).toMatch(message);
  });

  it('refuses those that learn with taps, payloads or traces of their own', () => {
    const setup = learner(3, 2, 'dw = x0', { ...MATRIX, tapped: true });
    expect(userErrorOf(() => compileSmall(setup)).message).toBe(
      'projection "plastic": tied synapses cannot be combined with a tap',
    );
  });

  it('refuses kernels that learn and are stored once', () => {
    const chip = chipWith({ synapse: { compressions: ['dense', 'sparse', 'convolution'] } });
    const synapse = { ...EXACT, compression: 'convolution' } as const;
    const setup = learner(4, 3, 'dw = x0', { ...KERNEL, synapse });
    expect(userErrorOf(() => compileSmall(setup, chip)).message).toMatch(
      /cannot have the compression convolution: every place has a synapse of its own, that learns/,
    );
    expect(compileSmall(learner(4, 3, 'dw = x0', KERNEL), chip).image.cores[0]!.blocks[0]).toMatchObject({
      convolution: null,
    });
  });
});
