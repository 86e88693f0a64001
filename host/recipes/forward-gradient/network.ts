// The network: tuned neurons that fire with the rates that the input gives them, hidden neurons that see those around
// their own place, one output. The last tuned neuron always fires: its weights are biases. Every plastic synapse holds
// its own sign in its tag, drawn by the learning engine's stochastic rounding; one rule serves all epochs:
//
//   t       0 or 1, drawn anew where y1 = 1: -t + ½
//   V       the pattern: +1 where t = 1, -1 where t = 0
//   dw      V × (y2 - y3) / 4: what the host's reward says, to the layer that it goes to

import { NetworkBuilder } from '../../network/builder.ts';
import type { Network, SynapseParameters } from '../../network/network.ts';
import type { FunctionTask } from '../function-recipe.ts';
import { gridSize } from './encoder.ts';
import { HIDDEN, OUTPUT, PRODUCT, TOTAL, TUNED } from './programs.ts';
import type { Settings } from './settings.ts';

/** Rewards count in quarters of a weight unit; a third factor has 7 bits. [HW 4.8] */
export const REWARD_UNITS = 4;
export const REWARD_MAX = 127;

const PLASTIC: SynapseParameters = { signMode: 'mixed', bits: 8, exponent: 0 };
const PLASTIC_IN = { synapse: PLASTIC, rule: 'perturb', port: 'in' } as const;
const SIGNAL: SynapseParameters = { signMode: 'excitatory', bits: 8, exponent: 0 };
const LAYERS = ['hidden', 'output'] as const;
export type Layer = (typeof LAYERS)[number];

/** Steps of a pass: spikes take three steps from the input over both layers, and a product one more. */
export const passSteps = ({ steps }: Settings, { sensors }: FunctionTask): number =>
  steps + (sensors > 0 ? 4 : 3);

/** Products are divided by this power of two. */
const PRODUCT_SHIFT = 5;

/** A sparse connection: the synapses that `weightOf` gives a weight. */
function sparse(from: number, to: number, weightOf: (i: number, j: number) => number | undefined) {
  const rowStart = new Uint32Array(from + 1);
  const targets: number[] = [];
  const weights: number[] = [];
  for (let i = 0; i < from; i++) {
    for (let j = 0; j < to; j++) {
      const weight = weightOf(i, j);
      if (weight === undefined) continue;
      targets.push(j);
      weights.push(weight);
    }
    rowStart[i + 1] = targets.length;
  }
  return {
    kind: 'sparse',
    rowStart,
    targets: Uint32Array.from(targets),
    weights: Int16Array.from(weights),
  } as const;
}

/** Hidden neurons see the tuned neurons that are neighbours of their own on the grid, and the constant one. */
function neighbours({ grid, start }: Settings, size: number, coordinates: number) {
  const place = (i: number, c: number): number => Math.floor(i / grid ** c) % grid;
  return sparse(size + 1, size, (i, j) => {
    if (i === size) return 0;
    for (let c = 0; c < coordinates; c++) if (Math.abs(place(i, c) - place(j, c)) > 1) return undefined;
    return i === j ? start : 0;
  });
}

/**
 * The branch of an operator: sensors to product neurons, one for each hidden neuron. What the branch brings takes the
 * place of an output weight.
 */
function addBranch(net: NetworkBuilder, { steps }: Settings, { sensors }: FunctionTask, size: number): void {
  const channels = 2 * sensors;
  net
    .port({ name: 'sensors', size: channels })
    .port({ name: 'multiply', size: 1 })
    .population({
      name: 'sensed',
      size: channels,
      coreClass: 'hidden',
      program: { text: TUNED, parameters: { steps } },
    })
    .population({
      name: 'product',
      size,
      coreClass: 'output',
      program: { text: PRODUCT, parameters: { shift: PRODUCT_SHIFT } },
    })
    .population({ name: 'output', size: 1, coreClass: 'output', program: { text: TOTAL } })
    .project({
      name: 'sensors',
      from: 'sensors',
      to: 'sensed',
      port: 'in',
      connection: { kind: 'one-to-one', weight: 1 },
      synapse: SIGNAL,
      graded: true,
    })
    .project({
      name: 'W branch',
      from: 'sensed',
      to: 'product',
      connection: { kind: 'all', weights: new Int16Array(channels * size) },
      ...PLASTIC_IN,
    })
    .project({
      name: 'trunk',
      from: 'hidden',
      to: 'product',
      port: 'factor',
      connection: { kind: 'one-to-one', weight: 1 },
      synapse: SIGNAL,
    })
    .project({
      name: 'sum',
      from: 'product',
      to: 'output',
      port: 'in',
      connection: { kind: 'uniform', weight: 1 },
      synapse: SIGNAL,
      graded: true,
    });
}

export function forwardGradientNetwork(settings: Settings, task: FunctionTask): Network {
  const { steps, threshold } = settings;
  const size = gridSize(settings, task);
  const net = new NetworkBuilder('forward-gradient', task.seed);
  for (const name of ['forward', 'learning', 'management']) net.phase(name);
  for (const layer of LAYERS) net.coreClass({ name: layer, learning: false });
  net
    .port({ name: 'input', size: size + 1 })
    .port({ name: 'start', size: 1 })
    .port({ name: 'ask', size: 1 });
  for (const layer of LAYERS)
    net.port({ name: `reward ${layer}`, size: 1 }).port({ name: `draw ${layer}`, size: 1 });
  net
    .population({
      name: 'tuned',
      size: size + 1,
      coreClass: 'hidden',
      program: { text: TUNED, parameters: { steps } },
    })
    .population({
      name: 'hidden',
      size,
      coreClass: 'hidden',
      program: { text: HIDDEN, parameters: { threshold } },
    });
  const isOperator = task.sensors > 0;
  /** Where the weights of each layer end. */
  const learners: Readonly<Record<Layer, string>> = {
    hidden: 'hidden',
    output: isOperator ? 'product' : 'output',
  };
  net.rule(
    'perturb',
    'dw = 2^-1*u0*y2*sgn(t) - 2^-2*u0*y2 - 2^-1*u0*y3*sgn(t) + 2^-2*u0*y3',
    'dt = -1*u0*y1*sgn(t) + 2^-1*u0*y1',
  );
  net
    .project({
      name: 'input',
      from: 'input',
      to: 'tuned',
      port: 'in',
      connection: { kind: 'one-to-one', weight: 1 },
      synapse: SIGNAL,
      graded: true,
    })
    .project({
      name: 'W hidden',
      from: 'tuned',
      to: 'hidden',
      connection: neighbours(settings, size, task.coordinates),
      ...PLASTIC_IN,
    });
  if (isOperator) addBranch(net, settings, task, size);
  else {
    net
      .population({ name: 'output', size: 1, coreClass: 'output', program: { text: OUTPUT } })
      .project({
        name: 'W output',
        from: 'hidden',
        to: 'output',
        connection: { kind: 'all', weights: new Int16Array(size) },
        ...PLASTIC_IN,
      })
      .project({
        name: 'bias output',
        from: 'tuned',
        to: 'output',
        connection: sparse(size + 1, 1, (i) => (i === size ? 0 : undefined)),
        ...PLASTIC_IN,
      });
  }
  const signal = (from: string, to: string, port: string, graded: boolean): void => {
    net.project({
      name: `${from} -> ${to}`,
      from,
      to,
      port,
      connection: { kind: 'uniform', weight: 1 },
      synapse: SIGNAL,
      ...(graded ? { graded } : {}),
    });
  };
  for (const layer of LAYERS) {
    signal(`reward ${layer}`, learners[layer], 'learn', true);
    signal(`draw ${layer}`, learners[layer], 'draw', false);
  }
  const started = isOperator
    ? ['tuned', 'sensed', 'hidden', 'product', 'output']
    : ['tuned', 'hidden', 'output'];
  for (const to of started) signal('start', to, 'start', false);
  if (isOperator) signal('multiply', 'product', 'ask', false);
  signal('ask', 'output', 'ask', false);
  net.presentation('pass', passSteps(settings, task), [{ step: 0, kind: 'phase', phase: 'forward' }]);
  // The spikes of step 0 set the third factors in step 1, at whose end weights and tags change.
  for (const { name, layers } of REWARDS) {
    net.presentation(name, 3, [
      { step: 0, kind: 'phase', phase: 'management' },
      ...layers.map((coreClass) => ({ step: 1, kind: 'learning', coreClass, on: true }) as const),
      ...layers.map((coreClass) => ({ step: 2, kind: 'learning', coreClass, on: false }) as const),
    ]);
  }
  return net.build();
}

/** Presentations in which the weights of layers change. */
const REWARDS: readonly { readonly name: string; readonly layers: readonly Layer[] }[] = [
  { name: 'reward', layers: LAYERS },
  ...LAYERS.map((layer) => ({ name: `reward ${layer}`, layers: [layer] })),
];

/** The presentation that changes the weights of these layers. */
export function rewardOf(layers: readonly Layer[]): string {
  return REWARDS.find((reward) => reward.layers.join() === layers.join())!.name;
}
