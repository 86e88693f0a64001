// Synapses that learn with traces of their own: when spikes are noted, and what an epoch does. [HW 4.3], C7, C21

import type { BlockImage, ChipImage, PlasticImage } from '../image/image.ts';
import { WideRandom } from './wide-random.ts';
import { type WideEpoch, WideRule } from './wide-rule.ts';
import type { WideSynapses } from './wide-synapse.ts';
import { WideTraces } from './wide-trace.ts';

/** What an epoch tells the counters. */
export interface EpochReport {
  /** Synapses of the block, and of the rows that spiked. */
  readonly all: number;
  readonly active: number;
  /** Of both, those that join tied synapses; they have no traces of their own. */
  readonly joining: number;
  readonly isPostSpike: boolean;
  readonly updates: number;
  readonly clips: number;
  readonly traceUpdates: number;
}

/** Values of each trace at every step of an epoch, 0 its start. */
type Course = readonly (readonly number[])[];

/** [trace][element] to [element][trace]. */
function byElement<T>(traces: readonly (readonly T[])[]): T[][] {
  return traces[0]!.map((_, element) => traces.map((values) => values[element]!));
}

function matrix(values: Int32Array, rows: number, columns: number): bigint[][] {
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => BigInt(values[row * columns + column]!)),
  );
}

export class OwnLearning {
  readonly pre: WideTraces;
  readonly post: WideTraces;
  /** [row][column] */
  readonly tags: bigint[][];
  readonly delays: bigint[][];
  readonly #semantics: ChipImage['semantics'];
  readonly #block: BlockImage;
  readonly #plastic: PlasticImage;
  readonly #synapses: WideSynapses;
  readonly #random: WideRandom;
  readonly #rule: WideRule;
  /** Third factors of the step, [y1 y2 y3][column]; null if it has none. */
  readonly #delivered: number[][] | null;
  /** Columns with a post spike in this step and the one before, where spikes count on arrival. */
  #posts = new Set<number>();
  #lastPosts = new Set<number>();

  constructor(image: ChipImage, block: BlockImage, plastic: PlasticImage, synapses: WideSynapses) {
    const { semantics } = image;
    const rows = block.rowElements.length;
    this.#semantics = semantics;
    this.#block = block;
    this.#plastic = plastic;
    this.#synapses = synapses;
    this.#random = new WideRandom(image, block);
    this.#rule = new WideRule(semantics, plastic, block.signMode);
    this.#delivered = plastic.hasThirdFactors
      ? [0, 1, 2].map(() => new Array<number>(block.columns).fill(0))
      : null;
    this.pre = new WideTraces(semantics, plastic.traces.slice(0, 2), this.#random, 0, 0, rows);
    this.post = new WideTraces(
      semantics,
      plastic.traces.slice(2),
      this.#random,
      2,
      block.columnElement,
      block.columns,
    );
    this.tags = matrix(plastic.tags, rows, block.columns);
    this.delays = matrix(plastic.delays, rows, block.columns);
  }

  get #onArrival(): boolean {
    return this.#semantics.ruleSpikes === 'onArrival';
  }

  /** Step of the epoch that a time step is, from 1. */
  #stepOf(time: number): number {
    return time % this.#plastic.epochSteps || this.#plastic.epochSteps;
  }

  /** A third factor of a column, 0 to 2 for y1 to y3. */
  deliver(trace: number, column: number, value: number): void {
    this.#delivered![trace]![column] = value;
  }

  /** A message with a value that is not 0 was sent in this step. */
  notePre(row: number, payload: bigint, time: number): void {
    if (!this.#onArrival) this.#takePre(row, payload, time);
  }

  #takePre(row: number, payload: bigint, time: number): void {
    if (this.pre.takePayload(this.#plastic.gradedTrace, row, payload))
      this.pre.note(row, this.#stepOf(time), time);
  }

  /** A post spike was fired in this step; `isLearning`: learning is on. */
  notePost(column: number, time: number, isLearning: boolean): void {
    if (this.#onArrival) this.#posts.add(column);
    else if (isLearning) this.post.note(column, this.#stepOf(time), time);
  }

  /** Notes the spikes that arrive in this step: pre spikes one step and the delay after they were sent, post spikes one. */
  #noteArrivals(time: number): void {
    this.#synapses.sentAt(time - 1 - this.#block.delay).forEach((payload, row) => {
      if (payload !== 0n) this.#takePre(row, payload, time);
    });
    for (const column of [...this.#lastPosts].sort((a, b) => a - b))
      this.post.note(column, this.#stepOf(time), time);
    if (this.#delivered !== null) this.post.replace(this.#delivered); // whatever earlier spikes added
  }

  /** What the end of a time step does. Gives a report if an epoch ended and learning is on. */
  endStep(time: number, isLearning: boolean): EpochReport | undefined {
    const isEnd = time % this.#plastic.epochSteps === 0;
    let report: EpochReport | undefined;
    if (isLearning) {
      if (this.#delivered !== null) this.post.replace(this.#delivered);
      const decided = this.#decide(time);
      if (this.#onArrival) this.#noteArrivals(time);
      if (isEnd) report = this.#learn(time, decided);
    }
    if (isEnd) {
      this.pre.forgetSpikes();
      this.post.forgetSpikes();
    }
    this.#lastPosts = this.#posts;
    this.#posts = new Set();
    return report;
  }

  #exists(row: number, column: number): boolean {
    return this.#plastic.exists === null || this.#plastic.exists[row * this.#block.columns + column] !== 0;
  }

  #randomOf(row: number, column: number, target: 'w' | 'd' | 't', time: number): number {
    const epoch = Math.floor(time / this.#plastic.epochSteps);
    return this.#random.synapse(row, this.#block.columnElement + column, target, epoch, time);
  }

  /** What the rule of a synapse reads; `pre` and `post` are the courses of the traces of its row and column. */
  #epoch(
    row: number,
    column: number,
    time: number,
    preStep: number,
    postStep: number,
    pre: Course,
    post: Course,
  ): WideEpoch {
    const { epochSteps } = this.#plastic;
    const ended = Math.floor(time / epochSteps);
    return {
      steps: epochSteps,
      number: this.#semantics.epochCount === 'fromZero' ? ended - 1 : ended,
      w: this.#synapses.weights[row]![column]!,
      d: this.delays[row]![column]!,
      t: this.tags[row]![column]!,
      preStep,
      postStep,
      pre,
      post,
    };
  }

  /**
   * Steps of the grid that the weights will take beside their changes, [row][column], decided from the traces as they are
   * and as if nothing had spiked; undefined if rounding looks at what is rounded.
   */
  #decide(time: number): bigint[][] | undefined {
    if (this.#semantics.randomTime !== 'beforeSpikes') return undefined;
    this.pre.decide(time);
    this.post.decide(time);
    const still = (traces: WideTraces): Course[] =>
      byElement(traces.values.map((values) => values.map((x) => [x, x])));
    const pre = still(this.pre);
    const post = still(this.post);
    return this.#synapses.weights.map((weights, row) =>
      weights.map((_, column) => {
        const epoch = this.#epoch(row, column, time, 0, 0, pre[row]!, post[column]!);
        return this.#rule.decideWeight(epoch, this.#randomOf(row, column, 'w', time));
      }),
    );
  }

  #learn(time: number, decided: bigint[][] | undefined): EpochReport {
    const { epochSteps } = this.#plastic;
    const { weights } = this.#synapses;
    const traceUpdates = this.#liveTraces();
    const pre = byElement(this.pre.rebuild(epochSteps, time, true));
    const post = byElement(this.post.rebuild(epochSteps, time, this.#delivered === null));
    let all = 0;
    let active = 0;
    let updates = 0;
    let clips = 0;
    weights.forEach((rowWeights, row) => {
      rowWeights.forEach((weight, column) => {
        if (!this.#exists(row, column)) return;
        const preStep = this.pre.spikeSteps[row]!;
        const postStep = this.post.spikeSteps[column]!;
        const epoch = this.#epoch(row, column, time, preStep, postStep, pre[row]!, post[column]!);
        all++;
        if (preStep > 0) active++;
        if (this.#rule.changes('w')) {
          const random = this.#randomOf(row, column, 'w', time);
          const { value, clipped } = this.#rule.evaluate('w', epoch, random, decided?.[row]?.[column]);
          if (value !== weight) updates++;
          if (clipped) clips++;
          rowWeights[column] = value;
        }
        for (const [target, values] of [
          ['d', this.delays],
          ['t', this.tags],
        ] as const) {
          if (!this.#rule.changes(target)) continue;
          const random = this.#randomOf(row, column, target, time);
          values[row]![column] = this.#rule.evaluate(target, epoch, random).value;
        }
      });
    });
    const isPostSpike = this.post.spikeSteps.some((step) => step > 0);
    return { all, active, joining: 0, isPostSpike, updates, clips, traceUpdates };
  }

  /** Traces that rules read and that are not 0 or got a spike. */
  #liveTraces(): number {
    const read = new Set(
      this.#plastic.products.flatMap(({ factors }) => factors.map(({ variable }) => variable)),
    );
    const live = (traces: WideTraces, names: readonly string[]): number =>
      names.reduce((sum, name, i) => {
        if (!read.has(name)) return sum;
        return sum + traces.values[i]!.filter((x, e) => x !== 0 || traces.spikeSteps[e]! > 0).length;
      }, 0);
    return live(this.pre, ['x1', 'x2']) + live(this.post, ['y1', 'y2', 'y3']);
  }
}
