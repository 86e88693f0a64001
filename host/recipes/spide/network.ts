// The network: inputs, N neurons that drive each other until their rates settle, outputs, and an error neuron beside each.
//
// soma     W ends here, from the inputs, and F, from the somas; its error is its y2 - y3
// output   O ends here; its error is its y2 - y3
// error    O and F, transposed, end here: at the start the same weights, from then on copies that learn from the same spikes
//          and errors

import type { NetworkBuilder } from '../../network/builder.ts';
import type { Network, SynapseParameters } from '../../network/network.ts';
import { addAnswer, addHalvings, addTest, askedNetwork } from '../common/asked-network.ts';
import { uniformWeights } from '../common/random-weights.ts';
import { learningAt, phaseAt } from '../common/schedule.ts';
import { PLASTIC, signedRule } from '../common/signed-rule.ts';
import { transposed } from '../common/transposed.ts';
import type { Task } from '../recipe.ts';
import { errorProgram, outputProgram, somaProgram, UNIT_PLACES } from './programs.ts';
import type { Settings } from './settings.ts';
import { type Timeline, timeline } from './timeline.ts';

const SIGNAL: SynapseParameters = { signMode: 'excitatory', bits: 8, exponent: 0 };
/** The third factor of an error: with it and a trace an engine gives just the trace, two bits being lost. [HW 4.5] */
const ERROR = 4;

/** What changes the weights of a rule, halved so many times: x0 says that an axon spiked in the epoch. */
function rulesOf({ inputStep, recurrentStep, outputStep }: Settings, halvings: number): [string, string][] {
  const byTrace = (places: number): string => signedRule(places + halvings).replaceAll('x0', 'x1');
  return [
    ['input', signedRule(inputStep + halvings)],
    ['recurrent', byTrace(recurrentStep)],
    ['output', byTrace(outputStep)],
    ['copy of recurrent', signedRule(recurrentStep + halvings)],
    ['copy of output', signedRule(outputStep + halvings)],
  ];
}

class Spide {
  readonly #settings: Settings;
  readonly #task: Task;
  readonly #t: Timeline;
  readonly #net: NetworkBuilder;

  constructor(settings: Settings, task: Task) {
    this.#settings = settings;
    this.#task = task;
    this.#t = timeline(settings);
    this.#net = askedNetwork('spide', task);
  }

  build(): Network {
    const { steps } = this.#t;
    this.#net
      .coreClass({ name: 'neurons', epochSteps: steps })
      .coreClass({ name: 'output', epochSteps: steps })
      .coreClass({ name: 'errors', learning: false });
    for (const [name, line] of rulesOf(this.#settings, 0)) this.#net.rule(name, line);
    this.#populations();
    this.#plastic();
    this.#signals();
    this.#presentations();
    return this.#net.build();
  }

  #populations(): void {
    const { neurons, errorHigh, errorLow, errorPlaces, errorGain, sumPlaces } = this.#settings;
    const { traceImpulse, traceSteps } = this.#settings;
    const { classes } = this.#task;
    const { settled, error, learn, steps } = this.#t;
    const threshold = 2 * this.#settings.threshold;
    const waits = Array.from({ length: settled }, (_, i) =>
      Math.round(traceSteps * Math.log(settled / (i + 1))),
    );
    this.#net
      .population({
        name: 'soma',
        size: neurons,
        coreClass: 'neurons',
        program: {
          text: somaProgram(waits),
          parameters: { threshold, settled, more: learn + 1, last: steps - 1, flag: ERROR },
        },
      })
      .population({
        name: 'output',
        size: classes,
        coreClass: 'output',
        program: {
          text: outputProgram(errorPlaces),
          parameters: { high: 2 * errorHigh, low: 2 * errorLow, error, learn, flag: ERROR },
        },
      })
      .population({
        name: 'error',
        size: neurons,
        coreClass: 'errors',
        program: {
          text: errorProgram(sumPlaces),
          parameters: {
            threshold,
            gain: errorGain,
            unit: Math.round((traceImpulse / settled) * 2 ** UNIT_PLACES),
            settled,
            start: error + 1,
            learn,
          },
        },
      });
  }

  #plastic(): void {
    const { neurons, inputInit, recurrentInit, outputInit, recurrentLimit } = this.#settings;
    const { traceImpulse: impulse, traceSteps: tau } = this.#settings;
    const { height, width, classes } = this.#task;
    const all = (weights: Int16Array) => ({ kind: 'all', weights }) as const;
    const w = uniformWeights(this.#task, 0, (height * width + 1) * neurons, inputInit);
    const f = uniformWeights(this.#task, 1, neurons * neurons, recurrentInit);
    const o = uniformWeights(this.#task, 2, neurons * classes, outputInit);
    const recurrent = { ...PLASTIC, weightLimit: 2 * recurrentLimit };
    const preTraces = { x1: { impulse, tau } };
    this.#net
      .project({
        name: 'W',
        from: 'image',
        to: 'soma',
        port: 'in',
        connection: all(w),
        synapse: PLASTIC,
        rule: 'input',
      })
      .project({
        name: 'F',
        from: 'soma',
        to: 'soma',
        port: 'back',
        connection: all(f),
        synapse: recurrent,
        rule: 'recurrent',
        preTraces,
      })
      .project({
        name: 'O',
        from: 'soma',
        to: 'output',
        port: 'in',
        connection: all(o),
        synapse: PLASTIC,
        rule: 'output',
        preTraces,
      })
      .project({
        name: 'copy of F',
        from: 'error',
        to: 'error',
        port: 'in',
        connection: all(transposed(f, neurons, neurons)),
        synapse: recurrent,
        rule: 'copy of recurrent',
      })
      .project({
        name: 'copy of O',
        from: 'output',
        to: 'error',
        port: 'error',
        connection: all(transposed(o, neurons, classes)),
        synapse: PLASTIC,
        rule: 'copy of output',
      });
  }

  #signal(from: string, to: string, port: string, kind: 'uniform' | 'one-to-one'): void {
    this.#net.project({
      name: `${from} to ${port} of ${to}${kind === 'uniform' ? '' : ', its own'}`,
      from,
      to,
      port,
      connection: { kind, weight: 1 },
      synapse: SIGNAL,
    });
  }

  #signals(): void {
    for (const to of ['soma', 'output', 'error']) this.#signal('start', to, 'go', 'uniform');
    this.#signal('soma', 'error', 'fired', 'one-to-one');
    this.#signal('error', 'soma', 'teach', 'one-to-one');
    this.#signal('label', 'output', 'label', 'uniform');
    this.#signal('label', 'output', 'label', 'one-to-one');
    this.#signal('ask', 'output', 'ask', 'uniform');
    addAnswer(this.#net, 'output', 'output', this.#task.classes);
  }

  #presentations(): void {
    const { rateDrops } = this.#settings;
    const { error, learn, steps, testSteps } = this.#t;
    this.#net.presentation('train', steps, [
      phaseAt(0, 'forward'),
      phaseAt(error, 'error'),
      // Copies learn in the two steps in which errors are sent for them.
      learningAt(learn, 'errors', true),
      learningAt(learn + 2, 'errors', false),
    ]);
    addTest(this.#net, testSteps, ['neurons', 'output']);
    addHalvings(this.#net, steps, rateDrops.length, (halvings) => rulesOf(this.#settings, halvings));
  }
}

/** Builds the network for a task. */
export function spideNetwork(settings: Settings, task: Task): Network {
  return new Spide(settings, task).build();
}
