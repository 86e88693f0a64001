// What a neuron program does in a chip: spikes and payloads, post spikes, third factors, ports, random bits, and
// that it does not matter where its compartments lie or when a snapshot is taken. [HW 7], [HW 4.8]

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CompartmentParameters, CoreClass, ProgramUse } from '../../host/network/network.ts';
import { LIBRARY } from '../../host/program/library.ts';
import { LOIHI2, ProgramMachine } from '../support/program-machine.ts';
import {
  BUILDS,
  compileSmall,
  EXACT,
  EXCITATORY,
  SmallMachine,
  type SmallNetwork,
} from '../support/small-network.ts';
import { chiSquare, chiSquareBound } from '../support/statistics.ts';

/** One population that runs a program. */
function cells(size: number, program: ProgramUse) {
  return { populations: [{ name: 'cells', size, program }] };
}

/** The registers of a CUBA LIF compartment as parameters of its program. */
function lifProgram(compartment: CompartmentParameters, coreClass: Partial<CoreClass>): ProgramUse {
  const { decayU, decayV, threshold, bias, refractory = 1 } = compartment;
  const { dsOffset, dmOffset } = LOIHI2.compartment;
  if (typeof bias?.mantissa === 'object') throw new Error('one bias for all compartments is meant here');
  return {
    text: LIBRARY['cuba-lif'],
    parameters: {
      keepU: 4096 - decayU - dsOffset,
      keepV: 4096 - decayV - dmOffset,
      bias: bias === undefined ? 0 : bias.mantissa * 2 ** bias.exponent,
      threshold: threshold * 64,
      refractory,
      vMin: 1 - 2 ** Math.min(coreClass.negVmLimit ?? 23, 23),
      vMax: 2 ** Math.min(9 + 2 * (coreClass.posVmLimit ?? 7), 23) - 1,
    },
  };
}

const INPUTS = 24;

/** The same inputs into the native kernel and into the program. */
function twins(
  size: number,
  compartment: CompartmentParameters,
  coreClass: Partial<CoreClass>,
  weights: readonly number[],
  exponent: number,
): SmallNetwork {
  const project = (to: string) => ({
    name: `to ${to}`,
    from: 'in',
    to,
    connection: { kind: 'all' as const, weights: Int16Array.from(weights) },
    synapse: { ...EXACT, exponent },
  });
  return {
    coreClasses: [{ name: 'core', ...coreClass }],
    ports: [{ name: 'in', size: INPUTS }],
    populations: [
      { name: 'native', size, compartment },
      { name: 'program', size, program: lifProgram(compartment, coreClass) },
    ],
    projections: [project('native'), project('program')],
  };
}

const compartments = fc.record({
  decayU: fc.integer({ min: 0, max: 4095 }),
  decayV: fc.integer({ min: 0, max: 4095 }),
  threshold: fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 131071 })),
  bias: fc.record({
    mantissa: fc.integer({ min: -4096, max: 4095 }),
    exponent: fc.integer({ min: 0, max: 7 }),
  }),
  refractory: fc.integer({ min: 1, max: 63 }),
});
const coreClasses = fc.record({
  negVmLimit: fc.integer({ min: 0, max: 23 }),
  posVmLimit: fc.integer({ min: 0, max: 7 }),
});

describe.each(BUILDS)('HW 7 neuron programs, %s build', (build) => {
  it('the CUBA LIF program has the bits of the native kernel', () => {
    const property = fc.property(
      compartments,
      coreClasses,
      fc.integer({ min: 1, max: 19 }),
      fc.integer({ min: -8, max: 7 }),
      fc.infiniteStream(fc.integer({ min: -127, max: 127 })),
      fc.infiniteStream(fc.integer({ min: 0, max: 2 ** INPUTS - 1 })),
      (compartment, coreClass, size, exponent, weightStream, inputStream) => {
        const weights = Array.from({ length: INPUTS * size }, () => 2 * weightStream.next().value);
        const { image } = compileSmall(twins(size, compartment, coreClass, weights, exponent), LOIHI2);
        const small = new SmallMachine(image, build)
          .watch('native', 'u', 'v', 'spikes')
          .watch('program', 'state u', 'state v', 'spikes');
        small.steps(40, (step) => {
          if (step % 3 === 2) return {};
          const bits: number = inputStream.next().value;
          return { in: Array.from({ length: INPUTS }, (_, i) => i).filter((i) => (bits >> i) & 1) };
        });
        expect(small.recorded('program', 'state u')).toEqual(small.recorded('native', 'u'));
        expect(small.recorded('program', 'state v')).toEqual(small.recorded('native', 'v'));
        expect(small.recorded('program', 'spikes')).toEqual(small.recorded('native', 'spikes'));
      },
    );
    fc.assert(property, { numRuns: 40, seed: 7 });
  });

  it('sends its last payload, and none where no condition allows it', () => {
    const text = 'port in\nparam k:8\nif in\n send 3\n if k\n  send k\n end\nend';
    const machine = new ProgramMachine(cells(3, { text, parameters: { k: [0, -5, 7] } }), build).watch(
      'cells',
      'spikes',
      'payload',
    );
    machine.step([
      ['cells', 'in', 0, 1],
      ['cells', 'in', 1, 1],
    ]);
    expect(machine.recorded('cells', 'spikes')).toEqual([[1, 1, 0]]);
    expect(machine.recorded('cells', 'payload')[0]!.slice(0, 2)).toEqual([3, -5]);
    expect(machine.counts().spikes).toBe(2n);
  });

  it('counts every instruction once per compartment that executes it, branches over parts as well', () => {
    // if (1), then: neg, else's jump (2) or not, not (2), behind end: abs (1)
    const text = 'param k:8\nstate v:8\nif k\n neg v, v\nelse\n not v, v\n not v, v\nend\nabs v, v';
    const machine = new ProgramMachine(cells(5, { text, parameters: { k: [1, 1, 0, 0, 0] } }), build);
    machine.step();
    expect(machine.counts().programInstructions).toBe(BigInt(2 * (1 + 2 + 1) + 3 * (1 + 2 + 1)));
    expect(machine.counts().compartmentUpdatesActive).toBe(5n);
  });

  it('has accumulators of its own for every port, on every core and with delays', () => {
    const text = 'port x, y, z\nstate sx:32, sy:32, sz:32\nadd sx, sx, x\nadd sy, sy, y\nadd sz, sz, z';
    const size = 40;
    const weights = (k: number) => Int16Array.from({ length: size }, (_, i) => 2 * (k + i));
    const setup = (cores: number): SmallNetwork => ({
      coreClasses: [{ name: 'core', cores }],
      ports: [{ name: 'in', size: 1 }],
      populations: [
        { name: 'before', size: 5, compartment: { decayU: 0, decayV: 0, threshold: 100 } },
        { name: 'cells', size, program: { text } },
      ],
      projections: (['x', 'y', 'z'] as const).map((port, k) => ({
        name: port,
        from: 'in',
        to: 'cells',
        port,
        connection: { kind: 'all' as const, weights: weights(10 * k) },
        synapse: { ...EXACT, delay: k },
      })),
    });
    for (const cores of [1, 3]) {
      const { image } = compileSmall(setup(cores), LOIHI2);
      const small = new SmallMachine(image, build).watch('cells', 'state sx', 'state sy', 'state sz');
      small.steps(4, (step) => (step === 1 ? { in: [0] } : {}));
      const [x, y, z] = (['sx', 'sy', 'sz'] as const).map((name) => small.recorded('cells', `state ${name}`));
      const none = Array(size).fill(0);
      expect(x!.slice(0, 2)).toEqual([none, [...weights(0)]]);
      expect(y!.slice(1, 3)).toEqual([none, [...weights(10)]]);
      expect(z!.slice(2, 4)).toEqual([none, [...weights(20)]]);
    }
  });

  it('writes post traces: the third factor of each compartment scales what its synapses learn', () => {
    // y1 = 10 * index; a pre spike moves w by 2^-1 * x1 * y1 / 2^2, x1 = 64.
    const setup: SmallNetwork = {
      ports: [{ name: 'pre', size: 1 }],
      rules: { rule: ['dw = 2^-4*u0*x1*y1'] },
      populations: [
        { name: 'post', size: 6, program: { text: 'port in\nstate y:16\nmul y, index, 40\ny1 y' } },
      ],
      projections: [
        {
          name: 'plastic',
          from: 'pre',
          to: 'post',
          connection: { kind: 'all', weights: new Int16Array(6) },
          synapse: EXCITATORY,
          rule: 'rule',
          preTraces: { x1: { impulse: 64, tau: 0 } },
        },
      ],
    };
    const small = new SmallMachine(compileSmall(setup, LOIHI2).image, build).watch('post', 'y1');
    small.step({ pre: [0] });
    expect(small.read('post', 'y1')).toEqual([0, 40, 80, 120, 127, 127]);
    expect(small.weights('plastic')).toEqual([0, 40, 80, 120, 127, 127]);
  });

  it('makes post spikes apart from its spikes', () => {
    const text = (post: string): string => `port in\nstate n:8\nif in\n send\nend\nif index\n ${post}\nend`;
    const weightsWith = (post: string): number[] => {
      const setup: SmallNetwork = {
        ports: [{ name: 'pre', size: 1 }],
        rules: { rule: ['dw = 2^0*y0*x1'] },
        populations: [{ name: 'post', size: 2, program: { text: text(post) } }],
        projections: [
          {
            name: 'plastic',
            from: 'pre',
            to: 'post',
            connection: { kind: 'all', weights: Int16Array.of(1, 1) },
            synapse: EXCITATORY,
            rule: 'rule',
            preTraces: { x1: { impulse: 20, tau: Number.POSITIVE_INFINITY } },
          },
        ],
      };
      const small = new SmallMachine(compileSmall(setup, LOIHI2).image, build);
      return small
        .step({ pre: [0] })
        .step()
        .weights('plastic');
    };
    // With `post`, compartment 1 has one in every step and compartment 0 none; without, both have their spike.
    expect(weightsWith('post')).toEqual([1, 41]);
    expect(weightsWith('neg n, n')).toEqual([21, 21]);
  });

  it('goes back to the start values of its state words on a reset', () => {
    const text = 'param k:8\nstate a:8 = k, b:8 = 5\nadd a, a, 1\nadd b, b, 1';
    const setup: SmallNetwork = {
      populations: [
        { name: 'cells', size: 3, program: { text, parameters: { k: [1, 2, 3] }, initial: { b: 9 } } },
      ],
      entries: [{ step: 4, kind: 'reset', population: 'cells' }],
      steps: 4,
    };
    const small = new SmallMachine(compileSmall(setup, LOIHI2).image, build).watch(
      'cells',
      'state a',
      'state b',
    );
    small.steps(4);
    expect(small.recorded('cells', 'state a')[2]).toEqual([4, 5, 6]);
    small.watch('cells', 'state a', 'state b');
    expect(small.counts().managementWrites).toBe(6n);
  });

  it('draws bits that are even, differ by compartment, step and instruction, and do not depend on the core', () => {
    const text = 'state a:32, b:32\nrand a, 4\nrand b, 4';
    const size = 256;
    const draws = (cores: number, seed: number): number[][] => {
      const setup: SmallNetwork = {
        seed,
        coreClasses: [{ name: 'core', cores }],
        populations: [{ name: 'cells', size, program: { text } }],
      };
      const small = new SmallMachine(compileSmall(setup, LOIHI2).image, build).watch(
        'cells',
        'state a',
        'state b',
      );
      small.steps(8);
      expect(small.counts().randomDraws).toBe(BigInt(2 * 8 * size));
      return [...small.recorded('cells', 'state a'), ...small.recorded('cells', 'state b')];
    };
    const one = draws(1, 5);
    expect(draws(3, 5)).toEqual(one);
    expect(draws(1, 6)).not.toEqual(one);
    expect(new Set(one.map((row) => row.join())).size).toBe(16);
    const counts = Array<number>(16).fill(0);
    for (const x of one.flat()) counts[x]!++;
    expect(counts.reduce((a, b) => a + b)).toBe(16 * size);
    expect(chiSquare(counts)).toBeLessThan(chiSquareBound(15));
  });

  it('goes on from a snapshot in the middle as if nothing had happened', () => {
    const program = { text: `${LIBRARY.sigma}\n`, parameters: {} };
    const text =
      'port in\nstate s:32, r:32\ntemp t\nrand t, 8\nadd r, r, t\nadd s, s, in\nadd s, s, time\nif s\n send s\nend';
    for (const use of [program, { text }]) {
      const setup = cells(70, use);
      const whole = new ProgramMachine(setup, build);
      const first = new ProgramMachine(setup, build);
      const second = new ProgramMachine(setup, build);
      const input = (t: number) => [['cells', 'in', t % 70, t - 6] as const];
      for (let t = 1; t <= 20; t++) whole.step(input(t));
      for (let t = 1; t <= 11; t++) first.step(input(t));
      second.machine.restore(first.machine.snapshot());
      for (let t = 12; t <= 20; t++) second.step(input(t));
      expect(second.machine.snapshot()).toEqual(whole.machine.snapshot());
    }
  });
});

/** The ways to run a program: compiled, and the interpreter of every build. */
const WAYS = [
  { build: 'release', programs: 'compiled' },
  { build: 'release', programs: 'interpreted' },
  { build: 'scalar', programs: 'interpreted' },
  { build: 'debug', programs: 'interpreted' },
] as const;

/** Memory of a machine after some steps; the module's own data, such as the debug build's messages, lie below. */
function memoryAfter(steps: number, size: number, use: ProgramUse, way: (typeof WAYS)[number]): Buffer {
  const machine = new ProgramMachine(cells(size, use), way.build, way);
  for (let t = 0; t < steps; t++) {
    machine.step(
      Array.from(
        { length: size },
        (_, i) => ['cells', t & 1 ? 'x' : 'y', i, (i - 9) * (t + 1) * 90001] as const,
      ),
    );
  }
  return Buffer.from(machine.machine.snapshot().subarray(65536));
}

describe('HW 7 neuron programs, compiled and interpreted', () => {
  it('leaves the same memory with instructions that only the interpreter has', () => {
    const text =
      'port x, y\nparam k:8, n:u5\nstate a:24, b:32, c:5\ntemp t\nmulz t, x, k, n\nmulm b, b, -7, 3\nadd b, b, t\n' +
      'shz c, b, n\nrand t, 9\nsub a, a, t\nif c\n clz t, a\n send t\n y2 t\nend';
    const k = Array.from({ length: 300 }, (_, i) => (i % 255) - 127);
    const n = Array.from({ length: 300 }, (_, i) => i % 32);
    const [first, ...others] = WAYS.map((way) => memoryAfter(8, 300, { text, parameters: { k, n } }, way));
    for (const other of others) expect(first!.equals(other)).toBe(true);
  });

  it('leaves the same memory for any program', () => {
    const source = fc.constantFrom(
      'x',
      'y',
      'k',
      'n',
      'a',
      'b',
      'c',
      't',
      's',
      '-1',
      '0',
      '2^20',
      'm',
      'time',
      'index',
    );
    const target = fc.constantFrom('a', 'b', 'c', 't', 's');
    const distance = fc.constantFrom('0', '1', '13', '31', 'n');
    const line = fc.oneof(
      fc.tuple(fc.constantFrom('mov', 'not', 'neg', 'abs', 'sgn'), target, source),
      fc.tuple(
        fc.constantFrom('add', 'sub', 'and', 'or', 'xor', 'min', 'max', 'eq', 'ne', 'lt', 'le', 'gt', 'ge'),
        target,
        source,
        source,
      ),
      fc.tuple(fc.constantFrom('shl', 'shr', 'shz'), target, source, distance),
      fc.tuple(fc.constantFrom('mul', 'mulz', 'mulm'), target, source, source, distance),
      fc.tuple(fc.constantFrom('clip', 'sel'), target, source, source, source),
      fc.tuple(fc.constant('wrap'), target, source, fc.constantFrom('1', '6', '23', '31')),
      fc.tuple(fc.constant('send'), source),
    );
    const statement = line.map(([op, ...places]) => [`${op} ${places.join(', ')}`]);
    const { block } = fc.letrec<{ block: string[]; condition: string[] }>((tie) => ({
      block: fc
        .array(fc.oneof({ weight: 5, arbitrary: statement }, { weight: 1, arbitrary: tie('condition') }), {
          minLength: 1,
          maxLength: 8,
        })
        .map((parts) => parts.flat()),
      condition: fc
        .tuple(source, tie('block'), fc.option(tie('block')))
        .map(([c, first, second]) => [
          `if ${c}`,
          ...first,
          ...(second === null ? [] : ['else', ...second]),
          'end',
        ]),
    }));
    const head =
      'port x, y\nparam k:16, n:u6, m:u13\nstate a:24 = 77, b:32, c:6 = -5\ntemp t, s\nmulz t, x, k, 3\nsub s, y, a\n';
    const property = fc.property(
      block,
      fc.integer({ min: 0, max: 63 }),
      fc.integer({ min: 0, max: 8191 }),
      fc.integer({ min: 1, max: 21 }),
      (lines, n, m, size) => {
        const k = Array.from({ length: size }, (_, i) => 1501 * i - 17000);
        const use = { text: `${head}${lines.join('\n')}`, parameters: { k, n, m } };
        const [first, ...others] = WAYS.map((way) => memoryAfter(4, size, use, way));
        for (const other of others) expect(first!.equals(other)).toBe(true);
      },
    );
    fc.assert(property, { numRuns: 100, seed: 7 });
  });
});
