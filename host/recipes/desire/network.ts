// The network: layers of integrate-and-fire neurons, and for every hidden layer neurons beside it that find out what each
// of them should have done: fire more, fire less, or what it did.
//
// soma l     forward neurons; W l ends here, and what they should have done is their y2 - y3
// desire l   one beside each soma. A copy of W l+1 ends here, transposed, that learns by the same rule at the same events
// output     counts what it would fire; the last W ends here

import type { NetworkBuilder } from '../../network/builder.ts';
import type { Connection, Network, SynapseParameters } from '../../network/network.ts';
import { addAnswer, addHalvings, addTest, askedNetwork } from '../common/asked-network.ts';
import { uniformWeights } from '../common/random-weights.ts';
import { learningAt, phaseAt } from '../common/schedule.ts';
import { PLASTIC, signedRule } from '../common/signed-rule.ts';
import { transposed } from '../common/transposed.ts';
import type { Task } from '../recipe.ts';
import { desireProgram, outputProgram, somaProgram } from './programs.ts';
import { ofLayer, type Settings } from './settings.ts';
import { type Timeline, timeline } from './timeline.ts';

const UNIT: SynapseParameters = { signMode: 'excitatory', bits: 8, exponent: 0 };
const ONE_TO_ONE = { kind: 'one-to-one', weight: 1 } as const;
/** The post trace of one lesson to a neuron, and of a soma that fired: 16 · 2^-3 is one level. */
const STEP = 16;

export const layerName = (l: number): string => `layer ${l + 1}`;
const somaName = (l: number): string => `soma ${l + 1}`;
const desireName = (l: number): string => `desire ${l + 1}`;
export const weightsName = (l: number): string => `W ${l + 1}`;
export const copyName = (l: number): string => `copy of W ${l + 1}`;

class Desire {
  readonly #settings: Settings;
  readonly #task: Task;
  readonly #t: Timeline;
  readonly #net: NetworkBuilder;
  /** Sizes from the image, with the input that is always on, to the outputs. */
  readonly #sizes: readonly number[];

  constructor(settings: Settings, task: Task) {
    this.#settings = settings;
    this.#task = task;
    this.#t = timeline(settings);
    this.#net = askedNetwork('desire', task);
    this.#sizes = [task.height * task.width + 1, ...settings.hidden, task.classes];
  }

  /** Number of the output layer. */
  get #last(): number {
    return this.#settings.hidden.length;
  }

  build(): Network {
    const { hidden } = this.#settings;
    const { classes } = this.#task;
    this.#output();
    hidden.forEach((_, l) => {
      this.#layer(l);
    });
    for (let l = 0; l <= this.#last; l++) this.#weights(l);
    addAnswer(this.#net, 'output', 'output', classes);
    this.#presentations();
    return this.#net.build();
  }

  #signal(name: string, [from, to, port]: readonly [string, string, string], connection: Connection): void {
    this.#net.project({ name, from, to, port, connection, synapse: UNIT });
  }

  #start(to: string): void {
    this.#signal(`start ${to}`, ['start', to, 'start'], { kind: 'uniform', weight: 1 });
  }

  #output(): void {
    const settings = this.#settings;
    this.#net.coreClass({ name: 'output', epochSteps: this.#t.steps }).population({
      name: 'output',
      size: this.#task.classes,
      coreClass: 'output',
      program: {
        text: outputProgram(settings),
        parameters: {
          threshold: 2 * settings.outputThreshold,
          top: settings.steps - settings.margin,
          dead: settings.outputDeadZone,
          least: settings.outputCountMin,
          say: this.#t.say[this.#last]! - 1,
          more: this.#t.more - 1,
          flag: STEP,
        },
      },
    });
    this.#start('output');
    this.#signal('a label', ['label', 'output', 'label'], { kind: 'uniform', weight: 1 });
    this.#signal('own label', ['label', 'output', 'label'], ONE_TO_ONE);
    this.#signal('ask', ['ask', 'output', 'ask'], { kind: 'uniform', weight: 1 });
  }

  #layer(l: number): void {
    const { hidden, steps, thresholds, hiddenDeadZone, hiddenNoise, margin } = this.#settings;
    const { say, more, less } = this.#t;
    const [soma, beside] = [somaName(l), desireName(l)];
    this.#net
      .coreClass({ name: layerName(l), epochSteps: this.#t.steps })
      .coreClass({ name: `desires ${l + 1}`, learning: false })
      .population({
        name: soma,
        size: hidden[l]!,
        coreClass: layerName(l),
        program: {
          text: somaProgram(l === 0),
          // What is said in a step is heard in the next one.
          parameters: { threshold: 2 * ofLayer(thresholds, l), active: steps + l, more, less },
        },
      })
      .population({
        name: beside,
        size: hidden[l]!,
        coreClass: `desires ${l + 1}`,
        program: {
          text: desireProgram(this.#settings, l > 0),
          parameters: {
            heard: say[l + 1]!,
            say: say[l]! - 1,
            more: more - 1,
            less: less - 1,
            dead: 2 * ofLayer(hiddenDeadZone, l),
            noise: 2 * ofLayer(hiddenNoise, l),
            top: steps - margin,
            flag: STEP,
          },
        },
      });
    this.#start(soma);
    this.#start(beside);
    this.#signal(`fired ${l + 1}`, [soma, beside, 'soma'], ONE_TO_ONE);
    this.#signal(`teach ${l + 1}`, [beside, soma, 'teach'], { kind: 'one-to-one', weight: STEP });
  }

  /** What joins a layer to the one below, and the copy of it that takes desires down. */
  #weights(l: number): void {
    const { init, outputInit, stepExponent, outputStep } = this.#settings;
    const isOutput = l === this.#last;
    const [from, to] = [this.#sizes[l]!, this.#sizes[l + 1]!];
    const above = isOutput ? 'output' : somaName(l);
    const weights = uniformWeights(this.#task, l, from * to, isOutput ? outputInit : ofLayer(init, l));
    const learns = { port: 'in', synapse: PLASTIC, rule: weightsName(l) };
    this.#net.rule(weightsName(l), signedRule(isOutput ? outputStep : ofLayer(stepExponent, l))).project({
      ...learns,
      name: weightsName(l),
      from: l === 0 ? 'image' : somaName(l - 1),
      to: above,
      connection: { kind: 'all', weights },
    });
    if (l === 0) return;
    this.#net.project({
      ...learns,
      name: copyName(l),
      from: isOutput ? 'output' : desireName(l),
      to: desireName(l - 1),
      port: 'above',
      connection: { kind: 'all', weights: transposed(weights, from, to) },
    });
  }

  #presentations(): void {
    const { hidden, rateDrops, stepExponent, outputStep } = this.#settings;
    const { steps, say, more, testSteps } = this.#t;
    this.#net.presentation('train', steps, [
      phaseAt(0, 'forward'),
      phaseAt(say[hidden.length]!, 'error'),
      // Copies learn in the steps in which desires are told, and the engine rests in all others.
      ...hidden.flatMap((_, l) => [
        learningAt(more, `desires ${l + 1}`, true),
        learningAt(steps - 1, `desires ${l + 1}`, false),
      ]),
    ]);
    addTest(this.#net, testSteps, [...hidden.map((_, l) => layerName(l)), 'output']);
    addHalvings(this.#net, steps, rateDrops.length, (halvings) =>
      [...hidden.map((_, l) => ofLayer(stepExponent, l)), outputStep].map((a, l) => [
        weightsName(l),
        signedRule(a + halvings),
      ]),
    );
  }
}

/** Builds the network for a task. */
export function desireNetwork(settings: Settings, task: Task): Network {
  return new Desire(settings, task).build();
}
