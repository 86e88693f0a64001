// The network: predictions of H values from the image, the values, and outputs whose values the label clamps.
//
// prediction  W1 ends here, and y2 - y3 is the error that its value tells at rest
// value       one beside each prediction. B ends here, a copy of W2, transposed, that learns by the same rule at the same events
// output      sums what it hears of the rates of the values; W2 ends here, and y2 - y3 is its own error

import type { NetworkBuilder } from '../../network/builder.ts';
import type { Connection, Network, SynapseParameters } from '../../network/network.ts';
import { addAnswer, addHalvings, addTest, askedNetwork } from '../common/asked-network.ts';
import { uniformWeights } from '../common/random-weights.ts';
import { learningAt, phaseAt } from '../common/schedule.ts';
import { PLASTIC, signedRule } from '../common/signed-rule.ts';
import { transposed } from '../common/transposed.ts';
import type { Task } from '../recipe.ts';
import { outputProgram, PREDICTION, valueProgram } from './programs.ts';
import type { Settings } from './settings.ts';
import { type Timeline, timeline } from './timeline.ts';

const UNIT: SynapseParameters = { signMode: 'excitatory', bits: 8, exponent: 0 };
const UNIFORM = { kind: 'uniform', weight: 1 } as const;
const ONE_TO_ONE = { kind: 'one-to-one', weight: 1 } as const;

class PredictiveCoding {
  readonly #settings: Settings;
  readonly #task: Task;
  readonly #t: Timeline;
  readonly #net: NetworkBuilder;

  constructor(settings: Settings, task: Task) {
    this.#settings = settings;
    this.#task = task;
    this.#t = timeline(settings);
    this.#net = askedNetwork('pc', task);
  }

  build(): Network {
    this.#net
      .coreClass({ name: 'prediction', epochSteps: this.#t.steps })
      .coreClass({ name: 'value', learning: false })
      .coreClass({ name: 'output', learning: false });
    this.#populations();
    this.#plastic();
    this.#signals();
    addAnswer(this.#net, 'output', 'output', this.#task.classes);
    this.#presentations();
    return this.#net.build();
  }

  /** Programs count from the step after the first: it is then that they hear of the start. */
  #populations(): void {
    const settings = this.#settings;
    const { hidden, rateStep, feedbackGain, errorHigh, errorLow } = settings;
    const { predict, judge, tell, learn } = this.#t;
    this.#net
      .population({
        name: 'prediction',
        size: hidden,
        coreClass: 'prediction',
        program: { text: PREDICTION, parameters: { last: predict - 1, told: tell } },
      })
      .population({
        name: 'value',
        size: hidden,
        coreClass: 'value',
        program: {
          text: valueProgram(settings),
          parameters: {
            relax: judge,
            tell: tell - 1,
            learn: learn - 1,
            quantum: 2 * rateStep,
            gain: feedbackGain,
          },
        },
      })
      .population({
        name: 'output',
        size: this.#task.classes,
        coreClass: 'output',
        program: {
          text: outputProgram(settings),
          parameters: { judge: judge - 1, learn: learn - 1, high: 2 * errorHigh, low: 2 * errorLow },
        },
      });
  }

  #plastic(): void {
    const { hidden, hiddenInit, outputInit, hiddenStep, outputStep } = this.#settings;
    const { height, width, classes } = this.#task;
    const outer = uniformWeights(this.#task, 1, hidden * classes, outputInit);
    const all = (weights: Int16Array) => ({ kind: 'all', weights }) as const;
    const common = { port: 'in', synapse: PLASTIC } as const;
    this.#net
      .rule('hidden', signedRule(hiddenStep))
      .rule('output', signedRule(outputStep))
      .project({
        ...common,
        name: 'W1',
        from: 'image',
        to: 'prediction',
        connection: all(uniformWeights(this.#task, 0, (height * width + 1) * hidden, hiddenInit)),
        rule: 'hidden',
      })
      .project({ ...common, name: 'W2', from: 'value', to: 'output', connection: all(outer), rule: 'output' })
      .project({
        ...common,
        name: 'B',
        from: 'output',
        to: 'value',
        connection: all(transposed(outer, hidden, classes)),
        rule: 'output',
      });
  }

  #signals(): void {
    const signal = (
      name: string,
      [from, to, port]: readonly [string, string, string],
      connection: Connection,
      graded = false,
    ): void => {
      this.#net.project({ name, from, to, port, connection, synapse: UNIT, graded });
    };
    for (const to of ['prediction', 'value', 'output'])
      signal(`start ${to}`, ['start', to, 'start'], UNIFORM);
    signal('predict', ['prediction', 'value', 'prediction'], ONE_TO_ONE, true);
    signal('tell', ['value', 'prediction', 'error'], ONE_TO_ONE, true);
    signal('a label', ['label', 'output', 'label'], UNIFORM);
    signal('own label', ['label', 'output', 'label'], ONE_TO_ONE);
    signal('ask', ['ask', 'output', 'ask'], UNIFORM);
  }

  #presentations(): void {
    const { rateDrops, hiddenStep, outputStep, rateLevels, errorMost } = this.#settings;
    const { steps, judge, learn, testSteps } = this.#t;
    this.#net.presentation('train', steps, [
      phaseAt(0, 'forward'),
      phaseAt(judge, 'error'),
      // The engine of these cores rests in all other steps.
      learningAt(learn, 'value', true),
      learningAt(learn, 'output', true),
      learningAt(learn + 2 * errorMost, 'value', false),
      learningAt(learn + rateLevels.length, 'output', false),
    ]);
    addTest(this.#net, testSteps, ['prediction', 'value', 'output']);
    addHalvings(this.#net, steps, rateDrops.length, (halvings) => [
      ['hidden', signedRule(hiddenStep + halvings)],
      ['output', signedRule(outputStep + halvings)],
    ]);
  }
}

/** Builds the network for a task. */
export function predictiveCodingNetwork(settings: Settings, task: Task): Network {
  return new PredictiveCoding(settings, task).build();
}
