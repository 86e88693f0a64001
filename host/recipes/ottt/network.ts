// The network: inputs, H hidden neurons, outputs, and an apical neuron beside each hidden one.
//
// soma     leaky, fires; W1 ends here; its own error × derivative is its y2 - y3
// output   leaky sums; W2 ends here; its error is its y2 - y3
// apical   on cores of its own, whose learning epochs are half a frame: B ends here: at the start W2, transposed, from
//          then on a copy that learns from the same spikes and errors
//
// Axons of W1 and W2 have a trace x1 that fades as voltages do: the only memory of the past that learning has.

import type { NetworkBuilder } from '../../network/builder.ts';
import type { Network, SynapseParameters } from '../../network/network.ts';
import { addAnswer, addHalvings, addTest, askedNetwork } from '../common/asked-network.ts';
import { uniformWeights } from '../common/random-weights.ts';
import { phaseAt } from '../common/schedule.ts';
import { PLASTIC } from '../common/signed-rule.ts';
import { transposed } from '../common/transposed.ts';
import type { Task } from '../recipe.ts';
import { apicalProgram, MEMORY_PLACES, outputProgram, STEEPEST, somaProgram } from './programs.ts';
import { rulesOf, tagLines, weightLine } from './rules.ts';
import type { Settings } from './settings.ts';
import { ANSWER, FIRE, FRAME, HALF_FRAME, LEARN, LESS, MORE } from './timeline.ts';

const SIGNAL: SynapseParameters = { signMode: 'excitatory', bits: 8, exponent: 0 };
/** The third factor of an output's error: with it and a trace an engine gives just the trace, two bits being lost. [HW 4.5] */
const ERROR = 4;

export const trainSteps = ({ frames }: Settings): number => FRAME * frames;
/** An output has the sum of all frames, and is asked for it. */
export const testSteps = (settings: Settings): number => FRAME * (settings.frames - 1) + MORE + ANSWER;

class Ottt {
  readonly #settings: Settings;
  readonly #task: Task;
  readonly #net: NetworkBuilder;

  constructor(settings: Settings, task: Task) {
    this.#settings = settings;
    this.#task = task;
    this.#net = askedNetwork('ottt', task);
  }

  build(): Network {
    this.#net
      .coreClass({ name: 'hidden', epochSteps: FRAME })
      .coreClass({ name: 'output', epochSteps: FRAME })
      .coreClass({ name: 'feedback', epochSteps: HALF_FRAME });
    this.#populations();
    this.#plastic();
    this.#signals();
    this.#presentations();
    return this.#net.build();
  }

  /** In 1/4096. */
  get #keep(): number {
    return Math.round(4096 * this.#settings.leak);
  }

  #populations(): void {
    const { hidden, threshold, surrogateWidth, feedbackPlaces, hiddenMost, errorPlaces } = this.#settings;
    const { errorHigh, errorLow, firstError, traceImpulse, leak, update, frames } = this.#settings;
    const { classes } = this.#task;
    const keep = this.#keep;
    const last = update === 'frame' ? {} : { last: frames - 1 };
    // A hidden spike's trace at an output has faded since FIRE when the epoch ends.
    const impulse = traceImpulse * leak ** ((LEARN - FIRE) / FRAME);
    this.#net
      .population({
        name: 'soma',
        size: hidden,
        coreClass: 'hidden',
        program: {
          text: somaProgram(update, feedbackPlaces, hiddenMost),
          parameters: {
            ...last,
            threshold: 2 * threshold,
            keep,
            slope: Math.round((STEEPEST * 2 ** 16) / (2 * threshold * surrogateWidth)),
          },
        },
      })
      .population({
        name: 'output',
        size: classes,
        coreClass: 'output',
        program: {
          text: outputProgram(update, errorPlaces),
          parameters: {
            ...last,
            keep,
            high: 2 * errorHigh,
            low: 2 * errorLow,
            first: firstError,
            flag: ERROR,
          },
        },
      })
      .population({
        name: 'apical',
        size: hidden,
        coreClass: 'feedback',
        program: {
          text: apicalProgram(update),
          parameters: { ...last, keep, impulse: Math.round(impulse * 2 ** MEMORY_PLACES) },
        },
      });
  }

  #plastic(): void {
    const { hidden, hiddenInit, outputInit, traceImpulse, leak } = this.#settings;
    const { height, width, classes } = this.#task;
    for (const rule of rulesOf(this.#settings))
      this.#net.rule(rule.name, weightLine(this.#settings, rule, 0), ...tagLines(this.#settings, rule));
    const all = (weights: Int16Array) => ({ kind: 'all', weights }) as const;
    const w1 = uniformWeights(this.#task, 0, (height * width + 1) * hidden, hiddenInit);
    const w2 = uniformWeights(this.#task, 1, hidden * classes, outputInit);
    // A time constant of 0 forgets at once.
    const preTraces = { x1: { impulse: traceImpulse, tau: leak === 0 ? 0 : -FRAME / Math.log(leak) } };
    const common = { port: 'in', synapse: PLASTIC } as const;
    this.#net
      .project({
        name: 'W1',
        from: 'image',
        to: 'soma',
        connection: all(w1),
        rule: 'hidden',
        preTraces,
        ...common,
      })
      .project({
        name: 'W2',
        from: 'soma',
        to: 'output',
        connection: all(w2),
        rule: 'output',
        preTraces,
        ...common,
      })
      .project({
        name: 'B',
        from: 'output',
        to: 'apical',
        connection: all(transposed(w2, hidden, classes)),
        rule: 'feedback',
        ...common,
      });
  }

  #signal(
    from: string,
    to: string,
    port: string,
    kind: 'uniform' | 'one-to-one',
    { weight = 1, graded = false } = {},
  ): void {
    this.#net.project({
      name: `${from} to ${port} of ${to}${kind === 'uniform' ? '' : ', its own'}`,
      from,
      to,
      port,
      connection: { kind, weight },
      synapse: SIGNAL,
      graded,
    });
  }

  #signals(): void {
    for (const to of ['soma', 'output', 'apical']) this.#signal('start', to, 'go', 'uniform');
    this.#signal('soma', 'apical', 'fired', 'one-to-one');
    this.#signal('apical', 'soma', 'back', 'one-to-one', { graded: true });
    this.#signal('label', 'output', 'label', 'uniform');
    this.#signal('label', 'output', 'label', 'one-to-one');
    this.#signal('ask', 'output', 'ask', 'uniform');
    addAnswer(this.#net, 'output', 'output', this.#task.classes);
  }

  #presentations(): void {
    const { rateDrops, frames } = this.#settings;
    const steps = trainSteps(this.#settings);
    this.#net.presentation(
      'train',
      steps,
      Array.from({ length: frames }, (_, frame) => [
        phaseAt(frame * FRAME, 'forward'),
        phaseAt(frame * FRAME + LESS, 'error'),
      ]).flat(),
    );
    addTest(this.#net, testSteps(this.#settings), ['hidden', 'output', 'feedback']);
    addHalvings(this.#net, steps, rateDrops.length, (halvings) =>
      rulesOf(this.#settings).map((rule) => [rule.name, weightLine(this.#settings, rule, halvings)]),
    );
  }
}

/** Builds the network for a task. */
export function otttNetwork(settings: Settings, task: Task): Network {
  return new Ottt(settings, task).build();
}
