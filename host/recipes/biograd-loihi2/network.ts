// The network: 784-H-10 whose neurons run programs. Hidden neurons send binary spikes, outputs their errors as payload.
//
// soma     W1 ends here; the error of its apical neuron is its y2 - y3
// output   W2 ends here; its own error is its y2 - y3, and the payload of its spike
// apical   one beside each soma, on cores of their own: B ends here, a copy of W2 that learns from the same events

import { CounterHash, Stream } from '../../data/counter-hash.ts';
import { NetworkBuilder } from '../../network/builder.ts';
import type { Network, ScheduleEntry, SynapseParameters } from '../../network/network.ts';
import type { Task } from '../recipe.ts';
import { APICAL, OUTPUT, SOMA } from './programs.ts';
import type { Settings } from './settings.ts';

const PLASTIC: SynapseParameters = { signMode: 'mixed', bits: 8, exponent: 0 };
const SIGNAL: SynapseParameters = { signMode: 'excitatory', bits: 8, exponent: 0 };
/** The outputs take turns with their errors, two steps each: a learning epoch of the feedback weights. */
const TURN = 2;
/** From the spike of an output to its apical neurons, on to the somas, and the end of the learning epoch. */
const RETURN = 3;

/** Steps of a training sample, which is the learning epoch of the forward weights. */
export function trainingSteps({ forwardSteps }: Settings, { classes }: Task): number {
  return forwardSteps + TURN * classes + RETURN;
}

/** Steps of a test sample: forward, the spike that carries the sum, and its arrival. */
export const testSteps = ({ forwardSteps }: Settings): number => forwardSteps + 3;

/** The step in which a spike that asks the outputs for their sums is injected. */
export const askStep = ({ forwardSteps }: Settings): number => forwardSteps;

/** The presentation that halves the steps for the `halvings`-th time. */
export const slowerBy = (halvings: number): string => `slower by 2^${halvings}`;

const hiddenRule = (places: number): string => `dw = 2^-${places}*u0*x0*y2 - 2^-${places}*u0*x0*y3`;

/** Never less than a level: below it steps would be rounded at random, and copies would part. */
function levelRule(step: number): string {
  const exponent = Math.max(0, step) + 1;
  return `dw = 2^${exponent}*u0*x0*y2 - 2^${exponent}*u0*x0*y3`;
}

/** Weights uniform in ± levels, as mantissas. */
function uniformWeights(task: Task, matrix: number, count: number, levels: number): Int16Array {
  const random = new CounterHash(task.seed, Stream.initialWeight, matrix);
  return Int16Array.from({ length: count }, () => 2 * (random.below(2 * levels + 1) - levels));
}

function addPopulations(net: NetworkBuilder, settings: Settings, { classes }: Task): void {
  const { hidden, forwardSteps } = settings;
  net
    .population({
      name: 'soma',
      size: hidden,
      coreClass: 'hidden',
      program: {
        text: SOMA,
        parameters: { threshold: 2 * settings.hiddenThreshold, forward: forwardSteps },
      },
    })
    .population({
      name: 'output',
      size: classes,
      coreClass: 'output',
      program: {
        text: OUTPUT,
        parameters: {
          high: 2 * settings.errorHigh,
          low: 2 * settings.errorLow,
          shift: settings.errorShift,
          most: settings.errorMost,
          forward: forwardSteps,
        },
      },
    })
    .population({
      name: 'apical',
      size: hidden,
      coreClass: 'feedback',
      program: {
        text: APICAL,
        parameters: {
          shift: settings.feedbackShift,
          most: settings.hiddenMost,
          last: forwardSteps + TURN * classes,
        },
      },
    })
    .population({
      name: 'answer',
      size: classes,
      coreClass: 'output',
      compartment: { decayU: 4095, decayV: 4095, threshold: 131_071 },
    });
}

function addPlastic(net: NetworkBuilder, settings: Settings, task: Task): void {
  const { hidden, hiddenInit, outputInit, feedbackInit, hiddenStep, outputStep } = settings;
  const inputs = task.height * task.width + 1;
  net
    .rule('hidden', hiddenRule(hiddenStep))
    .rule('output', levelRule(outputStep))
    .rule('feedback', levelRule(outputStep));
  const matrix = (
    name: string,
    [from, to]: readonly [string, string],
    [rows, columns]: readonly [number, number],
    [stream, levels]: readonly [number, number],
    rule: string,
  ): void => {
    const weights = uniformWeights(task, stream, rows * columns, levels);
    net.project({ name, from, to, port: 'in', connection: { kind: 'all', weights }, synapse: PLASTIC, rule });
  };
  matrix('W1', ['image', 'soma'], [inputs, hidden], [0, hiddenInit], 'hidden');
  matrix('W2', ['soma', 'output'], [hidden, task.classes], [1, outputInit], 'output');
  matrix('B', ['output', 'apical'], [task.classes, hidden], [2, feedbackInit], 'feedback');
}

function addSignals(net: NetworkBuilder): void {
  const signal = (
    name: string,
    [from, to, port]: readonly [string, string, string],
    kind: 'uniform' | 'one-to-one',
    weight = 1,
    graded = false,
  ): void => {
    net.project({ name, from, to, port, connection: { kind, weight }, synapse: SIGNAL, graded });
  };
  for (const to of ['soma', 'output', 'apical']) signal(`go ${to}`, ['start', to, 'go'], 'uniform');
  signal('a label', ['label', 'output', 'label'], 'uniform');
  signal('own label', ['label', 'output', 'label'], 'one-to-one', 2);
  signal('ask', ['ask', 'output', 'ask'], 'uniform');
  signal('fired', ['soma', 'apical', 'fired'], 'one-to-one');
  signal('error', ['output', 'apical', 'error'], 'uniform', 1, true);
  signal('hidden error', ['apical', 'soma', 'back'], 'one-to-one', 1, true);
  net.project({
    name: 'read',
    from: 'output',
    to: 'answer',
    connection: { kind: 'one-to-one', weight: 1 },
    synapse: SIGNAL,
    graded: true,
  });
}

function addPresentations(net: NetworkBuilder, settings: Settings, task: Task): void {
  const { forwardSteps, rateDrops, hiddenStep, outputStep } = settings;
  const steps = trainingSteps(settings, task);
  net.presentation('train', steps, [
    { step: 0, kind: 'phase', phase: 'forward' },
    { step: forwardSteps + 1, kind: 'phase', phase: 'error' },
  ]);
  net.presentation('deploy', 1, [
    { step: 0, kind: 'phase', phase: 'inference' },
    ...['hidden', 'output', 'feedback'].map(
      (coreClass) => ({ step: 0, kind: 'learning', coreClass, on: false }) as const,
    ),
  ]);
  net.presentation('test', testSteps(settings), [{ step: 0, kind: 'phase', phase: 'inference' }]);
  for (let halvings = 1; halvings <= rateDrops.length; halvings++) {
    const line = (rule: string, text: string): ScheduleEntry => ({ step: 0, kind: 'rule', rule, line: text });
    net.presentation(slowerBy(halvings), steps, [
      { step: 0, kind: 'phase', phase: 'management' },
      line('hidden', hiddenRule(hiddenStep + halvings)),
      line('output', levelRule(outputStep - halvings)),
      line('feedback', levelRule(outputStep - halvings)),
    ]);
  }
}

/** Builds the network for a task. */
export function bioGradLoihi2Network(settings: Settings, task: Task): Network {
  const net = new NetworkBuilder('biograd-loihi2', task.seed);
  for (const name of ['forward', 'error', 'learning', 'management']) net.phase(name);
  net.phase('inference');
  const { hiddenCores } = settings;
  const epochSteps = trainingSteps(settings, task);
  net
    .coreClass({ name: 'hidden', epochSteps, ...(hiddenCores === 0 ? {} : { cores: hiddenCores }) })
    .coreClass({ name: 'output', epochSteps })
    .coreClass({ name: 'feedback', epochSteps: TURN });
  net
    .port({ name: 'image', size: task.height * task.width + 1 }) // the last one is always on
    .port({ name: 'label', size: task.classes })
    .port({ name: 'start', size: 1 })
    .port({ name: 'ask', size: 1 });
  addPopulations(net, settings, task);
  addPlastic(net, settings, task);
  addSignals(net);
  addPresentations(net, settings, task);
  return net.build();
}
