// One core: its registers, and what it does in each phase of a time step. [HW 6.4]

import type { ChipImage, CoreImage, ProductImage, TraceImage } from '../image/image.ts';
import { type Compartment, restingCompartment, updateCompartment } from './compartment.ts';
import { noiseOf } from './noise.ts';
import { streamKey, subkey } from './random.ts';
import { applyRule, type Epoch } from './rule.ts';
import { Accumulators, effectiveWeight, type Synapse, synapsesOf } from './synapse.ts';
import { type Statistics, Tally } from './tally.ts';
import { RewardTrace, Traces } from './trace.ts';

/** A register file: names to values in a fixed order. */
export type Registers = Readonly<Record<string, readonly number[]>>;

/** Work of one step that takes time. [HW 6.4] */
export interface StepWork {
  active: number;
  spikes: number;
  messagesOut: number;
  messagesIn: number;
  /** Synaptic operations, by what they cost. */
  dense: number;
  sparse: number;
  conv: number;
}

function idle(): StepWork {
  return { active: 0, spikes: 0, messagesOut: 0, messagesIn: 0, dense: 0, sparse: 0, conv: 0 };
}

/** Counters of synaptic operations. [HW 6.2] */
const OPERATIONS = {
  dense: 'synapticOpsDense',
  sparse: 'synapticOpsSparse',
  conv: 'synapticOpsConv',
} as const;
/** Width of the delay field. [HW 3.4] */
const DELAY_BITS = 6;

export class ModelCore {
  readonly image: CoreImage;
  readonly tally: Tally;
  readonly compartments: readonly Compartment[];
  work: StepWork = idle();
  /** Register: learning enabled. A core without learning axons has nothing to enable. */
  learning: boolean;
  readonly #chip: ChipImage;
  readonly #statistics: Statistics;
  /** Group of each compartment. */
  readonly #groupOf: readonly number[];
  /** First compartment of each group. */
  readonly #firstOf: readonly number[];
  readonly #accumulators: Accumulators;
  /** [block][row][synapse] */
  readonly #synapses: readonly (readonly (readonly Synapse[])[])[];
  /** Of the blocks that no rule changes, [block]. */
  readonly #staticVariables: readonly Readonly<Record<'w' | 'd' | 't', readonly number[]>>[];
  readonly #rules: ProductImage[][];
  /** Of the learning axons; null for the static ones. */
  readonly #pre: readonly (Traces | null)[];
  /** Of the compartments at which synapses learn. */
  readonly #post: readonly (Traces | null)[];
  readonly #postParameters: readonly (TraceImage[] | null)[];
  readonly #reward: RewardTrace;
  /** Input axons that got a message and whose synapses are still to be read. */
  #arrived: number[] = [];
  /** Step of the running epoch, from 1, and epochs that have ended. */
  #epochStep = 0;
  #epochs = 0;

  constructor(chip: ChipImage, image: CoreImage, statistics: Statistics) {
    const { seed } = chip;
    this.image = image;
    this.#chip = chip;
    this.#statistics = statistics;
    this.tally = new Tally(chip.phases.length);
    this.#groupOf = image.groups.flatMap(({ count }, g) => new Array<number>(count).fill(g));
    this.#firstOf = image.groups.map((_, g) =>
      image.groups.slice(0, g).reduce((sum, { count }) => sum + count, 0),
    );
    const inactive = chip.semantics.activityPhase === 'inactive';
    this.compartments = this.#groupOf.map(() => restingCompartment(inactive));
    this.#accumulators = new Accumulators(image, this.compartments.length);
    this.#synapses = image.blocks.map(synapsesOf);
    this.#staticVariables = image.blocks.map((_, b) => this.#variables(b));
    this.#rules = image.rules.map(({ products }) => [...products]);
    this.#pre = image.axons.map(({ profile, source, element }) =>
      profile < 0 ? null : new Traces(streamKey(seed, 'preTrace', source, element), 2),
    );
    this.#post = image.groups.flatMap(({ postTraces, population, element, count }) =>
      Array.from({ length: count }, (_, i) =>
        postTraces === null
          ? null
          : new Traces(subkey(streamKey(seed, 'postTrace', population), element + i), 3),
      ),
    );
    this.#postParameters = image.groups.map(({ postTraces }) => postTraces && [...postTraces]);
    // Core classes are numbered in the order in which cores of them come.
    const classes = [...new Set(chip.cores.map(({ coreClass }) => coreClass))];
    this.#reward = new RewardTrace(streamKey(seed, 'reward', classes.indexOf(image.coreClass)));
    this.learning = image.learning && this.hasLearningAxons;
  }

  get hasLearningAxons(): boolean {
    return this.image.axons.some(({ profile }) => profile >= 0);
  }

  /** The compartments of a group. */
  #members(group: number): readonly Compartment[] {
    const first = this.#firstOf[group]!;
    return this.compartments.slice(first, first + this.image.groups[group]!.count);
  }

  // ---- Management ----

  replaceProduct(rule: number, index: number, product: ProductImage): void {
    this.#rules[rule]![index] = product;
  }

  setPostImpulse(group: number, trace: number, impulse: number, fraction: number): void {
    const parameters = this.#postParameters[group];
    if (parameters) parameters[trace] = { ...parameters[trace]!, impulse, fraction };
  }

  /** u, v and the refractory counter of each compartment of a group; gives the number of compartments. */
  resetGroup(group: number): number {
    const members = this.#members(group);
    for (const compartment of members) {
      compartment.u = 0n;
      compartment.v = 0n;
      compartment.refractory = 0;
    }
    return members.length;
  }

  // ---- Spiking phase ----

  beginStep(): void {
    this.work = idle();
    this.#epochStep++;
  }

  /** Updates the compartments in service order; children come before their parents. */
  updateCompartments(time: number, phase: number): void {
    this.image.groups.forEach((group, g) => {
      const first = this.#firstOf[g]!;
      let wrapped = false;
      for (let i = 0; i < group.count; i++) {
        const compartment = this.compartments[first + i]!;
        const weights = this.#accumulators.take(time, first + i);
        if (compartment.inactive && weights === 0n) continue;
        compartment.inactive = false;
        if (group.noise) this.tally.add(phase, 'randomDraws', 1);
        const report = updateCompartment(this.#chip.semantics, this.image, group, compartment, {
          weights,
          noise: group.noise ? noiseOf(this.#chip, this.image, group, i, time) : 0n,
          bias: typeof group.bias === 'number' ? group.bias : group.bias[i]!,
          popped: group.children.map((child) => this.compartments[this.#firstOf[child]! + i]!.pushed),
        });
        if (report.wrapped) wrapped = true;
        if (report.saturated) this.#statistics.voltageSaturations++;
        if (report.active) this.work.active++;
        if (compartment.spiked) {
          this.work.spikes++;
          this.#notePostSpike(g, i, time);
        }
      }
      if (wrapped) this.tally.add(phase, 'overflows', 1);
    });
    const count = this.compartments.length;
    this.#statistics.compartmentUpdates += count;
    this.tally.add(phase, 'compartmentUpdatesActive', this.work.active);
    this.tally.add(phase, 'compartmentUpdatesInactive', count - this.work.active);
    this.tally.add(phase, 'spikes', this.work.spikes);
  }

  /** A spike is a post spike of the own synapses, or of those of the children that ask for it. [HW 4.7] */
  #notePostSpike(g: number, i: number, time: number): void {
    if (!this.learning) return;
    const group = this.image.groups[g]!;
    const wanting = group.children.filter((child) => this.image.groups[child]!.postSpikes === 'parent');
    for (const noted of group.postSpikes === 'self' ? [g, ...wanting] : wanting) {
      const traces = this.#post[this.#firstOf[noted]! + i]!;
      if (traces.spikeStep > 0) this.#statistics.secondSpikes++;
      traces.note(this.#chip.semantics, this.#postParameters[noted]!, this.#epochStep, time);
    }
  }

  /** A message arrives at an input axon, or at the reward axon. */
  receive(axon: number | 'reward', time: number, phase: number): void {
    this.work.messagesIn++;
    this.tally.add(phase, 'inputAxonEvents', 1);
    if (axon === 'reward') {
      this.tally.add(phase, 'rewardSpikes', 1);
      if (this.learning) this.#reward.note(this.#epochStep);
      return;
    }
    this.#arrived.push(axon);
    const traces = this.#pre[axon]!;
    if (traces === null || !this.learning) return;
    if (traces.spikeStep > 0) this.#statistics.secondSpikes++;
    traces.note(this.#chip.semantics, this.#preParameters(axon), this.#epochStep, time);
  }

  #preParameters(axon: number): readonly TraceImage[] {
    return this.image.preTraceProfiles[this.image.axons[axon]!.profile]!;
  }

  /** Reads the synapses of all axons with a message; a weight without delay is due in step `arrival`. */
  readSynapses(arrival: number, phase: number): void {
    for (const axon of this.#arrived) {
      const { rows } = this.image.axons[axon]!;
      for (let k = 0; k < rows.length; k += 2) {
        const block = this.image.blocks[rows[k]!]!;
        const row = this.#synapses[rows[k]!]![rows[k + 1]!]!;
        const firstTarget = this.#firstOf[block.group]! + block.firstTarget;
        for (const { column, w, d } of row) {
          const weight = effectiveWeight(block, w);
          const due = arrival + (block.ignoresDelays ? 0 : Number(d));
          // A box begins at once and ends after the delay.
          if (block.box) this.#accumulators.add(arrival, firstTarget + column, weight);
          this.#accumulators.add(due, firstTarget + column, block.box ? -weight : weight);
        }
        this.work[block.operation] += row.length;
        this.tally.add(phase, OPERATIONS[block.operation], row.length);
      }
    }
    this.#arrived = [];
  }

  // ---- Learning phase ----

  /** Ends the step; at the end of an epoch it learns. Gives the synapses visited, by reading of [HW 8.1]. */
  endStep(time: number, learningPhase: number): Readonly<Record<ChipImage['visits'], number>> | undefined {
    if (this.#epochStep < this.image.epochSteps) return undefined;
    this.#epochStep = 0;
    this.#epochs++;
    const visits = this.learning ? this.#learn(time, learningPhase) : undefined;
    if (!this.learning && this.hasLearningAxons && this.#chip.semantics.pausedTraces === 'decay')
      this.#passEpoch(time, learningPhase);
    for (const traces of [...this.#pre, ...this.#post]) if (traces !== null) traces.spikeStep = 0;
    this.#reward.clear();
    return visits;
  }

  /** Variables that some rule of the core reads; traces that are not among them are not computed. */
  #readVariables(): ReadonlySet<string> {
    return new Set(
      this.#rules.flatMap((products) =>
        products.flatMap(({ factors }) => factors.map(({ variable }) => variable)),
      ),
    );
  }

  /** The traces of an epoch in which learning was off. */
  #passEpoch(time: number, phase: number): void {
    const { epochSteps, reward } = this.image;
    if (reward !== null) this.#reward.rebuild(this.#chip.semantics, reward, epochSteps, time);
    const read = this.#readVariables();
    const wanted = (...names: string[]): boolean[] => names.map((name) => read.has(name));
    this.#post.forEach((traces, i) => {
      if (traces === null) return;
      this.tally.add(phase, 'traceUpdates', traces.live(wanted('y1', 'y2', 'y3')));
      traces.rebuild(this.#postParameters[this.#groupOf[i]!]!, epochSteps, time);
    });
    this.#pre.forEach((traces, axon) => {
      if (traces === null) return;
      this.tally.add(phase, 'traceUpdates', traces.live(wanted('x1', 'x2')));
      traces.rebuild(this.#preParameters(axon), epochSteps, time);
    });
  }

  #learn(time: number, phase: number): Readonly<Record<ChipImage['visits'], number>> {
    const { epochSteps, reward } = this.image;
    if (reward !== null) this.#reward.rebuild(this.#chip.semantics, reward, epochSteps, time);
    const read = this.#readVariables();
    let traceUpdates = 0;
    const isPostSpike = this.#post.some((traces) => traces !== null && traces.spikeStep > 0);
    const postCourses = this.#post.map((traces, i) => {
      if (traces === null) return [];
      traceUpdates += traces.live(['y1', 'y2', 'y3'].map((name) => read.has(name)));
      return traces.rebuild(this.#postParameters[this.#groupOf[i]!]!, epochSteps, time);
    });
    let all = 0;
    let active = 0;
    let updates = 0;
    let clips = 0;
    this.#pre.forEach((traces, axon) => {
      if (traces === null) return;
      traceUpdates += traces.live(['x1', 'x2'].map((name) => read.has(name)));
      const pre = traces.rebuild(this.#preParameters(axon), epochSteps, time);
      const { rows } = this.image.axons[axon]!;
      for (let k = 0; k < rows.length; k += 2) {
        const block = this.image.blocks[rows[k]!]!;
        if (block.rule < 0) continue;
        const row = this.#synapses[rows[k]!]![rows[k + 1]!]!;
        const rowKey = subkey(
          subkey(streamKey(this.#chip.seed, 'rule', block.projection), time),
          block.rowElements[rows[k + 1]!]!,
        );
        all += row.length;
        if (traces.spikeStep > 0) active += row.length;
        for (const synapse of row) {
          const target = this.#firstOf[block.group]! + block.firstTarget + synapse.column;
          const epoch: Epoch = {
            steps: epochSteps,
            number: this.#epochs,
            preStep: traces.spikeStep,
            postStep: this.#post[target]!.spikeStep,
            pre,
            post: postCourses[target]!,
            r0: this.#reward.spikes > 0,
            r1: this.#reward.value,
          };
          const delayMax = block.ignoresDelays ? 2 ** DELAY_BITS - 1 : this.image.accumulators - 2;
          const products = this.#rules[block.rule]!;
          const update = applyRule(this.#chip.semantics, products, block, synapse, epoch, rowKey, delayMax);
          if (update.changed) updates++;
          if (update.clipped) clips++;
          if (update.saturated) this.#statistics.ruleSaturations++;
        }
      }
    });
    this.#statistics.synapseVisits += all;
    const visits = {
      allPlastic: all,
      activeAxons: active,
      allPlasticWithError: isPostSpike ? all : 0,
      activeAxonsWithError: isPostSpike ? active : 0,
    };
    this.tally.add(phase, 'learningEpochs', 1);
    this.tally.add(phase, 'synapseVisitsAllPlastic', visits.allPlastic);
    this.tally.add(phase, 'synapseVisitsActiveAxons', visits.activeAxons);
    this.tally.add(phase, 'synapseVisitsAllPlasticWithError', visits.allPlasticWithError);
    this.tally.add(phase, 'synapseVisitsActiveAxonsWithError', visits.activeAxonsWithError);
    this.tally.add(phase, 'synapticUpdates', updates);
    this.tally.add(phase, 'weightClips', clips);
    this.tally.add(phase, 'traceUpdates', traceUpdates);
    return visits;
  }

  // ---- What can be read ----

  /** Every register, by name; compartments with groups in order, synapses [row][column] by block. */
  registers(): Registers {
    const learning = this.#pre.filter((traces) => traces !== null);
    const post = (i: number): number[] => this.#post.map((traces) => traces?.values[i] ?? 0);
    const registers: Record<string, readonly number[]> = {
      u: this.compartments.map(({ u }) => Number(u)),
      v: this.compartments.map(({ v }) => Number(v)),
      refractory: this.compartments.map(({ refractory }) => refractory),
      spikes: this.compartments.map(({ spiked }) => (spiked ? 1 : 0)),
      accumulators: this.#accumulators.values(),
      tx: learning.map(({ spikeStep }) => spikeStep),
      x1: learning.map(({ values }) => values[0]!),
      x2: learning.map(({ values }) => values[1]!),
      ty: this.#post.map((traces) => traces?.spikeStep ?? 0),
      y1: post(0),
      y2: post(1),
      y3: post(2),
      r: [this.#reward.spikes, this.#reward.value],
      epoch: [this.#epochStep, this.#epochs],
    };
    this.#synapses.forEach((_, b) => {
      const isPlastic = this.image.blocks[b]!.rule >= 0;
      const { w, d, t } = isPlastic ? this.#variables(b) : this.#staticVariables[b]!;
      registers[`weights of block ${b}`] = w;
      registers[`delays of block ${b}`] = d;
      registers[`tags of block ${b}`] = t;
    });
    return registers;
  }

  /** w, d and t of a block's synapses, [row][synapse]. */
  #variables(block: number): Readonly<Record<'w' | 'd' | 't', readonly number[]>> {
    const variables = { w: [] as number[], d: [] as number[], t: [] as number[] };
    for (const row of this.#synapses[block]!) {
      for (const { w, d, t } of row) {
        variables.w.push(Number(w));
        variables.d.push(Number(d));
        variables.t.push(Number(t));
      }
    }
    return variables;
  }
}
