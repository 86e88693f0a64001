// The network: inputs, H hidden neurons, outputs, all of them programs. Hidden neurons send binary spikes, outputs their
// errors as payload.
//
// soma     W1 ends here; the error of its apical neuron is its y2 - y3
// soma 2   a second layer, if there is one, between soma and output; W12 ends here
// output   W2 ends here; its own error is its y2 - y3, and the payload of its spike
// apical   one beside each soma of the last layer, on cores of their own: B ends here, a copy of W2 that learns from the
//          same events
// apical 1 the same for the first of two layers; its feedback weights are random and stay so

import { NetworkBuilder } from '../../network/builder.ts';
import type {
  Network,
  ProgramUse,
  Projection,
  ScheduleEntry,
  SynapseParameters,
} from '../../network/network.ts';
import { uniformWeights } from '../common/random-weights.ts';
import { slowerBy } from '../common/rate-drops.ts';
import type { Task } from '../recipe.ts';
import { APICAL, OUTPUT, RESTING_APICAL, RESTING_OUTPUT } from './programs.ts';
import type { CommonSettings } from './settings.ts';

const PLASTIC: SynapseParameters = { signMode: 'mixed', bits: 8, exponent: 0 };
const SIGNAL: SynapseParameters = { signMode: 'excitatory', bits: 8, exponent: 0 };
/** The outputs take turns with their errors, two steps each: a learning epoch of the feedback weights. */
const TURN = 2;
/** From the spike of an output to its apical neurons, on to the somas, and the end of the learning epoch. */
const RETURN = 3;

export interface SecondLayer {
  readonly neurons: number;
  readonly soma: ProgramUse;
  /** Levels within which its weights, and the feedback weights of the first layer, start. */
  readonly init: number;
  readonly feedbackInit: number;
}

/** What the hidden layer sees and how it learns. */
export interface HiddenLayer {
  readonly name: string;
  /** Inputs. */
  readonly inputs: number;
  /** Steps in which the last somas fire; odd, so that the outputs' turns are learning epochs. */
  readonly forwardSteps: number;
  /** Learning epoch of W1; a sample has a whole number of them. */
  readonly epochSteps: number;
  readonly soma: ProgramUse;
  /** What the sums of outputs keep in a step, in 1/4096, if nothing is cleared before a sample. */
  readonly keep?: number;
  /** A second layer that these neurons drive. */
  readonly second?: SecondLayer;
  readonly preTraces?: NonNullable<Projection['preTraces']>;
  /** Lines of the rule of W1, and of W12, the steps halved so many times. */
  readonly rule: (halvings: number) => readonly string[];
  /** The start spike is a reward spike of these cores: r0 is 1 in the first epoch of a sample. */
  readonly startIsReward?: true;
}

/** Steps of a training and of a test sample. */
export interface Lengths {
  readonly train: number;
  readonly test: number;
}

/** The least steps of a training sample. */
export const leastSteps = (forwardSteps: number, classes: number): number =>
  forwardSteps + TURN * classes + RETURN;

/** From the step in which an output is asked to the arrival of its answer: the last of a test sample. */
export const ANSWER = 3;

/** Never less than a level: below it steps would be rounded at random, and copies would part. */
function levelRule(step: number): string {
  const exponent = Math.max(0, step) + 1;
  return `dw = 2^${exponent}*u0*x0*y2 - 2^${exponent}*u0*x0*y3`;
}

class BioGradLoihi2 {
  readonly #settings: CommonSettings;
  readonly #task: Task;
  readonly #layer: HiddenLayer;
  readonly #steps: number;
  readonly #testSteps: number;
  readonly #net: NetworkBuilder;

  constructor(settings: CommonSettings, task: Task, layer: HiddenLayer, { train, test }: Lengths) {
    this.#settings = settings;
    this.#task = task;
    this.#layer = layer;
    this.#steps = train;
    this.#testSteps = test;
    this.#net = new NetworkBuilder(layer.name, task.seed);
  }

  build(): Network {
    const net = this.#net;
    for (const name of ['forward', 'error', 'learning', 'management']) net.phase(name);
    net.phase('inference');
    const { hiddenCores } = this.#settings;
    const { epochSteps, inputs } = this.#layer;
    const cores = hiddenCores === 0 ? {} : { cores: hiddenCores };
    net
      .coreClass({ name: 'hidden', epochSteps, ...cores })
      .coreClass({ name: 'output', epochSteps: this.#steps })
      .coreClass({ name: 'feedback', epochSteps: TURN })
      .port({ name: 'input', size: inputs })
      .port({ name: 'label', size: this.#task.classes })
      .port({ name: 'start', size: 1 })
      .port({ name: 'ask', size: 1 });
    this.#populations();
    this.#plastic();
    this.#signals();
    this.#presentations();
    return net.build();
  }

  /** Apical neurons, the somas that they belong to, and how many. */
  get #apicals(): readonly (readonly [string, string, number])[] {
    const { hidden } = this.#settings;
    const { second } = this.#layer;
    if (second === undefined) return [['apical', 'soma', hidden]];
    return [
      ['apical', 'soma 2', second.neurons],
      ['apical 1', 'soma', hidden],
    ];
  }

  #populations(): void {
    const settings = this.#settings;
    const { classes } = this.#task;
    const { forwardSteps, soma, keep, second } = this.#layer;
    const { hidden, errorShift, errorMost, feedbackShift, hiddenMost } = settings;
    const high = 2 * settings.errorHigh;
    const low = 2 * settings.errorLow;
    const ofOutput = { high, low, shift: errorShift, most: errorMost, forward: forwardSteps };
    // What is sent in step last + 1 is in y2 and y3 at the end of the learning epoch.
    const ofApical = { shift: feedbackShift, most: hiddenMost, last: this.#steps - RETURN };
    // A spike of the first step lasts until the last error, one of the last step not until the next sample's first.
    const memory = forwardSteps + TURN * classes + 1;
    this.#net.population({ name: 'soma', size: hidden, coreClass: 'hidden', program: soma });
    if (second !== undefined) {
      const { neurons: size, soma: program } = second;
      this.#net.population({ name: 'soma 2', size, coreClass: 'hidden', program });
    }
    this.#net
      .population({
        name: 'output',
        size: classes,
        coreClass: 'output',
        program:
          keep === undefined
            ? { text: OUTPUT, parameters: ofOutput }
            : { text: RESTING_OUTPUT, parameters: { ...ofOutput, keep } },
      })
      .population({
        name: 'answer',
        size: classes,
        coreClass: 'output',
        compartment: { decayU: 4095, decayV: 4095, threshold: 131_071 },
      });
    const program =
      keep === undefined
        ? { text: APICAL, parameters: { ...ofApical, cost: settings.activityCost } }
        : { text: RESTING_APICAL, parameters: { ...ofApical, memory } };
    for (const [name, , size] of this.#apicals)
      this.#net.population({ name, size, coreClass: 'feedback', program });
  }

  #plastic(): void {
    const { hidden, hiddenInit, outputInit, feedbackInit, outputStep } = this.#settings;
    const { inputs, rule, preTraces, second } = this.#layer;
    const { classes } = this.#task;
    const last = second?.neurons ?? hidden;
    this.#net
      .rule('hidden', ...rule(0))
      .rule('output', levelRule(outputStep))
      .rule('feedback', levelRule(outputStep));
    const all = (matrix: number, count: number, levels: number) =>
      ({ kind: 'all', weights: uniformWeights(this.#task, matrix, count, levels) }) as const;
    const common = { port: 'in', synapse: PLASTIC } as const;
    this.#net
      .project({
        name: 'W1',
        from: 'input',
        to: 'soma',
        connection: all(0, inputs * hidden, hiddenInit),
        rule: 'hidden',
        ...(preTraces === undefined ? {} : { preTraces }),
        ...common,
      })
      .project({
        name: 'W2',
        from: second === undefined ? 'soma' : 'soma 2',
        to: 'output',
        connection: all(1, last * classes, outputInit),
        rule: 'output',
        ...common,
      })
      .project({
        name: 'B',
        from: 'output',
        to: 'apical',
        connection: all(2, classes * last, feedbackInit),
        rule: 'feedback',
        ...common,
      });
    if (second === undefined) return;
    this.#net
      .project({
        name: 'W12',
        from: 'soma',
        to: 'soma 2',
        connection: all(3, hidden * last, second.init),
        rule: 'hidden',
        ...common,
      })
      .project({
        name: 'B1',
        from: 'output',
        to: 'apical 1',
        connection: all(4, classes * hidden, second.feedbackInit),
        ...common,
      });
  }

  #signals(): void {
    const signal = (
      name: string,
      [from, to, port]: readonly [string, string, string],
      kind: 'uniform' | 'one-to-one',
      weight = 1,
      graded = false,
    ): void => {
      this.#net.project({ name, from, to, port, connection: { kind, weight }, synapse: SIGNAL, graded });
    };
    signal('go output', ['start', 'output', 'go'], 'uniform');
    for (const [apical, soma] of this.#apicals) {
      for (const to of [apical, soma]) signal(`go ${to}`, ['start', to, 'go'], 'uniform');
      signal(`fired ${soma}`, [soma, apical, 'fired'], 'one-to-one');
      signal(`error ${apical}`, ['output', apical, 'error'], 'uniform', 1, true);
      signal(`error ${soma}`, [apical, soma, 'back'], 'one-to-one', 1, true);
    }
    if (this.#layer.startIsReward) this.#net.reward({ from: 'start', coreClass: 'hidden' });
    signal('a label', ['label', 'output', 'label'], 'uniform');
    signal('own label', ['label', 'output', 'label'], 'one-to-one', 2);
    signal('ask', ['ask', 'output', 'ask'], 'uniform');
    this.#net.project({
      name: 'read',
      from: 'output',
      to: 'answer',
      connection: { kind: 'one-to-one', weight: 1 },
      synapse: SIGNAL,
      graded: true,
    });
  }

  #presentations(): void {
    const { rateDrops, outputStep } = this.#settings;
    const { forwardSteps, rule } = this.#layer;
    const net = this.#net;
    const write = (step: number, name: string, line: string): ScheduleEntry => ({
      step,
      kind: 'rule',
      rule: name,
      line,
    });
    net.presentation('train', this.#steps, [
      { step: 0, kind: 'phase', phase: 'forward' },
      { step: forwardSteps + 1, kind: 'phase', phase: 'error' },
    ]);
    net.presentation('deploy', 1, [
      { step: 0, kind: 'phase', phase: 'inference' },
      ...['hidden', 'output', 'feedback'].map(
        (coreClass) => ({ step: 0, kind: 'learning', coreClass, on: false }) as const,
      ),
    ]);
    net.presentation('test', this.#testSteps, [{ step: 0, kind: 'phase', phase: 'inference' }]);
    for (let halvings = 1; halvings <= rateDrops.length; halvings++) {
      const changed = rule(halvings).filter((line, i) => line !== rule(0)[i]);
      net.presentation(slowerBy(halvings), this.#steps, [
        { step: 0, kind: 'phase', phase: 'management' },
        ...changed.map((line) => write(0, 'hidden', line)),
        write(0, 'output', levelRule(outputStep - halvings)),
        write(0, 'feedback', levelRule(outputStep - halvings)),
      ]);
    }
  }
}

/** Builds the network for a task. */
export function bioGradLoihi2Network(
  settings: CommonSettings,
  task: Task,
  layer: HiddenLayer,
  lengths: Lengths,
): Network {
  return new BioGradLoihi2(settings, task, layer, lengths).build();
}
