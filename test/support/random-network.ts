// Random small networks that use everything at once: learning with every kind of trace, tags, rewards, noise, joins,
// delays, lists and dense rows. For properties that hold for every network.

import fc from 'fast-check';
import type { Projection } from '../../host/network/network.ts';
import type { SmallMachine, SmallNetwork, Spikes } from './small-network.ts';

export interface RandomNetwork {
  readonly network: SmallNetwork;
  /** Port spikes by step, from 1. */
  readonly spikes: readonly Spikes[];
}

const RULES = [
  ['dw = 2^-2*x1*y0 - 2^-3*y1*x0', 'dt = u0*x1 - 2^-3*u0*t'],
  ['dw = 2^-6*u1*x1*y2 + x0*r1 - u0*sgn(w-20)'],
  ['dw = 2^-1*y0*x2 - 2^-5*u0*w', 'dd = x0 - u2*sgn(d-3)'],
  ['dw = u0*t', 'dt = 2^-3*y0*x1*r0 + x0*y3 - 2^-4*u0*t'],
];

const byte = fc.nat(255);

/** Sizes that need several vector registers and, on many cores, uneven slices. */
const parameters = fc.record({
  seed: fc.nat(2 ** 31),
  rule: fc.constantFrom(...RULES),
  sizes: fc.record({ inputs: fc.integer({ min: 1, max: 9 }), hidden: fc.integer({ min: 5, max: 70 }) }),
  epochSteps: fc.integer({ min: 1, max: 5 }),
  decays: fc.tuple(fc.nat(4095), fc.nat(4095)),
  threshold: fc.integer({ min: 20, max: 400 }),
  refractory: fc.integer({ min: 1, max: 4 }),
  noiseExponent: fc.integer({ min: 5, max: 13 }),
  weights: fc.array(byte, { minLength: 64, maxLength: 64 }),
  delays: fc.array(fc.nat(13), { minLength: 64, maxLength: 64 }),
  signMode: fc.constantFrom('mixed', 'excitatory'),
  bits: fc.constantFrom(3, 6, 8),
  exponent: fc.constantFrom(-5, 0, 2),
  tau: fc.constantFrom(0, 1, 4, 20, Infinity),
  join: fc.constantFrom('add', 'or', 'and', 'pass'),
  push: fc.constantFrom('v', 'u'),
  thresholdOp: fc.constantFrom('spike', 'pass', 'saturate'),
  spikes: fc.array(fc.array(byte, { maxLength: 6 }), { minLength: 12, maxLength: 24 }),
});

type Parameters = typeof parameters extends fc.Arbitrary<infer T> ? T : never;

function build(p: Parameters): RandomNetwork {
  const { inputs, hidden } = p.sizes;
  const cycle = (list: readonly number[], n: number) =>
    Array.from({ length: n }, (_, i) => list[(i * 7 + (i >> 6)) % list.length]!);
  const trace = (impulse: number) => ({ impulse, tau: p.tau });
  const matrix = (name: string, from: string, to: string, rows: number, columns: number): Projection => ({
    name,
    from,
    to,
    connection: {
      kind: 'all',
      weights: Int16Array.from(cycle(p.weights, rows * columns), (w) =>
        p.signMode === 'mixed' ? w - 128 : w,
      ),
    },
    synapse: {
      signMode: p.signMode,
      bits: p.bits,
      exponent: 0,
      delay: Uint8Array.from(cycle(p.delays, rows * columns)),
    },
    rule: 'rule',
    preTraces: { x1: trace(20.5), x2: trace(7.25) },
  });
  const compartment = {
    decayU: p.decays[0],
    decayV: p.decays[1],
    threshold: p.threshold,
    refractory: p.refractory,
  };
  const postTraces = { y1: trace(16.5), y2: trace(30), y3: trace(3.75) };
  const network: SmallNetwork = {
    seed: p.seed,
    coreClasses: [
      {
        name: 'core',
        epochSteps: p.epochSteps,
        noise: {
          exponent: p.noiseExponent,
          mantissaOffset: 1,
          target: p.seed % 2 === 0 ? 'dendrite' : 'membrane',
        },
        reward: trace(9.5),
      },
    ],
    ports: [
      { name: 'in', size: inputs },
      { name: 'reward', size: 1 },
    ],
    rules: { rule: p.rule },
    populations: [
      { name: 'hidden', size: hidden, compartment: { ...compartment, noise: true }, postTraces },
      {
        name: 'leaf',
        size: hidden,
        compartment: { ...compartment, thresholdOp: p.thresholdOp },
        postSpikes: 'parent',
        postTraces,
      },
      {
        name: 'root',
        size: hidden,
        compartment: { ...compartment, bias: { mantissa: 3, exponent: 6 } },
        join: { operation: p.join, children: ['leaf'], push: p.push },
      },
    ],
    projections: [
      matrix('in to hidden', 'in', 'hidden', inputs, hidden),
      matrix('hidden to leaf', 'hidden', 'leaf', hidden, hidden),
      {
        name: 'root to hidden',
        from: 'root',
        to: 'hidden',
        connection: { kind: 'uniform', weight: 9 },
        synapse: { signMode: 'mixed', bits: 5, exponent: p.exponent, delay: 3 },
      },
      {
        name: 'hidden to root',
        from: 'hidden',
        to: 'root',
        connection: { kind: 'one-to-one', weight: 100 },
        synapse: { signMode: 'excitatory', bits: 8, exponent: -1 },
      },
    ],
    rewards: [{ from: 'reward', coreClass: 'core' }],
  };
  const spikes = p.spikes.map((row, t) => ({
    in: [...new Set(row.map((x) => x % inputs))],
    ...(t % 4 === 1 ? { reward: [0] } : {}),
  }));
  return { network, spikes };
}

export const randomNetworks: fc.Arbitrary<RandomNetwork> = parameters.map(build);

/** The same network with its populations over a number of cores. */
export function overCores({ network, spikes }: RandomNetwork, cores: number): RandomNetwork {
  return {
    network: { ...network, coreClasses: network.coreClasses!.map((coreClass) => ({ ...coreClass, cores })) },
    spikes,
  };
}

/** Everything that a run shows by place in the network, whatever the mapping. */
export function observe(small: SmallMachine, { spikes }: RandomNetwork): unknown {
  for (const population of ['hidden', 'leaf', 'root']) small.watch(population, 'u', 'v', 'spikes');
  small.steps(spikes.length, (step) => spikes[step - 1]!);
  return {
    probes: ['hidden', 'leaf', 'root'].map((population) =>
      (['u', 'v', 'spikes'] as const).map((kind) => small.recorded(population, kind)),
    ),
    weights: ['in to hidden', 'hidden to leaf'].map((projection) => small.weights(projection)),
  };
}
