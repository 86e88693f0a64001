// Names that do not exist and sizes that do not match are errors at the part that says them.

import { describe, expect, it } from 'vitest';
import { NetworkBuilder } from '../../../host/network/builder.ts';
import type {
  NativePopulation,
  Population,
  Projection,
  ScheduleEntry,
} from '../../../host/network/network.ts';
import { userErrorOf } from '../../support/errors.ts';
import { EXACT, SILENT } from '../../support/small-network.ts';

function base(): NetworkBuilder {
  return new NetworkBuilder('test', 1)
    .phase('learning')
    .phase('management')
    .coreClass({ name: 'core' })
    .coreClass({ name: 'other' })
    .port({ name: 'in', size: 3 })
    .rule('rule', 'dw = x0')
    .population(population('cells', 2));
}

function population(name: string, size: number, more: Partial<NativePopulation> = {}): Population {
  return { name, size, coreClass: 'core', compartment: SILENT, ...more };
}

function projection(more: Partial<Projection>): Projection {
  return {
    name: 'p',
    from: 'in',
    to: 'cells',
    connection: { kind: 'uniform', weight: 0 },
    synapse: EXACT,
    ...more,
  };
}

/** From a channel of three elements to one of two. */
const KERNELS = {
  kind: 'convolution',
  shape: [1, 1, 3],
  convolution: {
    channels: 1,
    kernel: [1, 2],
    stride: [1, 1],
    padding: [0, 0],
    dilation: [1, 1],
    groups: 1,
    weights: Int16Array.of(2, 4),
  },
} as const;

const messageOf = (action: (builder: NetworkBuilder) => unknown) => userErrorOf(() => action(base()));

describe('populations', () => {
  it.each([
    [population('cells', 1), 'population "cells": exists already'],
    [population('in', 1), 'population "in": is also the name of a port'],
    [population('x', 0), 'population "x": size 0 is not a positive integer'],
    [population('x', 1.5), 'population "x": size 1.5 is not a positive integer'],
    [
      population('x', 1, { coreClass: 'cor' }),
      'population "x": no core class is named "cor"; did you mean "core"?',
    ],
    [
      population('x', 2, { join: { operation: 'add', children: [] } }),
      'population "x": a join pops one or two children',
    ],
    [
      population('x', 2, { join: { operation: 'add', children: ['cells', 'cells', 'cells'] } }),
      'population "x": a join pops one or two children',
    ],
    [
      population('x', 2, { join: { operation: 'add', children: ['cell'] } }),
      'population "x": no population before it is named "cell" (children come before their parents, leaf first [HW 2.5]); did you mean "cells"?',
    ],
    [
      population('x', 3, { join: { operation: 'add', children: ['cells'] } }),
      'population "x": child "cells" has 2 compartments, not 3',
    ],
    [
      population('x', 2, { coreClass: 'other', join: { operation: 'add', children: ['cells'] } }),
      'population "x": child "cells" is in another core class; a tree lies on one core and shares its noise, limits and learning epoch',
    ],
  ])('%#: %o', (bad, message) => {
    const { details, message: got } = messageOf((builder) => builder.population(bad));
    expect(got).toBe(message);
    expect(details).toMatchObject({ code: 'bad-network', path: `population "${bad.name}"` });
  });

  it('a child has one parent', () => {
    const join = { operation: 'add', children: ['cells'] } as const;
    const twice = (builder: NetworkBuilder) =>
      builder.population(population('a', 2, { join })).population(population('b', 2, { join }));
    expect(messageOf(twice).message).toBe('population "b": child "cells" is popped by "a" already');
  });
});

describe('projections', () => {
  it.each([
    [{ from: 'inn' }, 'projection "p": no population is named "inn"'],
    [{ to: 'in' }, 'projection "p": no population is named "in"'],
    [
      { connection: { kind: 'one-to-one', weight: 1 } },
      'projection "p": one-to-one needs equal sizes, "in" has 3 and "cells" 2',
    ],
    [
      { connection: { kind: 'all', weights: new Int16Array(5) } },
      'projection "p": has 5 weights, 3 x 2 = 6 are needed',
    ],
    [
      { synapse: { ...EXACT, delay: new Uint8Array(3) } },
      'projection "p": has 3 delays, 3 x 2 = 6 are needed',
    ],
    [
      { rule: 'rule', connection: KERNELS },
      'projection "p": its synapses share kernels, so a change of one would change others: it cannot learn',
    ],
    [
      { rule: 'rul', connection: { kind: 'all', weights: new Int16Array(6) } },
      'projection "p": no rule is named "rul"; did you mean "rule"?',
    ],
  ] as const)('%o', (more, message) => {
    expect(messageOf((builder) => builder.project(projection(more))).message).toContain(message);
  });
});

describe('rewards, presentations, phases', () => {
  it('a reward channel has one source and a core class', () => {
    expect(messageOf((b) => b.reward({ from: 'in', coreClass: 'core' })).message).toBe(
      'reward from "in": a reward channel has a single source [HW 4.6]',
    );
    expect(messageOf((b) => b.reward({ from: 'in', coreClass: 'corr' })).message).toContain(
      'no core class is named "corr"',
    );
  });

  it.each([
    [0, [], 'presentation "x": 0 is not a positive number of steps'],
    [2.5, [], 'presentation "x": 2.5 is not a positive number of steps'],
    [3, [{ step: 3, kind: 'reset', population: 'cells' }], 'presentation "x": entry at step 3 of 3'],
    [3, [{ step: -1, kind: 'reset', population: 'cells' }], 'presentation "x": entry at step -1 of 3'],
    [3, [{ step: 0, kind: 'reset', population: 'in' }], 'no population is named "in"'],
    [3, [{ step: 0, kind: 'phase', phase: 'learn' }], 'no phase is named "learn"'],
    [3, [{ step: 0, kind: 'learning', coreClass: 'x', on: true }], 'no core class is named "x"'],
    [3, [{ step: 0, kind: 'rule', rule: 'x', line: 'dw = x0' }], 'no rule is named "x"'],
  ] as const)('a presentation of %d steps with %o', (steps, entries, message) => {
    const { message: got } = messageOf((b) =>
      b.presentation('x', steps, entries as readonly ScheduleEntry[]),
    );
    expect(got).toContain(message);
  });

  it('sorts a schedule by step and keeps the order within one', () => {
    const entry = (step: number, phase: string): ScheduleEntry => ({ step, kind: 'phase', phase });
    const { presentations } = base()
      .presentation('x', 3, [entry(2, 'learning'), entry(0, 'management'), entry(0, 'learning')])
      .build();
    expect(presentations[0]!.entries).toEqual([
      entry(0, 'management'),
      entry(0, 'learning'),
      entry(2, 'learning'),
    ]);
  });

  it('needs a management phase, and learning phases that exist', () => {
    const without = new NetworkBuilder('test', 1).phase('learning');
    expect(userErrorOf(() => without.build()).message).toBe('network: no phase is named "management"');
    expect(messageOf((b) => b.phase('sleep', 'dreaming').build()).message).toBe(
      'phase "sleep": no phase is named "dreaming"',
    );
  });
});
