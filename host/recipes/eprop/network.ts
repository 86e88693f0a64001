// The network: spikes of the task to adaptive neurons that are all connected with each other, two leaky readouts, and
// errors that come back over fixed random weights. All learning is in the microcode:
//
//   t       Σ x1·y1, fades within seconds: how far a weight has raised the neuron's threshold by now
//   dw      error × derivative × (x1 - t/4): what the weight did just now, less what it did to the threshold before

import { NetworkBuilder } from '../../network/builder.ts';
import type { Network } from '../../network/network.ts';
import { addAnswer, addHalvings } from '../common/asked-network.ts';
import { uniformWeights } from '../common/random-weights.ts';
import { learningAt, phaseAt, resetAt, ruleAt } from '../common/schedule.ts';
import { PLASTIC } from '../common/signed-rule.ts';
import type { Task } from '../recipe.ts';
import { ADAPTIVE, READOUT } from './programs.ts';
import type { Settings } from './settings.ts';

/** Time constants in ms. */
const MEMBRANE = 20;
const ADAPTATION = 2000;
const READ = 20;

/** Changes of hidden weights by error × derivative: y2 raises, y3 lowers. */
function hiddenRule(k: number): string {
  const errors = (sign: '+' | '-', y: string): string =>
    `${sign} 2^-${k}*u2*x1*${y} ${sign === '+' ? '-' : '+'} 2^-${k}*u2*t*${y}`;
  return `dw = ${errors('+', 'y2').slice(2)} ${errors('-', 'y3')}`;
}

const outputRule = (k: number): string => `dw = 2^-${k}*u2*x1*y2 - 2^-${k}*u2*x1*y3`;

export interface Steps {
  readonly recall: number;
  readonly all: number;
}

export function stepsOf({ stepMs, recallMs }: Settings, { width }: Task): Steps {
  return { recall: Math.floor(recallMs / stepMs), all: Math.ceil(width / stepMs) };
}

/** Share of 4096 that is left after a step. */
const kept = (tau: number, { stepMs }: Settings): number => Math.round(4096 * Math.exp(-stepMs / tau));

export function epropNetwork(settings: Settings, task: Task): Network {
  const { neurons, hiddenStep, outputStep, rateDrops, threshold, adaptation } = settings;
  const net = new NetworkBuilder('eprop', task.seed);
  for (const name of ['forward', 'learning', 'management']) net.phase(name);
  net.coreClass({ name: 'hidden' }).coreClass({ name: 'output' });
  net
    .port({ name: 'input', size: task.height })
    .port({ name: 'label', size: task.classes })
    .port({ name: 'ask', size: 1 })
    .population({
      name: 'hidden',
      size: neurons,
      coreClass: 'hidden',
      program: {
        text: ADAPTIVE,
        parameters: {
          threshold: threshold * 64,
          jump: adaptation * 64,
          keepV: kept(MEMBRANE, settings),
          keepA: kept(ADAPTATION, settings),
          shift: settings.learnShift,
          slope: Math.round((15 * 2 ** 20) / (threshold * 64)),
        },
      },
    })
    .population({
      name: 'output',
      size: task.classes,
      coreClass: 'output',
      program: {
        text: READOUT,
        parameters: { keep: kept(READ, settings), target: settings.target, shift: settings.errorShift },
      },
    });
  net
    .rule('hidden', 'dt = -2^-7*u2*t + 2^-1*u2*x1*y1', hiddenRule(hiddenStep))
    .rule('output', outputRule(outputStep));
  const x1 = { impulse: 16, tau: MEMBRANE / settings.stepMs };
  const all = (matrix: number, from: number, to: number, range: number) =>
    ({ kind: 'all', weights: uniformWeights(task, matrix, from * to, range >> 1) }) as const;
  const hidden = { to: 'hidden', port: 'in', synapse: PLASTIC, rule: 'hidden', preTraces: { x1 } };
  net
    .project({
      name: 'W in',
      from: 'input',
      connection: all(1, task.height, neurons, settings.inputRange),
      ...hidden,
    })
    .project({
      name: 'W rec',
      from: 'hidden',
      connection: all(2, neurons, neurons, settings.recurrentRange),
      ...hidden,
    })
    .project({
      name: 'W out',
      from: 'hidden',
      to: 'output',
      port: 'in',
      connection: all(3, neurons, task.classes, 4),
      synapse: PLASTIC,
      rule: 'output',
      preTraces: { x1 },
    })
    .project({
      name: 'B',
      from: 'output',
      to: 'hidden',
      port: 'learn',
      connection: all(4, task.classes, neurons, settings.feedbackRange),
      synapse: PLASTIC,
      graded: true,
    })
    .project({
      name: 'own label',
      from: 'label',
      to: 'output',
      port: 'label',
      connection: { kind: 'one-to-one', weight: 2 },
      synapse: PLASTIC,
    })
    .project({
      name: 'any label',
      from: 'label',
      to: 'output',
      port: 'label',
      connection: { kind: 'uniform', weight: 2 },
      synapse: PLASTIC,
    })
    .project({
      name: 'ask',
      from: 'ask',
      to: 'output',
      port: 'ask',
      connection: { kind: 'uniform', weight: 2 },
      synapse: PLASTIC,
    });
  addAnswer(net, 'output', 'output', task.classes);
  const { all: steps } = stepsOf(settings, task);
  const reset = ['hidden', 'output', 'answer'].map((population) => resetAt(0, population));
  const forget = ruleAt(0, 'hidden', 'dt = -1*u2*t + 2^-1*u2*x1*y1');
  const remember = ruleAt(4, 'hidden', 'dt = -2^-7*u2*t + 2^-1*u2*x1*y1');
  net
    .presentation('train', steps, [phaseAt(0, 'forward'), ...reset, forget, remember])
    .presentation('test', steps, reset)
    .presentation('deploy', 1, [learningAt(0, 'hidden', false), learningAt(0, 'output', false)]);
  addHalvings(net, 1, rateDrops.length, (halvings) => [
    ['hidden', hiddenRule(hiddenStep + halvings)],
    ['output', outputRule(outputStep + halvings)],
  ]);
  return net.build();
}
