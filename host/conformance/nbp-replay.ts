// The two networks of recipe nbp on a machine, fed with the recorded order: what a recorded set is compared with.

import type { Chip } from '../chip/schema.ts';
import { compile } from '../compile/compile.ts';
import type { ImageSet } from '../data/dataset.ts';
import { EventList } from '../machine/event-list.ts';
import { Machine } from '../machine/machine.ts';
import type { Probe } from '../machine/probes.ts';
import type { Network } from '../network/network.ts';
import { NbpLesson, startChain } from '../recipes/nbp/recipe.ts';
import type { Settings } from '../recipes/nbp/settings.ts';
import { unitsOf } from '../recipes/nbp/synapse-classes.ts';
import { TEST, TRAIN } from '../recipes/nbp/timeline.ts';
import { MATRICES } from '../recipes/nbp/training-network.ts';
import { transposed, type Weights } from '../recipes/nbp/weights.ts';
import { Tally, type TallyCounts } from './nbp-tally.ts';

/** Shift from accumulator units to the current u. [HW 3.2] */
const UNIT = 64;
/** What the gate adds in the step in which a sum is read. */
const GATE = unitsOf('gate');
/** Phases in which the sums of hidden and output neurons arrive. */
const HIDDEN_PHASE = 2;
const OUTPUT_PHASE = 3;
/** End and step of the plastic weights' grid. */
const LEAST_WEIGHT = -256;
const STEP = 2;
const PROBE_BYTES = 8 * 2 ** 20;
/** A population has at most one slice on each of the chip's cores. */
const PROBE_RECORDS = 8192;

/** What a replay is asked to look at beside the weights. */
export interface Watch {
  readonly spikes: boolean;
  readonly sums: boolean;
}

/** A spike of the last sample: population in the network's order, phase, element. */
export type SpikeVisitor = (population: number, phase: number, element: number) => void;

/**
 * What -W2 is in a grid that ends at 254: a weight that was -256 once leaves its negative copy one step behind for
 * ever. Weights change by one step a sample, so the least one tells when the next can get there.
 */
class MinusW2 {
  readonly #machine: Machine;
  readonly #behind: Uint8Array;
  #wait = 1;

  constructor(machine: Machine) {
    this.#machine = machine;
    this.#behind = new Uint8Array(machine.weights.read(MATRICES.W2[0]).length);
  }

  /** Called after every sample. */
  follow(): void {
    if (--this.#wait > 0) return;
    const weights = this.#machine.weights.read(MATRICES.W2[0]);
    let least = 0;
    weights.forEach((weight, i) => {
      least = Math.min(least, weight);
      if (weight === LEAST_WEIGHT) this.#behind[i] = 1;
    });
    this.#wait = Math.max(1, (least - LEAST_WEIGHT) / STEP);
  }

  expected(w2: Int16Array, rows: number, columns: number): Int16Array {
    const negative = w2.map((weight, i) => -weight - (this.#behind[i] === 1 ? STEP : 0));
    return transposed(negative, rows, columns, 1);
  }
}

function openMachine(network: Network, chip: Chip): Machine {
  return new Machine(compile(network, chip).image, {
    probeBytes: PROBE_BYTES,
    probeRecords: PROBE_RECORDS,
  });
}

function lessonFor(set: ImageSet, weights: Weights, settings: Settings, outputs: number): NbpLesson {
  const task = { height: set.height, width: set.width, classes: outputs, seed: 0, trainingPresentations: 0 };
  return new NbpLesson(settings, task, weights);
}

/** The training network, sample by sample. */
export class TrainingReplay {
  readonly network: Network;
  readonly machine: Machine;
  readonly #lesson: NbpLesson;
  readonly #set: ImageSet;
  readonly #events: EventList;
  readonly #minusW2: MinusW2;
  #tally: Tally | undefined;
  #hidden: Probe | undefined;
  #output: Probe | undefined;

  constructor(
    set: ImageSet,
    weights: Weights,
    settings: Settings,
    chip: Chip,
    outputs: number,
    watch: Watch,
  ) {
    this.#set = set;
    this.#lesson = lessonFor(set, weights, settings, outputs);
    this.network = this.#lesson.network;
    this.machine = openMachine(this.network, chip);
    this.#events = new EventList(this.machine.image);
    this.#minusW2 = new MinusW2(this.machine);
    if (watch.spikes) this.#tally = new Tally(this.machine, this.network, TRAIN.steps);
    if (watch.sums) {
      this.#hidden = this.machine.probes.add('h1', 'u', TRAIN.steps);
      this.#output = this.machine.probes.add('o', 'u', TRAIN.steps);
    }
    startChain(TRAIN.chainStart)(this.#events);
    this.machine.present('prelude', this.#events);
    this.#tally?.note(this.#events);
    this.#tally?.begin();
    this.sums();
  }

  /** Presents an image of the set with a label. */
  present(image: number, label: number, visit?: SpikeVisitor): void {
    const { height, width, images } = this.#set;
    const pixels = height * width;
    this.#events.clear();
    const presentation = this.#lesson.train(
      this.#events,
      images.subarray(image * pixels, (image + 1) * pixels),
      label,
    );
    this.machine.present(presentation, this.#events);
    this.#tally?.note(this.#events, visit);
    this.#minusW2.follow();
  }

  /** Goes on without looking at spikes and sums. */
  unwatch(): void {
    this.#tally = undefined;
    this.#hidden = undefined;
    this.#output = undefined;
    this.machine.probes.clear();
  }

  /** What the transposed negative copy of these output weights must be: [output][hidden]. */
  minusTransposed(w2: Int16Array, hidden: number, outputs: number): Int16Array {
    return this.#minusW2.expected(w2, hidden, outputs);
  }

  /** Sums that arrived at `h1` and `o` in the last sample, in weight units, less the gate's. */
  sums(): { readonly hidden: Int32Array; readonly output: Int32Array } | undefined {
    if (this.#hidden === undefined || this.#output === undefined) return undefined;
    const units = (row: Int32Array): Int32Array => row.map((u) => u / UNIT - GATE);
    return {
      hidden: units(this.machine.probes.drain(this.#hidden)[HIDDEN_PHASE]!),
      output: units(this.machine.probes.drain(this.#output)[OUTPUT_PHASE]!),
    };
  }

  /** Spikes of a port in the last sample. */
  injected(port: string): number {
    return this.#events.countOf(port);
  }

  /** Events since sample 0. */
  counts(): TallyCounts {
    return this.#tally!.counts();
  }
}

/** The inference network with weights of its own, image by image. */
export class InferenceReplay {
  readonly network: Network;
  readonly #lesson: NbpLesson;
  readonly #set: ImageSet;
  readonly #machine: Machine;
  readonly #events: EventList;
  readonly #tally: Tally;
  readonly #output;

  constructor(set: ImageSet, weights: Weights, settings: Settings, chip: Chip, outputs: number) {
    this.#set = set;
    this.#lesson = lessonFor(set, weights, settings, outputs);
    this.network = this.#lesson.deployment.network;
    this.#machine = openMachine(this.network, chip);
    this.#events = new EventList(this.#machine.image);
    this.#tally = new Tally(this.#machine, this.network, TEST.steps);
    this.#output = this.#machine.probes.add('o', 'u', TEST.steps);
    startChain(TEST.chainStart)(this.#events);
    this.#machine.present('prelude', this.#events);
    this.#tally.note(this.#events);
    this.#tally.begin();
    this.#machine.probes.drain(this.#output);
  }

  /** Presents an image; returns the sums of the outputs, and calls `fired` for every output that spikes. */
  present(image: number, fired: (output: number) => void): Int32Array {
    const { height, width, images } = this.#set;
    const pixels = height * width;
    const outputs = this.network.populations.findIndex(({ name }) => name === 'o');
    this.#events.clear();
    const presentation = this.#lesson.test(
      this.#events,
      images.subarray(image * pixels, (image + 1) * pixels),
    );
    this.#machine.present(presentation, this.#events);
    this.#tally.note(this.#events, (population, _, element) => {
      if (population === outputs) fired(element);
    });
    return this.#machine.probes.drain(this.#output)[OUTPUT_PHASE]!.map((u) => u / UNIT - GATE);
  }

  /** Events since the first image. */
  counts(): TallyCounts {
    return this.#tally.counts();
  }
}
