// Evaluation of a snapshot: a copy of the chip, with learning off, or the network that the recipe deploys answers
// samples. The chip that is trained is not touched.

import type { ImageSet } from '../data/dataset.ts';
import type { ChipImage } from '../image/image.ts';
import { EventList } from '../machine/event-list.ts';
import { Machine } from '../machine/machine.ts';
import type { Probed } from '../machine/probes.ts';
import type { TimingMode } from '../machine/timing-mode.ts';
import { type Measurement, measure, since } from '../measure/measure.ts';
import type { Alignment, Lesson } from '../recipes/recipe.ts';
import { type Executor, executorOf, type Precision } from './executor.ts';
import { ReadoutProbe } from './readout-probe.ts';

/** Answers to a stretch of samples. */
export interface Evaluation {
  readonly count: number;
  readonly correct: number;
  readonly tied: number;
  /** Right answers by each of the other readouts. */
  readonly otherCorrect: Readonly<Record<string, number>>;
  /** Class, per sample. */
  readonly answers: Uint8Array;
  /** 1 where the answer was a tie. */
  readonly ties: Uint8Array;
  /** Null if no chip answered. */
  readonly measurement: Measurement | null;
  /** Spikes by layer, over all samples. */
  readonly layerSpikes: Readonly<Record<string, number>>;
}

/** Angle between a feedback matrix and the forward matrix it stands for, in degrees; NaN if one of them is 0. */
function angleDeg(machine: Executor, { forward, feedback, sign }: Alignment): number {
  const w = machine.weights.read(forward);
  const b = machine.weights.read(feedback);
  const { rows, columns } = machine.image.projections.find(({ name }) => name === forward)!;
  let dot = 0;
  let ww = 0;
  let bb = 0;
  for (let hidden = 0; hidden < rows; hidden++) {
    for (let output = 0; output < columns; output++) {
      const x = sign * w[hidden * columns + output]!;
      const y = b[output * rows + hidden]!;
      dot += x * y;
      ww += x * x;
      bb += y * y;
    }
  }
  // Rounding can bring the cosine of equal matrices a little above 1.
  return (Math.acos(Math.min(1, dot / Math.sqrt(ww * bb))) * 180) / Math.PI;
}

/** The images that an evaluation runs, and how their time is told. */
export interface ExamImages {
  /** The chip in training. */
  readonly trained: ChipImage;
  /** The network that the recipe deploys, if there is one. */
  readonly deployed?: ChipImage;
  readonly timing: TimingMode;
  /** Default chip. */
  readonly precision?: Precision;
}

/** A copy of the chip for evaluations; one per thread. */
export class Examiner {
  /** The chip in training, as of the last snapshot. */
  readonly #trained: Executor;
  /** The chip that answers: the same, or the deployed one. */
  readonly #machine: Executor;
  /** State of the deployed chip before it has its weights. */
  readonly #blank: Uint8Array | undefined;
  readonly #lesson: Lesson;
  readonly #events: EventList;
  readonly #readout: ReadoutProbe;
  readonly #otherReadouts: readonly ReadoutProbe[];
  readonly #layers: readonly {
    readonly name: string;
    readonly probes: readonly Probed[];
    readonly ports: readonly string[];
  }[];

  constructor({ trained, deployed, timing, precision = 'chip' }: ExamImages, lesson: Lesson) {
    this.#trained = executorOf(trained, precision, timing);
    this.#machine = deployed === undefined ? this.#trained : executorOf(deployed, precision, timing);
    if (deployed !== undefined) this.#blank = this.#machine.snapshot();
    this.#lesson = lesson;
    const { image } = this.#machine;
    this.#events = new EventList(image);
    this.#readout = new ReadoutProbe(this.#machine, lesson.readout, lesson.stepsPerTestSample);
    this.#otherReadouts = (lesson.otherReadouts ?? []).map(
      (readout) => new ReadoutProbe(this.#machine, readout, lesson.stepsPerTestSample),
    );
    const ports = new Set(image.ports.map(({ name }) => name));
    this.#layers = lesson.layers.map(({ name, populations }) => ({
      name,
      probes: populations
        .filter((item) => !ports.has(item))
        .map((item) => this.#machine.probes.add(item, 'spikeCounts')),
      ports: populations.filter((item) => ports.has(item)),
    }));
  }

  /** Takes over the state of the chip in training, or its weights. */
  load(snapshot: Uint8Array): void {
    this.#trained.restore(snapshot);
    if (this.#blank === undefined) return;
    this.#machine.restore(this.#blank);
    for (const [to, from] of Object.entries(this.#lesson.deployment!.weights))
      this.#machine.weights.write(to, this.#trained.weights.read(from));
  }

  /** Angles of the snapshot's feedback matrices, in degrees. */
  alignmentDeg(): Record<string, number> {
    return Object.fromEntries(
      this.#lesson.alignments.map((alignment) => [alignment.name, angleDeg(this.#trained, alignment)]),
    );
  }

  /** Weights of the snapshot, [from][to]. */
  weights(projection: string): Int16Array | Float64Array {
    return this.#trained.weights.read(projection);
  }

  /** Answers the samples start .. start + count - 1 of a set. */
  examine(set: ImageSet, start: number, count: number): Evaluation {
    const machine = this.#machine;
    const events = this.#events;
    for (const { presentation, fill } of this.#lesson.beforeTest) {
      events.clear();
      fill?.(events);
      machine.present(presentation, events);
    }
    for (const readout of [this.#readout, ...this.#otherReadouts]) readout.answer();
    for (const { probes } of this.#layers) for (const probe of probes) machine.probes.drainCounts(probe);
    const before = machine instanceof Machine ? measure(machine) : null;
    const answers = new Uint8Array(count);
    const ties = new Uint8Array(count);
    const pixels = set.height * set.width;
    const otherCorrect = Object.fromEntries(this.#otherReadouts.map(({ name }) => [name, 0]));
    let correct = 0;
    let tied = 0;
    const injected = new Map<string, number>(
      this.#layers.flatMap(({ ports }) => ports.map((port) => [port, 0] as const)),
    );
    for (let i = 0; i < count; i++) {
      const sample = start + i;
      events.clear();
      const presentation = this.#lesson.test(
        events,
        set.images.subarray(sample * pixels, (sample + 1) * pixels),
      );
      for (const port of injected.keys()) injected.set(port, injected.get(port)! + events.countOf(port));
      machine.present(presentation, events);
      const label = set.labels[sample];
      const { best, isTied } = this.#readout.answer();
      answers[i] = best;
      if (isTied) {
        ties[i] = 1;
        tied++;
      }
      if (best === label) correct++;
      for (const readout of this.#otherReadouts)
        if (readout.answer().best === label) otherCorrect[readout.name]!++;
    }
    const layerSpikes = Object.fromEntries(
      this.#layers.map(({ name, probes, ports }) => {
        const fired = probes.reduce(
          (sum, probe) => sum + machine.probes.drainCounts(probe).reduce((a, b) => a + b, 0),
          0,
        );
        return [name, fired + ports.reduce((sum, port) => sum + injected.get(port)!, 0)];
      }),
    );
    const measurement =
      before !== null && machine instanceof Machine ? since(before, measure(machine)) : null;
    return { count, correct, tied, otherCorrect, answers, ties, measurement, layerSpikes };
  }
}
