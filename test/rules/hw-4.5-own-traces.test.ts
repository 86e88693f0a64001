// Synapses that learn with traces of their own, as models have them: the same results wherever their targets lie,
// learning switched on and off, and everything counted. [HW 4.3], [HW 4.5]

import { describe, expect, it } from 'vitest';
import type { Semantics } from '../../host/chip/semantics.ts';
import { compile } from '../../host/compile/compile.ts';
import { EventList } from '../../host/machine/event-list.ts';
import { Machine } from '../../host/machine/machine.ts';
import { measure, total } from '../../host/measure/measure.ts';
import { NetworkBuilder } from '../../host/network/builder.ts';
import type { Projection, ScheduleEntry } from '../../host/network/network.ts';
import { chipWith } from '../support/chips.ts';
import { userErrorOf } from '../support/errors.ts';
import { BUILDS, EXCITATORY, SILENT } from '../support/small-network.ts';

interface Setup {
  readonly line?: string;
  readonly cores?: number;
  readonly targets?: number;
  readonly epochSteps?: number;
  readonly learning?: boolean;
  readonly entries?: readonly ScheduleEntry[];
  /** Steps, from 1, in which the source spikes, and what it sends. */
  readonly spikes: Readonly<Record<number, number>>;
  readonly steps: number;
  readonly own?: boolean;
  readonly semantics?: Partial<Semantics>;
  readonly synapse?: Partial<Projection['synapse']>;
}

function networkOf(setup: Setup) {
  const { targets = 1, epochSteps = 1, cores = 1, learning = true } = setup;
  const trace = { impulse: 10.5, tau: 7 };
  return new NetworkBuilder('own', 3)
    .phase('forward')
    .phase('learning')
    .phase('management')
    .coreClass({ name: 'core', cores, learning, epochSteps })
    .port({ name: 'in', size: 1 })
    .population({ name: 'cells', size: targets, coreClass: 'core', compartment: SILENT })
    .rule('rule', setup.line ?? 'dw = 2^-3*u0*x1')
    .project({
      name: 'synapses',
      from: 'in',
      to: 'cells',
      connection: { kind: 'all', weights: new Int16Array(targets).fill(100) },
      synapse: { ...EXCITATORY, ...setup.synapse },
      rule: 'rule',
      preTraces: { x1: trace },
      tapped: true,
      ...(setup.own === false ? {} : { own: { epochSteps, postSpikes: 'cells' } }),
    })
    .presentation('run', setup.steps, setup.entries ?? [])
    .build();
}

function run(setup: Setup, build: (typeof BUILDS)[number]) {
  const { image } = compile(networkOf(setup), chipWith({ semantics: setup.semantics ?? {} }));
  const machine = new Machine(image, { build });
  const weights = machine.probes.addOnProjection('synapses', 'weights', setup.steps);
  const events = new EventList(image);
  for (const [step, payload] of Object.entries(setup.spikes)) events.push(Number(step) - 1, 0, payload);
  machine.present('run', events);
  const rows = machine.probes.drainProjection(weights).map((row) => Array.from(row));
  return { rows, counts: total(measure(machine)), changed: machine.weights.changed('synapses') };
}

describe.each(BUILDS)('HW 4.5 synapses with traces of their own, %s build', (build) => {
  it('draw the same random numbers on however many cores their targets lie', () => {
    const setup = { targets: 9, spikes: { 1: 1, 4: 1 }, steps: 12 };
    const { rows } = run({ ...setup, cores: 1 }, build);
    expect(new Set(rows.at(-1)).size).toBeGreaterThan(1);
    expect(run({ ...setup, cores: 3 }, build).rows).toEqual(rows);
  });

  it('learn once a schedule switches learning on', () => {
    const entries: ScheduleEntry[] = [{ step: 2, kind: 'learning', coreClass: 'core', on: true }];
    const setup = { line: 'dw = 3*x0', spikes: { 1: 1, 4: 1 }, steps: 5, learning: false };
    expect(run(setup, build).rows.flat()).toEqual([100, 100, 100, 100, 100]);
    expect(run({ ...setup, entries }, build).rows.flat()).toEqual([100, 100, 100, 103, 103]);
  });

  it('forget at the end of an epoch what came before learning was switched off', () => {
    const off: ScheduleEntry = { step: 2, kind: 'learning', coreClass: 'core', on: false };
    const on: ScheduleEntry = { step: 4, kind: 'learning', coreClass: 'core', on: true };
    const setup = { line: 'dw = 3*x0', spikes: { 2: 1 }, steps: 8, epochSteps: 4 };
    expect(run(setup, build).rows.at(-1)).toEqual([103]);
    expect(run({ ...setup, entries: [off, on] }, build).rows.at(-1)).toEqual([100]);
  });

  it('count their visits, in every reading, and the weights they change', () => {
    const { counts, changed } = run({ line: 'dw = 3*x0', targets: 5, spikes: { 2: 1 }, steps: 4 }, build);
    expect(counts.learningEpochs).toBe(4n);
    expect(counts.synapseVisitsAllPlastic).toBe(20n);
    expect(counts.synapseVisitsActiveAxons).toBe(5n);
    expect(counts.synapseVisitsAllPlasticWithError).toBe(0n);
    expect(counts.synapticUpdates).toBe(5n);
    expect(changed).toBe(5n);
  });

  it('see a spike whatever it carries, where payloads do not count', () => {
    const { rows } = run({ line: 'dw = 3*x0', spikes: { 1: 0, 2: 7 }, steps: 2 }, build);
    expect(rows.flat()).toEqual([103, 106]);
  });
});

describe('HW 4.5 options that exclude each other', () => {
  const conflict = (setup: Partial<Setup>): string => {
    const network = networkOf({ spikes: {}, steps: 1, ...setup });
    const error = userErrorOf(() => compile(network, chipWith({ semantics: setup.semantics ?? {} })));
    expect(error.details.code).toBe('semantics-conflict');
    return error.message;
  };
  const decided = {
    randomTime: 'beforeSpikes',
    ruleRounding: 'awayFromZero',
    ruleDownscale: 'none',
  } as const;

  it('rounding of a change needs a rule that is not scaled', () => {
    expect(conflict({ semantics: { ruleRounding: 'awayFromZero' } })).toContain('ruleDownscale sumPlus3');
  });

  it('what is decided before the spikes is the rounding of a change, in epochs of one step', () => {
    expect(conflict({ semantics: { randomTime: 'beforeSpikes' } })).toContain('ruleRounding magnitude');
    expect(conflict({ semantics: decided, epochSteps: 2 })).toContain('a learning epoch of several steps');
  });

  it('spikes that count on arrival have one delay', () => {
    const synapse = { delay: Uint8Array.of(1, 2) };
    expect(conflict({ semantics: { ruleSpikes: 'onArrival' }, targets: 2, synapse })).toContain(
      'delays that differ',
    );
  });
});

describe('HW 6.4 a schedule that would change nothing', () => {
  it('is refused where synapses learn with traces of their own', () => {
    const refused = (entry: ScheduleEntry): string =>
      userErrorOf(() => compile(networkOf({ spikes: {}, steps: 1, entries: [entry] }), chipWith())).message;
    const line = 'dw = 2^-2*u0*x1';
    expect(refused({ step: 0, kind: 'rule', rule: 'rule', line })).toContain('"synapses" learns by it');
    expect(refused({ step: 0, kind: 'postImpulses', population: 'cells', impulses: { y1: 1 } })).toContain(
      'population "cells"',
    );
  });
});
