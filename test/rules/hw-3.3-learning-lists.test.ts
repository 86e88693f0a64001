// HW 3.3 and 1.3: synapses with a target each that learn. They do as those of a matrix, the places between them stay
// empty, and memory, operations, visits and times are those of the lists.

import { describe, expect, it } from 'vitest';
import { PRESETS } from '../../host/chip/semantics.ts';
import { instantiateCore } from '../../host/machine/core-module.ts';
import type { SparseConnection, SynapseParameters } from '../../host/network/network.ts';
import { chipWith } from '../support/chips.ts';
import { userErrorOf } from '../support/errors.ts';
import { learned, type Pair, PairMachine, pairNetwork } from '../support/learning-pair.ts';
import {
  BUILDS,
  compileSmall,
  EXACT,
  EXCITATORY,
  type SmallNetwork,
  sparse,
} from '../support/small-network.ts';

const TRACE = { impulse: 16, tau: Infinity };

/** Pairwise STDP as in A.5, from three sources to five targets; source 1 has no synapse. */
const STDP = {
  rule: ['dw = 2^-2*x1*y0 - 2^-2*y1*x0'],
  x1: TRACE,
  postTraces: { y1: TRACE },
  epochSteps: 4,
  rows: 3,
  columns: 5,
  synapse: { ...EXCITATORY, compression: 'sparse' },
  connection: sparse(3, [
    [0, 1, 100],
    [0, 4, 90],
    [2, 0, 100],
    [2, 1, 100],
    [2, 3, 100],
  ]),
  pre: [[2, 5, 7], [3], [2, 7]],
  post: [[4, 6], [4, 7], [4], [2], []],
  steps: 12,
} as const;

function on(cores: number, pair: Pair): Pair {
  return { ...pair, coreClass: { ...pair.coreClass, cores } };
}

describe.each(BUILDS)('HW 3.3 lists that learn, %s build', (build) => {
  it.each([1, 2, 5])('STDP on a small list, by hand, on %i cores', (cores) => {
    const machine = new PairMachine(on(cores, { ...STDP, build }));
    // Post spikes at 4 see x1 = 16; from source 2 to target 3 both spikes are at 2 and see each other.
    expect(machine.advance(4).weights('plastic')).toEqual([
      ...[0, 104, 0, 0, 90],
      ...[0, 0, 0, 0, 0],
      ...[104, 104, 0, 100, 0],
    ]);
    // 0 to 1: +12 - 8 (A.5); 2 to 0: the pre spike at 7 sees y1 = 32; 2 to 1: +8 - 8; 2 to 3: it sees y1 = 16.
    const second = [...[0, 108, 0, 0, 90], ...[0, 0, 0, 0, 0], ...[100, 104, 0, 96, 0]];
    expect(machine.advance(4).weights('plastic')).toEqual(second);
    expect(machine.advance(4).weights('plastic')).toEqual(second);
    const counts = machine.counts();
    expect(machine.machine.weights.changed('plastic')).toBe(6n);
    expect(counts).toMatchObject({
      synapticUpdates: 6n,
      // Three spikes with two synapses, two with three; six kicks.
      synapticOps: 6n + 6n + 6n,
      synapticOpsSparse: 18n,
      // Five synapses in three epochs; nobody spikes in the third.
      synapseVisitsAllPlastic: 15n,
      synapseVisitsActiveAxons: 10n,
    });
    expect(machine.machine.access).toEqual({ weightWrites: 0, stateReads: 15 });
  });

  it('count as what their packing is', () => {
    const synapse = { ...EXCITATORY, compression: 'dense' } as const;
    const { synapticOpsDense, synapticOpsSparse } = new PairMachine({ ...STDP, build, synapse })
      .advance(8)
      .counts();
    expect([synapticOpsDense, synapticOpsSparse]).toEqual([12n, 6n]);
  });

  it('bring nothing to targets that they do not have, whatever the sign mode and the exponent', () => {
    for (const [signMode, sign] of [
      ['inhibitory', -1],
      ['mixed', -1],
      ['excitatory', 1],
    ] as const) {
      for (const exponent of [0, -2]) {
        const machine = new PairMachine({
          build,
          rule: ['dw = u0*x0'],
          columns: 70,
          connection: sparse(1, [
            [0, 3, sign * 16],
            [0, 69, sign * 8],
          ]),
          synapse: { signMode, bits: 8, exponent },
          pre: [1],
          steps: 2,
        });
        machine.watch('post', 'u').advance(2);
        const u = new Array<number>(70).fill(0);
        [u[3], u[69]] = [sign * 16 * 2 ** exponent * 64, sign * 8 * 2 ** exponent * 64];
        expect(machine.recorded('post', 'u')[1], `${signMode} ${exponent}`).toEqual(u);
      }
    }
  });

  it('have a delay for each synapse, which a rule moves', () => {
    const machine = new PairMachine({
      build,
      rule: ['dd = 3*u0*x0'],
      epochSteps: 8,
      columns: 20,
      connection: sparse(1, [
        [0, 2, 10],
        [0, 17, 20],
      ]),
      synapse: { ...EXCITATORY, delay: Uint8Array.of(2, 0) },
      pre: [4, 12, 20],
      steps: 30,
    });
    machine.watch('post', 'u').advance(30);
    const arrivals = machine
      .recorded('post', 'u')
      .flatMap((row, t) => row.flatMap((u, cell) => (u === 0 ? [] : [[t + 1, cell, u / 64]])));
    // Delays 2, 5, 6 and 0, 3, 6: rings of 8 end at 6.
    expect(arrivals).toEqual([
      [4 + 1, 17, 20],
      [4 + 1 + 2, 2, 10],
      [12 + 1 + 3, 17, 20],
      [12 + 1 + 5, 2, 10],
      [20 + 1 + 6, 2, 10],
      [20 + 1 + 6, 17, 20],
    ]);
  });

  it('one-to-one: each synapse has a weight of its own', () => {
    const pair: Pair = {
      build,
      rule: ['dw = 4*x0*y0'],
      rows: 3,
      columns: 3,
      connection: { kind: 'one-to-one', weight: 50 },
      pre: [[2], [2], [3]],
      post: [[2], [3], [3]],
      steps: 3,
    };
    for (const cores of [1, 3])
      expect(learned(on(cores, pair))).toEqual([...[54, 0, 0], ...[0, 50, 0], ...[0, 0, 54]]);
  });

  it('read by a probe: weights, tags and delays, 0 where there is no synapse', () => {
    const machine = new PairMachine({
      build,
      rule: ['dt = 3*u0', 'dd = 2*u0', 'dw = u0'],
      rows: 2,
      columns: 3,
      connection: sparse(2, [
        [0, 2, 5],
        [1, 0, 7],
      ]),
      steps: 2,
    });
    const probe = (['weights', 'tags', 'delays'] as const).map((kind) =>
      machine.machine.probes.addOnProjection('plastic', kind, 2),
    );
    machine.advance(2);
    const at = (a: number, b: number) => [...[0, 0, a], ...[b, 0, 0]];
    expect(probe.map((each) => machine.machine.probes.drainProjection(each).map((row) => [...row]))).toEqual([
      [at(6, 8), at(7, 9)],
      [at(3, 3), at(6, 6)],
      [at(2, 2), at(4, 4)],
    ]);
  });

  it('go on from a snapshot as they would have', () => {
    const pair = { ...STDP, build };
    const first = new PairMachine(pair).advance(4);
    const snapshot = first.machine.snapshot();
    const second = new PairMachine(pair).advance(4);
    second.machine.restore(snapshot);
    expect(second.advance(4).weights('plastic')).toEqual(first.advance(4).weights('plastic'));
    expect(second.counts()).toEqual(first.counts());
  });

  it.each(['lava', 'nengo-loihi', 'brian2loihi'] as const)(
    'leave the empty places alone with semantics %s, too',
    (preset) => {
      const chip = chipWith({ semantics: { ...PRESETS[preset], random: 'counter' } });
      const { rule, epochSteps, ...rest } = STDP;
      const machine = new PairMachine({ ...rest, build, chip, rule: ['dw = 2*x0*y0'], steps: 8 }).advance(8);
      const projection = machine.machine.probes.addOnProjection('plastic', 'weights', 1);
      machine.advance(1);
      const [weights] = machine.machine.probes.drainProjection(projection);
      const existing = [...weights!].flatMap((weight, i) => (weight === 0 ? [] : [i]));
      expect(existing).toEqual([1, 4, 10, 11, 13]);
      expect(machine.counts().synapseVisitsAllPlastic).toBe(5n * 9n);
    },
  );
});

/** A matrix, and of it the synapses of which a hash is small. */
function thinned(rows: number, columns: number, weights: readonly number[], oneIn: number): SparseConnection {
  return sparse(
    rows,
    weights.flatMap((weight, i) =>
      (Math.imul(i + 1, 0x9e3779b1) >>> 8) % oneIn === 0
        ? [[Math.floor(i / columns), i % columns, weight] as const]
        : [],
    ),
  );
}

describe('HW 3.3 lists that learn, beside a matrix', () => {
  const WAYS = [
    ...BUILDS.map((build) => ({ build, rules: undefined })),
    { build: 'release', rules: 'interpreted' },
  ] as const;
  const RULES = [
    ['dw = 2^-3*x1*y0 - 2^-4*x0*y1'], // rounded at random
    ['dw = 2^-5*u0*x1*y1 - 2^-2*u1*w + x0', 'dt = 3*y0 - 2^-1*u0*t', 'dd = x0*y0 - 2^-2*u0*d'],
    ['dw = 2*y0*x0 - y0'], // one number for all targets of a row that fired
    ['dw = 2^5*y0*x0 - 2^6*x0'], // to both ends of the range
  ];
  const SYNAPSES: readonly SynapseParameters[] = [
    { ...EXCITATORY, delay: 2 },
    EXACT,
    { signMode: 'inhibitory', bits: 5, exponent: -1 },
    { ...EXACT, weightLimit: 100 },
  ];

  it.each(WAYS)('every synapse does the same, $build build, rules $rules', ({ build, rules }) => {
    RULES.forEach((rule, r) => {
      for (const [s, synapse] of SYNAPSES.entries()) {
        const [rows, columns] = [4, [1, 16, 37, 130][(r + s) % 4]!];
        const steps = (i: number, most: number) =>
          Array.from({ length: 12 }, (_, t) => t + 2).filter((t) => (i * 7 + t * t) % 11 < most);
        const range = { mixed: [-50, 2], excitatory: [0, 1], inhibitory: [-240, 8] }[synapse.signMode];
        const weights = Array.from(
          { length: rows * columns },
          (_, i) => range[0]! + range[1]! * ((i * 13) % 30),
        );
        const pair: Pair = {
          build,
          rule,
          rows,
          columns,
          synapse,
          weight: weights,
          epochSteps: 3,
          x1: { impulse: 40.5, tau: 7 },
          postTraces: { y1: { impulse: 33.25, tau: 5 } },
          pre: Array.from({ length: rows }, (_, i) => steps(i, 4)),
          post: Array.from({ length: columns }, (_, i) => steps(i + 3, 3)),
          steps: 15,
        };
        const options = rules === undefined ? {} : { rules };
        const whole = new PairMachine(pair, options).advance(15);
        for (const oneIn of [1, 3]) {
          const connection = thinned(rows, columns, weights, oneIn);
          const list = new PairMachine({ ...pair, connection }, options).advance(15);
          const expected = new Array<number>(rows * columns).fill(0);
          const matrix = whole.weights('plastic');
          for (let row = 0; row < rows; row++) {
            for (const to of connection.targets.subarray(
              connection.rowStart[row]!,
              connection.rowStart[row + 1]!,
            ))
              expected[row * columns + to] = matrix[row * columns + to]!;
          }
          expect(list.weights('plastic'), `${rule} ${columns} one in ${oneIn}`).toEqual(expected);
          if (oneIn > 1) continue;
          // All of them are there: what is counted is the same as well, whatever the packing.
          const counted = (machine: PairMachine) => {
            const { synapticOpsDense, synapticOpsSparse, ...others } = machine.counts();
            return others;
          };
          expect(counted(list)).toEqual(counted(whole));
        }
      }
    });
  });
});

describe('HW 1.3 lists that learn', () => {
  const use = (network: SmallNetwork, resource: string): number =>
    compileSmall(network).cores[0]!.use.find((item) => item.resource === resource)!.used;
  const network = (rule: readonly string[], pair: Partial<Pair> = {}) =>
    pairNetwork({ ...STDP, rule, build: 'release', ...pair });

  it('take the memory of lists, tags and delays included, and two entries for an axon', () => {
    // Entries of 4 + 6 bits, synapses of 8 + 6: 38 and 52 bits. Each of the five kicks takes a word and an entry.
    expect(use(network(STDP.rule), 'synapseMemory')).toBe(1 + 1 + 5);
    expect(use(network(STDP.rule), 'inputAxons')).toBe(2 * 2 + 5);
    // Eight bits a tag: 76 bits; three bits a delay as well: 60 bits, which leave no room for the end marker, and 85.
    const tags = ['dt = x0*y0', 'dw = u0*t'];
    expect(use(network(tags), 'synapseMemory')).toBe(1 + 2 + 5);
    expect(use(network([...tags, 'dd = x0']), 'synapseMemory')).toBe(2 + 2 + 5);
  });

  it('a source learns on a core only where it has synapses that do', () => {
    const { projections = [], ...rest } = network(STDP.rule);
    const connection = sparse(3, [[1, 2, 30]]);
    const both = {
      ...rest,
      projections: [...projections, { name: 's', from: 'pre', to: 'post', connection, synapse: EXCITATORY }],
    };
    expect(use(both, 'inputAxons')).toBe(2 * 2 + 1 + 5);
    const { axons } = compileSmall(both).image.cores[0]!;
    expect(axons.filter(({ profile }) => profile >= 0)).toHaveLength(2);
  });

  it('take the time of their synapses, by formula and cycle by cycle', () => {
    const visit = chipWith().timing.learningVisit;
    for (const timing of ['analytic', 'cycle'] as const) {
      const pair = { ...STDP, build: 'release' } as const;
      const { machine } = new PairMachine(pair, { timing }).advance(8);
      const learning = machine.times().reduce((sum, { learningS }) => sum + learningS, 0);
      expect(learning, timing).toBeCloseTo(2 * 5 * visit, 12);
    }
  });

  it('a host writes weights only where there are synapses', () => {
    const { machine } = new PairMachine({ ...STDP, build: 'release' });
    const weights = machine.weights.read('plastic').map((weight) => weight / 2);
    machine.weights.write('plastic', weights);
    expect(machine.weights.read('plastic')).toEqual(weights);
    expect(machine.access).toEqual({ weightWrites: 5, stateReads: 10 });
    weights[2] = 1;
    expect(() => machine.weights.write('plastic', weights)).toThrow(/has no synapse for one of the weights/);
  });

  it('are refused if the emulator cannot hold their rows', () => {
    expect(userErrorOf(() => instantiateCore('release', 3.5 * 2 ** 30))).toMatchObject({
      message: 'the network takes 3.5 GiB in the emulator, which has 2.0 GiB',
      details: { code: 'does-not-fit', limit: 2 ** 31 },
    });
  });
});
