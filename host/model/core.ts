// One core: its registers, and what it does in each phase of a time step. [HW 6.4]

import type {
  BlockImage,
  ChipImage,
  CoreImage,
  GroupImage,
  ProductImage,
  TraceImage,
} from '../image/image.ts';
import { type Compartment, restingCompartment, type UpdateReport, updateCompartment } from './compartment.ts';
import { noiseOf } from './noise.ts';
import { type EpochReport, OwnLearning } from './own-learning.ts';
import { hasPost, initialWords, type ProgramOutcome, runProgram } from './program.ts';
import { streamKey, subkey, word } from './random.ts';
import { applyRule, type Epoch } from './rule.ts';
import { Accumulators, effectiveWeight, type Synapse, synapsesOf } from './synapse.ts';
import { type Statistics, Tally } from './tally.ts';
import { groupsOf, join } from './tied.ts';
import { RewardTrace, Traces } from './trace.ts';
import { updateWideCompartment } from './wide-compartment.ts';
import { WideSynapses } from './wide-synapse.ts';

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
/** Synapses visited by a learning epoch, by reading of [HW 8.1]. */
type Visits = Readonly<Record<ChipImage['visits'], number>>;

function addVisits(visits: readonly Visits[]): Visits {
  const sum = (name: ChipImage['visits']): number => visits.reduce((total, each) => total + each[name], 0);
  return {
    allPlastic: sum('allPlastic'),
    activeAxons: sum('activeAxons'),
    allPlasticWithError: sum('allPlasticWithError'),
    activeAxonsWithError: sum('activeAxonsWithError'),
  };
}

/** Compartment `i` of a group before the first step. */
function startedCompartment({ start }: GroupImage, i: number, inactive: boolean): Compartment {
  return {
    ...restingCompartment(inactive),
    u: BigInt(start.u?.[i] ?? 0),
    v: BigInt(start.v?.[i] ?? 0),
    refractory: start.refractory?.[i] ?? 0,
  };
}

export class ModelCore {
  readonly image: CoreImage;
  readonly tally: Tally;
  readonly compartments: readonly Compartment[];
  work: StepWork = idle();
  /** Register: learning enabled. A core without synapses that learn has nothing to enable. */
  learning: boolean;
  readonly #chip: ChipImage;
  readonly #statistics: Statistics;
  /** Group of each compartment. */
  readonly #groupOf: readonly number[];
  /** First compartment of each group. */
  readonly #firstOf: readonly number[];
  /** By input port of the programs; the first port is that of every compartment. */
  readonly #accumulators: readonly Accumulators[];
  /** State words of each compartment's program. */
  readonly #words: bigint[][];
  /** What reached each wide compartment in the last step, in units of u. */
  readonly #inputs: bigint[];
  /** Of the wide blocks. */
  readonly #wide: readonly (WideSynapses | null)[];
  readonly #own: readonly (OwnLearning | null)[];
  /** [block][row][synapse]; a wide block has its own. */
  readonly #synapses: readonly (readonly (readonly Synapse[])[])[];
  /** Of the blocks as they were loaded, [block]: those that no rule changes stay so. */
  readonly #staticVariables: readonly Readonly<Record<'w' | 'd' | 't', readonly number[]>>[];
  /** Tied synapses, [block][group][synapse]. */
  readonly #tied: readonly (readonly (readonly Synapse[])[])[];
  readonly #rules: ProductImage[][];
  /** Of the learning axons; null for the static ones. */
  readonly #pre: readonly (Traces | null)[];
  /** Of the compartments at which synapses learn, or whose programs write traces. */
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
    this.compartments = this.#groupOf.map((g, i) =>
      startedCompartment(image.groups[g]!, i - this.#firstOf[g]!, inactive),
    );
    const ports = Math.max(1, ...image.groups.map(({ program }) => program?.ports ?? 1));
    this.#accumulators = Array.from(
      { length: ports },
      () => new Accumulators(image, this.compartments.length),
    );
    this.#words = image.groups.flatMap(({ program, count }) =>
      Array.from({ length: count }, (_, i) => (program === null ? [] : initialWords(program, i))),
    );
    this.#inputs = this.compartments.map(() => 0n);
    this.#wide = image.blocks.map((block) =>
      block.wide === null ? null : new WideSynapses(block, block.wide),
    );
    this.#own = image.blocks.map((block, b) => {
      const plastic = block.wide?.plastic ?? null;
      return plastic === null ? null : new OwnLearning(chip, block, plastic, this.#wide[b]!);
    });
    this.#synapses = image.blocks.map((block) => (block.wide === null ? synapsesOf(block) : []));
    this.#tied = image.blocks.map((block, b) => groupsOf(block, this.#synapses[b]!));
    this.#staticVariables = image.blocks.map((_, b) => this.#variables(b));
    this.#rules = image.rules.map(({ products }) => [...products]);
    this.#pre = image.axons.map(({ profile, source, element }) =>
      profile < 0 ? null : new Traces(streamKey(seed, 'preTrace', source, element), 2),
    );
    this.#post = image.groups.flatMap(({ postTraces, program, population, element, count }) =>
      Array.from({ length: count }, (_, i) =>
        postTraces === null && program === null
          ? null
          : new Traces(subkey(streamKey(seed, 'postTrace', population), element + i), 3),
      ),
    );
    this.#postParameters = image.groups.map(({ postTraces }) => postTraces && [...postTraces]);
    // Core classes are numbered in the order in which cores of them come.
    const classes = [...new Set(chip.cores.map(({ coreClass }) => coreClass))];
    this.#reward = new RewardTrace(streamKey(seed, 'reward', classes.indexOf(image.coreClass)));
    this.learning = image.learning && this.canLearn;
  }

  /** True if some of its synapses learn. */
  get canLearn(): boolean {
    return this.#hasLearningAxons || this.#own.some((own) => own !== null);
  }

  get #hasLearningAxons(): boolean {
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

  /**
   * u, v and the refractory counter of each compartment of a group to 0, or the state words of its program to where they
   * started; gives the number of registers or compartments.
   */
  resetGroup(group: number): number {
    const members = this.#members(group);
    const { program } = this.image.groups[group]!;
    if (program !== null) {
      members.forEach((_, i) => {
        this.#words[this.#firstOf[group]! + i] = initialWords(program, i);
      });
      return members.length * program.state.length;
    }
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

  /**
   * Updates the compartments in service order; children come before their parents.
   * @param after called after each group: what it sends by wire
   */
  updateCompartments(time: number, phase: number, after: (group: number) => void): void {
    this.image.groups.forEach((group, g) => {
      let wrapped = false;
      for (let i = 0; i < group.count; i++) {
        const report = this.#updateOne(g, i, time, phase);
        if (report === undefined) continue;
        if (report.wrapped) wrapped = true;
        if (report.saturated) this.#statistics.voltageSaturations++;
        if (report.active) this.work.active++;
        if (this.compartments[this.#firstOf[g]! + i]!.spiked) {
          this.work.spikes++;
          if (group.program === null || !hasPost(group.program)) this.#notePostSpike(g, i, time);
        }
      }
      if (wrapped) this.tally.add(phase, 'overflows', 1);
      after(g);
    });
    const count = this.compartments.length;
    this.#statistics.compartmentUpdates += count;
    this.tally.add(phase, 'compartmentUpdatesActive', this.work.active);
    this.tally.add(phase, 'compartmentUpdatesInactive', count - this.work.active);
    this.tally.add(phase, 'spikes', this.work.spikes);
  }

  /**
   * Compartment `i` of a group, by its program, by the arithmetic of its options, or as the chip does it. Nothing is done
   * to one that waits for its first input. [HW 1.2]
   */
  #updateOne(g: number, i: number, time: number, phase: number): UpdateReport | undefined {
    const group = this.image.groups[g]!;
    const place = this.#firstOf[g]! + i;
    const compartment = this.compartments[place]!;
    if (group.program !== null) {
      const key = subkey(streamKey(this.#chip.seed, 'program', group.population), time);
      const outcome = runProgram(group.program, group, i, this.#words[place]!, {
        ports: Array.from({ length: group.program.ports }, (_, port) =>
          this.#accumulators[port]!.take(time, place),
        ),
        time,
        random: (instruction) => word(subkey(key, instruction), group.element + i),
      });
      this.tally.add(phase, 'programInstructions', outcome.executed);
      this.tally.add(phase, 'randomDraws', outcome.drawn);
      this.#takeOutcome(g, i, time, outcome);
      return { active: true, wrapped: outcome.overflowed, saturated: false };
    }
    const weights = this.#accumulators[0]!.take(time, place);
    if (group.wide !== null) {
      const report = updateWideCompartment(this.#chip.semantics, group.wide, i, compartment, weights, time);
      this.#inputs[place] = report.input;
      return report;
    }
    if (compartment.inactive && weights === 0n) return undefined;
    compartment.inactive = false;
    if (group.noise) this.tally.add(phase, 'randomDraws', 1);
    return updateCompartment(this.#chip.semantics, this.image, group, compartment, {
      weights,
      noise: group.noise ? noiseOf(this.#chip, this.image, group, i, time) : 0n,
      bias: typeof group.bias === 'number' ? group.bias : group.bias[i]!,
      popped: group.children.map((child) => this.compartments[this.#firstOf[child]! + i]!.pushed),
    });
  }

  /** Spike, post spike and traces of a program. */
  #takeOutcome(g: number, i: number, time: number, { sent, posted, traces }: ProgramOutcome): void {
    const place = this.#firstOf[g]! + i;
    const compartment = this.compartments[place]!;
    compartment.spiked = sent !== undefined;
    compartment.payload = sent ?? 0n;
    traces.forEach((value, y) => {
      if (value !== undefined) this.#post[place]!.values[y] = value;
    });
    if (posted) this.#notePostSpike(g, i, time);
  }

  /** A value that a wire brings to a compartment in the step in which it was sent. */
  arrive(group: number, port: number, i: number, value: bigint, time: number): void {
    this.#accumulators[port]!.add(time, this.#firstOf[group]! + i, value);
  }

  /** The same for a third factor of a column of a wide block. */
  arriveFactor(block: number, trace: number, column: number, value: bigint): void {
    this.#own[block]!.deliver(trace, column, Number(value));
  }

  /** What compartment `i` of a group sends in this step; 0 = nothing. */
  sent(group: number, i: number): bigint {
    const { spiked, payload } = this.compartments[this.#firstOf[group]! + i]!;
    return spiked ? payload : 0n;
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

  /** A spike is a post spike of a column of a wide block. */
  notePost(block: number, column: number, time: number): void {
    this.#own[block]!.notePost(column, time, this.learning);
  }

  /** A message arrives at an input axon, or at the reward axon. */
  receive(axon: number | 'reward', payload: bigint, time: number, phase: number): void {
    this.work.messagesIn++;
    this.tally.add(phase, 'inputAxonEvents', 1);
    if (axon === 'reward') {
      this.tally.add(phase, 'rewardSpikes', 1);
      if (this.learning) this.#reward.note(this.#epochStep);
      return;
    }
    this.#arrived.push(axon);
    this.#receiveWide(axon, payload, time);
    const traces = this.#pre[axon]!;
    if (traces === null || !this.learning) return;
    if (traces.spikeStep > 0) this.#statistics.secondSpikes++;
    traces.note(this.#chip.semantics, this.#preParameters(axon), this.#epochStep, time);
  }

  /** Only wide blocks know what a spike carries; a graded 0 is like no spike. */
  #receiveWide(axon: number, payload: bigint, time: number): void {
    const { rows } = this.image.axons[axon]!;
    for (let k = 0; k < rows.length; k += 2) {
      const synapses = this.#wide[rows[k]!]!;
      if (synapses === null) continue;
      synapses.receive(rows[k + 1]!, payload, time);
      const own = this.#own[rows[k]!]!;
      if (own !== null && this.learning && synapses.value(payload) !== 0n)
        own.notePre(rows[k + 1]!, payload, time);
    }
  }

  #preParameters(axon: number): readonly TraceImage[] {
    return this.image.preTraceProfiles[this.image.axons[axon]!.profile]!;
  }

  /** Reads the synapses of all axons with a message; a weight without delay is due in step `arrival`. */
  readSynapses(arrival: number, phase: number, isLate: boolean): void {
    for (const axon of this.#arrived) {
      const { rows } = this.image.axons[axon]!;
      for (let k = 0; k < rows.length; k += 2) {
        const block = this.image.blocks[rows[k]!]!;
        if (block.wide !== null) continue;
        const row = this.#synapses[rows[k]!]![rows[k + 1]!]!;
        const accumulators = this.#accumulators[block.port]!;
        for (const { column, w, d } of row) {
          const weight = effectiveWeight(block, w);
          const target = this.#target(block) + column;
          const due = arrival + (block.ignoresDelays ? 0 : Number(d));
          // A box begins at once and ends after the delay.
          if (block.box) accumulators.add(arrival, target, weight);
          accumulators.add(due, target, block.box ? -weight : weight);
        }
        this.work[block.operation] += row.length;
        this.tally.add(phase, OPERATIONS[block.operation], row.length);
      }
    }
    this.#arrived = [];
    this.#readWide(isLate ? arrival : arrival - 1, phase, isLate);
  }

  /** Compartment at which column 0 of a block ends. */
  #target(block: BlockImage): number {
    return this.#firstOf[block.group]! + block.firstTarget;
  }

  #readWide(time: number, phase: number, isLate: boolean): void {
    this.image.blocks.forEach((block, b) => {
      const synapses = this.#wide[b]!;
      if (synapses === null) return;
      const { deliveries, operations } = isLate ? synapses.readLate(time) : synapses.readEarly(time);
      for (const delivery of deliveries)
        delivery.sums.forEach((sum, column) => {
          this.#accumulators[block.port]!.add(delivery.time, this.#target(block) + column, sum);
        });
      this.work[block.operation] += operations;
      this.tally.add(phase, OPERATIONS[block.operation], operations);
    });
  }

  // ---- Learning phase ----

  /** Ends the step; at the end of an epoch it learns. Gives the synapses visited, by reading of [HW 8.1]. */
  endStep(time: number, learningPhase: number): Visits {
    const visits = [this.#endOwn(time, learningPhase), this.#endEpoch(time, learningPhase)].flat();
    return addVisits(visits);
  }

  /** Blocks whose synapses learn with traces of their own, each with an epoch of its own. */
  #endOwn(time: number, phase: number): Visits[] {
    return this.#own.flatMap((own, b) => {
      const report = own?.endStep(time, this.learning);
      this.#wide[b]?.forget(time);
      return report === undefined ? [] : [this.#count(phase, report)];
    });
  }

  #endEpoch(time: number, learningPhase: number): Visits[] {
    if (this.#epochStep < this.image.epochSteps) return [];
    this.#epochStep = 0;
    this.#epochs++;
    const visits =
      this.learning && this.#hasLearningAxons ? [this.#count(learningPhase, this.#learn(time))] : [];
    if (!this.learning && this.#hasLearningAxons && this.#chip.semantics.pausedTraces === 'decay')
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
      const parameters = this.#postParameters[this.#groupOf[i]!]!;
      if (traces === null || parameters === null) return;
      this.tally.add(phase, 'traceUpdates', traces.live(wanted('y1', 'y2', 'y3')));
      traces.rebuild(parameters, epochSteps, time);
    });
    this.#pre.forEach((traces, axon) => {
      if (traces === null) return;
      this.tally.add(phase, 'traceUpdates', traces.live(wanted('x1', 'x2')));
      traces.rebuild(this.#preParameters(axon), epochSteps, time);
    });
  }

  #learn(time: number): EpochReport {
    const { epochSteps, reward } = this.image;
    if (reward !== null) this.#reward.rebuild(this.#chip.semantics, reward, epochSteps, time);
    const read = this.#readVariables();
    let traceUpdates = 0;
    const isPostSpike = this.#post.some((traces) => traces !== null && traces.spikeStep > 0);
    const postCourses = this.#post.map((traces, i) => {
      const parameters = this.#postParameters[this.#groupOf[i]!]!;
      if (traces === null || parameters === null) return [];
      traceUpdates += traces.live(['y1', 'y2', 'y3'].map((name) => read.has(name)));
      return traces.rebuild(parameters, epochSteps, time);
    });
    let all = 0;
    let active = 0;
    let updates = 0;
    let clips = 0;
    const before = this.#tied.map((groups) => groups.map((group) => group.map(({ w }) => w)));
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
    let joining = 0; // a read of every tied synapse, a write of every weight that they share
    this.#tied.forEach((groups, b) => {
      groups.forEach((group, g) => {
        if (join(this.image.blocks[b]!, group, before[b]![g]!)) clips++;
        joining += group.length + 1;
      });
    });
    return {
      all: all + joining,
      active: active === 0 ? 0 : active + joining,
      joining,
      isPostSpike,
      updates,
      clips,
      traceUpdates,
    };
  }

  /** Counts an epoch. Gives the synapses visited. */
  #count(phase: number, report: EpochReport): Visits {
    const { all, active, joining, isPostSpike, updates, clips, traceUpdates } = report;
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
    this.tally.add(phase, 'tiedVisits', joining);
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
      accumulators: this.#accumulators[0]!.values(0, this.compartments.length),
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
    this.image.groups.forEach((_, g) => {
      Object.assign(registers, this.#groupRegisters(g));
    });
    this.#synapses.forEach((_, b) => {
      const wide = this.#wide[b]!;
      if (wide !== null) {
        const isPlastic = this.#own[b] !== null;
        registers[`weights of block ${b}`] = isPlastic
          ? wide.weights.flat().map(Number)
          : this.#staticVariables[b]!.w;
        Object.assign(registers, this.#ownRegisters(b));
        return;
      }
      const isPlastic = this.image.blocks[b]!.rule >= 0;
      const { w, d, t } = isPlastic ? this.#variables(b) : this.#staticVariables[b]!;
      registers[`weights of block ${b}`] = w;
      registers[`delays of block ${b}`] = d;
      registers[`tags of block ${b}`] = t;
    });
    return registers;
  }

  /** What only groups with programs, and wide ones, have. */
  #groupRegisters(g: number): Record<string, readonly number[]> {
    const { count, program, wide } = this.image.groups[g]!;
    const first = this.#firstOf[g]!;
    const registers: Record<string, readonly number[]> = {};
    if (program === null && wide === null) return registers;
    registers[`payloads of group ${g}`] = this.#members(g).map(({ payload }) => Number(payload));
    if (wide !== null)
      registers[`inputs of group ${g}`] = this.#inputs.slice(first, first + count).map(Number);
    program?.state.forEach(({ name }, k) => {
      registers[`${name} of group ${g}`] = this.#words
        .slice(first, first + count)
        .map((words) => Number(words[k]));
    });
    for (let port = 1; port < (program?.ports ?? 1); port++)
      registers[`accumulators of port ${port} of group ${g}`] = this.#accumulators[port]!.values(
        first,
        count,
      );
    return registers;
  }

  /** What a wide block keeps to learn. */
  #ownRegisters(b: number): Record<string, readonly number[]> {
    const own = this.#own[b]!;
    if (own === null) return {};
    const traces = [...own.pre.values, ...own.post.values];
    return {
      [`tags of block ${b}`]: own.tags.flat().map(Number),
      [`delays of block ${b}`]: own.delays.flat().map(Number),
      [`tx of block ${b}`]: own.pre.spikeSteps,
      [`ty of block ${b}`]: own.post.spikeSteps,
      ...Object.fromEntries(['x1', 'x2', 'y1', 'y2', 'y3'].map((x, i) => [`${x} of block ${b}`, traces[i]!])),
    };
  }

  /** What a wide block delivered for a step, [column]. */
  tap(block: number, time: number): number[] {
    return this.#wide[block]!.tap(time).map(Number);
  }

  /** w, d and t of a block's synapses, [row][synapse]. */
  #variables(block: number): Readonly<Record<'w' | 'd' | 't', readonly number[]>> {
    const wide = this.#wide[block]!;
    if (wide !== null) return { w: wide.weights.flat().map(Number), d: [], t: [] };
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
