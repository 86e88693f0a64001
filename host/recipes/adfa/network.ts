// The network: spiking layers, each of which learns from the output's error, sent to it over a fixed random matrix of its
// own, and from its function g; no layer waits for another.
//
//   W1, W2 ..   plastic: image to the first hidden layer, each hidden layer to the next, the last one to the output
//   B1, B2 ..   fixed: errors of the output to the hidden layers; with feedback `layered`, for comparison, to the last one
//               alone, and from each layer's relays to the layer before
//
// The learning epoch is the sample; x0 says which axons spiked in it, y2 and y3 are what the post neuron wrote.

import type { NetworkBuilder } from '../../network/builder.ts';
import type { Network, SynapseParameters } from '../../network/network.ts';
import { addAnswer, addHalvings, addTest, askedNetwork } from '../common/asked-network.ts';
import { uniformWeights } from '../common/random-weights.ts';
import { phaseAt } from '../common/schedule.ts';
import { PLASTIC, signedRule, timedRule } from '../common/signed-rule.ts';
import type { Task } from '../recipe.ts';
import { G_MAX, gTable } from './g.ts';
import { hiddenProgram, OUTPUT_PROGRAM, relayProgram } from './programs.ts';
import { type Settings, TIME_PLACES } from './settings.ts';
import { type Timeline, timeline } from './timeline.ts';

/** For projections whose weights are 1. */
const UNIT: SynapseParameters = { signMode: 'excitatory', bits: 8, exponent: 0 };
/** A level is two units of a mixed 8-bit weight. */
const LEVEL = 2;
/** Fixed-point places of the factors of a hidden program. */
const PLACES = 2 ** 20;

export const layerName = (layer: number): string => `hidden ${layer}`;
const relayName = (layer: number): string => `relay ${layer}`;

/** The trace of an input that counts by its time; 16 of it are worth the flag. */
const TIME_TRACE = { x1: { impulse: 36, tau: 6 } } as const;

const inputRule = (k: number, credit: Settings['inputCredit']): string =>
  credit === 'flag' ? signedRule(k) : timedRule(k, TIME_PLACES);

class Adfa {
  readonly #settings: Settings;
  readonly #task: Task;
  readonly #net: NetworkBuilder;
  readonly #t: Timeline;

  constructor(settings: Settings, task: Task) {
    this.#settings = settings;
    this.#task = task;
    this.#net = askedNetwork('adfa', task);
    this.#t = timeline(settings);
  }

  build(): Network {
    this.#net
      .rule('input', inputRule(this.#settings.hiddenStep, this.#settings.inputCredit))
      .rule('hidden', signedRule(this.#settings.hiddenStep))
      .rule('output', signedRule(this.#settings.outputStep));
    this.#settings.hidden.forEach((size, layer) => {
      this.#hidden(layer, size);
    });
    this.#output();
    this.#forward();
    if (this.#settings.feedback === 'direct') this.#direct();
    else this.#layered();
    this.#ends();
    this.#presentations();
    return this.#net.build();
  }

  get #table(): readonly number[] {
    const { g, gWidth, gTable: given, forwardSteps } = this.#settings;
    return given ?? gTable(g, gWidth, forwardSteps);
  }

  #hidden(layer: number, size: number): void {
    const { inputThreshold, hiddenThreshold, inputKeep, hiddenKeep, activityCost } = this.#settings;
    const { gWidth, learnShift } = this.#settings;
    const threshold = LEVEL * (layer === 0 ? inputThreshold : hiddenThreshold);
    const name = layerName(layer + 1);
    this.#net.coreClass({ name, epochSteps: this.#t.steps }).population({
      name,
      size,
      coreClass: name,
      program: {
        text: hiddenProgram({ table: this.#table, shift: learnShift }),
        parameters: {
          threshold,
          keep: layer === 0 ? inputKeep : hiddenKeep,
          scale: Math.round(PLACES / (threshold * gWidth)),
          cost: Math.round((PLACES * LEVEL * G_MAX * activityCost) / threshold),
        },
      },
    });
  }

  #output(): void {
    const { errorHigh, errorLow, errorShift } = this.#settings;
    this.#net.coreClass({ name: 'output', epochSteps: this.#t.steps }).population({
      name: 'output',
      size: this.#task.classes,
      coreClass: 'output',
      program: {
        text: OUTPUT_PROGRAM,
        parameters: { high: LEVEL * errorHigh, low: LEVEL * errorLow, shift: errorShift },
      },
    });
  }

  #forward(): void {
    const { hidden, inputCredit, inputInit, hiddenInit, outputInit } = this.#settings;
    const { height, width, classes } = this.#task;
    const sizes = [height * width + 1, ...hidden, classes];
    const names = ['image', ...hidden.map((_, layer) => layerName(layer + 1)), 'output'];
    for (let layer = 0; layer <= hidden.length; layer++) {
      const last = layer === hidden.length;
      const to = names[layer + 1]!;
      const init = last ? outputInit : layer === 0 ? inputInit : hiddenInit;
      this.#net.project({
        name: `W${layer + 1}`,
        from: names[layer]!,
        to,
        port: 'in',
        connection: this.#random(layer, sizes[layer]! * sizes[layer + 1]!, init),
        synapse: PLASTIC,
        rule: last ? 'output' : layer === 0 ? 'input' : 'hidden',
        ...(layer === 0 && inputCredit === 'time' ? { preTraces: TIME_TRACE } : {}),
      });
      this.#clock(to, last ? this.#t.error : this.#t.learn[layer]!);
    }
  }

  /** Weights within ± levels. */
  #random(matrix: number, count: number, levels: number) {
    return { kind: 'all', weights: uniformWeights(this.#task, matrix, count, levels) } as const;
  }

  /** The start spike of a sample, when it is due. */
  #clock(to: string, step: number): void {
    this.#net.project({
      name: `clock ${to}`,
      from: 'start',
      to,
      port: 'clock',
      connection: { kind: 'uniform', weight: 1 },
      synapse: { ...UNIT, delay: step - 1 },
    });
  }

  /** Fixed weights that errors take to the neurons of a layer, and to their relays if there are any. */
  #feedback(layer: number, from: string, sources: number, ...to: readonly string[]): void {
    const { hidden, feedbackRange } = this.#settings;
    const connection = this.#random(hidden.length + 1 + layer, sources * hidden[layer]!, feedbackRange);
    to.forEach((name, i) => {
      this.#net.project({
        name: i === 0 ? `B${layer + 1}` : `B${layer + 1} relay`,
        from,
        to: name,
        port: 'error',
        connection,
        synapse: PLASTIC,
        graded: true,
      });
    });
  }

  #direct(): void {
    this.#settings.hidden.forEach((_, layer) => {
      this.#feedback(layer, 'output', this.#task.classes, layerName(layer + 1));
    });
  }

  #layered(): void {
    const { hidden, relayShift, gWidth } = this.#settings;
    for (let layer = 1; layer < hidden.length; layer++) {
      const name = relayName(layer + 1);
      this.#net
        .coreClass({ name, learning: false })
        .population({
          name,
          size: hidden[layer]!,
          coreClass: name,
          program: {
            text: relayProgram({ table: this.#table, shift: relayShift }),
            parameters: { scale: Math.round(PLACES / gWidth) },
          },
        })
        .project({
          name: `activity ${layer + 1}`,
          from: layerName(layer + 1),
          to: name,
          port: 'in',
          connection: { kind: 'one-to-one', weight: 1 },
          synapse: UNIT,
        });
      this.#clock(name, this.#t.learn[layer]!);
    }
    for (let layer = hidden.length - 1; layer >= 0; layer--) {
      const own = [layerName(layer + 1), ...(layer === 0 ? [] : [relayName(layer + 1)])];
      if (layer === hidden.length - 1) this.#feedback(layer, 'output', this.#task.classes, ...own);
      else this.#feedback(layer, relayName(layer + 2), hidden[layer + 1]!, ...own);
    }
  }

  /** The label comes in, the answer goes out. */
  #ends(): void {
    this.#net
      .project({
        name: 'label',
        from: 'label',
        to: 'output',
        port: 'label',
        connection: { kind: 'one-to-one', weight: 1 },
        synapse: UNIT,
      })
      .project({
        name: 'ask',
        from: 'ask',
        to: 'output',
        port: 'ask',
        connection: { kind: 'uniform', weight: 1 },
        synapse: UNIT,
      });
    addAnswer(this.#net, 'output', 'output', this.#task.classes);
  }

  #presentations(): void {
    const { hidden, inputCredit, rateDrops, hiddenStep, outputStep } = this.#settings;
    const { steps, error } = this.#t;
    const classes = [...hidden.map((_, layer) => layerName(layer + 1)), 'output'];
    this.#net.presentation('train', steps, [phaseAt(0, 'forward'), phaseAt(error, 'error')]);
    addTest(this.#net, steps, classes);
    addHalvings(this.#net, steps, rateDrops.length, (halvings) => [
      ['input', inputRule(hiddenStep + halvings, inputCredit)],
      ['hidden', signedRule(hiddenStep + halvings)],
      ['output', signedRule(outputStep + halvings)],
    ]);
  }
}

/** Builds the network for a task. */
export function adfaNetwork(settings: Settings, task: Task): Network {
  return new Adfa(settings, task).build();
}
