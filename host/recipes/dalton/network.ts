// The network: layers of integrate-and-fire neurons that a local rule trains, a fixed random readout, and for every layer
// that learns error neurons beside it. All signals between them are spikes.
//
// soma l   forward neurons; input weights W l end here; y2 and y3 hold the error that an error neuron sends
// error l  error neurons, one a soma. Weights of the local readout, transposed, end here: a copy of W l+1 that learns by
//          the same rule at the same events, or for the last layer (and in v-TFR for all) the fixed readout
// out l    sums of the readout and their errors against the label

import { UserError } from '../../errors.ts';
import { NetworkBuilder } from '../../network/builder.ts';
import type { Connection, LayerShape, Network, ScheduleEntry } from '../../network/network.ts';
import { addAnswer } from '../common/asked-network.ts';
import { uniformWeights } from '../common/random-weights.ts';
import { slowerBy } from '../common/rate-drops.ts';
import { LEAST_EXPONENT, PLASTIC, signedRule, timedRule } from '../common/signed-rule.ts';
import type { Task } from '../recipe.ts';
import { type Layer, layersOf, sizeOf } from './architecture.ts';
import { frozenKernels, learnedSynapses, type Synapses, transposed, withBias } from './connectivity.ts';
import { errorProgram, OUTPUT, somaProgram } from './programs.ts';
import { ofLayer, type Settings, type Surrogate } from './settings.ts';
import { channelOf, tiedGroups } from './tied.ts';
import { type Timeline, timeline } from './timeline.ts';

/** A spike of a start signal, of a soma, of one halving. */
const ONE = { kind: 'uniform', weight: 2 } as const;
/** The post trace of an error, and of a soma that fired: 16 · 2^-3 is one level. */
const STEP = 16;
/** Of an event camera. */
const POLARITIES = 2;
/** Fraction bits of an answer's probability and of the gain. */
const GAIN_BITS = 20;

/** What an axon counts for: whether it spiked, how early, or how often. */
type Credit = Settings['inputCredit'] | 'count';

/** Steps of 8/2^a levels, or for each of several spikes of 2/2^a: two traces lose two bits. [HW 4.5] */
function rule(a: number, credit: Credit): string {
  if (credit === 'flag') return signedRule(a);
  return credit === 'time' ? timedRule(a, 0) : `dw = 2^-${a}*u0*x1*y2 - 2^-${a}*u0*x1*y3`;
}

/** x1 counts the spikes of a sample, which is an epoch; or 4 of it are worth the flag. */
const TRACES = {
  flag: {},
  time: { preTraces: { x1: { impulse: 10.25, tau: 7.3 } } },
  count: { preTraces: { x1: { impulse: 1, tau: 0 } } },
} as const;

/** One source of several, to all targets. */
function oneToAll(source: number, sources: number, targets: number): Connection {
  return {
    kind: 'sparse',
    rowStart: Uint32Array.from({ length: sources + 1 }, (_, row) => (row > source ? targets : 0)),
    targets: Uint32Array.from({ length: targets }, (_, target) => target),
    weights: new Int16Array(targets).fill(2),
  };
}

/** Of 2^16: a triangle ends at 15 of its height, a table has eighths of the threshold. */
const slopeOf = (surrogate: Surrogate, threshold: number): number =>
  Math.round(((surrogate === 'triangle' ? 15 : 8) * 2 ** 16) / threshold);

/** Names of the layers that learn, and how the network keeps time. */
export interface Plan {
  readonly layers: readonly Layer[];
  /** First layer that learns. */
  readonly first: number;
  readonly timeline: Timeline;
}

/** Pixels on a side of the camera whose raster has so many rows. */
export const cameraSideOf = (rows: number): number => Math.floor(Math.sqrt(rows / POLARITIES));

/** Planes, height and width of what the first layer sees. A raster's rows are the pixels of a square for each polarity. */
function inputShape({ input, crop }: Settings, { height, width, planes = 1 }: Task): LayerShape {
  if (input === 'latency') return [planes, height / planes, width];
  const side = cameraSideOf(height);
  const seen = side - 2 * crop;
  if (POLARITIES * side * side === height && seen > 0) return [POLARITIES, seen, seen];
  throw new UserError(
    `input events: ${height} rows are not those of a square camera with two polarities, ${crop} of it cut off at each border`,
    {
      code: 'bad-setting',
      path: 'input',
      got: height,
    },
  );
}

export function planOf(settings: Settings, task: Task): Plan {
  const layers = layersOf(settings, inputShape(settings, task));
  const first = layers.findIndex(({ learns }) => learns);
  return { layers, first, timeline: timeline(settings, layers.length, layers.length - first) };
}

class Dalton {
  readonly #settings: Settings;
  readonly #task: Task;
  readonly #plan: Plan;
  readonly #net: NetworkBuilder;
  /** Matrices drawn so far. */
  #matrices = 0;

  constructor(settings: Settings, task: Task) {
    this.#settings = settings;
    this.#task = task;
    this.#plan = planOf(settings, task);
    this.#net = new NetworkBuilder('dalton', task.seed);
  }

  build(): Network {
    const { layers, first } = this.#plan;
    for (const name of ['forward', 'error', 'learning', 'management', 'inference']) this.#net.phase(name);
    this.#classesAndPorts();
    let above: Synapses | undefined;
    for (let l = layers.length - 1; l >= 0; l--) {
      this.#soma(l);
      if (l < first) continue;
      this.#errorNeurons(l);
      if (l === layers.length - 1 || this.#settings.credit === 'v-tfr') this.#readout(l);
    }
    for (let l = layers.length - 1; l >= 0; l--) {
      const synapses = this.#weights(l);
      if (l < layers.length - 1 && l >= first && above !== undefined && this.#settings.credit === 'dalton')
        this.#copy(l, above);
      above = synapses;
    }
    addAnswer(this.#net, `out ${layers.length}`, 'output', this.#task.classes);
    this.#presentations();
    return this.#net.build();
  }

  #fan(
    name: string,
    from: string,
    to: string,
    port: string,
    connection: Connection = ONE,
    graded = false,
  ): void {
    this.#net.project({ name, from, to, port, connection, synapse: PLASTIC, ...(graded ? { graded } : {}) });
  }

  #random(count: number, levels: number): Int16Array {
    return uniformWeights(this.#task, this.#matrices++, count, levels);
  }

  #classesAndPorts(): void {
    const { layers, first, timeline: t } = this.#plan;
    const { classes } = this.#task;
    layers.forEach((_, l) => {
      this.#net.coreClass({ name: `layer ${l + 1}`, epochSteps: t.steps });
      if (l >= this.#plan.first) this.#net.coreClass({ name: `errors ${l + 1}`, learning: false });
    });
    this.#net
      .coreClass({ name: 'output' })
      .port({ name: 'image', size: sizeOf(layers[0]!.from) + (first === 0 ? 1 : 0) }) // the last one is always on
      .port({ name: 'label', size: classes })
      .port({ name: 'start', size: 1 })
      .port({ name: 'ask', size: 1 })
      .port({ name: 'slower', size: layers.length });
    layers.forEach(({ learns }, l) => {
      if (learns)
        this.#net.rule(`layer ${l + 1}`, rule(ofLayer(this.#settings.stepExponent, l), this.#credit(l)));
    });
  }

  /** A pixel of a camera spikes many times a sample, and almost every one does. */
  #credit(l: number): Credit {
    if (l > 0) return 'flag';
    return this.#settings.input === 'events' ? 'count' : this.#settings.inputCredit;
  }

  #soma(l: number): void {
    const { surrogate, thresholds, input } = this.#settings;
    const layer = this.#plan.layers[l]!;
    const { last, more } = this.#plan.timeline;
    const threshold = 2 * ofLayer(thresholds, l);
    this.#net.population({
      name: `soma ${l + 1}`,
      size: sizeOf(layer.shape),
      coreClass: `layer ${l + 1}`,
      program: {
        text: somaProgram(surrogate, l === 0 && input === 'latency', layer.learns),
        parameters: {
          threshold,
          active: last[l]!,
          ...(layer.learns ? { more: more[l]! + 2 - last[l]! } : {}),
          ...(surrogate === 'fired' || !layer.learns ? {} : { slope: slopeOf(surrogate, threshold) }),
        },
      },
    });
    this.#fan(`start soma ${l + 1}`, 'start', `soma ${l + 1}`, 'start');
  }

  /** Error neurons of a layer, and what joins them to their somas. */
  #errorNeurons(l: number): void {
    const { surrogate, errorScale, steps } = this.#settings;
    const name = `error ${l + 1}`;
    const [soma, size] = [`soma ${l + 1}`, sizeOf(this.#plan.layers[l]!.shape)];
    // Feedback is in units, two a level. A soma tells twice the derivative's sum, at most 15 a step; a quarter of that,
    // in each step, counts as 1.
    const scale = surrogate === 'fired' ? 2 : 15 * steps;
    this.#net.population({
      name,
      size,
      coreClass: `errors ${l + 1}`,
      program: {
        text: errorProgram(surrogate),
        parameters: {
          more: this.#plan.timeline.more[l]!,
          gain: Math.round(2 ** GAIN_BITS / (scale * ofLayer(errorScale, l))),
          flag: STEP,
        },
      },
    });
    const own = (weight: number) => ({ kind: 'one-to-one', weight }) as const;
    this.#fan(`fired ${l + 1}`, soma, name, 'soma', own(2), surrogate !== 'fired');
    this.#fan(`teach ${l + 1}`, name, soma, 'teach', own(STEP));
    this.#fan(`start error ${l + 1}`, 'start', name, 'start');
    this.#fan(`slower ${l + 1}`, 'slower', name, 'slower', oneToAll(l, this.#plan.layers.length, size));
  }

  /** Outputs with fixed random weights, which errors come back through. */
  #readout(l: number): void {
    const { target, margin, errorMin, readoutInit } = this.#settings;
    const { classes } = this.#task;
    const size = sizeOf(this.#plan.layers[l]!.shape);
    const name = `out ${l + 1}`;
    const weights = { kind: 'all', weights: this.#random(size * classes, ofLayer(readoutInit, l)) } as const;
    this.#net.population({
      name,
      size: classes,
      coreClass: 'output',
      program: { text: OUTPUT, parameters: { target: 2 * target, margin: 2 * margin, least: 2 * errorMin } },
    });
    this.#fan(`R ${l + 1}`, `soma ${l + 1}`, name, 'in', weights);
    this.#fan(`R ${l + 1} back`, name, `error ${l + 1}`, 'error', transposed(weights, size, classes));
    this.#fan(`own label ${l + 1}`, 'label', name, 'label', { kind: 'one-to-one', weight: 2 });
    this.#fan(`any label ${l + 1}`, 'label', name, 'label');
    this.#fan(`start ${name}`, 'start', name, 'start');
    this.#fan(`ask ${l + 1}`, 'ask', name, 'ask');
  }

  /** What joins a layer to the one below, or to the image. */
  #weights(l: number): Synapses | undefined {
    const { init } = this.#settings;
    const layer = this.#plan.layers[l]!;
    const [name, from, to] = [`W ${l + 1}`, l === 0 ? 'image' : `soma ${l}`, `soma ${l + 1}`];
    const levels = ofLayer(init, l);
    if (!layer.learns) {
      const connection = frozenKernels(layer, this.#task, this.#matrices++, levels);
      this.#net.project({ name, from, to, port: 'in', connection, synapse: PLASTIC });
      return undefined;
    }
    const synapses = learnedSynapses(layer, this.#task, this.#matrices++, levels);
    const connection = l === 0 ? withBias(synapses, this.#bias(layer, levels)) : synapses;
    this.#net.project({
      name,
      from,
      to,
      port: 'in',
      connection,
      synapse: PLASTIC,
      rule: `layer ${l + 1}`,
      ...this.#tied(layer, connection),
      ...TRACES[this.#credit(l)],
    });
    return synapses;
  }

  /** Of every neuron, or of every channel of a layer that is tied. */
  #bias(layer: Layer, levels: number): Int16Array {
    const size = sizeOf(layer.shape);
    if (!layer.tied) return this.#random(size, levels);
    const drawn = this.#random(layer.shape[0], levels);
    return Int16Array.from({ length: size }, (_, neuron) => drawn[channelOf(layer, neuron)]!);
  }

  /** Which synapses of a layer, or of its copy, share a weight, if it is tied. */
  #tied(layer: Layer, synapses: Synapses, isCopy = false): { readonly tied?: Uint32Array } {
    return layer.tied && synapses.kind === 'sparse' ? { tied: tiedGroups(layer, synapses, isCopy) } : {};
  }

  /** The weights of the layer above, transposed, at the error neurons of this one: learned, not transported. */
  #copy(l: number, above: Synapses): void {
    const { layers } = this.#plan;
    const connection = transposed(above, sizeOf(layers[l]!.shape), sizeOf(layers[l + 1]!.shape));
    this.#net.project({
      name: `copy of W ${l + 2}`,
      from: `error ${l + 2}`,
      to: `error ${l + 1}`,
      port: 'error',
      connection,
      synapse: PLASTIC,
      rule: `layer ${l + 2}`,
      ...this.#tied(layers[l + 1]!, connection, true),
    });
  }

  #presentations(): void {
    const { layers, first, timeline: t } = this.#plan;
    const { rateDrops, stepExponent, credit } = this.#settings;
    const learning = (step: number, coreClass: string, on: boolean): ScheduleEntry => ({
      step,
      kind: 'learning',
      coreClass,
      on,
    });
    const copies = credit === 'dalton' ? layers.slice(first, -1).map((_, i) => first + i) : [];
    this.#net.presentation('train', t.steps, [
      { step: 0, kind: 'phase', phase: 'forward' },
      { step: t.error, kind: 'phase', phase: 'error' },
      // Copies learn in the two steps in which errors are sent, and the engine rests in all others.
      ...copies.flatMap((l) => [
        learning(t.more[l]! - 1, `errors ${l + 1}`, true),
        learning(t.more[l]! + 1, `errors ${l + 1}`, false),
      ]),
    ]);
    this.#net.presentation('deploy', 1, [
      { step: 0, kind: 'phase', phase: 'inference' },
      ...layers.map((_, l) => learning(0, `layer ${l + 1}`, false)),
    ]);
    this.#net.presentation('test', t.testSteps, [
      { step: 0, kind: 'phase', phase: 'inference' },
      { step: 0, kind: 'reset', population: 'answer' },
    ]);
    for (let halvings = 1; halvings <= rateDrops.length; halvings++) {
      this.#net.presentation(slowerBy(halvings), t.steps, [
        { step: 0, kind: 'phase', phase: 'management' },
        ...layers.flatMap((layer, l): ScheduleEntry[] => {
          const a = ofLayer(stepExponent, l) + halvings;
          if (!layer.learns || a > LEAST_EXPONENT) return [];
          return [{ step: 0, kind: 'rule', rule: `layer ${l + 1}`, line: rule(a, this.#credit(l)) }];
        }),
      ]);
    }
  }
}

/** Layers whose rule cannot make smaller steps for a halving: their error neurons must answer half as often. */
export function slowedNeurons(
  { stepExponent }: Settings,
  { layers, first }: Plan,
  halvings: number,
): number[] {
  return [...layers.keys()].filter((l) => l >= first && ofLayer(stepExponent, l) + halvings > LEAST_EXPONENT);
}

/** Builds the network for a task. */
export function daltonNetwork(settings: Settings, task: Task): Network {
  return new Dalton(settings, task).build();
}
