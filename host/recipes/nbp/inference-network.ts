// The network that answers: the forward part alone, with the trained W1 and W2 as static weights, on four gates.

import { NetworkBuilder } from '../../network/builder.ts';
import type { Network } from '../../network/network.ts';
import { CORE_CLASS, gateName, population } from './populations.ts';
import type { Settings } from './settings.ts';
import { staticProjection } from './synapse-classes.ts';
import { TEST } from './timeline.ts';
import type { Layers, Weights } from './weights.ts';

const GATES = 4;

/** Builds the inference network. */
export function inferenceNetwork(
  layers: Layers,
  settings: Settings,
  { w1, w2 }: Weights,
  seed: number,
): Network {
  const { inputs, hidden, outputs } = layers;
  const net = new NetworkBuilder('nbp inference', seed).coreClass(CORE_CLASS);
  for (const name of ['start', 'inference', 'management']) net.phase(name, 'inference');
  net.port({ name: 'input', size: inputs }).port({ name: 'in_g', size: 1 });
  for (let k = 0; k < GATES; k++) net.population(population(gateName(k), 1, 'gate', settings));
  net
    .population(population('x', inputs, 'plain', settings))
    .population(population('h1', hidden, 'learn', settings))
    .population(population('o', outputs, 'learn', settings));
  const synapse = { signMode: 'mixed', bits: 8, exponent: 0 } as const;
  net
    .project({ name: 'x -> h1', from: 'x', to: 'h1', connection: { kind: 'all', weights: w1 }, synapse })
    .project({ name: 'h1 -> o', from: 'h1', to: 'o', connection: { kind: 'all', weights: w2 }, synapse })
    .project(staticProjection('input', 'x', 'unit'))
    .project(staticProjection('in_g', 'g00', 'chain'));
  for (const [k, to] of ['x', 'h1', 'o'].entries())
    net.project(staticProjection(gateName(k + 1), to, 'gate', 0, 'uniform'));
  for (let k = 0; k < GATES; k++)
    net.project(staticProjection(gateName(k), gateName((k + 1) % GATES), 'chain'));
  return net
    .presentation('prelude', TEST.steps, [{ step: 0, kind: 'phase', phase: 'start' }])
    .presentation('test', TEST.steps, [{ step: 0, kind: 'phase', phase: 'inference' }])
    .build();
}
