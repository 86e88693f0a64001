// Random small networks in which the chip rounds, wraps and saturates nothing: weights are even and scaled up, so that
// they can be halved in every step of a short run; traces are whole, and what a rule adds is on the weights' grid.

import fc from 'fast-check';
import type { Projection } from '../../host/network/network.ts';
import type { SmallNetwork, Spikes } from '../support/small-network.ts';

export interface ExactNetwork {
  readonly network: SmallNetwork;
  /** Port spikes by step, from 1. */
  readonly spikes: readonly Spikes[];
}

/** Two traces under one gate lose two bits, so their products are written four times as large. [HW 4.5] */
const RULES = [
  ['dw = 2*x0*y0 - 2*u0*y0'],
  ['dw = 2*x1*y0 - 2*y1*x0', 'dt = u0*x1 - x0*y0'],
  ['dw = 2*u1*x0*y2 + 2*x0*r1'],
  ['dw = 2*y0*x2 - 2*x0*sgn(w-20)', 'dd = x0 - u2*sgn(d-3)'],
  ['dw = 2^3*x0*x1*y1', 'dt = y0*x1*r0 + x0*y3'],
  ['dw = 2*x0*t', 'dt = y0*x1 - x0*y2'],
];

const byte = fc.nat(255);

const parameters = fc.record({
  seed: fc.nat(2 ** 31),
  rule: fc.constantFrom(...RULES),
  sizes: fc.record({ inputs: fc.integer({ min: 1, max: 9 }), hidden: fc.integer({ min: 5, max: 16 }) }),
  epochSteps: fc.integer({ min: 1, max: 5 }),
  decays: fc.tuple(fc.constantFrom(2047, 4095), fc.constantFrom(0, 2048)),
  threshold: fc.integer({ min: 20, max: 600 }),
  refractory: fc.integer({ min: 1, max: 4 }),
  noiseExponent: fc.integer({ min: 7, max: 13 }),
  weights: fc.array(byte, { minLength: 64, maxLength: 64 }),
  delays: fc.array(fc.nat(13), { minLength: 64, maxLength: 64 }),
  signMode: fc.constantFrom('mixed', 'excitatory'),
  tau: fc.constantFrom(0, Infinity),
  join: fc.constantFrom('add', 'or', 'and', 'pass'),
  push: fc.constantFrom('v', 'u'),
  thresholdOp: fc.constantFrom('spike', 'pass', 'saturate'),
  spikes: fc.array(fc.array(byte, { maxLength: 6 }), { minLength: 6, maxLength: 8 }),
});

type Parameters = typeof parameters extends fc.Arbitrary<infer T> ? T : never;

function build(p: Parameters): ExactNetwork {
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
      // Far from the ends of the grid, and even.
      weights: Int16Array.from(cycle(p.weights, rows * columns), (w) =>
        p.signMode === 'mixed' ? 2 * Math.floor((w - 128) / 8) : 20 + 2 * Math.floor(w / 16),
      ),
    },
    synapse: {
      signMode: p.signMode,
      bits: 8,
      exponent: 3,
      delay: Uint8Array.from(cycle(p.delays, rows * columns)),
    },
    rule: 'rule',
    preTraces: { x1: trace(1), x2: trace(2) },
  });
  const compartment = {
    decayU: p.decays[0],
    decayV: p.decays[1],
    threshold: p.threshold,
    refractory: p.refractory,
  };
  const postTraces = { y1: trace(1), y2: trace(2), y3: trace(3) };
  const network: SmallNetwork = {
    seed: p.seed,
    coreClasses: [
      {
        name: 'core',
        epochSteps: p.epochSteps,
        reward: trace(2),
        noise: {
          exponent: p.noiseExponent,
          mantissaOffset: 1,
          target: p.seed % 2 === 0 ? 'dendrite' : 'membrane',
        },
      },
    ],
    ports: [
      { name: 'in', size: inputs },
      { name: 'reward', size: 1 },
    ],
    rules: { rule: p.rule },
    populations: [
      {
        name: 'noisy',
        size: hidden,
        compartment: { ...compartment, decayU: 4095, decayV: 0, noise: true },
        postTraces,
      },
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
        compartment: { ...compartment, bias: { mantissa: 2048, exponent: 3 } },
        join: { operation: p.join, children: ['leaf'], push: p.push },
      },
    ],
    projections: [
      matrix('in to noisy', 'in', 'noisy', inputs, hidden),
      matrix('noisy to leaf', 'noisy', 'leaf', hidden, hidden),
      {
        name: 'root to noisy',
        from: 'root',
        to: 'noisy',
        connection: { kind: 'uniform', weight: 16 },
        synapse: { signMode: 'mixed', bits: 5, exponent: 4, delay: 3 },
      },
      {
        name: 'noisy to root',
        from: 'noisy',
        to: 'root',
        connection: { kind: 'one-to-one', weight: 100 },
        synapse: { signMode: 'excitatory', bits: 8, exponent: 4 },
      },
    ],
    rewards: [{ from: 'reward', coreClass: 'core' }],
  };
  const spikes = p.spikes.map((step) => ({
    in: [...new Set(step.map((n) => n % inputs))],
    reward: step.length === 3 ? [0] : [],
  }));
  return { network, spikes };
}

export const exactNetworks: fc.Arbitrary<ExactNetwork> = parameters.map(build);
