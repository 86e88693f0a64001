// One core of a shadow: what it does in each phase of a time step. [HW 6.4]

import type { AxonImage, BlockImage, ChipImage, CoreImage, EntryImage } from '../image/image.ts';
import { Compartments } from './compartments.ts';
import type { Group } from './group.ts';
import { Learning, Rule } from './learning.ts';
import { ProgramGroup } from './program.ts';
import type { Store } from './store.ts';
import { Synapses } from './synapses.ts';
import { drawsTags, TagDraws } from './tag-draws.ts';
import { TiedWeights, type WeightRange } from './tied.ts';
import { impulseOf, RewardTrace, TraceSet } from './traces.ts';

/** Width of the delay field. [HW 3.4] */
const DELAY_BITS = 6;

/** Places in the column of registers. */
const LEARNING = 0;
const EPOCH_STEP = 1;
const EPOCHS = 2;

/** An input axon: what a message to it does. */
interface Axon {
  /** Pairs of block and row. */
  readonly rows: Uint32Array;
  /** Pre traces, and the axon's place in them; null for a static axon. */
  readonly pre: { readonly traces: TraceSet; readonly element: number } | null;
}

/** What a rule leaves of a weight: its sign, and a range if the network limits it to less than its format has. [HW 3.3] */
function rangeOf({ bits, signMode, weightMin, weightMax }: BlockImage): WeightRange {
  const step = 2 ** (8 - bits + (signMode === 'mixed' ? 1 : 0));
  const most = Math.floor(255 / step) * step;
  const least = signMode === 'mixed' ? 256 : most;
  const isLimited = signMode === 'excitatory' ? weightMax < most : weightMin > -least;
  if (isLimited) return { low: weightMin, high: weightMax };
  return {
    low: signMode === 'excitatory' ? 0 : Number.NEGATIVE_INFINITY,
    high: signMode === 'inhibitory' ? 0 : Number.POSITIVE_INFINITY,
  };
}

export class ShadowCore {
  readonly image: CoreImage;
  readonly groups: readonly Group[];
  readonly synapses: readonly Synapses[];
  readonly #axons: readonly Axon[];
  readonly #pre: readonly TraceSet[];
  /** Of the groups at which synapses learn. */
  readonly #post: readonly (TraceSet | null)[];
  /** Of each group: those for which its spikes are post spikes. [HW 4.7] */
  readonly #noted: readonly (readonly TraceSet[])[];
  readonly #rules: readonly Rule[];
  readonly #learnings: readonly (Learning | null)[];
  readonly #tied: readonly TiedWeights[];
  readonly #reward: RewardTrace;
  readonly #registers: Float64Array;
  readonly #decaysPaused: boolean;

  constructor(store: Store, chip: ChipImage, image: CoreImage) {
    const { semantics } = chip;
    const { epochSteps } = image;
    this.image = image;
    this.#post = image.groups.map(({ postTraces, count }) =>
      postTraces === null ? null : new TraceSet(store, semantics, postTraces, count, epochSteps),
    );
    const groups: Group[] = [];
    image.groups.forEach((group, g) => {
      const { program } = group;
      groups.push(
        program === null
          ? new Compartments(store, chip, image, group, childrenOf(group.children, groups))
          : new ProgramGroup(store, chip.seed, image.accumulators, group, program, this.#post[g]!),
      );
    });
    this.groups = groups;
    this.synapses = image.blocks.map(
      (block) => new Synapses(store, block, groups[block.group]!.ports[block.port]!),
    );
    this.#pre = image.preTraceProfiles.map(
      (profile, p) => new TraceSet(store, semantics, profile, axonsOf(image, p).length, epochSteps),
    );
    this.#axons = image.axons.map((axon) => ({
      rows: axon.rows,
      pre:
        axon.profile < 0
          ? null
          : { traces: this.#pre[axon.profile]!, element: axonsOf(image, axon.profile).indexOf(axon) },
    }));
    this.#noted = image.groups.map(({ postSpikes, children }, g) =>
      [
        ...(postSpikes === 'self' ? [g] : []),
        ...children.filter((child) => image.groups[child]!.postSpikes === 'parent'),
      ].map((noted) => this.#post[noted]!),
    );
    this.#rules = image.rules.map((rule) => new Rule(store, rule));
    this.#learnings = this.synapses.map((synapses) => {
      const { rule, group, ignoresDelays } = synapses.image;
      if (rule < 0) return null;
      const delayMax = ignoresDelays ? 2 ** DELAY_BITS - 1 : image.accumulators - 2;
      const range = rangeOf(synapses.image);
      const draws = drawsTags(image.rules[rule]!.products) ? new TagDraws(chip.seed, synapses.image) : null;
      return new Learning(synapses, this.#rules[rule]!, this.#post[group]!, range, delayMax, draws);
    });
    this.#tied = this.synapses.flatMap(({ image: block, w }) =>
      block.tied === null ? [] : [new TiedWeights(block.tied, w, rangeOf(block))],
    );
    this.#reward = new RewardTrace(store, semantics, image.reward, epochSteps);
    this.#registers = store.column(3, [image.learning && this.#canLearn ? 1 : 0, 0, 0]);
    this.#decaysPaused = semantics.pausedTraces === 'decay';
  }

  get #canLearn(): boolean {
    return this.#axons.some(({ pre }) => pre !== null);
  }

  get #learns(): boolean {
    return this.#registers[LEARNING] !== 0;
  }

  /** Does what an entry of the schedule asks of this core. */
  manage(entry: Exclude<EntryImage, { kind: 'phase' }>): void {
    if (entry.kind === 'learning') this.#registers[LEARNING] = entry.on && this.#canLearn ? 1 : 0;
    else if (entry.kind === 'product') this.#rules[entry.rule]!.replace(entry.index, entry.product);
    else if (entry.kind === 'postImpulse') {
      const traces = this.#post[entry.group]!;
      if (traces !== null) traces.impulses[entry.trace] = impulseOf(entry);
    } else this.groups[entry.group]!.reset();
  }

  /** Children come before their parents. */
  updateCompartments(time: number): void {
    const step = ++this.#registers[EPOCH_STEP]!;
    this.groups.forEach((group, g) => {
      group.update(time);
      if (!this.#learns) return;
      for (const traces of this.#noted[g]!)
        for (let k = 0; k < group.postedCount; k++) traces.note(group.posted[k]!, step);
    });
  }

  /** A message arrives at an input axon; its weights are those from before the learning of this step. */
  receive(axon: number, time: number, payload: number): void {
    const { rows, pre } = this.#axons[axon]!;
    for (let k = 0; k < rows.length; k += 2) this.synapses[rows[k]!]!.deliver(rows[k + 1]!, time, payload);
    if (pre !== null && this.#learns) pre.traces.note(pre.element, this.#registers[EPOCH_STEP]!);
  }

  receiveReward(): void {
    if (this.#learns) this.#reward.note(this.#registers[EPOCH_STEP]!);
  }

  /** Ends the step; at the end of an epoch it learns. */
  endStep(time: number): void {
    const { epochSteps } = this.image;
    if (this.#registers[EPOCH_STEP]! < epochSteps) return;
    this.#registers[EPOCH_STEP] = 0;
    const number = ++this.#registers[EPOCHS]!;
    if (!this.#canLearn) return;
    if (this.#learns || this.#decaysPaused) this.#reward.advance();
    if (this.#learns) this.#learn(number, time);
    for (const traces of [...this.#pre, ...this.#post]) {
      if (traces === null) continue;
      if (this.#learns || this.#decaysPaused) traces.advance(epochSteps);
      traces.forget();
    }
    this.#reward.forget();
  }

  #learn(number: number, time: number): void {
    const epoch = { steps: this.image.epochSteps, number, time, reward: this.#reward };
    for (const tied of this.#tied) tied.keep();
    for (const { rows, pre } of this.#axons) {
      if (pre === null) continue;
      for (let k = 0; k < rows.length; k += 2)
        this.#learnings[rows[k]!]?.learn(rows[k + 1]!, pre.traces, pre.element, epoch);
    }
    for (const tied of this.#tied) tied.join();
  }
}

/** Groups that another one pops, which are of the fixed model as it is. */
function childrenOf(children: readonly number[], groups: readonly Group[]): Compartments[] {
  return children.map((child) => groups[child]!).filter((group) => group instanceof Compartments);
}

/** The axons of a pre-trace profile. */
function axonsOf({ axons }: CoreImage, profile: number): readonly AxonImage[] {
  return axons.filter((axon) => axon.profile === profile);
}
