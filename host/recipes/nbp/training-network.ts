// The network that learns. Phases of a sample, p = 0 to 11; X image, H hidden spikes, D+ and D- output errors:
//
//   1 x = X              5 h1 = h1T = H, o = D+, oT- = D-: W2 learns        9 the same with D+ and D- exchanged
//   2 h1, two copies     6 h1T = (e > 0), m_x6 = X, c_h1 = derivative      10 h1T = (e < 0)
//   3 o, two copies      7 x = X, h1 = (e > 0 where derivative): W1 learns  11 the same with e < 0
//   4 d+, d-             8 hidden groups blocked
//
// The copies fire at other levels of the same sum: h1 and o above 512, _copy above 0, _copy2 above 1,024.

import { NetworkBuilder } from '../../network/builder.ts';
import type { Network, Projection } from '../../network/network.ts';
import { CORE_CLASS, gateName, population } from './populations.ts';
import type { Settings } from './settings.ts';
import { type SynapseClassName, staticProjection } from './synapse-classes.ts';
import { TRAIN } from './timeline.ts';
import { type Layers, transposed, type Weights } from './weights.ts';

/** The eight plastic matrices. */
export const MATRICES = {
  W1: ['x -> h1', 'x -> h1_copy', 'x -> h1_copy2'],
  W2: ['h1 -> o', 'h1 -> o_copy', 'h1 -> o_copy2'],
  W2T: 'o -> h1T',
  minusW2T: 'oT- -> h1T',
} as const;

const RULE = 'dw = 4*y0*x0*r1 - 2*y0*x0';

type OneToOne = readonly [from: string, to: string, name: SynapseClassName, delay: number];

const HIDDEN = ['h1', 'h1_copy', 'h1_copy2'];
const OUTPUT = ['o', 'o_copy', 'o_copy2'];

const each = (
  from: readonly string[],
  to: readonly string[],
  name: SynapseClassName,
  delay: number,
): OneToOne[] => from.flatMap((source) => to.map((target) => [source, target, name, delay] as const));

const ONE_TO_ONE: readonly OneToOne[] = [
  ...each(['input'], ['x'], 'unit', 0),
  ...each(['in_tgt'], ['t'], 'unit', 0),
  ...each(['in_g'], ['g00'], 'chain', 0),
  ...each(['x'], ['m_x6'], 'unit', 4),
  ...each(['m_x6'], ['x'], 'unit', 0),
  ...each(['m_x6'], ['x'], 'unit', 4),
  ...each(['h1'], ['m_h1'], 'unit', 0),
  ...each(['m_h1'], ['h1', 'h1T'], 'unit', 1),
  ...each(['m_h1'], ['h1', 'h1T'], 'unit', 5),
  ...each(['h1_copy'], ['c_h1'], 'unit', 3),
  ...each(['h1_copy2'], ['c_h1'], 'unit-', 3),
  ...each(['c_h1'], HIDDEN, 'gate', 0),
  ...each(['c_h1'], HIDDEN, 'gate', 4),
  ...each(['h1T'], HIDDEN, 'unit', 0),
  ...each(['o_copy'], ['d-', 'd+'], 'gate', 0),
  ...each(['o_copy2'], ['d-'], 'unit-', 0),
  ...each(['o'], ['d-'], 'unit', 0),
  ...each(['t'], ['d-'], 'unit-', 0),
  ...each(['t'], ['d+'], 'unit', 0),
  ...each(['o'], ['d+'], 'unit-', 0),
  ...each(['d+'], OUTPUT, 'unit', 0),
  ...each(['d-'], ['oT-'], 'unit', 0),
  ...each(['d-'], OUTPUT, 'unit', 4),
  ...each(['d+'], ['oT-'], 'unit', 4),
];

const GATES = 12;
const BOTH_ERRORS = { gate: ['h1', 'h1T', 'oT-', ...OUTPUT] };
const ERROR_SIGN = { gate: ['h1T'], half: ['h1T'], block: OUTPUT };

/** What each gate opens or blocks in its phase. */
const GATE_TARGETS: readonly { readonly [Name in SynapseClassName]?: readonly string[] }[] = [
  { block: OUTPUT },
  { gate: ['x'] },
  { gate: ['h1', 'h1_copy'], half: ['h1_copy'], hold: ['h1_copy2'] },
  { gate: ['m_h1', 'o', 'o_copy', 't'], half: ['o_copy'], hold: ['o_copy2'] },
  { block: ['h1T', 'oT-'] },
  BOTH_ERRORS,
  { ...ERROR_SIGN, gate: ['m_x6', 'c_h1', 'h1T'] },
  { gate: ['x'] },
  { block: HIDDEN },
  BOTH_ERRORS,
  ERROR_SIGN,
  { gate: ['x'] },
];

function gateProjections(): Projection[] {
  const opening = GATE_TARGETS.flatMap((targets, k) =>
    Object.entries(targets).flatMap(([name, populations]) =>
      populations.map((to) => staticProjection(gateName(k), to, name as SynapseClassName, 0, 'uniform')),
    ),
  );
  const chain = Array.from({ length: GATES }, (_, k) =>
    staticProjection(gateName(k), gateName((k + 1) % GATES), 'chain'),
  );
  return [...opening, ...chain];
}

function plasticProjections({ hidden, outputs }: Layers, { w1, w2 }: Weights): Projection[] {
  const matrix = (name: string, weights: Int16Array): Projection => {
    const [from, to] = name.split(' -> ') as [string, string];
    const synapse = { signMode: 'mixed', bits: 8, exponent: 0 } as const;
    return { name, from, to, connection: { kind: 'all', weights }, synapse, rule: 'coincidence' };
  };
  return [
    ...MATRICES.W1.map((name) => matrix(name, w1)),
    ...MATRICES.W2.map((name) => matrix(name, w2)),
    matrix(MATRICES.W2T, transposed(w2, hidden, outputs, 1)),
    matrix(MATRICES.minusW2T, transposed(w2, hidden, outputs, -1)),
  ];
}

/** Builds the training network. */
export function trainingNetwork(layers: Layers, settings: Settings, weights: Weights, seed: number): Network {
  const { inputs, hidden, outputs } = layers;
  const net = new NetworkBuilder('nbp', seed).coreClass(CORE_CLASS);
  for (const name of ['start', 'forward', 'error', 'potentiation', 'depression', 'learning', 'management'])
    net.phase(name);
  net
    .port({ name: 'input', size: inputs })
    .port({ name: 'in_tgt', size: outputs })
    .port({ name: 'in_g', size: 1 })
    .port({ name: 'reward', size: 1 });
  const plain = (name: string, size: number) => net.population(population(name, size, 'plain', settings));
  const learn = (name: string, size: number, deadSteps?: number) =>
    net.population(population(name, size, 'learn', settings, deadSteps));
  plain('m_x6', inputs);
  for (const name of ['m_h1', 'c_h1']) plain(name, hidden);
  for (const name of ['t', 'd-', 'd+']) plain(name, outputs);
  learn('h1T', hidden, 0); // fires in phases 5 and 6, and 9 and 10
  learn('oT-', outputs);
  for (let k = 0; k < GATES; k++) net.population(population(gateName(k), 1, 'gate', settings));
  plain('x', inputs);
  for (const name of HIDDEN) learn(name, hidden);
  for (const name of OUTPUT) learn(name, outputs);
  net.rule('coincidence', RULE);
  const projections = [
    ...plasticProjections(layers, weights),
    ...ONE_TO_ONE.map((item) => staticProjection(...item)),
    ...gateProjections(),
  ];
  for (const projection of projections) net.project(projection);
  return net
    .reward({ from: 'reward', coreClass: CORE_CLASS.name })
    .presentation('prelude', TRAIN.steps, [{ step: 0, kind: 'phase', phase: 'start' }])
    .presentation('train', TRAIN.steps, [
      { step: 0, kind: 'phase', phase: 'forward' },
      { step: TRAIN.error, kind: 'phase', phase: 'error' },
      { step: TRAIN.outputReward, kind: 'phase', phase: 'potentiation' },
      { step: TRAIN.outputDepression, kind: 'phase', phase: 'depression' },
    ])
    .build();
}
